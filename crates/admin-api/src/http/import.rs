//! `POST /uploads/imports`: the file of an import. The same rules hold as for other files: the console's own pages, a content type that no
//! form has, a session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::import::{FILE_BYTES_MAX, SourceEncoding, UploadImport, UploadImportError, file_too_large};
use app::security;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::graphql::{self, Refusal};
use super::upload::{count, file_name, hear, not_taken, sender};
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// Where files of imports go.
pub const PATH: &str = "/uploads/imports";
/// The longest that one file may take to arrive and to be looked through.
const TIMEOUT: Duration = Duration::from_mins(5);

/// By which command, and how its text is encoded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    command: Uuid,
    #[serde(default)]
    encoding: Option<Encoding>,
}

#[derive(Clone, Copy, Deserialize)]
enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "cp932")]
    Cp932,
}

/// Takes one file.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    graphql::with_request_id(&api, TIMEOUT, |request_id| take(&api, request_id, peer, request)).await
}

/// Refuses every other method.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    graphql::refuse_other_than(&api, "POST", "files are taken by POST only").await
}

async fn take(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let (op, asked) = sender(api, request_id, &parts, peer, "import").await?;
    let of = Query::<Of>::try_from_uri(&parts.uri).map(|Query(of)| of);
    let of = of.map_err(|_| {
        let text = "say by which command the file comes, and its encoding as utf-8 or cp932, or not at all";
        Refusal::new(StatusCode::BAD_REQUEST, Code::Validation, text)
    })?;
    let name = file_name(&parts.headers)?;
    // Whoever has no right sends no fifty megabytes.
    if let Err(refused) = op.require(domain::staff::Permission::ImportDeclarations) {
        return security::asked(asked, async { Err(graphql::no_right(api, &op, refused).await) }).await;
    }
    count(api, &op).await?;
    let Some(bytes) = hear(&parts.headers, body, FILE_BYTES_MAX).await? else {
        return Ok(not_taken(StatusCode::PAYLOAD_TOO_LARGE, &file_too_large()));
    };
    let encoding = of.encoding.map(|encoding| match encoding {
        Encoding::Utf8 => SourceEncoding::Utf8,
        Encoding::Cp932 => SourceEncoding::Cp932,
    });
    let upload = UploadImport {
        command_id: of.command,
        name,
        bytes,
        encoding,
    };
    security::asked(asked, async {
        match api.app.upload_import(&op, upload).await {
            Ok(id) => Ok(axum::Json(json!({ "import": { "id": id.to_string() } })).into_response()),
            Err(UploadImportError::Invalid(problem)) => {
                Ok(not_taken(StatusCode::UNPROCESSABLE_ENTITY, &problem))
            }
            Err(UploadImportError::Forbidden(refused)) => Err(graphql::no_right(api, &op, refused).await),
            Err(UploadImportError::Internal(error)) => {
                log_chain(request_id, &error);
                Err(Refusal::internal())
            }
        }
    })
    .await
}

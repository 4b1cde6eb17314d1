//! `POST /uploads`: a file, before the change that it belongs to. The same rules hold as for `POST /graphql`: the console's own pages, a
//! content type that no form has, a session; a link or a form of a foreign page gets nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::attachment::{Upload, UploadError, UploadFor};
use app::security::{self, Asked};
use app::{InputProblem, OpContext};
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::DeclarationId;
use domain::attachment::{FileProblem, LARGEST};
use futures::StreamExt as _;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::graphql::{self, Refusal};
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// Where files go.
pub const UPLOAD_PATH: &str = "/uploads";
/// The longest that one file may take to arrive.
const TIMEOUT: Duration = Duration::from_mins(2);
/// Bytes that are heard at most, far more than are taken.
const HEARD_MOST: usize = 100 * 1024 * 1024;
/// The name of the file, as UTF-8 with percent signs: names are personal, so they stand in no address.
const NAME: &str = "x-file-name";

/// For which record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    declaration: Option<Uuid>,
    command: Option<Uuid>,
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
    let (op, asked) = sender(api, request_id, &parts, peer, "upload").await?;
    let (of, name) = question(&parts.uri, &parts.headers)?;
    count(api, &op).await?;
    let Some(bytes) = hear(&parts.headers, body, LARGEST).await? else {
        let problem = FileProblem::TooLarge;
        let problem = InputProblem::new("attachments", problem.code(), problem.japanese());
        return Ok(not_taken(StatusCode::PAYLOAD_TOO_LARGE, &problem));
    };
    security::asked(asked, async {
        match api.app.upload(&op, Upload { of, name, bytes }).await {
            Ok(file) => {
                let file = json!({ "id": file.id, "kind": file.kind, "size": file.size });
                Ok(axum::Json(json!({ "file": file })).into_response())
            }
            Err(UploadError::Invalid(problem)) => Ok(not_taken(StatusCode::UNPROCESSABLE_ENTITY, &problem)),
            Err(UploadError::Forbidden(refused)) => Err(graphql::no_right(api, &op, refused).await),
            Err(UploadError::NotFound(_)) => Err(bad("there is no such declaration")),
            Err(UploadError::TooMany) => {
                let text = "too many files of this account wait for their changes";
                Err(Refusal::too_many(Duration::from_hours(1), text))
            }
            Err(UploadError::Internal(error)) => {
                log_chain(request_id, &error);
                Err(Refusal::internal())
            }
        }
    })
    .await
}

/// Whoever sends a file: from a page of ours, signed in, and not by a form.
pub(super) async fn sender(
    api: &AdminApi,
    request_id: Uuid,
    parts: &Parts,
    peer: SocketAddr,
    purpose: &'static str,
) -> Result<(OpContext, Asked), Refusal> {
    graphql::check_own_page(api, &parts.headers)?;
    check_type(&parts.headers)?;
    graphql::signed_in(api, request_id, &parts.headers, peer.ip(), purpose).await
}

/// Counts a file of an account; too many within an hour are refused before they are heard.
pub(super) async fn count(api: &AdminApi, op: &OpContext) -> Result<(), Refusal> {
    match op.staff_id() {
        Some(id) => graphql::held_back(api, api.account_rates.take_upload(id), "upload", id).await,
        None => Ok(()),
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (Some(kind), None) if kind.as_bytes() == b"application/octet-stream" => Ok(()),
        _ => {
            let text = "the content type must be application/octet-stream";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(Refusal::new(status, Code::UnsupportedMediaType, text))
        }
    }
}

fn question(uri: &axum::http::Uri, headers: &HeaderMap) -> Result<(UploadFor, String), Refusal> {
    let of = Query::<Of>::try_from_uri(uri).map(|Query(of)| of);
    let of = match of.map(|of| (of.declaration, of.command)) {
        Ok((Some(id), None)) => UploadFor::Declaration(DeclarationId::new(id)),
        Ok((None, Some(id))) => UploadFor::NewDeclaration(id),
        _ => {
            return Err(bad(
                "say for which declaration, or for which command, the file is",
            ));
        }
    };
    Ok((of, file_name(headers)?))
}

/// What a file is called.
pub(super) fn file_name(headers: &HeaderMap) -> Result<String, Refusal> {
    let name = headers.get(NAME).and_then(|value| value.to_str().ok());
    let name = name.and_then(unescaped);
    name.ok_or_else(|| bad("x-file-name must be the name of the file, escaped by percent signs"))
}

/// What stands behind percent signs, where it is UTF-8.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            let mut one = [0];
            hex::decode_to_slice(pair, &mut one).ok()?;
            bytes.extend(one);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The bytes; `None` for more than `largest`; refused when the line breaks. What is too much is heard to its end, within bounds, and thrown away: a browser that is cut off
/// while it sends sees a broken line and not the sentence.
pub(super) async fn hear(
    headers: &HeaderMap,
    body: Body,
    largest: usize,
) -> Result<Option<Vec<u8>>, Refusal> {
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let said = said.and_then(|said| said.parse::<usize>().ok());
    let mut bytes = Vec::with_capacity(said.unwrap_or_default().min(largest));
    let (mut heard, mut chunks) = (0, body.into_data_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| bad("the file did not arrive whole"))?;
        heard += chunk.len();
        if heard <= largest {
            bytes.extend_from_slice(&chunk);
        } else if heard > HEARD_MOST {
            return Ok(None);
        } else {
            bytes = Vec::new();
        }
    }
    Ok((heard <= largest).then_some(bytes))
}

fn bad(text: &'static str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Code::Validation, text)
}

/// What is wrong with a file stands beside its field, so it has the shape of every other problem.
pub(super) fn not_taken(status: StatusCode, problem: &InputProblem) -> Response {
    let problem = json!({ "field": problem.field, "code": problem.code, "message": problem.message });
    (status, axum::Json(json!({ "problem": problem }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn a_name_is_read_from_behind_its_percent_signs() {
        assert_eq!(unescaped("%E7%99%BB%E8%A8%98.pdf").as_deref(), Some("登記.pdf"));
        for text in ["%", "%4", "%zz", "%ff%fe"] {
            assert_eq!(unescaped(text), None, "{text}");
        }
    }
}

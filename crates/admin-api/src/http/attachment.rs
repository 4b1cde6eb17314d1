//! `GET /attachments/ID`: a file of a change, for whoever may see what is personal. That it was taken is on record before its first byte,
//! and it opens in no page of ours: it is always saved, and nothing in it may run.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use app::OpContext;
use app::attachment::{Download, DownloadError};
use app::security;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::AttachmentId;
use uuid::Uuid;

use super::graphql::{self, Refusal};
use super::outgoing::while_allowed;
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// Where files are.
pub const ATTACHMENT_PATH: &str = "/attachments/{id}";
/// The longest until the first byte.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What a browser may do with it: nothing.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Gives one file.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (api, headers) = (&api, &headers);
    graphql::with_request_id(api, TIMEOUT, |request_id| async move {
        graphql::check_own_page(api, headers)?;
        let peer = peer.ip();
        let (op, asked) = graphql::signed_in(api, request_id, headers, peer, "console:attachment").await?;
        security::asked(asked, give(api, request_id, op, &id)).await
    })
    .await
}

/// Refuses every other method.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    graphql::refuse_other_than(&api, "GET", "files are given by GET only").await
}

async fn give(api: &Arc<AdminApi>, request_id: Uuid, op: OpContext, id: &str) -> Result<Response, Refusal> {
    let Ok(id) = id.parse::<AttachmentId>() else {
        return Err(missing());
    };
    let found = match api.app.download(&op, id).await {
        Ok(found) => found,
        Err(DownloadError::Forbidden(refused)) => return Err(graphql::no_right(api, &op, refused).await),
        Err(DownloadError::NotFound(_)) => return Err(missing()),
        Err(DownloadError::Forgotten(_)) => {
            let text = "the file was forgotten with the free text of its record";
            return Err(Refusal::new(StatusCode::GONE, Code::Validation, text));
        }
        Err(error @ (DownloadError::Damaged(_) | DownloadError::Internal(_))) => {
            log_chain(request_id, &error);
            return Err(Refusal::internal());
        }
    };
    if let Some(staff) = op.staff_id() {
        let taken = api.account_rates.take_personal(staff, NonZeroU32::MIN);
        graphql::held_back(api, taken, "personal", staff).await?;
    }
    // Nobody has it before it is on record who took it.
    api.app.record_reads(&op).await.map_err(|error| {
        log_chain(request_id, &error);
        Refusal::internal()
    })?;
    let body = Body::from(found.bytes.to_vec());
    Ok(respond(
        &found,
        while_allowed(Arc::clone(&api.app), Arc::new(op), body),
    ))
}

fn respond(found: &Download, body: Body) -> Response {
    // Ours, and ASCII.
    let disposition = HeaderValue::from_str(&disposition(&found.name))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(found.kind.content_type())),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
    ];
    (headers, body).into_response()
}

/// RFC 6266, with every byte of the name escaped that has a meaning of its own.
pub(super) fn disposition(name: &str) -> String {
    let mut text = "attachment; filename*=UTF-8''".to_owned();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

fn missing() -> Refusal {
    let text = "there is no such file";
    Refusal::new(StatusCode::NOT_FOUND, Code::Validation, text)
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_end_its_header() {
        assert_eq!(
            disposition("登 \"a\"\r\n;.pdf"),
            "attachment; filename*=UTF-8''%E7%99%BB%20%22a%22%0D%0A%3B.pdf"
        );
    }
}

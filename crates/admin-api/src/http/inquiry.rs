//! `GET /inquiries/files/MESSAGE/INDEX` and `GET /inquiries/html/MESSAGE`: what came with a message, for whoever may see persons. That it
//! was taken is on record before its first byte. A file is always saved and never opens in a page of ours; HTML is for a frame without
//! rights, in which nothing runs, loads, or leads anywhere.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use app::OpContext;
use app::inquiry::InquiryFileError;
use app::security;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::IncomingMailId;
use uuid::Uuid;

use super::attachment::disposition;
use super::graphql::{self, Refusal};
use super::outgoing::while_allowed;
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// Where files of messages are.
pub const FILE_PATH: &str = "/inquiries/files/{message}/{index}";
/// Where the HTML of messages is.
pub const HTML_PATH: &str = "/inquiries/html/{message}";
/// The longest until the first byte: a scanner may look into it first.
const TIMEOUT: Duration = Duration::from_secs(40);
/// What a browser may do with a file: nothing.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// What a browser may do with the HTML of a stranger: show it in a frame of our own, in the one style that is written here.
const HTML_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/// The words as they are, and behind each link where it would lead: what looks like one address may be another.
const STYLE: &str = "body{font:15px/1.7 system-ui,sans-serif;margin:12px;color:#1c1c1a;background:#fff;overflow-wrap:anywhere}\
     table{border-collapse:collapse}td,th{padding:2px 6px;vertical-align:top}blockquote{margin:0 0 0 12px;padding-left:12px;\
     border-left:3px solid #bbb}pre{white-space:pre-wrap}a{text-decoration:underline}\
     a::after{content:\" <\" attr(data-address) \">\";font-size:12px;color:#555}";

/// Gives one file of a message.
pub async fn serve_file(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((message, index)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (api, headers) = (&api, &headers);
    graphql::with_request_id(api, TIMEOUT, |request_id| async move {
        graphql::check_own_page(api, headers)?;
        let (op, asked) =
            graphql::signed_in(api, request_id, headers, peer.ip(), "console:inquiry-file").await?;
        security::asked(asked, give_file(api, request_id, op, &message, &index)).await
    })
    .await
}

/// Gives the HTML of a message.
pub async fn serve_html(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(message): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (api, headers) = (&api, &headers);
    graphql::with_request_id(api, TIMEOUT, |request_id| async move {
        graphql::check_own_page(api, headers)?;
        let (op, asked) =
            graphql::signed_in(api, request_id, headers, peer.ip(), "console:inquiry-html").await?;
        security::asked(asked, give_html(api, request_id, op, &message)).await
    })
    .await
}

/// Refuses every other method.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    graphql::refuse_other_than(&api, "GET", "files are given by GET only").await
}

async fn give_file(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    op: OpContext,
    message: &str,
    index: &str,
) -> Result<Response, Refusal> {
    let (Ok(message), Ok(index)) = (message.parse::<IncomingMailId>(), index.parse()) else {
        return Err(missing());
    };
    let file = match api.app.inquiry_file(&op, message, index).await {
        Ok(file) => file,
        Err(error) => return Err(refused(api, request_id, &op, error).await),
    };
    noted(api, request_id, &op).await?;
    // Ours, and ASCII.
    let name = if file.name.is_empty() { "file" } else { &file.name };
    let disposition =
        HeaderValue::from_str(&disposition(name)).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        // What its sender says that it is may be anything.
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
    ];
    let body = while_allowed(Arc::clone(&api.app), Arc::new(op), Body::from(file.bytes));
    Ok((headers, body).into_response())
}

async fn give_html(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    op: OpContext,
    message: &str,
) -> Result<Response, Refusal> {
    let Ok(message) = message.parse::<IncomingMailId>() else {
        return Err(missing());
    };
    let html = match api.app.inquiry_html(&op, message).await {
        Ok(html) => html,
        Err(error) => return Err(refused(api, request_id, &op, error).await),
    };
    noted(api, request_id, &op).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(HTML_POLICY)),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    let body = Body::from(page(html.reveal()));
    let body = while_allowed(Arc::clone(&api.app), Arc::new(op), body);
    Ok((headers, body).into_response())
}

/// A page of clean HTML, in which no link leads anywhere: `href` begins every link as the cleaner writes it, and nothing else can look
/// like that, for it writes every `<` of a text as `&lt;`.
fn page(clean: &str) -> String {
    let body = clean.replace("<a href=\"", "<a data-address=\"");
    format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>mail</title><style>{STYLE}</style></head>\
         <body>{body}</body></html>"
    )
}

/// Nobody has it before it is on record who took it.
async fn noted(api: &Arc<AdminApi>, request_id: Uuid, op: &OpContext) -> Result<(), Refusal> {
    if let Some(staff) = op.staff_id() {
        let taken = api.account_rates.take_personal(staff, NonZeroU32::MIN);
        graphql::held_back(api, taken, "personal", staff).await?;
    }
    api.app.record_reads(op).await.map_err(|error| {
        log_chain(request_id, &error);
        Refusal::internal()
    })
}

async fn refused(api: &Arc<AdminApi>, request_id: Uuid, op: &OpContext, error: InquiryFileError) -> Refusal {
    let unprocessable =
        |text: &'static str| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, Code::Validation, text);
    match error {
        InquiryFileError::Forbidden(refused) => graphql::no_right(api, op, refused).await,
        InquiryFileError::NotFound => missing(),
        InquiryFileError::Forgotten => Refusal::new(
            StatusCode::GONE,
            Code::Validation,
            "the message was forgotten, and what came with it",
        ),
        InquiryFileError::Quarantined(_) => {
            unprocessable("the file is a program or can run one: it is kept in quarantine")
                .because("file_quarantined")
        }
        InquiryFileError::TooLarge => {
            unprocessable("the file is larger than what is handed out").because("file_too_large")
        }
        InquiryFileError::Infected(_) => {
            unprocessable("the scanner of files found something harmful: the file is kept back")
                .because("file_infected")
        }
        InquiryFileError::Scanner(fault) => {
            log_chain(request_id, &fault);
            Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Code::Timeout,
                "the scanner of files does not answer: try again in a moment",
            )
            .because("scanner_unavailable")
        }
        InquiryFileError::Internal(error) => {
            log_chain(request_id, &error);
            Refusal::internal()
        }
    }
}

fn missing() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, Code::Validation, "there is no such file")
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn no_link_leads_anywhere_and_each_says_where_it_would() {
        let page = page("<p>a &lt;a href=\"x\"</p><a href=\"https://example.jp/\" rel=\"nofollow\">b</a>");
        assert!(!page.contains("<a href"), "{page}");
        assert!(page.contains("<a data-address=\"https://example.jp/\""), "{page}");
    }
}

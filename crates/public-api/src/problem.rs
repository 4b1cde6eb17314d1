//! What went wrong, as RFC 9457 has it: a stable code, a title in English, and a sentence in Japanese that says what to do.

use std::any::Any;
use std::time::Duration;

use app::InputProblem;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// Something that went wrong.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    fields: Vec<InputProblem>,
    retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// There is no such address.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address",
            "このアドレスには何もありません。/api/v1/openapi.jsonを確かめてください。",
        )
    }

    /// The address takes another method.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This address takes another method",
            "このアドレスでは使えないメソッドです。/api/v1/openapi.jsonを確かめてください。",
        )
    }

    /// The body is not JSON by its type.
    pub fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The content type must be application/json",
            "Content-Typeをapplication/jsonにしてください。",
        )
    }

    /// The body is no question. Where it stops to be one, without what stands there.
    pub fn unreadable(error: &serde_json::Error) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            "The body is not a question",
            format!(
                "本文の{}行{}文字目を読み取れません。項目の名前と形を/api/v1/openapi.jsonで確かめてください。",
                error.line(),
                error.column()
            ),
        )
    }

    /// The body did not arrive whole.
    pub fn cut_off() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            "The body did not arrive whole",
            "本文が最後まで届きませんでした。もう一度送ってください。",
        )
    }

    /// The body has more bytes than are taken.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The body is larger than 8 MiB",
            "本文が8MBを超えています。行を分けて照会してください。",
        )
    }

    /// No token, or none that is good.
    pub fn bad_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "A good token is needed",
            "トークンがないか、期限が切れているか、取り消されています。事務局に確かめてください。",
        )
    }

    /// The token is good for something else.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The token is not good for this",
            "このトークンでは照会できません。「宣言状況の照会」ができるトークンを、事務局に依頼してください。",
        )
    }

    /// The token asked too often, or about too many rows.
    pub fn too_many(wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limited",
                "Too much was asked with this token",
                format!(
                    "このトークンでの照会が続いています。{seconds}秒たってから、もう一度送ってください。"
                ),
            )
        }
    }

    /// The question as a whole cannot be taken.
    pub fn invalid(problem: InputProblem) -> Self {
        Self {
            detail: problem.message.clone(),
            fields: vec![problem],
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "The question cannot be taken",
                "",
            )
        }
    }

    /// The answer took too long.
    pub fn timeout() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "The answer took too long",
            "時間内に答えられませんでした。行を減らして、もう一度送ってください。",
        )
    }

    /// A fault of ours.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
            "こちらの不具合で答えられませんでした。しばらくしてから、もう一度送ってください。",
        )
    }

    /// The answer under the id of the request, which the log has, too.
    pub fn under(self, request_id: Uuid) -> Response {
        self.respond(Some(request_id))
    }

    /// The answer to what never became a request.
    pub fn bare(self) -> Response {
        self.respond(None)
    }

    fn respond(self, request_id: Option<Uuid>) -> Response {
        let mut body = json!({
            "type": format!("urn:sengen:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(id) = request_id {
            body["instance"] = Value::from(format!("urn:uuid:{id}"));
        }
        if !self.fields.is_empty() {
            let field =
                |it: &InputProblem| json!({ "field": it.field, "code": it.code, "message": it.message });
            body["problems"] = self.fields.iter().map(field).collect();
        }
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(CONTENT_TYPE, kind)], body.to_string()).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A panic is a fault of ours like any other; what it said is on standard error.
pub fn of_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal().bare()
}

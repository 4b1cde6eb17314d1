//! What all operations share: the id of a request, its time, its body.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use futures::{FutureExt as _, StreamExt as _};
use uuid::Uuid;

use crate::PublicApi;
use crate::problem::Problem;

/// The longest that a request may take, from its first byte to its answer.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Bytes that are heard at most, far more than are taken: whoever is cut off while sending sees a broken line and not the sentence.
const HEARD_MOST: usize = 64 * 1024 * 1024;

/// Answers under a fresh id, which stands in the header, in every problem and in the log.
pub async fn answered<F: Future<Output = Result<Response, Problem>>>(
    api: &Arc<PublicApi>,
    answer: impl FnOnce(Uuid) -> F,
) -> Response {
    let request_id = match api.app.new_id() {
        Ok(id) => id,
        Err(error) => {
            log_chain(Uuid::nil(), &error);
            return Problem::internal().bare();
        }
    };
    let answered = AssertUnwindSafe(tokio::time::timeout(TIMEOUT, answer(request_id)))
        .catch_unwind()
        .await;
    let mut response = match answered {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(problem))) => problem.under(request_id),
        Ok(Err(_)) => {
            tracing::warn!(%request_id, "request {request_id} timed out");
            Problem::timeout().under(request_id)
        }
        Err(_) => {
            tracing::error!(%request_id, "request {request_id} failed: a panic, see standard error");
            Problem::internal().under(request_id)
        }
    };
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Exactly `application/json`, with `charset=utf-8` at most.
pub fn check_json(headers: &HeaderMap) -> Result<(), Problem> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else {
        return Err(Problem::not_json());
    };
    let mut parts = kind.to_str().unwrap_or_default().split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    if is_json && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8")) {
        Ok(())
    } else {
        Err(Problem::not_json())
    }
}

/// The bytes of a body, at most so many. What is too much is heard to its end, within bounds, and thrown away.
pub async fn hear(headers: &HeaderMap, body: Body, largest: usize) -> Result<Vec<u8>, Problem> {
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let said = said.and_then(|said| said.parse::<usize>().ok());
    let mut bytes = Vec::with_capacity(said.unwrap_or_default().min(largest));
    let (mut heard, mut chunks) = (0_usize, body.into_data_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::cut_off())?;
        heard = heard.saturating_add(chunk.len());
        if heard <= largest {
            bytes.extend_from_slice(&chunk);
        } else if heard > HEARD_MOST {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if heard <= largest {
        Ok(bytes)
    } else {
        Err(Problem::too_large())
    }
}

/// Writes an error and its causes to the log, once.
pub fn log_chain(request_id: Uuid, error: &(dyn std::error::Error + 'static)) {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain.push_str(": ");
        chain.push_str(&inner.to_string());
        cause = inner.source();
    }
    tracing::error!(%request_id, error = chain, "request {request_id} failed");
}

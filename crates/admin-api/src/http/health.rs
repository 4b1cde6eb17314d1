//! Whether the process lives, and whether it can do its work: for whoever watches it, so without a session.

use std::sync::Arc;

use app::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;

/// It answers, so it lives.
pub async fn livez() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// 200 `ok`, or 503 with the reason in a sentence.
pub async fn readyz(State(app): State<Arc<App>>) -> impl IntoResponse {
    let (status, text) = match app.readiness().await {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(unready) => (StatusCode::SERVICE_UNAVAILABLE, format!("{unready}\n")),
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}

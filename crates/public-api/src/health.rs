//! Whether the process lives, and whether it can do its work. Why it cannot is for its operators, who ask the other listener.

use std::sync::Arc;

use app::App;
use axum::extract::State;
use axum::http::StatusCode;

/// It answers, so it lives.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// 200 or 503.
pub async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match app.readiness().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

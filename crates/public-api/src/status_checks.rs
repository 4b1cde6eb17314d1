//! `POST /api/v1/status-checks`: where declarations stand on a day, by their numbers.

use std::net::SocketAddr;
use std::sync::Arc;

use app::security::{self, Asked};
use app::status_check::{CheckStatus, CheckStatusError, Question, ReportJson};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use domain::staff::SecurityKind;
use uuid::Uuid;

use crate::PublicApi;
use crate::bearer::{bearer, held_back};
use crate::problem::Problem;
use crate::request::{answered, check_json, hear, log_chain};

/// Where it is.
pub const PATH: &str = "/api/v1/status-checks";
/// Bytes of a question: of ten thousand rows with the longest names.
const BODY: usize = 8 * 1024 * 1024;

/// Answers a question.
pub async fn serve(
    State(api): State<Arc<PublicApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    answered(&api, |request_id| check(&api, request_id, peer, request)).await
}

async fn check(
    api: &Arc<PublicApi>,
    request_id: Uuid,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let mut asked = Asked {
        address: (api.client)(peer.ip(), &parts.headers),
        request_id,
        actor: None,
    };
    // Who asks is known before anything of what they send is read.
    let bearer = bearer(api, &parts.headers, request_id, "token:StatusChecks");
    let (token, op) = security::asked(asked.clone(), bearer).await?;
    asked.actor = Some(op.actor().clone());
    security::asked(asked, async {
        if !op.may(domain::staff::Permission::CheckStatus) {
            api.app
                .note_held_back(SecurityKind::AccessRefused, "CHECK_STATUS", op.actor())
                .await;
            return Err(Problem::forbidden());
        }
        check_json(&parts.headers)?;
        let bytes = hear(&parts.headers, body, BODY).await?;
        let question: Question =
            serde_json::from_slice(&bytes).map_err(|error| Problem::unreadable(&error))?;
        let question = CheckStatus::from(question);
        held_back(api, token, api.rates.take_rows(token, question.rows.len())).await?;
        match api.app.check_status(&op, question).await {
            Ok(report) => {
                let kind = HeaderValue::from_static("application/json");
                let bytes = ReportJson::new(&report, false).bytes();
                Ok(([(CONTENT_TYPE, kind)], bytes).into_response())
            }
            Err(CheckStatusError::Invalid(problem)) => Err(Problem::invalid(problem)),
            Err(CheckStatusError::Forbidden(_)) => Err(Problem::forbidden()),
            Err(error @ (CheckStatusError::NotRecorded(_) | CheckStatusError::Internal(_))) => {
                log_chain(request_id, &error);
                Err(Problem::internal())
            }
        }
    })
    .await
}

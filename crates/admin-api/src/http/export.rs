//! `POST /exports/exposure.csv`: whose data an account could have seen, as a sheet. The same rules hold as for `POST /graphql`: the
//! console's own pages, JSON, a session; a link or a form of a foreign page gets nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::OpContext;
use app::audit::{AuditError, ExposureQuery, ExposureSheet};
use app::security::{self, Note};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use domain::staff::{Actor, SecurityKind, StaffId};
use futures::stream;
use serde::Deserialize;
use uuid::Uuid;

use super::graphql::{self, Refusal};
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// The longest until the first byte: all reads of an account are gone through before.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Bytes of a question.
const BODY: usize = 4 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    staff: Uuid,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Serves the sheet.
pub async fn exposure(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let api = &api;
    graphql::with_request_id(api, TIMEOUT, |request_id| async move {
        let called = graphql::caller(api, request_id, request, peer.ip(), "export:exposure");
        let (op, asked, body) = called.await?;
        let question = read(body).await?;
        security::asked(asked, answer(api, request_id, op, question)).await
    })
    .await
}

async fn read(body: Body) -> Result<Question, Refusal> {
    let bytes = to_bytes(body, BODY).await.map_err(|_| {
        let text = "the request is larger than allowed";
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, text)
    })?;
    serde_json::from_slice(&bytes).map_err(|_| {
        let text = "the body must be one JSON object with staff, since and until";
        Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, text)
    })
}

async fn answer(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    op: OpContext,
    question: Question,
) -> Result<Response, Refusal> {
    if let Some(id) = op.staff_id() {
        graphql::held_back(api, api.account_rates.take_export(id), "export", id).await?;
    }
    let query = ExposureQuery {
        time: question.since..question.until,
        actor: Actor::Staff(StaffId(question.staff)).to_string(),
    };
    let found = api.app.exposure(&op, &query).await;
    if let Err(AuditError::Forbidden(_)) = &found {
        let (kind, actor) = (SecurityKind::AccessRefused, op.actor());
        api.app.note_held_back(kind, "READ_AUDIT", actor).await;
    }
    let found = found.map_err(|error| match error {
        AuditError::Forbidden(_) => {
            let text = "your account lacks the right for this";
            Refusal::new(StatusCode::FORBIDDEN, Code::Forbidden, text)
        }
        AuditError::Invalid(_) => {
            let text = "the end of the time must be after its beginning";
            Refusal::new(StatusCode::BAD_REQUEST, Code::Validation, text)
        }
        AuditError::Internal(error) => {
            log_chain(request_id, &error);
            Refusal::internal()
        }
    })?;
    let note = Note {
        kind: SecurityKind::Exported,
        detail: "exposure",
        staff_id: op.staff_id(),
    };
    api.app.note(note).await;
    let app = Arc::clone(&api.app);
    let lines = stream::try_unfold((app, ExposureSheet::new(found)), |(app, mut sheet)| async move {
        let bytes = sheet.next(&app).await?;
        Ok::<_, AuditError>(bytes.map(|bytes| (Bytes::from(bytes), (app, sheet))))
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"exposure.csv\""),
        ),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

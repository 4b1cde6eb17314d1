//! `POST /status-checks`: where thousands of declarations stand, and `POST /status-checks/sheet`: a file as rows of cells, before. Not by
//! GraphQL, whose limits are for the questions of a page: ten thousand rows would have to lift all of them. Otherwise the same rules hold
//! as for `POST /graphql`: the console's own pages, a content type that no form has, a session.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use app::InputProblem;
use app::security;
use app::status_check::{
    CheckStatusError, FILE_BYTES_MAX, Question, ReportJson, SheetError, SheetJson, SheetProblem,
};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::graphql::{self, Refusal};
use super::upload;
use crate::AdminApi;
use crate::fault::{Code, log_chain};

/// Where questions go.
pub const PATH: &str = "/status-checks";
/// Where files go.
pub const SHEET_PATH: &str = "/status-checks/sheet";
/// Bytes of a question: of ten thousand rows with the longest names.
pub const QUESTION_BYTES: usize = 8 * 1024 * 1024;
/// The longest that a question may take to arrive and to be answered.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Answers a question.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    graphql::with_request_id(&api, TIMEOUT, |request_id| check(&api, request_id, peer, request)).await
}

/// Reads a file.
pub async fn serve_sheet(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    graphql::with_request_id(&api, TIMEOUT, |request_id| sheet(&api, request_id, peer, request)).await
}

/// Refuses every other method.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    graphql::refuse_other_than(&api, "POST", "status checks are asked for by POST only").await
}

async fn check(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    graphql::check(api, &parts.headers)?;
    let purpose = "console:StatusCheck";
    let (op, asked) = graphql::signed_in(api, request_id, &parts.headers, peer.ip(), purpose).await?;
    let Some(bytes) = upload::hear(&parts.headers, body, QUESTION_BYTES).await? else {
        let text = "the question is larger than allowed";
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, text));
    };
    let question: Question = serde_json::from_slice(&bytes).map_err(|_| {
        let text = "the body must be one JSON object with rows, each of texts, and a date";
        Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, text)
    })?;
    security::asked(asked, async {
        let report = match api.app.check_status(&op, question.into()).await {
            Ok(report) => report,
            Err(CheckStatusError::Invalid(problem)) => {
                return Ok(upload::not_taken(StatusCode::UNPROCESSABLE_ENTITY, &problem));
            }
            Err(CheckStatusError::Forbidden(refused)) => {
                return Err(graphql::no_right(api, &op, refused).await);
            }
            Err(error @ (CheckStatusError::NotRecorded(_) | CheckStatusError::Internal(_))) => {
                log_chain(request_id, &error);
                return Err(Refusal::internal());
            }
        };
        let records = u32::try_from(op.records_read()).unwrap_or(u32::MAX);
        if let (Some(id), Some(records)) = (op.staff_id(), NonZeroU32::new(records)) {
            graphql::take_personal(api, id, records).await?;
        }
        Ok(json(ReportJson::new(&report, true).bytes()))
    })
    .await
}

async fn sheet(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let (op, asked) = upload::sender(api, request_id, &parts, peer, "console:StatusSheet").await?;
    let Some(bytes) = upload::hear(&parts.headers, body, FILE_BYTES_MAX).await? else {
        let problem: InputProblem = SheetProblem::TooLarge.into();
        return Ok(upload::not_taken(StatusCode::PAYLOAD_TOO_LARGE, &problem));
    };
    security::asked(asked, async {
        match api.app.status_sheet(&op, bytes).await {
            Ok(sheet) => Ok(json(SheetJson::new(&sheet).bytes())),
            Err(SheetError::Invalid(problem)) => Ok(upload::not_taken(
                StatusCode::UNPROCESSABLE_ENTITY,
                &problem.into(),
            )),
            Err(SheetError::Forbidden(refused)) => Err(graphql::no_right(api, &op, refused).await),
        }
    })
    .await
}

fn json(bytes: Vec<u8>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, kind)], bytes).into_response()
}

//! The questions.

use app::audit::{AuditError, ExposureQuery, ReadsQuery};
use async_graphql::{Context, Error, ID, Object, Result};
use domain::ApiTokenId;
use domain::staff::Actor;

use super::types::{Exposure, ExposureResult, Reads, ReadsResult, place_text, read_place};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::DateTime;
use crate::staff::accounts::staff_id;

/// Reads of a page at most.
const PAGE: u32 = 200;

/// Queries about reads.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Reads of personal data in a time, the newest first; 1 to 200 of them: of anybody, of an account, or with a token. One declaration is looked for in a million reads at
    /// most: a page may be empty and yet have a next one.
    #[graphql(complexity = "first.clamp(1, 200) as usize * child_complexity / 4")]
    #[expect(clippy::too_many_arguments, reason = "each is a field of the question")]
    async fn reads(
        &self,
        ctx: &Context<'_>,
        since: DateTime,
        until: DateTime,
        staff: Option<ID>,
        token: Option<ID>,
        declaration_number: Option<String>,
        before: Option<String>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<ReadsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let before = match before.as_deref().map(read_place) {
            Some(None) => return Ok(ReadsResult::Invalid(InvalidInput::cursor())),
            place => place.flatten(),
        };
        let query = ReadsQuery {
            time: since.0..until.0,
            actor: match reader(staff.as_ref(), token.as_ref()) {
                Ok(actor) => actor,
                Err(invalid) => return Ok(ReadsResult::Invalid(invalid)),
            },
            declaration: declaration_number,
            before,
            first: first.clamp(1, PAGE),
        };
        match request.app().reads(op, &query).await {
            Ok(page) => Ok(ReadsResult::Reads(Reads {
                nodes: page.reads.into_iter().map(Into::into).collect(),
                next_before: page.next.map(place_text),
                looked_back_to: page
                    .next
                    .and_then(|place| chrono::DateTime::from_timestamp_micros(place.at))
                    .map(DateTime),
            })),
            Err(AuditError::Invalid(problems)) => Ok(ReadsResult::Invalid(problems.into())),
            Err(error) => Err(refusal(ctx, error)),
        }
    }

    /// Whose data an account could have seen in a time.
    #[graphql(complexity = "100 + 20 * child_complexity")]
    async fn exposure(
        &self,
        ctx: &Context<'_>,
        staff: ID,
        since: DateTime,
        until: DateTime,
    ) -> Result<ExposureResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let query = ExposureQuery {
            time: since.0..until.0,
            actor: match account(&staff) {
                Ok(actor) => actor,
                Err(invalid) => return Ok(ExposureResult::Invalid(invalid)),
            },
        };
        match request.app().exposure(op, &query).await {
            Ok(found) => Ok(ExposureResult::Exposure(Exposure::from(found))),
            Err(AuditError::Invalid(problems)) => Ok(ExposureResult::Invalid(problems.into())),
            Err(error) => Err(refusal(ctx, error)),
        }
    }
}

/// Whoever read: an account, or a program with a token; none: anybody.
fn reader(staff: Option<&ID>, token: Option<&ID>) -> Result<Option<String>, InvalidInput> {
    let bad = |text: &str| InvalidInput::one("staff", "shape", text);
    match (staff, token) {
        (Some(_), Some(_)) => Err(bad(
            "職員かプログラム用トークンの、どちらか一方を選んでください。",
        )),
        (Some(id), None) => account(id).map(Some),
        (None, Some(id)) => match id.parse::<ApiTokenId>() {
            Ok(id) => Ok(Some(Actor::Token(id).to_string())),
            Err(_) => Err(bad(
                "トークンの番号の形式が正しくありません。一覧から選んでください。",
            )),
        },
        (None, None) => Ok(None),
    }
}

/// An account as the actor of reads.
fn account(id: &ID) -> Result<String, InvalidInput> {
    match staff_id(id) {
        Some(id) => Ok(Actor::Staff(id).to_string()),
        None => Err(InvalidInput::one(
            "staff",
            "shape",
            "職員の番号の形式が正しくありません。一覧から選んでください。",
        )),
    }
}

pub(super) fn refusal(ctx: &Context<'_>, error: AuditError) -> Error {
    match (error, request(ctx)) {
        (AuditError::Forbidden(refused), _) => fault::forbidden(refused),
        (AuditError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (AuditError::Invalid(_) | AuditError::Internal(_), Err(error)) => error,
        (AuditError::Invalid(_), Ok(_)) => Error::new("the question has problems"),
    }
}

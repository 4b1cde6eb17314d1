//! What every change of one declaration answers: the new version, a conflict with both sides, or problems by field.

use app::declaration::{Change, ChangeError, Changed, Conflict as Found, Refusal};
use async_graphql::{Context, ID, Result, SimpleObject, Union};
use domain::declaration::decide::FieldInput as DomainInput;
use domain::declaration::{Fact, Field};
use domain::{DeclarationId, InquiryId};

use super::detail::NotFound;
use super::enums::{DeclarationField, HistoryKind};
use super::history::{Actor, actor, kind, reason};
use super::values::{TextResult, fact_text};
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{DateTime, Position};

/// The outcome of a change of one declaration.
#[derive(Union)]
pub enum DeclarationChangeResult {
    /// It is in the register.
    Changed(DeclarationChanged),
    /// Somebody was faster.
    Conflict(Conflict),
    /// What was typed has problems, or the declaration is not in a state for this.
    Invalid(InvalidInput),
    /// There is no such declaration.
    NotFound(NotFound),
}

/// The change is in the log; lists show it from `position` on.
#[derive(SimpleObject)]
pub struct DeclarationChanged {
    /// Of its last event.
    pub position: Position,
    /// What the next change must name.
    pub version: Position,
    /// Which declaration.
    pub declaration_id: ID,
}

/// Somebody was faster. Nothing was written. `fields` holds each field that they or you changed.
#[derive(SimpleObject)]
pub struct Conflict {
    /// What the next try must name.
    pub version: Position,
    /// Each field that they or you changed.
    pub fields: Vec<ConflictField>,
    /// Who made the newest change.
    pub by: Actor,
    /// When.
    pub at: DateTime,
    /// What the newest change was.
    pub kind: HistoryKind,
    /// Why.
    pub reason: Option<TextResult>,
}

/// One field in three versions; null where it is empty.
#[derive(SimpleObject)]
pub struct ConflictField {
    /// Which field.
    pub field: DeclarationField,
    /// As you saw it.
    pub base: Option<TextResult>,
    /// As it is now.
    pub theirs: Option<TextResult>,
    /// As you wanted it.
    pub mine: Option<TextResult>,
    /// Whether they changed it.
    pub changed_by_them: bool,
    /// Whether you changed it.
    pub changed_by_me: bool,
}

/// Which change of which declaration is asked for, or the answer when that cannot be read.
pub(super) fn target(
    command_id: &ID,
    declaration_id: &ID,
    expected_version: Position,
    inquiry_id: Option<&ID>,
) -> Result<Change, DeclarationChangeResult> {
    let Ok(id) = declaration_id.parse::<DeclarationId>() else {
        return Err(DeclarationChangeResult::NotFound(NotFound {
            id: declaration_id.clone(),
        }));
    };
    let command_id = read_command_id(command_id).map_err(DeclarationChangeResult::Invalid)?;
    let inquiry = read_inquiry_id(inquiry_id).map_err(DeclarationChangeResult::Invalid)?;
    Ok(Change {
        command_id,
        id,
        expected_version: expected_version.0,
        inquiry,
    })
}

/// The inquiry that asks for a change.
pub(super) fn read_inquiry_id(id: Option<&ID>) -> Result<Option<InquiryId>, InvalidInput> {
    let id = id.map(|id| id.parse::<InquiryId>()).transpose();
    id.map_err(|_| vec![app::InputProblem::no_inquiry()].into())
}

/// The outcome of a change. `mine`: what it wanted to put into fields, for the comparison with what somebody else did.
pub(super) async fn answer<E: Refusal>(
    ctx: &Context<'_>,
    id: DeclarationId,
    outcome: Result<Changed, ChangeError<E>>,
    mine: &[DomainInput],
) -> Result<DeclarationChangeResult> {
    let invalid = |problems: Vec<app::InputProblem>| Ok(DeclarationChangeResult::Invalid(problems.into()));
    match outcome {
        Ok(changed) => Ok(DeclarationChangeResult::Changed(DeclarationChanged {
            position: Position(changed.position),
            version: Position(changed.version),
            declaration_id: ID(id.to_string()),
        })),
        Err(ChangeError::Stale(stale)) => {
            let found = Found::of(*stale, mine);
            Ok(DeclarationChangeResult::Conflict(
                conflict(ctx, id, &found).await?,
            ))
        }
        Err(ChangeError::Refused(refused)) => invalid(refused.problems()),
        Err(ChangeError::Inquiry(problem)) => invalid(vec![problem]),
        Err(ChangeError::CommandReused) => {
            Ok(DeclarationChangeResult::Invalid(InvalidInput::command_reused()))
        }
        Err(ChangeError::NotFound(_)) => Ok(DeclarationChangeResult::NotFound(NotFound {
            id: ID(id.to_string()),
        })),
        Err(ChangeError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(error @ (ChangeError::Overtaken | ChangeError::Internal(_))) => {
            Err(fault::internal(request(ctx)?.request_id(), &error))
        }
    }
}

pub(super) async fn conflict(ctx: &Context<'_>, id: DeclarationId, found: &Found) -> Result<Conflict> {
    let op = request(ctx)?.operation()?;
    let text = |field: Field, fact: Option<&Fact>| fact.map(|fact| fact_text(op, id, field, fact));
    Ok(Conflict {
        version: Position(found.version),
        fields: found
            .fields
            .iter()
            .map(|field| ConflictField {
                field: field.field.into(),
                base: text(field.field, field.base.as_ref()),
                theirs: text(field.field, field.theirs.as_ref()),
                mine: text(field.field, field.mine.as_ref()),
                changed_by_them: field.changed_by_them,
                changed_by_me: field.changed_by_me,
            })
            .collect(),
        by: actor(ctx, &found.newest.actor).await?,
        at: DateTime(found.newest.recorded_at),
        kind: kind(&found.newest.statement.event),
        reason: reason(ctx, id, found.newest.reason.as_ref())?,
    })
}

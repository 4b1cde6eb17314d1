//! Correcting a declaration: the outcome is the new version, a conflict with both sides, or problems by field.

use app::attachment::GivenEvidence;
use app::declaration::{Change, CorrectDeclaration, CorrectDeclarationError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::DeclarationId;
use domain::declaration::decide::{FieldInput as DomainInput, Wanted};
use domain::declaration::{Fact, Field};
use event_store::Position as LogPosition;
use uuid::Uuid;

use super::detail::NotFound;
use super::enums::{CorrectionKind, DeclarationField};
use super::evidence::given;
use super::history::{Actor, actor, reason};
use super::values::{TextResult, fact_text};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::{Date, DateTime, Position};

/// A correction as it is sent.
#[derive(InputObject)]
pub struct CorrectDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// Error or change.
    pub kind: CorrectionKind,
    /// Required for CHANGE.
    pub since: Option<Date>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
    /// The fields, each once.
    pub changes: Vec<FieldInput>,
    /// Documents that were uploaded for this declaration. Fields that say who declared, what and when need one, or `noDocument`.
    pub attachments: Option<Vec<ID>>,
    /// Why there is no document.
    pub no_document: Option<String>,
}

/// An empty value clears the field where the field may be empty.
#[derive(InputObject)]
pub struct FieldInput {
    /// Which field.
    pub field: DeclarationField,
    /// As typed.
    pub value: String,
}

/// The outcome of a correction.
#[derive(Union)]
pub enum CorrectDeclarationResult {
    /// It is in the register.
    Corrected(DeclarationCorrected),
    /// Somebody was faster.
    Conflict(Conflict),
    /// What was typed has problems.
    Invalid(InvalidInput),
    /// There is no such declaration.
    NotFound(NotFound),
}

/// The correction is in the log; lists show it from `position` on.
#[derive(SimpleObject)]
pub struct DeclarationCorrected {
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

/// Mutations of a declaration's facts.
#[derive(Default)]
pub struct CorrectMutation;

#[Object]
impl CorrectMutation {
    /// Corrects fields of a declaration, all of them or none. Lists show it once they have read up to `position`.
    async fn correct_declaration(
        &self,
        ctx: &Context<'_>,
        input: CorrectDeclarationInput,
    ) -> Result<CorrectDeclarationResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = input.declaration_id.parse::<DeclarationId>() else {
            return Ok(CorrectDeclarationResult::NotFound(NotFound {
                id: input.declaration_id,
            }));
        };
        let Ok(command_id) = input.command_id.parse::<Uuid>() else {
            return Ok(CorrectDeclarationResult::Invalid(InvalidInput::one(
                "commandId",
                "shape",
                "操作の番号の形式が正しくありません。画面を開き直してください。",
            )));
        };
        let evidence = match given(input.attachments.as_deref(), input.no_document.as_deref()) {
            Ok(evidence) => evidence,
            Err(invalid) => return Ok(CorrectDeclarationResult::Invalid(invalid)),
        };
        match request
            .app()
            .correct_declaration(op, command(id, command_id, &input, evidence))
            .await
        {
            Ok(changed) => Ok(CorrectDeclarationResult::Corrected(DeclarationCorrected {
                position: Position(changed.position),
                version: Position(changed.version),
                declaration_id: input.declaration_id,
            })),
            Err(CorrectDeclarationError::Conflict(found)) => Ok(CorrectDeclarationResult::Conflict(
                conflict(ctx, id, &found).await?,
            )),
            Err(CorrectDeclarationError::Invalid(problems)) => {
                Ok(CorrectDeclarationResult::Invalid(problems.into()))
            }
            Err(CorrectDeclarationError::NotFound(_)) => Ok(CorrectDeclarationResult::NotFound(NotFound {
                id: input.declaration_id,
            })),
            Err(CorrectDeclarationError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(CorrectDeclarationError::Internal(error)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

fn command(
    id: DeclarationId,
    command_id: Uuid,
    input: &CorrectDeclarationInput,
    evidence: GivenEvidence,
) -> CorrectDeclaration {
    CorrectDeclaration {
        change: Change {
            command_id,
            id,
            expected_version: LogPosition::new(input.expected_version.0.get()),
        },
        fields: input
            .changes
            .iter()
            .map(|change| DomainInput {
                field: change.field.into(),
                typed: change.value.clone(),
            })
            .collect(),
        wanted: match input.kind {
            CorrectionKind::Error => Wanted::Error,
            CorrectionKind::Change => Wanted::Change {
                since: input.since.map(|date| date.0),
            },
        },
        reason: input.reason.clone(),
        evidence,
    }
}

pub(super) async fn conflict(
    ctx: &Context<'_>,
    id: DeclarationId,
    found: &app::declaration::Conflict,
) -> Result<Conflict> {
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
        reason: reason(ctx, id, found.newest.reason.as_ref())?,
    })
}

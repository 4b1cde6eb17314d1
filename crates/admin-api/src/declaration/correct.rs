//! Correcting a declaration: the outcome is the new version, a conflict with both sides, or problems by field.

use app::attachment::GivenEvidence;
use app::declaration::{Change, CorrectDeclaration, CorrectDeclarationError};
use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::decide::{FieldInput as DomainInput, Wanted};

use super::change::{DeclarationChangeResult, DeclarationChanged, conflict, target};
use super::detail::NotFound;
use super::enums::{CorrectionKind, DeclarationField};
use super::evidence::given;
use crate::context::request;
use crate::fault;
use crate::scalars::{Date, Position};

/// A correction as it is sent.
#[derive(InputObject)]
pub struct CorrectDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does. It is evidence, too.
    pub inquiry_id: Option<ID>,
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
    ) -> Result<DeclarationChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match target(
            &input.command_id,
            &input.declaration_id,
            input.expected_version,
            input.inquiry_id.as_ref(),
        ) {
            Ok(change) => change,
            Err(refused) => return Ok(refused),
        };
        let id = change.id;
        let evidence = match given(input.attachments.as_deref(), input.no_document.as_deref()) {
            Ok(evidence) => evidence,
            Err(invalid) => return Ok(DeclarationChangeResult::Invalid(invalid)),
        };
        match request
            .app()
            .correct_declaration(op, command(change, &input, evidence))
            .await
        {
            Ok(changed) => Ok(DeclarationChangeResult::Changed(DeclarationChanged {
                position: Position(changed.position),
                version: Position(changed.version),
                declaration_id: input.declaration_id,
            })),
            Err(CorrectDeclarationError::Conflict(found)) => Ok(DeclarationChangeResult::Conflict(
                conflict(ctx, id, &found).await?,
            )),
            Err(CorrectDeclarationError::Invalid(problems)) => {
                Ok(DeclarationChangeResult::Invalid(problems.into()))
            }
            Err(CorrectDeclarationError::NotFound(_)) => Ok(DeclarationChangeResult::NotFound(NotFound {
                id: input.declaration_id,
            })),
            Err(CorrectDeclarationError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(CorrectDeclarationError::Internal(error)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

fn command(change: Change, input: &CorrectDeclarationInput, evidence: GivenEvidence) -> CorrectDeclaration {
    CorrectDeclaration {
        change,
        fields: fields(&input.changes),
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

/// What was typed into fields, as the domain takes it.
pub(super) fn fields(changes: &[FieldInput]) -> Vec<DomainInput> {
    let field = |change: &FieldInput| DomainInput {
        field: change.field.into(),
        typed: change.value.clone(),
    };
    changes.iter().map(field).collect()
}

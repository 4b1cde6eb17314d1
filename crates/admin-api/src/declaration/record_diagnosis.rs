//! Recording a self-diagnosis.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::declaration::Field;
use domain::declaration::decide::{FieldInput, RecordDiagnosis};

use super::change::{DeclarationChangeResult, answer, target};
use super::enums::DiagnosisAnswer;
use crate::context::request;
use crate::scalars::{Date, Position};

/// A self-diagnosis as it is sent.
#[derive(InputObject)]
pub struct RecordDiagnosisInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which declaration.
    pub declaration_id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it; null: none does.
    pub inquiry_id: Option<ID>,
    /// Which questionnaire was answered, for example `25-v3`.
    pub questionnaire: String,
    /// Every answer in the order of the questions; null when only the score is known.
    pub answers: Option<Vec<DiagnosisAnswer>>,
    /// The score, as typed. With the answers it may be left out.
    pub score: Option<String>,
    /// On which day it was carried out.
    pub done_on: Date,
    /// Why, up to 1,000 characters; may be left out.
    pub reason: Option<String>,
}

/// Recording a self-diagnosis.
#[derive(Default)]
pub struct RecordDiagnosisMutation;

#[Object]
impl RecordDiagnosisMutation {
    /// Records a self-diagnosis. The newest one counts.
    async fn record_diagnosis(
        &self,
        ctx: &Context<'_>,
        input: RecordDiagnosisInput,
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
        let score = input.score.unwrap_or_default();
        let mine = [FieldInput {
            field: Field::DiagnosisScore,
            typed: score.clone(),
        }];
        let command = RecordDiagnosis {
            questionnaire: input.questionnaire,
            answers: input
                .answers
                .map(|answers| answers.into_iter().map(Into::into).collect()),
            score,
            done_on: input.done_on.0,
            reason: input.reason,
        };
        let outcome = request.app().record_diagnosis(op, change, command).await;
        answer(ctx, id, outcome, &mine).await
    }
}

//! Two declarations that are to become one: side by side, and taking a merge back. Asking for it is among the approvals.

use app::declaration::{CompareError, Comparison as Found, Refusal as _, UndoChange};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::DeclarationId;
use domain::declaration::{Declaration, Fact};
use domain::value::DeclarationNo;

use super::change::{DeclarationChangeResult, answer, target};
use super::detail::NotFound;
use super::enums::{DeclarationField, DeclarationState};
use super::values::{NameResult, TextResult, fact_text, name};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::Position;

/// The outcome of comparing.
#[derive(Union)]
pub enum MergeComparisonResult {
    /// Side by side.
    Comparison(Box<MergeComparison>),
    /// The other number is none, or the two cannot become one.
    Invalid(InvalidInput),
    /// There is no such declaration.
    NotFound(NotFound),
}

/// Two declarations side by side.
#[derive(SimpleObject)]
pub struct MergeComparison {
    /// The one that goes on.
    pub survivor: MergeParty,
    /// The one that is merged into it.
    pub merged: MergeParty,
    /// Each field that differs: for each somebody says whose value stays.
    pub fields: Vec<MergeFieldValues>,
}

/// One of two declarations that are to become one.
#[derive(SimpleObject)]
pub struct MergeParty {
    /// Its id.
    pub id: ID,
    /// What a request must name.
    pub version: Position,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub name: NameResult,
    /// Where it stands today.
    pub state: DeclarationState,
}

/// A field in both; null where it is empty.
#[derive(SimpleObject)]
pub struct MergeFieldValues {
    /// Which field.
    pub field: DeclarationField,
    /// In the one that goes on.
    pub survivor: Option<TextResult>,
    /// In the other one.
    pub merged: Option<TextResult>,
}

/// Which merge is to be taken back.
#[derive(InputObject)]
pub struct UndoMergeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Either of the two declarations.
    pub declaration_id: ID,
    /// The version of it that its author saw.
    pub expected_version: Position,
    /// Of the entry of the merge in its history.
    pub position: Position,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// Comparing.
#[derive(Default)]
pub struct MergeQuery;

#[Object]
impl MergeQuery {
    /// Two declarations side by side, before somebody asks that they become one.
    #[graphql(complexity = "200 + child_complexity")]
    async fn merge_comparison(
        &self,
        ctx: &Context<'_>,
        survivor_id: ID,
        merged_number: String,
    ) -> Result<MergeComparisonResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = survivor_id.parse::<DeclarationId>() else {
            return Ok(MergeComparisonResult::NotFound(NotFound { id: survivor_id }));
        };
        op.require(domain::staff::Permission::MergeDeclarations)
            .map_err(fault::forbidden)?;
        let refuse = |code, message: &str| {
            let invalid = InvalidInput::one("otherNumber", code, message);
            Ok(MergeComparisonResult::Invalid(invalid))
        };
        let Ok(number) = DeclarationNo::parse(&merged_number) else {
            return refuse("declaration_no_shape", "自己宣言IDは4か5で始まる11桁の数字です。");
        };
        match request.app().compare_declarations(op, id, &number).await {
            Ok(Found {
                refused: Some(refused),
                ..
            }) => Ok(MergeComparisonResult::Invalid(refused.problems().into())),
            Ok(found) => Ok(MergeComparisonResult::Comparison(Box::new(comparison(
                ctx, &found,
            )?))),
            Err(CompareError::UnknownNumber) => refuse(
                "unknown_number",
                "この自己宣言IDの宣言はありません。番号を確かめてください。",
            ),
            Err(CompareError::NotFound(_)) => {
                Ok(MergeComparisonResult::NotFound(NotFound { id: survivor_id }))
            }
            Err(CompareError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(CompareError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

/// Taking back.
#[derive(Default)]
pub struct UndoMergeMutation;

#[Object]
impl UndoMergeMutation {
    /// Takes a merge back, at any time, as long as nothing later rests on it in either declaration. Both are again what they would be.
    async fn undo_merge(&self, ctx: &Context<'_>, input: UndoMergeInput) -> Result<DeclarationChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let change = match target(
            &input.command_id,
            &input.declaration_id,
            input.expected_version,
            None,
        ) {
            Ok(change) => change,
            Err(refused) => return Ok(refused),
        };
        let id = change.id;
        let command = UndoChange {
            position: input.position.0,
            reason: Some(input.reason),
        };
        let outcome = request.app().undo_merge(op, change, command).await;
        answer(ctx, id, outcome, &[]).await
    }
}

/// Both for a reader.
pub fn comparison(ctx: &Context<'_>, found: &Found) -> Result<MergeComparison> {
    let op = request(ctx)?.operation()?;
    let text = |of: &Declaration, field| {
        let fact: Option<&Fact> = of.facts.get(field);
        fact.map(|fact| fact_text(op, of.id, field, fact))
    };
    let fields = found.fields.iter().map(|differing| MergeFieldValues {
        field: differing.field.into(),
        survivor: text(&found.survivor, differing.field),
        merged: text(&found.merged, differing.field),
    });
    Ok(MergeComparison {
        survivor: party(ctx, &found.survivor)?,
        merged: party(ctx, &found.merged)?,
        fields: fields.collect(),
    })
}

fn party(ctx: &Context<'_>, of: &Declaration) -> Result<MergeParty> {
    let op = request(ctx)?.operation()?;
    let number = of.facts.value(domain::declaration::Field::DeclarationNo);
    Ok(MergeParty {
        id: ID(of.id.to_string()),
        version: Position(event_store::Position::new(of.version)),
        number: number.unwrap_or_default().to_owned(),
        name: name(op, of),
        state: of.state_on(op.today()).into(),
    })
}

//! Choosing the records of a bulk change.

use app::bulk_change::{FreezeBulkChange, FreezeBulkChangeError, Selection};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union};
use domain::bulk_change::{BulkAction, BulkField};
use domain::staff::Permission;
use domain::{BulkChangeId, DeclarationId};

use crate::context::{RequestContext, request};
use crate::declaration::detail::NotFound;
use crate::declaration::enums::{DeclarationField, FlagCode, StopKind};
use crate::declaration::filter::DeclarationFilter;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Date;

/// Records that are to be changed, and how.
#[derive(InputObject)]
pub struct FreezeBulkChangeInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which records.
    pub selection: BulkSelectionInput,
    /// What is to be done to each.
    pub change: BulkActionInput,
}

/// Which records.
#[derive(OneofObject)]
#[expect(clippy::large_enum_variant, reason = "one of a request, read once")]
pub enum BulkSelectionInput {
    /// These: 1 to 500.
    Ids(Vec<ID>),
    /// Those with these numbers, as typed: 1 to 10,000.
    Numbers(Vec<String>),
    /// All that the list has that is narrowed so: up to 50,000.
    Matching(BulkMatchingInput),
}

/// What the list is narrowed to.
#[derive(InputObject)]
pub struct BulkMatchingInput {
    /// By values.
    pub filter: Option<DeclarationFilter>,
    /// By words, as typed.
    pub search: Option<String>,
}

/// What is to be done to each record.
#[derive(OneofObject)]
pub enum BulkActionInput {
    /// Fields get other values.
    Correct(BulkCorrectInput),
    /// A warning is raised.
    RaiseFlag(BulkFlagInput),
    /// A warning is cleared.
    ClearFlag(BulkFlagInput),
    /// A note is written.
    AddNote(BulkNoteInput),
    /// It is shown in the public search.
    Publish(BulkReasonInput),
    /// It is no longer shown.
    Unpublish(BulkReasonInput),
    /// It is stopped.
    Stop(BulkStopInput),
    /// It goes from two stars to one.
    StepDown(BulkStepDownInput),
    /// The right to the logo is suspended.
    SuspendLogo(BulkReasonInput),
    /// The right to the logo is given back.
    RestoreLogo(BulkReasonInput),
}

/// Fields get other values.
#[derive(InputObject)]
pub struct BulkCorrectInput {
    /// Prefecture, city, industry, employees or capital, each once.
    pub fields: Vec<BulkFieldInput>,
    /// Since when they hold; left out: it was always so, and what stood there was an error.
    pub since: Option<Date>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// What is put into a field.
#[derive(InputObject)]
pub struct BulkFieldInput {
    /// Which.
    pub field: DeclarationField,
    /// As typed; empty: the field is emptied.
    pub value: String,
}

/// A warning.
#[derive(InputObject)]
pub struct BulkFlagInput {
    /// Which.
    pub flag: FlagCode,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// A note.
#[derive(InputObject)]
pub struct BulkNoteInput {
    /// 1 to 10,000 characters.
    pub text: String,
}

/// A change that takes nothing but a reason.
#[derive(InputObject)]
pub struct BulkReasonInput {
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// A stop.
#[derive(InputObject)]
pub struct BulkStopInput {
    /// In which way.
    pub kind: StopKind,
    /// On which day.
    pub on: Option<Date>,
    /// Nobody knows the day. Only looked at when there is none.
    #[graphql(default)]
    pub day_unknown: bool,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// From two stars to one.
#[derive(InputObject)]
pub struct BulkStepDownInput {
    /// From which day; left out: today.
    pub on: Option<Date>,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
}

/// The outcome of choosing records.
#[derive(Union)]
pub enum FreezeBulkChangeResult {
    /// They are chosen, and the change is being tried out on them.
    Frozen(BulkChangeFrozen),
    /// What was typed has problems, or there is nothing to choose.
    Invalid(InvalidInput),
    /// There is no such bulk change to take back.
    NotFound(NotFound),
}

/// The records are chosen, and the change is being tried out on them.
#[derive(SimpleObject)]
pub struct BulkChangeFrozen {
    /// Which bulk change.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct FreezeBulkChangeMutation;

#[Object]
impl FreezeBulkChangeMutation {
    /// Chooses the records of a bulk change and has it tried out on them. Nothing of them is changed.
    async fn freeze_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: FreezeBulkChangeInput,
    ) -> Result<FreezeBulkChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(FreezeBulkChangeResult::Invalid(invalid)),
        };
        let read = action(input.change, op.today());
        let action = match read {
            Ok(action) => action,
            Err(invalid) => return Ok(FreezeBulkChangeResult::Invalid(invalid)),
        };
        op.require(Permission::ChangeMany).map_err(fault::forbidden)?;
        op.require(action.kind().permission()).map_err(fault::forbidden)?;
        let selection = match selection(input.selection) {
            Ok(selection) => selection,
            Err(invalid) => return Ok(FreezeBulkChangeResult::Invalid(invalid)),
        };
        let command = FreezeBulkChange {
            command_id,
            selection,
            action,
        };
        answer(request, request.app().freeze_bulk_change(op, command).await)
    }
}

/// What is answered to choosing records.
pub fn answer(
    request: &RequestContext,
    outcome: Result<BulkChangeId, FreezeBulkChangeError>,
) -> Result<FreezeBulkChangeResult> {
    match outcome {
        Ok(id) => Ok(FreezeBulkChangeResult::Frozen(BulkChangeFrozen {
            id: ID(id.to_string()),
        })),
        Err(FreezeBulkChangeError::Invalid(problems)) => Ok(FreezeBulkChangeResult::Invalid(problems.into())),
        Err(FreezeBulkChangeError::CommandReused) => {
            Ok(FreezeBulkChangeResult::Invalid(InvalidInput::command_reused()))
        }
        Err(FreezeBulkChangeError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(FreezeBulkChangeError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
    }
}

fn selection(input: BulkSelectionInput) -> Result<Selection, InvalidInput> {
    match input {
        BulkSelectionInput::Ids(ids) => {
            let ids = ids.iter().map(|id| id.parse::<DeclarationId>());
            let text = "宣言の選択を読み取れません。一覧を開き直して、もう一度選んでください。";
            ids.collect::<Result<_, _>>()
                .map(Selection::Ids)
                .map_err(|_| InvalidInput::one("selection.ids", "shape", text))
        }
        BulkSelectionInput::Numbers(numbers) => Ok(Selection::Numbers(numbers)),
        BulkSelectionInput::Matching(matching) => Ok(Selection::Matching {
            filter: Box::new(matching.filter.unwrap_or_default().read()?),
            search: matching.search.filter(|search| !search.trim().is_empty()),
        }),
    }
}

fn action(input: BulkActionInput, today: chrono::NaiveDate) -> Result<BulkAction, InvalidInput> {
    Ok(match input {
        BulkActionInput::Correct(it) => BulkAction::Correct {
            fields: it
                .fields
                .into_iter()
                .map(|input| BulkField {
                    field: input.field.into(),
                    typed: input.value,
                })
                .collect(),
            since: it.since.map(|day| day.0),
            reason: it.reason,
        },
        BulkActionInput::RaiseFlag(it) => BulkAction::RaiseFlag {
            flag: it.flag.into(),
            reason: it.reason,
        },
        BulkActionInput::ClearFlag(it) => BulkAction::ClearFlag {
            flag: it.flag.into(),
            reason: it.reason,
        },
        BulkActionInput::AddNote(it) => BulkAction::AddNote { text: it.text },
        BulkActionInput::Publish(it) => BulkAction::Publish { reason: it.reason },
        BulkActionInput::Unpublish(it) => BulkAction::Unpublish { reason: it.reason },
        BulkActionInput::Stop(it) => {
            if it.on.is_none() && !it.day_unknown {
                let text = "停止の日を入力するか、「日付不明」を選んでください。";
                return Err(InvalidInput::one("on", "required", text));
            }
            BulkAction::Stop {
                how: it.kind.into(),
                on: it.on.map(|day| day.0),
                reason: it.reason,
            }
        }
        BulkActionInput::StepDown(it) => BulkAction::StepDown {
            on: it.on.map_or(today, |day| day.0),
            reason: it.reason,
        },
        BulkActionInput::SuspendLogo(it) => BulkAction::SuspendLogo { reason: it.reason },
        BulkActionInput::RestoreLogo(it) => BulkAction::RestoreLogo { reason: it.reason },
    })
}

//! Every change of an incident, one at a time.

use app::CaseChange;
use app::incident::{ChangeIncidentError, IncidentChange, Report};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union};
use domain::incident::Scope;
use domain::staff::Permission;
use domain::{IncidentId, Personal};

use super::types::{Incident, IncidentCategory, ReportItem, ReportStage, refusal};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::privacy_request::change::{CaseStale, NoteInput};
use crate::scalars::{Date, DateTime, Position};
use crate::staff::accounts::staff_id;

/// A change of an incident, made on what its author saw.
#[derive(InputObject)]
pub struct ChangeIncidentInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which incident.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// What becomes of it.
    pub change: IncidentChangeInput,
}

/// What becomes of an incident: exactly one of these.
#[derive(OneofObject)]
pub enum IncidentChangeInput {
    /// It is of these kinds, all of them.
    Classify(ClassifyInput),
    /// So many persons, by what somebody found out.
    CountTyped(CountTypedInput),
    /// As many as an account could have seen in a time.
    CountSeen(CountSeenInput),
    /// What the report says, all of it.
    WriteReport(WriteReportInput),
    /// A report went out.
    RecordReport(RecordReportInput),
    /// Persons were told.
    NotifyPersons(NotifyPersonsInput),
    /// Something to remember.
    Note(NoteInput),
    /// It is over.
    Close(CloseIncidentInput),
}

/// Kinds.
#[derive(InputObject)]
pub struct ClassifyInput {
    /// All of them.
    pub categories: Vec<IncidentCategory>,
}

/// A number of persons.
#[derive(InputObject)]
pub struct CountTypedInput {
    /// How many.
    pub persons: u32,
}

/// An account and a time.
#[derive(InputObject)]
pub struct CountSeenInput {
    /// The account.
    pub account: ID,
    /// From when.
    pub from: DateTime,
    /// Until when; this moment is outside.
    pub to: DateTime,
}

/// The report.
#[derive(InputObject)]
pub struct WriteReportInput {
    /// Its items; what is missing is empty.
    pub items: Vec<ReportItemInput>,
}

/// One item.
#[derive(InputObject)]
pub struct ReportItemInput {
    /// Which.
    pub item: ReportItem,
    /// At most 4,000 characters.
    pub text: String,
}

/// A report that went out.
#[derive(InputObject)]
pub struct RecordReportInput {
    /// Which.
    pub stage: ReportStage,
    /// On which day.
    pub on: Date,
    /// The number under which it was received.
    pub receipt: Option<String>,
}

/// Persons who were told.
#[derive(InputObject)]
pub struct NotifyPersonsInput {
    /// How many.
    pub persons: u32,
    /// On which day.
    pub on: Date,
    /// How, 1 to 4,000 characters.
    pub text: String,
}

/// The end.
#[derive(InputObject)]
pub struct CloseIncidentInput {
    /// What there is to say.
    pub text: Option<String>,
}

/// The outcome of changing an incident.
#[derive(Union)]
pub enum ChangeIncidentResult {
    /// It is done.
    Changed(Box<IncidentChanged>),
    /// Somebody was faster: look again.
    Stale(CaseStale),
    /// What was typed has problems, or the incident does not stand where that could be done.
    Invalid(InvalidInput),
    /// There is no such incident.
    NotFound(NotFound),
}

/// It is done.
#[derive(SimpleObject)]
pub struct IncidentChanged {
    /// As it is now.
    pub incident: Incident,
}

/// The mutation.
#[derive(Default)]
pub struct ChangeIncidentMutation;

#[Object]
impl ChangeIncidentMutation {
    /// Makes one change of an incident.
    async fn change_incident(
        &self,
        ctx: &Context<'_>,
        input: ChangeIncidentInput,
    ) -> Result<ChangeIncidentResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageIncidents)
            .map_err(fault::forbidden)?;
        let not_found = || ChangeIncidentResult::NotFound(NotFound { id: input.id.clone() });
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ChangeIncidentResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<IncidentId>() else {
            return Ok(not_found());
        };
        let what = match read(input.change) {
            Ok(what) => what,
            Err(invalid) => return Ok(ChangeIncidentResult::Invalid(invalid)),
        };
        let change = CaseChange::new(command_id, id.uuid(), input.expected_version.0);
        match request.app().change_incident(op, change, &what).await {
            Ok(_) => {
                let found = request.app().incident(op, id).await;
                match found.map_err(|error| refusal(ctx, error))? {
                    Some(detail) => Ok(ChangeIncidentResult::Changed(Box::new(IncidentChanged {
                        incident: Incident::new(ctx, detail)?,
                    }))),
                    None => Ok(not_found()),
                }
            }
            Err(ChangeIncidentError::NotFound) => Ok(not_found()),
            Err(ChangeIncidentError::Stale) => Ok(ChangeIncidentResult::Stale(CaseStale::new())),
            Err(ChangeIncidentError::Invalid(problems)) => Ok(ChangeIncidentResult::Invalid(problems.into())),
            Err(ChangeIncidentError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ChangeIncidentError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

fn read(change: IncidentChangeInput) -> Result<IncidentChange, InvalidInput> {
    let or_empty = |text: Option<String>| Personal::new(text.unwrap_or_default());
    Ok(match change {
        IncidentChangeInput::Classify(it) => IncidentChange::Classify {
            categories: it.categories.into_iter().map(Into::into).collect(),
        },
        IncidentChangeInput::CountTyped(it) => IncidentChange::CountTyped { persons: it.persons },
        IncidentChangeInput::CountSeen(it) => IncidentChange::CountSeen {
            scope: Scope {
                account: staff_id(&it.account).ok_or_else(|| {
                    InvalidInput::one("account", "not_found", "アカウントを選んでください。")
                })?,
                from: it.from.0,
                to: it.to.0,
            },
        },
        IncidentChangeInput::WriteReport(it) => {
            let items = it.items.into_iter().map(|item| (item.item.into(), item.text));
            IncidentChange::WriteReport {
                report: Report::new(items),
            }
        }
        IncidentChangeInput::RecordReport(it) => IncidentChange::RecordReport {
            stage: it.stage.into(),
            on: it.on.0,
            receipt: or_empty(it.receipt),
        },
        IncidentChangeInput::NotifyPersons(it) => IncidentChange::NotifyPersons {
            persons: it.persons,
            on: it.on.0,
            text: Personal::new(it.text),
        },
        IncidentChangeInput::Note(it) => IncidentChange::Note {
            text: Personal::new(it.text),
        },
        IncidentChangeInput::Close(it) => IncidentChange::Close {
            text: or_empty(it.text),
        },
    })
}

//! Every change of an incident: its kinds, how many persons, what the report says, what went out.

use chrono::NaiveDate;
use domain::incident::{
    self as decide, Category, Clock, Incident, IncidentEvent, IncidentRefusal, PART_REPORT, PART_TEXT,
    ReportItem, ReportStage, Scope,
};
use domain::staff::Permission;
use domain::{IncidentId, Personal};
use event_store::Position;
use serde_json::{Map, Value, json};

use super::draft::Report;
use super::open::TEXT_MAX;
use crate::case_log::{CaseChange, CaseEntry, CaseError, Sealed, read_text};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of a receipt number.
const RECEIPT_MAX: usize = 200;

/// What becomes of an incident. Texts are free, and sealed.
#[derive(Debug, Clone)]
pub enum IncidentChange {
    /// It is of these kinds.
    Classify {
        /// All of them.
        categories: Vec<Category>,
    },
    /// So many persons, by what somebody found out.
    CountTyped {
        /// How many.
        persons: u32,
    },
    /// As many as an account could have seen in a time.
    CountSeen {
        /// The account and the time.
        scope: Scope,
    },
    /// What the report says, all of it.
    WriteReport {
        /// Its items.
        report: Report,
    },
    /// A report went out.
    RecordReport {
        /// Which.
        stage: ReportStage,
        /// On which day.
        on: NaiveDate,
        /// The number under which it was received.
        receipt: Personal<String>,
    },
    /// Persons were told.
    NotifyPersons {
        /// How many.
        persons: u32,
        /// On which day.
        on: NaiveDate,
        /// How.
        text: Personal<String>,
    },
    /// Something to remember.
    Note {
        /// What.
        text: Personal<String>,
    },
    /// It is over.
    Close {
        /// What there is to say.
        text: Personal<String>,
    },
}

/// Why an incident was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeIncidentError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such incident.
    #[error("there is no such incident")]
    NotFound,
    /// Somebody was faster.
    #[error("the incident was changed since it was read")]
    Stale,
    /// What was typed has problems, or the incident does not stand where that could be done.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<InputProblem> for ChangeIncidentError {
    fn from(problem: InputProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

/// What was read and looked up before it is decided.
struct Known<'a> {
    clock: Clock<'a>,
    threshold: u32,
    seen: u32,
    sealed: Vec<Sealed>,
}

impl App {
    /// Makes one change of an incident; answers with its version from then on.
    pub async fn change_incident(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: &IncidentChange,
    ) -> Result<Position, ChangeIncidentError> {
        let allowed = op.require(Permission::ManageIncidents)?;
        let sealed = sealed_of(what).map_err(ChangeIncidentError::Invalid)?;
        let seen = match what {
            IncidentChange::CountSeen { scope } => {
                self.persons_seen(scope, IncidentId::new(change.id)).await?
            }
            _ => 0,
        };
        let calendar = self.calendar().await?;
        let known = Known {
            clock: Clock {
                now: op.now(),
                office: calendar.days(),
                moves: self.case_rules().moves_last_day,
            },
            threshold: self.case_rules().reportable_persons,
            seen,
            sealed,
        };
        let changed = self
            .change_case(allowed, op, change, |history| judge(history, what, known))
            .await;
        changed.map_err(|error| match error {
            CaseError::NotFound => ChangeIncidentError::NotFound,
            CaseError::Stale => ChangeIncidentError::Stale,
            CaseError::CommandReused => InputProblem::command_reused().into(),
            CaseError::Refused(refused) => InputProblem::from(refused).into(),
            CaseError::Internal(error) => error.into(),
        })
    }
}

/// What is to be sealed.
fn sealed_of(what: &IncidentChange) -> Result<Vec<Sealed>, Vec<InputProblem>> {
    let (text, limits) = match what {
        IncidentChange::Classify { .. }
        | IncidentChange::CountTyped { .. }
        | IncidentChange::CountSeen { .. } => return Ok(Vec::new()),
        IncidentChange::WriteReport { report } => return Ok(vec![(PART_REPORT, read_report(report)?)]),
        IncidentChange::RecordReport { receipt, .. } => (receipt, (false, RECEIPT_MAX)),
        IncidentChange::NotifyPersons { text, .. } | IncidentChange::Note { text } => {
            (text, (true, TEXT_MAX))
        }
        IncidentChange::Close { text } => (text, (false, TEXT_MAX)),
    };
    let field = match what {
        IncidentChange::RecordReport { .. } => "receipt",
        _ => "text",
    };
    let text = read_text(field, text.reveal(), limits).map_err(|problem| vec![problem])?;
    Ok(text.map(|text| (PART_TEXT, json!(text))).into_iter().collect())
}

fn read_report(report: &Report) -> Result<Value, Vec<InputProblem>> {
    let mut stored = Map::new();
    let mut problems = Vec::new();
    for (item, typed) in report.iter() {
        match read_text(&format!("items.{}", item.code()), typed, (false, TEXT_MAX)) {
            Ok(Some(text)) => {
                stored.insert(item.code().to_owned(), Value::String(text));
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(Value::Object(stored))
    } else {
        Err(problems)
    }
}

fn judge(
    history: &[CaseEntry<IncidentEvent>],
    what: &IncidentChange,
    known: Known<'_>,
) -> Result<(IncidentEvent, Vec<Sealed>), IncidentRefusal> {
    let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
    // An incident begins with its opening.
    let incident = Incident::of(said).ok_or(IncidentRefusal::Closed)?;
    let clock = known.clock;
    let event = match what {
        IncidentChange::Classify { categories } => decide::classify(&incident, categories.clone(), clock)?,
        IncidentChange::CountTyped { persons } => decide::count_persons(&incident, *persons, None, clock)?,
        IncidentChange::CountSeen { scope } => {
            decide::count_persons(&incident, known.seen, Some(scope.clone()), clock)?
        }
        IncidentChange::WriteReport { report } => {
            let filled: Vec<ReportItem> = report
                .iter()
                .filter(|(_, text)| !text.trim().is_empty())
                .map(|(item, _)| item)
                .collect();
            decide::write_report(&incident, &filled)?
        }
        IncidentChange::RecordReport { stage, on, .. } => {
            decide::record_report(&incident, *stage, *on, clock)?
        }
        IncidentChange::NotifyPersons { persons, on, .. } => {
            decide::notify_persons(&incident, *persons, *on, clock)?
        }
        IncidentChange::Note { .. } => decide::note(&incident),
        IncidentChange::Close { .. } => decide::close(&incident, known.threshold)?,
    };
    Ok((event, known.sealed))
}

//! Somebody became aware: both clocks run.

use chrono::{DateTime, Utc};
use domain::incident::{self as decide, Category, Clock, IncidentRefusal, PART_TEXT};
use domain::staff::Permission;
use domain::{IncidentId, Personal};
use serde_json::json;
use uuid::Uuid;

use crate::case_log::{CaseError, read_text};
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of a text.
pub(super) const TEXT_MAX: usize = 4_000;

/// Somebody became aware.
#[derive(Debug, Clone)]
pub struct OpenIncident {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// When.
    pub aware_at: DateTime<Utc>,
    /// Why it must be reported, as far as it is known.
    pub categories: Vec<Category>,
    /// What is known.
    pub text: Personal<String>,
}

/// Why no incident was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenIncidentError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Writes down that something may have got out.
    pub async fn open_incident(
        &self,
        op: &OpContext,
        command: &OpenIncident,
    ) -> Result<IncidentId, OpenIncidentError> {
        let allowed = op.require(Permission::ManageIncidents)?;
        let id = IncidentId::new(derived_id(command.command_id, "incident"));
        let calendar = self.calendar().await?;
        let clock = Clock {
            now: op.now(),
            office: calendar.days(),
            moves: self.case_rules().moves_last_day,
        };
        let mut problems = Vec::new();
        let text = read_text("text", command.text.reveal(), (true, TEXT_MAX));
        let text = text.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let opened = decide::open(id, command.aware_at, command.categories.clone(), clock);
        let event = match opened {
            Ok(event) if problems.is_empty() => event,
            Ok(_) => return Err(OpenIncidentError::Invalid(problems)),
            Err(refused) => {
                problems.push(InputProblem::new("awareAt", refused.code(), refused.japanese()));
                return Err(OpenIncidentError::Invalid(problems));
            }
        };
        let sealed = vec![(PART_TEXT, json!(text))];
        let written: Result<_, CaseError<IncidentRefusal>> = self
            .open_case(allowed, op, (command.command_id, id.uuid()), &event, sealed)
            .await;
        match written {
            Ok(_) => Ok(id),
            Err(CaseError::Internal(error)) => Err(error.into()),
            Err(_) => Err(OpenIncidentError::Invalid(vec![InputProblem::command_reused()])),
        }
    }
}

impl From<IncidentRefusal> for InputProblem {
    fn from(refused: IncidentRefusal) -> Self {
        Self::new(refused.field(), refused.code(), refused.japanese())
    }
}

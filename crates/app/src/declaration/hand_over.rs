//! Hands a declaration over to whoever succeeds the declarer.

use chrono::NaiveDate;
use domain::declaration::decide::{FieldInput, HandOver as Decide, HandOverError, hand_over};
use domain::declaration::{HandOverKind, Timeline};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::attachment::{EvidenceError, EvidenceFor, GivenEvidence};
use crate::{App, InputProblem, OpContext};

/// A hand-over as a person recorded it.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// How it came about.
    pub kind: HandOverKind,
    /// Since when.
    pub on: NaiveDate,
    /// Who stands behind the declaration now, as typed.
    pub fields: Vec<FieldInput>,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub evidence: GivenEvidence,
}

/// Why a declaration is not handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandOverRefused {
    /// A document is not there for this change.
    #[error("the evidence is not there")]
    Evidence(InputProblem),
    /// The decision refused it.
    #[error(transparent)]
    Refused(HandOverError),
}

impl App {
    /// Hands a declaration over. Number and star stay, and its history knows who it was.
    pub async fn hand_over(
        &self,
        op: &OpContext,
        change: Change,
        command: HandOver,
    ) -> Result<Changed, ChangeError<HandOverRefused>> {
        op.require(Permission::HandOver).map_err(ChangeError::Forbidden)?;
        let of = EvidenceFor {
            declaration_id: change.id,
            command_id: change.command_id,
            inquiry: change.inquiry,
        };
        let evidence = self.evidence(op, &command.evidence, of).await;
        let evidence = evidence.map_err(|error| match error {
            EvidenceError::Invalid(problem) => ChangeError::Refused(HandOverRefused::Evidence(problem)),
            EvidenceError::Internal(error) => ChangeError::Internal(error),
        })?;
        let today = op.today();
        self.change_beside(
            op,
            Permission::HandOver,
            &change,
            || self.number_live_elsewhere(change.id, &command.fields, today),
            |timeline: &Timeline, today, number_live_elsewhere| {
                let wanted = Decide {
                    kind: command.kind,
                    on: command.on,
                    changes: command.fields.clone(),
                    reason: command.reason.clone(),
                    evidence: evidence.clone(),
                    number_live_elsewhere,
                };
                hand_over(timeline, &wanted, today).map_err(HandOverRefused::Refused)
            },
        )
        .await
    }
}

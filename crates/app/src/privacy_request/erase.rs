//! That somebody is forgotten in a record, asked of a second person because of a case. The request and its place in the case are one
//! append, so that nobody has to carry a number from one to the other.

use domain::ApprovalId;
use domain::DeclarationId;
use domain::declaration::Role;
use domain::privacy_request::{
    self as decide, PART_TEXT, PrivacyRequest, PrivacyRequestEvent, PrivacyRequestRefusal, Standing,
    Standings,
};
use domain::staff::Permission;
use event_store::Position;
use serde_json::json;
use storage::approval::{self as approvals, ApprovalRow};
use uuid::Uuid;

use super::ChangePrivacyRequestError;
use crate::approval::{Act, Prepared, RequestApproval, RequestApprovalError};
use crate::case_log::{Along, CaseChange, CaseEntry, CaseError};
use crate::person_words::role_word;
use crate::{App, InputProblem, Internal, OpContext};

/// Who is to be forgotten, and where.
#[derive(Debug, Clone)]
pub struct ErasureOfCase {
    /// In which record of the case.
    pub declaration_id: DeclarationId,
    /// The version of the record that its author saw.
    pub expected_version: Position,
    /// In which role.
    pub person: Role,
    /// What the record's history says about why; it stays, so it must not name the person.
    pub reason: String,
}

impl App {
    /// Asks for it; answers with the request that a second person decides about.
    pub async fn request_erasure(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: &ErasureOfCase,
    ) -> Result<ApprovalId, ChangePrivacyRequestError> {
        op.require(Permission::ManagePrivacyRequests)?;
        op.require(Permission::ForgetPerson)?;
        let command = RequestApproval {
            command_id: change.command_id,
            act: Act::ForgetPerson {
                declaration_id: what.declaration_id,
                expected_version: what.expected_version.get(),
                person: what.person,
                reason: what.reason.clone(),
            },
            reason: what.reason.clone(),
        };
        let id = command.id();
        let receipt = self.store.receipt(change.command_id).await;
        if receipt.map_err(Internal::new)?.is_some() {
            return self.asked_before(change.id, id, &command).await;
        }
        let standings = self.standings_of(change.id).await?;
        let history = self.case_history::<PrivacyRequestEvent>(change.id).await?;
        // What the case refuses is told before anybody is asked whether it could be done.
        let last = history.last().ok_or(ChangePrivacyRequestError::NotFound)?;
        if last.position != change.expected_version {
            return Err(ChangePrivacyRequestError::Stale);
        }
        let judge = |history: &[CaseEntry<PrivacyRequestEvent>]| {
            let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
            let request = PrivacyRequest::of(said).ok_or(PrivacyRequestRefusal::Closed)?;
            let target = (what.declaration_id, what.person);
            decide::request_erasure(&request, target, id, &standings)
        };
        judge(&history).map_err(InputProblem::from)?;
        let Prepared { events, reason } = self.prepare_approval(op, &command).await.map_err(not_requested)?;
        let along = Along {
            events,
            reason: Some(reason),
        };
        let text = format!("{}の個人情報の消去", role_word(what.person));
        let written = self
            .change_case_with(op, change, along, |history| {
                Ok((judge(history)?, vec![(PART_TEXT, json!(text))]))
            })
            .await;
        match written {
            Ok(_) => Ok(id),
            // The same command was as fast.
            Err(CaseError::CommandReused) => self.asked_before(change.id, id, &command).await,
            Err(error) => Err(error.into()),
        }
    }

    /// An earlier try of the same command for the same case, or another one under its id.
    async fn asked_before(
        &self,
        case: Uuid,
        id: ApprovalId,
        command: &RequestApproval,
    ) -> Result<ApprovalId, ChangePrivacyRequestError> {
        let history = self.case_history::<PrivacyRequestEvent>(case).await?;
        let is_its = history.iter().any(|entry| {
            matches!(&entry.event,
                PrivacyRequestEvent::MeasureRecorded { measure, .. } if measure.approval_id == Some(id))
        });
        if !is_its {
            return Err(InputProblem::command_reused().into());
        }
        self.requested_before(id, &command.act)
            .await
            .map_err(not_requested)
    }

    /// What became of the requests to a second person that belong to a case.
    pub(super) async fn standings_of(&self, case: Uuid) -> Result<Standings, Internal> {
        let history = self.case_history::<PrivacyRequestEvent>(case).await?;
        let rows = self
            .approvals_of(history.iter().map(|entry| &entry.event))
            .await?;
        let now = self.now();
        let standing = |row: &ApprovalRow| match row.status_at(now) {
            "open" | "approved" | "bypassed" => Standing::Waiting,
            "carried_out" => Standing::Done,
            _ => Standing::Over,
        };
        Ok(rows.iter().map(|row| (row.id, standing(row))).collect())
    }

    /// The requests to a second person that the events of a case name.
    pub(super) async fn approvals_of(
        &self,
        events: impl Iterator<Item = &PrivacyRequestEvent>,
    ) -> Result<Vec<ApprovalRow>, Internal> {
        let ids: Vec<ApprovalId> = events
            .filter_map(|event| match event {
                PrivacyRequestEvent::MeasureRecorded { measure, .. } => measure.approval_id,
                _ => None,
            })
            .collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = approvals::by_ids(self.store.database(), &ids).await;
        rows.map_err(Internal::new)
    }
}

fn not_requested(error: RequestApprovalError) -> ChangePrivacyRequestError {
    match error {
        RequestApprovalError::Forbidden(refused) => refused.into(),
        RequestApprovalError::Invalid(problems) => ChangePrivacyRequestError::Invalid(problems),
        RequestApprovalError::Stale => ChangePrivacyRequestError::Stale,
        RequestApprovalError::CommandReused => InputProblem::command_reused().into(),
        RequestApprovalError::Internal(error) => error.into(),
    }
}

//! What a member of staff has to look at first: what is due by law, what waits for them, what stands still.

use domain::job::JobState;
use domain::mailing::State;
use domain::staff::{Actor, Permission};
use storage::incident::{self, IncidentRow};
use storage::privacy_request::{self, PrivacyRequestRow};
use storage::{approval, job, mail};

use crate::{App, Forbidden, Internal, OpContext};

/// Deadlines that are shown; the lists have the rest.
const DEADLINES: u32 = 50;

/// What is on the home page. `None`: the reader has no right to it.
#[derive(Debug, Clone)]
pub struct Home {
    /// Requests of data subjects that are not over, the nearest last day first.
    pub privacy_requests: Option<Vec<PrivacyRequestRow>>,
    /// Incidents that are not over.
    pub incidents: Option<Vec<IncidentRow>>,
    /// Requests that the reader can agree to.
    pub approvals: Option<u64>,
    /// Jobs that were given up.
    pub failed_jobs: Option<u64>,
    /// Mails that wait for a person: in doubt, or parked.
    pub mails_to_decide: Option<u64>,
}

/// Why there is no home page.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// What the reader has to look at first, as far as they may see it.
    pub async fn home(&self, op: &OpContext) -> Result<Home, HomeError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let mut home = Home {
            privacy_requests: None,
            incidents: None,
            approvals: None,
            failed_jobs: None,
            mails_to_decide: None,
        };
        if op.may(Permission::ReadPrivacyRequests) {
            let rows = privacy_request::unfinished(database, DEADLINES).await;
            home.privacy_requests = Some(rows.map_err(Internal::new)?);
        }
        if op.may(Permission::ReadIncidents) {
            let rows = incident::unfinished(database, DEADLINES).await;
            home.incidents = Some(rows.map_err(Internal::new)?);
        }
        if op.may(Permission::Approve) {
            let rows = approval::open(database, op.now()).await.map_err(Internal::new)?;
            let me = op.staff_id().map(|id| Actor::Staff(id).to_string());
            let others = rows.iter().filter(|row| Some(&row.requested_by) != me.as_ref());
            home.approvals = Some(others.count() as u64);
        }
        if op.may(Permission::ReadOperations) {
            let jobs = job::counts(database).await.map_err(Internal::new)?;
            let failed = jobs.iter().filter(|(state, _)| *state == JobState::Dead);
            home.failed_jobs = Some(failed.map(|(_, count)| count).sum());
            let mails = mail::counts(database).await.map_err(Internal::new)?;
            let stands = mails
                .iter()
                .filter(|(state, _)| matches!(state, State::InDoubt | State::Parked));
            home.mails_to_decide = Some(stands.map(|(_, count)| count).sum());
        }
        Ok(home)
    }
}

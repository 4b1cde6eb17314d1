//! An office inside the test's own process, with a registrar, whose jobs the test claims, runs and ends as it wants: for what only shows where
//! processes end, people change their minds, and rights are lost.

use std::net::IpAddr;
use std::sync::Arc;

use app::job::{Effects, Job, JobEnd, JobFailure, JobHandler, JobRun};
use app::staff::{AcceptInvitation, ChangeAccount, Place};
use app::{App, OpContext, SystemRandom};
use chrono::TimeDelta;
use domain::staff::{Actor, Role, StaffId};
use event_store::{Position, Query, RecordedEvent};
use test_support::TestDatabase;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Inside, PASSWORD};

/// An office and its registrar.
pub struct JobDesk {
    /// The use cases.
    pub app: Arc<App>,
    /// Who works here.
    pub registrar: StaffId,
}

impl JobDesk {
    /// An empty office.
    pub async fn open(db: &TestDatabase) -> Self {
        let store = db.open_store_with(storage::inline_projectors()).await;
        let app = Inside::open(store, Arc::new(SystemRandom)).await.app;
        let registrar = member(&app, "touroku", Role::Registrar).await;
        Self { app, registrar }
    }

    /// The registrar at work.
    pub fn op(&self) -> OpContext {
        self.op_of(self.registrar, Role::Registrar)
    }

    /// Somebody else at work.
    pub fn op_of(&self, id: StaffId, role: Role) -> OpContext {
        let request = self.app.new_id().expect("an id");
        self.app.context(Actor::Staff(id), vec![role], request, "test")
    }

    /// Somebody else who works here.
    pub async fn member(&self, login: &str, role: Role) -> StaffId {
        member(&self.app, login, role).await
    }

    /// The jobs of a command, for leases that are over at once: the next claim takes them over.
    pub async fn claim_all(&self, command: &str) -> Vec<Job> {
        let commands = [command.to_owned()];
        let claimed = self
            .app
            .claim_jobs("here", &commands, TimeDelta::zero(), 10)
            .await;
        claimed.expect("an answer")
    }

    /// The only one.
    pub async fn claim(&self, command: &str) -> Job {
        let claimed = self.claim_all(command).await;
        let [job] = claimed.as_slice() else {
            panic!("one job: {claimed:?}");
        };
        job.clone()
    }

    /// One attempt at a job.
    pub async fn run(&self, handler: &dyn JobHandler, job: &Job) -> Result<Effects, JobFailure> {
        let attempt = JobRun::new(job.clone(), CancellationToken::new());
        handler.run(&self.app, &attempt).await
    }

    /// Says how a job ended.
    pub async fn end(&self, job: &Job, end: JobEnd) {
        let op = self.app.command_line().expect("a context");
        self.app.end_job(&op, job, end).await.expect("it ends");
    }

    /// Takes the registrar's rights away.
    pub async fn demote(&self) {
        let op = self.app.command_line().expect("a context");
        let account = self.app.account(&op, self.registrar).await.expect("an answer");
        let change = ChangeAccount {
            command_id: Uuid::now_v7(),
            id: self.registrar,
            expected_version: account.expect("the account").version,
        };
        let changed = self.app.change_roles(&op, change, &[Role::Viewer]).await;
        changed.expect("other roles");
    }

    /// The whole log.
    pub async fn events(&self) -> Vec<RecordedEvent> {
        let events = self
            .app
            .store()
            .read(&Query::all(), Position::START, 100_000)
            .await;
        events.expect("the log")
    }

    /// How many events of a type there are.
    pub async fn count(&self, event_type: &str) -> usize {
        let events = self.events().await.into_iter();
        events.filter(|event| event.event_type == event_type).count()
    }
}

async fn member(app: &App, login: &str, role: Role) -> StaffId {
    let op = app.command_line().expect("a context");
    let invited = app.invite(&op, &[role], None).await.expect("a link");
    let command = AcceptInvitation {
        token: invited.token,
        login: login.to_owned(),
        name: "見本 花子".to_owned(),
        password: PASSWORD.to_owned(),
        place: Place {
            address: IpAddr::from([127, 0, 0, 1]),
            user_agent: None,
        },
    };
    let entered = app.accept_invitation(command).await.expect("an account");
    entered.session.staff.id
}

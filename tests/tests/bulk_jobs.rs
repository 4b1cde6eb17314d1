//! The jobs of bulk changes where processes end, people change their minds, and rights are lost: inside the test's own process, which
//! claims and ends them as it wants.

use std::net::IpAddr;
use std::sync::Arc;

use app::bulk_change::{
    FreezeBulkChange, RUN, RunBulkChange, Selection, StartBulkChange, TRY, TouchBulkChange, TryBulkChange,
    UndoBulkChange,
};
use app::declaration::List;
use app::import::{ImportOptions, Source};
use app::job::{Job, JobEnd, JobFailure, JobHandler, JobRun};
use app::staff::{AcceptInvitation, ChangeAccount, Place};
use app::{App, OpContext, SystemRandom};
use chrono::TimeDelta;
use domain::bulk_change::BulkAction;
use domain::declaration::FlagCode;
use domain::reason::ReasonCode;
use domain::staff::{Actor, Role, StaffId};
use domain::{BulkChangeId, DeclarationId};
use event_store::{Position, Query};
use storage::bulk_change_row::Pass;
use test_support::TestDatabase;
use tests::{Inside, PASSWORD, Row, database, register};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

test_support::on_both_engines!(
    what_a_process_did_before_it_ended_is_not_done_again,
    nothing_is_written_after_somebody_wanted_it_stopped_and_it_can_go_on,
    whoever_loses_the_right_meanwhile_ends_it_and_it_says_so,
    a_job_that_stood_still_while_it_was_stopped_writes_nothing,
    what_was_written_and_not_said_before_it_was_stopped_is_taken_back_too,
);

const RECORDS: usize = 450;

struct Office {
    app: Arc<App>,
    registrar: StaffId,
    ids: Vec<DeclarationId>,
}

impl Office {
    /// Records of more than two batches, and a registrar.
    async fn open(db: &TestDatabase) -> Self {
        let store = db.open_store_with(storage::inline_projectors()).await;
        let app = Inside::open(store, Arc::new(SystemRandom)).await.app;
        let rows: Vec<Row> = (1..=RECORDS)
            .map(|i| Row::corporation(&format!("47{i:09}")))
            .collect();
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), register(&rows)).expect("the register");
        let op = app.command_line().expect("a context");
        let source = Source::open(file.path(), None).expect("a register");
        app.import_declarations(&op, &source, "register", &ImportOptions::default(), |_| {})
            .await
            .expect("an import");
        let mut ids = Vec::new();
        let mut after = None;
        loop {
            let list = List {
                first: 200,
                after: after.clone(),
                ..List::default()
            };
            let page = app.declarations(&op, list).await.expect("a page");
            ids.extend(page.rows.iter().map(|row| row.id));
            after = page.end_cursor;
            if !page.has_next_page {
                break;
            }
        }
        assert_eq!(ids.len(), RECORDS);
        let registrar = member(&app, Role::Registrar).await;
        Self { app, registrar, ids }
    }

    fn op(&self) -> OpContext {
        let request = self.app.new_id().expect("an id");
        let actor = Actor::Staff(self.registrar);
        self.app.context(actor, vec![Role::Registrar], request, "test")
    }

    /// Tried out and begun, its job unclaimed.
    async fn begun(&self) -> BulkChangeId {
        let command = FreezeBulkChange {
            command_id: Uuid::now_v7(),
            selection: Selection::Ids(self.ids.clone()),
            action: BulkAction::RaiseFlag {
                flag: FlagCode::IndustryUnknown,
                reason: "一斉点検".to_owned(),
            },
        };
        let id = self.app.freeze_bulk_change(&self.op(), command).await;
        let id = id.expect("a bulk change");
        let job = self.claim(TRY).await;
        let effects = run(&self.app, &TryBulkChange, &job).await.expect("a trial");
        self.end(&job, JobEnd::Done(effects)).await;
        let start = StartBulkChange {
            command_id: Uuid::now_v7(),
            id,
        };
        self.app
            .start_bulk_change(&self.op(), start)
            .await
            .expect("it begins");
        id
    }

    /// The one job of a command, for a lease that is over at once: the next claim takes it over.
    async fn claim(&self, command: &str) -> Job {
        let commands = [command.to_owned()];
        let lease = TimeDelta::zero();
        let claimed = self.app.claim_jobs("here", &commands, lease, 10).await;
        let claimed = claimed.expect("an answer");
        let [job] = claimed.as_slice() else {
            panic!("one job: {claimed:?}");
        };
        job.clone()
    }

    async fn end(&self, job: &Job, end: JobEnd) {
        let op = self.app.command_line().expect("a context");
        self.app.end_job(&op, job, end).await.expect("it ends");
    }

    async fn touch(&self, id: BulkChangeId, goes_on: bool) {
        let command = TouchBulkChange {
            command_id: Uuid::now_v7(),
            id,
            goes_on,
        };
        self.app
            .touch_bulk_change(&self.op(), command)
            .await
            .expect("it is touched");
    }

    async fn raised(&self) -> usize {
        let events = self
            .app
            .store()
            .read(&Query::all(), Position::START, 100_000)
            .await;
        let events = events.expect("the log");
        let raised = events.iter().filter(|event| {
            event.event_type == "declaration.flag_raised"
                && event.data.to_string().contains("industry_unknown")
        });
        raised.count()
    }

    async fn known(&self, id: BulkChangeId) -> Vec<(Option<&'static str>, u32)> {
        let found = self.app.bulk_change(&self.op(), id).await.expect("an answer");
        let counts = found.expect("the bulk change").result;
        let mut counts: Vec<_> = counts
            .into_iter()
            .map(|(outcome, count)| (outcome.map(domain::bulk_change::Outcome::code), count))
            .collect();
        counts.sort_unstable();
        counts
    }
}

async fn member(app: &App, role: Role) -> StaffId {
    let op = app.command_line().expect("a context");
    let invited = app.invite(&op, &[role], None).await.expect("a link");
    let command = AcceptInvitation {
        token: invited.token,
        login: "touroku".to_owned(),
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

async fn run(app: &App, handler: &dyn JobHandler, job: &Job) -> Result<app::job::Effects, JobFailure> {
    let attempt = JobRun::new(job.clone(), CancellationToken::new());
    handler.run(app, &attempt).await
}

const LOST: &str = "UPDATE bulk_change_row SET outcome = NULL WHERE ordinal > 100";

async fn what_a_process_did_before_it_ended_is_not_done_again(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let first = office.claim(RUN).await;
    run(&office.app, &RunBulkChange, &first)
        .await
        .expect("an attempt");
    assert_eq!(office.raised().await, RECORDS);
    // It ended before it could say what became of most records, and before it could say that it is done.
    database::execute(office.app.store().database(), LOST).await;
    let second = office.claim(RUN).await;
    assert_eq!(second.attempt, 2);
    let effects = run(&office.app, &RunBulkChange, &second)
        .await
        .expect("an attempt");
    assert_eq!(effects.result.code(), Some(ReasonCode::BulkDone));
    assert_eq!(office.raised().await, RECORDS, "nothing is done twice");
    office.end(&second, JobEnd::Done(effects)).await;
    assert_eq!(office.known(id).await, [(Some("changed"), 450)]);
}

async fn nothing_is_written_after_somebody_wanted_it_stopped_and_it_can_go_on(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let job = office.claim(RUN).await;
    office.touch(id, false).await;
    let stopped = run(&office.app, &RunBulkChange, &job).await;
    assert!(matches!(stopped, Err(JobFailure::Stopped)), "{stopped:?}");
    assert_eq!(office.raised().await, 0);
    office.end(&job, JobEnd::Stopped).await;
    assert_eq!(office.known(id).await, [(None, 450)]);
    office.touch(id, true).await;
    let again = office.claim(RUN).await;
    run(&office.app, &RunBulkChange, &again)
        .await
        .expect("an attempt");
    assert_eq!(office.raised().await, RECORDS);
}

async fn whoever_loses_the_right_meanwhile_ends_it_and_it_says_so(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let job = office.claim(RUN).await;
    let op = office.app.command_line().expect("a context");
    let account = office
        .app
        .account(&op, office.registrar)
        .await
        .expect("an answer");
    let change = ChangeAccount {
        command_id: Uuid::now_v7(),
        id: office.registrar,
        expected_version: account.expect("the account").version,
    };
    office
        .app
        .change_roles(&op, change, &[Role::Viewer])
        .await
        .expect("other roles");
    let ended = run(&office.app, &RunBulkChange, &job).await;
    let Err(JobFailure::Hopeless(why)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(why.code(), Some(ReasonCode::BulkNotAllowed));
    assert_eq!(office.raised().await, 0);
    assert_eq!(office.known(id).await, [(None, 450)]);
}

async fn a_job_that_stood_still_while_it_was_stopped_writes_nothing(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let slow = office.claim(RUN).await;
    let fast = office.claim(RUN).await;
    // It was taken over: its term is over, and it looks before each batch.
    let outcome = run(&office.app, &RunBulkChange, &slow).await;
    assert!(matches!(outcome, Err(JobFailure::Stopped)), "{outcome:?}");
    assert_eq!(office.raised().await, 0);
    run(&office.app, &RunBulkChange, &fast).await.expect("an attempt");
    let rows = office
        .app
        .bulk_rows(
            &office.op(),
            id,
            Some((Pass::Run, domain::bulk_change::Outcome::Changed)),
            0,
            1_000,
        )
        .await
        .expect("rows");
    assert_eq!(rows.len(), RECORDS);
}

async fn what_was_written_and_not_said_before_it_was_stopped_is_taken_back_too(db: TestDatabase) {
    const LOST_AT_LAST: &str = "UPDATE bulk_change_row SET outcome = NULL WHERE ordinal > 300";
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let job = office.claim(RUN).await;
    run(&office.app, &RunBulkChange, &job).await.expect("an attempt");
    // It ended before it could say what became of the last batch, and somebody stopped it before it went on.
    database::execute(office.app.store().database(), LOST_AT_LAST).await;
    office.touch(id, false).await;
    office.end(&job, JobEnd::Stopped).await;
    let command = UndoBulkChange {
        command_id: Uuid::now_v7(),
        id,
        reason: "取り違え".to_owned(),
    };
    let undo = office.app.undo_bulk_change(&office.op(), command).await;
    let undo = undo.expect("another bulk change");
    assert_eq!(office.known(id).await, [(Some("changed"), 450)]);
    let chosen = office
        .app
        .bulk_change(&office.op(), undo)
        .await
        .expect("an answer");
    assert_eq!(chosen.expect("the bulk change").change.count, 450);
}

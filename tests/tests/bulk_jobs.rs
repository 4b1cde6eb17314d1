//! The jobs of bulk changes where processes end, people change their minds, and rights are lost.

use app::bulk_change::{
    FreezeBulkChange, RUN, RunBulkChange, Selection, StartBulkChange, TRY, TouchBulkChange, TryBulkChange,
    UndoBulkChange,
};
use app::declaration::List;
use app::import::{ImportOptions, Source};
use app::job::{JobEnd, JobFailure};
use domain::bulk_change::BulkAction;
use domain::declaration::FlagCode;
use domain::reason::ReasonCode;
use domain::{BulkChangeId, DeclarationId};
use storage::bulk_change_row::Pass;
use test_support::TestDatabase;
use tests::{JobDesk, Row, database, register};
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
    desk: JobDesk,
    ids: Vec<DeclarationId>,
}

impl Office {
    /// Records of more than two batches, and a registrar.
    async fn open(db: &TestDatabase) -> Self {
        let desk = JobDesk::open(db).await;
        let app = &desk.app;
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
        Self { desk, ids }
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
        let id = self.desk.app.freeze_bulk_change(&self.desk.op(), command).await;
        let id = id.expect("a bulk change");
        let job = self.desk.claim(TRY).await;
        let effects = self.desk.run(&TryBulkChange, &job).await.expect("a trial");
        self.desk.end(&job, JobEnd::Done(effects)).await;
        let start = StartBulkChange {
            command_id: Uuid::now_v7(),
            id,
        };
        self.desk
            .app
            .start_bulk_change(&self.desk.op(), start)
            .await
            .expect("it begins");
        id
    }

    async fn touch(&self, id: BulkChangeId, goes_on: bool) {
        let command = TouchBulkChange {
            command_id: Uuid::now_v7(),
            id,
            goes_on,
        };
        self.desk
            .app
            .touch_bulk_change(&self.desk.op(), command)
            .await
            .expect("it is touched");
    }

    async fn raised(&self) -> usize {
        let events = self.desk.events().await.into_iter();
        let raised = events.filter(|event| {
            event.event_type == "declaration.flag_raised"
                && event.data.to_string().contains("industry_unknown")
        });
        raised.count()
    }

    async fn known(&self, id: BulkChangeId) -> Vec<(Option<&'static str>, u32)> {
        let found = self
            .desk
            .app
            .bulk_change(&self.desk.op(), id)
            .await
            .expect("an answer");
        let counts = found.expect("the bulk change").result;
        let mut counts: Vec<_> = counts
            .into_iter()
            .map(|(outcome, count)| (outcome.map(domain::bulk_change::Outcome::code), count))
            .collect();
        counts.sort_unstable();
        counts
    }
}

const LOST: &str = "UPDATE bulk_change_row SET outcome = NULL WHERE ordinal > 100";

async fn what_a_process_did_before_it_ended_is_not_done_again(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let first = office.desk.claim(RUN).await;
    office.desk.run(&RunBulkChange, &first).await.expect("an attempt");
    assert_eq!(office.raised().await, RECORDS);
    // It ended before it could say what became of most records, and before it could say that it is done.
    database::execute(office.desk.app.store().database(), LOST).await;
    let second = office.desk.claim(RUN).await;
    assert_eq!(second.attempt, 2);
    let effects = office
        .desk
        .run(&RunBulkChange, &second)
        .await
        .expect("an attempt");
    assert_eq!(effects.result.code(), Some(ReasonCode::BulkDone));
    assert_eq!(office.raised().await, RECORDS, "nothing is done twice");
    office.desk.end(&second, JobEnd::Done(effects)).await;
    assert_eq!(office.known(id).await, [(Some("changed"), 450)]);
}

async fn nothing_is_written_after_somebody_wanted_it_stopped_and_it_can_go_on(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let job = office.desk.claim(RUN).await;
    office.touch(id, false).await;
    let stopped = office.desk.run(&RunBulkChange, &job).await;
    assert!(matches!(stopped, Err(JobFailure::Stopped)), "{stopped:?}");
    assert_eq!(office.raised().await, 0);
    office.desk.end(&job, JobEnd::Stopped).await;
    assert_eq!(office.known(id).await, [(None, 450)]);
    office.touch(id, true).await;
    let again = office.desk.claim(RUN).await;
    office.desk.run(&RunBulkChange, &again).await.expect("an attempt");
    assert_eq!(office.raised().await, RECORDS);
}

async fn whoever_loses_the_right_meanwhile_ends_it_and_it_says_so(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.begun().await;
    let job = office.desk.claim(RUN).await;
    office.desk.demote().await;
    let ended = office.desk.run(&RunBulkChange, &job).await;
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
    let slow = office.desk.claim(RUN).await;
    let fast = office.desk.claim(RUN).await;
    // It was taken over: its term is over, and it looks before each batch.
    let outcome = office.desk.run(&RunBulkChange, &slow).await;
    assert!(matches!(outcome, Err(JobFailure::Stopped)), "{outcome:?}");
    assert_eq!(office.raised().await, 0);
    office.desk.run(&RunBulkChange, &fast).await.expect("an attempt");
    let rows = office
        .desk
        .app
        .bulk_rows(
            &office.desk.op(),
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
    let job = office.desk.claim(RUN).await;
    office.desk.run(&RunBulkChange, &job).await.expect("an attempt");
    // It ended before it could say what became of the last batch, and somebody stopped it before it went on.
    database::execute(office.desk.app.store().database(), LOST_AT_LAST).await;
    office.touch(id, false).await;
    office.desk.end(&job, JobEnd::Stopped).await;
    let command = UndoBulkChange {
        command_id: Uuid::now_v7(),
        id,
        reason: "取り違え".to_owned(),
    };
    let undo = office.desk.app.undo_bulk_change(&office.desk.op(), command).await;
    let undo = undo.expect("another bulk change");
    assert_eq!(office.known(id).await, [(Some("changed"), 450)]);
    let chosen = office
        .desk
        .app
        .bulk_change(&office.desk.op(), undo)
        .await
        .expect("an answer");
    assert_eq!(chosen.expect("the bulk change").change.count, 450);
}

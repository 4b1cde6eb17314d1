//! The job that makes a file where its process ends in the middle, and bytes that change where they lie.

use app::export::{MAKE, MakeExport, RequestExport, TakeExportError};
use app::import::{ImportOptions, Source};
use app::job::{JobEnd, JobFailure, JobHandler as _, JobRun};
use app::{FileFault, PassingKind};
use domain::ExportId;
use domain::export::{Column, ExportPart, Format};
use domain::reason::ReasonCode;
use event_store::{Database, Engine};
use storage::declaration::{Filter, Sort};
use test_support::TestDatabase;
use tests::{JobDesk, corporations, database};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

test_support::on_both_engines!(
    a_file_whose_process_ended_midway_is_given_to_nobody_and_made_anew_as_a_whole,
    a_file_for_which_the_disk_has_no_room_is_not_half_made_and_is_made_when_there_is_room,
    a_file_that_was_changed_where_it_lies_is_found,
);

/// More than two pages of the register.
const ROWS: usize = 4_500;

async fn register(desk: &JobDesk, rows: usize) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), corporations(rows)).expect("the register");
    let op = desk.app.command_line().expect("a context");
    let source = Source::open(file.path(), None).expect("a register");
    let options = ImportOptions::default();
    let imported = desk
        .app
        .import_declarations(&op, &source, "register", &options, |_| {});
    imported.await.expect("an import");
}

/// Asks for the whole list with every column that is about organisations.
async fn request(desk: &JobDesk) -> ExportId {
    let columns = Column::ALL.iter().copied();
    let command = RequestExport {
        command_id: Uuid::now_v7(),
        filter: Filter::default(),
        search: None,
        sort: Sort::default(),
        columns: columns.filter(|column| !column.is_personal()).collect(),
        format: Format::CsvUtf8,
        reason: "年次の点検".to_owned(),
    };
    let requested = desk.app.request_export(&desk.op(), command).await;
    requested.expect("a request").id
}

async fn taken(desk: &JobDesk, id: ExportId) -> Vec<u8> {
    let file = desk.app.take_export(&desk.op(), id, ExportPart::File).await;
    let mut file = file.expect("a file");
    let mut bytes = Vec::new();
    while let Some(piece) = file.next(&desk.app).await.expect("a piece") {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

/// Until an attempt has written its first page.
async fn has_begun(attempt: &JobRun) {
    while attempt.progress().done == 0 {
        tokio::task::yield_now().await;
    }
}

async fn a_file_whose_process_ended_midway_is_given_to_nobody_and_made_anew_as_a_whole(db: TestDatabase) {
    let desk = JobDesk::open(&db).await;
    register(&desk, ROWS).await;
    let id = request(&desk).await;
    let attempt = JobRun::new(desk.claim(MAKE).await, CancellationToken::new());
    tokio::select! {
        ended = MakeExport.run(&desk.app, &attempt) => panic!("it was not interrupted: {ended:?}"),
        () = has_begun(&attempt) => {}
    }
    let database = desk.app.store().database();
    let pieces = "SELECT count(*) FROM export_piece";
    assert!(
        database::numbers(database, pieces).await[0] > 0,
        "half a file lies there"
    );
    let half = desk.app.take_export(&desk.op(), id, ExportPart::File).await;
    assert!(matches!(half, Err(TakeExportError::NotReady)), "{:?}", half.err());
    // Another process takes the job over when nobody renews it.
    let again = desk.claim(MAKE).await;
    assert_eq!(again.attempt, 2);
    let effects = desk.run(&MakeExport, &again).await.expect("a file");
    desk.end(&again, JobEnd::Done(effects)).await;
    let text = String::from_utf8(taken(&desk, id).await).expect("it is UTF-8");
    assert_eq!(
        text.lines().count(),
        ROWS + 1,
        "every record once, and the headings"
    );
    let terms = "SELECT count(DISTINCT term) FROM export_piece";
    assert_eq!(
        database::numbers(database, terms).await,
        [1],
        "what the first attempt left is gone"
    );
}

/// No piece fits any more: SQLite itself says that its disk is full, PostgreSQL by a trigger what it says then.
async fn fill(database: &Database) {
    let statements: &[&'static str] = match database.engine() {
        Engine::Sqlite => &["PRAGMA max_page_count = 1"],
        Engine::Postgres => &[
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full'', MESSAGE = ''no space left on device''; END'",
            "CREATE TRIGGER no_room BEFORE INSERT ON export_piece FOR EACH ROW WHEN (NEW.seq > 0) EXECUTE FUNCTION no_room()",
        ],
    };
    for statement in statements {
        database::execute(database, statement).await;
    }
}

async fn make_room(database: &Database) {
    let statement = match database.engine() {
        Engine::Sqlite => "PRAGMA max_page_count = 1073741823",
        Engine::Postgres => "DROP TRIGGER no_room ON export_piece",
    };
    database::execute(database, statement).await;
}

async fn a_file_for_which_the_disk_has_no_room_is_not_half_made_and_is_made_when_there_is_room(
    db: TestDatabase,
) {
    let desk = JobDesk::open(&db).await;
    register(&desk, ROWS).await;
    let id = request(&desk).await;
    let job = desk.claim(MAKE).await;
    let database = desk.app.store().database();
    fill(database).await;
    let ended = desk.run(&MakeExport, &job).await;
    let Err(JobFailure::Failed(why)) = ended else {
        panic!("it may do better another time: {ended:?}");
    };
    assert_eq!(why.code(), Some(ReasonCode::DatabaseDisk), "{why:?}");
    let half = desk.app.take_export(&desk.op(), id, ExportPart::File).await;
    assert!(matches!(half, Err(TakeExportError::NotReady)), "{:?}", half.err());
    make_room(database).await;
    let again = desk.claim(MAKE).await;
    let effects = desk.run(&MakeExport, &again).await.expect("a file");
    desk.end(&again, JobEnd::Done(effects)).await;
    let text = String::from_utf8(taken(&desk, id).await).expect("it is UTF-8");
    assert_eq!(text.lines().count(), ROWS + 1);
}

fn flip(database: &Database) -> &'static str {
    match database.engine() {
        Engine::Sqlite => {
            "UPDATE export_piece SET bytes = unhex(hex(substr(bytes, 1, 20)) || \
             CASE hex(substr(bytes, 21, 1)) WHEN '00' THEN '01' ELSE '00' END || hex(substr(bytes, 22)))"
        }
        Engine::Postgres => "UPDATE export_piece SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1)",
    }
}

async fn a_file_that_was_changed_where_it_lies_is_found(db: TestDatabase) {
    let desk = JobDesk::open(&db).await;
    register(&desk, 3).await;
    let id = request(&desk).await;
    // What is not made yet cannot be damaged.
    let none = desk.app.verify_files().await.expect("an answer");
    assert_eq!((none.passing, none.faults()), (0, 0));
    let job = desk.claim(MAKE).await;
    let effects = desk.run(&MakeExport, &job).await.expect("a file");
    desk.end(&job, JobEnd::Done(effects)).await;
    let sound = desk.app.verify_files().await.expect("an answer");
    assert_eq!((sound.passing, sound.faults()), (1, 0));
    let database = desk.app.store().database();
    assert_eq!(database::execute(database, flip(database)).await, 1);
    let found = desk.app.verify_files().await.expect("an answer");
    let [damaged] = found.damaged.as_slice() else {
        panic!("one file: {found:?}");
    };
    assert_eq!(
        (damaged.kind, damaged.id, damaged.fault),
        (PassingKind::Export, id.uuid(), FileFault::Changed)
    );
    // A register that was moved or restored has no files: that is no damage.
    database::execute(database, "DELETE FROM export_piece").await;
    let moved = desk.app.verify_files().await.expect("an answer");
    assert_eq!((moved.passing, moved.faults()), (0, 0));
}

//! Imports that are carried out where something comes between: a stop in the middle, a second import at the same time, bytes that changed; and
//! files that are not as one wishes, through trial and run.

use std::sync::Arc;

use app::import::{RUN, RunImport, WhichRows};
use app::job::{Job, JobEnd, JobFailure};
use app::{FileFault, PassingKind};
use domain::ImportId;
use domain::import::ImportCounts;
use domain::staff::Role;
use event_store::{Database, Engine};
use test_support::TestDatabase;
use tests::{ImportDesk, JobDesk, Row, corporations, database, register};

test_support::on_both_engines!(
    what_a_stop_in_the_middle_left_is_whole_and_said_and_a_new_import_of_the_file_knows_it,
    two_people_who_import_one_register_at_the_same_time_write_each_row_once,
    a_workbook_is_tried_out_and_carried_out_like_text,
    a_row_with_more_or_fewer_cells_than_the_headings_is_refused_and_the_others_are_written,
    what_hides_in_a_name_is_kept_to_the_letter_and_warned_of,
    a_file_that_was_changed_where_it_lies_is_found_and_never_carried_out,
);

const ROWS: usize = 4_000;
const REGISTERED: &str = "SELECT count(*) FROM register_index";

fn in_all(count: u64) -> usize {
    usize::try_from(count).expect("a small number")
}

/// Runs an attempt and wants it stopped as soon as something is in the register.
async fn stopped_midway(office: &ImportDesk, id: ImportId, job: &Job) {
    let store = office.desk.app.store();
    let mut head = store.head_changed();
    let wanted = async {
        while database::numbers(store.database(), REGISTERED).await == [0] {
            head.changed().await.expect("the log is open");
        }
        office.touch(id, false).await;
    };
    let (ended, ()) = tokio::join!(office.desk.run(&RunImport, job), wanted);
    assert!(matches!(ended, Err(JobFailure::Stopped)), "{ended:?}");
    office.desk.end(job, JobEnd::Stopped).await;
}

async fn what_a_stop_in_the_middle_left_is_whole_and_said_and_a_new_import_of_the_file_knows_it(
    db: TestDatabase,
) {
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(ROWS)).await;
    office.start(id).await.expect("it begins");
    let job = office.desk.claim(RUN).await;
    stopped_midway(&office, id, &job).await;
    let written = office.registered().await;
    assert!(written > 0 && written < ROWS, "{written}: it was stopped midway");
    let detail = office.detail(id).await;
    let said = detail.progress.expect("how far it is");
    assert_eq!((in_all(said.accepted), in_all(said.rows)), (written, written));
    assert_eq!(detail.import.finished, None, "nobody says that it is over");
    // Nothing half: each row has its line in the index, and the log is whole.
    let database = office.desk.app.store().database();
    let indexed = database::numbers(database, REGISTERED).await;
    assert_eq!(indexed, [i64::try_from(written).expect("a small number")]);
    // Whoever begins anew with the same file finds them as known.
    let (anew, tried) = office.tried(corporations(ROWS)).await;
    assert_eq!(
        (in_all(tried.repeats), in_all(tried.accepted), tried.refused),
        (written, ROWS - written, 0)
    );
    office.start(anew).await.expect("it begins");
    let done = office.carry_out(anew).await;
    assert_eq!(
        (in_all(done.repeats), in_all(done.accepted)),
        (written, ROWS - written)
    );
    assert_eq!(office.registered().await, ROWS);
}

/// Attempts until one comes to its end, as the workers make them.
async fn to_its_end(office: &ImportDesk, job: &Job) {
    loop {
        match office.desk.run(&RunImport, job).await {
            Ok(effects) => return office.desk.end(job, JobEnd::Done(effects)).await,
            // They met at a row: the next attempt knows what the other one has written.
            Err(JobFailure::Failed(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

async fn two_people_who_import_one_register_at_the_same_time_write_each_row_once(db: TestDatabase) {
    let one = ImportDesk::open(&db).await;
    let registrar = one.desk.member("futarime", Role::Registrar).await;
    let other = ImportDesk {
        desk: JobDesk {
            app: Arc::clone(&one.desk.app),
            registrar,
        },
    };
    let rows = 1_000;
    let (first, tried) = one.tried(corporations(rows)).await;
    assert_eq!(in_all(tried.accepted), rows);
    // Nothing is in the register yet, so to both everything is new.
    let (second, tried) = other.tried(corporations(rows)).await;
    assert_eq!(in_all(tried.accepted), rows);
    one.start(first).await.expect("it begins");
    other.start(second).await.expect("it begins");
    let jobs = one.desk.claim_all(RUN).await;
    let [a, b] = jobs.as_slice() else {
        panic!("two jobs: {jobs:?}");
    };
    tokio::join!(to_its_end(&one, a), to_its_end(&other, b));
    let numbers = database::texts(
        one.desk.app.store().database(),
        "SELECT declaration_no FROM register_index GROUP BY declaration_no HAVING count(*) > 1",
    )
    .await;
    assert_eq!(numbers, Vec::<String>::new());
    assert_eq!(one.registered().await, rows, "each row once");
    let mut accepted = 0;
    for id in [first, second] {
        let done = one.detail(id).await.import.finished.expect("counts");
        assert_eq!(in_all(done.accepted + done.repeats), rows, "{done:?}");
        accepted += done.accepted;
    }
    assert_eq!(in_all(accepted), rows, "each is told as written by one of them");
}

/// The same register as a workbook, with numbers as numbers and days as texts.
fn workbook(csv: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("説明").expect("a name");
    let sheet = book.add_worksheet().set_name("台帳").expect("a name");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    for (at, row) in (0_u32..).zip(reader.records()) {
        for (column, cell) in (0_u16..).zip(row.expect("a row").iter()) {
            let written = match cell.parse::<f64>() {
                Ok(number) if column == 0 && at > 0 => sheet.write_number(at, column, number),
                _ => sheet.write_string(at, column, cell),
            };
            written.expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

async fn a_workbook_is_tried_out_and_carried_out_like_text(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let csv = register(&[
        Row::corporation("47000000001").with("事業者名", "=1+1商会"),
        Row::corporation("47000000002").with("取組段階", "三つ星"),
        Row::corporation("47000000003").with("備考", "二行\nの備考"),
    ]);
    let id = office.upload(workbook(&csv)).await.expect("a file");
    let places = office.suggested(id).await.places();
    office.map_sheet(id, 1, places).await.expect("it is mapped");
    let tried = office.try_out(id).await;
    assert_eq!((tried.rows, tried.accepted, tried.refused), (3, 2, 1));
    let refused = office.found(id, WhichRows::Refused).await;
    assert_eq!((refused[0].0, refused[0].3.as_str()), (2, "三つ星"));
    office.start(id).await.expect("it begins");
    let done = office.carry_out(id).await;
    assert_eq!((done.accepted, done.refused), (2, 1));
    let events = office.desk.events().await;
    let written = events.iter().find(|it| it.event_type == "declaration.registered");
    let data = written.expect("a row").data.to_string();
    assert!(data.contains("\"47000000001\""), "a number is no float: {data}");
    assert!(data.contains("=1+1商会"), "as it was typed: {data}");
    // The text of the same rows is the same to the register.
    let (_, again) = office.tried(csv.into_bytes()).await;
    assert_eq!((again.accepted, again.repeats, again.refused), (0, 2, 1));
}

async fn a_row_with_more_or_fewer_cells_than_the_headings_is_refused_and_the_others_are_written(
    db: TestDatabase,
) {
    let office = ImportDesk::open(&db).await;
    let row = |number: &str| {
        let file = register(&[Row::corporation(number)]);
        file.lines().nth(1).expect("a row").to_owned()
    };
    let file = [
        register(&[Row::corporation("47000000001")]),
        "47000000002,2026-04-01\n".to_owned(),
        row("47000000003") + ",余分,な,セル\n",
        row("47000000004") + "\n",
    ]
    .concat();
    let (id, tried) = office.tried(file.into_bytes()).await;
    assert_eq!((tried.rows, tried.accepted, tried.refused), (4, 2, 2));
    let refused = office.found(id, WhichRows::Refused).await;
    let refused: Vec<_> = refused.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(refused, [(2, "ragged_row"), (3, "ragged_row")]);
    office.start(id).await.expect("it begins");
    let done = office.carry_out(id).await;
    assert_eq!(
        done,
        ImportCounts {
            rows: 4,
            accepted: 2,
            repeats: 0,
            refused: 2,
            warnings: done.warnings,
        }
    );
    assert_eq!(office.registered().await, 2);
}

async fn what_hides_in_a_name_is_kept_to_the_letter_and_warned_of(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let names = ["見本\u{202e}商店", "見\u{200b}本", "\u{2066}見本\u{2069}工業"];
    let long = "長".repeat(2_000);
    let mut rows: Vec<Row> = (1..)
        .zip(names)
        .map(|(i, name)| Row::corporation(&format!("4700000000{i}")).with("事業者名", name))
        .collect();
    rows.push(Row::corporation("47000000008").with("事業者名", &long));
    rows.push(Row::corporation("47000000009").with("事業者名", &"長".repeat(10_000)));
    let (id, tried) = office.tried(register(&rows).into_bytes()).await;
    assert_eq!((tried.accepted, tried.refused), (4, 1));
    let marks = office.found(id, WhichRows::Code("name_characters")).await;
    let marked: Vec<_> = marks.iter().map(|it| it.0).collect();
    assert_eq!(marked, [1, 2, 3]);
    office.start(id).await.expect("it begins");
    assert_eq!(office.carry_out(id).await.accepted, 4);
    let events = office.desk.events().await.into_iter();
    let kept: Vec<_> = events
        .filter(|it| it.event_type == "declaration.registered")
        .map(|it| it.data)
        .collect();
    for name in names.iter().copied().chain([long.as_str()]) {
        let name = serde_json::to_string(name).expect("a text");
        assert!(
            kept.iter().any(|data| data.to_string().contains(&name)),
            "{name} in {kept:?}"
        );
    }
}

fn flip(database: &Database) -> &'static str {
    match database.engine() {
        Engine::Sqlite => {
            "UPDATE import_chunk SET bytes = unhex(hex(substr(bytes, 1, 20)) || \
             CASE hex(substr(bytes, 21, 1)) WHEN '00' THEN '01' ELSE '00' END || hex(substr(bytes, 22)))"
        }
        Engine::Postgres => "UPDATE import_chunk SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1)",
    }
}

async fn a_file_that_was_changed_where_it_lies_is_found_and_never_carried_out(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(3)).await;
    office.start(id).await.expect("it begins");
    let app = &office.desk.app;
    let sound = app.verify_files().await.expect("an answer");
    assert_eq!((sound.passing, sound.faults()), (1, 0));
    let database = app.store().database();
    assert_eq!(database::execute(database, flip(database)).await, 1);
    let found = app.verify_files().await.expect("an answer");
    let [damaged] = found.damaged.as_slice() else {
        panic!("one file: {found:?}");
    };
    assert_eq!(
        (damaged.kind, damaged.id, damaged.fault),
        (PassingKind::Import, id.uuid(), FileFault::Changed)
    );
    let job = office.desk.claim(RUN).await;
    let ended = office.desk.run(&RunImport, &job).await;
    assert!(matches!(ended, Err(JobFailure::Hopeless(_))), "{ended:?}");
    assert_eq!(office.registered().await, 0);
    assert_eq!(database::execute(database, "DELETE FROM import_chunk").await, 1);
    let found = app.verify_files().await.expect("an answer");
    assert_eq!(found.damaged[0].fault, FileFault::Missing);
}

//! Rebuilding: in bounded memory, taken up after an interruption, what the twins are like, what a comparison says, and that
//! nobody who was forgotten is in any row.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Office, Sample, day, register, request};
use domain::SubjectId;
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, Field, FieldValue, FlagCode, Role, Source,
    Statement, Stop, StopKind,
};
use event_store::{Database, DatabaseOptions, EngineMut, each_engine};
use storage::declaration::{DeclarationRow, Filter, RowName};
use storage::erasure::{self, Erasure};
use storage::projection::{Difference, RebuildOptions, RebuildReport, drop_old, rebuild, rebuild_with};
use test_support::Dice;
use test_support::TestDatabase;
use uuid::Uuid;

test_support::on_both_engines!(
    random_histories_are_rebuilt_as_they_were_projected,
    a_rebuild_that_was_dropped_anywhere_is_taken_up_and_gives_the_same_rows,
    an_event_that_cannot_be_understood_ends_a_rebuild_and_is_named,
    a_comparison_names_the_declarations_that_differ,
    old_rows_are_kept_until_they_are_dropped,
    who_is_forgotten_is_forgotten_in_new_rows_and_in_old_ones_that_are_kept,
    who_is_forgotten_while_rows_are_written_is_in_none_of_them,
    twins_that_a_rebuild_made_are_those_of_the_migration,
    rows_that_were_never_projected_are_built_without_comparing,
);

/// One declaration at a time finds room.
const LITTLE: RebuildOptions = RebuildOptions { memory: 0 };

async fn execute(database: &Database, sql: &'static str) {
    let mut tx = database.begin_write().await.expect("a transaction");
    each_engine!(tx, c => sqlx::query(sql).execute(c).await.map(drop)).expect("it runs");
    tx.commit().await.expect("a commit");
}

async fn count(database: &Database, sql: &'static str) -> i64 {
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("it runs")
}

async fn rebuilt(office: &Office, options: RebuildOptions) -> RebuildReport {
    rebuild_with(&office.store, &*office.now(), options, |_, _| {})
        .await
        .expect("a rebuild")
}

async fn rows(office: &Office) -> Vec<DeclarationRow> {
    office.list(&request(200, Filter::default())).await.rows
}

fn correction(sample: &Sample, field: Field, typed: &str, on: &str) -> Statement {
    let change = Change {
        field,
        old: sample.facts.get(field).cloned(),
        new: FieldValue::read(field, typed).map(|value| sample.facts.classify(field, value)),
    };
    let mut statement = sample.statement(DeclarationEvent::Corrected(Box::new(Corrected {
        change,
        kind: CorrectionKind::Change { since: day(on) },
        source: Source::Staff,
    })));
    statement.effective_at = day(on);
    statement
}

fn forgetting(sample: &Sample, role: Role) -> Statement {
    sample.statement(DeclarationEvent::PersonForgotten {
        subject: sample.facts.subjects().of(role),
        successor: SubjectId::new(Uuid::now_v7()),
    })
}

/// Something that may happen to a declaration, on some day, also an earlier one.
fn happening(sample: &Sample, dice: &mut Dice) -> Statement {
    const FIELDS: [Field; 7] = [
        Field::Name,
        Field::NameKana,
        Field::TradeName,
        Field::Star,
        Field::Prefecture,
        Field::City,
        Field::DeclaredOn,
    ];
    const TEXTS: [&str; 7] = ["大空", "", "★★", "沖縄", "2021-04-05", "髙﨑　花子", "?"];
    let mut pick = |count: usize| usize::try_from(dice.below(count as u64)).expect("small");
    let on = format!("20{:02}-0{}-11", 18 + pick(6), 1 + pick(9));
    let flag = FlagCode::ALL[pick(FlagCode::ALL.len())];
    let event = match pick(10) {
        0..4 => return correction(sample, FIELDS[pick(7)], TEXTS[pick(7)], &on),
        4 => DeclarationEvent::Stopped {
            stop: Stop {
                kind: StopKind::Closed,
                on: Some(day(&on)),
            },
            corporate_number: None,
        },
        5 => DeclarationEvent::Reinstated {
            corporate_number: None,
        },
        6 => DeclarationEvent::FlagRaised { flag },
        7 => DeclarationEvent::FlagCleared { flag },
        8 => DeclarationEvent::Unpublished,
        _ => return forgetting(sample, Role::ALL[pick(Role::ALL.len())]),
    };
    let mut statement = sample.statement(event);
    statement.effective_at = day(&on);
    statement
}

async fn random_histories_are_rebuilt_as_they_were_projected(db: TestDatabase) {
    let office = Office::open(&db).await;
    let mut dice = Dice::new("rebuild");
    let samples: Vec<Sample> = (0..40)
        .map(|n| match n % 3 {
            0 => Sample::sole_trader(n, "見本　花子", "みほん商店").with(Field::NameKana, "ミホン　ハナコ"),
            _ => Sample::corporation(n, "株式会社青空"),
        })
        .collect();
    let mut begun = 0;
    let mut forgotten = HashSet::new();
    for _ in 0..12 {
        // Declarations begin between events of others.
        let until = (begun + 5).min(samples.len());
        let mut statements: Vec<_> = samples[begun..until].iter().map(Sample::registered).collect();
        begun = until;
        for _ in 0..20 {
            let at = usize::try_from(dice.below(begun as u64)).expect("small");
            let next = happening(&samples[at], &mut dice);
            // Of somebody who was forgotten nothing is sealed any more.
            if subjects(&next).iter().all(|subject| !forgotten.contains(subject)) {
                statements.push(next);
            }
        }
        office.append(&statements).await;
        let more = destroyed(&statements);
        office
            .store
            .keyring()
            .destroy_all(&more)
            .await
            .expect("they are destroyed");
        forgotten.extend(more);
    }
    office.project().await;
    let before = rows(&office).await;
    for memory in [0, 20_000, usize::MAX] {
        let report = rebuilt(&office, RebuildOptions { memory }).await;
        assert!(report.is_same() && report.rows == 40, "{memory}: {report:?}");
        assert_eq!(rows(&office).await, before);
    }
}

fn subjects(statement: &Statement) -> Vec<event_store::SubjectId> {
    let event = storage::codec::new_event(Uuid::now_v7(), statement).expect("tags are fine");
    storage::codec::subjects(&[event], None)
}

fn destroyed(statements: &[Statement]) -> Vec<event_store::SubjectId> {
    let subject = |statement: &Statement| match &statement.event {
        DeclarationEvent::PersonForgotten { subject, .. } => Some(event_store::SubjectId(subject.id.uuid())),
        _ => None,
    };
    statements.iter().filter_map(subject).collect()
}

/// Left off at its nth pause, which may be anywhere; what its transaction had not committed is gone. On connections of its own,
/// which nobody uses again, as when a process dies.
async fn interrupted(db: &TestDatabase, office: &Office, pauses: u32) -> Option<RebuildReport> {
    let options = DatabaseOptions {
        connections: 4,
        ..DatabaseOptions::default()
    };
    let database = db.open_again(options).await;
    let store = db.open_store_over(database, storage::inline_projectors()).await;
    let now = office.now();
    let mut rebuilding = std::pin::pin!(rebuild_with(&store, &*now, LITTLE, |_, _| {}));
    let mut polls = 0;
    std::future::poll_fn(|context| {
        polls += 1;
        match rebuilding.as_mut().poll(context) {
            std::task::Poll::Ready(report) => std::task::Poll::Ready(Some(report.expect("a rebuild"))),
            std::task::Poll::Pending if polls > pauses => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
}

async fn a_rebuild_that_was_dropped_anywhere_is_taken_up_and_gives_the_same_rows(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(12)).await;
    office.project().await;
    let before = rows(&office).await;
    let mut resumed = 0;
    for round in 1..24 {
        let report = interrupted(&db, &office, round * 15).await;
        assert_eq!(rows(&office).await, before, "round {round}");
        if let Some(report) = report {
            assert!(report.is_same(), "round {round}: {report:?}");
            resumed += usize::from(report.resumed);
        }
    }
    let report = rebuilt(&office, LITTLE).await;
    assert!(report.is_same(), "{report:?}");
    resumed += usize::from(report.resumed);
    assert!(resumed > 0, "one at least was taken up");
    assert_eq!(rows(&office).await, before);
}

async fn an_event_that_cannot_be_understood_ends_a_rebuild_and_is_named(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(3)).await;
    office.project().await;
    let sample = Sample::corporation(9, "青空");
    let at = office.append_stranger(sample.id.uuid()).await;
    // As if the list had never been: it is then rebuilt up to the head.
    execute(
        db.database(),
        "UPDATE projection_checkpoint SET position = 0 WHERE name = 'declarations'",
    )
    .await;
    let before = rows(&office).await;
    for options in [RebuildOptions::default(), LITTLE] {
        let error = rebuild_with(&office.store, &*office.now(), options, |_, _| {})
            .await
            .expect_err("it cannot be understood");
        let text = format!("the event at position {at} cannot be understood");
        assert!(error.to_string().contains(&text), "{error}");
    }
    assert_eq!(rows(&office).await, before, "what was read is read");
}

async fn a_comparison_names_the_declarations_that_differ(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(5)).await;
    office.project().await;
    execute(db.database(), "UPDATE declaration SET city = 'x' WHERE seq = 2").await;
    execute(db.database(), "DELETE FROM declaration WHERE seq = 4").await;
    execute(
        db.database(),
        "UPDATE declaration SET seq = 9, number = '9' WHERE seq = 5",
    )
    .await;
    execute(db.database(), "UPDATE declaration_count SET count = count + 1").await;
    let report = rebuilt(&office, RebuildOptions::default()).await;
    let comparison = report.comparison.expect("both were at one position");
    assert_eq!((comparison.before, comparison.after), (4, 5));
    assert_eq!(
        (comparison.only_before, comparison.only_after, comparison.changed),
        (1, 2, 1)
    );
    assert!(comparison.counts > 0);
    let named: Vec<_> = comparison
        .first
        .iter()
        .map(|it| (it.number.as_str(), it.how))
        .collect();
    assert_eq!(
        named,
        [
            ("40000000001", Difference::Changed),
            ("40000000003", Difference::OnlyAfter),
            ("40000000004", Difference::OnlyAfter),
            ("9", Difference::OnlyBefore),
        ]
    );
    let again = rebuilt(&office, RebuildOptions::default()).await;
    assert!(again.is_same(), "{again:?}");
}

async fn old_rows_are_kept_until_they_are_dropped(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(5)).await;
    office.project().await;
    execute(db.database(), "UPDATE declaration SET city = 'x'").await;
    rebuilt(&office, RebuildOptions::default()).await;
    let kept = "SELECT count(*) FROM declaration_rebuild WHERE city = 'x'";
    assert_eq!(count(db.database(), kept).await, 5);
    drop_old(&office.store, &*office.now())
        .await
        .expect("they are dropped");
    for empty in [
        "SELECT count(*) FROM declaration_rebuild",
        "SELECT count(*) FROM declaration_count_rebuild",
    ] {
        assert_eq!(count(db.database(), empty).await, 0);
    }
    assert_eq!(rows(&office).await.len(), 5);
    assert!(rebuilt(&office, RebuildOptions::default()).await.is_same());
}

/// The event, the key and the rows, as forgetting somebody does it.
async fn forget(office: &Office, sample: &Sample) {
    let statement = forgetting(sample, Role::SoleTrader);
    let position = office.append(std::slice::from_ref(&statement)).await;
    let subjects = destroyed(&[statement]);
    office
        .store
        .keyring()
        .destroy_all(&subjects)
        .await
        .expect("it is destroyed");
    let erasure = Erasure {
        position,
        inquiry_id: None,
        declaration_id: Some(sample.id),
        subject: sample.facts.subjects().sole_trader,
    };
    erasure::drop_rows(office.store.database(), &[erasure])
        .await
        .expect("rows are emptied");
}

const NAMED: &str = "SELECT (SELECT count(*) FROM declaration WHERE personal_name IS NOT NULL OR key_personal <> '') \
     + (SELECT count(*) FROM declaration_rebuild WHERE personal_name IS NOT NULL OR key_personal <> '')";

async fn who_is_forgotten_is_forgotten_in_new_rows_and_in_old_ones_that_are_kept(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (kept, gone) = (
        Sample::sole_trader(1, "見本 花子", "みほん商店"),
        Sample::sole_trader(2, "見本 太郎", "みほん食品"),
    );
    office.append(&[kept.registered(), gone.registered()]).await;
    office.project().await;
    assert!(rebuilt(&office, RebuildOptions::default()).await.is_same());
    assert_eq!(count(db.database(), NAMED).await, 4, "both in both tables");
    forget(&office, &gone).await;
    assert_eq!(count(db.database(), NAMED).await, 2, "one in both tables");
    office.project().await;
    let report = rebuilt(&office, LITTLE).await;
    assert!(report.is_same(), "{report:?}");
    assert_eq!(count(db.database(), NAMED).await, 2);
    let names: Vec<_> = rows(&office)
        .await
        .into_iter()
        .map(|row| matches!(row.name, RowName::Forgotten { .. }))
        .collect();
    assert_eq!(names.iter().filter(|forgotten| **forgotten).count(), 1);
    if db.database().engine() == event_store::Engine::Sqlite {
        let documents = "SELECT count(*) FROM declaration_search_rebuild WHERE declaration_search_rebuild MATCH 'p592a90ce'";
        assert_eq!(count(db.database(), documents).await, 0, "太郎 is found nowhere");
    }
}

/// So many of them, registered and listed.
async fn sole_traders(office: &Office, count: u64) -> Vec<Sample> {
    let samples: Vec<_> = (0..count)
        .map(|n| Sample::sole_trader(n, "見本 花子", "みほん商店"))
        .collect();
    let statements: Vec<_> = samples.iter().map(Sample::registered).collect();
    office.append(&statements).await;
    office.project().await;
    samples
}

async fn who_is_forgotten_while_rows_are_written_is_in_none_of_them(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples = sole_traders(&office, 16).await;
    // Left off in the middle, somebody is forgotten, left off again: at every moment the twins hold only who may be there.
    for (round, sample) in (0..).zip(&samples) {
        interrupted(&db, &office, round * 9).await;
        let rebuilding = interrupted(&db, &office, 40 + round * 20);
        tokio::join!(forget(&office, sample), rebuilding);
        let left = 2 * i64::from(16 - round - 1);
        assert!(count(db.database(), NAMED).await <= left, "round {round}");
    }
    office.project().await;
    let report = rebuilt(&office, LITTLE).await;
    assert!(report.is_same(), "{report:?}");
    assert_eq!(count(db.database(), NAMED).await, 0);
}

/// At each moment at which the rebuild asks for the time, which is also just before it writes rows whose parts it has opened.
/// On SQLite it holds the one writing connection by then, and nobody can be forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_is_forgotten_just_before_rows_are_written_is_in_none_of_them() {
    let db = TestDatabase::postgres().await;
    let office = Arc::new(Office::open(&db).await);
    let samples = sole_traders(&office, 10).await;
    let mut left = samples.len();
    for (moment, sample) in samples.into_iter().enumerate() {
        let forgetting = Arc::new(Mutex::new(None));
        let (asked, clock) = (AtomicUsize::new(0), office.now());
        let now = || {
            if asked.fetch_add(1, Ordering::SeqCst) == moment {
                let (office, sample) = (Arc::clone(&office), sample.clone());
                let (done, finished) = std::sync::mpsc::channel();
                let task = tokio::spawn(async move {
                    forget(&office, &sample).await;
                    // Nobody waits any more when it took long.
                    let _ = done.send(());
                });
                *forgetting.lock().expect("no panic") = Some(task);
                // At some moments it waits for the rebuild itself.
                let _ = tokio::task::block_in_place(|| finished.recv_timeout(Duration::from_secs(1)));
            }
            clock()
        };
        rebuild_with(&office.store, &now, RebuildOptions::default(), |_, _| {})
            .await
            .expect("a rebuild");
        let task = forgetting.lock().expect("no panic").take();
        let Some(task) = task else { break };
        task.await.expect("somebody is forgotten");
        left -= 1;
        assert!(
            count(db.database(), NAMED).await <= 2 * i64::try_from(left).expect("few"),
            "moment {moment}"
        );
    }
    assert!(
        left < 8,
        "the rebuild asked for the time {left} times less than expected"
    );
}

async fn rows_that_were_never_projected_are_built_without_comparing(db: TestDatabase) {
    let office = Office::open(&db).await;
    let head = office.append(&register(5)).await;
    let report = rebuild(&office.store, &*office.now(), |_, _| {})
        .await
        .expect("a rebuild");
    assert_eq!((report.comparison, report.rows, report.position), (None, 5, head));
    let page = office.list(&request(10, Filter::default())).await;
    assert_eq!((page.rows.len(), page.position), (5, head));
    office
        .append(&[Sample::corporation(77, "新星").registered()])
        .await;
    office.project().await;
    assert_eq!(rows(&office).await.len(), 6);
}

/// What a table is made of, its own name and those of its indexes left out.
async fn shape(database: &Database, table: &'static str) -> Vec<String> {
    let mut connection = database.acquire_read().await.expect("a connection");
    let mut lines: Vec<String> = match connection.engine_mut() {
        EngineMut::Sqlite(c) => sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE tbl_name = $1 AND sql IS NOT NULL")
            .bind(table)
            .fetch_all(c)
            .await
            .expect("the catalogue"),
        EngineMut::Postgres(c) => sqlx::query_scalar(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = $1::text::regclass \
             UNION ALL SELECT contype::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::text::regclass \
             UNION ALL SELECT attname || ' ' || atttypid::regtype::text || ' ' || attnotnull::text || ' ' || attcollation::regcollation::text \
             FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
        )
        .bind(table)
        .fetch_all(c)
        .await
        .expect("the catalogue"),
    };
    for line in &mut lines {
        *line = plain(line);
    }
    lines.sort();
    lines
}

/// Without comments, quotes, white space and the names by which twins differ.
fn plain(definition: &str) -> String {
    let text: String = definition
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    let text = text.replace("_rebuild", "").replace('"', "");
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "ON");
    // CREATE INDEX name ON …: an engine may choose the name itself.
    let words: Vec<&str> = match at {
        Some(at) if words.contains(&"INDEX") => words[at..].to_vec(),
        _ => words,
    };
    words.concat()
}

async fn twins_that_a_rebuild_made_are_those_of_the_migration(db: TestDatabase) {
    const TABLES: [&str; 3] = ["declaration", "declaration_count", "declaration_search"];
    let office = Office::open(&db).await;
    office.append(&register(5)).await;
    office.project().await;
    let is_sqlite = db.database().engine() == event_store::Engine::Sqlite;
    let mut made = Vec::new();
    for table in TABLES
        .into_iter()
        .filter(|table| is_sqlite || *table != "declaration_search")
    {
        made.push((table, shape(db.database(), table).await));
    }
    for round in 1..=3 {
        let report = rebuilt(&office, RebuildOptions::default()).await;
        assert!(report.is_same(), "{report:?}");
        for (table, before) in &made {
            assert_eq!(
                &shape(db.database(), table).await,
                before,
                "{table}, round {round}"
            );
        }
    }
}

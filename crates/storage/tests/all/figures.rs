//! Figures of any day: what a recount of every declaration from the log gives, whatever happened to them and in whatever order it was
//! recorded.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, DeclarationState, Field, FieldValue, FlagCode,
    Liveness, Made, Origin, Provenance, Replacement, Role, Source, Statement, Stop, StopKind, Timeline,
    Undone, size_hint,
};
use domain::figure::{Cell, Counted, Dimension, Month, Standing};
use domain::value::Industry;
use domain::{DeclarationId, SubjectId};
use event_store::{DatabaseOptions, Position, Sql, each_engine};
use storage::figure::{FigureSheet, rebuild, rebuild_with};
use storage::projection::Caught;
use storage::{Storage, log};
use test_support::{Dice, TestDatabase};
use uuid::Uuid;

use crate::support::{Office, PATIENCE, Sample, day, register};

test_support::on_both_engines!(
    figures_are_what_a_recount_from_the_log_says_on_every_day,
    a_log_that_is_far_ahead_is_counted_at_once_and_gives_the_same,
    two_processes_count_nothing_twice,
    counting_anew_finds_nothing_in_sound_rows_and_mends_damaged_ones,
    rows_of_an_older_version_are_mended_at_the_next_start,
    an_event_that_cannot_be_counted_stops_the_figures_for_all_to_see,
    changes_that_come_to_nothing_leave_no_row,
    a_day_is_added_up_by_the_key_of_the_table,
);

const ROUNDS: u64 = 4;
const DECLARATIONS: u64 = 25;
const EVENTS: u64 = 60;

/// The first of the days that histories are about.
fn first_day() -> NaiveDate {
    day("2024-11-20")
}

fn some_day(dice: &mut Dice) -> NaiveDate {
    first_day() + TimeDelta::days(i64::try_from(dice.below(140)).expect("small"))
}

fn one_of<'a>(dice: &mut Dice, texts: &[&'a str]) -> &'a str {
    let at = dice.below(texts.len() as u64);
    texts[usize::try_from(at).expect("small")]
}

const COUNTED: [Field; 6] = [
    Field::DeclaredOn,
    Field::Star,
    Field::Prefecture,
    Field::Industry,
    Field::Employees,
    Field::CapitalYen,
];

fn text(dice: &mut Dice, field: Field) -> String {
    let texts: &[&str] = match field {
        Field::DeclaredOn => return some_day(dice).to_string(),
        Field::Star => &["★", "★★", "三つ星", ""],
        Field::Prefecture => &["東京都", "大阪府", "沖縄", "海外", ""],
        Field::Industry => &["E", "I", "M", "その他", ""],
        Field::Employees => &["3", "18", "5,000名", "多数", ""],
        _ => &["1,000万円", "5億円", ""],
    };
    one_of(dice, texts).to_owned()
}

/// A declaration in whatever way it comes into the register.
fn begins(dice: &mut Dice, n: u64) -> (Sample, Statement) {
    let mut sample = match dice.below(3) {
        0 => Sample::sole_trader(n, "見本 花子", "見本屋"),
        _ => Sample::corporation(n, "株式会社みほん"),
    };
    sample = sample.with(Field::DeclaredOn, &some_day(dice).to_string());
    for field in &COUNTED[1..] {
        sample = sample.with(*field, &text(dice, *field));
    }
    if dice.below(8) == 0 {
        sample = sample.stopped(&some_day(dice).to_string());
    }
    let statement = match dice.below(3) {
        0 => sample.statement(DeclarationEvent::Made(Box::new(Made {
            origin: Origin::ALL[usize::try_from(dice.below(3)).expect("small")],
            facts: sample.facts.clone(),
            published: true,
            flags: [].into(),
        }))),
        _ => sample.registered(),
    };
    (sample, statement)
}

fn change(dice: &mut Dice, sample: &Sample, field: Field) -> Change {
    let new = FieldValue::read(field, &text(dice, field));
    Change {
        field,
        old: sample.facts.get(field).cloned(),
        new: new.map(|value| sample.facts.classify(field, value)),
    }
}

fn stop(dice: &mut Dice) -> Stop {
    Stop {
        kind: StopKind::Closed,
        // Also days to come, and none that is known.
        on: (dice.below(6) != 0).then(|| some_day(dice) + TimeDelta::days(30)),
    }
}

/// Whatever can happen to it, also on days before others that are recorded already.
fn happens(dice: &mut Dice, sample: &Sample) -> Statement {
    let field = COUNTED[usize::try_from(dice.below(6)).expect("small")];
    let corporate_number = None;
    let since = some_day(dice);
    let event = match dice.below(10) {
        0..=2 => DeclarationEvent::Corrected(Box::new(Corrected {
            change: change(dice, sample, field),
            kind: CorrectionKind::Change { since },
            source: Source::Declarer,
        })),
        3 => DeclarationEvent::SteppedUp {
            changes: vec![change(dice, sample, Field::Star)],
        },
        4 | 5 => DeclarationEvent::Stopped {
            stop: stop(dice),
            corporate_number,
        },
        6 => DeclarationEvent::Reinstated { corporate_number },
        7 => DeclarationEvent::Undone(Box::new(Undone {
            undoes: 1,
            changes: vec![change(dice, sample, field)],
            liveness: match dice.below(3) {
                0 => Some(Liveness::Live),
                1 => Some(Liveness::Stopped(stop(dice))),
                _ => None,
            },
            published: None,
            logo_allowed: None,
            replaced: match dice.below(4) {
                0 => Some(Some(Replacement::MergedInto(DeclarationId::new(Uuid::now_v7())))),
                1 => Some(None),
                _ => None,
            },
            replaces: None,
            flag: None,
            corporate_number,
        })),
        8 => DeclarationEvent::PersonForgotten {
            subject: sample.facts.subjects().of(Role::SoleTrader),
            successor: SubjectId::new(Uuid::now_v7()),
        },
        _ => DeclarationEvent::FlagRaised {
            flag: FlagCode::PolicyMissing,
        },
    };
    Statement {
        effective_at: since,
        ..sample.statement(event)
    }
}

/// Some rounds of declarations and of what happens to any of them; after each the figures are waited for.
async fn live(office: &Office, test: &str, wait: bool) -> Vec<Sample> {
    let mut dice = Dice::new(test);
    let mut samples = Vec::new();
    for round in 0..ROUNDS {
        let mut statements = Vec::new();
        for n in 0..DECLARATIONS {
            let (sample, statement) = begins(&mut dice, round * DECLARATIONS + n);
            samples.push(sample);
            statements.push(statement);
        }
        for _ in 0..EVENTS {
            let at = usize::try_from(dice.below(samples.len() as u64)).expect("small");
            statements.push(happens(&mut dice, &samples[at]));
        }
        let head = office.append(&statements).await;
        if wait {
            follow(office, head).await;
        }
    }
    samples
}

async fn follow(office: &Office, head: Position) {
    let figures = office.storage.figures_projection();
    figures.start(&office.store, office.now());
    assert_eq!(figures.wait_for(head, PATIENCE).await, Caught::Up);
}

async fn sheet(office: &Office, day: NaiveDate) -> FigureSheet {
    let figures = office.storage.figures();
    figures.on(day, Dimension::ALL).await.expect("figures")
}

fn counts(sheet: &FigureSheet) -> BTreeMap<Cell, u64> {
    sheet
        .cells
        .iter()
        .map(|found| (found.cell, found.count))
        .collect()
}

/// What is counted of a declaration on a day, by its whole history.
fn counted(timeline: &Timeline, origin: Provenance, day: NaiveDate) -> Option<Counted> {
    let view = timeline.at(day, None).filter(|view| view.existed)?;
    let facts = &view.declaration.facts;
    let standing = match view.state {
        DeclarationState::Active => Standing::Live,
        DeclarationState::Superseded | DeclarationState::Merged => Standing::Replaced,
        DeclarationState::Stopped => {
            Standing::Stopped(view.declaration.stop.and_then(|stop| stop.on).map(Month::of))
        }
    };
    let industry = facts
        .value(Field::Industry)
        .and_then(|value| value.chars().next());
    Some(Counted {
        standing,
        star: facts.star(),
        prefecture: facts.prefecture(),
        industry: industry.and_then(Industry::from_letter),
        size: size_hint(facts).class,
        origin,
        declared: facts.declared_on().map(Month::of),
    })
}

/// Every history from the log.
async fn histories(office: &Office, samples: &[Sample]) -> Vec<(Timeline, Provenance)> {
    let mut histories = Vec::new();
    for sample in samples {
        let events = log::declaration(&office.store, sample.id)
            .await
            .expect("a history");
        let origin = match &events[0].statement.event {
            DeclarationEvent::Made(made) => Some(made.origin).into(),
            _ => Provenance::Import,
        };
        let timeline = Timeline::new(events.iter().map(log::LoggedEvent::recorded)).expect("a history");
        histories.push((timeline, origin));
    }
    histories
}

fn recount(histories: &[(Timeline, Provenance)], day: NaiveDate) -> BTreeMap<Cell, u64> {
    let mut counts = BTreeMap::new();
    for (timeline, origin) in histories {
        for cell in counted(timeline, *origin, day).iter().flat_map(Counted::cells) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    counts
}

async fn assert_recount(office: &Office, samples: &[Sample]) {
    let histories = histories(office, samples).await;
    // Ends of months, days of change, and days on which stops that are planned have come.
    for days in [-1, 0, 10, 11, 41, 42, 72, 73, 100, 131, 139, 150, 175, 400] {
        let day = first_day() + TimeDelta::days(days);
        let expected = recount(&histories, day);
        assert_eq!(counts(&sheet(office, day).await), expected, "{day}");
    }
    let all: u64 = recount(&histories, first_day() + TimeDelta::days(139))
        .values()
        .sum();
    assert!(all > 300, "{all} in all dimensions: something is counted");
}

async fn figures_are_what_a_recount_from_the_log_says_on_every_day(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples = live(&office, "figures", true).await;
    assert_recount(&office, &samples).await;
    let report = rebuild(&office.store, &*office.now())
        .await
        .expect("counted anew");
    assert_eq!(
        report.mended, 0,
        "counted anew from the start of the log it is the same"
    );
    assert_eq!(report.position, office.store.head().await.expect("a head"));
    // In little memory the log is read many times.
    let report = rebuild_with(&office.store, &*office.now(), 30)
        .await
        .expect("counted anew");
    assert_eq!(report.mended, 0, "and also part by part");
}

async fn a_log_that_is_far_ahead_is_counted_at_once_and_gives_the_same(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples = live(&office, "figures at once", false).await;
    let head = office.store.head().await.expect("a head");
    let figures = office.storage.figures_projection();
    figures.start_with(&office.store, office.now(), 10);
    assert_eq!(figures.wait_for(head, PATIENCE).await, Caught::Up);
    assert_recount(&office, &samples).await;
    // And once more, when a part of it is counted already.
    figures.stop().await;
    let later: Vec<_> = samples[..40]
        .iter()
        .map(|sample| sample.corrected(Field::Prefecture, "鳥取県"))
        .collect();
    let head = office.append(&later).await;
    figures.start_with(&office.store, office.now(), 10);
    assert_eq!(figures.wait_for(head, PATIENCE).await, Caught::Up);
    assert_recount(&office, &samples).await;
}

async fn two_processes_count_nothing_twice(db: TestDatabase) {
    let office = Office::open(&db).await;
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    other.figures_projection().start(&office.store, office.now());
    let samples = live(&office, "figures twice", true).await;
    let head = office.store.head().await.expect("a head");
    assert_eq!(
        other.figures_projection().wait_for(head, PATIENCE).await,
        Caught::Up
    );
    office.storage.figures_projection().stop().await;
    // The other one goes on alone.
    let head = office.append(&[samples[0].corrected(Field::Star, "★★")]).await;
    assert_eq!(
        other.figures_projection().wait_for(head, PATIENCE).await,
        Caught::Up
    );
    assert_recount(&office, &samples).await;
    other.figures_projection().stop().await;
}

async fn execute(db: &TestDatabase, text: &'static str) -> u64 {
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let done = each_engine!(tx, c => sqlx::query(text).execute(c).await.map(|done| done.rows_affected()));
    tx.commit().await.expect("a commit");
    done.expect("the statement runs")
}

async fn counting_anew_finds_nothing_in_sound_rows_and_mends_damaged_ones(db: TestDatabase) {
    let office = Office::open(&db).await;
    let head = office.append(&register(80)).await;
    follow(&office, head).await;
    let before = counts(&sheet(&office, day("2026-04-01")).await);
    let sound = rebuild(&office.store, &*office.now())
        .await
        .expect("counted anew");
    assert_eq!((sound.mended, sound.position), (0, head));
    let damaged = execute(
        &db,
        "UPDATE figure SET amount = amount + 2 WHERE dimension = 1 AND unit = 1",
    )
    .await
        + execute(&db, "DELETE FROM figure WHERE dimension = 3 AND unit = 0").await
        + execute(&db, "INSERT INTO figure VALUES (2, 0, 201801, 5, 1, 1, 3, 44)").await;
    assert_ne!(
        counts(&sheet(&office, day("2026-04-01")).await),
        before,
        "the damage shows"
    );
    let mended = rebuild(&office.store, &*office.now())
        .await
        .expect("counted anew");
    assert_eq!((mended.mended, mended.position), (damaged, head));
    assert_eq!(counts(&sheet(&office, day("2026-04-01")).await), before);
    // Whoever counts goes on from there.
    let head = office
        .append(&[Sample::corporation(5_000, "青空").registered()])
        .await;
    follow(&office, head).await;
    assert_eq!(
        rebuild(&office.store, &*office.now())
            .await
            .expect("counted anew")
            .mended,
        0
    );
}

async fn rows_of_an_older_version_are_mended_at_the_next_start(db: TestDatabase) {
    let office = Office::open(&db).await;
    let head = office.append(&register(30)).await;
    follow(&office, head).await;
    let figures = office.storage.figures_projection();
    figures.stop().await;
    let before = counts(&sheet(&office, day("2026-04-01")).await);
    execute(
        &db,
        "UPDATE projection_checkpoint SET version = 0 WHERE name = 'figures'",
    )
    .await;
    execute(&db, "UPDATE figure SET amount = amount + 1 WHERE unit = 0").await;
    let head = office
        .append(&[Sample::corporation(5_000, "青空").registered()])
        .await;
    follow(&office, head).await;
    let after = counts(&sheet(&office, day("2017-12-31")).await);
    assert_eq!(after, BTreeMap::new(), "nothing was declared by then");
    let after = counts(&sheet(&office, day("2026-04-01")).await);
    let all = |counts: &BTreeMap<Cell, u64>| counts.values().sum::<u64>();
    assert_eq!(all(&after), all(&before) + 4, "one more in four dimensions");
}

async fn an_event_that_cannot_be_counted_stops_the_figures_for_all_to_see(db: TestDatabase) {
    let office = Office::open(&db).await;
    let good = office.append(&register(3)).await;
    follow(&office, good).await;
    let at = office.append_stranger(Uuid::now_v7()).await;
    let figures = office.storage.figures_projection();
    assert_eq!(figures.wait_for(at, PATIENCE).await, Caught::Behind(good));
    let sheet = sheet(&office, day("2026-04-01")).await;
    let error = sheet.error.expect("why they stopped");
    assert!(
        error.contains(&format!("position {at}")) && error.contains("declaration.sold"),
        "{error}"
    );
    assert_eq!(sheet.position, good);
}

const ROWS: Sql = Sql::same("SELECT COUNT(*) FROM figure");

async fn changes_that_come_to_nothing_leave_no_row(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::corporation(7, "青空");
    follow(&office, office.append(&[sample.registered()]).await).await;
    let rows = async || -> i64 {
        let mut connection = db.database().acquire_read().await.expect("a connection");
        let text = ROWS.on(&connection);
        each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await).expect("a count")
    };
    assert_eq!(rows().await, 8, "four dimensions, by month and by day");
    let stopped = |liveness| Statement {
        effective_at: day("2026-04-01"),
        ..sample.statement(liveness)
    };
    let stop = stopped(DeclarationEvent::Stopped {
        stop: Stop {
            kind: StopKind::Closed,
            on: Some(day("2026-05-01")),
        },
        corporate_number: None,
    });
    follow(&office, office.append(&[stop]).await).await;
    // Out of four cells and into five.
    assert_eq!(rows().await, 8 + 18);
    let back = stopped(DeclarationEvent::Reinstated {
        corporate_number: None,
    });
    follow(&office, office.append(&[back]).await).await;
    assert_eq!(rows().await, 8, "the stop never came");
}

/// Years of changes, as a large register has them.
const MANY: Sql = Sql {
    sqlite: "WITH RECURSIVE month (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM month WHERE n < 107), \
             cell (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM cell WHERE n < 39), \
             unit (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM unit WHERE n < 10) \
             INSERT INTO figure SELECT d.value, MIN(unit.n, 1), \
             CASE unit.n WHEN 0 THEN 1 ELSE 100 END * ((2018 + month.n / 12) * 100 + month.n % 12 + 1) \
             + CASE unit.n WHEN 0 THEN 0 ELSE 2 * unit.n END, cell.n, 1, 1, 1, 3 \
             FROM json_each('[1,2,3]') AS d, month, cell, unit",
    postgres: "INSERT INTO figure SELECT d, LEAST(unit, 1), \
               CASE unit WHEN 0 THEN 1 ELSE 100 END * ((2018 + month / 12) * 100 + month % 12 + 1) \
               + CASE unit WHEN 0 THEN 0 ELSE 2 * unit END, cell, 1, 1, 1, 3 \
               FROM generate_series(1, 3) d, generate_series(0, 107) month, generate_series(0, 39) cell, \
               generate_series(0, 10) unit",
};

async fn a_day_is_added_up_by_the_key_of_the_table(db: TestDatabase) {
    let office = Office::open(&db).await;
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let many = MANY.on(&tx);
    each_engine!(tx, c => sqlx::query(many).execute(c).await.map(drop)).expect("rows");
    each_engine!(tx, c => sqlx::query("ANALYZE").execute(c).await.map(drop)).expect("statistics");
    tx.commit().await.expect("a commit");
    let figures = office.storage.figures();
    let found = figures
        .on(day("2026-12-31"), &[Dimension::Prefecture])
        .await
        .expect("figures");
    let first = found.cells.first().expect("a cell");
    // Months until November, ten changes in December.
    assert_eq!(first.count, 3 * 107 + 3 * 10);
    for asked in ["2017-04-01", "2022-02-11", "2026-12-31"] {
        let plan = figures
            .explain(day(asked), Dimension::Prefecture)
            .await
            .expect("a plan");
        let plan = plan.to_lowercase();
        assert!(
            !plan.contains("seq scan") && !plan.contains("scan figure"),
            "{asked}: {plan}"
        );
        assert!(
            plan.contains("primary key") || plan.contains("figure_pkey"),
            "{asked}: {plan}"
        );
    }
}

/// Whoever stops waiting does so in time, also where nobody counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_where_nobody_counts() {
    let db = TestDatabase::sqlite().await;
    let office = Office::open(&db).await;
    let head = office.append(&register(2)).await;
    let figures = office.storage.figures_projection();
    let waited = figures.wait_for(head, Duration::from_millis(60)).await;
    assert_eq!(waited, Caught::Behind(Position::START));
}

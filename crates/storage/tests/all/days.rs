//! Stops that lie ahead: the rows of lists are those of a day, and turn with it without anybody touching a record.

use chrono::{NaiveDate, TimeDelta};
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, DeclarationState, Field, FieldValue, FlagCode,
    HandOverKind, Source, Statement, Stop, StopKind, Timeline, Undone,
};
use event_store::DatabaseOptions;
use storage::Storage;
use storage::declaration::{Filter, ListPage, ListRequest, Search, SearchScope};
use storage::projection::rebuild;
use storage::register_index;
use test_support::TestDatabase;

use crate::support::{Office, PATIENCE, Sample, day, request};

test_support::on_both_engines!(
    lists_facets_and_searches_turn_with_the_day,
    a_stop_that_is_taken_back_before_its_day_never_comes,
    a_day_that_turned_while_nothing_ran_has_turned_at_the_next_start,
    a_rebuild_on_any_day_gives_the_rows_that_turned_by_themselves,
    a_rebuild_goes_on_when_the_day_turns_under_it,
    another_node_turns_the_day_when_the_leader_is_gone,
    the_day_never_goes_back,
    the_index_of_numbers_says_who_is_live_on_which_day,
    the_index_of_numbers_has_the_number_that_holds_whatever_was_recorded_last,
);

/// The day on which the clock stands at first.
const FIRST: &str = "2026-04-01";

fn stops(sample: &Sample, on: &str) -> domain::declaration::Statement {
    let stop = Stop {
        kind: StopKind::Closed,
        on: Some(day(on)),
    };
    let mut statement = sample.statement(DeclarationEvent::Stopped {
        stop,
        corporate_number: None,
    });
    statement.effective_at = day(FIRST);
    statement
}

fn back(sample: &Sample) -> domain::declaration::Statement {
    let mut statement = sample.statement(DeclarationEvent::Reinstated {
        corporate_number: None,
    });
    statement.effective_at = day(FIRST);
    statement
}

fn in_state(state: DeclarationState) -> Filter {
    Filter {
        states: vec![state],
        ..Filter::default()
    }
}

/// How many are live and stopped, by the facets.
fn by_state(page: &ListPage) -> (u64, u64) {
    let facets = &page.facets;
    let of = |state| {
        let found = facets.states.iter().find(|(of, _)| *of == state);
        found.map_or(0, |(_, count)| *count)
    };
    (of(DeclarationState::Active), of(DeclarationState::Stopped))
}

async fn counts(office: &Office) -> (u64, u64) {
    let facets = by_state(&office.list(&request(50, Filter::default())).await);
    // Rows, totals of a filter and searches tell the same as the facets.
    for (state, count) in [
        (DeclarationState::Active, facets.0),
        (DeclarationState::Stopped, facets.1),
    ] {
        let page = office.list(&request(50, in_state(state))).await;
        assert_eq!(page.total.count(), count, "{state:?}");
        assert_eq!(page.rows.len() as u64, count, "{state:?}");
        assert!(page.rows.iter().all(|row| row.state == state), "{state:?}");
        let page = office
            .list(&ListRequest {
                search: Search::parse("青空", SearchScope::Public).expect("short"),
                ..request(50, in_state(state))
            })
            .await;
        assert_eq!(page.rows.len() as u64, count, "searched {state:?}");
    }
    facets
}

/// Waits until the rows are those of a day.
async fn turned(storage: &Storage, to: NaiveDate) {
    let mut progress = storage.declarations_projection().progress();
    let reached = tokio::time::timeout(PATIENCE, progress.wait_for(|it| it.day >= Some(to))).await;
    reached.expect("the day turns").expect("it runs");
}

/// Three live declarations; the first two end on two days to come.
async fn planned(office: &Office) -> [Sample; 3] {
    let samples = [1, 2, 3].map(|n| Sample::corporation(n, "青空").flagged(&[FlagCode::EmailMissing]));
    let first: Vec<_> = samples.iter().map(Sample::registered).collect();
    office.append(&first).await;
    office
        .append(&[stops(&samples[0], "2026-04-02"), stops(&samples[1], "2026-04-10")])
        .await;
    samples
}

async fn rebuilt_is_the_same(office: &Office) {
    let report = rebuild(&office.store, &*office.now(), |_, _| {})
        .await
        .expect("a rebuild");
    assert!(report.is_same(), "{report:?}");
}

async fn lists_facets_and_searches_turn_with_the_day(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.project().await;
    assert_eq!(counts(&office).await, (3, 0));
    // 23:59 in Japan is still the same day.
    office
        .clock
        .advance(TimeDelta::hours(14) + TimeDelta::minutes(59));
    rebuilt_is_the_same(&office).await;
    assert_eq!(counts(&office).await, (3, 0));
    office.clock.advance(TimeDelta::minutes(1));
    turned(&office.storage, day("2026-04-02")).await;
    assert_eq!(counts(&office).await, (2, 1));
    office.clock.advance(TimeDelta::days(7));
    turned(&office.storage, day("2026-04-09")).await;
    assert_eq!(counts(&office).await, (2, 1));
    office.clock.advance(TimeDelta::days(1));
    turned(&office.storage, day("2026-04-10")).await;
    assert_eq!(counts(&office).await, (1, 2));
    // What comes after the day has turned is applied as ever.
    office
        .append(&[Sample::corporation(4, "青空").registered()])
        .await;
    office.project().await;
    assert_eq!(counts(&office).await, (2, 2));
}

async fn a_stop_that_is_taken_back_before_its_day_never_comes(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples = planned(&office).await;
    office.append(&[back(&samples[0])]).await;
    office.project().await;
    office.clock.advance(TimeDelta::days(30));
    turned(&office.storage, day("2026-05-01")).await;
    assert_eq!(counts(&office).await, (2, 1));
    office.append(&[back(&samples[1])]).await;
    office.project().await;
    assert_eq!(counts(&office).await, (3, 0));
    rebuilt_is_the_same(&office).await;
}

async fn a_day_that_turned_while_nothing_ran_has_turned_at_the_next_start(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.project().await;
    office.storage.declarations_projection().stop().await;
    office.clock.advance(TimeDelta::days(5));
    assert_eq!(counts(&office).await, (3, 0), "nobody has turned it");
    office.project().await;
    turned(&office.storage, day("2026-04-06")).await;
    assert_eq!(counts(&office).await, (2, 1));
}

async fn a_rebuild_on_any_day_gives_the_rows_that_turned_by_themselves(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.project().await;
    for days in [0, 1, 8, 1] {
        office.clock.advance(TimeDelta::days(days));
        let today = (office.clock.now() + TimeDelta::hours(9)).date_naive();
        turned(&office.storage, today).await;
        let before = counts(&office).await;
        rebuilt_is_the_same(&office).await;
        assert_eq!(counts(&office).await, before, "on {today}");
    }
}

async fn a_rebuild_goes_on_when_the_day_turns_under_it(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.project().await;
    office.storage.declarations_projection().stop().await;
    // Each time the rebuild asks for the time it is a day later; the live rows turn when it has begun.
    let clock = office.clock.clone();
    let now = move || {
        clock.advance(TimeDelta::days(1));
        clock.now()
    };
    rebuild(&office.store, &now, |_, _| {}).await.expect("a rebuild");
    office.project().await;
    let today = (office.clock.now() + TimeDelta::hours(9)).date_naive();
    turned(&office.storage, today).await;
    assert_eq!(counts(&office).await, (1, 2));
    rebuilt_is_the_same(&office).await;
}

async fn another_node_turns_the_day_when_the_leader_is_gone(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.project().await;
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    // The first loses the lead to the second and stands by; the second is gone without a word.
    let takeover = std::time::Duration::from_millis(1);
    other.declarations_projection().start(&office.store, office.now());
    let mut leading = other.declarations_projection().progress();
    let led = tokio::time::timeout(
        PATIENCE,
        leading.wait_for(|it| it.duty == storage::projection::Duty::Leading),
    );
    led.await.expect("it leads").expect("it runs");
    drop(leading);
    drop(other);
    office.storage.declarations_projection().stop().await;
    office.clock.advance(TimeDelta::days(1));
    office
        .storage
        .declarations_projection()
        .start_with(&office.store, office.now(), takeover);
    turned(&office.storage, day("2026-04-02")).await;
    assert_eq!(counts(&office).await, (2, 1));
}

async fn the_day_never_goes_back(db: TestDatabase) {
    let office = Office::open(&db).await;
    planned(&office).await;
    office.clock.advance(TimeDelta::days(1));
    office.project().await;
    assert_eq!(counts(&office).await, (2, 1));
    office.clock.advance(TimeDelta::days(-1));
    office
        .append(&[Sample::corporation(4, "青空").registered()])
        .await;
    office.project().await;
    assert_eq!(counts(&office).await, (3, 1));
    let progress = office.storage.declarations_projection().progress();
    assert_eq!(progress.borrow().day, Some(day("2026-04-02")));
}

async fn the_index_of_numbers_says_who_is_live_on_which_day(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples = planned(&office).await;
    let entry = async || {
        let found = register_index::by_ids(db.database(), &[samples[0].id]).await;
        found.expect("an answer").remove(0)
    };
    let planned = entry().await;
    assert_eq!(planned.live_until, Some(day("2026-04-02")));
    assert!(planned.live_on(day("2026-04-01")) && !planned.live_on(day("2026-04-02")));
    office.append(&[back(&samples[0])]).await;
    assert!(entry().await.live_on(day("2026-04-02")));
}

/// Another corporate number, in an event that holds since a day.
fn numbered(
    sample: &Sample,
    number: &str,
    since: &str,
    event: impl FnOnce(Change) -> DeclarationEvent,
) -> Statement {
    let new = FieldValue::read(Field::CorporateNumber, number);
    let change = Change {
        field: Field::CorporateNumber,
        old: None,
        new: new.map(|value| sample.facts.classify(Field::CorporateNumber, value)),
    };
    Statement {
        effective_at: day(since),
        ..sample.statement(event(change))
    }
}

async fn the_index_of_numbers_has_the_number_that_holds_whatever_was_recorded_last(db: TestDatabase) {
    const NUMBERS: [&str; 4] = ["7999901000001", "6999901000002", "6999903000017", "1999905123456"];
    let office = Office::open(&db).await;
    let sample = Sample::corporation(1, "株式会社みほん").with(Field::CorporateNumber, NUMBERS[0]);
    let corrected = |change| {
        DeclarationEvent::Corrected(Box::new(Corrected {
            change,
            kind: CorrectionKind::Change {
                since: day("2021-04-01"),
            },
            source: Source::Staff,
        }))
    };
    let handed_over = |change| DeclarationEvent::HandedOver {
        kind: HandOverKind::Merger,
        changes: vec![change],
    };
    let undone = |change| {
        DeclarationEvent::Undone(Box::new(Undone {
            undoes: 3,
            changes: vec![change],
            liveness: None,
            published: None,
            logo_allowed: None,
            flag: None,
            replaced: None,
            replaces: None,
            corporate_number: None,
        }))
    };
    // Each with the number that the declaration has then.
    let history = [
        (sample.registered(), NUMBERS[0]),
        (
            numbered(&sample, NUMBERS[1], "2023-04-01", handed_over),
            NUMBERS[1],
        ),
        (numbered(&sample, NUMBERS[2], "2021-04-01", corrected), NUMBERS[1]),
        (numbered(&sample, NUMBERS[0], "2021-04-01", undone), NUMBERS[1]),
        (numbered(&sample, NUMBERS[3], "2023-04-01", corrected), NUMBERS[3]),
        (
            numbered(&sample, NUMBERS[2], "2024-04-01", handed_over),
            NUMBERS[2],
        ),
    ];
    for (statement, expected) in history {
        office.append(&[statement]).await;
        let events = storage::log::declaration(&office.store, sample.id).await;
        let events = events.expect("a history");
        let timeline = Timeline::new(events.iter().map(storage::log::LoggedEvent::recorded));
        let current = timeline.expect("a history").current().facts.corporate_number();
        assert_eq!(
            current.as_ref().map(ToString::to_string).as_deref(),
            Some(expected)
        );
        let indexed = register_index::by_ids(db.database(), &[sample.id]).await;
        let indexed = indexed.expect("an answer").remove(0);
        assert_eq!(indexed.corporate_number.as_deref(), Some(expected));
    }
}

//! The same commands on both engines: the same rows, byte for byte.
//!
//! What is random by design is left out: the sealed bytes of personal parts, and the leaf hash of an event that has some,
//! because it covers their salted commitments. The request hash is keyed with a secret of each keyring.

use chrono::{NaiveDate, TimeDelta};
use event_store::{Append, AppendError, Appended, EventStore, NewEvent, Position, QueryItem, each_engine};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use test_support::{TestDatabase, size, tell};
use uuid::Uuid;

use crate::common::{assert_clean, everything, guard, morning, part, tag, typed};

/// Every column of `event` but `personal`, and `leaf_hash` where it is not random, as text.
const EVENTS: event_store::Sql = event_store::Sql {
    sqlite: "SELECT position || '|' || lower(hex(event_id)) || '|' || event_type || '|' || schema_version || '|' || tags
                 || '|' || recorded_at || '|' || effective_at || '|' || actor || '|' || lower(hex(command_id)) || '|'
                 || lower(hex(correlation_id)) || '|' || data || '|'
                 || CASE WHEN length(personal) <= $1 THEN lower(hex(personal)) || '|' || lower(hex(leaf_hash))
                    ELSE 'sealed' END
             FROM event ORDER BY position",
    postgres: "SELECT position || '|' || encode(uuid_send(event_id), 'hex') || '|' || event_type || '|' || schema_version
                 || '|' || tags || '|' || recorded_at || '|' || effective_at || '|' || actor || '|'
                 || encode(uuid_send(command_id), 'hex') || '|' || encode(uuid_send(correlation_id), 'hex') || '|' || data
                 || '|' || CASE WHEN length(personal) <= $1
                    THEN encode(personal, 'hex') || '|' || encode(leaf_hash, 'hex') ELSE 'sealed' END
             FROM event ORDER BY position",
};
const TAGS: event_store::Sql = event_store::Sql::same(
    "SELECT tag || '|' || position || '|' || event_type FROM event_tag WHERE $1 > 0 ORDER BY position, tag",
);
const RECEIPTS: event_store::Sql = event_store::Sql {
    sqlite: "SELECT lower(hex(command_id)) || '|' || first_position || '|' || last_position
             FROM command_receipt WHERE $1 > 0 ORDER BY first_position",
    postgres: "SELECT encode(uuid_send(command_id), 'hex') || '|' || first_position || '|' || last_position
             FROM command_receipt WHERE $1 > 0 ORDER BY first_position",
};
const HEAD: event_store::Sql = event_store::Sql::same(
    "SELECT origin || '|' || position || '|' || recorded_at FROM log_head WHERE $1 > 0",
);
/// No personal part at all takes less than this.
const UNSEALED: i64 = 8;

#[derive(Clone, Debug)]
struct Event {
    kind: u8,
    tags: u8,
    text: String,
    number: i64,
    day: u16,
    person: Option<u8>,
}

#[derive(Clone, Debug)]
struct Command {
    id: u8,
    events: Vec<Event>,
    guard: Option<(u8, u8)>,
    minutes: i16,
}

#[test]
fn t14_the_same_commands_leave_the_same_bytes_on_both_engines() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let cases = u32::try_from(size(12, 500)).expect("few");
    tell(
        "the same commands on both engines",
        &format!("{cases} logs compared byte for byte"),
    );
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(command(), 1..20), |commands| {
        runtime.block_on(compare(&commands));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

async fn compare(commands: &[Command]) {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    let (one, other) = (sqlite.open_store().await, postgres.open_store().await);
    for (number, command) in (0..).zip(commands) {
        let append = append_of(number, command);
        assert_eq!(
            answer(one.append(append.clone()).await),
            answer(other.append(append).await),
            "{command:?}"
        );
    }
    for statement in [EVENTS, TAGS, RECEIPTS, HEAD] {
        assert_eq!(rows(&one, statement).await, rows(&other, statement).await);
    }
    // What is sealed differs, and opens to the same.
    let mut opened = everything(&one).await;
    let mut opened_there = everything(&other).await;
    for event in opened.iter_mut().chain(&mut opened_there) {
        if !event.personal.is_empty() {
            event.leaf_hash = [0; 32];
        }
    }
    assert_eq!(opened, opened_there);
    assert_clean(&one).await;
    assert_clean(&other).await;
}

fn answer(answer: Result<Appended, AppendError>) -> String {
    match answer {
        Ok(taken) => format!("{taken:?}"),
        Err(error) => format!("{error:?}"),
    }
}

async fn rows(store: &EventStore, statement: event_store::Sql) -> Vec<String> {
    let mut connection = store.database().acquire_read().await.expect("a connection");
    let statement = statement.on(&connection);
    each_engine!(connection, c => sqlx::query_scalar(statement).bind(UNSEALED).fetch_all(c).await)
        .expect("read")
}

fn append_of(number: u128, command: &Command) -> Append {
    let id = |kind: u128, n: u128| Uuid::from_u128((kind << 96) | (number << 16) | n);
    let kinds = ["thing.made", "thing.moved", "place.made"];
    let tags = |bits: u8| {
        (0..3_u8)
            .filter(|bit| bits & (1 << bit) != 0)
            .map(|bit| tag("thing", bit))
            .collect()
    };
    let events = (0..).zip(&command.events).map(|(n, event)| NewEvent {
        id: id(1, n),
        event_type: kinds[usize::from(event.kind)].to_owned(),
        schema_version: 1 + u16::from(event.kind),
        tags: tags(event.tags),
        effective_at: NaiveDate::default() + TimeDelta::days(i64::from(event.day)),
        data: json!({"z": event.text, "a": {"number": event.number, "none": null, "list": [1.5, true, event.text]}}),
        personal: event
            .person
            .map(|person| part("contact", u128::from(person) + 1, json!({"text": event.text})))
            .into_iter()
            .collect(),
    });
    let guards = command.guard.map(|(kind, after)| {
        let item: QueryItem = typed(&[kinds[usize::from(kind)]], &[]);
        guard(vec![item], Position::new(i64::from(after)))
    });
    Append {
        command_id: Uuid::from_u128(u128::from(command.id) + 1),
        actor: "staff-1".to_owned(),
        correlation_id: id(2, 0),
        reason: None,
        events: events.collect(),
        guards: guards.into_iter().collect(),
        recorded_at: morning() + TimeDelta::minutes(i64::from(command.minutes)),
    }
}

fn command() -> impl Strategy<Value = Command> {
    let event = (
        0..3_u8,
        0..8_u8,
        // No NUL: neither engine's JSON takes it, which is another test's matter.
        "[ -~\u{80}-\u{2FF}あ-ん一-龠\u{10000}-\u{103FF}]{0,20}",
        -(1_i64 << 53) + 1..1 << 53,
        any::<u16>(),
        prop::option::weighted(0.2, 0..5_u8),
    )
        .prop_map(|(kind, tags, text, number, day, person)| Event {
            kind,
            tags,
            text,
            number,
            day,
            person,
        });
    let guard = prop::option::weighted(0.3, (0..3_u8, 0..40_u8));
    (0..40_u8, prop::collection::vec(event, 1..5), guard, any::<i16>()).prop_map(
        |(id, events, guard, minutes)| Command {
            id,
            events,
            guard,
            minutes,
        },
    )
}

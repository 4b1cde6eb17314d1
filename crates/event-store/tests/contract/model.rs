//! The log against a plain model in memory: random commands, batches, duplicates, guards, crashes,
//! restarts and readers.

use std::collections::BTreeMap;

use event_store::{Append, AppendError, Appended, EventStore, Guard, Position, Query, QueryItem, Tag};
use futures::StreamExt as _;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use test_support::{TestDatabase, size, tell};
use uuid::Uuid;

use crate::common::{assert_clean, command, event, everything, tag};

const TYPES: [&str; 3] = ["thing.made", "thing.moved", "place.made"];

/// Bits choose among three types and three tags.
#[derive(Clone, Copy, Debug)]
struct Item {
    types: u8,
    tags: u8,
}

/// Type and tags of each event.
type Events = Vec<(u8, u8)>;

#[derive(Clone, Debug)]
struct Command {
    id: u8,
    events: Events,
    /// Items, and how far the caller had read, in 255ths of the log.
    guards: Vec<(Vec<Item>, u8)>,
}

#[derive(Clone, Debug)]
enum Step {
    Batch(Vec<Command>),
    Reopen,
    /// The caller is gone after so many polls, and the store with it; the same command is asked for again.
    Crash(Command, u8),
    Read(Vec<Item>, u8, u8),
    Follow(Vec<Item>, u8),
}

#[derive(Debug, PartialEq)]
enum Answer {
    New(i64, i64),
    Earlier(i64, i64),
    Reused,
    Conflict(Vec<(usize, i64)>),
}

/// What the log should be: a list.
#[derive(Default)]
struct Model {
    events: Events,
    /// What each command appended, and where.
    receipts: BTreeMap<u8, (Events, i64, i64)>,
}

impl Model {
    fn head(&self) -> i64 {
        i64::try_from(self.events.len()).expect("small")
    }

    fn append(&mut self, command: &Command, afters: &[i64]) -> Answer {
        if let Some((events, first, last)) = self.receipts.get(&command.id) {
            return if *events == command.events {
                Answer::Earlier(*first, *last)
            } else {
                Answer::Reused
            };
        }
        let found: Vec<_> = command
            .guards
            .iter()
            .zip(afters)
            .enumerate()
            .filter_map(|(number, ((items, _), after))| {
                self.matching(items)
                    .into_iter()
                    .next_back()
                    .filter(|at| at > after)
                    .map(|at| (number, at))
            })
            .collect();
        if !found.is_empty() {
            return Answer::Conflict(found);
        }
        let first = self.head() + 1;
        self.events.extend(&command.events);
        self.receipts
            .insert(command.id, (command.events.clone(), first, self.head()));
        Answer::New(first, self.head())
    }

    fn matching(&self, items: &[Item]) -> Vec<i64> {
        let matches = |event: &(u8, u8)| {
            items.iter().any(|item| {
                (item.types == 0 || item.types & (1 << event.0) != 0) && event.1 & item.tags == item.tags
            })
        };
        (1..)
            .zip(&self.events)
            .filter(|(_, event)| matches(event))
            .map(|(at, _)| at)
            .collect()
    }
}

fn tags(bits: u8) -> Vec<Tag> {
    (0..3)
        .filter(|bit| bits & (1 << bit) != 0)
        .map(|bit| tag("thing", bit))
        .collect()
}

fn query(items: &[Item]) -> Query {
    let items = items.iter().map(|item| QueryItem {
        types: (0..3)
            .filter(|bit| item.types & (1 << bit) != 0)
            .map(|bit| TYPES[bit].to_owned())
            .collect(),
        tags: tags(item.tags),
    });
    Query {
        items: items.collect(),
    }
}

fn append_of(step: &Command, afters: &[i64]) -> Append {
    let events = step
        .events
        .iter()
        .map(|(kind, bits)| event(TYPES[usize::from(*kind)], &tags(*bits)))
        .collect();
    let mut append = command(events);
    append.command_id = Uuid::from_u128(u128::from(step.id) + 1);
    append.guards = step
        .guards
        .iter()
        .zip(afters)
        .map(|((items, _), after)| Guard {
            query: query(items),
            after: Position::new(*after),
        })
        .collect();
    append
}

async fn run(db: &TestDatabase, steps: Vec<Step>) {
    let mut store = db.open_store().await;
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Reopen => store = db.open_store().await,
            Step::Batch(commands) => batch(&store, &mut model, &commands).await,
            Step::Crash(command, polls) => {
                store = crash(db, store, &mut model, &command, polls).await;
            }
            Step::Follow(items, after) => {
                let after = model.head() * i64::from(after) / 255;
                let expected: Vec<_> = model
                    .matching(&items)
                    .into_iter()
                    .filter(|at| *at > after)
                    .collect();
                let followed = store
                    .follow(query(&items), Position::new(after))
                    .take(expected.len());
                let followed: Vec<_> = followed
                    .map(|event| event.expect("no gap").position.get())
                    .collect()
                    .await;
                assert_eq!(followed, expected);
            }
            Step::Read(items, after, limit) => {
                let after = model.head() * i64::from(after) / 255;
                let read = store
                    .read(&query(&items), Position::new(after), u32::from(limit))
                    .await
                    .expect("read");
                let read: Vec<_> = read.iter().map(|event| event.position.get()).collect();
                let expected = model.matching(&items).into_iter().filter(|at| *at > after);
                assert_eq!(read, expected.take(usize::from(limit)).collect::<Vec<_>>());
            }
        }
    }
    let log: Vec<_> = everything(&store)
        .await
        .into_iter()
        .map(|event| (event.event_type, event.tags))
        .collect();
    let expected: Vec<_> = model
        .events
        .iter()
        .map(|(kind, bits)| (TYPES[usize::from(*kind)].to_owned(), tags(*bits)))
        .collect();
    assert_eq!(log, expected);
    assert_clean(&store).await;
}

/// Whether the first try was taken or not, the second has the same outcome; nothing else does.
async fn crash(
    db: &TestDatabase,
    store: EventStore,
    model: &mut Model,
    command: &Command,
    polls: u8,
) -> EventStore {
    let head = model.head();
    let afters: Vec<_> = command
        .guards
        .iter()
        .map(|(_, seen)| head * i64::from(*seen) / 255)
        .collect();
    let append = append_of(command, &afters);
    {
        let mut trying = std::pin::pin!(store.append(append.clone()));
        for _ in 0..polls {
            if futures::poll!(trying.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    drop(store);
    let store = db.open_store().await;
    let answer = answered(store.append(append).await);
    match (model.append(command, &afters), answer) {
        (Answer::New(first, last), Answer::New(a, b) | Answer::Earlier(a, b)) => {
            assert_eq!((a, b), (first, last), "{command:?}");
        }
        (expected, answer) => assert_eq!(answer, expected, "{command:?}"),
    }
    store
}

fn answered(answer: Result<Appended, AppendError>) -> Answer {
    match answer {
        Ok(Appended::New(receipt)) => Answer::New(receipt.first.get(), receipt.last.get()),
        Ok(Appended::Earlier(receipt)) => Answer::Earlier(receipt.first.get(), receipt.last.get()),
        Err(AppendError::CommandReused { .. }) => Answer::Reused,
        Err(AppendError::Conflict(conflict)) => {
            let found = conflict.found.iter();
            Answer::Conflict(found.map(|found| (found.guard, found.position.get())).collect())
        }
        Err(other) => panic!("{other:?}"),
    }
}

async fn batch(store: &EventStore, model: &mut Model, commands: &[Command]) {
    let head = model.head();
    let afters: Vec<Vec<i64>> = commands
        .iter()
        .map(|command| {
            command
                .guards
                .iter()
                .map(|(_, seen)| head * i64::from(*seen) / 255)
                .collect()
        })
        .collect();
    // Polled in order, so queued in order: the log must decide as if one after the other.
    let appends = commands
        .iter()
        .zip(&afters)
        .map(|(command, afters)| store.append(append_of(command, afters)));
    let answers = futures::future::join_all(appends).await;
    for ((command, afters), answer) in commands.iter().zip(&afters).zip(answers) {
        let answer = answered(answer);
        assert_eq!(answer, model.append(command, afters), "{command:?}");
    }
}

fn item() -> impl Strategy<Value = Item> {
    (0..8_u8, 0..8_u8).prop_map(|(types, tags)| Item { types, tags })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let items = || prop::collection::vec(item(), 0..3);
    let guards = prop::collection::vec((items(), prop_oneof![3 => Just(255_u8), 1 => any::<u8>()]), 0..3);
    let events = prop::collection::vec((0..3_u8, 0..8_u8), 1..4);
    let command = (0..40_u8, events, guards)
        .prop_map(|(id, events, guards)| Command { id, events, guards })
        .boxed();
    let step = prop_oneof![
        8 => prop::collection::vec(command.clone(), 1..8).prop_map(Step::Batch),
        2 => (command, 0..6_u8).prop_map(|(command, polls)| Step::Crash(command, polls)),
        1 => (items(), any::<u8>()).prop_map(|(items, after)| Step::Follow(items, after)),
        1 => Just(Step::Reopen),
        3 => (items(), any::<u8>(), 0..20_u8).prop_map(|(items, after, limit)| Step::Read(items, after, limit)),
    ];
    prop::collection::vec(step, 1..14)
}

fn compare(cases: u64, engine: &str, fresh: impl AsyncFn() -> TestDatabase) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let cases = u32::try_from(size(cases, cases * 40)).expect("few");
    tell(
        "random commands, crashes and readers against a plain model",
        &format!("{cases} logs on {engine}"),
    );
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            let db = fresh().await;
            run(&db, steps).await;
        });
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn t14_random_commands_crashes_and_readers_come_to_the_same_as_in_a_plain_model_on_sqlite() {
    compare(64, "SQLite", TestDatabase::sqlite);
}

#[test]
fn t14_random_commands_crashes_and_readers_come_to_the_same_as_in_a_plain_model_on_postgres() {
    compare(24, "PostgreSQL", TestDatabase::postgres);
}

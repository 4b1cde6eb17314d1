//! What must hold after anything: every receipt, nothing twice, nothing missing, and a log that verifies.

use std::collections::{HashMap, HashSet};

use event_store::{Database, EventStore, KeyEncryptionKey, Keyring, OpenOptions, Position, Query};
use test_support::TEST_ORIGIN;
use uuid::Uuid;

use crate::writer::Left;

/// Opens the log as a process of its own would. Close the database afterwards: on SQLite only then does the next
/// process recover what this one left.
pub async fn open(url: &str) -> EventStore {
    let database = Database::open(url).await.expect("the database opens");
    database.migrate().await.expect("the schema is there");
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await;
    let options = OpenOptions {
        database,
        keyring: keyring.expect("the keyring opens"),
        origin: TEST_ORIGIN.to_owned(),
        inline: Vec::new(),
    };
    EventStore::open(options).await.expect("the log opens")
}

/// The log as the checks have read it so far.
#[derive(Default)]
pub struct Checker {
    head: Position,
    events: Vec<Uuid>,
    ids: HashSet<Uuid>,
    commands: HashMap<Uuid, (i64, i64)>,
    /// Acknowledged receipts that were found.
    pub receipts: u64,
}

impl Checker {
    /// How many events there are.
    pub fn events(&self) -> usize {
        self.events.len()
    }

    /// Opens the log, reads and verifies what is new, compares it with what a writer left, and closes the log.
    pub async fn check(&mut self, url: &str, left: &Left) {
        let store = open(url).await;
        self.read_on(&store).await;
        self.compare(left);
        store.database().close().await;
    }

    /// Verifies the log from its first event.
    pub async fn check_everything(&mut self, url: &str) {
        let store = open(url).await;
        self.read_on(&store).await;
        verify(&store, Position::START, self.head).await;
        store.database().close().await;
    }

    /// Reads to the end and verifies that piece.
    pub async fn read_on(&mut self, store: &EventStore) {
        let from = self.head.next();
        loop {
            let page = store.read(&Query::all(), self.head, 1_000).await.expect("no gap");
            if page.is_empty() {
                break;
            }
            for event in page {
                let position = event.position.get();
                assert_eq!(position, self.head.get() + 1, "contiguous");
                assert!(self.ids.insert(event.id), "the event {} is there twice", event.id);
                let (_, last) = self
                    .commands
                    .entry(event.command_id)
                    .or_insert((position, position - 1));
                assert_eq!(
                    *last,
                    position - 1,
                    "the command {} is there twice",
                    event.command_id
                );
                *last = position;
                self.events.push(event.id);
                self.head = event.position;
            }
        }
        verify(store, from, self.head).await;
    }

    /// What was acknowledged and what was seen is what is in the log.
    pub fn compare(&mut self, left: &Left) {
        for line in whole_lines(&left.acks) {
            let mut words = line.split(' ');
            let mut word = || words.next().expect("three words");
            let command: Uuid = word().parse().expect("an id");
            let receipt = (
                word().parse().expect("a position"),
                word().parse().expect("a position"),
            );
            assert_eq!(
                self.commands.get(&command),
                Some(&receipt),
                "the acknowledged command {command} is not where its receipt says"
            );
            self.receipts += 1;
        }
        let mut before: Option<usize> = None;
        for line in whole_lines(&left.seen) {
            let (position, id) = line.split_once(' ').expect("two words");
            let position: usize = position.parse().expect("a position");
            assert!(
                before.is_none_or(|before| before + 1 == position),
                "seen in order, none skipped"
            );
            before = Some(position);
            let there = self.events.get(position - 1).map(Uuid::to_string);
            assert_eq!(
                there.as_deref(),
                Some(id),
                "what a follower saw at {position} is still there"
            );
        }
    }
}

async fn verify(store: &EventStore, from: Position, to: Position) {
    let report = store.verify(from, to).await.expect("the log is walked");
    assert!(report.is_clean(), "{:?}", report.breaches);
}

/// The last line of a process that was killed may be torn.
fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines()
}

//! Tampering behind the program's back, at random places: verify names the event, every time.
//!
//! `SENGEN_TEST_TRIALS` says how often each kind of change is tried; a short form runs with every change.

use event_store::{
    BreachKind, Engine, EventStore, LogTree, Position, VerifyOptions, VerifyReport, each_engine,
};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::json;
use sqlx::Row as _;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, assert_clean, by_hand, command, event, part, tag};
use crate::tree::tree_of;

on_both_engines!(
    t09_a_flipped_byte_anywhere_in_a_row_names_the_event,
    t10_a_removed_event_is_named,
    t10_an_inserted_event_is_named,
    t10_two_swapped_events_are_named,
    t10_an_event_that_was_changed_with_its_hash_is_named,
    t10_an_event_that_was_changed_with_the_whole_tree_lies_between_two_signed_heads,
    t10_a_tail_that_was_cut_off_with_the_head_is_noticed,
    t10_a_changed_tile_a_changed_note_and_a_forged_one_are_noticed,
);

/// More than one tile.
const EVENTS: i64 = 300;

fn trials() -> u64 {
    let set = std::env::var("SENGEN_TEST_TRIALS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(8)
}

/// Dice that fall the same way in every run.
struct Dice(TestRng);

impl Dice {
    fn new(seed: u8) -> Self {
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
    }

    /// One of `0..count`.
    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % count as u64).expect("small")
    }

    /// A position from `first` to the last but `spare`.
    fn position(&mut self, first: i64, spare: i64) -> i64 {
        let count = EVENTS - spare - first + 1;
        first + i64::try_from(self.below(usize::try_from(count).expect("some"))).expect("small")
    }
}

/// A log with tags, personal parts and a signed tree, of which the database's own guards have been removed.
async fn filled(db: &TestDatabase) -> (EventStore, LogTree) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    for n in 0..u128::try_from(EVENTS / 3).expect("positive") {
        let mut one = event("thing.made", &[tag("thing", n), tag("place", "a")]);
        one.personal = vec![
            part("contact", n, json!({"name": "山田"})),
            part("owner", n + 1_000, json!("佐藤")),
        ];
        let two = event("thing.moved", &[tag("thing", n)]);
        append(&store, command(vec![one, two])).await;
        append(
            &store,
            command(vec![event("thing.sold", &[tag("thing", n), tag("buyer", n)])]),
        )
        .await;
        if n % 10 == 9 {
            tree.sign().await.expect("signed");
        }
    }
    disarm(&store).await;
    let report = verified(&store, &tree).await;
    assert!(report.is_clean(), "{:?}", report.breaches);
    assert_eq!(
        (report.checked, report.in_tree, report.heads, report.signed),
        (300, 300, 10, 300)
    );
    (store, tree)
}

async fn verified(store: &EventStore, tree: &LogTree) -> VerifyReport {
    let key = tree.verifier_key();
    let options = VerifyOptions {
        key: Some(&key),
        ..VerifyOptions::everything()
    };
    store.verify_with(options, |_| {}).await.expect("walked")
}

/// Removes what refuses changes, as somebody with the database's password can.
pub async fn disarm(store: &EventStore) {
    const SQLITE: &[&str] = &[
        "DROP TRIGGER event_keeps",
        "DROP TRIGGER event_stays",
        "DROP TRIGGER event_tag_keeps",
        "DROP TRIGGER event_tag_stays",
        "DROP TRIGGER command_receipt_keeps",
        "DROP TRIGGER command_receipt_stays",
        "DROP TRIGGER log_head_only_grows",
        "DROP TRIGGER checkpoint_note_keeps",
        "DROP TRIGGER checkpoint_note_stays",
    ];
    const POSTGRES: &[&str] = &[
        "DROP TRIGGER event_keeps ON event",
        "DROP TRIGGER event_tag_keeps ON event_tag",
        "DROP TRIGGER command_receipt_keeps ON command_receipt",
        "DROP TRIGGER log_head_only_grows ON log_head",
        "DROP TRIGGER checkpoint_note_keeps ON checkpoint_note",
    ];
    let statements = match store.database().engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    by_hand(store, statements).await.expect("dropped");
}

/// Runs statements of which each is bound to the same two numbers.
async fn at(store: &EventStore, statements: &[&'static str], first: i64, second: i64) {
    let mut tx = store.database().begin_write().await.expect("a transaction");
    for &statement in statements {
        each_engine!(tx, c => sqlx::query(statement).bind(first).bind(second).execute(c).await.map(drop))
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    tx.commit().await.expect("it commits");
}

/// Changes an event and gives it the leaf hash that its new content has.
pub async fn forge(store: &EventStore, position: i64) {
    at(
        store,
        &["UPDATE event SET actor = 'someone' WHERE position = $1 AND $2 = 0"],
        position,
        0,
    )
    .await;
    let entry = store.entry(Position::new(position)).await.expect("an entry");
    let hash = event_store::leaf_hash(&entry).to_vec();
    let mut tx = store.database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => {
        sqlx::query("UPDATE event SET leaf_hash = $1 WHERE position = $2").bind(hash).bind(position).execute(c).await
            .map(drop)
    })
    .expect("updated");
    tx.commit().await.expect("it commits");
}

/// The columns that are text, and those that are bytes; ids are bytes on SQLite and have a type of their own elsewhere.
const TEXTS: [(&str, &str); 5] = [
    (
        "SELECT event_type FROM event WHERE position = $1",
        "UPDATE event SET event_type = $1 WHERE position = $2",
    ),
    (
        "SELECT tags FROM event WHERE position = $1",
        "UPDATE event SET tags = $1 WHERE position = $2",
    ),
    (
        "SELECT effective_at FROM event WHERE position = $1",
        "UPDATE event SET effective_at = $1 WHERE position = $2",
    ),
    (
        "SELECT actor FROM event WHERE position = $1",
        "UPDATE event SET actor = $1 WHERE position = $2",
    ),
    (
        "SELECT data FROM event WHERE position = $1",
        "UPDATE event SET data = $1 WHERE position = $2",
    ),
];
const BYTES: [(&str, &str); 2] = [
    (
        "SELECT personal FROM event WHERE position = $1",
        "UPDATE event SET personal = $1 WHERE position = $2",
    ),
    (
        "SELECT leaf_hash FROM event WHERE position = $1",
        "UPDATE event SET leaf_hash = $1 WHERE position = $2",
    ),
];
const IDS: [(&str, &str); 3] = [
    (
        "SELECT event_id FROM event WHERE position = $1",
        "UPDATE event SET event_id = $1 WHERE position = $2",
    ),
    (
        "SELECT command_id FROM event WHERE position = $1",
        "UPDATE event SET command_id = $1 WHERE position = $2",
    ),
    (
        "SELECT correlation_id FROM event WHERE position = $1",
        "UPDATE event SET correlation_id = $1 WHERE position = $2",
    ),
];
const NUMBERS: [(&str, &str); 2] = [
    (
        "SELECT recorded_at FROM event WHERE position = $1",
        "UPDATE event SET recorded_at = $1 WHERE position = $2",
    ),
    (
        "SELECT schema_version FROM event WHERE position = $1",
        "UPDATE event SET schema_version = $1 WHERE position = $2",
    ),
];

/// Reads a column of an event, changes the value, writes it, and returns what it was.
macro_rules! change {
    ($store:expr, $statements:expr, $position:expr, $type:ty, $change:expr) => {{
        let (read, write) = $statements;
        let mut tx = $store.database().begin_write().await.expect("a transaction");
        let row = each_engine!(tx, c => {
            sqlx::query(read).bind($position).fetch_one(c).await.map(|row| row.get::<$type, _>(0))
        });
        let was: $type = row.expect("a row");
        let changed: $type = $change(was.clone());
        let differs = changed != was;
        each_engine!(tx, c => sqlx::query(write).bind(changed).bind($position).execute(c).await.map(drop))
            .expect("written");
        tx.commit().await.expect("it commits");
        (was, differs)
    }};
}

/// Flips a bit of one byte in a random column of an event, looks, and flips it back.
async fn flip_and_look(
    store: &EventStore,
    tree: &LogTree,
    dice: &mut Dice,
    position: i64,
) -> Option<VerifyReport> {
    let (place, bit) = (dice.below(1 << 30), dice.below(8));
    let flip_bytes = |mut bytes: Vec<u8>| {
        if let Some(at) = place.checked_rem(bytes.len()) {
            bytes[at] ^= 1 << bit;
        }
        bytes
    };
    // Only ASCII letters change, and only to ASCII: other bytes would not be text, which PostgreSQL does not take.
    let flip_text = |text: String| {
        let mut bytes = text.into_bytes();
        let places: Vec<_> = (0..bytes.len())
            .filter(|at| bytes[*at].is_ascii_graphic())
            .collect();
        let at = places[place % places.len()];
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        String::from_utf8(bytes).expect("text")
    };
    let flip_number = |number: i64| number ^ (1 << bit);
    let flip_id = |id: uuid::Uuid| uuid::Uuid::from_u128(id.as_u128() ^ (1 << (place % 128)));
    let kind = dice.below(TEXTS.len() + BYTES.len() + IDS.len() + NUMBERS.len());
    let (report, differs) = match kind {
        0..5 => {
            let (was, differs) = change!(store, TEXTS[kind], position, String, flip_text);
            let report = verified(store, tree).await;
            change!(store, TEXTS[kind], position, String, |_| was.clone());
            (report, differs)
        }
        5..7 => {
            let (was, differs) = change!(store, BYTES[kind - 5], position, Vec<u8>, flip_bytes);
            let report = verified(store, tree).await;
            change!(store, BYTES[kind - 5], position, Vec<u8>, |_| was.clone());
            (report, differs)
        }
        7..10 => {
            let (was, differs) = change!(store, IDS[kind - 7], position, uuid::Uuid, flip_id);
            let report = verified(store, tree).await;
            change!(store, IDS[kind - 7], position, uuid::Uuid, |_| was);
            (report, differs)
        }
        _ => {
            let (was, differs) = change!(store, NUMBERS[kind - 10], position, i64, flip_number);
            let report = verified(store, tree).await;
            change!(store, NUMBERS[kind - 10], position, i64, |_| was);
            (report, differs)
        }
    };
    differs.then_some(report)
}

async fn t09_a_flipped_byte_anywhere_in_a_row_names_the_event(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let mut dice = Dice::new(9);
    let mut tried = 0;
    while tried < trials() {
        let position = dice.position(1, 0);
        // An event without personal parts has no byte there to flip.
        let Some(report) = flip_and_look(&store, &tree, &mut dice, position).await else {
            continue;
        };
        tried += 1;
        let named: Vec<_> = report
            .breaches
            .iter()
            .filter(|it| it.position.get() == position && is_of_content(&it.kind))
            .collect();
        assert!(!named.is_empty(), "event {position}: {:?}", report.breaches);
        // A command's id also concerns the neighbours under the same receipt, and nobody else.
        let near = report
            .breaches
            .iter()
            .all(|it| (it.position.get() - position).abs() <= 1);
        assert!(near, "event {position}: {:?}", report.breaches);
    }
    assert_clean(&store).await;
}

/// Whether a breach says that the content of the event itself is not what it was.
fn is_of_content(kind: &BreachKind) -> bool {
    matches!(
        kind,
        BreachKind::LeafHash | BreachKind::Personal { .. } | BreachKind::Unreadable(_)
    )
}

async fn t10_a_removed_event_is_named(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let mut dice = Dice::new(10);
    by_hand(
        &store,
        &["CREATE TABLE kept AS SELECT * FROM event WHERE position = 0"],
    )
    .await
    .expect("a table");
    for _ in 0..trials() {
        let position = dice.position(1, 0);
        at(
            &store,
            &[
                "INSERT INTO kept SELECT * FROM event WHERE position = $1 AND $2 = 0",
                "DELETE FROM event WHERE position = $1 AND $2 = 0",
            ],
            position,
            0,
        )
        .await;
        let report = verified(&store, &tree).await;
        let missing = report.breaches.iter().any(|it| {
            let through = it.position;
            it.position.get() == position && it.kind == BreachKind::Missing { through }
        });
        assert!(missing, "event {position}: {:?}", report.breaches);
        at(
            &store,
            &[
                "INSERT INTO event SELECT * FROM kept WHERE position = $1 AND $2 = 0",
                "DELETE FROM kept WHERE position = $1 AND $2 = 0",
            ],
            position,
            0,
        )
        .await;
    }
    assert_clean(&store).await;
}

/// Moves everything from a position on by so much, by way of places where nothing is.
const MOVE: [&str; 6] = [
    "UPDATE event SET position = position + 1000000 WHERE position >= $1 AND $2 <> 0",
    "UPDATE event SET position = position - 1000000 + $2 WHERE position >= 1000000 + $1",
    "UPDATE event_tag SET position = position + 1000000 WHERE position >= $1 AND $2 <> 0",
    "UPDATE event_tag SET position = position - 1000000 + $2 WHERE position >= 1000000 + $1",
    "UPDATE command_receipt SET first_position = first_position + $2 WHERE first_position >= $1",
    "UPDATE command_receipt SET last_position = last_position + $2 WHERE last_position >= $1",
];

async fn t10_an_inserted_event_is_named(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let mut dice = Dice::new(11);
    for _ in 0..trials() {
        // An event with a receipt and tags of its own, its successors and the head moved on: as good as it gets.
        let position = dice.position(1, 1);
        at(&store, &MOVE, position, 1).await;
        at(
            &store,
            &[
                "INSERT INTO event SELECT $1, correlation_id, event_type, schema_version, tags, recorded_at, effective_at,
                     actor, correlation_id, correlation_id, data, personal, leaf_hash FROM event WHERE position = $1 + $2",
                "INSERT INTO event_tag SELECT tag, $1, event_type FROM event_tag WHERE position = $1 + $2",
                "INSERT INTO command_receipt SELECT e.correlation_id, r.request_hash, $1, $1 FROM event AS e
                     JOIN command_receipt AS r ON r.command_id = e.command_id WHERE e.position = $1 + $2",
                "UPDATE log_head SET position = position + $2 WHERE $1 > 0",
            ],
            position,
            1,
        )
        .await;
        let report = verified(&store, &tree).await;
        let first = report.first().map(|it| it.position.get());
        let named = report
            .breaches
            .iter()
            .any(|it| it.position.get() == position && is_of_content(&it.kind));
        assert!(
            named && first >= Some(position - 1),
            "event {position}: {first:?}"
        );
        at(
            &store,
            &[
                "DELETE FROM event WHERE position = $1 AND $2 = 1",
                "DELETE FROM event_tag WHERE position = $1 AND $2 = 1",
                "DELETE FROM command_receipt WHERE first_position = $1 AND last_position = $1 AND $2 = 1",
                "UPDATE log_head SET position = position - $2 WHERE $1 > 0",
            ],
            position,
            1,
        )
        .await;
        at(&store, &MOVE, position, -1).await;
        assert_clean(&store).await;
    }
}

const SWAP: [&str; 3] = [
    "UPDATE event SET position = 1000000 WHERE position = $1 AND $2 > 0",
    "UPDATE event SET position = $1 WHERE position = $2",
    "UPDATE event SET position = $2 WHERE position = 1000000 AND $1 > 0",
];

async fn t10_two_swapped_events_are_named(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let mut dice = Dice::new(12);
    for _ in 0..trials() {
        let one = dice.position(1, 1);
        let two = dice.position(one + 1, 0);
        at(&store, &SWAP, one, two).await;
        let report = verified(&store, &tree).await;
        let hashes = report
            .breaches
            .iter()
            .filter(|it| it.kind == BreachKind::LeafHash);
        let named: Vec<_> = hashes.map(|it| it.position.get()).collect();
        assert_eq!(named, [one, two]);
        at(&store, &SWAP, one, two).await;
    }
    assert_clean(&store).await;
}

async fn t10_an_event_that_was_changed_with_its_hash_is_named(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let mut dice = Dice::new(13);
    let mut forged = std::collections::BTreeSet::new();
    for _ in 0..trials() {
        let position = dice.position(1, 0);
        forge(&store, position).await;
        forged.insert(position);
        let report = verified(&store, &tree).await;
        let named: Vec<_> = report
            .breaches
            .iter()
            .map(|it| (it.position.get(), it.kind.clone()))
            .collect();
        let expected: Vec<_> = forged.iter().map(|at| (*at, BreachKind::NotInTree)).collect();
        assert_eq!(named, expected);
    }
}

async fn t10_an_event_that_was_changed_with_the_whole_tree_lies_between_two_signed_heads(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let outside = tree.latest().await.expect("read").expect("a head").head;
    forge(&store, 142).await;
    tree.rebuild(|_| {})
        .await
        .expect_err("it contradicts what was signed");
    let report = verified(&store, &tree).await;
    let named: Vec<_> = report
        .breaches
        .iter()
        .map(|it| (it.position.get(), it.kind.clone()))
        .collect();
    let fits = Position::new(120);
    assert_eq!(named, [(150, BreachKind::Head { fits })]);
    // Without the signed heads there is still the one outside, which has another backup and another owner.
    by_hand(&store, &["DELETE FROM checkpoint_note"])
        .await
        .expect("removed");
    assert!(verified(&store, &tree).await.is_clean());
    let options = VerifyOptions {
        outside: Some(&outside),
        ..VerifyOptions::everything()
    };
    let report = store.verify_with(options, |_| {}).await.expect("walked");
    assert_eq!(
        report.first().map(|it| it.kind.clone()),
        Some(BreachKind::Outside)
    );
}

async fn t10_a_tail_that_was_cut_off_with_the_head_is_noticed(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    let cut = [
        "DELETE FROM event WHERE position > $1 AND $2 = 0",
        "DELETE FROM event_tag WHERE position > $1 AND $2 = 0",
        "DELETE FROM command_receipt WHERE first_position > $1 AND $2 = 0",
        "UPDATE log_head SET position = $1 WHERE $2 = 0",
    ];
    at(&store, &cut, 294, 0).await;
    let report = verified(&store, &tree).await;
    let first = report.first().expect("noticed");
    let had = Position::new(300);
    assert_eq!(
        (first.position.get(), &first.kind),
        (295, &BreachKind::CutOff { had })
    );
    assert!(
        first
            .to_string()
            .contains("ends before event 295, but 300 events"),
        "{first}"
    );
}

async fn t10_a_changed_tile_a_changed_note_and_a_forged_one_are_noticed(db: TestDatabase) {
    let (store, tree) = filled(&db).await;
    // The only tile of level 1: a hash of other leaves in place of the right one.
    by_hand(
        &store,
        &["UPDATE tile SET hashes = (SELECT t.hashes FROM tile AS t WHERE t.level = 0 AND t.tile_index = 1) WHERE level = 1"],
    )
    .await
    .expect("changed");
    let through = Position::new(300);
    let report = verified(&store, &tree).await;
    let (level, index) = (1, 0);
    let first = report.first().expect("noticed");
    assert_eq!(
        (first.position.get(), &first.kind),
        (
            1,
            &BreachKind::Tile {
                level,
                index,
                through
            }
        )
    );
    tree.rebuild(|_| {}).await.expect("built again");
    assert!(verified(&store, &tree).await.is_clean());

    let forger = crate::tree::open_tree(&store, 2).await;
    assert!(forger.is_err(), "another key does not open the tree");
    by_hand(
        &store,
        &["UPDATE checkpoint_note SET note = (SELECT n.note FROM checkpoint_note AS n WHERE n.size = 60) WHERE size = 90"],
    )
    .await
    .expect("changed");
    let report = verified(&store, &tree).await;
    let first = report.first().expect("noticed");
    assert_eq!((first.position.get(), first.kind.code()), (90, "note"));
}

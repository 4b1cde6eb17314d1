//! Thousands of declarations from the log at once.

use std::collections::BTreeSet;

use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, Fact, Field, FieldValue, Source, Statement,
};
use domain::value::{CorporateNumber, DeclarationNo};
use domain::{DeclarationId, Readable};
use event_store::{Engine, Position, Sql, Tag};
use storage::status_check::{self, Histories};
use test_support::{TestDatabase, on_both_engines};

use crate::support::{Office, Sample, day, register};

on_both_engines!(
    numbers_lead_to_their_declarations_also_those_that_a_declaration_had_once,
    histories_tell_what_was_on_a_day_and_names_of_persons_only_with_their_keys,
    many_tags_are_probed_in_the_index_one_by_one,
);

/// As many tags as a register has for which an index is worth it.
const REPEAT: Sql = Sql {
    sqlite: "INSERT INTO event_tag (tag, position, event_type) SELECT t.tag || '-' || k.value, t.position, t.event_type \
             FROM event_tag AS t CROSS JOIN (WITH RECURSIVE n (value) AS \
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 50) SELECT value FROM n) AS k",
    postgres: "INSERT INTO event_tag (tag, position, event_type) SELECT t.tag || '-' || k, t.position, t.event_type \
               FROM event_tag AS t CROSS JOIN generate_series(1, 50) AS k",
};

fn number(n: u64) -> DeclarationNo {
    DeclarationNo::parse(&format!("4{n:010}")).expect("a number")
}

fn corporate(text: &str) -> CorporateNumber {
    CorporateNumber::parse(text).expect("a corporate number")
}

fn changed_since(sample: &Sample, field: Field, typed: &str, since: &str) -> Statement {
    let since = day(since);
    let change = Change {
        field,
        old: sample.facts.get(field).cloned(),
        new: FieldValue::read(field, typed).map(|value| sample.facts.classify(field, value)),
    };
    let corrected = Corrected {
        change,
        kind: CorrectionKind::Change { since },
        source: Source::Declarer,
    };
    Statement {
        effective_at: since,
        ..sample.statement(DeclarationEvent::Corrected(Box::new(corrected)))
    }
}

async fn head(office: &Office) -> Position {
    office.store.head().await.expect("the log answers")
}

async fn histories(office: &Office, ids: &[DeclarationId]) -> Histories {
    let ids: BTreeSet<_> = ids.iter().copied().collect();
    status_check::histories(&office.store, &ids, head(office).await)
        .await
        .expect("the log can be read")
}

async fn numbers_lead_to_their_declarations_also_those_that_a_declaration_had_once(db: TestDatabase) {
    let office = Office::open(&db).await;
    let first = Sample::corporation(1, "みほん").with(Field::CorporateNumber, "7999901000001");
    let second = Sample::corporation(2, "みほん").with(Field::CorporateNumber, "6999901000002");
    let trader =
        Sample::sole_trader(3, "見本 太郎", "みほん商店").with(Field::CorporateNumber, "6999903000017");
    let before = office
        .append(&[first.registered(), second.registered(), trader.registered()])
        .await;
    office
        .append(&[changed_since(
            &first,
            Field::CorporateNumber,
            "1999905123456",
            "2024-01-01",
        )])
        .await;
    let find = async |to| {
        let numbers = [number(1), number(3), number(9)].into();
        let corporate = ["7999901000001", "1999905123456", "6999902000000", "6999903000017"];
        let corporate = corporate
            .iter()
            .filter_map(|it| CorporateNumber::parse(it).ok())
            .collect();
        status_check::find(&office.store, &numbers, &corporate, to)
            .await
            .expect("the log can be read")
    };
    let found = find(head(&office).await).await;
    assert_eq!(found.by_number(&number(1)), [first.id]);
    assert_eq!(found.by_number(&number(3)), [trader.id]);
    assert_eq!(found.by_number(&number(9)), []);
    assert_eq!(
        found.by_corporate_number(&corporate("7999901000001")),
        [first.id],
        "it had it once"
    );
    assert_eq!(found.by_corporate_number(&corporate("1999905123456")), [first.id]);
    let of_trader = found.by_corporate_number(&corporate("6999903000017"));
    assert_eq!(of_trader, [], "what a sole trader wrote there is in no tag");
    assert_eq!(found.all().len(), 2);

    // As far as was recorded by then, it has no other number.
    let earlier = find(before).await;
    assert_eq!(earlier.by_corporate_number(&corporate("1999905123456")), []);
    assert_eq!(find(Position::START).await.all().len(), 0);
}

async fn histories_tell_what_was_on_a_day_and_names_of_persons_only_with_their_keys(db: TestDatabase) {
    let office = Office::open(&db).await;
    let trader = Sample::sole_trader(3, "見本 太郎", "みほん商店");
    office.append(&[trader.registered()]).await;
    office
        .append(&[
            changed_since(&trader, Field::Star, "★★", "2024-07-01"),
            changed_since(&trader, Field::Name, "見本 次郎", "2024-07-01"),
        ])
        .await;
    let stranger = DeclarationId::new(uuid::Uuid::now_v7());
    let read = histories(&office, &[trader.id, stranger]).await;
    assert!(
        read.on_day(stranger, day("2024-01-01"))
            .expect("no fault")
            .is_none()
    );
    let (before, after) = (day("2024-06-30"), day("2024-07-01"));
    let star = |on| {
        let record = read
            .on_day(trader.id, on)
            .expect("it can be read")
            .expect("it exists");
        // The name is there, and what it is nobody can say without its key.
        assert!(matches!(
            record.declaration.facts.get(Field::Name),
            Some(Fact::Forgotten(_))
        ));
        record.declaration.facts.value(Field::Star).map(str::to_owned)
    };
    assert_eq!(star(before).as_deref(), Some("one"));
    assert_eq!(star(after).as_deref(), Some("two"));

    let wanted = [(trader.id, before), (trader.id, after)];
    let opener = read.opener(&office.store, &wanted).await.expect("keys");
    let name = |opener, on| {
        let name = read
            .name_of_person(opener, trader.id, on)
            .expect("it can be read");
        match name.expect("there is one") {
            Readable::Open(name) => Some(name.into_revealed()),
            Readable::Forgotten => None,
        }
    };
    assert_eq!(name(&opener, before).as_deref(), Some("見本 太郎"));
    assert_eq!(name(&opener, after).as_deref(), Some("見本 次郎"));

    let subject = event_store::SubjectId(trader.facts.subjects().sole_trader.uuid());
    office
        .store
        .keyring()
        .destroy(subject)
        .await
        .expect("it is forgotten");
    let opener = read.opener(&office.store, &wanted).await.expect("no keys");
    assert_eq!(name(&opener, after), None);
}

async fn many_tags_are_probed_in_the_index_one_by_one(db: TestDatabase) {
    let office = Office::open(&db).await;
    let check = async || {
        let tags: Vec<Tag> = (0..1_000)
            .map(|n| Tag::new("declaration-no", format!("4{n:010}")).expect("a tag"))
            .collect();
        let plan = office
            .store
            .explain_tagged(&tags)
            .await
            .expect("a plan")
            .join("\n");
        match db.database().engine() {
            Engine::Sqlite => {
                assert!(
                    plan.contains("SEARCH t USING PRIMARY KEY (tag=? AND position<?)"),
                    "{plan}"
                );
                assert!(plan.contains("SEARCH e USING INTEGER PRIMARY KEY"), "{plan}");
            }
            // So few events are read whole: the tags are what there are many of.
            Engine::Postgres => assert!(plan.contains("Index Only Scan using event_tag_pkey"), "{plan}"),
        }
    };
    office.append(&register(600)).await;
    let mut analysed = db.database().begin_write().await.expect("a transaction");
    let repeat = REPEAT.on(&analysed);
    event_store::each_engine!(analysed, c => sqlx::query(repeat).execute(c).await.map(drop))
        .expect("more rows");
    event_store::each_engine!(analysed, c => sqlx::query("ANALYZE").execute(c).await.map(|_| ()))
        .expect("analysed");
    analysed.commit().await.expect("committed");
    check().await;
}

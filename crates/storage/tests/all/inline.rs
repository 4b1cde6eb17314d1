//! What is written in the transaction of the event: the register index and the members of staff; and the log of one declaration.

use std::collections::HashMap;

use crate::support::{Office, Sample, day};
use domain::Readable;
use domain::declaration::{DeclarationEvent, Field, Stop, StopKind};
use event_store::{Append, AppendError, NewEvent, PersonalPart, SubjectId};
use storage::{codec, log, register_index, staff};
use test_support::TestDatabase;
use uuid::Uuid;

test_support::on_both_engines!(
    the_index_knows_numbers_at_the_head_of_the_log,
    the_index_follows_corrections_and_stops,
    a_member_of_staff_can_be_found_as_soon_as_the_event_is_there,
    a_login_that_is_taken_refuses_the_append,
    a_history_has_who_when_why_and_what,
);

async fn the_index_knows_numbers_at_the_head_of_the_log(db: TestDatabase) {
    let office = Office::open(&db).await;
    let one = Sample::corporation(1, "青空").with(Field::CorporateNumber, "7999901000001");
    let two = Sample::corporation(2, "大和")
        .with(Field::CorporateNumber, "7999901000002")
        .stopped("2024-01-01");
    let three = Sample::sole_trader(3, "見本 花子", "商店").with(Field::CorporateNumber, "6999901000002");
    office
        .append(&[one.registered(), two.registered(), three.registered()])
        .await;

    let numbers: Vec<String> = ["40000000001", "40000000002", "40000000003", "49999999999"]
        .map(str::to_owned)
        .into();
    let found = register_index::by_numbers(db.database(), &numbers)
        .await
        .expect("an answer");
    let found: HashMap<_, _> = found
        .into_iter()
        .map(|it| (it.declaration_no.clone(), it))
        .collect();
    assert_eq!(found.len(), 3);
    let first = &found["40000000001"];
    assert_eq!(
        (first.declaration_id, first.organization_id),
        (one.id, one.organization)
    );
    assert_eq!(first.corporate_number.as_deref(), Some("7999901000001"));
    assert_eq!(first.fingerprint.as_deref(), Some(format!("{:064x}", 7).as_str()));
    assert!(first.live_on(day("2026-06-01")) && !found["40000000002"].live_on(day("2026-06-01")));
    // A wrong check digit is no number, and a sole trader's may be a My Number.
    assert_eq!(found["40000000002"].corporate_number, None);
    assert_eq!(found["40000000003"].corporate_number, None);

    let corporate = ["7999901000001".to_owned()];
    let found = register_index::by_corporate_numbers(db.database(), &corporate)
        .await
        .expect("an answer");
    assert_eq!((found.len(), &found[0]), (1, first));
    assert!(
        register_index::by_numbers(db.database(), &[])
            .await
            .expect("an answer")
            .is_empty()
    );
}

async fn the_index_follows_corrections_and_stops(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::corporation(1, "青空");
    let stop = Stop {
        kind: StopKind::Withdrawn,
        on: Some(day("2026-01-01")),
    };
    let entry = async || {
        let found = register_index::by_ids(db.database(), &[sample.id])
            .await
            .expect("an answer");
        found.into_iter().next().expect("it is there")
    };
    // All in one batch, and then one by one.
    office
        .append(&[
            sample.registered(),
            sample.corrected(Field::CorporateNumber, "T7999901000001"),
        ])
        .await;
    assert_eq!(entry().await.corporate_number.as_deref(), Some("7999901000001"));
    office
        .append(&[sample.statement(DeclarationEvent::Stopped {
            stop,
            corporate_number: None,
        })])
        .await;
    assert!(!entry().await.live_on(day("2026-01-01")));
    assert!(
        entry().await.live_on(day("2025-12-31")),
        "until the day of the stop"
    );
    office
        .append(&[sample.statement(DeclarationEvent::Reinstated {
            corporate_number: None,
        })])
        .await;
    office
        .append(&[sample.corrected(Field::DeclarationNo, "59990000017")])
        .await;
    office
        .append(&[sample.corrected(Field::CorporateNumber, "")])
        .await;
    let last = entry().await;
    assert_eq!(
        (
            last.live_on(day("2026-01-01")),
            last.declaration_no.as_str(),
            last.corporate_number
        ),
        (true, "59990000017", None)
    );
}

fn joined(staff_id: Uuid, login: &str) -> Append {
    let event = NewEvent {
        id: Uuid::now_v7(),
        event_type: "staff.joined".to_owned(),
        schema_version: 1,
        tags: Vec::new(),
        effective_at: day("2026-04-01"),
        data: serde_json::json!({ "staff_id": staff_id, "roles": ["administrator", "viewer"] }),
        personal: vec![PersonalPart {
            subject: SubjectId(staff_id),
            name: domain::staff::PART_STAFF.to_owned(),
            body: serde_json::json!({ "login": login, "name": "見本 花子" }),
        }],
    };
    Append {
        command_id: Uuid::now_v7(),
        actor: "system:test".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events: vec![event],
        guards: Vec::new(),
        recorded_at: crate::support::day("2026-04-01")
            .and_hms_opt(0, 0, 0)
            .expect("midnight")
            .and_utc(),
    }
}

async fn a_member_of_staff_can_be_found_as_soon_as_the_event_is_there(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = Uuid::now_v7();
    assert_eq!(
        staff::administrators(db.database(), None)
            .await
            .expect("an answer"),
        0
    );
    office
        .store
        .keyring()
        .ensure(&[SubjectId(id)])
        .await
        .expect("keys");
    office.store.append(joined(id, "hanako")).await.expect("taken");
    let found = staff::by_login(db.database(), "hanako")
        .await
        .expect("an answer")
        .expect("she is there");
    assert_eq!(
        (found.id, found.name.as_str(), found.roles.len()),
        (id, "見本 花子", 2)
    );
    let by_id = staff::by_ids(db.database(), &[id, Uuid::now_v7()])
        .await
        .expect("an answer");
    assert_eq!((by_id.len(), &by_id[&id]), (1, &found));
    assert_eq!(
        staff::by_login(db.database(), "taro").await.expect("an answer"),
        None
    );
    assert_eq!(
        staff::administrators(db.database(), None)
            .await
            .expect("an answer"),
        1
    );
    assert!(!format!("{found:?}").contains("花子"));
    let but_her = staff::administrators(db.database(), Some(domain::staff::StaffId(id))).await;
    assert_eq!(but_her.expect("an answer"), 0);
    assert_eq!(staff::all(db.database()).await.expect("an answer"), [found]);
}

async fn a_login_that_is_taken_refuses_the_append(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    office
        .store
        .keyring()
        .ensure(&[SubjectId(one), SubjectId(two)])
        .await
        .expect("keys");
    office.store.append(joined(one, "hanako")).await.expect("taken");
    let refused: Result<_, AppendError> = office.store.append(joined(two, "hanako")).await;
    assert!(refused.is_err());
    assert_eq!(
        staff::administrators(db.database(), None)
            .await
            .expect("an answer"),
        1
    );
}

async fn a_history_has_who_when_why_and_what(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::corporation(1, "青空");
    let first = office.append(&[sample.registered()]).await;
    office
        .append(&[Sample::corporation(2, "大和").registered()])
        .await;
    let statement = sample.corrected(Field::Name, "大空");
    let reason = codec::reason(
        sample.facts.subjects().of(domain::declaration::Role::Remarks),
        "名刺のとおり",
    );
    let events = vec![codec::new_event(Uuid::now_v7(), &statement).expect("tags")];
    office
        .store
        .keyring()
        .ensure(&codec::subjects(&events, Some(&reason)))
        .await
        .expect("keys");
    let append = Append {
        command_id: Uuid::now_v7(),
        actor: "declarer".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: Some(reason),
        events,
        guards: Vec::new(),
        recorded_at: office.clock.now(),
    };
    office.store.append(append).await.expect("taken");

    let history = log::declaration(&office.store, sample.id)
        .await
        .expect("a history");
    assert_eq!(history.len(), 2);
    assert_eq!((history[0].position, history[0].reason.is_none()), (first, true));
    let correction = &history[1];
    assert_eq!(
        (correction.actor.as_str(), &correction.statement),
        ("declarer", &statement)
    );
    assert_eq!(correction.recorded_at, office.clock.now());
    assert!(matches!(&correction.reason, Some(Readable::Open(text)) if text.reveal() == "名刺のとおり"));
    let earlier = log::declaration_up_to(&office.store, sample.id, Some(first))
        .await
        .expect("a history");
    assert_eq!(earlier.len(), 1);
    let nobody = domain::DeclarationId::new(Uuid::now_v7());
    assert!(
        log::declaration(&office.store, nobody)
            .await
            .expect("an answer")
            .is_empty()
    );
}

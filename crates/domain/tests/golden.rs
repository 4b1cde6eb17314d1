//! Stored shapes are frozen: one file for each shape of each event and schema version, for ever.
//!
//! A new shape gets a new file (`GOLDEN=write cargo test -p domain --test golden` writes those that are missing, never one
//! that is there). A file that is there is never changed: events like it lie in logs.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{
    AttachmentId, DeclarationId, InquiryId, OrganizationId, Personal, Readable, SubjectId,
    attachment::{Attachment, AttachmentKind, Label},
    declaration::{
        Answer, Change, Corrected, CorrectionKind, DeclarationEvent, EncodedEvent, Evidence, Fact, Facts,
        Field, FieldValue, FlagCode, Liveness, Made, Origin, RegisterSource, Registered, Role, Source,
        Standing, Statement, Stop, StopKind, StoredEvent, StoredPart, Subject, Subjects, Undone, reason_of,
    },
    value::{CorporateNumber, EntityType},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Those of two declarations, or two declarers.
#[path = "golden_shapes/between.rs"]
mod between;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + n)
}

fn subjects() -> Subjects {
    Subjects {
        representative: SubjectId::new(id(3)),
        contact: SubjectId::new(id(4)),
        sole_trader: SubjectId::new(id(5)),
        remarks: SubjectId::new(id(6)),
    }
}

fn facts(entity: EntityType) -> Facts {
    let mut facts = Facts::new(entity, subjects());
    let entries = [
        (Field::DeclarationNo, "５９９９－0000-017"),
        (Field::DeclaredOn, "H30.4.1"),
        (Field::Star, "ひとつ星"),
        (Field::PledgeVersion, "5か条"),
        (
            Field::EntityType,
            if entity == EntityType::SoleTrader {
                "個人事業主"
            } else {
                "法人"
            },
        ),
        (
            Field::CorporateNumber,
            if entity == EntityType::SoleTrader {
                ""
            } else {
                "T7999901000001"
            },
        ),
        (Field::Name, "㈱みほん製作所"),
        (Field::NameKana, "ﾐﾎﾝｾｲｻｸｼｮ"),
        (Field::TradeName, "みほん商店"),
        (Field::RepresentativeTitle, "代表取締役"),
        (Field::RepresentativeName, "見本　太郎"),
        (Field::PostalCode, "100-0000"),
        (Field::Prefecture, "東京都"),
        (Field::City, "みほん市"),
        (Field::Street, "１丁目２－３"),
        (Field::Building, "みほんビル"),
        (Field::Industry, "E 製造業"),
        (Field::Employees, "多数"),
        (Field::CapitalYen, "1,000万円"),
        (Field::DiagnosisScore, "78"),
        (Field::PolicyUrl, "https://example.jp/policy"),
        (Field::PolicyPublishedOn, "2018/4/1"),
        (Field::ContactName, "見本 花子"),
        (Field::ContactDepartment, "総務部"),
        (Field::ContactEmail, "taro..1.@docomo.example.jp"),
        (Field::ContactPhone, "03-0000-0000"),
        (Field::PublishConsent, "○"),
        (Field::Remarks, "電話確認済\r\n=1+1"),
    ];
    for (field, typed) in entries {
        facts.type_in(field, typed);
    }
    facts
}

fn change(field: Field, old: &str, new: &str) -> Change {
    let facts = facts(EntityType::Corporation);
    let fact = |typed: &str| FieldValue::read(field, typed).map(|value| facts.classify(field, value));
    Change {
        field,
        old: fact(old),
        new: fact(new),
    }
}

/// A contact who takes the place of one who was forgotten.
fn after_forgetting() -> Change {
    let successor = Subject {
        role: Role::Contact,
        id: SubjectId::new(id(7)),
    };
    let name = FieldValue::read(Field::ContactName, "見本 次郎").expect("a value");
    Change {
        field: Field::ContactName,
        old: Some(Fact::Forgotten(subjects().of(Role::Contact))),
        new: Some(Fact::Personal(successor, Personal::new(name))),
    }
}

fn registered(entity: EntityType, stop: Option<Stop>) -> DeclarationEvent {
    DeclarationEvent::Registered(Box::new(Registered {
        source: RegisterSource {
            register: "legacy-register.csv".to_owned(),
            fingerprint: "ab".repeat(32),
        },
        facts: facts(entity),
        standing: Standing {
            stop,
            state_typed: if stop.is_some() { "廃業" } else { "有効" }.to_owned(),
            stopped_on_typed: if stop.is_some() { "R4.5.7" } else { "" }.to_owned(),
        },
        published: stop.is_none(),
        flags: BTreeSet::from([FlagCode::EmployeesUnreadable, FlagCode::EmailNotRfc]),
    }))
}

fn corrected(change: Change, kind: CorrectionKind) -> DeclarationEvent {
    DeclarationEvent::Corrected(Box::new(Corrected {
        change,
        kind,
        source: Source::Declarer,
    }))
}

fn day(iso: &str) -> chrono::NaiveDate {
    iso.parse().expect("a day")
}

/// Every shape, under the name of its file.
fn shapes() -> Vec<(&'static str, DeclarationEvent)> {
    [
        beginnings(),
        corrections(),
        others(),
        steps_back(),
        between::shapes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn beginnings() -> Vec<(&'static str, DeclarationEvent)> {
    let closed = Stop {
        kind: StopKind::Closed,
        on: Some(day("2022-05-07")),
    };
    let made = Made {
        origin: Origin::Staff,
        facts: facts(EntityType::OtherBody),
        published: true,
        flags: BTreeSet::new(),
    };
    vec![
        ("registered.v1", registered(EntityType::Corporation, None)),
        (
            "registered-sole-trader-stopped.v1",
            registered(EntityType::SoleTrader, Some(closed)),
        ),
        ("made.v1", DeclarationEvent::Made(Box::new(made))),
    ]
}

fn corrections() -> Vec<(&'static str, DeclarationEvent)> {
    let since = CorrectionKind::Change {
        since: day("2021-07-01"),
    };
    let renumbered = change(Field::CorporateNumber, "7999901000001", "6999901000002");
    let silenced = change(Field::ContactPhone, "03-0000-0000", "");
    vec![
        ("corrected-error.v1", corrected(renumbered, CorrectionKind::Error)),
        (
            "corrected-change-to-unreadable.v1",
            corrected(change(Field::Employees, "18", "多数"), since),
        ),
        (
            "corrected-emptied.v1",
            corrected(change(Field::Building, "みほんビル", ""), since),
        ),
        (
            "corrected-personal.v1",
            corrected(change(Field::RepresentativeName, "見本 太郎", "見本 次郎"), since),
        ),
        (
            "corrected-personal-after-forgetting.v1",
            corrected(after_forgetting(), since),
        ),
        (
            "corrected-personal-emptied.v1",
            corrected(silenced, CorrectionKind::Error),
        ),
    ]
}

fn others() -> Vec<(&'static str, DeclarationEvent)> {
    let number = CorporateNumber::parse("7999901000001").ok();
    let closed = Stop {
        kind: StopKind::Closed,
        on: Some(day("2022-05-07")),
    };
    let undated = Stop {
        kind: StopKind::Withdrawn,
        on: None,
    };
    let contact = vec![
        change(Field::ContactName, "見本 花子", "見本 次郎"),
        change(Field::ContactDepartment, "", "総務部"),
    ];
    let score = vec![change(Field::DiagnosisScore, "", "７８点")];
    let policy = vec![
        change(Field::PolicyUrl, "", "https://example.jp/policy"),
        change(Field::PolicyPublishedOn, "", "令和3年4月1日"),
    ];
    let questionnaire = "25-v3".to_owned();
    let note = Readable::Open(Personal::new("折り返し電話する".to_owned()));
    vec![
        (
            "contact_changed.v1",
            DeclarationEvent::ContactChanged { changes: contact },
        ),
        (
            "diagnosis_recorded.v1",
            DeclarationEvent::DiagnosisRecorded {
                questionnaire: questionnaire.clone(),
                answers: None,
                changes: score.clone(),
            },
        ),
        (
            "diagnosis_recorded-answers.v1",
            DeclarationEvent::DiagnosisRecorded {
                questionnaire,
                answers: Some(Answer::ALL.to_vec()),
                changes: score,
            },
        ),
        (
            "policy_recorded.v1",
            DeclarationEvent::PolicyRecorded { changes: policy },
        ),
        (
            "stepped_up.v1",
            DeclarationEvent::SteppedUp {
                changes: vec![change(Field::Star, "★", "two")],
            },
        ),
        (
            "stopped.v1",
            DeclarationEvent::Stopped {
                stop: closed,
                corporate_number: number.clone(),
            },
        ),
        (
            "stopped-undated.v1",
            DeclarationEvent::Stopped {
                stop: undated,
                corporate_number: None,
            },
        ),
        (
            "reinstated.v1",
            DeclarationEvent::Reinstated {
                corporate_number: number,
            },
        ),
        ("published.v1", DeclarationEvent::Published),
        ("unpublished.v1", DeclarationEvent::Unpublished),
        (
            "flag_raised.v1",
            DeclarationEvent::FlagRaised {
                flag: FlagCode::CorporateNumberDuplicate,
            },
        ),
        (
            "flag_cleared.v1",
            DeclarationEvent::FlagCleared {
                flag: FlagCode::StoppedDateMissing,
            },
        ),
        (
            "note_added.v1",
            DeclarationEvent::NoteAdded {
                subject: subjects().of(Role::Remarks),
                text: note,
            },
        ),
        ("evidence_given.v1", evidence(false)),
        ("evidence_given-no_document.v1", evidence(true)),
        ("evidence_given-inquiry.v1", asked_for()),
    ]
}

fn steps_back() -> Vec<(&'static str, DeclarationEvent)> {
    let nothing = Undone {
        undoes: 41,
        changes: Vec::new(),
        liveness: None,
        published: None,
        logo_allowed: None,
        flag: None,
        replaced: None,
        replaces: None,
        corporate_number: None,
    };
    let of = |undone| DeclarationEvent::Undone(Box::new(undone));
    let stop = Stop {
        kind: StopKind::Withdrawn,
        on: None,
    };
    vec![
        (
            "policy_withdrawn.v1",
            DeclarationEvent::PolicyWithdrawn {
                changes: vec![change(Field::PolicyUrl, "https://example.jp/policy", "")],
            },
        ),
        (
            "stepped_down.v1",
            DeclarationEvent::SteppedDown {
                changes: vec![change(Field::Star, "★★", "one")],
            },
        ),
        ("logo_suspended.v1", DeclarationEvent::LogoSuspended),
        ("logo_restored.v1", DeclarationEvent::LogoRestored),
        (
            "person_forgotten.v1",
            DeclarationEvent::PersonForgotten {
                subject: subjects().of(Role::Contact),
                successor: SubjectId::new(id(7)),
            },
        ),
        (
            "undone-changes.v1",
            of(Undone {
                changes: vec![
                    change(Field::City, "別の市", "みほん市"),
                    change(Field::ContactName, "見本 次郎", "見本 花子"),
                ],
                ..nothing.clone()
            }),
        ),
        (
            "undone-live.v1",
            of(Undone {
                liveness: Some(Liveness::Live),
                corporate_number: CorporateNumber::parse("7999901000001").ok(),
                ..nothing.clone()
            }),
        ),
        (
            "undone-stopped.v1",
            of(Undone {
                liveness: Some(Liveness::Stopped(stop)),
                ..nothing.clone()
            }),
        ),
        (
            "undone-standing.v1",
            of(Undone {
                published: Some(true),
                logo_allowed: Some(false),
                flag: Some((FlagCode::EmailMissing, true)),
                ..nothing
            }),
        ),
    ]
}

fn evidence(without: bool) -> DeclarationEvent {
    let attachment = Attachment {
        id: AttachmentId::new(id(8)),
        kind: AttachmentKind::Pdf,
        size: 20_480,
        sealed_sha256: "5e".repeat(32),
        label: Readable::Open(Personal::new(Label {
            name: "登記事項証明書.pdf".to_owned(),
            sha256: "a1".repeat(32),
        })),
    };
    let reason = || Readable::Open(Personal::new("電話で本人に確認した".to_owned()));
    DeclarationEvent::EvidenceGiven(Box::new(Evidence {
        subject: subjects().of(Role::Remarks),
        attachments: if without { Vec::new() } else { vec![attachment] },
        no_document: without.then(reason),
        inquiry: None,
    }))
}

fn asked_for() -> DeclarationEvent {
    DeclarationEvent::EvidenceGiven(Box::new(Evidence {
        subject: subjects().of(Role::Remarks),
        attachments: Vec::new(),
        no_document: None,
        inquiry: Some(Readable::Open(InquiryId::new(id(9)))),
    }))
}

fn statement(event: DeclarationEvent) -> Statement {
    Statement {
        declaration_id: DeclarationId::new(id(1)),
        organization_id: OrganizationId::new(id(2)),
        effective_at: day("2021-07-01"),
        event,
    }
}

fn to_json(event: &EncodedEvent) -> Value {
    let personal = |part: &domain::declaration::EncodedPart| json!({ "subject": part.subject.id, "name": part.name, "body": part.body });
    json!({
        "event_type": event.event_type,
        "schema_version": event.schema_version,
        "effective_at": event.effective_at,
        "tags": event.tags.iter().map(|(kind, value)| format!("{kind}:{value}")).collect::<Vec<_>>(),
        "data": event.data,
        "personal": event.personal.iter().map(personal).collect::<Vec<_>>(),
    })
}

fn golden(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// Reads a golden file back; with `keys` gone every sealed part is redacted.
fn decode(stored: &Value, keys: bool) -> Statement {
    let parts = stored["personal"].as_array().expect("parts");
    let personal: Vec<StoredPart<'_>> = parts
        .iter()
        .map(|part| StoredPart {
            subject: part["subject"]
                .as_str()
                .and_then(|id| id.parse().ok())
                .expect("an id"),
            name: part["name"].as_str().expect("a name"),
            body: keys.then_some(&part["body"]),
        })
        .collect();
    let event = StoredEvent {
        event_type: stored["event_type"].as_str().expect("a type"),
        schema_version: u16::try_from(stored["schema_version"].as_u64().expect("a version")).expect("small"),
        effective_at: day(stored["effective_at"].as_str().expect("a day")),
        data: &stored["data"],
        personal: &personal,
    };
    Statement::decode(&event).expect("a stored event can be read")
}

#[test]
fn every_shape_is_written_as_its_golden_file_says() {
    for (name, event) in shapes() {
        let written = to_json(&statement(event).encode());
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(format!("{name}.json"));
        if std::env::var("GOLDEN").is_ok_and(|wish| wish == "write") && !path.exists() {
            let text = serde_json::to_string_pretty(&written).expect("JSON");
            fs::write(&path, text + "\n").expect("the folder can be written to");
        }
        assert_eq!(written, golden(name), "{name}");
    }
}

#[test]
fn every_golden_file_reads_as_what_was_written() {
    for (name, event) in shapes() {
        assert_eq!(decode(&golden(name), true), statement(event), "{name}");
    }
}

#[test]
fn every_event_type_has_a_golden_file() {
    let covered: BTreeSet<_> = shapes().iter().map(|(_, event)| event.event_type()).collect();
    assert_eq!(covered, BTreeSet::from(DeclarationEvent::TYPES));
    let facts: Vec<_> = shapes()
        .iter()
        .filter(|(_, event)| event.changes_facts())
        .map(|(_, event)| event.event_type())
        .collect();
    assert_eq!(
        facts.iter().collect::<BTreeSet<_>>(),
        DeclarationEvent::FACT_TYPES.iter().collect()
    );
}

#[test]
fn nothing_personal_stands_in_the_clear() {
    for (name, event) in shapes() {
        let encoded = statement(event).encode();
        let clear = format!("{} {:?}", encoded.data, encoded.tags);
        for secret in ["見本", "docomo", "総務部", "03-0000", "電話", "代表取締役"] {
            assert!(!clear.contains(secret), "{name} shows {secret}");
        }
        assert!(!format!("{encoded:?}").contains("見本"), "{name}");
    }
    let sole = statement(registered(EntityType::SoleTrader, None))
        .encode()
        .data
        .to_string();
    for secret in ["みほん製作所", "ﾐﾎﾝ", "100-0000", "１丁目", "みほんビル"] {
        assert!(!sole.contains(secret), "a sole trader's {secret}");
    }
    assert!(sole.contains("みほん市") && sole.contains("みほん商店"));
}

#[test]
fn with_the_keys_gone_everything_else_still_reads() {
    for (name, event) in shapes() {
        let (open, closed) = (statement(event), decode(&golden(name), false));
        assert_eq!(closed.event.event_type(), open.event.event_type(), "{name}");
        let (open, closed) = (open.event.changes(), closed.event.changes());
        assert_eq!(open.len(), closed.len(), "{name}");
        for (open, closed) in open.iter().zip(&closed) {
            assert_eq!(open.field, closed.field);
            for (open, closed) in [(&open.old, &closed.old), (&open.new, &closed.new)] {
                let (Some(open), Some(closed)) = (open, closed) else {
                    assert_eq!(
                        open.is_some(),
                        closed.is_some(),
                        "{name}: what was empty stays empty"
                    );
                    continue;
                };
                assert_eq!(
                    open.subject(),
                    closed.subject(),
                    "{name}: whose it was is still known"
                );
                assert_eq!(closed.reveal().is_some(), open.subject().is_none(), "{name}");
            }
        }
    }
}

#[test]
fn a_reason_is_read_from_its_part() {
    let body = json!("電話で確認した");
    let part = |body| {
        [StoredPart {
            subject: id(6),
            name: "reason",
            body,
        }]
    };
    assert!(
        matches!(reason_of(&part(Some(&body))), Some((_, Readable::Open(text))) if text.reveal() == "電話で確認した")
    );
    assert!(
        matches!(reason_of(&part(None)), Some((subject, Readable::Forgotten)) if subject.uuid() == id(6))
    );
    assert!(reason_of(&[]).is_none());
}

#[test]
fn what_was_never_written_is_refused_with_its_reason() {
    let data = json!({});
    let read = |event_type, schema_version| {
        let event = StoredEvent {
            event_type,
            schema_version,
            effective_at: day("2021-07-01"),
            data: &data,
            personal: &[],
        };
        Statement::decode(&event).expect_err("it is refused").to_string()
    };
    assert_eq!(
        read("inquiry.received", 1),
        "unknown event type \"inquiry.received\""
    );
    assert_eq!(
        read("declaration.stopped", 2),
        "event type declaration.stopped has no schema version 2"
    );
    assert_eq!(
        read("declaration.stopped", 1),
        "data of declaration.stopped does not have its shape"
    );
}

//! What a change rests on.

use domain::{
    AttachmentId, InquiryId, Personal, Readable,
    attachment::{Attachment, AttachmentKind, Label},
    declaration::{
        DeclarationEvent, Field, Origin, Role, Source,
        decide::{
            AddNote, Correct, CorrectError, EvidenceInput, Make, MakeError, Wanted, add_note, correct, make,
        },
    },
    value::{DeclarationNo, EntityType, PledgeVersion, Star},
};
use uuid::Uuid;

use crate::harness::*;

fn file(number: u128) -> Attachment {
    Attachment {
        id: AttachmentId::new(Uuid::from_u128(number)),
        kind: AttachmentKind::Pdf,
        size: 1_000,
        sealed_sha256: "5e".repeat(32),
        label: Readable::Open(Personal::new(Label {
            name: "登記.pdf".to_owned(),
            sha256: "a1".repeat(32),
        })),
    }
}

fn files(numbers: impl IntoIterator<Item = u128>) -> EvidenceInput {
    EvidenceInput {
        attachments: numbers.into_iter().map(file).collect(),
        ..EvidenceInput::default()
    }
}

fn without(text: &str) -> EvidenceInput {
    EvidenceInput {
        no_document: Some(Personal::new(text.to_owned())),
        ..EvidenceInput::default()
    }
}

fn corrected(field: Field, typed: &str, evidence: EvidenceInput) -> Result<Vec<&'static str>, Vec<String>> {
    let command = Correct {
        changes: vec![entry(field, typed)],
        wanted: Wanted::Error,
        reason: "届け出があった".to_owned(),
        evidence,
        source: Source::Staff,
        number_live_elsewhere: false,
    };
    match correct(&timeline([made()]), &command, today()) {
        Ok(decision) => Ok(decision
            .statements
            .iter()
            .map(|statement| statement.event.event_type())
            .collect()),
        Err(CorrectError::Invalid(problems)) => Err(codes(&problems)),
    }
}

#[test]
fn who_declared_and_when_is_corrected_on_evidence_only_and_the_rest_freely() {
    for (field, typed) in [
        (Field::Name, "株式会社べつの名前"),
        (Field::CorporateNumber, "6999901000002"),
        (Field::RepresentativeName, "見本 次郎"),
        (Field::DeclaredOn, "2018-04-02"),
    ] {
        let refused = corrected(field, typed, EvidenceInput::default());
        assert_eq!(
            refused,
            Err(vec!["attachments evidence_required".to_owned()]),
            "{field:?}"
        );
        let taken = corrected(field, typed, files([1])).expect("it is taken");
        assert_eq!(taken, ["declaration.corrected", "declaration.evidence_given"]);
        assert!(corrected(field, typed, without("戸籍の写しは預かれない")).is_ok());
    }
    let free = corrected(Field::City, "べつの市", EvidenceInput::default());
    assert_eq!(free, Ok(vec!["declaration.corrected"]));
    // What is not needed is kept all the same.
    let more = corrected(Field::City, "べつの市", files([1])).expect("it is taken");
    assert_eq!(more.last(), Some(&"declaration.evidence_given"));
}

#[test]
fn evidence_that_contradicts_itself_is_refused() {
    let refused = |evidence| corrected(Field::City, "べつの市", evidence).expect_err("it is refused");
    let both = EvidenceInput {
        no_document: Some(Personal::new("ない".to_owned())),
        ..files([1])
    };
    assert_eq!(refused(both), ["noDocument evidence_both"]);
    assert_eq!(refused(files([1, 1])), ["attachments repeated"]);
    assert_eq!(refused(files(0..11)), ["attachments attachment_too_many"]);
    assert!(corrected(Field::City, "べつの市", files(0..10)).is_ok());
    assert_eq!(refused(without("\u{3000}")), ["noDocument empty"]);
    assert_eq!(
        refused(without("ない\u{202e}")),
        ["noDocument direction_character"]
    );
    assert_eq!(refused(without(&"長".repeat(1_001))), ["noDocument too_long"]);
}

#[test]
fn staff_who_declare_for_somebody_say_why_and_on_what() {
    let fields = facts_of(EntityType::Corporation, &[]);
    let typed = [
        Field::CorporateNumber,
        Field::Name,
        Field::NameKana,
        Field::RepresentativeName,
        Field::PostalCode,
        Field::Prefecture,
        Field::City,
        Field::Street,
        Field::Industry,
        Field::Employees,
        Field::ContactName,
        Field::ContactEmail,
        Field::ContactPhone,
    ];
    let mut command = Make {
        declaration_id: declaration_id(),
        organization_id: organization_id(),
        subjects: subjects(),
        number: DeclarationNo::parse("59990000017").expect("a number"),
        origin: Origin::Staff,
        entity_type: EntityType::Corporation,
        star: Star::One,
        pledge: PledgeVersion::SixRules,
        fields: typed
            .into_iter()
            .map(|field| entry(field, fields.reveal(field).expect("a value").typed()))
            .collect(),
        reason: None,
        evidence: EvidenceInput::default(),
        declared_on: today(),
        live: None,
    };
    let Err(MakeError::Invalid(problems)) = make(&command, today()) else {
        panic!("it is refused")
    };
    assert_eq!(
        codes(&problems),
        ["attachments evidence_required", "reason empty"]
    );
    command.reason = Some("インターネットを使えないため".to_owned());
    command.evidence = files([1, 2]);
    let decision = make(&command, today()).expect("it is made");
    let (subject, _) = decision.reason.as_ref().expect("a reason");
    assert_eq!(*subject, subjects().of(Role::Remarks));
    let [_, given] = decision.statements.as_slice() else {
        panic!("two events")
    };
    let DeclarationEvent::EvidenceGiven(evidence) = &given.event else {
        panic!("evidence")
    };
    assert_eq!(evidence.attachments.len(), 2);
    let encoded = given.encode();
    assert!(encoded.tags.iter().any(|(kind, _)| *kind == "attachment"));
    assert!(!encoded.data.to_string().contains("登記"));
    command.origin = Origin::Public;
    (command.reason, command.evidence) = (None, EvidenceInput::default());
    let decision = make(&command, today()).expect("it is made");
    assert_eq!(decision.statements.len(), 1);
}

#[test]
fn an_inquiry_is_evidence_enough_and_stands_beside_documents() {
    let inquiry = InquiryId::new(Uuid::from_u128(7));
    let asked = EvidenceInput {
        inquiry: Some(inquiry),
        ..EvidenceInput::default()
    };
    let given = ["declaration.corrected", "declaration.evidence_given"];
    assert_eq!(
        corrected(Field::Name, "べつの商店", asked).expect("a decision"),
        given
    );
    let both = EvidenceInput {
        inquiry: Some(inquiry),
        ..files([1])
    };
    assert_eq!(
        corrected(Field::Name, "べつの商店", both).expect("a decision"),
        given
    );
}

#[test]
fn what_an_inquiry_asked_for_says_so_once() {
    let inquiry = InquiryId::new(Uuid::from_u128(7));
    let before = timeline([made()]);
    let command = AddNote {
        text: "電話でも確認した".to_owned(),
    };
    let mut decision = add_note(&before, &command, today()).expect("a decision");
    for _ in 0..2 {
        decision.rest_on(inquiry, &before, today());
    }
    let given: Vec<_> = decision
        .statements
        .iter()
        .filter_map(|statement| match &statement.event {
            DeclarationEvent::EvidenceGiven(evidence) => evidence.inquiry.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(given, [Readable::Open(inquiry)]);
}

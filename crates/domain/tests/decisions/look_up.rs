//! Telling a forgotten number.

use std::collections::BTreeSet;

use domain::declaration::{
    DeclarationEvent, Field, IdentityCheck, SentTo,
    decide::{FieldInput, LookUpNumber, LookUpNumberError, fitting, look_up_number},
};

use crate::harness::*;

fn asking(sent_to: SentTo, checks: &[IdentityCheck], asked: Vec<FieldInput>) -> LookUpNumber {
    LookUpNumber {
        asked,
        checks: checks.iter().copied().collect(),
        sent_to,
    }
}

fn said() -> Vec<FieldInput> {
    vec![
        entry(Field::Name, "（株）みほん製作所"),
        entry(Field::ContactPhone, "０３（００００）００００"),
        entry(Field::RepresentativeName, "見本太郎"),
        entry(Field::ContactName, "別の 人"),
    ]
}

#[track_caller]
fn refused(
    statements: [domain::declaration::Statement; 1],
    command: &LookUpNumber,
    expected: &LookUpNumberError,
) {
    let decided = look_up_number(&timeline(statements), command, today());
    assert_eq!(decided.as_ref().err(), Some(expected));
}

#[test]
fn answers_fit_however_they_are_written_and_an_address_in_one_piece() {
    let facts = facts();
    let fits = |field, typed: &str| fitting(&facts, &[entry(field, typed)]).contains(&field);
    for (field, typed) in [
        (Field::Name, "㈱みほん製作所"),
        (Field::CorporateNumber, "T7999-9010-00001"),
        (Field::ContactPhone, "０３-００００-００００"),
        (Field::RepresentativeName, "見本　太郎"),
        (Field::Street, "東京都みほん市1-2-3"),
        (Field::Street, "みほん市１-２-３"),
        (Field::ContactEmail, "hanako@example.jp"),
    ] {
        assert!(fits(field, typed), "{} {typed}", field.code());
    }
    for (field, typed) in [
        (Field::Name, "みほん"),
        (Field::ContactPhone, "03-0000-0001"),
        (Field::Street, "東京都"),
        (Field::Street, "べつの市1-2-3"),
        (Field::ContactEmail, "taro@example.jp"),
        (Field::RepresentativeName, ""),
    ] {
        assert!(!fits(field, typed), "{} {typed}", field.code());
    }
}

#[test]
fn it_is_on_record_what_was_asked_what_fitted_and_how_it_was_made_sure() {
    let command = asking(SentTo::Registered, &[IdentityCheck::Answers], said());
    let decision = look_up_number(&timeline([made()]), &command, today()).expect("a decision");
    let DeclarationEvent::NumberLookedUp(event) = &decision.statements[0].event else {
        panic!("another event");
    };
    let three = [Field::Name, Field::RepresentativeName, Field::ContactPhone];
    assert_eq!(event.fitting, BTreeSet::from(three));
    assert_eq!(event.asked.len(), 4);
    assert_eq!(event.sent_to, SentTo::Registered);
    assert!(!decision.statements[0].event.changes_facts());
    let answers = event.answers.open().expect("readable").reveal();
    assert_eq!(answers[&Field::ContactName], "別の 人");
}

#[test]
fn a_number_goes_to_nobody_who_is_not_known() {
    let few = asking(
        SentTo::Registered,
        &[IdentityCheck::Answers],
        vec![entry(Field::Name, "株式会社みほん製作所")],
    );
    let too_few = |fitting, needed| LookUpNumberError::TooFewFit { fitting, needed };
    refused([made()], &few, &too_few(1, 2));
    let unchecked = asking(SentTo::Registered, &[], said());
    refused([made()], &unchecked, &LookUpNumberError::NotChecked);
    // Elsewhere it takes more.
    let two = said().into_iter().take(2).collect();
    let two = asking(SentTo::Elsewhere, &[IdentityCheck::Document], two);
    refused([made()], &two, &too_few(2, 3));
    let told = asking(SentTo::Elsewhere, &[IdentityCheck::Answers], said());
    refused([made()], &told, &LookUpNumberError::NotChecked);
    let shown = asking(SentTo::Elsewhere, &[IdentityCheck::Document], said());
    assert!(look_up_number(&timeline([made()]), &shown, today()).is_ok());
}

#[test]
fn without_an_address_nothing_is_sent_to_it() {
    let command = asking(SentTo::Registered, &[IdentityCheck::Answers], said());
    let none = made_with(&[(Field::ContactEmail, "")]);
    refused([none], &command, &LookUpNumberError::NoAddress);
    let unreadable = made_with(&[(Field::ContactEmail, "なし")]);
    refused([unreadable], &command, &LookUpNumberError::NoAddress);
}

#[test]
fn what_is_wrong_with_an_answer_is_said_at_its_field() {
    let with = |asked| asking(SentTo::Registered, &[IdentityCheck::Answers], asked);
    let cases = [
        (vec![], "changes empty"),
        (vec![entry(Field::Star, "★")], "changes.STAR not_asked"),
        (
            vec![entry(Field::Name, &"長".repeat(10_000))],
            "changes.NAME too_long",
        ),
        (
            vec![entry(Field::Name, "み\u{202E}ほん")],
            "changes.NAME direction_character",
        ),
        (
            vec![entry(Field::ContactPhone, "03\u{200B}")],
            "changes.CONTACT_PHONE invisible_character",
        ),
    ];
    for (asked, expected) in cases {
        let decided = look_up_number(&timeline([made()]), &with(asked), today());
        let Err(LookUpNumberError::Invalid(problems)) = decided else {
            panic!("{expected}");
        };
        assert_eq!(codes(&problems), [expected]);
    }
}

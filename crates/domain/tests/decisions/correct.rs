//! Correcting fields.

use chrono::NaiveDate;
use domain::Personal;
use domain::declaration::{
    DeclarationEvent, Field, FlagCode, Source, Timeline,
    decide::{Correct, CorrectError, Decision, EvidenceInput, Wanted, correct as correct_on_evidence},
};

use crate::harness::*;

/// The decision without what it rests on, which is tested in `evidence`.
fn correct(history: &Timeline, command: &Correct, today: NaiveDate) -> Result<Decision, CorrectError> {
    let mut decision = correct_on_evidence(history, command, today)?;
    decision
        .statements
        .retain(|statement| !matches!(statement.event, DeclarationEvent::EvidenceGiven(_)));
    Ok(decision)
}

fn error(changes: &[(Field, &str)]) -> Correct {
    Correct {
        changes: changes
            .iter()
            .map(|(field, typed)| entry(*field, typed))
            .collect(),
        wanted: Wanted::Error,
        reason: "電話で確認した".to_owned(),
        evidence: EvidenceInput {
            no_document: Some(Personal::new("電話で本人に確認した".to_owned())),
            ..EvidenceInput::default()
        },
        source: Source::Staff,
        number_live_elsewhere: false,
    }
}

fn change_since(since: Option<&str>, changes: &[(Field, &str)]) -> Correct {
    Correct {
        wanted: Wanted::Change {
            since: since.map(day),
        },
        ..error(changes)
    }
}

fn problems(history: Vec<domain::declaration::Statement>, command: &Correct) -> Vec<String> {
    match correct(&timeline(history), command, today()) {
        Err(CorrectError::Invalid(problems)) => codes(&problems),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn an_error_is_corrected_from_the_day_on_which_the_wrong_value_was_stated() {
    given([
        made(),
        changed("2020-05-01", Field::City, "みほん市", "まちがい市"),
    ])
    .when(|history| {
        correct(
            history,
            &error(&[(Field::City, "ただしい市"), (Field::Street, "4-5-6")]),
            today(),
        )
    })
    .then([
        mended("2020-05-01", Field::City, "まちがい市", "ただしい市"),
        mended("2018-04-01", Field::Street, "1-2-3", "4-5-6"),
    ]);
}

#[test]
fn a_change_holds_since_its_day() {
    given([made()])
        .when(|history| {
            correct(
                history,
                &change_since(Some("2021-07-01"), &[(Field::City, "べつの市")]),
                today(),
            )
        })
        .then([changed("2021-07-01", Field::City, "みほん市", "べつの市")]);
}

#[test]
fn a_change_recorded_out_of_order_replaces_what_stood_on_its_day() {
    let history = given([
        made(),
        changed("2022-01-01", Field::City, "みほん市", "さんばんめ市"),
    ])
    .when(|history| {
        correct(
            history,
            &change_since(Some("2020-01-01"), &[(Field::City, "にばんめ市")]),
            today(),
        )
    })
    .then([changed("2020-01-01", Field::City, "みほん市", "にばんめ市")])
    .history();
    let city = |on| {
        history
            .at(day(on), None)
            .and_then(|view| view.declaration.facts.value(Field::City).map(str::to_owned))
    };
    assert_eq!(city("2019-12-31").as_deref(), Some("みほん市"));
    assert_eq!(city("2020-01-01").as_deref(), Some("にばんめ市"));
    assert_eq!(city("2022-01-01").as_deref(), Some("さんばんめ市"));
}

#[test]
fn an_emptied_field_is_empty_and_raises_its_flag() {
    given([made()])
        .when(|history| correct(history, &error(&[(Field::Employees, "")]), today()))
        .then([
            mended("2018-04-01", Field::Employees, "18", ""),
            raised("2018-04-01", FlagCode::EmployeesMissing),
        ]);
}

#[test]
fn mending_a_doubtful_field_clears_its_flag() {
    given([made_with(&[(Field::ContactEmail, "hanako.example.jp")])])
        .when(|history| {
            correct(
                history,
                &error(&[(Field::ContactEmail, "hanako@example.jp")]),
                today(),
            )
        })
        .then([
            mended(
                "2018-04-01",
                Field::ContactEmail,
                "hanako.example.jp",
                "hanako@example.jp",
            ),
            cleared("2018-04-01", FlagCode::EmailUnreadable),
        ]);
}

#[test]
fn a_flag_that_staff_raised_later_is_not_cleared_before_that_day() {
    let history = given([
        made_with(&[(Field::Employees, "")]),
        cleared("2020-01-01", FlagCode::EmployeesMissing),
        raised("2021-01-01", FlagCode::EmployeesMissing),
    ])
    .when(|history| correct(history, &error(&[(Field::Employees, "5")]), today()))
    .then([
        mended("2018-04-01", Field::Employees, "", "5"),
        cleared("2021-01-01", FlagCode::EmployeesMissing),
    ])
    .history();
    assert!(history.current().flags.is_empty());
}

#[test]
fn a_flag_that_staff_cleared_stays_cleared_when_something_else_is_corrected() {
    given([
        made_with(&[(Field::Employees, "")]),
        cleared("2020-01-01", FlagCode::EmployeesMissing),
    ])
    .when(|history| correct(history, &error(&[(Field::City, "べつの市")]), today()))
    .then([mended("2018-04-01", Field::City, "みほん市", "べつの市")]);
}

#[test]
fn a_corporate_number_that_is_live_elsewhere_raises_the_duplicate_flag_and_is_not_refused() {
    let command = Correct {
        number_live_elsewhere: true,
        ..error(&[(Field::CorporateNumber, "6999901000002")])
    };
    let history = given([made()])
        .when(|history| correct(history, &command, today()))
        .then([
            mended(
                "2018-04-01",
                Field::CorporateNumber,
                "7999901000001",
                "6999901000002",
            ),
            raised("2018-04-01", FlagCode::CorporateNumberDuplicate),
        ])
        .history();
    let tags = history.by_position()[1].statement.encode().tags;
    let numbers: Vec<_> = tags
        .iter()
        .filter(|(kind, _)| *kind == "corporate-number")
        .map(|(_, number)| number)
        .collect();
    assert_eq!(
        numbers,
        ["7999901000001", "6999901000002"],
        "a guard on either number sees the correction"
    );
}

#[test]
fn a_corrected_corporate_number_clears_the_duplicate_flag() {
    given([made(), raised("2019-01-01", FlagCode::CorporateNumberDuplicate)])
        .when(|history| {
            correct(
                history,
                &error(&[(Field::CorporateNumber, "6999901000002")]),
                today(),
            )
        })
        .then([
            mended(
                "2018-04-01",
                Field::CorporateNumber,
                "7999901000001",
                "6999901000002",
            ),
            cleared("2019-01-01", FlagCode::CorporateNumberDuplicate),
        ]);
}

#[test]
fn withdrawn_consent_ends_the_publication() {
    given([made()])
        .when(|history| {
            correct(
                history,
                &change_since(Some("2026-11-01"), &[(Field::PublishConsent, "同意しない")]),
                today(),
            )
        })
        .then([
            changed("2026-11-01", Field::PublishConsent, "同意", "同意しない"),
            at("2026-11-22", DeclarationEvent::Unpublished),
        ]);
}

#[test]
fn a_stopped_declaration_can_be_corrected() {
    given([made(), stopped(Some("2020-01-01"))])
        .when(|history| correct(history, &error(&[(Field::City, "べつの市")]), today()))
        .then([mended("2018-04-01", Field::City, "みほん市", "べつの市")]);
}

#[test]
fn the_date_of_declaration_is_corrected_as_an_error_only() {
    given([made()])
        .when(|history| correct(history, &error(&[(Field::DeclaredOn, "平成30年3月1日")]), today()))
        .then([mended(
            "2018-04-01",
            Field::DeclaredOn,
            "2018-04-01",
            "平成30年3月1日",
        )]);
    let command = change_since(Some("2020-01-01"), &[(Field::DeclaredOn, "2018-03-01")]);
    assert_eq!(
        problems(vec![made()], &command),
        ["changes.DECLARED_ON not_a_change"]
    );
}

#[test]
fn the_day_of_a_change_lies_between_the_declaration_and_today() {
    let since = |since| problems(vec![made()], &change_since(since, &[(Field::City, "べつの市")]));
    assert_eq!(since(None), ["since required"]);
    assert_eq!(since(Some("2026-11-23")), ["since in_the_future"]);
    assert_eq!(since(Some("2018-03-31")), ["since before_declaration"]);
    assert!(since(Some("2018-04-01")).is_empty());
    assert!(since(Some("2026-11-22")).is_empty());
}

#[test]
fn a_reason_is_needed_and_has_its_limits() {
    let with = |reason: &str| {
        problems(
            vec![made()],
            &Correct {
                reason: reason.to_owned(),
                ..error(&[(Field::City, "べつの市")])
            },
        )
    };
    assert_eq!(with(""), ["reason empty"]);
    assert_eq!(with(" \u{3000}\n"), ["reason empty"]);
    assert_eq!(with(&"あ".repeat(1_001)), ["reason too_long"]);
    assert_eq!(with("理由\u{202E}"), ["reason direction_character"]);
    assert!(with(&"あ".repeat(1_000)).is_empty());
    assert!(with("一行目\n二行目").is_empty());
}

#[test]
fn the_reason_is_sealed_for_the_free_text_of_the_record() {
    let decision =
        correct(&timeline([made()]), &error(&[(Field::City, "べつの市")]), today()).expect("a decision");
    let part = decision.reason_part().expect("a reason");
    assert_eq!((part.name, part.subject.id), ("reason", subjects().remarks));
    assert_eq!(part.body, "電話で確認した");
    assert!(
        !format!("{decision:?}").contains("電話"),
        "a reason is never printed"
    );
}

#[test]
fn each_field_says_what_is_wrong_with_it() {
    let cases = [
        (Field::Name, "", "required"),
        (Field::DeclaredOn, "", "required"),
        (Field::Name, "み\u{200B}ほん", "invisible_character"),
        (Field::Name, "み\u{0007}ほん", "control_character"),
        (Field::Name, "み\u{202E}ほん", "direction_character"),
        (Field::Name, "ﾐﾎﾝ製作所", "half_width_kana"),
        (Field::CorporateNumber, "799990100000", "corporate_number_length"),
        (
            Field::CorporateNumber,
            "8999901000001",
            "corporate_number_check_digit",
        ),
        (Field::DeclaredOn, "2018/02/30", "date_unreadable"),
        (Field::DeclaredOn, "平成31年5月1日", "date_unreadable"),
        (Field::DeclaredOn, "2030/01/01", "in_the_future"),
        (Field::NameKana, "見本", "kana_unreadable"),
        (Field::PostalCode, "100", "postal_code_unreadable"),
        (Field::Prefecture, "みほん県", "prefecture_unknown"),
        (Field::Industry, "その他", "industry_unknown"),
        (Field::Employees, "多数", "employees_unreadable"),
        (Field::CapitalYen, "たくさん", "capital_unreadable"),
        (Field::DiagnosisScore, "101", "score_unreadable"),
        (Field::PolicyPublishedOn, "不明", "date_unreadable"),
        (Field::ContactEmail, "hanako.example.jp", "email_unreadable"),
        (Field::ContactPhone, "110", "phone_unreadable"),
        (Field::PublishConsent, "たぶん", "consent_unreadable"),
        (Field::City, "みほん市", "unchanged"),
        (Field::TradeName, "", "unchanged"),
        (Field::DeclarationNo, "59990000025", "not_correctable"),
        (Field::EntityType, "個人事業主", "not_correctable"),
        (Field::Star, "★★", "not_correctable"),
        (Field::PledgeVersion, "6か条", "not_correctable"),
    ];
    for (field, typed, code) in cases {
        let expected = [format!("changes.{} {code}", field.code().to_uppercase())];
        assert_eq!(
            problems(vec![made()], &error(&[(field, typed)])),
            expected,
            "{typed}"
        );
    }
}

#[test]
fn all_problems_are_told_at_once_and_nothing_is_taken() {
    let command = Correct {
        reason: String::new(),
        ..error(&[
            (Field::City, "べつの市"),
            (Field::City, "また"),
            (Field::Employees, "多数"),
        ])
    };
    assert_eq!(
        problems(vec![made()], &command),
        [
            "reason empty",
            "changes.CITY repeated",
            "changes.EMPLOYEES employees_unreadable"
        ]
    );
    assert_eq!(problems(vec![made()], &error(&[])), ["changes empty"]);
}

#[test]
fn an_address_with_stray_dots_is_taken_and_flagged() {
    given([made()])
        .when(|history| {
            correct(
                history,
                &error(&[(Field::ContactEmail, "taro..1.@docomo.example.jp")]),
                today(),
            )
        })
        .then([
            mended(
                "2018-04-01",
                Field::ContactEmail,
                "hanako@example.jp",
                "taro..1.@docomo.example.jp",
            ),
            raised("2018-04-01", FlagCode::EmailNotRfc),
        ]);
}

#[test]
fn a_sole_trader_gets_no_corporate_number() {
    let facts = facts_of(domain::value::EntityType::SoleTrader, &[]);
    let command = error(&[(Field::CorporateNumber, "7999901000001")]);
    assert_eq!(
        problems(vec![made_of(facts)], &command),
        ["changes.CORPORATE_NUMBER not_for_sole_trader"]
    );
}

#[test]
fn a_declaration_is_not_declared_after_it_was_stopped() {
    let history = || vec![made(), stopped(Some("2020-01-10"))];
    let declared = |on: &str| error(&[(Field::DeclaredOn, on)]);
    assert_eq!(
        problems(history(), &declared("2020-01-11")),
        ["changes.DECLARED_ON after_stop"]
    );
    assert_eq!(problems(history(), &declared("2020-01-10")), [""; 0]);
    let back = [history(), vec![reinstated("2021-01-01")]].concat();
    assert_eq!(problems(back, &declared("2020-01-11")), [""; 0]);
}

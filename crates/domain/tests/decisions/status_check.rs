//! What other offices are told about a declaration on a day.

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::{Field, Statement, StopKind, Timeline};
use domain::status_check::{Asked, Candidate, Outcome, OutcomeKind, Record, answer, choose};
use domain::value::{CorporateNumber, DeclarationNo, EntityType, Star};
use uuid::Uuid;

use crate::harness::{
    changed, day, facts_of, made, made_of, made_with, mended, reinstated, stopped, timeline,
};

const NUMBER: &str = "59990000017";
const CORPORATE: &str = "7999901000001";
const OTHER: &str = "6999901000002";

fn asked(number: Option<&str>, corporate_number: Option<&str>, on: &str) -> Asked {
    Asked {
        number: number.map(|it| DeclarationNo::parse(it).expect("a number")),
        corporate_number: corporate_number.map(|it| CorporateNumber::parse(it).expect("a number")),
        name: None,
        day: day(on),
    }
}

fn record(history: &Timeline, on: NaiveDate) -> Record {
    Record {
        declaration: history.at(on, None).expect("it is on record").declaration,
        begun_on: history.begun_on(),
    }
}

fn told<const N: usize>(statements: [Statement; N], asked: &Asked) -> Outcome {
    let record = record(&timeline(statements), asked.day);
    let id = DeclarationId::new(Uuid::from_u128(1));
    let answer = answer(asked, &[Candidate { id, record: &record }]);
    assert_eq!(
        answer.about.is_some(),
        !matches!(answer.outcome, Outcome::OtherCorporateNumber | Outcome::Unknown)
    );
    answer.outcome
}

fn on(statements: [Statement; 3], day: &str) -> Outcome {
    told(statements, &asked(Some(NUMBER), None, day))
}

#[test]
fn a_declaration_is_valid_from_the_day_on_which_it_was_declared_until_the_day_of_its_stop() {
    let life = || [made(), stopped(Some("2024-05-01")), reinstated("2025-01-10")];
    let valid = Outcome::Valid {
        star: Some(Star::One),
    };
    let over = Outcome::Stopped {
        since: Some(day("2024-05-01")),
        kind: StopKind::Closed,
    };
    let declared_on = day("2018-04-01");
    for (day, expected) in [
        ("2018-03-31", Outcome::NotYetDeclared { declared_on }),
        ("2018-04-01", valid),
        ("2024-04-30", valid),
        ("2024-05-01", over),
        ("2025-01-09", over),
        ("2025-01-10", valid),
    ] {
        assert_eq!(on(life(), day), expected, "{day}");
    }
}

#[test]
fn the_star_is_that_of_the_day() {
    let life = || {
        [
            made(),
            changed("2024-07-01", Field::Star, "★", "★★"),
            changed("2025-07-01", Field::Star, "★★", "★"),
        ]
    };
    for (day, star) in [
        ("2024-06-30", Star::One),
        ("2024-07-01", Star::Two),
        ("2025-06-30", Star::Two),
        ("2025-07-01", Star::One),
    ] {
        assert_eq!(on(life(), day), Outcome::Valid { star: Some(star) }, "{day}");
    }
}

#[test]
fn a_stop_without_a_day_counts_on_every_day_and_says_so() {
    let stop = Outcome::Stopped {
        since: None,
        kind: StopKind::Closed,
    };
    assert_eq!(
        told([made(), stopped(None)], &asked(Some(NUMBER), None, "2019-01-01")),
        stop
    );
}

#[test]
fn a_stop_still_to_come_leaves_it_valid_until_then() {
    let history = [made(), stopped(Some("2027-03-31"))];
    let outcome = told(history, &asked(Some(NUMBER), None, "2026-11-22"));
    assert_eq!(outcome.kind(), OutcomeKind::Valid);
}

#[test]
fn a_number_under_another_corporate_number_is_nobody_that_is_named() {
    let found = |corporate| told([made()], &asked(Some(NUMBER), Some(corporate), "2020-01-01"));
    assert_eq!(found(CORPORATE).kind(), OutcomeKind::Valid);
    assert_eq!(found(OTHER), Outcome::OtherCorporateNumber);
    // What is not on record contradicts nothing.
    let without = told(
        [made_with(&[(Field::CorporateNumber, "")])],
        &asked(Some(NUMBER), Some(OTHER), "2020-01-01"),
    );
    assert_eq!(without.kind(), OutcomeKind::Valid);
    // What a sole trader wrote there may be a My Number: it is compared with nothing.
    let trader = facts_of(EntityType::SoleTrader, &[(Field::CorporateNumber, CORPORATE)]);
    let trader = told([made_of(trader)], &asked(None, Some(CORPORATE), "2020-01-01"));
    assert_eq!(trader, Outcome::Unknown);
}

#[test]
fn the_corporate_number_is_that_of_the_day_and_an_error_in_it_was_never_right() {
    let merged = || {
        [
            made(),
            changed("2024-01-01", Field::CorporateNumber, CORPORATE, OTHER),
        ]
    };
    let found = |corporate, day| told(merged(), &asked(Some(NUMBER), Some(corporate), day)).kind();
    assert_eq!(found(CORPORATE, "2023-12-31"), OutcomeKind::Valid);
    assert_eq!(found(OTHER, "2023-12-31"), OutcomeKind::OtherCorporateNumber);
    assert_eq!(found(OTHER, "2024-01-01"), OutcomeKind::Valid);
    let mended = [
        made(),
        mended("2018-04-01", Field::CorporateNumber, CORPORATE, OTHER),
    ];
    let asked = asked(Some(NUMBER), Some(OTHER), "2019-01-01");
    assert_eq!(told(mended, &asked).kind(), OutcomeKind::Valid);
}

#[test]
fn of_several_under_a_corporate_number_a_live_one_is_meant_then_the_one_declared_last() {
    let id = |n| DeclarationId::new(Uuid::from_u128(n));
    let at = day("2024-01-01");
    let of = |declared: &str, stop: Option<&str>| {
        let first = made_with(&[(Field::DeclaredOn, declared)]);
        let history = match stop {
            None => timeline([first]),
            Some(stop) => timeline([first, stopped(Some(stop))]),
        };
        record(&history, at)
    };
    let records = [
        of("2018-04-01", Some("2020-01-01")),
        of("2020-02-01", None),
        of("2021-02-01", Some("2022-01-01")),
        of("2025-01-01", None),
    ];
    let candidates: Vec<Candidate<'_>> = (1..)
        .zip(&records)
        .map(|(n, record)| Candidate { id: id(n), record })
        .collect();
    let chosen = |candidates: &[Candidate<'_>]| choose(candidates, at).map(|it| it.id);
    assert_eq!(chosen(&candidates), Some(id(2)));
    assert_eq!(
        chosen(&[candidates[0], candidates[2], candidates[3]]),
        Some(id(3))
    );
    assert_eq!(chosen(&candidates[3..]), Some(id(4)));
    assert_eq!(chosen(&[]), None);
    let nobody = answer(&asked(Some(NUMBER), None, "2024-01-01"), &[]);
    assert_eq!((nobody.outcome, nobody.about), (Outcome::Unknown, None));
}

#[test]
fn a_star_that_nobody_can_read_leaves_the_answer_standing() {
    let unreadable = made_with(&[(Field::Star, "三つ星")]);
    let outcome = told([unreadable], &asked(Some(NUMBER), None, "2020-01-01"));
    assert_eq!(outcome, Outcome::Valid { star: None });
}

//! From one star to two.

use domain::declaration::{
    Answer, DeclarationEvent, Field, FlagCode, Statement,
    decide::{
        RecordDiagnosis, RecordDiagnosisError, RecordPolicy, RecordPolicyError, StepDown, StepDownError,
        StepUp, StepUpError, WithdrawPolicy, WithdrawPolicyError, record_diagnosis, record_policy, step_down,
        step_up, withdraw_policy,
    },
};

use domain::value::PolicyMedium;

use crate::harness::*;

fn diagnosis(score: &str, on: &str) -> RecordDiagnosis {
    RecordDiagnosis {
        questionnaire: "25-v3".to_owned(),
        answers: None,
        score: score.to_owned(),
        done_on: day(on),
        reason: None,
    }
}

fn policy(url: &str, on: &str) -> RecordPolicy {
    RecordPolicy {
        medium: if url.starts_with("https") {
            PolicyMedium::Web
        } else {
            PolicyMedium::Other
        },
        place: url.to_owned(),
        published_on: "令和3年4月1日".to_owned(),
        on: day(on),
        reason: None,
    }
}

fn diagnosed() -> Statement {
    let changes = vec![change(Field::DiagnosisScore, "", "78")];
    at(
        "2021-03-01",
        DeclarationEvent::DiagnosisRecorded {
            questionnaire: "25-v3".to_owned(),
            answers: None,
            changes,
        },
    )
}

fn with_policy(url: &str) -> Statement {
    let changes = vec![
        change(Field::PolicyUrl, "", url),
        change(Field::PolicyPublishedOn, "", "令和3年4月1日"),
    ];
    at("2021-04-01", DeclarationEvent::PolicyRecorded { changes })
}

fn stepped(on: &str) -> Statement {
    at(
        on,
        DeclarationEvent::SteppedUp {
            changes: vec![change(Field::Star, "★", "two")],
        },
    )
}

const WEB: &str = "https://example.jp/policy";

#[test]
fn a_diagnosis_is_recorded_on_its_day() {
    given([made()])
        .when(|history| record_diagnosis(history, &diagnosis("78", "2021-03-01"), today()))
        .then([diagnosed()]);
}

#[test]
fn a_diagnosis_is_refused_with_its_reason() {
    let refused = |history: Vec<Statement>, command: &RecordDiagnosis| {
        record_diagnosis(&timeline(history), command, today()).err()
    };
    assert!(
        matches!(refused(vec![made()], &diagnosis("101", "2021-03-01")), Some(RecordDiagnosisError::Invalid(problems)) if problems[0].code == "score_unreadable")
    );
    assert!(
        matches!(refused(vec![made()], &diagnosis("", "2021-03-01")), Some(RecordDiagnosisError::Invalid(problems)) if problems[0].code == "required")
    );
    assert_eq!(
        refused(vec![made()], &diagnosis("78", "2027-03-01")),
        Some(RecordDiagnosisError::InTheFuture)
    );
    assert_eq!(
        refused(vec![made()], &diagnosis("78", "2017-03-01")),
        Some(RecordDiagnosisError::BeforeDeclaration)
    );
    assert_eq!(
        refused(vec![made(), stopped(None)], &diagnosis("78", "2021-03-01")),
        Some(RecordDiagnosisError::NotLive)
    );
}

#[test]
fn a_policy_is_recorded_from_its_day() {
    given([made()])
        .when(|history| record_policy(history, &policy(WEB, "2021-04-01"), today()))
        .then([with_policy(WEB)]);
}

#[test]
fn a_policy_on_the_web_clears_the_flag_of_two_stars() {
    given([made_with(&[(Field::Star, "★★")])])
        .when(|history| record_policy(history, &policy(WEB, "2021-04-01"), today()))
        .then([with_policy(WEB), cleared("2021-04-01", FlagCode::PolicyMissing)]);
}

#[test]
fn a_policy_that_is_posted_up_is_taken_and_flagged_with_two_stars() {
    given([made_with(&[(Field::Star, "★★")])])
        .when(|history| record_policy(history, &policy("弊社受付に掲示", "2021-04-01"), today()))
        .then([
            with_policy("弊社受付に掲示"),
            raised("2021-04-01", FlagCode::PolicyNotUrl),
            cleared("2021-04-01", FlagCode::PolicyMissing),
        ]);
}

#[test]
fn a_policy_is_refused_with_its_reasons() {
    let refused = |history: Vec<Statement>, command: &RecordPolicy| {
        record_policy(&timeline(history), command, today()).err()
    };
    let Some(RecordPolicyError::Invalid(problems)) = refused(
        vec![made()],
        &RecordPolicy {
            published_on: "不明".to_owned(),
            ..policy("", "2021-04-01")
        },
    ) else {
        panic!("a policy without an address is refused");
    };
    assert_eq!(
        codes(&problems),
        [
            "changes.POLICY_URL required",
            "changes.POLICY_PUBLISHED_ON date_unreadable"
        ]
    );
    assert_eq!(
        refused(vec![made(), stopped(None)], &policy(WEB, "2021-04-01")),
        Some(RecordPolicyError::NotLive)
    );
    assert_eq!(
        refused(vec![made()], &policy(WEB, "2027-04-01")),
        Some(RecordPolicyError::InTheFuture)
    );
    assert_eq!(
        refused(vec![made()], &policy(WEB, "2018-03-31")),
        Some(RecordPolicyError::BeforeDeclaration)
    );
}

#[test]
fn with_a_diagnosis_and_a_policy_it_steps_up() {
    let history = given([made(), diagnosed(), with_policy(WEB)])
        .when(|history| {
            step_up(
                history,
                &StepUp {
                    on: day("2021-05-01"),
                    reason: None,
                },
                today(),
            )
        })
        .then([stepped("2021-05-01")])
        .history();
    let star = |on| {
        history
            .at(day(on), None)
            .and_then(|view| view.declaration.facts.star())
    };
    assert_eq!(star("2021-04-30"), Some(domain::value::Star::One));
    assert_eq!(star("2021-05-01"), Some(domain::value::Star::Two));
}

#[test]
fn without_them_it_does_not_step_up() {
    let command = StepUp {
        on: day("2021-05-01"),
        reason: None,
    };
    given([made()])
        .when(|history| step_up(history, &command, today()))
        .then_refused(&StepUpError::DiagnosisMissing);
    given([made(), diagnosed()])
        .when(|history| step_up(history, &command, today()))
        .then_refused(&StepUpError::PolicyMissing);
}

#[test]
fn it_steps_up_once_while_it_is_live_and_not_on_any_day() {
    let command = StepUp {
        on: day("2021-05-01"),
        reason: None,
    };
    given([made(), diagnosed(), with_policy(WEB), stepped("2021-05-01")])
        .when(|history| step_up(history, &command, today()))
        .then_refused(&StepUpError::AlreadyTwoStars);
    given([made(), diagnosed(), with_policy(WEB), stopped(Some("2022-01-01"))])
        .when(|history| step_up(history, &command, today()))
        .then_refused(&StepUpError::NotLive);
    given([made(), diagnosed(), with_policy(WEB)])
        .when(|history| {
            step_up(
                history,
                &StepUp {
                    on: day("2027-01-01"),
                    reason: None,
                },
                today(),
            )
        })
        .then_refused(&StepUpError::InTheFuture);
    given([made(), diagnosed(), with_policy(WEB)])
        .when(|history| {
            step_up(
                history,
                &StepUp {
                    on: day("2018-03-31"),
                    reason: None,
                },
                today(),
            )
        })
        .then_refused(&StepUpError::BeforeDeclaration);
}

#[test]
fn answers_give_the_score_and_stand_in_the_event() {
    let answers = [&[Answer::Done; 20][..], &[Answer::Unknown; 5][..]].concat();
    let command = |score: &str, answers: &[Answer]| RecordDiagnosis {
        answers: Some(answers.to_vec()),
        ..diagnosis(score, "2021-03-01")
    };
    let history = given([made()])
        .when(|history| record_diagnosis(history, &command("", &answers), today()))
        .history();
    assert_eq!(history.current().facts.value(Field::DiagnosisScore), Some("75"));
    let recorded = history.diagnosis(today(), None).expect("a diagnosis");
    assert_eq!(recorded.answers.as_ref(), Some(&answers));
    assert_eq!(recorded.done_on, day("2021-03-01"));
    assert_eq!(history.diagnosis(day("2021-02-28"), None), None);
    let refused = |command: &RecordDiagnosis| match record_diagnosis(&timeline([made()]), command, today()) {
        Err(RecordDiagnosisError::Invalid(problems)) => codes(&problems),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&command("", &answers[1..])), ["answers answers_missing"]);
    assert_eq!(refused(&command("", &[])), ["answers answers_missing"]);
    assert_eq!(refused(&command("74", &answers)), ["score score_differs"]);
    let unknown = RecordDiagnosis {
        questionnaire: "25-v9".to_owned(),
        ..diagnosis("74", "2021-03-01")
    };
    assert_eq!(refused(&unknown), ["questionnaire unknown"]);
    let below = RecordDiagnosis {
        questionnaire: "25-v2".to_owned(),
        ..diagnosis("-1", "2021-03-01")
    };
    assert_eq!(refused(&below), ["changes.DIAGNOSIS_SCORE score_unreadable"]);
}

fn two_stars() -> [Statement; 4] {
    [made(), diagnosed(), with_policy(WEB), stepped("2021-05-01")]
}

fn withdrawal(on: &str, step_down: bool) -> WithdrawPolicy {
    WithdrawPolicy {
        on: day(on),
        step_down,
        reason: "ホームページの閉鎖".to_owned(),
    }
}

#[test]
fn two_stars_become_one_and_diagnosis_and_policy_stay() {
    let command = StepDown {
        on: day("2024-04-01"),
        reason: "本人の申し出".to_owned(),
    };
    let history = given(two_stars())
        .when(|history| step_down(history, &command, today()))
        .then([at(
            "2024-04-01",
            DeclarationEvent::SteppedDown {
                changes: vec![change(Field::Star, "two", "one")],
            },
        )])
        .history();
    assert!(history.current().facts.value(Field::PolicyUrl).is_some());
    let again = StepUp {
        on: day("2024-03-31"),
        reason: None,
    };
    assert_eq!(
        step_up(&history, &again, today()).err(),
        Some(StepUpError::TooEarly {
            earliest: day("2024-04-01")
        })
    );
}

#[test]
fn a_step_down_is_refused_with_its_reason() {
    let refused = |history: &[Statement], on: &str, reason: &str| {
        let command = StepDown {
            on: day(on),
            reason: reason.to_owned(),
        };
        step_down(&timeline(history.iter().cloned()), &command, today()).err()
    };
    assert_eq!(
        refused(&[made()], "2024-04-01", "理由"),
        Some(StepDownError::NotTwoStars)
    );
    assert_eq!(
        refused(&two_stars(), "2027-04-01", "理由"),
        Some(StepDownError::InTheFuture)
    );
    let earliest = day("2021-05-01");
    assert_eq!(
        refused(&two_stars(), "2021-04-30", "理由"),
        Some(StepDownError::TooEarly { earliest })
    );
    assert!(matches!(
        refused(&two_stars(), "2024-04-01", ""),
        Some(StepDownError::Reason(_))
    ));
    let stopped = [&two_stars()[..], &[stopped(Some("2022-01-01"))]].concat();
    assert_eq!(
        refused(&stopped, "2024-04-01", "理由"),
        Some(StepDownError::NotLive)
    );
}

#[test]
fn a_policy_is_withdrawn_alone_with_one_star_and_with_the_step_down_with_two() {
    let one_star = [made(), with_policy(WEB)];
    let history = given(one_star)
        .when(|history| withdraw_policy(history, &withdrawal("2024-04-01", false), today()))
        .history();
    assert_eq!(history.current().facts.get(Field::PolicyUrl), None);
    assert_eq!(history.current().facts.get(Field::PolicyPublishedOn), None);
    given(two_stars())
        .when(|history| withdraw_policy(history, &withdrawal("2024-04-01", false), today()))
        .then_refused(&WithdrawPolicyError::TwoStars);
    let history = given(two_stars())
        .when(|history| withdraw_policy(history, &withdrawal("2024-04-01", true), today()))
        .history();
    assert_eq!(history.current().facts.value(Field::Star), Some("one"));
    assert!(history.current().flags.is_empty(), "one star needs no policy");
    assert_eq!(
        withdraw_policy(&history, &withdrawal("2024-04-02", true), today()).err(),
        Some(WithdrawPolicyError::NoPolicy)
    );
}

#[test]
fn a_withdrawal_is_refused_before_what_it_withdraws_and_in_the_future() {
    let refused = |on: &str| withdraw_policy(&timeline(two_stars()), &withdrawal(on, true), today()).err();
    assert_eq!(refused("2027-01-01"), Some(WithdrawPolicyError::InTheFuture));
    let earliest = day("2021-05-01");
    assert_eq!(
        refused("2021-04-30"),
        Some(WithdrawPolicyError::TooEarly { earliest })
    );
}

#[test]
fn there_are_two_stars_on_no_day_without_what_they_need() {
    let up = |on: &str| StepUp {
        on: day(on),
        reason: None,
    };
    let too_early = |earliest: &str| StepUpError::TooEarly {
        earliest: day(earliest),
    };
    given([made(), diagnosed(), with_policy(WEB)])
        .when(|history| step_up(history, &up("2021-03-31"), today()))
        .then_refused(&too_early("2021-04-01"));
    given([made(), diagnosed(), with_policy(WEB)])
        .when(|history| step_up(history, &up("2021-04-01"), today()))
        .then([stepped("2021-04-01")]);
    // For some months there was none.
    let gone = at(
        "2022-01-01",
        DeclarationEvent::PolicyWithdrawn {
            changes: vec![change(Field::PolicyUrl, WEB, "")],
        },
    );
    let back = at(
        "2022-06-01",
        DeclarationEvent::PolicyRecorded {
            changes: vec![change(Field::PolicyUrl, "", WEB)],
        },
    );
    given([made(), diagnosed(), with_policy(WEB), gone, back])
        .when(|history| step_up(history, &up("2021-05-01"), today()))
        .then_refused(&too_early("2022-06-01"));
    let down = at(
        "2023-04-01",
        DeclarationEvent::SteppedDown {
            changes: vec![change(Field::Star, "two", "one")],
        },
    );
    let [made, diagnosis, policy, stepped] = two_stars();
    given([made, diagnosis, policy, stepped, down])
        .when(|history| withdraw_policy(history, &withdrawal("2022-04-01", false), today()))
        .then_refused(&WithdrawPolicyError::TooEarly {
            earliest: day("2023-04-01"),
        });
}

#[test]
fn what_is_recorded_for_an_earlier_day_takes_the_place_of_what_stood_there_then() {
    const OTHER: &str = "https://example.jp/other";
    let replaced = at(
        "2023-04-01",
        DeclarationEvent::PolicyRecorded {
            changes: vec![change(Field::PolicyUrl, WEB, OTHER)],
        },
    );
    let history = || given([made(), diagnosed(), with_policy(WEB), replaced.clone()]);
    // What stands there today stood there earlier than was thought.
    let earlier = history()
        .when(|history| record_policy(history, &policy(OTHER, "2022-04-01"), today()))
        .then([at(
            "2022-04-01",
            DeclarationEvent::PolicyRecorded {
                changes: vec![change(Field::PolicyUrl, WEB, OTHER)],
            },
        )])
        .history();
    let on = |on: &str| {
        let view = earlier.at(day(on), None).expect("it was there");
        view.declaration.facts.value(Field::PolicyUrl).map(str::to_owned)
    };
    assert_eq!(on("2022-03-31").as_deref(), Some(WEB));
    assert_eq!(on("2022-04-01").as_deref(), Some(OTHER));
    let said_already = timeline([made(), diagnosed(), with_policy(WEB), replaced.clone()]);
    let Err(RecordPolicyError::Invalid(problems)) =
        record_policy(&said_already, &policy(WEB, "2022-04-01"), today())
    else {
        panic!("it says what was said for that day already");
    };
    assert_eq!(codes(&problems), ["changes unchanged"]);
    // A diagnosis before another one.
    history()
        .when(|history| record_diagnosis(history, &diagnosis("60", "2020-03-01"), today()))
        .then([at(
            "2020-03-01",
            DeclarationEvent::DiagnosisRecorded {
                questionnaire: "25-v3".to_owned(),
                answers: None,
                changes: vec![change(Field::DiagnosisScore, "", "60")],
            },
        )]);
}

//! From one star to two.

use domain::declaration::{
    DeclarationEvent, Field, FlagCode, Statement,
    decide::{
        RecordDiagnosis, RecordDiagnosisError, RecordPolicy, RecordPolicyError, StepUp, StepUpError,
        record_diagnosis, record_policy, step_up,
    },
};

use domain::value::PolicyMedium;

use crate::harness::*;

fn diagnosis(score: &str, on: &str) -> RecordDiagnosis {
    RecordDiagnosis {
        questionnaire: "25-v3".to_owned(),
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

//! Steps, the policy, the logo and answers of a diagnosis.

use serde_json::{Value, json};
use tests::{Engine, on_both_engines};

use super::{Desk, last, with_two_stars};

on_both_engines!(
    two_stars_become_one_and_a_policy_is_withdrawn,
    the_right_to_the_logo_is_suspended_and_given_back,
    answers_of_a_diagnosis_give_its_score,
);

async fn two_stars_become_one_and_a_policy_is_withdrawn(engine: Engine) {
    let desk = Desk::open(engine).await;
    let reason = json!({ "reason": "ホームページの閉鎖" });
    desk.refused("stepDown", reason.clone(), "declarationId", "not_two_stars")
        .await;
    desk.refused("withdrawPolicy", reason.clone(), "declarationId", "no_policy")
        .await;
    with_two_stars(&desk).await;
    desk.refused("withdrawPolicy", reason.clone(), "stepDown", "two_stars")
        .await;
    let on = |on: &str| json!({ "on": on, "reason": "本人の申し出" });
    desk.refused("stepDown", on("2021-04-30"), "on", "too_early")
        .await;
    desk.refused("stepDown", on("2999-01-01"), "on", "in_the_future")
        .await;
    desk.refused("stepDown", json!({ "reason": "" }), "reason", "empty")
        .await;
    desk.must("stepDown", on("2024-04-01")).await;
    let detail = desk.detail().await;
    assert_eq!(detail["star"], "ONE");
    assert_eq!(detail["policyMedium"], "WEB", "it stays on record");
    assert_eq!(last(&detail)["kind"], "STEPPED_DOWN");
    desk.refused("stepUp", json!({ "on": "2024-03-31" }), "on", "too_early")
        .await;
    desk.must("stepUp", json!({ "on": "2024-05-01" })).await;
    let both = json!({ "on": "2024-06-01", "stepDown": true, "reason": "ホームページの閉鎖" });
    desk.must("withdrawPolicy", both).await;
    let detail = desk.detail().await;
    assert_eq!(detail["star"], "ONE");
    assert_eq!(detail["policyUrl"], Value::Null);
    assert_eq!(last(&detail)["kind"], "POLICY_WITHDRAWN");
    desk.refused("stepUp", json!({}), "declarationId", "policy_missing")
        .await;
}

async fn the_right_to_the_logo_is_suspended_and_given_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    assert_eq!(desk.detail().await["logoAllowed"], true);
    let reason = json!({ "reason": "誤解を招く表示" });
    desk.refused(
        "restoreLogo",
        reason.clone(),
        "declarationId",
        "logo_not_suspended",
    )
    .await;
    desk.refused("suspendLogo", json!({ "reason": " " }), "reason", "empty")
        .await;
    desk.must("suspendLogo", reason.clone()).await;
    let detail = desk.detail().await;
    assert_eq!(detail["logoAllowed"], false);
    assert_eq!(last(&detail)["kind"], "LOGO_SUSPENDED");
    desk.refused("suspendLogo", reason.clone(), "declarationId", "logo_suspended")
        .await;
    desk.must("restoreLogo", reason).await;
    assert_eq!(desk.detail().await["logoAllowed"], true);
}

async fn answers_of_a_diagnosis_give_its_score(engine: Engine) {
    let desk = Desk::open(engine).await;
    let answers = |count: usize| [vec!["DONE"; 20], vec!["UNKNOWN"; 4], vec!["PARTLY"; count]].concat();
    let diagnosis = |answers: &[&str], score: Value| json!({ "questionnaire": "25-v3", "answers": answers, "score": score, "doneOn": "2021-03-01" });
    desk.refused(
        "recordDiagnosis",
        diagnosis(&answers(0), Value::Null),
        "answers",
        "answers_missing",
    )
    .await;
    desk.refused(
        "recordDiagnosis",
        diagnosis(&answers(2), Value::Null),
        "answers",
        "answers_missing",
    )
    .await;
    desk.refused(
        "recordDiagnosis",
        diagnosis(&answers(1), json!("77")),
        "score",
        "score_differs",
    )
    .await;
    let unknown = json!({ "questionnaire": "99", "score": "50", "doneOn": "2021-03-01" });
    desk.refused("recordDiagnosis", unknown, "questionnaire", "unknown")
        .await;
    desk.must("recordDiagnosis", diagnosis(&answers(1), Value::Null))
        .await;
    let detail = desk.detail().await;
    assert_eq!(detail["diagnosisScore"]["typed"], "78");
    assert_eq!(detail["diagnosisBand"], "PARTLY_MISSING");
    assert_eq!(
        detail["diagnosis"],
        json!({ "questionnaire": "25-v3", "doneOn": "2021-03-01", "answers": answers(1) })
    );
}

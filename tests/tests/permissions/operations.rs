//! Who may look at what runs by itself, and interfere with it.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of schedules, jobs and mail, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let schedule = json!({
        "name": "みほん", "expression": "0 9 * * 1", "zone": "Asia/Tokyo", "command": "verify-log", "misfire": "ONCE",
        "notAfterDate": "", "notAfterTime": "", "jitter": 0, "enabled": true,
    });
    let id = || json!(Uuid::new_v4());
    let one = json!({ "commandId": id(), "id": id() });
    let version = json!({ "commandId": id(), "id": id(), "expectedVersion": "1" });
    let definition = json!({ "commandId": id(), "schedule": schedule });
    let change = json!({ "commandId": id(), "id": id(), "expectedVersion": "1", "schedule": schedule });
    let decision = json!({ "commandId": id(), "ids": [id()], "verdict": "CANCEL" });
    let lift = json!({ "commandId": id(), "id": "1" });
    let mail = json!({ "commandId": id(), "to": "operator@example.jp" });
    let suppression = json!({ "commandId": id(), "address": "reader@example.jp", "until": "" });
    [
        (
            "cancelJob",
            "mutation($input: JobCommandInput!) { cancelJob(input: $input) { __typename } }",
            one.clone(),
        ),
        (
            "changeSchedule",
            "mutation($input: ChangeScheduleInput!) { changeSchedule(input: $input) { __typename } }",
            change,
        ),
        (
            "decideMails",
            "mutation($input: DecideMailsInput!) { decideMails(input: $input) { __typename } }",
            decision,
        ),
        (
            "defineSchedule",
            "mutation($input: DefineScheduleInput!) { defineSchedule(input: $input) { __typename } }",
            definition,
        ),
        (
            "liftSuppression",
            "mutation($input: LiftSuppressionInput!) { liftSuppression(input: $input) { __typename } }",
            lift,
        ),
        (
            "pauseSchedule",
            "mutation($input: ScheduleCommandInput!) { pauseSchedule(input: $input) { __typename } }",
            version.clone(),
        ),
        (
            "removeSchedule",
            "mutation($input: ScheduleCommandInput!) { removeSchedule(input: $input) { __typename } }",
            version.clone(),
        ),
        (
            "resumeJob",
            "mutation($input: JobCommandInput!) { resumeJob(input: $input) { __typename } }",
            one,
        ),
        (
            "resumeSchedule",
            "mutation($input: ScheduleCommandInput!) { resumeSchedule(input: $input) { __typename } }",
            version.clone(),
        ),
        (
            "runScheduleNow",
            "mutation($input: ScheduleCommandInput!) { runScheduleNow(input: $input) { __typename } }",
            version,
        ),
        (
            "sendTestMail",
            "mutation($input: SendTestMailInput!) { sendTestMail(input: $input) { __typename } }",
            mail,
        ),
        (
            "suppressAddress",
            "mutation($input: SuppressAddressInput!) { suppressAddress(input: $input) { __typename } }",
            suppression,
        ),
    ]
    .into_iter()
    .map(|(name, text, input)| {
        let variables = json!({ "input": input });
        let is_of_mail = name.contains("Mail") || name.contains("uppress");
        let needs = if is_of_mail {
            Permission::ManageMail
        } else {
            Permission::ManageSchedules
        };
        (name, rule(text, variables, SIGN_IN_FIRST, needs))
    })
    .collect()
}

/// The queries about schedules, jobs and mail.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let id = json!({ "id": Uuid::new_v4() });
    [
        ("job", "query($id: ID!) { job(id: $id) { state } }", id.clone()),
        ("jobCounts", "{ jobCounts { state count } }", Value::Null),
        ("jobs", "{ jobs(first: 1) { __typename } }", Value::Null),
        ("mail", "query($id: ID!) { mail(id: $id) { state } }", id.clone()),
        ("mailCounts", "{ mailCounts { state count } }", Value::Null),
        ("mailSetup", "{ mailSetup { transport } }", Value::Null),
        ("mails", "{ mails(first: 1) { __typename } }", Value::Null),
        ("schedule", "query($id: ID!) { schedule(id: $id) { name } }", id),
        (
            "schedulePreview",
            "{ schedulePreview(expression: \"0 9 * * 1\", zone: \"Asia/Tokyo\") { __typename } }",
            Value::Null,
        ),
        ("schedules", "{ schedules { nodes { name } } }", Value::Null),
        (
            "suppressions",
            "{ suppressions(first: 1) { __typename } }",
            Value::Null,
        ),
    ]
    .into_iter()
    .map(|(name, text, variables)| {
        let needs = Permission::ReadOperations;
        (name, rule(text, variables, SIGN_IN_FIRST, needs))
    })
    .collect()
}

//! Who may see and handle requests of data subjects and incidents, and who has a home page.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of cases, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let id = || json!(Uuid::new_v4());
    let asks = json!({ "commandId": id(), "kind": "DISCLOSURE", "channel": "MAIL", "receivedOn": "2026-04-01", "numbers": [],
        "name": "見本 花子", "contact": "hanako@example.jp", "wanted": "保有する個人情報の開示" });
    let note = json!({ "commandId": id(), "id": id(), "expectedVersion": "1", "change": { "note": { "text": "電話で確認" } } });
    let aware = json!({ "commandId": id(), "awareAt": "2026-04-01T00:00:00Z", "categories": [], "text": "誤送信の連絡" });
    [
        (
            "openPrivacyRequest",
            rule(
                "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { __typename } }",
                json!({ "input": asks }),
                SIGN_IN_FIRST,
                Permission::OpenPrivacyRequest,
            ),
        ),
        (
            "changePrivacyRequest",
            rule(
                "mutation($input: ChangePrivacyRequestInput!) { changePrivacyRequest(input: $input) { __typename } }",
                json!({ "input": note }),
                SIGN_IN_FIRST,
                Permission::ManagePrivacyRequests,
            ),
        ),
        (
            "openIncident",
            rule(
                "mutation($input: OpenIncidentInput!) { openIncident(input: $input) { __typename } }",
                json!({ "input": aware }),
                SIGN_IN_FIRST,
                Permission::ManageIncidents,
            ),
        ),
        (
            "changeIncident",
            rule(
                "mutation($input: ChangeIncidentInput!) { changeIncident(input: $input) { __typename } }",
                json!({ "input": note }),
                SIGN_IN_FIRST,
                Permission::ManageIncidents,
            ),
        ),
    ]
    .into()
}

/// The queries about cases.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let one = || json!({ "id": Uuid::new_v4() });
    let requests = Permission::ReadPrivacyRequests;
    let incidents = Permission::ReadIncidents;
    let asked = |text, variables, needs| rule(text, variables, SIGN_IN_FIRST, needs);
    [
        (
            "home",
            asked("{ home { today } }", Value::Null, Permission::ReadDeclarations),
        ),
        (
            "unfinishedPrivacyRequests",
            asked("{ unfinishedPrivacyRequests { id } }", Value::Null, requests),
        ),
        (
            "privacyRequests",
            asked("{ privacyRequests { nodes { id } } }", Value::Null, requests),
        ),
        (
            "privacyRequest",
            asked(
                "query($id: ID!) { privacyRequest(id: $id) { version } }",
                one(),
                requests,
            ),
        ),
        (
            "privacyRequestHoldings",
            asked(
                "query($id: ID!) { privacyRequestHoldings(id: $id) { gatheredAt } }",
                one(),
                Permission::ManagePrivacyRequests,
            ),
        ),
        (
            "unfinishedIncidents",
            asked("{ unfinishedIncidents { id } }", Value::Null, incidents),
        ),
        (
            "incidents",
            asked("{ incidents { nodes { id } } }", Value::Null, incidents),
        ),
        (
            "incident",
            asked(
                "query($id: ID!) { incident(id: $id) { version } }",
                one(),
                incidents,
            ),
        ),
        (
            "incidentDraft",
            asked(
                "query($id: ID!) { incidentDraft(id: $id) { __typename } }",
                one(),
                incidents,
            ),
        ),
        (
            "incidentAffected",
            asked(
                "query($id: ID!) { incidentAffected(id: $id) { records } }",
                one(),
                incidents,
            ),
        ),
    ]
    .into()
}

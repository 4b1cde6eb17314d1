//! Who may change many declarations at once.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of bulk changes, each with an input that is well formed.
pub(super) fn mutations(id: &str) -> BTreeMap<&'static str, Rule> {
    let command = || json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4() });
    let reasoned = || json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4(), "reason": "取り違え" });
    let freeze = json!({ "commandId": Uuid::new_v4(), "selection": { "ids": [id] },
        "change": { "addNote": { "text": "点検済み" } } });
    [
        (
            "freezeBulkChange",
            "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { __typename } }",
            freeze,
        ),
        (
            "startBulkChange",
            "mutation($input: BulkChangeCommandInput!) { startBulkChange(input: $input) { __typename } }",
            command(),
        ),
        (
            "stopBulkChange",
            "mutation($input: BulkChangeCommandInput!) { stopBulkChange(input: $input) { __typename } }",
            command(),
        ),
        (
            "resumeBulkChange",
            "mutation($input: BulkChangeCommandInput!) { resumeBulkChange(input: $input) { __typename } }",
            command(),
        ),
        (
            "undoBulkChange",
            "mutation($input: UndoBulkChangeInput!) { undoBulkChange(input: $input) { __typename } }",
            reasoned(),
        ),
        (
            "requestBulkChange",
            "mutation($input: RequestBulkChangeInput!) { requestBulkChange(input: $input) { __typename } }",
            reasoned(),
        ),
    ]
    .into_iter()
    .map(|(name, text, input)| {
        let variables = json!({ "input": input });
        (name, rule(text, variables, SIGN_IN_FIRST, Permission::ChangeMany))
    })
    .collect()
}

/// The queries about bulk changes: whoever may see declarations may see what was done to many.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let id = json!({ "id": Uuid::new_v4() });
    [
        (
            "bulkChange",
            "query($id: ID!) { bulkChange(id: $id) { count } }",
            id.clone(),
        ),
        (
            "bulkChanges",
            "{ bulkChanges(first: 1) { __typename } }",
            Value::Null,
        ),
        (
            "bulkChangeRows",
            "query($id: ID!) { bulkChangeRows(id: $id, of: RUN, first: 1) { __typename } }",
            id,
        ),
    ]
    .into_iter()
    .map(|(name, text, variables)| (name, rule(text, variables, SIGN_IN_FIRST, None)))
    .collect()
}

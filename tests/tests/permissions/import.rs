//! Who may take over an old register in the console.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of imports, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let command = || json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4() });
    let reasoned = || json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4(), "trialJobId": Uuid::new_v4(), "reason": "移行" });
    let map = json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4(), "sheet": 0, "places": [0] });
    [
        (
            "mapImport",
            "mutation($input: MapImportInput!) { mapImport(input: $input) { __typename } }",
            map,
        ),
        (
            "startImport",
            "mutation($input: StartImportInput!) { startImport(input: $input) { __typename } }",
            reasoned(),
        ),
        (
            "stopImport",
            "mutation($input: ImportCommandInput!) { stopImport(input: $input) { __typename } }",
            command(),
        ),
        (
            "resumeImport",
            "mutation($input: ImportCommandInput!) { resumeImport(input: $input) { __typename } }",
            command(),
        ),
        (
            "discardImport",
            "mutation($input: ImportCommandInput!) { discardImport(input: $input) { __typename } }",
            command(),
        ),
        (
            "requestImport",
            "mutation($input: RequestImportInput!) { requestImport(input: $input) { __typename } }",
            reasoned(),
        ),
    ]
    .into_iter()
    .map(|(name, text, input)| {
        let variables = json!({ "input": input });
        (
            name,
            rule(text, variables, SIGN_IN_FIRST, Permission::ImportDeclarations),
        )
    })
    .collect()
}

/// The queries about imports: whoever may see declarations may see where they came from; what stands in a file is personal.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let id = json!({ "id": Uuid::new_v4() });
    [
        (
            "import",
            "query($id: ID!) { import(id: $id) { size } }",
            id.clone(),
        ),
        ("imports", "{ imports(first: 1) { __typename } }", Value::Null),
        (
            "importRows",
            "query($id: ID!) { importRows(id: $id, first: 1) { __typename } }",
            id,
        ),
    ]
    .into_iter()
    .map(|(name, text, variables)| (name, rule(text, variables, SIGN_IN_FIRST, None)))
    .collect()
}

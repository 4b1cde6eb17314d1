//! Who may let a view of the register leave as a file.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of exports, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let command = || json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4() });
    let request =
        json!({ "commandId": Uuid::new_v4(), "columns": ["NUMBER"], "format": "XLSX", "reason": "点検" });
    [
        (
            "requestExport",
            "mutation($input: RequestExportInput!) { requestExport(input: $input) { __typename } }",
            request,
        ),
        (
            "stopExport",
            "mutation($input: ExportCommandInput!) { stopExport(input: $input) { __typename } }",
            command(),
        ),
        (
            "resumeExport",
            "mutation($input: ExportCommandInput!) { resumeExport(input: $input) { __typename } }",
            command(),
        ),
        (
            "discardExport",
            "mutation($input: ExportCommandInput!) { discardExport(input: $input) { __typename } }",
            command(),
        ),
    ]
    .into_iter()
    .map(|(name, text, input)| {
        let variables = json!({ "input": input });
        let right = Permission::ExportDeclarations;
        (name, rule(text, variables, SIGN_IN_FIRST, right))
    })
    .collect()
}

/// The queries about exports: for whoever asks for some. Of one that is not theirs everybody is told that there is none, but whoever audits.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let right = Some(Permission::ExportDeclarations);
    [
        (
            "export",
            "query($id: ID!) { export(id: $id) { isMine } }",
            json!({ "id": Uuid::new_v4() }),
            None,
        ),
        (
            "exports",
            "{ exports(of: MINE, first: 1) { __typename } }",
            Value::Null,
            right,
        ),
        (
            "exportLimits",
            "{ exportLimits { approvalAbove } }",
            Value::Null,
            right,
        ),
    ]
    .into_iter()
    .map(|(name, text, variables, right)| (name, rule(text, variables, SIGN_IN_FIRST, right)))
    .collect()
}

//! Who may give out tokens.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of tokens, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let wanted = json!({ "commandId": Uuid::new_v4(), "name": "見本", "scopes": [], "expiresAt": "2026-01-01T00:00:00Z" });
    [
        (
            "issueApiToken",
            rule(
                "mutation($input: IssueApiTokenInput!) { issueApiToken(input: $input) { __typename } }",
                json!({ "input": wanted }),
                SIGN_IN_FIRST,
                Permission::ManageApiTokens,
            ),
        ),
        (
            "revokeApiToken",
            rule(
                "mutation($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { __typename } }",
                json!({ "input": { "commandId": Uuid::new_v4(), "id": Uuid::new_v4() } }),
                SIGN_IN_FIRST,
                Permission::ManageApiTokens,
            ),
        ),
    ]
    .into()
}

/// The query about tokens.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    [(
        "apiTokens",
        rule(
            "{ apiTokens { id } }",
            Value::Null,
            SIGN_IN_FIRST,
            Permission::ManageApiTokens,
        ),
    )]
    .into()
}

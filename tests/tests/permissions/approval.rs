//! Who may ask for what needs a second person, and be one.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of requests, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let id = || json!(Uuid::new_v4());
    let request = || json!({ "commandId": id(), "id": id() });
    let asks = json!({ "commandId": id(), "id": id(), "expectedVersion": "1", "roles": ["APPROVER"], "reason": "人事異動" });
    let forgets = json!({ "commandId": id(), "declarationId": id(), "expectedVersion": "1", "person": "CONTACT", "reason": "求め" });
    let number = json!({ "commandId": id(), "declarationId": id(), "expectedVersion": "1", "asked": [], "checks": [],
        "to": "taro@example.jp", "reason": "担当者の交代" });
    let merges = json!({ "commandId": id(), "survivorId": id(), "survivorVersion": "1", "mergedId": id(),
        "mergedVersion": "1", "choices": [], "reason": "重複" });
    [
        (
            "requestStaffRoles",
            rule(
                "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { __typename } }",
                json!({ "input": asks }),
                SIGN_IN_FIRST,
                Permission::ManageStaff,
            ),
        ),
        (
            "requestForgetting",
            rule(
                "mutation($input: RequestForgettingInput!) { requestForgetting(input: $input) { __typename } }",
                json!({ "input": forgets }),
                SIGN_IN_FIRST,
                Permission::ForgetPerson,
            ),
        ),
        (
            "requestNumber",
            rule(
                "mutation($input: RequestNumberInput!) { requestNumber(input: $input) { __typename } }",
                json!({ "input": number }),
                SIGN_IN_FIRST,
                Permission::LookUpNumber,
            ),
        ),
        (
            "requestMerge",
            rule(
                "mutation($input: RequestMergeInput!) { requestMerge(input: $input) { __typename } }",
                json!({ "input": merges }),
                SIGN_IN_FIRST,
                Permission::MergeDeclarations,
            ),
        ),
        (
            "approve",
            rule(
                "mutation($input: ApprovalCommandInput!) { approve(input: $input, contentHash: \"x\") { __typename } }",
                json!({ "input": request() }),
                SIGN_IN_FIRST,
                Permission::Approve,
            ),
        ),
        (
            "rejectRequest",
            rule(
                "mutation($input: ApprovalCommandInput!) { rejectRequest(input: $input, reason: \"x\") { __typename } }",
                json!({ "input": request() }),
                SIGN_IN_FIRST,
                Permission::Approve,
            ),
        ),
        (
            "withdrawRequest",
            rule(
                "mutation($input: ApprovalCommandInput!) { withdrawRequest(input: $input) { __typename } }",
                json!({ "input": request() }),
                SIGN_IN_FIRST,
                Permission::ReadApprovals,
            ),
        ),
        (
            "bypassApproval",
            rule(
                "mutation($input: ApprovalCommandInput!) { bypassApproval(input: $input, reason: \"x\") { __typename } }",
                json!({ "input": request() }),
                SIGN_IN_FIRST,
                Permission::BypassApproval,
            ),
        ),
    ]
    .into()
}

/// The queries about requests.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    [
        (
            "openApprovals",
            rule(
                "{ openApprovals { id } }",
                Value::Null,
                SIGN_IN_FIRST,
                Permission::ReadApprovals,
            ),
        ),
        (
            "approvals",
            rule(
                "{ approvals { nodes { id } } }",
                Value::Null,
                SIGN_IN_FIRST,
                Permission::ReadApprovals,
            ),
        ),
        (
            "approval",
            rule(
                "query($id: ID!) { approval(id: $id) { contentHash } }",
                json!({ "id": Uuid::new_v4() }),
                SIGN_IN_FIRST,
                Permission::ReadApprovals,
            ),
        ),
    ]
    .into()
}

//! Who may ask who read whose data, and what happened to ways in.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::json;
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The queries about reads.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let time =
        json!({ "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z", "staff": Uuid::new_v4() });
    [
        (
            "reads",
            rule(
                "query($since: DateTime!, $until: DateTime!, $staff: ID) { reads(since: $since, until: $until, staff: $staff) { __typename } }",
                time.clone(),
                SIGN_IN_FIRST,
                Permission::ReadAudit,
            ),
        ),
        (
            "securityRecords",
            rule(
                "query($since: DateTime!, $until: DateTime!, $staff: ID) { securityRecords(since: $since, until: $until, staff: $staff) { __typename } }",
                time.clone(),
                SIGN_IN_FIRST,
                Permission::ReadAudit,
            ),
        ),
        (
            "exposure",
            rule(
                "query($since: DateTime!, $until: DateTime!, $staff: ID!) { exposure(since: $since, until: $until, staff: $staff) { __typename } }",
                time,
                SIGN_IN_FIRST,
                Permission::ReadAudit,
            ),
        ),
    ]
    .into()
}

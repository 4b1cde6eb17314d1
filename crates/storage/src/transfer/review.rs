//! Suspicions, the declarations that they are about, and what is known of the pages of policies.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::Row;

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Review {
    id: Uuid,
    kind: String,
    ground: String,
    rules: String,
    weight: i64,
    found_at: i64,
    state: String,
    claimed_by: Option<String>,
    claimed_until: Option<i64>,
    verdict: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    position: Option<i64>,
    ended_at: Option<i64>,
}

impl Row for Review {
    const TABLE: &'static str = "review";
    const READ: Sql = Sql::same(
        "SELECT id, kind, ground, rules, weight, found_at, state, claimed_by, claimed_until, verdict, decided_by, decided_at, \
         position, ended_at FROM review ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state, claimed_by, claimed_until, verdict, \
                 decided_by, decided_at, position, ended_at) SELECT unhex(value ->> 'id', '-'), value ->> 'kind', \
                 value ->> 'ground', value ->> 'rules', value ->> 'weight', value ->> 'found_at', value ->> 'state', \
                 value ->> 'claimed_by', value ->> 'claimed_until', value ->> 'verdict', value ->> 'decided_by', \
                 value ->> 'decided_at', value ->> 'position', value ->> 'ended_at' FROM json_each($1)",
        postgres: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state, claimed_by, claimed_until, verdict, \
                   decided_by, decided_at, position, ended_at) SELECT id, kind, ground, rules, weight, found_at, state, \
                   claimed_by, claimed_until, verdict, decided_by, decided_at, position, ended_at \
                   FROM json_populate_recordset(NULL::review, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM review)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewDeclaration {
    review_id: Uuid,
    declaration_id: Uuid,
}

impl Row for ReviewDeclaration {
    const TABLE: &'static str = "review_declaration";
    const READ: Sql = Sql::same(
        "SELECT review_id, declaration_id FROM review_declaration ORDER BY review_id, declaration_id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO review_declaration (review_id, declaration_id) \
                 SELECT unhex(value ->> 'review_id', '-'), unhex(value ->> 'declaration_id', '-') FROM json_each($1)",
        postgres: "INSERT INTO review_declaration (review_id, declaration_id) SELECT review_id, declaration_id \
                   FROM json_populate_recordset(NULL::review_declaration, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM review_declaration)";
}

// Without them every page that does not answer would begin anew, and its suspicion with it.
#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyPage {
    declaration_id: Uuid,
    address: i64,
    asked_at: Option<i64>,
    wrong: Option<String>,
    status: Option<i64>,
    failures: i64,
    failing_since: Option<i64>,
    due_at: i64,
}

impl Row for PolicyPage {
    const TABLE: &'static str = "policy_page";
    const READ: Sql = Sql::same(
        "SELECT declaration_id, address, asked_at, wrong, status, failures, failing_since, due_at FROM policy_page \
         ORDER BY declaration_id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO policy_page (declaration_id, address, asked_at, wrong, status, failures, failing_since, due_at) \
                 SELECT unhex(value ->> 'declaration_id', '-'), value ->> 'address', value ->> 'asked_at', value ->> 'wrong', \
                 value ->> 'status', value ->> 'failures', value ->> 'failing_since', value ->> 'due_at' FROM json_each($1)",
        postgres: "INSERT INTO policy_page (declaration_id, address, asked_at, wrong, status, failures, failing_since, due_at) \
                   SELECT declaration_id, address, asked_at, wrong, status, failures, failing_since, due_at \
                   FROM json_populate_recordset(NULL::policy_page, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM policy_page)";
}

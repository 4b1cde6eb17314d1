//! Rows of bulk changes.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::Row;

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkChangeRow {
    bulk_change_id: Uuid,
    ordinal: i64,
    declaration_id: Uuid,
    version: i64,
    trial: Option<String>,
    outcome: Option<String>,
    code: Option<String>,
    message: Option<String>,
    differences: Option<String>,
}

impl Row for BulkChangeRow {
    const TABLE: &'static str = "bulk_change_row";
    const READ: Sql = Sql::same(
        "SELECT bulk_change_id, ordinal, declaration_id, version, trial, outcome, code, message, differences \
         FROM bulk_change_row ORDER BY bulk_change_id, ordinal",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version, trial, outcome, code, message, \
                 differences) SELECT unhex(value ->> 'bulk_change_id', '-'), value ->> 'ordinal', \
                 unhex(value ->> 'declaration_id', '-'), value ->> 'version', value ->> 'trial', value ->> 'outcome', \
                 value ->> 'code', value ->> 'message', value ->> 'differences' FROM json_each($1)",
        postgres: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version, trial, outcome, code, message, \
                   differences) SELECT bulk_change_id, ordinal, declaration_id, version, trial, outcome, code, message, \
                   differences FROM json_populate_recordset(NULL::bulk_change_row, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM bulk_change_row)";
}

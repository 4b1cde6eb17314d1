//! Rows of what is remembered of imports. Their files stay: see [`STAYS`](super::tables::STAYS).

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::tables::Row;

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportMapping {
    headings: String,
    places: String,
    set_by: String,
    set_at: i64,
}

impl Row for ImportMapping {
    const TABLE: &'static str = "import_mapping";
    const READ: Sql =
        Sql::same("SELECT headings, places, set_by, set_at FROM import_mapping ORDER BY headings");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO import_mapping (headings, places, set_by, set_at) \
                 SELECT value ->> 'headings', value ->> 'places', value ->> 'set_by', value ->> 'set_at' FROM json_each($1)",
        postgres: "INSERT INTO import_mapping (headings, places, set_by, set_at) \
                   SELECT headings, places, set_by, set_at \
                   FROM json_populate_recordset(NULL::import_mapping, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM import_mapping)";
}

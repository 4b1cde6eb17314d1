//! Saved views of the list.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::Row;

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListView {
    id: Uuid,
    owner_id: Uuid,
    is_shared: i64,
    name: String,
    name_key: String,
    question: String,
    changed_at: i64,
    revision: i64,
}

impl Row for ListView {
    const TABLE: &'static str = "list_view";
    const READ: Sql = Sql::same(
        "SELECT id, owner_id, is_shared, name, name_key, question, changed_at, revision FROM list_view ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO list_view (id, owner_id, is_shared, name, name_key, question, changed_at, revision) \
                 SELECT unhex(value ->> 'id', '-'), unhex(value ->> 'owner_id', '-'), value ->> 'is_shared', \
                 value ->> 'name', value ->> 'name_key', value ->> 'question', value ->> 'changed_at', \
                 value ->> 'revision' FROM json_each($1)",
        postgres: "INSERT INTO list_view (id, owner_id, is_shared, name, name_key, question, changed_at, revision) \
                   SELECT id, owner_id, is_shared, name, name_key, question, changed_at, revision \
                   FROM json_populate_recordset(NULL::list_view, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM list_view)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListViewDefault {
    staff_id: Uuid,
    view_id: Uuid,
}

impl Row for ListViewDefault {
    const TABLE: &'static str = "list_view_default";
    const READ: Sql = Sql::same("SELECT staff_id, view_id FROM list_view_default ORDER BY staff_id");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO list_view_default (staff_id, view_id) \
                 SELECT unhex(value ->> 'staff_id', '-'), unhex(value ->> 'view_id', '-') FROM json_each($1)",
        postgres: "INSERT INTO list_view_default (staff_id, view_id) \
                   SELECT staff_id, view_id FROM json_populate_recordset(NULL::list_view_default, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM list_view_default)";
}

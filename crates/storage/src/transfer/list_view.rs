//! Saved views of the lists.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::Row;

/// What was taken out before there were views of the desk.
fn declarations() -> String {
    "declarations".to_owned()
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListView {
    id: Uuid,
    #[serde(default = "declarations")]
    list: String,
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
        "SELECT id, list, owner_id, is_shared, name, name_key, question, changed_at, revision FROM list_view ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO list_view (id, list, owner_id, is_shared, name, name_key, question, changed_at, revision) \
                 SELECT unhex(value ->> 'id', '-'), value ->> 'list', unhex(value ->> 'owner_id', '-'), value ->> 'is_shared', \
                 value ->> 'name', value ->> 'name_key', value ->> 'question', value ->> 'changed_at', \
                 value ->> 'revision' FROM json_each($1)",
        postgres: "INSERT INTO list_view (id, list, owner_id, is_shared, name, name_key, question, changed_at, revision) \
                   SELECT id, list, owner_id, is_shared, name, name_key, question, changed_at, revision \
                   FROM json_populate_recordset(NULL::list_view, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM list_view)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListViewDefault {
    staff_id: Uuid,
    #[serde(default = "declarations")]
    list: String,
    view_id: Uuid,
}

impl Row for ListViewDefault {
    const TABLE: &'static str = "list_view_default";
    const READ: Sql =
        Sql::same("SELECT staff_id, list, view_id FROM list_view_default ORDER BY staff_id, list");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO list_view_default (staff_id, list, view_id) \
                 SELECT unhex(value ->> 'staff_id', '-'), value ->> 'list', unhex(value ->> 'view_id', '-') FROM json_each($1)",
        postgres: "INSERT INTO list_view_default (staff_id, list, view_id) \
                   SELECT staff_id, list, view_id FROM json_populate_recordset(NULL::list_view_default, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM list_view_default)";
}

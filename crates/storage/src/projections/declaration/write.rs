//! The statements that write the projection, each for the live tables and for their twins of a rebuild.
//!
//! A batch is one JSON text, so a statement has one text and one bound value for any number of rows on both engines.

use event_store::{Connection, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;

use super::projected::Projected;
use crate::sql::{StorageError, fetch_with};

/// Which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Those that are read.
    Live,
    /// Their twins.
    Rebuild,
}

/// The same statement for both targets.
struct Both {
    live: Sql,
    rebuild: Sql,
}

impl Both {
    const fn of(&self, target: Target) -> Sql {
        match target {
            Target::Live => self.live,
            Target::Rebuild => self.rebuild,
        }
    }
}

/// A statement for both targets; the macro `$text` takes the suffix of the tables.
macro_rules! both {
    ($text:ident) => {
        Both {
            live: Sql::same($text!("")),
            rebuild: Sql::same($text!("_rebuild")),
        }
    };
    (sqlite: $sqlite:ident, postgres: $postgres:ident) => {
        Both {
            live: Sql {
                sqlite: $sqlite!(""),
                postgres: $postgres!(""),
            },
            rebuild: Sql {
                sqlite: $sqlite!("_rebuild"),
                postgres: $postgres!("_rebuild"),
            },
        }
    };
}

macro_rules! columns {
    () => {
        "seq, id, number, declared_on, cell, stopped_on, entity_type, organization_id, corporate_number, name, kana, \
         personal_name, personal_kana, name_subject, trade_name, city, city_key, changed_at, version, key_public, \
         key_personal"
    };
}

macro_rules! set_columns {
    () => {
        " ON CONFLICT (seq) DO UPDATE SET number = excluded.number, declared_on = excluded.declared_on, \
         cell = excluded.cell, stopped_on = excluded.stopped_on, entity_type = excluded.entity_type, \
         organization_id = excluded.organization_id, corporate_number = excluded.corporate_number, \
         name = excluded.name, kana = excluded.kana, personal_name = excluded.personal_name, \
         personal_kana = excluded.personal_kana, name_subject = excluded.name_subject, \
         trade_name = excluded.trade_name, city = excluded.city, city_key = excluded.city_key, changed_at = excluded.changed_at, \
         version = excluded.version, key_public = excluded.key_public, key_personal = excluded.key_personal"
    };
}

macro_rules! new_rows_sqlite {
    ($suffix:literal) => {
        rows_sqlite!("INSERT OR FAIL INTO declaration", $suffix, "")
    };
}

macro_rules! changed_rows_sqlite {
    ($suffix:literal) => {
        rows_sqlite!("INSERT INTO declaration", $suffix, set_columns!())
    };
}

macro_rules! new_rows_postgres {
    ($suffix:literal) => {
        rows_postgres!("INSERT INTO declaration", $suffix, "")
    };
}

macro_rules! changed_rows_postgres {
    ($suffix:literal) => {
        rows_postgres!(
            "INSERT INTO declaration",
            $suffix,
            concat!(set_columns!(), ", tokens = excluded.tokens")
        )
    };
}

macro_rules! rows_sqlite {
    ($insert:literal, $suffix:literal, $on_conflict:expr) => {
        concat!(
            $insert, $suffix, " (", columns!(), ") SELECT value ->> 'seq', unhex(value ->> 'id'), \
             value ->> 'number', value ->> 'declared_on', value ->> 'cell', value ->> 'stopped_on', \
             value ->> 'entity_type', unhex(value ->> 'organization_id'), value ->> 'corporate_number', \
             value ->> 'name', value ->> 'kana', value ->> 'personal_name', value ->> 'personal_kana', \
             unhex(value ->> 'name_subject'), value ->> 'trade_name', value ->> 'city', value ->> 'city_key', \
             value ->> 'changed_at', value ->> 'version', value ->> 'key_public', value ->> 'key_personal' FROM jsonb_each($1) WHERE true",
            $on_conflict
        )
    };
}

macro_rules! rows_postgres {
    ($insert:literal, $suffix:literal, $on_conflict:expr) => {
        concat!(
            $insert, $suffix, " (", columns!(), ", tokens) SELECT ", columns!(),
            ", CAST(tokens AS INTEGER[]) FROM json_to_recordset(CAST($1 AS json)) AS x(seq bigint, id uuid, number text, \
             declared_on text, cell bigint, stopped_on text, entity_type text, organization_id uuid, \
             corporate_number text, name text, kana text, personal_name text, personal_kana text, name_subject uuid, \
             trade_name text, city text, city_key text, changed_at bigint, version bigint, key_public text, key_personal text, \
             tokens text)",
            $on_conflict
        )
    };
}

macro_rules! search_sqlite {
    ($suffix:literal) => {
        concat!(
            "INSERT OR REPLACE INTO declaration_search",
            $suffix,
            " (rowid, tokens) SELECT value ->> 0, value ->> 1 FROM jsonb_each($1)"
        )
    };
}

macro_rules! counts_sqlite {
    ($suffix:literal) => {
        concat!(
            "INSERT INTO declaration_count",
            $suffix,
            " (cell, count, position) \
             SELECT value ->> 0, value ->> 1, $2 FROM json_each($1) WHERE true \
             ON CONFLICT (cell) DO UPDATE SET count = excluded.count, position = excluded.position"
        )
    };
}

macro_rules! counts_postgres {
    ($suffix:literal) => {
        concat!(
            "INSERT INTO declaration_count",
            $suffix,
            " (cell, count, position) \
             SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), $2 \
             FROM json_array_elements(CAST($1 AS json)) \
             ON CONFLICT (cell) DO UPDATE SET count = excluded.count, position = excluded.position"
        )
    };
}

macro_rules! read_counts_sqlite {
    ($suffix:literal) => {
        concat!(
            "SELECT cell, count FROM declaration_count",
            $suffix,
            " WHERE cell IN (SELECT value FROM json_each($1))"
        )
    };
}

macro_rules! read_counts_postgres {
    ($suffix:literal) => {
        concat!(
            "SELECT cell, count FROM declaration_count",
            $suffix,
            " WHERE cell = ANY (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json)))"
        )
    };
}

macro_rules! existing_sqlite {
    ($suffix:literal) => {
        concat!(
            "SELECT id, seq, cell, number, corporate_number, key_public, key_personal FROM declaration",
            $suffix,
            " WHERE id IN (SELECT unhex(value) FROM json_each($1))"
        )
    };
}

macro_rules! existing_postgres {
    ($suffix:literal) => {
        concat!(
            "SELECT id, seq, cell, number, corporate_number, key_public, key_personal FROM declaration",
            $suffix,
            " WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))"
        )
    };
}

macro_rules! last_seq {
    ($suffix:literal) => {
        concat!("SELECT COALESCE(MAX(seq), 0) FROM declaration", $suffix)
    };
}

/// `OR FAIL`: see the log's WRITE.
const NEW_ROWS: Both = both!(sqlite: new_rows_sqlite, postgres: new_rows_postgres);
const CHANGED_ROWS: Both = both!(sqlite: changed_rows_sqlite, postgres: changed_rows_postgres);
const SEARCH_SQLITE: Both = both!(search_sqlite);
const COUNTS: Both = both!(sqlite: counts_sqlite, postgres: counts_postgres);
const READ_COUNTS: Both = both!(sqlite: read_counts_sqlite, postgres: read_counts_postgres);
const EXISTING: Both = both!(sqlite: existing_sqlite, postgres: existing_postgres);
const LAST_SEQ: Both = both!(last_seq);

/// What is known of a row before it is written again.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Existing {
    pub(super) id: uuid::Uuid,
    pub(super) seq: i64,
    pub(super) cell: i64,
    number: String,
    corporate_number: Option<String>,
    key_public: String,
    key_personal: Option<String>,
}

impl Existing {
    /// Whether the search index need not be written again.
    pub(super) fn is_found_like(&self, row: &Projected) -> bool {
        self.cell == row.cell
            && self.number == row.number
            && self.corporate_number == row.corporate_number
            && self.key_public == row.key_public
            && self.key_personal == row.key_personal
    }
}

#[derive(FromRow)]
pub(super) struct CellCount {
    pub(super) cell: i64,
    pub(super) count: i64,
}

/// The rows of these declarations, as far as they exist.
pub(super) async fn existing(
    connection: &mut Connection,
    target: Target,
    ids: &str,
) -> Result<Vec<Existing>, StorageError> {
    fetch_with(connection, EXISTING.of(target), ids).await
}

/// The highest sequence number.
pub(super) async fn last_seq(connection: &mut Connection, target: Target) -> Result<i64, StorageError> {
    let text = LAST_SEQ.of(target).on(connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?)
}

/// The counts of these cells.
pub(super) async fn counts(
    connection: &mut Connection,
    target: Target,
    cells: &[i64],
) -> Result<Vec<CellCount>, StorageError> {
    fetch_with(connection, READ_COUNTS.of(target), &json(cells)).await
}

/// What a batch writes, each part as the one bound text of its statement.
#[derive(Debug)]
pub(super) struct Written {
    /// Rows that are not there yet.
    pub(super) new_rows: String,
    /// Rows that are there.
    pub(super) changed_rows: String,
    /// Sequence numbers and documents of the search index of SQLite.
    pub(super) search: String,
    /// Cells with their new counts.
    pub(super) counts: String,
}

impl Written {
    /// Of rows in JSON.
    pub(super) const EMPTY: &str = "[]";
}

/// Writes rows, their search entries, and the new counts of cells.
pub(super) async fn write(
    connection: &mut Connection,
    target: Target,
    written: &Written,
    position: i64,
) -> Result<(), StorageError> {
    if written.new_rows != Written::EMPTY {
        execute(connection, NEW_ROWS.of(target), &written.new_rows).await?;
    }
    if written.changed_rows != Written::EMPTY {
        execute(connection, CHANGED_ROWS.of(target), &written.changed_rows).await?;
    }
    if written.search != Written::EMPTY {
        execute(connection, SEARCH_SQLITE.of(target), &written.search).await?;
    }
    if written.counts != Written::EMPTY {
        let text = COUNTS.of(target).on(connection);
        let counts = &written.counts;
        each_engine!(connection, c => sqlx::query(text).bind(counts).bind(position).execute(c).await.map(drop))?;
    }
    Ok(())
}

async fn execute(connection: &mut Connection, sql: Sql, json: &str) -> Result<(), StorageError> {
    let text = sql.on(connection);
    Ok(each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?)
}

pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("rows are plain JSON")
}

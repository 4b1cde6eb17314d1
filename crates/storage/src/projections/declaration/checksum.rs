//! Rows of the projection as one short hash each, to compare what was rebuilt with what is read.

use chrono::NaiveDate;
use event_store::{Database, Position, Sql, each_engine};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, FromRow};

use super::NAME;
use super::row::{Stored, stored_columns};
use super::write::{CellCount, Target};
use crate::sql::StorageError;

/// Rows that are read at a time.
const PAGE: i64 = 2_000;

/// All rows at one moment.
#[derive(Debug)]
pub(crate) struct Checksums {
    /// The position of the live projection at that moment.
    pub(crate) position: Position,
    /// The day that its rows were of.
    pub(crate) day: Option<NaiveDate>,
    /// Number `seq` and hash of each row, in order.
    pub(crate) rows: Vec<(i64, [u8; 16])>,
    /// Cells that have declarations, in order, with how many.
    pub(crate) counts: Vec<(i64, i64)>,
}

macro_rules! rows {
    ($suffix:literal, $tokens:literal) => {
        concat!(
            "SELECT ",
            stored_columns!(),
            ", d.city_key, d.key_public, d.key_personal, ",
            $tokens,
            " AS tokens FROM declaration",
            $suffix,
            " d WHERE d.seq > $1 ORDER BY d.seq LIMIT $2"
        )
    };
}

/// SQLite has its search index beside the table, from the same columns.
macro_rules! rows_of {
    ($suffix:literal) => {
        Sql {
            sqlite: rows!($suffix, "''"),
            postgres: rows!($suffix, "CAST(d.tokens AS TEXT)"),
        }
    };
}

macro_rules! counts {
    ($suffix:literal) => {
        concat!(
            "SELECT cell, count FROM declaration_count",
            $suffix,
            " WHERE count > 0 ORDER BY cell"
        )
    };
}

/// One state of the database for all statements: rows must not move while they are read.
const BEGIN: Sql = Sql {
    sqlite: "BEGIN",
    postgres: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
};
const POSITION: &str = "SELECT COALESCE(MAX(position), 0) FROM projection_checkpoint WHERE name = $1";
const DAY: &str = "SELECT day FROM projection_checkpoint WHERE name = $1";

#[derive(FromRow, Serialize)]
struct Row {
    #[sqlx(flatten)]
    stored: Stored,
    city_key: Option<String>,
    key_public: String,
    key_personal: Option<String>,
    tokens: String,
}

impl Row {
    fn hash(&self) -> [u8; 16] {
        let json = serde_json::to_vec(self).expect("a row is plain JSON");
        let hash: [u8; 32] = Sha256::digest(json).into();
        *hash.first_chunk().expect("16 of 32 bytes")
    }
}

/// The checksums of all rows.
pub(crate) async fn of(database: &Database, target: Target) -> Result<Checksums, StorageError> {
    let (rows, counts) = match target {
        Target::Live => (rows_of!(""), counts!("")),
        Target::Rebuild => (rows_of!("_rebuild"), counts!("_rebuild")),
    };
    let mut connection = database.acquire_long_read().await?;
    let (begin, rows) = (BEGIN.on(&connection), rows.on(&connection));
    each_engine!(connection, c => {
        let mut tx = c.begin_with(begin).await?;
        let position: i64 = sqlx::query_scalar(POSITION).bind(NAME).fetch_one(&mut *tx).await?;
        let day: Option<Option<String>> = sqlx::query_scalar(DAY).bind(NAME).fetch_optional(&mut *tx).await?;
        let mut found = Vec::new();
        let mut after = 0_i64;
        loop {
            let page: Vec<Row> =
                sqlx::query_as(rows).bind(after).bind(PAGE).fetch_all(&mut *tx).await?;
            let Some(last) = page.last() else { break };
            after = last.stored.seq;
            found.extend(page.iter().map(|row| (row.stored.seq, row.hash())));
        }
        let counts: Vec<CellCount> = sqlx::query_as(counts).fetch_all(&mut *tx).await?;
        tx.rollback().await?;
        Ok(Checksums {
            position: Position::new(position),
            day: day.flatten().and_then(|day| day.parse().ok()),
            rows: found,
            counts: counts.iter().map(|it| (it.cell, it.count)).collect(),
        })
    })
}

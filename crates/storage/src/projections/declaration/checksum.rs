//! Rows and content of the projection as two numbers, to compare what was rebuilt with what is read.

use event_store::{Database, Position, Sql, each_engine};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, FromRow};

use super::NAME;
use super::row::{Stored, stored_columns};
use super::write::{CellCount, Target};
use crate::sql::StorageError;

/// How many rows, and a hash over all that is in them and in the counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// Declarations.
    pub rows: u64,
    /// SHA-256 as hexadecimal.
    pub content: String,
}

/// Rows that are read at a time.
const PAGE: i64 = 2_000;

macro_rules! rows {
    ($suffix:literal) => {
        concat!(
            "SELECT ",
            stored_columns!(),
            ", d.key_public, d.key_personal FROM declaration",
            $suffix,
            " d WHERE d.seq > $1 ORDER BY d.seq LIMIT $2"
        )
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

#[derive(FromRow, Serialize)]
struct Row {
    #[sqlx(flatten)]
    #[serde(flatten)]
    stored: Stored,
    key_public: String,
    key_personal: Option<String>,
}

/// The checksum, and the position of the live projection at the same moment.
pub(crate) async fn of(database: &Database, target: Target) -> Result<(Position, Checksum), StorageError> {
    let (rows, counts) = match target {
        Target::Live => (rows!(""), counts!("")),
        Target::Rebuild => (rows!("_rebuild"), counts!("_rebuild")),
    };
    let mut connection = database.acquire_long_read().await?;
    let begin = BEGIN.on(&connection);
    let mut hash = Sha256::new();
    let mut number: u64 = 0;
    let position: i64 = each_engine!(connection, c => {
        let mut tx = c.begin_with(begin).await?;
        let position: i64 = sqlx::query_scalar(POSITION).bind(NAME).fetch_one(&mut *tx).await?;
        let mut after = 0_i64;
        loop {
            let page: Vec<Row> =
                sqlx::query_as(rows).bind(after).bind(PAGE).fetch_all(&mut *tx).await?;
            for row in &page {
                hash.update(serde_json::to_vec(row).expect("a row is plain JSON"));
                after = row.stored.seq;
                number += 1;
            }
            if page.is_empty() {
                break;
            }
        }
        let counts: Vec<CellCount> = sqlx::query_as(counts).fetch_all(&mut *tx).await?;
        for count in counts {
            hash.update(count.cell.to_be_bytes());
            hash.update(count.count.to_be_bytes());
        }
        tx.rollback().await?;
        position
    });
    Ok((
        Position::new(position),
        Checksum {
            rows: number,
            content: hex::encode(hash.finalize()),
        },
    ))
}

//! The day turns: stops that were to come have come. Nobody touches these declarations, so no event tells of it; the rows are
//! those of a day, and this brings them to another one.
//!
//! Only the state in the cell changes, with what is computed from the cell: the search entry and the counts.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::declaration::DeclarationState;
use event_store::{Connection, Engine, Position, Sql, each_engine};
use sqlx::FromRow;

use super::cell::Cell;
use super::tokens::{self, Indexed};
use super::write::{self, Target, Written};
use super::{project, words};
use crate::sql::{StorageError, fetch_with};

/// A row whose stop has come.
#[derive(FromRow)]
struct Due {
    seq: i64,
    cell: i64,
    number: String,
    corporate_number: Option<String>,
    key_public: String,
    key_personal: Option<String>,
    city_key: Option<String>,
}

macro_rules! due {
    ($suffix:literal) => {
        Sql::same(concat!(
            "SELECT seq, cell, number, corporate_number, key_public, key_personal, city_key FROM declaration",
            $suffix,
            " WHERE stopped_on IS NOT NULL AND (cell & 3) = 0 AND stopped_on <= $1 ORDER BY seq"
        ))
    };
}

macro_rules! cells {
    ($suffix:literal) => {
        Sql {
            sqlite: concat!(
                "UPDATE declaration",
                $suffix,
                " SET cell = x.value ->> 1 FROM jsonb_each($1) x WHERE seq = x.value ->> 0"
            ),
            postgres: concat!(
                "UPDATE declaration",
                $suffix,
                " SET cell = CAST(x.value ->> 1 AS BIGINT), tokens = CAST(x.value ->> 2 AS INTEGER[]) \
                 FROM json_array_elements(CAST($1 AS json)) x WHERE seq = CAST(x.value ->> 0 AS BIGINT)"
            ),
        }
    };
}

/// Brings rows that were those of an earlier day to this one; says how many changed. `at`: the position that the rows are at.
pub(crate) async fn turn(
    connection: &mut Connection,
    target: Target,
    day: NaiveDate,
    at: Position,
) -> Result<usize, StorageError> {
    let (due, cells) = match target {
        Target::Live => (due!(""), cells!("")),
        Target::Rebuild => (due!("_rebuild"), cells!("_rebuild")),
    };
    let due: Vec<Due> = fetch_with(connection, due, &day.to_string()).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let engine = connection.engine();
    let mut rows: Vec<(i64, i64, Option<String>)> = Vec::with_capacity(due.len());
    let mut search: Vec<(i64, String)> = Vec::new();
    let mut changes: HashMap<i64, i64> = HashMap::new();
    for row in &due {
        let before = Cell(row.cell);
        let cell = before.with_state(DeclarationState::Stopped);
        let numbers = [
            row.number.as_str(),
            row.corporate_number.as_deref().unwrap_or_default(),
        ];
        let indexed = Indexed {
            key_public: &row.key_public,
            key_personal: row.key_personal.as_deref(),
            numbers,
            cell,
            city_key: row.city_key.as_deref(),
        };
        let tokens = match engine {
            Engine::Sqlite => {
                search.push((row.seq, words::of_row(&indexed)));
                None
            }
            Engine::Postgres => Some(tokens::of_row(&indexed)),
        };
        rows.push((row.seq, cell.0, tokens));
        *changes.entry(before.0).or_default() -= 1;
        *changes.entry(cell.0).or_default() += 1;
    }
    let (text, json) = (cells.on(connection), write::json(&rows));
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    let written = Written {
        new_rows: Written::EMPTY.to_owned(),
        changed_rows: Written::EMPTY.to_owned(),
        search: write::json(&search),
        counts: project::new_counts(connection, target, changes).await?,
    };
    write::write(connection, target, &written, at.get()).await?;
    Ok(due.len())
}

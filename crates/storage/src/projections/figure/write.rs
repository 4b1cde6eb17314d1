//! The statements that write changes, and that read all of them back.

use event_store::{Connection, Sql, each_engine};

use super::count::{Changes, Place};
use crate::sql::StorageError;

/// Rows of one statement.
const CHUNK: usize = 10_000;

/// Adds changes to those that are there.
const ADD: Sql = Sql {
    sqlite: "INSERT INTO figure (dimension, unit, since, value, standing, star, origin, amount) \
             SELECT e.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3, e.value ->> 4, e.value ->> 5, e.value ->> 6, \
             e.value ->> 7 FROM jsonb_each($1) AS e WHERE true \
             ON CONFLICT (dimension, unit, since, value, standing, star, origin) \
             DO UPDATE SET amount = figure.amount + excluded.amount",
    postgres: "INSERT INTO figure (dimension, unit, since, value, standing, star, origin, amount) \
               SELECT CAST(e.change ->> 0 AS SMALLINT), CAST(e.change ->> 1 AS SMALLINT), CAST(e.change ->> 2 AS INTEGER), \
               CAST(e.change ->> 3 AS INTEGER), CAST(e.change ->> 4 AS SMALLINT), CAST(e.change ->> 5 AS SMALLINT), \
               CAST(e.change ->> 6 AS SMALLINT), CAST(e.change ->> 7 AS BIGINT) \
               FROM json_array_elements(CAST($1 AS json)) AS e(change) \
               ON CONFLICT (dimension, unit, since, value, standing, star, origin) \
               DO UPDATE SET amount = figure.amount + excluded.amount",
};
const TAKE_NOTHING_AWAY: Sql = Sql::same("DELETE FROM figure WHERE amount = 0");
const ALL: Sql =
    Sql::same("SELECT dimension, unit, since, value, standing, star, origin, amount FROM figure");

/// The columns in their order.
type Row = (i16, i16, i32, i32, i16, i16, i16, i64);

/// Adds changes to the table; says how many rows of it they concern.
pub(super) async fn add(connection: &mut Connection, changes: Changes) -> Result<u64, StorageError> {
    let rows = changes.rows();
    for chunk in rows.chunks(CHUNK) {
        let json: Vec<_> = chunk
            .iter()
            .map(|(it, amount)| {
                (
                    it.dimension,
                    it.unit,
                    it.since,
                    it.value,
                    it.standing,
                    it.star,
                    it.origin,
                    *amount,
                )
            })
            .collect();
        let json = serde_json::to_string(&json).expect("numbers are JSON");
        let text = ADD.on(connection);
        each_engine!(connection, c => sqlx::query(text).bind(&json).execute(c).await.map(drop))?;
    }
    if !rows.is_empty() {
        let text = TAKE_NOTHING_AWAY.on(connection);
        each_engine!(connection, c => sqlx::query(text).execute(c).await.map(drop))?;
    }
    Ok(rows.len() as u64)
}

/// Every row of the table.
pub(super) async fn all(connection: &mut Connection) -> Result<Vec<(Place, i64)>, StorageError> {
    let text = ALL.on(connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    let place = |(dimension, unit, since, value, standing, star, origin, amount): Row| {
        let place = Place {
            dimension,
            unit,
            since,
            value,
            standing,
            star,
            origin,
        };
        (place, amount)
    };
    Ok(rows.into_iter().map(place).collect())
}

//! Events that carry any of many tags, in one statement: for whoever asks about thousands of things at once.

use super::outline::{Outline, outline};
use super::sealed::{SealedEvent, SealedRow, sealed_columns};
use super::{ReadError, head};
use crate::database::{Connection, EngineMut, Sql};
use crate::each_engine;
use crate::query::{Position, Tag};

/// The positions come first and alone, as for a single tag; an event that carries two of the tags comes once.
macro_rules! on_sqlite {
    ($before:literal, $columns:expr) => {
        concat!(
            $before,
            "WITH hit AS MATERIALIZED (
                 SELECT DISTINCT t.position FROM json_each($1) AS wanted
                 CROSS JOIN event_tag AS t ON t.tag = wanted.value AND t.position <= $2)
             SELECT ",
            $columns,
            " FROM hit CROSS JOIN event AS e ON e.position = hit.position ORDER BY e.position"
        )
    };
}
macro_rules! on_postgres {
    ($before:literal, $columns:expr) => {
        concat!(
            $before,
            "WITH hit AS MATERIALIZED (
                 SELECT DISTINCT t.position FROM json_array_elements_text(CAST($1 AS json)) AS wanted (value)
                 JOIN event_tag AS t ON t.tag = wanted.value AND t.position <= $2)
             SELECT ",
            $columns,
            " FROM hit JOIN event AS e ON e.position = hit.position ORDER BY e.position"
        )
    };
}
const SEALED: Sql = Sql {
    sqlite: on_sqlite!("", sealed_columns!()),
    postgres: on_postgres!("", sealed_columns!()),
};
const OUTLINES: Sql = Sql {
    sqlite: on_sqlite!("", "e.position, e.event_type, e.tags"),
    postgres: on_postgres!("", "e.position, e.event_type, e.tags"),
};
const EXPLAIN: Sql = Sql {
    sqlite: on_sqlite!("EXPLAIN QUERY PLAN ", sealed_columns!()),
    postgres: on_postgres!("EXPLAIN ", sealed_columns!()),
};

/// The events with any of these tags, up to a position, their personal parts sealed.
pub(crate) async fn sealed_tagged(
    connection: &mut Connection,
    tags: &[Tag],
    to: Position,
) -> Result<Vec<SealedEvent>, ReadError> {
    let (statement, wanted) = (SEALED.on(connection), list(tags));
    let rows: Vec<SealedRow> = each_engine!(connection, c => {
        sqlx::query_as(statement).bind(wanted).bind(to.get()).fetch_all(c).await
    })?;
    rows.into_iter().map(SealedEvent::try_from).collect()
}

/// The same without what they say.
pub(crate) async fn outlines_tagged(
    connection: &mut Connection,
    tags: &[Tag],
    to: Position,
) -> Result<Vec<Outline>, ReadError> {
    let (statement, wanted) = (OUTLINES.on(connection), list(tags));
    let rows: Vec<(i64, String, String)> = each_engine!(connection, c => {
        sqlx::query_as(statement).bind(wanted).bind(to.get()).fetch_all(c).await
    })?;
    rows.into_iter().map(outline).collect()
}

/// The plan by which they are read, in the database's words.
pub(crate) async fn explain_tagged(
    connection: &mut Connection,
    tags: &[Tag],
) -> Result<Vec<String>, ReadError> {
    let to = head(connection).await?;
    let statement = EXPLAIN.on(connection);
    let wanted = list(tags);
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(statement)
                .bind(wanted)
                .bind(to.get())
                .fetch_all(c)
                .await?;
            Ok(rows.into_iter().map(|(.., line)| line).collect())
        }
        EngineMut::Postgres(c) => {
            let rows: Vec<(String,)> = sqlx::query_as(statement)
                .bind(wanted)
                .bind(to.get())
                .fetch_all(c)
                .await?;
            Ok(rows.into_iter().map(|(line,)| line).collect())
        }
    }
}

fn list(tags: &[Tag]) -> String {
    let tags: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    serde_json::json!(tags).to_string()
}

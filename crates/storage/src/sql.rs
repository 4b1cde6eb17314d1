//! Statements that are put together from fixed fragments and bound values, and the errors that all queries share.

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{Connection, Database, DatabaseError, Engine, EngineMut, Sql, each_engine};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Encode, FromRow, Postgres, QueryBuilder, Sqlite, Type};
use uuid::Uuid;

/// A stored row that cannot be understood: the projection is older than the code, or somebody edited the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the row {id} of table {table} has a value in column {column} that cannot be read; rebuild the projection"
)]
pub struct CorruptRow {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's key, as text.
    pub id: String,
}

/// Why a query of this crate failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database does not answer or refused the statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A row cannot be understood.
    #[error(transparent)]
    Corrupt(#[from] CorruptRow),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A row of both engines.
pub(crate) trait EngineRow:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> EngineRow for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement in the making. Text is fixed at compile time; whatever comes from outside is bound.
#[derive(Debug)]
pub(crate) struct Fragment {
    engine: Engine,
    parts: Vec<Part>,
    is_planned_anew: bool,
}

#[derive(Debug)]
enum Part {
    Text(&'static str),
    Number(i64),
    Numbers(Vec<i64>),
    Words(String),
}

/// How an engine takes a list of numbers.
pub(crate) trait TakesNumbers: sqlx::Database {
    /// Adds it to a statement as one bound value.
    fn push(builder: &mut QueryBuilder<Self>, numbers: Vec<i64>);
}

impl TakesNumbers for Sqlite {
    fn push(builder: &mut QueryBuilder<Self>, numbers: Vec<i64>) {
        builder.push_bind(serde_json::to_string(&numbers).expect("a list of numbers is JSON"));
    }
}

impl TakesNumbers for Postgres {
    /// As an array. A text that is cast to one is no constant to the planner: it is read anew for each row that is compared with it.
    fn push(builder: &mut QueryBuilder<Self>, numbers: Vec<i64>) {
        builder.push_bind(numbers);
    }
}

impl Fragment {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine,
            parts: Vec::new(),
            is_planned_anew: false,
        }
    }

    /// Says that the right plan depends on the bound values. PostgreSQL plans a prepared statement for its values a few times, and then
    /// once for all values: it reads the whole register then for a few days of it, and goes through a list of cells for each row.
    pub(crate) fn plan_anew(&mut self) -> &mut Self {
        self.is_planned_anew = true;
        self
    }

    /// Adds text that reads the same on both engines.
    pub(crate) fn text(&mut self, text: &'static str) -> &mut Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// Adds text that differs between the engines.
    pub(crate) fn dialect(&mut self, text: Sql) -> &mut Self {
        self.text(text.for_engine(self.engine))
    }

    /// Adds a bound number.
    pub(crate) fn bind(&mut self, number: i64) -> &mut Self {
        self.parts.push(Part::Number(number));
        self
    }

    /// Adds bound numbers: on `SQLite` a list in JSON, on PostgreSQL an array of `BIGINT`.
    pub(crate) fn bind_numbers(&mut self, numbers: impl IntoIterator<Item = i64>) -> &mut Self {
        self.parts.push(Part::Numbers(numbers.into_iter().collect()));
        self
    }

    /// Adds a bound text.
    pub(crate) fn bind_text(&mut self, text: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Words(text.into()));
        self
    }

    /// Which engine this statement is for.
    pub(crate) const fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs the statement.
    pub(crate) async fn fetch_all<R: EngineRow>(
        self,
        connection: &mut Connection,
    ) -> Result<Vec<R>, StorageError> {
        let is_kept = !self.is_planned_anew || self.engine == Engine::Sqlite;
        let rows = each_engine!(connection, c => {
            self.into_builder().build_query_as::<R>().persistent(is_kept).fetch_all(c).await
        });
        Ok(rows?)
    }

    /// Runs an `EXPLAIN` statement and gives its lines.
    pub(crate) async fn fetch_plan(self, connection: &mut Connection) -> Result<String, StorageError> {
        let lines: Vec<String> = match connection.engine_mut() {
            EngineMut::Sqlite(c) => {
                let rows: Vec<(i64, i64, i64, String)> =
                    self.into_builder().build_query_as().fetch_all(c).await?;
                rows.into_iter().map(|(.., line)| line).collect()
            }
            EngineMut::Postgres(c) => {
                let rows: Vec<(String,)> = self.into_builder().build_query_as().fetch_all(c).await?;
                rows.into_iter().map(|(line,)| line).collect()
            }
        };
        Ok(lines.join("\n"))
    }

    fn into_builder<D>(self) -> QueryBuilder<D>
    where
        D: TakesNumbers,
        i64: for<'q> Encode<'q, D> + Type<D>,
        String: for<'q> Encode<'q, D> + Type<D>,
    {
        let mut builder = QueryBuilder::new("");
        for part in self.parts {
            match part {
                Part::Text(text) => {
                    builder.push(text);
                }
                Part::Number(number) => {
                    builder.push_bind(number);
                }
                Part::Numbers(numbers) => D::push(&mut builder, numbers),
                Part::Words(text) => {
                    builder.push_bind(text);
                }
            }
        }
        builder
    }
}

/// Runs a fixed statement whose one value is a text, such as a list in JSON.
pub(crate) async fn fetch_with<R: EngineRow>(
    connection: &mut Connection,
    sql: Sql,
    value: &str,
) -> Result<Vec<R>, StorageError> {
    let text = sql.on(connection);
    Ok(each_engine!(connection, c => sqlx::query_as::<_, R>(text).bind(value).fetch_all(c).await)?)
}

/// The one row that a fixed statement finds by an id, if there is one.
pub(crate) async fn fetch_by_id<R: EngineRow>(
    database: &Database,
    sql: Sql,
    id: Uuid,
) -> Result<Option<R>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_as::<_, R>(text).bind(id).fetch_optional(c).await)?)
}

/// Rows before a place in a list that begins with the newest: `$1` is its time, `$2` its id, `$3` how many.
pub(crate) async fn fetch_before<R: EngineRow>(
    database: &Database,
    sql: Sql,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: u32,
) -> Result<Vec<R>, StorageError> {
    let (at, id) = before.map_or((i64::MAX, Uuid::max()), |(at, id)| (micros(at), id));
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    Ok(each_engine!(connection, c => {
        sqlx::query_as::<_, R>(text).bind(at).bind(id).bind(i64::from(limit)).fetch_all(c).await
    })?)
}

/// Runs a fixed statement that removes what is older than `$1`; says how many rows went.
pub(crate) async fn remove_before(
    database: &Database,
    sql: Sql,
    before: DateTime<Utc>,
) -> Result<u64, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = sql.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(micros(before)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows)
}

/// A list of ids as the one bound text that both engines take a set from; see [`ids_in`].
pub(crate) fn id_list(ids: &[Uuid]) -> String {
    serde_json::to_string(&ids.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>())
        .expect("a list of strings is JSON")
}

/// A list of texts as the one bound text that both engines take a set from.
pub(crate) fn text_list(texts: &[String]) -> String {
    serde_json::to_string(texts).expect("a list of strings is JSON")
}

/// Microseconds, as instants are stored.
pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// Names table and row while columns are read.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) table: &'static str,
    pub(crate) id: &'a dyn std::fmt::Display,
}

impl Columns<'_> {
    /// The error for a column of this row.
    pub(crate) fn corrupt(&self, column: &'static str) -> CorruptRow {
        CorruptRow {
            table: self.table,
            column,
            id: self.id.to_string(),
        }
    }

    /// Ids of 16 bytes each, one after the other.
    pub(crate) fn ids(&self, column: &'static str, bytes: &[u8]) -> Result<Vec<Uuid>, CorruptRow> {
        bytes
            .chunks(16)
            .map(|id| Uuid::from_slice(id).map_err(|_| self.corrupt(column)))
            .collect()
    }

    /// An instant.
    pub(crate) fn instant(&self, column: &'static str, micros: i64) -> Result<DateTime<Utc>, CorruptRow> {
        DateTime::from_timestamp_micros(micros).ok_or_else(|| self.corrupt(column))
    }

    /// An instant that may be missing.
    pub(crate) fn instant_or_none(
        &self,
        column: &'static str,
        micros: Option<i64>,
    ) -> Result<Option<DateTime<Utc>>, CorruptRow> {
        micros.map(|micros| self.instant(column, micros)).transpose()
    }

    /// A day.
    pub(crate) fn day(&self, column: &'static str, text: &str) -> Result<NaiveDate, CorruptRow> {
        text.parse().map_err(|_| self.corrupt(column))
    }
}

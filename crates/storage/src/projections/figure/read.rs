//! The figures of a day.

use chrono::NaiveDate;
use domain::figure::{Cell, Dimension, Month};
use event_store::{Connection, Database, Position, Sql, each_engine};

use super::NAME;
use super::count::{DAY, MONTH, day_number};
use crate::projections::checkpoint;
use crate::sql::{CorruptRow, StorageError};

/// The months before, and the days of the month until the day.
macro_rules! sums {
    () => {
        "SELECT value, standing, star, origin, CAST(SUM(amount) AS BIGINT) AS amount FROM ( \
         SELECT value, standing, star, origin, amount FROM figure WHERE dimension = $1 AND unit = $2 AND since < $3 \
         UNION ALL \
         SELECT value, standing, star, origin, amount FROM figure WHERE dimension = $1 AND unit = $4 AND since > $5 AND since <= $6 \
         ) AS change GROUP BY value, standing, star, origin HAVING SUM(amount) <> 0"
    };
}
const SUMS: Sql = Sql::same(sums!());
const EXPLAIN_SUMS: Sql = Sql {
    sqlite: concat!("EXPLAIN QUERY PLAN ", sums!()),
    postgres: concat!("EXPLAIN ", sums!()),
};

/// How often figures are added up anew because something was counted meanwhile; then the dimensions may be a batch apart.
const ATTEMPTS: u32 = 5;

/// How many declarations are in a cell; never less than none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureCell {
    /// Which.
    pub cell: Cell,
    /// How many.
    pub count: u64,
}

/// The figures of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureSheet {
    /// Of the log up to here.
    pub position: Position,
    /// The cells of each dimension that was asked for that are not empty.
    pub cells: Vec<FigureCell>,
    /// Why the figures go no further; `None` while they follow the log.
    pub error: Option<String>,
}

/// The queries of the figures.
#[derive(Debug)]
pub struct Figures {
    database: Database,
}

impl Figures {
    /// Queries on this database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// How many declarations are in each cell of these dimensions on a day, all as of one position.
    pub async fn on(&self, day: NaiveDate, dimensions: &[Dimension]) -> Result<FigureSheet, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        let mut attempts = ATTEMPTS;
        loop {
            let before = checkpoint::load(&mut connection, NAME).await?;
            let mut cells = Vec::new();
            for dimension in dimensions {
                cells.extend(sums(&mut connection, *dimension, day).await?);
            }
            let after = checkpoint::load(&mut connection, NAME).await?;
            attempts -= 1;
            // Where both stand still, nothing was added in between.
            if (before.position, before.fence) == (after.position, after.fence) || attempts == 0 {
                return Ok(FigureSheet {
                    position: before.position,
                    cells,
                    error: after.error,
                });
            }
        }
    }

    /// The plan by which the database adds up a dimension, in its own words: to look for scans of the whole table.
    pub async fn explain(&self, day: NaiveDate, dimension: Dimension) -> Result<String, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        let [month, first, last] = bounds(day);
        let text = EXPLAIN_SUMS.on(&connection);
        let lines = match connection.engine_mut() {
            event_store::EngineMut::Sqlite(c) => {
                let query = sqlx::query_as::<_, (i64, i64, i64, String)>(text).bind(dimension.number());
                let query = query.bind(MONTH).bind(month).bind(DAY).bind(first).bind(last);
                let rows = query.fetch_all(c).await?;
                rows.into_iter().map(|(.., line)| line).collect::<Vec<_>>()
            }
            event_store::EngineMut::Postgres(c) => {
                let query = sqlx::query_as::<_, (String,)>(text).bind(dimension.number());
                let query = query.bind(MONTH).bind(month).bind(DAY).bind(first).bind(last);
                let rows = query.fetch_all(c).await?;
                rows.into_iter().map(|(line,)| line).collect()
            }
        };
        Ok(lines.join("\n"))
    }
}

/// The month of a day, where its days begin, and the day.
fn bounds(day: NaiveDate) -> [i32; 3] {
    let month = Month::of(day).number();
    [month, month * 100, day_number(day)]
}

async fn sums(
    connection: &mut Connection,
    dimension: Dimension,
    day: NaiveDate,
) -> Result<Vec<FigureCell>, StorageError> {
    let [month, first, last] = bounds(day);
    let text = SUMS.on(connection);
    let rows: Vec<(i32, i16, i16, i16, i64)> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(dimension.number()).bind(MONTH).bind(month).bind(DAY).bind(first).bind(last)
            .fetch_all(c).await
    })?;
    let cell = |(value, standing, star, origin, amount): (i32, i16, i16, i16, i64)| {
        let cell = Cell::from_numbers(dimension, value, standing, star, origin);
        // Fewer than none are counted where rows are damaged.
        let count = u64::try_from(amount).ok();
        cell.zip(count)
            .map(|(cell, count)| FigureCell { cell, count })
            .ok_or_else(|| corrupt(dimension, value, (standing, star, origin, amount)))
    };
    Ok(rows.into_iter().map(cell).collect::<Result<_, _>>()?)
}

fn corrupt(dimension: Dimension, value: i32, others: (i16, i16, i16, i64)) -> CorruptRow {
    CorruptRow {
        table: "figure",
        column: "amount",
        id: format!("{} {value} {others:?}", dimension.code()),
    }
}

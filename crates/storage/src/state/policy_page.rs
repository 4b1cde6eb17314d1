//! What came of asking for the pages of policies: which are due, what is known of each, and what is written down. A row is deleted by the
//! event that changes the policy (`projections/review.rs`), and what comes back late for the page before finds no row.

use std::collections::HashMap;

use domain::DeclarationId;
use domain::declaration::PolicyState;
use domain::review::{PageAnswer, PageState, ReviewRule};
use event_store::{Database, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::declaration::Cell;
use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};

/// Declarations that are read at once.
const PAGE: u32 = 10_000;
/// When a page is due that is to be asked for before all others: a second before those that were never asked for.
const FIRST: i64 = -1_000_000;

macro_rules! columns {
    () => {
        "p.declaration_id, p.address, p.asked_at, p.wrong, p.status, p.failures, p.failing_since, p.due_at"
    };
}

const LIVE: Sql = Sql::same(concat!(
    "SELECT d.seq, d.id, d.cell, ",
    columns!(),
    " FROM declaration d LEFT JOIN policy_page p ON p.declaration_id = d.id \
     WHERE (d.cell & 3) = 0 AND d.seq > $1 ORDER BY d.seq LIMIT $2"
));
const BY_IDS: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        columns!(),
        " FROM policy_page p WHERE p.declaration_id IN (SELECT unhex(value) FROM json_each($1))"
    ),
    postgres: concat!(
        "SELECT ",
        columns!(),
        " FROM policy_page p WHERE p.declaration_id = ANY \
         (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))"
    ),
};

#[derive(FromRow)]
struct Row {
    declaration_id: Option<Uuid>,
    address: Option<i64>,
    asked_at: Option<i64>,
    wrong: Option<String>,
    status: Option<i64>,
    failures: Option<i64>,
    failing_since: Option<i64>,
    due_at: Option<i64>,
}

#[derive(FromRow)]
struct LiveRow {
    seq: i64,
    id: Uuid,
    cell: i64,
    #[sqlx(flatten)]
    page: Row,
}

/// None where there is no row.
fn state(row: &Row) -> Result<Option<(DeclarationId, PageState)>, CorruptRow> {
    let (Some(id), Some(address), Some(due_at)) = (row.declaration_id, row.address, row.due_at) else {
        return Ok(None);
    };
    let columns = Columns {
        table: "policy_page",
        id: &id,
    };
    let wrong = row.wrong.as_deref().map(|code| {
        let rule = ReviewRule::from_code(code);
        rule.ok_or_else(|| columns.corrupt("wrong"))
    });
    let status = row.status.map(u16::try_from).transpose();
    let answer = PageAnswer {
        wrong: wrong.transpose()?,
        status: status.map_err(|_| columns.corrupt("status"))?,
    };
    let asked_at = columns.instant_or_none("asked_at", row.asked_at)?;
    let failures = u32::try_from(row.failures.unwrap_or(0)).map_err(|_| columns.corrupt("failures"))?;
    let state = PageState {
        address: address.cast_unsigned(),
        asked: asked_at.map(|at| (at, answer)),
        failures,
        failing_since: columns.instant_or_none("failing_since", row.failing_since)?,
        due_at: columns.instant("due_at", due_at)?,
    };
    Ok(Some((DeclarationId::new(id), state)))
}

/// A declaration whose policy is on the web, and what is known of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnTheWeb {
    /// Which.
    pub id: DeclarationId,
    /// None: nothing.
    pub state: Option<PageState>,
}

/// Those of the next live declarations after a place in the register that have a policy on the web; and the place of the last one, if there
/// may be more.
pub async fn on_the_web(
    database: &Database,
    after: i64,
) -> Result<(Vec<OnTheWeb>, Option<i64>), StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LIVE.on(&connection);
    let rows: Vec<LiveRow> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(after).bind(i64::from(PAGE)).fetch_all(c).await
    })?;
    let is_full = rows.len() == PAGE as usize;
    let last = rows.last().map(|row| row.seq).filter(|_| is_full);
    let web = rows
        .into_iter()
        .filter(|row| Cell(row.cell).policy() == PolicyState::Web);
    let pages = web.map(|row| {
        Ok(OnTheWeb {
            id: DeclarationId::new(row.id),
            state: state(&row.page)?.map(|(_, state)| state),
        })
    });
    Ok((pages.collect::<Result<_, CorruptRow>>()?, last))
}

/// What is known of the pages of these.
pub async fn of(
    database: &Database,
    ids: &[DeclarationId],
) -> Result<HashMap<DeclarationId, PageState>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Row> = fetch_with(&mut connection, BY_IDS, &id_list(&ids)).await?;
    let states = rows.iter().map(state);
    let states = states.collect::<Result<Vec<_>, _>>()?;
    Ok(states.into_iter().flatten().collect())
}

// Another address is another page: nothing is known of it.
const BEGIN: Sql = Sql {
    sqlite: "INSERT INTO policy_page (declaration_id, address, failures, due_at) \
             SELECT unhex(value ->> 0), value ->> 1, 0, 0 FROM json_each($1) WHERE true \
             ON CONFLICT (declaration_id) DO UPDATE SET address = excluded.address, asked_at = NULL, wrong = NULL, \
             status = NULL, failures = 0, failing_since = NULL, due_at = 0 WHERE policy_page.address <> excluded.address",
    postgres: "INSERT INTO policy_page (declaration_id, address, failures, due_at) \
               SELECT CAST(value ->> 0 AS UUID), CAST(value ->> 1 AS BIGINT), 0, 0 \
               FROM json_array_elements(CAST($1 AS json)) \
               ON CONFLICT (declaration_id) DO UPDATE SET address = excluded.address, asked_at = NULL, wrong = NULL, \
               status = NULL, failures = 0, failing_since = NULL, due_at = 0 WHERE policy_page.address <> excluded.address",
};
const PUT: Sql = Sql {
    sqlite: "UPDATE policy_page SET asked_at = j.value ->> 2, wrong = j.value ->> 3, status = j.value ->> 4, \
             failures = j.value ->> 5, failing_since = j.value ->> 6, due_at = j.value ->> 7 FROM json_each($1) AS j \
             WHERE declaration_id = unhex(j.value ->> 0) AND address = j.value ->> 1",
    postgres: "UPDATE policy_page SET asked_at = CAST(j.value ->> 2 AS BIGINT), wrong = j.value ->> 3, \
               status = CAST(j.value ->> 4 AS BIGINT), failures = CAST(j.value ->> 5 AS BIGINT), \
               failing_since = CAST(j.value ->> 6 AS BIGINT), due_at = CAST(j.value ->> 7 AS BIGINT) \
               FROM json_array_elements(CAST($1 AS json)) AS j \
               WHERE declaration_id = CAST(j.value ->> 0 AS UUID) AND address = CAST(j.value ->> 1 AS BIGINT)",
};
const WANT: Sql = Sql::same("UPDATE policy_page SET due_at = $2 WHERE declaration_id = $1");

/// A row as the statements take it: id, address, when, what is wrong, status, failures, since when, when again.
#[derive(Serialize)]
struct Written(
    String,
    i64,
    Option<i64>,
    Option<&'static str>,
    Option<u16>,
    u32,
    Option<i64>,
    i64,
);

fn written((id, state): &(DeclarationId, PageState)) -> Written {
    let answer = state.asked.map(|(_, answer)| answer);
    Written(
        id.uuid().simple().to_string(),
        state.address.cast_signed(),
        state.asked.map(|(at, _)| micros(at)),
        answer.and_then(|it| it.wrong).map(ReviewRule::code),
        answer.and_then(|it| it.status),
        state.failures,
        state.failing_since.map(micros),
        micros(state.due_at),
    )
}

async fn write(
    database: &Database,
    sql: Sql,
    pages: &[(DeclarationId, PageState)],
) -> Result<(), StorageError> {
    let rows: Vec<Written> = pages.iter().map(written).collect();
    let json = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let mut tx = database.begin_write().await?;
    let text = sql.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Makes rows for those that are about to be asked for the first time, or at another address than before. The others stay as they are.
pub async fn begin(database: &Database, pages: &[(DeclarationId, PageState)]) -> Result<(), StorageError> {
    write(database, BEGIN, pages).await
}

/// Writes down what came of asking. Where the address has changed meanwhile, nothing is.
pub async fn put(database: &Database, pages: &[(DeclarationId, PageState)]) -> Result<(), StorageError> {
    write(database, PUT, pages).await
}

/// The page of this one is asked for before all others.
pub async fn want(database: &Database, id: DeclarationId) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = WANT.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(FIRST).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

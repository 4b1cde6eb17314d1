//! Saved views of a list: how somebody likes to look at the register or at the desk, by a name. Shared ones are everybody's.

use chrono::{DateTime, Utc};
use event_store::{Connection, Database, Sql, WriteTx, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// Of which list something is a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewedList {
    /// Of declarations.
    Declarations,
    /// Of inquiries.
    Inquiries,
}

impl ViewedList {
    const ALL: [Self; 2] = [Self::Declarations, Self::Inquiries];

    const fn code(self) -> &'static str {
        match self {
            Self::Declarations => "declarations",
            Self::Inquiries => "inquiries",
        }
    }
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListView {
    /// Which.
    pub id: Uuid,
    /// Of which list.
    pub list: ViewedList,
    /// Who made it.
    pub owner_id: Uuid,
    /// Whether all see it.
    pub is_shared: bool,
    /// Its name, as typed.
    pub name: String,
    /// The query of the console's address.
    pub question: String,
    /// When it was saved last.
    pub changed_at: DateTime<Utc>,
    /// Raised whenever it is saved.
    pub revision: i64,
    /// Whether the list begins with it, for whoever asks.
    pub is_default: bool,
}

/// What is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Which.
    pub id: Uuid,
    /// Of which list; it stays a view of that one.
    pub list: ViewedList,
    /// Whether all see it.
    pub is_shared: bool,
    /// Its name, as typed.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// The query of the console's address.
    pub question: String,
}

/// What came of saving a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is saved.
    Done,
    /// Another one has the name.
    NameTaken,
    /// There is none of this id, or it was saved by somebody else meanwhile.
    Gone,
}

const ALL: Sql = Sql::same(
    "SELECT v.id, v.list, v.owner_id, v.is_shared, v.name, v.question, v.changed_at, v.revision, \
     CAST(CASE WHEN d.view_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_default \
     FROM list_view v LEFT JOIN list_view_default d ON d.staff_id = $1 AND d.view_id = v.id \
     WHERE v.list = $2 AND (v.is_shared = 1 OR v.owner_id = $1) ORDER BY v.is_shared DESC, v.name_key, v.id",
);
const ADD: Sql = Sql::same(
    "INSERT INTO list_view (id, owner_id, is_shared, name, name_key, question, changed_at, list, revision) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
);
const CHANGE: Sql = Sql::same(
    "UPDATE list_view SET is_shared = $3, name = $4, name_key = $5, question = $6, changed_at = $7, \
     revision = revision + 1 WHERE id = $1 AND revision = $2 AND list = $8",
);
const REMOVE: Sql = Sql::same("DELETE FROM list_view WHERE id = $1");
const FORGET_DEFAULTS: Sql = Sql::same("DELETE FROM list_view_default WHERE view_id = $1");
const CLEAR_DEFAULT: Sql = Sql::same("DELETE FROM list_view_default WHERE staff_id = $1 AND list = $2");
const SET_DEFAULT: Sql = Sql::same(
    "INSERT INTO list_view_default (staff_id, list, view_id) VALUES ($1, $2, $3) \
     ON CONFLICT (staff_id, list) DO UPDATE SET view_id = excluded.view_id",
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    list: String,
    owner_id: Uuid,
    is_shared: i64,
    name: String,
    question: String,
    changed_at: i64,
    revision: i64,
    is_default: i64,
}

impl TryFrom<Row> for ListView {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "list_view",
            id: &row.id,
        };
        let list = ViewedList::ALL.into_iter().find(|list| list.code() == row.list);
        Ok(Self {
            list: list.ok_or_else(|| columns.corrupt("list"))?,
            changed_at: columns.instant("changed_at", row.changed_at)?,
            id: row.id,
            owner_id: row.owner_id,
            is_shared: row.is_shared == 1,
            name: row.name,
            question: row.question,
            revision: row.revision,
            is_default: row.is_default == 1,
        })
    }
}

/// The views of a list that somebody sees: the shared ones and their own, by name.
pub async fn seen_by(
    database: &Database,
    staff_id: Uuid,
    list: ViewedList,
) -> Result<Vec<ListView>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ALL.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(staff_id).bind(list.code()).fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?)
}

/// Saves a new one.
pub async fn add(
    database: &Database,
    owner_id: Uuid,
    saved: &Saved,
    now: DateTime<Utc>,
) -> Result<Outcome, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = ADD.on(&tx);
    let added = each_engine!(tx, c => {
        sqlx::query(text)
            .bind(saved.id)
            .bind(owner_id)
            .bind(i64::from(saved.is_shared))
            .bind(&saved.name)
            .bind(&saved.name_key)
            .bind(&saved.question)
            .bind(micros(now))
            .bind(saved.list.code())
            .execute(c).await.map(|done| done.rows_affected())
    });
    finish(tx, added).await
}

/// Saves one anew, when nobody has since that revision.
pub async fn change(
    database: &Database,
    revision: i64,
    saved: &Saved,
    now: DateTime<Utc>,
) -> Result<Outcome, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CHANGE.on(&tx);
    let changed = each_engine!(tx, c => {
        sqlx::query(text)
            .bind(saved.id)
            .bind(revision)
            .bind(i64::from(saved.is_shared))
            .bind(&saved.name)
            .bind(&saved.name_key)
            .bind(&saved.question)
            .bind(micros(now))
            .bind(saved.list.code())
            .execute(c).await.map(|done| done.rows_affected())
    });
    finish(tx, changed).await
}

/// Deletes one; the list begins with none for whom it began with this one.
pub async fn remove(database: &Database, id: Uuid) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    execute(&mut tx, FORGET_DEFAULTS, id).await?;
    execute(&mut tx, REMOVE, id).await?;
    Ok(tx.commit().await?)
}

/// With which one a list begins for somebody; `None`: with none.
pub async fn set_default(
    database: &Database,
    staff_id: Uuid,
    list: ViewedList,
    view_id: Option<Uuid>,
) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CLEAR_DEFAULT.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(staff_id).bind(list.code()).execute(c).await.map(drop))?;
    if let Some(view_id) = view_id {
        let text = SET_DEFAULT.on(&tx);
        each_engine!(tx, c => {
            sqlx::query(text).bind(staff_id).bind(list.code()).bind(view_id).execute(c).await.map(drop)
        })?;
    }
    Ok(tx.commit().await?)
}

async fn execute(connection: &mut Connection, sql: Sql, id: Uuid) -> Result<(), StorageError> {
    let text = sql.on(connection);
    Ok(each_engine!(connection, c => sqlx::query(text).bind(id).execute(c).await.map(drop))?)
}

/// Keeps what was written, if it was.
async fn finish(tx: WriteTx, written: Result<u64, sqlx::Error>) -> Result<Outcome, StorageError> {
    match written {
        Ok(0) => Ok(Outcome::Gone),
        Ok(_) => {
            tx.commit().await?;
            Ok(Outcome::Done)
        }
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(Outcome::NameTaken),
        Err(error) => Err(error.into()),
    }
}

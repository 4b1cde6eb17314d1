//! Suspicions: which there are, who works on which, and what a search changes of them. What was decided is written by the event
//! (`projections/review.rs`).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::review::{ReviewKind, ReviewRule, Standing, Verdict};
use domain::{DeclarationId, ReviewId};
use event_store::{Database, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};

/// A suspicion as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Which.
    pub id: ReviewId,
    /// What is suspected.
    pub kind: ReviewKind,
    /// What matched, the strictest first.
    pub rules: Vec<ReviewRule>,
    /// About how many organisations or declarations it is.
    pub weight: u32,
    /// When it was found, or came back.
    pub found_at: DateTime<Utc>,
    /// Where it stands.
    pub standing: Standing,
    /// Who works on it; it may be over.
    pub claim: Option<ReviewClaim>,
    /// What was decided about it.
    pub decision: Option<ReviewDecision>,
    /// Since when it does not hold any more.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Who works on a suspicion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewClaim {
    /// As in the actor of events.
    pub by: String,
    /// Then somebody else may.
    pub until: DateTime<Utc>,
}

/// What was decided about a suspicion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewDecision {
    /// What.
    pub verdict: Verdict,
    /// Who, as in the actor of events.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Of its event, which has the reason.
    pub position: Position,
}

/// How many there are of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which.
    pub kind: ReviewKind,
    /// Nobody has decided about.
    pub open: u64,
    /// The oldest of them.
    pub oldest: Option<DateTime<Utc>>,
    /// On which the reader works.
    pub mine: u64,
}

/// Which suspicions of a kind are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Those that are open, the oldest first.
    Open,
    /// Those of them on which the reader works.
    Mine,
    /// Those that were decided, the newest first.
    Decided,
}

/// Who looks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// As in the actor of events.
    pub me: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

macro_rules! columns {
    () => {
        "id, kind, rules, weight, found_at, state, claimed_by, claimed_until, verdict, decided_by, decided_at, position, ended_at"
    };
}

const LOAD: Sql = Sql::same(concat!("SELECT ", columns!(), " FROM review WHERE id = $1"));
const QUEUES: Sql = Sql::same(
    "SELECT kind, COUNT(*) AS open, MIN(found_at) AS oldest, \
     CAST(SUM(CASE WHEN claimed_by = $1 AND claimed_until > $2 THEN 1 ELSE 0 END) AS BIGINT) AS mine \
     FROM review WHERE state = 'open' GROUP BY kind",
);
const OPEN: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM review WHERE kind = $1 AND state = 'open' AND (found_at, id) > ($2, $3) ORDER BY found_at, id LIMIT $4"
));
const MINE: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM review WHERE kind = $1 AND state = 'open' AND claimed_by = $5 AND claimed_until > $6 AND (found_at, id) > ($2, $3) \
     ORDER BY found_at, id LIMIT $4"
));
const DECIDED: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM review WHERE kind = $1 AND state = 'decided' AND (decided_at, id) < ($2, $3) \
     ORDER BY decided_at DESC, id DESC LIMIT $4"
));
const NEXT: Sql = Sql::same(
    "SELECT id FROM review WHERE kind = $1 AND state = 'open' AND (found_at, id) > ($2, $3) \
     AND (claimed_by IS NULL OR claimed_by = $4 OR claimed_until <= $5) ORDER BY found_at, id LIMIT 1",
);
const CLAIM: Sql = Sql::same(
    "UPDATE review SET claimed_by = $2, claimed_until = $3 WHERE id = $1 AND state = 'open' \
     AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until <= $4)",
);
const RELEASE: Sql = Sql::same(
    "UPDATE review SET claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND state = 'open' AND claimed_by = $2",
);
const CLOSE: Sql = Sql::same(
    "UPDATE review SET state = 'gone', ended_at = $2, claimed_by = NULL, claimed_until = NULL \
     WHERE id = $1 AND state = 'open'",
);
const OF_DECLARATION: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM review WHERE state <> 'gone' AND id IN (SELECT review_id FROM review_declaration WHERE declaration_id = $1) \
     ORDER BY found_at DESC, id DESC LIMIT 50"
));
const MEMBERS: Sql = Sql {
    sqlite: "SELECT review_id, declaration_id FROM (SELECT review_id, declaration_id, \
             ROW_NUMBER() OVER (PARTITION BY review_id ORDER BY declaration_id) AS place FROM review_declaration \
             WHERE review_id IN (SELECT unhex(value) FROM json_each($1))) AS m WHERE place <= $2 \
             ORDER BY review_id, declaration_id",
    postgres: "SELECT review_id, declaration_id FROM (SELECT review_id, declaration_id, \
               ROW_NUMBER() OVER (PARTITION BY review_id ORDER BY declaration_id) AS place FROM review_declaration \
               WHERE review_id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))) AS m \
               WHERE place <= $2 ORDER BY review_id, declaration_id",
};

/// The statements that look for suspicions: for tests of plans.
pub const LOOKS: [(&str, Sql); 6] = [
    ("queues", QUEUES),
    ("open", OPEN),
    ("mine", MINE),
    ("decided", DECIDED),
    ("next", NEXT),
    ("of a declaration", OF_DECLARATION),
];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    rules: String,
    weight: i64,
    found_at: i64,
    state: String,
    claimed_by: Option<String>,
    claimed_until: Option<i64>,
    verdict: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    position: Option<i64>,
    ended_at: Option<i64>,
}

impl TryFrom<Row> for Review {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "review",
            id: &row.id,
        };
        let verdict = row.verdict.as_deref().map(|code| {
            let verdict = Verdict::from_code(code);
            verdict.ok_or_else(|| columns.corrupt("verdict"))
        });
        let claimed_until = columns.instant_or_none("claimed_until", row.claimed_until)?;
        let decided_at = columns.instant_or_none("decided_at", row.decided_at)?;
        let decision = match (verdict.transpose()?, row.decided_by, decided_at, row.position) {
            (Some(verdict), Some(by), Some(at), Some(position)) => Some(ReviewDecision {
                verdict,
                by,
                at,
                position: Position::new(position),
            }),
            _ => None,
        };
        let claim = row.claimed_by.zip(claimed_until);
        Ok(Self {
            id: ReviewId::new(row.id),
            kind: ReviewKind::from_code(&row.kind).ok_or_else(|| columns.corrupt("kind"))?,
            rules: read_rules(&row.rules).ok_or_else(|| columns.corrupt("rules"))?,
            weight: u32::try_from(row.weight).map_err(|_| columns.corrupt("weight"))?,
            found_at: columns.instant("found_at", row.found_at)?,
            standing: Standing::from_code(&row.state).ok_or_else(|| columns.corrupt("state"))?,
            claim: claim.map(|(by, until)| ReviewClaim { by, until }),
            decision,
            ended_at: columns.instant_or_none("ended_at", row.ended_at)?,
        })
    }
}

fn read_rules(text: &str) -> Option<Vec<ReviewRule>> {
    text.split_whitespace().map(ReviewRule::from_code).collect()
}

fn read(rows: Vec<Row>) -> Result<Vec<Review>, StorageError> {
    Ok(rows.into_iter().map(Review::try_from).collect::<Result<_, _>>()?)
}

/// One of them.
pub async fn load(database: &Database, id: ReviewId) -> Result<Option<Review>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LOAD.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_optional(c).await)?;
    Ok(row.map(Review::try_from).transpose()?)
}

/// How many there are of each kind that has any.
pub async fn queues(database: &Database, reader: Reader<'_>) -> Result<Vec<Queue>, StorageError> {
    #[derive(FromRow)]
    struct Count {
        kind: String,
        open: i64,
        oldest: Option<i64>,
        mine: i64,
    }
    let mut connection = database.acquire_read().await?;
    let text = QUEUES.on(&connection);
    let rows: Vec<Count> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(reader.me).bind(micros(reader.now)).fetch_all(c).await
    })?;
    let queue = |row: Count| {
        let columns = Columns {
            table: "review",
            id: &row.kind,
        };
        Ok(Queue {
            kind: ReviewKind::from_code(&row.kind).ok_or_else(|| columns.corrupt("kind"))?,
            open: row.open.unsigned_abs(),
            oldest: columns.instant_or_none("found_at", row.oldest)?,
            mine: row.mine.unsigned_abs(),
        })
    };
    rows.into_iter().map(queue).collect()
}

/// Those of a kind after a place: the instant by which the view is ordered, and the id.
pub async fn page(
    database: &Database,
    kind: ReviewKind,
    view: View,
    reader: Reader<'_>,
    after: Option<(DateTime<Utc>, ReviewId)>,
    limit: u32,
) -> Result<Vec<Review>, StorageError> {
    let (sql, first) = match view {
        View::Open => (OPEN, (i64::MIN, Uuid::nil())),
        View::Mine => (MINE, (i64::MIN, Uuid::nil())),
        View::Decided => (DECIDED, (i64::MAX, Uuid::max())),
    };
    let (at, id) = after.map_or(first, |(at, id)| (micros(at), id.uuid()));
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        let query = sqlx::query_as(text).bind(kind.code()).bind(at).bind(id).bind(i64::from(limit));
        match view {
            View::Mine => query.bind(reader.me).bind(micros(reader.now)).fetch_all(c).await,
            View::Open | View::Decided => query.fetch_all(c).await,
        }
    })?;
    read(rows)
}

/// The first after a place on which nobody else works.
pub async fn next(
    database: &Database,
    kind: ReviewKind,
    reader: Reader<'_>,
    after: Option<(DateTime<Utc>, ReviewId)>,
) -> Result<Option<ReviewId>, StorageError> {
    let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (micros(at), id.uuid()));
    let mut connection = database.acquire_read().await?;
    let text = NEXT.on(&connection);
    let found: Option<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(kind.code()).bind(at).bind(id).bind(reader.me).bind(micros(reader.now))
            .fetch_optional(c).await
    })?;
    Ok(found.map(ReviewId::new))
}

/// From now on the reader works on it. `false`: somebody else does, or it is not open.
pub async fn claim(
    database: &Database,
    id: ReviewId,
    reader: Reader<'_>,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CLAIM.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(reader.me).bind(micros(until)).bind(micros(reader.now)).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// The reader works on it no more. `false`: they did not.
pub async fn release(database: &Database, id: ReviewId, me: &str) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = RELEASE.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(me).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// It does not hold any more. `false`: it was not open.
pub async fn close(database: &Database, id: ReviewId, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let mut tx = database.begin_write().await?;
    let text = CLOSE.on(&tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(id.uuid()).bind(micros(now)).execute(c).await.map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// What is suspected of a declaration, or was decided about it; the newest first.
pub async fn of_declaration(database: &Database, id: DeclarationId) -> Result<Vec<Review>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OF_DECLARATION.on(&connection);
    let rows: Vec<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_all(c).await)?;
    read(rows)
}

/// The first `most` declarations of each of these.
pub async fn members(
    database: &Database,
    ids: &[ReviewId],
    most: u32,
) -> Result<HashMap<ReviewId, Vec<DeclarationId>>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    let text = MEMBERS.on(&connection);
    let rows: Vec<(Uuid, Uuid)> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(id_list(&ids)).bind(i64::from(most)).fetch_all(c).await
    })?;
    let mut found: HashMap<ReviewId, Vec<DeclarationId>> = HashMap::new();
    for (review, declaration) in rows {
        let of = found.entry(ReviewId::new(review)).or_default();
        of.push(DeclarationId::new(declaration));
    }
    Ok(found)
}

const BY_IDS: Sql = Sql {
    sqlite: concat!(
        "SELECT ",
        columns!(),
        " FROM review WHERE id IN (SELECT unhex(value) FROM json_each($1))"
    ),
    postgres: concat!(
        "SELECT ",
        columns!(),
        " FROM review WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))"
    ),
};

/// Those of these ids that there are.
pub async fn by_ids(database: &Database, ids: &[ReviewId]) -> Result<Vec<Review>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, BY_IDS, &id_list(&ids)).await?)
}

//! What a search for suspicions reads and writes: all live declarations as far as its rules look at them, what is known already, and what
//! is different. Everything is read in pages and written in short transactions, so that nobody waits for it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{PolicyState, Provenance};
use domain::review::{
    Changes, Known, PageAnswer, PageState, ReviewKind, ReviewRule, Seen, Suspicion, Verdict, digest,
};
use domain::value::{CorporateNumber, Star};
use domain::{DeclarationId, OrganizationId, ReviewId};
use event_store::{Database, Sql, WriteTx, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::declaration::Cell;
use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};

/// Declarations that are read at once.
const PAGE: u32 = 10_000;
/// Suspicions that are written in one transaction.
const CHUNK: usize = 500;
/// Between the names in a folded key.
const SEPARATOR: char = '\u{1f}';

macro_rules! seen {
    () => {
        "SELECT d.seq, d.id, d.organization_id, d.declared_on, d.cell, d.corporate_number, d.key_public, d.key_personal, \
         d.city_key, c.address, c.phone, c.domain, \
         CAST(CASE WHEN s.recipient_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS bounced, \
         p.address AS page, p.asked_at, p.wrong, p.failures \
         FROM declaration d LEFT JOIN review_contact c ON c.declaration_id = d.id \
         LEFT JOIN policy_page p ON p.declaration_id = d.id AND p.failures > 0 \
         LEFT JOIN suppression s ON s.recipient_hash = c.address AND s.class = 'all' AND s.until IS NULL \
         AND s.reason IN ('unreachable', 'staff') WHERE (d.cell & 3) = 0"
    };
}

const SEEN: Sql = Sql::same(concat!(seen!(), " AND d.seq > $1 ORDER BY d.seq LIMIT $2"));
const SEEN_OF: Sql = Sql {
    sqlite: concat!(
        seen!(),
        " AND d.id IN (SELECT unhex(value) FROM json_each($1)) ORDER BY d.seq"
    ),
    postgres: concat!(
        seen!(),
        " AND d.id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) ORDER BY d.seq"
    ),
};

#[derive(FromRow)]
struct SeenRow {
    seq: i64,
    id: Uuid,
    organization_id: Uuid,
    declared_on: String,
    cell: i64,
    corporate_number: Option<String>,
    key_public: String,
    key_personal: Option<String>,
    city_key: Option<String>,
    address: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
    domain: Option<Vec<u8>>,
    bounced: i64,
    page: Option<i64>,
    asked_at: Option<i64>,
    wrong: Option<String>,
    failures: Option<i64>,
}

impl TryFrom<SeenRow> for Seen {
    type Error = CorruptRow;

    fn try_from(row: SeenRow) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "declaration",
            id: &row.id,
        };
        let cell = Cell(row.cell);
        let page = page(&row)?.filter(|_| cell.policy() == PolicyState::Web);
        let names = row.key_personal.as_deref().unwrap_or(&row.key_public);
        let name = names.split(SEPARATOR).next().filter(|name| !name.is_empty());
        let prefecture = cell.prefecture().map_or("", |it| it.code());
        let place = row.city_key.map(|city| digest(&format!("{prefecture} {city}")));
        let declared_on: NaiveDate = columns.day("declared_on", &row.declared_on)?;
        Ok(Self {
            id: DeclarationId::new(row.id),
            organization_id: OrganizationId::new(row.organization_id),
            declared_on,
            number: row.corporate_number.as_deref().and_then(number),
            name: name.map(digest),
            place,
            address: row.address.as_deref().map(short),
            phone: row.phone.as_deref().map(short),
            domain: row.domain.as_deref().map(short),
            two_stars: cell.star() == Some(Star::Two),
            has_policy: cell.policy() != PolicyState::None,
            bounced: row.bounced == 1,
            imported: cell.provenance() == Provenance::Import,
            flags: cell.flag_mask(),
            page,
        })
    }
}

/// What is wrong with the page of the policy, if it counts as one that does not answer.
fn page(row: &SeenRow) -> Result<Option<(ReviewRule, u64)>, CorruptRow> {
    let (Some(address), Some(at), Some(code)) = (row.page, row.asked_at, row.wrong.as_deref()) else {
        return Ok(None);
    };
    let columns = Columns {
        table: "policy_page",
        id: &row.id,
    };
    let wrong = ReviewRule::from_code(code).ok_or_else(|| columns.corrupt("wrong"))?;
    let answer = PageAnswer {
        wrong: Some(wrong),
        status: None,
    };
    let failures = u32::try_from(row.failures.unwrap_or(0)).map_err(|_| columns.corrupt("failures"))?;
    let state = PageState {
        asked: Some((columns.instant("asked_at", at)?, answer)),
        failures,
        ..PageState::new(address.cast_unsigned())
    };
    Ok(state.wrong().map(|wrong| (wrong, state.address)))
}

/// A corporate number as a number; none where the text is none.
fn number(text: &str) -> Option<u64> {
    text.parse::<CorporateNumber>().ok()?;
    text.parse().ok()
}

/// The beginning of a keyed hash: enough to tell contacts apart.
fn short(hash: &[u8]) -> u64 {
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn read(rows: Vec<SeenRow>) -> Result<Vec<Seen>, StorageError> {
    Ok(rows.into_iter().map(Seen::try_from).collect::<Result<_, _>>()?)
}

/// The next live declarations after a place in the register; and the place of the last one, if there may be more.
pub async fn seen(database: &Database, after: i64) -> Result<(Vec<Seen>, Option<i64>), StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = SEEN.on(&connection);
    let rows: Vec<SeenRow> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(after).bind(i64::from(PAGE)).fetch_all(c).await
    })?;
    let is_full = rows.len() == PAGE as usize;
    let last = rows.last().map(|row| row.seq).filter(|_| is_full);
    Ok((read(rows)?, last))
}

/// Those of these declarations that are live.
pub async fn seen_of(database: &Database, ids: &[DeclarationId]) -> Result<Vec<Seen>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, SEEN_OF, &id_list(&ids)).await?)
}

const KNOWN: Sql = Sql::same(
    "SELECT id, kind, ground, weight, verdict, decided_at FROM review WHERE state <> 'gone' AND id > $1 ORDER BY id LIMIT $2",
);

#[derive(FromRow)]
struct KnownRow {
    id: Uuid,
    kind: String,
    ground: String,
    weight: i64,
    verdict: Option<String>,
    decided_at: Option<i64>,
}

impl TryFrom<KnownRow> for Known {
    type Error = CorruptRow;

    fn try_from(row: KnownRow) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "review",
            id: &row.id,
        };
        let decided_at = columns.instant_or_none("decided_at", row.decided_at)?;
        let verdict = row.verdict.as_deref().and_then(Verdict::from_code);
        Ok(Self {
            id: ReviewId::new(row.id),
            kind: ReviewKind::from_code(&row.kind).ok_or_else(|| columns.corrupt("kind"))?,
            weight: u32::try_from(row.weight).map_err(|_| columns.corrupt("weight"))?,
            ground: row.ground,
            decided: verdict.zip(decided_at),
        })
    }
}

/// All suspicions that were found earlier and are not gone.
pub async fn known(database: &Database) -> Result<Vec<Known>, StorageError> {
    let mut all = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let mut connection = database.acquire_read().await?;
        let text = KNOWN.on(&connection);
        let rows: Vec<KnownRow> = each_engine!(connection, c => {
            sqlx::query_as(text).bind(after).bind(i64::from(PAGE)).fetch_all(c).await
        })?;
        let is_last = rows.len() < PAGE as usize;
        after = rows.last().map_or(after, |row| row.id);
        let rows = rows.into_iter().map(Known::try_from);
        all.extend(rows.collect::<Result<Vec<_>, _>>()?);
        if is_last {
            return Ok(all);
        }
    }
}

const ADD: Sql = Sql {
    sqlite: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state) \
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2, 'open' FROM json_each($1) \
             WHERE true ON CONFLICT DO NOTHING",
    postgres: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state) \
               SELECT CAST(value ->> 0 AS UUID), value ->> 1, value ->> 2, value ->> 3, CAST(value ->> 4 AS BIGINT), $2, \
               'open' FROM json_array_elements(CAST($1 AS json)) ON CONFLICT DO NOTHING",
};
const BRING_BACK: Sql = Sql {
    sqlite: "UPDATE review SET state = 'open', rules = j.value ->> 3, weight = j.value ->> 4, found_at = $2, \
             claimed_by = NULL, claimed_until = NULL, verdict = NULL, decided_by = NULL, decided_at = NULL, position = NULL \
             FROM json_each($1) AS j WHERE review.id = unhex(j.value ->> 0) AND state = 'decided'",
    postgres: "UPDATE review SET state = 'open', rules = j.value ->> 3, weight = CAST(j.value ->> 4 AS BIGINT), \
               found_at = $2, claimed_by = NULL, claimed_until = NULL, verdict = NULL, decided_by = NULL, decided_at = NULL, \
               position = NULL FROM json_array_elements(CAST($1 AS json)) AS j \
               WHERE review.id = CAST(j.value ->> 0 AS UUID) AND state = 'decided'",
};
const CHANGE: Sql = Sql {
    sqlite: "UPDATE review SET rules = j.value ->> 3, weight = j.value ->> 4 FROM json_each($1) AS j \
             WHERE review.id = unhex(j.value ->> 0) AND state = 'open'",
    postgres: "UPDATE review SET rules = j.value ->> 3, weight = CAST(j.value ->> 4 AS BIGINT) \
               FROM json_array_elements(CAST($1 AS json)) AS j WHERE review.id = CAST(j.value ->> 0 AS UUID) AND state = 'open'",
};
const CLEAR_MEMBERS: Sql = Sql {
    sqlite: "DELETE FROM review_declaration WHERE review_id IN (SELECT unhex(value ->> 0) FROM json_each($1))",
    postgres: "DELETE FROM review_declaration WHERE review_id IN \
               (SELECT CAST(value ->> 0 AS UUID) FROM json_array_elements(CAST($1 AS json)))",
};
const ADD_MEMBERS: Sql = Sql {
    sqlite: "INSERT INTO review_declaration (review_id, declaration_id) \
             SELECT unhex(j.value ->> 0), unhex(m.value) FROM json_each($1) AS j, json_each(j.value, '$[5]') AS m \
             WHERE unhex(j.value ->> 0) IN (SELECT id FROM review) ON CONFLICT DO NOTHING",
    postgres: "INSERT INTO review_declaration (review_id, declaration_id) \
               SELECT CAST(j.value ->> 0 AS UUID), CAST(m.value AS UUID) \
               FROM json_array_elements(CAST($1 AS json)) AS j, json_array_elements_text(j.value -> 5) AS m \
               WHERE CAST(j.value ->> 0 AS UUID) IN (SELECT id FROM review) ON CONFLICT DO NOTHING",
};
// What was decided since the search began stays decided.
const END: Sql = Sql {
    sqlite: "UPDATE review SET state = 'gone', ended_at = $2, claimed_by = NULL, claimed_until = NULL \
             WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND state <> 'gone' \
             AND (decided_at IS NULL OR decided_at < $3)",
    postgres: "UPDATE review SET state = 'gone', ended_at = $2, claimed_by = NULL, claimed_until = NULL \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) \
               AND state <> 'gone' AND (decided_at IS NULL OR decided_at < $3)",
};

/// A suspicion as the statements take it: id, kind, ground, rules, weight, declarations.
#[derive(Serialize)]
struct Written(String, &'static str, String, String, u32, Vec<String>);

fn written(id: ReviewId, it: &Suspicion) -> Written {
    let rules: Vec<&str> = it.rules.iter().copied().map(ReviewRule::code).collect();
    let hex = |id: &DeclarationId| id.uuid().simple().to_string();
    Written(
        id.uuid().simple().to_string(),
        it.kind.code(),
        it.ground.clone(),
        rules.join(" "),
        it.weight,
        it.declarations.iter().map(hex).collect(),
    )
}

/// Writes down what a search that began then has changed. Doing it again changes nothing.
pub async fn write(
    database: &Database,
    changes: &Changes,
    new_id: impl Fn(&Suspicion) -> ReviewId,
    began: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let new: Vec<Written> = changes.new.iter().map(|it| written(new_id(it), it)).collect();
    let again = |all: &[(ReviewId, Suspicion)]| -> Vec<Written> {
        all.iter().map(|(id, it)| written(*id, it)).collect()
    };
    for (sql, rows, dated) in [
        (ADD, new, true),
        (BRING_BACK, again(&changes.back), true),
        (CHANGE, again(&changes.changed), false),
    ] {
        for chunk in rows.chunks(CHUNK) {
            let json = serde_json::to_string(chunk).expect("texts and numbers are JSON");
            let mut tx = database.begin_write().await?;
            let text = sql.on(&tx);
            each_engine!(tx, c => {
                let query = sqlx::query(text).bind(&json);
                let query = if dated { query.bind(micros(now)) } else { query };
                query.execute(c).await.map(drop)
            })?;
            members(&mut tx, &json).await?;
            tx.commit().await?;
        }
    }
    for chunk in changes.gone.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|id| id.uuid()).collect();
        let mut tx = database.begin_write().await?;
        let text = END.on(&tx);
        each_engine!(tx, c => {
            sqlx::query(text).bind(id_list(&ids)).bind(micros(now)).bind(micros(began)).execute(c).await.map(drop)
        })?;
        tx.commit().await?;
    }
    Ok(())
}

async fn members(tx: &mut WriteTx, json: &str) -> Result<(), StorageError> {
    for sql in [CLEAR_MEMBERS, ADD_MEMBERS] {
        let text = sql.on(tx);
        each_engine!(tx, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// What ended when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// The look for suspicions.
    Register,
    /// The round of asking for pages of policies.
    Pages,
}

impl Searched {
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "last",
            Self::Pages => "pages",
        }
    }
}

/// When suspicions were looked for last, or pages asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastSearch {
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// Declarations that it looked at, or pages that it asked for.
    pub looked_at: u64,
    /// Suspicions that it found, those among them that were known; or pages that did not answer.
    pub found: u64,
}

const LAST: Sql = Sql::same("SELECT ended_at, looked_at, found FROM review_search WHERE name = $1");
const NOTE: Sql = Sql::same(
    "INSERT INTO review_search (name, ended_at, looked_at, found) VALUES ($4, $1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET ended_at = excluded.ended_at, looked_at = excluded.looked_at, found = excluded.found",
);

/// The last one; none: there was none.
pub async fn last(database: &Database, of: Searched) -> Result<Option<LastSearch>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = LAST.on(&connection);
    let row: Option<(i64, i64, i64)> =
        each_engine!(connection, c => sqlx::query_as(text).bind(of.name()).fetch_optional(c).await)?;
    let columns = Columns {
        table: "review_search",
        id: &of.name(),
    };
    row.map(|(ended_at, looked_at, found)| {
        Ok(LastSearch {
            ended_at: columns.instant("ended_at", ended_at)?,
            looked_at: looked_at.unsigned_abs(),
            found: found.unsigned_abs(),
        })
    })
    .transpose()
}

/// Notes that one has ended.
pub async fn note(database: &Database, of: Searched, search: LastSearch) -> Result<(), StorageError> {
    let count = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
    let mut tx = database.begin_write().await?;
    let text = NOTE.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(micros(search.ended_at)).bind(count(search.looked_at)).bind(count(search.found)).bind(of.name())
            .execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

const CLEAR: Sql = Sql {
    sqlite: "DELETE FROM review WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND state = 'gone'",
    postgres: "DELETE FROM review WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) \
               AND state = 'gone'",
};
const CLEAR_DECLARATIONS: Sql = Sql {
    sqlite: "DELETE FROM review_declaration WHERE review_id IN (SELECT unhex(value) FROM json_each($1)) \
             AND NOT EXISTS (SELECT 1 FROM review r WHERE r.id = review_id)",
    postgres: "DELETE FROM review_declaration WHERE review_id = ANY \
               (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) \
               AND NOT EXISTS (SELECT 1 FROM review r WHERE r.id = review_id)",
};
/// Those that are gone since before an instant: for a test of its plan, too.
pub const OLD: Sql =
    Sql::same("SELECT id FROM review WHERE state = 'gone' AND ended_at < $1 ORDER BY ended_at, id LIMIT $2");

/// Deletes suspicions that are gone since before an instant; says how many. What was decided about one is an event.
pub async fn clear(database: &Database, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let most = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let mut cleared = 0;
    loop {
        let mut connection = database.acquire_read().await?;
        let text = OLD.on(&connection);
        let ids: Vec<Uuid> = each_engine!(connection, c => {
            sqlx::query_scalar(text).bind(micros(before)).bind(most).fetch_all(c).await
        })?;
        drop(connection);
        let mut tx = database.begin_write().await?;
        for sql in [CLEAR, CLEAR_DECLARATIONS] {
            let text = sql.on(&tx);
            each_engine!(tx, c => sqlx::query(text).bind(id_list(&ids)).execute(c).await.map(drop))?;
        }
        tx.commit().await?;
        cleared += ids.len() as u64;
        if ids.len() < CHUNK {
            return Ok(cleared);
        }
    }
}

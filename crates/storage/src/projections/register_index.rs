//! Who has which number, as of the head of the log: written in the transaction of the event.
//!
//! An import asks it for thousands of rows at once which numbers exist and what their rows looked like; a new declaration asks
//! it who is live under a corporate number.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::declaration::{Change, DeclarationEvent, Fact, Facts, Field, Liveness, Statement, Stop};
use domain::value::CorporateNumber;
use domain::{DeclarationId, OrganizationId};
use event_store::{
    BoxFuture, Connection, Database, InlineError, InlineEvent, InlineProjector, Sql, each_engine,
};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::codec;
use crate::sql::{StorageError, fetch_with, id_list, text_list};

/// A declaration as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Which.
    pub declaration_id: DeclarationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// 自己宣言ID.
    pub declaration_no: String,
    /// The corporate number, when it is a valid one.
    pub corporate_number: Option<String>,
    /// Keyed hash of the imported row, hexadecimal; `None` when it was not imported.
    pub fingerprint: Option<String>,
    /// Whether it is live until the day of its stop, if that has one; stopped on every day otherwise.
    pub live: bool,
    /// The day of its stop, also one to come.
    pub live_until: Option<NaiveDate>,
    /// Since when its corporate number holds; `None`: since the first event.
    pub number_since: Option<NaiveDate>,
}

impl Indexed {
    /// Whether it is not stopped on a day.
    pub fn live_on(&self, day: NaiveDate) -> bool {
        self.live && self.live_until.is_none_or(|until| day < until)
    }

    fn set_stop(&mut self, stop: Option<Stop>) {
        (self.live, self.live_until) = match stop {
            None => (true, None),
            Some(Stop { on: Some(on), .. }) => (true, Some(on)),
            Some(Stop { on: None, .. }) => (false, None),
        };
    }
}

const BY_NUMBERS: Sql = Sql {
    sqlite: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
             FROM register_index WHERE declaration_no IN (SELECT value FROM json_each($1)) ORDER BY declaration_id",
    postgres: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
               FROM register_index WHERE declaration_no = ANY (SELECT value FROM json_array_elements_text(CAST($1 AS json))) \
               ORDER BY declaration_id",
};
const BY_CORPORATE_NUMBERS: Sql = Sql {
    sqlite: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
             FROM register_index WHERE corporate_number IN (SELECT value FROM json_each($1)) ORDER BY declaration_id",
    postgres: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
               FROM register_index \
               WHERE corporate_number = ANY (SELECT value FROM json_array_elements_text(CAST($1 AS json))) \
               ORDER BY declaration_id",
};
const BY_IDS: Sql = Sql {
    sqlite: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
             FROM register_index WHERE declaration_id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since \
               FROM register_index \
               WHERE declaration_id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const WRITE: Sql = Sql {
    sqlite: "INSERT INTO register_index \
             (declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since) \
             SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
             value ->> 7 \
             FROM jsonb_each($1) WHERE true \
             ON CONFLICT (declaration_id) DO UPDATE SET organization_id = excluded.organization_id, \
             declaration_no = excluded.declaration_no, corporate_number = excluded.corporate_number, \
             fingerprint = excluded.fingerprint, live = excluded.live, live_until = excluded.live_until, \
             number_since = excluded.number_since",
    postgres: "INSERT INTO register_index \
               (declaration_id, organization_id, declaration_no, corporate_number, fingerprint, live, live_until, number_since) \
               SELECT CAST(value ->> 0 AS UUID), CAST(value ->> 1 AS UUID), value ->> 2, value ->> 3, value ->> 4, \
               CAST(value ->> 5 AS BIGINT), value ->> 6, value ->> 7 FROM jsonb_array_elements(CAST($1 AS jsonb)) \
               ON CONFLICT (declaration_id) DO UPDATE SET organization_id = excluded.organization_id, \
               declaration_no = excluded.declaration_no, corporate_number = excluded.corporate_number, \
               fingerprint = excluded.fingerprint, live = excluded.live, live_until = excluded.live_until, \
               number_since = excluded.number_since",
};

#[derive(FromRow)]
struct Row {
    declaration_id: Uuid,
    organization_id: Uuid,
    declaration_no: String,
    corporate_number: Option<String>,
    fingerprint: Option<String>,
    live: i64,
    live_until: Option<String>,
    number_since: Option<String>,
}

impl From<Row> for Indexed {
    fn from(row: Row) -> Self {
        Self {
            declaration_id: DeclarationId::new(row.declaration_id),
            organization_id: OrganizationId::new(row.organization_id),
            declaration_no: row.declaration_no,
            corporate_number: row.corporate_number,
            fingerprint: row.fingerprint,
            live: row.live != 0,
            // Written as a day and nothing else.
            live_until: row.live_until.and_then(|day| day.parse().ok()),
            number_since: row.number_since.and_then(|day| day.parse().ok()),
        }
    }
}

/// The declarations with any of these numbers (normal forms). Ask for some thousand at a time.
pub async fn by_numbers(database: &Database, numbers: &[String]) -> Result<Vec<Indexed>, StorageError> {
    lookup(database, BY_NUMBERS, &text_list(numbers)).await
}

/// The declarations with any of these valid corporate numbers, live or not.
pub async fn by_corporate_numbers(
    database: &Database,
    numbers: &[String],
) -> Result<Vec<Indexed>, StorageError> {
    lookup(database, BY_CORPORATE_NUMBERS, &text_list(numbers)).await
}

/// These declarations, as far as they exist.
pub async fn by_ids(database: &Database, ids: &[DeclarationId]) -> Result<Vec<Indexed>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    lookup(database, BY_IDS, &id_list(&ids)).await
}

async fn lookup(database: &Database, sql: Sql, values: &str) -> Result<Vec<Indexed>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Row> = fetch_with(&mut connection, sql, values).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Keeps the index; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegisterIndex;

impl InlineProjector for RegisterIndex {
    fn name(&self) -> &'static str {
        "register_index"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

/// Types that change a row of the index.
const TYPES: [&str; 10] = [
    "declaration.registered",
    "declaration.made",
    "declaration.corrected",
    "declaration.stopped",
    "declaration.reinstated",
    "declaration.undone",
    "declaration.superseded",
    "declaration.merged_into",
    "declaration.absorbed",
    "declaration.handed_over",
];

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let mut statements = Vec::new();
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        statements.push(codec::inline_statement(event)?);
    }
    apply(connection, &statements).await
}

/// Whether events of this type change the index.
pub(crate) fn is_projected(event_type: &str) -> bool {
    TYPES.contains(&event_type)
}

/// What follows from statements of these types, in the order of the log.
pub(crate) async fn apply(connection: &mut Connection, statements: &[Statement]) -> Result<(), InlineError> {
    if statements.is_empty() {
        return Ok(());
    }
    let mut entries: HashMap<DeclarationId, Indexed> = HashMap::new();
    let later: Vec<Uuid> = statements
        .iter()
        .filter(|it| first_facts(&it.event).is_none())
        .map(|it| it.declaration_id.uuid())
        .collect();
    if !later.is_empty() {
        let rows: Vec<Row> = fetch_with(connection, BY_IDS, &id_list(&later)).await?;
        entries.extend(
            rows.into_iter()
                .map(Indexed::from)
                .map(|entry| (entry.declaration_id, entry)),
        );
    }
    for statement in statements {
        if let Some(facts) = first_facts(&statement.event) {
            let mut entry = Indexed {
                declaration_id: statement.declaration_id,
                organization_id: statement.organization_id,
                declaration_no: facts.value(Field::DeclarationNo).unwrap_or_default().to_owned(),
                corporate_number: facts.corporate_number().map(|number| number.as_str().to_owned()),
                fingerprint: fingerprint(&statement.event),
                live: true,
                live_until: None,
                number_since: None,
            };
            entry.set_stop(first_stop(&statement.event));
            entries.insert(statement.declaration_id, entry);
        } else if let Some(entry) = entries.get_mut(&statement.declaration_id) {
            evolve(entry, statement);
        }
    }
    write(connection, entries.values()).await?;
    Ok(())
}

/// Writes rows of the index, over what stood there before.
pub(crate) async fn write<'i>(
    connection: &mut Connection,
    entries: impl IntoIterator<Item = &'i Indexed>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<Written<'_>> = entries.into_iter().map(written).collect();
    let json = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let text = WRITE.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))
}

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(
    String,
    String,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    i64,
    Option<String>,
    Option<String>,
);

fn written(entry: &Indexed) -> Written<'_> {
    Written(
        entry.declaration_id.uuid().simple().to_string(),
        entry.organization_id.uuid().simple().to_string(),
        &entry.declaration_no,
        entry.corporate_number.as_deref(),
        entry.fingerprint.as_deref(),
        i64::from(entry.live),
        entry.live_until.map(|day| day.to_string()),
        entry.number_since.map(|day| day.to_string()),
    )
}

fn first_facts(event: &DeclarationEvent) -> Option<&Facts> {
    match event {
        DeclarationEvent::Registered(registered) => Some(&registered.facts),
        DeclarationEvent::Made(made) => Some(&made.facts),
        _ => None,
    }
}

fn fingerprint(event: &DeclarationEvent) -> Option<String> {
    match event {
        DeclarationEvent::Registered(registered) => Some(registered.source.fingerprint.clone()),
        _ => None,
    }
}

fn first_stop(event: &DeclarationEvent) -> Option<Stop> {
    match event {
        DeclarationEvent::Registered(registered) => registered.standing.stop,
        _ => None,
    }
}

fn evolve(entry: &mut Indexed, statement: &Statement) {
    let since = statement.effective_at;
    match &statement.event {
        DeclarationEvent::Stopped { stop, .. } => entry.set_stop(Some(*stop)),
        DeclarationEvent::Reinstated { .. } => entry.set_stop(None),
        // Nothing about being live is said of it any more, until that is taken back: then the stop is said anew, if there was one.
        DeclarationEvent::Superseded { .. } | DeclarationEvent::MergedInto { .. } => {
            (entry.live, entry.live_until) = (false, None);
        }
        DeclarationEvent::Absorbed { changes, .. } | DeclarationEvent::HandedOver { changes, .. } => {
            for of_field in changes {
                change(entry, of_field, since);
            }
        }
        DeclarationEvent::Corrected(corrected) => change(entry, &corrected.change, since),
        DeclarationEvent::Undone(undone) => {
            for of_field in &undone.changes {
                change(entry, of_field, since);
            }
            match undone.liveness {
                Some(Liveness::Live) => entry.set_stop(None),
                Some(Liveness::Stopped(stop)) => entry.set_stop(Some(stop)),
                None => {}
            }
        }
        _ => {}
    }
}

/// What holds since the latest day counts, and of two since the same day the one that was recorded later, as in
/// [`domain::declaration::Timeline`].
fn change(entry: &mut Indexed, change: &Change, since: NaiveDate) {
    match change.field {
        Field::CorporateNumber if entry.number_since.is_none_or(|known| known <= since) => {
            let number = new_public(change).and_then(|value| value.parse::<CorporateNumber>().ok());
            entry.corporate_number = number.map(|number| number.as_str().to_owned());
            entry.number_since = Some(since);
        }
        Field::DeclarationNo => {
            if let Some(number) = new_public(change) {
                number.clone_into(&mut entry.declaration_no);
            }
        }
        _ => {}
    }
}

/// The new value, unless it is about a person: what a sole trader wrote as corporate number may be a My Number.
fn new_public(change: &Change) -> Option<&str> {
    match change.new.as_ref()? {
        Fact::Public(value) => value.value(),
        Fact::Personal(..) | Fact::Forgotten(_) => None,
    }
}

//! The statements of an append, both dialects side by side: lock, look, write.

use std::collections::HashMap;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::PgRecordEncoder;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Encode, PgConnection, Postgres, Type};
use uuid::Uuid;

use super::decide::{Decision, Draft, Head, Snapshot, Turn};
use super::prepare::Prepared;
use super::probe::{self, Probe};
use super::rows::Rows;
use super::{Found, Receipt, write_sqlite};
use crate::database::{Connection, Engine, EngineMut, Sql, explained};
use crate::query::Position;

/// Begins the transaction and locks the log in one round trip (on SQLite, BEGIN IMMEDIATE is the lock). The row is locked,
/// too, for whoever looks at it without knowing of the lock.
///
/// What is looked at afterwards must be asked for in a later statement: one statement has one snapshot, and that of the
/// locking statement may be older than the lock. The planner is pinned to index probes: a plan that was made while the
/// tables were empty, or with old statistics, would scan the whole log for each batch. Compiling a plan just in time
/// would take half a second. Whoever holds the log and falls silent, because the network between us is gone, loses it.
pub(super) const LOCK: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
     SET LOCAL synchronous_commit = on;
     SET LOCAL plan_cache_mode = force_generic_plan;
     SET LOCAL enable_seqscan = off;
     SET LOCAL enable_bitmapscan = off;
     SET LOCAL enable_hashjoin = off;
     SET LOCAL enable_mergejoin = off;
     SET LOCAL jit = off;
     SET LOCAL idle_in_transaction_session_timeout = '5s';
     SELECT pg_advisory_xact_lock(126879481161070);
     SELECT position FROM log_head WHERE only_row = 1 FOR UPDATE";

/// Begins a transaction for [`append`], which locks by itself.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
     SET LOCAL idle_in_transaction_session_timeout = '5s'";

/// Head, receipts of these commands, and for each probe the newest event that it finds.
///
/// The probes are correlated scalar subqueries on purpose: an EXISTS in a select list may become a hashed sub-plan over
/// the whole table. The one by type compares pairs and orders by both, so that only the index on both can answer it;
/// with an equality the planner may walk the log backwards from the head until it meets the type.
pub(super) const LOOK: Sql = Sql {
    sqlite: "
        SELECT 0 AS kind, 0 AS probe, position, recorded_at AS other, NULL AS id, '' AS event_type, NULL AS hash
        FROM log_head WHERE only_row = 1
        UNION ALL
        SELECT 1, 0, r.first_position, r.last_position, r.command_id, '', r.request_hash
        FROM json_each($1) AS command CROSS JOIN command_receipt AS r ON r.command_id = unhex(command.value)
        UNION ALL
        SELECT 2, hit.probe, e.position, 0, e.event_id, e.event_type, NULL
        FROM (
            SELECT p.key AS probe,
                CASE
                WHEN p.value ->> 1 <> '' THEN (
                    SELECT t.position FROM event_tag AS t
                    WHERE t.tag = p.value ->> 1 AND t.position > p.value ->> 0
                      AND (p.value ->> 3 = '' OR instr(p.value ->> 3, ' ' || t.event_type || ' ') > 0)
                      AND (json_array_length(p.value, '$[2]') = 0 OR json_array_length(p.value, '$[2]') = (
                          SELECT count(*) FROM json_each(p.value, '$[2]') AS more
                          CROSS JOIN event_tag AS o ON o.tag = more.value AND o.position = t.position))
                    ORDER BY t.position DESC LIMIT 1)
                WHEN p.value ->> 3 <> '' THEN (
                    SELECT x.position FROM event AS x
                    WHERE (x.event_type, x.position) > (p.value ->> 3, p.value ->> 0) AND x.event_type <= p.value ->> 3
                    ORDER BY x.event_type DESC, x.position DESC LIMIT 1)
                ELSE (SELECT x.position FROM event AS x WHERE x.position > p.value ->> 0
                      ORDER BY x.position DESC LIMIT 1)
                END AS position
            FROM json_each($2) AS p
        ) AS hit
        CROSS JOIN event AS e ON e.position = hit.position",
    postgres: "SELECT kind, probe, position, other, id, event_type, hash FROM log_look($1)",
};

/// Write, lock, look and move the head in one statement, for a batch that was decided on the assumption of where the head is and
/// that nothing is found. What it looks for has a snapshot of its own, taken after the lock.
const APPEND_POSTGRES: &str = "SELECT log_append($1, $2, $3, $4, $5, $6)";

/// What stands against a batch, as `log_append` asks it.
const AGAINST_POSTGRES: &str = "SELECT against FROM log_against($1, 9223372036854775807)";

/// What a look finds: the head (kind 0), a receipt (1) or the newest event of a probe (2).
#[derive(sqlx::FromRow)]
struct Seen {
    kind: i64,
    probe: i64,
    position: i64,
    other: i64,
    id: Option<Uuid>,
    event_type: String,
    hash: Option<Vec<u8>>,
}

/// Asks for everything that the decision on a batch needs.
pub(super) async fn look<'b>(
    connection: &mut Connection,
    batch: impl Iterator<Item = &'b Prepared> + Clone,
) -> Result<Snapshot, sqlx::Error> {
    let (commands, probes) = asked(batch);
    let statement = LOOK.on(connection);
    let rows: Vec<Seen> = match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            sqlx::query_as_with(statement, sqlite_arguments(&commands, &probes)?)
                .fetch_all(c)
                .await?
        }
        EngineMut::Postgres(c) => {
            let question = Question {
                commands: &commands,
                probes: &probes,
            };
            sqlx::query_as(statement).bind(question).fetch_all(c).await?
        }
    };
    Ok(snapshot(rows, &probes))
}

/// What has to be looked for before these commands are taken.
fn asked<'b>(batch: impl Iterator<Item = &'b Prepared> + Clone) -> (Vec<Uuid>, Vec<Probe>) {
    let commands = batch.clone().map(|command| command.command_id).collect();
    let probes = batch.enumerate().flat_map(|(index, command)| {
        let guards = command.guards.iter().enumerate();
        guards.flat_map(move |(number, guard)| probe::of_guard(index, number, guard))
    });
    (commands, probes.collect())
}

/// Writes a batch as drafted, if the head is where the draft supposes it and neither receipts nor guards stand against any
/// command; answers whether it did. On PostgreSQL only.
pub(super) async fn append<'b>(
    connection: &mut PgConnection,
    batch: impl Iterator<Item = &'b Prepared> + Clone,
    rows: &Rows<'_>,
    draft: &Draft,
) -> Result<bool, sqlx::Error> {
    let (commands, probes) = asked(batch);
    // A receipt that is there already shows when another is inserted; some commands insert none.
    let decided = commands.into_iter().zip(&draft.decisions);
    let without: Vec<_> = decided
        .filter(|(_, decision)| !matches!(decision, Decision::Take { .. }))
        .map(|(id, _)| id)
        .collect();
    let turn = Some(draft.turn);
    append_postgres(connection, &without, &probes, rows, draft.supposed, turn).await
}

async fn append_postgres(
    connection: &mut PgConnection,
    commands: &[Uuid],
    probes: &[Probe],
    rows: &Rows<'_>,
    supposed: Head,
    turn: Option<Turn>,
) -> Result<bool, sqlx::Error> {
    let mut arguments = PgArguments::default();
    // In a buffer that grows step by step each byte would be copied several times.
    arguments.reserve(6, rows.size() + 128 * probes.len());
    let mut bind = || -> Result<(), BoxDynError> {
        arguments.add(Question { commands, probes })?;
        arguments.add(Batch(rows))?;
        arguments.add(supposed.position)?;
        arguments.add(supposed.recorded_at)?;
        arguments.add(turn.map(|turn| turn.own))?;
        arguments.add(turn.and_then(|turn| turn.before))
    };
    bind().map_err(sqlx::Error::Encode)?;
    sqlx::query_scalar_with(APPEND_POSTGRES, arguments)
        .fetch_one(connection)
        .await
}

/// How the database would answer these probes, line by line, in words of its own.
pub(super) async fn explain(
    connection: &mut Connection,
    probes: &[Probe],
) -> Result<Vec<String>, sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let query = sqlx::query_as_with(
                explained(Engine::Sqlite, LOOK.sqlite),
                sqlite_arguments(&[], probes)?,
            );
            let rows: Vec<(i64, i64, i64, String)> = query.fetch_all(c).await?;
            Ok(rows.into_iter().map(|row| row.3).collect())
        }
        EngineMut::Postgres(c) => {
            let mut plan = Vec::new();
            for text in [LOOK.postgres, AGAINST_POSTGRES] {
                let question = Question {
                    commands: &[],
                    probes,
                };
                let text = explained(Engine::Postgres, text);
                let lines: Vec<String> = sqlx::query_scalar(text).bind(question).fetch_all(&mut *c).await?;
                plan.extend(lines);
            }
            Ok(plan)
        }
    }
}

fn sqlite_arguments(commands: &[Uuid], probes: &[Probe]) -> Result<SqliteArguments, sqlx::Error> {
    let ids: Vec<_> = commands.iter().map(|id| id.simple().to_string()).collect();
    let asked: Vec<_> = probes
        .iter()
        .map(|p| (p.after, &p.tag, &p.more, &p.types))
        .collect();
    let mut arguments = SqliteArguments::default();
    arguments.add(json_text(&ids)?).map_err(sqlx::Error::Encode)?;
    arguments.add(json_text(&asked)?).map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

fn json_text(value: &impl serde::Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn snapshot(rows: Vec<Seen>, probes: &[Probe]) -> Snapshot {
    let mut snapshot = Snapshot {
        receipts: HashMap::new(),
        ..Snapshot::default()
    };
    for row in rows {
        match (row.kind, row.id) {
            (0, _) => (snapshot.head.position, snapshot.head.recorded_at) = (row.position, row.other),
            (1, Some(command_id)) => {
                let (first, last) = (Position::new(row.position), Position::new(row.other));
                let receipt = Receipt {
                    command_id,
                    first,
                    last,
                };
                snapshot
                    .receipts
                    .insert(command_id, (row.hash.unwrap_or_default(), receipt));
            }
            (_, event_id) => {
                let Some(probe) = usize::try_from(row.probe)
                    .ok()
                    .and_then(|index| probes.get(index))
                else {
                    continue;
                };
                let found = Found {
                    guard: probe.asker.1,
                    position: Position::new(row.position),
                    event_type: row.event_type,
                    event_id: event_id.unwrap_or_default(),
                };
                // A guard with several alternatives tells the newest.
                let known = snapshot.hits.entry(probe.asker).or_insert_with(|| found.clone());
                if found.position > known.position {
                    *known = found;
                }
            }
        }
    }
    snapshot
}

/// The rows of a batch, as far as they can be made ready before the log is locked.
pub(super) struct Ready<'b> {
    pub rows: Rows<'b>,
    /// Made before the file is locked.
    sqlite: Vec<write_sqlite::Insert>,
}

impl<'b> Ready<'b> {
    pub(super) fn of(engine: Engine, rows: Rows<'b>) -> Result<Self, sqlx::Error> {
        let sqlite = match engine {
            Engine::Sqlite => write_sqlite::inserts(&rows)?,
            Engine::Postgres => Vec::new(),
        };
        Ok(Self { rows, sqlite })
    }
}

/// Writes a batch and moves the head from where it is. The log is locked.
pub(super) async fn write<'b>(
    connection: &mut Connection,
    ready: Ready<'b>,
    head: Head,
) -> Result<Rows<'b>, sqlx::Error> {
    let Ready { rows, sqlite } = ready;
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => write_sqlite::write(c, sqlite).await?,
        EngineMut::Postgres(c) => {
            // Everything has been asked.
            if !append_postgres(c, &[], &[], &rows, head, None).await? {
                let moved = "the head of the log moved under its lock";
                return Err(sqlx::Error::Protocol(moved.to_owned()));
            }
        }
    }
    Ok(rows)
}

/// The type `log_question`.
struct Question<'a> {
    commands: &'a [Uuid],
    probes: &'a [Probe],
}

impl Type<Postgres> for Question<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("log_question")
    }
}

impl Encode<'_, Postgres> for Question<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let mut record = PgRecordEncoder::new(buffer);
        record.encode(self.commands)?;
        record.encode((0_i64..).take(self.probes.len()).collect::<Vec<_>>())?;
        let mut columns = Columns(record, self.probes);
        columns.add(|probe| probe.after)?;
        columns.add(|probe| probe.tag.as_str())?;
        columns.add(|probe| probe.more.join(" "))?;
        columns.add(|probe| probe.types.as_str())?;
        columns.0.finish();
        Ok(IsNull::No)
    }
}

/// The type `log_batch`.
struct Batch<'a>(&'a Rows<'a>);

impl Type<Postgres> for Batch<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("log_batch")
    }
}

impl Encode<'_, Postgres> for Batch<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Self(rows) = self;
        let mut columns = Columns(PgRecordEncoder::new(buffer), &rows.events);
        columns.add(|row| row.position)?;
        columns.add(|row| row.event.id)?;
        columns.add(|row| row.event.event_type.as_str())?;
        columns.add(|row| row.event.schema_version)?;
        columns.add(|row| row.event.tags_text.as_str())?;
        columns.add(|row| row.recorded_at)?;
        columns.add(|row| row.event.effective_text.as_str())?;
        columns.add(|row| row.command.actor.as_str())?;
        columns.add(|row| row.command.command_id)?;
        columns.add(|row| row.command.correlation_id)?;
        columns.add(|row| row.event.data_text.as_str())?;
        columns.add(|row| row.personal.as_slice())?;
        columns.add(|row| row.leaf_hash.as_slice())?;
        let tags: Vec<_> = rows
            .events
            .iter()
            .flat_map(|row| row.event.tags.iter().map(move |tag| (tag.as_str(), row)))
            .collect();
        let mut columns = Columns(columns.0, &tags);
        columns.add(|(tag, _)| *tag)?;
        columns.add(|(_, row)| row.position)?;
        columns.add(|(_, row)| row.event.event_type.as_str())?;
        let mut columns = Columns(columns.0, &rows.receipts);
        columns.add(|row| row.command_id)?;
        columns.add(|row| row.request_hash.as_slice())?;
        columns.add(|row| row.first)?;
        columns.add(|row| row.last)?;
        let Columns(mut record, _) = columns;
        record.encode(rows.head.position)?;
        record.encode(rows.head.recorded_at)?;
        record.finish();
        Ok(IsNull::No)
    }
}

/// Rows whose columns become fields of a record, each an array.
struct Columns<'r, 'b, R>(PgRecordEncoder<'b>, &'r [R]);

impl<'r, R> Columns<'r, '_, R> {
    fn add<V>(&mut self, column: impl Fn(&'r R) -> V) -> Result<(), BoxDynError>
    where
        Vec<V>: for<'q> Encode<'q, Postgres> + Type<Postgres>,
    {
        self.0.encode(self.1.iter().map(column).collect::<Vec<_>>())?;
        Ok(())
    }
}

//! The walk itself: pages of events with their receipts, then the indexes the other way round.

use serde_json::json;
use sqlx::FromRow;

use super::tree::{Leaf, TreeWalk};
use super::{BreachKind, Breaches, VerifyOptions, VerifyReport};
use crate::database::{Connection, EngineMut, Sql};
use crate::each_engine;
use crate::event::SubjectId;
use crate::personal::{Keys, SealedPart, unframe};
use crate::query::Position;
use crate::read::{EventRow, ReadError, entry_bytes, event_columns, head};
use crate::store::EventStore;
use crate::tree::leaf_hash;

const PAGE: i64 = 1_000;

const EVENTS: &str = concat!(
    "SELECT ",
    event_columns!(),
    ", r.first_position AS receipt_first, r.last_position AS receipt_last
     FROM event AS e LEFT JOIN command_receipt AS r ON r.command_id = e.command_id
     WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position LIMIT $3"
);

/// The tags of events for which the index has no row, or another type.
const UNINDEXED: Sql = Sql {
    sqlite: "SELECT p.value ->> 0 AS tag, p.value ->> 1 AS position
             FROM json_each($1) AS p
             LEFT JOIN event_tag AS t ON t.tag = p.value ->> 0 AND t.position = p.value ->> 1
             WHERE t.tag IS NULL OR t.event_type <> p.value ->> 2",
    postgres: "SELECT p.tag, p.position
               FROM unnest($1::text[], $2::bigint[], $3::text[]) AS p (tag, position, event_type)
               LEFT JOIN event_tag AS t ON t.tag = p.tag AND t.position = p.position
               WHERE t.tag IS NULL OR t.event_type <> p.event_type",
};

/// The other way round: rows of the index without such a tag in their event (the event's tags are a JSON array).
const FOREIGN_TAGS: &str = "
    SELECT t.tag, t.position
    FROM event_tag AS t LEFT JOIN event AS e ON e.position = t.position
    WHERE t.position >= $1 AND t.position <= $2
      AND (e.position IS NULL OR replace(e.tags, '\"' || t.tag || '\"', '') = e.tags)
    ORDER BY t.position, t.tag";

/// Receipts whose ends are not events of their command.
const FOREIGN_RECEIPTS: &str = "
    SELECT r.first_position
    FROM command_receipt AS r
    LEFT JOIN event AS a ON a.position = r.first_position AND a.command_id = r.command_id
    LEFT JOIN event AS b ON b.position = r.last_position AND b.command_id = r.command_id
    WHERE r.last_position >= $1 AND r.first_position <= $2
      AND (a.position IS NULL OR b.position IS NULL OR r.first_position > r.last_position)
    ORDER BY r.first_position";

/// The head is asked for once more in the same statement: others may be appending.
const BEYOND: &str =
    "SELECT position FROM event WHERE position > (SELECT position FROM log_head) ORDER BY position";

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    event: EventRow,
    receipt_first: Option<i64>,
    receipt_last: Option<i64>,
}

/// What the next event is compared with.
struct Previous {
    position: i64,
    recorded_at: i64,
    command_id: uuid::Uuid,
    receipt_last: Option<i64>,
}

struct Walk<'s> {
    origin: &'s str,
    breaches: Breaches,
    checked: u64,
    previous: Option<Previous>,
    /// The leaves of the page at hand, as its events give them.
    leaves: Vec<Leaf>,
}

/// Checks the events of a range; `progress` hears how far it is. Memory holds a page of events at a time.
pub(crate) async fn walk(
    store: &EventStore,
    options: VerifyOptions<'_>,
    mut progress: impl FnMut(Position),
) -> Result<VerifyReport, ReadError> {
    let mut connection = store.database().acquire_read().await?;
    let head = head(&mut connection).await?;
    let from = options.from.max(Position::START.next());
    let to = options.to.min(head);
    let mut walk = Walk {
        origin: store.origin(),
        breaches: Breaches::default(),
        checked: 0,
        previous: None,
        leaves: Vec::new(),
    };
    let mut tree = TreeWalk::begin(&mut connection, store.origin(), options, to).await?;
    let mut after = from.get() - 1;
    while after < to.get() {
        let rows: Vec<Row> = each_engine!(connection, c => {
            sqlx::query_as(EVENTS).bind(after).bind(to.get()).bind(PAGE).fetch_all(c).await
        })?;
        let reached = rows.last().map_or(to.get(), |row| row.event.position);
        walk.unindexed(&mut connection, &rows).await?;
        walk.leaves.clear();
        walk.page(store, after, rows).await?;
        tree.page(
            &mut connection,
            (after, reached),
            &walk.leaves,
            &mut walk.breaches,
        )
        .await?;
        after = reached;
        progress(Position::new(after));
    }
    walk.missing_until(to.get() + 1, from.get() - 1);
    walk.the_other_way_round(&mut connection, from.get(), to, head)
        .await?;
    if to == head {
        tree.end(&mut connection, &mut walk.breaches).await?;
    }
    let (breaches, more) = walk.breaches.in_order();
    Ok(VerifyReport {
        from,
        to,
        checked: walk.checked,
        in_tree: tree.size,
        heads: tree.heads,
        signed: tree.signed,
        breaches,
        more,
    })
}

impl Walk<'_> {
    fn breach(&mut self, position: i64, kind: BreachKind) {
        self.breaches.add(position, kind);
    }

    async fn page(&mut self, store: &EventStore, after: i64, rows: Vec<Row>) -> Result<(), ReadError> {
        let mut framed = Vec::with_capacity(rows.len());
        for row in rows {
            let parts = unframe(&row.event.personal);
            framed.push((row, parts));
        }
        let subjects: Vec<SubjectId> = framed
            .iter()
            .flat_map(|(_, parts)| parts.iter().flatten().map(|part| part.subject))
            .collect();
        let keys = store.keyring().opening(&subjects).await?;
        for (row, parts) in framed {
            self.checked += 1;
            self.missing_until(row.event.position, after);
            self.sequence(&row);
            self.content(&row.event, parts.as_deref(), &keys);
            self.previous = Some(Previous {
                position: row.event.position,
                recorded_at: row.event.recorded_at,
                command_id: row.event.command_id,
                receipt_last: row.receipt_last,
            });
        }
        Ok(())
    }

    /// Notes what is missing between the previous event (or the place before the range) and this position.
    fn missing_until(&mut self, position: i64, before: i64) {
        let previous = self
            .previous
            .as_ref()
            .map_or(before, |previous| previous.position);
        if position > previous + 1 {
            let through = Position::new(position - 1);
            self.breach(previous + 1, BreachKind::Missing { through });
        }
    }

    /// Time and receipt, which depend on the event before.
    fn sequence(&mut self, row: &Row) {
        let position = row.event.position;
        let covered = matches!((row.receipt_first, row.receipt_last),
            (Some(first), Some(last)) if first <= position && position <= last);
        let mut consistent = covered;
        let mut earlier = false;
        let mut cut_short = None;
        if let Some(previous) = &self.previous {
            earlier = row.event.recorded_at < previous.recorded_at;
            if previous.position + 1 == position && previous.command_id != row.event.command_id {
                // One command ends and the next begins here, or a row was swapped.
                consistent &= row.receipt_first == Some(position);
                cut_short = previous
                    .receipt_last
                    .filter(|last| *last != previous.position)
                    .map(|_| position - 1);
            }
        }
        if earlier {
            self.breach(position, BreachKind::RecordedBefore);
        }
        if let Some(position) = cut_short {
            self.breach(position, BreachKind::Receipt);
        }
        if !consistent {
            self.breach(position, BreachKind::Receipt);
        }
    }

    /// What the leaf hash covers, and the sealed parts behind their commitments.
    fn content(&mut self, event: &EventRow, parts: Option<&[SealedPart]>, keys: &Keys) {
        let position = event.position;
        let (Some(parts), Some(tags)) = (parts, event.tag_texts()) else {
            return self.breach(
                position,
                BreachKind::Unreadable("tags or personal parts".to_owned()),
            );
        };
        let hash = leaf_hash(&entry_bytes(event, self.origin, &tags, parts));
        let is_stored = event.leaf_hash.as_slice() == hash;
        self.leaves.push(Leaf {
            position,
            hash,
            is_stored,
        });
        if !is_stored {
            self.breach(position, BreachKind::LeafHash);
        }
        for part in parts {
            // A subject has one key for ever, so another id is no sign of a forgotten person.
            let is_of_another_key = keys.get(&part.subject).is_some_and(|key| key.id != part.key_id);
            if is_of_another_key || part.open(event.context(self.origin), keys).is_err() {
                self.breach(
                    position,
                    BreachKind::Personal {
                        name: part.name.clone(),
                    },
                );
            }
        }
    }

    /// Tags of these events that the index does not have.
    async fn unindexed(&mut self, connection: &mut Connection, rows: &[Row]) -> Result<(), sqlx::Error> {
        let tags: Vec<_> = rows
            .iter()
            .flat_map(|row| {
                let tags = row.event.tag_texts().unwrap_or_default();
                tags.into_iter()
                    .map(|tag| (tag, row.event.position, row.event.event_type.as_str()))
            })
            .collect();
        let statement = UNINDEXED.on(connection);
        let found: Vec<(String, i64)> = match connection.engine_mut() {
            EngineMut::Sqlite(c) => {
                sqlx::query_as(statement)
                    .bind(json!(tags).to_string())
                    .fetch_all(c)
                    .await?
            }
            EngineMut::Postgres(c) => {
                sqlx::query_as(statement)
                    .bind(tags.iter().map(|(tag, _, _)| tag.as_str()).collect::<Vec<_>>())
                    .bind(tags.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
                    .bind(tags.iter().map(|(_, _, name)| *name).collect::<Vec<_>>())
                    .fetch_all(c)
                    .await?
            }
        };
        for (tag, position) in found {
            self.breach(position, BreachKind::TagMissing { tag });
        }
        Ok(())
    }

    /// Rows of the indexes without their event, and events beyond the head.
    async fn the_other_way_round(
        &mut self,
        connection: &mut Connection,
        from: i64,
        to: Position,
        head: Position,
    ) -> Result<(), sqlx::Error> {
        // A walk to the head also finds what stands beyond it.
        let until = if to == head { i64::MAX } else { to.get() };
        let tags: Vec<(String, i64)> = each_engine!(connection, c => {
            sqlx::query_as(FOREIGN_TAGS).bind(from).bind(until).fetch_all(c).await
        })?;
        for (tag, position) in tags {
            self.breach(position, BreachKind::TagForeign { tag });
        }
        let receipts: Vec<i64> = each_engine!(connection, c => {
            sqlx::query_scalar(FOREIGN_RECEIPTS).bind(from).bind(until).fetch_all(c).await
        })?;
        for position in receipts {
            self.breach(position, BreachKind::Receipt);
        }
        if to == head {
            let beyond: Vec<i64> = each_engine!(connection, c => {
                sqlx::query_scalar(BEYOND).fetch_all(c).await
            })?;
            for position in beyond {
                self.breach(position, BreachKind::BeyondHead);
            }
        }
        Ok(())
    }
}

//! The rows of a batch: what is taken, with positions, times and leaf hashes.

use chrono::DateTime;
use uuid::Uuid;

use super::InlineEvent;
use super::decide::{Decision, Head};
use super::prepare::{Clear, Prepared, PreparedEvent};
use crate::leaf::Entry;
use crate::personal;
use crate::query::Position;

/// Everything that a batch adds.
#[derive(Default)]
pub(super) struct Rows<'b> {
    pub events: Vec<EventRow<'b>>,
    pub receipts: Vec<ReceiptRow>,
    /// Where the log ends after the batch.
    pub head: Head,
}

/// A row of `event`, and through its event those of `event_tag`.
pub(super) struct EventRow<'b> {
    pub position: i64,
    pub recorded_at: i64,
    pub command: &'b Prepared,
    pub event: &'b PreparedEvent,
    pub personal: Vec<u8>,
    pub leaf_hash: [u8; 32],
}

/// A row of `command_receipt`.
pub(super) struct ReceiptRow {
    pub command_id: Uuid,
    pub request_hash: [u8; 32],
    pub first: i64,
    pub last: i64,
}

impl<'b> Rows<'b> {
    /// The rows of the commands that are taken.
    pub(super) fn of(
        batch: impl IntoIterator<Item = &'b Prepared>,
        decisions: &[Decision],
        origin: &str,
    ) -> Self {
        let mut rows = Self::default();
        for (command, decision) in batch.into_iter().zip(decisions) {
            let Decision::Take { receipt, recorded_at } = decision else {
                continue;
            };
            rows.receipts.push(ReceiptRow {
                command_id: command.command_id,
                request_hash: command.request_hash,
                first: receipt.first.get(),
                last: receipt.last.get(),
            });
            for (position, event) in (receipt.first.get()..).zip(&command.events) {
                rows.events
                    .push(EventRow::new(position, *recorded_at, command, event, origin));
            }
            rows.head = Head {
                position: receipt.last.get(),
                recorded_at: *recorded_at,
            };
        }
        rows
    }

    /// About how many bytes they are.
    pub(super) fn size(&self) -> usize {
        let of_one = |row: &EventRow<'_>| {
            let event = row.event;
            512 + event.data_text.len() + 2 * event.tags_text.len() + row.personal.len()
        };
        self.events.iter().map(of_one).sum()
    }

    /// The same for inline projectors, personal parts in the clear.
    pub(super) fn inline(&self) -> Vec<InlineEvent> {
        let clear = |row: &EventRow<'_>| {
            row.event
                .clear
                .clone()
                .expect("kept when there are inline projectors")
        };
        self.events
            .iter()
            .map(|row| (row, clear(row)))
            .map(|(row, Clear { data, personal })| InlineEvent {
                position: Position::new(row.position),
                id: row.event.id,
                event_type: row.event.event_type.clone(),
                schema_version: u16::try_from(row.event.schema_version).unwrap_or(u16::MAX),
                tags: row.event.tags.clone(),
                recorded_at: DateTime::from_timestamp_micros(row.recorded_at).unwrap_or_default(),
                effective_at: row.event.effective_at,
                actor: row.command.actor.clone(),
                command_id: row.command.command_id,
                correlation_id: row.command.correlation_id,
                data,
                personal,
            })
            .collect()
    }
}

impl<'b> EventRow<'b> {
    fn new(
        position: i64,
        recorded_at: i64,
        command: &'b Prepared,
        event: &'b PreparedEvent,
        origin: &str,
    ) -> Self {
        let tags: Vec<_> = event.tags.iter().map(crate::query::Tag::as_str).collect();
        let parts: Vec<_> = event
            .sealed
            .iter()
            .map(|part| (part.name.as_str(), part.subject.0, part.commitment))
            .collect();
        let entry = Entry {
            origin,
            position,
            event_id: event.id,
            event_type: &event.event_type,
            schema_version: event.schema_version,
            recorded_at,
            effective_at: &event.effective_text,
            actor: &command.actor,
            command_id: command.command_id,
            correlation_id: command.correlation_id,
            tags: &tags,
            data_hash: event.data_hash,
            personal: &parts,
        };
        let leaf_hash = entry.leaf_hash();
        Self {
            position,
            recorded_at,
            command,
            event,
            personal: personal::frame(&event.sealed),
            leaf_hash,
        }
    }
}

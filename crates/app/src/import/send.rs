//! Appending the accepted rows of a chunk to the log.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::declaration::{
    DeclarationEvent, FlagCode, RegisterSource, Registered, Statement, Subjects, TAG_CORPORATE_NUMBER,
    TAG_DECLARATION_NO,
};
use domain::legacy_register::{LegacyRow, Warning, duplicate};
use domain::value::EntityType;
use domain::{DeclarationId, OrganizationId};
use event_store::{Append, AppendError, EventStore, Guard, Position, Query, SubjectId, Tag, TagError};
use futures::future::join_all;
use storage::register_index;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::before::Holder;
use crate::Internal;
use crate::clock::day_in_japan;

/// Rows that one task encodes, or seals: both keep all cores busy.
const GROUP: usize = 128;

/// Index of the guard on the corporate number; the one on the declaration number comes before it.
const CORPORATE_NUMBER: usize = 1;

/// An accepted row on its way into the log.
pub(super) struct Write {
    /// Its place in the chunk.
    pub(super) place: usize,
    pub(super) row: Box<LegacyRow>,
    pub(super) fingerprint: [u8; 32],
    pub(super) ids: Ids,
    /// Whose declaration it is, as far as that is known.
    pub(super) organization: OrganizationId,
    /// Sole traders who hold its corporate number: the register's index does not tell.
    pub(super) sole_trader: Option<Holder>,
    /// The warnings of the row, with the one of a duplicate if it is one.
    pub(super) flags: Vec<FlagCode>,
    /// Where the log ended when the organisation was looked up.
    pub(super) seen: Position,
    /// Whether an earlier row of the file with the same corporate number has to be in the log before it.
    pub(super) follows: bool,
}

/// The new ids of a row.
#[derive(Clone, Copy)]
pub(super) struct Ids {
    pub(super) command: Uuid,
    pub(super) event: Uuid,
    pub(super) declaration: DeclarationId,
    pub(super) subjects: Subjects,
}

/// What came of the rows of a chunk.
#[derive(Default)]
pub(super) struct Sent {
    /// How many were written.
    pub(super) written: u64,
    /// Rows that were judged once more, by place, with the warning that they have now if they are duplicates.
    pub(super) judged_anew: Vec<(usize, Option<Warning>)>,
}

/// Tells when a chunk is in the log, or has failed.
#[derive(Default)]
pub(super) struct Landed(Option<oneshot::Receiver<()>>);

impl Landed {
    /// Drop the first when the chunk is in the log.
    pub(super) fn new() -> (oneshot::Sender<()>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self(Some(receiver)))
    }

    async fn wait(self) {
        if let Some(receiver) = self.0 {
            // An error says that the other end was dropped, which is what we wait for.
            let _dropped = receiver.await;
        }
    }
}

/// Appends the accepted rows of one chunk.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) store: EventStore,
    pub(super) register: String,
    pub(super) actor: String,
    pub(super) correlation_id: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
}

impl Sender {
    /// Every row is a command of its own: neighbours share a transaction, none shares another's fate. A row that follows
    /// another one of its organisation, or whose corporate number came up meanwhile in another import or a correction, is
    /// judged anew on what stands in the register once the rows before it are there.
    pub(super) async fn send(self, writes: Vec<Write>, chunk_before: Landed) -> Result<Sent, Internal> {
        let mut sent = Sent::default();
        let (followers, firsts) = writes.into_iter().partition(|write| write.follows);
        let mut waiting = self.append(firsts, &mut sent.written).await?;
        waiting.extend::<Vec<_>>(followers);
        if !waiting.is_empty() {
            chunk_before.wait().await;
        }
        while !waiting.is_empty() {
            let again = self.judge_anew(&mut waiting, &mut sent.judged_anew).await?;
            let overtaken = self.append(again, &mut sent.written).await?;
            waiting.splice(0..0, overtaken);
        }
        Ok(sent)
    }

    /// Appends the rows; answers those whose corporate number came up since it was looked up.
    async fn append(&self, writes: Vec<Write>, written: &mut u64) -> Result<Vec<Write>, Internal> {
        let (writes, appends) = self.encode(writes).await?;
        let subjects: Vec<SubjectId> = appends
            .iter()
            .flat_map(|append| storage::codec::subjects(&append.events, None))
            .collect();
        let keyring = self.store.keyring();
        keyring.ensure(&subjects).await.map_err(Internal::new)?;
        let groups = in_groups(appends).map(|group| {
            let store = self.store.clone();
            tokio::spawn(async move { join_all(group.into_iter().map(|append| store.append(append))).await })
        });
        let groups: Vec<_> = groups.collect();
        let mut writes = writes.into_iter();
        let mut overtaken = Vec::new();
        for group in groups {
            let appended = group.await.map_err(Internal::new)?;
            for (appended, write) in appended.into_iter().zip(writes.by_ref()) {
                match appended {
                    Ok(_) => *written += 1,
                    Err(AppendError::Conflict(conflict))
                        if conflict.found.iter().all(|found| found.guard == CORPORATE_NUMBER) =>
                    {
                        overtaken.push(write);
                    }
                    // Another import put a row under this number a moment ago. What this file says of it is in doubt
                    // now: the next run tells whether it is the same.
                    Err(AppendError::Conflict(_)) => return Err(Internal::new(Overtaken)),
                    Err(error) => return Err(Internal::new(error)),
                }
            }
        }
        Ok(overtaken)
    }

    /// Takes one row of each corporate number out and judges it on what stands in the register now.
    async fn judge_anew(
        &self,
        waiting: &mut Vec<Write>,
        judged: &mut Vec<(usize, Option<Warning>)>,
    ) -> Result<Vec<Write>, Internal> {
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(Internal::new)?;
        let mut numbers = HashSet::new();
        let number = |write: &Write| write.row.corporate_number().map(|number| number.to_string());
        let (mut again, later): (Vec<_>, Vec<_>) = std::mem::take(waiting)
            .into_iter()
            .partition(|write| numbers.insert(number(write)));
        *waiting = later;
        let numbers: Vec<String> = numbers.into_iter().flatten().collect();
        let found = register_index::by_corporate_numbers(self.store.database(), &numbers).await;
        let found = found.map_err(Internal::new)?;
        let today = day_in_japan(self.recorded_at);
        for write in &mut again {
            let number = number(write);
            let same = found.iter().filter(|other| other.corporate_number == number);
            let holder = same
                .map(|other| Holder::of(other, today))
                .chain(write.sole_trader)
                .reduce(Holder::and);
            let duplicate = duplicate(&write.row, holder.is_some_and(|holder| holder.live));
            write.seen = seen;
            write.organization = holder.map_or(write.organization, |holder| holder.organization);
            write
                .flags
                .retain(|flag| *flag != FlagCode::CorporateNumberDuplicate);
            write.flags.extend(duplicate.iter().map(|warning| warning.flag));
            judged.push((write.place, duplicate));
        }
        Ok(again)
    }

    /// The rows as the log takes them, beside themselves.
    async fn encode(&self, writes: Vec<Write>) -> Result<(Vec<Write>, Vec<Append>), Internal> {
        let groups = in_groups(writes).map(|group| {
            let sender = self.clone();
            tokio::spawn(async move {
                let appends: Result<Vec<_>, TagError> =
                    group.iter().map(|write| sender.append_of(write)).collect();
                (group, appends)
            })
        });
        let groups: Vec<_> = groups.collect();
        let (mut writes, mut appends) = (Vec::new(), Vec::new());
        for group in groups {
            let (group, encoded) = group.await.map_err(Internal::new)?;
            writes.extend(group);
            appends.extend(encoded.map_err(Internal::new)?);
        }
        Ok((writes, appends))
    }

    fn append_of(&self, write: &Write) -> Result<Append, TagError> {
        let row = &write.row;
        let guard = |kind, value: &str, after| {
            let query = Query::tagged(Tag::new(kind, value)?);
            Ok(Guard { query, after })
        };
        let mut guards = vec![guard(TAG_DECLARATION_NO, row.number().as_str(), Position::START)?];
        if row.entity_type() != EntityType::SoleTrader
            && let Some(number) = row.corporate_number()
        {
            guards.push(guard(TAG_CORPORATE_NUMBER, number.as_str(), write.seen)?);
        }
        let statement = self.statement(write);
        Ok(Append {
            command_id: write.ids.command,
            actor: self.actor.clone(),
            correlation_id: self.correlation_id,
            reason: None,
            events: vec![storage::codec::new_event(write.ids.event, &statement)?],
            guards,
            recorded_at: self.recorded_at,
        })
    }

    fn statement(&self, write: &Write) -> Statement {
        let facts = write.row.facts(write.ids.subjects);
        let published = facts.publish_consent();
        Statement {
            declaration_id: write.ids.declaration,
            organization_id: write.organization,
            effective_at: write.row.declared_on(),
            event: DeclarationEvent::Registered(Box::new(Registered {
                source: RegisterSource {
                    register: self.register.clone(),
                    fingerprint: hex::encode(write.fingerprint),
                },
                facts,
                standing: write.row.standing().clone(),
                published,
                flags: write.flags.iter().copied().collect(),
            })),
        }
    }
}

/// The pieces that are worked on side by side.
fn in_groups<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut all = all.into_iter();
    std::iter::from_fn(move || {
        let group: Vec<T> = all.by_ref().take(GROUP).collect();
        (!group.is_empty()).then_some(group)
    })
}

/// Two imports ran at one time and met.
#[derive(Debug, thiserror::Error)]
#[error("another import wrote the same declaration numbers at this moment; run this import again")]
struct Overtaken;

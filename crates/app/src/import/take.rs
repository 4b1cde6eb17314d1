//! Taking a chunk of rows: look up what was there before, judge each row in order, append what is accepted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use domain::declaration::{
    DeclarationEvent, Field, RegisterSource, Registered, Statement, Subjects, TAG_DECLARATION_NO,
};
use domain::legacy_register::{Earlier, LegacyRow, Refusal, RowReading, Verdict, Warning, judge};
use domain::value::{CorporateNumber, EntityType, Prefecture, Star};
use domain::{DeclarationId, OrganizationId};
use event_store::{Append, AppendError, EventStore, Guard, Position, Query, SubjectId, Tag, TagError};
use futures::future::join_all;
use storage::register_index::{self, Indexed};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{App, Internal, OpContext};

/// Rows that one task encodes, or seals: both keep all cores busy.
const GROUP: usize = 128;

/// A row with its place in the file.
pub(super) struct NumberedRow {
    pub(super) number: u64,
    pub(super) reading: RowReading,
}

/// What became of a row.
pub(super) enum Taken {
    /// It is in the register.
    Accepted(AcceptedRow),
    /// It repeats an accepted row.
    IdenticalRepeat,
    /// It was refused.
    Refused(Refusal),
}

/// What the summary says of an accepted row.
pub(super) struct AcceptedRow {
    pub(super) warnings: Vec<Warning>,
    pub(super) star: Option<Star>,
    pub(super) stopped: bool,
    pub(super) prefecture: Option<Prefecture>,
}

/// What is known of the rows before: in the register, and in this file as far as it is not in the register yet.
#[derive(Default)]
pub(super) struct Before {
    numbers: HashMap<String, Known>,
    /// Whose declarations have a valid corporate number.
    corporate_numbers: HashMap<String, Holder>,
    /// The same for the numbers of sole traders, which may be about a person: the index does not hold them, so they are
    /// kept for the whole file.
    sole_traders_numbers: HashMap<String, Holder>,
}

/// What stands under a declaration number.
#[derive(Clone, Copy)]
struct Known {
    /// None when it was not imported.
    fingerprint: Option<[u8; 32]>,
    holder: Holder,
}

#[derive(Clone, Copy)]
struct Holder {
    organization: OrganizationId,
    live: bool,
}

/// Takes the chunks of one file, in order.
pub(super) struct Taker<'a> {
    pub(super) app: &'a App,
    pub(super) op: &'a OpContext,
    pub(super) register: String,
    pub(super) dry_run: bool,
    /// In a dry run, what would be in the register by now; otherwise what is known for one chunk, and what the index
    /// does not hold.
    pub(super) before: Before,
}

/// A chunk that has been judged, on its way into the log.
pub(super) struct InFlight {
    /// In the order of the rows; true once [`InFlight::landed`] has said so.
    taken: Vec<(u64, Taken)>,
    sent: JoinHandle<Result<u64, Internal>>,
}

impl InFlight {
    /// Waits until every accepted row of the chunk is in the log; answers what became of its rows and how many were
    /// written.
    pub(super) async fn landed(self) -> Result<(Vec<(u64, Taken)>, u64), Internal> {
        let written = self.sent.await.map_err(Internal::new)??;
        Ok((self.taken, written))
    }
}

impl Taker<'_> {
    /// Judges a chunk and sends what is accepted to the log. A row is written whole or not at all. Call it for the next
    /// chunk while this one is on its way, but not for the one after that: what is known reaches back one chunk.
    pub(super) async fn take(&mut self, rows: Vec<NumberedRow>) -> Result<InFlight, Internal> {
        let in_flight = if self.dry_run {
            Before::default()
        } else {
            self.before.set_indexed_aside()
        };
        self.look_up(&rows).await?;
        self.before.include(&in_flight, &rows);
        let mut taken = Vec::with_capacity(rows.len());
        let mut writes = Vec::new();
        for row in rows {
            let outcome = match row.reading {
                RowReading::Refused(refusal) => Taken::Refused(refusal),
                RowReading::Accepted(legacy, warnings) => self.judge(&legacy, warnings, &mut writes)?,
            };
            taken.push((row.number, outcome));
        }
        let sent = self.send(writes);
        Ok(InFlight { taken, sent })
    }

    async fn look_up(&mut self, rows: &[NumberedRow]) -> Result<(), Internal> {
        let database = self.app.store.database();
        let accepted = || {
            rows.iter().filter_map(|row| match &row.reading {
                RowReading::Accepted(legacy, _) => Some(legacy),
                RowReading::Refused(_) => None,
            })
        };
        let numbers: Vec<String> = accepted().map(|row| row.number().as_str().to_owned()).collect();
        let found = register_index::by_numbers(database, &numbers)
            .await
            .map_err(Internal::new)?;
        for indexed in found {
            self.before
                .numbers
                .entry(indexed.declaration_no.clone())
                .or_insert_with(|| Known::of(&indexed));
        }
        let corporate: Vec<String> = accepted()
            .filter_map(|row| row.corporate_number())
            .map(|number| number.as_str().to_owned())
            .collect();
        let found = register_index::by_corporate_numbers(database, &corporate)
            .await
            .map_err(Internal::new)?;
        for indexed in found {
            let holder = Holder::of(&indexed);
            if let Some(number) = indexed.corporate_number {
                self.before.hold(number, holder);
            }
        }
        Ok(())
    }

    fn judge(
        &mut self,
        row: &LegacyRow,
        mut warnings: Vec<Warning>,
        writes: &mut Vec<Write>,
    ) -> Result<Taken, Internal> {
        let keyring = self.app.store.keyring();
        let fingerprint = keyring.keyed_hash("legacy-register-row", row.fingerprint_bytes().reveal());
        let number = row.number().as_str();
        let known = self.before.numbers.get(number).copied();
        let earlier = match known {
            None => Earlier::Never,
            Some(known) if known.fingerprint == Some(fingerprint) => Earlier::SameRow,
            Some(_) => Earlier::OtherContent,
        };
        let corporate_number = row.corporate_number();
        let holder = corporate_number
            .as_ref()
            .and_then(|number| self.before.holder(number.as_str()));
        match judge(row, earlier, holder.is_some_and(|holder| holder.live)) {
            Verdict::IdenticalRepeat => {
                if let Some(known) = known {
                    self.before.hold_for_sole_trader(row, known.holder);
                }
                Ok(Taken::IdenticalRepeat)
            }
            Verdict::Refuse(refusal) => Ok(Taken::Refused(refusal)),
            Verdict::Accept(duplicate) => {
                warnings.extend(duplicate);
                let organization = match holder {
                    Some(holder) => holder.organization,
                    None => OrganizationId::new(self.app.new_id().map_err(Internal::new)?),
                };
                let live = row.standing().stop.is_none();
                let holder = Holder { organization, live };
                let known = Known {
                    fingerprint: Some(fingerprint),
                    holder,
                };
                self.before.numbers.insert(number.to_owned(), known);
                if row.entity_type() == EntityType::SoleTrader {
                    self.before.hold_for_sole_trader(row, holder);
                } else if let Some(corporate) = corporate_number {
                    self.before.hold(corporate.as_str().to_owned(), holder);
                }
                let accepted = AcceptedRow {
                    star: row.value(Field::Star).and_then(Star::from_code),
                    stopped: row.standing().stop.is_some(),
                    prefecture: row.value(Field::Prefecture).and_then(Prefecture::from_code),
                    warnings,
                };
                if !self.dry_run {
                    writes.push(self.write(row, organization, fingerprint, &accepted.warnings)?);
                }
                Ok(Taken::Accepted(accepted))
            }
        }
    }

    fn write(
        &self,
        row: &LegacyRow,
        organization_id: OrganizationId,
        fingerprint: [u8; 32],
        warnings: &[Warning],
    ) -> Result<Write, Internal> {
        let id = || self.app.new_id().map_err(Internal::new);
        let subject = || id().map(domain::SubjectId::new);
        let subjects = Subjects {
            representative: subject()?,
            contact: subject()?,
            sole_trader: subject()?,
            remarks: subject()?,
        };
        let facts = row.facts(subjects);
        let published = facts.publish_consent();
        let statement = Statement {
            declaration_id: DeclarationId::new(id()?),
            organization_id,
            effective_at: row.declared_on(),
            event: DeclarationEvent::Registered(Box::new(Registered {
                source: RegisterSource {
                    register: self.register.clone(),
                    fingerprint: hex::encode(fingerprint),
                },
                facts,
                standing: row.standing().clone(),
                published,
                flags: warnings.iter().map(|warning| warning.flag).collect(),
            })),
        };
        Ok(Write {
            number: row.number().as_str().to_owned(),
            command_id: id()?,
            event_id: id()?,
            statement,
        })
    }

    /// Sends what was accepted on its way.
    fn send(&self, writes: Vec<Write>) -> JoinHandle<Result<u64, Internal>> {
        let sender = Sender {
            store: self.app.store.clone(),
            actor: self.op.actor().to_string(),
            correlation_id: self.op.request_id(),
            recorded_at: self.app.now(),
        };
        tokio::spawn(sender.send(writes))
    }
}

/// Appends the accepted rows of one chunk.
#[derive(Clone)]
struct Sender {
    store: EventStore,
    actor: String,
    correlation_id: Uuid,
    recorded_at: DateTime<Utc>,
}

impl Sender {
    /// Every row is a command of its own: neighbours share a transaction, none shares another's fate. Answers how many
    /// were written.
    async fn send(self, writes: Vec<Write>) -> Result<u64, Internal> {
        let appends = self.encode(writes).await?;
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
        let mut written = 0;
        for group in groups {
            for appended in group.await.map_err(Internal::new)? {
                match appended {
                    Ok(_) => written += 1,
                    // Another import put a row under this number a moment ago. What this file says of it is in doubt
                    // now: the next run tells whether it is the same.
                    Err(AppendError::Conflict(conflict)) => {
                        return Err(Internal::new(Overtaken(conflict.found.len())));
                    }
                    Err(error) => return Err(Internal::new(error)),
                }
            }
        }
        Ok(written)
    }

    async fn encode(&self, writes: Vec<Write>) -> Result<Vec<Append>, Internal> {
        let groups = in_groups(writes).map(|group| {
            let sender = self.clone();
            tokio::spawn(async move { group.iter().map(|write| sender.append_of(write)).collect() })
        });
        let groups: Vec<JoinHandle<Result<Vec<Append>, TagError>>> = groups.collect();
        let mut appends = Vec::new();
        for group in groups {
            let group = group.await.map_err(Internal::new)?;
            appends.extend(group.map_err(Internal::new)?);
        }
        Ok(appends)
    }

    fn append_of(&self, write: &Write) -> Result<Append, TagError> {
        let tag = Tag::new(TAG_DECLARATION_NO, &write.number)?;
        Ok(Append {
            command_id: write.command_id,
            actor: self.actor.clone(),
            correlation_id: self.correlation_id,
            reason: None,
            events: vec![storage::codec::new_event(write.event_id, &write.statement)?],
            guards: vec![Guard {
                query: Query::tagged(tag),
                after: Position::START,
            }],
            recorded_at: self.recorded_at,
        })
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
#[error("another import wrote the same declaration numbers at this moment ({0}); run this import again")]
struct Overtaken(usize);

struct Write {
    number: String,
    command_id: Uuid,
    event_id: Uuid,
    statement: Statement,
}

impl Before {
    /// Adds what is known of these rows from the chunk that is not in the register yet.
    fn include(&mut self, in_flight: &Self, rows: &[NumberedRow]) {
        for row in rows {
            let RowReading::Accepted(row, _) = &row.reading else {
                continue;
            };
            let number = row.number().as_str();
            if let Some(known) = in_flight.numbers.get(number) {
                self.numbers.entry(number.to_owned()).or_insert(*known);
            }
            let corporate = row.corporate_number();
            let corporate = corporate.as_ref().map(CorporateNumber::as_str);
            if let Some((number, holder)) =
                corporate.and_then(|number| in_flight.corporate_numbers.get_key_value(number))
            {
                self.hold(number.clone(), *holder);
            }
        }
    }

    fn hold(&mut self, number: String, holder: Holder) {
        hold(&mut self.corporate_numbers, number, holder);
    }

    fn hold_for_sole_trader(&mut self, row: &LegacyRow, holder: Holder) {
        if row.entity_type() == EntityType::SoleTrader
            && let Some(number) = row.corporate_number()
        {
            hold(&mut self.sole_traders_numbers, number.as_str().to_owned(), holder);
        }
    }

    fn holder(&self, number: &str) -> Option<Holder> {
        let found = [
            self.corporate_numbers.get(number),
            self.sole_traders_numbers.get(number),
        ];
        found.into_iter().flatten().copied().reduce(Holder::and)
    }

    /// Takes out what the index will tell once the chunk is in the log.
    fn set_indexed_aside(&mut self) -> Self {
        Self {
            numbers: std::mem::take(&mut self.numbers),
            corporate_numbers: std::mem::take(&mut self.corporate_numbers),
            sole_traders_numbers: HashMap::new(),
        }
    }
}

fn hold(holders: &mut HashMap<String, Holder>, number: String, holder: Holder) {
    let known = holders.entry(number).or_insert(holder);
    *known = known.and(holder);
}

impl Holder {
    const fn of(indexed: &Indexed) -> Self {
        Self {
            organization: indexed.organization_id,
            live: indexed.live,
        }
    }

    /// The first one's organisation; a live declaration counts more than one that has ended.
    const fn and(self, other: Self) -> Self {
        Self {
            organization: self.organization,
            live: self.live || other.live,
        }
    }
}

impl Known {
    fn of(indexed: &Indexed) -> Self {
        let mut bytes = [0; 32];
        let fingerprint = indexed
            .fingerprint
            .as_deref()
            .is_some_and(|text| hex::decode_to_slice(text, &mut bytes).is_ok());
        Self {
            fingerprint: fingerprint.then_some(bytes),
            holder: Holder::of(indexed),
        }
    }
}

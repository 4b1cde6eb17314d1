//! Taking a chunk of rows: look up what was there before, judge each row in order, send what is accepted to the log.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::declaration::{Field, FlagCode, Subjects};
use domain::legacy_register::{LegacyRow, Refusal, RowReading, Verdict, Warning, judge};
use domain::value::{CorporateNumber, EntityType, Prefecture, Star};
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::{Database, Position};
use storage::ScratchIndex;
use storage::register_index::{self, Indexed};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::before::{Before, Holder, Known};
use super::send::{Ids, Landed, Sender, Sent, Write};
use crate::clock::day_in_japan;
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

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

/// Takes the chunks of one file, in order.
pub(super) struct Taker<'a> {
    pub(super) app: &'a App,
    pub(super) op: &'a OpContext,
    pub(super) register: String,
    /// From which id those of the rows' commands follow, so that a row is written once however often it is tried; none: each time another.
    pub(super) commands: Option<Uuid>,
    pub(super) dry_run: bool,
    /// What is known for the chunk that was taken last.
    pub(super) before: Before,
    /// What the register's index does not tell of the rows before: in a dry run all of them, otherwise sole traders, with
    /// a keyed hash for their number. None until there is something to keep.
    pub(super) scratch: Option<ScratchIndex>,
    /// When the chunk that was taken last is in the log.
    pub(super) chunk_before: Landed,
}

/// A chunk that has been judged, on its way into the log.
pub(super) struct InFlight {
    /// In the order of the rows; true once [`InFlight::landed`] has said so.
    taken: Vec<(u64, Taken)>,
    sent: JoinHandle<Result<Sent, Internal>>,
}

impl InFlight {
    /// Waits until every accepted row of the chunk is in the log; answers what became of its rows and how many were
    /// written.
    pub(super) async fn landed(mut self) -> Result<(Vec<(u64, Taken)>, u64), Internal> {
        let sent = self.sent.await.map_err(Internal::new)??;
        for (place, duplicate) in sent.judged_anew {
            if let Some((_, Taken::Accepted(row))) = self.taken.get_mut(place) {
                row.warnings
                    .retain(|warning| warning.flag != FlagCode::CorporateNumberDuplicate);
                row.warnings.extend(duplicate);
            }
        }
        Ok((self.taken, sent.written))
    }
}

/// What came of a row.
struct Judged {
    taken: Taken,
    /// For the log.
    write: Option<Write>,
    /// For the scratch index.
    kept: Option<Indexed>,
}

impl Judged {
    const fn only(taken: Taken) -> Self {
        Self {
            taken,
            write: None,
            kept: None,
        }
    }
}

impl Taker<'_> {
    /// Judges a chunk and sends what is accepted to the log. A row is written whole or not at all. Call it for the next
    /// chunk while this one is on its way, but not for the one after that: what is known reaches back one chunk.
    pub(super) async fn take(&mut self, rows: Vec<NumberedRow>) -> Result<InFlight, Internal> {
        let in_flight = std::mem::take(&mut self.before);
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.app.store.head().await.map_err(Internal::new)?;
        self.look_up(&rows).await?;
        self.before.include(&in_flight, &rows);
        let mut taken = Vec::with_capacity(rows.len());
        let mut writes = Vec::new();
        let mut kept = Vec::new();
        for (place, row) in rows.into_iter().enumerate() {
            let outcome = match row.reading {
                RowReading::Refused(refusal) => Taken::Refused(refusal),
                RowReading::Accepted(legacy, warnings) => {
                    let judged = self.judge((place, row.number), legacy, warnings, seen)?;
                    writes.extend(judged.write);
                    kept.extend(judged.kept);
                    judged.taken
                }
            };
            taken.push((row.number, outcome));
        }
        self.keep(&kept).await?;
        let (done, landed) = Landed::new();
        let chunk_before = std::mem::replace(&mut self.chunk_before, landed);
        let sender = self.sender();
        let sent = tokio::spawn(async move {
            let sent = sender.send(writes, chunk_before).await;
            drop(done);
            sent
        });
        Ok(InFlight { taken, sent })
    }

    async fn look_up(&mut self, rows: &[NumberedRow]) -> Result<(), Internal> {
        let accepted = || {
            rows.iter().filter_map(|row| match &row.reading {
                RowReading::Accepted(legacy, _) => Some(legacy),
                RowReading::Refused(_) => None,
            })
        };
        let numbers: Vec<String> = accepted().map(|row| row.number().as_str().to_owned()).collect();
        let corporate: Vec<CorporateNumber> = accepted().filter_map(|row| row.corporate_number()).collect();
        let register = self.app.store.database();
        let indexes = [Some(register), self.scratch.as_ref().map(ScratchIndex::database)];
        let today = day_in_japan(self.app.now());
        for index in indexes.into_iter().flatten() {
            let found = register_index::by_numbers(index, &numbers).await;
            for indexed in found.map_err(Internal::new)? {
                self.before.add_indexed(&indexed, today);
            }
            let plain: Vec<String> = corporate
                .iter()
                .map(|number| number.as_str().to_owned())
                .collect();
            for (number, holder) in holders(index, &plain, today).await? {
                self.before.add_holder(&number, holder);
            }
        }
        if let Some(scratch) = &self.scratch {
            let pairs = corporate
                .iter()
                .map(|number| (self.hash_of(number), number.as_str()));
            let plain: HashMap<String, &str> = pairs.collect();
            let hashes: Vec<String> = plain.keys().cloned().collect();
            for (hash, holder) in holders(scratch.database(), &hashes, today).await? {
                if let Some(number) = plain.get(&hash) {
                    self.before.add_sole_trader(number, holder);
                }
            }
        }
        Ok(())
    }

    /// What becomes of a row, and what is to be written and kept of it.
    fn judge(
        &mut self,
        (place, number): (usize, u64),
        row: Box<LegacyRow>,
        mut warnings: Vec<Warning>,
        seen: Position,
    ) -> Result<Judged, Internal> {
        let keyring = self.app.store.keyring();
        let fingerprint = keyring.keyed_hash("legacy-register-row", row.fingerprint_bytes().reveal());
        let (earlier, same) = self.before.earlier(row.number(), fingerprint);
        let holder = self.before.holder(&row);
        let duplicate = match judge(&row, earlier, holder.is_some_and(|holder| holder.live)) {
            Verdict::Accept(duplicate) => duplicate,
            Verdict::Refuse(refusal) => return Ok(Judged::only(Taken::Refused(refusal))),
            Verdict::IdenticalRepeat => {
                // Its number stands in no index, so the rows after it hear of it from here.
                let kept = match same.filter(|_| is_numbered_sole_trader(&row)) {
                    Some(holder) => Some(self.kept(&row, fingerprint, holder)?),
                    None => None,
                };
                return Ok(Judged {
                    kept,
                    ..Judged::only(Taken::IdenticalRepeat)
                });
            }
        };
        warnings.extend(duplicate);
        let organization = match holder {
            Some(holder) => holder.organization,
            None => OrganizationId::new(self.app.new_id().map_err(Internal::new)?),
        };
        let live = row.standing().stop.is_none();
        let own = Holder { organization, live };
        let sole_trader = self.before.sole_trader(&row);
        let follows = self.before.follows_one_on_its_way(&row);
        self.before.add_row(
            &row,
            Known {
                fingerprint: Some(fingerprint),
                holder: own,
            },
        );
        let is_kept = self.dry_run || is_numbered_sole_trader(&row);
        let kept = is_kept.then(|| self.kept(&row, fingerprint, own)).transpose()?;
        let flags = warnings.iter().map(|warning| warning.flag).collect();
        let taken = Taken::Accepted(AcceptedRow {
            star: row.value(Field::Star).and_then(Star::from_code),
            stopped: row.standing().stop.is_some(),
            prefecture: row.value(Field::Prefecture).and_then(Prefecture::from_code),
            warnings,
        });
        if self.dry_run {
            return Ok(Judged {
                kept,
                ..Judged::only(taken)
            });
        }
        let write = Write {
            place,
            row,
            fingerprint,
            ids: self.new_ids(number)?,
            organization,
            sole_trader,
            flags,
            seen,
            follows,
        };
        Ok(Judged {
            taken,
            write: Some(write),
            kept,
        })
    }

    /// A row as the scratch index keeps it.
    fn kept(&self, row: &LegacyRow, fingerprint: [u8; 32], holder: Holder) -> Result<Indexed, Internal> {
        let number = row.corporate_number();
        let corporate_number = number.map(|number| match row.entity_type() {
            EntityType::SoleTrader => self.hash_of(&number),
            _ => number.as_str().to_owned(),
        });
        Ok(Indexed {
            declaration_id: DeclarationId::new(self.app.new_id().map_err(Internal::new)?),
            organization_id: holder.organization,
            declaration_no: row.number().as_str().to_owned(),
            corporate_number,
            fingerprint: Some(hex::encode(fingerprint)),
            live: holder.live,
            live_until: None,
            number_since: None,
        })
    }

    /// A sole trader's number may be about a person and stands in no file in the clear.
    fn hash_of(&self, number: &CorporateNumber) -> String {
        let keyring = self.app.store.keyring();
        hex::encode(keyring.keyed_hash("sole-trader-number", number.as_str().as_bytes()))
    }

    async fn keep(&mut self, rows: &[Indexed]) -> Result<(), Internal> {
        if rows.is_empty() {
            return Ok(());
        }
        let scratch = match self.scratch.take() {
            Some(scratch) => scratch,
            None => ScratchIndex::open().await.map_err(Internal::new)?,
        };
        scratch.add(rows).await.map_err(Internal::new)?;
        self.scratch = Some(scratch);
        Ok(())
    }

    fn new_ids(&self, number: u64) -> Result<Ids, Internal> {
        let id = || self.app.new_id().map_err(Internal::new);
        let subject = || id().map(SubjectId::new);
        Ok(Ids {
            command: match self.commands {
                Some(base) => row_command(base, number),
                None => id()?,
            },
            event: id()?,
            declaration: DeclarationId::new(id()?),
            subjects: Subjects {
                representative: subject()?,
                contact: subject()?,
                sole_trader: subject()?,
                remarks: subject()?,
            },
        })
    }

    fn sender(&self) -> Sender {
        Sender {
            store: self.app.store.clone(),
            register: self.register.clone(),
            actor: self.op.actor().to_string(),
            correlation_id: self.op.request_id(),
            recorded_at: self.app.now(),
        }
    }
}

/// The command by which a row of an import is written.
pub(super) fn row_command(base: Uuid, number: u64) -> Uuid {
    derived_id(base, &format!("row {number}"))
}

/// Whose declarations an index has under corporate numbers, or under what stands for them.
async fn holders(
    index: &Database,
    numbers: &[String],
    today: NaiveDate,
) -> Result<Vec<(String, Holder)>, Internal> {
    let found = register_index::by_corporate_numbers(index, numbers).await;
    let found = found.map_err(Internal::new)?.into_iter();
    let holders = found.filter_map(|indexed| {
        let holder = Holder::of(&indexed, today);
        Some((indexed.corporate_number?, holder))
    });
    Ok(holders.collect())
}

fn is_numbered_sole_trader(row: &LegacyRow) -> bool {
    row.entity_type() == EntityType::SoleTrader && row.corporate_number().is_some()
}

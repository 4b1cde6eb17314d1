//! Taking a chunk of rows: look up what was there before, judge each row in order, send what is accepted to the log.

use domain::declaration::{Field, FlagCode, Subjects};
use domain::legacy_register::{LegacyRow, Refusal, RowReading, Verdict, Warning, judge};
use domain::value::{Prefecture, Star};
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::Position;
use storage::register_index;
use tokio::task::JoinHandle;

use super::before::{Before, Holder, Known};
use super::send::{Ids, Landed, Sender, Sent, Write};
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
    pub(super) dry_run: bool,
    /// In a dry run, what would be in the register by now; otherwise what is known for one chunk, and what the index
    /// does not hold.
    pub(super) before: Before,
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

impl Taker<'_> {
    /// Judges a chunk and sends what is accepted to the log. A row is written whole or not at all. Call it for the next
    /// chunk while this one is on its way, but not for the one after that: what is known reaches back one chunk.
    pub(super) async fn take(&mut self, rows: Vec<NumberedRow>) -> Result<InFlight, Internal> {
        let in_flight = if self.dry_run {
            Before::default()
        } else {
            self.before.set_indexed_aside()
        };
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.app.store.head().await.map_err(Internal::new)?;
        self.look_up(&rows).await?;
        self.before.include(&in_flight, &rows);
        let mut taken = Vec::with_capacity(rows.len());
        let mut writes = Vec::new();
        for (place, row) in rows.into_iter().enumerate() {
            let outcome = match row.reading {
                RowReading::Refused(refusal) => Taken::Refused(refusal),
                RowReading::Accepted(legacy, warnings) => {
                    let (outcome, write) = self.judge(place, legacy, warnings, seen)?;
                    writes.extend(write);
                    outcome
                }
            };
            taken.push((row.number, outcome));
        }
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
        let database = self.app.store.database();
        let accepted = || {
            rows.iter().filter_map(|row| match &row.reading {
                RowReading::Accepted(legacy, _) => Some(legacy),
                RowReading::Refused(_) => None,
            })
        };
        let numbers: Vec<String> = accepted().map(|row| row.number().as_str().to_owned()).collect();
        let found = register_index::by_numbers(database, &numbers).await;
        for indexed in found.map_err(Internal::new)? {
            self.before.add_indexed(&indexed);
        }
        let corporate: Vec<String> = accepted()
            .filter_map(|row| row.corporate_number())
            .map(|number| number.as_str().to_owned())
            .collect();
        let found = register_index::by_corporate_numbers(database, &corporate).await;
        for indexed in found.map_err(Internal::new)? {
            self.before.add_holder(&indexed);
        }
        Ok(())
    }

    /// What becomes of a row, and what is to be written of it.
    fn judge(
        &mut self,
        place: usize,
        row: Box<LegacyRow>,
        mut warnings: Vec<Warning>,
        seen: Position,
    ) -> Result<(Taken, Option<Write>), Internal> {
        let keyring = self.app.store.keyring();
        let fingerprint = keyring.keyed_hash("legacy-register-row", row.fingerprint_bytes().reveal());
        let (earlier, same) = self.before.earlier(row.number(), fingerprint);
        let holder = self.before.holder(&row);
        match judge(&row, earlier, holder.is_some_and(|holder| holder.live)) {
            Verdict::IdenticalRepeat => {
                if let Some(holder) = same {
                    self.before.hold_for_sole_trader(&row, holder);
                }
                Ok((Taken::IdenticalRepeat, None))
            }
            Verdict::Refuse(refusal) => Ok((Taken::Refused(refusal), None)),
            Verdict::Accept(duplicate) => {
                warnings.extend(duplicate);
                let organization = match holder {
                    Some(holder) => holder.organization,
                    None => OrganizationId::new(self.app.new_id().map_err(Internal::new)?),
                };
                let live = row.standing().stop.is_none();
                let known = Known {
                    fingerprint: Some(fingerprint),
                    holder: Holder { organization, live },
                };
                let follows = self.before.follows_one_on_its_way(&row);
                self.before.add_row(&row, known);
                let flags = warnings.iter().map(|warning| warning.flag).collect();
                let accepted = AcceptedRow {
                    star: row.value(Field::Star).and_then(Star::from_code),
                    stopped: row.standing().stop.is_some(),
                    prefecture: row.value(Field::Prefecture).and_then(Prefecture::from_code),
                    warnings,
                };
                let write = Write {
                    place,
                    row,
                    fingerprint,
                    ids: self.new_ids()?,
                    organization,
                    flags,
                    seen,
                    follows,
                };
                Ok((Taken::Accepted(accepted), (!self.dry_run).then_some(write)))
            }
        }
    }

    fn new_ids(&self) -> Result<Ids, Internal> {
        let id = || self.app.new_id().map_err(Internal::new);
        let subject = || id().map(SubjectId::new);
        Ok(Ids {
            command: id()?,
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

//! Whose data an account could have seen in a time: every record that its answers held, once.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::DeclarationId;
use storage::read_audit::{FoundRead, ReadPlace};
use uuid::Uuid;

use super::{AuditError, allowed, forwards};
use crate::{App, Internal, OpContext, PersonalPart};

/// Reads that are taken at once.
const CHUNK: u32 = 10_000;

/// Which account, and when.
#[derive(Debug, Clone)]
pub struct ExposureQuery {
    /// From when, and until when (that moment not included).
    pub time: Range<DateTime<Utc>>,
    /// Whose reads, as in the actor of events.
    pub actor: String,
}

/// What kind of record somebody's data stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A declaration.
    Declaration,
    /// A mail.
    Mail,
    /// A request of a data subject, or an incident.
    Case,
    /// An account of somebody who works here.
    Account,
    /// The file of an import.
    Import,
    /// A change of many records.
    BulkChange,
    /// A file with a view of the register.
    Export,
    /// What somebody wrote to the secretariat.
    Inquiry,
}

/// A record of which something was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRecord {
    /// What kind of record.
    pub kind: SubjectKind,
    /// Which.
    pub id: Uuid,
    /// Codes of what was shown of it.
    pub parts: BTreeSet<String>,
    /// Answers that held it.
    pub times: u32,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// The last of them.
    pub last_at: DateTime<Utc>,
}

/// Whose data an account could have seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Each record once, in the order in which they were first seen.
    pub seen: Vec<SeenRecord>,
}

impl Exposure {
    /// Records of one kind.
    pub fn count(&self, kind: SubjectKind) -> usize {
        self.seen.iter().filter(|seen| seen.kind == kind).count()
    }

    /// Declarations among them.
    pub fn declarations(&self) -> Vec<DeclarationId> {
        let of_declarations = self
            .seen
            .iter()
            .filter(|seen| seen.kind == SubjectKind::Declaration);
        of_declarations.map(|seen| DeclarationId::new(seen.id)).collect()
    }
}

impl App {
    /// Every record of which an account was shown something personal in a time.
    pub async fn exposure(&self, op: &OpContext, query: &ExposureQuery) -> Result<Exposure, AuditError> {
        allowed(op)?;
        forwards(&query.time)?;
        Ok(self.seen_by(&query.actor, &query.time).await?)
    }

    /// The same without asking for the right: for an incident, whose readers have one of their own.
    pub(crate) async fn seen_by(
        &self,
        actor: &str,
        time: &Range<DateTime<Utc>>,
    ) -> Result<Exposure, Internal> {
        let mut gathering = Gathering::default();
        let mut after: Option<ReadPlace> = None;
        loop {
            let chunk = self
                .storage
                .read_recorder()
                .seen_by(actor, time.clone(), after, CHUNK)
                .await
                .map_err(Internal::new)?;
            after = chunk.last().map(|found| found.place).or(after);
            let is_last = chunk.len() < CHUNK as usize;
            for found in &chunk {
                gathering.add(found);
            }
            if is_last {
                return Ok(gathering.finish());
            }
        }
    }
}

/// Codes are kept once, and of each record which of them: there may be hundreds of thousands of records.
#[derive(Default)]
struct Gathering {
    parts: Vec<String>,
    places: HashMap<(SubjectKind, Uuid), usize>,
    seen: Vec<(SubjectKind, Uuid, Shown)>,
}

struct Shown {
    parts: u64,
    times: u32,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    request: u64,
}

impl Gathering {
    fn add(&mut self, found: &FoundRead) {
        let record = &found.record;
        let part = 1 << self.part(&record.field_class);
        let kind = match record.field_class.as_str() {
            mail if mail == PersonalPart::Mail.as_str() => SubjectKind::Mail,
            case if case == PersonalPart::Case.as_str() => SubjectKind::Case,
            account if account == PersonalPart::Account.as_str() => SubjectKind::Account,
            import if import == PersonalPart::Import.as_str() => SubjectKind::Import,
            rows if rows == PersonalPart::ImportRows.as_str() => SubjectKind::Import,
            change if change == PersonalPart::BulkChange.as_str() => SubjectKind::BulkChange,
            export if export == PersonalPart::Export.as_str() => SubjectKind::Export,
            inquiry if inquiry == PersonalPart::Inquiry.as_str() => SubjectKind::Inquiry,
            _ => SubjectKind::Declaration,
        };
        // One answer has a row for each part; it is one time.
        let request = fingerprint(&record.request_id);
        for id in &record.ids {
            let place = *self.places.entry((kind, *id)).or_insert_with(|| {
                let shown = Shown {
                    parts: 0,
                    times: 0,
                    first_at: record.at,
                    last_at: record.at,
                    request: 0,
                };
                self.seen.push((kind, *id, shown));
                self.seen.len() - 1
            });
            let shown = &mut self.seen[place].2;
            shown.parts |= part;
            shown.last_at = record.at;
            if shown.times == 0 || shown.request != request {
                shown.times += 1;
                shown.request = request;
            }
        }
    }

    /// The place of a code; those past 63 share the last one's, and there are not ten.
    fn part(&mut self, code: &str) -> usize {
        let known = self.parts.iter().position(|known| known == code);
        let place = known.unwrap_or_else(|| {
            self.parts.push(code.to_owned());
            self.parts.len() - 1
        });
        place.min(63)
    }

    fn finish(self) -> Exposure {
        let parts = &self.parts;
        let seen = self.seen.into_iter().map(|(kind, id, shown)| SeenRecord {
            kind,
            id,
            parts: parts
                .iter()
                .enumerate()
                .filter(|(place, _)| shown.parts & (1 << (*place).min(63)) != 0)
                .map(|(_, code)| code.clone())
                .collect(),
            times: shown.times,
            first_at: shown.first_at,
            last_at: shown.last_at,
        });
        Exposure { seen: seen.collect() }
    }
}

fn fingerprint(request_id: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    request_id.hash(&mut hasher);
    hasher.finish()
}

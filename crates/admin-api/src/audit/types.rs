//! Reads of personal data as auditors see them: ids and codes, never what was read.

use app::PersonalPart;
use app::audit::{Exposure as Found, SeenRecord, SubjectKind as Kind};
use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject, Union};
use domain::{DeclarationId, PrivacyRequestId};
use storage::read_audit::{FoundRead, ReadPlace};
use uuid::Uuid;

use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::loaders::Loaders;
use crate::privacy_request::types::PrivacyRequestKind;
use crate::scalars::DateTime;

/// Records of an answer that are named; the rest is counted.
const NAMED: usize = 20;
/// Records of an exposure that are named; the sheet has them all.
const SHOWN: usize = 100;

/// The outcome of asking for reads.
#[derive(Union)]
pub enum ReadsResult {
    /// They.
    Reads(Reads),
    /// What was asked has problems.
    Invalid(InvalidInput),
}

/// Reads, the newest first.
#[derive(SimpleObject)]
pub struct Reads {
    /// They; may be empty when there is more to look through.
    pub nodes: Vec<Read>,
    /// What the next page names as `before`; null when nothing is older.
    pub next_before: Option<String>,
    /// Everything since then was looked at; null: everything of the time that was asked for.
    pub looked_back_to: Option<DateTime>,
}

/// One answer that showed something personal.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Read {
    /// Where it stands; stable.
    pub id: ID,
    /// When.
    pub at: DateTime,
    /// Code of what was shown, such as `contact`.
    pub part: String,
    /// From where and what for, such as `console:DeclarationDetail`.
    pub purpose: String,
    /// The id that log lines and faults carry.
    pub request_id: String,
    /// Records that it showed.
    pub records: u32,
    #[graphql(skip)]
    by: String,
    #[graphql(skip)]
    ids: Vec<Uuid>,
}

#[ComplexObject]
impl Read {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }

    /// Their account, when they have one.
    async fn staff_id(&self) -> Option<ID> {
        self.by.strip_prefix("staff:").map(ID::from)
    }

    /// The token that they came with, when it was a program.
    async fn token_id(&self) -> Option<ID> {
        self.by.strip_prefix("token:").map(ID::from)
    }

    /// Mails among the records, 20 at most.
    async fn mails(&self) -> Vec<ID> {
        self.ids_of(PersonalPart::Mail)
    }

    /// Imports among the records, 20 at most.
    async fn imports(&self) -> Vec<ID> {
        let mut imports = self.ids_of(PersonalPart::Import);
        imports.extend(self.ids_of(PersonalPart::ImportRows));
        imports
    }

    /// Requests of data subjects and incidents among the records, 20 at most.
    async fn cases(&self, ctx: &Context<'_>) -> Result<Vec<SeenCase>> {
        if self.part != PersonalPart::Case.as_str() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for id in self.ids.iter().take(NAMED) {
            found.extend(SeenCase::of(ctx, SeenRecordKind::Case, *id).await?);
        }
        Ok(found)
    }

    /// Declarations among the records, 20 at most. A mail is none.
    async fn declarations(&self, ctx: &Context<'_>) -> Result<Vec<SeenDeclaration>> {
        let loaders = ctx.data::<Loaders>()?;
        let mut found = Vec::new();
        for id in self.ids.iter().take(NAMED) {
            let id = DeclarationId::new(*id);
            if let Some(number) = loaders.declaration_number(id).await? {
                found.push(SeenDeclaration {
                    id: ID(id.to_string()),
                    number,
                });
            }
        }
        Ok(found)
    }
}

impl Read {
    /// The first records, where they are what this part is of.
    fn ids_of(&self, part: PersonalPart) -> Vec<ID> {
        if self.part != part.as_str() {
            return Vec::new();
        }
        let ids = self.ids.iter().take(NAMED);
        ids.map(|id| ID(id.to_string())).collect()
    }
}

/// A case of which something was shown.
#[derive(SimpleObject)]
pub struct SeenCase {
    /// Which.
    pub id: ID,
    /// What a data subject asked for in it; null: it is an incident.
    pub request: Option<PrivacyRequestKind>,
}

impl SeenCase {
    /// What a record is called; none: it is no case.
    pub async fn of(ctx: &Context<'_>, kind: SeenRecordKind, id: Uuid) -> Result<Option<Self>> {
        if kind != SeenRecordKind::Case {
            return Ok(None);
        }
        let loaders = ctx.data::<Loaders>()?;
        let request = loaders.privacy_request_kind(PrivacyRequestId::new(id)).await?;
        Ok(Some(Self {
            id: ID(id.to_string()),
            request: request.map(Into::into),
        }))
    }
}

/// A declaration of which something was shown.
#[derive(SimpleObject)]
pub struct SeenDeclaration {
    /// Which.
    pub id: ID,
    /// Its number.
    pub number: String,
}

impl From<FoundRead> for Read {
    fn from(found: FoundRead) -> Self {
        let record = found.record;
        Self {
            id: ID(place_text(found.place)),
            at: DateTime(record.at),
            part: record.field_class,
            purpose: record.purpose,
            request_id: record.request_id,
            records: u32::try_from(record.ids.len()).unwrap_or(u32::MAX),
            by: record.actor,
            ids: record.ids,
        }
    }
}

/// A place as the client carries it.
pub fn place_text(place: ReadPlace) -> String {
    format!("{}.{}", place.at, place.seq)
}

/// The same read back.
pub fn read_place(text: &str) -> Option<ReadPlace> {
    let (at, seq) = text.split_once('.')?;
    Some(ReadPlace {
        at: at.parse().ok()?,
        seq: seq.parse().ok()?,
    })
}

/// The outcome of asking whose data an account could have seen.
#[derive(Union)]
pub enum ExposureResult {
    /// Whose.
    Exposure(Exposure),
    /// What was asked has problems.
    Invalid(InvalidInput),
}

/// Whose data an account could have seen in a time.
#[derive(SimpleObject)]
pub struct Exposure {
    /// Declarations.
    pub declarations: u32,
    /// Mails.
    pub mails: u32,
    /// Requests of data subjects, and incidents.
    pub cases: u32,
    /// Accounts of people who work here.
    pub accounts: u32,
    /// Imports, changes of many records, and files with a view of the register.
    pub works: u32,
    /// What was shown, and of how many records.
    pub parts: Vec<ExposurePart>,
    /// Records in the order in which they were first seen, 100 at most; the sheet has them all.
    pub records: Vec<ExposureRecord>,
}

/// What was shown, and of how many records.
#[derive(SimpleObject)]
pub struct ExposurePart {
    /// Its code, such as `contact`.
    pub part: String,
    /// Of how many.
    pub records: u32,
}

/// What kind of record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SeenRecordKind {
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

impl From<Kind> for SeenRecordKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Declaration => Self::Declaration,
            Kind::Mail => Self::Mail,
            Kind::Case => Self::Case,
            Kind::Account => Self::Account,
            Kind::Import => Self::Import,
            Kind::BulkChange => Self::BulkChange,
            Kind::Export => Self::Export,
            Kind::Inquiry => Self::Inquiry,
        }
    }
}

/// A record of which something was shown.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ExposureRecord {
    /// Which.
    pub id: ID,
    /// What kind.
    pub kind: SeenRecordKind,
    /// Codes of what was shown.
    pub parts: Vec<String>,
    /// Answers that held it.
    pub times: u32,
    /// The first of them.
    pub first_at: DateTime,
    /// The last of them.
    pub last_at: DateTime,
    #[graphql(skip)]
    uuid: Uuid,
}

#[ComplexObject]
impl ExposureRecord {
    /// The number of the declaration; null for anything else.
    async fn number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.kind {
            SeenRecordKind::Declaration => {
                let id = DeclarationId::new(self.uuid);
                ctx.data::<Loaders>()?.declaration_number(id).await
            }
            _ => Ok(None),
        }
    }

    /// Which case it is; null for anything else.
    async fn case(&self, ctx: &Context<'_>) -> Result<Option<SeenCase>> {
        SeenCase::of(ctx, self.kind, self.uuid).await
    }
}

impl From<SeenRecord> for ExposureRecord {
    fn from(seen: SeenRecord) -> Self {
        Self {
            id: ID(seen.id.to_string()),
            kind: seen.kind.into(),
            parts: seen.parts.into_iter().collect(),
            times: seen.times,
            first_at: DateTime(seen.first_at),
            last_at: DateTime(seen.last_at),
            uuid: seen.id,
        }
    }
}

impl From<Found> for Exposure {
    fn from(found: Found) -> Self {
        let count = |kind| u32::try_from(found.count(kind)).unwrap_or(u32::MAX);
        let mut parts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
        for part in found.seen.iter().flat_map(|seen| &seen.parts) {
            *parts.entry(part).or_default() += 1;
        }
        Self {
            declarations: count(Kind::Declaration),
            mails: count(Kind::Mail),
            cases: count(Kind::Case),
            accounts: count(Kind::Account),
            works: [Kind::Import, Kind::BulkChange, Kind::Export]
                .into_iter()
                .map(count)
                .sum(),
            parts: parts
                .into_iter()
                .map(|(part, records)| ExposurePart {
                    part: part.to_owned(),
                    records,
                })
                .collect(),
            records: found.seen.into_iter().take(SHOWN).map(Into::into).collect(),
        }
    }
}

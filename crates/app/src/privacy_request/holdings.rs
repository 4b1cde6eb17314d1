//! What we hold about the records of a request, gathered into one document: to judge the request by, and to give it to the person.
//!
//! Each read is recorded before the answer leaves, with the case as its purpose.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::declaration::{Change, DeclarationEvent, Fact, Field, Role};
use domain::mailing::State;
use domain::privacy_request::{PART_PERSON, PrivacyRequest, PrivacyRequestEvent};
use domain::staff::{Actor, Permission};
use domain::{DeclarationId, Personal, PrivacyRequestId, Readable};
use event_store::Position;
use serde::{Serialize, Serializer};
use serde_json::json;
use storage::mail::{self, Mail, MailFilter};
use storage::read_audit::ReadFilter;
use storage::read_record::{ReadRecord, RecordError};
use uuid::Uuid;

use super::holdings_elsewhere::{Addresses, HeldAccount, HeldApproval};
use crate::context::PersonalPart;
use crate::declaration::Entry;
use crate::{App, Forbidden, Internal, OpContext};

/// Reads that are counted at a time.
const READS_AT_ONCE: u32 = 500;
/// Messages that are read at a time.
pub(super) const MAILS_AT_ONCE: u32 = 200;
/// What the document says of something whose key was destroyed.
const FORGOTTEN: &str = "（消去済み）";

/// A fact as it stands today.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldFact {
    /// Code of the field.
    pub field: &'static str,
    /// As typed; null: it was forgotten.
    pub value: Option<String>,
}

/// One field of an entry, before and after.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldChange {
    /// Code of the field.
    pub field: &'static str,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
}

/// Something that happened to a record.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldEntry {
    /// When it was recorded.
    pub at: String,
    /// The type of the event.
    pub what: &'static str,
    /// Where it came from: the declarer, the office, or a command of the system.
    pub source: String,
    /// The fields that it changed.
    pub changes: Vec<HeldChange>,
    /// A note that was written.
    pub note: Option<String>,
    /// Why it was done.
    pub reason: Option<String>,
}

/// A message about the record.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldMail {
    /// When it was queued.
    pub at: String,
    /// To which address.
    pub to: Option<String>,
    /// Its heading.
    pub subject: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// Where it stands.
    pub state: &'static str,
}

/// A record with everything that is kept about it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldRecord {
    /// Which.
    pub declaration_id: String,
    /// Its number.
    pub number: Option<String>,
    /// What it says today.
    pub facts: Vec<HeldFact>,
    /// The oldest first.
    pub history: Vec<HeldEntry>,
    /// The newest first.
    pub mails: Vec<HeldMail>,
    /// How often personal data of it was read.
    pub reads: usize,
}

/// Everything.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// Of which case.
    pub request_id: String,
    /// When it was gathered.
    pub gathered_at: String,
    /// The records.
    pub records: Vec<HeldRecord>,
    /// Messages to the person's own addresses that are about none of the records, the newest first.
    pub mails: Vec<HeldMail>,
    /// Accounts, when they work here.
    pub accounts: HeldPart<HeldAccount>,
    /// Requests to a second person that are about the records, or about accounts that are in the answer.
    pub approvals: HeldPart<HeldApproval>,
}

/// A part of the answer that needs a right of its own.
#[derive(Clone, PartialEq, Eq)]
pub enum HeldPart<T> {
    /// What there is.
    Open(Vec<T>),
    /// Whoever gathers has no right to it, so nobody has looked whether there is any.
    Withheld(Permission),
}

impl<T: Serialize> Serialize for HeldPart<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open(parts) => parts.serialize(serializer),
            Self::Withheld(_) => json!({ "withheld": true }).serialize(serializer),
        }
    }
}

impl Holdings {
    /// The same as a document to give away.
    pub fn json(&self) -> Result<String, Internal> {
        serde_json::to_string_pretty(self).map_err(Internal::new)
    }
}

/// Why nothing was gathered.
#[derive(Debug, thiserror::Error)]
pub enum HoldingsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such case.
    #[error("there is no such case")]
    NotFound,
    /// The reads could not be recorded: the answer must not leave.
    #[error(transparent)]
    NotRecorded(#[from] RecordError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Gathers what we hold about the records of a case.
    pub async fn holdings(&self, op: &OpContext, id: PrivacyRequestId) -> Result<Holdings, HoldingsError> {
        op.require(Permission::ManagePrivacyRequests)?;
        op.require(Permission::ReadPersonal)?;
        let history = self.case_history::<PrivacyRequestEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let request = PrivacyRequest::of(said).ok_or(HoldingsError::NotFound)?;
        let mut records = Vec::with_capacity(request.declarations.len());
        let mut reads = Vec::new();
        let read = |part: PersonalPart, ids: Vec<Uuid>| ReadRecord {
            at: op.now(),
            actor: op.actor().to_string(),
            ids,
            field_class: part.as_str().to_owned(),
            purpose: format!("privacy-request:{id}"),
            request_id: op.request_id().to_string(),
        };
        let mut known = BTreeSet::new();
        // The person's own addresses are those that they gave. Those of a record are of whoever was its contact, then or now.
        let mut addresses = Addresses::default();
        let person = history.first().and_then(|entry| entry.sealed(PART_PERSON));
        if let Some(Readable::Open(person)) = person {
            addresses.add(person.reveal()["contact"].as_str().unwrap_or_default());
        }
        for declaration in &request.declarations {
            let Some((record, parts)) = self.held(*declaration, &mut known).await? else {
                continue;
            };
            records.push(record);
            reads.extend(parts.into_iter().map(|part| read(part, vec![declaration.uuid()])));
        }
        let (mails, ids) = self.mails_to(&addresses, &known).await?;
        if !ids.is_empty() {
            reads.push(read(PersonalPart::Mail, ids));
        }
        let (accounts, staff) = self.held_accounts(op, &addresses).await?;
        if !staff.is_empty() {
            let ids = staff.iter().map(|id| id.0).collect();
            reads.push(read(PersonalPart::Account, ids));
        }
        let (approvals, about) = self.held_approvals(op, &request, &staff).await?;
        // Why something is asked for is free text about the record; the accounts are noted already.
        reads.extend(
            about
                .into_iter()
                .map(|id| read(PersonalPart::FreeText, vec![id.uuid()])),
        );
        op.note_recorded(reads.iter().flat_map(|read| read.ids.iter().copied()));
        self.storage.read_recorder().record(reads).await?;
        Ok(Holdings {
            mails,
            accounts,
            approvals,
            request_id: id.to_string(),
            gathered_at: instant(op.now()),
            records,
        })
    }

    /// One record, and which personal parts of it are in the answer.
    async fn held(
        &self,
        id: DeclarationId,
        known: &mut BTreeSet<Uuid>,
    ) -> Result<Option<(HeldRecord, BTreeSet<PersonalPart>)>, HoldingsError> {
        let Some(history) = self.history(id).await? else {
            return Ok(None);
        };
        let current = history.timeline.current();
        let mut parts = BTreeSet::new();
        let facts = current.facts.iter().map(|(field, fact)| HeldFact {
            field: field.code(),
            value: value(field, Some(fact), &mut parts),
        });
        let facts = facts.collect();
        let entries = history
            .entries
            .iter()
            .map(|entry| held_entry(entry, &mut parts))
            .collect();
        let mails = self.held_mails(id, current.organization_id.uuid(), known).await?;
        if mails.iter().any(|mail| mail.to.is_some()) {
            parts.insert(PersonalPart::Mail);
        }
        let record = HeldRecord {
            declaration_id: id.to_string(),
            number: current.facts.value(Field::DeclarationNo).map(str::to_owned),
            facts,
            history: entries,
            mails,
            reads: self.count_reads(id).await?,
        };
        Ok(Some((record, parts)))
    }

    /// How often something of a record was shown to somebody. It looks through the reads of all records.
    async fn count_reads(&self, id: DeclarationId) -> Result<usize, Internal> {
        let filter = ReadFilter {
            time: DateTime::UNIX_EPOCH..DateTime::<Utc>::MAX_UTC,
            actor: None,
            id: Some(id.uuid()),
        };
        let (mut count, mut before) = (0, None);
        loop {
            let page = self.storage.read_recorder().page(&filter, before, READS_AT_ONCE);
            let page = page.await.map_err(Internal::new)?;
            count += page.reads.len();
            before = page.next;
            if before.is_none() {
                return Ok(count);
            }
        }
    }

    /// The messages that are about a record, or about its organisation and no record.
    async fn held_mails(
        &self,
        id: DeclarationId,
        organization_id: Uuid,
        known: &mut BTreeSet<Uuid>,
    ) -> Result<Vec<HeldMail>, HoldingsError> {
        let filter = MailFilter {
            states: Vec::<State>::new(),
            recipient_hash: None,
            organization_id: Some(organization_id),
        };
        let mut held = Vec::new();
        let mut before = None;
        loop {
            let page = mail::list(self.store.database(), &filter, before, MAILS_AT_ONCE).await;
            let page = page.map_err(Internal::new)?;
            let is_its = |mail: &&Mail| mail.declaration_id.is_none_or(|about| about == id.uuid());
            let its: Vec<&Mail> = page.iter().filter(is_its).collect();
            known.extend(its.iter().map(|mail| mail.id));
            held.extend(self.held_mails_of(&its).await?);
            before = page.last().map(|mail| mail.position);
            if page.len() < MAILS_AT_ONCE as usize {
                return Ok(held);
            }
        }
    }
}

impl App {
    /// What these messages say.
    pub(super) async fn held_mails_of(&self, mails: &[&Mail]) -> Result<Vec<HeldMail>, Internal> {
        let positions: Vec<Position> = mails.iter().map(|mail| mail.position).collect();
        let drafts = self.drafts(&positions).await?;
        let held = mails.iter().map(|mail| {
            let draft = drafts.get(&mail.position).and_then(|draft| draft.as_ref().ok());
            HeldMail {
                at: instant(mail.queued_at),
                to: draft.map(|draft| draft.to().address().typed().to_owned()),
                subject: draft.map(|draft| draft.subject().to_owned()),
                text: draft.map(|draft| draft.text().to_owned()),
                state: mail.state.as_str(),
            }
        });
        Ok(held.collect())
    }
}

/// What can be read of an event that is more than one text.
fn words(event: &DeclarationEvent) -> Vec<&str> {
    match event {
        DeclarationEvent::EvidenceGiven(evidence) => evidence.words(),
        DeclarationEvent::NumberLookedUp(looked_up) => looked_up.words(),
        _ => Vec::new(),
    }
}

fn held_entry(entry: &Entry, parts: &mut BTreeSet<PersonalPart>) -> HeldEntry {
    let mut text = |text: &Readable<Personal<String>>| match text {
        Readable::Open(text) => {
            parts.insert(PersonalPart::FreeText);
            text.reveal().clone()
        }
        Readable::Forgotten => FORGOTTEN.to_owned(),
    };
    let note = match &entry.statement.event {
        DeclarationEvent::NoteAdded { text: note, .. } => Some(text(note)),
        DeclarationEvent::EvidenceGiven(_) | DeclarationEvent::NumberLookedUp(_) => {
            let words = words(&entry.statement.event).join("\n");
            let is_open = !words.is_empty();
            Some(text(&if is_open {
                Readable::Open(Personal::new(words))
            } else {
                Readable::Forgotten
            }))
        }
        _ => None,
    };
    let reason = entry.reason.as_ref().map(text);
    let changes = entry.statement.event.changes().into_iter();
    let changes = changes.map(|Change { field, old, new }| HeldChange {
        field: field.code(),
        old: value(field, old.as_ref(), parts),
        new: value(field, new.as_ref(), parts),
    });
    HeldEntry {
        at: instant(entry.recorded_at),
        what: entry.statement.encode().event_type,
        source: source(&entry.actor),
        changes: changes.collect(),
        note,
        reason,
    }
}

/// Which member of staff it was is of the office, not of the person.
fn source(actor: &Actor) -> String {
    match actor {
        Actor::Staff(_) => "office".to_owned(),
        Actor::Token(_) => "program".to_owned(),
        Actor::System(name) => format!("system:{name}"),
        Actor::Declarer => "declarer".to_owned(),
    }
}

fn value(field: Field, fact: Option<&Fact>, parts: &mut BTreeSet<PersonalPart>) -> Option<String> {
    match fact? {
        Fact::Public(value) => Some(value.typed().to_owned()),
        Fact::Personal(subject, value) => {
            parts.insert(part_of(subject.role, field));
            Some(value.reveal().typed().to_owned())
        }
        Fact::Forgotten(_) => Some(FORGOTTEN.to_owned()),
    }
}

const fn part_of(role: Role, field: Field) -> PersonalPart {
    match (role, field) {
        (Role::Representative, _) => PersonalPart::Representative,
        (Role::Contact, _) => PersonalPart::Contact,
        (Role::Remarks, _) => PersonalPart::FreeText,
        (Role::SoleTrader, Field::PostalCode | Field::Street | Field::Building) => PersonalPart::Premises,
        (Role::SoleTrader, _) => PersonalPart::SoleTraderName,
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

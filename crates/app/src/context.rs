//! Who asks, with which rights, when and why: the first argument of every use case.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use domain::DeclarationId;
use domain::api_token::Scope;
use domain::staff::{Actor, Permission, Role, StaffId, allows};
use uuid::Uuid;

use crate::api_token::TokenBearer;
use crate::clock::{Clock, day_in_japan};

/// The caller may not do what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs the right {permission:?}")]
pub struct Forbidden {
    /// The right that is missing.
    pub permission: Permission,
}

/// Proof that a permission was checked; what writes takes one, and only [`OpContext::require`] makes them.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    permission: Permission,
}

impl Allowed {
    /// The permission that was checked.
    pub const fn permission(self) -> Permission {
        self.permission
    }
}

/// Part of a record that holds personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalPart {
    /// A sole trader's own name and kana.
    SoleTraderName,
    /// A sole trader's address.
    Premises,
    /// The representative.
    Representative,
    /// The contact person.
    Contact,
    /// Remarks, reasons and notes.
    FreeText,
    /// To whom a mail is, and what it says.
    Mail,
    /// Who asked in a request of a data subject, and the free text of it or of an incident.
    Case,
    /// The name of a file of an import, and why it is taken over.
    Import,
    /// What stands in the rows of such a file.
    ImportRows,
    /// Why many records are changed at once, or the note that each gets.
    BulkChange,
    /// What a file with a view of the register is for, and what was searched for.
    Export,
    /// The account of somebody who works here, shown as what is kept about them.
    Account,
    /// What was written to the secretariat, and what it answered.
    Inquiry,
}

impl PersonalPart {
    /// The name in the record of reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SoleTraderName => "sole_trader_name",
            Self::Premises => "premises",
            Self::Representative => "representative",
            Self::Contact => "contact",
            Self::FreeText => "free_text",
            Self::Mail => "mail",
            Self::Case => "case",
            Self::Import => "import",
            Self::ImportRows => "import_rows",
            Self::BulkChange => "bulk_change",
            Self::Export => "export",
            Self::Account => "account",
            Self::Inquiry => "inquiry",
        }
    }
}

/// A reader's view of something personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded<T> {
    /// Readable; the read is noted.
    Open(T),
    /// The reader lacks the right.
    Withheld(Permission),
    /// The person's key is destroyed.
    Forgotten(Uuid),
}

/// What whoever acts may do.
enum Grants {
    /// What one of the roles may.
    Roles(Vec<Role>),
    /// What a token is good for.
    Scopes(Vec<Scope>),
}

/// One operation: a request, a command on the command line, a job.
pub struct OpContext {
    actor: Actor,
    grants: Grants,
    fresh_until: Option<DateTime<Utc>>,
    request_id: Uuid,
    now: DateTime<Utc>,
    purpose: Cow<'static, str>,
    reads: Mutex<BTreeSet<(Uuid, PersonalPart)>>,
    recorded: Mutex<BTreeSet<Uuid>>,
}

impl OpContext {
    /// A signed-in member of staff, or a system actor with the given roles.
    pub fn new(
        actor: Actor,
        roles: Vec<Role>,
        request_id: Uuid,
        clock: &Arc<dyn Clock>,
        purpose: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            actor,
            grants: Grants::Roles(roles),
            fresh_until: None,
            request_id,
            now: clock.now(),
            purpose: purpose.into(),
            reads: Mutex::default(),
            recorded: Mutex::default(),
        }
    }

    /// A program with a token.
    pub fn of_token(
        bearer: TokenBearer,
        request_id: Uuid,
        clock: &Arc<dyn Clock>,
        purpose: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            actor: Actor::Token(bearer.id),
            grants: Grants::Scopes(bearer.scopes),
            fresh_until: None,
            request_id,
            now: clock.now(),
            purpose: purpose.into(),
            reads: Mutex::default(),
            recorded: Mutex::default(),
        }
    }

    /// The same of a session whose owner need not prove once more who they are until then.
    #[must_use]
    pub const fn with_fresh_until(mut self, fresh_until: Option<DateTime<Utc>>) -> Self {
        self.fresh_until = fresh_until;
        self
    }

    /// Whether whoever acts proved a moment ago who they are. Whoever has the machine has everything; a program proves nothing.
    pub fn is_fresh(&self) -> bool {
        match self.actor {
            Actor::Staff(_) => self.fresh_until.is_some_and(|until| self.now < until),
            Actor::System(_) => true,
            Actor::Token(_) | Actor::Declarer => false,
        }
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The member of staff who acts; none for the system.
    pub const fn staff_id(&self) -> Option<StaffId> {
        match self.actor {
            Actor::Staff(id) => Some(id),
            _ => None,
        }
    }

    /// The id that ties the log line, the event's correlation and the answer together.
    pub const fn request_id(&self) -> Uuid {
        self.request_id
    }

    /// One instant for the whole operation.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Today in Japan.
    pub fn today(&self) -> NaiveDate {
        day_in_japan(self.now)
    }

    /// What the reading is for, in the record of reads.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Whether the caller holds a permission.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.grants {
            Grants::Roles(roles) => roles.iter().any(|role| allows(*role, permission)),
            Grants::Scopes(scopes) => scopes.iter().any(|scope| scope.permission() == permission),
        }
    }

    /// All that the caller may do.
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.may(*permission))
            .collect()
    }

    /// Proof of a permission, or the refusal that names it.
    pub fn require(&self, permission: Permission) -> Result<Allowed, Forbidden> {
        if self.may(permission) {
            Ok(Allowed { permission })
        } else {
            Err(Forbidden { permission })
        }
    }

    /// Proof of one permission or of another, or the refusal that names the first.
    pub(crate) fn require_either(&self, first: Permission, other: Permission) -> Result<Allowed, Forbidden> {
        self.require(first)
            .or_else(|refused| self.require(other).map_err(|_| refused))
    }

    /// Opens something personal for this reader: withheld without the right, else noted for the record of reads,
    /// which is written before the answer leaves.
    pub fn reveal<T>(
        &self,
        id: DeclarationId,
        part: PersonalPart,
        open: impl FnOnce() -> Guarded<T>,
    ) -> Guarded<T> {
        self.reveal_part(id.uuid(), part, open)
    }

    /// The same for a mail: its id stands in the record of reads.
    pub fn reveal_mail<T>(&self, mail_id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(mail_id, PersonalPart::Mail, open)
    }

    /// The same for a request of a data subject or an incident: its id stands in the record of reads.
    pub fn reveal_case<T>(&self, case_id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(case_id, PersonalPart::Case, open)
    }

    /// The same for the rows of the file of an import: they may name as many persons as it has rows.
    pub fn reveal_import_rows<T>(&self, import_id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(import_id, PersonalPart::ImportRows, open)
    }

    /// The same for the file of an import: its id stands in the record of reads.
    pub fn reveal_import<T>(&self, import_id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(import_id, PersonalPart::Import, open)
    }

    /// The same for the words of a bulk change: its id stands in the record of reads.
    pub fn reveal_bulk_change<T>(&self, id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(id, PersonalPart::BulkChange, open)
    }

    /// The same for the words of an export: its id stands in the record of reads.
    pub fn reveal_export<T>(&self, id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(id, PersonalPart::Export, open)
    }

    /// The same for the words of an inquiry: its id stands in the record of reads.
    pub fn reveal_inquiry<T>(&self, id: Uuid, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        self.reveal_part(id, PersonalPart::Inquiry, open)
    }

    fn reveal_part<T>(&self, id: Uuid, part: PersonalPart, open: impl FnOnce() -> Guarded<T>) -> Guarded<T> {
        if !self.may(Permission::ReadPersonal) {
            return Guarded::Withheld(Permission::ReadPersonal);
        }
        let value = open();
        if matches!(value, Guarded::Open(_)) {
            self.reads
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert((id, part));
        }
        value
    }

    /// How many records something personal was read of so far.
    pub fn records_read(&self) -> usize {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ids = recorded.clone();
        ids.extend(reads.iter().map(|(id, _)| *id));
        ids.len()
    }

    /// Notes what the operation has itself written to the record of reads: it counts like the rest.
    pub(crate) fn note_recorded(&self, ids: impl IntoIterator<Item = Uuid>) {
        self.recorded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(ids);
    }

    /// Of which records something personal was read that is not on record yet.
    pub(crate) fn records_to_note(&self) -> BTreeSet<Uuid> {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.iter().map(|(id, _)| *id).collect()
    }

    /// Takes what was read so far, each part of each record once: ids of declarations, of mails, or of cases.
    pub fn take_reads(&self) -> BTreeSet<(Uuid, PersonalPart)> {
        std::mem::take(&mut *self.reads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

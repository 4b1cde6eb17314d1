//! The record of what happened to ways in: who got in, who did not, what was refused, what opened or closed a way.
//!
//! It is written where it happens, which may be deep inside a use case. From where and for which request is context, as it is for log
//! lines: whoever takes a request says it once, by [`asked`].

mod list;

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::staff::{Actor, CredentialChange, SecurityKind, StaffId};
use storage::security_record::{self, SecurityRecord};
use uuid::Uuid;

use crate::App;
use crate::staff::of_one_client;

pub use list::{SecurityPage, SecurityQuery};

/// What anybody can bring about as often as they like is written once in so long for each of them, or the record could be flooded.
const SELDOM: TimeDelta = TimeDelta::minutes(1);

/// The request in which something happens.
#[derive(Debug, Clone)]
pub struct Asked {
    /// From where.
    pub address: IpAddr,
    /// Its id.
    pub request_id: Uuid,
    /// Who is signed in.
    pub actor: Option<Actor>,
}

tokio::task_local! {
    static ASKED: Asked;
}

/// Runs what one request asked for: what is recorded meanwhile names it.
pub async fn asked<F: Future>(asked: Asked, answer: F) -> F::Output {
    ASKED.scope(asked, answer).await
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// What.
    pub kind: SecurityKind,
    /// Code of how or why.
    pub detail: &'a str,
    /// Whose account; none: nobody's.
    pub staff_id: Option<StaffId>,
}

impl<'a> Note<'a> {
    /// Something about an account.
    pub const fn of(kind: SecurityKind, detail: &'a str, staff_id: StaffId) -> Self {
        Self {
            kind,
            detail,
            staff_id: Some(staff_id),
        }
    }

    /// Something about nobody's account.
    pub const fn of_nobody(kind: SecurityKind, detail: &'a str) -> Self {
        Self {
            kind,
            detail,
            staff_id: None,
        }
    }
}

impl App {
    /// Records something. A record that cannot be written is told in the log, where the line of it stands in any case: nobody is kept
    /// out, and nothing undone, because of it.
    pub async fn note(&self, note: Note<'_>) {
        self.write_note(note, None, None).await;
    }

    /// The same of a try: where no account is known, a keyed hash tells one that was tried from another.
    pub(crate) async fn note_tried(&self, note: Note<'_>, tried: &[u8]) {
        let tried = note.staff_id.is_none().then_some(tried);
        self.write_note(note, tried, None).await;
    }

    /// The same of what can be brought about as often as somebody likes: once a minute for each hash.
    pub(crate) async fn note_seldom(&self, note: Note<'_>, whose: &[u8]) {
        let (database, since) = (self.store.database(), self.now() - SELDOM);
        let what = (note.kind.code(), note.detail);
        match security_record::is_recent(database, what, whose, since).await {
            Ok(true) => {}
            Ok(false) => self.write_note(note, Some(whose), None).await,
            Err(error) => tracing::error!(
                error = crate::cause(&error),
                "a security record cannot be looked for"
            ),
        }
    }

    /// The same of somebody outside, told apart as for the delays by the network that they come from.
    pub(crate) async fn note_outside(&self, note: Note<'_>) {
        let network = ASKED.try_with(|asked| of_one_client(asked.address).to_string());
        let whose = self.mark("address", &network.unwrap_or_default());
        self.note_seldom(note, &whose).await;
    }

    /// Somebody came with what is no token of a program.
    pub async fn note_bad_token(&self) {
        let note = Note::of_nobody(SecurityKind::SignInRefused, "api_token");
        self.note_outside(note).await;
    }

    /// Somebody who is signed in was refused something, or held back; once a minute for each of them and each detail.
    pub async fn note_held_back(&self, kind: SecurityKind, detail: &str, actor: &Actor) {
        let staff_id = match actor {
            Actor::Staff(id) => Some(*id),
            _ => None,
        };
        let note = Note {
            kind,
            detail,
            staff_id,
        };
        self.note_seldom(note, &self.mark("actor", &actor.to_string()))
            .await;
    }

    pub(crate) async fn note_credential(&self, id: StaffId, what: CredentialChange, actor: &Actor) {
        let note = Note::of(SecurityKind::CredentialChanged, what.code(), id);
        self.write_note(note, None, Some(actor)).await;
    }

    /// The same, done by somebody of whom the caller knows more than the request.
    pub(crate) async fn note_by(&self, note: Note<'_>, actor: &Actor) {
        self.write_note(note, None, Some(actor)).await;
    }

    fn mark(&self, kind: &str, value: &str) -> [u8; 32] {
        self.store
            .keyring()
            .keyed_hash("security-record", format!("{kind}:{value}").as_bytes())
    }

    async fn write_note(&self, note: Note<'_>, tried: Option<&[u8]>, actor: Option<&Actor>) {
        let asked = ASKED.try_with(Clone::clone).ok();
        let by = asked.as_ref().and_then(|asked| asked.actor.as_ref());
        let record = SecurityRecord {
            at: self.now(),
            kind: note.kind.code().to_owned(),
            detail: note.detail.to_owned(),
            staff_id: note.staff_id.map(|id| id.0),
            tried: tried.map(<[u8]>::to_vec),
            actor: actor.or(by).map(ToString::to_string),
            address: asked.as_ref().map(|asked| asked.address.to_string()),
            request_id: asked.as_ref().map(|asked| asked.request_id),
        };
        tracing::info!(
            target: "sengen::security",
            kind = record.kind,
            detail = record.detail,
            staff_id = record.staff_id.map(tracing::field::display),
            actor = record.actor,
            request_id = record.request_id.map(tracing::field::display),
            "security: {} {}",
            record.kind,
            record.detail
        );
        if let Err(error) = security_record::add(self.store.database(), &record).await {
            tracing::error!(
                error = crate::cause(&error),
                "a security record cannot be written"
            );
        }
    }
}

//! Reading what was taken: who wrote it, and what it reports about a message of ours.

use chrono::{DateTime, TimeDelta, Utc};
use domain::IncomingMailId;
use domain::inquiry::MessageKind;
use domain::mailing::event::ReturnKind;
use domain::mailing::{Address, MessageId, State};
use event_store::SubjectId;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use storage::incoming_mail::{self, StoredIncoming, WasRead};
use storage::mail::{MailFilter, list};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::content::{MailContent, MailContents};
use super::content_label;
use crate::inquiry::ReadMessage;
use crate::mail::{BounceError, CameBackFor};
use crate::random::derived_id;
use crate::{App, Internal, OpContext, cause};

/// So long after a message went, reports that do not name it are taken to be about it: servers try for five days.
const REPORTED_WITHIN: TimeDelta = TimeDelta::days(14);

/// A message that nobody has read yet.
pub struct WaitingMail {
    /// Which.
    pub id: Uuid,
    /// Its bytes, or their beginning; `None`: they are not those that were taken, or their key is gone.
    pub bytes: Option<Zeroizing<Vec<u8>>>,
    /// How many bytes it has.
    pub size: u64,
    /// Whether all of them are here.
    pub is_whole: bool,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
}

/// What a message was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncomingKind {
    /// Somebody wrote it.
    Human,
    /// A program answers, or says something by itself.
    AutoReply,
    /// It went to a list.
    List,
    /// A server says that a message did not arrive.
    Bounce,
    /// A person has to look at it.
    Unreadable,
    /// What is stored is not what was taken; it stays as it is.
    Damaged,
}

impl IncomingKind {
    /// What it is to the desk; none: it is not for the desk.
    const fn of_inquiry(self) -> Option<MessageKind> {
        match self {
            Self::Human => Some(MessageKind::Human),
            Self::AutoReply => Some(MessageKind::AutoReply),
            Self::List => Some(MessageKind::List),
            // What cannot be read is for a person, whatever is wrong with it.
            Self::Unreadable | Self::Damaged => Some(MessageKind::Unreadable),
            Self::Bounce => None,
        }
    }

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::AutoReply => "auto_reply",
            Self::List => "list",
            Self::Bounce => "bounce",
            Self::Unreadable => "unreadable",
            Self::Damaged => "damaged",
        }
    }
}

/// What a bounce says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How bad it is.
    pub kind: ReturnKind,
    /// Its code, such as `5.1.1`; empty when it has none.
    pub status: String,
    /// What names the message.
    pub about: ReportsAbout,
}

/// How a bounce names the message that did not arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportsAbout {
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// To whom it was.
    pub recipient: Option<String>,
}

/// A message as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatItIs {
    /// Which.
    pub id: Uuid,
    /// What it is.
    pub kind: IncomingKind,
    /// What it reports, when it is a bounce.
    pub report: Option<Report>,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// What it says; none: nothing could be read of it.
    pub content: Option<MailContent>,
}

impl App {
    /// Messages that nobody has read yet, the oldest first, after one of them.
    pub async fn waiting_mail(&self, after: Uuid, at_most: u32) -> Result<Vec<WaitingMail>, Internal> {
        let waiting = incoming_mail::waiting(self.store.database(), after, at_most).await;
        let mut opened = Vec::new();
        for stored in waiting.map_err(Internal::new)? {
            opened.push(self.open_mail(stored).await?);
        }
        Ok(opened)
    }

    /// Messages that were read before there was a desk, the oldest first, after one of them: they have no inquiry.
    pub async fn unplaced_mail(&self, after: Uuid, at_most: u32) -> Result<Vec<WaitingMail>, Internal> {
        let unplaced = incoming_mail::unplaced(self.store.database(), after, at_most).await;
        let mut opened = Vec::new();
        for stored in unplaced.map_err(Internal::new)? {
            opened.push(self.open_mail(stored).await?);
        }
        Ok(opened)
    }

    /// A message as it came; none: it is not kept.
    pub(crate) async fn incoming_mail(&self, id: IncomingMailId) -> Result<Option<WaitingMail>, Internal> {
        let stored = incoming_mail::load(self.store.database(), id.uuid()).await;
        match stored.map_err(Internal::new)? {
            Some(stored) => Ok(Some(self.open_mail(stored).await?)),
            None => Ok(None),
        }
    }

    /// The same office, which can read raw mail again.
    #[must_use]
    pub fn with_mail_contents(mut self, contents: Arc<dyn MailContents>) -> Self {
        self.mail_contents = Some(contents);
        self
    }

    async fn open_mail(&self, stored: StoredIncoming) -> Result<WaitingMail, Internal> {
        let sealed = incoming_mail::sealed(self.store.database(), stored.id).await;
        let sealed = sealed.map_err(Internal::new)?;
        let is_sound = Sha256::digest(&sealed)[..] == stored.sealed_sha256[..];
        let key = SubjectId(stored.id);
        let opened = self
            .store
            .keyring()
            .unseal(key, &content_label(stored.id), &sealed)
            .await;
        let bytes = match opened {
            Ok(bytes) if is_sound => Some(bytes),
            Err(event_store::UnsealError::Keyring(error)) => return Err(Internal::new(error)),
            _ => {
                tracing::error!(id = %stored.id, "a message that came in is not what was taken, or its key is gone");
                None
            }
        };
        Ok(WaitingMail {
            id: stored.id,
            bytes,
            size: stored.size,
            is_whole: stored.is_whole,
            taken_at: stored.taken_at,
        })
    }

    /// Writes down what messages are, what they report, and to which inquiry they belong. What follows from a message is written first: a
    /// crash in between leads to its being read again, and that is the same command then. One of which it cannot be written waits, and
    /// holds no other up. Answers what was written down.
    pub async fn mail_was_read(
        &self,
        op: &OpContext,
        read: &[WhatItIs],
    ) -> Result<Vec<IncomingKind>, Internal> {
        let mut rows = Vec::with_capacity(read.len());
        let mut written = Vec::with_capacity(read.len());
        for read in read {
            let mail_id = match &read.report {
                Some(report) => match self.take_in_report(op, read.id, report).await {
                    Ok(mail_id) => mail_id,
                    Err(error) => {
                        tracing::error!(id = %read.id, error = %cause(&error), "a report about mail of ours cannot be written down now");
                        continue;
                    }
                },
                None => None,
            };
            if let Some(kind) = read.kind.of_inquiry() {
                let message = ReadMessage {
                    id: IncomingMailId::new(read.id),
                    kind,
                    taken_at: read.taken_at,
                    content: read.content.as_ref(),
                };
                if let Err(error) = self.receive_inquiry(op, &message).await {
                    tracing::error!(id = %read.id, error = %cause(&error), "a message that came in cannot be given to the desk now");
                    continue;
                }
            }
            written.push(read.kind);
            rows.push(WasRead {
                id: read.id,
                kind: read.kind.code().to_owned(),
                mail_id,
            });
        }
        let set = incoming_mail::set_read(self.store.database(), &rows, op.now()).await;
        set.map_err(Internal::new)?;
        Ok(written)
    }

    /// The message of the ledger that it was about; `None`: none of ours.
    async fn take_in_report(
        &self,
        op: &OpContext,
        incoming_id: Uuid,
        report: &Report,
    ) -> Result<Option<Uuid>, Internal> {
        let (mail_id, kind) = match self.named_mail(&report.about).await? {
            Some(id) => (id, report.kind),
            None => match self.newest_mail_to(op, &report.about).await? {
                // Anybody can write such a report about an address that they know; whoever knows the id of a message has seen it.
                Some(id) if report.kind == ReturnKind::Hard => (id, ReturnKind::Soft),
                Some(id) => (id, report.kind),
                None => return Ok(None),
            },
        };
        let came_back = CameBackFor {
            mail_id,
            kind,
            status: report.status.clone(),
        };
        let command_id = derived_id(incoming_id, "came back");
        match self.mail_came_back(op, command_id, &came_back).await {
            Ok(()) => Ok(Some(mail_id)),
            Err(BounceError::NotFound(_)) => Ok(None),
            Err(BounceError::Internal(error)) => Err(error),
            Err(error @ BounceError::Overtaken) => Err(Internal::new(error)),
        }
    }

    /// The message that a report names by its Message-ID, which is made of the ledger's row.
    async fn named_mail(&self, about: &ReportsAbout) -> Result<Option<Uuid>, Internal> {
        let named = about.message_id.as_deref();
        let Some(id) = named.and_then(|id| MessageId::parse(&format!("<{id}>")).ok()) else {
            return Ok(None);
        };
        let known = storage::mail::load(self.store.database(), id.row()).await;
        Ok(known.map_err(Internal::new)?.map(|mail| mail.id))
    }

    /// For servers that name no message: the newest that went to the address, not long ago.
    async fn newest_mail_to(&self, op: &OpContext, about: &ReportsAbout) -> Result<Option<Uuid>, Internal> {
        let address = about.recipient.as_deref().and_then(|it| Address::parse(it).ok());
        let Some(address) = address else {
            return Ok(None);
        };
        let filter = MailFilter {
            // What no server has taken yet cannot have come back.
            states: vec![State::Accepted, State::Bounced, State::InDoubt],
            recipient_hash: Some(self.address_hash(&address).recipient),
            ..MailFilter::default()
        };
        let newest = list(self.store.database(), &filter, None, 1).await;
        let newest = newest.map_err(Internal::new)?.into_iter().next();
        Ok(newest
            .filter(|mail| op.now() - mail.changed_at <= REPORTED_WITHIN)
            .map(|mail| mail.id))
    }
}

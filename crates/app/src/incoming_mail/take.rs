//! Taking a message: its bytes are durable when this answers, and the same bytes are kept once, however often they are handed over.

use std::fmt;

use event_store::SubjectId;
use sha2::{Digest as _, Sha256};
use storage::incoming_mail::{self, MailboxCursor, StoredIncoming};
use uuid::Uuid;

use super::content_label;
use crate::{App, Internal};

/// Where a message came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailSource {
    /// A mailbox on another server, by its name in the configuration.
    Mailbox(String),
    /// The mail server of this machine handed it over.
    Pipe,
    /// Somebody put it in from a file.
    File,
}

impl fmt::Display for MailSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mailbox(name) => write!(f, "mailbox:{name}"),
            Self::Pipe => f.write_str("pipe"),
            Self::File => f.write_str("file"),
        }
    }
}

/// A message as it came.
#[derive(Clone)]
pub struct RawMail {
    /// Its bytes, or their beginning, when there are too many.
    pub bytes: Vec<u8>,
    /// How many it has.
    pub size: u64,
}

impl RawMail {
    /// A message of which all bytes are here.
    pub fn whole(bytes: Vec<u8>) -> Self {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { bytes, size }
    }

    fn is_whole(&self) -> bool {
        u64::try_from(self.bytes.len()).is_ok_and(|length| length == self.size)
    }
}

/// A message that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenMail {
    /// Under which id.
    pub id: Uuid,
    /// Whether it was not known before.
    pub is_new: bool,
}

impl App {
    /// Keeps messages. They are durable when this answers; until then whoever hands them over still has them.
    pub async fn take_mail(
        &self,
        source: &MailSource,
        mails: &[RawMail],
    ) -> Result<Vec<TakenMail>, Internal> {
        let database = self.store.database();
        let mut taken = Vec::with_capacity(mails.len());
        let mut new = Vec::new();
        for mail in mails {
            let keyring = self.store.keyring();
            let content_hash = keyring.keyed_hash("incoming-mail", &mail.bytes);
            let known = incoming_mail::known(database, &content_hash).await;
            if let Some(id) = known.map_err(Internal::new)? {
                taken.push(TakenMail { id, is_new: false });
                continue;
            }
            let id = self.new_id().map_err(Internal::new)?;
            taken.push(TakenMail { id, is_new: true });
            new.push((id, content_hash, mail));
        }
        let subjects: Vec<SubjectId> = new.iter().map(|(id, ..)| SubjectId(*id)).collect();
        let keyring = self.store.keyring();
        keyring.ensure(&subjects).await.map_err(Internal::new)?;
        let mut rows = Vec::with_capacity(new.len());
        for (id, content_hash, mail) in new {
            let sealed = keyring.seal(SubjectId(id), &content_label(id), &mail.bytes).await;
            let sealed = sealed.map_err(Internal::new)?;
            let row = StoredIncoming {
                id,
                content_hash,
                source: source.to_string(),
                taken_at: self.now(),
                size: mail.size,
                is_whole: mail.is_whole(),
                sealed_sha256: Sha256::digest(&sealed).into(),
            };
            rows.push((row, sealed));
        }
        let added = incoming_mail::add(database, &rows).await.map_err(Internal::new)?;
        for (row, _) in rows
            .iter()
            .zip(added)
            .filter_map(|(row, is_new)| (!is_new).then_some(row))
        {
            // Another process, or the same message once more among these, was faster: its key seals nothing, and is harmless.
            let known = incoming_mail::known(database, &row.content_hash).await;
            let known = known.map_err(Internal::new)?;
            for taken in taken.iter_mut().filter(|taken| taken.id == row.id) {
                taken.is_new = false;
                taken.id = known.unwrap_or(taken.id);
            }
        }
        Ok(taken)
    }

    /// How far a mailbox was read; `None`: not at all.
    pub async fn mailbox_cursor(&self, mailbox: &str) -> Result<Option<MailboxCursor>, Internal> {
        let cursor = incoming_mail::cursor(self.store.database(), mailbox).await;
        cursor.map_err(Internal::new)
    }

    /// Remembers how far a mailbox was read: to be called when all up to there was taken.
    pub async fn set_mailbox_cursor(&self, mailbox: &str, cursor: MailboxCursor) -> Result<(), Internal> {
        let set = incoming_mail::set_cursor(self.store.database(), mailbox, cursor).await;
        set.map_err(Internal::new)
    }
}

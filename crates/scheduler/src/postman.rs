//! Brings mail from a mailbox on another server: keeps it, remembers how far it is, and waits for more.

use std::sync::Arc;
use std::time::Duration;

use app::incoming_mail::{MailSource, MailboxCursor, RawMail};
use app::{App, Internal, cause};
use mail::imap::{Batch, Content, Cursor, Failure, Mailbox, Session, Woken};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Messages that are brought together.
const BATCH: usize = 100;
/// So often a message is tried on which its server breaks off, before the others are brought without it.
const TRIES: u32 = 3;

/// How long it is waited.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// Between two looks, where the server does not tell of new mail.
    pub poll: Duration,
    /// After the first failure; twice as long after each further one.
    pub first: Duration,
    /// At most, and after what only a person can change.
    pub longest: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            poll: Duration::from_mins(1),
            first: Duration::from_secs(5),
            longest: Duration::from_mins(10),
        }
    }
}

/// Attends one mailbox.
pub struct Postman {
    app: Arc<App>,
    name: String,
    mailbox: Mailbox,
    pauses: Pauses,
    /// Whoever reads what was brought.
    taken: Arc<Notify>,
    failures: u32,
    /// The message at which the server broke off, and how often.
    stumbled: Option<(u32, u32)>,
}

/// Why a mailbox was left.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Mailbox(#[from] Failure),
    #[error("what was brought cannot be kept now")]
    Internal(#[from] Internal),
}

impl Postman {
    /// One for the mailbox of this name.
    pub const fn new(
        app: Arc<App>,
        name: String,
        mailbox: Mailbox,
        pauses: Pauses,
        taken: Arc<Notify>,
    ) -> Self {
        Self {
            app,
            name,
            mailbox,
            pauses,
            taken,
            failures: 0,
            stumbled: None,
        }
    }

    /// Attends the mailbox until it is told to stop. Nothing is lost when it stops anywhere: what was not remembered is brought again,
    /// and kept once.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let trouble = tokio::select! {
                () = stop.cancelled() => return,
                trouble = self.attend() => trouble,
            };
            let pause = self.after(&trouble).await;
            tracing::warn!(mailbox = %self.name, again_in_seconds = pause.as_secs(), "{}", cause(&trouble));
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Brings what there is, and what comes, until something fails.
    async fn attend(&mut self) -> Trouble {
        match self.mailbox.open().await {
            Ok(mut session) => loop {
                if let Err(trouble) = self.bring(&mut session).await {
                    return trouble;
                }
            },
            Err(failure) => failure.into(),
        }
    }

    /// Brings some messages, and waits for more where there are none.
    async fn bring(&mut self, session: &mut Session) -> Result<(), Trouble> {
        let cursor = self.app.mailbox_cursor(&self.name).await?;
        let cursor = cursor.map(|it| Cursor {
            uid_validity: it.uid_validity,
            last_uid: it.last_uid,
        });
        let batch = session.newer_than(cursor, BATCH).await?;
        let has_more = batch.has_more;
        self.keep(batch).await?;
        self.failures = 0;
        if has_more {
            return Ok(());
        }
        if session.wait(self.pauses.poll).await? == Woken::Poll {
            tokio::time::sleep(self.pauses.poll).await;
        }
        Ok(())
    }

    async fn keep(&mut self, batch: Batch) -> Result<(), Trouble> {
        if batch.starts_over {
            tracing::info!(mailbox = %self.name, "the server counts its messages anew: all are looked at again");
        }
        let mails: Vec<RawMail> = batch
            .messages
            .into_iter()
            .map(|message| self.raw(message.uid, message.content))
            .collect();
        let source = MailSource::Mailbox(self.name.clone());
        self.app.take_mail(&source, &mails).await?;
        let cursor = MailboxCursor {
            uid_validity: batch.cursor.uid_validity,
            last_uid: batch.cursor.last_uid,
        };
        self.app.set_mailbox_cursor(&self.name, cursor).await?;
        if !mails.is_empty() {
            self.taken.notify_one();
        }
        Ok(())
    }

    fn raw(&self, uid: u32, content: Content) -> RawMail {
        match content {
            Content::Whole(bytes) => RawMail::whole(bytes),
            Content::TooLarge { size, beginning } => RawMail {
                bytes: beginning,
                size,
            },
            Content::Withheld => self.missing(uid),
        }
    }

    /// In place of a message that its server lists and does not give: a person has to look for it there.
    fn missing(&self, uid: u32) -> RawMail {
        let name = &self.name;
        tracing::error!(mailbox = %name, uid, "the server does not give a message that it lists: look for it there");
        let text = format!("mailbox {name} does not give its message {uid}");
        RawMail::whole(text.into_bytes())
    }

    /// How long to wait after this. A message on which the server breaks off again and again is passed over, for a person.
    async fn after(&mut self, trouble: &Trouble) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let Trouble::Mailbox(failure) = trouble else {
            return self.pauses.first;
        };
        if failure.needs_a_person() {
            return self.pauses.longest;
        }
        if let Some(uid) = failure.message() {
            let before = self.stumbled.filter(|(known, _)| *known == uid);
            let tries = before.map_or(0, |(_, tries)| tries) + 1;
            self.stumbled = Some((uid, tries));
            if tries >= TRIES && self.pass_over(uid).await {
                self.stumbled = None;
                return self.pauses.first;
            }
        }
        let doubled = self.failures.saturating_sub(1).min(16);
        let pause = self.pauses.first.saturating_mul(1 << doubled);
        pause.min(self.pauses.longest)
    }

    /// `false`: it could not be written down, and is tried once more.
    async fn pass_over(&self, uid: u32) -> bool {
        let source = MailSource::Mailbox(self.name.clone());
        let Ok(Some(cursor)) = self.app.mailbox_cursor(&self.name).await else {
            return false;
        };
        if self.app.take_mail(&source, &[self.missing(uid)]).await.is_err() {
            return false;
        }
        self.taken.notify_one();
        let next = MailboxCursor {
            last_uid: uid.max(cursor.last_uid),
            ..cursor
        };
        self.app.set_mailbox_cursor(&self.name, next).await.is_ok()
    }
}

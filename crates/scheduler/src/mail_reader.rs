//! Reads mail that was taken, and hands on what it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::incoming_mail::{
    AttachedFile, Correspondent, IncomingKind, MailContent, MailContents, NamedFile, RawBytes, Report,
    ReportsAbout, WaitingMail, WhatItIs,
};
use app::{App, Internal, cause};
use domain::Personal;
use domain::inquiry::hazard;
use domain::mailing::event::ReturnKind;
use domain::staff::Actor;
use mail::incoming::{self, BounceKind, MailKind, ReadLimits, Reading};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Messages that are read and written down together.
const BATCH: u32 = 50;
/// The longest pause between two looks: another process may have taken something.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Pause after the database did not answer.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Reads mail that was taken.
pub struct MailReader {
    app: Arc<App>,
    limits: ReadLimits,
    /// Whether what was read before there was a desk has come to it.
    is_caught_up: AtomicBool,
}

/// Reads raw messages for whoever needs one again.
#[derive(Debug, Clone, Copy)]
pub struct RawReader {
    limits: ReadLimits,
}

impl RawReader {
    /// One that reads within these limits.
    pub const fn new(limits: ReadLimits) -> Self {
        Self { limits }
    }

    fn reading(&self, mail: &RawBytes<'_>, charset: Option<&str>) -> Reading {
        if mail.is_whole {
            incoming::read_as(mail.bytes, &self.limits, charset)
        } else {
            incoming::too_large(mail.bytes, mail.size, &self.limits)
        }
    }
}

impl MailContents for RawReader {
    fn read(&self, mail: &RawBytes<'_>, charset: Option<&str>) -> Option<MailContent> {
        // What the panic said may repeat what it failed at, so it is not kept.
        let read = std::panic::catch_unwind(|| self.reading(mail, charset));
        Some(content(&read.ok()?))
    }

    fn file(&self, mail: &RawBytes<'_>, index: usize) -> Option<NamedFile> {
        let read = std::panic::catch_unwind(|| self.reading(mail, None)).ok()?;
        let file = read.attachments.into_iter().nth(index)?;
        Some(NamedFile {
            name: file.name.unwrap_or_default(),
            bytes: file.bytes,
        })
    }

    fn html(&self, mail: &RawBytes<'_>, charset: Option<&str>) -> Option<Personal<String>> {
        let read = std::panic::catch_unwind(|| self.reading(mail, charset)).ok()?;
        read.html.map(Personal::new)
    }

    fn is_charset(&self, name: &str) -> bool {
        incoming::is_charset(name)
    }
}

/// How many messages of each kind were read.
pub type ReadCounts = BTreeMap<&'static str, u64>;

impl MailReader {
    /// One that reads within these limits.
    pub const fn new(app: Arc<App>, limits: ReadLimits) -> Self {
        Self {
            app,
            limits,
            is_caught_up: AtomicBool::new(false),
        }
    }

    /// Reads whenever something may be there, until it is told to stop.
    pub async fn run(self, taken: Arc<Notify>, stop: CancellationToken) {
        loop {
            let pause = match self.read_all().await {
                Ok(_) => LOOK_EVERY,
                Err(error) => {
                    tracing::error!(error = %cause(&error), "mail that came in cannot be read now");
                    ASK_AGAIN
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = taken.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Reads everything that waits, once; the first time also what was read before there was a desk.
    pub async fn read_all(&self) -> Result<ReadCounts, Internal> {
        if !self.is_caught_up.load(Ordering::Relaxed) {
            let mut after = Uuid::nil();
            loop {
                let unplaced = self.app.unplaced_mail(after, BATCH).await?;
                let Some(last) = unplaced.last() else { break };
                after = last.id;
                self.read_some(unplaced).await?;
            }
            self.is_caught_up.store(true, Ordering::Relaxed);
        }
        let mut counts = ReadCounts::new();
        let mut after = Uuid::nil();
        loop {
            let waiting = self.app.waiting_mail(after, BATCH).await?;
            let Some(last) = waiting.last() else {
                return Ok(counts);
            };
            after = last.id;
            for kind in self.read_some(waiting).await? {
                *counts.entry(kind.code()).or_default() += 1;
            }
        }
    }

    async fn read_some(&self, mails: Vec<WaitingMail>) -> Result<Vec<IncomingKind>, Internal> {
        let mut read = Vec::with_capacity(mails.len());
        for mail in mails {
            read.push(self.read(mail).await);
        }
        let request = self.app.new_id().map_err(Internal::new)?;
        let actor = Actor::System("mail".to_owned());
        let op = self.app.context(actor, Vec::new(), request, "mail");
        self.app.mail_was_read(&op, &read).await
    }

    async fn read(&self, mail: WaitingMail) -> WhatItIs {
        let (id, taken_at, reader) = (mail.id, mail.taken_at, RawReader::new(self.limits));
        let without_report = |kind| WhatItIs {
            id,
            kind,
            report: None,
            taken_at,
            content: None,
        };
        let Some(bytes) = mail.bytes else {
            return without_report(IncomingKind::Damaged);
        };
        let (size, is_whole) = (mail.size, mail.is_whole);
        // On a thread of its own: a large message takes a while, and one on which the reader fails must not take us along.
        let reading = tokio::task::spawn_blocking(move || {
            let raw = RawBytes {
                bytes: &bytes,
                size,
                is_whole,
            };
            reader.reading(&raw, None)
        });
        let Ok(reading) = reading.await else {
            tracing::error!(%id, "a message that came in could not be read: the reader failed on it");
            return without_report(IncomingKind::Unreadable);
        };
        WhatItIs {
            id,
            kind: kind(reading.kind),
            report: report(&reading),
            taken_at,
            content: Some(content(&reading)),
        }
    }
}

fn content(reading: &Reading) -> MailContent {
    let person = |it: &incoming::Correspondent| {
        Personal::new(Correspondent {
            name: it.name.clone(),
            address: it.address.clone(),
        })
    };
    let files = reading.attachments.iter().map(|file| {
        let name = file.name.clone().unwrap_or_default();
        Personal::new(AttachedFile {
            hazard: hazard(&name, &file.bytes),
            name,
            media_type: file.content_type.clone(),
            size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        })
    });
    MailContent {
        sender: reading.sender.as_ref().map(person),
        reply_to: reading.reply_to.first().map(person),
        subject: Personal::new(reading.subject.clone()),
        text: Personal::new(reading.text.clone()),
        has_html: reading.html.is_some(),
        charset: reading.charset.used.clone(),
        attachments: files.collect(),
        may_be_answered: reading.may_be_answered,
        message_id: reading.message_id.clone().map(Personal::new),
        answers: reading.answers.iter().cloned().map(Personal::new).collect(),
        written_at: reading.date,
    }
}

const fn kind(kind: MailKind) -> IncomingKind {
    match kind {
        MailKind::Human => IncomingKind::Human,
        MailKind::AutoReply => IncomingKind::AutoReply,
        MailKind::List => IncomingKind::List,
        MailKind::Bounce => IncomingKind::Bounce,
        MailKind::Unreadable => IncomingKind::Unreadable,
    }
}

fn report(reading: &Reading) -> Option<Report> {
    let bounce = reading.bounce.as_ref()?;
    Some(Report {
        kind: match bounce.kind {
            BounceKind::Hard => ReturnKind::Hard,
            BounceKind::Soft if bounce.is_delay => ReturnKind::Delay,
            BounceKind::Soft => ReturnKind::Soft,
        },
        status: bounce.status.clone().unwrap_or_default(),
        about: ReportsAbout {
            message_id: bounce.original_message_id.clone(),
            recipient: bounce.recipient.clone(),
        },
    })
}

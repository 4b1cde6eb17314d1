//! Reads mail that was taken, and hands on what it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use app::incoming_mail::{IncomingKind, Report, ReportsAbout, WaitingMail, WhatItIs};
use app::{App, Internal, cause};
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
}

/// How many messages of each kind were read.
pub type ReadCounts = BTreeMap<&'static str, u64>;

impl MailReader {
    /// One that reads within these limits.
    pub const fn new(app: Arc<App>, limits: ReadLimits) -> Self {
        Self { app, limits }
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

    /// Reads everything that waits, once.
    pub async fn read_all(&self) -> Result<ReadCounts, Internal> {
        let mut counts = ReadCounts::new();
        let mut after = Uuid::nil();
        loop {
            let waiting = self.app.waiting_mail(after, BATCH).await?;
            let Some(last) = waiting.last() else {
                return Ok(counts);
            };
            after = last.id;
            let mut read = Vec::with_capacity(waiting.len());
            for mail in waiting {
                read.push(self.read(mail).await);
            }
            let request = self.app.new_id().map_err(Internal::new)?;
            let actor = Actor::System("mail".to_owned());
            let op = self.app.context(actor, Vec::new(), request, "mail");
            for kind in self.app.mail_was_read(&op, &read).await? {
                *counts.entry(kind.code()).or_default() += 1;
            }
        }
    }

    async fn read(&self, mail: WaitingMail) -> WhatItIs {
        let (id, limits) = (mail.id, self.limits);
        let without_report = |kind| WhatItIs {
            id,
            kind,
            report: None,
        };
        let Some(bytes) = mail.bytes else {
            return without_report(IncomingKind::Damaged);
        };
        let (size, is_whole) = (mail.size, mail.is_whole);
        // On a thread of its own: a large message takes a while, and one on which the reader fails must not take us along.
        let reading = tokio::task::spawn_blocking(move || {
            if is_whole {
                incoming::read(&bytes, &limits)
            } else {
                incoming::too_large(&bytes, size, &limits)
            }
        });
        let Ok(reading) = reading.await else {
            tracing::error!(%id, "a message that came in could not be read: the reader failed on it");
            return without_report(IncomingKind::Unreadable);
        };
        WhatItIs {
            id,
            kind: kind(reading.kind),
            report: report(&reading),
        }
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

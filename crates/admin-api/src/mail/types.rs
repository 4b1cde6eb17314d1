//! A mail of the ledger as the console reads it.

use app::mail::{MailDeed, ReadMailError};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject};
use domain::DeclarationId;
use domain::mailing::event::{MailEvent, Verdict};
use storage::mail::{Mail as Stored, MailAttempt as StoredAttempt};

use super::words::{MailHeadingResult, MailWordsResult, heading, words};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::fault;
use crate::loaders::Loaders;
use crate::said::Said;
use crate::scalars::DateTime;

mirrored! {
    /// Where a mail stands.
    MailState = domain::mailing::State {
        /// Waits for its first attempt.
        Queued,
        /// A worker has it and is about to talk to the relay, or does.
        Claimed,
        /// The carrier has it. It may still come back.
        Accepted,
        /// Waits for another attempt.
        Deferred,
        /// It did not arrive and is not tried again.
        Bounced,
        /// Its reader opted out, or cannot be reached, before it was sent.
        Suppressed,
        /// It may have been sent. A person decides.
        InDoubt,
        /// It cannot be built, or the program failed at it. A person decides, mostly after a repair.
        Parked,
        /// A person called it off.
        Cancelled,
    }
}

mirrored! {
    /// Why a mail is sent.
    MailClass = domain::mailing::Class {
        /// An answer to what somebody did.
        Transactional,
        /// What the office has to tell.
        Administrative,
        /// Advertising.
        Promotional,
        /// Useful and no more.
        Optional,
    }
}

mirrored! {
    /// What a report about a mail says.
    ReturnKind = domain::mailing::event::ReturnKind {
        /// There is no such mailbox.
        Hard,
        /// It did not arrive this time.
        Soft,
        /// It is late.
        Delay,
    }
}

/// A mail to one person.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Mail {
    /// Which.
    pub id: ID,
    /// Why it is sent.
    pub class: MailClass,
    /// Key of the sender.
    pub sender: String,
    /// Where it stands.
    pub state: MailState,
    /// When it was queued.
    pub queued_at: DateTime,
    /// Since when it stands there.
    pub changed_at: DateTime,
    /// While it waits: not before this.
    pub next_try_at: Option<DateTime>,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime>,
    /// How often it was tried.
    pub attempt: u32,
    /// What happened last, in one word: `accepted`, `deferred`, `refused`, `connection_failed`, `in_doubt`, `unbuildable`,
    /// `panicked`, `lost`, `restored`, `rate`, `came_back`, or what a person decided.
    pub outcome: Option<String>,
    /// The relay's last answer, or what went wrong here, without addresses.
    pub reply: Option<Said>,
    /// Whom it is about.
    pub organization_id: Option<ID>,
    #[graphql(skip)]
    inner: Stored,
}

/// The declaration that a mail is about.
#[derive(SimpleObject)]
pub struct MailDeclaration {
    /// Which.
    pub id: ID,
    /// 自己宣言ID.
    pub number: String,
}

/// One attempt at a mail.
#[derive(SimpleObject)]
pub struct MailAttempt {
    /// Which, from 1.
    pub attempt: u32,
    /// When it began.
    pub began_at: DateTime,
    /// When it ended.
    pub ended_at: DateTime,
    /// What happened, in one word.
    pub outcome: String,
    /// The relay's answer, or what went wrong here, without addresses.
    pub reply: Option<Said>,
    /// Which process made it.
    pub node: String,
}

/// What the log keeps of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MailHistoryKind {
    /// It was queued.
    Queued,
    /// Somebody decided that it was sent.
    TreatedAsSent,
    /// Somebody decided that it is sent again.
    SentAgain,
    /// Somebody did not want to wait.
    TriedNow,
    /// Somebody called it off.
    Cancelled,
    /// A report about it came in.
    CameBack,
}

/// One entry of a mail's history.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MailHistoryEntry {
    /// What.
    pub kind: MailHistoryKind,
    /// When.
    pub at: DateTime,
    /// What a report says.
    pub returned: Option<ReturnKind>,
    /// The code of a report, such as `5.1.1`.
    pub status: Option<String>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl MailHistoryEntry {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

#[ComplexObject]
impl Mail {
    /// About which declaration.
    async fn declaration(&self, ctx: &Context<'_>) -> Result<Option<MailDeclaration>> {
        let Some(id) = self.inner.declaration_id else {
            return Ok(None);
        };
        let number = ctx
            .data::<Loaders>()?
            .declaration_number(DeclarationId::new(id))
            .await?;
        Ok(number.map(|number| MailDeclaration {
            id: ID(id.to_string()),
            number,
        }))
    }

    /// To whom and about what.
    async fn heading(&self, ctx: &Context<'_>) -> Result<MailHeadingResult> {
        heading(ctx, &self.inner).await
    }

    /// What it says, and how it goes over the wire.
    #[graphql(complexity = "20 + child_complexity")]
    async fn words(&self, ctx: &Context<'_>) -> Result<MailWordsResult> {
        words(ctx, &self.inner).await
    }

    /// Each attempt, the oldest first.
    #[graphql(complexity = "15 + 5 * child_complexity")]
    async fn attempts(&self, ctx: &Context<'_>) -> Result<Vec<MailAttempt>> {
        let request = request(ctx)?;
        let attempts = request
            .app()
            .mail_attempts(request.operation()?, self.inner.id)
            .await;
        let attempts = attempts.map_err(|error| refusal(ctx, error))?;
        Ok(attempts.into_iter().map(MailAttempt::from).collect())
    }

    /// What people and other machines said of it, the newest first.
    #[graphql(complexity = "15 + 5 * child_complexity")]
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<MailHistoryEntry>> {
        let request = request(ctx)?;
        let deeds = request
            .app()
            .mail_deeds(request.operation()?, self.inner.id)
            .await;
        let deeds = deeds.map_err(|error| refusal(ctx, error))?;
        Ok(deeds.into_iter().filter_map(entry).collect())
    }
}

fn entry(deed: MailDeed) -> Option<MailHistoryEntry> {
    let (kind, back) = match deed.event {
        MailEvent::Queued(_) => (MailHistoryKind::Queued, None),
        MailEvent::Decided(decided) => (
            match decided.verdict {
                Verdict::TreatAsSent => MailHistoryKind::TreatedAsSent,
                Verdict::SendAgain => MailHistoryKind::SentAgain,
                Verdict::TryNow => MailHistoryKind::TriedNow,
                Verdict::Cancel => MailHistoryKind::Cancelled,
            },
            None,
        ),
        MailEvent::CameBack(back) => (MailHistoryKind::CameBack, Some(back)),
        MailEvent::Suppressed(_) | MailEvent::Unsuppressed(_) => return None,
    };
    Some(MailHistoryEntry {
        kind,
        at: DateTime(deed.at),
        returned: back.as_ref().map(|back| back.kind.into()),
        status: back.map(|back| back.status).filter(|status| !status.is_empty()),
        by: deed.by,
    })
}

impl From<Stored> for Mail {
    fn from(mail: Stored) -> Self {
        Self {
            id: ID(mail.id.to_string()),
            class: mail.class.into(),
            sender: mail.sender.clone(),
            state: mail.state.into(),
            queued_at: DateTime(mail.queued_at),
            changed_at: DateTime(mail.changed_at),
            // It may be due at once, and then says nothing.
            next_try_at: (mail.state.waits() && mail.next_try_at > mail.changed_at)
                .then_some(DateTime(mail.next_try_at)),
            not_after: mail.not_after.map(DateTime),
            attempt: mail.attempt,
            outcome: mail.outcome.clone(),
            reply: mail.reply.as_deref().and_then(Said::read),
            organization_id: mail.organization_id.map(|id| ID(id.to_string())),
            inner: mail,
        }
    }
}

impl From<StoredAttempt> for MailAttempt {
    fn from(attempt: StoredAttempt) -> Self {
        Self {
            attempt: attempt.attempt,
            began_at: DateTime(attempt.began_at),
            ended_at: DateTime(attempt.ended_at),
            outcome: attempt.outcome,
            reply: Said::read(&attempt.reply),
            node: attempt.node,
        }
    }
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadMailError) -> Error {
    match (error, request(ctx)) {
        (ReadMailError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadMailError::Invalid(problem), _) => fault::fault(fault::Code::BadRequest, problem.message),
        (ReadMailError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(fault)) => fault,
    }
}

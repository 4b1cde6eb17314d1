//! One turn of whoever sends: what became of earlier messages is written down, and the next ones are claimed, in one transaction.

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::Draft;
use domain::mailing::event::{MailEvent, PART, Queued, unseal};
use domain::reason::{Reason, ReasonCode};
use event_store::{PartBody, Position, RecordedEvent};
use std::collections::HashMap;
use storage::mail::{self, Claimed, Settled, Wanted};
use uuid::Uuid;

use crate::{App, Internal, TimeSource};

/// What a sender says and wants in one turn.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Who sends: no other process may have that name at the same time.
    pub node: &'a str,
    /// What became of earlier claims.
    pub settled: &'a [Settled],
    /// How long claims hold from now on.
    pub lease: TimeDelta,
    /// So many messages at most.
    pub limit: u32,
    /// Whether a message that was lost with its process can be sent again without harm.
    pub repeatable: bool,
    /// Claims that are under way and to be held for longer: which message, and the term of its claim.
    pub renew: &'a [(Uuid, i64)],
}

/// A message that is to be sent now.
#[derive(Debug)]
pub struct Outgoing {
    /// Its claim.
    pub claimed: Claimed,
    /// Its words, or why there are none.
    pub draft: Result<Draft, Unsendable>,
    /// Whether its reader has opted out since it was claimed.
    pub is_suppressed: bool,
}

impl Outgoing {
    /// A message that cannot be read.
    pub fn unreadable(claimed: &Claimed) -> Self {
        Self {
            claimed: claimed.clone(),
            draft: Err(Unsendable::Unreadable),
            is_suppressed: false,
        }
    }
}

/// Why a message that was queued has no words. It is left for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// Whoever it was to has been forgotten: whose key it was.
    #[error("the person it was to has been forgotten: cancel it")]
    Forgotten(Uuid),
    /// What is kept of it is no message.
    #[error("what is kept of it is no message: report this, and cancel it")]
    Unreadable,
}

impl Unsendable {
    /// It, as it is kept beside the message.
    pub fn reason(self) -> Reason {
        let code = match self {
            Self::Forgotten(_) => ReasonCode::RecipientForgotten,
            Self::Unreadable => ReasonCode::WordsUnreadable,
        };
        Reason::new(code, self.to_string())
    }
}

impl App {
    /// Writes down what became of claims, and claims messages that are due.
    pub async fn mail_turn(&self, turn: &Turn<'_>) -> Result<Vec<Claimed>, Internal> {
        let wanted = Wanted {
            node: turn.node,
            now: self.now(),
            by_server: self.time_source == TimeSource::Database,
            lease: turn.lease,
            limit: turn.limit,
            repeatable: turn.repeatable,
            renew: turn.renew,
        };
        mail::turn(self.store.database(), turn.settled, &wanted)
            .await
            .map_err(Internal::new)
    }

    /// What a sender has claimed, whether the answer that said so reached it or not.
    pub async fn mail_claims(&self, node: &str) -> Result<Vec<Claimed>, Internal> {
        let claimed = mail::claimed_by(self.store.database(), node).await;
        claimed.map_err(Internal::new)
    }

    /// When there will next be something to send; `None`: nothing waits.
    pub async fn next_mail_at(&self) -> Result<Option<DateTime<Utc>>, Internal> {
        mail::next_at(self.store.database()).await.map_err(Internal::new)
    }

    /// The words of messages that were claimed, and whether their readers still want them.
    pub async fn outgoing(&self, claimed: &[Claimed]) -> Result<Vec<Outgoing>, Internal> {
        let positions: Vec<Position> = claimed.iter().map(|it| it.position).collect();
        let events = self.store.at(&positions).await.map_err(Internal::new)?;
        let mut events: HashMap<Position, RecordedEvent> =
            events.into_iter().map(|event| (event.position, event)).collect();
        let suppressed = mail::suppressed_since(self.store.database(), claimed).await;
        let suppressed = suppressed.map_err(Internal::new)?;
        let outgoing = claimed.iter().map(|claimed| {
            let event = events.remove(&claimed.position);
            let draft = event
                .ok_or(Unsendable::Unreadable)
                .and_then(|event| words(&event));
            Outgoing {
                claimed: claimed.clone(),
                draft,
                is_suppressed: suppressed.contains(&claimed.id),
            }
        });
        Ok(outgoing.collect())
    }
}

/// The message that an event queued.
pub(super) fn words(event: &RecordedEvent) -> Result<Draft, Unsendable> {
    let queued: Queued = match MailEvent::decode(&event.event_type, event.schema_version, &event.data) {
        Ok(MailEvent::Queued(queued)) => queued,
        _ => return Err(Unsendable::Unreadable),
    };
    let part = event.part(PART).ok_or(Unsendable::Unreadable)?;
    match &part.body {
        PartBody::Open(sealed) => unseal(&queued, sealed).map_err(|_| Unsendable::Unreadable),
        PartBody::Redacted => Err(Unsendable::Forgotten(part.subject.0)),
    }
}

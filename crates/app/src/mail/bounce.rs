//! What comes back later: a report about a message moves it, and three soft ones about an address are as good as a hard one.

use domain::mailing::event::{
    ADDRESS_PART, AddressHash, CameBack, MailEvent, PART, ReturnKind, Suppressed, SuppressionReason,
    TAG_ADDRESS, TAG_MAIL,
};
use domain::mailing::{Reachability, Returned};
use event_store::{Append, AppendError, Guard, PersonalPart, Position, Query, Tag};
use storage::mail_event::MailRefused;
use uuid::Uuid;

use super::suppress::EVERY_CLASS;
use super::turn::words;
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

/// How often it is judged anew when another report comes in at the same moment.
const TRIES: u32 = 5;

/// A report about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameBackFor {
    /// Which message.
    pub mail_id: Uuid,
    /// What it says.
    pub kind: ReturnKind,
    /// Its code, such as `5.1.1`; empty when it has none.
    pub status: String,
}

/// The command of a refusal that was heard under a claim: however often it is handed in, it is one.
pub fn report_id(mail_id: Uuid, term: i64) -> Uuid {
    derived_id(mail_id, &format!("refused {term}"))
}

/// Why a report was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BounceError {
    /// There is no such message.
    #[error("there is no message {0}")]
    NotFound(Uuid),
    /// Reports about the same address come in faster than they are judged: try again.
    #[error("another report about the address came in at the same moment; try again")]
    Overtaken,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Takes a report. Whoever reads incoming mail, and whoever heard a refusal from a relay, calls this.
    pub async fn mail_came_back(
        &self,
        op: &OpContext,
        command_id: Uuid,
        report: &CameBackFor,
    ) -> Result<(), BounceError> {
        for _ in 0..TRIES {
            if self.take_report(op, command_id, report).await? {
                return Ok(());
            }
        }
        Err(BounceError::Overtaken)
    }

    /// `false`: another report came in between.
    async fn take_report(
        &self,
        op: &OpContext,
        command_id: Uuid,
        report: &CameBackFor,
    ) -> Result<bool, BounceError> {
        let seen = self.store.head().await.map_err(Internal::new)?;
        let (address, part) = self.address_of(report.mail_id).await?;
        let mut returned = self.returned_from(&address).await?;
        let before = Reachability::of(returned.iter().copied()).unreachable_since();
        returned.push((op.now(), report.kind.into()));
        let after = Reachability::of(returned).unreachable_since();
        let said = MailEvent::CameBack(CameBack {
            mail_id: report.mail_id,
            kind: report.kind,
            status: report.status.clone(),
        });
        let mut event = self.new_mail_event(&said, Vec::new())?;
        let tag = Tag::new(TAG_ADDRESS, &address.recipient).map_err(Internal::new)?;
        event.tags.push(tag.clone());
        let mut events = vec![event];
        if before.is_none() && after.is_some() {
            let unreachable = MailEvent::Suppressed(Suppressed {
                address,
                class: EVERY_CLASS.to_owned(),
                reason: SuppressionReason::Unreachable,
                until: None,
            });
            events.push(self.new_mail_event(&unreachable, part.into_iter().collect())?);
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: vec![Guard {
                query: Query::tagged(tag),
                after: seen,
            }],
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            // A report that is handed in again, for example after a crash, is one report.
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(true),
            Err(AppendError::Conflict(_)) => Ok(false),
            Err(AppendError::Inline { source, projector }) => match source.downcast_ref::<MailRefused>() {
                Some(MailRefused::NotFound(id)) => Err(BounceError::NotFound(*id)),
                _ => Err(Internal::new(AppendError::Inline { source, projector }).into()),
            },
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// The address of a message as the log knows it, and as it is sealed for the list of those who get nothing; `None`: whoever
    /// it was to has been forgotten.
    async fn address_of(&self, mail_id: Uuid) -> Result<(AddressHash, Option<PersonalPart>), BounceError> {
        let tag = Tag::new(TAG_MAIL, mail_id).map_err(Internal::new)?;
        let events = self.store.read(&Query::tagged(tag), Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let first = events.first().ok_or(BounceError::NotFound(mail_id))?;
        let Ok(MailEvent::Queued(queued)) =
            MailEvent::decode(&first.event_type, first.schema_version, &first.data)
        else {
            return Err(BounceError::NotFound(mail_id));
        };
        let part = words(first)
            .ok()
            .zip(first.part(PART))
            .map(|(draft, part)| PersonalPart {
                subject: part.subject,
                name: ADDRESS_PART.to_owned(),
                body: draft.to().address().typed().into(),
            });
        Ok((queued.address, part))
    }

    async fn returned_from(
        &self,
        address: &AddressHash,
    ) -> Result<Vec<(chrono::DateTime<chrono::Utc>, Returned)>, Internal> {
        const MOST: u32 = 1_000;
        let tag = Tag::new(TAG_ADDRESS, &address.recipient).map_err(Internal::new)?;
        let mut query = Query::tagged(tag);
        for item in &mut query.items {
            item.types = vec!["mail.came_back".to_owned()];
        }
        let events = self
            .store
            .read(&query, Position::START, MOST)
            .await
            .map_err(Internal::new)?;
        let returned = events.iter().filter_map(|event| {
            match MailEvent::decode(&event.event_type, event.schema_version, &event.data) {
                Ok(MailEvent::CameBack(back)) => Some((event.recorded_at, back.kind.into())),
                _ => None,
            }
        });
        Ok(returned.collect())
    }
}

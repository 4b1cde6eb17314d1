//! Looking at mail that goes out. Addresses and words are personal: whoever may not see them sees the rest.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::mailing::event::{MailEvent, TAG_MAIL};
use domain::mailing::{Address, Draft, State};
use domain::staff::Permission;
use event_store::{Position, Query, Tag};
use storage::mail::{self, Mail, MailAttempt, MailFilter};
use storage::register_index;
use uuid::Uuid;

use super::turn::{Unsendable, words};
use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext};

/// The most rows of a page.
pub(super) const PAGE_MAX: u32 = 200;
/// People decide about a message now and then, and few reports come back about it.
const DEEDS_MAX: u32 = 200;

/// Which messages; what is `None` or empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct ListMails {
    /// In any of these states.
    pub states: Vec<State>,
    /// To this address, as typed.
    pub to: Option<String>,
    /// About this organisation.
    pub organization_id: Option<Uuid>,
    /// About the organisation that has this declaration number, as typed.
    pub number: Option<String>,
    /// Queued before this position: the newest come first.
    pub before: Option<Position>,
    /// So many, 1 to 200.
    pub first: u32,
}

/// Some messages, the newest first.
#[derive(Debug, Clone)]
pub struct MailPage {
    /// They.
    pub mails: Vec<Mail>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// One message with everything that is known of it.
#[derive(Debug)]
pub struct MailDetail {
    /// What the ledger says.
    pub mail: Mail,
    /// Every attempt.
    pub attempts: Vec<MailAttempt>,
    /// Its words.
    pub draft: Guarded<Draft>,
}

/// What the log keeps of a message: that it was queued, what people decided, what came back.
#[derive(Debug, Clone)]
pub struct MailDeed {
    /// What.
    pub event: MailEvent,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as `domain::staff::Actor` reads it.
    pub by: String,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadMailError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Some messages. Whoever looks for an address compares it with what is kept: that needs the right to see addresses, and what was
    /// found counts as read.
    pub async fn mails(&self, op: &OpContext, asked: &ListMails) -> Result<MailPage, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        if asked.to.is_some() {
            op.require(Permission::ReadPersonal)?;
        }
        if !(1..=PAGE_MAX).contains(&asked.first) {
            return Err(ReadMailError::Invalid(page_size()));
        }
        let Some(filter) = self.mail_filter(asked).await? else {
            return Ok(MailPage {
                mails: Vec::new(),
                has_more: false,
            });
        };
        let mut mails = mail::list(self.store.database(), &filter, asked.before, asked.first + 1)
            .await
            .map_err(Internal::new)?;
        let has_more = mails.len() > asked.first as usize;
        mails.truncate(asked.first as usize);
        if asked.to.is_some() {
            for mail in &mails {
                op.reveal_mail(mail.id, || Guarded::Open(()));
            }
        }
        Ok(MailPage { mails, has_more })
    }

    /// `None`: nothing can match.
    async fn mail_filter(&self, asked: &ListMails) -> Result<Option<MailFilter>, ReadMailError> {
        let address = asked.to.as_deref().map(Address::parse).transpose();
        let address = address.map_err(|problem| {
            ReadMailError::Invalid(InputProblem::new("address", problem.code(), problem.japanese()))
        })?;
        let of_number = match &asked.number {
            Some(number) => match self.organization_of(number).await? {
                None => return Ok(None),
                found => found,
            },
            None => None,
        };
        let organization_id = match (asked.organization_id, of_number) {
            (Some(one), Some(other)) if one != other => return Ok(None),
            (one, other) => one.or(other),
        };
        Ok(Some(MailFilter {
            states: asked.states.clone(),
            recipient_hash: address.map(|address| self.address_hash(&address).recipient),
            organization_id,
        }))
    }

    async fn organization_of(&self, typed: &str) -> Result<Option<Uuid>, ReadMailError> {
        let number = domain::value::DeclarationNo::parse(typed).map_err(|_| {
            ReadMailError::Invalid(InputProblem::new(
                "number",
                "unreadable",
                "宣言番号は4か5で始まる11桁の数字で入力してください。",
            ))
        })?;
        let found = register_index::by_numbers(self.store.database(), &[number.to_string()]).await;
        let found = found.map_err(Internal::new)?;
        Ok(found
            .first()
            .map(|declaration| declaration.organization_id.uuid()))
    }

    /// One message with its attempts and its words.
    pub async fn mail(&self, op: &OpContext, id: Uuid) -> Result<Option<MailDetail>, ReadMailError> {
        let Some(mail) = self.ledger_entry(op, id).await? else {
            return Ok(None);
        };
        let mut drafts = self.drafts(&[mail.position]).await?;
        let draft = drafts
            .remove(&mail.position)
            .unwrap_or(Err(Unsendable::Unreadable));
        let draft = match draft {
            Ok(draft) => Guarded::Open(draft),
            Err(Unsendable::Forgotten(subject)) => Guarded::Forgotten(subject),
            Err(unreadable) => return Err(Internal::new(unreadable).into()),
        };
        Ok(Some(MailDetail {
            attempts: self.mail_attempts(op, id).await?,
            draft: op.reveal_mail(id, || draft),
            mail,
        }))
    }

    /// What the ledger says of one message.
    pub async fn ledger_entry(&self, op: &OpContext, id: Uuid) -> Result<Option<Mail>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        Ok(mail::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?)
    }

    /// Every attempt at a message, the oldest first.
    pub async fn mail_attempts(&self, op: &OpContext, id: Uuid) -> Result<Vec<MailAttempt>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        Ok(mail::attempts(self.store.database(), id)
            .await
            .map_err(Internal::new)?)
    }

    /// What people and other machines said of a message, the newest first.
    pub async fn mail_deeds(&self, op: &OpContext, id: Uuid) -> Result<Vec<MailDeed>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        let query = Query::tagged(Tag::new(TAG_MAIL, id).map_err(Internal::new)?);
        let events = self.store.read(&query, Position::START, DEEDS_MAX).await;
        let mut deeds = Vec::new();
        for event in events.map_err(Internal::new)? {
            let said = MailEvent::decode(&event.event_type, event.schema_version, &event.data);
            deeds.push(MailDeed {
                event: said.map_err(Internal::new)?,
                at: event.recorded_at,
                by: event.actor,
            });
        }
        deeds.reverse();
        Ok(deeds)
    }

    /// How many messages there are in each state.
    pub async fn mail_counts(&self, op: &OpContext) -> Result<Vec<(State, u64)>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        Ok(mail::counts(self.store.database()).await.map_err(Internal::new)?)
    }

    /// The words of messages by the positions of their events, for one look-up of a whole page. They are personal: whoever
    /// shows them does so through [`OpContext::reveal_mail`]. Nobody sees the token of a one-time link there: whoever may look at
    /// mail must not be able to choose an administrator's password.
    pub async fn drafts(
        &self,
        positions: &[Position],
    ) -> Result<HashMap<Position, Result<Draft, Unsendable>>, Internal> {
        let events = self.store.at(positions).await.map_err(Internal::new)?;
        Ok(events
            .iter()
            .map(|event| (event.position, words(event).map(Draft::without_tokens)))
            .collect())
    }
}

pub(super) fn page_size() -> InputProblem {
    InputProblem::new(
        "first",
        "page_size",
        format!("1ページの件数は1から{PAGE_MAX}で指定してください。"),
    )
}

//! To whom nothing goes: kept as events, asked in the transaction that claims a message.

use chrono::{DateTime, Utc};
use domain::mailing::event::{ADDRESS_PART, MailEvent, Suppressed, SuppressionReason, Unsuppressed, micros};
use domain::mailing::{Address, Class};
use domain::staff::Permission;
use event_store::{Append, AppendError, PartBody, PersonalPart, Position, RecordedEvent};
use storage::mail_event::{self as rows, Suppression};
use uuid::Uuid;

use super::list::{PAGE_MAX, ReadMailError, page_size};
use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext};

/// What keeps back every class.
pub(super) const EVERY_CLASS: &str = "all";

/// An address that gets nothing, or nothing of a class, with what its event says.
#[derive(Debug)]
pub struct SuppressedAddress {
    /// What holds now.
    pub suppression: Suppression,
    /// Who decided it, as `domain::staff::Actor` reads it.
    pub by: String,
    /// The address as it was typed; `None`: it was not kept.
    pub address: Option<Guarded<String>>,
}

/// Some of those who get nothing, the newest first.
#[derive(Debug)]
pub struct SuppressionPage {
    /// They.
    pub suppressions: Vec<SuppressedAddress>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Why the list is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SuppressError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It is not on the list, or not any more.
    #[error("it is not on the list")]
    NotFound,
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Nothing goes to this address any more, or nothing of a class (`None`: of any).
    pub async fn suppress_address(
        &self,
        op: &OpContext,
        command_id: Uuid,
        address: &Address,
        class: Option<Class>,
        reason: SuppressionReason,
        until: Option<DateTime<Utc>>,
    ) -> Result<Position, SuppressError> {
        op.require(Permission::ManageMail)?;
        let said = MailEvent::Suppressed(Suppressed {
            address: self.address_hash(address),
            class: class.map_or(EVERY_CLASS, Class::as_str).to_owned(),
            reason,
            until: micros(until),
        });
        let subject = self.mail_subject(address.key().reveal()).await?;
        let part = PersonalPart {
            subject: event_store::SubjectId(subject.uuid()),
            name: ADDRESS_PART.to_owned(),
            body: address.typed().into(),
        };
        self.write_suppression(op, command_id, &said, vec![part]).await
    }

    /// This address gets mail again.
    pub async fn unsuppress_address(
        &self,
        op: &OpContext,
        command_id: Uuid,
        address: &Address,
        class: Option<Class>,
    ) -> Result<Position, SuppressError> {
        op.require(Permission::ManageMail)?;
        let said = MailEvent::Unsuppressed(Unsuppressed {
            address: self.address_hash(address),
            class: class.map_or(EVERY_CLASS, Class::as_str).to_owned(),
        });
        self.write_suppression(op, command_id, &said, Vec::new()).await
    }

    /// Who gets nothing: all, or one address as typed; before a position. One address is looked for by whoever may see it, or may put it on
    /// the list and take it off.
    pub async fn suppressions(
        &self,
        op: &OpContext,
        address: Option<&str>,
        before: Option<Position>,
        first: u32,
    ) -> Result<SuppressionPage, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        if address.is_some() {
            op.require_either(Permission::ReadPersonal, Permission::ManageMail)?;
        }
        if !(1..=PAGE_MAX).contains(&first) {
            return Err(ReadMailError::Invalid(page_size()));
        }
        let address = address.map(Address::parse).transpose().map_err(|problem| {
            ReadMailError::Invalid(InputProblem::new("address", problem.code(), problem.japanese()))
        })?;
        let hash = address.map(|address| self.address_hash(&address).recipient);
        let before = before.unwrap_or(Position::new(i64::MAX));
        let rows = rows::suppressions(self.store.database(), hash.as_deref(), before, first + 1).await;
        let mut rows = rows.map_err(Internal::new)?;
        let has_more = rows.len() > first as usize;
        rows.truncate(first as usize);
        let suppressions = self.with_addresses(op, rows).await?;
        Ok(SuppressionPage {
            suppressions,
            has_more,
        })
    }

    /// The address that a suppression of the list is about gets mail again.
    pub async fn lift_suppression(
        &self,
        op: &OpContext,
        command_id: Uuid,
        position: Position,
    ) -> Result<Position, SuppressError> {
        op.require(Permission::ManageMail)?;
        // A position that somebody made up is no gap in the log, which would be an alarm.
        let head = self.store.head().await.map_err(Internal::new)?;
        if position <= Position::new(0) || position > head {
            return Err(SuppressError::NotFound);
        }
        let events = self.store.at(&[position]).await.map_err(Internal::new)?;
        let said = events
            .first()
            .and_then(|event| MailEvent::decode(&event.event_type, event.schema_version, &event.data).ok());
        let Some(MailEvent::Suppressed(suppressed)) = said else {
            return Err(SuppressError::NotFound);
        };
        // A newer one of the same address has another position. A retry finds none either, and has its receipt.
        let hash = Some(suppressed.address.recipient.as_str());
        let database = self.store.database();
        let of_address = rows::suppressions(database, hash, Position::new(i64::MAX), PAGE_MAX).await;
        let is_listed = of_address
            .map_err(Internal::new)?
            .iter()
            .any(|row| row.position == position);
        let receipt = self.store.receipt(command_id).await.map_err(Internal::new)?;
        if !is_listed && receipt.is_none() {
            return Err(SuppressError::NotFound);
        }
        let said = MailEvent::Unsuppressed(Unsuppressed {
            address: suppressed.address,
            class: suppressed.class,
        });
        self.write_suppression(op, command_id, &said, Vec::new()).await
    }

    /// What the list says of one event; `None` when it was lifted or replaced since.
    pub async fn suppression(
        &self,
        op: &OpContext,
        position: Position,
    ) -> Result<Option<SuppressedAddress>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        let above = Position::new(position.get().saturating_add(1));
        let rows = rows::suppressions(self.store.database(), None, above, 1).await;
        let mut rows = rows.map_err(Internal::new)?;
        rows.retain(|row| row.position == position);
        Ok(self.with_addresses(op, rows).await?.pop())
    }

    async fn with_addresses(
        &self,
        op: &OpContext,
        rows: Vec<Suppression>,
    ) -> Result<Vec<SuppressedAddress>, Internal> {
        let positions: Vec<Position> = rows.iter().map(|row| row.position).collect();
        let events = self.store.at(&positions).await.map_err(Internal::new)?;
        let told = rows.into_iter().filter_map(|suppression| {
            let event = events
                .iter()
                .find(|event| event.position == suppression.position)?;
            Some(SuppressedAddress {
                address: address_in(op, event),
                by: event.actor.clone(),
                suppression,
            })
        });
        Ok(told.collect())
    }

    async fn write_suppression(
        &self,
        op: &OpContext,
        command_id: Uuid,
        said: &MailEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<Position, SuppressError> {
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.new_mail_event(said, personal)?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(appended) => Ok(appended.receipt().last),
            Err(AppendError::CommandReused { .. }) => Err(SuppressError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

/// The event's own id stands in the record of reads: there is no mail and no declaration.
fn address_in(op: &OpContext, event: &RecordedEvent) -> Option<Guarded<String>> {
    let part = event.part(ADDRESS_PART)?;
    let text = match &part.body {
        PartBody::Open(body) => Some(body.as_str()?.to_owned()),
        PartBody::Redacted => None,
    };
    Some(op.reveal_mail(event.id, || {
        text.map_or(Guarded::Forgotten(part.subject.0), Guarded::Open)
    }))
}

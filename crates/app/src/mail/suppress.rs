//! To whom nothing goes: kept as events, asked in the transaction that claims a message.

use chrono::{DateTime, Utc};
use domain::mailing::event::{ADDRESS_PART, MailEvent, Suppressed, SuppressionReason, Unsuppressed, micros};
use domain::mailing::{Address, Class};
use domain::staff::Permission;
use event_store::{Append, AppendError, PersonalPart, Position};
use uuid::Uuid;

use crate::{App, Forbidden, Internal, OpContext};

/// What keeps back every class.
pub(super) const EVERY_CLASS: &str = "all";

/// Why the list is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SuppressError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
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

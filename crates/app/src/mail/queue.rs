//! Queueing a message: an event to be appended with whatever causes it.

use chrono::{DateTime, Utc};
use domain::mailing::event::{self, MailEvent, PART, Queued};
use domain::mailing::{Draft, DraftInput, DraftProblem};
use domain::staff::Permission;
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::{Append, AppendError, NewEvent, PersonalPart, Position, Tag};
use uuid::Uuid;

use crate::random::derived_id;
use crate::{App, Forbidden, Internal, OpContext};

/// What a message is about, and until when it makes sense.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About {
    /// Whom.
    pub organization_id: Option<OrganizationId>,
    /// Which declaration.
    pub declaration_id: Option<DeclarationId>,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime<Utc>>,
    /// Before that it is not sent; none: at once.
    pub not_before: Option<DateTime<Utc>>,
}

/// A message that is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuedMail {
    /// Which.
    pub id: Uuid,
    /// Where its event stands.
    pub position: Position,
}

/// Why nothing was queued.
#[derive(Debug, thiserror::Error)]
pub enum QueueMailError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It cannot be sent as it is.
    #[error(transparent)]
    Refused(#[from] DraftProblem),
    /// The command id was used before for something else.
    #[error("the command id was used before for another message")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// A message as an event. Its id follows from the command and `name`, so a retry queues the same message; its words are
    /// sealed under `subject`, the person it is to, whose key must exist before the append.
    pub fn mail_event(
        &self,
        command_id: Uuid,
        name: &str,
        subject: SubjectId,
        draft: &Draft,
        about: About,
    ) -> Result<NewEvent, Internal> {
        let said = MailEvent::Queued(Queued {
            mail_id: derived_id(command_id, &format!("mail {name}")),
            class: draft.class().as_str().to_owned(),
            sender: draft.sender().as_str().to_owned(),
            address: self.address_hash(draft.to().address()),
            organization_id: about.organization_id,
            declaration_id: about.declaration_id,
            not_after: event::micros(about.not_after),
            not_before: event::micros(about.not_before),
            auto: draft.auto(),
        });
        let part = PersonalPart {
            subject: event_store::SubjectId(subject.uuid()),
            name: PART.to_owned(),
            body: event::sealed(draft),
        };
        self.new_mail_event(&said, vec![part])
    }

    /// Queues one message for a member of staff who wants to see whether mail arrives.
    pub async fn queue_test_mail(
        &self,
        op: &OpContext,
        command_id: Uuid,
        input: &DraftInput<'_>,
    ) -> Result<QueuedMail, QueueMailError> {
        op.require(Permission::ManageMail)?;
        let draft = Draft::new(input)?;
        let subject = self.mail_subject(draft.to().address().key().reveal()).await?;
        let event = self.mail_event(command_id, "test", subject, &draft, About::default())?;
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![event],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        let id = derived_id(command_id, "mail test");
        match self.store.append(append).await {
            Ok(appended) => Ok(QueuedMail {
                id,
                position: appended.receipt().last,
            }),
            Err(AppendError::CommandReused { .. }) => self.queued_before(command_id, id).await,
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// Words are sealed with fresh salt, so a retry is not byte for byte what was taken; it is the same message all the same.
    async fn queued_before(&self, command_id: Uuid, id: Uuid) -> Result<QueuedMail, QueueMailError> {
        let known = storage::mail::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?;
        let Some(mail) = known else {
            tracing::warn!(%command_id, "a command id was used again for a message");
            return Err(QueueMailError::CommandReused);
        };
        Ok(QueuedMail {
            id,
            position: mail.position,
        })
    }

    /// Whose key seals mail to an address that is no declarer's: the same for every message to it.
    pub(crate) async fn mail_subject(&self, address_key: &str) -> Result<SubjectId, Internal> {
        let hash = self
            .store
            .keyring()
            .keyed_hash("mail-subject", address_key.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
        let subject = event_store::SubjectId(id);
        self.store
            .keyring()
            .ensure(&[subject])
            .await
            .map_err(Internal::new)?;
        Ok(SubjectId::new(id))
    }

    /// An event of mail as the log takes it.
    pub(crate) fn new_mail_event(
        &self,
        said: &MailEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        let tags = said.tags().into_iter().map(|(kind, value)| Tag::new(kind, value));
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: MailEvent::SCHEMA_VERSION,
            tags: tags.collect::<Result<_, _>>().map_err(Internal::new)?,
            effective_at: crate::day_in_japan(self.now()),
            data: said.data(),
            personal,
        })
    }
}

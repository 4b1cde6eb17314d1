//! Looking at mail that goes out. Addresses and words are personal: whoever may not see them sees the rest.

use domain::mailing::event::{MailEvent, PART, unseal};
use domain::mailing::{Address, Draft, State};
use domain::staff::Permission;
use domain::{OrganizationId, SubjectId};
use event_store::PartBody;
use storage::mail::{self, Mail, MailAttempt, MailFilter};
use uuid::Uuid;

use crate::{App, Forbidden, Guarded, Internal, OpContext};

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

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadMailError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Messages in a state, to an address, about an organisation; each only if it is given.
    pub async fn mails(
        &self,
        op: &OpContext,
        state: Option<State>,
        to: Option<&Address>,
        about: Option<OrganizationId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<MailPage, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        let filter = MailFilter {
            state,
            recipient_hash: to.map(|address| self.address_hash(address).recipient),
            organization_id: about.map(OrganizationId::uuid),
        };
        let wanted = limit.saturating_add(1);
        let mut mails = mail::list(self.store.database(), &filter, before, wanted)
            .await
            .map_err(Internal::new)?;
        let has_more = mails.len() > limit as usize;
        mails.truncate(limit as usize);
        Ok(MailPage { mails, has_more })
    }

    /// One message.
    pub async fn mail(&self, op: &OpContext, id: Uuid) -> Result<Option<MailDetail>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        let database = self.store.database();
        let Some(mail) = mail::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        Ok(Some(MailDetail {
            attempts: mail::attempts(database, id).await.map_err(Internal::new)?,
            draft: self.words_for(op, &mail).await?,
            mail,
        }))
    }

    /// How many messages there are in each state.
    pub async fn mail_counts(&self, op: &OpContext) -> Result<Vec<(State, u64)>, ReadMailError> {
        op.require(Permission::ReadOperations)?;
        Ok(mail::counts(self.store.database()).await.map_err(Internal::new)?)
    }

    async fn words_for(&self, op: &OpContext, mail: &Mail) -> Result<Guarded<Draft>, ReadMailError> {
        if !op.may(Permission::ReadPersonal) {
            return Ok(Guarded::Withheld(Permission::ReadPersonal));
        }
        let events = self.store.at(&[mail.position]).await.map_err(Internal::new)?;
        let event = events.first().ok_or(NoWords).map_err(Internal::new)?;
        let said = MailEvent::decode(&event.event_type, event.schema_version, &event.data);
        let Ok(MailEvent::Queued(queued)) = said else {
            return Err(Internal::new(NoWords).into());
        };
        let part = event.part(PART).ok_or(NoWords).map_err(Internal::new)?;
        match &part.body {
            PartBody::Open(sealed) => Ok(Guarded::Open(unseal(&queued, sealed).map_err(Internal::new)?)),
            PartBody::Redacted => Ok(Guarded::Forgotten(SubjectId::new(part.subject.0).uuid())),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the event of a message has no words")]
struct NoWords;

//! What a person decides about a message: in doubt, waiting, parked.

use domain::mailing::State;
use domain::mailing::event::{Decided, MailEvent, Verdict};
use domain::staff::Permission;
use event_store::{Append, AppendError};
use storage::mail_event::MailRefused;
use uuid::Uuid;

use crate::random::derived_id;
use crate::{App, Forbidden, Internal, OpContext};

/// Why a message stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum DecideMailError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such message.
    #[error("there is no message {0}")]
    NotFound(Uuid),
    /// It does not stand where that could be decided.
    #[error("the message is {state}: look at it again")]
    OtherState {
        /// Where it stands.
        state: State,
    },
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Decides about some messages, each for itself: what cannot be decided about one keeps none of the others back.
    pub async fn decide_mails(
        &self,
        op: &OpContext,
        command_id: Uuid,
        ids: &[Uuid],
        verdict: Verdict,
    ) -> Result<Vec<(Uuid, bool)>, DecideMailError> {
        op.require(Permission::ManageMail)?;
        let mut decided = Vec::with_capacity(ids.len());
        for id in ids {
            let command_id = derived_id(command_id, &format!("decide {id}"));
            match self.decide_mail(op, command_id, *id, verdict).await {
                Ok(()) => decided.push((*id, true)),
                Err(DecideMailError::NotFound(_) | DecideMailError::OtherState { .. }) => {
                    decided.push((*id, false));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(decided)
    }

    /// Decides about one message.
    pub async fn decide_mail(
        &self,
        op: &OpContext,
        command_id: Uuid,
        mail_id: Uuid,
        verdict: Verdict,
    ) -> Result<(), DecideMailError> {
        op.require(Permission::ManageMail)?;
        let said = MailEvent::Decided(Decided { mail_id, verdict });
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.new_mail_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::CommandReused { .. }) => Err(DecideMailError::CommandReused),
            Err(AppendError::Inline { source, projector }) => match source.downcast_ref::<MailRefused>() {
                Some(MailRefused::NotFound(id)) => Err(DecideMailError::NotFound(*id)),
                Some(MailRefused::OtherState { state, .. }) => {
                    Err(DecideMailError::OtherState { state: *state })
                }
                None => Err(Internal::new(AppendError::Inline { source, projector }).into()),
            },
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

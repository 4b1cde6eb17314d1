//! What the console tells people of the way that mail takes.

use app::mail::{KnownSender, Outbox, Rendered};
use chrono::{DateTime, Utc};
use domain::mailing::{Draft, MessageId};
use domain::reason::{Reason, ReasonCode};
use mail::build;
use uuid::Uuid;

use crate::config::MailConfig;

/// The settings for mail, and what the transport says of itself.
pub struct Configured {
    transport: String,
    mail: MailConfig,
}

impl Configured {
    /// Of these settings.
    pub const fn new(transport: String, mail: MailConfig) -> Self {
        Self { transport, mail }
    }
}

impl Outbox for Configured {
    fn transport(&self) -> String {
        self.transport.clone()
    }

    fn leaves(&self) -> bool {
        self.mail.relay.is_some()
    }

    fn senders(&self) -> Vec<KnownSender> {
        let senders = self.mail.senders.iter().map(|(key, sender)| KnownSender {
            key: key.clone(),
            address: sender.from.address().clone(),
            name: sender.from.name().map(str::to_owned),
        });
        senders.collect()
    }

    fn render(&self, draft: &Draft, id: Uuid, queued_at: DateTime<Utc>) -> Result<Rendered, Reason> {
        let Some(sender) = self.mail.sender(draft.sender().as_str()) else {
            let text = format!("no sender is configured under the name {}", draft.sender());
            return Err(Reason::new(ReasonCode::SenderUnknown, text));
        };
        let message_id = MessageId::new(id, &self.mail.domain)
            .map_err(|error| Reason::new(ReasonCode::Unbuildable, error.to_string()))?;
        let message = build(draft, sender, &message_id, queued_at).map_err(|error| error.reason())?;
        Ok(Rendered {
            message_id: message_id.to_string(),
            raw: String::from_utf8_lossy(message.bytes()).into_owned(),
        })
    }
}

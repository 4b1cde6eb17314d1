//! The way that mail takes, as far as people are told of it.

use chrono::{DateTime, Utc};
use domain::mailing::{Address, Class, Draft, DraftInput};
use domain::reason::Reason;
use uuid::Uuid;

/// What is configured for mail.
pub trait Outbox: Send + Sync {
    /// What carries, in a few words for the operator.
    fn transport(&self) -> String;

    /// Whether mail leaves this machine.
    fn leaves(&self) -> bool;

    /// Whom mail can be from, the usual sender first.
    fn senders(&self) -> Vec<KnownSender>;

    /// A message as it goes on the wire, or why it cannot be built.
    fn render(&self, draft: &Draft, id: Uuid, queued_at: DateTime<Utc>) -> Result<Rendered, Reason>;
}

/// A sender that is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSender {
    /// What messages name it by.
    pub key: String,
    /// What stands in `From`.
    pub address: Address,
    /// The name beside it.
    pub name: Option<String>,
}

/// A message as it goes on the wire.
#[derive(Clone)]
pub struct Rendered {
    /// The same at every attempt.
    pub message_id: String,
    /// Headers first. Bytes that are no UTF-8 are replaced.
    pub raw: String,
}

/// The message that shows whether mail arrives.
pub const fn test_message<'a>(sender: &'a str, to: &'a str) -> DraftInput<'a> {
    DraftInput {
        sender,
        to,
        name: None,
        subject: "送信テスト（Sengen）",
        text: "このメールは、送信の設定を確かめるために送られました。\n届いていれば、設定は正しく働いています。\n\n\
               This message was sent to check the settings for outgoing mail.\n",
        class: Class::Administrative,
        auto: true,
        reply_to: None,
        references: &[],
    }
}

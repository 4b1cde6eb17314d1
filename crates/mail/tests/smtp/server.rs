//! The server of `smtp_server.py`, and messages for it.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::{Class, Draft, DraftInput, MessageId, Recipient};
use mail::{Limits, Message, Patience, Pool, Relay, Sender, Tls, build};
use serde_json::Value;
use test_support::SmtpServer;
use uuid::Uuid;

/// A running server. It ends with this value.
pub struct Server(SmtpServer);

impl Server {
    /// With options of the script.
    pub fn start(options: &[&str]) -> Self {
        Self(SmtpServer::start(options))
    }

    /// In clear text. Steps that a fault holds up are waited for briefly, all others for long, by the test that needs it.
    pub fn relay(&self) -> Relay {
        Relay {
            tls: Tls::None,
            patience: Patience {
                connect: Duration::from_secs(20),
                greeting: Duration::from_secs(20),
                command: Duration::from_secs(20),
                body: Duration::from_secs(20),
                answer: Duration::from_secs(20),
                quit: Duration::from_secs(5),
            },
            ..Relay::new("127.0.0.1", self.port, "office.example.jp")
        }
    }

    pub fn pool(&self) -> Pool {
        pool(self.relay())
    }
}

impl Deref for Server {
    type Target = SmtpServer;

    fn deref(&self) -> &SmtpServer {
        &self.0
    }
}

/// A string in JSON.
pub fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

pub fn pool(relay: Relay) -> Pool {
    Pool::new(relay, Limits::default()).expect("the settings are good")
}

/// When all messages of the tests were queued.
pub fn queued_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(7)
}

pub fn sender(address: &str) -> Sender {
    Sender {
        from: Recipient::parse(address, Some("宣言事務局")).expect("an address"),
        reply_to: None,
        return_path: None,
    }
}

pub fn input(to: &str) -> DraftInput<'_> {
    DraftInput {
        sender: "office",
        to,
        name: None,
        subject: "更新のお知らせ",
        text: "本文です。\n",
        class: Class::Administrative,
        auto: true,
        reply_to: None,
        references: &[],
    }
}

/// The next message of this test.
pub fn built(sender: &Sender, input: &DraftInput<'_>) -> Message {
    static ROW: AtomicU64 = AtomicU64::new(1);
    let row = Uuid::from_u128(ROW.fetch_add(1, Ordering::Relaxed).into());
    let id = MessageId::new(row, "mail.example.jp").expect("a domain");
    let draft = Draft::new(input).expect("a good draft");
    build(&draft, sender, &id, queued_at()).expect("it can be built")
}

/// To somebody from the office.
pub fn message(to: &str) -> Message {
    built(&sender("office@example.jp"), &input(to))
}

/// From a sender whose name is a fault.
pub fn message_from(from: &str) -> Message {
    built(&sender(from), &input("hanako@example.jp"))
}

//! Mailboxes of a real server, and messages for them.

use std::time::Duration;

use mail::Credentials;
use mail::imap::{Account, Batch, Content, Cursor, Failure, Mailbox, Patience, Session, Tls};
use test_support::Dovecot;

/// More than a test has.
pub const MANY: usize = 1000;
/// Who reads, where it does not matter.
pub const USER: &str = "hanako";

/// Longer than any answer takes on a busy machine.
pub fn patience() -> Patience {
    let long = Duration::from_mins(1);
    Patience {
        connect: long,
        greeting: long,
        command: long,
        slowest: 16 << 10,
        idle: long,
        logout: Duration::from_secs(5),
    }
}

pub fn credentials(user: &str, password: &str) -> Credentials {
    Credentials::from_file_content(user, password).expect("one line")
}

/// The inbox of a user, in clear text.
pub fn account(port: u16, user: &str) -> Account {
    Account {
        port,
        tls: Tls::None,
        patience: patience(),
        ..Account::new("127.0.0.1", credentials(user, Dovecot::PASSWORD))
    }
}

pub fn mailbox(account: Account) -> Mailbox {
    Mailbox::new(account).expect("the settings are good")
}

pub async fn try_open(account: Account) -> Result<Session, Failure> {
    mailbox(account).open().await
}

pub async fn open(account: Account) -> Session {
    try_open(account).await.expect("the mailbox opens")
}

/// All that is newer.
pub async fn all(session: &mut Session, cursor: Option<Cursor>) -> Batch {
    session.newer_than(cursor, MANY).await.expect("the messages come")
}

/// The bytes of messages that came whole.
pub fn bytes(batch: Batch) -> Vec<Vec<u8>> {
    batch
        .messages
        .into_iter()
        .map(|message| match message.content {
            Content::Whole(bytes) => bytes,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// A small message with a number.
pub fn message(number: usize) -> Vec<u8> {
    format!("From: hanako@example.jp\r\nSubject: {number}\r\n\r\ntext {number}\r\n").into_bytes()
}

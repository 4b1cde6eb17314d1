//! A few conversations with one relay that are used again and again: opening one costs many times what a message costs.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::mailing::Outcome;
use tokio::sync::Semaphore;

use super::connection::Connection;
use super::dial::Dialer;
use super::{Relay, RelayError, Tls};
use crate::Message;

/// How much a relay is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Conversations at one time; at least one.
    pub connections: usize,
    /// Messages in one conversation.
    pub messages: u32,
    /// How old a conversation gets.
    pub age: Duration,
    /// How long one is kept that nobody uses. Relays hang up after some minutes.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4,
            messages: 500,
            age: Duration::from_mins(10),
            idle: Duration::from_secs(30),
        }
    }
}

/// The conversations with one relay.
pub struct Pool {
    dialer: Dialer,
    limits: Limits,
    /// One for each conversation that may be.
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Looks at the settings, reads the certificates, and connects to nobody yet.
    pub fn new(relay: Relay, limits: Limits) -> Result<Self, RelayError> {
        Ok(Self {
            dialer: Dialer::new(relay)?,
            permits: Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)),
            limits,
            idle: Mutex::default(),
        })
    }

    /// Hands over one message, over a conversation that is open or a new one. Waits while all are in use.
    ///
    /// A relay hangs up on who is silent for long. A conversation that turns out to be closed before the relay took notice of
    /// the message is replaced by a new one, once; nothing else is tried twice.
    pub async fn send(&self, message: &Message) -> Outcome {
        let _permit = self.permits.acquire().await.expect("nobody closes it");
        if let Some(mut connection) = self.take().await {
            let outcome = connection.send(message).await;
            if !connection.was_stale() {
                self.give_back(connection).await;
                return outcome;
            }
        }
        match self.dialer.open().await {
            Ok(mut connection) => {
                let outcome = connection.send(message).await;
                self.give_back(connection).await;
                outcome
            }
            Err(failure) => failure.into(),
        }
    }

    /// Says good-bye on all conversations that nobody uses.
    pub async fn rest(&self) {
        loop {
            let next = self.lock().pop();
            match next {
                Some(connection) => connection.close().await,
                None => return,
            }
        }
    }

    pub(crate) fn describe(&self) -> String {
        let relay = self.dialer.relay();
        let how = match relay.tls {
            Tls::Required => "encrypted, STARTTLS required",
            Tls::Implicit => "encrypted from the start",
            Tls::Opportunistic => "encrypted where the relay offers it",
            Tls::None => "in clear text",
        };
        format!("the mail relay {} ({how})", relay.name())
    }

    /// The one that was used last: those that are not needed grow old and go.
    async fn take(&self) -> Option<Connection> {
        loop {
            let connection = self.lock().pop()?;
            if connection.idle() < self.limits.idle && connection.age() < self.limits.age {
                return Some(connection);
            }
            connection.close().await;
        }
    }

    async fn give_back(&self, connection: Connection) {
        let is_used_up = connection.sent() >= self.limits.messages || connection.age() >= self.limits.age;
        if connection.is_broken() || is_used_up {
            connection.close().await;
        } else {
            self.lock().push(connection);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.describe())
    }
}

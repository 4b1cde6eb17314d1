//! What is said on a socket: the messages of `graphql-transport-ws`, and why a socket is closed.

use async_graphql::{Response, ServerError};
use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};

use crate::http::graphql::Operation;

/// What the console says. Whatever comes with a greeting or a sign of life is not looked at.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    /// The greeting: before it nothing is served.
    ConnectionInit,
    /// A sign of life is asked for.
    Ping,
    /// A sign of life.
    Pong,
    /// Begins a subscription.
    Subscribe {
        /// What the console calls it.
        id: String,
        /// What it is.
        payload: Operation,
    },
    /// Ends a subscription.
    Complete {
        /// Which.
        id: String,
    },
}

/// What we say.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Answer<'a> {
    /// The greeting was heard.
    ConnectionAck,
    /// A sign of life.
    Pong,
    /// Something happened.
    Next {
        /// To which subscription it belongs.
        id: &'a str,
        /// What.
        payload: &'a Response,
    },
    /// A subscription has ended because of this.
    Error {
        /// Which.
        id: &'a str,
        /// Why.
        payload: &'a [ServerError],
    },
    /// A subscription has ended.
    Complete {
        /// Which.
        id: &'a str,
    },
}

/// Why a socket is closed by us. The codes are those of the protocol, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// What was said is no message of the protocol.
    BadMessage,
    /// Something was asked for before the greeting.
    NotGreeted,
    /// No greeting came.
    NoGreeting,
    /// There was a greeting before.
    GreetedTwice,
    /// There is a subscription of that name.
    NameTaken,
    /// Too much was said in too short a time.
    TooFast,
    /// The session has ended, or its owner may not sign in any more.
    SessionEnded,
    /// The owner of the session has other roles now: whoever comes back is judged by them.
    RolesChanged,
    /// Nothing was heard for too long.
    Silent,
    /// A fault of ours.
    TryAgain,
    /// The process ends.
    GoingAway,
}

impl Closing {
    const fn words(self) -> (u16, &'static str) {
        match self {
            Self::BadMessage => (4400, "this is no message of the protocol"),
            Self::NotGreeted => (4401, "greet first"),
            Self::SessionEnded => (4401, "the session has ended"),
            Self::RolesChanged => (4403, "the account has other roles now"),
            Self::NoGreeting => (4408, "no greeting came"),
            Self::NameTaken => (4409, "there is a subscription of that name"),
            Self::GreetedTwice => (4429, "there was a greeting before"),
            Self::TooFast => (4429, "too many messages"),
            Self::Silent => (1001, "nothing was heard for too long"),
            Self::GoingAway => (1001, "the server stops"),
            Self::TryAgain => (1013, "try again later"),
        }
    }

    /// As it goes out.
    pub(super) fn message(self) -> Message {
        let (code, reason) = self.words();
        Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        }))
    }
}

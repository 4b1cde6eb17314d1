//! The way that mail takes out of here.

use domain::mailing::Outcome;

use crate::{Folder, Message, Pool};

/// A carrier of messages.
#[derive(Debug)]
pub enum Transport {
    /// Files in a folder: nothing leaves a machine where nobody configured a relay.
    Folder(Folder),
    /// A relay.
    Smtp(Box<Pool>),
}

impl Transport {
    /// Carries one message, once. What follows from the outcome is for [`domain::mailing::after`] to say. Whoever drops this
    /// half-way has interrupted the attempt: [`domain::mailing::interrupted`] says what that means.
    pub async fn send(&self, message: &Message) -> Outcome {
        match self {
            Self::Folder(folder) => folder.send(message).await,
            Self::Smtp(pool) => pool.send(message).await,
        }
    }

    /// Whether sending a message again replaces what was sent, so that an interrupted attempt leaves no doubt.
    pub const fn is_repeatable(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// What carries, in a few words for the operator.
    pub fn describe(&self) -> String {
        match self {
            Self::Folder(folder) => format!("files in {}", folder.path().display()),
            Self::Smtp(pool) => pool.describe(),
        }
    }

    /// Ends connections that nobody uses, for when there is nothing more to send. They open again by themselves.
    pub async fn rest(&self) {
        if let Self::Smtp(pool) = self {
            pool.rest().await;
        }
    }
}

//! Why a relay could not be talked to, in sentences for the operator.

use std::io;
use std::time::Duration;

use domain::mailing::{Outcome, Reply, Step};
use domain::reason::{Reason, ReasonCode};

/// Nothing was handed over.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(
        "the mail relay {relay} was not found ({source}): check its host in the settings and this machine's name service"
    )]
    NotFound { relay: String, source: io::Error },
    #[error(
        "the mail relay {relay} cannot be connected to ({source}): check that it runs and that no firewall is between"
    )]
    Unreachable { relay: String, source: io::Error },
    #[error(
        "mail to the relay {relay} would leave this machine in clear text: let it be encrypted, or allow clear text for it"
    )]
    ClearText { relay: String },
    #[error(
        "the mail relay {relay} offers no encryption, so nothing was sent: somebody may be in between; if it never does, set its TLS to implicit or look at its settings"
    )]
    NoEncryption { relay: String },
    #[error(
        "the mail relay {relay} cannot be trusted ({source}), so nothing was sent: check its certificate, the name that it is made out for, and the extra certificates in the settings"
    )]
    NotTrusted { relay: String, source: io::Error },
    #[error(
        "the mail relay {relay} offers no way to sign in that we know (PLAIN or LOGIN): check its port and its settings"
    )]
    NoSignIn { relay: String },
    #[error("the mail relay {relay} refuses our user or password ({reply}): check both in the settings")]
    SignIn { relay: String, reply: Reply },
    #[error(
        "the mail relay {relay} sends us away ({reply}): look at its log, and whether it lets this machine in"
    )]
    SentAway { relay: String, reply: Reply },
    #[error("the mail relay {relay} was silent at {step} for {} s: look at its load and its log", patience.as_secs_f32())]
    Silent {
        relay: String,
        step: Step,
        patience: Duration,
    },
    #[error("the mail relay {relay} broke off at {step}, or gave an answer that is none: look at its log")]
    Broken { relay: String, step: Step },
}

impl Failure {
    const fn code(&self) -> ReasonCode {
        match self {
            Self::NotFound { .. } => ReasonCode::RelayNotFound,
            Self::Unreachable { .. } => ReasonCode::RelayUnreachable,
            Self::ClearText { .. } => ReasonCode::RelayClearText,
            Self::NoEncryption { .. } => ReasonCode::RelayNoEncryption,
            Self::NotTrusted { .. } => ReasonCode::RelayNotTrusted,
            Self::NoSignIn { .. } => ReasonCode::RelayNoSignIn,
            Self::SignIn { .. } => ReasonCode::RelaySignInRefused,
            Self::SentAway { .. } => ReasonCode::RelaySentAway,
            Self::Silent { .. } => ReasonCode::RelaySilent,
            Self::Broken { .. } => ReasonCode::RelayBroken,
        }
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        let why = Reason::new(failure.code(), failure.to_string());
        let reply = match failure {
            Failure::SignIn { reply, .. } | Failure::SentAway { reply, .. } => Some(reply),
            _ => None,
        };
        Self::ConnectionFailed { why, reply }
    }
}

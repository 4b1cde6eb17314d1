//! Why a mailbox cannot be read, in sentences for the operator. None holds a user, an address, a subject or words of the server.

use std::fmt;
use std::io;
use std::time::Duration;

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The handshake of TLS, and `STARTTLS` before it.
    Encryption,
    /// The server's greeting, and what it can do.
    Greeting,
    /// `AUTHENTICATE` or `LOGIN`.
    SignIn,
    /// `EXAMINE`: the folder.
    Folder,
    /// `UID FETCH` of numbers: which messages there are.
    List,
    /// `UID FETCH` of the message with this number.
    Message(u32),
    /// `IDLE`.
    Wait,
    /// `LOGOUT`.
    Logout,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message(uid) => return write!(f, "the message with UID {uid}"),
            Self::Encryption => "the beginning of encryption",
            Self::Greeting => "the greeting",
            Self::SignIn => "signing in",
            Self::Folder => "opening the folder",
            Self::List => "the list of messages",
            Self::Wait => "waiting for mail",
            Self::Logout => "signing out",
        })
    }
}

/// Why nothing comes of a mailbox. Nothing is lost by any of these: the messages are where they were.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The name has no address.
    #[error(
        "the mailbox's server {server} was not found ({source}): check its host in the settings and this machine's name service"
    )]
    NotFound {
        /// `host:port`.
        server: String,
        /// What the system says.
        source: io::Error,
    },
    /// None of its addresses takes a connection.
    #[error(
        "the mailbox's server {server} cannot be connected to ({source}): check that it runs and that no firewall is between"
    )]
    Unreachable {
        /// `host:port`.
        server: String,
        /// What the system says.
        source: io::Error,
    },
    /// The settings allow clear text on this machine only, and the server is not on it.
    #[error(
        "the password for the mailbox on {server} would leave this machine in clear text: let it be encrypted, or allow clear text for it"
    )]
    ClearText {
        /// `host:port`.
        server: String,
    },
    /// No STARTTLS.
    #[error(
        "the mailbox's server {server} offers no encryption, so we did not sign in: somebody may be in between; if it never does, set its TLS to implicit or look at its settings"
    )]
    NoEncryption {
        /// `host:port`.
        server: String,
    },
    /// No TLS on this port, or none that we speak.
    #[error(
        "no encryption comes about with the mailbox's server {server} ({source}), so we did not sign in: check that its port belongs to its TLS, 993 to implicit TLS and 143 to STARTTLS"
    )]
    NotTls {
        /// `host:port`.
        server: String,
        /// What the TLS library says.
        source: io::Error,
    },
    /// A certificate that we do not trust.
    #[error(
        "the mailbox's server {server} cannot be trusted ({source}), so we did not sign in: check its certificate, the name that it is made out for, and the extra certificates in the settings"
    )]
    NotTrusted {
        /// `host:port`.
        server: String,
        /// What the TLS library says.
        source: io::Error,
    },
    /// Neither `AUTH=PLAIN` nor `LOGIN`.
    #[error(
        "the mailbox's server {server} offers no way to sign in that we know (PLAIN or LOGIN): check its port and its settings"
    )]
    NoSignIn {
        /// `host:port`.
        server: String,
    },
    /// It refuses the user or the password.
    #[error(
        "the mailbox's server {server} refuses our user or password{}: check both in the settings, and whether the account may use IMAP",
        bracketed(*code)
    )]
    WrongPassword {
        /// `host:port`.
        server: String,
        /// Its code (RFC 5530), where it gives one.
        code: Option<&'static str>,
    },
    /// It has no such folder, or not for this user.
    #[error(
        "the mailbox's server {server} has no folder {folder} for our user{}: check its name in the settings, and whether somebody deleted or renamed it",
        bracketed(*code)
    )]
    NoSuchFolder {
        /// `host:port`.
        server: String,
        /// As in the settings.
        folder: String,
        /// The server's code, where it gives one.
        code: Option<&'static str>,
    },
    /// It says that it cannot now.
    #[error(
        "the mailbox's server {server} sends us away at {phase}{}: look at its log; we try again",
        bracketed(*code)
    )]
    SentAway {
        /// `host:port`.
        server: String,
        /// At what.
        phase: Phase,
        /// Its code, where it gives one.
        code: Option<&'static str>,
    },
    /// Nothing came, or too slowly.
    #[error("the mailbox's server {server} was silent or too slow at {phase}, for {} s: look at its load and its log", patience.as_secs_f32())]
    Stalled {
        /// `host:port`.
        server: String,
        /// At what.
        phase: Phase,
        /// How long it was waited for.
        patience: Duration,
    },
    /// The conversation is over.
    #[error("the mailbox's server {server} broke off at {phase}: look at its log")]
    Closed {
        /// `host:port`.
        server: String,
        /// At what.
        phase: Phase,
    },
    /// It sends more than an answer can be.
    #[error(
        "the mailbox's server {server} sends more at {phase} than an answer can be, so we hung up: make sure that it is the right server, and look at its log"
    )]
    TooMuch {
        /// `host:port`.
        server: String,
        /// At what.
        phase: Phase,
    },
    /// It answers something else than IMAP wants.
    #[error(
        "the mailbox's server {server} gave an answer at {phase} that is none: make sure that it is an IMAP server, and look at its log"
    )]
    Unexpected {
        /// `host:port`.
        server: String,
        /// At what.
        phase: Phase,
    },
}

impl Failure {
    /// Whether it stays until a person changes something. To try again soon is pointless, and many a server locks an account after some
    /// wrong passwords.
    pub const fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::ClearText { .. }
                | Self::NoEncryption { .. }
                | Self::NotTls { .. }
                | Self::NotTrusted { .. }
                | Self::NoSignIn { .. }
                | Self::WrongPassword { .. }
                | Self::NoSuchFolder { .. }
        )
    }
}

impl Failure {
    /// At which message it happened, if at one. A message that is damaged on its server can do that each time: Dovecot 2.3 hangs up
    /// over one. After some tries that end at the same message, whoever wants the others goes on with this number as
    /// [`Cursor::last_uid`](super::Cursor::last_uid), and tells a person.
    pub const fn message(&self) -> Option<u32> {
        match self {
            Self::SentAway { phase, .. }
            | Self::Stalled { phase, .. }
            | Self::Closed { phase, .. }
            | Self::TooMuch { phase, .. }
            | Self::Unexpected { phase, .. } => match phase {
                Phase::Message(uid) => Some(*uid),
                _ => None,
            },
            _ => None,
        }
    }
}

fn bracketed(code: Option<&'static str>) -> String {
    code.map_or_else(String::new, |code| format!(" ({code})"))
}

//! The settings of a mailbox.

use std::net::IpAddr;
use std::time::Duration;

use crate::Credentials;
use crate::net::TrustError;

/// A mailbox, and how it is read.
#[derive(Debug, Clone)]
pub struct Account {
    /// The server's name, for which its certificate must be made out, or its address.
    pub host: String,
    /// 993 with [`Tls::Implicit`], 143 otherwise.
    pub port: u16,
    /// How the conversation is encrypted.
    pub tls: Tls,
    /// Lets the password and the mail go in clear text over a network. For a server in a network that nobody else is in.
    pub clear_text_allowed: bool,
    /// Who reads.
    pub credentials: Credentials,
    /// The folder, as a person writes it, with the separators of the server: `INBOX`, `お問い合わせ`, `INBOX.2026`.
    pub folder: String,
    /// Certificates in PEM that are trusted beside those of the system, for a server with a certificate of one's own.
    pub extra_roots: Option<String>,
    /// How long each step may take.
    pub patience: Patience,
    /// How much is held at a time.
    pub caps: Caps,
}

impl Account {
    /// The inbox of a server with implicit TLS on its port.
    pub fn new(host: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            host: host.into(),
            port: 993,
            tls: Tls::default(),
            clear_text_allowed: false,
            credentials,
            folder: "INBOX".to_owned(),
            extra_roots: None,
            patience: Patience::default(),
            caps: Caps::default(),
        }
    }

    /// `host:port`, for sentences.
    pub(super) fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What can be seen of the settings alone. Whether `localhost` is this machine is seen again when it is connected to.
    pub(super) fn check(&self) -> Result<(), AccountError> {
        let is_local =
            self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if self.host.is_empty() || self.port == 0 {
            Err(AccountError::Nowhere)
        } else if self.tls == Tls::None && !self.clear_text_allowed && !is_local {
            Err(AccountError::ClearText {
                host: self.host.clone(),
            })
        } else if self.credentials.user.is_empty() || self.credentials.user.contains(['\r', '\n', '\0']) {
            Err(AccountError::User)
        } else if self.folder.is_empty() || self.folder.contains(char::is_control) {
            Err(AccountError::Folder)
        } else {
            Ok(())
        }
    }
}

/// How the conversation is encrypted. The certificate is judged wherever there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tls {
    /// From the first byte on.
    #[default]
    Implicit,
    /// With STARTTLS or not at all.
    StartTls,
    /// In clear text: to this machine, or where clear text is allowed.
    None,
}

/// How long each step may take before the server counts as silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Finding the address, and connecting to one.
    pub connect: Duration,
    /// The handshake of TLS, and the greeting.
    pub greeting: Duration,
    /// The answer to a command; and, while a message comes in, each silence.
    pub command: Duration,
    /// How slow a message may come in: so many bytes a second, on the whole, are added to the time for its command.
    pub slowest: u32,
    /// So long [`Session::wait`](super::Session::wait) hears nothing before it makes sure that the server is still there. Below the 30
    /// minutes after which a server may hang up (RFC 2177), and the five to ten after which many a router forgets a connection.
    pub idle: Duration,
    /// The answer to `LOGOUT`.
    pub logout: Duration,
}

impl Default for Patience {
    /// A folder that is opened for the first time in years can take its server minutes.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(1),
            command: Duration::from_mins(5),
            slowest: 16 << 10,
            idle: Duration::from_mins(4),
            logout: Duration::from_secs(5),
        }
    }
}

/// How much is held at a time, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// A message above it is reported with its header only.
    pub message: usize,
    /// No further message is asked for when those of a batch come to this. So a batch holds less than both together.
    pub batch: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            message: 50 << 20,
            batch: 32 << 20,
        }
    }
}

/// Why a mailbox cannot be used as it is set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// No host or no port.
    #[error("the mailbox has no host or no port: set both")]
    Nowhere,
    /// The password would go over a network in clear text.
    #[error(
        "the password and the mail of the mailbox on {host} would go in clear text: let it be encrypted (implicit TLS or STARTTLS), or allow clear text for it"
    )]
    ClearText {
        /// The server.
        host: String,
    },
    /// No user.
    #[error("the mailbox has no user, or one with line ends in it: correct it")]
    User,
    /// No folder.
    #[error("the mailbox has no folder, or one with control characters in it: set it, usually to INBOX")]
    Folder,
    /// Nobody could be trusted with these settings.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(host: &str, tls: Tls) -> Account {
        let credentials = Credentials::from_file_content("hanako@example.jp", "geheim\n").unwrap();
        Account {
            tls,
            ..Account::new(host, credentials)
        }
    }

    #[test]
    fn encryption_is_what_one_gets_without_asking_and_nothing_secret_is_printed() {
        let account = account("imap.example.jp", Tls::default());
        assert_eq!((account.tls, account.port), (Tls::Implicit, 993));
        assert!(account.check().is_ok());
        let shown = format!("{account:?}");
        assert!(!shown.contains("geheim") && !shown.contains("hanako"), "{shown}");
    }

    #[test]
    fn clear_text_is_for_this_machine_unless_somebody_allows_it() {
        for host in ["localhost", "127.0.0.1", "::1"] {
            assert!(account(host, Tls::None).check().is_ok(), "{host}");
        }
        let mut other = account("imap.example.jp", Tls::None);
        assert!(matches!(other.check(), Err(AccountError::ClearText { .. })));
        other.clear_text_allowed = true;
        assert!(other.check().is_ok());
    }

    #[test]
    fn nothing_in_the_settings_would_be_another_command() {
        let good = account("imap.example.jp", Tls::Implicit);
        for folder in ["", "INBOX\r\na1 DELETE INBOX", "a\0"] {
            let mut account = good.clone();
            account.folder = folder.to_owned();
            assert_eq!(account.check(), Err(AccountError::Folder), "{folder:?}");
        }
        for user in ["", "hanako\r\na1 LOGOUT"] {
            let mut account = good.clone();
            account.credentials.user = user.to_owned();
            assert_eq!(account.check(), Err(AccountError::User), "{user:?}");
        }
    }
}

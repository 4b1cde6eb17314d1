//! Mail by SMTP: the settings of a relay, and what is under them.
//!
//! lettre speaks the protocol. The sockets, the encryption, the waiting and the pool are ours: lettre 0.11.23 sends 23 mails a
//! second, waits 60 s where RFC 5321 asks for ten minutes, and does not tell a message that was never handed over from one
//! whose answer was lost.

mod connection;
mod dial;
mod failure;
mod pool;
mod wire;

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;

pub use pool::{Limits, Pool};

use crate::Credentials;
use crate::net::TrustError;

/// A relay, and how it is talked to.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its name, for which its certificate must be made out, or its address.
    pub host: String,
    /// 587 for submission, 465 with [`Tls::Implicit`], 25 for a relay of one's own.
    pub port: u16,
    /// How the conversation is encrypted.
    pub tls: Tls,
    /// Lets mail and credentials go in clear text over a network. For a relay in a network that nobody else is in.
    pub clear_text_allowed: bool,
    /// How to sign in, where the relay wants that.
    pub credentials: Option<Credentials>,
    /// The name that we give ourselves: a host name, or an address in brackets.
    pub hello: String,
    /// Certificates in PEM that are trusted beside those of the system, for a relay with a certificate of one's own.
    pub extra_roots: Option<String>,
    /// How long each step may take.
    pub patience: Patience,
}

impl Relay {
    /// A relay with STARTTLS, without credentials, that is waited for as long as RFC 5321 asks.
    pub fn new(host: impl Into<String>, port: u16, hello: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port,
            tls: Tls::default(),
            clear_text_allowed: false,
            credentials: None,
            hello: hello.into(),
            extra_roots: None,
            patience: Patience::default(),
        }
    }

    /// `host:port`, for sentences.
    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What can be seen of the settings alone. Whether `localhost` is this machine is seen again when it is connected to.
    fn check(&self) -> Result<ClientId, RelayError> {
        let is_local =
            self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if self.host.is_empty() || self.port == 0 {
            return Err(RelayError::Nowhere);
        }
        if self.tls == Tls::None && !self.clear_text_allowed && !is_local {
            return Err(RelayError::ClearText {
                host: self.host.clone(),
            });
        }
        if self.tls == Tls::Opportunistic && self.credentials.is_some() && !self.clear_text_allowed {
            return Err(RelayError::ClearCredentials {
                host: self.host.clone(),
            });
        }
        client_id(&self.hello).ok_or(RelayError::Hello)
    }
}

/// Only what can stand in `EHLO`: lettre writes it as it is.
fn client_id(hello: &str) -> Option<ClientId> {
    if let Some(address) = hello.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address = address.strip_prefix("IPv6:").unwrap_or(address);
        return Some(match address.parse().ok()? {
            IpAddr::V4(address) => ClientId::Ipv4(address),
            IpAddr::V6(address) => ClientId::Ipv6(address),
        });
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let fits = hello.len() <= 255 && hello.split('.').all(is_label);
    fits.then(|| ClientId::Domain(hello.to_owned()))
}

/// How the conversation with a relay is encrypted. A certificate is judged wherever there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tls {
    /// With STARTTLS or not at all.
    #[default]
    Required,
    /// From the first byte on.
    Implicit,
    /// With STARTTLS where it is offered. Somebody in between can strip the offer: for relays that have none.
    Opportunistic,
    /// In clear text: to this machine, or where clear text is allowed.
    None,
}

/// How long each step may take before the relay counts as silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Finding the address, and connecting to one.
    pub connect: Duration,
    /// The handshake of TLS; the greeting and the answer to `EHLO`.
    pub greeting: Duration,
    /// The answer to any other command.
    pub command: Duration,
    /// Handing over the message, up to the final dot.
    pub body: Duration,
    /// The answer to the final dot. A slow relay that is not waited for may have taken the message.
    pub answer: Duration,
    /// The answer to `QUIT`.
    pub quit: Duration,
}

impl Default for Patience {
    /// As RFC 5321, 4.5.3.2 asks, but one minute for the greeting and five seconds for `QUIT`, where nothing can be lost.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(1),
            command: Duration::from_mins(5),
            body: Duration::from_mins(5),
            answer: Duration::from_mins(10),
            quit: Duration::from_secs(5),
        }
    }
}

/// Why a relay cannot be used as it is set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// No host or no port.
    #[error("the mail relay has no host or no port: set both")]
    Nowhere,
    /// Mail would go over a network in clear text.
    #[error(
        "mail to the relay {host} would go in clear text: let it be encrypted (STARTTLS or implicit TLS), or allow clear text for it"
    )]
    ClearText {
        /// The relay.
        host: String,
    },
    /// The password could go over a network in clear text.
    #[error(
        "the password for the mail relay {host} could go in clear text: require STARTTLS, or allow clear text for it"
    )]
    ClearCredentials {
        /// The relay.
        host: String,
    },
    /// What we call ourselves is no name.
    #[error("the name for EHLO must be a host name such as office.example.jp, or an address in brackets")]
    Hello,
    /// Nobody could be trusted with these settings.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(host: &str, tls: Tls) -> Relay {
        Relay {
            tls,
            ..Relay::new(host, 25, "office.example.jp")
        }
    }

    #[test]
    fn encryption_is_what_one_gets_without_asking_and_a_slow_relay_is_waited_for() {
        let relay = Relay::new("mail.example.jp", 587, "office.example.jp");
        assert_eq!(relay.tls, Tls::Required);
        assert!(relay.patience.answer >= Duration::from_mins(10), "F4");
        assert!(relay.check().is_ok());
    }

    #[test]
    fn clear_text_is_for_this_machine_unless_somebody_allows_it() {
        for host in ["localhost", "127.0.0.1", "::1"] {
            assert!(relay(host, Tls::None).check().is_ok(), "{host}");
        }
        let mut other = relay("mail.example.jp", Tls::None);
        let refused = other.check().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "mail to the relay mail.example.jp would go in clear text: \
             let it be encrypted (STARTTLS or implicit TLS), or allow clear text for it"
        );
        other.clear_text_allowed = true;
        assert!(other.check().is_ok());
    }

    #[test]
    fn a_password_is_not_left_to_an_offer_that_can_be_stripped() {
        let mut relay = relay("mail.example.jp", Tls::Opportunistic);
        assert!(relay.check().is_ok());
        relay.credentials = Some(Credentials::from_file_content("office", "geheim\n").unwrap());
        assert!(matches!(relay.check(), Err(RelayError::ClearCredentials { .. })));
        assert!(!format!("{relay:?}").contains("geheim"));
    }

    #[test]
    fn the_name_for_ehlo_holds_nothing_that_would_be_another_command() {
        for hello in ["office.example.jp", "office", "[192.0.2.1]", "[IPv6:2001:db8::1]"] {
            assert!(client_id(hello).is_some(), "{hello}");
        }
        for hello in ["", "a b", "a\r\nMAIL FROM:<x>", "a..b", "[1.2.3]", "事務局", "a."] {
            assert!(client_id(hello).is_none(), "{hello:?}");
        }
    }
}

//! From the settings of a relay to a conversation: connect, encrypt, greet, sign in. Nothing is said in clear text that the
//! settings do not allow.

use std::net::SocketAddr;

use domain::mailing::Step;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Starttls;
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::connection::{Connection, Setback, answer, setback};
use super::failure::Failure;
use super::wire::{Stream, Wire};
use super::{Relay, RelayError, Tls};
use crate::net::{self, ConnectError, Encryption, HandshakeError};

/// A relay whose settings are good.
pub(super) struct Dialer {
    relay: Relay,
    hello: ClientId,
    way: Way,
}

/// How a conversation gets its encryption.
enum Way {
    Clear,
    Implicit(Encryption),
    StartTls {
        encryption: Encryption,
        is_required: bool,
    },
}

impl Dialer {
    pub fn new(relay: Relay) -> Result<Self, RelayError> {
        let hello = relay.check()?;
        let encryption = || net::encryption(&relay.host, relay.extra_roots.as_deref());
        let way = match relay.tls {
            Tls::None => Way::Clear,
            Tls::Implicit => Way::Implicit(encryption()?),
            Tls::Required | Tls::Opportunistic => Way::StartTls {
                encryption: encryption()?,
                is_required: relay.tls == Tls::Required,
            },
        };
        Ok(Self { relay, hello, way })
    }

    pub const fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Opens a conversation that is ready for a message.
    pub async fn open(&self) -> Result<Connection, Failure> {
        let tcp = self.connect().await?;
        let mut client = match &self.way {
            Way::Clear => self.greet(Wire::new(tcp)).await?,
            Way::Implicit(encryption) => {
                let encrypted = self.encrypt(tcp, encryption).await?;
                self.greet(Wire::new(encrypted)).await?
            }
            Way::StartTls {
                encryption,
                is_required,
            } => self.start_tls(tcp, encryption, *is_required).await?,
        };
        self.sign_in(&mut client).await?;
        Ok(Connection::new(client, self.relay.name(), self.relay.patience))
    }

    /// The first of its addresses that answers.
    async fn connect(&self) -> Result<TcpStream, Failure> {
        let relay = self.relay.name();
        let place = (self.relay.host.as_str(), self.relay.port);
        let patience = self.relay.patience.connect;
        let connected = net::connect(place, patience, |address| self.may_talk_to(address)).await;
        connected.map_err(|error| match error {
            ConnectError::NotFound(source) => Failure::NotFound { relay, source },
            ConnectError::Unreachable(source) => Failure::Unreachable { relay, source },
            ConnectError::Forbidden => Failure::ClearText { relay },
        })
    }

    /// A relay in clear text is on this machine, whatever its name says.
    fn may_talk_to(&self, address: SocketAddr) -> bool {
        !matches!(self.way, Way::Clear) || self.relay.clear_text_allowed || address.ip().is_loopback()
    }

    /// Reads the greeting, says who we are, reads what the relay can do.
    async fn greet<S: Stream>(&self, wire: Wire<S>) -> Result<AsyncSmtpConnection, Failure> {
        let patience = self.relay.patience.greeting;
        let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.hello);
        let failed = match timeout(patience, greeting).await {
            Ok(Ok(client)) => return Ok(client),
            Ok(Err(error)) => setback(Step::Greeting, &error),
            Err(_) => Setback::Silence(patience),
        };
        Err(failed.into_failure(&self.relay.name(), Step::Greeting))
    }

    async fn start_tls(
        &self,
        tcp: TcpStream,
        encryption: &Encryption,
        is_required: bool,
    ) -> Result<AsyncSmtpConnection, Failure> {
        let relay = self.relay.name();
        let (wire, mut returned) = Wire::lent(tcp);
        let mut client = self.greet(wire).await?;
        if !client.can_starttls() {
            return if is_required {
                Err(Failure::NoEncryption { relay })
            } else {
                Ok(client)
            };
        }
        let asking = client.command(Starttls);
        let asked = answer(Step::Encryption, 2, self.relay.patience.command, asking).await;
        asked.map_err(|setback| setback.into_failure(&relay, Step::Encryption))?;
        drop(client);
        let Ok(tcp) = returned.try_recv() else {
            return Err(Setback::Broken.into_failure(&relay, Step::Encryption));
        };
        let encrypted = self.encrypt(tcp, encryption).await?;
        self.greet(Wire::greeted(encrypted)).await
    }

    async fn encrypt(
        &self,
        tcp: TcpStream,
        encryption: &Encryption,
    ) -> Result<TlsStream<TcpStream>, Failure> {
        let relay = self.relay.name();
        let patience = self.relay.patience.greeting;
        let step = Step::Encryption;
        let encrypted = encryption.over(tcp, patience).await;
        encrypted.map_err(|error| match error {
            HandshakeError::NotTrusted(source) | HandshakeError::NotTls(source) => {
                Failure::NotTrusted { relay, source }
            }
            HandshakeError::Silent => Failure::Silent {
                relay,
                step,
                patience,
            },
            HandshakeError::Broken => Failure::Broken { relay, step },
        })
    }

    async fn sign_in(&self, client: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let Some(credentials) = &self.relay.credentials else {
            return Ok(());
        };
        let relay = self.relay.name();
        let offered = client.server_info().get_auth_mechanism(DEFAULT_MECHANISMS);
        if offered.is_none() {
            return Err(Failure::NoSignIn { relay });
        }
        let credentials = (credentials.user.as_str(), credentials.password.as_str()).into();
        let asking = client.auth(DEFAULT_MECHANISMS, &credentials);
        match answer(Step::SignIn, 2, self.relay.patience.command, asking).await {
            Ok(_) => Ok(()),
            Err(setback) => Err(setback.into_failure(&relay, Step::SignIn)),
        }
    }
}

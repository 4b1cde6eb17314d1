//! From settings to a session: connect, encrypt, sign in, open the folder. Nothing is said in clear text that the settings do not allow.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpStream;

use super::conversation::Conversation;
use super::failure::{Failure, Phase};
use super::name::quoted;
use super::response::{Answer, Capabilities, Status};
use super::session::Session;
use super::settings::{Account, AccountError, Tls};
use super::wire::Stream;
use crate::net::{self, ConnectError, Encryption, HandshakeError};

/// A mailbox whose settings are good.
pub struct Mailbox {
    account: Account,
    way: Way,
}

/// How a conversation gets its encryption.
enum Way {
    Clear,
    Implicit(Encryption),
    StartTls(Encryption),
}

impl Mailbox {
    /// Checks the settings, and reads the certificates: once for each mailbox.
    pub fn new(account: Account) -> Result<Self, AccountError> {
        account.check()?;
        let encryption = || net::encryption(&account.host, account.extra_roots.as_deref());
        let way = match account.tls {
            Tls::None => Way::Clear,
            Tls::Implicit => Way::Implicit(encryption()?),
            Tls::StartTls => Way::StartTls(encryption()?),
        };
        Ok(Self { account, way })
    }

    /// Where it is, in a few words for the operator, without its user.
    pub fn describe(&self) -> String {
        let clear = if matches!(self.way, Way::Clear) {
            " (in clear text)"
        } else {
            ""
        };
        format!(
            "the folder {} on {}{clear}",
            self.account.folder,
            self.account.server()
        )
    }

    /// Signs in and opens the folder, for reading only.
    pub async fn open(&self) -> Result<Session, Failure> {
        let tcp = self.connect().await?;
        let mut conversation = match &self.way {
            Way::Clear => self.greeted(tcp).await?,
            Way::Implicit(encryption) => {
                let encrypted = self.encrypt(tcp, encryption).await?;
                self.greeted(encrypted).await?
            }
            Way::StartTls(encryption) => self.start_tls(tcp, encryption).await?,
        };
        let capabilities = conversation.capabilities().await?;
        self.sign_in(&mut conversation, capabilities).await?;
        // Many a server tells only those who signed in.
        let capabilities = conversation.capabilities().await?;
        Session::open(conversation, &self.account, capabilities.idle).await
    }

    async fn connect(&self) -> Result<TcpStream, Failure> {
        let server = self.account.server();
        let place = (self.account.host.as_str(), self.account.port);
        let patience = self.account.patience.connect;
        let connected = net::connect(place, patience, |address| self.may_talk_to(address)).await;
        connected.map_err(|error| match error {
            ConnectError::NotFound(source) => Failure::NotFound { server, source },
            ConnectError::Unreachable(source) => Failure::Unreachable { server, source },
            ConnectError::Forbidden => Failure::ClearText { server },
        })
    }

    /// A server in clear text is on this machine, whatever its name says.
    fn may_talk_to(&self, address: SocketAddr) -> bool {
        !matches!(self.way, Way::Clear) || self.account.clear_text_allowed || address.ip().is_loopback()
    }

    fn conversation(&self, stream: impl Stream) -> Conversation {
        Conversation::new(stream, self.account.server(), self.account.patience)
    }

    async fn greeted(&self, stream: impl Stream) -> Result<Conversation, Failure> {
        let mut conversation = self.conversation(stream);
        conversation.greet().await?;
        Ok(conversation)
    }

    async fn start_tls(&self, tcp: TcpStream, encryption: &Encryption) -> Result<Conversation, Failure> {
        let phase = Phase::Encryption;
        let mut clear = self.greeted(tcp).await?;
        if !clear.capabilities().await?.start_tls {
            let server = self.account.server();
            return Err(Failure::NoEncryption { server });
        }
        let answer = clear.command(phase, "STARTTLS", |_| ()).await?;
        let unexpected = clear.unexpected(phase);
        if !answer.is_ok() {
            return Err(unexpected);
        }
        // Whatever was said behind that answer was said in clear text.
        let stream = clear.into_stream().ok_or(unexpected)?;
        Ok(self.conversation(self.encrypt(stream, encryption).await?))
    }

    async fn encrypt<S: Stream>(
        &self,
        stream: S,
        encryption: &Encryption,
    ) -> Result<impl Stream + use<S>, Failure> {
        let (server, phase) = (self.account.server(), Phase::Encryption);
        let patience = self.account.patience.greeting;
        let encrypted = encryption.over(stream, patience).await;
        encrypted.map_err(|error| match error {
            HandshakeError::NotTrusted(source) => Failure::NotTrusted { server, source },
            HandshakeError::NotTls(source) => Failure::NotTls { server, source },
            HandshakeError::Silent => Failure::Stalled {
                server,
                phase,
                patience,
            },
            HandshakeError::Broken => Failure::Closed { server, phase },
        })
    }

    async fn sign_in(&self, conversation: &mut Conversation, can: Capabilities) -> Result<(), Failure> {
        let phase = Phase::SignIn;
        let (user, password) = (&self.account.credentials.user, &self.account.credentials.password);
        let server = self.account.server();
        let is_ascii = user.is_ascii() && password.is_ascii();
        let answer = if can.auth_plain {
            let secret = STANDARD.encode(format!("\0{user}\0{password}"));
            conversation.in_two(phase, "AUTHENTICATE PLAIN", &secret).await?
        } else if !can.login_disabled && is_ascii {
            let login = format!("LOGIN {} {}", quoted(user), quoted(password));
            conversation.command(phase, &login, |_| ()).await?
        } else {
            return Err(Failure::NoSignIn { server });
        };
        judge(answer, server)
    }
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailbox")
    }
}

fn judge(answer: Answer, server: String) -> Result<(), Failure> {
    let (phase, code) = (Phase::SignIn, answer.reason());
    match answer.status {
        Status::Ok => Ok(()),
        Status::No if answer.is_temporary() => Err(Failure::SentAway { server, phase, code }),
        Status::No => Err(Failure::WrongPassword { server, code }),
        Status::Bad => Err(Failure::Unexpected { server, phase }),
    }
}

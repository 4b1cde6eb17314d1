//! One conversation with a relay: each command has its own patience, and what is not answered is told apart by whether the
//! message was handed over.

use std::error::Error as _;
use std::fmt::Display;
use std::pin::pin;
use std::time::{Duration, Instant};

use domain::mailing::{Cause, Outcome, Reply, Step};
use domain::reason::{Reason, ReasonCode};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::response::Response;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Patience;
use super::failure::Failure;
use crate::Message;

/// "Service closing": the relay wants no more of this conversation, whatever was asked.
const CLOSING: u16 = 421;

/// What came instead of the answer that was hoped for.
pub(super) enum Setback {
    /// Another answer.
    Said(Reply),
    /// None in this time.
    Silence(Duration),
    /// The end of the connection, or what is no answer.
    Broken,
}

impl Setback {
    /// As a failure to talk to the relay at all.
    pub fn into_failure(self, relay: &str, step: Step) -> Failure {
        let relay = relay.to_owned();
        match self {
            Self::Said(reply) if step == Step::SignIn => Failure::SignIn { relay, reply },
            Self::Said(reply) => Failure::SentAway { relay, reply },
            Self::Silence(patience) => Failure::Silent {
                relay,
                step,
                patience,
            },
            Self::Broken => Failure::Broken { relay, step },
        }
    }
}

/// Waits for an answer of the wanted class (its first digit).
pub(super) async fn answer<F>(
    step: Step,
    wanted: u16,
    patience: Duration,
    asking: F,
) -> Result<Response, Setback>
where
    F: Future<Output = Result<Response, Error>>,
{
    let answered = timeout(patience, asking).await;
    judge(step, wanted, answered.map_err(|_| Setback::Silence(patience))?)
}

fn judge(step: Step, wanted: u16, answered: Result<Response, Error>) -> Result<Response, Setback> {
    match answered {
        Ok(response) if u16::from(response.code()) / 100 == wanted => Ok(response),
        Ok(_) => Err(Setback::Broken),
        Err(error) => Err(setback(step, &error)),
    }
}

/// lettre keeps the words of a negative answer as the error's source.
pub(super) fn setback(step: Step, error: &Error) -> Setback {
    let Some(code) = error.status() else {
        return Setback::Broken;
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    Setback::Said(Reply::new(step, code.into(), &text))
}

/// A conversation that is open.
pub(super) struct Connection {
    client: AsyncSmtpConnection,
    relay: String,
    patience: Patience,
    opened: Instant,
    last_used: Instant,
    sent: u32,
    /// A refused recipient leaves a transaction open.
    must_reset: bool,
    is_broken: bool,
    was_stale: bool,
}

impl Connection {
    pub fn new(client: AsyncSmtpConnection, relay: String, patience: Patience) -> Self {
        let now = Instant::now();
        Self {
            client,
            relay,
            patience,
            opened: now,
            last_used: now,
            sent: 0,
            must_reset: false,
            is_broken: false,
            was_stale: false,
        }
    }

    /// Hands over one message.
    pub async fn send(&mut self, message: &Message) -> Outcome {
        self.sent += 1;
        let outcome = match self.hand_over(message).await {
            Ok(outcome) => outcome,
            Err((step, setback)) => self.outcome(step, setback),
        };
        self.last_used = Instant::now();
        outcome
    }

    /// Whether there is no more to be had from it.
    pub const fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether the last message found it closed, before the relay had taken notice of the message.
    pub const fn was_stale(&self) -> bool {
        self.was_stale
    }

    pub const fn sent(&self) -> u32 {
        self.sent
    }

    pub fn age(&self) -> Duration {
        self.opened.elapsed()
    }

    pub fn idle(&self) -> Duration {
        self.last_used.elapsed()
    }

    /// Says good-bye, for as long as that is worth it.
    pub async fn close(mut self) {
        if !self.is_broken {
            let _ = timeout(self.patience.quit, self.client.quit()).await;
        }
    }

    async fn hand_over(&mut self, message: &Message) -> Result<Outcome, (Step, Setback)> {
        if self.must_reset {
            let reset = self.ask(Step::Sender, 2, Rset).await;
            reset.map_err(|(step, _)| (step, Setback::Broken))?;
            self.must_reset = false;
        }
        // All that we build is ASCII: no parameter is needed.
        let mail = Mail::new(Some(message.return_path().clone()), Vec::new());
        self.ask(Step::Sender, 2, mail).await?;
        let recipient = Rcpt::new(message.recipient().clone(), Vec::new());
        self.ask(Step::Recipient, 2, recipient).await?;
        self.ask(Step::Data, 3, Data).await?;
        self.message(message.bytes()).await
    }

    async fn ask(&mut self, step: Step, wanted: u16, command: impl Display) -> Result<(), (Step, Setback)> {
        let asking = self.client.command(command);
        match answer(step, wanted, self.patience.command, asking).await {
            Ok(_) => Ok(()),
            Err(setback) => Err((step, setback)),
        }
    }

    async fn message(&mut self, bytes: &[u8]) -> Result<Outcome, (Step, Setback)> {
        let (answered, at) = send_message(&mut self.client, bytes, self.patience).await;
        match answered {
            Ok(response) => Ok(Outcome::Accepted {
                reply: Some(reply(&response)),
            }),
            Err(Setback::Silence(_) | Setback::Broken) if at == At::Dot => {
                self.is_broken = true;
                Ok(self.in_doubt())
            }
            Err(setback) => Err((Step::Message, setback)),
        }
    }

    fn in_doubt(&self) -> Outcome {
        Outcome::InDoubt {
            why: Reason::new(
                ReasonCode::RelayNoAnswer,
                format!(
                    "the mail relay {} had the whole message and did not say whether it took it: look for the Message-ID in its log, then decide",
                    self.relay
                ),
            ),
        }
    }

    /// What an answer, or none, to anything before the final dot means.
    fn outcome(&mut self, step: Step, setback: Setback) -> Outcome {
        match setback {
            Setback::Said(reply) if reply.code != CLOSING => {
                self.must_reset = matches!(step, Step::Recipient | Step::Data);
                if reply.code < 500 {
                    let cause = Cause::Reply(reply);
                    Outcome::Deferred {
                        cause,
                        retry_in: None,
                    }
                } else {
                    Outcome::Refused { reply }
                }
            }
            setback => {
                self.is_broken = true;
                self.was_stale = step == Step::Sender && !matches!(setback, Setback::Silence(_));
                setback.into_failure(&self.relay, step).into()
            }
        }
    }
}

/// How far a message came.
#[derive(PartialEq, Eq)]
enum At {
    /// The relay cannot have all of it.
    Body,
    /// The relay may have all of it.
    Dot,
}

async fn send_message(
    client: &mut AsyncSmtpConnection,
    bytes: &[u8],
    patience: Patience,
) -> (Result<Response, Setback>, At) {
    let Patience { body, answer, .. } = patience;
    let (at_the_dot, mut reached) = oneshot::channel();
    // lettre ends the message with a line end of its own.
    let parts = Parts {
        rest: Some(bytes.strip_suffix(b"\r\n").unwrap_or(bytes)),
        at_the_dot: Some(at_the_dot),
    };
    let mut talk = pin!(client.message_iter(parts));
    // The talk first: what it reached is seen in the same breath.
    let up_to_the_dot = async {
        tokio::select! {
            biased;
            answered = &mut talk => Some(answered),
            _ = &mut reached => None,
        }
    };
    let answered = match timeout(body, up_to_the_dot).await {
        Err(_) => return (Err(Setback::Silence(body)), At::Body),
        Ok(Some(answered)) if reached.try_recv().is_err() => {
            return (judge(Step::Message, 2, answered), At::Body);
        }
        Ok(Some(answered)) => answered,
        Ok(None) => match timeout(answer, &mut talk).await {
            Err(_) => return (Err(Setback::Silence(answer)), At::Dot),
            Ok(answered) => answered,
        },
    };
    (judge(Step::Message, 2, answered), At::Dot)
}

fn reply(response: &Response) -> Reply {
    let lines: Vec<_> = response.message().collect();
    Reply::new(Step::Message, response.code().into(), &lines.join(" "))
}

/// The message in one piece. lettre asks for the next piece when the one before is written, and writes the final dot when
/// there is none: until then nothing was handed over.
struct Parts<'m> {
    rest: Option<&'m [u8]>,
    at_the_dot: Option<oneshot::Sender<()>>,
}

impl<'m> Iterator for Parts<'m> {
    type Item = &'m [u8];

    fn next(&mut self) -> Option<&'m [u8]> {
        let part = self.rest.take();
        if part.is_none()
            && let Some(at_the_dot) = self.at_the_dot.take()
        {
            let _ = at_the_dot.send(());
        }
        part
    }
}

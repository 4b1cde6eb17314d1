//! Sends what the ledger has: many messages at a time, each claimed before it is sent, and what became of it written down.
//!
//! Commits and conversations overlap: while one transaction writes down what became of some messages and claims the next ones,
//! the others are being sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::App;
use app::mail::{CameBackFor, Outgoing, Unsendable};
use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::{Attempt, Cause, Draft, MessageId, Outcome, Policy, after, bounce_of};
use domain::staff::Actor;
use mail::{Go, Rates, Sender, Transport, build};
use storage::mail::{Claimed, Settled};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How mail is sent.
pub struct MailerOptions {
    /// The name of this process: no other may have it at the same time.
    pub node: String,
    /// Those that messages can be from, by their keys.
    pub senders: HashMap<String, Sender>,
    /// What stands behind the @ of a Message-ID.
    pub domain: String,
    /// Messages under way at once: so many can be in doubt when the process is killed.
    pub at_once: usize,
    /// How long a claim holds without a sign of life.
    pub lease: TimeDelta,
    /// The longest pause between two looks at the ledger.
    pub look_every: Duration,
    /// How long what is under way may go on after the signal to stop.
    pub drain: Duration,
    /// When to try again.
    pub policy: Policy,
}

/// Sends what the ledger has.
pub struct Mailer {
    app: Arc<App>,
    transport: Arc<Transport>,
    rates: Mutex<Rates>,
    options: MailerOptions,
}

/// What became of one message, before it is written down.
struct Sent {
    claimed: Claimed,
    outcome: Tried,
    began_at: DateTime<Utc>,
}

enum Tried {
    Yes(Outcome),
    /// Its rate is used up.
    NotBefore(DateTime<Utc>),
}

impl Mailer {
    /// A mailer over a transport.
    pub const fn new(app: Arc<App>, transport: Arc<Transport>, rates: Rates, options: MailerOptions) -> Self {
        Self {
            app,
            transport,
            rates: Mutex::new(rates),
            options,
        }
    }

    /// Sends until it is told to stop; then what is under way may end, and what does not is in doubt.
    pub async fn run(self, stop: CancellationToken) {
        let mailer = Arc::new(self);
        let mut sending: JoinSet<Sent> = JoinSet::new();
        let mut settled: Vec<Settled> = Vec::new();
        let mut head = mailer.app.store().head_changed();
        let mut renewed_at = tokio::time::Instant::now();
        let mut deadline = None;
        loop {
            let stopping = stop.is_cancelled();
            let room = if stopping { 0 } else { mailer.options.at_once.saturating_sub(sending.len()) };
            let mut claimed = 0;
            match mailer.turn(&mut settled, room, &mut renewed_at).await {
                Ok(outgoing) => {
                    claimed = outgoing.len();
                    for message in outgoing {
                        let mailer = Arc::clone(&mailer);
                        sending.spawn(async move { mailer.send(message).await });
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the ledger of mail does not answer; it is asked again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            if stopping {
                let end = *deadline.get_or_insert_with(|| tokio::time::Instant::now() + mailer.options.drain);
                if (sending.is_empty() && settled.is_empty()) || tokio::time::Instant::now() >= end {
                    break;
                }
            }
            if claimed > 0 && claimed == room {
                // There may be more; but first see who is done.
                mailer.gather(&mut sending, &mut settled).await;
                continue;
            }
            tokio::select! {
                () = stop.cancelled(), if !stopping => {}
                _ = head.changed(), if !stopping && room > 0 => {}
                sent = sending.join_next(), if !sending.is_empty() => {
                    if let Some(Ok(sent)) = sent {
                        settled.extend(mailer.settle(sent).await);
                    }
                }
                () = tokio::time::sleep(mailer.pause(sending.is_empty()).await) => {}
            }
            mailer.gather(&mut sending, &mut settled).await;
        }
        mailer.transport.rest().await;
    }

    /// Everything that is done by now.
    async fn gather(&self, sending: &mut JoinSet<Sent>, settled: &mut Vec<Settled>) {
        while let Some(Ok(sent)) = sending.try_join_next() {
            settled.extend(self.settle(sent).await);
        }
    }

    /// For how long there is nothing to do unless something happens.
    async fn pause(&self, is_idle: bool) -> Duration {
        if !is_idle {
            return self.options.look_every;
        }
        let next = self.app.next_mail_at().await.ok().flatten();
        let wait = next.map(|next| (next - self.app.now()).to_std().unwrap_or_default());
        wait.map_or(self.options.look_every, |wait| wait.min(self.options.look_every))
    }

    async fn turn(
        &self,
        settled: &mut Vec<Settled>,
        room: usize,
        renewed_at: &mut tokio::time::Instant,
    ) -> Result<Vec<Outgoing>, app::Internal> {
        let third = self.options.lease.to_std().unwrap_or_default() / 3;
        let renew = renewed_at.elapsed() >= third;
        let turn = app::mail::Turn {
            node: &self.options.node,
            settled,
            lease: self.options.lease,
            limit: u32::try_from(room).unwrap_or(u32::MAX),
            repeatable: self.transport.is_repeatable(),
            renew,
        };
        let outgoing = self.app.mail_turn(&turn).await?;
        settled.clear();
        if renew {
            *renewed_at = tokio::time::Instant::now();
        }
        Ok(outgoing)
    }

    /// One message, whatever it is: what panics in here is the message's failure, not the mailer's.
    async fn send(self: Arc<Self>, message: Outgoing) -> Sent {
        let Outgoing { claimed, draft } = message;
        let began_at = self.app.now();
        let outcome = match draft.as_ref().map_or(Go::Now, |draft| self.go(draft)) {
            Go::NotBefore(at) => Tried::NotBefore(at),
            Go::Now => {
                let mailer = Arc::clone(&self);
                let (id, queued_at) = (claimed.id, claimed.queued_at);
                let attempt = tokio::spawn(async move { mailer.attempt(id, queued_at, draft).await });
                Tried::Yes(attempt.await.unwrap_or(Outcome::Panicked))
            }
        };
        Sent {
            claimed,
            outcome,
            began_at,
        }
    }

    fn go(&self, draft: &Draft) -> Go {
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        rates.ask(draft.to().address().domain(), self.app.now())
    }

    async fn attempt(
        &self,
        id: Uuid,
        queued_at: DateTime<Utc>,
        draft: Result<Draft, Unsendable>,
    ) -> Outcome {
        let unbuildable = |why: String| Outcome::Unbuildable { why };
        let draft = match draft {
            Ok(draft) => draft,
            Err(why) => return unbuildable(why.to_string()),
        };
        let Some(sender) = self.options.senders.get(draft.sender().as_str()) else {
            return unbuildable(format!(
                "no sender is configured under the name {}: add it, and send the message again",
                draft.sender()
            ));
        };
        let id = match MessageId::new(id, &self.options.domain) {
            Ok(id) => id,
            Err(why) => return unbuildable(why.to_string()),
        };
        match build(&draft, sender, &id, queued_at) {
            Ok(message) => self.transport.send(&message).await,
            Err(error) => error.into(),
        }
    }

    /// What is written down of an attempt; a refusal that says something of the address is reported first.
    async fn settle(&self, sent: Sent) -> Option<Settled> {
        let Sent {
            claimed,
            outcome,
            began_at,
        } = sent;
        let outcome = match outcome {
            Tried::Yes(outcome) => outcome,
            Tried::NotBefore(at) => return Some(put_back(&claimed, at, began_at)),
        };
        let now = self.app.now();
        let attempt = Attempt {
            judged_before: claimed.judged,
            queued_at: claimed.queued_at,
            not_after: claimed.not_after,
            now,
        };
        let dice = self.app.new_id().map_or(0, |id| id.as_u64_pair().1);
        let claimed_state = domain::mailing::State::Claimed;
        let next = after(claimed_state, &attempt, &outcome, &self.options.policy, dice).ok()?;
        self.report(&claimed, &outcome).await;
        let (word, reply) = told(&outcome);
        Some(Settled {
            id: claimed.id,
            term: claimed.term,
            attempt: Some(claimed.attempt),
            state: next.state,
            next_try_at: next.next_try_at,
            judged: next.judged,
            outcome: word,
            reply,
            began_at,
            ended_at: now,
        })
    }

    /// A refusal that says that an address is wrong counts for it like a report that comes back later.
    async fn report(&self, claimed: &Claimed, outcome: &Outcome) {
        let (Some(returned), Outcome::Refused { reply }) = (bounce_of(outcome), outcome) else {
            return;
        };
        let Ok(request) = self.app.new_id() else {
            return;
        };
        let op = self.app.context(Actor::System("mail".to_owned()), Vec::new(), request, "mail");
        let report = CameBackFor {
            mail_id: claimed.id,
            kind: returned.into(),
            status: reply.enhanced.map_or_else(|| reply.code.to_string(), |code| code.to_string()),
        };
        let command = app::mail::report_id(claimed.id, claimed.term);
        if let Err(error) = self.app.mail_came_back(&op, command, &report).await {
            tracing::warn!(mail = %claimed.id, error = %error, "a refusal could not be noted for its address");
        }
    }
}

fn put_back(claimed: &Claimed, at: DateTime<Utc>, now: DateTime<Utc>) -> Settled {
    Settled {
        id: claimed.id,
        term: claimed.term,
        attempt: None,
        state: domain::mailing::State::Deferred,
        next_try_at: Some(at),
        judged: claimed.judged,
        outcome: "rate",
        reply: String::new(),
        began_at: now,
        ended_at: now,
    }
}

/// An outcome in one word, and what was said, without addresses.
fn told(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Accepted { reply } => ("accepted", reply.as_ref().map(ToString::to_string).unwrap_or_default()),
        Outcome::Deferred { cause, .. } => (
            "deferred",
            match cause {
                Cause::Reply(reply) => reply.to_string(),
                Cause::Here(why) => why.clone(),
            },
        ),
        Outcome::Refused { reply } => ("refused", reply.to_string()),
        Outcome::ConnectionFailed { why, .. } => ("connection_failed", why.clone()),
        Outcome::InDoubt { why } => ("in_doubt", why.clone()),
        Outcome::Unbuildable { why } => ("unbuildable", why.clone()),
        Outcome::Panicked => (
            "panicked",
            "the program failed at this message: report this, and cancel it".to_owned(),
        ),
    }
}

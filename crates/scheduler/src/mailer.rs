//! Sends what the ledger has: many messages at a time, each claimed before it is sent, and what became of it written down.
//!
//! Commits and conversations overlap: while one transaction writes down what became of some messages and claims the next ones,
//! the others are being sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::mail::{CameBackFor, Outgoing, Turn, Unsendable};
use app::{App, Internal, cause};
use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::{Attempt, Cause, Draft, MessageId, Outcome, Policy, Reply, State, after, bounce_of};
use domain::reason::{Reason, ReasonCode};
use domain::staff::Actor;
use mail::{Go, Rates, Sender, Transport, build};
use storage::mail::{Claimed, Settled};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Pause after the ledger did not answer.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// How long what became of a message waits for others, so that a commit is shared. Nothing is lost by it: the claim holds.
const GATHER: Duration = Duration::from_millis(5);

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

/// What is under way.
struct Flight {
    mailer: Arc<Mailer>,
    /// What was claimed and is not written down yet, with the terms of the claims.
    claims: HashMap<Uuid, i64>,
    /// Their words are being looked up.
    opening: JoinSet<Vec<Outgoing>>,
    /// So many.
    unopened: usize,
    sending: JoinSet<Sent>,
    /// Sent, but what follows from it is not decided yet.
    landed: Vec<Sent>,
    /// Decided, but not written down yet.
    settled: Vec<Settled>,
    /// When the claims were last held for longer.
    renewed_at: Instant,
    /// Whether the last turn filled all the room: there may be more.
    is_full: bool,
    /// Whether the answer to a turn is missing: it may have claimed what nobody sends.
    is_unsure: bool,
}

impl Flight {
    fn new(mailer: Arc<Mailer>) -> Self {
        Self {
            mailer,
            claims: HashMap::new(),
            opening: JoinSet::new(),
            unopened: 0,
            sending: JoinSet::new(),
            landed: Vec::new(),
            settled: Vec::new(),
            renewed_at: Instant::now(),
            is_full: false,
            is_unsure: false,
        }
    }

    fn room(&self) -> usize {
        let under_way = self.unopened + self.sending.len();
        self.mailer.options.at_once.saturating_sub(under_way)
    }

    fn is_empty(&self) -> bool {
        self.unopened == 0 && self.sending.is_empty() && self.landed.is_empty() && self.settled.is_empty()
    }

    /// Their words are there: they go.
    fn open(&mut self, outgoing: Result<Vec<Outgoing>, JoinError>) {
        for message in outgoing.into_iter().flatten() {
            self.unopened -= 1;
            self.sending.spawn(Arc::clone(&self.mailer).send(message));
        }
    }

    /// Whether more will land within a moment: what lands together is written down together.
    fn is_worth_waiting(&self) -> bool {
        let enough = self.mailer.options.at_once / 4;
        self.landed.len() < enough && self.unopened + self.sending.len() > 0
    }

    /// Waits until something of what is under way has come further.
    async fn progress(&mut self) {
        tokio::select! {
            Some(outgoing) = self.opening.join_next() => self.open(outgoing),
            Some(sent) = self.sending.join_next() => self.land(sent),
            else => {}
        }
    }

    /// A task of ours does not panic: what it does for a message runs in a task of its own.
    fn land(&mut self, sent: Result<Sent, JoinError>) {
        self.landed.extend(sent);
    }

    /// Writes down everything that is done by now, and claims as many as there is room for.
    async fn turn(&mut self, claim: bool) {
        while let Some(outgoing) = self.opening.try_join_next() {
            self.open(outgoing);
        }
        while let Some(sent) = self.sending.try_join_next() {
            self.land(sent);
        }
        for sent in std::mem::take(&mut self.landed) {
            let id = sent.claimed.id;
            match self.mailer.settle(sent).await {
                Some(settled) => self.settled.push(settled),
                // Not held any longer: it will be in doubt.
                None => drop(self.claims.remove(&id)),
            }
        }
        if let Err(error) = self.ask(claim).await {
            self.is_full = false;
            self.is_unsure = true;
            tracing::warn!(
                error = cause(&error),
                "the ledger of mail does not answer; it is asked again"
            );
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    async fn ask(&mut self, claim: bool) -> Result<(), Internal> {
        let mailer = Arc::clone(&self.mailer);
        let options = &mailer.options;
        if self.is_unsure {
            // Its answer was lost on the way, so nothing of that has been sent. It is now.
            let mut claimed = mailer.app.mail_claims(&options.node).await?;
            claimed.retain(|claim| self.claims.get(&claim.id) != Some(&claim.term));
            self.take(claimed);
            self.is_unsure = false;
        }
        let room = if claim { self.room() } else { 0 };
        let third = options.lease.to_std().unwrap_or_default() / 3;
        let renew: Vec<(Uuid, i64)> = if self.renewed_at.elapsed() >= third {
            self.claims.iter().map(|(id, term)| (*id, *term)).collect()
        } else {
            Vec::new()
        };
        let turn = Turn {
            node: &options.node,
            settled: &self.settled,
            lease: options.lease,
            limit: u32::try_from(room).unwrap_or(u32::MAX),
            repeatable: mailer.transport.is_repeatable(),
            renew: &renew,
        };
        let claimed = mailer.app.mail_turn(&turn).await?;
        if !renew.is_empty() {
            self.renewed_at = Instant::now();
        }
        for settled in self.settled.drain(..) {
            // It may have been claimed again since, by a turn whose answer was lost.
            if self.claims.get(&settled.id) == Some(&settled.term) {
                self.claims.remove(&settled.id);
            }
        }
        self.is_full = room > 0 && claimed.len() == room;
        self.take(claimed);
        Ok(())
    }

    /// They are claimed: their words are looked up.
    fn take(&mut self, claimed: Vec<Claimed>) {
        if claimed.is_empty() {
            return;
        }
        self.claims
            .extend(claimed.iter().map(|claim| (claim.id, claim.term)));
        self.unopened += claimed.len();
        self.opening.spawn(Arc::clone(&self.mailer).words(claimed));
    }

    /// For how long there is nothing to do unless something happens.
    async fn pause(&self) -> Duration {
        let longest = self.mailer.options.look_every;
        if self.is_full || self.unopened > 0 || !self.sending.is_empty() {
            return longest;
        }
        let next = self.mailer.app.next_mail_at().await.ok().flatten();
        let wait = next.map(|next| (next - self.mailer.app.now()).to_std().unwrap_or_default());
        wait.map_or(longest, |wait| wait.min(longest))
    }
}

enum Tried {
    Yes(Outcome),
    /// Its rate is used up.
    NotBefore(DateTime<Utc>),
    /// Its reader has opted out.
    Suppressed,
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
        let drain = self.options.drain;
        let mut head = self.app.store().head_changed();
        let mut flight = Flight::new(Arc::new(self));
        while !stop.is_cancelled() {
            flight.turn(true).await;
            let pause = tokio::time::sleep(flight.pause().await);
            tokio::pin!(pause);
            // Each of these only ends the wait; whether there is something to do is asked of the ledger. That words are there
            // changes nothing in it: they go.
            loop {
                tokio::select! {
                    () = stop.cancelled() => {}
                    _ = head.changed(), if flight.room() > 0 => {}
                    Some(outgoing) = flight.opening.join_next() => {
                        flight.open(outgoing);
                        continue;
                    }
                    Some(sent) = flight.sending.join_next() => {
                        flight.land(sent);
                        if flight.is_worth_waiting() {
                            let soon = Instant::now() + GATHER;
                            if soon < pause.deadline() {
                                pause.as_mut().reset(soon);
                            }
                            continue;
                        }
                    }
                    () = &mut pause => {}
                }
                break;
            }
        }
        let end = async {
            while !flight.is_empty() {
                flight.progress().await;
                flight.turn(false).await;
            }
        };
        if tokio::time::timeout(drain, end).await.is_err() {
            tracing::warn!("some messages were under way for too long; they are in doubt");
        }
        flight.mailer.transport.rest().await;
    }

    /// The words of what was claimed. They are asked for until they are there: nothing has been sent, so nothing is in doubt.
    async fn words(self: Arc<Self>, claimed: Vec<Claimed>) -> Vec<Outgoing> {
        let claimed = Arc::new(claimed);
        loop {
            let (mailer, these) = (Arc::clone(&self), Arc::clone(&claimed));
            let outgoing = tokio::spawn(async move { mailer.app.outgoing(&these).await });
            match outgoing.await {
                Ok(Ok(outgoing)) => return outgoing,
                // The program failed at one of them. All of them are left for a person, and the mailer lives.
                Err(_) => return claimed.iter().map(Outgoing::unreadable).collect(),
                Ok(Err(error)) => {
                    tracing::warn!(
                        error = cause(&error),
                        "the words of mail cannot be read; they are asked for again"
                    );
                    tokio::time::sleep(ASK_AGAIN).await;
                }
            }
        }
    }

    /// One message, whatever it is: what panics in here is the message's failure, not the mailer's.
    async fn send(self: Arc<Self>, message: Outgoing) -> Sent {
        let Outgoing {
            claimed,
            draft,
            is_suppressed,
        } = message;
        let began_at = self.app.now();
        if is_suppressed {
            return Sent {
                claimed,
                outcome: Tried::Suppressed,
                began_at,
            };
        }
        let mailer = Arc::clone(&self);
        let (id, queued_at) = (claimed.id, claimed.queued_at);
        let tried = tokio::spawn(async move {
            match draft.as_ref().map_or(Go::Now, |draft| mailer.go(draft)) {
                Go::NotBefore(at) => Tried::NotBefore(at),
                Go::Now => Tried::Yes(mailer.attempt(id, queued_at, draft).await),
            }
        });
        let outcome = tried.await.unwrap_or(Tried::Yes(Outcome::Panicked));
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

    async fn attempt(&self, id: Uuid, queued_at: DateTime<Utc>, draft: Result<Draft, Unsendable>) -> Outcome {
        let unbuildable = |why: Reason| Outcome::Unbuildable { why };
        let draft = match draft {
            Ok(draft) => draft,
            Err(why) => return unbuildable(why.reason()),
        };
        let Some(sender) = self.options.senders.get(draft.sender().as_str()) else {
            return unbuildable(no_sender(&draft));
        };
        let id = match MessageId::new(id, &self.options.domain) {
            Ok(id) => id,
            Err(why) => return unbuildable(Reason::new(ReasonCode::Unbuildable, why.to_string())),
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
            Tried::NotBefore(at) => {
                let rate = Untried {
                    state: State::Deferred,
                    next_try_at: Some(at),
                    why: "rate",
                };
                return Some(rate.of(&claimed, began_at));
            }
            Tried::Suppressed => {
                let suppressed = Untried {
                    state: State::Suppressed,
                    next_try_at: None,
                    why: "suppressed",
                };
                return Some(suppressed.of(&claimed, began_at));
            }
        };
        let now = self.app.now();
        let attempt = Attempt {
            judged_before: claimed.judged,
            queued_at: claimed.queued_at,
            not_after: claimed.not_after,
            now,
        };
        let dice = self.app.new_id().map_or(0, |id| id.as_u64_pair().1);
        let next = after(State::Claimed, &attempt, &outcome, &self.options.policy, dice).ok()?;
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
        let op = self
            .app
            .context(Actor::System("mail".to_owned()), Vec::new(), request, "mail");
        let report = CameBackFor {
            mail_id: claimed.id,
            kind: returned.into(),
            status: reply
                .enhanced
                .map_or_else(|| reply.code.to_string(), |code| code.to_string()),
        };
        let command = app::mail::report_id(claimed.id, claimed.term);
        if let Err(error) = self.app.mail_came_back(&op, command, &report).await {
            tracing::warn!(mail = %claimed.id, error = cause(&error), "a refusal could not be noted for its address");
        }
    }
}

/// Why a message was claimed and not tried.
struct Untried {
    state: State,
    next_try_at: Option<DateTime<Utc>>,
    why: &'static str,
}

impl Untried {
    fn of(self, claimed: &Claimed, now: DateTime<Utc>) -> Settled {
        Settled {
            id: claimed.id,
            term: claimed.term,
            attempt: None,
            state: self.state,
            next_try_at: self.next_try_at,
            judged: claimed.judged,
            outcome: self.why,
            reply: String::new(),
            began_at: now,
            ended_at: now,
        }
    }
}

/// Why a message has nobody to be from.
fn no_sender(draft: &Draft) -> Reason {
    Reason::new(
        ReasonCode::SenderUnknown,
        format!(
            "no sender is configured under the name {}: add it, and send the message again",
            draft.sender()
        ),
    )
}

/// An outcome in one word, and what was said, without addresses, as it is kept.
fn told(outcome: &Outcome) -> (&'static str, String) {
    let said = |reply: &Reply| Reason::outside(reply.to_string()).stored();
    match outcome {
        Outcome::Accepted { reply } => ("accepted", reply.as_ref().map(said).unwrap_or_default()),
        Outcome::Deferred { cause, .. } => (
            "deferred",
            match cause {
                Cause::Reply(reply) => said(reply),
                Cause::Here(why) => why.stored(),
            },
        ),
        Outcome::Refused { reply } => ("refused", said(reply)),
        Outcome::ConnectionFailed { why, .. } => ("connection_failed", why.stored()),
        Outcome::InDoubt { why } => ("in_doubt", why.stored()),
        Outcome::Unbuildable { why } => ("unbuildable", why.stored()),
        Outcome::Panicked => (
            "panicked",
            Reason::new(
                ReasonCode::MailPanicked,
                "the program failed at this message: report this, and cancel it",
            )
            .stored(),
        ),
    }
}

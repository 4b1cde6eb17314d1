//! Many messages through the ledger into a mail server, by senders that are killed: none lost, none sent twice, each to its own
//! reader.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::mail::About;
use chrono::TimeDelta;
use domain::SubjectId;
use domain::mailing::event::Verdict;
use domain::mailing::{Class, Draft, DraftInput, State};
use event_store::{Append, each_engine};
use test_support::{Dice, SmtpServer, Tallied, TestDatabase, on_both_engines, size, tell};
use uuid::Uuid;

use crate::node::{FastClock, Node, Options, Role};
use crate::office::{database, office, someone, until, verify};

on_both_engines!(
    t24_mail_whose_sender_is_killed_again_and_again_is_sent_once_or_in_doubt,
    t31_of_many_messages_each_reaches_its_own_reader,
);

/// Messages under way in each process: so many can be in doubt after a kill.
const AT_ONCE: u64 = 8;
const BATCH: u64 = 500;

/// The address of a reader.
fn address(number: u64) -> String {
    format!("reader-{number:06}@example.com")
}

/// What only this reader may be told: the trap for a message that reaches another.
fn secret(number: u64) -> String {
    format!("あなたの番号は {number:06} です。\n")
}

/// Queues a message to each of so many readers, many in one append.
async fn queue(app: Arc<App>, readers: u64) {
    let op = someone(&app);
    for first in (0..readers).step_by(usize::try_from(BATCH).expect("small")) {
        let command_id = Uuid::now_v7();
        let subjects: Vec<Uuid> = (first..readers.min(first + BATCH))
            .map(|_| Uuid::now_v7())
            .collect();
        let keys: Vec<_> = subjects.iter().map(|&id| event_store::SubjectId(id)).collect();
        app.store().keyring().ensure(&keys).await.expect("keys");
        let events = (first..).zip(&subjects).map(|(number, &subject)| {
            let draft = Draft::new(&DraftInput {
                sender: "office",
                to: &address(number),
                name: Some("見本 花子"),
                subject: "更新のお知らせ",
                text: &secret(number),
                class: Class::Optional,
                auto: true,
                reply_to: None,
                references: &[],
            });
            let draft = draft.expect("a good draft");
            let name = number.to_string();
            app.mail_event(
                command_id,
                &name,
                SubjectId::new(subject),
                &draft,
                About::default(),
            )
            .expect("an event")
        });
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: command_id,
            reason: None,
            events: events.collect(),
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        app.store().append(append).await.expect("queued");
    }
}

/// How many messages of the ledger are in these states.
async fn count(app: &App, states: &[State]) -> u64 {
    let counts = storage::mail::counts(database(app)).await.expect("the counts");
    let wanted = counts.iter().filter(|(state, _)| states.contains(state));
    wanted.map(|(_, count)| count).sum()
}

/// Whether messages wait for a sender.
async fn waits(app: &App) -> bool {
    count(app, &[State::Queued, State::Deferred]).await > 0
}

/// Where every message stands, by its Message-ID.
async fn ledger(app: &App) -> HashMap<String, (Uuid, State)> {
    let mut connection = database(app).acquire_read().await.expect("a connection");
    let sql = "SELECT id, state FROM mail";
    let rows = each_engine!(connection, c => sqlx::query_as::<_, (Uuid, String)>(sql).fetch_all(c).await);
    let rows = rows.expect("the ledger").into_iter();
    rows.map(|(id, state)| {
        let known = State::ALL.into_iter().find(|known| known.as_str() == state);
        (
            format!("<{id}@mail.example.jp>"),
            (id, known.unwrap_or_else(|| panic!("a state {state}"))),
        )
    })
    .collect()
}

/// Every message came to the reader whose number is in it, and to nobody else; all of them in all.
fn each_has_its_own(tally: &HashMap<String, Tallied>, readers: u64) {
    let mut reached = HashSet::new();
    for (id, message) in tally {
        for envelope in &message.envelopes {
            assert_eq!(
                envelope,
                std::slice::from_ref(&message.to),
                "{id}: one reader for each envelope"
            );
        }
        let number = message
            .to
            .strip_prefix("reader-")
            .and_then(|rest| rest.split('@').next());
        let number = number.and_then(|number| number.parse().ok()).expect("a reader");
        assert_eq!(message.to, address(number), "{id}");
        assert_eq!(
            message.text.replace("\r\n", "\n"),
            secret(number),
            "{id}: what another was to read"
        );
        assert!(reached.insert(number), "reader {number} has two messages");
    }
    assert_eq!(u64::try_from(reached.len()).expect("few"), readers);
}

async fn t24_mail_whose_sender_is_killed_again_and_again_is_sent_once_or_in_doubt(db: TestDatabase) {
    let test = format!("kill -9 of the sender of mail, {:?}", db.database().engine());
    let began = Instant::now();
    let messages = size(1_000, 100_000);
    let every = Duration::from_millis(size(400, 2_000));
    let server = SmtpServer::start(&["--tally"]);
    let clock = FastClock::real();
    let app = office(&db, clock).await;
    let options = Options {
        url: db.url(),
        clock,
        lease: TimeDelta::seconds(2),
        pause: Duration::ZERO,
    };
    let role = Role::Mail {
        port: server.port,
        at_once: AT_ONCE,
    };
    let queueing = tokio::spawn(queue(Arc::clone(&app), messages));
    let mut sender = Node::start(&options, role, "sender 0".to_owned());
    let mut kills = 0;
    loop {
        tokio::time::sleep(every).await;
        if queueing.is_finished() && !waits(&app).await {
            break;
        }
        sender.kill().await;
        kills += 1;
        sender = Node::start(&options, role, format!("sender {kills}"));
    }
    queueing.await.expect("all are queued");
    until("nothing is under way", async || {
        count(&app, &[State::Accepted, State::InDoubt]).await == messages
    })
    .await;
    let in_doubt = check(&app, &server, messages).await;
    let bound = kills * AT_ONCE;
    assert!(
        kills > 0 && in_doubt.len() as u64 <= bound,
        "{} of {bound}",
        in_doubt.len()
    );

    // A person who asks the relay what it took ends every doubt, and then each has it once.
    let taken = server.tally();
    let op = someone(&app);
    for (message_id, id) in &in_doubt {
        let verdict = if taken.contains_key(message_id) {
            Verdict::TreatAsSent
        } else {
            Verdict::SendAgain
        };
        app.decide_mail(&op, Uuid::now_v7(), *id, verdict)
            .await
            .expect("decided");
    }
    until("all are accepted", async || {
        count(&app, &[State::Accepted]).await == messages
    })
    .await;
    sender.stop().await;
    assert_eq!(check(&app, &server, messages).await, []);
    let tally = server.tally();
    each_has_its_own(&tally, messages);
    verify(&app).await;
    let taken = in_doubt.iter().filter(|(id, _)| taken.contains_key(id)).count();
    tell(
        &test,
        &format!(
            "{messages} messages, {kills} kills, 0 lost, 0 twice, {} in doubt of at most {bound} ({taken} of them had been taken), \
             {} s",
            in_doubt.len(),
            began.elapsed().as_secs()
        ),
    );
}

/// The ledger and the server agree: whatever was accepted was taken, whatever was taken was taken once, and what is in doubt is
/// listed. Returns what is in doubt.
async fn check(app: &App, server: &SmtpServer, messages: u64) -> Vec<(String, Uuid)> {
    let (ledger, tally) = (ledger(app).await, server.tally());
    assert_eq!(u64::try_from(ledger.len()).expect("few"), messages);
    let mut in_doubt = Vec::new();
    for (message_id, &(id, state)) in &ledger {
        let times = tally.get(message_id).map_or(0, |message| message.times);
        match state {
            State::Accepted => assert_eq!(times, 1, "{message_id} is accepted"),
            State::InDoubt => {
                assert!(
                    times <= 1,
                    "{message_id} was sent {times} times without a decision"
                );
                in_doubt.push((message_id.clone(), id));
            }
            other => panic!("{message_id} is {other}"),
        }
    }
    assert!(
        tally.keys().all(|id| ledger.contains_key(id)),
        "nothing else was sent"
    );
    in_doubt
}

async fn t31_of_many_messages_each_reaches_its_own_reader(db: TestDatabase) {
    let test = format!("readers and their messages, {:?}", db.database().engine());
    let (began, mut dice) = (Instant::now(), Dice::new(&test));
    let messages = size(600, 100_000);
    let server = SmtpServer::start(&["--tally"]);
    let clock = FastClock::real();
    let app = office(&db, clock).await;
    let options = Options {
        url: db.url(),
        clock,
        // Nobody is killed: a machine that is busy must not make anybody doubt.
        lease: TimeDelta::seconds(60),
        pause: Duration::ZERO,
    };
    let role = |at_once| Role::Mail {
        port: server.port,
        at_once,
    };
    let senders = [1, 2].map(|n| Node::start(&options, role(2 + dice.below(20)), format!("sender {n}")));
    queue(Arc::clone(&app), messages).await;
    let mut accepted = count(&app, &[State::Accepted]).await;
    while accepted < messages {
        let before = accepted;
        until("more are accepted", async || {
            count(&app, &[State::Accepted]).await > before
        })
        .await;
        accepted = count(&app, &[State::Accepted]).await;
    }
    for sender in senders {
        sender.stop().await;
    }
    assert_eq!(check(&app, &server, messages).await, []);
    each_has_its_own(&server.tally(), messages);
    tell(
        &test,
        &format!(
            "{messages} of {messages} match, one envelope each, {} s",
            began.elapsed().as_secs()
        ),
    );
}

//! What `cargo xtask bench mail` measures with: mail through the ledger, and the transport alone, into a sink on this machine.
//!
//! `mail_speed sink` prints its port and takes whatever comes. `mail_speed transport PORT COUNT` and
//! `mail_speed ledger DATABASE PORT COUNT` print how long it took as one line of JSON.

#![expect(clippy::print_stdout, reason = "it answers to the bench that started it")]

mod sink;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::mail::About;
use app::{App, SystemClock, SystemRandom};
use chrono::TimeDelta;
use domain::SubjectId;
use domain::mailing::{Class, Draft, DraftInput, MessageId, Outcome, Policy, Recipient, State};
use event_store::{
    Append, Database, EventStore, KeyEncryptionKey, Keyring, NewEvent, OpenOptions, Position, Tag,
};
use mail::{Limits, Pool, Rates, Relay, Sender, Tls, Transport, build};
use scheduler::{Mailer, MailerOptions};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Conversations with the relay.
const CONNECTIONS: usize = 8;
/// Messages under way, as `sengen serve` has it for so many conversations.
const UNDER_WAY: usize = 8;
/// Messages of one append.
const AT_ONCE: usize = 500;
/// A body of 2 KiB.
const TEXT: &str = "お世話になっております。宣言事務局からのお知らせです。";
/// Seldom enough not to be measured itself, which it would be each 5 ms.
const LOOK: Duration = Duration::from_millis(50);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sink"] => sink::serve().await,
        ["transport", port, count] => transport(port.parse()?, count.parse()?).await,
        ["ledger", url, port, count] => ledger(url, port.parse()?, count.parse()?).await,
        _ => Err("sink, transport PORT COUNT, or ledger DATABASE PORT COUNT".into()),
    }
}

fn pool(port: u16) -> Result<Pool, Failure> {
    let mut relay = Relay::new("127.0.0.1", port, "localhost");
    relay.tls = Tls::None;
    let limits = Limits {
        connections: CONNECTIONS,
        ..Limits::default()
    };
    Ok(Pool::new(relay, limits)?)
}

fn sender() -> Result<Sender, Failure> {
    Ok(Sender {
        from: Recipient::parse("office@example.jp", Some("宣言事務局"))?,
        reply_to: None,
        return_path: None,
    })
}

fn draft(number: usize) -> Result<Draft, Failure> {
    let to = format!("reader-{number}@example.jp");
    let text = format!("{number}\n{}", TEXT.repeat(2_048 / TEXT.len()));
    Ok(Draft::new(&DraftInput {
        sender: "office",
        to: &to,
        name: Some("見本 花子"),
        subject: "更新のご案内（自己宣言）",
        text: &text,
        class: Class::Administrative,
        auto: true,
        reply_to: None,
        references: &[],
    })?)
}

/// Messages are built and handed over, and nothing is written down.
async fn transport(port: u16, count: usize) -> Result<(), Failure> {
    let (pool, sender) = (Arc::new(pool(port)?), Arc::new(sender()?));
    let next = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..CONNECTIONS * UNDER_WAY {
        let (pool, sender, next) = (Arc::clone(&pool), Arc::clone(&sender), Arc::clone(&next));
        callers.spawn(async move {
            loop {
                let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if number >= count {
                    return Ok::<(), Failure>(());
                }
                let id = MessageId::new(Uuid::now_v7(), "example.jp")?;
                let message = build(&draft(number)?, &sender, &id, chrono::DateTime::UNIX_EPOCH)?;
                match pool.send(&message).await {
                    Outcome::Accepted { .. } => {}
                    other => return Err(format!("{other:?}").into()),
                }
            }
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    let sent = start.elapsed().as_secs_f64();
    pool.rest().await;
    println!("{}", serde_json::json!({ "sent": sent }));
    Ok(())
}

async fn ledger(url: &str, port: u16, count: usize) -> Result<(), Failure> {
    let app = open(url).await?;
    let start = Instant::now();
    queue(&app, count).await?;
    let queued = start.elapsed().as_secs_f64();
    let stop = CancellationToken::new();
    let transport = Transport::Smtp(Box::new(pool(port)?));
    let options = MailerOptions {
        node: "bench".to_owned(),
        senders: HashMap::from([("office".to_owned(), sender()?)]),
        domain: "example.jp".to_owned(),
        at_once: CONNECTIONS * UNDER_WAY,
        lease: TimeDelta::seconds(60),
        look_every: Duration::from_secs(1),
        drain: Duration::from_secs(20),
        policy: Policy::default(),
    };
    let mailer = Mailer::new(
        Arc::clone(&app),
        Arc::new(transport),
        Rates::new(None, None),
        options,
    );
    let start = Instant::now();
    let sending = tokio::spawn(mailer.run(stop.clone()));
    // A look at the ledger costs a count: seldom enough not to be measured itself.
    while app.next_mail_at().await?.is_some() {
        tokio::time::sleep(LOOK).await;
    }
    let sent = start.elapsed().as_secs_f64();
    stop.cancel();
    sending.await?;
    let counts = app.mail_counts(&app.command_line()?).await?;
    let accepted = counts
        .iter()
        .find_map(|(state, count)| (*state == State::Accepted).then_some(*count));
    if accepted != Some(u64::try_from(count)?) {
        return Err(format!("{count} were queued, and became {counts:?}").into());
    }
    app.close().await;
    println!("{}", serde_json::json!({ "queued": queued, "sent": sent }));
    Ok(())
}

async fn open(url: &str) -> Result<Arc<App>, Failure> {
    let database = Database::open(url).await?;
    database.migrate().await?;
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await?;
    let store = EventStore::open(OpenOptions {
        database,
        keyring,
        origin: "example.jp/bench".to_owned(),
        inline: storage::inline_projectors(),
    });
    let app = App::open(store.await?, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    Ok(Arc::new(app))
}

/// Each with the decision that it follows from: an event of a tag that nothing reads.
async fn queue(app: &App, count: usize) -> Result<(), Failure> {
    let op = app.command_line()?;
    let mut number = 0;
    while number < count {
        let some = number..count.min(number + AT_ONCE);
        let command_id = Uuid::now_v7();
        let subjects: Vec<Uuid> = some.clone().map(|_| Uuid::now_v7()).collect();
        let keys: Vec<_> = subjects.iter().map(|id| event_store::SubjectId(*id)).collect();
        app.store().keyring().ensure(&keys).await?;
        let mut events = Vec::with_capacity(some.len() + 1);
        events.push(NewEvent {
            id: app.new_id()?,
            event_type: "bench.decided".to_owned(),
            schema_version: 1,
            tags: vec![Tag::new("bench", command_id)?],
            effective_at: op.today(),
            data: serde_json::json!({ "mails": some.len() }),
            personal: Vec::new(),
        });
        for (number, subject) in some.clone().zip(subjects) {
            let name = number.to_string();
            let draft = draft(number)?;
            let subject = SubjectId::new(subject);
            events.push(app.mail_event(command_id, &name, subject, &draft, About::default())?);
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        app.store().append(append).await?;
        number = some.end;
    }
    let queued = app.store().head().await?;
    if queued == Position::START {
        return Err("nothing was queued".into());
    }
    Ok(())
}

//! The process that the torture tests kill and stop: it looks after schedules, works off jobs, or sends mail.
//!
//! It ends in order when its standard input is closed; the line `release` on it lets one job go on. Lines on standard output:
//! `ready`, `began JOB TERM`, `handed-back JOB TERM`, and what it logs, warnings and worse.

#![expect(clippy::print_stdout, reason = "it speaks to the test that started it")]

use std::collections::HashMap;
use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Duration;

use app::job::{Effects, JobFailure, JobHandler, JobRun};
use app::{App, Clock, SystemClock, SystemRandom, TimeSource};
use chrono::{DateTime, TimeDelta, Utc};
use domain::job::Patience;
use domain::mailing::{Policy, Recipient};
use domain::reason::Reason;
use event_store::{BoxFuture, Database, EventStore, KeyEncryptionKey, Keyring, NewEvent, OpenOptions, Tag};
use mail::{Limits, Pool, Rates, Relay, Sender, Tls, Transport};
use scheduler::{Mailer, MailerOptions, Ticker, TickerOptions, WorkerOptions, Workers};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How the process is started: `--name value …`.
struct Arguments(HashMap<String, String>);

impl Arguments {
    fn read() -> Self {
        let mut words = std::env::args().skip(1);
        let mut found = HashMap::new();
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            found.insert(name, value);
        }
        Self(found)
    }

    fn text(&self, name: &str) -> Result<&str, Failure> {
        let value = self.0.get(name).map(String::as_str);
        value.ok_or_else(|| format!("{name} is missing").into())
    }

    fn number<N>(&self, name: &str) -> Result<N, Failure>
    where
        N: std::str::FromStr<Err = std::num::ParseIntError>,
    {
        Ok(self.text(name)?.parse()?)
    }

    fn millis(&self, name: &str) -> Result<Duration, Failure> {
        Ok(Duration::from_millis(self.number(name)?))
    }
}

/// A day that goes by in minutes: so many times as fast as the machine's clock since a moment that all processes know.
struct FastClock {
    began: DateTime<Utc>,
    showed: DateTime<Utc>,
    factor: i32,
}

impl FastClock {
    fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let instant = |micros| DateTime::from_timestamp_micros(micros).ok_or("an instant out of range");
        Ok(Self {
            began: instant(arguments.number("--clock-began")?)?,
            showed: instant(arguments.number("--clock-showed")?)?,
            factor: arguments.number("--clock-factor")?,
        })
    }
}

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        self.showed + (SystemClock.now() - self.began) * self.factor
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stdout)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_ansi(false)
        .without_time()
        .init();
    let arguments = Arguments::read();
    event_store::fault::pause_up_to(arguments.millis("--pause-ms")?);
    let clock = FastClock::new(&arguments)?;
    let store = open(arguments.text("--database")?).await?;
    let app = App::open(store, Arc::new(clock), Arc::new(SystemRandom)).await?;
    let app = Arc::new(app.with_time_source(TimeSource::Process));
    let (stop, releases) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
    listen(stop.clone(), Arc::clone(&releases));
    println!("ready");
    match arguments.text("--role")? {
        "fire" => ticker(&app, &arguments)?.run(stop).await,
        "work" => workers(&app, &arguments, releases)?.run(stop).await,
        "mail" => mailer(&app, &arguments)?.run(stop).await,
        other => return Err(format!("there is no role {other}").into()),
    }
    app.close().await;
    Ok(())
}

async fn open(url: &str) -> Result<EventStore, Failure> {
    let database = Database::open(url).await?;
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await?;
    let options = OpenOptions {
        database,
        keyring,
        origin: test_support::TEST_ORIGIN.to_owned(),
        inline: storage::inline_projectors(),
    };
    Ok(EventStore::open(options).await?)
}

/// A thread of its own: standard input is read without end.
fn listen(stop: CancellationToken, releases: Arc<Semaphore>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_ok_and(|line| line == "release") {
                releases.add_permits(1);
            }
        }
        stop.cancel();
    });
}

/// Of the office's clock, by which leases run out.
fn lease(arguments: &Arguments) -> Result<TimeDelta, Failure> {
    Ok(TimeDelta::milliseconds(arguments.number("--lease-ms")?))
}

fn ticker(app: &Arc<App>, arguments: &Arguments) -> Result<Ticker, Failure> {
    let options = TickerOptions {
        lease: lease(arguments)?,
        look_every: arguments.millis("--look-ms")?,
        ..TickerOptions::new(arguments.text("--node")?.to_owned())
    };
    Ok(Ticker::new(Arc::clone(app), options))
}

fn workers(app: &Arc<App>, arguments: &Arguments, releases: Arc<Semaphore>) -> Result<Workers, Failure> {
    let node = arguments.text("--node")?.to_owned();
    let handler = Held {
        node: node.clone(),
        releases,
    };
    let options = WorkerOptions {
        at_once: 1,
        lease: lease(arguments)?,
        renew_every: arguments.millis("--look-ms")?,
        look_every: arguments.millis("--look-ms")?,
        ..WorkerOptions::new(node)
    };
    Ok(Workers::new(Arc::clone(app), vec![Arc::new(handler)], options))
}

fn mailer(app: &Arc<App>, arguments: &Arguments) -> Result<Mailer, Failure> {
    let connections: usize = arguments.number("--connections")?;
    let relay = Relay {
        tls: Tls::None,
        ..Relay::new("127.0.0.1", arguments.number("--port")?, "office.example.jp")
    };
    let limits = Limits {
        connections,
        ..Limits::default()
    };
    let sender = Sender {
        from: Recipient::parse("office@example.jp", Some("宣言事務局"))?,
        reply_to: None,
        return_path: None,
    };
    let options = MailerOptions {
        node: arguments.text("--node")?.to_owned(),
        senders: HashMap::from([("office".to_owned(), sender)]),
        domain: "mail.example.jp".to_owned(),
        at_once: arguments.number("--at-once")?,
        lease: lease(arguments)?,
        look_every: arguments.millis("--look-ms")?,
        drain: Duration::from_secs(20),
        policy: Policy::default(),
    };
    let transport = Transport::Smtp(Box::new(Pool::new(relay, limits)?));
    let rates = Rates::new(None, None);
    Ok(Mailer::new(Arc::clone(app), Arc::new(transport), rates, options))
}

/// A job that goes on when the test lets it, and writes down which process did it.
struct Held {
    node: String,
    releases: Arc<Semaphore>,
}

impl JobHandler for Held {
    fn command(&self) -> &'static str {
        "work"
    }

    fn patience(&self) -> Patience {
        Patience {
            attempts: 10,
            pause: TimeDelta::seconds(1),
            longest_pause: TimeDelta::seconds(1),
            timeout: TimeDelta::hours(1),
        }
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(async move {
            println!("began {} {}", run.job.id, run.job.term);
            let failed =
                |error: &dyn std::error::Error| JobFailure::Failed(Reason::outside(error.to_string()));
            let release = self.releases.acquire().await.map_err(|error| failed(&error))?;
            release.forget();
            let deed = NewEvent {
                id: app.new_id().map_err(|error| failed(&error))?,
                event_type: "test.deed".to_owned(),
                schema_version: 1,
                tags: vec![Tag::new("job", run.job.id).map_err(|error| failed(&error))?],
                effective_at: app::day_in_japan(app.now()),
                data: serde_json::json!({ "node": self.node, "term": run.job.term }),
                personal: Vec::new(),
            };
            println!("handed-back {} {}", run.job.id, run.job.term);
            Ok(Effects {
                result: Reason::outside("done"),
                events: vec![deed],
            })
        })
    }
}

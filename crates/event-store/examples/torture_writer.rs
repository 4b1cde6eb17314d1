//! The process that the torture tests kill: it appends as fast as it can, follows the log, and records both.
//!
//! Every acknowledged receipt is in the file `acks` and synced before it is told on standard output; what the follower
//! saw is in `seen`. It ends in order when its standard input is closed. Lines on standard output:
//! `ready`, `acked N`, `refused REASON`, `stopped REASON`, `passed N` (fault points), `done`, `BREACH …`.

#![expect(clippy::print_stdout, reason = "it speaks to the test that started it")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{
    Append, AppendError, Appended, Database, DatabaseError, DatabaseOptions, EventStore, Guard,
    KeyEncryptionKey, Keyring, KeyringError, NewEvent, OpenOptions, PersonalPart, Position, Query, QueryItem,
    ReadError, Receipt, SubjectId, Tag,
};
use futures::StreamExt as _;
use tokio::sync::mpsc;
use uuid::Uuid;

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

    fn number(&self, name: &str, otherwise: u64) -> Result<u64, Failure> {
        self.0.get(name).map_or(Ok(otherwise), |text| Ok(text.parse()?))
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::read();
    event_store::fault::pause_up_to(Duration::from_micros(arguments.number("--pause-micros", 0)?));
    let store = open(arguments.text("--database")?).await?;
    let head = store.head().await?;
    println!("ready");
    // Counted from here: what it takes to start is not a step of an append.
    let passed_before = event_store::fault::passed();
    event_store::fault::abort_at(match arguments.number("--abort-at", 0)? {
        0 => 0,
        n => passed_before + n,
    });
    let folder = PathBuf::from(arguments.text("--folder")?);
    let ending = Arc::new(AtomicBool::new(false));
    let (acks, recorder) = record_acks(
        File::options()
            .append(true)
            .create(true)
            .open(folder.join("acks"))?,
    );
    let seen_file = File::options()
        .append(true)
        .create(true)
        .open(folder.join("seen"))?;
    let follower = tokio::spawn(follow(store.clone(), head, seen_file, Arc::clone(&ending)));
    let limit = arguments.number("--commands", 0)?;
    let seed = arguments.number("--seed", 1)?;
    let mut tasks = Vec::new();
    for number in 0..arguments.number("--tasks", 4)? {
        let own = Uuid::from_u128(u128::from(seed) << 64 | u128::from(number));
        let writer = Writer {
            store: store.clone(),
            own: Tag::new("writer", own)?,
            seen: head,
            dice: Dice(seed.wrapping_mul(1_000_003).wrapping_add(number)),
            acks: acks.clone(),
            ending: Arc::clone(&ending),
        };
        tasks.push(tokio::spawn(writer.run(limit)));
    }
    drop(acks);
    if limit == 0 {
        tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
        ending.store(true, Ordering::SeqCst);
    }
    for task in tasks {
        task.await??;
    }
    ending.store(true, Ordering::SeqCst);
    tokio::task::spawn_blocking(move || recorder.join())
        .await?
        .map_err(|_| "the recorder panicked")??;
    follower.await??;
    println!("passed {}", event_store::fault::passed() - passed_before);
    println!("done");
    Ok(())
}

async fn open(url: &str) -> Result<EventStore, Failure> {
    let options = DatabaseOptions {
        acquire_timeout: Duration::from_secs(5),
        ..DatabaseOptions::default()
    };
    let database = Database::open_with(url, options).await?;
    database.migrate().await?;
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await?;
    let options = OpenOptions {
        database,
        keyring,
        origin: test_support::TEST_ORIGIN.to_owned(),
        inline: Vec::new(),
    };
    Ok(EventStore::open(options).await?)
}

fn breach(text: &str) -> ! {
    println!("BREACH {text}");
    std::process::exit(3)
}

/// Writes receipts and syncs them, as many as there are at a time, and only then tells how many.
fn record_acks(
    mut file: File,
) -> (
    mpsc::UnboundedSender<Receipt>,
    std::thread::JoinHandle<std::io::Result<()>>,
) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<Receipt>();
    let recorder = std::thread::spawn(move || {
        let mut total = 0_u64;
        while let Some(first) = receiver.blocking_recv() {
            let mut lines = String::new();
            let mut next = Some(first);
            while let Some(receipt) = next {
                let Receipt {
                    command_id,
                    first,
                    last,
                } = receipt;
                let _always_fits = writeln!(lines, "{command_id} {first} {last}");
                total += 1;
                next = receiver.try_recv().ok();
            }
            file.write_all(lines.as_bytes())?;
            file.sync_data()?;
            println!("acked {total}");
        }
        Ok(())
    });
    (sender, recorder)
}

/// Follows everything from where the process began, and records it; a gap is a breach.
async fn follow(
    store: EventStore,
    mut after: Position,
    file: File,
    ending: Arc<AtomicBool>,
) -> Result<(), Failure> {
    let mut file = std::io::BufWriter::new(file);
    let mut events = Box::pin(store.follow(Query::all(), after));
    loop {
        let next = tokio::time::timeout(Duration::from_millis(100), events.next()).await;
        match next {
            Ok(Some(Ok(event))) => {
                if event.position != after.next() {
                    breach(&format!(
                        "the follower was given {} after {after}",
                        event.position
                    ));
                }
                after = event.position;
                writeln!(file, "{} {}", event.position, event.id)?;
            }
            Ok(Some(Err(error))) => match &error.0 {
                ReadError::Gap { .. } | ReadError::Damaged { .. } => breach(&error.to_string()),
                _ => events = Box::pin(store.follow(Query::all(), after)),
            },
            Ok(None) => events = Box::pin(store.follow(Query::all(), after)),
            // Nothing new for a while: at the end this is the end, when the head was reached.
            Err(_) => {
                file.flush()?;
                if ending.load(Ordering::SeqCst) {
                    match store.head().await {
                        Ok(head) if head == after => return Ok(()),
                        // A connection that a server before this one had: the next is a new one.
                        Ok(_) | Err(DatabaseError::Unavailable(_)) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
    }
}

/// One caller.
struct Writer {
    store: EventStore,
    /// Nobody else writes about this.
    own: Tag,
    /// How far it has read.
    seen: Position,
    dice: Dice,
    acks: mpsc::UnboundedSender<Receipt>,
    ending: Arc<AtomicBool>,
}

impl Writer {
    async fn run(mut self, limit: u64) -> Result<(), Failure> {
        let mut own_last = self.seen;
        for number in 0.. {
            if self.ending.load(Ordering::SeqCst) || (limit > 0 && number == limit) {
                return Ok(());
            }
            let contested = Tag::new("thing", self.dice.below(50))?;
            let mut command = self.command(number, &contested);
            command.guards.push(unchanged(&self.own, own_last));
            let is_guarded = self.dice.below(4) == 0;
            if is_guarded {
                command.guards.push(unchanged(&contested, self.seen));
            }
            let Some(answer) = self.until_answered(&command).await? else {
                return Ok(());
            };
            match answer {
                Ok(receipt) => {
                    own_last = receipt.last;
                    self.seen = receipt.last;
                    // A retry of what was acknowledged gets the same answer and adds nothing.
                    if self.dice.below(16) == 0
                        && let Some(again) = self.until_answered(&command).await?
                        && again != Ok(receipt)
                    {
                        breach(&format!("{receipt:?} was answered {again:?} the second time"));
                    }
                }
                Err(found) if is_guarded && found > self.seen => self.seen = found,
                Err(found) => breach(&format!(
                    "{} lost to {found}, which it had seen",
                    self.own.as_str()
                )),
            }
        }
        Ok(())
    }

    /// Asks with the same command until there is an answer: its receipt, or the position that it lost to. None when
    /// the process is about to end.
    async fn until_answered(&self, command: &Append) -> Result<Option<Result<Receipt, Position>>, Failure> {
        loop {
            match self.store.append(command.clone()).await {
                Ok(Appended::New(receipt) | Appended::Earlier(receipt)) => {
                    self.acks.send(receipt)?;
                    return Ok(Some(Ok(receipt)));
                }
                Err(AppendError::Conflict(conflict)) => {
                    let newest = conflict.found.iter().map(|found| found.position).max();
                    return Ok(Some(Err(newest.unwrap_or(Position::START))));
                }
                Err(error) if is_stopped(&error) => {
                    println!("stopped {error}");
                    return Ok(None);
                }
                Err(
                    error @ (AppendError::Unavailable(_)
                    | AppendError::OutcomeUnknown { .. }
                    | AppendError::Keyring(_)),
                ) => {
                    println!("refused {error}");
                    if self.ending.load(Ordering::SeqCst) {
                        return Ok(None);
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(other) => breach(&other.to_string()),
            }
        }
    }

    fn command(&mut self, number: u64, contested: &Tag) -> Append {
        let events = 1 + self.dice.below(3);
        let events = (0..events).map(|n| NewEvent {
            id: Uuid::now_v7(),
            event_type: if n == 0 { "thing.changed" } else { "thing.noted" }.to_owned(),
            schema_version: 1,
            tags: vec![self.own.clone(), contested.clone()],
            effective_at: NaiveDate::default(),
            data: serde_json::json!({"number": number, "text": "あ".repeat(usize::try_from(self.dice.below(200)).unwrap_or(0))}),
            personal: if self.dice.below(8) == 0 {
                vec![PersonalPart {
                    subject: SubjectId(Uuid::from_u128(u128::from(self.dice.below(20)) + 1)),
                    name: "contact".to_owned(),
                    body: serde_json::json!({"number": number}),
                }]
            } else {
                Vec::new()
            },
        });
        Append {
            command_id: Uuid::now_v7(),
            actor: "torture".to_owned(),
            correlation_id: Uuid::now_v7(),
            reason: None,
            events: events.collect(),
            guards: Vec::new(),
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }
}

/// Whether the disk failed, so that this process writes nothing any more.
fn is_stopped(error: &AppendError) -> bool {
    match error {
        AppendError::Unavailable(error) => matches!(**error, DatabaseError::Stopped { .. }),
        AppendError::Keyring(KeyringError::Database(error)) => matches!(error, DatabaseError::Stopped { .. }),
        _ => false,
    }
}

/// Nothing about the tag after the position.
fn unchanged(tag: &Tag, after: Position) -> Guard {
    let query = Query {
        items: vec![QueryItem::tagged(tag.clone())],
    };
    Guard { query, after }
}

/// Pseudo-random numbers that a seed repeats (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % limit
    }
}

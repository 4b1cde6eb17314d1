//! Measures the log, and the plain way to do the same: `cargo xtask bench log` starts it once and asks it many times.
//!
//! Reads lines `WHAT URL COUNT SECONDS` from standard input and answers each with one line of JSON, `{"per_second",
//! "p50_ms", "p99_ms"}` or `{"error"}`. `WHAT` is `append`, `batch`, `fill`, `history`, `read` or, the plain way,
//! `plain-append`, `plain-batch`, `cursor`. `URL` is a database of its own (`sqlite:PATH` or `postgres://…`; `history`,
//! `read` and `cursor` want one that `fill` has filled). `COUNT` is the callers at once, or the events of a batch, of the
//! log. What was opened stays open, so that no answer holds the time of connecting.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "no clock is injected into a measurement"
)]

mod ours;
mod plain;

use std::error::Error;
use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::json;

use ours::Logs;
use plain::Tables;

/// The one of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any failure ends a measurement.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What every event carries: about 450 bytes, as a short declaration has.
const PAYLOAD: &str = include_str!("payload.json");

#[tokio::main]
async fn main() -> Outcome<()> {
    let (mut logs, mut tables) = (Logs::default(), Tables::default());
    for line in std::io::stdin().lines() {
        let answer = match measure(&mut logs, &mut tables, &line?).await {
            Ok(measured) => measured.json(),
            Err(error) => json!({ "error": error.to_string() }),
        };
        println!("{answer}");
    }
    Ok(())
}

async fn measure(logs: &mut Logs, tables: &mut Tables, line: &str) -> Outcome<Measured> {
    let words: Vec<_> = line.split(' ').collect();
    let [what, url, count, seconds] = words.as_slice() else {
        return Err("usage: WHAT URL COUNT SECONDS".into());
    };
    let (count, time) = (count.parse()?, Duration::from_secs_f64(seconds.parse()?));
    match *what {
        "append" => ours::append(logs.open(url).await?, count, time).await,
        "batch" => ours::batch(logs.open(url).await?, count, time).await,
        "fill" => ours::fill(logs.open(url).await?, count).await,
        "history" => ours::history(logs.open(url).await?, count, time).await,
        "read" => ours::read(logs.open(url).await?, time).await,
        "plain-append" => plain::append(tables.open(url, count).await?, count, time).await,
        "plain-batch" => plain::batch(tables.open(url, 1).await?, count, time).await,
        "cursor" => plain::cursor(url, time).await,
        _ => Err(format!("{what} is not known").into()),
    }
}

/// How long each piece of work took, and how much there was in all.
#[derive(Default)]
struct Measured {
    units: u64,
    took: Duration,
    waits: Vec<Duration>,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn json(mut self) -> serde_json::Value {
        self.waits.sort_unstable();
        // The nearest rank, as xtask has it.
        let percentile = |percent: usize| {
            let rank = (self.waits.len() * percent).div_ceil(100).max(1);
            self.waits.get(rank - 1).map(|wait| wait.as_secs_f64() * 1000.0)
        };
        json!({
            "per_second": self.units as f64 / self.took.as_secs_f64(),
            "p50_ms": percentile(50),
            "p99_ms": percentile(99),
        })
    }
}

/// Lets `callers` tasks repeat a piece of work until the time is over; each call of `work` answers its units. A piece that
/// has begun is finished, and its time counts.
async fn repeat<W, F>(callers: usize, time: Duration, mut worker: impl FnMut() -> W) -> Outcome<Measured>
where
    W: FnMut() -> F + Send + 'static,
    F: Future<Output = Outcome<u64>> + Send,
{
    let start = Instant::now();
    let end = start + time;
    let mut tasks = Vec::with_capacity(callers);
    for _ in 0..callers {
        let mut work = worker();
        tasks.push(tokio::spawn(async move {
            let (mut units, mut waits) = (0, Vec::new());
            while Instant::now() < end {
                let began = Instant::now();
                units += work().await?;
                waits.push(began.elapsed());
            }
            Ok::<_, Box<dyn Error + Send + Sync>>((units, waits))
        }));
    }
    let mut measured = Measured::default();
    for task in tasks {
        let (units, waits) = task.await??;
        measured.units += units;
        measured.waits.extend(waits);
    }
    measured.took = start.elapsed();
    Ok(measured)
}

//! Measures what the record of reads costs by itself; `cargo xtask bench audit` starts it.
//!
//! `record_reads URL ANSWERS NAMES RATE PROCESSES` records so many answers with so many names each, by eight callers that together
//! answer so many a second, and prints the CPU seconds of this process, and of all whose command line holds the text PROCESSES, as one
//! line of JSON: `{"cpu", "database", "seconds"}`. What the callers themselves cost is taken off: they call as often before, and record
//! nothing. `URL` is `sqlite:PATH` or `postgres://…`, of a register that exists.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::error::Error;
use std::time::{Duration, Instant};

use chrono::DateTime;
use event_store::Database;
use serde_json::json;
use storage::read_record::{ReadRecord, ReadRecorder};
use tokio::task::JoinSet;
use uuid::Uuid;

/// That of `sengen`, whose part this stands for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// As many as the bench has connections.
const CALLERS: u32 = 8;
/// Clock ticks of `/proc` in a second: Linux has 100 on every machine that Rust runs on.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, answers, names, rate, processes] = arguments.as_slice() else {
        return Err("usage: record_reads URL ANSWERS NAMES RATE PROCESSES".into());
    };
    let database = Database::open(url).await?;
    let recorder = ReadRecorder::open_beside(&database).await?;
    let (answers, names): (u32, usize) = (answers.parse()?, names.parse()?);
    let pause = Duration::from_secs_f64(f64::from(CALLERS) / rate.parse::<f64>()?);
    // What the first one needs is no cost of the others.
    recorder.record(vec![record(names)]).await?;
    let callers = call(None, answers, names, pause).await?;
    let others = cpu_of_all(processes);
    let start = Instant::now();
    let recording = call(Some(recorder), answers, names, pause).await?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({ "cpu": recording - callers, "database": cpu_of_all(processes) - others, "seconds": seconds })
    );
    Ok(())
}

/// The CPU seconds of this process while all callers call.
async fn call(recorder: Option<ReadRecorder>, answers: u32, names: usize, pause: Duration) -> Outcome<f64> {
    let before = cpu_of("self");
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(caller(recorder.clone(), answers / CALLERS, names, pause));
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    Ok(cpu_of("self") - before)
}

async fn caller(recorder: Option<ReadRecorder>, answers: u32, names: usize, pause: Duration) -> Outcome<()> {
    let mut next = tokio::time::interval(pause);
    for _ in 0..answers {
        next.tick().await;
        let records = vec![record(names)];
        match &recorder {
            Some(recorder) => recorder.record(records).await?,
            None => drop(std::hint::black_box(records)),
        }
    }
    Ok(())
}

fn record(names: usize) -> ReadRecord {
    ReadRecord {
        // Before anything that happened in the office.
        at: DateTime::UNIX_EPOCH,
        actor: format!("staff:{}", Uuid::nil()),
        ids: (0..names).map(|_| Uuid::now_v7()).collect(),
        field_class: "sole_trader".to_owned(),
        purpose: "console:Declarations".to_owned(),
        request_id: Uuid::nil().to_string(),
    }
}

/// User and system time of a process in seconds; nothing when it is gone.
fn cpu_of(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name stands in brackets and may hold blanks; the times are the 14th and 15th field of the line.
    let fields = text
        .rsplit_once(") ")
        .map(|(_, rest)| rest.split(' ').skip(11).take(2));
    let times = fields
        .into_iter()
        .flatten()
        .filter_map(|field| field.parse::<f64>().ok());
    times.sum::<f64>() / TICKS
}

fn cpu_of_all(text: &str) -> f64 {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().into_string().ok());
    let numbers = numbers.filter(|name| name.parse::<u32>().is_ok());
    let mine = numbers.filter(|number| {
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        // That of this program holds the text too.
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        line.starts_with("postgres") && line.contains(text)
    });
    mine.map(|number| cpu_of(&number)).sum()
}

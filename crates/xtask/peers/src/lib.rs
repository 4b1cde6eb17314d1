//! What both peers share: arguments, callers in a closed loop, and the line of figures.

use std::error::Error;
use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

/// Any failure ends the program.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Events of one stream before the next one begins.
const EVENTS_OF_ONE: u32 = 10;

/// The event that our own measurement appends.
pub fn payload() -> Outcome<Value> {
    Ok(serde_json::from_str(include_str!(
        "../../../event-store/examples/log_speed/payload.json"
    ))?)
}

/// Who and on behalf of what.
pub fn meta() -> Value {
    json!({
        "actor": "00000000-0000-7000-8000-000000000009",
        "correlation": "00000000-0000-7000-8000-00000000000b",
    })
}

/// `append URL CALLERS SECONDS`.
pub struct Arguments {
    /// Of an empty PostgreSQL database.
    pub url: String,
    /// At once.
    pub callers: u32,
    /// How long.
    pub time: Duration,
}

impl Arguments {
    /// Reads the command line.
    pub fn read() -> Outcome<Self> {
        let arguments: Vec<_> = std::env::args().skip(1).collect();
        let [what, url, callers, seconds] = arguments.as_slice() else {
            return Err("usage: append URL CALLERS SECONDS".into());
        };
        if what != "append" {
            return Err(format!("{what} is not known").into());
        }
        Ok(Self {
            url: url.clone(),
            callers: callers.parse()?,
            time: Duration::from_secs_f64(seconds.parse()?),
        })
    }

    /// As many connections as callers.
    pub async fn pool(&self) -> Outcome<PgPool> {
        let options = PgPoolOptions::new()
            .max_connections(self.callers)
            .test_before_acquire(false);
        Ok(options.connect(&self.url).await?)
    }
}

/// Lets the callers append one event after the other and prints the figures. `step` is given a caller's store, the
/// stream and the number of the event in it, and answers whether the event went in; a conflict is tried again.
pub async fn drive<S, F>(
    arguments: &Arguments,
    store: impl Fn() -> S,
    step: impl Fn(S, Uuid, u32) -> F + Clone + Send + 'static,
) -> Outcome<()>
where
    S: Send + 'static,
    F: Future<Output = (S, bool)> + Send,
{
    let start = Instant::now();
    let end = start + arguments.time;
    let mut tasks = Vec::new();
    for _ in 0..arguments.callers {
        let (step, mut store) = (step.clone(), store());
        tasks.push(tokio::spawn(async move {
            let mut waits = Vec::new();
            let (mut stream, mut number) = (Uuid::now_v7(), 0);
            while Instant::now() < end {
                if number == EVENTS_OF_ONE {
                    (stream, number) = (Uuid::now_v7(), 0);
                }
                number += 1;
                let began = Instant::now();
                loop {
                    let (same, taken) = step(store, stream, number).await;
                    store = same;
                    if taken {
                        waits.push(began.elapsed());
                        break;
                    }
                    if Instant::now() >= end {
                        break;
                    }
                }
            }
            waits
        }));
    }
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await?);
    }
    let took = start.elapsed().as_secs_f64();
    waits.sort_unstable();
    let percentile = |percent: usize| {
        let index = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        waits
            .get(index)
            .map(|wait: &Duration| wait.as_secs_f64() * 1000.0)
    };
    println!(
        "{}",
        json!({ "per_second": waits.len() as f64 / took, "p50_ms": percentile(50), "p99_ms": percentile(99) })
    );
    Ok(())
}

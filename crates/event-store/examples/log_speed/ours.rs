//! Our log: guards, tags, receipts and leaf hashes, in one gapless order.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, Utc};
use event_store::{
    Append, Database, EventStore, Guard, KeyEncryptionKey, Keyring, NewEvent, OpenOptions, Position, Query,
    Tag,
};
use futures::TryStreamExt as _;
use serde_json::Value;
use uuid::Uuid;

use crate::{Measured, Outcome, PAYLOAD, repeat};

/// Events of one declaration before the next one begins.
const EVENTS_OF_ONE: u32 = 10;
/// Events of the declaration whose history is read.
const HISTORY: usize = 50;
/// That declaration.
const ITS_ID: Uuid = Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0032);
/// Events of one command when a log is filled.
const FILLING: usize = 1_000;

/// The logs that are open, by their addresses.
#[derive(Default)]
pub struct Logs(HashMap<String, EventStore>);

impl Logs {
    /// Opens a log, and makes it when there is none.
    pub async fn open(&mut self, url: &str) -> Outcome<&EventStore> {
        if !self.0.contains_key(url) {
            self.0.insert(url.to_owned(), open(url).await?);
        }
        self.0.get(url).ok_or_else(|| "the log is gone".into())
    }
}

async fn open(url: &str) -> Outcome<EventStore> {
    let database = Database::open(url).await?;
    database.migrate().await?;
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await?;
    let origin = "bench.example.jp/log".to_owned();
    Ok(EventStore::open(OpenOptions {
        database,
        keyring,
        origin,
        inline: Vec::new(),
    })
    .await?)
}

/// One caller's declaration: who it is, and what the caller saw of it last.
struct Subject {
    tags: [Tag; 2],
    saw: Position,
    events: u32,
}

impl Subject {
    fn new(id: Uuid) -> Outcome<Self> {
        Ok(Self {
            tags: [
                Tag::new("declaration", id)?,
                Tag::new("organization", Uuid::now_v7())?,
            ],
            saw: Position::START,
            events: 0,
        })
    }

    fn event(&self, payload: &Value) -> Outcome<NewEvent> {
        Ok(NewEvent {
            id: Uuid::now_v7(),
            event_type: "declaration.made".to_owned(),
            schema_version: 1,
            tags: self.tags.to_vec(),
            effective_at: NaiveDate::from_ymd_opt(2026, 4, 1).ok_or("a day")?,
            data: payload.clone(),
            personal: Vec::new(),
        })
    }

    /// Loses when somebody else has changed the declaration since the caller saw it.
    fn guard(&self) -> Guard {
        Guard {
            query: Query::tagged(self.tags[0].clone()),
            after: self.saw,
        }
    }
}

fn command(events: Vec<NewEvent>, guards: Vec<Guard>) -> Append {
    Append {
        command_id: Uuid::now_v7(),
        actor: "00000000-0000-7000-8000-000000000009".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events,
        guards,
        recorded_at: Utc::now(),
    }
}

/// One event at a time from each caller.
pub async fn append(store: &EventStore, callers: usize, time: Duration) -> Outcome<Measured> {
    let payload: Arc<Value> = Arc::new(serde_json::from_str(PAYLOAD)?);
    repeat(callers, time, || {
        let (store, payload) = (store.clone(), Arc::clone(&payload));
        let subject = Arc::new(tokio::sync::Mutex::new(None::<Subject>));
        move || {
            let (store, payload, subject) = (store.clone(), Arc::clone(&payload), Arc::clone(&subject));
            async move {
                let mut subject = subject.lock().await;
                let mut one = match subject.take() {
                    Some(one) if one.events < EVENTS_OF_ONE => one,
                    _ => Subject::new(Uuid::now_v7())?,
                };
                let command = command(vec![one.event(&payload)?], vec![one.guard()]);
                one.saw = store.append(command).await?.receipt().last;
                one.events += 1;
                *subject = Some(one);
                Ok(1)
            }
        }
    })
    .await
}

/// Commands of many events, each of a declaration of its own, one command after the other.
pub async fn batch(store: &EventStore, events: usize, time: Duration) -> Outcome<Measured> {
    let payload: Arc<Value> = Arc::new(serde_json::from_str(PAYLOAD)?);
    repeat(1, time, || {
        let (store, payload) = (store.clone(), Arc::clone(&payload));
        move || {
            let (store, payload) = (store.clone(), Arc::clone(&payload));
            async move {
                let guard = Subject::new(Uuid::now_v7())?.guard();
                let events = others(&payload, events)?;
                let count = events.len() as u64;
                store.append(command(events, vec![guard])).await?;
                Ok(count)
            }
        }
    })
    .await
}

/// Events of so many declarations.
fn others(payload: &Value, count: usize) -> Outcome<Vec<NewEvent>> {
    (0..count)
        .map(|_| Subject::new(Uuid::now_v7())?.event(payload))
        .collect()
}

/// A log of so many events, among them, at equal distances, those of the declaration whose history is read.
pub async fn fill(store: &EventStore, events: usize) -> Outcome<Measured> {
    let payload: Value = serde_json::from_str(PAYLOAD)?;
    let subject = Subject::new(ITS_ID)?;
    let gap = (events / HISTORY).max(1);
    let start = Instant::now();
    for _ in 0..HISTORY {
        let mut events = vec![subject.event(&payload)?];
        events.extend(others(&payload, gap - 1)?);
        while !events.is_empty() {
            let rest = events.split_off(FILLING.min(events.len()));
            store.append(command(events, Vec::new())).await?;
            events = rest;
        }
    }
    Ok(Measured {
        units: (gap * HISTORY) as u64,
        took: start.elapsed(),
        waits: Vec::new(),
    })
}

/// Reads the 50 events of one declaration, again and again from each caller.
pub async fn history(store: &EventStore, callers: usize, time: Duration) -> Outcome<Measured> {
    let query = Query::tagged(Tag::new("declaration", ITS_ID)?);
    repeat(callers, time, || {
        let (store, query) = (store.clone(), query.clone());
        move || {
            let (store, query) = (store.clone(), query.clone());
            async move {
                let events = store.read(&query, Position::START, 1_000).await?;
                if events.len() == HISTORY {
                    Ok(1)
                } else {
                    Err(format!("{} events instead of {HISTORY}", events.len()).into())
                }
            }
        }
    })
    .await
}

/// Reads everything in order, as a rebuild does, and begins anew at the end.
pub async fn read(store: &EventStore, time: Duration) -> Outcome<Measured> {
    let start = Instant::now();
    let mut units = 0;
    while start.elapsed() < time {
        let mut pages = std::pin::pin!(store.read_sealed(Position::START, None));
        while let Some(page) = pages.try_next().await? {
            units += page.len() as u64;
            std::hint::black_box(page);
            if start.elapsed() >= time {
                break;
            }
        }
    }
    Ok(Measured {
        units,
        took: start.elapsed(),
        waits: Vec::new(),
    })
}

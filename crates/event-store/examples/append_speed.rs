//! A rough figure: many callers append one 1.2 kB event each, with 5 tags, 2 guards and 3 sealed parts, as an import does.
//!
//! `cargo run --release -p event-store --example append_speed -- sqlite|postgres [appends] [callers]`
#![expect(clippy::print_stdout, reason = "a program that prints a figure")]
#![expect(
    clippy::disallowed_methods,
    reason = "no clock is injected into a measurement"
)]

use std::time::Instant;

use chrono::{NaiveDate, Utc};
use event_store::{
    Append, EventStore, Guard, NewEvent, PersonalPart, Position, Query, QueryItem, SubjectId, Tag,
};
use futures::StreamExt;
use serde_json::json;
use test_support::TestDatabase;
use uuid::Uuid;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let engine = arguments.next().unwrap_or_default();
    let mut number = |default: usize| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (appends, callers) = (number(20_000), number(1_000));
    let heavy = number(1) == 1;
    let db = if engine == "postgres" {
        TestDatabase::postgres().await
    } else {
        TestDatabase::sqlite().await
    };
    let store = db.open_store().await;
    let started = Instant::now();
    let rows: Vec<_> = (0..appends).map(|n| row(n, heavy)).collect();
    for chunk in rows.chunks(1_000) {
        let subjects: Vec<_> = chunk
            .iter()
            .flat_map(|row| row.events[0].personal.iter().map(|part| part.subject))
            .collect();
        store.keyring().ensure(&subjects).await.expect("keys");
    }
    println!("{engine}: rows and keys for {appends} in {:?}", started.elapsed());
    let started = Instant::now();
    let mut waits: Vec<_> = futures::stream::iter(rows)
        .map(|row| {
            let store: EventStore = store.clone();
            let began = Instant::now();
            async move {
                tokio::spawn(async move { store.append(row).await.expect("taken") })
                    .await
                    .expect("no panic");
                began.elapsed()
            }
        })
        .buffer_unordered(callers)
        .collect()
        .await;
    let took = started.elapsed();
    waits.sort_unstable();
    let rate = f64::from(u32::try_from(appends).unwrap_or(u32::MAX)) / took.as_secs_f64();
    let (p50, p99) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
    println!("{engine}: {appends} appends, {callers} callers: {rate:.0}/s, p50 {p50:?}, p99 {p99:?}");
}

fn row(n: usize, heavy: bool) -> Append {
    let tag = |kind: &str, value: String| Tag::new(kind, value).expect("a tag");
    let (one, two) = (
        tag("declaration", Uuid::now_v7().to_string()),
        tag("number", format!("{n:011}")),
    );
    let part = |name: &str| PersonalPart {
        subject: SubjectId(Uuid::now_v7()),
        name: name.to_owned(),
        body: json!({"name": "山田太郎", "mail": "yamada@example.jp", "tel": "03-0000-0000", "more": "あ".repeat(20)}),
    };
    let mut tags = vec![one.clone(), two.clone()];
    let mut personal = Vec::new();
    if heavy {
        tags.push(tag("organization", Uuid::now_v7().to_string()));
        tags.push(tag("corporate-number", format!("7{n:012}")));
        tags.push(tag("row", Uuid::now_v7().to_string()));
        personal = vec![part("representative"), part("contact"), part("trader")];
    }
    let event = NewEvent {
        id: Uuid::now_v7(),
        event_type: "declaration.registered".to_owned(),
        schema_version: 1,
        tags,
        effective_at: NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day"),
        data: json!({"facts": (0..if heavy { 20 } else { 6 }).map(|field| (format!("field_{field:02}"),
            json!({"typed": "株式会社サンプル", "value": "サンプル"}))).collect::<serde_json::Map<_, _>>()}),
        personal,
    };
    let guard = |tag: Tag| Guard {
        query: Query {
            items: vec![QueryItem::tagged(tag)],
        },
        after: Position::START,
    };
    Append {
        command_id: Uuid::now_v7(),
        actor: "import".to_owned(),
        correlation_id: Uuid::nil(),
        reason: None,
        events: vec![event],
        guards: if heavy {
            vec![guard(one), guard(two)]
        } else {
            vec![guard(one)]
        },
        recorded_at: Utc::now(),
    }
}

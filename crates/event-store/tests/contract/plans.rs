//! Plans: on a large table a guard is still an index probe, also for a store that was opened while it was empty.

use event_store::{Engine, EventStore, Position, Query, QueryItem};
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, command, event, guard, tag, typed, unchanged};

on_both_engines!(a_guard_is_an_index_probe_among_100_000_events);

async fn a_guard_is_an_index_probe_among_100_000_events(db: TestDatabase) {
    let store = db.open_store().await;
    // The first statements are prepared while the tables are empty, as on the first day of an import.
    check(&store).await;
    let everywhere = tag("register", "main");
    for chunk in 0..10 {
        let events = (0..10_000)
            .map(|n| {
                event(
                    "thing.made",
                    &[everywhere.clone(), tag("thing", chunk * 10_000 + n)],
                )
            })
            .collect();
        append(&store, command(events)).await;
    }
    check(&store).await;
    let mut analysed = store.database().begin_write().await.expect("a transaction");
    event_store::each_engine!(analysed, c => sqlx::query("ANALYZE").execute(c).await.map(|_| ()))
        .expect("analysed");
    analysed.commit().await.expect("committed");
    check(&store).await;
}

async fn check(store: &EventStore) {
    let (everywhere, one) = (tag("register", "main"), tag("thing", 7));
    let guards = [
        unchanged(&one, Position::START),
        guard(
            vec![typed(&["thing.moved"], std::slice::from_ref(&one))],
            Position::START,
        ),
        guard(
            vec![QueryItem::tagged(everywhere), typed(&["a", "b"], &[])],
            Position::new(99_990),
        ),
        guard(Query::all().items, Position::new(99_990)),
    ];
    let plan = store.explain_guards(&guards).await.expect("a plan");
    let bad: Vec<_> = plan
        .iter()
        .filter(|line| is_scan(line, store.database().engine()))
        .collect();
    assert!(
        !plan.is_empty() && bad.is_empty(),
        "{bad:#?} in\n{}",
        plan.join("\n")
    );
}

/// Whether this line of a plan walks through a table of the log instead of looking something up.
fn is_scan(line: &str, engine: Engine) -> bool {
    match engine {
        // SEARCH is a probe; what may be scanned are the few rows that we hand in and the head.
        Engine::Sqlite => ["SCAN t", "SCAN x", "SCAN o", "SCAN e", "SCAN r"]
            .iter()
            .any(|bad| {
                line.find(bad).is_some_and(|at| {
                    !line[at + bad.len()..].starts_with(|next: char| next.is_alphanumeric())
                })
            }),
        Engine::Postgres => {
            line.contains("Function Scan on log_look")
                || line.contains("hashed SubPlan")
                || line.contains("Hash Join")
                || line.contains("Merge Join")
                || (line.contains("Seq Scan") && !line.contains("log_head"))
                || line.contains("Bitmap")
        }
    }
}

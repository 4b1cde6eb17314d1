//! The goals of the log, each as a ratio to what was measured beside it.

use crate::bench::log::figure::Figures;
use crate::bench::log::subject::What;
use crate::bench::log::{BATCH, CLIENTS, PEER_CALLERS, Table, rebuild};
use crate::bench::office::Engine;
use crate::bench::report::Goal;

const P99_AT_32: f64 = 20.0;
const READING: f64 = 0.6;
const BATCHES: f64 = 0.5;

/// Every goal of the subjects that were measured.
pub fn goals(table: &Table) -> Vec<Goal> {
    let mut goals = on_postgres(table);
    goals.extend(on_sqlite(table));
    for engine in Engine::ALL {
        let name = engine.name();
        goals.push(ratio(
            format!("batches of {BATCH}, of the same rows and tags, {name}"),
            BATCHES,
            table.figures(What::Batch, engine, BATCH),
            table.figures(What::PlainBatch, engine, BATCH),
        ));
        goals.push(ratio(
            format!("reading in order, of a plain cursor, {name}"),
            READING,
            table.figures(What::Read, engine, 1),
            table.figures(What::Cursor, engine, 1),
        ));
    }
    let rebuilds = table.subjects.iter().filter(|it| it.key.0 == What::Rebuild);
    goals.extend(rebuilds.map(|subject| {
        let rate = subject.figures.rates().median();
        Goal::at_least(subject.key.name(), rebuild::GOAL, rate, "per s")
    }));
    goals
}

fn on_postgres(table: &Table) -> Vec<Goal> {
    let ours = |callers| table.figures(What::Append, Engine::Postgres, callers);
    let pgbench = |clients| table.figures(What::Pgbench, Engine::Postgres, clients);
    let (clients, best) = best(CLIENTS.map(|clients| (clients, pgbench(clients))));
    let of_best = format!("of pgbench at its best ({clients} clients), PostgreSQL");
    let mut goals = vec![
        ratio(
            "append, 1 caller, of pgbench at 1, PostgreSQL".to_owned(),
            0.4,
            ours(1),
            pgbench(1),
        ),
        ratio(
            "append, 32 callers, of pgbench at 32, PostgreSQL".to_owned(),
            1.2,
            ours(32),
            pgbench(32),
        ),
        ratio(format!("append, 128 callers, {of_best}"), 2.0, ours(128), best),
        ratio(format!("append, 512 callers, {of_best}"), 3.0, ours(512), best),
        Goal::at_most(
            "append, 32 callers, p99, PostgreSQL",
            P99_AT_32,
            ours(32).of(|figure| figure.p99).median(),
            "ms",
        ),
    ];
    for (what, name, goal) in [
        (What::PostgresEs, "postgres-es", 2.0),
        (What::Disintegrate, "disintegrate", 10.0),
    ] {
        if let Some(peer) = table.find(what, Engine::Postgres, PEER_CALLERS) {
            goals.push(ratio(
                format!("append, {PEER_CALLERS} callers, of {name} at {PEER_CALLERS}"),
                goal,
                ours(PEER_CALLERS),
                &peer.figures,
            ));
        }
    }
    goals
}

fn on_sqlite(table: &Table) -> Vec<Goal> {
    let raw = table.figures(What::PlainAppend, Engine::Sqlite, 1);
    [
        (1, "1 caller", 0.3),
        (32, "32 callers", 3.0),
        (128, "128 callers", 5.0),
    ]
    .into_iter()
    .map(|(callers, name, goal)| {
        ratio(
            format!("append, {name}, of raw inserts, SQLite"),
            goal,
            table.figures(What::Append, Engine::Sqlite, callers),
            raw,
        )
    })
    .collect()
}

fn ratio(name: String, goal: f64, of: &Figures, to: &Figures) -> Goal {
    Goal::at_least(name, goal, of.ratios(to).median(), "×")
}

/// The one with the best median.
fn best(all: [(usize, &Figures); CLIENTS.len()]) -> (usize, &Figures) {
    all.into_iter()
        .max_by(|(_, a), (_, b)| a.rates().median().total_cmp(&b.rates().median()))
        .unwrap_or(all[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::log::figure::Figure;

    fn figures(rates: [f64; 3]) -> Figures {
        let mut figures = Figures::default();
        for rate in rates {
            figures.add(Figure::of_rate(rate));
        }
        figures
    }

    #[test]
    fn the_best_number_of_clients_is_that_of_the_best_median() {
        let (one, eight, many, most) = (
            figures([1.0, 2.0, 3.0]),
            figures([5.0, 6.0, 7.0]),
            figures([1.0, 5.0, 90.0]),
            figures([4.0, 4.0, 4.0]),
        );
        let (clients, found) = best([(1, &one), (8, &eight), (32, &many), (128, &most)]);
        assert_eq!(clients, 8);
        assert!((found.rates().median() - 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_ratio_is_judged_by_its_median() {
        let goal = ratio(
            "a".to_owned(),
            2.0,
            &figures([4.0, 10.0, 2.0]),
            &figures([2.0, 2.0, 2.0]),
        );
        assert!(goal.met);
        assert!((goal.measured - 2.0).abs() < 1e-9);
        assert!(!ratio("a".to_owned(), 2.0, &figures([2.0; 3]), &figures([2.0; 3])).met);
    }
}

//! `pgbench`, as PostgreSQL brings it, inserting one event-shaped row in each transaction.

use std::path::{Path, PathBuf};

use crate::bench::Frame;
use crate::bench::log::figure::Figure;
use crate::bench::samples::Samples;
use crate::{Failure, Outcome, repository, run};

const SCHEMA: &str = "CREATE TABLE plain_event (position BIGSERIAL PRIMARY KEY, stream UUID NOT NULL, version BIGINT NOT NULL, \
event_type TEXT NOT NULL, data TEXT NOT NULL, meta TEXT NOT NULL, UNIQUE (stream, version))";
const INSERT: &str = "INSERT INTO plain_event (stream, version, event_type, data, meta) \
VALUES (gen_random_uuid(), 1, :type, :data, :meta);\n";
const META: &str = r#"{"actor":"00000000-0000-7000-8000-000000000009","correlation":"00000000-0000-7000-8000-00000000000b"}"#;
const PAYLOAD: &str = "crates/event-store/examples/log_speed/payload.json";
/// Transactions of each client when it is not known yet how fast it is.
const FIRST: f64 = 50.0;
/// Transactions of each client at least: its first one is not counted, see [`figure`].
const LEAST: f64 = 20.0;

/// A database with one table, and so many clients.
pub struct Pgbench {
    program: String,
    url: String,
    folder: PathBuf,
    clients: usize,
    payload: String,
    /// Transactions a second, as the last measurement had them.
    expected: Option<f64>,
}

impl Pgbench {
    /// Makes the table.
    ///
    /// # Errors
    /// When PostgreSQL's programs or the payload are missing.
    pub fn new(frame: &Frame, url: &str, clients: usize) -> Outcome<Self> {
        let psql = frame.postgres_program("psql")?;
        run::captured(run::program(
            psql,
            &["--quiet", "--no-psqlrc", "--command", SCHEMA, url],
        ))?;
        let payload = std::fs::read_to_string(repository::root().join(PAYLOAD))
            .map_err(|error| Failure::new(format!("{PAYLOAD}: {error}")))?;
        Ok(Self {
            program: frame.postgres_program("pgbench")?,
            url: url.to_owned(),
            folder: frame.folder.path().to_path_buf(),
            clients,
            payload: payload.trim().to_owned(),
            expected: None,
        })
    }

    /// Runs about so long: pgbench itself knows whole seconds only, so a number of transactions is asked for.
    ///
    /// # Errors
    /// When it fails.
    pub fn measure(&mut self, seconds: f64) -> Outcome<Figure> {
        let folder = tempfile::tempdir_in(&self.folder)
            .map_err(|error| Failure::new(format!("no temporary folder: {error}")))?;
        let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.path().display()));
        let script = folder.path().join("insert.sql");
        std::fs::write(&script, INSERT).map_err(failed)?;
        let transactions = each(self.expected, seconds, self.clients);
        let arguments = [
            "--no-vacuum".to_owned(),
            "--protocol=prepared".to_owned(),
            format!("--file={}", script.display()),
            format!("--client={}", self.clients),
            format!("--jobs={}", self.clients.min(2)),
            format!("--transactions={transactions:.0}"),
            "--log".to_owned(),
            format!("--log-prefix={}", folder.path().join("log").display()),
            "--define=type=declaration.made".to_owned(),
            format!("--define=data={}", self.payload),
            format!("--define=meta={META}"),
            self.url.clone(),
        ];
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        run::captured(run::program(&self.program, &arguments))?;
        let figure = figure(&logged(folder.path())?, self.clients)?;
        self.expected = Some(figure.per_second);
        Ok(figure)
    }
}

/// Transactions of each client that take about so many seconds.
fn each(expected: Option<f64>, seconds: f64, clients: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred clients")]
    let clients = clients as f64;
    expected.map_or(FIRST, |rate| (rate * seconds / clients).round().max(LEAST))
}

/// What pgbench wrote into its log files, one for each of its threads.
fn logged(folder: &Path) -> Outcome<String> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", folder.display()));
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_log = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("log"));
        if is_log {
            text.push_str(&std::fs::read_to_string(&path).map_err(failed)?);
        }
    }
    Ok(text)
}

/// A line of the log: client, number, microseconds that it took, script, and when it was over in seconds and microseconds.
struct Transaction {
    client: usize,
    took: f64,
    end: f64,
}

fn transaction(line: &str) -> Option<Transaction> {
    let mut words = line.split(' ');
    let client = words.next()?.parse().ok()?;
    let took = words.nth(1)?.parse().ok()?;
    let seconds: f64 = words.nth(1)?.parse().ok()?;
    let micros: f64 = words.next()?.parse().ok()?;
    Some(Transaction {
        client,
        took,
        end: seconds * 1e6 + micros,
    })
}

/// Rate and waits while all clients were at work: from the moment when the last client has done its first transaction, with
/// which it reads the catalogue and makes its plan, to the moment when the first client has done all of its own.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn figure(log: &str, clients: usize) -> Outcome<Figure> {
    let transactions: Vec<_> = log.lines().filter_map(transaction).collect();
    let mut spans = vec![(f64::INFINITY, f64::NEG_INFINITY); clients];
    for transaction in &transactions {
        if let Some((first, last)) = spans.get_mut(transaction.client) {
            *first = first.min(transaction.end);
            *last = last.max(transaction.end);
        }
    }
    let begin = spans
        .iter()
        .map(|(first, _)| *first)
        .fold(f64::NEG_INFINITY, f64::max);
    let end = spans.iter().map(|(_, last)| *last).fold(f64::INFINITY, f64::min);
    let mut waits = Samples::new();
    let counted = transactions.iter().filter(|it| it.end > begin && it.end <= end);
    for transaction in counted {
        waits.add(transaction.took / 1000.0);
    }
    if waits.count() == 0 {
        return Err(Failure::new(
            "its clients were never all at work, so no rate is known",
        ));
    }
    Ok(Figure {
        per_second: waits.count() as f64 * 1e6 / (end - begin),
        p50: waits.percentile(50),
        p99: waits.percentile(99),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_counts_while_all_clients_are_at_work() {
        // Each client's first transaction is slow; client 0 is done after 5 ms, and client 1 goes on alone.
        let log = "0 1 2000 0 100 2000\n0 2 1000 0 100 3000\n0 3 1000 0 100 4000\n0 4 1000 0 100 5000\n\
                   1 1 3000 0 100 3000\n1 2 2000 0 100 5000\n1 3 2000 0 100 7000\n";
        let figure = figure(log, 2).unwrap();
        assert!((figure.per_second - 1_500.0).abs() < 1e-3, "{figure:?}");
        assert!((figure.p50 - 1.0).abs() < 1e-9 && (figure.p99 - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_log_goes_over_the_full_second() {
        let log = "0 1 500 0 100 999500\n0 2 500 0 101 0\n";
        assert!((figure(log, 1).unwrap().per_second - 2_000.0).abs() < 1e-3);
    }

    #[test]
    fn what_was_not_measured_is_no_rate() {
        assert!(figure("", 1).is_err());
        assert!(figure("no log at all\n", 1).is_err());
        // The second client did nothing, or began when the first was done.
        assert!(figure("0 1 500 0 100 1000\n0 2 500 0 100 1500\n", 2).is_err());
        assert!(figure("0 1 500 0 100 1000\n1 1 500 0 100 2000\n", 2).is_err());
    }

    #[test]
    fn as_many_transactions_are_asked_for_as_fit_into_the_time() {
        assert!((each(None, 3.0, 8) - FIRST).abs() < 1e-9);
        assert!((each(Some(8_000.0), 0.5, 8) - 500.0).abs() < 1e-9);
        assert!((each(Some(10.0), 0.1, 8) - LEAST).abs() < 1e-9);
    }
}

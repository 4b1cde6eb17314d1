//! Taking over an old register: how fast rows are committed, how soon the list has them, and in how much memory.

use serde_json::Value;

use crate::Outcome;
use crate::bench::office::{Engine, Office};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};

const ROWS: u64 = 400_000;
const QUICK_ROWS: u64 = 40_000;
const COMMIT_SECONDS: f64 = 120.0;
const CATCH_UP_SECONDS: f64 = 60.0;
const MEMORY: f64 = 256.0;

/// Full: one register of 400,000 rows on each engine. Quick: 40,000 rows in as many parts as there are rounds, the goals
/// scaled to a part.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (rows, parts) = if frame.quick {
        (QUICK_ROWS, u64::try_from(frame.rounds).unwrap_or(1))
    } else {
        (ROWS, 1)
    };
    let part = rows / parts;
    let mut offices = Vec::new();
    for engine in Engine::ALL {
        offices.push(Subject {
            office: Office::new(frame, engine, "import")?,
            next: 0,
            caught_up: Samples::new(),
            peak: 0.0,
        });
    }
    let rounds = usize::try_from(parts).unwrap_or(1);
    let committed = interleave(rounds, &mut offices, |subject| {
        let file = frame.folder.path().join("register.csv");
        register::write(&file, subject.next, subject.next + part)?;
        subject.next += part;
        let (summary, peak) = subject.office.import(&file)?;
        subject.caught_up.add(seconds(&summary, "catch_up_seconds"));
        subject.peak = subject.peak.max(peak);
        Ok(seconds(&summary, "commit_seconds"))
    })?;
    Ok(report(part, &offices, &committed))
}

struct Subject<'a> {
    office: Office<'a>,
    next: u64,
    caught_up: Samples,
    peak: f64,
}

fn seconds(summary: &Value, key: &str) -> f64 {
    summary[key].as_f64().unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
fn report(part: u64, subjects: &[Subject<'_>], committed: &[Samples]) -> Report {
    let share = part as f64 / ROWS as f64;
    let mut goals = Vec::new();
    let mut notes = Vec::new();
    for (subject, committed) in subjects.iter().zip(committed) {
        let engine = subject.office.engine.name();
        let name = |what: &str| format!("{part} rows {what}, {engine}");
        goals.push(Goal::at_most(
            name("committed"),
            COMMIT_SECONDS * share,
            committed.median(),
            "s",
        ));
        let behind = subject.caught_up.median();
        goals.push(Goal::at_most(
            name("listed after that"),
            CATCH_UP_SECONDS * share,
            behind,
            "s",
        ));
        goals.push(Goal::at_most(
            name("peak resident memory"),
            MEMORY,
            subject.peak,
            "MiB",
        ));
        notes.push(format!(
            "{engine}: {:.0} rows/s committed",
            part as f64 / committed.median()
        ));
    }
    Report::new(goals, notes)
}

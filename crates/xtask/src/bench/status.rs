//! Where ten thousand declarations stand on a day, asked at once: from the first byte of the question to the last of the answer.
//!
//! Asked by an administrator, so that names of sole traders (an eighth of the rows) are opened, compared and recorded. The public API
//! answers by the same use case, without its limits.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 20_000;
/// Rows of a question.
const ROWS: u64 = 10_000;
/// Seconds until the answer is there.
const ANSWER: f64 = 5.0;

struct Subject<'a> {
    what: &'static str,
    engine: Engine,
    served: &'a Served,
    question: Value,
    /// Rows that have to be found.
    found: usize,
}

/// Fills an office on each engine, and asks about rows from all over its register.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let declarations = if frame.quick {
        QUICK_DECLARATIONS
    } else {
        DECLARATIONS
    };
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let mut serving = Vec::new();
    for engine in Engine::ALL {
        let office = Office::new(frame, engine, "status")?;
        office.import(&file)?;
        serving.push((engine, office.serve()?));
    }
    let (by_number, named) = questions(declarations);
    let (by_corporate_number, companies) = by_corporate_number(declarations);
    let mut subjects = Vec::new();
    for (engine, served) in &serving {
        for (what, question, found) in [
            ("by number, with names and days of their own", &by_number, named),
            ("by corporate number", &by_corporate_number, companies),
        ] {
            subjects.push(Subject {
                what,
                engine: *engine,
                served,
                question: question.clone(),
                found,
            });
        }
    }
    let rounds = interleave(frame.rounds, &mut subjects, ask)?;
    report(declarations, &subjects, &rounds, &serving)
}

/// Rows from all over the register, in no order of it.
fn spread(declarations: u64) -> impl Iterator<Item = u64> {
    const STEP: u64 = 7_919;
    (0..ROWS).map(move |n| n * STEP % declarations)
}

/// Each with its name, in another spelling for some, on one of five days.
fn questions(declarations: u64) -> (Value, usize) {
    const DAYS: [&str; 5] = [
        "2026-04-01",
        "2026-06-30",
        "2025-12-31",
        "2026-10-01",
        "令和8年1月15日",
    ];
    let row = |(n, number): (usize, u64)| {
        let [number, corporate_number, name] = register::known(number);
        let name = name.replace("株式会社", "㈱");
        json!({ "number": number, "corporateNumber": corporate_number, "name": name, "date": DAYS[n % DAYS.len()] })
    };
    let rows: Vec<Value> = spread(declarations).enumerate().map(row).collect();
    let found = rows.len();
    (json!({ "rows": rows }), found)
}

/// Of sole traders, who have none, there is nothing to ask in this way.
fn by_corporate_number(declarations: u64) -> (Value, usize) {
    let numbers = spread(declarations).map(|number| register::known(number)[1].clone());
    let rows: Vec<Value> = numbers
        .map(|number| {
            if number.is_empty() {
                json!({ "number": "59990009999" })
            } else {
                json!({ "corporateNumber": number })
            }
        })
        .collect();
    let found = rows.iter().filter(|row| row.get("number").is_none()).count();
    (json!({ "date": "2026-04-01", "rows": rows }), found)
}

fn ask(subject: &mut Subject<'_>) -> Outcome<f64> {
    let start = Instant::now();
    let text = subject.served.text("/status-checks", &subject.question)?;
    let seconds = start.elapsed().as_secs_f64();
    let answer: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the answer is no JSON: {error}")))?;
    let count = |outcome: &str| answer["counts"][outcome].as_u64().unwrap_or_default();
    let found = count("valid") + count("stopped") + count("not_yet_declared");
    if usize::try_from(found).ok() != Some(subject.found) {
        return Err(Failure::new(format!(
            "{} rows are found of {}: {}",
            found, subject.found, answer["counts"]
        )));
    }
    Ok(seconds)
}

fn report(
    declarations: u64,
    subjects: &[Subject<'_>],
    rounds: &[Samples],
    serving: &[(Engine, Served)],
) -> Outcome<Report> {
    let goals = subjects.iter().zip(rounds).map(|(subject, seconds)| {
        let (what, engine) = (subject.what, subject.engine.name());
        let name = format!("{ROWS} rows of {declarations} declarations {what}, {engine}");
        Goal::at_most(name, ANSWER, seconds.median(), "s")
    });
    let ranges = subjects.iter().zip(rounds).map(|(subject, seconds)| {
        let (least, most) = seconds.range();
        format!(
            "{}, {}: {least:.2} to {most:.2} s",
            subject.what,
            subject.engine.name()
        )
    });
    let mut notes: Vec<String> = ranges.collect();
    for (engine, served) in serving {
        notes.push(format!(
            "{}: peak resident memory {:.0} MiB",
            engine.name(),
            served.process.peak_resident()?
        ));
    }
    Ok(Report::new(goals.collect(), notes))
}

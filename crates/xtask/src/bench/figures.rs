//! The figures of a day at the console's endpoint: what the page asks for, today and on earlier days, one request after the other.
//!
//! Beside it stands how long it takes until a register that was just imported is counted, and how many rows that makes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::office::{Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 40_000;
const TODAY: f64 = 150.0;
const EARLIER: f64 = 500.0;
/// Until the figures have caught up with an import.
const PATIENCE: Duration = Duration::from_mins(20);

/// What the console asks for.
const QUERY: &str = "query Figures($asOf: Date, $by: FigureSplit!, $star: Star, $origin: Provenance) { \
figures(asOf: $asOf, by: $by, star: $star, origin: $origin) { __typename ... on Figures { asOf planned state stopped replaced \
live { total one two unknown } rows { code name live { total one two unknown } } months { month declared stopped } } } }";
const SPLITS: [&str; 6] = ["MONTH", "PREFECTURE", "INDUSTRY", "SIZE_CLASS", "STAR", "ORIGIN"];
/// Ends and middles of months, from nearly nothing to nearly all.
const DAYS: [&str; 6] = [
    "2017-04-30",
    "2018-11-17",
    "2020-02-29",
    "2022-09-01",
    "2024-12-31",
    "2025-04-01",
];

struct Subject<'a> {
    what: String,
    goal: f64,
    served: &'a Served,
    bodies: Vec<Value>,
    all: Samples,
}

/// Fills an office on each engine, waits until it is counted, and asks.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let declarations = frame.declarations.unwrap_or(if frame.quick {
        QUICK_DECLARATIONS
    } else {
        DECLARATIONS
    });
    let engines = Frame::engines(declarations);
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let (mut serving, mut notes) = (Vec::new(), Vec::new());
    for engine in engines {
        let office = Office::new(frame, *engine, "figures")?;
        office.import(&file)?;
        let served = office.serve()?;
        let seconds = counted(&served, declarations)?;
        notes.push(format!(
            "{}: counted {seconds:.1} s after the start of a server on the imported register",
            engine.name()
        ));
        serving.push((engine, served));
    }
    let mut subjects = Vec::new();
    for (engine, served) in &serving {
        for (what, goal, days) in [
            ("today", TODAY, &[None][..]),
            ("an earlier day", EARLIER, &DAYS.map(Some)[..]),
        ] {
            let name = format!(
                "figures of {what}, {declarations} declarations, slowest split, {}",
                engine.name()
            );
            subjects.push(Subject {
                what: name,
                goal,
                served,
                bodies: questions(days),
                all: Samples::new(),
            });
        }
    }
    let rounds = interleave(frame.rounds, &mut subjects, |subject| {
        let mut slowest: f64 = 0.0;
        for body in &subject.bodies {
            let start = Instant::now();
            subject.served.ask(body)?;
            let millis = start.elapsed().as_secs_f64() * 1000.0;
            subject.all.add(millis);
            slowest = slowest.max(millis);
        }
        Ok(slowest)
    })?;
    let goals = subjects
        .iter()
        .zip(&rounds)
        .map(|(subject, slowest)| Goal::at_most(subject.what.clone(), subject.goal, slowest.median(), "ms"))
        .collect();
    notes.extend(subjects.iter().map(|subject| {
        let (least, most) = subject.all.range();
        format!(
            "{}: median of all {:.1} ms ({least:.1} to {most:.1})",
            subject.what,
            subject.all.median()
        )
    }));
    for (engine, served) in &serving {
        notes.push(format!(
            "{}: peak resident memory {:.0} MiB",
            engine.name(),
            served.process.peak_resident()?
        ));
    }
    Ok(Report::new(goals, notes))
}

fn questions(days: &[Option<&str>]) -> Vec<Value> {
    let question = |day: Option<&str>, by: &str| json!({ "query": QUERY, "operationName": "Figures", "variables": { "asOf": day, "by": by } });
    days.iter()
        .flat_map(|day| SPLITS.map(|by| question(*day, by)))
        .collect()
}

/// Seconds until every declaration is in the figures.
pub(super) fn counted(served: &Served, declarations: u64) -> Outcome<f64> {
    let start = Instant::now();
    let question = &questions(&[None])[1];
    loop {
        let figures = &served.ask(question)?["figures"];
        let all = figures["live"]["total"].as_u64().unwrap_or(0)
            + figures["stopped"].as_u64().unwrap_or(0)
            + figures["replaced"].as_u64().unwrap_or(0);
        if all == declarations {
            return Ok(start.elapsed().as_secs_f64());
        }
        if start.elapsed() > PATIENCE {
            return Err(Failure::new(format!(
                "only {all} of {declarations} declarations are counted: {figures}"
            )));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

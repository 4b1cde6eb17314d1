//! Changing many records at once: how long ten thousand take, and what whoever reads the list meanwhile notices of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::Samples;
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 20_000;
/// Numbers that begin so are ten thousand; with one more digit, a tenth of them.
const PREFIX: &str = "4700000";
const QUICK_PREFIX: &str = "47000000";
const SECONDS: f64 = 60.0;
const P95: f64 = 200.0;
/// Pages that are asked for between two looks at how far it is.
const REQUESTS: usize = 40;
/// Longer than any run that is worth waiting for.
const GIVE_UP: Duration = Duration::from_mins(15);

const FREEZE: &str = "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { __typename \
... on BulkChangeFrozen { id } ... on InvalidInput { problems { code message } } } }";
const START: &str =
    "mutation($input: BulkChangeCommandInput!) { startBulkChange(input: $input) { __typename } }";
const LOOK: &str = "query($id: ID!) { bulkChange(id: $id) { count \
trial { state done counts { outcome count } } run { state done counts { outcome count } } } }";
const PAGE: &str = "query($sort: DeclarationSort) { declarations(sort: $sort, first: 50) { __typename \
... on DeclarationConnection { nodes { id number star state declaredOn city flags changedAt prefecture { code name } } \
total { count kind } position } } }";

/// What one engine took.
struct Took {
    engine: Engine,
    count: f64,
    freeze: f64,
    trial: f64,
    run: f64,
    pages: Samples,
}

/// Fills an office on each engine, changes many records in it, and reads the list while that goes on.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (declarations, prefix, share) = if frame.quick {
        (QUICK_DECLARATIONS, QUICK_PREFIX, 0.1)
    } else {
        (DECLARATIONS, PREFIX, 1.0)
    };
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let mut all = Vec::new();
    for engine in Engine::ALL {
        let office = Office::new(frame, engine, "bulk")?;
        office.import(&file)?;
        all.push(change(&office.serve()?, engine, prefix)?);
    }
    Ok(report(declarations, share, &all))
}

fn report(declarations: u64, share: f64, all: &[Took]) -> Report {
    let (mut goals, mut notes) = (Vec::new(), Vec::new());
    for took in all {
        let engine = took.engine.name();
        goals.push(Goal::at_most(
            format!("{:.0} of {declarations} records changed, {engine}", took.count),
            SECONDS * share,
            took.run,
            "s",
        ));
        goals.push(Goal::at_most(
            format!("list page meanwhile, p95 at {CONNECTIONS} connections, {engine}"),
            P95,
            took.pages.percentile(95),
            "ms",
        ));
        notes.push(format!(
            "{engine}: chosen in {:.1} s, tried out in {:.1} s, changed at {:.0} records/s; pages meanwhile p50 {:.1} ms, p99 {:.1} ms",
            took.freeze,
            took.trial,
            took.count / took.run,
            took.pages.median(),
            took.pages.percentile(99)
        ));
    }
    Report::new(goals, notes)
}

fn change(served: &Served, engine: Engine, prefix: &str) -> Outcome<Took> {
    let begun = Instant::now();
    let input = json!({
        "commandId": uuid(1),
        "selection": { "matching": { "search": prefix } },
        "change": { "correct": { "fields": [{ "field": "CITY", "value": "新みほん市" }], "since": "2026-04-01", "reason": "市町村合併" } },
    });
    let answer = served.ask(&json!({ "query": FREEZE, "variables": { "input": input } }))?;
    let id = answer["freezeBulkChange"]["id"].clone();
    if !id.is_string() {
        return Err(Failure::new(format!("nothing was chosen: {answer}")));
    }
    let freeze = begun.elapsed().as_secs_f64();
    let trial = Instant::now();
    until(served, &id, "trial", || {
        std::thread::sleep(Duration::from_millis(50));
        Ok(())
    })?;
    let trial = trial.elapsed().as_secs_f64();
    let run = Instant::now();
    let input = json!({ "commandId": uuid(2), "id": id });
    let started = served.ask(&json!({ "query": START, "variables": { "input": input } }))?;
    if started["startBulkChange"]["__typename"] != "BulkChangeTouched" {
        return Err(Failure::new(format!("it did not begin: {started}")));
    }
    let mut pages = Samples::new();
    let bodies: Vec<String> = [
        "DECLARED_ON_DESC",
        "NUMBER_ASC",
        "CHANGED_DESC",
        "DECLARED_ON_ASC",
    ]
    .map(|sort| json!({ "query": PAGE, "variables": { "sort": sort } }).to_string())
    .to_vec();
    let done = until(served, &id, "run", || {
        let load = Load {
            url: served.url.clone(),
            headers: served.headers.clone(),
            bodies: bodies.clone(),
        };
        pages.extend(&load.run(REQUESTS)?);
        Ok(())
    })?;
    let run = run.elapsed().as_secs_f64();
    let counts = done["run"]["counts"].as_array().into_iter().flatten();
    let changed = counts
        .filter(|it| it["outcome"] == "CHANGED")
        .find_map(|it| it["count"].as_f64());
    let count = done["count"].as_f64();
    match (changed, count) {
        (Some(changed), Some(count)) if changed > 0.9 * count => Ok(Took {
            engine,
            count: changed,
            freeze,
            trial,
            run,
            pages,
        }),
        _ => Err(Failure::new(format!("too few records were changed: {done}"))),
    }
}

/// Waits until a pass is done; does something between two looks.
fn until(
    served: &Served,
    id: &Value,
    pass: &str,
    mut between: impl FnMut() -> Outcome<()>,
) -> Outcome<Value> {
    let begun = Instant::now();
    loop {
        between()?;
        let answer = served.ask(&json!({ "query": LOOK, "variables": { "id": id } }))?;
        let found = &answer["bulkChange"];
        match found[pass]["state"].as_str() {
            Some("DONE") => return Ok(found.clone()),
            Some("READY" | "RUNNING") if begun.elapsed() < GIVE_UP => {}
            _ => return Err(Failure::new(format!("it did not come to an end: {found}"))),
        }
    }
}

/// Of a command; each office is new.
fn uuid(number: u32) -> String {
    format!("019a0000-0000-7000-8000-{number:012}")
}

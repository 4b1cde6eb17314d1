//! The record of reads: what it costs a list page (T53), and how long it takes to say whose data an account could have seen (T57).
//!
//! Pages are asked for by an administrator, whose reads of names are recorded. What recording costs by itself is measured by the same
//! recorder in a program of its own, as many answers a second with as many names each: the goal is their share of the pages' time.
//! Beside it stand the same pages for a viewer, from whom names are withheld: for them nobody opens the names either.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::load::Load;
use crate::bench::log::program;
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};
use crate::{Failure, Outcome, run as command};

/// The program that measures recording by itself.
const RECORDER: &str = "record_reads";
const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 10_000;
const REQUESTS: usize = 10_000;
const QUICK_REQUESTS: usize = 1_000;
/// Pages that are asked for in turn.
const PAGES: usize = 20;
/// Records of one request that looks at details.
const AT_ONCE: usize = 10;
/// CPU time of pages with their reads recorded, against the same without recording them.
const OVERHEAD: f64 = 1.05;
/// Seconds until it is known whose data an account could have seen.
const ANSWER: f64 = 60.0;

const LIST: &str = "query($after: String) { declarations(sort: NUMBER_ASC, first: 50, after: $after) { __typename \
... on DeclarationConnection { nodes { id number star state declaredOn entityType name { __typename \
... on OrganizationName { name kana } ... on PersonName { name kana } ... on Withheld { permission again: permission } } tradeName corporateNumber \
prefecture { code name } city flags changedAt } pageInfo { hasNextPage endCursor } } } }";

/// Asks for the list as somebody.
struct Reader<'a> {
    served: &'a Served,
    bodies: Vec<String>,
    /// Seconds of the database's processes.
    database: Samples,
    /// Pages a second.
    rate: Samples,
}

/// Fills an office on each engine, reads in it, and asks who read what.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (declarations, requests) = if frame.quick {
        (QUICK_DECLARATIONS, QUICK_REQUESTS)
    } else {
        (DECLARATIONS, REQUESTS)
    };
    build()?;
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let (mut goals, mut notes) = (Vec::new(), Vec::new());
    for engine in Engine::ALL {
        let office = Office::new(frame, engine, "audit")?;
        office.import(&file)?;
        let administrator = office.serve()?;
        let viewer = office.member(&administrator, "viewer")?;
        let (ids, pages) = walk(&administrator)?;
        let pages = &pages[..PAGES.min(pages.len())];
        let readers = [&administrator, &viewer];
        let (cost, said) = overhead(&office, readers, pages, requests / frame.rounds)?;
        goals.push(cost);
        notes.extend(said);
        look_at_all(&administrator, &ids)?;
        exposure(&administrator, engine, declarations, &mut goals, &mut notes)?;
    }
    Ok(Report::new(goals, notes))
}

/// A page of the list.
struct Page {
    body: String,
    /// Names of persons that it shows.
    names: usize,
}

/// Every page of the list, and the ids of all declarations.
fn walk(served: &Served) -> Outcome<(Vec<String>, Vec<Page>)> {
    let (mut ids, mut pages, mut after) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page = json!({ "query": LIST, "variables": { "after": after } });
        let answer = served.ask(&page)?;
        let nodes = || answer["declarations"]["nodes"].as_array().into_iter().flatten();
        ids.extend(nodes().filter_map(|node| node["id"].as_str().map(str::to_owned)));
        let is_person = |node: &&Value| node["name"]["__typename"] == "PersonName";
        pages.push(Page {
            body: page.to_string(),
            names: nodes().filter(is_person).count(),
        });
        let info = &answer["declarations"]["pageInfo"];
        if info["hasNextPage"] != true {
            return Ok((ids, pages));
        }
        after = info["endCursor"].clone();
    }
}

fn overhead(
    office: &Office<'_>,
    [administrator, viewer]: [&Served; 2],
    pages: &[Page],
    requests: usize,
) -> Outcome<(Goal, [String; 3])> {
    let rounds = office.frame.rounds;
    let reader = |served| Reader {
        served,
        bodies: pages.iter().map(|page| page.body.clone()).collect(),
        database: Samples::new(),
        rate: Samples::new(),
    };
    let mut readers = [reader(administrator), reader(viewer)];
    let seconds = interleave(rounds, &mut readers, |reader| {
        let before = office.cpu_seconds(&administrator.process)?;
        let load = Load {
            url: reader.served.url.clone(),
            headers: reader.served.headers.clone(),
            bodies: reader.bodies.clone(),
        };
        let start = Instant::now();
        load.run(requests)?;
        reader.rate.add(count(requests) / start.elapsed().as_secs_f64());
        let after = office.cpu_seconds(&administrator.process)?;
        reader.database.add(after[1] - before[1]);
        Ok(after.iter().sum::<f64>() - before.iter().sum::<f64>())
    })?;
    let names = pages.iter().map(|page| page.names).sum::<usize>() / pages.len().max(1);
    let alone = recording(office, requests, names.max(1), readers[0].rate.median())?;
    let name = office.engine.name();
    let [recorded, withheld] = [seconds[0].median(), seconds[1].median()];
    let goal = Goal::at_most(
        format!(
            "CPU time of {} list pages with reads recorded, against the same without, {name}",
            requests * rounds
        ),
        OVERHEAD,
        recorded / (recorded - alone),
        "×",
    );
    let of = |what: &str, place: usize| {
        let (all, database) = (&seconds[place], readers[place].database.median());
        let (least, most) = all.range();
        let median = all.median();
        format!(
            "{what}, {name}: {median:.2} s of CPU for {requests} pages ({least:.2} to {most:.2}), the database's processes {database:.2} s of it"
        )
    };
    let alone = format!(
        "recording alone, {name}: {alone:.2} s of CPU for {requests} answers with {names} names, {:.0} a second; against withheld names, which nobody opens, pages cost {:.2} ×",
        readers[0].rate.median(),
        recorded / withheld
    );
    Ok((goal, [of("reads recorded", 0), of("names withheld", 1), alone]))
}

/// Seconds of CPU time that it takes to record answers, of the recorder and of the database's processes.
fn recording(office: &Office<'_>, answers: usize, names: usize, rate: f64) -> Outcome<f64> {
    let mut all = Samples::new();
    let words = [
        office.database(),
        answers.to_string(),
        names.to_string(),
        rate.to_string(),
        office
            .database_processes()
            .unwrap_or_else(|| "no database of its own".to_owned()),
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    for _ in 0..office.frame.rounds {
        let printed = command::captured(command::program(program(RECORDER), &words))?;
        let figures: Value =
            serde_json::from_slice(&printed).map_err(|error| Failure::new(format!("{RECORDER}: {error}")))?;
        let of = |what: &str| figures[what].as_f64().unwrap_or_default();
        all.add(of("cpu") + of("database"));
    }
    Ok(all.median())
}

fn build() -> Outcome<()> {
    // Of the whole workspace, because cargo would compile the libraries anew for a part of it.
    let arguments = ["build", "--release", "--workspace", "--example", RECORDER];
    if command::hidden(command::cargo(&arguments))?.succeeded {
        return Ok(());
    }
    Err(Failure::new("the measuring program does not compile, see above"))
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn count(number: usize) -> f64 {
    number as f64
}

/// Looks at the contact of every declaration, as an account would that takes them all.
fn look_at_all(served: &Served, ids: &[String]) -> Outcome<()> {
    let fields = (0..AT_ONCE).map(|n| {
        format!("d{n}: declaration(id: $d{n}) {{ ... on Declaration {{ contact {{ ... on Contact {{ name {{ typed }} }} }} }} }}")
    });
    let variables = (0..AT_ONCE).map(|n| format!("$d{n}: ID!"));
    let query = format!(
        "query Details({}) {{ {} }}",
        variables.collect::<Vec<_>>().join(", "),
        fields.collect::<Vec<_>>().join(" ")
    );
    let bodies = ids.chunks(AT_ONCE).map(|chunk| {
        // The last request asks for one of them more than once.
        let id = |n: usize| chunk[n.min(chunk.len() - 1)].clone();
        let variables: serde_json::Map<_, _> = (0..AT_ONCE)
            .map(|n| (format!("d{n}"), Value::from(id(n))))
            .collect();
        json!({ "query": query, "operationName": "Details", "variables": variables }).to_string()
    });
    let bodies: Vec<_> = bodies.collect();
    let requests = bodies.len();
    let load = Load {
        url: served.url.clone(),
        headers: served.headers.clone(),
        bodies,
    };
    load.run(requests).map(drop)
}

fn exposure(
    served: &Served,
    engine: Engine,
    declarations: u64,
    goals: &mut Vec<Goal>,
    notes: &mut Vec<String>,
) -> Outcome<()> {
    let me = served.ask(&json!({ "query": "{ session { staff { id } } }" }))?;
    let asked = json!({ "staff": me["session"]["staff"]["id"], "since": "2000-01-01T00:00:00Z", "until": "2200-01-01T00:00:00Z" });
    let query = "query($staff: ID!, $since: DateTime!, $until: DateTime!) { exposure(staff: $staff, since: $since, until: $until) { \
                 ... on Exposure { declarations } } }";
    let mut seconds = Samples::new();
    for _ in 0..3 {
        let start = Instant::now();
        let answer = served.ask(&json!({ "query": query, "variables": asked }))?;
        seconds.add(start.elapsed().as_secs_f64());
        if answer["exposure"]["declarations"].as_u64() != Some(declarations) {
            return Err(Failure::new(format!("not all that was seen is named: {answer}")));
        }
    }
    let fresh = served.signed_in_anew()?;
    let start = Instant::now();
    let sheet = fresh.text("/exports/exposure.csv", &asked)?;
    let sheet_seconds = start.elapsed().as_secs_f64();
    let lines = sheet.lines().count() as u64 - 1;
    if lines != declarations {
        return Err(Failure::new(format!("the sheet has {lines} lines")));
    }
    let name = engine.name();
    goals.push(Goal::at_most(
        format!("whose of {declarations} declarations an account could have seen, {name}"),
        ANSWER,
        seconds.median(),
        "s",
    ));
    goals.push(Goal::at_most(
        format!("the same as a sheet with every number and name, {name}"),
        ANSWER,
        sheet_seconds,
        "s",
    ));
    notes.push(format!("the sheet, {name}: {} MB", sheet.len() / 1_000_000));
    Ok(())
}

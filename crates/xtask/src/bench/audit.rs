//! The record of reads: what it costs a list page (T53), and how long it takes to say whose data an account could have seen (T57).
//!
//! The same pages are asked for by an administrator, whose reads of names are recorded, and by a viewer, from whom names are withheld
//! and who gets as many other fields instead. What is not the same counts as recording: the opening of the names.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::load::Load;
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 10_000;
const REQUESTS: usize = 10_000;
const QUICK_REQUESTS: usize = 1_000;
/// Pages that are asked for in turn.
const PAGES: usize = 20;
/// Records of one request that looks at details.
const AT_ONCE: usize = 10;
/// CPU time of pages with their reads recorded, against pages without.
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
}

/// Fills an office on each engine, reads in it, and asks who read what.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (declarations, requests) = if frame.quick {
        (QUICK_DECLARATIONS, QUICK_REQUESTS)
    } else {
        (DECLARATIONS, REQUESTS)
    };
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
        let (cost, said) = overhead(&office, [&administrator, &viewer], pages, requests / frame.rounds)?;
        goals.push(cost);
        notes.extend(said);
        look_at_all(&administrator, &ids)?;
        exposure(&administrator, engine, declarations, &mut goals, &mut notes)?;
    }
    Ok(Report::new(goals, notes))
}

/// Every page of the list: the ids of all declarations, and the requests.
fn walk(served: &Served) -> Outcome<(Vec<String>, Vec<String>)> {
    let (mut ids, mut pages, mut after) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page = json!({ "query": LIST, "variables": { "after": after } });
        let answer = served.ask(&page)?;
        let nodes = answer["declarations"]["nodes"].as_array().into_iter().flatten();
        ids.extend(nodes.filter_map(|node| node["id"].as_str().map(str::to_owned)));
        pages.push(page.to_string());
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
    pages: &[String],
    requests: usize,
) -> Outcome<(Goal, [String; 2])> {
    let rounds = office.frame.rounds;
    let reader = |served| Reader {
        served,
        bodies: pages.to_vec(),
        database: Samples::new(),
    };
    let mut readers = [reader(administrator), reader(viewer)];
    let seconds = interleave(rounds, &mut readers, |reader| {
        let before = office.cpu_seconds(&administrator.process)?;
        let load = Load {
            url: reader.served.url.clone(),
            headers: reader.served.headers.clone(),
            bodies: reader.bodies.clone(),
        };
        load.run(requests)?;
        let after = office.cpu_seconds(&administrator.process)?;
        reader.database.add(after[1] - before[1]);
        Ok(after.iter().sum::<f64>() - before.iter().sum::<f64>())
    })?;
    let name = office.engine.name();
    let goal = Goal::at_most(
        format!(
            "CPU time of {} list pages with reads recorded, against withheld, {name}",
            requests * rounds
        ),
        OVERHEAD,
        seconds[0].median() / seconds[1].median(),
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
    Ok((goal, [of("reads recorded", 0), of("names withheld", 1)]))
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

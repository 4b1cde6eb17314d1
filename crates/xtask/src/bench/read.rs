//! Reading the register at the console's endpoint: list pages, filtered pages and name searches, p95 at 8 connections.

use serde_json::{Value, json};

use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 40_000;
const REQUESTS: usize = 1_000;
const QUICK_REQUESTS: usize = 200;
const P95: f64 = 50.0;

/// What the console's list asks for.
const QUERY: &str = "query($filter: DeclarationFilter, $search: String, $sort: DeclarationSort, $after: String) { \
declarations(filter: $filter, search: $search, sort: $sort, first: 50, after: $after) { __typename \
... on DeclarationConnection { nodes { id number star state declaredOn entityType name { __typename \
... on OrganizationName { name kana } ... on PersonName { name kana } } tradeName corporateNumber \
prefecture { code name } city flags changedAt matched { field text start length reading } } \
pageInfo { hasNextPage endCursor } total { count kind } facets { stars { star count } states { state count } \
prefectures { prefecture { code name } count } flags { flag count } } position } } }";

/// Words of two characters and more, in other spellings than the register's, numbers whole and in part.
const SEARCHES: [&str; 20] = [
    "みほん",
    "ミホン",
    "高嶋",
    "山崎",
    "株式会社若葉",
    "㈱若葉",
    "会計",
    "印刷",
    "シラトリ",
    "浜田",
    "徳永川",
    "47000012345",
    "4700001",
    "未来",
    "酒造",
    "ﾎｸﾄ",
    "ソフトウエア",
    "あおば 工務店",
    "佐藤",
    "ない名前",
];

struct Subject<'a> {
    what: &'static str,
    engine: Engine,
    served: &'a Served,
    bodies: Vec<String>,
    all: Samples,
}

/// Fills an office on each engine, serves both, and asks them in turn.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (declarations, requests) = if frame.quick {
        (QUICK_DECLARATIONS, QUICK_REQUESTS)
    } else {
        (DECLARATIONS, REQUESTS)
    };
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let mut serving = Vec::new();
    for engine in Engine::ALL {
        let office = Office::new(frame, engine, "read")?;
        office.import(&file)?;
        serving.push((engine, office.serve()?));
    }
    let mut subjects = Vec::new();
    for (engine, served) in &serving {
        for (what, mix) in [
            ("list page", pages(served)?),
            ("filtered page", filters()),
            ("name search", searches()),
        ] {
            let bodies = mix.iter().map(Value::to_string).collect();
            subjects.push(Subject {
                what,
                engine: *engine,
                served,
                bodies,
                all: Samples::new(),
            });
        }
    }
    let rounds = interleave(frame.rounds, &mut subjects, |subject| {
        let load = Load {
            url: subject.served.url.clone(),
            headers: subject.served.headers.clone(),
            bodies: subject.bodies.clone(),
        };
        let samples = load.run(requests)?;
        subject.all.extend(&samples);
        Ok(samples.percentile(95))
    })?;
    report(declarations, &subjects, &rounds, &serving)
}

fn report(
    declarations: u64,
    subjects: &[Subject<'_>],
    rounds: &[Samples],
    serving: &[(Engine, Served)],
) -> Outcome<Report> {
    let goals = subjects
        .iter()
        .zip(rounds)
        .map(|(subject, p95)| {
            let name = format!(
                "{} of {declarations}, p95 at {CONNECTIONS} connections, {}",
                subject.what,
                subject.engine.name()
            );
            Goal::at_most(name, P95, p95.median(), "ms")
        })
        .collect();
    let mut notes: Vec<String> = subjects
        .iter()
        .map(|subject| {
            let (all, what, engine) = (&subject.all, subject.what, subject.engine.name());
            format!(
                "{what}, {engine}: p50 {:.1} ms, p99 {:.1} ms",
                all.median(),
                all.percentile(99)
            )
        })
        .collect();
    for (engine, served) in serving {
        notes.push(format!(
            "{}: peak resident memory {:.0} MiB",
            engine.name(),
            served.process.peak_resident()?
        ));
    }
    Ok(Report::new(goals, notes))
}

fn body(variables: &Value) -> Value {
    json!({ "query": QUERY, "variables": variables })
}

/// The first five pages of the whole register in each order.
fn pages(served: &Served) -> Outcome<Vec<Value>> {
    const EACH: usize = 5;
    let mut pages = Vec::new();
    for sort in [
        "DECLARED_ON_DESC",
        "DECLARED_ON_ASC",
        "NUMBER_ASC",
        "CHANGED_DESC",
    ] {
        let mut after = Value::Null;
        for _ in 0..EACH {
            let page = body(&json!({ "sort": sort, "after": after }));
            after = served.ask(&page)?["declarations"]["pageInfo"]["endCursor"].take();
            if after.is_null() {
                return Err(Failure::new(format!(
                    "the list in the order {sort} ends too soon"
                )));
            }
            pages.push(page);
        }
    }
    Ok(pages)
}

/// Every dimension alone and together.
fn filters() -> Vec<Value> {
    let narrow = [
        json!({ "stars": ["TWO"] }),
        json!({ "states": ["STOPPED"] }),
        json!({ "prefectures": ["47"] }),
        json!({ "prefectures": ["13"] }),
        json!({ "flags": ["INDUSTRY_UNKNOWN"] }),
        json!({ "flags": ["POLICY_NOT_URL"] }),
        json!({ "stars": ["TWO"], "states": ["STOPPED"], "prefectures": ["01"] }),
        json!({ "stars": ["ONE"], "states": ["ACTIVE"] }),
        json!({ "prefectures": ["13", "27", "40"], "flags": ["INDUSTRY_UNKNOWN"] }),
        json!({ "states": ["STOPPED"], "flags": ["INDUSTRY_UNKNOWN"] }),
    ];
    let sorts = ["DECLARED_ON_DESC", "NUMBER_ASC"];
    (0..20)
        .map(|number| {
            body(&json!({ "filter": narrow[number % narrow.len()], "sort": sorts[number / narrow.len()] }))
        })
        .collect()
}

fn searches() -> Vec<Value> {
    SEARCHES
        .iter()
        .map(|search| body(&json!({ "search": search })))
        .collect()
}

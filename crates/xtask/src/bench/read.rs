//! Reading the register at the console's endpoint: list pages, filtered pages, searches, records, and the counts beside filters, p95
//! at 8 connections; and list pages against the same rows as plain JSON.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::plain::{self, Compared};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::bench::{Frame, figures, register};
use crate::{Failure, Outcome, say};

const DECLARATIONS: u64 = 400_000;
/// The number of small businesses in the country, on PostgreSQL alone.
const COUNTRY: u64 = 3_400_000;
const QUICK_DECLARATIONS: u64 = 40_000;
const REQUESTS: usize = 1_000;
const QUICK_REQUESTS: usize = 200;
const P95: f64 = 50.0;
/// Of the counts beside the choices of a filter.
const P95_FACETS: f64 = 150.0;

/// What the console's list asks for.
const QUERY: &str = "query($filter: DeclarationFilter, $search: String, $sort: DeclarationSort, $after: String) { \
declarations(filter: $filter, search: $search, sort: $sort, first: 50, after: $after) { __typename \
... on DeclarationConnection { nodes { id number star state declaredOn entityType name { __typename \
... on OrganizationName { name kana } ... on PersonName { name kana } } tradeName corporateNumber \
prefecture { code name } city flags changedAt matched { field text start length reading } } \
pageInfo { hasNextPage endCursor } total { count kind } position } } }";

/// What the console asks for beside it.
const FACETS: &str = "query($filter: DeclarationFilter, $search: String) { \
declarations(filter: $filter, search: $search, first: 1) { __typename ... on DeclarationConnection { facets { \
stars { star count } states { state count } prefectures { prefecture { code } count } flags { flag count } \
industries { industry { code } count } sizes { size count } pledges { pledge count } \
provenances { provenance count } published { published count } policies { policy count } \
contacts { contact count } estimated } } } }";

/// One record with its history.
const DETAIL: &str = "query($id: ID!) { declaration(id: $id) { __typename ... on Declaration { id number state flags \
name { __typename ... on OrganizationName { name kana } ... on PersonName { name kana } } city { typed } \
history { kind position recordedAt } } } }";

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
    most: f64,
    engine: Engine,
    served: &'a Served,
    bodies: Vec<String>,
    all: Samples,
}

/// Of each subject so many questions are named.
const SLOWEST: usize = 4;

impl Subject<'_> {
    /// The questions that take longest when nothing else is asked, each with the median of three answers: a percentile does not say
    /// whether all are slow or one is.
    fn slowest(&self) -> Outcome<Vec<String>> {
        let asker = self.served.asker()?;
        let mut alone = Vec::new();
        for body in &self.bodies {
            let body: Value = serde_json::from_str(body)
                .map_err(|error| Failure::new(format!("a question cannot be read back: {error}")))?;
            let mut times = Samples::new();
            for _ in 0..3 {
                let start = Instant::now();
                asker.ask(&body)?;
                times.add_millis(start.elapsed());
            }
            alone.push((times.median(), body));
        }
        alone.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let name = |(median, body): &(f64, Value)| {
            format!(
                "{}, {}, alone: {median:.1} ms for {}",
                self.what,
                self.engine.name(),
                body["variables"]
            )
        };
        Ok(alone.iter().take(SLOWEST).map(name).collect())
    }
}

/// Fills an office on each engine, serves both, and asks them in turn; then one as large as the country, on PostgreSQL.
pub fn run(frame: &Frame) -> Outcome<Report> {
    plain::build()?;
    if frame.quick {
        return measure(frame, &Engine::ALL, QUICK_DECLARATIONS, QUICK_REQUESTS);
    }
    if let Some(declarations) = frame.declarations {
        return measure(frame, Frame::engines(declarations), declarations, REQUESTS);
    }
    let mut report = measure(frame, &Engine::ALL, DECLARATIONS, REQUESTS)?;
    let country = match measure(frame, &[Engine::Postgres], COUNTRY, REQUESTS) {
        Ok(country) => country,
        Err(failure) => {
            // What took so long to measure is not lost with what comes after it.
            say(report.table());
            return Err(failure);
        }
    };
    report.goals.extend(country.goals);
    report.notes.extend(country.notes);
    Ok(report)
}

fn measure(frame: &Frame, engines: &[Engine], declarations: u64, requests: usize) -> Outcome<Report> {
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let mut serving = Vec::new();
    let mut offices = Vec::new();
    for engine in engines {
        let office = Office::new(frame, *engine, &format!("read_{declarations}"))?;
        office.import(&file)?;
        let served = office.serve()?;
        // What a server does once after a register was taken over is not what is measured.
        figures::counted(&served, declarations)?;
        serving.push((*engine, served));
        offices.push(office);
    }
    let mut subjects = subjects(&serving)?;
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
    let mut report = report(declarations, &subjects, &rounds, &serving)?;
    if !frame.quick {
        for subject in &subjects {
            report.notes.extend(subject.slowest()?);
        }
    }
    // Not before: it is one more process on this machine.
    let mut compared = Vec::new();
    for (office, (_, served)) in offices.iter().zip(&serving) {
        let bodies = pages(served)?.iter().map(Value::to_string).collect();
        compared.push(Compared::new(office, served, bodies)?);
    }
    for (goal, note) in plain::run(frame, &compared, declarations, requests)? {
        report.goals.push(goal);
        report.notes.push(note);
    }
    Ok(report)
}

fn subjects(serving: &[(Engine, Served)]) -> Outcome<Vec<Subject<'_>>> {
    let mut subjects = Vec::new();
    for (engine, served) in serving {
        for (what, most, mix) in [
            ("list page", P95, pages(served)?),
            ("filtered page", P95, filters()),
            ("page of days and cities", P95, spans()),
            ("name search", P95, searches()),
            ("search within a filter", P95, filtered_searches()),
            ("record", P95, records(served)?),
            ("counts beside a filter", P95_FACETS, facets()),
        ] {
            let bodies = mix.iter().map(Value::to_string).collect();
            subjects.push(Subject {
                what,
                most,
                engine: *engine,
                served,
                bodies,
                all: Samples::new(),
            });
        }
    }
    Ok(subjects)
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
            Goal::at_most(name, subject.most, p95.median(), "ms")
        })
        .collect();
    let mut notes: Vec<String> = subjects
        .iter()
        .map(|subject| {
            let (all, what, engine) = (&subject.all, subject.what, subject.engine.name());
            format!(
                "{what} of {declarations}, {engine}: p50 {:.1} ms, p99 {:.1} ms",
                all.median(),
                all.percentile(99)
            )
        })
        .collect();
    for (engine, served) in serving {
        notes.push(format!(
            "{} with {declarations}: peak resident memory {:.0} MiB",
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

/// Every dimension alone, and pairs as staff ask for them.
fn narrow() -> Vec<Value> {
    vec![
        json!({ "stars": ["TWO"] }),
        json!({ "states": ["STOPPED"] }),
        json!({ "prefectures": ["47"] }),
        json!({ "prefectures": ["13"] }),
        json!({ "flags": ["INDUSTRY_UNKNOWN"] }),
        json!({ "flags": ["POLICY_NOT_URL"] }),
        json!({ "industries": ["E"] }),
        json!({ "sizes": ["MICRO"] }),
        json!({ "pledges": ["UNKNOWN"] }),
        json!({ "provenances": ["IMPORT"] }),
        json!({ "published": false }),
        json!({ "policies": ["WEB"] }),
        json!({ "contacts": ["NONE"] }),
        json!({ "stars": ["TWO"], "states": ["STOPPED"], "prefectures": ["01"] }),
        json!({ "stars": ["ONE"], "states": ["ACTIVE"] }),
        json!({ "prefectures": ["13", "27", "40"], "flags": ["INDUSTRY_UNKNOWN"] }),
        json!({ "states": ["STOPPED"], "flags": ["INDUSTRY_UNKNOWN"] }),
        json!({ "states": ["ACTIVE"], "prefectures": ["13"], "industries": ["E"], "sizes": ["SME"] }),
        json!({ "industries": ["A"], "prefectures": ["47"], "stars": ["TWO"] }),
        json!({ "published": true, "policies": ["NONE"], "sizes": ["MICRO"] }),
    ]
}

/// What is in no cell, alone and with something that is.
fn days_and_cities() -> Vec<Value> {
    vec![
        json!({ "city": "みほん市" }),
        json!({ "city": "若葉" }),
        json!({ "city": "朝日野市", "stars": ["TWO"] }),
        json!({ "city": "ない市" }),
        json!({ "declaredFrom": "2024-04-01", "declaredTo": "2024-04-30" }),
        json!({ "declaredFrom": "2020-01-01", "declaredTo": "2022-12-31" }),
        json!({ "declaredFrom": "2024-01-01", "states": ["STOPPED"] }),
        json!({ "declaredTo": "2018-12-31", "prefectures": ["47"], "stars": ["TWO"] }),
        json!({ "declaredFrom": "2023-01-01", "declaredTo": "2023-12-31", "industries": ["E"], "sizes": ["MICRO"] }),
        json!({ "changedFrom": "2020-01-01" }),
        json!({ "changedTo": "2020-01-01" }),
        json!({ "changedFrom": "2020-01-01", "city": "北斗", "states": ["ACTIVE"] }),
        json!({ "unreachable": true }),
    ]
}

fn filters() -> Vec<Value> {
    asked_in_orders(&narrow())
}

fn spans() -> Vec<Value> {
    asked_in_orders(&days_and_cities())
}

fn asked_in_orders(filters: &[Value]) -> Vec<Value> {
    let mut asked = Vec::new();
    for sort in ["DECLARED_ON_DESC", "NUMBER_ASC", "CHANGED_DESC"] {
        asked.extend(
            filters
                .iter()
                .map(|filter| body(&json!({ "filter": filter, "sort": sort }))),
        );
    }
    asked
}

fn searches() -> Vec<Value> {
    SEARCHES
        .iter()
        .map(|search| body(&json!({ "search": search })))
        .collect()
}

/// Each search within some filter.
fn filtered_searches() -> Vec<Value> {
    let filters: Vec<Value> = narrow().into_iter().chain(days_and_cities()).collect();
    let pairs = SEARCHES.iter().cycle().zip(&filters);
    pairs
        .map(|(search, filter)| body(&json!({ "search": search, "filter": filter })))
        .collect()
}

/// Counts beside each filter, and beside each search.
fn facets() -> Vec<Value> {
    let ask = |variables: Value| json!({ "query": FACETS, "variables": variables });
    let filters = narrow().into_iter().chain(days_and_cities());
    let alone = filters.map(|filter| ask(json!({ "filter": filter })));
    let searched = SEARCHES.iter().map(|search| ask(json!({ "search": search })));
    alone.chain(searched).collect()
}

/// Twenty records from all over the register.
fn records(served: &Served) -> Outcome<Vec<Value>> {
    const EACH: usize = 20;
    let mut records = Vec::new();
    for number in 0..EACH {
        let question = body(&json!({ "search": format!("4700{:07}", number * 1_777 + 3) }));
        let id = served.ask(&question)?["declarations"]["nodes"][0]["id"].take();
        if id.is_null() {
            return Err(Failure::new(
                "a record of the register is not found by its number",
            ));
        }
        records.push(json!({ "query": DETAIL, "variables": { "id": id } }));
    }
    Ok(records)
}

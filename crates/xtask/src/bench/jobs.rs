//! What runs behind the console: looking for suspicions, files that leave with the whole register, and a register that is taken over in the
//! console; how long each takes, in how much memory, and what whoever reads the list meanwhile notices of it.

use std::fs;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::Samples;
use crate::bench::{Frame, register};
use crate::{Failure, Outcome};

const DECLARATIONS: u64 = 400_000;
const QUICK_DECLARATIONS: u64 = 20_000;
/// Rows that are taken over in the console: about what 50 MB hold.
const ROWS: u64 = 100_000;
const QUICK_ROWS: u64 = 5_000;
/// The longest that somebody waits for any of it.
const SECONDS: f64 = 60.0;
/// And for a register in the console, whose rows are read twice: for the trial, and to be written.
const IMPORT_SECONDS: f64 = 120.0;
/// Of a list page meanwhile.
const P95: f64 = 200.0;
/// As the whole register under the command line has it.
const MEMORY: f64 = 512.0;
/// Pages that are asked for between two looks at how far it is.
const REQUESTS: usize = 40;
/// Longer than anything that is worth waiting for.
const GIVE_UP: Duration = Duration::from_mins(15);

const FIND: &str = "mutation($input: FindReviewsInput!) { findReviews(input: $input) { __typename } }";
const SEARCH: &str = "query { reviewSearch { jobId endedAt lookedAt found } }";
const EXPORT: &str = "mutation($input: RequestExportInput!) { requestExport(input: $input) { __typename \
... on ExportRequested { id } } }";
const EXPORTED: &str = "query($id: ID!) { export(id: $id) { summary { state file { rows size } } } }";
const MAP: &str = "mutation($input: MapImportInput!) { mapImport(input: $input) { __typename } }";
const START: &str = "mutation($input: StartImportInput!) { startImport(input: $input) { __typename } }";
const IMPORTED: &str = "query($id: ID!) { import(id: $id) { file { __typename ... on ImportFile { sheets { suggested } } } \
tried { rows } finished { accepted } trial { id state } run { state } } }";
const PAGE: &str = "query($sort: DeclarationSort) { declarations(sort: $sort, first: 50) { __typename \
... on DeclarationConnection { nodes { id number star state declaredOn city flags changedAt prefecture { code name } } \
total { count kind } position } } }";
const COLUMNS: [&str; 14] = [
    "NUMBER",
    "NAME",
    "KANA",
    "STAR",
    "STATE",
    "DECLARED_ON",
    "CORPORATE_NUMBER",
    "PREFECTURE",
    "CITY",
    "INDUSTRY",
    "CONTACT_NAME",
    "CONTACT_EMAIL",
    "CONTACT_PHONE",
    "CHANGED_AT",
];

/// One job, measured.
struct Took {
    name: String,
    limit: f64,
    seconds: f64,
    pages: Samples,
    /// The largest resident memory of the server until then, in MiB.
    peak: f64,
}

/// An office with a session that has just been opened, and how many commands it was given.
struct Desk {
    served: Served,
    commands: u32,
}

/// Fills an office on each engine, and has each job done in it.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (declarations, rows) = if frame.quick {
        (QUICK_DECLARATIONS, QUICK_ROWS)
    } else {
        (DECLARATIONS, ROWS)
    };
    let file = frame.folder.path().join("register.csv");
    register::write(&file, 0, declarations)?;
    let more = frame.folder.path().join("more.csv");
    register::write(&more, declarations, declarations + rows)?;
    let more = fs::read(&more).map_err(|error| Failure::new(format!("{}: {error}", more.display())))?;
    let (mut goals, mut notes) = (Vec::new(), Vec::new());
    for engine in Engine::ALL {
        let office = Office::new(frame, engine, "jobs")?;
        office.import(&file)?;
        let mut desk = Desk {
            served: office.serve()?,
            commands: 0,
        };
        let mut all = vec![
            desk.search("first search for suspicions")?,
            desk.search("next search for suspicions")?,
        ];
        for format in ["CSV_UTF_8", "CSV_CP_932", "XLSX"] {
            all.push(desk.export(format, declarations)?);
        }
        all.extend(desk.import(&more, rows)?);
        for took in &all {
            judge(took, engine, declarations, &mut goals, &mut notes);
        }
    }
    Ok(Report::new(goals, notes))
}

fn judge(took: &Took, engine: Engine, declarations: u64, goals: &mut Vec<Goal>, notes: &mut Vec<String>) {
    let engine = engine.name();
    let name = format!("{} among {declarations}, {engine}", took.name);
    goals.push(Goal::at_most(&name, took.limit, took.seconds, "s"));
    goals.push(Goal::at_most(
        format!("list page meanwhile, p95 at {CONNECTIONS} connections: {name}"),
        P95,
        took.pages.percentile(95),
        "ms",
    ));
    goals.push(Goal::at_most(
        format!("peak resident memory until then: {name}"),
        MEMORY,
        took.peak,
        "MiB",
    ));
    notes.push(format!(
        "{name}: pages meanwhile p50 {:.1} ms, p99 {:.1} ms",
        took.pages.median(),
        took.pages.percentile(99)
    ));
}

impl Desk {
    fn command(&mut self) -> String {
        self.commands += 1;
        format!("019a0000-0000-7000-8000-{:012}", self.commands)
    }

    fn ask(&self, query: &str, variables: &Value) -> Outcome<Value> {
        self.served
            .ask(&json!({ "query": query, "variables": variables }))
    }

    /// Does something that must answer with this type.
    fn act(&self, query: &str, field: &str, typename: &str, input: &Value) -> Outcome<Value> {
        let mut answer = self.ask(query, &json!({ "input": input }))?;
        if answer[field]["__typename"] == typename {
            return Ok(answer[field].take());
        }
        Err(Failure::new(format!("{field} answered {answer}")))
    }

    fn search(&mut self, name: &str) -> Outcome<Took> {
        let command = self.command();
        let before = self.ask(SEARCH, &json!({}))?["reviewSearch"]["endedAt"].take();
        let begun = Instant::now();
        self.act(
            FIND,
            "findReviews",
            "FindingReviews",
            &json!({ "commandId": command }),
        )?;
        let pages = self.until(|desk| {
            let found = desk.ask(SEARCH, &json!({}))?;
            Ok(found["reviewSearch"]["endedAt"] != before)
        })?;
        self.took(name.to_owned(), SECONDS, begun, pages)
    }

    fn export(&mut self, format: &str, declarations: u64) -> Outcome<Took> {
        let command = self.command();
        let input = json!({ "commandId": command, "columns": COLUMNS, "format": format, "reason": "計測" });
        let begun = Instant::now();
        let id = self.act(EXPORT, "requestExport", "ExportRequested", &input)?["id"].take();
        let mut file = Value::Null;
        let pages = self.until(|desk| {
            let mut found = desk.ask(EXPORTED, &json!({ "id": id }))?;
            let summary = &mut found["export"]["summary"];
            file = summary["file"].take();
            match summary["state"].as_str() {
                Some("MADE") => Ok(true),
                Some("MAKING") => Ok(false),
                _ => Err(Failure::new(format!("no file came of it: {summary}"))),
            }
        })?;
        if file["rows"] != declarations {
            return Err(Failure::new(format!("not everything is in the file: {file}")));
        }
        self.took(format!("export as {format}"), SECONDS, begun, pages)
    }

    /// Sends a file, tries it out, and takes it over.
    fn import(&mut self, file: &[u8], rows: u64) -> Outcome<[Took; 3]> {
        let command = self.command();
        let begun = Instant::now();
        let id = self.send(file, &command)?;
        let sent = self.took(format!("{rows} rows sent"), SECONDS, begun, self.pages()?)?;
        let mut found = self.ask(IMPORTED, &json!({ "id": id }))?;
        let places = found["import"]["file"]["sheets"][0]["suggested"].take();
        let input = json!({ "commandId": self.command(), "id": id, "sheet": 0, "places": places });
        let begun = Instant::now();
        self.act(MAP, "mapImport", "ImportTouched", &input)?;
        let pages =
            self.until(|desk| ended(&desk.ask(IMPORTED, &json!({ "id": id }))?["import"]["trial"]))?;
        let tried = self.took(format!("{rows} rows tried out"), SECONDS, begun, pages)?;
        let mut found = self.ask(IMPORTED, &json!({ "id": id }))?;
        let trial = found["import"]["trial"]["id"].take();
        let input = json!({ "commandId": self.command(), "id": id, "trialJobId": trial, "reason": "計測" });
        let begun = Instant::now();
        self.act(START, "startImport", "ImportTouched", &input)?;
        let pages = self.until(|desk| ended(&desk.ask(IMPORTED, &json!({ "id": id }))?["import"]["run"]))?;
        let written = self.took(format!("{rows} rows taken over"), IMPORT_SECONDS, begun, pages)?;
        let found = self.ask(IMPORTED, &json!({ "id": id }))?;
        if found["import"]["finished"]["accepted"] != rows {
            return Err(Failure::new(format!("not everything was taken over: {found}")));
        }
        Ok([sent, tried, written])
    }

    fn send(&self, file: &[u8], command: &str) -> Outcome<Value> {
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("the file was sent: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&error))?;
        let path = format!("/uploads/imports?command={command}");
        let request = reqwest::Client::new()
            .post(self.served.url.replace("/graphql", &path))
            .headers(self.served.headers.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
            .header("x-file-name", "register.csv")
            .body(file.to_vec());
        let answer = async { request.send().await?.json::<Value>().await };
        let mut answer = runtime.block_on(answer).map_err(|error| failed(&error))?;
        match answer["import"]["id"].take() {
            id @ Value::String(_) => Ok(id),
            _ => Err(failed(&answer)),
        }
    }

    /// Asks for pages until it is over.
    fn until(&self, mut is_over: impl FnMut(&Self) -> Outcome<bool>) -> Outcome<Samples> {
        let begun = Instant::now();
        let mut pages = Samples::new();
        loop {
            pages.extend(&self.pages()?);
            if is_over(self)? {
                return Ok(pages);
            }
            if begun.elapsed() > GIVE_UP {
                return Err(Failure::new("it did not come to an end"));
            }
        }
    }

    fn pages(&self) -> Outcome<Samples> {
        let sorts = [
            "DECLARED_ON_DESC",
            "NUMBER_ASC",
            "CHANGED_DESC",
            "DECLARED_ON_ASC",
        ];
        let body = |sort| json!({ "query": PAGE, "variables": { "sort": sort } }).to_string();
        let load = Load {
            url: self.served.url.clone(),
            headers: self.served.headers.clone(),
            bodies: sorts.map(body).to_vec(),
        };
        load.run(REQUESTS)
    }

    fn took(&self, name: String, limit: f64, begun: Instant, pages: Samples) -> Outcome<Took> {
        Ok(Took {
            name,
            limit,
            seconds: begun.elapsed().as_secs_f64(),
            pages,
            peak: self.served.process.peak_resident()?,
        })
    }
}

/// Whether a job of an import is done.
fn ended(job: &Value) -> Outcome<bool> {
    match job["state"].as_str() {
        Some("DONE") => Ok(true),
        Some("READY" | "RUNNING") => Ok(false),
        _ => Err(Failure::new(format!("it was not carried out: {job}"))),
    }
}

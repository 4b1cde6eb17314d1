//! List pages through GraphQL against the same rows as plain JSON behind the same session: how many a second each.
//!
//! The other side is a program of a few lines over the same use case (`crates/app/examples/list_as_json.rs`), beside the server and on its
//! database. It answers once without a record of whose names were read, which the console cannot do, and once with it.

use std::time::{Duration, Instant};

use crate::bench::Frame;
use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::process::Process;
use crate::bench::report::Goal;
use crate::bench::samples::{Samples, interleave};
use crate::{Failure, Outcome, repository, run as command};

const PROGRAM: &str = "list_as_json";
/// Pages a second through GraphQL, against plain JSON.
const RATE: f64 = 0.35;

/// Compiles the other side.
///
/// # Errors
/// When it does not compile.
pub fn build() -> Outcome<()> {
    // Of the whole workspace, because cargo would compile the libraries anew for a part of it.
    let arguments = ["build", "--release", "--workspace", "--example", PROGRAM];
    if command::hidden(command::cargo(&arguments))?.succeeded {
        return Ok(());
    }
    Err(Failure::new("the plain list does not compile, see above"))
}

/// One office, asked three ways.
pub struct Compared<'a> {
    engine: Engine,
    served: &'a Served,
    bodies: Vec<String>,
    address: String,
    _plain: Process,
}

struct Way<'a> {
    of: &'a Compared<'a>,
    url: String,
}

impl<'a> Compared<'a> {
    /// Starts the other side over the register of an office that is served.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn new(office: &Office<'_>, served: &'a Served, bodies: Vec<String>) -> Outcome<Self> {
        let program = repository::target().join("release/examples").join(PROGRAM);
        let key = office.key_file().display().to_string();
        let log = office.key_file().with_file_name("list_as_json.log");
        let process = Process::start(command::program(program, &[&office.database(), &key]), &log)?;
        let start = Instant::now();
        let address = loop {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            if let Some(address) = text.lines().find(|line| line.starts_with("http")) {
                break address.to_owned();
            }
            if start.elapsed() > Duration::from_mins(1) {
                return Err(Failure::new(format!("the plain list did not come up: {text}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Ok(Self {
            engine: office.engine,
            served,
            bodies,
            address,
            _plain: process,
        })
    }

    fn ways(&self) -> [Way<'_>; 3] {
        let way = |url| Way { of: self, url };
        [
            way(self.served.url.clone()),
            way(format!("{}/pages", self.address)),
            way(format!("{}/pages/recorded", self.address)),
        ]
    }
}

/// Asks all of them in turn; answers a goal and a line with the rates for each engine.
///
/// # Errors
/// When one is not answered.
pub fn run(
    frame: &Frame,
    compared: &[Compared<'_>],
    declarations: u64,
    requests: usize,
) -> Outcome<Vec<(Goal, String)>> {
    let mut ways: Vec<Way<'_>> = compared.iter().flat_map(Compared::ways).collect();
    let rates = interleave(frame.rounds, &mut ways, |way| rate(way, requests))?;
    let found = compared.iter().zip(rates.chunks(3));
    Ok(found
        .map(|(compared, rates)| judged(declarations, compared.engine, rates))
        .collect())
}

fn judged(declarations: u64, engine: Engine, rates: &[Samples]) -> (Goal, String) {
    let engine = engine.name();
    let [graphql, plain, recorded] = [0, 1, 2].map(|n| rates.get(n).map_or(f64::NAN, Samples::median));
    let goal = Goal::at_least(
        format!(
            "list pages of {declarations} through GraphQL against plain JSON that records nothing, {engine}"
        ),
        RATE,
        graphql / plain,
        "×",
    );
    let note = format!(
        "list pages of 50 rows of {declarations}, {CONNECTIONS} connections, {engine}: {graphql:.0} a second through GraphQL, {plain:.0} as plain JSON, \
         {recorded:.0} as plain JSON with its reads recorded ({:.2} × of these)",
        graphql / recorded
    );
    (goal, note)
}

/// Answers a second.
#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn rate(way: &Way<'_>, requests: usize) -> Outcome<f64> {
    let load = Load {
        url: way.url.clone(),
        headers: way.of.served.headers.clone(),
        bodies: way.of.bodies.clone(),
    };
    let start = Instant::now();
    load.run(requests)?;
    Ok(requests as f64 / start.elapsed().as_secs_f64())
}

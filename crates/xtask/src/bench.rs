//! `cargo xtask bench NAME [--quick] [--json]`: measures, and compares with the goals.
//!
//! Every bench runs its subjects in rounds, interleaved, and judges by medians, so that a slow minute of the machine hits
//! all of them alike. The program under test is the release build; PostgreSQL is a throw-away cluster with its default
//! durability. To add a bench, write `bench/NAME.rs` with `run(&Frame) -> Outcome<Report>` and name it in `Name`.

mod audit;
mod bulk;
mod figures;
mod generator;
mod import;
mod inquiry;
mod jobs;
pub mod load;
mod log;
pub mod machine;
mod mail;
mod office;
mod plain;
pub mod process;
mod read;
mod readme;
mod register;
pub mod report;
pub mod samples;
mod status;

use std::process::Command;

use crate::bench::office::Engine;
use crate::bench::report::Report;
use crate::{Failure, Outcome, repository, run, say};

/// Set for the run inside the throw-away cluster.
const INSIDE: &str = "SENGEN_TEST_BENCH_CLUSTER";

/// What PostgreSQL keeps of its pages, as docs/operations.md advises for a machine with 8 GB: its own default is for the smallest machine
/// that it starts on.
const MEMORY: &str = "2GB";

/// The command line of a bench.
#[derive(clap::Args)]
pub struct Arguments {
    /// Which bench
    name: Name,
    /// Small sizes: ends within 50 s on built binaries
    #[arg(long)]
    quick: bool,
    /// The result as JSON and nothing else on standard output
    #[arg(long)]
    json: bool,
    /// The table of a full run also into the README of the crate that is measured (only `log` has a place for it)
    #[arg(long, conflicts_with = "quick")]
    write_readme: bool,
    /// A register of this size instead of those of the goals (only `read` and `figures`; above a million on PostgreSQL alone)
    #[arg(long, conflicts_with = "quick")]
    declarations: Option<u64>,
    /// One engine alone, where both take too long (only `inquiry`)
    #[arg(long)]
    engine: Option<Engine>,
}

/// The benches there are.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    /// What the record of reads costs, and who could have been seen
    Audit,
    /// Many records changed at once, and what readers notice of it
    Bulk,
    /// The figures of a day, today and earlier
    Figures,
    /// How fast the load generator itself is
    Generator,
    /// Taking over an old register
    Import,
    /// The desk: searching among many inquiries, and a storm of mail
    Inquiry,
    /// Searches for suspicions, exports and imports of the console
    Jobs,
    /// The log against plain inserts and other event stores
    Log,
    /// Mail through the ledger into a sink on this machine
    Mail,
    /// Lists and searches at the console's endpoint
    Read,
    /// Where ten thousand declarations stand
    Status,
}

/// Registers with more than this are on PostgreSQL alone.
const SQLITE_MAX: u64 = 1_000_000;

/// What every bench is given.
pub struct Frame {
    /// Small sizes are asked for.
    pub quick: bool,
    /// Rounds to run: five, or more where a bench wants.
    pub rounds: usize,
    /// A size of the register that was asked for.
    pub declarations: Option<u64>,
    /// An engine that was asked for.
    pub engine: Option<Engine>,
    /// `postgres://…` of a throw-away cluster with its default durability.
    pub postgres: String,
    /// An empty folder that is removed afterwards.
    pub folder: tempfile::TempDir,
}

impl Frame {
    /// The engines that a register of this size is measured on.
    pub fn engines(declarations: u64) -> &'static [Engine] {
        if declarations > SQLITE_MAX {
            &[Engine::Postgres]
        } else {
            &Engine::ALL
        }
    }

    /// The release build of sengen with these arguments.
    ///
    /// # Errors
    /// When it has not been built.
    pub fn sengen(&self, arguments: &[&str]) -> Outcome<Command> {
        let binary = repository::target().join("release/sengen");
        if binary.is_file() {
            return Ok(run::program(binary, arguments));
        }
        Err(Failure::new(
            "target/release/sengen is missing: run `make build` first",
        ))
    }

    /// A program that comes with PostgreSQL's server.
    ///
    /// # Errors
    /// When the server is not installed.
    pub fn postgres_program(&self, name: &str) -> Outcome<String> {
        let folder = run::captured(run::program("scripts/postgres-bin.sh", &[]))?;
        Ok(format!("{}/{name}", String::from_utf8_lossy(&folder).trim()))
    }

    /// A new, empty PostgreSQL database of this name; answers its URL.
    ///
    /// # Errors
    /// When the cluster refuses, for example because the name is taken.
    pub fn database(&self, name: &str) -> Outcome<String> {
        run::captured(run::program(
            self.postgres_program("createdb")?,
            &["--maintenance-db", &self.postgres, name],
        ))?;
        let server = self
            .postgres
            .rsplit_once('/')
            .map_or(self.postgres.as_str(), |(server, _)| server);
        Ok(format!("{server}/{name}"))
    }
}

/// Runs the bench inside a throw-away PostgreSQL cluster and fails when a goal is missed.
pub fn run(arguments: &Arguments) -> Outcome<()> {
    let readme = match (arguments.write_readme, arguments.name) {
        (false, _) => None,
        (true, Name::Log) => Some(log::README),
        (true, _) => return Err(Failure::new("only the bench `log` has a place in a README")),
    };
    if arguments.declarations.is_some() && !matches!(arguments.name, Name::Read | Name::Figures) {
        return Err(Failure::new(
            "only the benches `read` and `figures` take another size",
        ));
    }
    if arguments.engine.is_some() && !matches!(arguments.name, Name::Inquiry) {
        return Err(Failure::new("only the bench `inquiry` takes one engine"));
    }
    if std::env::var_os(INSIDE).is_none() {
        return again_with_postgres();
    }
    let frame = Frame {
        quick: arguments.quick,
        rounds: 5,
        declarations: arguments.declarations,
        engine: arguments.engine,
        postgres: std::env::var("SENGEN_TEST_POSTGRES")
            .map_err(|_| Failure::new("there is no PostgreSQL: start the bench with `cargo xtask bench`"))?,
        folder: tempfile::tempdir().map_err(|error| Failure::new(format!("no temporary folder: {error}")))?,
    };
    let report = match arguments.name {
        Name::Audit => audit::run(&frame)?,
        Name::Bulk => bulk::run(&frame)?,
        Name::Figures => figures::run(&frame)?,
        Name::Generator => generator::run(&frame)?,
        Name::Import => import::run(&frame)?,
        Name::Inquiry => inquiry::run(&frame)?,
        Name::Jobs => jobs::run(&frame)?,
        Name::Log => log::run(&frame)?,
        Name::Mail => mail::run(&frame)?,
        Name::Read => read::run(&frame)?,
        Name::Status => status::run(&frame)?,
    };
    say(if arguments.json {
        report.json(arguments.quick)?
    } else {
        report.table()
    });
    if let Some(readme) = readme {
        readme::write(readme, &report)?;
    }
    missed(&report)
}

fn missed(report: &Report) -> Outcome<()> {
    match report.goals.iter().filter(|goal| !goal.met).count() {
        0 => Ok(()),
        missed => Err(Failure::new(format!(
            "{missed} of {} goals are missed",
            report.goals.len()
        ))),
    }
}

/// Starts this same command inside `scripts/with-postgres.sh`, which removes the cluster whatever happens.
fn again_with_postgres() -> Outcome<()> {
    let this = std::env::current_exe()
        .map_err(|error| Failure::new(format!("xtask does not find itself: {error}")))?;
    let mut command = run::program("scripts/with-postgres.sh", &["--memory", MEMORY]);
    command
        .arg(this)
        .args(std::env::args_os().skip(1))
        .env(INSIDE, "1");
    if run::shown(command)?.succeeded {
        Ok(())
    } else {
        Err(Failure::new("the bench failed, see above"))
    }
}

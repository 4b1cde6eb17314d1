//! `cargo xtask torture [NAME…] [--quick] [--seed N]`: the full forms of the tests that hurt the log, and what runs by
//! itself, on a throw-away PostgreSQL with its default durability. It prints what was done and how often, and fails on any breach.
//!
//! The tests themselves are in `crates/event-store/tests`, `crates/scheduler/tests` and `tests/tests/rebuild.rs`; their
//! short forms run with all the others.

use crate::run::{cargo, program, shown};
use crate::{Failure, Outcome, say};

/// The command line of a torture.
#[derive(clap::Args)]
pub struct Arguments {
    /// What to do [default: everything]
    names: Vec<Name>,
    /// A tenth of it
    #[arg(long)]
    quick: bool,
    /// Repeats what was random in an earlier run
    #[arg(long)]
    seed: Option<u64>,
}

/// The tortures there are.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// Kill -9 of the process, 200 times on each engine
    Kill,
    /// Immediate stop of PostgreSQL, 50 times
    Stop,
    /// A kill at each step of an append, each write and each sync
    Steps,
    /// The connection lost between COMMIT and its answer, 1,000 times
    Cut,
    /// 16 writers for a minute with readers; two processes for a minute
    Races,
    /// Random commands, crashes and readers against a plain model
    Model,
    /// No space, failing writes, failing syncs
    Disk,
    /// Changed, removed, inserted and swapped rows, 200 of each
    Tamper,
    /// A million keys wrapped anew while others write
    Rotate,
    /// Kill -9 of a rebuild beside a server, 100 times on each engine
    Rebuild,
    /// Kill -9 of whoever looks after the schedules, 100 times on each engine
    Fire,
    /// Whoever looks after the schedules, or runs a job, stands still past its lease, 200 times each on each engine
    Pause,
    /// A firing that is refused, 10,000 times on each engine
    Refuse,
    /// 100,000 messages to a mail server, kill -9 of the sender every two seconds
    Mail,
    /// 100,000 messages that each only one reader may see
    Merge,
    /// A relay that answers after nine minutes, on each engine
    Late,
    /// Readers who opt out while a sender sends, 1,000 times on each engine
    OptOut,
    /// Attacks on the web, the API, signing in and personal data: T42 to T57, with 10,000 made-up operations
    Security,
}

/// Of T42 to T57 there are tests in most crates.
const SECURITY: &str = "t42_ t43_ t44_ t45_ t46_ t47_ t48_ t49_ t50_ t51_ t52_ t53_ t54_ t55_ t56_ t57_";

impl Name {
    const ALL: [Self; 18] = [
        Self::Kill,
        Self::Stop,
        Self::Steps,
        Self::Cut,
        Self::Races,
        Self::Model,
        Self::Disk,
        Self::Tamper,
        Self::Rotate,
        Self::Rebuild,
        Self::Fire,
        Self::Pause,
        Self::Refuse,
        Self::Mail,
        Self::Merge,
        Self::Late,
        Self::OptOut,
        Self::Security,
    ];

    /// The binary of the tests, `*` for all, and what the names of the tests contain, one of these words.
    fn tests(self) -> (&'static str, &'static str) {
        match self {
            Self::Rebuild => ("rebuild", "t06_"),
            Self::Kill => ("torture", "t01_"),
            Self::Stop => ("torture", "t02_"),
            Self::Steps => ("torture", "t04_"),
            Self::Cut => ("contract", "t5_"),
            Self::Races => ("torture", "t12_"),
            Self::Model => ("contract", "t14_"),
            Self::Disk => ("torture", "t3"),
            Self::Tamper => ("contract", "tamper"),
            Self::Rotate => ("contract", "t56_a_registers_keys"),
            Self::Fire => ("processes", "t16_"),
            Self::Pause => ("processes", "t22_"),
            Self::Refuse => ("all", "t23_"),
            Self::Mail => ("processes", "t24_"),
            Self::Merge => ("processes", "t31_"),
            Self::Late => ("all", "t26_"),
            Self::OptOut => ("all", "t28_"),
            Self::Security => ("*", SECURITY),
        }
    }
}

/// Runs them one after the other, whether or not one fails, and then tells the whole.
pub fn run(arguments: &Arguments) -> Outcome<()> {
    let names = if arguments.names.is_empty() {
        Name::ALL.to_vec()
    } else {
        arguments.names.clone()
    };
    built()?;
    let seed = arguments.seed.map_or_else(a_seed, Ok)?;
    say(format!("seed {seed}: `--seed {seed}` repeats what is random"));
    let mut report = Vec::new();
    let mut failed = Vec::new();
    for name in names {
        let (binary, filter) = name.tests();
        say(format!("== {filter}"));
        let mut command = program("scripts/with-postgres.sh", &[]);
        command
            .arg(cargo(&[]).get_program())
            .args(["test", "--quiet", "--workspace"])
            // Those of a torture over everything also stand beside the code.
            .args((binary == "*").then_some("--lib"))
            .args(["--no-fail-fast", "--test", binary])
            .args(["--", "--nocapture", "--test-threads=1"])
            .args(filter.split(' '))
            .env(
                "SENGEN_TEST_TORTURE",
                if arguments.quick { "quick" } else { "full" },
            )
            .env("SENGEN_TEST_TRIALS", if arguments.quick { "20" } else { "200" })
            .env("SENGEN_TEST_SEED", seed.to_string());
        let output = shown(command)?;
        let did = output
            .lines
            .iter()
            .filter_map(|line| line.split_once("torture: "));
        report.extend(
            did.map(|(_, did)| did.to_owned())
                .filter(|did| !did.contains(": seed ")),
        );
        if !output.succeeded || tests_run(&output.lines) == 0 {
            failed.push(filter);
        }
    }
    say(format!("\nDone, with seed {seed}:"));
    for line in &report {
        say(format!("  {line}"));
    }
    if failed.is_empty() {
        say("No breach.");
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the torture found something, or had no test to run: {} (seed {seed})",
            failed.join(", ")
        )))
    }
}

/// The processes that are killed are programs of their own, which `cargo test --test` does not build.
fn built() -> Outcome<()> {
    // Of the whole workspace, as `make test` builds it: cargo would compile the libraries anew for a part of it.
    let command = cargo(&[
        "build",
        "--workspace",
        "--example",
        "torture_writer",
        "--example",
        "torture_node",
        "--bin",
        "sengen",
    ]);
    if shown(command)?.succeeded {
        Ok(())
    } else {
        Err(Failure::new("the torture could not be built, see above"))
    }
}

/// Adds up the lines `test result: ok. 3 passed; …`.
fn tests_run(lines: &[String]) -> usize {
    let passed = lines.iter().filter_map(|line| {
        let (before, _) = line.strip_prefix("test result:")?.split_once(" passed")?;
        before.rsplit(' ').next()?.parse::<usize>().ok()
    });
    passed.sum()
}

fn a_seed() -> Outcome<u64> {
    use std::io::Read as _;
    let mut bytes = [0; 4];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| Failure::new(format!("no random seed ({error}): give one with --seed")))?;
    Ok(u64::from(u32::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_test_is_noticed() {
        let lines = ["running 0 tests", "test result: ok. 0 passed; 0 failed"].map(String::from);
        assert_eq!(tests_run(&lines), 0);
        let lines = ["test result: ok. 3 passed; 0 failed", "torture: x: 2 kills"].map(String::from);
        assert_eq!(tests_run(&lines), 3);
    }
}

//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{Outcome, bench, check, ci, schema, security_map, torture};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The repository's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that has to pass before a change lands
    Ci,
    /// The rules of this repository that no other tool knows
    Check,
    /// Write the GraphQL schema to admin-ui/schema.graphql
    Schema {
        /// Write nothing; fail when the file differs
        #[arg(long)]
        check: bool,
    },
    /// Write docs/security-map.md from docs/security-map.toml
    SecurityMap,
    /// Measure, and compare with the goals
    Bench(bench::Arguments),
    /// Kill, cut, race and fill the log, as often as it takes to trust it
    Torture(torture::Arguments),
}

fn main() -> ExitCode {
    let outcome: Outcome<()> = match Arguments::parse().command {
        Command::Ci => ci::run(),
        Command::Check => check::run(),
        Command::Schema { check: true } => schema::check(),
        Command::Schema { check: false } => schema::write(),
        Command::SecurityMap => security_map::write(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Torture(arguments) => torture::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            xtask::say_error(&failure);
            ExitCode::FAILURE
        }
    }
}

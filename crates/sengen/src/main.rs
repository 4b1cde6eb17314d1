//! `sengen`: the one binary. Reads command line and configuration, opens the office, runs one command, and turns
//! every failure into one sentence and an exit code.

mod accept_rollback;
mod background;
mod backup;
mod cli;
mod config;
mod console;
mod copy;
mod exit;
mod forget;
mod import;
mod keys;
mod mail;
mod mail_import;
mod mail_read;
mod migrate;
mod office;
mod outbox;
mod output;
mod proof;
mod provider;
mod rebuild;
mod restore;
mod sample;
mod serve;
mod staff;
mod transfer;
mod tree;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command, ImportCommand, KeysCommand, MailCommand, StaffCommand};
use crate::config::Config;
use crate::exit::{Exit, Failure};

/// Requests and imports make and drop millions of small values on several threads: a sixth of an import's time went into
/// the system's allocator, which also gave little of it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::start_log();
    let outcome = config::environment(std::env::vars_os())
        .and_then(|environment| {
            Config::read(
                cli.settings.config.as_deref(),
                environment.into_iter(),
                cli.layer(),
            )
        })
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))
        .and_then(|config| run(&cli, &config));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure.message);
            match cli.command {
                Command::Mail(MailCommand::Deliver) => mail_import::not_taken(failure.exit).into(),
                _ => failure.exit.into(),
            }
        }
    }
}

fn run(cli: &Cli, config: &Config) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve(_) => serve::run(config).await,
            Command::Import(ImportCommand::Declarations(args)) => import::declarations(config, args).await,
            Command::Import(ImportCommand::Deadlines(args)) => import::deadlines::run(config, args).await,
            Command::Sample(args) => sample::run(config, args).await,
            Command::Migrate => migrate::run(config).await,
            Command::Rebuild(args) => rebuild::run(config, args).await,
            Command::Verify(args) => verify::run(config, args).await,
            Command::Copy(args) => copy::run(config, args).await,
            Command::Backup(args) => backup::run(config, args).await,
            Command::Restore(args) => restore::run(config, args).await,
            Command::Proof(args) => proof::run(config, args).await,
            Command::AcceptRollback(args) => accept_rollback::run(config, args).await,
            Command::Mail(MailCommand::Test(args)) => mail::test(config, args).await,
            Command::Mail(MailCommand::Read(args)) => mail_read::run(args),
            Command::Mail(MailCommand::Import(args)) => mail_import::import(config, args).await,
            Command::Mail(MailCommand::Deliver) => mail_import::deliver(config).await,
            Command::Staff(StaffCommand::Invite(args)) => staff::invite(config, args).await,
            Command::Staff(StaffCommand::PasswordLink(args)) => staff::password_link(config, args).await,
            Command::Staff(StaffCommand::ResetSecondFactor(args)) => {
                staff::reset_second_factor(config, args).await
            }
            Command::Forget(args) => forget::run(config, args).await,
            Command::Keys(KeysCommand::Rotate(args)) => keys::rotate(config, args).await,
        }
    })
}

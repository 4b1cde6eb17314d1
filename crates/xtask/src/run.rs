//! Starts other programs; the one place of xtask that does.

#![expect(
    clippy::disallowed_methods,
    reason = "xtask is no server: it runs cargo, npm and node"
)]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Failure, Outcome, say};

/// A program to be started in the repository's root.
pub fn program(name: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(crate::repository::root());
    command
}

/// `cargo` with these arguments: the same cargo that started xtask.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        arguments,
    );
    // `cargo run` says in the environment which package it runs. Some build scripts (that of ring) take it for a change and
    // compile again, and then once more when cargo is called by hand.
    for (name, _) in std::env::vars_os() {
        if is_of_the_package(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn is_of_the_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Runs a command, shows its standard output line by line and answers it with the program's verdict.
pub fn shown(command: Command) -> Outcome<Shown> {
    lines_of(command, |line| say(line))
}

/// As [`shown`], without showing.
pub fn hidden(command: Command) -> Outcome<Shown> {
    lines_of(command, |_| {})
}

fn lines_of(mut command: Command, each: impl Fn(&str)) -> Outcome<Shown> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| Failure::new(format!("{name} could not be run: {error}"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line.map_err(failed)?).into_owned();
            each(&line);
            lines.push(line);
        }
    }
    let succeeded = child.wait().map_err(failed)?.success();
    Ok(Shown { lines, succeeded })
}

/// What a program wrote to standard output, and whether it exited with 0.
pub struct Shown {
    pub lines: Vec<String>,
    pub succeeded: bool,
}

/// Runs a command quietly and answers its standard output; fails with its standard error when it fails.
pub fn captured(mut command: Command) -> Outcome<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("{name} could not be run: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Failure::new(format!(
        "{name} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    )))
}

/// Whether a program of this name is in the search path.
pub fn exists(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| is_file(&folder.join(name))))
}

fn is_file(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_xtask_alone_is_not_handed_on() {
        assert!(is_of_the_package("CARGO_PKG_VERSION") && is_of_the_package("CARGO_MANIFEST_DIR"));
        assert!(!is_of_the_package("CARGO_TARGET_DIR") && !is_of_the_package("CARGO_HOME"));
    }
}

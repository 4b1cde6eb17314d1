//! The GraphQL schema as a file: `admin-ui/schema.graphql` is what the server says it is.

use crate::{Failure, Outcome, repository, run, say};

const FILE: &str = "admin-ui/schema.graphql";
const EXAMPLE: &str = "crates/admin-api/examples/sdl.rs";

/// Writes the schema.
pub fn write() -> Outcome<()> {
    let sdl = from_server()?;
    std::fs::write(repository::root().join(FILE), sdl)
        .map_err(|error| Failure::new(format!("{FILE} could not be written: {error}")))?;
    say(format!("{FILE} written"));
    Ok(())
}

/// Fails when the file differs from what the server's types say.
pub fn check() -> Outcome<()> {
    compare(&from_server()?)
}

/// As [`check`], with the example that `cargo build --workspace --all-targets` has built: building it alone would compile
/// dependencies a second time, because cargo picks features by the packages it is asked for.
pub(crate) fn check_built() -> Outcome<()> {
    let built = repository::root().join("target/debug/examples/sdl");
    compare(&text(run::captured(run::program(built, &[]))?)?)
}

/// Whether the server can tell its schema yet.
pub(crate) fn exists() -> bool {
    repository::root().join(EXAMPLE).is_file()
}

fn from_server() -> Outcome<String> {
    text(run::captured(run::cargo(&[
        "run",
        "--quiet",
        "--package",
        "admin-api",
        "--example",
        "sdl",
    ]))?)
}

fn text(bytes: Vec<u8>) -> Outcome<String> {
    String::from_utf8(bytes).map_err(|_| Failure::new("the schema is not UTF-8"))
}

fn compare(sdl: &str) -> Outcome<()> {
    let committed = std::fs::read_to_string(repository::root().join(FILE)).unwrap_or_default();
    if committed == sdl {
        return Ok(());
    }
    let line = committed
        .lines()
        .zip(sdl.lines())
        .take_while(|(old, new)| old == new)
        .count()
        + 1;
    Err(Failure::new(format!(
        "{FILE} differs from the server's types from line {line} on: run `cargo xtask schema` and commit the file"
    )))
}

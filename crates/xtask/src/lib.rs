//! The repository's own commands: `ci`, `check`, `schema`, `security-map`, `bench`, `torture`.
//!
//! It must never depend on the product's crates, so that a check is built in seconds. To add a command, write its module
//! and name it in `main.rs`; to add a rule to `check`, see `check.rs`; to add a measurement, see `bench.rs`.

pub mod bench;
pub mod check;
pub mod ci;
mod console;
pub mod junit;
mod repository;
mod run;
pub mod schema;
pub mod security_map;
pub mod torture;

pub use console::{say, say_error};

/// What a command answers: nothing, or a sentence saying why not.
pub type Outcome<T> = Result<T, Failure>;

/// Why a command failed, in a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Failure(pub String);

impl Failure {
    /// A failure with its sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

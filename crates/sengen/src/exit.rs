//! Exit codes: what a script may rely on. `docs/errors.md` lists them.

use std::process::ExitCode;

/// Why the program ended without doing what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Anything that has no code of its own.
    Other = 1,
    /// The command line or the configuration cannot be used.
    Usage = 2,
    /// An input file was refused as a whole.
    Input = 3,
    /// The data folder or the database cannot be used.
    Storage = 4,
    /// The address to listen on is taken or not ours.
    Listen = 5,
    /// The database was made by a newer Sengen.
    NewerSchema = 6,
    /// The database engine cannot be trusted.
    Engine = 7,
    /// The log is older than, or another than, the signed head that is kept outside the database.
    OtherHistory = 8,
    /// What was checked is not what it should be: a breach of the log, a proof that proves nothing.
    NotTrue = 9,
    /// A message was not taken; whoever hands it over keeps it and tries again (`EX_TEMPFAIL` of sysexits).
    TryLater = 75,
}

/// A failure as a person reads it: one sentence that says what to do, and its exit code.
#[derive(Debug)]
pub struct Failure {
    /// The code for scripts.
    pub exit: Exit,
    /// The sentence for people.
    pub message: String,
}

impl Failure {
    /// A failure with its sentence.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    /// An error and its causes in one line, for what has no sentence of its own.
    pub fn from_error(exit: Exit, error: &(dyn std::error::Error + 'static)) -> Self {
        Self {
            exit,
            message: chain(error),
        }
    }
}

/// An error and its causes in one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

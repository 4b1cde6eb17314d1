//! The program that measures: started once, asked line by line, so that no figure holds the time of starting or connecting.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use crate::bench::log::figure::Figure;
use crate::{Failure, Outcome, repository, run};

const EXAMPLES: [&str; 2] = ["log_speed", "rebuild_speed"];

/// Builds the measuring programs, which costs a moment when they are built already: figures of an older build mislead.
///
/// # Errors
/// When they do not compile.
pub fn build() -> Outcome<()> {
    // Of the whole workspace, because cargo would compile the libraries anew for a part of it.
    let mut arguments = vec!["build", "--release", "--workspace"];
    for example in EXAMPLES {
        arguments.extend(["--example", example]);
    }
    if run::hidden(run::cargo(&arguments))?.succeeded {
        return Ok(());
    }
    Err(Failure::new("the measuring programs do not compile, see above"))
}

/// Where a measuring program lies.
pub fn program(example: &str) -> std::path::PathBuf {
    repository::target().join("release/examples").join(example)
}

/// The running program.
pub struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start() -> Outcome<Self> {
        let mut child = run::program(program("log_speed"), &[])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("log_speed could not be started: {error}")))?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("log_speed has no standard input and output"));
        };
        Ok(Self {
            child,
            questions,
            answers: BufReader::new(answers),
        })
    }

    /// Measures once.
    ///
    /// # Errors
    /// When it could not measure, or is gone.
    pub fn ask(&mut self, what: &str, url: &str, count: usize, seconds: f64) -> Outcome<Figure> {
        let question = format!("{what} {url} {count} {seconds}");
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{question}: {error}"));
        writeln!(self.questions, "{question}").map_err(|error| failed(&error))?;
        let mut answer = String::new();
        self.answers
            .read_line(&mut answer)
            .map_err(|error| failed(&error))?;
        let answer: Value = serde_json::from_str(&answer).map_err(|error| failed(&error))?;
        Figure::read(&answer).map_err(|error| failed(&error))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

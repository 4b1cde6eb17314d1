//! What is written to the terminal: results to standard output, failures to standard error.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to the person at the terminal"
)]

/// One line on standard output.
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// One line on standard error.
pub fn say_error(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

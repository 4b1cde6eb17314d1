//! `cargo xtask check`: the rules of this repository that no other tool knows.
//!
//! To add a rule, write a function that answers one sentence per breach and name it in [`run`].

mod dependencies;
mod lints;
mod migrations;
mod sizes;
mod sources;
mod words;

use crate::{Failure, Outcome, repository, say, security_map};

/// Runs every rule and prints every breach.
pub fn run() -> Outcome<()> {
    let files = repository::files()?;
    let mut breaches = dependencies::breaches()?;
    breaches.extend(lints::breaches(&files));
    breaches.extend(migrations::breaches(&files));
    breaches.extend(sizes::breaches(&files));
    breaches.extend(sources::breaches(&files));
    breaches.extend(security_map::breaches(&files)?);
    breaches.extend(words::breaches(&files));
    for breach in &breaches {
        say(breach);
    }
    if breaches.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} of the repository's rules are broken, see above",
        breaches.len()
    )))
}

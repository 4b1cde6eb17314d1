//! Other event stores in Rust, appending the same event on the same cluster.
//!
//! They need an older sqlx, which cannot share a lock file with ours, so they are a package of their own that is built
//! where the registry lets it.

use std::path::PathBuf;

use crate::bench::log::figure::Figure;
use crate::bench::log::subject::What;
use crate::{Failure, Outcome, repository, run};

const MANIFEST: &str = "crates/xtask/peers/Cargo.toml";

/// One of them on a database of its own.
pub struct Peer {
    program: PathBuf,
    url: String,
    callers: usize,
}

impl Peer {
    /// The peer that does this.
    pub fn new(what: What, url: &str, callers: usize) -> Self {
        let name = if what == What::PostgresEs {
            "postgres_es"
        } else {
            "disintegrate"
        };
        Self {
            program: folder().join("release").join(name),
            url: url.to_owned(),
            callers,
        }
    }

    /// Measures once.
    ///
    /// # Errors
    /// When it fails.
    pub fn measure(&self, seconds: f64) -> Outcome<Figure> {
        let (callers, seconds) = (self.callers.to_string(), seconds.to_string());
        let output = run::captured(run::program(
            &self.program,
            &["append", &self.url, &callers, &seconds],
        ))?;
        let answer = serde_json::from_slice(&output)
            .map_err(|error| Failure::new(format!("it printed no figures: {error}")))?;
        Figure::read(&answer)
    }
}

fn folder() -> PathBuf {
    repository::target().join("peers")
}

/// Builds them; false when that is not possible here, for example without a network.
///
/// # Errors
/// When cargo cannot be started.
pub fn build() -> Outcome<bool> {
    let target = folder().display().to_string();
    let arguments = [
        "build",
        "--quiet",
        "--release",
        "--locked",
        "--manifest-path",
        MANIFEST,
        "--target-dir",
        &target,
    ];
    Ok(run::hidden(run::cargo(&arguments))?.succeeded)
}

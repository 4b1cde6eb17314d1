//! `sengen proof`.

use std::path::Path;

use event_store::Position;

use crate::cli::ProofArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::{output, tree};

/// Writes a proof, or prints the key that proofs are checked with.
pub async fn run(config: &Config, args: &ProofArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let written = write(&office, args).await;
    office.close().await;
    written
}

async fn write(office: &Office, args: &ProofArgs) -> Result<(), Failure> {
    let tree = &office.tree;
    let text = match (&args.position, &args.consistency) {
        (Some(position), _) => tree
            .prove_inclusion(Position::new(*position))
            .await
            .map(|proof| proof.text()),
        (None, Some(sizes)) => tree
            .prove_consistency(sizes[0], Some(sizes[1]))
            .await
            .map(|proof| proof.text()),
        (None, None) => Ok(format!("{}\n", tree.verifier_key())),
    };
    let text = text.map_err(|error| tree::failure(&error))?;
    match &args.out {
        None => output::line(text.trim_end_matches('\n')),
        Some(path) => save(path, &text)?,
    }
    Ok(())
}

fn save(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        Failure::new(
            Exit::Other,
            format!(
                "{} cannot be written ({error}); name another file with --out",
                path.display()
            ),
        )
    })?;
    output::line(&format!("written to {}", path.display()));
    Ok(())
}

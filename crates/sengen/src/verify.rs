//! `sengen verify`.

use event_store::Position;
use serde_json::json;

use crate::cli::VerifyArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Walks the whole log and says what is wrong with it. Exit code 1 when something is.
pub async fn run(config: &Config, args: &VerifyArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let head = office
        .app
        .store()
        .head()
        .await
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let report = office.app.store().verify(Position::START.next(), head).await;
    office.close().await;
    let report = report.map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let breaches: Vec<_> = report
        .breaches
        .iter()
        .map(
            |breach| json!({ "position": breach.position.to_string(), "kind": format!("{:?}", breach.kind) }),
        )
        .collect();
    if args.json {
        output::line(&json!({ "events": report.checked, "breaches": breaches }).to_string());
    } else {
        output::line(&format!(
            "{} events checked, {} breaches",
            report.checked,
            breaches.len()
        ));
        for breach in &report.breaches {
            output::line(&format!("position {}: {:?}", breach.position, breach.kind));
        }
    }
    match report.first() {
        None => Ok(()),
        Some(first) => Err(Failure::new(
            Exit::Other,
            format!(
                "the log was tampered with or damaged, first at position {}; restore it from a backup",
                first.position
            ),
        )),
    }
}

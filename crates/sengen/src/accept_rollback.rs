//! `sengen accept-rollback`.

use event_store::{Append, NewEvent, Outside, Receipt, TreeHead};
use serde_json::json;
use uuid::Uuid;

use crate::cli::AcceptRollbackArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::{output, tree};

/// Goes on with a log that the head kept outside does not fit: the old head is put aside, an event says what was given
/// up, and a new head is signed.
pub async fn run(config: &Config, args: &AcceptRollbackArgs) -> Result<(), Failure> {
    let office = Office::open_unchecked(config).await?;
    let accepted = accept(&office, args.signed).await;
    office.close().await;
    accepted
}

async fn accept(office: &Office, signed: u64) -> Result<(), Failure> {
    let nothing = || {
        Failure::new(
            Exit::Usage,
            "the log continues the signed head; there is nothing to accept",
        )
    };
    let log = &office.tree;
    let file = log.head_file().ok_or_else(nothing)?;
    let kept = file
        .read(&log.verifier_key())
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?
        .ok_or_else(nothing)?;
    let outcome = log
        .compare(&kept.head)
        .await
        .map_err(|error| tree::failure(&error))?;
    if outcome == Outside::Continues {
        return Err(nothing());
    }
    if kept.head.size != signed {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "the signed head is over {} events, not {signed}; nothing was accepted",
                kept.head.size
            ),
        ));
    }
    // The event comes first. What is interrupted can be repeated: the same command is recorded once.
    let receipt = record(office, &kept.head).await?;
    let aside = file
        .set_aside(signed)
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    log.sign().await.map_err(|error| tree::failure(&error))?;
    output::line(&format!(
        "accepted: the log goes on with event {}, which says that a head over {signed} events was given up; \
         proofs under that head do not hold in this log",
        receipt.first
    ));
    output::line(&format!("the old head is kept in {}", aside.display()));
    Ok(())
}

/// Records in the log what was given up: whoever holds a proof under that head finds here why it does not hold.
async fn record(office: &Office, given_up: &TreeHead) -> Result<Receipt, Failure> {
    let app = &office.app;
    let storage = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Storage, error);
    let op = app
        .command_line()
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let root = hex::encode(given_up.root);
    let id = |what: &str| {
        Uuid::new_v5(
            &Uuid::NAMESPACE_OID,
            format!("{what} {} {root}", given_up.origin).as_bytes(),
        )
    };
    let command_id = id("accept rollback");
    let earlier = app
        .store()
        .receipt(command_id)
        .await
        .map_err(|error| storage(&error))?;
    if let Some(receipt) = earlier {
        return Ok(receipt);
    }
    let event = NewEvent {
        id: id("rollback accepted"),
        event_type: "log.rollback_accepted".to_owned(),
        schema_version: 1,
        tags: Vec::new(),
        effective_at: op.today(),
        data: json!({ "signed": given_up.size, "root": root }),
        personal: Vec::new(),
    };
    let append = Append {
        command_id,
        actor: op.actor().to_string(),
        correlation_id: op.request_id(),
        reason: None,
        events: vec![event],
        guards: Vec::new(),
        recorded_at: op.now(),
    };
    let appended = app
        .store()
        .append(append)
        .await
        .map_err(|error| storage(&error))?;
    Ok(*appended.receipt())
}

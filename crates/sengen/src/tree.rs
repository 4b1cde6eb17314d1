//! The tree over the log of an office: its key, its name, and the head that is kept outside.

use std::io::ErrorKind;
use std::sync::Arc;

use app::Clock;
use event_store::{
    Database, EventStore, HeadFile, LogSigningKey, LogTree, LogTreeOptions, Outside, SigningKeyError,
    TreeError,
};

use crate::config::Config;
use crate::exit::{Exit, Failure};

/// The name of a log that is made: as configured, or one that nobody else has. In no case that of an older log.
pub fn new_origin(config: &Config) -> String {
    config
        .log_origin
        .clone()
        .unwrap_or_else(|| format!("sengen/{}", uuid::Uuid::new_v4().simple()))
}

/// The signing key, made together with the log; a log that was never signed gets one, too.
pub async fn signing_key(config: &Config, database: &Database) -> Result<LogSigningKey, Failure> {
    let was_signed = LogTree::was_signed(database)
        .await
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let key = if was_signed {
        LogSigningKey::load(&config.signing_key_file)
    } else {
        LogSigningKey::load_or_create(&config.signing_key_file)
    };
    key.map_err(|error| match &error {
        SigningKeyError::File { source, .. } if was_signed && source.kind() == ErrorKind::NotFound => Failure::new(
            Exit::Storage,
            format!(
                "the signing key {} is missing, and only with it can the heads of this log be signed; put it back from \
                 its backup, or name it with --signing-key-file",
                config.signing_key_file.display()
            ),
        ),
        _ => Failure::from_error(Exit::Storage, &error),
    })
}

/// The tree over an open log.
pub fn over(config: &Config, store: EventStore, key: LogSigningKey, clock: Arc<dyn Clock>) -> LogTree {
    LogTree::new(LogTreeOptions {
        store,
        key,
        head_file: Some(HeadFile::at(&config.head_file)),
        now: Arc::new(move || clock.now()),
    })
}

/// Refuses to go on with a key that is not the one that the log is signed with.
pub async fn refuse_other_key(config: &Config, tree: &LogTree) -> Result<(), Failure> {
    tree.refuse_other_key().await.map_err(|error| match &error {
        TreeError::OtherKey { .. } => Failure::new(
            Exit::Storage,
            format!(
                "{error}; name the key that this log is signed with by --signing-key-file, now it is {}",
                config.signing_key_file.display()
            ),
        ),
        _ => failure(&error),
    })
}

/// Refuses a log that does not continue the head that was kept outside: positions would be given out a second time.
pub async fn refuse_other_history(tree: &LogTree) -> Result<(), Failure> {
    let Some(file) = tree.head_file() else {
        return Ok(());
    };
    let kept = file
        .read(&tree.verifier_key())
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let Some(kept) = kept else {
        if tree.latest().await.map_err(|error| failure(&error))?.is_some() {
            tracing::warn!(
                file = %file.path().display(),
                "no signed head is kept here, so an older copy of the database would not be noticed; it is made now"
            );
        }
        return Ok(());
    };
    let signed = kept.head.size;
    let found = match tree.compare(&kept.head).await.map_err(|error| failure(&error))? {
        Outside::Continues => return Ok(()),
        Outside::Shorter { head } => {
            format!("this log has only {head} events: it is an older copy, or its end was cut off")
        }
        Outside::Other => {
            "those of this log are others: it was changed, or is a copy that went another way".to_owned()
        }
    };
    Err(Failure::new(
        Exit::OtherHistory,
        format!(
            "a head over {signed} events was signed and is kept in {}, but {found}; restore the newest copy, or, to go on \
             with this one and lose what it lacks, run sengen accept-rollback {signed}",
            file.path().display()
        ),
    ))
}

/// A failure of the tree as a person reads it.
pub fn failure(error: &TreeError) -> Failure {
    let exit = match error {
        TreeError::Leaf { .. } | TreeError::Tile { .. } | TreeError::Contradicts { .. } => Exit::NotTrue,
        TreeError::Beyond { .. } => Exit::Usage,
        TreeError::OtherKey { .. } | TreeError::Database(_) => Exit::Storage,
    };
    Failure::from_error(exit, error)
}

//! `sengen keys`.

use event_store::{KeyEncryptionKey, KeyringError, stage_next_key, switch_key_file};

use crate::cli::RotateArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Wraps all keys by a new key-encryption key and makes it the key file. After a crash the same command goes on.
pub async fn rotate(config: &Config, args: &RotateArgs) -> Result<(), Failure> {
    // First, and with what lies there: without its key a register must not be touched.
    let office = Office::open(config).await?;
    let rotated = rotate_in(&office, config, args).await;
    office.close().await;
    rotated
}

async fn rotate_in(office: &Office, config: &Config, args: &RotateArgs) -> Result<(), Failure> {
    let file_failure = |error| Failure::from_error(Exit::Storage, &error);
    let keyring_failure = |error: KeyringError| Failure::from_error(Exit::Storage, &error);
    let new = KeyEncryptionKey::load_or_create(&args.new_key_file).map_err(file_failure)?;
    let keyring = office.app.store().keyring();
    let old = KeyEncryptionKey::load(&config.key_file).map_err(file_failure)?;
    let left = keyring.not_wrapped_by(&new).await.map_err(keyring_failure)?;
    if old.fingerprint() == new.fingerprint() && left == 0 {
        output::line("all keys are wrapped by this key already, and it is the key file: nothing to do");
        return Ok(());
    }
    if old.fingerprint() != new.fingerprint() {
        let next = stage_next_key(&config.key_file, &new).map_err(file_failure)?;
        output::note(&format!(
            "the new key lies at {}; running servers find it there",
            next.display()
        ));
    }
    let bar = output::progress(left, "keys");
    let started = std::time::Instant::now();
    let done = keyring.rotate(&new, |done| bar.set(done)).await;
    bar.finish();
    let done = done.map_err(keyring_failure)?;
    let seconds = started.elapsed().as_secs_f64();
    output::line(&format!(
        "{done} keys are wrapped by the new key ({seconds:.1} s), none by the old one"
    ));
    if !keyring.scrub().await.map_err(keyring_failure)? {
        output::note(
            "somebody is reading the keys: what the old key wrapped stays in the write-ahead log until the next start",
        );
    }
    let previous = switch_key_file(&config.key_file).map_err(file_failure)?;
    output::line(&format!(
        "{} is the new key. The old one lies at {}: backups of the keys from before now need it. Move it to where they are, \
         and destroy it when the last of them has expired. {} is not needed here any more.",
        config.key_file.display(),
        previous.display(),
        args.new_key_file.display()
    ));
    Ok(())
}

//! The one source of randomness: ids, tokens and salts ask this.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid, Variant, Version};

/// Fills bytes that nobody can guess.
pub trait Random: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system gave no random bytes; nothing that needs them may go on.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness(#[source] pub getrandom::Error);

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's randomness is read"
    )]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(NoRandomness)
    }
}

/// A time-ordered id (UUID v7): neighbouring records lie side by side in every index.
pub fn new_id(random: &dyn Random, now: DateTime<Utc>) -> Result<Uuid, NoRandomness> {
    let mut bytes = [0; 10];
    random.fill(&mut bytes)?;
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
}

/// An id that follows from a command's, and so is the same in every retry of it: with its time, when it has one.
pub fn derived_id(command_id: Uuid, name: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(b"sengen id\0")
        .chain_update(command_id.as_bytes())
        .chain_update(name.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let version = if command_id.get_version() == Some(Version::SortRand) {
        bytes[..6].copy_from_slice(&command_id.as_bytes()[..6]);
        Version::SortRand
    } else {
        Version::Custom
    };
    Builder::from_bytes(bytes)
        .with_variant(Variant::RFC4122)
        .with_version(version)
        .into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_id_is_always_the_same_and_as_old_as_its_command() {
        let command = Builder::from_unix_timestamp_millis(1_775_000_000_123, &[7; 10]).into_uuid();
        let one = derived_id(command, "declaration");
        assert_eq!(one, derived_id(command, "declaration"));
        assert_ne!(one, derived_id(command, "organization"));
        assert_ne!(one, command);
        assert_eq!(one.get_version(), Some(Version::SortRand));
        assert_eq!(one.get_timestamp(), command.get_timestamp());
        let random = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
        assert_eq!(
            derived_id(random, "declaration").get_version(),
            Some(Version::Custom)
        );
    }
}

//! Hashes of passwords (argon2id with the parameters that OWASP asks for).

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::random::{NoRandomness, Random};

/// Each hash takes 19 MiB and a core; more at one time would let strangers take both.
static AT_ONE_TIME: Semaphore = Semaphore::const_new(2);

/// Hashing failed; nobody was let in and nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The hash function refused.
    #[error("the password hash failed")]
    Hash(argon2::password_hash::Error),
    /// The thread that hashed is gone.
    #[error("the password hash was interrupted")]
    Interrupted,
    /// No salt.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// The hash of a new password, as a PHC string.
pub async fn hash(password: String, random: &dyn Random) -> Result<String, PasswordError> {
    let mut salt = [0_u8; 16];
    random.fill(&mut salt)?;
    apart(move || {
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(PasswordError::Hash)
    })
    .await
}

/// Whether the password is the one of the hash. Without a hash the same work is done and the answer is no, so that
/// an unknown login takes as long as a wrong password.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, PasswordError> {
    apart(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
        match Argon2::default().verify_password(password.as_bytes(), hash.as_str()) {
            Ok(()) => Ok(known),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(PasswordError::Hash(error)),
        }
    })
    .await
}

/// The hash of a password that nobody has, with the same parameters as [`hash`] uses.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Runs the work on a thread of its own, a few at a time.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    let _turn = AT_ONE_TIME
        .acquire()
        .await
        .map_err(|_| PasswordError::Interrupted)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| PasswordError::Interrupted)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_another_is_not() {
        let hash = hash("correct horse battery".to_owned(), &SystemRandom)
            .await
            .expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(
            verify("correct horse battery".to_owned(), Some(hash.clone()))
                .await
                .expect("an answer")
        );
        assert!(
            !verify("correct horse batterx".to_owned(), Some(hash))
                .await
                .expect("an answer")
        );
    }

    #[tokio::test]
    async fn t49_an_unknown_login_is_refused_after_the_same_work() {
        assert!(
            !verify("whatever it may be".to_owned(), None)
                .await
                .expect("the dummy hash is readable")
        );
    }
}

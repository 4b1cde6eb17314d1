//! Tokens that open something: 256 random bits for their owner, a hash for the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::random::{NoRandomness, Random};

/// A new token, 43 characters that fit into a cookie and an address.
pub fn new(random: &dyn Random) -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What the database keeps of a token: it opens nothing.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

//! Random bytes of the operating system, for keys, salts and nonces.

/// Fills the buffer. A system without randomness cannot seal anything, so there is nothing to go on with.
pub(crate) fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives random bytes");
}

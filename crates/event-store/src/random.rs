//! Random bytes of the operating system, for keys, salts and nonces: the crate's one door to them.

/// Fills the buffer. A system without randomness cannot seal anything, so there is nothing to go on with.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one randomness module of the crate"
)]
pub(crate) fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives random bytes");
}

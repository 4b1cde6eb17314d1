//! How much is done: little in the ordinary tests, much under `cargo xtask torture`; and the seed of what is random.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// So many rounds: `SENGEN_TEST_TORTURE=full` asks for the full form, `quick` for a tenth of it.
pub fn size(short: u64, full: u64) -> u64 {
    match std::env::var("SENGEN_TEST_TORTURE").as_deref() {
        Ok("full") => full,
        Ok("quick") => short.max(full / 10),
        _ => short,
    }
}

/// A line of the report that `cargo xtask torture` collects.
#[expect(clippy::print_stdout, reason = "the report of a test is what it prints")]
pub fn tell(test: &str, did: &str) {
    println!("torture: {test}: {did}");
}

/// Pseudo-random numbers that a seed repeats (splitmix64).
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Seeded by `SENGEN_TEST_SEED`, or anew; the seed is told.
    pub fn new(test: &str) -> Self {
        let given = std::env::var("SENGEN_TEST_SEED").ok();
        let given = given.and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        tell(test, &format!("seed {seed}"));
        Self(seed)
    }

    /// A number from 0 to below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % limit
    }

    /// A seed for somebody else.
    pub fn seed(&mut self) -> u64 {
        self.below(u64::MAX)
    }
}

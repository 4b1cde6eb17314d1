//! Fault points: numbered places of an append where a test ends the process or lets it pause.
//!
//! Without the feature `fault-points`, which only the tests' harness asks for, nothing of it is in the program.

/// The names of the places, in the order in which an append that is taken passes them.
#[cfg(feature = "fault-points")]
pub const POINTS: [&str; 7] = [
    "queued",
    "locked",
    "looked",
    "decided",
    "written",
    "projected",
    "committed",
];

#[cfg(feature = "fault-points")]
pub(crate) use counted::point;
#[cfg(feature = "fault-points")]
pub use counted::{abort_at, passed, pause_up_to};

/// Passes a fault point: nothing.
#[cfg(not(feature = "fault-points"))]
#[expect(clippy::unused_async, reason = "with the feature it may pause")]
pub(crate) async fn point(_name: &'static str) {}

#[cfg(feature = "fault-points")]
mod counted {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    static PASSED: AtomicU64 = AtomicU64::new(0);
    static ABORT_AT: AtomicU64 = AtomicU64::new(0);
    static PAUSE_MICROS: AtomicU64 = AtomicU64::new(0);

    /// Ends the process, as `kill -9` would, when it passes a fault point for the n-th time. 0 is never.
    pub fn abort_at(n: u64) {
        ABORT_AT.store(n, Ordering::SeqCst);
    }

    /// Lets every fault point take up to so long, differently each time: the connection waits between two statements.
    pub fn pause_up_to(longest: Duration) {
        let micros = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
        PAUSE_MICROS.store(micros, Ordering::SeqCst);
    }

    /// How many fault points this process has passed.
    pub fn passed() -> u64 {
        PASSED.load(Ordering::SeqCst)
    }

    pub(crate) async fn point(name: &'static str) {
        debug_assert!(
            super::POINTS.contains(&name),
            "the fault point {name} is not listed"
        );
        let number = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if number == ABORT_AT.load(Ordering::SeqCst) {
            std::process::abort();
        }
        let longest = PAUSE_MICROS.load(Ordering::SeqCst);
        if longest > 0 {
            tokio::time::sleep(Duration::from_micros(scattered(number) % longest)).await;
        }
    }

    /// The same number gives the same pause (the mixing step of splitmix64).
    fn scattered(number: u64) -> u64 {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 27)
    }
}

//! How much one token may ask; each process counts for itself.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::ApiTokenId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Requests in a second, in the long run.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("not zero");
/// Requests at once.
const REQUESTS: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Rows in a second, in the long run: some 700,000 an hour, more than the register has.
const ROWS_PER_SECOND: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// Rows at once: two full questions.
const ROWS: NonZeroU32 = NonZeroU32::new(20_000).expect("not zero");

/// What each token has left.
pub struct Rates {
    requests: DefaultKeyedRateLimiter<ApiTokenId>,
    rows: DefaultKeyedRateLimiter<ApiTokenId>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            requests: RateLimiter::keyed(Quota::per_second(REQUESTS_PER_SECOND).allow_burst(REQUESTS)),
            rows: RateLimiter::keyed(Quota::per_second(ROWS_PER_SECOND).allow_burst(ROWS)),
        }
    }
}

impl Rates {
    /// Takes one request; or how long to wait.
    pub fn take_request(&self, id: ApiTokenId) -> Result<(), Duration> {
        take(&self.requests, id, NonZeroU32::MIN)
    }

    /// Takes the rows of a question; or how long to wait.
    pub fn take_rows(&self, id: ApiTokenId, rows: usize) -> Result<(), Duration> {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        match NonZeroU32::new(rows) {
            // What has too many rows is refused for that.
            Some(rows) => take(&self.rows, id, rows.min(ROWS)),
            None => Ok(()),
        }
    }
}

fn take(
    left: &DefaultKeyedRateLimiter<ApiTokenId>,
    id: ApiTokenId,
    units: NonZeroU32,
) -> Result<(), Duration> {
    match left.check_key_n(&id, units) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(wait)) => Err(wait.wait_time_from(DefaultClock::default().now())),
        // More than there ever is.
        Err(_) => Err(Duration::from_hours(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn t48_one_token_is_held_back_by_requests_and_by_rows_and_another_is_not() {
        let rates = Rates::default();
        let [first, second] = [1, 2].map(|id| ApiTokenId::new(Uuid::from_u128(id)));
        let taken = (0..100).filter(|_| rates.take_request(first).is_ok()).count();
        assert!((20..40).contains(&taken), "{taken}");
        assert!(rates.take_request(second).is_ok());
        assert!(rates.take_rows(first, 10_000).is_ok());
        assert!(rates.take_rows(first, 10_000).is_ok());
        let wait = rates.take_rows(first, 10_000).expect_err("it is held back");
        assert!(
            wait > Duration::from_secs(30) && wait < Duration::from_mins(2),
            "{wait:?}"
        );
        assert!(rates.take_rows(second, 10_000).is_ok());
        assert!(rates.take_rows(first, 0).is_ok());
    }
}

//! How much one account may read and take away: far more than a person does, far less than a program that copies the register.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::staff::StaffId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// What one account may do in a time; each process counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLimits {
    /// Questions whose answer shows personal data, in a second in the long run.
    pub personal_per_second: NonZeroU32,
    /// Such questions at once.
    pub personal_burst: NonZeroU32,
    /// Files in an hour.
    pub exports_per_hour: NonZeroU32,
}

impl Default for AccountLimits {
    fn default() -> Self {
        const fn of(number: u32) -> NonZeroU32 {
            NonZeroU32::new(number).expect("not zero")
        }
        Self {
            personal_per_second: const { of(20) },
            personal_burst: const { of(200) },
            exports_per_hour: const { of(10) },
        }
    }
}

/// What each account has left.
pub(crate) struct AccountRates {
    personal: DefaultKeyedRateLimiter<StaffId>,
    exports: DefaultKeyedRateLimiter<StaffId>,
}

impl AccountRates {
    pub(crate) fn new(limits: AccountLimits) -> Self {
        let personal = Quota::per_second(limits.personal_per_second).allow_burst(limits.personal_burst);
        Self {
            personal: RateLimiter::keyed(personal),
            exports: RateLimiter::keyed(Quota::per_hour(limits.exports_per_hour)),
        }
    }

    /// Takes one answer with personal data; or how long to wait.
    pub(super) fn take_personal(&self, id: StaffId) -> Result<(), Duration> {
        take(&self.personal, id)
    }

    /// Takes one file; or how long to wait.
    pub(super) fn take_export(&self, id: StaffId) -> Result<(), Duration> {
        take(&self.exports, id)
    }
}

fn take(left: &DefaultKeyedRateLimiter<StaffId>, id: StaffId) -> Result<(), Duration> {
    left.check_key(&id)
        .map_err(|wait| wait.wait_time_from(DefaultClock::default().now()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn t48_an_account_that_reads_like_a_program_is_held_back_and_another_is_not() {
        let rates = AccountRates::new(AccountLimits::default());
        let [first, second] = [1, 2].map(|id| StaffId(Uuid::from_u128(id)));
        let read = (0..1_000).filter(|_| rates.take_personal(first).is_ok()).count();
        assert!((200..400).contains(&read), "{read}");
        assert!(rates.take_personal(second).is_ok());
        let taken = (0..100).filter(|_| rates.take_export(first).is_ok()).count();
        assert_eq!(taken, 10);
        let wait = rates.take_export(first).expect_err("it is held back");
        assert!(
            (Duration::from_mins(4)..=Duration::from_mins(6)).contains(&wait),
            "{wait:?}"
        );
        assert!(rates.take_export(second).is_ok());
    }
}

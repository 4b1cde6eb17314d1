//! How much one account may read and take away: far more than a person does, far less than a program that copies the register.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::staff::StaffId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// What one account may do in a time; each process counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLimits {
    /// Records of which something personal is shown, in a second in the long run.
    pub personal_per_second: NonZeroU32,
    /// Such records at once.
    pub personal_burst: NonZeroU32,
    /// Files in an hour.
    pub exports_per_hour: NonZeroU32,
    /// Files that are sent in an hour, to be attached.
    pub uploads_per_hour: NonZeroU32,
}

impl Default for AccountLimits {
    fn default() -> Self {
        const fn of(number: u32) -> NonZeroU32 {
            NonZeroU32::new(number).expect("not zero")
        }
        Self {
            personal_per_second: const { of(100) },
            personal_burst: const { of(2_000) },
            exports_per_hour: const { of(10) },
            uploads_per_hour: const { of(120) },
        }
    }
}

/// What each account has left.
pub(crate) struct AccountRates {
    personal: DefaultKeyedRateLimiter<StaffId>,
    /// An answer with more than all that one may have at once takes that.
    personal_most: NonZeroU32,
    exports: DefaultKeyedRateLimiter<StaffId>,
    uploads: DefaultKeyedRateLimiter<StaffId>,
}

impl AccountRates {
    pub(crate) fn new(limits: AccountLimits) -> Self {
        let personal = Quota::per_second(limits.personal_per_second).allow_burst(limits.personal_burst);
        Self {
            personal: RateLimiter::keyed(personal),
            personal_most: limits.personal_burst,
            exports: RateLimiter::keyed(Quota::per_hour(limits.exports_per_hour)),
            uploads: RateLimiter::keyed(Quota::per_hour(limits.uploads_per_hour)),
        }
    }

    /// Takes the showing of so many records; or how long to wait.
    pub(super) fn take_personal(&self, id: StaffId, records: NonZeroU32) -> Result<(), Duration> {
        take(&self.personal, id, records.min(self.personal_most))
    }

    /// Takes the sending of one file; or how long to wait.
    pub(super) fn take_upload(&self, id: StaffId) -> Result<(), Duration> {
        take(&self.uploads, id, NonZeroU32::MIN)
    }

    /// Takes one file; or how long to wait.
    pub(super) fn take_export(&self, id: StaffId) -> Result<(), Duration> {
        take(&self.exports, id, NonZeroU32::MIN)
    }
}

fn take(left: &DefaultKeyedRateLimiter<StaffId>, id: StaffId, units: NonZeroU32) -> Result<(), Duration> {
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
    fn t48_an_account_that_reads_like_a_program_is_held_back_and_another_is_not() {
        let rates = AccountRates::new(AccountLimits::default());
        let [first, second] = [1, 2].map(|id| StaffId(Uuid::from_u128(id)));
        let page = NonZeroU32::new(200).expect("not zero");
        let pages = (0..100)
            .filter(|_| rates.take_personal(first, page).is_ok())
            .count();
        assert!((10..20).contains(&pages), "{pages}");
        assert!(rates.take_personal(second, page).is_ok());
        // A page that is larger than the whole can still be asked for, once.
        let third = StaffId(Uuid::from_u128(3));
        assert!(rates.take_personal(third, NonZeroU32::MAX).is_ok());
        assert!(rates.take_personal(third, page).is_err());
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

//! Whether mail to an address is worth sending, after what came back from it.

use chrono::{DateTime, TimeDelta, Utc};

/// What a returned mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returned {
    /// There is no such mailbox.
    Hard,
    /// It did not arrive this time: mailbox full, refused for what it says, given up.
    Soft,
    /// It is late and still on its way.
    Delay,
}

/// So many soft ones within so many days are as good as a hard one.
const SOFT_ONES: usize = 3;
const WITHIN: TimeDelta = TimeDelta::days(90);

/// What is known of one address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reachability {
    /// Soft ones, oldest first.
    soft: Vec<DateTime<Utc>>,
    unreachable_since: Option<DateTime<Utc>>,
}

impl Reachability {
    /// What follows from everything that ever came back, in any order.
    pub fn of(returned: impl IntoIterator<Item = (DateTime<Utc>, Returned)>) -> Self {
        let mut reachability = Self::default();
        for (at, what) in returned {
            reachability.note(at, what);
        }
        reachability
    }

    /// Something came back.
    pub fn note(&mut self, at: DateTime<Utc>, what: Returned) {
        match what {
            Returned::Delay => {}
            Returned::Hard => self.unreachable_from(at),
            Returned::Soft => {
                let place = self.soft.partition_point(|earlier| *earlier <= at);
                self.soft.insert(place, at);
                let three = self.soft.windows(SOFT_ONES);
                let within = three
                    .filter_map(|three| three.first().zip(three.last()))
                    .find(|(first, last)| **last - **first <= WITHIN);
                if let Some((_, last)) = within {
                    self.unreachable_from(*last);
                }
            }
        }
    }

    /// Since when mail to it is not worth sending; `None` while it is.
    pub const fn unreachable_since(&self) -> Option<DateTime<Utc>> {
        self.unreachable_since
    }

    fn unreachable_from(&mut self, at: DateTime<Utc>) {
        let since = self.unreachable_since.map_or(at, |known| known.min(at));
        self.unreachable_since = Some(since);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(number)
    }

    fn since(returned: &[(i64, Returned)]) -> Option<DateTime<Utc>> {
        let returned = returned.iter().map(|(number, what)| (day(*number), *what));
        Reachability::of(returned).unreachable_since()
    }

    #[test]
    fn one_hard_bounce_or_three_soft_ones_within_90_days_end_it() {
        use Returned::{Delay, Hard, Soft};
        assert_eq!(since(&[]), None);
        assert_eq!(since(&[(5, Hard)]), Some(day(5)));
        assert_eq!(since(&[(9, Hard), (5, Hard)]), Some(day(5)));
        assert_eq!(since(&[(1, Soft), (2, Soft)]), None);
        assert_eq!(since(&[(1, Soft), (40, Soft), (91, Soft)]), Some(day(91)));
        assert_eq!(since(&[(1, Soft), (40, Soft), (92, Soft)]), None);
        assert_eq!(
            since(&[(1, Soft), (40, Soft), (92, Soft), (93, Soft)]),
            Some(day(93))
        );
        assert_eq!(since(&[(1, Delay), (2, Delay), (3, Delay)]), None);
    }

    #[test]
    fn the_order_in_which_they_are_read_does_not_matter() {
        use Returned::Soft;
        assert_eq!(since(&[(91, Soft), (1, Soft), (40, Soft)]), Some(day(91)));
        assert_eq!(since(&[(92, Soft), (1, Soft), (40, Soft)]), None);
        assert_eq!(
            since(&[(200, Soft), (1, Soft), (2, Soft), (3, Soft)]),
            Some(day(3))
        );
    }
}

//! A term of the law: so many days from a day, and what becomes of its last day when the office does not work then.

use chrono::{Days, NaiveDate};

use super::business_day::OfficeDays;

/// How a term is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// How many days.
    pub days: u32,
    /// Whether the day from which it runs is the first of them.
    pub counts_first_day: bool,
    /// Whether a last day on which the office does not work moves to the next business day.
    pub moves: bool,
}

impl Term {
    /// The last day of a term that runs from a day. Where nothing is known of the days after, the day itself stands.
    pub fn last_day(self, from: NaiveDate, office: &OfficeDays) -> NaiveDate {
        let days = self.days.saturating_sub(u32::from(self.counts_first_day));
        let last = from.checked_add_days(Days::new(u64::from(days))).unwrap_or(from);
        if self.moves { moved(last, office) } else { last }
    }
}

/// The next business day when the office does not work on that day.
pub fn moved(day: NaiveDate, office: &OfficeDays) -> NaiveDate {
    office.business_days_after(day, 0).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_term_ends_so_many_days_later_and_moves_when_it_is_told_to() {
        let office = OfficeDays::default();
        let term = |days, counts_first_day, moves| Term {
            days,
            counts_first_day,
            moves,
        };
        let cases = [
            (term(30, false, false), "2026-11-27", "2026-12-27"),
            // A Sunday; the 28th is a Monday.
            (term(30, false, true), "2026-11-27", "2026-12-28"),
            // The turn of the year.
            (term(30, false, true), "2026-11-30", "2027-01-04"),
            (term(30, true, false), "2026-11-27", "2026-12-26"),
            (term(5, true, false), "2026-11-27", "2026-12-01"),
            (term(60, true, false), "2026-11-27", "2027-01-25"),
            (term(0, true, false), "2026-11-27", "2026-11-27"),
        ];
        for (term, from, last) in cases {
            assert_eq!(term.last_day(day(from), &office), day(last), "{term:?} {from}");
        }
    }
}

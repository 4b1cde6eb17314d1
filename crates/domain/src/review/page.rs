//! The page of a policy: when it is asked for again, and when it counts as one that does not answer. One outage at night is none: it takes
//! failures on two days. See ADR 45.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::ReviewRule;

/// What came of asking for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageAnswer {
    /// What is wrong with it; none: the page is there.
    pub wrong: Option<ReviewRule>,
    /// The last status of HTTP, where one came.
    pub status: Option<u16>,
}

/// What is known of the page of a declaration's policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageState {
    /// Of which address, as [`digest`](super::digest) has it.
    pub address: u64,
    /// When it was asked for last, and what came of it.
    pub asked: Option<(DateTime<Utc>, PageAnswer)>,
    /// On how many days it has not answered since it last did.
    pub failures: u32,
    /// Since when.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it is asked for again.
    pub due_at: DateTime<Utc>,
}

/// Days of failures after which a page counts as one that does not answer.
const ENOUGH: u32 = 2;
/// Pages that answer are asked for once a week.
const WEEK: TimeDelta = TimeDelta::days(7);
/// Somewhat less than a day: what was asked for late in one night is due early in the next.
const NEXT_NIGHT: TimeDelta = TimeDelta::hours(20);
/// Days on which a page that does not answer is asked for each night; later once a week, too.
const NIGHTS: u32 = 7;

impl PageState {
    /// One that nobody has asked for.
    pub const fn new(address: u64) -> Self {
        Self {
            address,
            asked: None,
            failures: 0,
            failing_since: None,
            due_at: DateTime::UNIX_EPOCH,
        }
    }

    /// The same after it was asked for.
    #[must_use]
    pub fn after(self, answer: PageAnswer, now: DateTime<Utc>) -> Self {
        let asked = Some((now, answer));
        if answer.wrong.is_none() {
            return Self {
                asked,
                due_at: now + WEEK,
                ..Self::new(self.address)
            };
        }
        let last = self.asked.filter(|_| self.failures > 0);
        let counts = last.is_none_or(|(at, _)| day_in_japan(at) < day_in_japan(now));
        let failures = self.failures.saturating_add(u32::from(counts));
        Self {
            asked,
            failures,
            failing_since: self.failing_since.or(Some(now)),
            due_at: now + if failures > NIGHTS { WEEK } else { NEXT_NIGHT },
            ..self
        }
    }

    /// What is wrong with it, if it counts as one that does not answer. An address that is not asked for is the same tomorrow.
    pub fn wrong(&self) -> Option<ReviewRule> {
        let wrong = self.asked.and_then(|(_, answer)| answer.wrong)?;
        let enough = self.failures >= ENOUGH || wrong == ReviewRule::PageNotAsked;
        enough.then_some(wrong)
    }
}

fn day_in_japan(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(9)).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    const fn answer(wrong: Option<ReviewRule>) -> PageAnswer {
        PageAnswer { wrong, status: None }
    }

    const GONE: PageAnswer = answer(Some(ReviewRule::PageGone));
    const FINE: PageAnswer = answer(None);

    #[test]
    fn one_failure_and_more_of_them_in_one_night_are_no_silence_and_two_nights_are() {
        let night = PageState::new(7).after(GONE, at("2026-11-30T16:30:00Z"));
        assert_eq!((night.failures, night.wrong()), (1, None));
        // The same day in Japan.
        let again = night.after(GONE, at("2026-12-01T14:59:59Z"));
        assert_eq!((again.failures, again.wrong()), (1, None));
        let next = again.after(answer(Some(ReviewRule::PageSilent)), at("2026-12-01T15:00:00Z"));
        assert_eq!((next.failures, next.wrong()), (2, Some(ReviewRule::PageSilent)));
        assert_eq!(next.failing_since, Some(at("2026-11-30T16:30:00Z")));
    }

    #[test]
    fn what_answers_again_begins_anew() {
        let (first, second) = (at("2026-11-30T16:30:00Z"), at("2026-12-01T16:30:00Z"));
        let failing = PageState::new(7).after(GONE, first).after(GONE, second);
        let back = failing.after(FINE, second + TimeDelta::hours(1));
        assert_eq!((back.failures, back.failing_since, back.wrong()), (0, None, None));
        let later = back.after(GONE, second + TimeDelta::days(7));
        assert_eq!((later.failures, later.wrong()), (1, None));
    }

    #[test]
    fn an_address_that_is_not_asked_for_counts_at_once() {
        let state =
            PageState::new(7).after(answer(Some(ReviewRule::PageNotAsked)), at("2026-11-30T16:30:00Z"));
        assert_eq!(state.wrong(), Some(ReviewRule::PageNotAsked));
    }

    #[test]
    fn a_page_is_asked_for_once_a_week_and_each_night_while_it_has_just_failed() {
        let mut now = at("2026-11-30T16:30:00Z");
        let fine = PageState::new(7).after(FINE, now);
        assert_eq!(fine.due_at - now, TimeDelta::days(7));
        let mut state = fine;
        for night in 1..=8 {
            now += TimeDelta::days(1);
            state = state.after(GONE, now);
            assert_eq!(state.failures, night);
            let pause = state.due_at - now;
            assert_eq!(pause < TimeDelta::days(1), night <= 7, "night {night}");
        }
    }
}

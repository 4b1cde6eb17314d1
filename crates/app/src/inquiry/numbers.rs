//! How many inquiries came in, were answered and closed, how fast, and how many wait.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::calendar::BusinessMinutes;
use domain::inquiry::InquiryTag;
use domain::privacy_request::Channel;
use domain::staff::Permission;
use storage::inquiry::{Counted, NumberSpan};

use crate::clock::{day_in_japan, midnight_in_japan};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Days that are asked about at most.
const MOST_DAYS: i64 = 366;

/// Durations in minutes of business hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// Of how many.
    pub count: u64,
    /// Half of them took so long or less.
    pub median: Option<i64>,
    /// Nine of ten of them took so long or less.
    pub p90: Option<i64>,
}

/// What is counted of a day in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumbersOfDay {
    /// Which.
    pub day: NaiveDate,
    /// Came in.
    pub received: i64,
    /// Were answered for the first time.
    pub answered: i64,
    /// Were closed.
    pub closed: i64,
    /// Wait for us at its end, put off or not.
    pub backlog: i64,
}

/// Numbers of some days. What is spam counts nowhere, and neither does what became a part of another; both as they are known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryNumbers {
    /// From which day.
    pub from: NaiveDate,
    /// To which, counted too.
    pub to: NaiveDate,
    /// Came in.
    pub received: i64,
    /// Were answered for the first time.
    pub answered: i64,
    /// Were closed; one that was closed twice counts twice.
    pub closed: i64,
    /// Came back after they had been closed.
    pub reopened: i64,
    /// From when those came in that came in, to their first answer.
    pub first_reply: Spread,
    /// The same to their end, of those that are closed.
    pub resolution: Spread,
    /// So many of 1,000 that were closed came back later.
    pub reopened_permille: i64,
    /// Of those that came in: answered later than they were due, or not at all though that is over.
    pub breached: i64,
    /// Every day, in order.
    pub days: Vec<NumbersOfDay>,
    /// Those that came in, by each hour of the day in Japan.
    pub hours: [i64; 24],
    /// Those that came in, by what they are about, the most first; none: nothing was said.
    pub topics: Vec<(Option<InquiryTag>, i64)>,
    /// Those that came in, by the way they came, the most first.
    pub channels: Vec<(Channel, i64)>,
}

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
pub enum InquiryNumbersError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There are none of such days.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The numbers of the days from one to another, both counted.
    pub async fn inquiry_numbers(
        &self,
        op: &OpContext,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<InquiryNumbers, InquiryNumbersError> {
        op.require(Permission::ReadInquiries)?;
        let invalid =
            |field, code, text: &str| InquiryNumbersError::Invalid(InputProblem::new(field, code, text));
        if to < from {
            return Err(invalid(
                "to",
                "empty_time",
                "終わりの日は、始まりの日以降にしてください。",
            ));
        }
        if (to - from).num_days() >= MOST_DAYS {
            return Err(invalid("to", "over_a_year", "1年以内の期間を指定してください。"));
        }
        let begin = midnight_in_japan(from);
        let end = to.checked_add_days(Days::new(1)).and_then(midnight_in_japan);
        let (Some(begin), Some(end)) = (begin, end) else {
            return Err(invalid(
                "from",
                "day_out_of_range",
                "読み取れる日付を入力してください。",
            ));
        };
        let span = NumberSpan {
            from: begin,
            until: end,
            now: op.now(),
        };
        let counted = storage::inquiry::counted(self.store.database(), span).await;
        let counted = counted.map_err(Internal::new)?;
        let (first_reply, resolution) = self.inquiry_times(span).await?;
        Ok(numbers(from, to, &counted, first_reply, resolution))
    }

    /// How long it took to answer and to close what came in: page by page, and only how often which time was taken is kept.
    async fn inquiry_times(&self, span: NumberSpan) -> Result<(Spread, Spread), Internal> {
        let calendar = self.calendar().await?;
        let minutes = BusinessMinutes::of(&calendar, day_in_japan(span.from), day_in_japan(span.now));
        let (mut first_reply, mut resolution) = (Durations::default(), Durations::default());
        let mut after = None;
        loop {
            let page = storage::inquiry::courses(self.store.database(), span, after).await;
            let page = page.map_err(Internal::new)?;
            let Some(last) = page.last() else {
                return Ok((first_reply.spread(), resolution.spread()));
            };
            after = Some(*last);
            for row in page {
                if let Some(at) = row.first_replied_at {
                    first_reply.took(minutes.between(row.received_at, at));
                }
                if let Some(at) = row.closed_at {
                    resolution.took(minutes.between(row.received_at, at));
                }
            }
        }
    }
}

/// How often each time was taken.
#[derive(Default)]
struct Durations(BTreeMap<i64, u64>);

impl Durations {
    fn took(&mut self, minutes: i64) {
        *self.0.entry(minutes).or_default() += 1;
    }

    fn spread(&self) -> Spread {
        let count = self.0.values().sum();
        Spread {
            count,
            median: self.reached(count.div_ceil(2)),
            p90: self.reached((count * 9).div_ceil(10)),
        }
    }

    /// The time that so many of them took at most.
    fn reached(&self, wanted: u64) -> Option<i64> {
        let mut seen = 0;
        self.0.iter().find_map(|(minutes, count)| {
            seen += count;
            (seen >= wanted).then_some(*minutes)
        })
    }
}

fn numbers(
    from: NaiveDate,
    to: NaiveDate,
    counted: &Counted,
    first_reply: Spread,
    resolution: Spread,
) -> InquiryNumbers {
    let mut backlog = counted.waiting_before;
    let days = from.iter_days().take_while(|day| *day <= to).map(|day| {
        let count = counted.days.get(&day).copied().unwrap_or_default();
        backlog += count.change;
        NumbersOfDay {
            day,
            received: count.received,
            answered: count.answered,
            closed: count.closed,
            backlog,
        }
    });
    let days: Vec<NumbersOfDay> = days.collect();
    let all = counted.days.values();
    let closed: i64 = all.clone().map(|it| it.closed).sum();
    let undone: i64 = all.clone().map(|it| it.undone).sum();
    let mut hours = [0; 24];
    for (hour, count) in &counted.hours {
        if let Some(place) = usize::try_from(*hour).ok().and_then(|hour| hours.get_mut(hour)) {
            *place = *count;
        }
    }
    // A topic that this version does not know was said by a newer one; it is none that can be shown.
    let topic = |code: &Option<String>| code.as_deref().and_then(InquiryTag::from_code);
    let topics = counted.topics.iter().map(|(code, count)| (topic(code), *count));
    let channels = counted
        .channels
        .iter()
        .filter_map(|(code, count)| Some((Channel::from_code(code)?, *count)));
    InquiryNumbers {
        from,
        to,
        received: days.iter().map(|it| it.received).sum(),
        answered: days.iter().map(|it| it.answered).sum(),
        closed,
        reopened: all.map(|it| it.reopened).sum(),
        first_reply,
        resolution,
        reopened_permille: if closed > 0 { undone * 1_000 / closed } else { 0 },
        breached: counted.breached,
        days,
        hours,
        topics: most_first(topics),
        channels: most_first(channels),
    }
}

fn most_first<K: Ord + Copy>(counts: impl Iterator<Item = (K, i64)>) -> Vec<(K, i64)> {
    let mut sums: BTreeMap<K, i64> = BTreeMap::new();
    for (key, count) in counts {
        *sums.entry(key).or_default() += count;
    }
    let mut sums: Vec<(K, i64)> = sums.into_iter().collect();
    sums.sort_by_key(|(key, count)| (-count, *key));
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(minutes: &[i64]) -> Spread {
        let mut durations = Durations::default();
        for took in minutes {
            durations.took(*took);
        }
        durations.spread()
    }

    #[test]
    fn numbers_are_spread_by_the_nearest_rank() {
        let of = |count, median, p90| Spread { count, median, p90 };
        assert_eq!(spread(&[]), of(0, None, None));
        assert_eq!(spread(&[7]), of(1, Some(7), Some(7)));
        assert_eq!(spread(&[3, 1, 2]), of(3, Some(2), Some(3)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(spread(&ten), of(10, Some(5), Some(9)));
        assert_eq!(spread(&[0, 0, 0, 60]), of(4, Some(0), Some(60)));
    }
}

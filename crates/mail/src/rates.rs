//! How fast mail may go: to the relay as a whole, and to each domain that receives it, as large providers and carriers refuse
//! what comes too fast.
//!
//! Each pace is kept as the one moment up to which it is used up (the generic cell rate algorithm), so a domain that was quiet
//! for long enough needs no memory.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// So many domains are remembered before those that are free again are forgotten.
const REMEMBERED: usize = 10_000;

/// A pace: so many messages within so much time, evenly, and at most so many at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many messages.
    pub messages: u32,
    /// Within how long.
    pub within: Duration,
    /// How many of them at one moment.
    pub at_once: u32,
}

impl Rate {
    fn interval(&self) -> TimeDelta {
        let interval = self.within / self.messages.max(1);
        TimeDelta::from_std(interval).unwrap_or(TimeDelta::MAX)
    }

    /// How far ahead of the clock it may be used up.
    fn ahead(&self) -> TimeDelta {
        let others = i32::try_from(self.at_once.saturating_sub(1)).unwrap_or(i32::MAX);
        self.interval().checked_mul(others).unwrap_or(TimeDelta::MAX)
    }
}

/// Whether a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// Now; it is counted.
    Now,
    /// Not before this moment; nothing is counted.
    NotBefore(DateTime<Utc>),
}

/// The paces, and how far each is used up.
#[derive(Debug)]
pub struct Rates {
    relay: Option<Rate>,
    each_domain: Option<Rate>,
    named: HashMap<String, Rate>,
    relay_used_until: DateTime<Utc>,
    used_until: HashMap<String, DateTime<Utc>>,
}

impl Rates {
    /// A pace for the whole relay and one for each domain; none means no limit.
    pub fn new(relay: Option<Rate>, each_domain: Option<Rate>) -> Self {
        Self {
            relay,
            each_domain,
            named: HashMap::new(),
            relay_used_until: DateTime::UNIX_EPOCH,
            used_until: HashMap::new(),
        }
    }

    /// Another pace for one domain, in lower case and ASCII as [`domain::mailing::Address::domain`] gives it.
    #[must_use]
    pub fn with_domain(mut self, domain: impl Into<String>, rate: Rate) -> Self {
        self.named.insert(domain.into(), rate);
        self
    }

    /// Whether a message to this domain may go now. It is counted for both paces or for none.
    pub fn ask(&mut self, domain: &str, now: DateTime<Utc>) -> Go {
        let rate = self.named.get(domain).copied().or(self.each_domain);
        let relay = self.relay.map(|rate| next(rate, self.relay_used_until, now));
        let used_until = self.used_until.get(domain).copied();
        let to_domain = rate.map(|rate| next(rate, used_until.unwrap_or(now), now));
        let not_before = [relay, to_domain]
            .into_iter()
            .flatten()
            .filter_map(Result::err)
            .max();
        if let Some(moment) = not_before {
            return Go::NotBefore(moment);
        }
        if let Some(Ok(until)) = relay {
            self.relay_used_until = until;
        }
        if let Some(Ok(until)) = to_domain {
            if self.used_until.len() >= REMEMBERED {
                self.used_until.retain(|_, until| *until > now);
            }
            self.used_until.insert(domain.to_owned(), until);
        }
        Go::Now
    }
}

/// Until when a pace is used up if one more goes now, or the moment when one more may go.
fn next(rate: Rate, used_until: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, DateTime<Utc>> {
    let (interval, ahead) = (rate.interval(), rate.ahead());
    // More than a full pace ahead can only be after the clock was set back.
    let most = later(later(now, ahead), interval);
    let used_until = if used_until > most {
        now
    } else {
        used_until.max(now)
    };
    if used_until > later(now, ahead) {
        Err(used_until - ahead)
    } else {
        Ok(later(used_until, interval))
    }
}

fn later(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PER_MINUTE: Rate = Rate {
        messages: 60,
        within: Duration::from_mins(1),
        at_once: 1,
    };

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn messages_go_evenly_and_a_refusal_says_when() {
        let mut rates = Rates::new(Some(PER_MINUTE), None);
        assert_eq!(rates.ask("example.jp", at(0)), Go::Now);
        assert_eq!(rates.ask("example.com", at(1)), Go::NotBefore(at(1000)));
        assert_eq!(rates.ask("example.com", at(999)), Go::NotBefore(at(1000)));
        assert_eq!(rates.ask("example.com", at(1000)), Go::Now);
    }

    #[test]
    fn some_may_go_at_once_and_then_the_pace_holds() {
        let burst = Rate {
            at_once: 3,
            ..PER_MINUTE
        };
        let mut rates = Rates::new(Some(burst), None);
        for _ in 0..3 {
            assert_eq!(rates.ask("example.jp", at(0)), Go::Now);
        }
        assert_eq!(rates.ask("example.jp", at(0)), Go::NotBefore(at(1000)));
        let within_ten_minutes = (0..600_000)
            .step_by(10)
            .filter(|millis| rates.ask("example.jp", at(*millis)) == Go::Now)
            .count();
        assert_eq!(within_ten_minutes + 3, 602);
    }

    #[test]
    fn a_slow_domain_does_not_hold_up_the_others_nor_use_up_the_relay() {
        let mut rates = Rates::new(
            Some(Rate {
                at_once: 2,
                ..PER_MINUTE
            }),
            None,
        )
        .with_domain("docomo.ne.jp", PER_MINUTE);
        assert_eq!(rates.ask("docomo.ne.jp", at(0)), Go::Now);
        assert_eq!(rates.ask("docomo.ne.jp", at(0)), Go::NotBefore(at(1000)));
        assert_eq!(rates.ask("example.jp", at(0)), Go::Now);
        assert_eq!(rates.ask("example.jp", at(0)), Go::NotBefore(at(1000)));
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nothing() {
        let mut rates = Rates::new(Some(PER_MINUTE), Some(PER_MINUTE));
        assert_eq!(rates.ask("example.jp", at(3_600_000)), Go::Now);
        assert_eq!(rates.ask("example.jp", at(0)), Go::Now);
        assert_eq!(rates.ask("example.jp", at(0)), Go::NotBefore(at(1000)));
    }

    #[test]
    fn domains_that_are_free_again_are_forgotten() {
        let mut rates = Rates::new(None, Some(PER_MINUTE));
        for number in 0..3 * REMEMBERED {
            let millis = i64::try_from(number).unwrap();
            assert_eq!(rates.ask(&format!("d{number}.example.jp"), at(millis)), Go::Now);
        }
        assert!(rates.used_until.len() <= REMEMBERED);
    }

    #[test]
    fn no_rate_makes_it_fail() {
        for (messages, within, at_once) in [
            (0, Duration::MAX, 0),
            (1, Duration::MAX, u32::MAX),
            (u32::MAX, Duration::ZERO, u32::MAX),
        ] {
            let rate = Rate {
                messages,
                within,
                at_once,
            };
            let mut rates = Rates::new(Some(rate), Some(rate));
            let _ = rates.ask("example.jp", at(0));
            let _ = rates.ask("example.jp", at(0));
        }
    }
}

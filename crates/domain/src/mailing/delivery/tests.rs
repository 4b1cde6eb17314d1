//! Every way a message can take, and for how long it is tried.

use std::time::Duration;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::super::outcome::{Reply, Step};
use super::*;
use crate::reason::Reason;

const EVERY_DECISION: [Decision; 3] = [Decision::TreatAsSent, Decision::SendAgain, Decision::Cancel];

fn reply(step: Step, code: u16) -> Reply {
    Reply::new(step, code, "")
}

fn later(code: u16) -> Outcome {
    Outcome::Deferred {
        cause: Cause::Reply(reply(Step::Recipient, code)),
        retry_in: None,
    }
}

fn refused(step: Step, code: u16) -> Outcome {
    Outcome::Refused {
        reply: reply(step, code),
    }
}

fn failed() -> Outcome {
    Outcome::ConnectionFailed {
        why: Reason::outside("the relay does not answer"),
        reply: None,
    }
}

fn first(now: DateTime<Utc>) -> Attempt {
    Attempt {
        judged_before: 0,
        queued_at: now,
        not_after: None,
        now,
    }
}

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn next(attempt: &Attempt, outcome: &Outcome, dice: u64) -> Next {
    after(State::Claimed, attempt, outcome, &Policy::default(), dice).expect("claimed")
}

/// Tries with the same outcome until it ends; gives when each attempt was made, and the end.
fn until_the_end(
    outcome: &Outcome,
    not_after: Option<DateTime<Utc>>,
    dice: u64,
) -> (Vec<DateTime<Utc>>, Next) {
    let mut attempt = Attempt {
        not_after,
        ..first(start())
    };
    let mut tried = vec![attempt.now];
    loop {
        let next = next(&attempt, outcome, dice.wrapping_mul(tried.len() as u64));
        let Some(at) = next.next_try_at else {
            return (tried, next);
        };
        assert_eq!(next.state, State::Deferred);
        tried.push(at);
        attempt.now = at;
        attempt.judged_before = next.judged;
    }
}

#[test]
fn an_outcome_leads_where_it_must() {
    let attempt = first(start());
    for (outcome, state, ending, judged) in [
        (Outcome::Accepted { reply: None }, State::Accepted, None, 1),
        (later(450), State::Deferred, None, 1),
        (
            refused(Step::Recipient, 550),
            State::Bounced,
            Some(Ending::Refused),
            1,
        ),
        (
            refused(Step::Message, 554),
            State::Bounced,
            Some(Ending::Refused),
            1,
        ),
        (failed(), State::Deferred, None, 0),
        (
            Outcome::InDoubt {
                why: Reason::outside(""),
            },
            State::InDoubt,
            None,
            0,
        ),
        (
            Outcome::Unbuildable {
                why: Reason::outside(""),
            },
            State::Parked,
            None,
            0,
        ),
        (Outcome::Panicked, State::Parked, None, 0),
    ] {
        let next = next(&attempt, &outcome, 0);
        assert_eq!(
            (next.state, next.ending, next.judged),
            (state, ending, judged),
            "{outcome:?}"
        );
        assert_eq!(
            next.next_try_at.is_some(),
            state == State::Deferred,
            "{outcome:?}"
        );
    }
}

#[test]
fn what_the_relay_holds_against_us_bounces_nothing() {
    for outcome in [refused(Step::Sender, 553), refused(Step::Recipient, 530)] {
        let next = next(&first(start()), &outcome, 0);
        assert_eq!((next.state, next.judged), (State::Deferred, 0));
        assert_eq!(bounce_of(&outcome), None);
    }
    assert_eq!(bounce_of(&refused(Step::Recipient, 550)), Some(Returned::Hard));
}

#[test]
fn only_what_is_claimed_or_in_doubt_has_an_outcome() {
    let accepted = Outcome::Accepted { reply: None };
    for state in State::ALL {
        let next = after(state, &first(start()), &accepted, &Policy::default(), 0);
        assert_eq!(
            next.is_ok(),
            matches!(state, State::Claimed | State::InDoubt),
            "{state}"
        );
    }
}

#[test]
fn t25_what_is_in_doubt_moves_by_a_person_or_by_evidence_only() {
    assert!(!State::InDoubt.waits());
    assert_eq!(decide(State::InDoubt, Decision::TreatAsSent), Ok(State::Accepted));
    assert_eq!(decide(State::InDoubt, Decision::SendAgain), Ok(State::Queued));
    assert!(decide(State::InDoubt, Decision::Cancel).is_err());
    assert_eq!(comes_back(State::InDoubt, Returned::Hard), State::Bounced);
    assert_eq!(comes_back(State::InDoubt, Returned::Delay), State::Accepted);
    assert_eq!(interrupted(State::Claimed, false), Ok(State::InDoubt));
    assert_eq!(interrupted(State::Claimed, true), Ok(State::Queued));
}

#[test]
fn a_person_decides_only_where_there_is_something_to_decide() {
    for state in State::ALL {
        let possible = EVERY_DECISION.map(|decision| decide(state, decision).is_ok());
        let expected = match state {
            State::InDoubt => [true, true, false],
            State::Parked => [false, true, true],
            State::Queued | State::Deferred => [false, false, true],
            _ => [false; 3],
        };
        assert_eq!(possible, expected, "{state}");
    }
}

#[test]
fn a_report_that_comes_late_moves_only_what_was_sent() {
    for state in State::ALL {
        for returned in [Returned::Hard, Returned::Soft] {
            let sent = matches!(state, State::Accepted | State::InDoubt);
            let expected = if sent { State::Bounced } else { state };
            assert_eq!(comes_back(state, returned), expected);
        }
    }
    assert_eq!(comes_back(State::Accepted, Returned::Delay), State::Accepted);
}

#[test]
fn states_read_back_as_they_were_written() {
    for state in State::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    assert!("sent".parse::<State>().is_err());
}

#[test]
fn t27_a_recipient_who_is_put_off_for_four_days_and_then_accepted_has_it() {
    let (tried, _) = until_the_end(&later(451), None, 7);
    let fourth_day = start() + TimeDelta::days(4);
    assert!(
        tried.iter().any(|at| *at > fourth_day),
        "somebody tries on the fifth day"
    );
    let accepted = next(
        &Attempt {
            judged_before: u32::try_from(tried.len()).unwrap(),
            now: fourth_day + TimeDelta::hours(4),
            ..first(start())
        },
        &Outcome::Accepted { reply: None },
        0,
    );
    assert_eq!(accepted.state, State::Accepted);
}

#[test]
fn t27_failed_connections_cost_no_attempt() {
    let (_, end) = until_the_end(&failed(), None, 3);
    assert_eq!((end.judged, end.ending), (0, Some(Ending::GaveUp)));
    // A long silence of the relay is no reason to wait long for the recipient.
    let put_off = next(
        &Attempt {
            now: start() + TimeDelta::days(1),
            ..first(start())
        },
        &later(450),
        0,
    );
    assert_eq!(
        put_off.next_try_at,
        Some(start() + TimeDelta::days(1) + TimeDelta::minutes(1))
    );
}

#[test]
fn a_delay_that_the_carrier_knows_is_kept_and_costs_no_attempt() {
    let full = Outcome::Deferred {
        cause: Cause::Here(Reason::outside("the disk is full")),
        retry_in: Some(Duration::from_mins(10)),
    };
    let next = next(&first(start()), &full, 0);
    assert_eq!(next.next_try_at, Some(start() + TimeDelta::minutes(10)));
    assert_eq!(next.judged, 0);
}

proptest! {
    #[test]
    fn t27_retries_grow_from_a_minute_to_four_hours_and_end_after_five_days(dice: u64) {
        let (tried, end) = until_the_end(&later(450), None, dice);
        prop_assert_eq!((end.state, end.ending), (State::Bounced, Some(Ending::GaveUp)));
        let delays: Vec<_> = tried.windows(2).map(|pair| pair[1] - pair[0]).collect();
        prop_assert!(delays.iter().all(|delay| *delay >= TimeDelta::minutes(1)));
        prop_assert!(delays.iter().all(|delay| *delay <= TimeDelta::hours(4)));
        prop_assert!(delays[0] <= TimeDelta::seconds(75));
        // Doubled each time, and a quarter by chance: a later one is never the shorter, until the limit of five days.
        prop_assert!(delays[..8].is_sorted());
        let last = *tried.last().unwrap() - start();
        prop_assert!(last <= TimeDelta::days(5) && last > TimeDelta::days(5) - TimeDelta::minutes(1));
        prop_assert!((36..=50).contains(&tried.len()), "{} attempts", tried.len());
    }

    #[test]
    fn nothing_is_tried_past_its_not_after(dice: u64, minutes in 0_i64..20_000) {
        let not_after = start() + TimeDelta::minutes(minutes);
        for outcome in [later(450), failed()] {
            let (tried, end) = until_the_end(&outcome, Some(not_after), dice);
            prop_assert!(tried[1..].iter().all(|at| *at < not_after));
            let too_late = minutes <= 5 * 24 * 60;
            prop_assert_eq!(end.ending, Some(if too_late { Ending::TooLate } else { Ending::GaveUp }));
        }
    }

    #[test]
    fn no_policy_makes_it_fail(judged: u32, seconds: [u64; 4], dice: u64, now: i32, waited: u32) {
        let [first_delay, longest_delay, longest_pause, give_up_after] = seconds.map(Duration::from_secs);
        let policy = Policy { first_delay, longest_delay, longest_pause, give_up_after };
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(now.into());
        let attempt = Attempt {
            judged_before: judged,
            queued_at: now - TimeDelta::seconds(waited.into()),
            not_after: Some(now),
            now,
        };
        for outcome in [later(450), failed(), Outcome::Panicked] {
            prop_assert!(after(State::Claimed, &attempt, &outcome, &policy, dice).is_ok());
        }
    }
}

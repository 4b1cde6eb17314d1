//! From two stars to one, and a policy that is no longer there.

use chrono::NaiveDate;

use super::{
    outcome::{Decision, Drafting, Problem, required_reason},
    star::change,
};
use crate::{
    declaration::{DeclarationEvent, Field, FieldValue, Timeline},
    value::Star,
};

/// The step from two stars to one.
#[derive(Clone)]
pub struct StepDown {
    /// From when it holds.
    pub on: NaiveDate,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why there is no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepDownError {
    /// The declaration is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// It has no two stars.
    #[error("the declaration does not have two stars")]
    NotTwoStars,
    /// The day lies ahead.
    #[error("the day of the step lies in the future")]
    InTheFuture,
    /// The day lies before it had two stars.
    #[error("the declaration had two stars later than that day")]
    TooEarly {
        /// The first day of a step.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// A policy that is no longer there.
#[derive(Clone)]
pub struct WithdrawPolicy {
    /// From when it is not.
    pub on: NaiveDate,
    /// Whether two stars become one with it. Two stars need a policy.
    pub step_down: bool,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why a policy stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WithdrawPolicyError {
    /// The declaration is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// There is none.
    #[error("no policy is recorded")]
    NoPolicy,
    /// Two stars need one: they become one star in the same command, or the policy stays.
    #[error("two stars need a policy")]
    TwoStars,
    /// The day lies ahead.
    #[error("the day lies in the future")]
    InTheFuture,
    /// The day lies before the policy was recorded, or before the star was last changed: two stars need a policy.
    #[error("the policy was recorded later than that day")]
    TooEarly {
        /// The first day.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Decides the step to one star. Diagnosis and policy stay on record.
pub fn step_down(
    timeline: &Timeline,
    command: &StepDown,
    today: NaiveDate,
) -> Result<Decision, StepDownError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(StepDownError::NotLive);
    }
    if current.facts.star() != Some(Star::Two) {
        return Err(StepDownError::NotTwoStars);
    }
    let earliest = timeline.stated_from(Field::Star);
    if command.on > today {
        return Err(StepDownError::InTheFuture);
    }
    if command.on < earliest {
        return Err(StepDownError::TooEarly { earliest });
    }
    let reason = required_reason(&command.reason, current).map_err(StepDownError::Reason)?;
    let mut draft = Drafting::new(timeline);
    push_step_down(&mut draft, timeline, command.on);
    draft.follow_with_flags(None);
    Ok(draft.into_decision(Some(reason)))
}

/// Decides that a policy is no longer there. A declaration with two stars needs one, so it steps down in the same command or
/// keeps it.
pub fn withdraw_policy(
    timeline: &Timeline,
    command: &WithdrawPolicy,
    today: NaiveDate,
) -> Result<Decision, WithdrawPolicyError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(WithdrawPolicyError::NotLive);
    }
    let fields = [Field::PolicyUrl, Field::PolicyPublishedOn];
    let stated = fields
        .into_iter()
        .filter(|field| current.facts.get(*field).is_some());
    let stated: Vec<Field> = stated.collect();
    if stated.is_empty() {
        return Err(WithdrawPolicyError::NoPolicy);
    }
    let two_stars = current.facts.star() == Some(Star::Two);
    if two_stars && !command.step_down {
        return Err(WithdrawPolicyError::TwoStars);
    }
    if command.on > today {
        return Err(WithdrawPolicyError::InTheFuture);
    }
    // Also with one star: on the days before it stepped down it needed the policy.
    let said = stated.iter().copied().chain([Field::Star]);
    let earliest = said.map(|field| timeline.stated_from(field)).max();
    if let Some(earliest) = earliest.filter(|earliest| command.on < *earliest) {
        return Err(WithdrawPolicyError::TooEarly { earliest });
    }
    let reason = required_reason(&command.reason, current).map_err(WithdrawPolicyError::Reason)?;
    let mut draft = Drafting::new(timeline);
    if two_stars {
        push_step_down(&mut draft, timeline, command.on);
    }
    let changes = stated
        .iter()
        .map(|field| change(&current.facts, *field, None))
        .collect();
    draft.push_changes(command.on, changes, |changes| DeclarationEvent::PolicyWithdrawn {
        changes,
    });
    draft.follow_with_flags(None);
    Ok(draft.into_decision(Some(reason)))
}

fn push_step_down(draft: &mut Drafting<'_>, timeline: &Timeline, on: NaiveDate) {
    let star = FieldValue::read(Field::Star, Star::One.code());
    let changes = vec![change(&timeline.current().facts, Field::Star, star)];
    draft.push_changes(on, changes, |changes| DeclarationEvent::SteppedDown { changes });
}

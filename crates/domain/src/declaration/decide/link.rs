//! An old number and the new one that takes its place: two declarations of one declarer, of which the newer goes on.

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, required_reason};
use crate::declaration::{Declaration, DeclarationEvent, Field, Timeline, Undone};

/// Says that a newer declaration took the place of an older one.
#[derive(Clone)]
pub struct LinkNumbers {
    /// From which day.
    pub on: NaiveDate,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
    /// Whether yet another live declaration has the newer one's corporate number.
    pub number_live_elsewhere: bool,
}

/// Why the two are not linked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkNumbersError {
    /// Both are the same declaration.
    #[error("a declaration does not take its own place")]
    Itself,
    /// The numbers are not an old one and a new one.
    #[error("an old number begins with 4 and a new one with 5")]
    Generation,
    /// Something took the older one's place already.
    #[error("the older declaration has been replaced already")]
    OldReplaced,
    /// Something took the newer one's place: that would lead in a circle, or to where nothing is any more.
    #[error("the newer declaration has been replaced itself")]
    NewReplaced,
    /// The newer one is not live.
    #[error("the newer declaration is not live")]
    NewNotLive,
    /// The day lies ahead.
    #[error("the day lies in the future")]
    InTheFuture,
    /// The day lies before the newer declaration, or before what was last said about the older one being live.
    #[error("the newer declaration had not begun, or the older one stood otherwise later than that day")]
    TooEarly {
        /// The first day that it can be linked from.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// The numbers of declarations of the older system begin with this.
const OLD: char = '4';
/// Those of the newer one with this.
const NEW: char = '5';

/// Whether a declaration has a number of the older system.
pub fn is_of_old_system(declaration: &Declaration) -> bool {
    begins_with(declaration, OLD)
}

fn begins_with(declaration: &Declaration, digit: char) -> bool {
    declaration
        .facts
        .value(Field::DeclarationNo)
        .is_some_and(|number| number.starts_with(digit))
}

/// Decides that the newer declaration took the older one's place. The older one is live no more, whatever it was before; nothing of it is
/// deleted, and its number leads to the newer one.
pub fn link_numbers(
    old: &Timeline,
    new: &Timeline,
    command: &LinkNumbers,
    today: NaiveDate,
) -> Result<Decision, LinkNumbersError> {
    let (older, newer) = (old.current(), new.current());
    if older.id == newer.id {
        return Err(LinkNumbersError::Itself);
    }
    if !is_of_old_system(older) || !begins_with(newer, NEW) {
        return Err(LinkNumbersError::Generation);
    }
    if older.replaced.is_some() {
        return Err(LinkNumbersError::OldReplaced);
    }
    if newer.replaced.is_some() {
        return Err(LinkNumbersError::NewReplaced);
    }
    if !newer.live_on(today) {
        return Err(LinkNumbersError::NewNotLive);
    }
    if command.on > today {
        return Err(LinkNumbersError::InTheFuture);
    }
    let declared = newer.facts.declared_on().unwrap_or_else(|| new.begun_on());
    let stood_since = old.liveness_stated_on();
    let earliest = declared.max(old.begun_on()).max(stood_since.unwrap_or(declared));
    if command.on < earliest {
        return Err(LinkNumbersError::TooEarly { earliest });
    }
    let reason = required_reason(&command.reason, older).map_err(LinkNumbersError::Reason)?;
    let alone = (!command.number_live_elsewhere).then_some(false);
    let mut draft = Drafting::new(old);
    let superseded = DeclarationEvent::Superseded {
        by: newer.id,
        corporate_number: older.facts.corporate_number(),
    };
    // A link that was taken back said of a later day that nothing had taken its place: it is said anew, here and there.
    draft.push(command.on, superseded.clone());
    for day in old.undone_on_days_after(command.on, |undone| undone.replaced.is_some()) {
        draft.push(day, superseded.clone());
    }
    draft.follow_with_flags(alone);
    let mut of_new = Drafting::new(new);
    let linked = DeclarationEvent::LinkedToOld { old: older.id };
    of_new.push(command.on, linked.clone());
    let unlinked = |undone: &Undone| undone.replaces.is_some_and(|(of, _)| of == older.id);
    for day in new.undone_on_days_after(command.on, unlinked) {
        of_new.push(day, linked.clone());
    }
    of_new.follow_with_flags(alone);
    Ok(draft.into_decision_with(of_new, Some(reason)))
}

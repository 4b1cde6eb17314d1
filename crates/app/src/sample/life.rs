//! What happens to the declarations of the sample, and when: drawn before anything is done, then done in order.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::dice::Dice;

/// The first day of the programme in the sample.
pub(super) const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2017, 4, 3) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// From this day on numbers begin with 5, and six rules are pledged.
pub(super) const NEW_NUMBERS: NaiveDate = match NaiveDate::from_ymd_opt(2026, 4, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// One thing that happens to one declaration of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// It is declared.
    Declared,
    /// A mistake of its first day is noticed.
    Mistake,
    /// The organisation moves.
    Moved,
    /// Another person is to be written to.
    NewContact,
    /// Diagnosis and policy are recorded, and the second star.
    SteppedUp,
    /// It ends.
    Stopped,
    /// It comes back.
    Reinstated,
    /// Staff write something down.
    Noted,
    /// The organisation declares again, under a new number.
    DeclaredAgain,
}

/// What happens on each day: the number of the declaration in the sample, and what.
pub(super) type Calendar = BTreeMap<NaiveDate, Vec<(u32, Happening)>>;

/// Draws the lives of so many declarations up to today.
pub(super) fn draw(dice: &mut Dice, declarations: u32, today: NaiveDate) -> Calendar {
    let mut calendar = Calendar::new();
    let days = u64::try_from((today - FIRST_DAY).num_days()).unwrap_or(0);
    for number in 0..declarations {
        // Spread evenly with some noise: every year has its share.
        let share = u64::from(number) * days / u64::from(declarations.max(1));
        let born = FIRST_DAY + Days::new((share + dice.below(20)).min(days));
        let mut add = |day: NaiveDate, what| {
            if day <= today {
                calendar.entry(day).or_default().push((number, what));
            }
        };
        add(born, Happening::Declared);
        let mut day = born;
        let mut later = |dice: &mut Dice, least: u64, spread: u64| {
            day = day + Days::new(least + dice.below(spread));
            day
        };
        if dice.chance(12) {
            add(later(dice, 3, 60), Happening::Mistake);
        }
        if dice.chance(10) {
            add(later(dice, 1, 30), Happening::Noted);
        }
        if dice.chance(30) {
            add(later(dice, 30, 500), Happening::SteppedUp);
        }
        if dice.chance(22) {
            add(later(dice, 100, 700), Happening::NewContact);
        }
        if dice.chance(14) {
            add(later(dice, 100, 900), Happening::Moved);
        }
        ending(dice, number, born, today, &mut calendar);
    }
    calendar
}

/// How a declaration ends, if it does.
fn ending(dice: &mut Dice, number: u32, born: NaiveDate, today: NaiveDate, calendar: &mut Calendar) {
    let mut add = |day: NaiveDate, what| {
        if day <= today {
            calendar.entry(day).or_default().push((number, what));
        }
    };
    if born < NEW_NUMBERS && dice.chance(15) {
        add(NEW_NUMBERS + Days::new(dice.below(200)), Happening::DeclaredAgain);
    } else if dice.chance(8) {
        let stopped = born + Days::new(200 + dice.below(1_500));
        add(stopped, Happening::Stopped);
        if dice.chance(15) {
            add(stopped + Days::new(20 + dice.below(200)), Happening::Reinstated);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_is_declared_once_and_nothing_happens_before_or_after_time() {
        let today = NEW_NUMBERS + Days::new(100);
        let calendar = draw(&mut Dice::new(7), 300, today);
        let declared = calendar
            .values()
            .flatten()
            .filter(|(_, what)| *what == Happening::Declared)
            .count();
        assert_eq!(declared, 300);
        assert!(calendar.keys().all(|day| (FIRST_DAY..=today).contains(day)));
    }

    #[test]
    fn the_same_seed_draws_the_same_lives() {
        let draw = |seed| draw(&mut Dice::new(seed), 50, NEW_NUMBERS);
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}

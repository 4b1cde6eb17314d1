//! What a list was narrowed to when something was made of what it had, told back so that it can be said in the words of the list.

use app::day_in_japan;
use async_graphql::SimpleObject;
use chrono::TimeDelta;
use storage::declaration as read;

use super::enums::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass, Star};
use super::filter::Pledge;
use super::values::TextResult;
use crate::scalars::Date;

/// What a list was narrowed to. Values of one key are alternatives; an empty one narrowed nothing.
#[derive(SimpleObject)]
pub struct NarrowedBy {
    /// Stars.
    pub stars: Vec<Star>,
    /// States.
    pub states: Vec<DeclarationState>,
    /// Prefectures, by code.
    pub prefectures: Vec<String>,
    /// Warnings.
    pub flags: Vec<FlagCode>,
    /// Industries, by letter.
    pub industries: Vec<String>,
    /// Size classes.
    pub sizes: Vec<SizeClass>,
    /// Pledges.
    pub pledges: Vec<Pledge>,
    /// Ways into the register.
    pub provenances: Vec<Provenance>,
    /// Whether it was shown in the public search.
    pub published: Option<bool>,
    /// States of the policy.
    pub policies: Vec<PolicyState>,
    /// States of the contact.
    pub contacts: Vec<ContactState>,
    /// Whether mail did not reach it.
    pub unreachable: bool,
    /// How the city began, in the form that cities are compared in.
    pub city: Option<String>,
    /// Declared on this day or later.
    pub declared_from: Option<Date>,
    /// Declared on this day or earlier.
    pub declared_to: Option<Date>,
    /// Changed on this day in Japan or later.
    pub changed_from: Option<Date>,
    /// Changed on this day in Japan or earlier.
    pub changed_to: Option<Date>,
    /// What was searched for, which may be a name; null: nothing was.
    pub search: Option<TextResult>,
}

impl NarrowedBy {
    /// With what was searched for, as whoever asks may read it.
    pub fn new(filter: &read::Filter, search: Option<TextResult>) -> Self {
        Self {
            stars: all(&filter.stars),
            states: all(&filter.states),
            prefectures: filter.prefectures.iter().map(|it| it.code().to_owned()).collect(),
            flags: all(&filter.flags),
            industries: filter
                .industries
                .iter()
                .map(|it| it.letter().to_string())
                .collect(),
            sizes: all(&filter.sizes),
            pledges: all(&filter.pledges),
            provenances: all(&filter.provenances),
            published: filter.published,
            policies: all(&filter.policies),
            contacts: all(&filter.contacts),
            unreachable: filter.unreachable,
            city: filter.city.clone(),
            declared_from: filter.declared_from.map(Date),
            declared_to: filter.declared_to.map(Date),
            changed_from: filter.changed_from.map(|at| Date(day_in_japan(at))),
            // Kept as the end of the day, which is the beginning of the next one.
            changed_to: filter
                .changed_before
                .map(|at| Date(day_in_japan(at - TimeDelta::microseconds(1)))),
            search,
        }
    }
}

fn all<T: Copy, U: From<T>>(values: &[T]) -> Vec<U> {
    values.iter().copied().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::declaration::filter::DeclarationFilter;

    #[test]
    fn days_of_a_change_come_back_as_they_were_asked_for() {
        let day = |text: &str| Some(Date(text.parse::<NaiveDate>().expect("a day")));
        let asked = DeclarationFilter {
            changed_from: day("2026-04-01"),
            changed_to: day("2026-04-30"),
            prefectures: Some(vec!["13".to_owned()]),
            industries: Some(vec!["E".to_owned()]),
            ..DeclarationFilter::default()
        };
        let Ok(filter) = asked.read() else {
            panic!("every condition is one that there is");
        };
        let told = NarrowedBy::new(&filter, None);
        let days = [told.changed_from, told.changed_to].map(|it| it.map(|it| it.0.to_string()));
        assert_eq!(
            days,
            [Some("2026-04-01".to_owned()), Some("2026-04-30".to_owned())]
        );
        assert_eq!(
            (told.prefectures, told.industries),
            (vec!["13".to_owned()], vec!["E".to_owned()])
        );
    }
}

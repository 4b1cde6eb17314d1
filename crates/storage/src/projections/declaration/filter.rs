//! What a list is narrowed to: values of the cell, and what does not fit into one (a city, days, who cannot be reached).

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass};
use domain::value::{Industry, PledgeVersion, Prefecture, Star};
use event_store::Engine;
use serde::{Deserialize, Serialize};

use super::cell::{Facet, Masks};
use crate::sql::{Fragment, micros};

/// What a list is narrowed to. Values of one dimension are alternatives; dimensions all hold. Empty means: no narrowing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Any of these stars.
    pub stars: Vec<Star>,
    /// Any of these states.
    pub states: Vec<DeclarationState>,
    /// Any of these prefectures.
    pub prefectures: Vec<Prefecture>,
    /// Any of these flags.
    pub flags: Vec<FlagCode>,
    /// Any of these industries.
    pub industries: Vec<Industry>,
    /// Any of these size classes.
    pub sizes: Vec<SizeClass>,
    /// Any of these pledges; `None`: not known.
    pub pledges: Vec<Option<PledgeVersion>>,
    /// Any of these ways into the register.
    pub provenances: Vec<Provenance>,
    /// Whether it is shown in the public search.
    pub published: Option<bool>,
    /// Any of these states of the policy.
    pub policies: Vec<PolicyState>,
    /// Any of these states of the contact.
    pub contacts: Vec<ContactState>,
    /// Mail does not reach it: the newest mail about it went to an address that nothing goes to any more.
    pub unreachable: bool,
    /// How the city begins, in the form of [`domain::declaration::city_key`]; not empty.
    pub city: Option<String>,
    /// Declared on this day or later.
    pub declared_from: Option<NaiveDate>,
    /// Declared on this day or earlier.
    pub declared_to: Option<NaiveDate>,
    /// Changed at this moment or later.
    pub changed_from: Option<DateTime<Utc>>,
    /// Changed before this moment.
    pub changed_before: Option<DateTime<Utc>>,
}

impl Filter {
    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The masks that stand for what is in the cell.
    pub(super) fn masks(&self) -> Masks {
        let mut masks = Masks::ALL;
        masks.only(Facet::State, self.states.iter().copied());
        masks.only(Facet::Star, self.stars.iter().copied().map(Some));
        masks.only(Facet::Prefecture, self.prefectures.iter().copied().map(Some));
        masks.only(Facet::Industry, self.industries.iter().copied().map(Some));
        masks.only(Facet::Size, self.sizes.iter().copied());
        masks.only(Facet::Pledge, self.pledges.iter().copied());
        masks.only(Facet::Provenance, self.provenances.iter().copied());
        masks.only(Facet::Published, self.published);
        masks.only(Facet::Policy, self.policies.iter().copied());
        masks.only(Facet::Contact, self.contacts.iter().copied());
        masks.only(Facet::Flag, self.flags.iter().copied());
        masks
    }

    /// What is not in the cell.
    pub(super) fn spans(&self) -> Spans {
        Spans {
            city: self.city.clone(),
            declared: [self.declared_from, self.declared_to].map(|day| day.map(|it| it.to_string())),
            changed: [self.changed_from, self.changed_before].map(|at| at.map(micros)),
            unreachable: self.unreachable,
        }
    }
}

/// One condition that is not in the cell, and has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// How the city begins.
    City,
    /// The days of the declaration.
    Declared,
    /// When it was changed.
    Changed,
    /// Mail does not reach it.
    Unreachable,
}

/// The conditions that are not in the cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spans {
    city: Option<String>,
    /// First and last day.
    declared: [Option<String>; 2],
    /// From the first moment to before the second.
    changed: [Option<i64>; 2],
    unreachable: bool,
}

/// A row as far as spans look at it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Seen {
    pub(super) seq: i64,
    pub(super) cell: i64,
    pub(super) number: String,
    pub(super) declared_on: String,
    pub(super) changed_at: i64,
    pub(super) city_key: Option<String>,
}

/// Organisations that mail does not reach: the newest mail about them went to an address that nothing goes to any more.
const UNREACHED: &str = "d.organization_id IN (SELECT m.organization_id FROM suppression s \
     JOIN mail m ON m.recipient_hash = s.recipient_hash \
     WHERE s.class = 'all' AND s.until IS NULL AND m.organization_id IS NOT NULL AND NOT EXISTS \
     (SELECT 1 FROM mail n WHERE n.organization_id = m.organization_id AND n.id > m.id \
      AND n.recipient_hash <> m.recipient_hash))";

impl Spans {
    /// Whether there is none.
    pub(super) fn are_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The city alone, which a search has in its own index.
    pub(super) fn city_alone(&self) -> Self {
        Self {
            city: self.city.clone(),
            ..Self::default()
        }
    }

    /// The days of the declaration alone, which the index of the cells has.
    pub(super) fn days_alone(&self) -> Self {
        Self {
            declared: self.declared.clone(),
            ..Self::default()
        }
    }

    /// How the city begins.
    pub(super) fn city(&self) -> Option<&str> {
        self.city.as_deref()
    }

    /// Those that there are.
    pub(super) fn all(&self) -> impl Iterator<Item = Span> {
        let has = [
            (Span::City, self.city.is_some()),
            (Span::Declared, self.declared.iter().any(Option::is_some)),
            (Span::Changed, self.changed.iter().any(Option::is_some)),
            (Span::Unreachable, self.unreachable),
        ];
        has.into_iter().filter(|(_, has)| *has).map(|(span, _)| span)
    }

    /// What a cursor must agree with.
    pub(super) fn text(&self) -> String {
        if self.are_empty() {
            String::new()
        } else {
            format!("{self:?}")
        }
    }

    /// Whether a row is inside this one; a row does not tell whom mail reaches.
    pub(super) fn hold(&self, span: Span, row: &Seen) -> bool {
        match span {
            Span::City => {
                let city = self.city.as_deref().unwrap_or_default();
                row.city_key.as_deref().is_some_and(|key| key.starts_with(city))
            }
            Span::Declared => {
                let [from, to] = &self.declared;
                from.as_ref().is_none_or(|from| *from <= row.declared_on)
                    && to.as_ref().is_none_or(|to| row.declared_on <= *to)
            }
            Span::Changed => {
                let [from, before] = self.changed;
                from.is_none_or(|from| from <= row.changed_at)
                    && before.is_none_or(|before| row.changed_at < before)
            }
            Span::Unreachable => false,
        }
    }

    /// The conditions on `d`, each beginning with ` AND`. `by`: the one whose index is used; SQLite is kept from the others'.
    pub(super) fn condition(&self, sql: &mut Fragment, by: Option<Span>) {
        for span in self.all() {
            let free = by != Some(span) && sql.engine() == Engine::Sqlite;
            match span {
                Span::City => self.city_condition(sql, free),
                Span::Declared => {
                    let columns = if free {
                        [" AND +d.declared_on >= ", " AND +d.declared_on <= "]
                    } else {
                        [" AND d.declared_on >= ", " AND d.declared_on <= "]
                    };
                    for (column, day) in columns.into_iter().zip(&self.declared) {
                        if let Some(day) = day {
                            sql.text(column).bind_text(day);
                        }
                    }
                }
                Span::Changed => {
                    let columns = if free {
                        [" AND +d.changed_at >= ", " AND +d.changed_at < "]
                    } else {
                        [" AND d.changed_at >= ", " AND d.changed_at < "]
                    };
                    for (column, at) in columns.into_iter().zip(self.changed) {
                        if let Some(at) = at {
                            sql.text(column).bind(at);
                        }
                    }
                }
                Span::Unreachable => {
                    sql.text(if free { " AND +" } else { " AND " }).text(UNREACHED);
                }
            }
        }
    }

    fn city_condition(&self, sql: &mut Fragment, free: bool) {
        let Some(from) = &self.city else { return };
        let columns = if free {
            [" AND +d.city_key >= ", " AND +d.city_key < "]
        } else {
            [" AND d.city_key >= ", " AND d.city_key < "]
        };
        sql.text(columns[0]).bind_text(from);
        sql.text(columns[1]).bind_text(after_all(from));
    }
}

/// The first text after all that begin with this one, in the order of code points. The last character of all, which nobody
/// writes, has no next one.
fn after_all(beginning: &str) -> String {
    let mut text: Vec<char> = beginning.chars().collect();
    let next = text
        .pop()
        .and_then(|last| (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32));
    text.into_iter().chain(next).collect()
}

//! What events say that is counted, read no further than that: personal parts are not looked at.

use std::fmt;

use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    declaration::{
        DecodeError, Field, Origin, Provenance, Stop,
        outline::{
            EventText,
            wire::{
                WireChange, WireChanges, WireCorrected, WireStopped, WireTakenOver, WireText, WireUndone,
                parsed,
            },
        },
    },
    ids::DeclarationId,
    value::{EntityType, Industry, Prefecture, Star},
};

/// One thing that an event says of what is counted. An event says any number of them, most events none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The position of the event.
    pub position: i64,
    pub(super) since: NaiveDate,
    pub(super) says: Says,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    Begins(Box<Begins>),
    Fact(Fact),
    Stopped(Stopped),
    /// Whether another declaration took its place.
    Replaced(bool),
}

/// Whether and when it is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It is not.
    Never,
    /// From this day on.
    On(NaiveDate),
    /// Nobody knows the day: it counts as stopped on every day.
    Unknown,
}

impl From<Option<Stop>> for Stopped {
    fn from(stop: Option<Stop>) -> Self {
        match stop {
            None => Self::Never,
            Some(Stop { on: Some(on), .. }) => Self::On(on),
            Some(Stop { on: None, .. }) => Self::Unknown,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begins {
    pub(super) entity: EntityType,
    pub(super) origin: Provenance,
    pub(super) stopped: Stopped,
    pub(super) facts: Facts,
}

/// All facts that are counted, as they are said at some point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) declared_on: Option<NaiveDate>,
    pub(super) star: Option<Star>,
    pub(super) prefecture: Option<Prefecture>,
    pub(super) industry: Option<Industry>,
    pub(super) employees: Option<u64>,
    pub(super) capital: Option<u64>,
}

impl Facts {
    pub(super) const fn set(&mut self, fact: Fact) {
        match fact {
            Fact::DeclaredOn(value) => self.declared_on = value,
            Fact::Star(value) => self.star = value,
            Fact::Prefecture(value) => self.prefecture = value,
            Fact::Industry(value) => self.industry = value,
            Fact::Employees(value) => self.employees = value,
            Fact::Capital(value) => self.capital = value,
        }
    }
}

/// A value that is counted; `None`: there is none, or it cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    DeclaredOn(Option<NaiveDate>),
    Star(Option<Star>),
    Prefecture(Option<Prefecture>),
    Industry(Option<Industry>),
    Employees(Option<u64>),
    Capital(Option<u64>),
}

impl Fact {
    /// The fact of a field and its normal form; `None` for a field that is not counted.
    fn of(field: Field, normal: Option<&str>) -> Option<Self> {
        Some(match field {
            Field::DeclaredOn => Self::DeclaredOn(normal.and_then(|value| value.parse().ok())),
            Field::Star => Self::Star(normal.and_then(Star::from_code)),
            Field::Prefecture => Self::Prefecture(normal.and_then(Prefecture::from_code)),
            Field::Industry => Self::Industry(
                normal
                    .and_then(|value| value.chars().next())
                    .and_then(Industry::from_letter),
            ),
            Field::Employees => Self::Employees(normal.and_then(|value| value.parse().ok())),
            Field::CapitalYen => Self::Capital(normal.and_then(|value| value.parse().ok())),
            _ => return None,
        })
    }

    const fn is_of(field: Field) -> bool {
        matches!(
            field,
            Field::DeclaredOn
                | Field::Star
                | Field::Prefecture
                | Field::Industry
                | Field::Employees
                | Field::CapitalYen
        )
    }
}

impl Step {
    /// Reads what an event of a declaration says that is counted, and of which declaration; `None`: nothing.
    pub fn read(
        position: i64,
        event: &EventText<'_>,
    ) -> Result<Option<(DeclarationId, Vec<Self>)>, DecodeError> {
        event.check_version()?;
        let said = match event.event_type {
            "declaration.registered" | "declaration.made" => said(event, |body: WireBeginning| {
                vec![Says::Begins(Box::new(begins(&body)))]
            }),
            "declaration.corrected" => said(event, |body: WireCorrected<'_>| facts(&[body.change])),
            "declaration.contact_changed"
            | "declaration.diagnosis_recorded"
            | "declaration.policy_recorded"
            | "declaration.stepped_up"
            | "declaration.stepped_down"
            | "declaration.policy_withdrawn" => said(event, |body: WireChanges<'_>| facts(&body.changes)),
            "declaration.absorbed" | "declaration.handed_over" => {
                said(event, |body: WireTakenOver<'_>| facts(&body.changes))
            }
            "declaration.undone" => said(event, |body: WireUndone<'_>| {
                let mut says = facts(&body.changes);
                says.extend(body.liveness.map(|of| Says::Stopped(of.stop.into())));
                says.extend(body.replaced.map(|of| Says::Replaced(of.by.is_some())));
                says
            }),
            "declaration.stopped" => said(event, |body: WireStopped| {
                vec![Says::Stopped(Some(body.stop).into())]
            }),
            "declaration.superseded" | "declaration.merged_into" => {
                said(event, |_: IgnoredAny| vec![Says::Replaced(true)])
            }
            "declaration.reinstated" => said(event, |_: IgnoredAny| vec![Says::Stopped(Stopped::Never)]),
            _ => return Ok(None),
        };
        let (id, says) = said?;
        let steps: Vec<_> = says
            .into_iter()
            .map(|says| Self {
                position,
                since: event.effective_at,
                says,
            })
            .collect();
        Ok((!steps.is_empty()).then_some((id, steps)))
    }

    /// Whether a declaration begins with it.
    pub const fn begins(&self) -> bool {
        matches!(self.says, Says::Begins(_))
    }
}

fn said<'a, T: Deserialize<'a>>(
    event: &EventText<'a>,
    says: impl FnOnce(T) -> Vec<Says>,
) -> Result<(DeclarationId, Vec<Says>), DecodeError> {
    let envelope = parsed::<T>(event)?;
    Ok((envelope.declaration_id, says(envelope.body)))
}

fn begins(body: &WireBeginning) -> Begins {
    Begins {
        entity: body.facts.entity_type,
        origin: body.origin.into(),
        stopped: body.stop.into(),
        facts: body.facts.public.0,
    }
}

fn facts(changes: &[WireChange<'_>]) -> Vec<Says> {
    let fact = |change: &WireChange<'_>| {
        Fact::of(change.field, change.new.as_ref().and_then(WireText::normal)).map(Says::Fact)
    };
    changes.iter().filter_map(fact).collect()
}

/// `origin` stands in what was declared, and not in what was taken over.
#[derive(Deserialize)]
struct WireBeginning {
    #[serde(default)]
    origin: Option<Origin>,
    facts: WireFacts,
    #[serde(default)]
    stop: Option<Stop>,
}

#[derive(Deserialize)]
struct WireFacts {
    entity_type: EntityType,
    public: CountedFacts,
}

/// The facts that are counted of a map of all.
struct CountedFacts(Facts);

impl<'de> Deserialize<'de> for CountedFacts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = CountedFacts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of fields")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CountedFacts, A::Error> {
                let mut facts = Facts::default();
                while let Some(field) = map.next_key::<Field>()? {
                    if Fact::is_of(field) {
                        let text: WireText<'de> = map.next_value()?;
                        if let Some(fact) = Fact::of(field, text.normal()) {
                            facts.set(fact);
                        }
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(CountedFacts(facts))
            }
        }
        deserializer.deserialize_map(Texts)
    }
}

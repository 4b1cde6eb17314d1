//! By how much the log changes the figures, from one position to another.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{Datelike, NaiveDate};
use domain::declaration::TimelineError;
use domain::declaration::outline::EventText;
use domain::figure::{Month, Span, Step, changes, spans};
use event_store::{EventStore, Position, SealedEvent};
use futures::TryStreamExt as _;
use uuid::Uuid;

use crate::codec;
use crate::projections::declaration::project::{ProjectError, blocking};
use crate::projections::histories;

/// How much is held in memory when the whole log is counted, about 50 bytes each: what does not fit is counted by another walk through it.
pub(super) const HELD: usize = 1_000_000;
/// What a declaration itself takes, beside what is said of it later.
const BEGINNING: usize = 4;

/// Where a change stands in the table, in the order of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) dimension: i16,
    pub(super) unit: i16,
    pub(super) since: i32,
    pub(super) value: i32,
    pub(super) standing: i16,
    pub(super) star: i16,
    pub(super) origin: i16,
}

/// A change that is summed for its month.
pub(super) const MONTH: i16 = 0;
/// A change of a day.
pub(super) const DAY: i16 = 1;

/// A day as a number that is read as it is written, `20260512`, in the month of [`Month::of`].
pub(super) fn day_number(day: NaiveDate) -> i32 {
    // A day of a month.
    Month::of(day).number() * 100 + i32::try_from(day.day()).unwrap_or(1)
}

/// By how much what stands in the table changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes(HashMap<Place, i64>);

impl Changes {
    /// Adds what is counted of one declaration, or takes it away.
    fn add(&mut self, spans: &[Span], times: i64) {
        changes(spans, |day, cell, change| {
            for (unit, since) in [(MONTH, Month::of(day).number()), (DAY, day_number(day))] {
                let place = Place {
                    dimension: cell.dimension.number(),
                    unit,
                    since,
                    value: cell.value.number(),
                    standing: cell.standing_number(),
                    star: cell.star_number(),
                    origin: cell.origin_number(),
                };
                self.add_at(place, times * change);
            }
        });
    }

    pub(super) fn add_at(&mut self, place: Place, amount: i64) {
        *self.0.entry(place).or_default() += amount;
    }

    /// What is left, in the order of the table.
    pub(super) fn rows(self) -> Vec<(Place, i64)> {
        let mut rows: Vec<_> = self.0.into_iter().filter(|(_, amount)| *amount != 0).collect();
        rows.sort_unstable();
        rows
    }
}

/// What events say that is counted, by declaration.
#[derive(Debug, Default)]
struct Said {
    steps: HashMap<Uuid, Vec<Step>>,
    /// How much that is; see [`HELD`].
    held: usize,
}

impl Said {
    /// Adds what events say of declarations of a part; personal parts stay sealed.
    fn note_all(&mut self, events: &[SealedEvent], part: Part) -> Result<(), ProjectError> {
        for event in events
            .iter()
            .filter(|event| codec::is_declaration_event(&event.event_type))
        {
            let text = EventText {
                event_type: &event.event_type,
                schema_version: event.schema_version,
                effective_at: event.effective_at,
                data: &event.data,
            };
            self.note(event.position, &text, part)?;
        }
        Ok(())
    }

    fn note(&mut self, position: Position, event: &EventText<'_>, part: Part) -> Result<(), ProjectError> {
        let found = Step::read(position.get(), event);
        let found = found.map_err(|source| ProjectError::Decode { position, source })?;
        if let Some((id, steps)) = found
            && part.has(id.uuid())
        {
            self.held += weight(&steps);
            match self.steps.entry(id.uuid()) {
                Entry::Occupied(mut known) => known.get_mut().extend(steps),
                Entry::Vacant(new) => {
                    new.insert(steps);
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, part: Part) {
        self.steps.retain(|id, _| part.has(*id));
        self.steps.shrink_to_fit();
        self.held = self.steps.values().map(|steps| weight(steps)).sum();
    }
}

fn weight(steps: &[Step]) -> usize {
    let begins = steps.first().is_some_and(Step::begins);
    steps.len() + if begins { BEGINNING - 1 } else { 0 }
}

/// From one position to another, for the sake of few events: histories are read only of declarations that they are about.
pub(super) async fn of_events(
    store: &EventStore,
    from: Position,
    to: Position,
) -> Result<Changes, ProjectError> {
    let said = walk(store, from, to).await?;
    let goes_on =
        |(id, steps): (&Uuid, &Vec<Step>)| (!steps.first().is_some_and(Step::begins)).then_some(*id);
    let known: Vec<Uuid> = said.steps.iter().filter_map(goes_on).collect();
    let mut before = said_by(store, &known, from).await?;
    blocking(move || {
        let mut changes = Changes::default();
        for (id, steps) in said.steps {
            let before = before.steps.remove(&id).unwrap_or_default();
            let spans = |steps: &mut dyn Iterator<Item = &Step>| spans(steps).map_err(no_history(id, to));
            changes.add(&spans(&mut before.iter())?, -1);
            changes.add(&spans(&mut before.iter().chain(&steps))?, 1);
        }
        Ok(changes)
    })
    .await
}

/// From one position to another, for the sake of many: the whole log is read, and folded in memory, of which `most` may be held.
pub(super) async fn of_log(
    store: &EventStore,
    from: Position,
    to: Position,
    most: usize,
) -> Result<Changes, ProjectError> {
    let mut changes = Changes::default();
    let mut parts = vec![Part::WHOLE];
    while let Some(mut part) = parts.pop() {
        let mut pages = std::pin::pin!(store.read_sealed(Position::START, Some(to)));
        let mut said = Said::default();
        while let Some(page) = pages.try_next().await? {
            said = blocking(move || {
                said.note_all(&page, part)?;
                Ok(said)
            })
            .await?;
            while said.held > most && said.steps.len() > 1 {
                let (kept, other) = part.halves();
                said.keep(kept);
                parts.push(other);
                part = kept;
            }
        }
        changes = blocking(move || {
            for (id, steps) in said.steps {
                let known = steps.iter().take_while(|step| step.position <= from.get());
                let before = spans(known).map_err(no_history(id, from))?;
                changes.add(&before, -1);
                changes.add(&spans(&steps).map_err(no_history(id, to))?, 1);
            }
            Ok(changes)
        })
        .await?;
    }
    Ok(changes)
}

/// A part of all declarations, by their ids.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Into how many parts they are divided.
    of: u128,
    /// Which of them.
    nth: u128,
}

impl Part {
    const WHOLE: Self = Self { of: 1, nth: 0 };

    const fn has(self, id: Uuid) -> bool {
        id.as_u128() % self.of == self.nth
    }

    fn halves(self) -> (Self, Self) {
        let of = self.of * 2;
        let half = |nth| Self { of, nth };
        (half(self.nth), half(self.nth + self.of))
    }
}

fn no_history(id: Uuid, position: Position) -> impl Fn(TimelineError) -> ProjectError {
    move |source| ProjectError::History { id, position, source }
}

/// What events between two positions say.
async fn walk(store: &EventStore, from: Position, to: Position) -> Result<Said, ProjectError> {
    let mut pages = std::pin::pin!(store.read_sealed(from, Some(to)));
    let mut said = Said::default();
    while let Some(page) = pages.try_next().await? {
        said.note_all(&page, Part::WHOLE)?;
    }
    Ok(said)
}

/// What all events of these declarations up to a position say.
async fn said_by(store: &EventStore, ids: &[Uuid], to: Position) -> Result<Said, ProjectError> {
    let mut said = Said::default();
    histories::each_event(store, ids, to, |event| {
        let data = event.data.to_string();
        let text = EventText {
            event_type: &event.event_type,
            schema_version: event.schema_version,
            effective_at: event.effective_at,
            data: &data,
        };
        said.note(event.position, &text, Part::WHOLE)
    })
    .await?;
    Ok(said)
}

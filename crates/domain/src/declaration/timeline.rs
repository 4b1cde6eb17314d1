//! The whole history of a declaration, which can be asked along both axes: since when something holds, and since when
//! we know it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    diagnosis::Diagnosis,
    event::{DeclarationEvent, Statement, Undone},
    facts::{Fact, Facts},
    field::{Field, Subjects},
    flag::FlagCode,
    state::{Declaration, DeclarationState},
};
use crate::ids::SubjectId;

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its position in the log, 1 or more.
    pub position: i64,
    /// What it says.
    pub statement: Statement,
}

/// Why events make no history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimelineError {
    /// No event brings the declaration into being.
    #[error("the first event is neither registered nor made")]
    NoBeginning,
    /// Events of two declarations are mixed.
    #[error("the events belong to more than one declaration")]
    Mixed,
}

/// All events of one declaration, in the order in which they hold.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The first event, then by (day from which it holds, position). Never empty.
    events: Vec<Recorded>,
    /// Which event was taken back, by which.
    undone: BTreeMap<i64, i64>,
    current: Declaration,
}

/// A declaration as it was on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What it said. Of its first day when it did not exist yet.
    pub declaration: Declaration,
    /// Whether it existed on that day.
    pub existed: bool,
    /// Whether it was live on that day.
    pub state: DeclarationState,
}

impl Timeline {
    /// Orders the events of one declaration, whatever order they come in.
    pub fn new(events: impl IntoIterator<Item = Recorded>) -> Result<Self, TimelineError> {
        let mut events: Vec<Recorded> = events.into_iter().collect();
        events.sort_by_key(|event| event.position);
        let first = events.first().ok_or(TimelineError::NoBeginning)?;
        let id = first.statement.declaration_id;
        if Declaration::begin(first.position, &first.statement).is_none() {
            return Err(TimelineError::NoBeginning);
        }
        if events.iter().any(|event| event.statement.declaration_id != id) {
            return Err(TimelineError::Mixed);
        }
        // Who was forgotten is forgotten on every day, also while the key is still being destroyed.
        let forgotten = forgotten(events.iter().map(|event| &event.statement));
        for event in &mut events {
            event.statement.event.redact(&forgotten);
        }
        // Stable, and the first event stays first: nothing holds before there is a declaration.
        events[1..].sort_by_key(|event| event.statement.effective_at);
        let current = fold(events.iter()).ok_or(TimelineError::NoBeginning)?;
        let undone = events.iter().filter_map(|event| match &event.statement.event {
            DeclarationEvent::Undone(undone) => Some((undone.undoes, event.position)),
            _ => None,
        });
        let undone = undone.collect();
        Ok(Self {
            events,
            undone,
            current,
        })
    }

    /// What it says today, everything known folded in. Ask it with [`Declaration::state_on`] whether it is live.
    pub const fn current(&self) -> &Declaration {
        &self.current
    }

    /// What it said on a day, as far as was recorded up to a position (`None`: all).
    /// `None` when nothing of it had been recorded by then.
    pub fn at(&self, day: NaiveDate, recorded_up_to: Option<i64>) -> Option<View> {
        let known = |event: &&Recorded| recorded_up_to.is_none_or(|last| event.position <= last);
        let begun = self.begun_on();
        let until = day.max(begun);
        let held = |event: &&Recorded| event.statement.effective_at.max(begun) <= until;
        let declaration = self.sealing(fold(self.events.iter().filter(known).filter(held))?);
        let existed = declaration.facts.declared_on().unwrap_or(begun) <= day;
        let state = declaration.state_on(day);
        Some(View {
            declaration,
            existed,
            state,
        })
    }

    /// What it says of a day, by all that is known.
    pub(super) fn facts_on(&self, day: NaiveDate) -> Facts {
        self.at(day, None)
            .map_or_else(|| self.current.facts.clone(), |view| view.declaration.facts)
    }

    /// The days after one from which something holds, in order.
    pub(super) fn days_after(&self, day: NaiveDate) -> BTreeSet<NaiveDate> {
        let days = self.events.iter().map(|event| event.statement.effective_at);
        days.filter(|later| *later > day).collect()
    }

    /// What was known of it when the log ended at a position, everything known by then folded in.
    pub fn recorded_up_to(&self, position: i64) -> Option<Declaration> {
        fold(self.events.iter().filter(|event| event.position <= position))
            .map(|declaration| self.sealing(declaration))
    }

    /// A view of any day with the persons whose keys seal what is written now.
    fn sealing(&self, mut declaration: Declaration) -> Declaration {
        declaration.facts.set_subjects(*self.subjects());
        declaration
    }

    /// The persons of the declaration; whoever was forgotten has made way for a successor.
    pub const fn subjects(&self) -> &Subjects {
        self.current.facts.subjects()
    }

    /// Whether anything was ever recorded about a person.
    pub fn knows(&self, subject: SubjectId) -> bool {
        self.events.iter().any(|event| match &event.statement.event {
            DeclarationEvent::NoteAdded { subject: of, .. } => of.id == subject,
            DeclarationEvent::EvidenceGiven(evidence) => evidence.subject.id == subject,
            DeclarationEvent::NumberLookedUp(looked_up) => looked_up.subject.id == subject,
            event => event
                .changes()
                .iter()
                .flat_map(|change| [&change.old, &change.new])
                .flatten()
                .any(|fact| fact.subject().is_some_and(|of| of.id == subject)),
        })
    }

    /// Whether it existed and was live on a day, by all that is known today.
    pub fn live_on(&self, day: NaiveDate) -> bool {
        self.at(day, None)
            .is_some_and(|view| view.existed && view.state == DeclarationState::Active)
    }

    /// The day from which the first event holds.
    pub fn begun_on(&self) -> NaiveDate {
        self.events[0].statement.effective_at
    }

    /// From when the statement holds that gives a field its present value. An error in it is corrected from then on.
    pub fn stated_from(&self, field: Field) -> NaiveDate {
        let begun = self.begun_on();
        let states = |event: &&Recorded| {
            event
                .statement
                .event
                .changes()
                .iter()
                .any(|change| change.field == field)
        };
        let newest = self.standing().rev().find(states);
        newest
            .map(|event| self.first_said(event, field))
            .map_or(begun, |event| event.statement.effective_at.max(begun))
    }

    /// The event that said first what another one says anew for a later day (see [`Timeline::said_anew`]); itself when it does not.
    fn first_said<'t>(&'t self, event: &'t Recorded, field: Field) -> &'t Recorded {
        let mut event = event;
        while let Some(before) = self.says_anew(event, field) {
            event = before;
        }
        event
    }

    /// The event just before, of the same command, when this one repeats it where an undo had said what stood there before.
    fn says_anew(&self, event: &Recorded, field: Field) -> Option<&Recorded> {
        let on = event.statement.effective_at;
        let before = self.events.iter().find(|it| it.position + 1 == event.position)?;
        let said = |of: &Recorded| {
            let mut changes = of.statement.event.changes().into_iter();
            changes.rfind(|change| change.field == field)
        };
        let is_same = before.statement.effective_at < on
            && before.statement.event.event_type() == event.statement.event.event_type()
            && said(before).is_some()
            && said(before) == said(event);
        // A correction says since when, too: another one of the same is no repetition.
        let is_other = matches!(event.statement.event, DeclarationEvent::Corrected(_))
            && before.statement.event != event.statement.event;
        let of_undo = |it: &Recorded| {
            matches!(it.statement.event, DeclarationEvent::Undone(_))
                && it.statement.effective_at == on
                && it.position < event.position
                && said(it).is_some()
        };
        (is_same && !is_other && self.events.iter().any(of_undo)).then_some(before)
    }

    /// The later days on which the value of a field is said anew though nothing changed: by an undo, which says what stood there before,
    /// or by what was said anew for the sake of one. What changes from an earlier day on has to be said on them, too, or would end there.
    pub(super) fn said_anew(
        &self,
        day: NaiveDate,
        field: Field,
        stands: Option<&Fact>,
    ) -> BTreeSet<NaiveDate> {
        let later = self.events[1..]
            .iter()
            .filter(|event| event.statement.effective_at > day);
        // What was taken back is followed by its undo, since the same day.
        let counts = later.filter(|event| !self.undone.contains_key(&event.position));
        let mut days: BTreeMap<NaiveDate, (Option<Fact>, Option<&Recorded>)> = BTreeMap::new();
        for event in counts {
            let Some(value) = new_value(&event.statement.event, field) else {
                continue;
            };
            // Of several on one day the last one counts; an undo says anew what others say of its day.
            let is_undo = matches!(event.statement.event, DeclarationEvent::Undone(_));
            let entry = days.entry(event.statement.effective_at).or_default();
            *entry = (value, if is_undo { entry.1 } else { Some(event) });
        }
        let is_anew = |stated: Option<&Recorded>| {
            stated.is_none_or(|event| self.first_said(event, field).statement.effective_at <= day)
        };
        days.into_iter()
            .take_while(|(_, (value, stated))| value.as_ref() == stands && is_anew(*stated))
            .map(|(day, _)| day)
            .collect()
    }

    /// The later days on which an undo of this kind says what stood there before.
    pub(super) fn undone_on_days_after(
        &self,
        day: NaiveDate,
        kind: impl Fn(&Undone) -> bool,
    ) -> BTreeSet<NaiveDate> {
        let undos = self.events.iter().filter(|event| match &event.statement.event {
            DeclarationEvent::Undone(undone) => kind(undone),
            _ => false,
        });
        let days = undos.map(|event| event.statement.effective_at);
        days.filter(|later| *later > day).collect()
    }

    /// The event that took another one back, by the positions of both.
    pub fn undone_by(&self, position: i64) -> Option<i64> {
        self.undone.get(&position).copied()
    }

    /// What it would be had these events not been recorded; `None` when one of them begins it.
    pub(super) fn without(&self, positions: &BTreeSet<i64>) -> Option<Self> {
        let events = self.events.iter();
        Self::new(
            events
                .filter(|event| !positions.contains(&event.position))
                .cloned(),
        )
        .ok()
    }

    /// The events after the first that count: neither taken back nor taking back.
    fn standing(&self) -> impl DoubleEndedIterator<Item = &Recorded> {
        self.events[1..].iter().filter(|event| {
            !self.undone.contains_key(&event.position)
                && !matches!(event.statement.event, DeclarationEvent::Undone(_))
        })
    }

    /// The newest self-diagnosis on a day, as far as was recorded up to a position (`None`: all).
    pub fn diagnosis(&self, day: NaiveDate, recorded_up_to: Option<i64>) -> Option<Diagnosis> {
        let known = |position: i64| recorded_up_to.is_none_or(|last| position <= last);
        let counts = |event: &&Recorded| {
            known(event.position)
                && event.statement.effective_at <= day
                && !self.undone_by(event.position).is_some_and(known)
        };
        self.events
            .iter()
            .filter(counts)
            .rev()
            .find_map(|event| match &event.statement.event {
                DeclarationEvent::DiagnosisRecorded {
                    questionnaire,
                    answers,
                    ..
                } => Some(Diagnosis {
                    questionnaire: questionnaire.clone(),
                    answers: answers.clone(),
                    done_on: self
                        .first_said(event, Field::DiagnosisScore)
                        .statement
                        .effective_at,
                }),
                _ => None,
            })
    }

    /// The day since which it counts as live, if it does: that on which it was last brought back, or the first. To take a
    /// stop back that was still to come brings nothing back.
    pub(super) fn live_since(&self) -> NaiveDate {
        let mut stop = match &self.events[0].statement.event {
            DeclarationEvent::Registered(registered) => registered.standing.stop,
            _ => None,
        };
        let mut since = self.begun_on();
        for event in self.standing() {
            match &event.statement.event {
                DeclarationEvent::Stopped { stop: next, .. } => stop = Some(*next),
                DeclarationEvent::Reinstated { .. } => {
                    let day = event.statement.effective_at;
                    if stop.take().is_some_and(|stop| stop.on.is_none_or(|on| on <= day)) {
                        since = day.max(self.begun_on());
                    }
                }
                _ => {}
            }
        }
        since
    }

    /// The later days from which something else is said about being live: what is to count on them, too, has to be said anew.
    pub(super) fn liveness_days_after(&self, day: NaiveDate) -> BTreeSet<NaiveDate> {
        self.events[1..]
            .iter()
            .filter(|event| match &event.statement.event {
                DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. } => true,
                DeclarationEvent::Undone(undone) => undone.liveness.is_some(),
                _ => false,
            })
            .map(|event| event.statement.effective_at)
            .filter(|later| *later > day)
            .collect()
    }

    /// The last day from which something is said about being live that was not taken back.
    pub(super) fn liveness_stated_on(&self) -> Option<NaiveDate> {
        let about = |event: &DeclarationEvent| {
            matches!(
                event,
                DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. }
            )
        };
        self.newest(about)
    }

    /// From when a flag stands as it does: a flag that is raised or cleared anew must not slip before that day.
    pub(super) fn flag_day(&self, flag: FlagCode) -> NaiveDate {
        let about = |event: &DeclarationEvent| matches!(event, DeclarationEvent::FlagRaised { flag: of } | DeclarationEvent::FlagCleared { flag: of } if *of == flag);
        let stated = self.newest(about).unwrap_or_else(|| self.begun_on());
        let undone =
            self.undone_on_days_after(stated, |undone| undone.flag.is_some_and(|(of, _)| of == flag));
        undone.last().copied().unwrap_or(stated)
    }

    fn newest(&self, kind: impl Fn(&DeclarationEvent) -> bool) -> Option<NaiveDate> {
        self.standing()
            .rev()
            .find(|event| kind(&event.statement.event))
            .map(|event| event.statement.effective_at)
    }

    /// From when it is said whether the logo may be used.
    pub(super) fn logo_day(&self) -> NaiveDate {
        let about = |event: &DeclarationEvent| {
            matches!(
                event,
                DeclarationEvent::LogoSuspended | DeclarationEvent::LogoRestored
            )
        };
        self.newest(about).unwrap_or_else(|| self.begun_on())
    }

    /// What it would say if these events were recorded next.
    pub fn with(&self, statements: &[Statement]) -> Declaration {
        let mut events = self.events.clone();
        let next = self
            .events
            .iter()
            .map(|event| event.position)
            .max()
            .unwrap_or_default()
            + 1;
        events.extend((next..).zip(statements).map(|(position, statement)| Recorded {
            position,
            statement: statement.clone(),
        }));
        events[1..].sort_by_key(|event| event.statement.effective_at);
        fold(events.iter()).unwrap_or_else(|| self.current.clone())
    }

    /// Every event in the order in which it was recorded.
    pub fn by_position(&self) -> Vec<&Recorded> {
        let mut events: Vec<&Recorded> = self.events.iter().collect();
        events.sort_by_key(|event| event.position);
        events
    }
}

/// What an event says of a field, if it says anything.
#[expect(
    clippy::option_option,
    reason = "nothing is said of it, or that nothing stands there"
)]
fn new_value(event: &DeclarationEvent, field: Field) -> Option<Option<Fact>> {
    let changes = event.changes().into_iter();
    changes
        .filter(|change| change.field == field)
        .map(|change| change.new)
        .next_back()
}

/// The persons that these events forget.
pub fn forgotten<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> BTreeSet<SubjectId> {
    statements
        .into_iter()
        .filter_map(|statement| match &statement.event {
            DeclarationEvent::PersonForgotten { subject, .. } => Some(subject.id),
            _ => None,
        })
        .collect()
}

fn fold<'a>(mut events: impl Iterator<Item = &'a Recorded>) -> Option<Declaration> {
    let first = events.next()?;
    let mut declaration = Declaration::begin(first.position, &first.statement)?;
    for event in events {
        declaration.evolve(event.position, &event.statement);
    }
    Some(declaration)
}

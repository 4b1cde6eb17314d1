//! Taking a change back: for each of its events one that says what stood there without it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    LiveElsewhere,
    outcome::{Decision, Drafting, Problem, optional_reason, required_reason},
};
use crate::{
    declaration::{
        Change, DeclarationEvent, DeclarationState, Field, FlagCode, Liveness, Recorded, Timeline, Undone,
    },
    ids::DeclarationId,
};

/// How long a change can be taken back.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Takes a change back.
#[derive(Clone)]
pub struct Undo {
    /// The positions of all its events.
    pub positions: BTreeSet<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Why; may be left out.
    pub reason: Option<String>,
    /// Another declaration of the declarer that is live, if there is one. Not the one with which this one was linked or merged by the
    /// change: the two stood side by side before it.
    pub live: Option<LiveElsewhere>,
    /// Whether it is a merge that is taken back: at any time, while nothing rests on it.
    pub merge: bool,
}

/// Why a change stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// It is no change that can be taken back, such as a declaration, a note, or the taking back of another one.
    #[error("this is nothing that can be taken back")]
    NotUndoable,
    /// It was taken back.
    #[error("the change was taken back already")]
    AlreadyUndone,
    /// It was made too long ago.
    #[error("the change was made too long ago")]
    TooLate,
    /// Something later is about the same, or rests on it.
    #[error("something that was recorded later rests on the change")]
    ChangedSince,
    /// The declarer has another live declaration: there may be one only.
    #[error("the organisation has a live declaration")]
    AlreadyLive(LiveElsewhere),
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// What an event is about, or rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Aspect {
    Field(Field),
    Liveness,
    Published,
    Logo,
    Flag(FlagCode),
    Replaced,
    Replaces(DeclarationId),
}

/// What an event is about; `None` where it cannot be taken back.
fn about(event: &DeclarationEvent) -> Option<BTreeSet<Aspect>> {
    let fields = |changes: &[Change]| -> BTreeSet<Aspect> {
        changes.iter().map(|change| Aspect::Field(change.field)).collect()
    };
    Some(match event {
        DeclarationEvent::Registered(_)
        | DeclarationEvent::Made(_)
        | DeclarationEvent::PersonForgotten { .. }
        | DeclarationEvent::NoteAdded { .. }
        | DeclarationEvent::NumberLookedUp(_)
        | DeclarationEvent::Undone(_) => return None,
        DeclarationEvent::Corrected(corrected) => fields(std::slice::from_ref(&corrected.change)),
        DeclarationEvent::ContactChanged { changes }
        | DeclarationEvent::DiagnosisRecorded { changes, .. }
        | DeclarationEvent::PolicyRecorded { changes }
        | DeclarationEvent::SteppedUp { changes }
        | DeclarationEvent::SteppedDown { changes }
        | DeclarationEvent::PolicyWithdrawn { changes }
        | DeclarationEvent::HandedOver { changes, .. } => fields(changes),
        DeclarationEvent::Superseded { .. } | DeclarationEvent::MergedInto { .. } => {
            [Aspect::Liveness, Aspect::Replaced].into()
        }
        DeclarationEvent::LinkedToOld { old } => [Aspect::Replaces(*old)].into(),
        DeclarationEvent::Absorbed { merged, changes } => {
            let mut about = fields(changes);
            about.insert(Aspect::Replaces(*merged));
            about
        }
        DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. } => [Aspect::Liveness].into(),
        DeclarationEvent::Published | DeclarationEvent::Unpublished => [Aspect::Published].into(),
        DeclarationEvent::LogoSuspended | DeclarationEvent::LogoRestored => [Aspect::Logo].into(),
        DeclarationEvent::FlagRaised { flag } | DeclarationEvent::FlagCleared { flag } => {
            [Aspect::Flag(*flag)].into()
        }
        // It says nothing by itself: it stays beside what it was given for.
        DeclarationEvent::EvidenceGiven(_) => BTreeSet::new(),
    })
}

/// Whether something recorded later is about one of these, or rests on it. What was taken back rests on nothing any more; what it
/// was about was said anew when it was.
fn meets(event: &DeclarationEvent, stands: bool, aspects: &BTreeSet<Aspect>) -> bool {
    let rests_on: &[Field] = match event {
        // Whoever was forgotten must not come back.
        DeclarationEvent::PersonForgotten { .. } => return true,
        DeclarationEvent::Undone(undone) => {
            return undone
                .changes
                .iter()
                .any(|change| aspects.contains(&Aspect::Field(change.field)))
                || undone.liveness.is_some() && aspects.contains(&Aspect::Liveness)
                || undone.published.is_some() && aspects.contains(&Aspect::Published)
                || undone.logo_allowed.is_some() && aspects.contains(&Aspect::Logo)
                || undone
                    .flag
                    .is_some_and(|(flag, _)| aspects.contains(&Aspect::Flag(flag)))
                || undone.replaced.is_some() && aspects.contains(&Aspect::Replaced);
        }
        // What took the place of others was itself replaced: first that.
        DeclarationEvent::Superseded { .. } | DeclarationEvent::MergedInto { .. }
            if stands && aspects.iter().any(|it| matches!(it, Aspect::Replaces(_))) =>
        {
            return true;
        }
        DeclarationEvent::SteppedUp { .. } => &[Field::DiagnosisScore, Field::PolicyUrl],
        DeclarationEvent::Published => &[Field::PublishConsent],
        DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. } => {
            &[Field::DeclaredOn, Field::CorporateNumber]
        }
        _ => &[],
    };
    stands
        && rests_on
            .iter()
            .any(|field| aspects.contains(&Aspect::Field(*field)))
        || about(event).is_some_and(|about| !about.is_disjoint(aspects))
}

/// The events of a change, if they can be taken back: nothing that was recorded later is about the same.
fn taken_back<'t>(timeline: &'t Timeline, positions: &BTreeSet<i64>) -> Result<Vec<&'t Recorded>, UndoError> {
    let events = timeline.by_position();
    let of_change = |event: &&&Recorded| positions.contains(&event.position);
    let own: Vec<&Recorded> = events.iter().filter(of_change).copied().collect();
    let mut aspects = BTreeSet::new();
    for event in &own {
        if timeline.undone_by(event.position).is_some() {
            return Err(UndoError::AlreadyUndone);
        }
        aspects.extend(about(&event.statement.event).ok_or(UndoError::NotUndoable)?);
    }
    let Some(last) = own.last() else {
        return Err(UndoError::NotUndoable);
    };
    let mut later = events.iter().filter(|event| event.position > last.position);
    let met = later.any(|event| {
        let stands = timeline.undone_by(event.position).is_none();
        meets(&event.statement.event, stands, &aspects)
    });
    if met {
        return Err(UndoError::ChangedSince);
    }
    Ok(own)
}

/// Until when a change can be taken back; `None` when it cannot, or not any more.
pub fn undo_until(
    timeline: &Timeline,
    positions: &BTreeSet<i64>,
    recorded_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let until = recorded_at + UNDO_WITHIN;
    let own = taken_back(timeline, positions).ok();
    let can_be = own.is_some_and(|own| !is_merge(&own));
    (now < until && can_be).then_some(until)
}

/// Whether a merge, of which these are the events in one of its two declarations, can be taken back there.
pub fn merge_can_be_undone(timeline: &Timeline, positions: &BTreeSet<i64>) -> bool {
    taken_back(timeline, positions).is_ok_and(|own| is_merge(&own))
}

fn is_merge(events: &[&Recorded]) -> bool {
    events.iter().any(|event| {
        matches!(
            event.statement.event,
            DeclarationEvent::Absorbed { .. } | DeclarationEvent::MergedInto { .. }
        )
    })
}

/// Decides to take a change back. Nothing of it is deleted: each of its events gets one that says what stood there without it,
/// since the same day.
pub fn undo(
    timeline: &Timeline,
    command: &Undo,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Decision, UndoError> {
    let own = taken_back(timeline, &command.positions)?;
    if is_merge(&own) != command.merge {
        return Err(UndoError::NotUndoable);
    }
    if !command.merge && now >= command.recorded_at + UNDO_WITHIN {
        return Err(UndoError::TooLate);
    }
    undo_of_many(timeline, command, today)
}

/// The same for a change that was made to many declarations at once: nobody looks at each of them within minutes, so that how long ago
/// it was made is left to whoever asks.
pub fn undo_of_many(timeline: &Timeline, command: &Undo, today: NaiveDate) -> Result<Decision, UndoError> {
    let own = taken_back(timeline, &command.positions)?;
    let without = timeline
        .without(&command.positions)
        .ok_or(UndoError::NotUndoable)?;
    let current = timeline.current();
    let comes_back = current.state_on(today) != DeclarationState::Active
        && without.current().state_on(today) == DeclarationState::Active;
    if let Some(live) = command.live.clone().filter(|_| comes_back) {
        return Err(UndoError::AlreadyLive(live));
    }
    let reason = if command.merge {
        required_reason(command.reason.as_deref().unwrap_or_default(), current).map(Some)
    } else {
        optional_reason(command.reason.as_deref(), current)
    };
    let reason = reason.map_err(UndoError::Reason)?;
    let mut draft = Drafting::new(timeline);
    let says_something =
        |event: &&Recorded| !matches!(event.statement.event, DeclarationEvent::EvidenceGiven(_));
    for event in own.into_iter().filter(says_something) {
        draft.push(
            event.statement.effective_at,
            DeclarationEvent::Undone(Box::new(undone(timeline, &without, event))),
        );
    }
    Ok(draft.into_decision(reason))
}

/// What stands in the place of one event.
fn undone(timeline: &Timeline, without: &Timeline, event: &Recorded) -> Undone {
    let day = event.statement.effective_at;
    let at = |timeline: &Timeline| {
        let view = timeline.at(day, None);
        view.map_or_else(|| timeline.current().clone(), |view| view.declaration)
    };
    let (with, without) = (at(timeline), at(without));
    let what = &event.statement.event;
    let is_about = about(what).unwrap_or_default();
    let changes = what.changes().into_iter().map(|change| Change {
        field: change.field,
        old: with.facts.get(change.field).cloned(),
        new: without.facts.get(change.field).cloned(),
    });
    let about_liveness = is_about.contains(&Aspect::Liveness);
    Undone {
        undoes: event.position,
        changes: changes.collect(),
        liveness: about_liveness.then(|| without.stop.map_or(Liveness::Live, Liveness::Stopped)),
        published: is_about.contains(&Aspect::Published).then_some(without.published),
        logo_allowed: is_about.contains(&Aspect::Logo).then_some(without.logo_allowed),
        flag: match what {
            DeclarationEvent::FlagRaised { flag } | DeclarationEvent::FlagCleared { flag } => {
                Some((*flag, without.flags.contains(flag)))
            }
            _ => None,
        },
        replaced: is_about.contains(&Aspect::Replaced).then_some(without.replaced),
        replaces: match what {
            DeclarationEvent::LinkedToOld { old: other }
            | DeclarationEvent::Absorbed { merged: other, .. } => {
                let still = without.supersedes.contains(other) || without.absorbed.contains(other);
                Some((*other, still))
            }
            _ => None,
        },
        corporate_number: about_liveness
            .then(|| timeline.current().facts.corporate_number())
            .flatten(),
    }
}

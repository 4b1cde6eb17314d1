//! What a declaration is, folded from its events.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    event::{Change, DeclarationEvent, Liveness, Origin, Replacement, Statement, Stop, Undone},
    facts::Facts,
    field::Field,
    flag::FlagCode,
};
use crate::{
    ids::{DeclarationId, OrganizationId},
    wire::wire_enum,
};

wire_enum! {
    /// Whether a declaration is live.
    DeclarationState {
        /// Live.
        Active = "active",
        /// Stopped, closed or withdrawn.
        Stopped = "stopped",
        /// Replaced by a newer declaration.
        Superseded = "superseded",
        /// A duplicate that was merged into another one.
        Merged = "merged",
    }
}

/// A declaration as its events up to some day and position make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Which.
    pub id: DeclarationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Who entered it; `None`: it was taken over with an old register.
    pub origin: Option<Origin>,
    /// What it says.
    pub facts: Facts,
    /// How it was stopped, if it was; the day may lie ahead.
    pub stop: Option<Stop>,
    /// Whether it is meant to be shown in the public search (while it is live).
    pub published: bool,
    /// Whether the declarer may use the logo (while it is live).
    pub logo_allowed: bool,
    /// What is doubtful about it.
    pub flags: BTreeSet<FlagCode>,
    /// What took its place, if anything did.
    pub replaced: Option<Replacement>,
    /// The older declarations whose place it took.
    pub supersedes: BTreeSet<DeclarationId>,
    /// The duplicates that were merged into it.
    pub absorbed: BTreeSet<DeclarationId>,
    /// Position of the newest fact-changing event that is folded in; what a change must name.
    pub version: i64,
}

impl Declaration {
    /// The declaration that a first event brings into being; `None` for every other event.
    pub fn begin(position: i64, statement: &Statement) -> Option<Self> {
        let (origin, facts, stop, published, flags) = match &statement.event {
            DeclarationEvent::Registered(registered) => (
                None,
                &registered.facts,
                registered.standing.stop,
                registered.published,
                &registered.flags,
            ),
            DeclarationEvent::Made(made) => {
                (Some(made.origin), &made.facts, None, made.published, &made.flags)
            }
            _ => return None,
        };
        Some(Self {
            id: statement.declaration_id,
            organization_id: statement.organization_id,
            origin,
            facts: facts.clone(),
            stop,
            published,
            logo_allowed: true,
            replaced: None,
            supersedes: BTreeSet::new(),
            absorbed: BTreeSet::new(),
            flags: flags.clone(),
            version: position,
        })
    }

    /// Folds one more event in.
    pub fn evolve(&mut self, position: i64, statement: &Statement) {
        match &statement.event {
            // A second beginning does not happen: decisions refuse it, and the log's guard sees it.
            DeclarationEvent::Registered(_)
            | DeclarationEvent::Made(_)
            | DeclarationEvent::NoteAdded { .. }
            | DeclarationEvent::EvidenceGiven(_)
            | DeclarationEvent::NumberLookedUp(_) => {}
            DeclarationEvent::Corrected(corrected) => self.apply(std::slice::from_ref(&corrected.change)),
            DeclarationEvent::ContactChanged { changes }
            | DeclarationEvent::DiagnosisRecorded { changes, .. }
            | DeclarationEvent::PolicyRecorded { changes }
            | DeclarationEvent::SteppedUp { changes }
            | DeclarationEvent::SteppedDown { changes }
            | DeclarationEvent::PolicyWithdrawn { changes }
            | DeclarationEvent::HandedOver { changes, .. } => self.apply(changes),
            DeclarationEvent::Superseded { by, .. } => {
                self.replaced = Some(Replacement::SupersededBy(*by));
            }
            DeclarationEvent::LinkedToOld { old } => {
                self.supersedes.insert(*old);
            }
            DeclarationEvent::MergedInto { survivor, .. } => {
                self.replaced = Some(Replacement::MergedInto(*survivor));
            }
            DeclarationEvent::Absorbed { merged, changes } => {
                self.absorbed.insert(*merged);
                self.apply(changes);
            }
            DeclarationEvent::LogoSuspended => self.logo_allowed = false,
            DeclarationEvent::LogoRestored => self.logo_allowed = true,
            DeclarationEvent::Undone(undone) => self.undo(undone),
            DeclarationEvent::Stopped { stop, .. } => self.stop = Some(*stop),
            DeclarationEvent::Reinstated { .. } => self.stop = None,
            DeclarationEvent::Published => self.published = true,
            DeclarationEvent::Unpublished => self.published = false,
            DeclarationEvent::PersonForgotten { subject, successor } => {
                self.facts.redact(&BTreeSet::from([subject.id]));
                let subjects = self.facts.subjects().with(subject.role, *successor);
                self.facts.set_subjects(subjects);
            }
            DeclarationEvent::FlagRaised { flag } => self.set_flag(*flag, true),
            DeclarationEvent::FlagCleared { flag } => self.set_flag(*flag, false),
        }
        if statement.event.changes_facts() {
            self.version = self.version.max(position);
        }
    }

    fn undo(&mut self, undone: &Undone) {
        self.apply(&undone.changes);
        match undone.liveness {
            Some(Liveness::Live) => self.stop = None,
            Some(Liveness::Stopped(stop)) => self.stop = Some(stop),
            None => {}
        }
        self.published = undone.published.unwrap_or(self.published);
        self.logo_allowed = undone.logo_allowed.unwrap_or(self.logo_allowed);
        if let Some((flag, is_up)) = undone.flag {
            self.set_flag(flag, is_up);
        }
        self.replaced = undone.replaced.unwrap_or(self.replaced);
        // What is taken back is that it took another one's place: undoing is never undone.
        if let Some((other, false)) = undone.replaces {
            self.supersedes.remove(&other);
            self.absorbed.remove(&other);
        }
    }

    fn set_flag(&mut self, flag: FlagCode, is_up: bool) {
        if is_up {
            self.flags.insert(flag);
        } else {
            self.flags.remove(&flag);
        }
    }

    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.facts.set_fact(change.field, change.new.clone());
        }
    }

    /// Whether it is live on a day, by what is folded in. A stop without a day counts on every day: the register never
    /// asserts that something was live when it does not know.
    pub fn state_on(&self, day: NaiveDate) -> DeclarationState {
        match self.replaced {
            Some(Replacement::SupersededBy(_)) => return DeclarationState::Superseded,
            Some(Replacement::MergedInto(_)) => return DeclarationState::Merged,
            None => {}
        }
        match self.stop {
            Some(Stop { on: Some(on), .. }) if day < on => DeclarationState::Active,
            Some(_) => DeclarationState::Stopped,
            None => DeclarationState::Active,
        }
    }

    /// Whether it had been declared and was not stopped on a day, by what is folded in.
    /// For a day in the past ask [`super::Timeline::live_on`], which leaves later events out.
    pub fn live_on(&self, day: NaiveDate) -> bool {
        self.state_on(day) == DeclarationState::Active
            && self.facts.declared_on().is_none_or(|declared| declared <= day)
    }

    /// A stop that is still to come on a day. What was replaced is not live any more, so nothing comes.
    pub fn planned_stop(&self, day: NaiveDate) -> Option<Stop> {
        let stop = self.stop.filter(|_| self.replaced.is_none());
        stop.filter(|stop| stop.on.is_some_and(|on| day < on))
    }

    /// The newer declaration that took its place.
    pub const fn superseded_by(&self) -> Option<DeclarationId> {
        match self.replaced {
            Some(Replacement::SupersededBy(id)) => Some(id),
            _ => None,
        }
    }

    /// The declaration that it was merged into.
    pub const fn merged_into(&self) -> Option<DeclarationId> {
        match self.replaced {
            Some(Replacement::MergedInto(id)) => Some(id),
            _ => None,
        }
    }

    /// The fields in which two states of a declaration differ, as typed or as read.
    pub fn differs(&self, other: &Self) -> Vec<Field> {
        Field::ALL
            .iter()
            .copied()
            .filter(|field| self.facts.get(*field) != other.facts.get(*field))
            .collect()
    }
}

//! What lists show of a declaration, folded one event at a time with its personal parts still sealed.
//!
//! [`super::Timeline`] holds all events of one declaration at once. Whoever folds a whole log holds one outline for each
//! declaration instead: the fields that lists show, and for each the day since which its value holds. Events come in the
//! order of the log; the value that holds since the latest day wins, and of two since the same day the later recorded one.
//! That is the order of the timeline, so a correction that holds since an earlier day is right here, too.
//!
//! `P` is a personal part as its owner hands it in; only [`Outline::declaration`] asks for its content, so what was
//! overwritten is never opened, and what waits somewhere waits sealed.

pub(crate) mod wire;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use super::{
    codec::DecodeError,
    event::{Liveness, Origin, Replacement, Stop},
    facts::{Fact, Facts, FieldValue},
    field::{Field, FieldClass, Role, Subject, Subjects},
    flag::FlagCode,
    state::Declaration,
};
use crate::{
    ids::{DeclarationId, OrganizationId, SubjectId},
    personal::Personal,
    value::EntityType,
};

pub use wire::{EventText, Parts};

/// The fields that lists show or filter by.
pub const LISTED: [Field; 15] = [
    Field::DeclarationNo,
    Field::DeclaredOn,
    Field::Star,
    Field::CorporateNumber,
    Field::Name,
    Field::NameKana,
    Field::TradeName,
    Field::Prefecture,
    Field::City,
    Field::PledgeVersion,
    Field::Industry,
    Field::Employees,
    Field::CapitalYen,
    Field::PolicyUrl,
    UNOPENED,
];

/// Of this one lists ask only whether something stands there, so it is never opened.
pub const UNOPENED: Field = Field::ContactEmail;

/// The place of a field in [`LISTED`].
fn place(field: Field) -> Option<usize> {
    LISTED.iter().position(|listed| *listed == field)
}

/// A value as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot<P> {
    /// Nothing stands there.
    Empty,
    /// In the clear.
    Public(Text),
    /// Among the facts of a first event.
    SealedFact(P),
    /// The new value of a change.
    SealedChange(P),
    /// Sealed for this person, and left so.
    Unopened(SubjectId),
    /// Forgotten before this was written.
    Forgotten(SubjectId),
}

/// Values with their places in [`LISTED`].
type Values<P> = Vec<(usize, Slot<P>)>;

/// [`FieldValue`] in one piece of memory: what was typed, and after it the normal form where that is another text.
#[derive(Clone, PartialEq, Eq)]
struct Text {
    both: Box<str>,
    typed: u32,
    normal: Normal,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Normal {
    AsTyped,
    Other,
    Unreadable,
}

impl std::fmt::Debug for Text {
    // It may be about a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Text(…)")
    }
}

impl Text {
    /// `None` for more than 4 GiB.
    fn new(typed: &str, normal: Option<&str>, unreadable: bool) -> Option<Self> {
        let (normal, other) = match normal {
            _ if unreadable => (Normal::Unreadable, ""),
            Some(other) => (Normal::Other, other),
            None => (Normal::AsTyped, ""),
        };
        let mut both = String::with_capacity(typed.len() + other.len());
        both.push_str(typed);
        both.push_str(other);
        Some(Self {
            both: both.into_boxed_str(),
            typed: u32::try_from(typed.len()).ok()?,
            normal,
        })
    }

    fn value(&self) -> FieldValue {
        let (typed, other) = self.both.split_at(self.typed as usize);
        let normal = match self.normal {
            Normal::AsTyped => Some(typed.to_owned()),
            Normal::Other => Some(other.to_owned()),
            Normal::Unreadable => None,
        };
        FieldValue::from_parts(typed.to_owned(), normal)
    }
}

/// What lists need of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<P> {
    /// About which declaration.
    pub declaration_id: DeclarationId,
    organization_id: OrganizationId,
    effective_at: NaiveDate,
    changes_facts: bool,
    said: Said<P>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said<P> {
    Begins(Box<Begun<P>>),
    Values(Values<P>),
    Stop(Option<Stop>),
    Replaced(Replacement),
    Published(bool),
    Flag { flag: FlagCode, raised: bool },
    Undone(Box<TakenBack<P>>),
    Forgotten { subject: Subject, successor: SubjectId },
    Nothing,
}

/// What stands again after another event was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TakenBack<P> {
    values: Values<P>,
    liveness: Option<Liveness>,
    published: Option<bool>,
    flag: Option<(FlagCode, bool)>,
    #[expect(
        clippy::option_option,
        reason = "nothing is said of it, or that nothing had taken its place"
    )]
    replaced: Option<Option<Replacement>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Begun<P> {
    origin: Option<Origin>,
    entity: EntityType,
    subjects: Subjects,
    values: Values<P>,
    stop: Option<Stop>,
    published: bool,
    flags: Vec<FlagCode>,
}

/// Since when something holds; `None` is the first event, before all others whatever its day.
type Since = Option<NaiveDate>;

/// A declaration as far as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline<P> {
    organization_id: OrganizationId,
    origin: Option<Origin>,
    entity: EntityType,
    begun_on: NaiveDate,
    version: i64,
    values: [Slot<P>; LISTED.len()],
    since: [Since; LISTED.len()],
    stop: Option<Stop>,
    stop_since: Since,
    replaced: Option<Replacement>,
    replaced_since: Since,
    published: bool,
    published_since: Since,
    flags: Vec<(FlagCode, Since, bool)>,
    subjects: Subjects,
    /// Who has made way for a successor, in which role and since when.
    forgotten: Vec<(Role, Since, SubjectId)>,
}

impl<P> Outline<P> {
    /// What the first event of a declaration says; `None` when it brings none into being.
    pub fn begin(position: i64, step: Step<P>) -> Option<Self> {
        let Said::Begins(begun) = step.said else {
            return None;
        };
        let mut values = std::array::from_fn(|_| Slot::Empty);
        for (at, value) in begun.values {
            values[at] = value;
        }
        Some(Self {
            organization_id: step.organization_id,
            origin: begun.origin,
            entity: begun.entity,
            begun_on: step.effective_at,
            version: position,
            values,
            since: [None; LISTED.len()],
            stop: begun.stop,
            stop_since: None,
            replaced: None,
            replaced_since: None,
            published: begun.published,
            published_since: None,
            flags: begun.flags.into_iter().map(|flag| (flag, None, true)).collect(),
            subjects: begun.subjects,
            forgotten: Vec::new(),
        })
    }

    /// Folds the next event of the log in.
    pub fn apply(&mut self, position: i64, step: Step<P>) {
        let since = Some(step.effective_at);
        match step.said {
            // A second beginning says nothing, as in `Declaration::evolve`.
            Said::Begins(_) | Said::Nothing => {}
            Said::Values(values) => self.set_values(values, since),
            Said::Stop(how) => self.set_stop(how, since),
            Said::Replaced(by) => self.set_replaced(Some(by), since),
            Said::Published(published) => self.set_published(published, since),
            Said::Undone(undone) => {
                self.set_values(undone.values, since);
                match undone.liveness {
                    Some(Liveness::Live) => self.set_stop(None, since),
                    Some(Liveness::Stopped(how)) => self.set_stop(Some(how), since),
                    None => {}
                }
                if let Some(by) = undone.replaced {
                    self.set_replaced(by, since);
                }
                if let Some(published) = undone.published {
                    self.set_published(published, since);
                }
                if let Some((flag, raised)) = undone.flag {
                    self.set_flag(flag, since, raised);
                }
            }
            Said::Flag { flag, raised } => self.set_flag(flag, since, raised),
            Said::Forgotten { subject, successor } => self.forget(subject, since, successor),
        }
        if step.changes_facts {
            self.version = self.version.max(position);
        }
    }

    fn set_values(&mut self, values: Values<P>, since: Since) {
        for (at, value) in values {
            if since >= self.since[at] {
                self.values[at] = value;
                self.since[at] = since;
            }
        }
    }

    fn set_stop(&mut self, stop: Option<Stop>, since: Since) {
        if since >= self.stop_since {
            self.stop = stop;
            self.stop_since = since;
        }
    }

    fn set_replaced(&mut self, by: Option<Replacement>, since: Since) {
        if since >= self.replaced_since {
            self.replaced = by;
            self.replaced_since = since;
        }
    }

    fn set_published(&mut self, published: bool, since: Since) {
        if since >= self.published_since {
            self.published = published;
            self.published_since = since;
        }
    }

    fn set_flag(&mut self, flag: FlagCode, since: Since, raised: bool) {
        match self.flags.iter_mut().find(|(known, ..)| *known == flag) {
            Some(known) if since >= known.1 => *known = (flag, since, raised),
            Some(_) => {}
            None => self.flags.push((flag, since, raised)),
        }
    }

    fn forget(&mut self, subject: Subject, since: Since, successor: SubjectId) {
        let of_role = self.forgotten.iter().filter(|(role, ..)| *role == subject.role);
        if of_role
            .map(|(_, known, _)| *known)
            .max()
            .is_none_or(|known| since >= known)
        {
            self.subjects = self.subjects.with(subject.role, successor);
        }
        self.forgotten.push((subject.role, since, subject.id));
    }

    /// A declaration as it was on a day, of its steps in the order of the log: what [`super::Timeline::at`] says of the listed
    /// fields. `None` when the first of them begins nothing.
    pub fn on_day(steps: &[(i64, Step<P>)], day: NaiveDate) -> Option<Self>
    where
        P: Clone,
    {
        let ((first, begins), later) = steps.split_first()?;
        let mut outline = Self::begin(*first, begins.clone())?;
        let begun_on = outline.begun_on;
        let until = day.max(begun_on);
        for (position, step) in later {
            // Who was forgotten is forgotten on every day.
            let is_forgotten = matches!(step.said, Said::Forgotten { .. });
            if is_forgotten || step.effective_at.max(begun_on) <= until {
                outline.apply(*position, step.clone());
            }
        }
        Some(outline)
    }

    /// The personal parts that [`Outline::declaration`] will ask for.
    pub fn sealed(&self) -> impl Iterator<Item = &P> {
        self.values.iter().filter_map(|value| match value {
            Slot::SealedFact(part) | Slot::SealedChange(part) => Some(part),
            Slot::Empty | Slot::Public(_) | Slot::Unopened(_) | Slot::Forgotten(_) => None,
        })
    }

    /// Roughly how many bytes it takes, without its personal parts.
    pub fn size(&self) -> usize {
        // Each text is a piece of memory with a head of its own.
        const HEAD: usize = 16;
        let text = |value: &Slot<P>| match value {
            Slot::Public(text) => text.both.len() + HEAD,
            _ => 0,
        };
        size_of::<Self>()
            + self.values.iter().map(text).sum::<usize>()
            + self.flags.capacity() * size_of::<(FlagCode, Since, bool)>()
            + self.forgotten.capacity() * size_of::<(Role, Since, SubjectId)>()
    }

    /// The declaration with its [`LISTED`] fields, everything folded in, and the day since which it holds. `open` gives whose
    /// a part is and its content (`None`: the key is gone). What stands in [`UNOPENED`] comes without its content.
    pub fn declaration<'p>(
        &self,
        id: DeclarationId,
        open: impl Fn(&P) -> (SubjectId, Option<&'p Value>),
    ) -> Result<(Declaration, NaiveDate), DecodeError> {
        // Who was forgotten is forgotten on every day, also while the key is still being destroyed.
        let forgotten: BTreeSet<SubjectId> = self.forgotten.iter().map(|(.., subject)| *subject).collect();
        let mut facts = Facts::new(self.entity, self.subjects);
        for (field, value) in LISTED.into_iter().zip(&self.values) {
            let sealed = |part: &P, read: fn(Field, &Value) -> Result<Option<FieldValue>, DecodeError>| {
                let (id, body) = open(part);
                let subject = self.subject(field, id);
                let value = match body {
                    Some(body) if !forgotten.contains(&id) => read(field, body)?,
                    _ => None,
                };
                Ok(value.map_or(Fact::Forgotten(subject), |value| {
                    Fact::Personal(subject, Personal::new(value))
                }))
            };
            let fact = match value {
                Slot::Empty => None,
                Slot::Public(text) => Some(Fact::Public(text.value())),
                Slot::Unopened(id) if !forgotten.contains(id) => {
                    let unopened = FieldValue::from_parts(String::new(), None);
                    Some(Fact::Personal(self.subject(field, *id), Personal::new(unopened)))
                }
                Slot::Unopened(id) | Slot::Forgotten(id) => Some(Fact::Forgotten(self.subject(field, *id))),
                Slot::SealedFact(part) => Some(sealed(part, wire::fact)?),
                Slot::SealedChange(part) => Some(sealed(part, wire::changed)?),
            };
            facts.set_fact(field, fact);
        }
        let raised = self.flags.iter().filter(|(.., raised)| *raised);
        let declaration = Declaration {
            id,
            organization_id: self.organization_id,
            origin: self.origin,
            facts,
            stop: self.stop,
            published: self.published,
            // No list shows it.
            logo_allowed: true,
            replaced: self.replaced,
            supersedes: BTreeSet::new(),
            absorbed: BTreeSet::new(),
            flags: raised.map(|(flag, ..)| *flag).collect(),
            version: self.version,
        };
        Ok((declaration, self.begun_on))
    }

    /// Whose a listed field is, whatever the event called the role.
    fn subject(&self, field: Field, id: SubjectId) -> Subject {
        let role = match field.class(self.entity) {
            FieldClass::Personal(role) => role,
            FieldClass::Public => Role::SoleTrader,
        };
        Subject { role, id }
    }
}

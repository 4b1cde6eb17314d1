//! The JSON of declaration events, version 1, read no further than lists need; [`super::super::wire`] reads all of it.

use std::{borrow::Cow, fmt};

use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{Begun, LISTED, Said, Slot, Step, TakenBack, Text, UNOPENED, Values, place};
use crate::{
    declaration::{
        codec::{DecodeError, SCHEMA_VERSION},
        event::{DeclarationEvent, Liveness, Origin, Replacement, Stop},
        facts::FieldValue,
        field::{Field, FieldClass, Role, Subject, Subjects},
        flag::FlagCode,
    },
    ids::{DeclarationId, OrganizationId, SubjectId},
    value::EntityType,
};

/// The personal parts of an event.
pub trait Parts {
    /// One of them, sealed or not.
    type Part;

    /// Whether there is one of this name.
    fn has(&self, name: &str) -> bool;

    /// The one of this name.
    fn part(&self, name: &str) -> Option<Self::Part>;

    /// Whose the one of this name is.
    fn subject(&self, name: &str) -> Option<SubjectId>;
}

/// An event as the log has it, its data still text.
#[derive(Clone, Copy)]
pub struct EventText<'a> {
    /// The wire type.
    pub event_type: &'a str,
    /// The version of its shape.
    pub schema_version: u16,
    /// From when it holds.
    pub effective_at: NaiveDate,
    /// JSON.
    pub data: &'a str,
}

#[derive(Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) declaration_id: DeclarationId,
    organization_id: OrganizationId,
    pub(crate) body: T,
}

#[derive(Deserialize)]
pub(crate) struct WireText<'a> {
    #[serde(borrow)]
    typed: Cow<'a, str>,
    #[serde(default, borrow)]
    value: Option<Cow<'a, str>>,
    #[serde(default)]
    unreadable: bool,
}

impl WireText<'_> {
    /// It stands there only where it is another text than what was typed.
    pub(crate) fn normal(&self) -> Option<&str> {
        match &self.value {
            _ if self.unreadable => None,
            Some(value) => Some(value),
            None => Some(&self.typed),
        }
    }

    fn text<E: serde::de::Error>(&self) -> Result<Text, E> {
        Text::new(&self.typed, self.value.as_deref(), self.unreadable)
            .ok_or_else(|| E::custom("a value is too long"))
    }
}

#[derive(Deserialize)]
struct WireBeginning {
    #[serde(default)]
    origin: Option<Origin>,
    facts: WireFacts,
    #[serde(default)]
    stop: Option<Stop>,
    published: bool,
    flags: Vec<FlagCode>,
}

#[derive(Deserialize)]
struct WireFacts {
    entity_type: EntityType,
    subjects: Subjects,
    public: ListedTexts,
    sealed: Vec<Field>,
}

/// The listed fields of a map of all.
struct ListedTexts(Vec<(usize, Text)>);

impl<'de> Deserialize<'de> for ListedTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = ListedTexts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of fields")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ListedTexts, A::Error> {
                let mut texts = Vec::with_capacity(LISTED.len());
                while let Some(field) = map.next_key::<Field>()? {
                    match place(field) {
                        Some(at) => texts.push((at, map.next_value::<WireText<'de>>()?.text()?)),
                        None => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(ListedTexts(texts))
            }
        }
        deserializer.deserialize_map(Texts)
    }
}

#[derive(Deserialize)]
pub(crate) struct WireChange<'a> {
    pub(crate) field: Field,
    #[serde(default, borrow)]
    pub(crate) new: Option<WireText<'a>>,
    #[serde(default)]
    sealed: Option<WireSealed>,
}

#[derive(Deserialize)]
struct WireSealed {
    role: Role,
    new: bool,
    #[serde(default)]
    forgotten: Option<SubjectId>,
}

#[derive(Deserialize)]
pub(crate) struct WireCorrected<'a> {
    #[serde(borrow)]
    pub(crate) change: WireChange<'a>,
}

#[derive(Deserialize)]
pub(crate) struct WireChanges<'a> {
    #[serde(borrow)]
    pub(crate) changes: Vec<WireChange<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct WireStopped {
    pub(crate) stop: Stop,
}

#[derive(Deserialize)]
struct WireReplaced {
    by: DeclarationId,
}

/// What a declaration takes over from another one.
#[derive(Deserialize)]
pub(crate) struct WireTakenOver<'a> {
    #[serde(default, borrow)]
    pub(crate) changes: Vec<WireChange<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct WireUndoneReplaced {
    pub(crate) by: Option<Replacement>,
}

#[derive(Deserialize)]
pub(crate) struct WireUndone<'a> {
    #[serde(default, borrow)]
    pub(crate) changes: Vec<WireChange<'a>>,
    #[serde(default)]
    pub(crate) liveness: Option<WireLiveness>,
    #[serde(default)]
    published: Option<bool>,
    #[serde(default)]
    flag: Option<WireUndoneFlag>,
    #[serde(default)]
    pub(crate) replaced: Option<WireUndoneReplaced>,
}

#[derive(Deserialize)]
pub(crate) struct WireLiveness {
    pub(crate) stop: Option<Stop>,
}

#[derive(Deserialize)]
struct WireUndoneFlag {
    flag: FlagCode,
    raised: bool,
}

#[derive(Deserialize)]
struct WireFlag {
    flag: FlagCode,
}

#[derive(Deserialize)]
struct WireForgotten {
    role: Role,
    subject: SubjectId,
    successor: SubjectId,
}

impl EventText<'_> {
    /// About which declaration it is, without reading what it says.
    pub fn declaration_id(&self) -> Result<DeclarationId, DecodeError> {
        let envelope: Envelope<IgnoredAny> = parsed(self)?;
        Ok(envelope.declaration_id)
    }

    /// Whether an event of this type brings a declaration into being.
    pub fn begins(&self) -> bool {
        matches!(self.event_type, "declaration.registered" | "declaration.made")
    }

    /// Refuses a type or a version that was never written.
    pub(crate) fn check_version(&self) -> Result<(), DecodeError> {
        if !DeclarationEvent::TYPES.contains(&self.event_type) {
            return Err(DecodeError::UnknownType(self.event_type.to_owned()));
        }
        if self.schema_version != SCHEMA_VERSION {
            return Err(DecodeError::UnknownVersion {
                event_type: self.event_type.to_owned(),
                version: self.schema_version,
            });
        }
        Ok(())
    }
}

impl<P> Step<P> {
    /// Reads an event with its personal parts.
    pub fn read(event: &EventText<'_>, parts: &impl Parts<Part = P>) -> Result<Self, DecodeError> {
        event.check_version()?;
        let parts = Checked {
            event_type: event.event_type,
            parts,
        };
        match event.event_type {
            "declaration.registered" | "declaration.made" => read(event, |body| begins(body, &parts)),
            "declaration.corrected" => read(event, |body: WireCorrected<'_>| {
                Ok(Said::Values(values([body.change], &parts)?))
            }),
            "declaration.contact_changed"
            | "declaration.diagnosis_recorded"
            | "declaration.policy_recorded"
            | "declaration.stepped_up"
            | "declaration.stepped_down"
            | "declaration.policy_withdrawn" => read(event, |body: WireChanges<'_>| {
                Ok(Said::Values(values(body.changes, &parts)?))
            }),
            "declaration.undone" => read(event, |body: WireUndone<'_>| taken_back(body, &parts)),
            "declaration.superseded" => read(event, |body: WireReplaced| {
                Ok(Said::Replaced(Replacement::SupersededBy(body.by)))
            }),
            "declaration.merged_into" => read(event, |body: WireReplaced| {
                Ok(Said::Replaced(Replacement::MergedInto(body.by)))
            }),
            "declaration.absorbed" | "declaration.handed_over" => read(event, |body: WireTakenOver<'_>| {
                Ok(Said::Values(values(body.changes, &parts)?))
            }),
            "declaration.stopped" => read(event, |body: WireStopped| Ok(Said::Stop(Some(body.stop)))),
            "declaration.reinstated" => read(event, |_: IgnoredAny| Ok(Said::Stop(None))),
            "declaration.published" => read(event, |_: IgnoredAny| Ok(Said::Published(true))),
            "declaration.unpublished" => read(event, |_: IgnoredAny| Ok(Said::Published(false))),
            "declaration.flag_raised" => read(event, |body: WireFlag| Ok(flag(body.flag, true))),
            "declaration.flag_cleared" => read(event, |body: WireFlag| Ok(flag(body.flag, false))),
            "declaration.person_forgotten" => read(event, |body: WireForgotten| {
                Ok(Said::Forgotten {
                    subject: Subject {
                        role: body.role,
                        id: body.subject,
                    },
                    successor: body.successor,
                })
            }),
            "declaration.note_added" | "declaration.evidence_given" | "declaration.number_looked_up" => {
                read(event, |_: IgnoredAny| {
                    parts.check(Role::Remarks)?;
                    Ok(Said::Nothing)
                })
            }
            _ => read(event, |_: IgnoredAny| Ok(Said::Nothing)),
        }
    }
}

fn taken_back<S: Parts>(body: WireUndone<'_>, parts: &Checked<'_, S>) -> Result<Said<S::Part>, DecodeError> {
    Ok(Said::Undone(Box::new(TakenBack {
        values: values(body.changes, parts)?,
        liveness: body
            .liveness
            .map(|of| of.stop.map_or(Liveness::Live, Liveness::Stopped)),
        published: body.published,
        flag: body.flag.map(|of| (of.flag, of.raised)),
        replaced: body.replaced.map(|of| of.by),
    })))
}

fn flag<P>(flag: FlagCode, raised: bool) -> Said<P> {
    Said::Flag { flag, raised }
}

/// The data of an event, read as far as `T` asks.
pub(crate) fn parsed<'a, T: Deserialize<'a>>(event: &EventText<'a>) -> Result<Envelope<T>, DecodeError> {
    serde_json::from_str(event.data).map_err(|source| shape(event.event_type, source))
}

fn read<'a, P, T: Deserialize<'a>>(
    event: &EventText<'a>,
    said: impl FnOnce(T) -> Result<Said<P>, DecodeError>,
) -> Result<Step<P>, DecodeError> {
    let envelope: Envelope<T> = parsed(event)?;
    let facts = &DeclarationEvent::FACT_TYPES;
    Ok(Step {
        declaration_id: envelope.declaration_id,
        organization_id: envelope.organization_id,
        effective_at: event.effective_at,
        changes_facts: facts.contains(&event.event_type),
        said: said(envelope.body)?,
    })
}

fn shape(event_type: &str, source: serde_json::Error) -> DecodeError {
    DecodeError::Shape {
        event_type: event_type.to_owned(),
        source,
    }
}

/// Parts that must be there.
struct Checked<'a, S> {
    event_type: &'a str,
    parts: &'a S,
}

impl<S: Parts> Checked<'_, S> {
    fn missing(&self, role: Role) -> DecodeError {
        DecodeError::PartMissing {
            event_type: self.event_type.to_owned(),
            part: role.code().to_owned(),
        }
    }

    fn check(&self, role: Role) -> Result<(), DecodeError> {
        if self.parts.has(role.code()) {
            Ok(())
        } else {
            Err(self.missing(role))
        }
    }
}

fn begins<S: Parts>(body: WireBeginning, parts: &Checked<'_, S>) -> Result<Said<S::Part>, DecodeError> {
    let WireFacts {
        entity_type: entity,
        subjects,
        public,
        sealed,
    } = body.facts;
    let texts = public.0.into_iter();
    let mut values: Vec<_> = texts.map(|(at, text)| (at, Slot::Public(text))).collect();
    for field in sealed {
        let FieldClass::Personal(role) = field.class(entity) else {
            let source = serde_json::Error::custom("a sealed field is public");
            return Err(shape(parts.event_type, source));
        };
        match place(field) {
            None => parts.check(role)?,
            Some(at) if field == UNOPENED => {
                parts.check(role)?;
                values.push((at, Slot::Unopened(subjects.of(role).id)));
            }
            Some(at) => {
                let part = parts.parts.part(role.code());
                values.push((at, Slot::SealedFact(part.ok_or_else(|| parts.missing(role))?)));
            }
        }
    }
    Ok(Said::Begins(Box::new(Begun {
        origin: body.origin,
        entity,
        subjects,
        values,
        stop: body.stop,
        published: body.published,
        flags: body.flags,
    })))
}

fn values<'a, S: Parts>(
    changes: impl IntoIterator<Item = WireChange<'a>>,
    parts: &Checked<'_, S>,
) -> Result<Values<S::Part>, DecodeError> {
    let mut values = Vec::new();
    for change in changes {
        let Some(sealed) = change.sealed else {
            if let Some(at) = place(change.field) {
                let text = change.new.map(|text| text.text()).transpose();
                let text = text.map_err(|source| shape(parts.event_type, source))?;
                values.push((at, text.map_or(Slot::Empty, Slot::Public)));
            }
            continue;
        };
        let WireSealed { role, new, forgotten } = sealed;
        if forgotten.is_none() {
            parts.check(role)?;
        }
        let Some(at) = place(change.field) else { continue };
        if new && change.field == UNOPENED {
            values.push((at, unopened(role, forgotten, parts)?));
            continue;
        }
        let value = match (parts.parts.part(role.code()), forgotten) {
            _ if !new => Slot::Empty,
            (Some(part), _) => Slot::SealedChange(part),
            (None, Some(subject)) => Slot::Forgotten(subject),
            (None, None) => return Err(parts.missing(role)),
        };
        values.push((at, value));
    }
    Ok(values)
}

fn unopened<S: Parts>(
    role: Role,
    forgotten: Option<SubjectId>,
    parts: &Checked<'_, S>,
) -> Result<Slot<S::Part>, DecodeError> {
    match (parts.parts.subject(role.code()), forgotten) {
        (Some(subject), _) => Ok(Slot::Unopened(subject)),
        (None, Some(subject)) => Ok(Slot::Forgotten(subject)),
        (None, None) => Err(parts.missing(role)),
    }
}

/// A value in the open part of a first event.
pub(super) fn fact(field: Field, body: &Value) -> Result<Option<FieldValue>, DecodeError> {
    let wrong = |source| shape("a first event", source);
    let found = body.get(field.code());
    let found = found.ok_or_else(|| wrong(serde_json::Error::custom("a sealed field is not in its part")))?;
    let text: WireText<'_> = Deserialize::deserialize(found).map_err(wrong)?;
    text.text().map(|text| Some(text.value())).map_err(wrong)
}

/// A new value in the open part of a change; `None` where it does not say it any more.
pub(super) fn changed(field: Field, body: &Value) -> Result<Option<FieldValue>, DecodeError> {
    #[derive(Deserialize)]
    struct Change<'a> {
        #[serde(default, borrow)]
        new: Option<WireText<'a>>,
    }
    let wrong = |source| shape("a change", source);
    let Some(found) = body.get(field.code()) else {
        return Ok(None);
    };
    let change = Change::deserialize(found).map_err(wrong)?;
    let text = change.new.map(|text| text.text()).transpose().map_err(wrong)?;
    Ok(text.map(|text| text.value()))
}

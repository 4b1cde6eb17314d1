//! The JSON of declaration events, version 1. Frozen: see `tests/golden`.

mod between;
mod undone;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    codec::{DecodeError, Parts, StoredEvent},
    diagnosis::Answer,
    event::{
        Change, Corrected, CorrectionKind, DeclarationEvent, Made, Origin, RegisterSource, Registered,
        Source, Standing, Statement, Stop,
    },
    facts::{Fact, Facts, FieldValue},
    field::{Field, FieldClass, Role, Subject, Subjects},
    flag::FlagCode,
};
use crate::{
    ids::{DeclarationId, OrganizationId, SubjectId},
    personal::{Personal, Readable},
    value::{CorporateNumber, EntityType},
};

mod evidence;
mod look_up;

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    declaration_id: DeclarationId,
    organization_id: OrganizationId,
    body: T,
}

/// `value` is left out when it equals `typed` and when what was typed cannot be read.
#[derive(Serialize, Deserialize)]
struct WireValue {
    typed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unreadable: bool,
}

#[derive(Serialize, Deserialize)]
struct WireFacts {
    entity_type: EntityType,
    subjects: Subjects,
    public: BTreeMap<Field, WireValue>,
    sealed: BTreeSet<Field>,
}

#[derive(Serialize, Deserialize)]
struct WireRegistered {
    source: RegisterSource,
    facts: WireFacts,
    stop: Option<Stop>,
    state_typed: String,
    stopped_on_typed: String,
    published: bool,
    flags: BTreeSet<FlagCode>,
}

#[derive(Serialize, Deserialize)]
struct WireMade {
    origin: Origin,
    facts: WireFacts,
    published: bool,
    flags: BTreeSet<FlagCode>,
}

/// One field before and after: in the clear, or the role whose part holds it and which of the two are there.
#[derive(Serialize, Deserialize)]
struct WireChange {
    field: Field,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<WireValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new: Option<WireValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<WireSealed>,
}

#[derive(Serialize, Deserialize)]
struct WireSealed {
    role: Role,
    old: bool,
    new: bool,
    /// Whose the old value was, where no part tells: something forgotten was emptied, so that nothing is left to seal, or
    /// it made way for somebody else, whose part it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forgotten: Option<SubjectId>,
}

#[derive(Default, Serialize, Deserialize)]
struct WireSealedChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<WireValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new: Option<WireValue>,
}

#[derive(Serialize, Deserialize)]
struct WireCorrected {
    change: WireChange,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<NaiveDate>,
    source: Source,
}

#[derive(Serialize, Deserialize)]
struct WireChanges {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    questionnaire: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Vec<Answer>>,
    changes: Vec<WireChange>,
}

#[derive(Serialize, Deserialize)]
struct WireLiveness {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop: Option<Stop>,
    corporate_number: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct WireForgotten {
    role: Role,
    subject: SubjectId,
    successor: SubjectId,
}

#[derive(Serialize, Deserialize)]
struct WireFlag {
    flag: FlagCode,
}

#[derive(Serialize, Deserialize)]
struct Empty {}

/// The key of a note within its part.
const NOTE: &str = "note";

/// The data of an event; what must be sealed goes into `parts`.
pub(super) fn encode(statement: &Statement, parts: &mut Parts) -> Value {
    let changes = |list: &[Change], parts: &mut Parts| WireChanges {
        questionnaire: None,
        answers: None,
        changes: list.iter().map(|change| change_out(change, parts)).collect(),
    };
    match &statement.event {
        DeclarationEvent::Registered(registered) => envelope(statement, &registered_out(registered, parts)),
        DeclarationEvent::Made(made) => envelope(
            statement,
            &WireMade {
                origin: made.origin,
                facts: facts_out(&made.facts, parts),
                published: made.published,
                flags: made.flags.clone(),
            },
        ),
        DeclarationEvent::Corrected(corrected) => envelope(statement, &corrected_out(corrected, parts)),
        DeclarationEvent::ContactChanged { changes: list }
        | DeclarationEvent::PolicyRecorded { changes: list }
        | DeclarationEvent::SteppedUp { changes: list }
        | DeclarationEvent::SteppedDown { changes: list }
        | DeclarationEvent::PolicyWithdrawn { changes: list } => envelope(statement, &changes(list, parts)),
        DeclarationEvent::DiagnosisRecorded {
            questionnaire,
            answers,
            changes: list,
        } => envelope(
            statement,
            &WireChanges {
                questionnaire: Some(questionnaire.clone()),
                answers: answers.clone(),
                ..changes(list, parts)
            },
        ),
        DeclarationEvent::Undone(undone) => envelope(statement, &undone::out(undone, parts)),
        DeclarationEvent::Stopped {
            stop,
            corporate_number,
        } => envelope(statement, &liveness_out(Some(*stop), corporate_number.as_ref())),
        DeclarationEvent::Reinstated { corporate_number } => {
            envelope(statement, &liveness_out(None, corporate_number.as_ref()))
        }
        DeclarationEvent::PersonForgotten { subject, successor } => envelope(
            statement,
            &WireForgotten {
                role: subject.role,
                subject: subject.id,
                successor: *successor,
            },
        ),
        DeclarationEvent::FlagRaised { flag } | DeclarationEvent::FlagCleared { flag } => {
            envelope(statement, &WireFlag { flag: *flag })
        }
        DeclarationEvent::NoteAdded { subject, text } => {
            if let Readable::Open(text) = text {
                parts.put(*subject, NOTE, Value::String(text.reveal().clone()));
            }
            envelope(statement, &Empty {})
        }
        DeclarationEvent::EvidenceGiven(evidence) => envelope(statement, &evidence::out(evidence, parts)),
        DeclarationEvent::NumberLookedUp(of) => envelope(statement, &look_up::out(of, parts)),
        _ => between::out(statement, parts),
    }
}

fn envelope<T: Serialize>(statement: &Statement, body: &T) -> Value {
    let envelope = Envelope {
        declaration_id: statement.declaration_id,
        organization_id: statement.organization_id,
        body,
    };
    to_json(&envelope)
}

fn to_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("the wire shapes have text keys and finite values only")
}

fn value_out(value: &FieldValue) -> WireValue {
    WireValue {
        typed: value.typed().to_owned(),
        value: value
            .value()
            .filter(|normal| *normal != value.typed())
            .map(str::to_owned),
        unreadable: value.value().is_none(),
    }
}

fn value_in(wire: WireValue) -> FieldValue {
    let value = if wire.unreadable {
        None
    } else {
        Some(wire.value.unwrap_or_else(|| wire.typed.clone()))
    };
    FieldValue::from_parts(wire.typed, value)
}

fn facts_out(facts: &Facts, parts: &mut Parts) -> WireFacts {
    let mut public = BTreeMap::new();
    let mut sealed = BTreeSet::new();
    for (field, fact) in facts.iter() {
        match fact {
            Fact::Public(value) => {
                public.insert(field, value_out(value));
            }
            Fact::Personal(subject, value) => {
                parts.put(*subject, field.code(), to_json(&value_out(value.reveal())));
                sealed.insert(field);
            }
            Fact::Forgotten(_) => {
                sealed.insert(field);
            }
        }
    }
    WireFacts {
        entity_type: facts.entity_type(),
        subjects: *facts.subjects(),
        public,
        sealed,
    }
}

fn registered_out(registered: &Registered, parts: &mut Parts) -> WireRegistered {
    WireRegistered {
        source: registered.source.clone(),
        facts: facts_out(&registered.facts, parts),
        stop: registered.standing.stop,
        state_typed: registered.standing.state_typed.clone(),
        stopped_on_typed: registered.standing.stopped_on_typed.clone(),
        published: registered.published,
        flags: registered.flags.clone(),
    }
}

fn corrected_out(corrected: &Corrected, parts: &mut Parts) -> WireCorrected {
    let (kind, since) = match corrected.kind {
        CorrectionKind::Error => ("error", None),
        CorrectionKind::Change { since } => ("change", Some(since)),
    };
    WireCorrected {
        change: change_out(&corrected.change, parts),
        kind: kind.to_owned(),
        since,
        source: corrected.source,
    }
}

fn change_out(change: &Change, parts: &mut Parts) -> WireChange {
    let out = |fact: &Option<Fact>| fact.as_ref().and_then(Fact::reveal).map(value_out);
    let (old, new) = (out(&change.old), out(&change.new));
    let subject = |fact: &Option<Fact>| fact.as_ref().and_then(Fact::subject);
    let (of_old, of_new) = (subject(&change.old), subject(&change.new));
    let Some(named) = of_new.or(of_old) else {
        return WireChange {
            field: change.field,
            old,
            new,
            sealed: None,
        };
    };
    // An old value is never sealed for somebody else than its person.
    let old = old.filter(|_| of_old == Some(named));
    let is_sealed = old.is_some() || new.is_some();
    let forgotten = of_old
        .filter(|of_old| !is_sealed || *of_old != named)
        .or(of_new.filter(|_| !is_sealed))
        .map(|subject| subject.id);
    if is_sealed {
        parts.put(
            named,
            change.field.code(),
            to_json(&WireSealedChange { old, new }),
        );
    }
    let (old, new) = (change.old.is_some(), change.new.is_some());
    let sealed = WireSealed {
        role: named.role,
        old,
        new,
        forgotten,
    };
    WireChange {
        field: change.field,
        old: None,
        new: None,
        sealed: Some(sealed),
    }
}

fn liveness_out(stop: Option<Stop>, number: Option<&CorporateNumber>) -> WireLiveness {
    WireLiveness {
        stop,
        corporate_number: number.map(ToString::to_string),
    }
}

/// Reads an event of version 1.
pub(super) fn decode(stored: &StoredEvent<'_>) -> Result<Statement, DecodeError> {
    let reader = Reader { stored };
    match stored.event_type {
        "declaration.registered" => reader.read(|body: WireRegistered| {
            Ok(DeclarationEvent::Registered(Box::new(Registered {
                source: body.source,
                facts: reader.facts(body.facts)?,
                standing: Standing {
                    stop: body.stop,
                    state_typed: body.state_typed,
                    stopped_on_typed: body.stopped_on_typed,
                },
                published: body.published,
                flags: body.flags,
            })))
        }),
        "declaration.made" => reader.read(|body: WireMade| {
            Ok(DeclarationEvent::Made(Box::new(Made {
                origin: body.origin,
                facts: reader.facts(body.facts)?,
                published: body.published,
                flags: body.flags,
            })))
        }),
        "declaration.corrected" => reader.read(|body: WireCorrected| reader.corrected(body)),
        "declaration.contact_changed" => reader.read(|body: WireChanges| {
            Ok(DeclarationEvent::ContactChanged {
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.diagnosis_recorded" => reader.read(|body: WireChanges| {
            let questionnaire = body.questionnaire.unwrap_or_default();
            Ok(DeclarationEvent::DiagnosisRecorded {
                questionnaire,
                answers: body.answers,
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.policy_recorded" => reader.read(|body: WireChanges| {
            Ok(DeclarationEvent::PolicyRecorded {
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.stepped_up" => reader.read(|body: WireChanges| {
            Ok(DeclarationEvent::SteppedUp {
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.stepped_down" => reader.read(|body: WireChanges| {
            Ok(DeclarationEvent::SteppedDown {
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.policy_withdrawn" => reader.read(|body: WireChanges| {
            Ok(DeclarationEvent::PolicyWithdrawn {
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.logo_suspended" => reader.read(|_: Empty| Ok(DeclarationEvent::LogoSuspended)),
        "declaration.logo_restored" => reader.read(|_: Empty| Ok(DeclarationEvent::LogoRestored)),
        "declaration.undone" => reader.read(|body| reader.undone(body)),
        "declaration.stopped" => reader.read(|body: WireLiveness| {
            let stop = body.stop.ok_or_else(|| reader.shape("stop is missing"))?;
            Ok(DeclarationEvent::Stopped {
                stop,
                corporate_number: reader.number(body.corporate_number)?,
            })
        }),
        "declaration.reinstated" => reader.read(|body: WireLiveness| {
            Ok(DeclarationEvent::Reinstated {
                corporate_number: reader.number(body.corporate_number)?,
            })
        }),
        "declaration.published" => reader.read(|_: Empty| Ok(DeclarationEvent::Published)),
        "declaration.unpublished" => reader.read(|_: Empty| Ok(DeclarationEvent::Unpublished)),
        "declaration.person_forgotten" => reader.read(|body: WireForgotten| {
            Ok(DeclarationEvent::PersonForgotten {
                subject: Subject {
                    role: body.role,
                    id: body.subject,
                },
                successor: body.successor,
            })
        }),
        "declaration.flag_raised" => {
            reader.read(|body: WireFlag| Ok(DeclarationEvent::FlagRaised { flag: body.flag }))
        }
        "declaration.flag_cleared" => {
            reader.read(|body: WireFlag| Ok(DeclarationEvent::FlagCleared { flag: body.flag }))
        }
        "declaration.note_added" => reader.read(|_: Empty| reader.note()),
        "declaration.evidence_given" => reader.read(|body| evidence::read(&reader, body)),
        "declaration.number_looked_up" => reader.read(|body| look_up::read(&reader, body)),
        other => between::read(&reader).unwrap_or_else(|| Err(DecodeError::UnknownType(other.to_owned()))),
    }
}

struct Reader<'a> {
    stored: &'a StoredEvent<'a>,
}

impl Reader<'_> {
    fn read<T: for<'de> Deserialize<'de>>(
        &self,
        event: impl FnOnce(T) -> Result<DeclarationEvent, DecodeError>,
    ) -> Result<Statement, DecodeError> {
        let envelope: Envelope<T> = self.json(self.stored.data)?;
        Ok(Statement {
            declaration_id: envelope.declaration_id,
            organization_id: envelope.organization_id,
            effective_at: self.stored.effective_at,
            event: event(envelope.body)?,
        })
    }

    fn json<T: for<'de> Deserialize<'de>>(&self, value: &Value) -> Result<T, DecodeError> {
        T::deserialize(value).map_err(|source| self.shape_of(source))
    }

    fn shape_of(&self, source: serde_json::Error) -> DecodeError {
        DecodeError::Shape {
            event_type: self.stored.event_type.to_owned(),
            source,
        }
    }

    fn shape(&self, what: &str) -> DecodeError {
        self.shape_of(serde::de::Error::custom(what))
    }

    /// The subject of a role's part, and its body unless the key is gone.
    fn part(&self, role: Role) -> Result<(Subject, Option<&Value>), DecodeError> {
        let part = self.stored.personal.iter().find(|part| part.name == role.code());
        let part = part.ok_or_else(|| DecodeError::PartMissing {
            event_type: self.stored.event_type.to_owned(),
            part: role.code().to_owned(),
        })?;
        Ok((
            Subject {
                role,
                id: SubjectId::new(part.subject),
            },
            part.body,
        ))
    }

    fn facts(&self, wire: WireFacts) -> Result<Facts, DecodeError> {
        let mut facts = Facts::new(wire.entity_type, wire.subjects);
        for (field, value) in wire.public {
            facts.set_fact(field, Some(Fact::Public(value_in(value))));
        }
        for field in wire.sealed {
            let FieldClass::Personal(role) = field.class(wire.entity_type) else {
                return Err(self.shape("a sealed field is public"));
            };
            let (subject, body) = self.part(role)?;
            let fact = match body {
                None => Fact::Forgotten(subject),
                Some(body) => {
                    let value = body
                        .get(field.code())
                        .ok_or_else(|| self.shape("a sealed field is not in its part"))?;
                    Fact::Personal(subject, Personal::new(value_in(self.json(value)?)))
                }
            };
            facts.set_fact(field, Some(fact));
        }
        Ok(facts)
    }

    fn changes(&self, wire: Vec<WireChange>) -> Result<Vec<Change>, DecodeError> {
        wire.into_iter().map(|change| self.change(change)).collect()
    }

    fn change(&self, wire: WireChange) -> Result<Change, DecodeError> {
        let Some(sealed) = wire.sealed else {
            let public = |value: Option<WireValue>| value.map(|value| Fact::Public(value_in(value)));
            return Ok(Change {
                field: wire.field,
                old: public(wire.old),
                new: public(wire.new),
            });
        };
        let of_old = sealed.forgotten.map(|id| Subject {
            role: sealed.role,
            id,
        });
        let (subject, body) = match (self.part(sealed.role), of_old) {
            (Ok(part), _) => part,
            (Err(_), Some(subject)) => (subject, None),
            (Err(missing), None) => return Err(missing),
        };
        let values: Option<WireSealedChange> = match body {
            Some(body) => match body.get(wire.field.code()) {
                Some(value) => Some(self.json(value)?),
                None => Some(WireSealedChange::default()),
            },
            None => None,
        };
        let (old, new) = values.map_or((None, None), |values| (values.old, values.new));
        let fact = |there: bool, value: Option<WireValue>, subject| match (there, value) {
            (false, _) => None,
            (true, Some(value)) => Some(Fact::Personal(subject, Personal::new(value_in(value)))),
            (true, None) => Some(Fact::Forgotten(subject)),
        };
        Ok(Change {
            field: wire.field,
            old: fact(sealed.old, old, of_old.unwrap_or(subject)),
            new: fact(sealed.new, new, subject),
        })
    }

    fn corrected(&self, wire: WireCorrected) -> Result<DeclarationEvent, DecodeError> {
        let kind = match (wire.kind.as_str(), wire.since) {
            ("error", None) => CorrectionKind::Error,
            ("change", Some(since)) => CorrectionKind::Change { since },
            _ => return Err(self.shape("a correction is an error, or a change since a day")),
        };
        let change = self.change(wire.change)?;
        Ok(DeclarationEvent::Corrected(Box::new(Corrected {
            change,
            kind,
            source: wire.source,
        })))
    }

    fn number(&self, wire: Option<String>) -> Result<Option<CorporateNumber>, DecodeError> {
        wire.map(|number| number.parse().map_err(|_| self.shape("not a corporate number")))
            .transpose()
    }

    fn note(&self) -> Result<DeclarationEvent, DecodeError> {
        let (subject, body) = self.part(Role::Remarks)?;
        let text = match body {
            None => Readable::Forgotten,
            Some(body) => {
                let text = body
                    .get(NOTE)
                    .and_then(Value::as_str)
                    .ok_or_else(|| self.shape("a note has no text"))?;
                Readable::Open(Personal::new(text.to_owned()))
            }
        };
        Ok(DeclarationEvent::NoteAdded { subject, text })
    }
}

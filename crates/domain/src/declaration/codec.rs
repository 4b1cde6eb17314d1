//! Declaration events to and from the log: data in the clear, what is about persons apart.
//!
//! The stored shapes are frozen by the files in `tests/golden`. A new shape is a new schema version with a branch in
//! [`Statement::decode`]; the old branch stays for ever.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use super::{
    event::{Change, DeclarationEvent, Statement},
    facts::Fact,
    field::{Field, Role, Subject},
    wire,
};
use crate::{
    ids::SubjectId,
    personal::{Personal, Readable},
    value::CorporateNumber,
};

/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// The name of the part that holds the reason of a change. The log seals one reason for a whole batch.
pub const REASON: &str = "reason";

/// An event as the log takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodedEvent {
    /// For example `declaration.corrected`.
    pub event_type: &'static str,
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u16,
    /// From when it holds.
    pub effective_at: NaiveDate,
    /// Kind and value of each tag; never anything personal.
    pub tags: Vec<(&'static str, String)>,
    /// What may stand in the clear.
    pub data: Value,
    /// What must be sealed.
    pub personal: Vec<EncodedPart>,
}

/// Something to be sealed for one person. Its `Debug` hides the body.
#[derive(Clone, PartialEq)]
pub struct EncodedPart {
    /// Whose key seals it.
    pub subject: Subject,
    /// A name within the event: the role, or [`REASON`].
    pub name: &'static str,
    /// What is sealed.
    pub body: Value,
}

impl fmt::Debug for EncodedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodedPart({} of {:?})", self.name, self.subject)
    }
}

/// An event as the log gives it back.
#[derive(Clone, Copy)]
pub struct StoredEvent<'a> {
    /// See [`EncodedEvent::event_type`].
    pub event_type: &'a str,
    /// See [`EncodedEvent::schema_version`].
    pub schema_version: u16,
    /// See [`EncodedEvent::effective_at`].
    pub effective_at: NaiveDate,
    /// See [`EncodedEvent::data`].
    pub data: &'a Value,
    /// See [`EncodedEvent::personal`].
    pub personal: &'a [StoredPart<'a>],
}

/// A sealed part as the log gives it back.
#[derive(Clone, Copy)]
pub struct StoredPart<'a> {
    /// Whose key seals it.
    pub subject: Uuid,
    /// See [`EncodedPart::name`].
    pub name: &'a str,
    /// What was sealed; `None` when its key is gone.
    pub body: Option<&'a Value>,
}

/// Why a stored event cannot be read. Each means that the log was written by something newer or broken.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No declaration event has that type.
    #[error("unknown event type {0:?}")]
    UnknownType(String),
    /// That type was never written with that version.
    #[error("event type {event_type} has no schema version {version}")]
    UnknownVersion {
        /// The type.
        event_type: String,
        /// The version found.
        version: u16,
    },
    /// The data does not have the shape of that version.
    #[error("data of {event_type} does not have its shape")]
    Shape {
        /// The type.
        event_type: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A sealed part that the data names is not there, not even redacted.
    #[error("{event_type} lacks its sealed part {part:?}")]
    PartMissing {
        /// The type.
        event_type: String,
        /// Name of the part.
        part: String,
    },
}

impl DeclarationEvent {
    /// The wire types of all declaration events, for queries.
    pub const TYPES: [&'static str; 27] = [
        "declaration.registered",
        "declaration.made",
        "declaration.corrected",
        "declaration.contact_changed",
        "declaration.diagnosis_recorded",
        "declaration.policy_recorded",
        "declaration.stepped_up",
        "declaration.stopped",
        "declaration.reinstated",
        "declaration.published",
        "declaration.unpublished",
        "declaration.person_forgotten",
        "declaration.stepped_down",
        "declaration.policy_withdrawn",
        "declaration.logo_suspended",
        "declaration.logo_restored",
        "declaration.undone",
        "declaration.superseded",
        "declaration.linked_to_old",
        "declaration.merged_into",
        "declaration.absorbed",
        "declaration.handed_over",
        "declaration.flag_raised",
        "declaration.flag_cleared",
        "declaration.note_added",
        "declaration.evidence_given",
        "declaration.number_looked_up",
    ];

    /// The wire types of the events that change facts, as [`DeclarationEvent::changes_facts`] has it: what the guard
    /// of a change asks for.
    pub const FACT_TYPES: [&'static str; 22] = {
        let mut types = [""; 22];
        let mut i = 0;
        while i < types.len() {
            types[i] = Self::TYPES[i];
            i += 1;
        }
        types
    };

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Registered(_) => 0,
            Self::Made(_) => 1,
            Self::Corrected(_) => 2,
            Self::ContactChanged { .. } => 3,
            Self::DiagnosisRecorded { .. } => 4,
            Self::PolicyRecorded { .. } => 5,
            Self::SteppedUp { .. } => 6,
            Self::Stopped { .. } => 7,
            Self::Reinstated { .. } => 8,
            Self::Published => 9,
            Self::Unpublished => 10,
            Self::PersonForgotten { .. } => 11,
            Self::SteppedDown { .. } => 12,
            Self::PolicyWithdrawn { .. } => 13,
            Self::LogoSuspended => 14,
            Self::LogoRestored => 15,
            Self::Undone(_) => 16,
            Self::Superseded { .. } => 17,
            Self::LinkedToOld { .. } => 18,
            Self::MergedInto { .. } => 19,
            Self::Absorbed { .. } => 20,
            Self::HandedOver { .. } => 21,
            Self::FlagRaised { .. } => 22,
            Self::FlagCleared { .. } => 23,
            Self::NoteAdded { .. } => 24,
            Self::EvidenceGiven(_) => 25,
            Self::NumberLookedUp(_) => 26,
        };
        Self::TYPES[index]
    }

    /// The valid corporate numbers that a guard must find this event under: those of a first event, the old and the new
    /// one of a change, and the one that begins or ends to be live.
    fn corporate_numbers(&self) -> Vec<CorporateNumber> {
        let of_fact = |fact: &Option<Fact>| match fact {
            Some(Fact::Public(value)) => value.value()?.parse::<CorporateNumber>().ok(),
            _ => None,
        };
        let of_changes = |changes: &[Change]| -> Vec<CorporateNumber> {
            let of_number = |change: &&Change| change.field == Field::CorporateNumber;
            let changed = changes.iter().filter(of_number);
            changed
                .flat_map(|change| [&change.old, &change.new])
                .filter_map(of_fact)
                .collect()
        };
        match self {
            Self::Registered(registered) => registered.facts.corporate_number().into_iter().collect(),
            Self::Made(made) => made.facts.corporate_number().into_iter().collect(),
            Self::Corrected(corrected) if corrected.change.field == Field::CorporateNumber => {
                [&corrected.change.old, &corrected.change.new]
                    .into_iter()
                    .filter_map(of_fact)
                    .collect()
            }
            Self::Undone(undone) => {
                let mut numbers = of_changes(&undone.changes);
                numbers.extend(undone.corporate_number.clone());
                numbers.dedup();
                numbers
            }
            Self::Absorbed { changes, .. } | Self::HandedOver { changes, .. } => of_changes(changes),
            Self::Stopped { corporate_number, .. }
            | Self::Reinstated { corporate_number }
            | Self::Superseded { corporate_number, .. }
            | Self::MergedInto { corporate_number, .. } => corporate_number.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn declaration_no(&self) -> Option<String> {
        let facts = match self {
            Self::Registered(registered) => &registered.facts,
            Self::Made(made) => &made.facts,
            _ => return None,
        };
        facts.value(Field::DeclarationNo).map(str::to_owned)
    }
}

/// The tag under which everything about a declaration is found.
pub const TAG_DECLARATION: &str = "declaration";
/// The tag under which everything about an organisation is found.
pub const TAG_ORGANIZATION: &str = "organization";
/// The tag of the declaration number, on first events.
pub const TAG_DECLARATION_NO: &str = "declaration-no";
/// The tag of a file that was attached.
pub const TAG_ATTACHMENT: &str = "attachment";
/// The tag of a valid corporate number, on every event that decides who is live under it.
pub const TAG_CORPORATE_NUMBER: &str = "corporate-number";

impl Statement {
    /// The event as the log takes it.
    pub fn encode(&self) -> EncodedEvent {
        let mut parts = Parts::default();
        let data = wire::encode(self, &mut parts);
        EncodedEvent {
            event_type: self.event.event_type(),
            schema_version: SCHEMA_VERSION,
            effective_at: self.effective_at,
            tags: self.tags(),
            data,
            personal: parts.into_encoded(),
        }
    }

    /// Reads an event of the log. Parts that cannot be opened read as forgotten.
    pub fn decode(stored: &StoredEvent<'_>) -> Result<Self, DecodeError> {
        if !DeclarationEvent::TYPES.contains(&stored.event_type) {
            return Err(DecodeError::UnknownType(stored.event_type.to_owned()));
        }
        match stored.schema_version {
            SCHEMA_VERSION => wire::decode(stored),
            version => Err(DecodeError::UnknownVersion {
                event_type: stored.event_type.to_owned(),
                version,
            }),
        }
    }

    fn tags(&self) -> Vec<(&'static str, String)> {
        let mut tags = vec![
            (TAG_DECLARATION, self.declaration_id.to_string()),
            (TAG_ORGANIZATION, self.organization_id.to_string()),
        ];
        tags.extend(
            self.event
                .declaration_no()
                .map(|number| (TAG_DECLARATION_NO, number)),
        );
        tags.extend(
            self.event
                .corporate_numbers()
                .iter()
                .map(|number| (TAG_CORPORATE_NUMBER, number.to_string())),
        );
        if let DeclarationEvent::EvidenceGiven(evidence) = &self.event {
            let ids = evidence.attachments.iter().map(|attachment| attachment.id);
            tags.extend(ids.map(|id| (TAG_ATTACHMENT, id.to_string())));
        }
        tags
    }
}

/// The reason among the parts of a stored event; `None` when none was given.
pub fn reason_of(personal: &[StoredPart<'_>]) -> Option<(SubjectId, Readable<Personal<String>>)> {
    let part = personal.iter().find(|part| part.name == REASON)?;
    let text = match part.body {
        Some(body) => Readable::Open(Personal::new(body.as_str().unwrap_or_default().to_owned())),
        None => Readable::Forgotten,
    };
    Some((SubjectId::new(part.subject), text))
}

/// What one event seals, gathered by role.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<Role, (Subject, serde_json::Map<String, Value>)>);

impl Parts {
    /// Adds an entry to the part of a subject.
    pub(super) fn put(&mut self, subject: Subject, key: &str, body: Value) {
        let (_, map) = self
            .0
            .entry(subject.role)
            .or_insert_with(|| (subject, serde_json::Map::new()));
        map.insert(key.to_owned(), body);
    }

    fn into_encoded(self) -> Vec<EncodedPart> {
        let part = |(role, (subject, map)): (Role, _)| EncodedPart {
            subject,
            name: role.code(),
            body: Value::Object(map),
        };
        self.0.into_iter().map(part).collect()
    }
}

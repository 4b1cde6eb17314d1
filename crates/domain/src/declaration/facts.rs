//! What a declaration says: one value for each field, kept as typed beside its normal form.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::field::{Field, FieldClass, Subject, Subjects};
use crate::{
    ids::SubjectId,
    personal::Personal,
    value::{CorporateNumber, EntityType, Prefecture, Star, normal_form, plain},
};

/// One value: byte for byte what a person typed, and its normal form (`None`: it cannot be read).
/// Its `Debug` hides the content, because only the field around it knows whether it is about a person.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FieldValue {
    typed: String,
    value: Option<String>,
}

impl FieldValue {
    /// Reads what was typed into a field. `None` when there is nothing in it but white space.
    ///
    /// NUL is the one character that is dropped: nobody types it, exports pad with it, and databases cannot hold it.
    pub fn read(field: Field, typed: &str) -> Option<Self> {
        let typed = typed.replace('\0', "");
        if plain::is_blank(&typed) {
            return None;
        }
        let value = normal_form(field, &typed);
        Some(Self { typed, value })
    }

    /// Takes a pair that was read before, from the log.
    pub const fn from_parts(typed: String, value: Option<String>) -> Self {
        Self { typed, value }
    }

    /// Byte for byte what was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The normal form; the same as typed where there is nothing to normalise; `None` when it cannot be read.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue(…)")
    }
}

/// What stands in a field of a declaration, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// About an organisation.
    Public(FieldValue),
    /// About a person.
    Personal(Subject, Personal<FieldValue>),
    /// About a person who was forgotten: something stood here and nobody can read it any more.
    Forgotten(Subject),
}

impl Fact {
    /// The value whoever it is about, for deciding, sealing and projecting; `None` when it is forgotten.
    pub const fn reveal(&self) -> Option<&FieldValue> {
        match self {
            Self::Public(value) => Some(value),
            Self::Personal(_, value) => Some(value.reveal()),
            Self::Forgotten(_) => None,
        }
    }

    /// Hides the value when its person is one of these.
    pub fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        if let Self::Personal(subject, _) = self
            && forgotten.contains(&subject.id)
        {
            *self = Self::Forgotten(*subject);
        }
    }

    /// The person that it is about.
    pub const fn subject(&self) -> Option<Subject> {
        match self {
            Self::Public(_) => None,
            Self::Personal(subject, _) | Self::Forgotten(subject) => Some(*subject),
        }
    }
}

/// All facts of a declaration. Knows its entity type, so a value put in becomes public or personal by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    entity: EntityType,
    subjects: Subjects,
    map: BTreeMap<Field, Fact>,
}

impl Facts {
    /// No facts yet, of a declarer of that type with those persons.
    pub const fn new(entity: EntityType, subjects: Subjects) -> Self {
        Self {
            entity,
            subjects,
            map: BTreeMap::new(),
        }
    }

    /// Classifies a value for this declaration.
    pub fn classify(&self, field: Field, value: FieldValue) -> Fact {
        match field.class(self.entity) {
            FieldClass::Public => Fact::Public(value),
            FieldClass::Personal(role) => Fact::Personal(self.subjects.of(role), Personal::new(value)),
        }
    }

    /// Puts a value into a field; `None` empties it.
    pub fn set(&mut self, field: Field, value: Option<FieldValue>) {
        let fact = value.map(|value| self.classify(field, value));
        self.set_fact(field, fact);
    }

    /// Puts a fact into a field; `None` empties it.
    pub fn set_fact(&mut self, field: Field, fact: Option<Fact>) {
        match fact {
            Some(fact) => self.map.insert(field, fact),
            None => self.map.remove(&field),
        };
    }

    /// Reads what was typed into a field and puts it there.
    pub fn type_in(&mut self, field: Field, typed: &str) {
        self.set(field, FieldValue::read(field, typed));
    }

    /// What stands in a field; `None` when it is empty.
    pub fn get(&self, field: Field) -> Option<&Fact> {
        self.map.get(&field)
    }

    /// The value of a field whoever it is about; `None` when it is empty or forgotten.
    pub fn reveal(&self, field: Field) -> Option<&FieldValue> {
        self.get(field).and_then(Fact::reveal)
    }

    /// The value of a public field; `None` when it is empty or about a person.
    pub fn public(&self, field: Field) -> Option<&FieldValue> {
        match self.get(field) {
            Some(Fact::Public(value)) => Some(value),
            _ => None,
        }
    }

    /// The normal form of a field; `None` when it is empty, forgotten or cannot be read.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.reveal(field).and_then(FieldValue::value)
    }

    /// Every field that something stands in.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Fact)> {
        self.map.iter().map(|(field, fact)| (*field, fact))
    }

    /// The type of the declarer.
    pub const fn entity_type(&self) -> EntityType {
        self.entity
    }

    /// The persons of the declaration.
    pub const fn subjects(&self) -> &Subjects {
        &self.subjects
    }

    /// Says whose keys seal what is put in from now on. What stands here stays whose it is.
    pub(super) const fn set_subjects(&mut self, subjects: Subjects) {
        self.subjects = subjects;
    }

    /// Hides the values of these persons.
    pub fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        for fact in self.map.values_mut() {
            fact.redact(forgotten);
        }
    }

    /// 取組段階.
    pub fn star(&self) -> Option<Star> {
        self.value(Field::Star).and_then(Star::from_code)
    }

    /// 都道府県.
    pub fn prefecture(&self) -> Option<Prefecture> {
        self.value(Field::Prefecture).and_then(Prefecture::from_code)
    }

    /// The corporate number, when it is one (13 digits, right check digit). A sole trader has none: what was put in there
    /// is about a person, so it must never become a tag, which nobody can forget.
    pub fn corporate_number(&self) -> Option<CorporateNumber> {
        self.public(Field::CorporateNumber)
            .and_then(FieldValue::value)
            .and_then(|value| value.parse().ok())
    }

    /// 宣言日.
    pub fn declared_on(&self) -> Option<chrono::NaiveDate> {
        self.value(Field::DeclaredOn).and_then(|value| value.parse().ok())
    }

    /// Whether the declarer agreed to be published; no answer and an unreadable one count as no.
    pub fn publish_consent(&self) -> bool {
        self.value(Field::PublishConsent) == Some("yes")
    }
}

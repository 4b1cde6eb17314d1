//! From the folded declaration to the row that is written.

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{Declaration, Fact, Field, FieldValue, Role};
use domain::fold::fold;
use domain::value::EntityType;
use event_store::Engine;
use serde::Serialize;

use super::cell::Cell;
use super::tokens::{self, Indexed, SEPARATOR};
use super::words;
use crate::sql::micros;

/// A row to write; the field names are those of the columns.
#[derive(Debug, Serialize)]
pub(crate) struct Projected {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) declared_on: String,
    pub(crate) cell: i64,
    pub(crate) stopped_on: Option<String>,
    pub(crate) entity_type: &'static str,
    pub(crate) organization_id: String,
    pub(crate) corporate_number: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) kana: Option<String>,
    pub(crate) personal_name: Option<String>,
    pub(crate) personal_kana: Option<String>,
    pub(crate) name_subject: Option<String>,
    pub(crate) trade_name: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) city_key: Option<String>,
    pub(crate) changed_at: i64,
    pub(crate) version: i64,
    pub(crate) key_public: String,
    pub(crate) key_personal: Option<String>,
    /// The search index of PostgreSQL, as an array literal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tokens: Option<String>,
    /// The search index of SQLite, which is written into a table of its own.
    #[serde(skip)]
    pub(crate) words: Option<String>,
}

/// Projects a declaration with everything known folded in, as it stands on the day of the register. Rows depend on that day
/// and the log alone, never on when they were projected; see `turn.rs` for what happens when the day turns.
pub(crate) fn project(
    engine: Engine,
    seq: i64,
    declaration: &Declaration,
    begun_on: NaiveDate,
    changed_at: DateTime<Utc>,
    day: NaiveDate,
) -> Projected {
    let facts = &declaration.facts;
    let entity_type = facts.entity_type();
    let is_person = entity_type == EntityType::SoleTrader;
    let state = declaration.state_on(day);
    let typed = |field| facts.reveal(field).map(|value| value.typed().to_owned());
    let public = |field| facts.public(field).map(|value| value.typed().to_owned());
    let of_person = |field| if is_person { typed(field) } else { None };

    let number = facts
        .reveal(Field::DeclarationNo)
        .map(read_or_typed)
        .unwrap_or_default();
    let corporate_number = facts.public(Field::CorporateNumber).map(read_or_typed);
    let (name, kana, trade_name) = (
        public(Field::Name),
        public(Field::NameKana),
        public(Field::TradeName),
    );
    let (personal_name, personal_kana) = (of_person(Field::Name), of_person(Field::NameKana));
    let name_subject = match facts.get(Field::Name) {
        _ if !is_person => None,
        Some(Fact::Personal(subject, _) | Fact::Forgotten(subject)) => Some(*subject),
        Some(Fact::Public(_)) | None => Some(facts.subjects().of(Role::SoleTrader)),
    };

    let key_public = key([&name, &kana, &trade_name]);
    let key_personal = is_person.then(|| key([&personal_name, &personal_kana, &None]));
    let numbers = [number.as_str(), corporate_number.as_deref().unwrap_or_default()];
    let cell = Cell::of(declaration, state);
    let city_key = declaration.city_key();
    let indexed = Indexed {
        key_public: &key_public,
        key_personal: key_personal.as_deref(),
        numbers,
        cell,
        city_key: city_key.as_deref(),
    };
    let (words, tokens) = match engine {
        Engine::Sqlite => (Some(words::of_row(&indexed)), None),
        Engine::Postgres => (None, Some(tokens::of_row(&indexed))),
    };
    Projected {
        seq,
        id: declaration.id.uuid().simple().to_string(),
        declared_on: facts.declared_on().unwrap_or(begun_on).to_string(),
        cell: cell.0,
        stopped_on: declaration
            .stop
            .and_then(|stop| stop.on)
            .map(|day| day.to_string()),
        entity_type: entity_type.code(),
        organization_id: declaration.organization_id.uuid().simple().to_string(),
        // An organisation always has a row name, if only an empty one: the name may have been cleared by a correction.
        name: if is_person {
            None
        } else {
            Some(name.unwrap_or_default())
        },
        kana,
        personal_name,
        personal_kana,
        name_subject: name_subject.map(|subject| subject.id.uuid().simple().to_string()),
        trade_name,
        city: public(Field::City),
        city_key,
        changed_at: micros(changed_at),
        version: declaration.version,
        tokens,
        words,
        number,
        corporate_number,
        key_public,
        key_personal,
    }
}

/// The normal form, or what was typed when it cannot be read.
fn read_or_typed(value: &FieldValue) -> String {
    value.value().unwrap_or_else(|| value.typed()).to_owned()
}

/// The folded names with separators between them.
fn key(names: [&Option<String>; 3]) -> String {
    let mut key = String::new();
    for name in names.into_iter().flatten() {
        let folded = fold(name);
        if folded.is_empty() {
            continue;
        }
        if !key.is_empty() {
            key.push(SEPARATOR);
        }
        key.extend(folded.chars().filter(|it| *it != SEPARATOR));
    }
    key
}

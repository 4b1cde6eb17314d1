//! What a caller does before it queues: check, canonicalise, seal, hash. The sequencer only adds positions.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use uuid::Uuid;

use super::{Append, AppendError, InvalidAppend};
use crate::bytes::Writer;
use crate::event::{NewEvent, PersonalPart, SubjectId};
use crate::keyring::{Keyring, KeyringError};
use crate::personal::{Context, Keys, SealedPart};
use crate::query::{Guard, Tag};
use crate::{canonical, leaf};

/// The name of the part that holds a command's reason.
const REASON: &str = "reason";

// Far above what a use case needs, and low enough that no command can stop the log for the others.
const MOST_EVENTS: usize = 10_000;
const MOST_GUARDS: usize = 1_000;
const MOST_TAGS: usize = 64;
const MOST_PARTS: usize = 64;
const MOST_BYTES: usize = 16 << 20;

/// A command that is ready for the log.
pub(super) struct Prepared {
    pub command_id: Uuid,
    pub request_hash: [u8; 32],
    pub actor: String,
    pub correlation_id: Uuid,
    pub recorded_at: i64,
    pub events: Vec<PreparedEvent>,
    pub guards: Vec<Guard>,
    /// Roughly what it adds to a batch, in bytes.
    pub size: usize,
}

/// An event without position and leaf hash.
pub(super) struct PreparedEvent {
    pub id: Uuid,
    pub event_type: String,
    pub schema_version: i64,
    /// Sorted, none twice.
    pub tags: Vec<Tag>,
    /// Canonical JSON: tags need no escapes.
    pub tags_text: String,
    pub effective_at: NaiveDate,
    pub effective_text: String,
    pub data_text: String,
    pub data_hash: [u8; 32],
    /// Sorted by name.
    pub sealed: Vec<SealedPart>,
    /// None when there is no inline projector: freeing a tree that has waited costs as much as writing its text.
    pub clear: Option<Clear>,
}

/// What inline projectors read: shared with them, who would copy megabytes for each batch otherwise.
#[derive(Clone)]
pub(super) struct Clear {
    pub data: Arc<Value>,
    /// Sorted by name.
    pub personal: Arc<[PersonalPart]>,
}

/// An event whose texts are canonical but whose parts are still open.
struct Draft {
    event: NewEvent,
    tags: Vec<Tag>,
    effective_text: String,
    data_text: String,
    parts: Vec<(PersonalPart, String)>,
}

pub(super) async fn prepare(
    append: Append,
    origin: &str,
    keyring: &Keyring,
    is_projected: bool,
) -> Result<Prepared, AppendError> {
    check_command(&append)?;
    let Append {
        command_id,
        actor,
        correlation_id,
        reason,
        events,
        guards,
        recorded_at,
    } = append;
    let drafts = events
        .into_iter()
        .map(|event| draft(event, reason.as_ref()))
        .collect::<Result<Vec<_>, _>>()?;
    let ids: BTreeSet<_> = drafts.iter().map(|draft| draft.event.id).collect();
    if ids.len() < drafts.len() {
        return Err(InvalidAppend::EventIdTaken.into());
    }
    let size = drafts.iter().map(Draft::size).sum();
    check_count("bytes", size, MOST_BYTES)?;
    let request_hash = keyring.keyed_hash("append.request/1", &request(&actor, &drafts));
    let subjects: BTreeSet<_> = drafts.iter().flat_map(Draft::subjects).collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let keys = keyring.sealing(&subjects).await.map_err(|error| match error {
        KeyringError::Destroyed(subject) => InvalidAppend::SubjectForgotten(subject).into(),
        other => AppendError::Keyring(other),
    })?;
    let events = drafts
        .into_iter()
        .map(|draft| draft.seal(origin, &keys, is_projected))
        .collect();
    let recorded_at = recorded_at.timestamp_micros();
    Ok(Prepared {
        command_id,
        request_hash,
        actor,
        correlation_id,
        recorded_at,
        events,
        guards,
        size,
    })
}

/// What makes two requests the same: who, what, about what and why. Left out is what a retry makes anew: event ids,
/// correlation id, the time, and the guards (a retry has seen its own first try).
fn request(actor: &str, drafts: &[Draft]) -> Vec<u8> {
    let mut writer = Writer::new(1024);
    writer.text(actor).count(drafts.len());
    for draft in drafts {
        writer
            .text(&draft.event.event_type)
            .number(i64::from(draft.event.schema_version))
            .text(&draft.effective_text)
            .text(&draft.data_text)
            .count(draft.tags.len());
        for tag in &draft.tags {
            writer.text(tag.as_str());
        }
        writer.count(draft.parts.len());
        for (part, text) in &draft.parts {
            writer.text(&part.name).id(part.subject.0).text(text);
        }
    }
    writer.finish()
}

fn draft(mut event: NewEvent, reason: Option<&PersonalPart>) -> Result<Draft, InvalidAppend> {
    check_name("event type", &event.event_type, 100)?;
    check_count("tags", event.tags.len(), MOST_TAGS)?;
    if !(1..=9999).contains(&event.effective_at.year()) {
        return Err(InvalidAppend::EffectiveAt(event.effective_at));
    }
    let mut tags = std::mem::take(&mut event.tags);
    tags.sort_unstable();
    tags.dedup();
    let mut personal = std::mem::take(&mut event.personal);
    personal.extend(reason.map(|reason| PersonalPart {
        name: REASON.to_owned(),
        ..reason.clone()
    }));
    check_count("personal parts", personal.len(), MOST_PARTS)?;
    personal.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    if let Some(pair) = personal.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(InvalidAppend::PartTwice(pair[0].name.clone()));
    }
    let mut parts = Vec::with_capacity(personal.len());
    for part in personal {
        check_name("name of a personal part", &part.name, 60)?;
        let text = canonical::text(&part.body).map_err(|_| InvalidAppend::Number)?;
        parts.push((part, text));
    }
    let data_text = canonical::text(&event.data).map_err(|_| InvalidAppend::Number)?;
    let effective_text = event.effective_at.to_string();
    Ok(Draft {
        event,
        tags,
        effective_text,
        data_text,
        parts,
    })
}

impl Draft {
    fn size(&self) -> usize {
        let parts: usize = self
            .parts
            .iter()
            .map(|(part, text)| part.name.len() + text.len() + 160)
            .sum();
        let tags: usize = self.tags.iter().map(|tag| tag.as_str().len() + 32).sum();
        512 + self.data_text.len() + parts + tags
    }

    fn subjects(&self) -> impl Iterator<Item = SubjectId> {
        self.parts.iter().map(|(part, _)| part.subject)
    }

    fn seal(self, origin: &str, keys: &Keys, is_projected: bool) -> PreparedEvent {
        let context = Context {
            origin,
            event_id: self.event.id,
            event_type: &self.event.event_type,
            schema_version: i64::from(self.event.schema_version),
        };
        let sealed = self
            .parts
            .iter()
            .map(|(part, text)| {
                let key = keys
                    .get(&part.subject)
                    .expect("the keyring gave a key for every subject");
                SealedPart::seal(context, &part.name, part.subject, text, key)
            })
            .collect();
        PreparedEvent {
            id: self.event.id,
            event_type: self.event.event_type,
            schema_version: i64::from(self.event.schema_version),
            tags_text: tags_text(&self.tags),
            tags: self.tags,
            effective_at: self.event.effective_at,
            effective_text: self.effective_text,
            data_hash: leaf::data_hash(&self.data_text),
            data_text: self.data_text,
            sealed,
            clear: is_projected.then(|| Clear {
                data: Arc::new(self.event.data),
                personal: self.parts.into_iter().map(|(part, _)| part).collect(),
            }),
        }
    }
}

fn tags_text(tags: &[Tag]) -> String {
    let length: usize = tags.iter().map(|tag| tag.as_str().len() + 3).sum();
    let mut text = String::with_capacity(length + 2);
    text.push('[');
    for (number, tag) in tags.iter().enumerate() {
        text.push_str(if number == 0 { "\"" } else { ",\"" });
        text.push_str(tag.as_str());
        text.push('"');
    }
    text.push(']');
    text
}

fn check_command(append: &Append) -> Result<(), InvalidAppend> {
    if append.events.is_empty() {
        return Err(InvalidAppend::NoEvents);
    }
    check_count("events", append.events.len(), MOST_EVENTS)?;
    let alternatives = append.guards.iter().map(|guard| guard.query.items.len()).sum();
    check_count("guards", append.guards.len().max(alternatives), MOST_GUARDS)?;
    for item in append.guards.iter().flat_map(|guard| &guard.query.items) {
        check_count("tags of a guard", item.tags.len(), MOST_TAGS)?;
        check_count("types of a guard", item.types.len(), MOST_GUARDS)?;
        item.types
            .iter()
            .try_for_each(|name| check_name("event type", name, 100))?;
    }
    let actor = &append.actor;
    if actor.is_empty() || actor.len() > 200 || actor.chars().any(char::is_control) {
        return Err(InvalidAppend::Actor);
    }
    Ok(())
}

fn check_count(what: &'static str, found: usize, limit: usize) -> Result<(), InvalidAppend> {
    if found > limit {
        Err(InvalidAppend::TooMany { what, found, limit })
    } else {
        Ok(())
    }
}

fn check_name(what: &'static str, name: &str, longest: usize) -> Result<(), InvalidAppend> {
    if crate::query::is_name(name, longest) {
        Ok(())
    } else {
        Err(InvalidAppend::Name {
            what,
            found: name.chars().take(100).collect(),
        })
    }
}

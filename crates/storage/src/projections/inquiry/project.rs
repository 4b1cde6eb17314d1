//! From the events of an inquiry to its row.

use std::collections::{BTreeMap, HashMap};

use domain::fold::fold;
use domain::inquiry::{Course, Inquiry, InquiryEvent, PART_MESSAGE, TAG_INQUIRY};
use domain::staff::Actor;
use domain::{DeclarationId, IncomingMailId, InquiryId};
use event_store::{EventStore, PartBody, Position, Query, QueryItem, RecordedEvent, Tag};
use serde::Deserialize;

use super::search::SEPARATOR;
use crate::projections::declaration::project::ProjectError;

/// Inquiries whose events are read at once.
const AT_ONCE: usize = 100;
/// Characters of a text that are searched in: what somebody wrote comes first, and what they quote after.
const TEXT_MAX: usize = 2_000;
/// Characters of all texts of an inquiry that are searched in.
const KEY_MAX: usize = 8_000;
/// Characters of the beginning of a message that a list shows.
const SNIPPET_MAX: usize = 120;
/// How deep parts of parts are looked into.
const DEPTH: usize = 5;

/// A row with what belongs to it.
#[derive(Debug)]
pub(super) struct Projected {
    pub(super) seq: i64,
    pub(super) position: Position,
    pub(super) inquiry: Inquiry,
    /// How it went; none: it does not count.
    pub(super) course: Option<Course>,
    pub(super) words: Words,
    pub(super) search_key: String,
}

/// What a list shows of the words; none where the key is destroyed, or nothing could be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) sender_name: Option<String>,
    pub(super) sender_address: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) snippet: Option<String>,
}

/// As much of a message as a list needs; see `app::inquiry`.
#[derive(Deserialize)]
struct StoredMessage {
    name: String,
    address: String,
    subject: String,
    text: String,
}

struct Happened {
    position: Position,
    event: InquiryEvent,
    by: Actor,
    at: chrono::DateTime<chrono::Utc>,
    message: Option<StoredMessage>,
}

/// The rows of these inquiries as the log has them now.
pub(super) async fn rows(store: &EventStore, ids: &[InquiryId]) -> Result<Vec<Projected>, ProjectError> {
    let mut histories: HashMap<InquiryId, Vec<Happened>> = HashMap::new();
    let mut missing: Vec<InquiryId> = ids.to_vec();
    for _ in 0..DEPTH {
        for ids in missing.chunks(AT_ONCE) {
            read(store, ids, &mut histories).await?;
        }
        let absorbed = histories.values().flatten().filter_map(|it| match &it.event {
            InquiryEvent::Absorbed { from, .. } => Some(*from),
            _ => None,
        });
        missing = absorbed.filter(|id| !histories.contains_key(id)).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            break;
        }
    }
    Ok(ids.iter().filter_map(|id| row(*id, &histories)).collect())
}

async fn read(
    store: &EventStore,
    ids: &[InquiryId],
    histories: &mut HashMap<InquiryId, Vec<Happened>>,
) -> Result<(), ProjectError> {
    let tag = |id: &InquiryId| Tag::new(TAG_INQUIRY, id).expect("an id is a tag value");
    let query = Query {
        items: ids.iter().map(|id| QueryItem::tagged(tag(id))).collect(),
    };
    for id in ids {
        histories.insert(*id, Vec::new());
    }
    for event in store.read(&query, Position::START, u32::MAX).await? {
        let happened = happened(&event)?;
        let history = histories.entry(happened.event.inquiry_id()).or_default();
        history.push(happened);
    }
    Ok(())
}

fn happened(event: &RecordedEvent) -> Result<Happened, ProjectError> {
    let said = InquiryEvent::decode(&event.event_type, event.schema_version, &event.data);
    let unreadable = |reason: String| {
        ProjectError::Read(event_store::ReadError::Damaged {
            position: event.position,
            reason,
        })
    };
    let part = event.part(PART_MESSAGE).map(|part| &part.body);
    let message = match part {
        // Of another shape: it is listed without words.
        Some(PartBody::Open(body)) => StoredMessage::deserialize(body).ok(),
        _ => None,
    };
    Ok(Happened {
        position: event.position,
        event: said.map_err(|error| unreadable(error.to_string()))?,
        by: event
            .actor
            .parse()
            .map_err(|_| unreadable("no actor".to_owned()))?,
        at: event.recorded_at,
        message,
    })
}

fn row(id: InquiryId, histories: &HashMap<InquiryId, Vec<Happened>>) -> Option<Projected> {
    let history = histories.get(&id)?;
    let course = Course::of(history.iter().map(|it| (&it.event, &it.by, it.at)))?;
    let inquiry = course.inquiry.clone();
    let mut messages = BTreeMap::new();
    if !inquiry.is_forgotten {
        gather(id, histories, &mut messages, 0);
    }
    Some(Projected {
        seq: history.first()?.position.get(),
        position: history.last()?.position,
        words: words(&messages),
        search_key: search_key(&messages),
        inquiry,
        course: Some(course).filter(Course::counts),
    })
}

/// The messages of an inquiry and of its parts as they read now, in the order in which they came.
fn gather<'a>(
    id: InquiryId,
    histories: &'a HashMap<InquiryId, Vec<Happened>>,
    messages: &mut BTreeMap<(Position, IncomingMailId), &'a StoredMessage>,
    depth: usize,
) {
    let mut place: HashMap<IncomingMailId, Position> = HashMap::new();
    for it in histories.get(&id).into_iter().flatten() {
        let message = match &it.event {
            InquiryEvent::Received(received) => received.message.id,
            InquiryEvent::MessageAdded { message, .. } => message.id,
            InquiryEvent::CharsetChosen { message, .. } => *message,
            InquiryEvent::Split { messages: gone, .. } => {
                messages.retain(|(_, message), _| !gone.contains(message));
                continue;
            }
            InquiryEvent::Absorbed { from, .. } if depth < DEPTH => {
                gather(*from, histories, messages, depth + 1);
                continue;
            }
            _ => continue,
        };
        let came_at = *place.entry(message).or_insert(it.position);
        if let Some(words) = &it.message {
            messages.insert((came_at, message), words);
        }
    }
}

fn words(messages: &BTreeMap<(Position, IncomingMailId), &StoredMessage>) -> Words {
    let Some((_, first)) = messages.first_key_value() else {
        return Words::default();
    };
    let newest = messages.last_key_value().map(|(_, newest)| snippet(&newest.text));
    Words {
        sender_name: Some(first.name.clone()),
        sender_address: Some(first.address.clone()),
        subject: Some(first.subject.clone()),
        snippet: newest,
    }
}

/// How a text begins, without what it quotes, on one line.
fn snippet(text: &str) -> String {
    let own = text.lines().filter(|line| !line.starts_with('>'));
    let words: Vec<&str> = own.flat_map(str::split_whitespace).take(SNIPPET_MAX).collect();
    words.join(" ").chars().take(SNIPPET_MAX).collect()
}

fn search_key(messages: &BTreeMap<(Position, IncomingMailId), &StoredMessage>) -> String {
    let mut key = String::new();
    let mut length = 0;
    let mut seen: Vec<String> = Vec::new();
    let mut add = |text: String, most: usize| {
        let text: String = text
            .chars()
            .take(most.min(KEY_MAX.saturating_sub(length)))
            .collect();
        if text.is_empty() || seen.contains(&text) {
            return;
        }
        length += text.chars().count() + 1;
        key.push_str(&text);
        key.push(SEPARATOR);
        seen.push(text);
    };
    for message in messages.values() {
        add(fold(&message.name), 200);
        add(message.address.to_lowercase(), 300);
        add(fold(&message.subject), 300);
    }
    for message in messages.values() {
        let own: Vec<&str> = message
            .text
            .lines()
            .filter(|line| !line.starts_with('>'))
            .collect();
        add(fold(&own.join("\n")), TEXT_MAX);
    }
    key
}

/// The records that an inquiry is about.
pub(super) fn declarations(inquiry: &Inquiry) -> impl Iterator<Item = DeclarationId> {
    inquiry.declarations.iter().copied()
}

//! Positions, tags, queries on them, and guards: how events are found and how a decision is kept consistent.

use std::fmt;

/// A place in the log, 1-based and without gaps. [`Position::START`] (0) is the place before the first event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(i64);

impl Position {
    /// Before the first event.
    pub const START: Self = Self(0);

    /// The position with this number; a negative number is [`Position::START`].
    pub fn new(number: i64) -> Self {
        Self(number.max(0))
    }

    /// The number, as it is stored and shown.
    pub fn get(self) -> i64 {
        self.0
    }

    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What an event is about, `kind:value`, for example `declaration:0192…`. Never a personal value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// Why a text cannot be a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// The kind is not 1 to 40 characters of `a-z`, `0-9` and `-`.
    #[error("a tag kind has 1 to 40 characters of a-z, 0-9 and -; found {0:?}")]
    Kind(String),
    /// The value is not 1 to 100 characters of `A-Z`, `a-z`, `0-9` and `-`.
    #[error("a tag value has 1 to 100 characters of A-Z, a-z, 0-9 and -")]
    Value,
}

impl Tag {
    /// The tag `kind:value`. The value is not repeated in the error, since it may be what a person typed.
    pub fn new(kind: &str, value: impl fmt::Display) -> Result<Self, TagError> {
        let value = value.to_string();
        let kind_is_fine = (1..=40).contains(&kind.len())
            && kind
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !kind_is_fine {
            return Err(TagError::Kind(kind.to_owned()));
        }
        let value_is_fine = (1..=100).contains(&value.len())
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !value_is_fine {
            return Err(TagError::Value);
        }
        Ok(Self(format!("{kind}:{value}")))
    }

    /// A tag that the log holds, and so has been checked.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The whole tag, `kind:value`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the colon.
    pub fn kind(&self) -> &str {
        self.0.split_once(':').map_or("", |(kind, _)| kind)
    }

    /// What stands after the colon.
    pub fn value(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, value)| value)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<&str> for Tag {
    type Error = TagError;

    fn try_from(text: &str) -> Result<Self, TagError> {
        match text.split_once(':') {
            Some((kind, value)) => Self::new(kind, value),
            None => Err(TagError::Kind(text.to_owned())),
        }
    }
}

/// Events that carry all of the tags and have one of the types. No tags: any tags. No types: any type.
///
/// Put the rarest tag first: it is the one that is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct QueryItem {
    /// Event types, any of which matches; empty means every type.
    pub types: Vec<String>,
    /// Tags, all of which an event must carry.
    pub tags: Vec<Tag>,
}

impl QueryItem {
    /// Events with this one tag, of any type.
    pub fn tagged(tag: Tag) -> Self {
        Self {
            types: Vec::new(),
            tags: vec![tag],
        }
    }

    pub(crate) fn matches(&self, event_type: &str, tags: &[Tag]) -> bool {
        (self.types.is_empty() || self.types.iter().any(|wanted| wanted == event_type))
            && self.tags.iter().all(|wanted| tags.contains(wanted))
    }
}

/// Events that match any of the items. Without items it matches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// The alternatives.
    pub items: Vec<QueryItem>,
}

impl Query {
    /// Every event.
    pub fn all() -> Self {
        Self {
            items: vec![QueryItem::default()],
        }
    }

    /// Events with this one tag, of any type.
    pub fn tagged(tag: Tag) -> Self {
        Self {
            items: vec![QueryItem::tagged(tag)],
        }
    }

    /// Whether this matches every event, so that a reader can prove that none is missing.
    pub fn is_all(&self) -> bool {
        self.items
            .iter()
            .any(|item| item.types.is_empty() && item.tags.is_empty())
    }

    /// Whether an event of this type with these tags matches.
    pub fn matches(&self, event_type: &str, tags: &[Tag]) -> bool {
        self.items.iter().any(|item| item.matches(event_type, tags))
    }
}

/// Whether this is a name of ours (event type, personal part).
pub(crate) fn is_name(text: &str, longest: usize) -> bool {
    let in_alphabet = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    (1..=longest).contains(&text.len()) && text.bytes().all(in_alphabet)
}

/// A condition of an append: it fails when an event that matches `query` stands after `after`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// What the decision looked at.
    pub query: Query,
    /// The log position up to which the decision has seen it.
    pub after: Position,
}

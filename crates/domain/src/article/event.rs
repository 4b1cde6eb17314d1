//! What happens to an article, and its stored shape. Shapes are frozen.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::ArticleId;
use crate::inquiry::InquiryTag;
use crate::wire::{UnreadableEvent, clear_data, read_clear_data};

/// Kind of the tag that every event of an article carries.
pub const TAG_ARTICLE: &str = "article";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// What an article says in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The question.
    pub title: String,
    /// The answer.
    pub body: String,
}

/// An article as somebody saved it: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Which.
    pub article_id: ArticleId,
    /// What it is about.
    pub category: InquiryTag,
    /// In Japanese.
    pub ja: Words,
    /// In English, where there is one.
    pub en: Option<Words>,
    /// By when somebody is to look at it again.
    pub review_due_on: Option<NaiveDate>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum ArticleEvent {
    /// It was written, or written anew.
    #[serde(rename = "article.saved")]
    Saved(Saved),
    /// Everybody can read it as it is now.
    #[serde(rename = "article.published")]
    Published {
        /// Which.
        article_id: ArticleId,
    },
    /// Nobody outside can read it any more.
    #[serde(rename = "article.retired")]
    Retired {
        /// Which.
        article_id: ArticleId,
    },
    /// Somebody looked at it, and it is right.
    #[serde(rename = "article.reviewed")]
    Reviewed {
        /// Which.
        article_id: ArticleId,
        /// By when it is looked at the next time.
        review_due_on: NaiveDate,
    },
}

impl ArticleEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 4] = [
        "article.saved",
        "article.published",
        "article.retired",
        "article.reviewed",
    ];

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Saved(_) => 0,
            Self::Published { .. } => 1,
            Self::Retired { .. } => 2,
            Self::Reviewed { .. } => 3,
        };
        Self::TYPES[index]
    }

    /// Which article it is about.
    pub const fn article_id(&self) -> ArticleId {
        match self {
            Self::Saved(Saved { article_id, .. })
            | Self::Published { article_id }
            | Self::Retired { article_id }
            | Self::Reviewed { article_id, .. } => *article_id,
        }
    }

    /// What stands in the log. None of it is personal.
    pub fn data(&self) -> Value {
        clear_data(self)
    }

    /// Reads what stands in the log.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableEvent> {
        read_clear_data(SCHEMA_VERSION, (event_type, version), data)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Events like these lie in logs: a line may be added, none changed.
    #[test]
    fn stored_shapes_are_frozen() {
        const ID: &str = r#""article_id":"00000000-0000-0000-0000-000000000001""#;
        let article_id = ArticleId::new(Uuid::from_u128(1));
        let day: NaiveDate = "2027-04-01".parse().expect("a day");
        let words = |title: &str, body: &str| Words {
            title: title.to_owned(),
            body: body.to_owned(),
        };
        let saved = Saved {
            article_id,
            category: InquiryTag::Logo,
            ja: words("問い", "答え\n続き"),
            en: Some(words("Question", "Answer")),
            review_due_on: Some(day),
        };
        let japanese_only = Saved {
            en: None,
            review_due_on: None,
            ..saved.clone()
        };
        for (event, expected) in [
            (
                ArticleEvent::Saved(saved),
                format!(
                    r#"article.saved {{{ID},"category":"logo","en":{{"body":"Answer","title":"Question"}},"ja":{{"body":"答え\n続き","title":"問い"}},"review_due_on":"2027-04-01"}}"#
                ),
            ),
            (
                ArticleEvent::Saved(japanese_only),
                format!(
                    r#"article.saved {{{ID},"category":"logo","en":null,"ja":{{"body":"答え\n続き","title":"問い"}},"review_due_on":null}}"#
                ),
            ),
            (
                ArticleEvent::Published { article_id },
                format!("article.published {{{ID}}}"),
            ),
            (
                ArticleEvent::Retired { article_id },
                format!("article.retired {{{ID}}}"),
            ),
            (
                ArticleEvent::Reviewed {
                    article_id,
                    review_due_on: day,
                },
                format!(r#"article.reviewed {{{ID},"review_due_on":"2027-04-01"}}"#),
            ),
        ] {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), expected);
            let read = ArticleEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(ArticleEvent::decode("article.saved", 2, &Value::Null).is_err());
        assert!(ArticleEvent::decode("article.lost", 1, &Value::Null).is_err());
    }
}

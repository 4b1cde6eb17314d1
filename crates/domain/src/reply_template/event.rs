//! What happens to a template, and its stored shape. Shapes are frozen.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::ReplyTemplateId;
use crate::inquiry::InquiryTag;
use crate::wire::{UnreadableEvent, clear_data, read_clear_data};

/// Kind of the tag that every event of a template carries.
pub const TAG_REPLY_TEMPLATE: &str = "reply-template";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// A template as somebody saved it: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Which.
    pub template_id: ReplyTemplateId,
    /// What colleagues call it.
    pub name: String,
    /// For inquiries about these.
    pub tags: Vec<InquiryTag>,
    /// In Japanese.
    pub ja: String,
    /// In English, where there is one.
    pub en: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum TemplateEvent {
    /// It was written, or written anew.
    #[serde(rename = "reply_template.saved")]
    Saved(Saved),
    /// It is not offered any more.
    #[serde(rename = "reply_template.retired")]
    Retired {
        /// Which.
        template_id: ReplyTemplateId,
    },
    /// It is offered again.
    #[serde(rename = "reply_template.brought_back")]
    BroughtBack {
        /// Which.
        template_id: ReplyTemplateId,
    },
}

impl TemplateEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 3] = [
        "reply_template.saved",
        "reply_template.retired",
        "reply_template.brought_back",
    ];

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Saved(_) => 0,
            Self::Retired { .. } => 1,
            Self::BroughtBack { .. } => 2,
        };
        Self::TYPES[index]
    }

    /// Which template it is about.
    pub const fn template_id(&self) -> ReplyTemplateId {
        match self {
            Self::Saved(Saved { template_id, .. })
            | Self::Retired { template_id }
            | Self::BroughtBack { template_id } => *template_id,
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
        const ID: &str = r#""template_id":"00000000-0000-0000-0000-000000000001""#;
        let template_id = ReplyTemplateId::new(Uuid::from_u128(1));
        let saved = Saved {
            template_id,
            name: "番号の案内".to_owned(),
            tags: vec![InquiryTag::ForgottenNumber],
            ja: "{{相手}}様".to_owned(),
            en: Some("Dear {{recipient}}".to_owned()),
        };
        for (event, expected) in [
            (
                TemplateEvent::Saved(saved),
                format!(
                    r#"reply_template.saved {{"en":"Dear {{{{recipient}}}}","ja":"{{{{相手}}}}様","name":"番号の案内","tags":["forgotten_number"],{ID}}}"#
                ),
            ),
            (
                TemplateEvent::Retired { template_id },
                format!("reply_template.retired {{{ID}}}"),
            ),
            (
                TemplateEvent::BroughtBack { template_id },
                format!("reply_template.brought_back {{{ID}}}"),
            ),
        ] {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), expected);
            let read = TemplateEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(TemplateEvent::decode("reply_template.saved", 2, &Value::Null).is_err());
    }
}

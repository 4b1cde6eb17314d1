//! A template as it is shown.

use app::reply_template::KnownTemplate;
use async_graphql::{ID, SimpleObject};

use crate::declaration::enums::mirrored;
use crate::inquiry::types::InquiryTag;
use crate::scalars::{DateTime, Position};

mirrored! {
    /// In which language a text is.
    TextLanguage = domain::Language {
        /// Japanese.
        Ja,
        /// English.
        En,
    }
}

mirrored! {
    /// What stands between two brackets in a template: `{{相手}}` or `{{recipient}}`.
    MergeField = domain::reply_template::MergeField {
        /// {{相手}}: the name of whoever wrote.
        Recipient,
        /// {{組織名}}: the name of the organisation that declared.
        Organization,
        /// {{宣言番号}}: 自己宣言ID.
        Number,
        /// {{星}}: the star.
        Star,
        /// {{宣言日}}: the day of the declaration.
        DeclaredOn,
        /// {{担当者}}: whoever answers.
        Staff,
        /// {{今日}}: the day on which it is answered.
        Today,
    }
}

/// A template of answers.
#[derive(SimpleObject)]
pub struct ReplyTemplate {
    /// Which.
    pub id: ID,
    /// What the next change must name.
    pub version: Position,
    /// What colleagues call it.
    pub name: String,
    /// For inquiries about these.
    pub tags: Vec<InquiryTag>,
    /// In Japanese.
    pub ja: String,
    /// In English, where there is one.
    pub en: Option<String>,
    /// Whether the English text is older than the Japanese one: it cannot be used until it is saved again.
    pub is_english_older: bool,
    /// Whether it is not offered any more.
    pub is_retired: bool,
    /// How often it was saved.
    pub revision: u32,
    /// When something happened to it last.
    pub changed_at: DateTime,
}

impl From<KnownTemplate> for ReplyTemplate {
    fn from(known: KnownTemplate) -> Self {
        let template = known.template;
        Self {
            id: ID(template.id.to_string()),
            version: Position(known.version),
            name: template.name,
            tags: template.tags.into_iter().map(Into::into).collect(),
            ja: template.ja,
            en: template.en,
            is_english_older: template.is_english_older,
            is_retired: template.is_retired,
            revision: template.revision,
            changed_at: DateTime(template.changed_at),
        }
    }
}

//! A template as its events make it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::event::{Saved, TemplateEvent};
use crate::ids::ReplyTemplateId;
use crate::inquiry::InquiryTag;
use crate::language::Language;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyTemplate {
    /// Which.
    pub id: ReplyTemplateId,
    /// What colleagues call it.
    pub name: String,
    /// For inquiries about these.
    pub tags: BTreeSet<InquiryTag>,
    /// In Japanese.
    pub ja: String,
    /// In English, where there is one.
    pub en: Option<String>,
    /// Whether the Japanese text was changed since the English one was written or saved again beside it.
    pub is_english_older: bool,
    /// Whether it is not offered any more.
    pub is_retired: bool,
    /// How often it was saved.
    pub revision: u32,
    /// When something happened to it last.
    pub changed_at: DateTime<Utc>,
}

impl ReplyTemplate {
    /// From its events in order, each with when it was recorded; none where nothing was saved.
    pub fn of<'a>(events: impl IntoIterator<Item = (&'a TemplateEvent, DateTime<Utc>)>) -> Option<Self> {
        let mut template: Option<Self> = None;
        for (event, at) in events {
            match (&mut template, event) {
                (None, TemplateEvent::Saved(saved)) => template = Some(Self::begun(saved, at)),
                (Some(template), event) => template.apply(event, at),
                (None, _) => {}
            }
        }
        template
    }

    fn begun(saved: &Saved, at: DateTime<Utc>) -> Self {
        Self {
            id: saved.template_id,
            name: saved.name.clone(),
            tags: saved.tags.iter().copied().collect(),
            ja: saved.ja.clone(),
            en: saved.en.clone(),
            is_english_older: false,
            is_retired: false,
            revision: 1,
            changed_at: at,
        }
    }

    fn apply(&mut self, event: &TemplateEvent, at: DateTime<Utc>) {
        match event {
            TemplateEvent::Saved(saved) => {
                let is_same_english = self.en == saved.en && saved.en.is_some();
                // Saved again beside the same Japanese text, the English one is right.
                self.is_english_older = is_same_english && self.ja != saved.ja;
                self.name.clone_from(&saved.name);
                self.tags = saved.tags.iter().copied().collect();
                self.ja.clone_from(&saved.ja);
                self.en.clone_from(&saved.en);
                self.revision += 1;
            }
            TemplateEvent::Retired { .. } => self.is_retired = true,
            TemplateEvent::BroughtBack { .. } => self.is_retired = false,
        }
        self.changed_at = at;
    }

    /// Its text in a language; none: there is none, or it is older than the Japanese one.
    pub fn text(&self, language: Language) -> Option<&str> {
        match language {
            Language::Ja => Some(&self.ja),
            Language::En => self.en.as_deref().filter(|_| !self.is_english_older),
        }
    }
}

//! The words of a message as they are sealed in the event that it came in by.

use domain::Personal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::incoming_mail::MailContent;

/// Characters of a text that are kept beside the raw message, which has all of it.
const TEXT_MAX: usize = 60_000;
/// Files that are named; more are counted.
const FILES_MAX: usize = 100;
/// Ids of messages before it that are kept for an answer to it.
const REFERENCES_MAX: usize = 30;

/// A message.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredMessage {
    pub(super) name: String,
    pub(super) address: String,
    /// Where it wants its answer, when that is somewhere else.
    pub(super) reply_to: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    /// Whether the text is longer than what is kept here.
    pub(super) is_cut: bool,
    /// Whether it came as HTML, too.
    #[serde(default)]
    pub(super) has_html: bool,
    pub(super) files: Vec<StoredFile>,
    pub(super) message_id: Option<String>,
    /// Ids of messages before it, in order.
    pub(super) references: Vec<String>,
    /// When it says that it was written, in microseconds.
    pub(super) written_at: Option<i64>,
}

/// A file that is attached to it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredFile {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) size: u64,
    /// Why it is kept in quarantine, if it is; what was taken by an older version says nothing, and is judged when somebody wants it.
    #[serde(default)]
    pub(super) hazard: Option<String>,
}

impl StoredMessage {
    pub(super) fn of(content: &MailContent) -> Self {
        let sender = content.sender.as_ref().map(Personal::reveal);
        let text = content.text.reveal();
        let kept: String = text.chars().take(TEXT_MAX).collect();
        let mut references: Vec<String> = content
            .answers
            .iter()
            .take(REFERENCES_MAX)
            .map(|id| id.reveal().clone())
            .collect();
        references.reverse();
        let files = content.attachments.iter().take(FILES_MAX).map(|file| {
            let file = file.reveal();
            StoredFile {
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: file.size,
                hazard: file.hazard.map(|it| it.code().to_owned()),
            }
        });
        Self {
            name: sender.map(|it| it.name.clone()).unwrap_or_default(),
            address: sender.map(|it| it.address.clone()).unwrap_or_default(),
            reply_to: content.reply_to.as_ref().map(|it| it.reveal().address.clone()),
            subject: content.subject.reveal().clone(),
            is_cut: kept.len() < text.len(),
            text: kept,
            has_html: content.has_html,
            files: files.collect(),
            message_id: content.message_id.as_ref().map(|id| id.reveal().clone()),
            references,
            written_at: content.written_at.map(|at| at.timestamp_micros()),
        }
    }

    /// What was sealed; none: it is of another shape.
    pub(super) fn from_sealed(body: &Personal<Value>) -> Option<Self> {
        Self::deserialize(body.reveal()).ok()
    }

    pub(super) fn sealed(&self) -> Value {
        serde_json::to_value(self).expect("texts and numbers are JSON")
    }
}

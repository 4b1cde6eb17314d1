//! What a change rests on, and which fields need it.

use std::collections::BTreeSet;

use super::field::{Field, Subject};
use crate::{
    attachment::Attachment,
    ids::{InquiryId, SubjectId},
    personal::{Personal, Readable},
};

/// Documents that were presented for a change, the inquiry that asked for it, or why there is none. Sealed under the key of the
/// free text of the record, the bytes of the files too: whoever forgets it forgets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Whose key seals it.
    pub subject: Subject,
    /// The documents.
    pub attachments: Vec<Attachment>,
    /// Why there is no document, where there is none.
    pub no_document: Option<Readable<Personal<String>>>,
    /// The inquiry in which it was asked for.
    pub inquiry: Option<Readable<InquiryId>>,
}

impl Evidence {
    /// What can be read of its words: why there is no document, and the names of the files.
    pub fn words(&self) -> Vec<&str> {
        let no_document = self.no_document.iter().filter_map(Readable::open);
        let no_document = no_document.map(|text| text.reveal().as_str());
        let labels = self.attachments.iter().filter_map(|file| file.label.open());
        no_document
            .chain(labels.map(|label| label.reveal().name.as_str()))
            .collect()
    }

    /// Hides what it says when its subject is one of these.
    pub(super) fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        if !forgotten.contains(&self.subject.id) {
            return;
        }
        for attachment in &mut self.attachments {
            attachment.label = Readable::Forgotten;
        }
        if let Some(text) = &mut self.no_document {
            *text = Readable::Forgotten;
        }
        if let Some(inquiry) = &mut self.inquiry {
            *inquiry = Readable::Forgotten;
        }
    }
}

impl Field {
    /// Whether a correction of it needs evidence: it says who declared and when, and others rely on it. The other fields are free;
    /// number, kind, star and pledge are never corrected at all. See ADR 35.
    pub const fn needs_evidence(self) -> bool {
        matches!(
            self,
            Self::DeclaredOn | Self::CorporateNumber | Self::Name | Self::RepresentativeName
        )
    }
}

//! The evidence of a change: documents, or a sentence that says why there is none. See ADR 35.

use std::collections::BTreeSet;

use super::outcome::{Problem, ProblemField};
use crate::{
    attachment::{self, Attachment},
    declaration::{DeclarationEvent, Evidence, Subject},
    personal::{Personal, Readable},
    text::{self, Lines},
};

/// The most characters of why there is no document.
const LONGEST: usize = 1_000;

/// What was handed in with a change.
#[derive(Clone, Debug, Default)]
pub struct EvidenceInput {
    /// Files that were uploaded for it.
    pub attachments: Vec<Attachment>,
    /// Why there is no document.
    pub no_document: Option<Personal<String>>,
}

/// Decides the evidence. `needed`: one of the two must be there. Nothing given: nothing recorded.
pub(super) fn evidence(
    input: &EvidenceInput,
    subject: Subject,
    needed: bool,
) -> Result<Option<DeclarationEvent>, Problem> {
    let refuse = |field, code, message: &str| Err(Problem::new(field, code, message));
    let without = input
        .no_document
        .as_ref()
        .filter(|text| !text.reveal().is_empty());
    let ids: BTreeSet<_> = input.attachments.iter().map(|file| file.id).collect();
    match (input.attachments.is_empty(), without) {
        (true, None) if needed => {
            return refuse(
                ProblemField::Attachments,
                "evidence_required",
                "根拠となる書類を添付するか、書類がない理由を入力してください。",
            );
        }
        (true, None) => return Ok(None),
        (false, Some(_)) => {
            return refuse(
                ProblemField::NoDocument,
                "evidence_both",
                "書類を添付したときは、書類がない理由は空にしてください。",
            );
        }
        _ if input.attachments.len() > attachment::MOST => {
            return refuse(
                ProblemField::Attachments,
                "attachment_too_many",
                "添付できるファイルは10個までです。",
            );
        }
        _ if ids.len() < input.attachments.len() => {
            return refuse(
                ProblemField::Attachments,
                "repeated",
                "同じファイルが二度あります。",
            );
        }
        _ => {}
    }
    if let Some(text) = without {
        text::check(text.reveal(), LONGEST, Lines::Many)
            .map_err(|problem| Problem::new(ProblemField::NoDocument, problem.code(), problem.japanese()))?;
    }
    Ok(Some(DeclarationEvent::EvidenceGiven(Box::new(Evidence {
        subject,
        attachments: input.attachments.clone(),
        no_document: without.cloned().map(Readable::Open),
    }))))
}

//! The evidence of a change: documents, the inquiry that asked for it, or a sentence that says why there is none. See ADR 35 and 52.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::outcome::{Decision, Problem, ProblemField};
use crate::{
    attachment::{self, Attachment},
    declaration::{DeclarationEvent, Evidence, Role, Statement, Subject, Timeline},
    ids::InquiryId,
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
    /// The inquiry in which it was asked for.
    pub inquiry: Option<InquiryId>,
}

impl Decision {
    /// An inquiry becomes the evidence of all that is decided here, beside what was handed in.
    pub fn rest_on(&mut self, inquiry: InquiryId, timeline: &Timeline, today: NaiveDate) {
        let given = self
            .statements
            .iter_mut()
            .find_map(|statement| match &mut statement.event {
                DeclarationEvent::EvidenceGiven(evidence) => Some(evidence),
                _ => None,
            });
        if let Some(evidence) = given {
            evidence.inquiry = Some(Readable::Open(inquiry));
            return;
        }
        let current = timeline.current();
        self.statements.push(Statement {
            declaration_id: current.id,
            organization_id: current.organization_id,
            effective_at: today,
            event: DeclarationEvent::EvidenceGiven(Box::new(Evidence {
                subject: current.facts.subjects().of(Role::Remarks),
                attachments: Vec::new(),
                no_document: None,
                inquiry: Some(Readable::Open(inquiry)),
            })),
        });
    }
}

/// Decides the evidence. `needed`: one of the three must be there. Nothing given: nothing recorded.
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
        (true, None) if needed && input.inquiry.is_none() => {
            return refuse(
                ProblemField::Attachments,
                "evidence_required",
                "根拠となる書類を添付するか、書類がない理由を入力してください。",
            );
        }
        (true, None) if input.inquiry.is_none() => return Ok(None),
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
        inquiry: input.inquiry.map(Readable::Open),
    }))))
}

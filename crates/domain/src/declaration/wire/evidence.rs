//! The JSON of evidence, version 1. Frozen like the rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Reader, to_json};
use crate::{
    attachment::{Attachment, AttachmentKind, Label},
    declaration::{DeclarationEvent, DecodeError, Evidence, Role, codec::Parts},
    ids::{AttachmentId, InquiryId},
    personal::{Personal, Readable},
};

#[derive(Serialize, Deserialize)]
pub(super) struct WireEvidence {
    attachments: Vec<WireAttachment>,
    /// Whether its part says why there is no document.
    no_document: bool,
    /// Whether its part says in which inquiry it was asked for.
    #[serde(default, skip_serializing_if = "is_false")]
    inquiry: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_false(is: &bool) -> bool {
    !*is
}

#[derive(Serialize, Deserialize)]
struct WireAttachment {
    id: AttachmentId,
    kind: AttachmentKind,
    size: u64,
    sealed_sha256: String,
}

/// The key of the reason why there is no document within its part.
const NO_DOCUMENT: &str = "no_document";
/// The key of the inquiry within its part.
const INQUIRY: &str = "inquiry";
/// The key of the labels, by the ids of their files.
const LABELS: &str = "attachments";

pub(super) fn out(evidence: &Evidence, parts: &mut Parts) -> WireEvidence {
    let mut labels = serde_json::Map::new();
    for attachment in &evidence.attachments {
        if let Readable::Open(label) = &attachment.label {
            labels.insert(attachment.id.to_string(), to_json(label.reveal()));
        }
    }
    if !labels.is_empty() {
        parts.put(evidence.subject, LABELS, Value::Object(labels));
    }
    if let Some(Readable::Open(text)) = &evidence.no_document {
        parts.put(
            evidence.subject,
            NO_DOCUMENT,
            Value::String(text.reveal().clone()),
        );
    }
    if let Some(Readable::Open(inquiry)) = &evidence.inquiry {
        parts.put(evidence.subject, INQUIRY, to_json(inquiry));
    }
    let attachments = evidence.attachments.iter().map(|attachment| WireAttachment {
        id: attachment.id,
        kind: attachment.kind,
        size: attachment.size,
        sealed_sha256: attachment.sealed_sha256.clone(),
    });
    WireEvidence {
        attachments: attachments.collect(),
        no_document: evidence.no_document.is_some(),
        inquiry: evidence.inquiry.is_some(),
    }
}

pub(super) fn read(reader: &Reader<'_>, wire: WireEvidence) -> Result<DeclarationEvent, DecodeError> {
    let (subject, body) = reader.part(Role::Remarks)?;
    let attachments = wire.attachments.into_iter().map(|attachment| {
        let label = match body {
            None => Readable::Forgotten,
            Some(body) => {
                let label = body
                    .get(LABELS)
                    .and_then(|labels| labels.get(attachment.id.to_string()));
                let label = label.ok_or_else(|| reader.shape("a file has no label"))?;
                Readable::Open(Personal::new(reader.json::<Label>(label)?))
            }
        };
        Ok(Attachment {
            id: attachment.id,
            kind: attachment.kind,
            size: attachment.size,
            sealed_sha256: attachment.sealed_sha256,
            label,
        })
    });
    let no_document = match body {
        _ if !wire.no_document => None,
        None => Some(Readable::Forgotten),
        Some(body) => {
            let text = body.get(NO_DOCUMENT).and_then(Value::as_str);
            let text = text.ok_or_else(|| reader.shape("the reason for no document is missing"))?;
            Some(Readable::Open(Personal::new(text.to_owned())))
        }
    };
    let inquiry = match body {
        _ if !wire.inquiry => None,
        None => Some(Readable::Forgotten),
        Some(body) => {
            let inquiry = body
                .get(INQUIRY)
                .ok_or_else(|| reader.shape("the inquiry is missing"))?;
            Some(Readable::Open(reader.json::<InquiryId>(inquiry)?))
        }
    };
    Ok(DeclarationEvent::EvidenceGiven(Box::new(Evidence {
        subject,
        attachments: attachments.collect::<Result<_, DecodeError>>()?,
        no_document,
        inquiry,
    })))
}

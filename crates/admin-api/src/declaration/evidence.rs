//! What a change rested on: documents by their names, or why there was none.

use app::attachment::GivenEvidence;
use app::{Guarded, PersonalPart};
use async_graphql::{Context, ID, Result, SimpleObject};
use domain::declaration::Evidence as DomainEvidence;
use domain::{AttachmentId, DeclarationId, Personal, Readable};

use super::enums::mirrored;
use super::history::reason;
use super::values::{OpenText, TextResult};
use crate::context::request;
use crate::input::InvalidInput;

mirrored! {
    /// What a file is, by its bytes.
    AttachmentKind = domain::attachment::AttachmentKind {
        /// A PDF document.
        Pdf,
        /// A PNG picture.
        Png,
        /// A JPEG picture.
        Jpeg,
        /// Plain text, tables of it included.
        Text,
        /// A workbook without macros.
        Xlsx,
        /// A document without macros.
        Docx,
    }
}

/// What a change rested on.
#[derive(SimpleObject)]
pub struct Evidence {
    /// The documents; `GET /attachments/ID` gives one to whoever may read what is personal.
    attachments: Vec<Attachment>,
    /// Why there was none.
    no_document: Option<TextResult>,
    /// The inquiry in which it was asked for; null: none, or forgotten.
    inquiry_id: Option<ID>,
}

/// A file of a change.
#[derive(SimpleObject)]
pub struct Attachment {
    /// Its id.
    id: ID,
    /// What it is.
    kind: AttachmentKind,
    /// Bytes.
    size: i32,
    /// What it was called.
    name: TextResult,
}

/// The evidence for a reader.
pub(super) fn evidence(ctx: &Context<'_>, id: DeclarationId, of: &DomainEvidence) -> Result<Evidence> {
    let op = request(ctx)?.operation()?;
    let name = |label: &Readable<Personal<domain::attachment::Label>>| {
        op.reveal(id, PersonalPart::FreeText, || match label {
            Readable::Open(label) => Guarded::Open(OpenText {
                text: label.reveal().name.clone(),
            }),
            Readable::Forgotten => Guarded::Forgotten(id.uuid()),
        })
        .into()
    };
    let attachments = of.attachments.iter().map(|file| Attachment {
        id: file.id.to_string().into(),
        kind: file.kind.into(),
        size: i32::try_from(file.size).unwrap_or(i32::MAX),
        name: name(&file.label),
    });
    Ok(Evidence {
        attachments: attachments.collect(),
        no_document: reason(ctx, id, of.no_document.as_ref())?,
        inquiry_id: of
            .inquiry
            .as_ref()
            .and_then(Readable::open)
            .map(|inquiry| ID(inquiry.to_string())),
    })
}

/// The evidence as it is sent with a change.
pub(super) fn given(
    attachments: Option<&[ID]>,
    no_document: Option<&str>,
) -> std::result::Result<GivenEvidence, InvalidInput> {
    let ids = attachments.unwrap_or_default().iter();
    let ids = ids
        .map(|id| id.parse::<AttachmentId>())
        .collect::<std::result::Result<_, _>>();
    let attachments = ids.map_err(|_| {
        InvalidInput::one(
            "attachments",
            "shape",
            "添付したファイルの番号の形式が正しくありません。もう一度添付してください。",
        )
    })?;
    let no_document = no_document.filter(|text| !text.is_empty());
    Ok(GivenEvidence {
        attachments,
        no_document: no_document.map(|text| Personal::new(text.to_owned())),
    })
}

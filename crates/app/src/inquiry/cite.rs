//! An inquiry as the evidence of what is changed in the register.

use chrono::NaiveDate;
use domain::inquiry::decide;
use domain::staff::Permission;
use domain::{DeclarationId, InquiryId};
use event_store::NewEvent;

use super::thread::Happening;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Why nothing can rest on an inquiry.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CiteInquiryError {
    /// The caller may not read inquiries.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It is not there, or nothing can be written about it any more.
    #[error("nothing can rest on the inquiry")]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// What happens to an inquiry when a declaration is changed because of it. `change`: which one, and the wire type of the first event.
    pub(crate) async fn cite_inquiry(
        &self,
        op: &OpContext,
        id: InquiryId,
        (declaration_id, change): (DeclarationId, &str),
        today: NaiveDate,
    ) -> Result<NewEvent, CiteInquiryError> {
        op.require(Permission::ReadInquiries)?;
        let invalid =
            |code, text: &str| CiteInquiryError::Invalid(InputProblem::new("inquiryId", code, text));
        let thread = self.thread(id).await?.ok_or_else(|| {
            let text = "根拠とする問い合わせが見つかりません。問い合わせの画面から開き直してください。";
            invalid("inquiry_not_found", text)
        })?;
        let cited = decide::cite(&thread.inquiry, declaration_id, change)
            .map_err(|refused| invalid(refused.code(), refused.japanese()))?;
        Ok(self.inquiry_event(today, Happening::from(cited)).await?)
    }
}

//! An inquiry as the evidence of what is changed in the register.

use chrono::NaiveDate;
use domain::inquiry::decide;
use domain::staff::Permission;
use domain::{DeclarationId, InquiryId};
use event_store::{NewEvent, Receipt};

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
    /// What happens to an inquiry when a declaration is changed because of it. `change`: the wire type of the first event; `earlier`:
    /// what the same command did before.
    pub(crate) async fn cite_inquiry(
        &self,
        op: &OpContext,
        id: InquiryId,
        (declaration_id, change): (DeclarationId, &str),
        (today, earlier): (NaiveDate, Option<&Receipt>),
    ) -> Result<NewEvent, CiteInquiryError> {
        op.require(Permission::ReadInquiries)?;
        // A retry is judged on what its first try saw: the inquiry may be a part of another by now.
        let thread = match earlier {
            Some(receipt) => self.thread_before(id, receipt).await?,
            None => self.thread(id).await?,
        };
        let thread = thread.ok_or_else(|| CiteInquiryError::Invalid(InputProblem::no_inquiry()))?;
        let cited = decide::cite(&thread.inquiry, declaration_id, change).map_err(|refused| {
            CiteInquiryError::Invalid(InputProblem::new("inquiryId", refused.code(), refused.japanese()))
        })?;
        Ok(self.inquiry_event(today, Happening::from(cited)).await?)
    }
}

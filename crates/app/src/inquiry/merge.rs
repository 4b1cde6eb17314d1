//! Two inquiries become one.

use domain::InquiryId;
use domain::inquiry::InquiryRefusal;
use domain::inquiry::decide::{self, Joined};
use domain::staff::Permission;
use event_store::{Position, Receipt};
use uuid::Uuid;

use super::thread::{Thread, TooBusy, Wanted, Written};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// So often it is decided anew when somebody else was faster.
const TRIES: usize = 4;

/// One becomes a part of another.
#[derive(Debug, Clone, Copy)]
pub struct MergeInquiries {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which one becomes a part.
    pub id: InquiryId,
    /// The version of it that its author saw.
    pub expected_version: Position,
    /// Of which one.
    pub into: InquiryId,
    /// The version of that one that its author saw.
    pub into_version: Position,
}

/// Why they were not merged. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MergeInquiriesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such inquiry.
    #[error("there is no such inquiry")]
    NotFound,
    /// One of them has moved since its author looked.
    #[error("one of the threads has moved since it was read")]
    Moved(InquiryId),
    /// They do not stand where that could be done.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<InquiryRefusal> for MergeInquiriesError {
    fn from(refused: InquiryRefusal) -> Self {
        Self::Invalid(refused.into())
    }
}

impl App {
    /// Makes one inquiry a part of another, which goes on with the messages of both; answers with the version of that one.
    pub async fn merge_inquiries(
        &self,
        op: &OpContext,
        merge: &MergeInquiries,
    ) -> Result<Position, MergeInquiriesError> {
        op.require(Permission::ManageInquiries)?;
        for _ in 0..TRIES {
            if let Some(receipt) = self.earlier(merge.command_id).await? {
                return self.merged_before(merge, &receipt).await;
            }
            let one = self
                .thread(merge.id)
                .await?
                .ok_or(MergeInquiriesError::NotFound)?;
            let other = self
                .thread(merge.into)
                .await?
                .ok_or(MergeInquiriesError::NotFound)?;
            let joined = decide::merge(&one.inquiry, &other.inquiry);
            for (thread, version) in [(&one, merge.expected_version), (&other, merge.into_version)] {
                if has_moved(thread, version) {
                    return Err(MergeInquiriesError::Moved(thread.inquiry.id()));
                }
            }
            let wanted = wanted(joined?);
            if let Written::Done(receipt) = self
                .write_thread(op, merge.command_id, &[&one, &other], wanted)
                .await?
            {
                return Ok(receipt.last);
            }
        }
        Err(Internal::new(TooBusy).into())
    }

    /// The same command again, or its id with another request.
    async fn merged_before(
        &self,
        merge: &MergeInquiries,
        receipt: &Receipt,
    ) -> Result<Position, MergeInquiriesError> {
        let one = self.thread_before(merge.id, receipt).await?;
        let other = self.thread_before(merge.into, receipt).await?;
        if let (Some(one), Some(other)) = (one, other) {
            let joined = decide::merge(&one.inquiry, &other.inquiry)?;
            if self.is_written(receipt, &wanted(joined)).await? {
                return Ok(receipt.last);
            }
        }
        Err(MergeInquiriesError::Invalid(InputProblem::command_reused()))
    }
}

fn wanted(joined: Joined) -> Wanted {
    Wanted {
        happenings: vec![joined.merged.into(), joined.absorbed.into()],
        along: Vec::new(),
        guards: Vec::new(),
    }
}

fn has_moved(thread: &Thread, version: Position) -> bool {
    let mut later = thread.history.iter().filter(|entry| entry.position > version);
    later.any(|entry| entry.event.moves_the_thread())
}

//! What belongs beside a thread.

use app::inquiry::{InquiryContext as Found, MatchedDeclaration as Matched};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::InquiryId;

use super::types::refusal;
use crate::article::types::SuggestedAnswer;
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::row::DeclarationRow;
use crate::mail::types::Mail;

mirrored! {
    /// How a declaration was found, the surest first.
    InquiryMatch = app::inquiry::InquiryMatch {
        /// Somebody said so.
        Linked,
        /// Its number is in the text.
        Number,
        /// It is registered at the address that wrote.
        Address,
        /// The corporate number is in the text.
        CorporateNumber,
        /// The name of its organisation is in the text.
        Name,
    }
}

/// A declaration that an inquiry may be about.
#[derive(SimpleObject)]
pub struct MatchedDeclaration {
    /// It.
    pub row: DeclarationRow,
    /// How it was found, the surest first.
    pub matched_by: Vec<InquiryMatch>,
    /// Whether somebody said that the inquiry is about it.
    pub is_linked: bool,
}

/// What belongs beside a thread.
#[derive(SimpleObject)]
pub struct InquiryContext {
    /// Whom it may be about: 20 at most, the surest first. Whoever may not see persons sees what was linked.
    pub declarations: Vec<MatchedDeclaration>,
    /// False: so much was written since the last search of the night that contacts which were changed since then are not known yet.
    pub is_complete: bool,
    /// Messages that went to whoever wrote, the newest first, 10 at most; none for whoever may not see what goes out.
    pub mails: Vec<Mail>,
    /// Articles that may answer the newest message, the likeliest first, 3 at most.
    pub answers: Vec<SuggestedAnswer>,
}

/// The query.
#[derive(Default)]
pub struct InquiryContextQuery;

#[Object]
impl InquiryContextQuery {
    /// Whom an inquiry may be about and what was sent to whoever wrote; null when there is no such inquiry. It counts as a read of it.
    #[graphql(complexity = "60 + 5 * child_complexity")]
    async fn inquiry_context(&self, ctx: &Context<'_>, id: ID) -> Result<Option<InquiryContext>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        // Whoever may not read inquiries is not told which ids there are.
        let Ok(id) = id.parse::<InquiryId>() else {
            op.require(domain::staff::Permission::ReadInquiries)
                .map_err(crate::fault::forbidden)?;
            return Ok(None);
        };
        let found = request.app().inquiry_context(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found.map(|found| shown(ctx, op, found)).transpose()
    }
}

fn shown(ctx: &Context<'_>, op: &app::OpContext, found: Found) -> Result<InquiryContext> {
    let declaration = |matched: Matched| MatchedDeclaration {
        row: DeclarationRow::new(op, &matched.row),
        is_linked: matched.matched_by.contains(&app::inquiry::InquiryMatch::Linked),
        matched_by: matched.matched_by.into_iter().map(Into::into).collect(),
    };
    let answers = found.answers.iter().map(|it| SuggestedAnswer::of(ctx, it));
    Ok(InquiryContext {
        answers: answers.collect::<Result<_>>()?,
        declarations: found.declarations.into_iter().map(declaration).collect(),
        is_complete: found.is_complete,
        mails: found.mails.into_iter().map(Into::into).collect(),
    })
}

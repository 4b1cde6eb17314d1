//! Who works on a suspicion: one person for half an hour from the last thing that they did with it.

use app::review::{Review as Stored, TouchReviewError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ReviewId;
use domain::review::Standing;
use domain::staff::Permission;

use super::types::{ReviewClaim, ReviewDecision, ReviewKind, ReviewState, claim, decision};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::DateTime;

/// Which suspicion.
#[derive(InputObject)]
pub struct ReviewInput {
    /// Which.
    pub id: ID,
}

/// After which suspicion the next one is looked for.
#[derive(InputObject)]
pub struct NextReviewInput {
    /// In which queue.
    pub kind: ReviewKind,
    /// After this one; left out: from the beginning.
    pub after: Option<ID>,
}

/// The outcome of claiming, leaving, or deciding about a suspicion.
#[derive(Union)]
pub enum ReviewResult {
    /// It is done.
    Touched(ReviewTouched),
    /// Somebody else works on it. Nothing was written.
    Taken(ReviewTaken),
    /// It was decided about, or does not hold any more. Nothing was written.
    Over(ReviewOver),
    /// What was sent has problems. Nothing was written.
    Invalid(InvalidInput),
    /// There is no such suspicion.
    NotFound(NotFound),
}

/// It is done.
#[derive(SimpleObject)]
pub struct ReviewTouched {
    /// Which.
    pub id: ID,
    /// Where it stands.
    pub state: ReviewState,
    /// Who works on it.
    pub claim: Option<ReviewClaim>,
}

/// Somebody else works on it.
#[derive(SimpleObject)]
pub struct ReviewTaken {
    /// Who, and until when; null: they have just left it.
    pub claim: Option<ReviewClaim>,
    /// For people.
    pub message: String,
}

/// It was decided about, or does not hold any more.
#[derive(SimpleObject)]
pub struct ReviewOver {
    /// Which of the two.
    pub state: ReviewState,
    /// What was decided.
    pub decision: Option<ReviewDecision>,
    /// Since when it does not hold any more.
    pub ended_at: Option<DateTime>,
    /// For people.
    pub message: String,
}

/// The next suspicion, which the caller works on from now on.
#[derive(SimpleObject)]
pub struct NextReview {
    /// Which; null: there is no other on which nobody works.
    pub id: Option<ID>,
}

/// The mutations.
#[derive(Default)]
pub struct ClaimReviewMutation;

#[Object]
impl ClaimReviewMutation {
    /// The caller works on a suspicion from now on, or goes on to, for half an hour. One that does not hold any more is closed, and says so.
    async fn claim_review(&self, ctx: &Context<'_>, input: ReviewInput) -> Result<ReviewResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ReadDeclarations)
            .map_err(fault::forbidden)?;
        let Ok(id) = input.id.parse::<ReviewId>() else {
            return Ok(ReviewResult::NotFound(NotFound { id: input.id }));
        };
        match request.app().claim_review(op, id).await {
            Ok(review) => touched(ctx, &review),
            Err(error) => refused(ctx, error),
        }
    }

    /// The caller works on a suspicion no more: others may at once.
    async fn release_review(&self, ctx: &Context<'_>, input: ReviewInput) -> Result<ReviewResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ReadDeclarations)
            .map_err(fault::forbidden)?;
        let Ok(id) = input.id.parse::<ReviewId>() else {
            return Ok(ReviewResult::NotFound(NotFound { id: input.id }));
        };
        match request.app().release_review(op, id).await {
            Ok(review) => touched(ctx, &review),
            Err(error) => refused(ctx, error),
        }
    }

    /// Claims the next suspicion of a kind on which nobody else works.
    async fn claim_next_review(&self, ctx: &Context<'_>, input: NextReviewInput) -> Result<NextReview> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let after = input.after.and_then(|id| id.parse::<ReviewId>().ok());
        let next = request
            .app()
            .claim_next_review(op, input.kind.into(), after)
            .await;
        match next {
            Ok(review) => Ok(NextReview {
                id: review.map(|review| ID(review.id.to_string())),
            }),
            Err(TouchReviewError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

/// It is done.
pub fn touched(ctx: &Context<'_>, review: &Stored) -> Result<ReviewResult> {
    Ok(ReviewResult::Touched(ReviewTouched {
        id: ID(review.id.to_string()),
        state: review.standing.into(),
        claim: claim(ctx, review)?,
    }))
}

/// Nothing was written.
pub fn refused(ctx: &Context<'_>, error: TouchReviewError) -> Result<ReviewResult> {
    match error {
        TouchReviewError::Taken(review) => Ok(ReviewResult::Taken(ReviewTaken {
            claim: claim(ctx, &review)?,
            message: TAKEN.to_owned(),
        })),
        TouchReviewError::Over(review) => Ok(ReviewResult::Over(ReviewOver {
            state: review.standing.into(),
            decision: decision(&review),
            ended_at: review.ended_at.map(DateTime),
            message: if review.standing == Standing::Decided {
                DECIDED.to_owned()
            } else {
                GONE.to_owned()
            },
        })),
        TouchReviewError::NotFound(id) => Ok(ReviewResult::NotFound(NotFound {
            id: ID(id.to_string()),
        })),
        TouchReviewError::Forbidden(refused) => Err(fault::forbidden(refused)),
        TouchReviewError::Internal(error) => Err(fault::internal(request(ctx)?.request_id(), &error)),
    }
}

const TAKEN: &str = "ほかの人が対応しています。次の要確認に進んでください。";
const DECIDED: &str = "すでに判断されています。次の要確認に進んでください。";
const GONE: &str =
    "宣言の内容が変わり、この要確認は該当しなくなったため閉じました。次の要確認に進んでください。";

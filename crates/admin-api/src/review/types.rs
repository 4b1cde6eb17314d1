//! A suspicion as the console reads it.

use app::review::{
    PolicyPage as StoredPage, QueueState, ReadReviewsError, Review as Stored, ReviewDetail,
    ReviewRow as StoredRow,
};
use app::{Guarded, PersonalPart};
use async_graphql::{ComplexObject, Context, Error, ID, Result, SimpleObject};
use domain::DeclarationId;
use domain::{Personal, Readable};

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::row::DeclarationRow;
use crate::declaration::values::{OpenText, TextResult};
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::DateTime;

mirrored! {
    /// What is suspected. Each kind is a queue of its own.
    ReviewKind = domain::review::ReviewKind {
        /// Two live declarations of one declarer.
        Duplicate,
        /// Somebody declared for many others.
        Proxy,
        /// The page of a policy does not answer.
        PolicyPage,
        /// Two stars, and no policy on record.
        PolicyMissing,
        /// Mail to the contact does not arrive.
        ContactBounced,
        /// An import took something over that is doubtful.
        ImportWarning,
    }
}

mirrored! {
    /// What matched.
    ReviewRule = domain::review::ReviewRule {
        /// The same corporate number.
        SameNumber,
        /// The same name in the same place.
        SameNameAndPlace,
        /// The same name with the same contact address.
        SameContact,
        /// One contact address behind many organisations.
        SharedAddress,
        /// One telephone number behind many organisations.
        SharedPhone,
        /// One domain behind very many organisations.
        SharedDomain,
        /// Two stars without a policy.
        NoPolicy,
        /// Nothing arrives at the contact address.
        NothingArrives,
        /// Warnings that the import raised are up.
        Warned,
        /// There is no such page.
        PageGone,
        /// The server answers with another error.
        PageFails,
        /// The server is not found, or takes no connection.
        PageUnreachable,
        /// The server does not answer in time.
        PageSilent,
        /// The certificate of the server is none that we trust.
        PageNotTrusted,
        /// It leads in a circle, to another site, or too far.
        PageLeadsAway,
        /// The address is none that we ask.
        PageNotAsked,
    }
}

mirrored! {
    /// What can be decided.
    ReviewVerdict = domain::review::Verdict {
        /// They are not of one declarer.
        NotSame,
        /// They are.
        Same,
        /// Nobody declared for others.
        Unfounded,
        /// A warning is raised on each.
        Flagged,
        /// The declarer was asked.
        Asked,
        /// Somebody looked: the page is there.
        Answers,
        /// The policy is no longer there.
        Withdrawn,
        /// Two stars became one.
        SteppedDown,
        /// Somebody looked at it, and it stays as it is.
        LookedAt,
    }
}

mirrored! {
    /// Where a suspicion stands.
    ReviewState = domain::review::Standing {
        /// Nobody has decided about it.
        Open,
        /// Somebody has.
        Decided,
        /// It does not hold any more.
        Gone,
    }
}

/// How much there is to look at of a kind.
#[derive(SimpleObject)]
pub struct ReviewQueue {
    /// Which.
    pub kind: ReviewKind,
    /// Nobody has decided about.
    pub open: u64,
    /// When the oldest of them was found.
    pub oldest_found_at: Option<DateTime>,
    /// On which the reader works.
    pub mine: u64,
    /// Whether the reader may work on it.
    pub may_decide: bool,
}

impl From<QueueState> for ReviewQueue {
    fn from(state: QueueState) -> Self {
        Self {
            kind: state.queue.kind.into(),
            open: state.queue.open,
            oldest_found_at: state.queue.oldest.map(DateTime),
            mine: state.queue.mine,
            may_decide: state.may_decide,
        }
    }
}

/// Who works on a suspicion, and until when.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ReviewClaim {
    /// Whether it is the reader.
    pub mine: bool,
    /// Then somebody else may.
    pub until: DateTime,
    #[graphql(skip)]
    by_text: String,
}

#[ComplexObject]
impl ReviewClaim {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by_text).await
    }
}

/// What was decided about a suspicion.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ReviewDecision {
    /// What.
    pub verdict: ReviewVerdict,
    /// When.
    pub at: DateTime,
    #[graphql(skip)]
    by_text: String,
}

#[ComplexObject]
impl ReviewDecision {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by_text).await
    }
}

/// A suspicion in its queue.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ReviewSummary {
    /// Which.
    pub id: ID,
    /// What is suspected.
    pub kind: ReviewKind,
    /// What matched, the strictest first.
    pub rules: Vec<ReviewRule>,
    /// About how many organisations or declarations it is.
    pub weight: u32,
    /// When it was found, or came back.
    pub found_at: DateTime,
    /// Where it stands.
    pub state: ReviewState,
    /// Who works on it; null: nobody.
    pub claim: Option<ReviewClaim>,
    /// What was decided about it.
    pub decision: Option<ReviewDecision>,
    #[graphql(skip)]
    ids: Vec<DeclarationId>,
}

#[ComplexObject]
impl ReviewSummary {
    /// The first of its declarations.
    async fn declarations(&self, ctx: &Context<'_>) -> Result<Vec<DeclarationRow>> {
        rows(ctx, &self.ids).await
    }
}

impl ReviewSummary {
    /// As it stands, for a reader.
    pub fn new(ctx: &Context<'_>, row: StoredRow) -> Result<Self> {
        let StoredRow { review, declarations } = row;
        Ok(Self {
            id: ID(review.id.to_string()),
            kind: review.kind.into(),
            rules: review.rules.iter().copied().map(ReviewRule::from).collect(),
            weight: review.weight,
            found_at: DateTime(review.found_at),
            state: review.standing.into(),
            claim: claim(ctx, &review)?,
            decision: decision(&review),
            ids: declarations,
        })
    }
}

/// The page of a policy, and what came of asking for it.
#[derive(SimpleObject)]
pub struct PolicyPage {
    /// Its address, as it is asked for.
    pub address: String,
    /// When it was asked for last; null: not yet.
    pub asked_at: Option<DateTime>,
    /// What was wrong with it then; null: it was there.
    pub wrong: Option<ReviewRule>,
    /// The last status of HTTP that came back then, if one came.
    pub status: Option<u32>,
    /// On how many days it has not answered since it last did.
    pub failures: u32,
    /// Since when.
    pub failing_since: Option<DateTime>,
    /// When it is asked for again by itself; null: in the next night.
    pub due_at: Option<DateTime>,
}

impl From<StoredPage> for PolicyPage {
    fn from(page: StoredPage) -> Self {
        let asked = page.state.and_then(|state| state.asked);
        Self {
            address: page.address,
            asked_at: asked.map(|(at, _)| DateTime(at)),
            wrong: asked.and_then(|(_, answer)| answer.wrong).map(ReviewRule::from),
            status: asked.and_then(|(_, answer)| answer.status).map(u32::from),
            failures: page.state.map_or(0, |state| state.failures),
            failing_since: page.state.and_then(|state| state.failing_since).map(DateTime),
            due_at: page
                .state
                .filter(|_| asked.is_some())
                .map(|state| DateTime(state.due_at)),
        }
    }
}

/// One suspicion with everything about it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Review {
    /// It; of its declarations all that are kept with it, which are the first 60.
    pub summary: ReviewSummary,
    /// Whether it still holds: whether its declarations still are as the rules say.
    pub holds: bool,
    /// Whether the reader may work on it.
    pub may_decide: bool,
    /// What can be decided about it, in this order.
    pub verdicts: Vec<ReviewVerdict>,
    /// Since when it does not hold any more.
    pub ended_at: Option<DateTime>,
    /// The page that it is about; null: it is about none, or there is none any more.
    pub page: Option<PolicyPage>,
    #[graphql(skip)]
    why: Option<Readable<Personal<String>>>,
    #[graphql(skip)]
    first: Option<DeclarationId>,
}

#[ComplexObject]
impl Review {
    /// Why it was decided so.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<TextResult>> {
        let op = request(ctx)?.operation()?;
        let Some((text, id)) = self.why.as_ref().zip(self.first) else {
            return Ok(None);
        };
        let read = op.reveal(id, PersonalPart::FreeText, || match text {
            Readable::Open(text) => Guarded::Open(OpenText {
                text: text.reveal().clone(),
            }),
            Readable::Forgotten => Guarded::Forgotten(id.uuid()),
        });
        Ok(Some(read.into()))
    }
}

impl Review {
    /// As it stands, for a reader.
    pub fn new(ctx: &Context<'_>, detail: ReviewDetail) -> Result<Self> {
        let verdicts = detail.review.kind.verdicts().iter().copied();
        Ok(Self {
            holds: detail.holds,
            may_decide: detail.may_decide,
            verdicts: verdicts.map(ReviewVerdict::from).collect(),
            ended_at: detail.review.ended_at.map(DateTime),
            page: detail.page.map(PolicyPage::from),
            why: detail.reason,
            first: detail.declarations.first().copied(),
            summary: ReviewSummary::new(
                ctx,
                StoredRow {
                    review: detail.review,
                    declarations: detail.declarations,
                },
            )?,
        })
    }
}

/// A claim that is not over.
pub fn claim(ctx: &Context<'_>, review: &Stored) -> Result<Option<ReviewClaim>> {
    let op = request(ctx)?.operation()?;
    let claim = review.claim.as_ref().filter(|claim| claim.until > op.now());
    Ok(claim.map(|claim| ReviewClaim {
        mine: claim.by == op.actor().to_string(),
        until: DateTime(claim.until),
        by_text: claim.by.clone(),
    }))
}

/// What was decided.
pub fn decision(review: &Stored) -> Option<ReviewDecision> {
    review.decision.as_ref().map(|decision| ReviewDecision {
        verdict: decision.verdict.into(),
        at: DateTime(decision.at),
        by_text: decision.by.clone(),
    })
}

async fn rows(ctx: &Context<'_>, ids: &[DeclarationId]) -> Result<Vec<DeclarationRow>> {
    let op = request(ctx)?.operation()?;
    let loaders = ctx.data::<Loaders>()?;
    let loaded = ids.iter().map(|id| loaders.declaration_row(*id));
    let loaded = futures::future::try_join_all(loaded).await?;
    let found = loaded.iter().flatten();
    Ok(found.map(|row| DeclarationRow::new(op, row)).collect())
}

/// What a reader is told who gets nothing.
pub fn refusal(ctx: &Context<'_>, error: ReadReviewsError) -> Error {
    match (error, request(ctx)) {
        (ReadReviewsError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadReviewsError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadReviewsError::Internal(_), Err(fault)) => fault,
    }
}

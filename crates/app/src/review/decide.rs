//! Deciding about a suspicion. What the verdict does goes through the command for one declaration, under ids that follow from the id of
//! this one: tried again after half of it, nothing is done twice.

use domain::declaration::decide::{RaiseFlag, RaiseFlagError, StepDown, WithdrawPolicy};
use domain::declaration::{Role, TAG_DECLARATION};
use domain::review::{Act, Decided, ReviewEvent, ReviewProblem, TAG_REVIEW, Verdict, decide_reason};
use domain::staff::Permission;
use domain::value::Star;
use domain::{DeclarationId, ReviewId};
use event_store::{Append, AppendError, Position, Tag};
use storage::review::{self as rows, Review};
use storage::review_event::NotDecided;
use uuid::Uuid;

use super::MOST;
use super::claim::{TouchReviewError, lost};
use crate::declaration::{Change, ChangeError, Changed, History, Refusal};
use crate::random::derived_id;
use crate::{Allowed, App, Forbidden, InputProblem, Internal, OpContext};

/// Decides about a suspicion.
#[derive(Clone)]
pub struct DecideReview {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which.
    pub id: ReviewId,
    /// What.
    pub verdict: Verdict,
    /// Why; empty where nothing has to be said.
    pub reason: String,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideReviewError {
    /// Nobody may, or somebody else works on it, or it is over.
    #[error(transparent)]
    Touch(#[from] TouchReviewError),
    /// What was sent has problems, or the declaration does not take what the verdict does.
    #[error("what was decided has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
}

impl From<Internal> for DecideReviewError {
    fn from(error: Internal) -> Self {
        Self::Touch(error.into())
    }
}

impl From<Forbidden> for DecideReviewError {
    fn from(refused: Forbidden) -> Self {
        Self::Touch(refused.into())
    }
}

impl App {
    /// Decides about a suspicion, and does what the verdict does to its declarations.
    pub async fn decide_review(
        &self,
        op: &OpContext,
        command: &DecideReview,
    ) -> Result<Review, DecideReviewError> {
        op.require(Permission::ReadDeclarations)?;
        let review = self.review_to_touch(op, command.id).await?;
        let allowed = op.require(review.kind.permission())?;
        let me = op.actor().to_string();
        if self.decided_before(&review, command, &me).await? {
            return Ok(review);
        }
        let members = rows::members(self.store.database(), &[review.id], MOST).await;
        let members = members
            .map_err(Internal::new)?
            .remove(&review.id)
            .unwrap_or_default();
        let act = review.kind.act(command.verdict);
        // A try that got half way has mended what was suspected: what is left of it is done all the same.
        let review = match self.still_open(op, review, &me).await {
            Ok(review) => review,
            Err(TouchReviewError::Over(review)) if act.is_some() && self.begun(command, &members).await? => {
                *review
            }
            Err(error) => return Err(error.into()),
        };
        let first = self.first_history(&members, review.id).await?;
        let subject = first.timeline.current().facts.subjects().of(Role::Remarks);
        let reason = decide_reason(review.kind, command.verdict, &command.reason, subject);
        let reason = reason.map_err(|problem| DecideReviewError::Invalid(vec![told(problem)]))?;
        if let Some(act) = act {
            self.act_on(op, act, command, &members).await?;
        }
        let said = ReviewEvent::Decided(Decided {
            review_id: review.id,
            kind: review.kind,
            rules: review.rules.clone(),
            verdict: command.verdict,
            weight: review.weight,
            declaration_ids: members.clone(),
        });
        let mut tags = vec![Tag::new(TAG_REVIEW, review.id).map_err(Internal::new)?];
        for id in &members {
            tags.push(Tag::new(TAG_DECLARATION, id).map_err(Internal::new)?);
        }
        let append = Append {
            command_id: command.command_id,
            actor: me,
            correlation_id: op.request_id(),
            reason: reason.map(|(subject, text)| storage::codec::reason(subject, text.reveal())),
            events: vec![self.review_event(&said, tags)?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        self.append_decision(allowed, append, review.id).await
    }

    async fn append_decision(
        &self,
        allowed: Allowed,
        append: Append,
        id: ReviewId,
    ) -> Result<Review, DecideReviewError> {
        let subjects = storage::codec::subjects(&append.events, append.reason.as_ref());
        let keys = self.store.keyring().ensure(&subjects).await;
        keys.map_err(Internal::new)?;
        match self.append(allowed, append).await {
            Ok(_) => Ok(self.load_review(id).await?),
            Err(AppendError::Inline { source, .. }) if source.is::<NotDecided>() => {
                Err(lost(self.load_review(id).await?).into())
            }
            Err(AppendError::CommandReused { .. }) => Err(DecideReviewError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// Whether this very command has decided it already.
    async fn decided_before(
        &self,
        review: &Review,
        command: &DecideReview,
        me: &str,
    ) -> Result<bool, DecideReviewError> {
        let receipt = self.store.receipt(command.command_id).await;
        let Some(receipt) = receipt.map_err(Internal::new)? else {
            return Ok(false);
        };
        let decision = review.decision.as_ref();
        if decision.is_some_and(|it| it.by == me && it.position == receipt.last) {
            Ok(true)
        } else {
            Err(DecideReviewError::CommandReused)
        }
    }

    /// Whether an earlier try of this command has done something to one of the declarations.
    async fn begun(
        &self,
        command: &DecideReview,
        members: &[DeclarationId],
    ) -> Result<bool, DecideReviewError> {
        for id in members {
            let receipt = self.store.receipt(act_id(command, *id)).await;
            if receipt.map_err(Internal::new)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn first_history(
        &self,
        members: &[DeclarationId],
        id: ReviewId,
    ) -> Result<History, DecideReviewError> {
        let first = members.first().ok_or(TouchReviewError::NotFound(id))?;
        let history = self.history(*first).await?;
        Ok(history.ok_or(TouchReviewError::NotFound(id))?)
    }

    async fn act_on(
        &self,
        op: &OpContext,
        act: Act,
        command: &DecideReview,
        members: &[DeclarationId],
    ) -> Result<(), DecideReviewError> {
        for id in members {
            let Some(history) = self.history(*id).await? else {
                continue;
            };
            let current = history.timeline.current();
            let change = Change {
                command_id: act_id(command, *id),
                id: *id,
                expected_version: Position::new(current.version),
                inquiry: None,
            };
            let (on, reason) = (op.today(), command.reason.clone());
            match act {
                Act::RaiseFlag(flag) if current.flags.contains(&flag) => {}
                Act::RaiseFlag(flag) => {
                    let raised = self.raise_flag(op, change, RaiseFlag { flag, reason }).await;
                    match raised {
                        Err(ChangeError::Refused(RaiseFlagError::AlreadyRaised)) => {}
                        outcome => done(outcome)?,
                    }
                }
                Act::StepDown => {
                    done(
                        self.step_down_declaration(op, change, StepDown { on, reason })
                            .await,
                    )?;
                }
                Act::WithdrawPolicy => {
                    let step_down = current.facts.star() == Some(Star::Two);
                    let withdraw = WithdrawPolicy {
                        on,
                        step_down,
                        reason,
                    };
                    done(self.withdraw_policy(op, change, withdraw).await)?;
                }
            }
        }
        Ok(())
    }
}

/// The id of the command for one declaration.
fn act_id(command: &DecideReview, id: DeclarationId) -> Uuid {
    derived_id(command.command_id, &format!("act on {id}"))
}

fn done<E: Refusal>(outcome: Result<Changed, ChangeError<E>>) -> Result<(), DecideReviewError> {
    match outcome {
        Ok(_) | Err(ChangeError::NotFound(_)) => Ok(()),
        Err(ChangeError::Forbidden(refused)) => Err(refused.into()),
        Err(ChangeError::Refused(refusal)) => Err(DecideReviewError::Invalid(refusal.problems())),
        Err(ChangeError::Inquiry(problem)) => Err(DecideReviewError::Invalid(vec![problem])),
        Err(ChangeError::Stale(_) | ChangeError::Overtaken) => {
            Err(DecideReviewError::Invalid(vec![InputProblem::new(
                "id",
                "another_changed",
                "宣言が同時に変更されました。もう一度実行してください。",
            )]))
        }
        Err(ChangeError::CommandReused) => Err(DecideReviewError::CommandReused),
        Err(ChangeError::Internal(error)) => Err(error.into()),
    }
}

fn told(problem: ReviewProblem) -> InputProblem {
    match problem {
        ReviewProblem::OtherVerdict => InputProblem::new(
            "verdict",
            "other_verdict",
            "この要確認では選べない判断です。画面を開き直して、表示された判断から選んでください。",
        ),
        ReviewProblem::Reason(problem) => problem.into(),
    }
}

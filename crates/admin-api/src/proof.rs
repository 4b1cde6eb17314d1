//! Proofs out of the log as texts that stand for themselves.

use app::ProofError;
use async_graphql::{Context, Error, Object, Result, SimpleObject, Union};

use crate::context::request;
use crate::fault;
use crate::scalars::Position;

/// The outcome of asking for a proof.
#[derive(Union)]
pub enum LogProofResult {
    /// Here it is.
    LogProof(LogProof),
    /// The log does not have such a position.
    NotInLog(NotInLog),
}

/// A proof as a file: `sengen verify --proof FILE` checks it without a database.
#[derive(SimpleObject)]
pub struct LogProof {
    /// The file's text: C2SP tlog-proof for an event.
    pub text: String,
    /// The signed head that it stands under is over the events up to here.
    pub signed_up_to: Position,
}

/// There is no such position, or the range is none.
#[derive(SimpleObject)]
pub struct NotInLog {
    /// The last position of the log.
    pub head: Position,
}

/// Queries for proofs.
#[derive(Default)]
pub struct ProofQuery;

#[Object]
impl ProofQuery {
    /// Proves that the event at a position is in the log. Of personal parts it holds commitments only.
    #[graphql(complexity = "200 + child_complexity")]
    async fn inclusion_proof(&self, ctx: &Context<'_>, position: Position) -> Result<LogProofResult> {
        let request = request(ctx)?;
        let proof = request
            .app()
            .prove_inclusion(request.operation()?, position.0)
            .await;
        outcome(ctx, proof.map(|proof| (proof.text(), proof.checkpoint.head.size)))
    }

    /// Proves that the log up to `to`, or to its end, begins with what it was up to `from`: nothing was changed in between.
    #[graphql(complexity = "200 + child_complexity")]
    async fn consistency_proof(
        &self,
        ctx: &Context<'_>,
        from: Position,
        to: Option<Position>,
    ) -> Result<LogProofResult> {
        let request = request(ctx)?;
        let to = to.map(|to| to.0);
        let proof = request
            .app()
            .prove_consistency(request.operation()?, from.0, to)
            .await;
        outcome(ctx, proof.map(|proof| (proof.text(), proof.checkpoint.head.size)))
    }

    /// The public key that proofs of this log are checked with.
    async fn verifier_key(&self, ctx: &Context<'_>) -> Result<String> {
        let request = request(ctx)?;
        let key = request.app().verifier_key(request.operation()?);
        key.map(|key| key.to_string())
            .map_err(|error| refusal(ctx, error))
    }
}

fn outcome(ctx: &Context<'_>, proof: Result<(String, u64), ProofError>) -> Result<LogProofResult> {
    match proof {
        Ok((text, size)) => Ok(LogProofResult::LogProof(LogProof {
            text,
            signed_up_to: Position(event_store::Position::new(
                i64::try_from(size).unwrap_or(i64::MAX),
            )),
        })),
        Err(ProofError::Beyond { head }) => Ok(LogProofResult::NotInLog(NotInLog { head: Position(head) })),
        Err(error) => Err(refusal(ctx, error)),
    }
}

fn refusal(ctx: &Context<'_>, error: ProofError) -> Error {
    match (error, request(ctx)) {
        (ProofError::Forbidden(refused), _) => fault::forbidden(refused),
        (error, Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(fault)) => fault,
    }
}

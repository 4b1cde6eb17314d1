//! Proofs out of the log, for people who do not want to take our word for it.

use domain::staff::Permission;
use event_store::{ConsistencyProof, InclusionProof, LogTree, Position, TreeError, VerifierKey};

use crate::{App, Forbidden, Internal, OpContext};

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The log does not have such a position or size.
    #[error("the log has {head} events")]
    Beyond {
        /// What it has.
        head: Position,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The office was opened without the tree over its log.
#[derive(Debug, thiserror::Error)]
#[error("the tree over the log is not open in this process")]
struct NoTree;

impl From<TreeError> for ProofError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Beyond { head } => Self::Beyond {
                head: Position::new(i64::try_from(head).unwrap_or(i64::MAX)),
            },
            error => Self::Internal(Internal::new(error)),
        }
    }
}

impl App {
    /// Gives the office the tree over its log, and with it proofs.
    #[must_use]
    pub fn with_tree(self, tree: LogTree) -> Self {
        Self {
            tree: Some(tree),
            ..self
        }
    }

    fn tree(&self, op: &OpContext) -> Result<&LogTree, ProofError> {
        op.require(Permission::ReadDeclarations)?;
        Ok(self.tree.as_ref().ok_or(NoTree).map_err(Internal::new)?)
    }

    /// The key that the proofs of this office are checked with.
    pub fn verifier_key(&self, op: &OpContext) -> Result<VerifierKey, ProofError> {
        Ok(self.tree(op)?.verifier_key())
    }

    /// Proves that the event at a position is in the log. Of personal parts it holds commitments only.
    pub async fn prove_inclusion(
        &self,
        op: &OpContext,
        position: Position,
    ) -> Result<InclusionProof, ProofError> {
        Ok(self.tree(op)?.prove_inclusion(position).await?)
    }

    /// Proves that the log up to `to`, or to its end, begins with what it was up to `from`.
    pub async fn prove_consistency(
        &self,
        op: &OpContext,
        from: Position,
        to: Option<Position>,
    ) -> Result<ConsistencyProof, ProofError> {
        let to = to.map(|to| to.get().unsigned_abs());
        let proof = self
            .tree(op)?
            .prove_consistency(from.get().unsigned_abs(), to)
            .await?;
        Ok(proof)
    }
}

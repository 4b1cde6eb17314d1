//! Two declarations of one organisation become one. It needs a second person: the wrong two made one are hard to tell apart again.

use std::collections::BTreeMap;

use domain::DeclarationId;
use domain::declaration::decide::{Merge as Decide, MergeError, MergeField, MergeSide, differing, merge};
use domain::declaration::{Declaration, Field, Timeline};
use domain::staff::Permission;
use domain::value::DeclarationNo;
use event_store::Position;

use super::change::{Change, ChangeError, Changed};
use super::pair::Other;
use crate::approval::{ApprovalDetail, Consent, ReadApprovalsError, may_see};
use crate::{App, Forbidden, Internal, OpContext};

/// Which one is merged into which, as its author saw both.
#[derive(Debug, Clone)]
pub struct MergeDeclarations {
    /// The one that goes on.
    pub survivor: Change,
    /// The one that is merged into it.
    pub merged: DeclarationId,
    /// The version of it that its author saw.
    pub merged_version: Position,
    /// For each field that differs, whose value stays.
    pub choices: BTreeMap<Field, MergeSide>,
    /// Why.
    pub reason: String,
}

/// Why two declarations stay two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefused {
    /// A second person has to agree: ask for it.
    #[error("a second person has to agree that two declarations become one")]
    NeedsApproval,
    /// The decision refused it.
    #[error(transparent)]
    Refused(MergeError),
}

/// Two declarations side by side, before they become one.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The one that would go on.
    pub survivor: Declaration,
    /// The one that would be merged into it.
    pub merged: Declaration,
    /// Where they differ.
    pub fields: Vec<MergeField>,
    /// Why they cannot become one, whatever is chosen; none: they can.
    pub refused: Option<MergeError>,
}

/// Why two declarations are not compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No declaration has this number.
    #[error("no declaration has this number")]
    UnknownNumber,
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    NotFound(DeclarationId),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Merges one declaration into another, when a second person agreed.
    pub(crate) async fn merge_with(
        &self,
        op: &OpContext,
        command: MergeDeclarations,
        consent: Consent,
    ) -> Result<Changed, ChangeError<MergeRefused>> {
        op.require(Permission::MergeDeclarations)
            .map_err(ChangeError::Forbidden)?;
        if consent == Consent::None {
            return Err(ChangeError::Refused(MergeRefused::NeedsApproval));
        }
        let other = Other {
            id: command.merged,
            expected_version: Some(command.merged_version),
        };
        let both = [command.survivor.id, command.merged];
        let today = op.today();
        self.change_pair(
            op,
            Permission::MergeDeclarations,
            (&command.survivor, other),
            || self.live_beside_both(both, today),
            |(survivor, merged): (&Timeline, &Timeline), today, number_live_elsewhere| {
                let wanted = wanted(&command, number_live_elsewhere);
                merge(survivor, merged, &wanted, today).map_err(MergeRefused::Refused)
            },
        )
        .await
    }

    /// Whether a merge could be done now, if a second person agreed. Nothing is written.
    pub(crate) async fn try_merging(
        &self,
        op: &OpContext,
        command: &MergeDeclarations,
    ) -> Result<(), ChangeError<MergeRefused>> {
        let survivor = self.of_version(command.survivor.id, command.survivor.expected_version);
        let survivor = survivor.await?;
        let merged = self.of_version(command.merged, command.merged_version).await?;
        let decided = merge(&survivor, &merged, &wanted(command, true), op.today());
        decided
            .map(drop)
            .map_err(|refused| ChangeError::Refused(MergeRefused::Refused(refused)))
    }

    async fn of_version(
        &self,
        id: DeclarationId,
        version: Position,
    ) -> Result<Timeline, ChangeError<MergeRefused>> {
        let history = self.history(id).await.map_err(ChangeError::Internal)?;
        let history = history.ok_or(ChangeError::NotFound(id))?;
        if history.timeline.current().version == version.get() {
            Ok(history.timeline)
        } else {
            Err(super::change::stale(&history, version))
        }
    }

    /// Two declarations side by side, for whoever is about to ask that they become one.
    pub async fn compare_declarations(
        &self,
        op: &OpContext,
        survivor: DeclarationId,
        merged: &DeclarationNo,
    ) -> Result<Comparison, CompareError> {
        op.require(Permission::MergeDeclarations)?;
        let found = self.by_number(merged).await?;
        let merged = found.ok_or(CompareError::UnknownNumber)?;
        let compared = self.compared(op, survivor, merged).await?;
        compared.ok_or(CompareError::NotFound(survivor))
    }

    /// The same for whoever decides about a request that asks for it; none where one of them is not there.
    pub(crate) async fn compared(
        &self,
        op: &OpContext,
        survivor: DeclarationId,
        merged: DeclarationId,
    ) -> Result<Option<Comparison>, Internal> {
        let (Some(survivor), Some(merged)) = (self.history(survivor).await?, self.history(merged).await?)
        else {
            return Ok(None);
        };
        let (survivor, merged) = (survivor.timeline, merged.timeline);
        let fields = differing(&survivor.current().facts, &merged.current().facts);
        // Everything chosen and a reason given: what is refused then is refused whatever is chosen.
        let probe = Decide {
            choices: fields.iter().map(|it| (it.field, MergeSide::Survivor)).collect(),
            reason: "-".to_owned(),
            number_live_elsewhere: true,
        };
        Ok(Some(Comparison {
            refused: merge(&survivor, &merged, &probe, op.today()).err(),
            survivor: survivor.current().clone(),
            merged: merged.current().clone(),
            fields,
        }))
    }

    /// The same for whoever may see requests.
    pub async fn preview_requested_merge(
        &self,
        op: &OpContext,
        of: &ApprovalDetail,
        survivor: DeclarationId,
        merged: DeclarationId,
    ) -> Result<Option<Comparison>, ReadApprovalsError> {
        may_see(op, Some(of))?;
        Ok(self.compared(op, survivor, merged).await?)
    }
}

fn wanted(command: &MergeDeclarations, number_live_elsewhere: bool) -> Decide {
    Decide {
        choices: command.choices.clone(),
        reason: command.reason.clone(),
        number_live_elsewhere,
    }
}

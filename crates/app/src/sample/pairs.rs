//! Declarations that belong together: an old number that leads to the new one, duplicates that became one, and what is still suspected.

use domain::declaration::decide::MergeSide;
use domain::value::DeclarationNo;
use storage::register_index;

use super::office::{Sample, SampleError, refused};
use super::old_register;
use crate::Internal;
use crate::approval::Consent;
use crate::declaration::{Change, LinkNumbers, MergeDeclarations};

/// Of those that were declared again, every such one was linked at once; the others show what is not linked yet.
const LINKED_EVERY: u32 = 2;
/// Of the duplicates of the old register, every such pair became one; the others are what somebody still has to decide about.
const MERGED_EVERY: usize = 3;

impl Sample<'_> {
    /// Links an old number to the declaration that was just made in its place.
    pub(super) async fn link_some(&mut self, index: usize, old: DeclarationNo) -> Result<(), SampleError> {
        let Some(mut new) = self.alive[index].clone() else {
            return Ok(());
        };
        self.renumbered += 1;
        if !self.renumbered.is_multiple_of(LINKED_EVERY) {
            return Ok(());
        }
        let op = self.op()?;
        let change = Change {
            command_id: self.app.new_id().map_err(Internal::new)?,
            id: new.id,
            expected_version: new.version,
            inquiry: None,
        };
        let command = LinkNumbers {
            other: old.as_str().to_owned(),
            on: None,
            reason: "新しいIDで宣言し直したため".to_owned(),
        };
        let linked = self.app.link_numbers(&op, change, command).await;
        new.version = linked.map_err(|error| refused(&error))?.version;
        self.alive[index] = Some(new);
        Ok(())
    }

    /// Makes one of some duplicates of the old register.
    pub(super) async fn merge_some(&mut self, rows: u32) -> Result<(), SampleError> {
        for pair in old_register::duplicates(rows).step_by(MERGED_EVERY) {
            let found = register_index::by_numbers(self.app.store.database(), &pair).await;
            let found = found.map_err(Internal::new)?;
            let [survivor, merged] = found.as_slice() else {
                continue;
            };
            let (survivor, merged) = (survivor.declaration_id, merged.declaration_id);
            let op = self.op()?;
            let compared = self.app.compared(&op, survivor, merged).await?;
            let Some(compared) = compared.filter(|it| it.refused.is_none()) else {
                continue;
            };
            let command = MergeDeclarations {
                survivor: Change {
                    command_id: self.app.new_id().map_err(Internal::new)?,
                    id: survivor,
                    expected_version: event_store::Position::new(compared.survivor.version),
                    inquiry: None,
                },
                merged,
                merged_version: event_store::Position::new(compared.merged.version),
                choices: compared
                    .fields
                    .iter()
                    .map(|it| (it.field, MergeSide::Survivor))
                    .collect(),
                reason: "同じ事業者の宣言が二重に登録されていたため".to_owned(),
            };
            let done = self.app.merge_with(&op, command, Consent::Given).await;
            done.map_err(|error| refused(&error))?;
        }
        Ok(())
    }

    /// Has suspicions looked for as soon as somebody serves this office.
    pub(super) async fn suspect(&mut self) -> Result<(), SampleError> {
        let op = self.op()?;
        let command_id = self.app.new_id().map_err(Internal::new)?;
        let found = self.app.find_reviews(&op, command_id).await;
        found.map(drop).map_err(|error| refused(&error))
    }
}

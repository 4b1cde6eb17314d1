//! Writes a note on a declaration.

use domain::declaration::decide::{AddNote, AddNoteError, add_note};
use domain::staff::Permission;

use super::change::{Change, ChangeError, Changed};
use crate::{App, OpContext};

impl App {
    /// Writes a note on a declaration.
    pub async fn add_note(
        &self,
        op: &OpContext,
        change: Change,
        command: AddNote,
    ) -> Result<Changed, ChangeError<AddNoteError>> {
        self.change(op, Permission::WriteNote, change, |timeline, today| {
            add_note(timeline, &command, today)
        })
        .await
    }
}

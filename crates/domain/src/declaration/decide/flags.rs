//! Flags that staff raise and clear, and notes that they write. None of these changes a fact.

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, ProblemField, required_reason};
use crate::{
    declaration::{DeclarationEvent, FlagCode, Role, Timeline},
    personal::{Personal, Readable},
    text::{self, Lines},
};

/// The most characters of a note.
const LONGEST_NOTE: usize = 10_000;

/// Raises a flag.
#[derive(Clone)]
pub struct RaiseFlag {
    /// Which.
    pub flag: FlagCode,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why a flag is not raised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RaiseFlagError {
    /// It is up already.
    #[error("the flag is raised already")]
    AlreadyRaised,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Clears a flag that staff have looked at.
#[derive(Clone)]
pub struct ClearFlag {
    /// Which.
    pub flag: FlagCode,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why a flag is not cleared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClearFlagError {
    /// It is not up.
    #[error("the flag is not raised")]
    NotRaised,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Writes a note.
#[derive(Clone)]
pub struct AddNote {
    /// 1 to 10,000 characters.
    pub text: String,
}

/// Why a note is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddNoteError {
    /// The text has a problem.
    #[error("the text of the note is refused")]
    Text(Problem),
}

/// Decides to raise a flag. It holds from today, or from when it was last cleared.
pub fn raise_flag(
    timeline: &Timeline,
    command: &RaiseFlag,
    today: NaiveDate,
) -> Result<Decision, RaiseFlagError> {
    let flag = command.flag;
    if timeline.current().flags.contains(&flag) {
        return Err(RaiseFlagError::AlreadyRaised);
    }
    let reason = required_reason(&command.reason, timeline.current()).map_err(RaiseFlagError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(
        timeline.flag_day(flag).max(today),
        DeclarationEvent::FlagRaised { flag },
    );
    Ok(draft.into_decision(Some(reason)))
}

/// Decides to clear a flag. A later correction raises it again only when it makes the facts doubtful anew.
pub fn clear_flag(
    timeline: &Timeline,
    command: &ClearFlag,
    today: NaiveDate,
) -> Result<Decision, ClearFlagError> {
    let flag = command.flag;
    if !timeline.current().flags.contains(&flag) {
        return Err(ClearFlagError::NotRaised);
    }
    let reason = required_reason(&command.reason, timeline.current()).map_err(ClearFlagError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(
        timeline.flag_day(flag).max(today),
        DeclarationEvent::FlagCleared { flag },
    );
    Ok(draft.into_decision(Some(reason)))
}

/// Decides a note.
pub fn add_note(timeline: &Timeline, command: &AddNote, today: NaiveDate) -> Result<Decision, AddNoteError> {
    text::check(&command.text, LONGEST_NOTE, Lines::Many).map_err(|problem| {
        AddNoteError::Text(Problem::new(
            ProblemField::Text,
            problem.code(),
            problem.japanese(),
        ))
    })?;
    let subject = timeline.current().facts.subjects().of(Role::Remarks);
    let text = Readable::Open(Personal::new(command.text.clone()));
    let mut draft = Drafting::new(timeline);
    draft.push(today, DeclarationEvent::NoteAdded { subject, text });
    Ok(draft.into_decision(None))
}

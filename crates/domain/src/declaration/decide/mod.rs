//! Decisions: what may happen to a declaration. Each takes its history, a command and today, and gives events or says why
//! not. Nothing here knows a clock, a database or who is asking.

mod contact;
mod correct;
mod evidence;
mod flags;
mod forget;
mod hand_over;
mod legacy;
mod link;
mod logo;
mod look_up;
mod make;
mod merge;
mod outcome;
mod publish;
mod star;
mod step_down;
mod stop;
mod undo;
mod validate;

pub use contact::{ChangeContact, ChangeContactError, change_contact};
pub use correct::{Correct, CorrectError, FieldInput, Wanted, correct};
pub use evidence::EvidenceInput;
pub use flags::{
    AddNote, AddNoteError, ClearFlag, ClearFlagError, RaiseFlag, RaiseFlagError, add_note, clear_flag,
    raise_flag,
};
pub use forget::{ForgetPerson, ForgetPersonError, forget_person, names};
pub use hand_over::{HANDED_OVER, HandOver, HandOverError, hand_over};
pub use legacy::{RegisterLegacy, register_legacy};
pub use link::{LinkNumbers, LinkNumbersError, is_of_old_system, link_numbers};
pub use logo::{RestoreLogo, RestoreLogoError, SuspendLogo, SuspendLogoError, restore_logo, suspend_logo};
pub use look_up::{ASKED, LookUpNumber, LookUpNumberError, fitting, has_address, look_up_number};
pub use make::{Make, MakeError, make};
pub use merge::{Merge, MergeError, MergeField, MergeSide, differing, merge};
pub(crate) use outcome::reason_under;
pub use outcome::{Decision, Problem, ProblemField};
pub use publish::{Publish, PublishError, Unpublish, UnpublishError, publish, unpublish};
pub use star::{
    RecordDiagnosis, RecordDiagnosisError, RecordPolicy, RecordPolicyError, StepUp, StepUpError,
    record_diagnosis, record_policy, step_up,
};
pub use step_down::{
    StepDown, StepDownError, WithdrawPolicy, WithdrawPolicyError, step_down, withdraw_policy,
};
pub use stop::{LiveElsewhere, Reinstate, ReinstateError, StopDeclaration, StopError, reinstate, stop};
pub use undo::{UNDO_WITHIN, Undo, UndoError, merge_can_be_undone, undo, undo_of_many, undo_until};

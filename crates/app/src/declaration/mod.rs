//! Reading and changing declarations.

mod add_note;
mod change;
mod change_contact;
mod clear_flag;
mod correct;
mod detail;
mod forget_person;
mod list;
mod make;
mod publish;
mod raise_flag;
mod record_diagnosis;
mod record_policy;
mod refusal;
mod reinstate;
mod restore_logo;
mod step_down;
mod step_up;
mod stop;
mod suspend_logo;
mod undo;
mod unpublish;
mod watch;
mod withdraw_policy;

pub(crate) use change::unchanged_since;
pub use change::{Change, ChangeError, Changed, Stale};
pub use correct::{Conflict, CorrectDeclaration, CorrectDeclarationError};
pub(crate) use detail::History;
pub use detail::{Detail, Entry, ReadDetail, ReadDetailError, Taken};
pub use forget_person::{ForgetPerson, ForgetPersonError, ForgetPreview};
pub use list::{List, ListError};
pub(crate) use make::new_ids;
pub use make::{Made, MakeDeclaration, MakeDeclarationError};
pub use refusal::Refusal;
pub use undo::UndoChange;
pub use watch::{DeclarationWatched, WatchDeclarationError};

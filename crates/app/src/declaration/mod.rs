//! Reading and changing declarations.

mod add_note;
mod change;
mod change_contact;
mod correct;
mod detail;
mod forget_person;
mod list;
mod make;
mod record_diagnosis;
mod record_policy;
mod reinstate;
mod step_up;
mod stop;
mod watch;

pub use change::{Change, ChangeError, Changed, Stale};
pub use correct::{Conflict, CorrectDeclaration, CorrectDeclarationError};
pub use detail::{Detail, Entry, ReadDetail, ReadDetailError};
pub use forget_person::{ForgetPerson, ForgetPersonError, ForgetPreview};
pub use list::{List, ListError};
pub use make::{Made, MakeDeclaration, MakeDeclarationError};
pub use watch::{DeclarationWatched, WatchDeclarationError};

//! Reading and changing declarations.

mod change;
mod correct;
mod detail;
mod list;

pub use change::{Change, ChangeError, Changed, Stale};
pub use correct::{Conflict, CorrectDeclaration, CorrectDeclarationError};
pub use detail::{Detail, Entry, ReadDetail, ReadDetailError};
pub use list::{List, ListError};

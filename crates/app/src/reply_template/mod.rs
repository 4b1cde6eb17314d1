//! Templates of answers: reading and writing them, and filling one for an inquiry.
//!
//! There are some dozens of them, so they are folded from their events whenever somebody asks.

mod fill;
mod read;
mod retire;
mod save;

use domain::Refused;
use domain::reply_template::TemplateEvent;

use crate::case_log::{CaseError, case_event};
use crate::{Forbidden, InputProblem, Internal};

pub use fill::{FillTemplateError, FilledTemplate};
pub use read::{KnownTemplate, ReadTemplatesError};
pub use save::SaveTemplate;

case_event!(TemplateEvent, domain::reply_template, TAG_REPLY_TEMPLATE);

/// Why a template was not written. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteTemplateError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such template.
    #[error("there is no such template")]
    NotFound,
    /// Somebody was faster; how it stands now.
    #[error("the template was changed since it was read")]
    Stale(Box<KnownTemplate>),
    /// What was typed has problems, or the template does not stand where that could be done.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Refused> for WriteTemplateError {
    fn from(Refused(problems): Refused) -> Self {
        Self::Invalid(problems.into_iter().map(InputProblem::from).collect())
    }
}

/// Why no change was written, before it is said how the template stands instead.
type NotWritten = CaseError<Refused>;

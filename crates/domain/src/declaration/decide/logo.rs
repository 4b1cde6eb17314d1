//! The right to use the logo: suspended where it is misused, and given back.

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, required_reason};
use crate::declaration::{DeclarationEvent, Timeline};

/// Suspends the right from today.
#[derive(Clone)]
pub struct SuspendLogo {
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why the right stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuspendLogoError {
    /// It is suspended already.
    #[error("the right to the logo is suspended already")]
    AlreadySuspended,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Gives the right back from today.
#[derive(Clone)]
pub struct RestoreLogo {
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why the right is not given back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreLogoError {
    /// It is there.
    #[error("the right to the logo is not suspended")]
    NotSuspended,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Decides to suspend the right to the logo; of a stopped declaration, too, whose logo may still be shown somewhere.
pub fn suspend_logo(
    timeline: &Timeline,
    command: &SuspendLogo,
    today: NaiveDate,
) -> Result<Decision, SuspendLogoError> {
    let current = timeline.current();
    if !current.logo_allowed {
        return Err(SuspendLogoError::AlreadySuspended);
    }
    let reason = required_reason(&command.reason, current).map_err(SuspendLogoError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(timeline.logo_day().max(today), DeclarationEvent::LogoSuspended);
    Ok(draft.into_decision(Some(reason)))
}

/// Decides to give the right to the logo back.
pub fn restore_logo(
    timeline: &Timeline,
    command: &RestoreLogo,
    today: NaiveDate,
) -> Result<Decision, RestoreLogoError> {
    let current = timeline.current();
    if current.logo_allowed {
        return Err(RestoreLogoError::NotSuspended);
    }
    let reason = required_reason(&command.reason, current).map_err(RestoreLogoError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(timeline.logo_day().max(today), DeclarationEvent::LogoRestored);
    Ok(draft.into_decision(Some(reason)))
}

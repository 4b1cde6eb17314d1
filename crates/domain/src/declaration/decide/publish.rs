//! Showing a declaration in the public search, and no longer showing it.

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, optional_reason, required_reason};
use crate::declaration::{DeclarationEvent, Timeline};

/// Shows it from today.
#[derive(Clone, Default)]
pub struct Publish {
    /// Why; may be left out.
    pub reason: Option<String>,
}

/// Why a declaration is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// It is shown already.
    #[error("the declaration is published already")]
    AlreadyPublished,
    /// It is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// The declarer did not agree.
    #[error("the declarer did not agree to be published")]
    NoConsent,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// No longer shows it from today.
#[derive(Clone)]
pub struct Unpublish {
    /// Why: 1 to 1,000 characters.
    pub reason: String,
}

/// Why a declaration stays shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnpublishError {
    /// It is not shown.
    #[error("the declaration is not published")]
    NotPublished,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Decides to show a declaration.
pub fn publish(timeline: &Timeline, command: &Publish, today: NaiveDate) -> Result<Decision, PublishError> {
    let current = timeline.current();
    if current.published {
        return Err(PublishError::AlreadyPublished);
    }
    if !current.live_on(today) {
        return Err(PublishError::NotLive);
    }
    if !current.facts.publish_consent() {
        return Err(PublishError::NoConsent);
    }
    let reason = optional_reason(command.reason.as_deref(), current).map_err(PublishError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(today, DeclarationEvent::Published);
    Ok(draft.into_decision(reason))
}

/// Decides to no longer show a declaration.
pub fn unpublish(
    timeline: &Timeline,
    command: &Unpublish,
    today: NaiveDate,
) -> Result<Decision, UnpublishError> {
    if !timeline.current().published {
        return Err(UnpublishError::NotPublished);
    }
    let reason = required_reason(&command.reason, timeline.current()).map_err(UnpublishError::Reason)?;
    let mut draft = Drafting::new(timeline);
    draft.push(today, DeclarationEvent::Unpublished);
    Ok(draft.into_decision(Some(reason)))
}

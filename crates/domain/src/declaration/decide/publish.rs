//! Showing a declaration in the public search, and no longer showing it.

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, required_reason};
use crate::declaration::{DeclarationEvent, Timeline};

/// Shows it from today.
#[derive(Clone, Copy)]
pub struct Publish;

/// Why a declaration is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
pub fn publish(timeline: &Timeline, _: Publish, today: NaiveDate) -> Result<Decision, PublishError> {
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
    let mut draft = Drafting::new(timeline);
    draft.push(today, DeclarationEvent::Published);
    Ok(draft.into_decision(None))
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

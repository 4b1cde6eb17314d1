//! Decisions: what may happen to a schedule. Each takes what it is, a command and now, and gives events or says why not. That a
//! name is not taken is for the guard of the caller, as another schedule is not known here.

use chrono::{DateTime, Utc};

use super::{
    definition::{Definition, DefinitionInput, DefinitionProblem},
    due::Plan,
    event::ScheduleEvent,
    state::Schedule,
};
use crate::ids::{JobId, ScheduleId};

/// Why a schedule is not defined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefineError {
    /// The definition has problems, each of them named.
    #[error("the schedule has {} problems", .0.len())]
    Invalid(Vec<DefinitionProblem>),
}

/// Why a schedule is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// It says all that already.
    #[error("nothing would change")]
    Unchanged,
    /// The definition has problems, each of them named.
    #[error("the schedule has {} problems", .0.len())]
    Invalid(Vec<DefinitionProblem>),
}

/// Why a schedule is not paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PauseError {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// It rests already.
    #[error("the schedule is paused already")]
    AlreadyPaused,
}

/// Why a schedule is not resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// It does not rest.
    #[error("the schedule is not paused")]
    NotPaused,
}

/// Why a schedule is not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemoveError {
    /// It was removed before.
    #[error("the schedule was removed already")]
    AlreadyRemoved,
}

/// Why a schedule is not run now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunNowError {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// Nothing of it may run any more.
    #[error("the schedule is over since {not_after}; give it a later end, or none")]
    Over {
        /// Its end.
        not_after: DateTime<Utc>,
    },
}

/// Why a plan is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FireError {
    /// It was removed.
    #[error("the schedule was removed")]
    Removed,
    /// It rests, or is not enabled.
    #[error("the schedule does not fire for now")]
    NotActive,
    /// Something was settled since the plan was made; make another.
    #[error("the plan begins after {planned}, but everything until {settled} is settled")]
    Stale {
        /// Where the plan begins.
        planned: DateTime<Utc>,
        /// Where it would have to.
        settled: DateTime<Utc>,
    },
    /// Not one id for each firing.
    #[error("{given} ids of jobs were given for {needed} firings")]
    JobIds {
        /// How many firings there are.
        needed: usize,
        /// How many ids.
        given: usize,
    },
}

/// Decides a new schedule. `known` are the commands that there are.
pub fn define(
    schedule_id: ScheduleId,
    input: &DefinitionInput,
    known: &[&str],
    now: DateTime<Utc>,
) -> Result<ScheduleEvent, DefineError> {
    let definition = Definition::read(input, known, now).map_err(DefineError::Invalid)?;
    Ok(ScheduleEvent::Defined {
        schedule_id,
        definition: Box::new(definition),
        due_after: now,
    })
}

/// Decides another definition. It counts from now: what was due before and has not fired never fires, so fire first.
pub fn change(
    schedule: &Schedule,
    input: &DefinitionInput,
    known: &[&str],
    now: DateTime<Utc>,
) -> Result<ScheduleEvent, ChangeError> {
    if schedule.removed {
        return Err(ChangeError::Removed);
    }
    let definition = Definition::read(input, known, now).map_err(ChangeError::Invalid)?;
    if definition == schedule.definition {
        return Err(ChangeError::Unchanged);
    }
    Ok(ScheduleEvent::Changed {
        schedule_id: schedule.id,
        definition: Box::new(definition),
        due_after: now,
    })
}

/// Decides a rest.
pub const fn pause(schedule: &Schedule) -> Result<ScheduleEvent, PauseError> {
    if schedule.removed {
        return Err(PauseError::Removed);
    }
    if schedule.paused {
        return Err(PauseError::AlreadyPaused);
    }
    Ok(ScheduleEvent::Paused {
        schedule_id: schedule.id,
    })
}

/// Decides the end of a rest. What was due meanwhile was not missed.
pub const fn resume(schedule: &Schedule, now: DateTime<Utc>) -> Result<ScheduleEvent, ResumeError> {
    if schedule.removed {
        return Err(ResumeError::Removed);
    }
    if !schedule.paused {
        return Err(ResumeError::NotPaused);
    }
    Ok(ScheduleEvent::Resumed {
        schedule_id: schedule.id,
        due_after: now,
    })
}

/// Decides that it never fires again.
pub const fn remove(schedule: &Schedule) -> Result<ScheduleEvent, RemoveError> {
    if schedule.removed {
        return Err(RemoveError::AlreadyRemoved);
    }
    Ok(ScheduleEvent::Removed {
        schedule_id: schedule.id,
    })
}

/// Decides a run out of turn, of a schedule that rests too. Nothing that is due changes by it.
pub fn run_now(schedule: &Schedule, job_id: JobId, now: DateTime<Utc>) -> Result<ScheduleEvent, RunNowError> {
    if schedule.removed {
        return Err(RunNowError::Removed);
    }
    if let Some(not_after) = schedule.definition.over_since(now) {
        return Err(RunNowError::Over { not_after });
    }
    Ok(ScheduleEvent::RunRequested {
        schedule_id: schedule.id,
        job_id,
        command: schedule.definition.command.clone(),
    })
}

/// Decides to carry out a plan of [`Schedule::plan`], with the id of a job for each firing, in their order. No events when there
/// is nothing to do.
pub fn fire(schedule: &Schedule, plan: &Plan, job_ids: &[JobId]) -> Result<Vec<ScheduleEvent>, FireError> {
    if schedule.removed {
        return Err(FireError::Removed);
    }
    if !schedule.is_active() {
        return Err(FireError::NotActive);
    }
    if plan.after != schedule.cursor {
        return Err(FireError::Stale {
            planned: plan.after,
            settled: schedule.cursor,
        });
    }
    if job_ids.len() != plan.fire.len() {
        return Err(FireError::JobIds {
            needed: plan.fire.len(),
            given: job_ids.len(),
        });
    }
    let schedule_id = schedule.id;
    let missed = plan
        .missed
        .map(|missed| ScheduleEvent::Missed { schedule_id, missed });
    let fired = plan
        .fire
        .iter()
        .zip(job_ids)
        .map(|(firing, job_id)| ScheduleEvent::Fired {
            schedule_id,
            firing: *firing,
            job_id: *job_id,
            command: schedule.definition.command.clone(),
        });
    Ok(missed.into_iter().chain(fired).collect())
}

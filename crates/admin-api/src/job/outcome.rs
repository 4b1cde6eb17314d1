//! What all changes of a job answer alike.

use app::job::TouchJobError;
use async_graphql::{Context, ID, InputObject, Result, SimpleObject, Union};
use domain::JobId;
use uuid::Uuid;

use super::types::{Job, refusal};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which job.
#[derive(InputObject)]
pub struct JobCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which job.
    pub id: ID,
}

/// The outcome of stopping a job, or of giving it another chance.
#[derive(Union)]
pub enum TouchJobResult {
    /// It is done, or under way.
    Touched(Box<JobTouched>),
    /// It is not in a state for that.
    OtherState(Box<JobOtherState>),
    /// The request has problems.
    Invalid(InvalidInput),
    /// There is no such job.
    NotFound(NotFound),
}

/// It is done, or under way.
#[derive(SimpleObject)]
pub struct JobTouched {
    /// As it is now.
    pub job: Job,
}

/// It is not in a state for that. Nothing was written.
#[derive(SimpleObject)]
pub struct JobOtherState {
    /// As it is now.
    pub job: Job,
}

/// Reads which job is meant.
pub fn read(input: &JobCommandInput) -> Result<(Uuid, JobId), TouchJobResult> {
    let command_id = read_command_id(&input.command_id).map_err(TouchJobResult::Invalid)?;
    let id = input.id.parse::<JobId>();
    let id = id.map_err(|_| TouchJobResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok((command_id, id))
}

/// What is answered to a change.
pub async fn answer(
    ctx: &Context<'_>,
    id: JobId,
    outcome: Result<(), TouchJobError>,
) -> Result<TouchJobResult> {
    let request = request(ctx)?;
    let touched = match outcome {
        Ok(()) => true,
        Err(TouchJobError::OtherState) => false,
        Err(TouchJobError::NotFound(_)) => return Ok(not_found(id)),
        Err(TouchJobError::CommandReused) => {
            return Ok(TouchJobResult::Invalid(InvalidInput::command_reused()));
        }
        Err(TouchJobError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
        Err(error) => return Err(fault::internal(request.request_id(), &error)),
    };
    let job = request.app().job(request.operation()?, id).await;
    let Some(job) = job.map_err(|error| refusal(ctx, error))?.map(Job::from) else {
        return Ok(not_found(id));
    };
    Ok(if touched {
        TouchJobResult::Touched(Box::new(JobTouched { job }))
    } else {
        TouchJobResult::OtherState(Box::new(JobOtherState { job }))
    })
}

fn not_found(id: JobId) -> TouchJobResult {
    TouchJobResult::NotFound(NotFound {
        id: ID(id.to_string()),
    })
}

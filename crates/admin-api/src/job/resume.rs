//! Giving a job another chance.

use async_graphql::{Context, Object, Result};

use super::outcome::{JobCommandInput, TouchJobResult, answer, read};
use crate::context::request;

/// The mutation.
#[derive(Default)]
pub struct ResumeJobMutation;

#[Object]
impl ResumeJobMutation {
    /// Gives a job that was given up or stopped all its attempts again, from now on.
    async fn resume_job(&self, ctx: &Context<'_>, input: JobCommandInput) -> Result<TouchJobResult> {
        let request = request(ctx)?;
        let (command_id, id) = match read(&input) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let outcome = request
            .app()
            .resume_job(request.operation()?, command_id, id)
            .await;
        answer(ctx, id, outcome).await
    }
}

//! Stopping a job.

use async_graphql::{Context, Object, Result};

use super::outcome::{JobCommandInput, TouchJobResult, answer, read};
use crate::context::request;

/// The mutation.
#[derive(Default)]
pub struct CancelJobMutation;

#[Object]
impl CancelJobMutation {
    /// Stops a job that waits, or asks whoever runs it to stop.
    async fn cancel_job(&self, ctx: &Context<'_>, input: JobCommandInput) -> Result<TouchJobResult> {
        let request = request(ctx)?;
        let (command_id, id) = match read(&input) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let outcome = request
            .app()
            .cancel_job(request.operation()?, command_id, id)
            .await;
        answer(ctx, id, outcome).await
    }
}

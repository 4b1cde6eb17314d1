//! Resuming a schedule.

use async_graphql::{Context, Object, Result};

use super::outcome::{ChangeScheduleResult, ScheduleCommandInput, answer, read};
use crate::context::request;

/// The mutation.
#[derive(Default)]
pub struct ResumeScheduleMutation;

#[Object]
impl ResumeScheduleMutation {
    /// Lets a schedule fire again; what was due meanwhile does not.
    async fn resume_schedule(
        &self,
        ctx: &Context<'_>,
        input: ScheduleCommandInput,
    ) -> Result<ChangeScheduleResult> {
        let request = request(ctx)?;
        let change = match read(&input) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().resume_schedule(request.operation()?, change).await;
        answer(ctx, outcome).await
    }
}

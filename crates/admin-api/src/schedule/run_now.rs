//! Running a schedule out of turn.

use async_graphql::{Context, Object, Result};

use super::outcome::{ChangeScheduleResult, ScheduleCommandInput, answer, read};
use crate::context::request;

/// The mutation.
#[derive(Default)]
pub struct RunScheduleNowMutation;

#[Object]
impl RunScheduleNowMutation {
    /// Runs it once now, out of turn; `jobId` of the answer is its job.
    async fn run_schedule_now(
        &self,
        ctx: &Context<'_>,
        input: ScheduleCommandInput,
    ) -> Result<ChangeScheduleResult> {
        let request = request(ctx)?;
        let change = match read(&input) {
            Ok(change) => change,
            Err(answer) => return Ok(answer),
        };
        let outcome = request.app().run_schedule_now(request.operation()?, change).await;
        answer(ctx, outcome).await
    }
}

//! What can be asked of schedules.

use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::ScheduleId;
use domain::schedule::{CronExpression, Zone};

use super::types::{Schedule, refusal};
use crate::context::request;
use crate::input::{InputProblem, InvalidInput};
use crate::scalars::DateTime;

/// Firings that are shown ahead.
const NEXT: usize = 5;

/// Schedules, and what they can do.
#[derive(SimpleObject)]
pub struct Schedules {
    /// All but those that were removed, by name.
    pub nodes: Vec<Schedule>,
    /// The commands that there are, such as `verify-log`.
    pub commands: Vec<&'static str>,
}

/// The outcome of asking when an expression would fire.
#[derive(Union)]
pub enum SchedulePreviewResult {
    /// Then.
    Preview(SchedulePreview),
    /// It cannot be read.
    Invalid(InvalidInput),
}

/// When an expression would fire.
#[derive(SimpleObject)]
pub struct SchedulePreview {
    /// The next five firings.
    pub next: Vec<DateTime>,
}

/// Queries about schedules.
#[derive(Default)]
pub struct ScheduleQuery;

#[Object]
impl ScheduleQuery {
    /// All schedules, and the commands that there are.
    #[graphql(complexity = "50 + 20 * child_complexity")]
    async fn schedules(&self, ctx: &Context<'_>) -> Result<Schedules> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let schedules = request.app().schedules(op).await;
        let schedules = schedules.map_err(|error| refusal(ctx, error))?;
        Ok(Schedules {
            nodes: schedules
                .into_iter()
                .map(|schedule| Schedule::new(schedule, op.now()))
                .collect(),
            commands: request.operations().commands.to_vec(),
        })
    }

    /// One schedule, also when it was removed; null when there is no such.
    async fn schedule(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Schedule>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<ScheduleId>() else {
            return Ok(None);
        };
        let found = request.app().schedule(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        Ok(found.map(|schedule| Schedule::new(schedule, op.now())))
    }

    /// When an expression would fire, before it is saved.
    #[graphql(complexity = "50")]
    async fn schedule_preview(
        &self,
        ctx: &Context<'_>,
        expression: String,
        zone: String,
    ) -> Result<SchedulePreviewResult> {
        let op = request(ctx)?.operation()?;
        op.require(domain::staff::Permission::ReadOperations)
            .map_err(crate::fault::forbidden)?;
        let (expression, zone) = match (expression.parse::<CronExpression>(), zone.parse::<Zone>()) {
            (Ok(expression), Ok(zone)) => (expression, zone),
            (expression, zone) => {
                let expression = expression.err().map(|problem| InputProblem {
                    field: "expression".to_owned(),
                    code: problem.code().to_owned(),
                    message: problem.japanese(),
                });
                let zone = zone.err().map(|problem| {
                    let problem = domain::schedule::DefinitionProblem::from(problem);
                    InputProblem {
                        field: "zone".to_owned(),
                        code: problem.code().to_owned(),
                        message: problem.japanese(),
                    }
                });
                let problems = expression.into_iter().chain(zone).collect();
                return Ok(SchedulePreviewResult::Invalid(InvalidInput { problems }));
            }
        };
        let first = expression.next_after(op.now(), zone);
        let next = std::iter::successors(first, |due| expression.next_after(*due, zone));
        Ok(SchedulePreviewResult::Preview(SchedulePreview {
            next: next.take(NEXT).map(DateTime).collect(),
        }))
    }
}

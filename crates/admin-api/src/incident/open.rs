//! Writing down that something may have got out.

use app::incident::{OpenIncident, OpenIncidentError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::Personal;
use domain::staff::Permission;

use super::types::IncidentCategory;
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::DateTime;

/// Somebody became aware.
#[derive(InputObject)]
pub struct OpenIncidentInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// When.
    pub aware_at: DateTime,
    /// Why it must be reported, as far as it is known.
    pub categories: Vec<IncidentCategory>,
    /// What is known, 1 to 4,000 characters.
    pub text: String,
}

/// The outcome of opening an incident.
#[derive(Union)]
pub enum OpenIncidentResult {
    /// Both clocks run.
    Opened(IncidentOpened),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// Both clocks run.
#[derive(SimpleObject)]
pub struct IncidentOpened {
    /// Which incident.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct OpenIncidentMutation;

#[Object]
impl OpenIncidentMutation {
    /// Writes down that personal data may have got out.
    async fn open_incident(&self, ctx: &Context<'_>, input: OpenIncidentInput) -> Result<OpenIncidentResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageIncidents)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(OpenIncidentResult::Invalid(invalid)),
        };
        let command = OpenIncident {
            command_id,
            aware_at: input.aware_at.0,
            categories: input.categories.into_iter().map(Into::into).collect(),
            text: Personal::new(input.text),
        };
        match request.app().open_incident(op, &command).await {
            Ok(id) => Ok(OpenIncidentResult::Opened(IncidentOpened {
                id: ID(id.to_string()),
            })),
            Err(OpenIncidentError::Invalid(problems)) => Ok(OpenIncidentResult::Invalid(problems.into())),
            Err(OpenIncidentError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(OpenIncidentError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

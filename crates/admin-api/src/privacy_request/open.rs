//! Writing down that somebody asked.

use app::privacy_request::{OpenPrivacyRequest, OpenPrivacyRequestError, TypedRequester};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::Personal;
use domain::staff::Permission;

use super::types::{PrivacyRequestKind, RequestChannel};
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Date;

/// Somebody asked.
#[derive(InputObject)]
pub struct OpenPrivacyRequestInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// What for.
    pub kind: PrivacyRequestKind,
    /// The way it came in.
    pub channel: RequestChannel,
    /// On which day.
    pub received_on: Date,
    /// Numbers of the records that it is about, 50 at most; empty: not known yet.
    pub numbers: Vec<String>,
    /// Their name, 1 to 100 characters.
    pub name: String,
    /// Where the answer goes, 1 to 500 characters.
    pub contact: String,
    /// For whom they act, when for somebody else.
    pub acts_for: Option<String>,
    /// What they want, 1 to 4,000 characters.
    pub wanted: String,
}

/// The outcome of opening a case.
#[derive(Union)]
pub enum OpenPrivacyRequestResult {
    /// The term runs.
    Opened(PrivacyRequestOpened),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// The term runs.
#[derive(SimpleObject)]
pub struct PrivacyRequestOpened {
    /// Which case.
    pub id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct OpenPrivacyRequestMutation;

#[Object]
impl OpenPrivacyRequestMutation {
    /// Writes down that a person asks to see, correct, stop using or erase what is kept about them.
    async fn open_privacy_request(
        &self,
        ctx: &Context<'_>,
        input: OpenPrivacyRequestInput,
    ) -> Result<OpenPrivacyRequestResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::OpenPrivacyRequest)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(OpenPrivacyRequestResult::Invalid(invalid)),
        };
        let command = OpenPrivacyRequest {
            command_id,
            kind: input.kind.into(),
            channel: input.channel.into(),
            received_on: input.received_on.0,
            numbers: input.numbers,
            requester: TypedRequester {
                name: Personal::new(input.name),
                contact: Personal::new(input.contact),
                acts_for: Personal::new(input.acts_for.unwrap_or_default()),
            },
            wanted: Personal::new(input.wanted),
        };
        match request.app().open_privacy_request(op, &command).await {
            Ok(id) => Ok(OpenPrivacyRequestResult::Opened(PrivacyRequestOpened {
                id: ID(id.to_string()),
            })),
            Err(OpenPrivacyRequestError::Invalid(problems)) => {
                Ok(OpenPrivacyRequestResult::Invalid(problems.into()))
            }
            Err(OpenPrivacyRequestError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(OpenPrivacyRequestError::Internal(error)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

//! Sending nothing to an address any more.

use app::mail::SuppressError;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::mailing::Address;
use domain::mailing::event::SuppressionReason;
use domain::schedule::{Zone, read_end};

use super::suppression::Suppression;
use super::types::{MailClass, refusal};
use crate::context::request;
use crate::fault;
use crate::input::{InputProblem, InvalidInput, read_command_id};

/// To whom nothing is to go.
#[derive(InputObject)]
pub struct SuppressAddressInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// As typed.
    pub address: String,
    /// Of which class nothing goes; null: of any.
    pub class: Option<MailClass>,
    /// The last day on which nothing goes, in Japan, as people type it; empty: until it is lifted.
    pub until: String,
}

/// The outcome of suppressing an address.
#[derive(Union)]
pub enum SuppressAddressResult {
    /// Nothing goes there any more.
    Suppressed(Box<AddressSuppressed>),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// Nothing goes there any more.
#[derive(SimpleObject)]
pub struct AddressSuppressed {
    /// What holds now; null when it was lifted since.
    pub suppression: Option<Suppression>,
}

/// The mutation.
#[derive(Default)]
pub struct SuppressAddressMutation;

#[Object]
impl SuppressAddressMutation {
    /// Lets nothing go to an address any more, or nothing of a class.
    async fn suppress_address(
        &self,
        ctx: &Context<'_>,
        input: SuppressAddressInput,
    ) -> Result<SuppressAddressResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::ManageMail)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(SuppressAddressResult::Invalid(invalid)),
        };
        let address = Address::parse(&input.address);
        let until = read_end(&input.until, "", Zone::default());
        let (address, until) = match (address, until) {
            (Ok(address), Ok(until)) => (address, until),
            (address, until) => {
                let address = address.err().map(|problem| {
                    let (code, message) = (problem.code(), problem.japanese());
                    problem_with("address", code, message)
                });
                let until = until.err();
                let until = until.map(|problem| problem_with("until", problem.code(), problem.japanese()));
                let problems = address.into_iter().chain(until).collect();
                return Ok(SuppressAddressResult::Invalid(InvalidInput { problems }));
            }
        };
        let (class, reason) = (input.class.map(Into::into), SuppressionReason::Staff);
        let app = request.app();
        match app
            .suppress_address(op, command_id, &address, class, reason, until)
            .await
        {
            Ok(position) => {
                let suppression = app.suppression(op, position).await;
                let suppression = suppression.map_err(|error| refusal(ctx, error))?;
                Ok(SuppressAddressResult::Suppressed(Box::new(AddressSuppressed {
                    suppression: suppression.map(Suppression::from),
                })))
            }
            Err(SuppressError::CommandReused) => {
                Ok(SuppressAddressResult::Invalid(InvalidInput::command_reused()))
            }
            Err(SuppressError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

fn problem_with(field: &str, code: &str, message: &str) -> InputProblem {
    InputProblem {
        field: field.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

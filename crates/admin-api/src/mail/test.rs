//! Sending a mail to see whether it arrives.

use app::mail::{QueueMailError, test_message};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};

use super::types::{Mail, refusal};
use crate::context::request;
use crate::fault;
use crate::input::{InputProblem, InvalidInput, read_command_id};

/// Where a test mail goes.
#[derive(InputObject)]
pub struct SendTestMailInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// An address as typed.
    pub to: String,
    /// Key of the sender; null: the usual one.
    pub sender: Option<String>,
}

/// The outcome of sending a test mail.
#[derive(Union)]
pub enum SendTestMailResult {
    /// It is in the ledger.
    Queued(Box<TestMailQueued>),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// It is in the ledger, and goes out at once.
#[derive(SimpleObject)]
pub struct TestMailQueued {
    /// As it is now.
    pub mail: Mail,
}

/// The mutation.
#[derive(Default)]
pub struct SendTestMailMutation;

#[Object]
impl SendTestMailMutation {
    /// Sends a mail to see whether it arrives.
    async fn send_test_mail(
        &self,
        ctx: &Context<'_>,
        input: SendTestMailInput,
    ) -> Result<SendTestMailResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::ManageMail)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(SendTestMailResult::Invalid(invalid)),
        };
        let senders = request.operations().outbox.senders();
        let sender = match &input.sender {
            Some(key) => senders.iter().find(|sender| sender.key == *key),
            None => senders.first(),
        };
        let Some(sender) = sender.map(|sender| sender.key.clone()) else {
            return Ok(SendTestMailResult::Invalid(InvalidInput::one(
                "sender",
                "unknown",
                "この差出人は設定されていません。一覧から選んでください。",
            )));
        };
        let app = request.app();
        match app
            .queue_test_mail(op, command_id, &test_message(&sender, &input.to))
            .await
        {
            Ok(queued) => {
                let mail = app.ledger_entry(op, queued.id).await;
                let mail = mail.map_err(|error| refusal(ctx, error))?.map(Mail::from);
                let gone =
                    || fault::fault(fault::Code::Internal, "the message is not in the ledger any more");
                let mail = mail.ok_or_else(gone)?;
                Ok(SendTestMailResult::Queued(Box::new(TestMailQueued { mail })))
            }
            Err(QueueMailError::Refused(problem)) => Ok(SendTestMailResult::Invalid(InvalidInput {
                problems: vec![InputProblem {
                    field: match problem.field.as_str() {
                        "address" => "to".to_owned(),
                        field => field.to_owned(),
                    },
                    code: problem.code().to_owned(),
                    message: problem.japanese(),
                }],
            })),
            Err(QueueMailError::CommandReused) => {
                Ok(SendTestMailResult::Invalid(InvalidInput::command_reused()))
            }
            Err(QueueMailError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

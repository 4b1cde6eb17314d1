//! Deciding about mails.

use app::mail::DecideMailError;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use uuid::Uuid;

use super::types::{Mail, refusal};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Mails that are decided about at once.
const MOST: usize = 100;

mirrored! {
    /// What a person decides about a mail.
    MailVerdict = domain::mailing::event::Verdict {
        /// It was sent, as far as anybody can tell. Of a mail in doubt.
        TreatAsSent,
        /// Send it again, under the same Message-ID. Of a mail in doubt, or one that was parked.
        SendAgain,
        /// Do not wait for its time. Of a mail that waits.
        TryNow,
        /// Do not send it. Of a mail that waits, or one that was parked.
        Cancel,
    }
}

/// About which mails, and what.
#[derive(InputObject)]
pub struct DecideMailsInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// 1 to 100 mails, each decided for itself.
    pub ids: Vec<ID>,
    /// What.
    pub verdict: MailVerdict,
}

/// The outcome of deciding.
#[derive(Union)]
pub enum DecideMailsResult {
    /// Mail by mail.
    Decided(MailsDecided),
    /// The request has problems.
    Invalid(InvalidInput),
}

/// What became of each.
#[derive(SimpleObject)]
pub struct MailsDecided {
    /// In the order of the request.
    pub results: Vec<MailDecision>,
}

/// What became of one.
#[derive(SimpleObject)]
pub struct MailDecision {
    /// Which.
    pub id: ID,
    /// False: it does not stand where that could be decided about it, or there is no such mail.
    pub decided: bool,
    /// As it is now; null when there is no such mail.
    pub mail: Option<Mail>,
}

/// The mutation.
#[derive(Default)]
pub struct DecideMailsMutation;

#[Object]
impl DecideMailsMutation {
    /// Decides about mails, each for itself.
    async fn decide_mails(&self, ctx: &Context<'_>, input: DecideMailsInput) -> Result<DecideMailsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(domain::staff::Permission::ManageMail)
            .map_err(fault::forbidden)?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(DecideMailsResult::Invalid(invalid)),
        };
        let ids: Result<Vec<Uuid>, _> = input.ids.iter().map(|id| id.parse()).collect();
        let ids = match ids {
            Ok(ids) if (1..=MOST).contains(&ids.len()) => ids,
            _ => {
                return Ok(DecideMailsResult::Invalid(InvalidInput::one(
                    "ids",
                    "out_of_range",
                    format!("1件から{MOST}件までのメールを選んでください。"),
                )));
            }
        };
        let app = request.app();
        let decided = match app.decide_mails(op, command_id, &ids, input.verdict.into()).await {
            Ok(decided) => decided,
            Err(DecideMailError::CommandReused) => {
                return Ok(DecideMailsResult::Invalid(InvalidInput::command_reused()));
            }
            Err(DecideMailError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(error) => return Err(fault::internal(request.request_id(), &error)),
        };
        let mut results = Vec::with_capacity(decided.len());
        for (id, decided) in decided {
            let mail = app.ledger_entry(op, id).await;
            results.push(MailDecision {
                id: ID(id.to_string()),
                decided,
                mail: mail.map_err(|error| refusal(ctx, error))?.map(Mail::from),
            });
        }
        Ok(DecideMailsResult::Decided(MailsDecided { results }))
    }
}

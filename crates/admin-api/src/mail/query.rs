//! What can be asked of the ledger.

use app::mail::{ListMails, ReadMailError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use event_store::Position;

use super::suppression::{Suppression, SuppressionConnection, SuppressionsResult};
use super::types::{Mail, MailState, refusal};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;

/// What the ledger is narrowed to; keys all hold.
#[derive(InputObject, Default)]
pub struct MailFilter {
    /// Any of these states.
    pub states: Option<Vec<MailState>>,
    /// To this address, as typed.
    pub address: Option<String>,
    /// About this organisation.
    pub organization_id: Option<ID>,
    /// About the organisation that has this declaration number, as typed.
    pub number: Option<String>,
}

/// The outcome of asking for mails.
#[derive(Union)]
pub enum MailsResult {
    /// A page.
    Page(MailConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of mails.
#[derive(SimpleObject)]
pub struct MailConnection {
    /// The newest first.
    pub nodes: Vec<Mail>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// How many mails are in a state.
#[derive(SimpleObject)]
pub struct MailCount {
    /// In which.
    pub state: MailState,
    /// How many.
    pub count: u64,
}

/// Which way mail goes out, and from whom it can be.
#[derive(SimpleObject)]
pub struct MailSetup {
    /// What carries, in a few words.
    pub transport: String,
    /// Whether mail leaves this machine.
    pub leaves: bool,
    /// Whom it can be from, the usual one first.
    pub senders: Vec<MailSender>,
}

/// Whom mail can be from.
#[derive(SimpleObject)]
pub struct MailSender {
    /// What mails name it by.
    pub key: String,
    /// What stands in `From`.
    pub address: String,
    /// The name beside it.
    pub name: Option<String>,
}

/// Queries about mail that goes out.
#[derive(Default)]
pub struct MailQuery;

#[Object]
impl MailQuery {
    /// Mails, the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn mails(
        &self,
        ctx: &Context<'_>,
        filter: Option<MailFilter>,
        first: i32,
        after: Option<String>,
    ) -> Result<MailsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let filter = filter.unwrap_or_default();
        let Ok(before) = after.as_deref().map(str::parse::<i64>).transpose() else {
            return Ok(MailsResult::Invalid(InvalidInput::cursor()));
        };
        let Ok(organization_id) = filter.organization_id.as_deref().map(|id| id.parse()).transpose() else {
            return Ok(MailsResult::Invalid(InvalidInput::one(
                "organizationId",
                "shape",
                "組織の番号の形式が正しくありません。",
            )));
        };
        let asked = ListMails {
            states: filter
                .states
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
            to: filter.address,
            organization_id,
            number: filter.number,
            before: before.map(Position::new),
            first: u32::try_from(first).unwrap_or(0),
        };
        match request.app().mails(op, &asked).await {
            Ok(page) => Ok(MailsResult::Page(MailConnection {
                page_info: PageInfo {
                    has_next_page: page.has_more,
                    end_cursor: page
                        .mails
                        .last()
                        .filter(|_| page.has_more)
                        .map(|mail| mail.position.to_string()),
                },
                nodes: page.mails.into_iter().map(Mail::from).collect(),
            })),
            Err(ReadMailError::Invalid(problem)) => Ok(MailsResult::Invalid(vec![problem].into())),
            Err(error) => Err(refusal(ctx, error)),
        }
    }

    /// One mail; null when there is no such.
    async fn mail(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Mail>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse() else {
            return Ok(None);
        };
        let found = request.app().ledger_entry(op, id).await;
        Ok(found.map_err(|error| refusal(ctx, error))?.map(Mail::from))
    }

    /// How many mails there are in each state that has any.
    #[graphql(complexity = "50")]
    async fn mail_counts(&self, ctx: &Context<'_>) -> Result<Vec<MailCount>> {
        let request = request(ctx)?;
        let counts = request.app().mail_counts(request.operation()?).await;
        let counts = counts.map_err(|error| refusal(ctx, error))?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| MailCount {
                state: state.into(),
                count,
            })
            .collect())
    }

    /// Which way mail goes out, and from whom it can be.
    async fn mail_setup(&self, ctx: &Context<'_>) -> Result<MailSetup> {
        let request = request(ctx)?;
        request
            .operation()?
            .require(domain::staff::Permission::ReadOperations)
            .map_err(crate::fault::forbidden)?;
        let outbox = &request.operations().outbox;
        let senders = outbox.senders().into_iter().map(|sender| MailSender {
            key: sender.key,
            address: sender.address.typed().to_owned(),
            name: sender.name,
        });
        Ok(MailSetup {
            transport: outbox.transport(),
            leaves: outbox.leaves(),
            senders: senders.collect(),
        })
    }

    /// To whom nothing goes, the newest first; `first` is 1 to 200. `address`: only this one, as typed.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn suppressions(
        &self,
        ctx: &Context<'_>,
        address: Option<String>,
        first: i32,
        after: Option<String>,
    ) -> Result<SuppressionsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(before) = after.as_deref().map(str::parse::<i64>).transpose() else {
            return Ok(SuppressionsResult::Invalid(InvalidInput::cursor()));
        };
        let first = u32::try_from(first).unwrap_or(0);
        let before = before.map(Position::new);
        match request
            .app()
            .suppressions(op, address.as_deref(), before, first)
            .await
        {
            Ok(page) => {
                let nodes: Vec<Suppression> = page.suppressions.into_iter().map(Suppression::from).collect();
                let end_cursor = nodes.last().map(|last| last.id.to_string());
                Ok(SuppressionsResult::Page(SuppressionConnection {
                    nodes,
                    page_info: PageInfo {
                        has_next_page: page.has_more,
                        end_cursor: end_cursor.filter(|_| page.has_more),
                    },
                }))
            }
            Err(ReadMailError::Invalid(problem)) => Ok(SuppressionsResult::Invalid(vec![problem].into())),
            Err(error) => Err(refusal(ctx, error)),
        }
    }
}

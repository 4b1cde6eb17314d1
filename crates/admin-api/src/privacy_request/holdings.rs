//! What we hold about the records of a case.

use app::privacy_request::{
    HeldAccount, HeldApproval, HeldChange, HeldEntry, HeldFact, HeldMail, HeldPart, HeldRecord, HoldingsError,
};
use async_graphql::{Context, ID, Result, SimpleObject, Union};
use domain::PrivacyRequestId;

use crate::context::request;
use crate::declaration::values::{Withheld, withheld};
use crate::fault;

/// Everything that we hold about the records of a case. For whoever may see persons only.
#[derive(SimpleObject)]
pub struct Holdings {
    /// When it was gathered, RFC 3339.
    pub gathered_at: String,
    /// The records.
    pub records: Vec<HeldRecordType>,
    /// Messages to the person's own addresses that are about none of the records, the newest first.
    pub mails: Vec<HeldMailType>,
    /// Accounts, when they work here.
    pub accounts: HeldAccountsResult,
    /// Requests to a second person that are about the records, or about accounts that are in the answer.
    pub approvals: HeldApprovalsResult,
}

/// Accounts, for whoever may see accounts.
#[derive(Union)]
pub enum HeldAccountsResult {
    /// They.
    Open(HeldAccounts),
    /// Not for this reader: nobody has looked whether there are any.
    Withheld(Withheld),
}

/// Accounts of somebody who works here.
#[derive(SimpleObject)]
pub struct HeldAccounts {
    /// They.
    pub nodes: Vec<HeldAccountType>,
}

/// Requests to a second person, for whoever may see such requests.
#[derive(Union)]
pub enum HeldApprovalsResult {
    /// They.
    Open(HeldApprovals),
    /// Not for this reader: nobody has looked whether there are any.
    Withheld(Withheld),
}

/// Requests to a second person.
#[derive(SimpleObject)]
pub struct HeldApprovals {
    /// They, the newest first.
    pub nodes: Vec<HeldApprovalType>,
}

/// A record with everything that is kept about it.
#[derive(SimpleObject)]
#[graphql(name = "HeldRecord")]
pub struct HeldRecordType {
    /// Which declaration.
    pub declaration_id: ID,
    /// Its number.
    pub number: Option<String>,
    /// What it says today.
    pub facts: Vec<HeldFactType>,
    /// The oldest first.
    pub history: Vec<HeldEntryType>,
    /// The newest first.
    pub mails: Vec<HeldMailType>,
    /// How often personal data of it was read.
    pub reads: u64,
}

/// A fact as it stands today.
#[derive(SimpleObject)]
#[graphql(name = "HeldFact")]
pub struct HeldFactType {
    /// Code of the field.
    pub field: String,
    /// As typed.
    pub value: Option<String>,
}

/// Something that happened to a record.
#[derive(SimpleObject)]
#[graphql(name = "HeldEntry")]
pub struct HeldEntryType {
    /// When it was recorded, RFC 3339.
    pub at: String,
    /// The type of the event.
    pub what: String,
    /// Where it came from: `declarer`, `office`, or `system:` and a command.
    pub source: String,
    /// The fields that it changed.
    pub changes: Vec<HeldChangeType>,
    /// A note that was written.
    pub note: Option<String>,
    /// Why it was done.
    pub reason: Option<String>,
}

/// One field, before and after.
#[derive(SimpleObject)]
#[graphql(name = "HeldChange")]
pub struct HeldChangeType {
    /// Code of the field.
    pub field: String,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
}

/// A message about the record.
#[derive(SimpleObject)]
#[graphql(name = "HeldMail")]
pub struct HeldMailType {
    /// When it was queued, RFC 3339.
    pub at: String,
    /// To which address.
    pub to: Option<String>,
    /// Its heading.
    pub subject: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// Where it stands.
    pub state: String,
}

/// An account of somebody who works here.
#[derive(SimpleObject)]
#[graphql(name = "HeldAccount")]
pub struct HeldAccountType {
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Where they get mail.
    pub mail: Option<String>,
    /// What they may do, by code.
    pub roles: Vec<String>,
    /// Whether they cannot sign in any more.
    pub is_disabled: bool,
}

/// A request that a second person decides or decided about.
#[derive(SimpleObject)]
#[graphql(name = "HeldApproval")]
pub struct HeldApprovalType {
    /// When it was asked for, RFC 3339.
    pub at: String,
    /// What kind of act, such as `staff.roles`.
    pub kind: String,
    /// What became of it, by code.
    pub status: String,
    /// Why it was asked for.
    pub reason: Option<String>,
}

/// Gathers for a resolver.
pub async fn gather(ctx: &Context<'_>, id: &ID) -> Result<Option<Holdings>> {
    let request = request(ctx)?;
    let op = request.operation()?;
    let id = id
        .parse::<PrivacyRequestId>()
        .unwrap_or(PrivacyRequestId::new(uuid::Uuid::nil()));
    let held = match request.app().holdings(op, id).await {
        Ok(held) => held,
        Err(HoldingsError::NotFound) => return Ok(None),
        Err(HoldingsError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
        Err(error) => return Err(fault::internal(request.request_id(), &error)),
    };
    Ok(Some(Holdings {
        gathered_at: held.gathered_at,
        records: held.records.into_iter().map(Into::into).collect(),
        mails: held.mails.into_iter().map(Into::into).collect(),
        accounts: match held.accounts {
            HeldPart::Open(accounts) => HeldAccountsResult::Open(HeldAccounts {
                nodes: accounts.into_iter().map(Into::into).collect(),
            }),
            HeldPart::Withheld(permission) => HeldAccountsResult::Withheld(withheld(permission)),
        },
        approvals: match held.approvals {
            HeldPart::Open(approvals) => HeldApprovalsResult::Open(HeldApprovals {
                nodes: approvals.into_iter().map(Into::into).collect(),
            }),
            HeldPart::Withheld(permission) => HeldApprovalsResult::Withheld(withheld(permission)),
        },
    }))
}

impl From<HeldRecord> for HeldRecordType {
    fn from(record: HeldRecord) -> Self {
        Self {
            declaration_id: ID(record.declaration_id),
            number: record.number,
            facts: record.facts.into_iter().map(Into::into).collect(),
            history: record.history.into_iter().map(Into::into).collect(),
            mails: record.mails.into_iter().map(Into::into).collect(),
            reads: record.reads as u64,
        }
    }
}

impl From<HeldFact> for HeldFactType {
    fn from(fact: HeldFact) -> Self {
        Self {
            field: fact.field.to_owned(),
            value: fact.value,
        }
    }
}

impl From<HeldEntry> for HeldEntryType {
    fn from(entry: HeldEntry) -> Self {
        Self {
            at: entry.at,
            what: entry.what.to_owned(),
            source: entry.source,
            changes: entry.changes.into_iter().map(Into::into).collect(),
            note: entry.note,
            reason: entry.reason,
        }
    }
}

impl From<HeldChange> for HeldChangeType {
    fn from(change: HeldChange) -> Self {
        Self {
            field: change.field.to_owned(),
            old: change.old,
            new: change.new,
        }
    }
}

impl From<HeldAccount> for HeldAccountType {
    fn from(account: HeldAccount) -> Self {
        Self {
            login: account.login,
            name: account.name,
            mail: account.mail,
            roles: account.roles,
            is_disabled: account.is_disabled,
        }
    }
}

impl From<HeldApproval> for HeldApprovalType {
    fn from(approval: HeldApproval) -> Self {
        Self {
            at: approval.at,
            kind: approval.kind,
            status: approval.status,
            reason: approval.reason,
        }
    }
}

impl From<HeldMail> for HeldMailType {
    fn from(mail: HeldMail) -> Self {
        Self {
            at: mail.at,
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            state: mail.state.to_owned(),
        }
    }
}

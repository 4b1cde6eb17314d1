//! To whom nothing goes, as the console reads it.

use app::Guarded;
use app::mail::SuppressedAddress as Stored;
use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject, Union};

use super::types::MailClass;
use super::words::Unreadable;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::declaration::list::PageInfo;
use crate::declaration::values::{Forgotten, Withheld, withheld};
use crate::input::InvalidInput;
use crate::scalars::{DateTime, Position};

mirrored! {
    /// Why nothing goes to an address.
    SuppressionReason = domain::mailing::event::SuppressionReason {
        /// Its reader does not want it.
        OptOut,
        /// Mail to it does not arrive.
        Unreachable,
        /// Its reader complained.
        Complaint,
        /// A member of staff decided so.
        Staff,
    }
}

/// The outcome of asking to whom nothing goes.
#[derive(Union)]
pub enum SuppressionsResult {
    /// A page.
    Page(SuppressionConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of those to whom nothing goes.
#[derive(SimpleObject)]
pub struct SuppressionConnection {
    /// The newest first.
    pub nodes: Vec<Suppression>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// The address that a suppression is about.
#[derive(Union)]
pub enum SuppressedAddressResult {
    /// Readable.
    Open(SuppressedAddress),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
    /// Its text was not kept.
    Unreadable(Unreadable),
}

/// The address that a suppression is about.
#[derive(SimpleObject)]
pub struct SuppressedAddress {
    /// As it was typed.
    pub address: String,
}

/// An address that gets nothing, or nothing of a class.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Suppression {
    /// Which; also where it stands in the log.
    pub id: ID,
    /// Which address.
    pub address: SuppressedAddressResult,
    /// Of which class nothing goes; null: of any.
    pub class: Option<MailClass>,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub since: DateTime,
    /// Until when; null: until it is lifted.
    pub until: Option<DateTime>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl Suppression {
    /// Who decided it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

impl From<Stored> for Suppression {
    fn from(stored: Stored) -> Self {
        let suppression = stored.suppression;
        let address = match stored.address {
            Some(Guarded::Open(address)) => SuppressedAddressResult::Open(SuppressedAddress { address }),
            Some(Guarded::Withheld(permission)) => SuppressedAddressResult::Withheld(withheld(permission)),
            Some(Guarded::Forgotten(subject)) => SuppressedAddressResult::Forgotten(Forgotten {
                subject: ID(subject.to_string()),
            }),
            None => SuppressedAddressResult::Unreadable(Unreadable {
                position: Position(suppression.position),
            }),
        };
        Self {
            id: ID(suppression.position.to_string()),
            address,
            class: suppression
                .class
                .parse::<domain::mailing::Class>()
                .ok()
                .map(Into::into),
            reason: suppression.reason.into(),
            since: DateTime(suppression.since),
            until: suppression.until.map(DateTime),
            by: stored.by,
        }
    }
}

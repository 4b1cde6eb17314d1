//! One's own address: seeing it, and choosing another one, which is confirmed by a link that goes there.

use app::staff::{ChangeMailError, ConfirmMailError};
use async_graphql::{Context, Object, Result, SimpleObject, Union};

use super::second_factor::{FreshSignInNeeded, not_fresh, refused};
use super::sessions::whole_owner;
use super::types::SignInRefused;
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::DateTime;

/// The outcome of asking for another address.
#[derive(Union)]
pub enum RequestMailChangeResult {
    /// A link is on its way, whether or not somebody else has the address.
    Sent(MailLinkSent),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// A delay holds.
    Refused(SignInRefused),
    /// It is no address, or the one that there is, or no mail goes out here.
    Invalid(InvalidInput),
}

/// A link is on its way. Nothing has changed until it is opened.
#[derive(SimpleObject)]
pub struct MailLinkSent {
    /// Until when it can be opened.
    pub expires_at: DateTime,
}

/// The outcome of opening the link.
#[derive(Union)]
pub enum ConfirmMailChangeResult {
    /// The address is another one.
    Changed(MailChanged),
    /// The link is no good here.
    Invalid(InvalidInput),
}

/// The address is another one.
#[derive(SimpleObject)]
pub struct MailChanged {
    /// Where notices go from now on.
    pub mail: String,
}

/// Queries about one's own address.
#[derive(Default)]
pub struct OwnMailQuery;

#[Object]
impl OwnMailQuery {
    /// Where notices to whoever asks go; null: nowhere.
    async fn own_mail(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let own = request.app().own_mail(signed_in.staff.id).await;
        own.map_err(|error| fault::internal(request.request_id(), &error))
    }
}

/// Mutations of one's own address.
#[derive(Default)]
pub struct OwnMailMutation;

#[Object]
impl OwnMailMutation {
    /// Sends a link to another address of whoever asks, and a notice to the one that there is. The login stays as it is.
    async fn request_mail_change(&self, ctx: &Context<'_>, mail: String) -> Result<RequestMailChangeResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let asked = request
            .app()
            .ask_for_mail_change(signed_in, &mail, request.request_id());
        Ok(match asked.await {
            Ok(expires_at) => RequestMailChangeResult::Sent(MailLinkSent {
                expires_at: DateTime(expires_at),
            }),
            Err(ChangeMailError::NotFresh) => RequestMailChangeResult::NotFresh(not_fresh()),
            Err(ChangeMailError::Invalid(problems)) => RequestMailChangeResult::Invalid(problems.into()),
            Err(ChangeMailError::NoMail) => RequestMailChangeResult::Invalid(InvalidInput::one(
                "mail",
                "no_mail",
                "お知らせの送信元が設定されていないため、メールアドレスを変えられません。管理者に連絡してください。",
            )),
            Err(ChangeMailError::SignIn(error)) => RequestMailChangeResult::Refused(refused(ctx, error)?),
        })
    }

    /// Takes the address that waits for a link; only for the account that asked for it.
    async fn confirm_mail_change(&self, ctx: &Context<'_>, token: String) -> Result<ConfirmMailChangeResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let confirmed = request
            .app()
            .confirm_mail_change(signed_in, &token, request.request_id());
        match confirmed.await {
            Ok(mail) => Ok(ConfirmMailChangeResult::Changed(MailChanged { mail })),
            Err(ConfirmMailError::Refused) => Ok(ConfirmMailChangeResult::Invalid(InvalidInput::one(
                "token",
                "mail_link_refused",
                "このリンクは使えません。期限が切れたか、すでに使われたか、別のアカウントのものです。アカウントの画面から、もう一度お申し込みください。",
            ))),
            Err(ConfirmMailError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

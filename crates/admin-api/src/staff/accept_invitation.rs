//! Accepting a one-time link: the first administrator and every later member of staff come in this way.

use app::staff::{AcceptInvitation, AcceptInvitationError, AcceptVouchedInvitation, Entered};
use async_graphql::{Context, InputObject, Object, Result};
use axum::http::header::SET_COOKIE;

use super::types::{AcceptInvitationResult, InvitationRefused, Session};
use crate::context::request;
use crate::fault;
use crate::http::cookie::{self, Cookie};

/// What is typed on the page behind the link.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// From the link.
    pub token: String,
    /// What will be typed to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// 15 characters or more.
    pub password: String,
}

/// What is typed once the identity provider has vouched for whoever was invited: no password.
#[derive(InputObject)]
pub struct AcceptVouchedInvitationInput {
    /// By which others name the account.
    pub login: String,
    /// The name that others see.
    pub name: String,
}

/// Mutations of invitations.
#[derive(Default)]
pub struct AcceptInvitationMutation;

#[Object]
impl AcceptInvitationMutation {
    /// Makes the account and signs in.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationResult> {
        let request = request(ctx)?;
        let command = AcceptInvitation {
            token: input.token,
            login: input.login,
            name: input.name,
            password: input.password,
            place: request.place().clone(),
        };
        let entered = request.app().accept_invitation(command).await;
        answer(ctx, entered)
    }

    /// Makes the account of somebody for whom the identity provider vouched in this browser, and signs in.
    async fn accept_vouched_invitation(
        &self,
        ctx: &Context<'_>,
        input: AcceptVouchedInvitationInput,
    ) -> Result<AcceptInvitationResult> {
        let request = request(ctx)?;
        let command = AcceptVouchedInvitation {
            vouched: request.provider_token().map(str::to_owned),
            login: input.login,
            name: input.name,
            place: request.place().clone(),
        };
        let entered = request.app().accept_vouched_invitation(command);
        let entered = entered.await;
        if entered.is_ok() {
            let over = cookie::take_away(request.public_url(), Cookie::Provider);
            ctx.append_http_header(SET_COOKIE, over);
        }
        answer(ctx, entered)
    }
}

/// Told to whoever comes with it.
const NO_GOOD: &str =
    "このリンクは使えません。使用済みか、期限が切れています。新しいリンクの発行を管理者に依頼してください。";

fn answer(
    ctx: &Context<'_>,
    entered: Result<Entered, AcceptInvitationError>,
) -> Result<AcceptInvitationResult> {
    let request = request(ctx)?;
    match entered {
        Ok(entered) => {
            let session = cookie::hand_over(request.public_url(), Cookie::Session, &entered.token);
            ctx.append_http_header(SET_COOKIE, session);
            Ok(AcceptInvitationResult::Session(Session::from(&entered.session)))
        }
        Err(AcceptInvitationError::Invalid(problems)) => Ok(AcceptInvitationResult::Invalid(problems.into())),
        Err(AcceptInvitationError::Refused) => Ok(AcceptInvitationResult::Refused(InvitationRefused {
            message: NO_GOOD.to_owned(),
        })),
        Err(AcceptInvitationError::Internal(error)) => Err(fault::internal(request.request_id(), &*error)),
    }
}

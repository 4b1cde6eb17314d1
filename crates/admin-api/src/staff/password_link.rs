//! One-time links to another password: asking for one, sending one to somebody, using one.

use app::staff::{AcceptPasswordLinkError, SendPasswordLinkError, SignInError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::staff::Permission;

use super::accounts::staff_id;
use super::second_factor::{FreshSignInNeeded, not_fresh};
use super::types::SignInRefused;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::DateTime;

/// What a one-time link to another password is good for.
#[derive(SimpleObject)]
pub struct PasswordLink {
    /// What its owner types to sign in.
    pub login: String,
    /// Until when it can be used.
    pub expires_at: DateTime,
}

/// The outcome of asking for a link.
#[derive(Union)]
pub enum RequestPasswordLinkResult {
    /// If there is such an account and it has an address, a link is on its way there.
    Requested(PasswordLinkRequested),
    /// Too many were asked for; the same whether or not there is such an account.
    Refused(SignInRefused),
}

/// The same answer whether or not there is such an account.
#[derive(SimpleObject)]
pub struct PasswordLinkRequested {
    /// For how many hours a link can be used.
    pub hours: u32,
}

/// The outcome of sending somebody a link.
#[derive(Union)]
pub enum SendPasswordLinkResult {
    /// It is on its way.
    Sent(PasswordLinkSent),
    /// Whoever asks has to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be sent.
    Invalid(InvalidInput),
    /// There is no such account.
    NotFound(NotFound),
}

/// A link is on its way.
#[derive(SimpleObject)]
pub struct PasswordLinkSent {
    /// Until when it can be used; null: the same command has sent it before.
    pub expires_at: Option<DateTime>,
}

/// What is typed on the page behind the link.
#[derive(InputObject)]
pub struct AcceptPasswordLinkInput {
    /// From the link.
    pub token: String,
    /// The new password: 15 characters or more.
    pub password: String,
}

/// The outcome of using a link.
#[derive(Union)]
pub enum AcceptPasswordLinkResult {
    /// The password is the new one. Nobody is signed in by that.
    Set(PasswordSet),
    /// The new password cannot be taken; the link stays good.
    Invalid(InvalidInput),
    /// The link is no good.
    Refused(PasswordLinkRefused),
}

/// The password is the new one, and all sessions of the account have ended.
#[derive(SimpleObject)]
pub struct PasswordSet {
    /// With what to sign in now.
    pub login: String,
}

/// The link is unknown, used, taken back or expired.
#[derive(SimpleObject)]
pub struct PasswordLinkRefused {
    /// For people, in Japanese.
    pub message: String,
}

/// The query.
#[derive(Default)]
pub struct PasswordLinkQuery;

#[Object]
impl PasswordLinkQuery {
    /// What a one-time link to another password is good for; null when it is unknown, used, taken back or expired.
    async fn password_link(&self, ctx: &Context<'_>, token: String) -> Result<Option<PasswordLink>> {
        let request = request(ctx)?;
        let found = request.app().password_link(&token).await;
        let found = found.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(found.map(|link| PasswordLink {
            login: link.login,
            expires_at: DateTime(link.expires_at),
        }))
    }
}

/// The mutations.
#[derive(Default)]
pub struct PasswordLinkMutation;

#[Object]
impl PasswordLinkMutation {
    /// For whoever forgot their password. The answer does not wait for the mail, so it takes as long for a login that nobody has.
    async fn request_password_link(
        &self,
        ctx: &Context<'_>,
        login: String,
    ) -> Result<RequestPasswordLinkResult> {
        let request = request(ctx)?;
        let request_id = request.request_id();
        let refused = |seconds| {
            RequestPasswordLinkResult::Refused(SignInRefused {
                retry_after_seconds: seconds,
            })
        };
        match request.app().ask_for_password_link(request.place(), &login).await {
            Ok(()) => {}
            Err(SignInError::Refused) => return Ok(refused(None)),
            Err(SignInError::Delayed { seconds }) => return Ok(refused(Some(seconds))),
            Err(SignInError::Internal(error)) => return Err(fault::internal(request_id, &*error)),
        }
        let app = request.shared_app();
        tokio::spawn(async move {
            if let Err(error) = app.send_forgotten(&login, request_id).await {
                fault::log_chain(request_id, &error);
            }
        });
        Ok(RequestPasswordLinkResult::Requested(PasswordLinkRequested {
            hours: 24,
        }))
    }

    /// Sends a member of staff a one-time link to another password, to their own address. Links before are good no more.
    async fn send_password_link(
        &self,
        ctx: &Context<'_>,
        command_id: ID,
        staff_id: ID,
    ) -> Result<SendPasswordLinkResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageStaff).map_err(fault::forbidden)?;
        let command = match read_command_id(&command_id) {
            Ok(command) => command,
            Err(invalid) => return Ok(SendPasswordLinkResult::Invalid(invalid)),
        };
        let not_found = || SendPasswordLinkResult::NotFound(NotFound { id: staff_id.clone() });
        let Some(id) = self::staff_id(&staff_id) else {
            return Ok(not_found());
        };
        let problem = |code, message: &str| {
            Ok(SendPasswordLinkResult::Invalid(InvalidInput::one(
                "staffId", code, message,
            )))
        };
        match request.app().send_password_link(op, command, id).await {
            Ok(sent) => Ok(SendPasswordLinkResult::Sent(PasswordLinkSent {
                expires_at: sent.expires_at.map(DateTime),
            })),
            Err(SendPasswordLinkError::NotFresh) => Ok(SendPasswordLinkResult::NotFresh(not_fresh())),
            Err(SendPasswordLinkError::NotFound) => Ok(not_found()),
            Err(SendPasswordLinkError::Disabled) => problem(
                "account_disabled",
                "停止中のアカウントには送れません。先にアカウントを再開してください。",
            ),
            Err(SendPasswordLinkError::NoAddress) => problem(
                "no_address",
                "メールアドレスの登録がないため、送れません。サーバーで sengen staff password-link を実行し、表示されたリンクを本人に手渡してください。",
            ),
            Err(SendPasswordLinkError::CommandReused) => {
                Ok(SendPasswordLinkResult::Invalid(InvalidInput::command_reused()))
            }
            Err(SendPasswordLinkError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }

    /// Sets the password of whose link it is. All their sessions end, and the second factor stays.
    async fn accept_password_link(
        &self,
        ctx: &Context<'_>,
        input: AcceptPasswordLinkInput,
    ) -> Result<AcceptPasswordLinkResult> {
        let request = request(ctx)?;
        let id = request.request_id();
        let set = request
            .app()
            .accept_password_link(&input.token, input.password, id);
        match set.await {
            Ok(login) => Ok(AcceptPasswordLinkResult::Set(PasswordSet { login })),
            Err(AcceptPasswordLinkError::Invalid(problems)) => Ok(AcceptPasswordLinkResult::Invalid(problems.into())),
            Err(AcceptPasswordLinkError::Refused) => Ok(AcceptPasswordLinkResult::Refused(PasswordLinkRefused {
                message: "このリンクは使えません。使用済みか、新しいリンクが送られたか、期限が切れています。ログイン画面から、もう一度リンクを依頼してください。"
                    .to_owned(),
            })),
            Err(AcceptPasswordLinkError::Internal(error)) => Err(fault::internal(id, &error)),
        }
    }
}

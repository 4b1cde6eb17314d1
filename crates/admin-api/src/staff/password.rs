//! Choosing another password, knowing the one before.

use app::staff::ChangePasswordError;
use async_graphql::{Context, InputObject, Object, Result, Union};
use axum::http::header::SET_COOKIE;

use super::second_factor::refused;
use super::sessions::whole_owner;
use super::types::{Session, SignInRefused};
use crate::context::request;
use crate::http::cookie::{self, Cookie};
use crate::input::InvalidInput;

/// What is typed.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password that there is.
    pub current: String,
    /// The new one: 15 characters or more.
    pub password: String,
}

/// The outcome of choosing another password.
#[derive(Union)]
pub enum ChangePasswordResult {
    /// It is so now; the session has another token, and all others have ended.
    Session(Session),
    /// The password that there is was typed wrong, or a delay holds.
    Refused(SignInRefused),
    /// The new one cannot be taken.
    Invalid(InvalidInput),
}

/// The mutation.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Chooses another password. All other sessions of the account end.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordResult> {
        let request = request(ctx)?;
        let (signed_in, token) = whole_owner(request)?;
        let id = request.request_id();
        let changed = request
            .app()
            .change_password(signed_in, token, input.current, input.password, id);
        match changed.await {
            Ok(entered) => {
                let session = cookie::hand_over(request.public_url(), Cookie::Session, &entered.token);
                ctx.append_http_header(SET_COOKIE, session);
                Ok(ChangePasswordResult::Session(Session::from(&entered.session)))
            }
            Err(ChangePasswordError::Invalid(problems)) => Ok(ChangePasswordResult::Invalid(problems.into())),
            Err(ChangePasswordError::SignIn(error)) => refused(ctx, error).map(ChangePasswordResult::Refused),
        }
    }
}

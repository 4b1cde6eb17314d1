//! Signing in and out. The cookie is handed over with the answer; the token itself never stands in a payload.

use app::staff::{SignInError, SignInStep};
use async_graphql::{Context, InputObject, Object, Result};
use axum::http::header::SET_COOKIE;

use super::types::{SecondFactorNeeded, Session, SignInRefused, SignInResult, passkey_needed};
use crate::context::request;
use crate::fault;
use crate::http::cookie::{self, Cookie};
use crate::scalars::DateTime;

/// What is typed to sign in.
#[derive(InputObject)]
pub struct SignInInput {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// Mutations of the session.
#[derive(Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in, or asks for a code, which `completeSignIn` takes, or for a passkey; a session that the browser already has is ended when the
    /// new one begins.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignInResult> {
        let request = request(ctx)?;
        let outcome = request
            .app()
            .sign_in(request.place(), &input.login, input.password, request.token())
            .await;
        match outcome {
            Ok(SignInStep::SecondFactor(waiting)) => {
                let half = cookie::hand_over(request.public_url(), Cookie::HalfSession, &waiting.token);
                ctx.append_http_header(SET_COOKIE, half);
                Ok(SignInResult::SecondFactor(SecondFactorNeeded {
                    expires_at: DateTime(waiting.expires_at),
                }))
            }
            Ok(SignInStep::Passkey) => Ok(SignInResult::Passkey(passkey_needed())),
            Ok(SignInStep::Entered(entered)) => {
                let session = cookie::hand_over(request.public_url(), Cookie::Session, &entered.token);
                ctx.append_http_header(SET_COOKIE, session);
                Ok(SignInResult::Session(Session::from(&entered.session)))
            }
            Err(SignInError::Refused) => Ok(SignInResult::Refused(SignInRefused {
                retry_after_seconds: None,
            })),
            Err(SignInError::Delayed { seconds }) => Ok(SignInResult::Refused(SignInRefused {
                retry_after_seconds: Some(seconds),
            })),
            Err(SignInError::Internal(error)) => Err(fault::internal(request.request_id(), &*error)),
        }
    }

    /// Ends the session here and takes the cookie away; true also when there was none.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<bool> {
        let request = request(ctx)?;
        if let Some(token) = request.token() {
            let ended = request.app().sign_out(token).await;
            ended.map_err(|error| fault::internal(request.request_id(), &error))?;
        }
        ctx.append_http_header(
            SET_COOKIE,
            cookie::take_away(request.public_url(), Cookie::Session),
        );
        Ok(true)
    }
}

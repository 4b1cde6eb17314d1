//! Proving by a passkey who one is: to sign in, and once more before something dangerous.

use app::staff::PasskeyRefreshError;
use async_graphql::{Context, Object, Result, Union};
use axum::http::header::SET_COOKIE;

use super::passkey::{PasskeyAsked, hand_over, not_here};
use super::second_factor::refused;
use super::sessions::owner;
use super::types::{Session, SignInRefused};
use crate::context::request;
use crate::http::cookie::{self, Cookie};
use crate::input::InvalidInput;

/// The outcome of beginning to prove by a passkey who one is.
#[derive(Union)]
pub enum AskForPasskeyResult {
    /// To be asked.
    Asked(PasskeyAsked),
    /// A delay holds.
    Refused(SignInRefused),
    /// There are no passkeys, here or of this account.
    Invalid(InvalidInput),
}

/// The outcome of proving by a passkey who one is.
#[derive(Union)]
pub enum PasskeySignInResult {
    /// Signed in, or fresh again, under a new token.
    Session(Session),
    /// Not; nobody learns why.
    Refused(SignInRefused),
}

/// Mutations of sessions by passkeys.
#[derive(Default)]
pub struct PasskeySignInMutation;

#[Object]
impl PasskeySignInMutation {
    /// Says what a browser is to be asked by which somebody wants to sign in.
    async fn begin_passkey_sign_in(&self, ctx: &Context<'_>) -> Result<AskForPasskeyResult> {
        let request = request(ctx)?;
        let asked = request.app().begin_passkey_sign_in(request.place()).await;
        asked_for(ctx, asked)
    }

    /// Signs in by what a passkey signed: it is two factors in one. The same answer whatever is wrong with it.
    async fn complete_passkey_sign_in(
        &self,
        ctx: &Context<'_>,
        credential: String,
    ) -> Result<PasskeySignInResult> {
        let request = request(ctx)?;
        let entered = request
            .app()
            .complete_passkey_sign_in(
                request.place(),
                request.passkey_token(),
                &credential,
                request.token(),
                request.request_id(),
            )
            .await;
        entered_or_refused(ctx, entered)
    }

    /// Says what the browser of whoever is signed in is to be asked, so that the session is fresh.
    async fn begin_passkey_refresh(&self, ctx: &Context<'_>) -> Result<AskForPasskeyResult> {
        let request = request(ctx)?;
        let (signed_in, _) = owner(request)?;
        let asked = request.app().begin_passkey_refresh(signed_in).await;
        asked_for(ctx, asked)
    }

    /// Makes the session fresh by what a passkey signed, and gives it another token.
    async fn refresh_by_passkey(&self, ctx: &Context<'_>, credential: String) -> Result<PasskeySignInResult> {
        let request = request(ctx)?;
        let (signed_in, token) = owner(request)?;
        let asked = request.passkey_token();
        let refreshed = request
            .app()
            .refresh_by_passkey(signed_in, token, asked, &credential, request.request_id())
            .await;
        entered_or_refused(ctx, refreshed)
    }
}

fn asked_for(
    ctx: &Context<'_>,
    asked: Result<app::staff::Asked, PasskeyRefreshError>,
) -> Result<AskForPasskeyResult> {
    Ok(match asked {
        Ok(asked) => AskForPasskeyResult::Asked(hand_over(ctx, asked)?),
        Err(PasskeyRefreshError::NotHere(_)) => AskForPasskeyResult::Invalid(not_here()),
        Err(PasskeyRefreshError::NoPasskey) => AskForPasskeyResult::Invalid(InvalidInput::one(
            "credential",
            "no_passkey",
            "このアカウントには、使えるパスキーがありません。パスワードを入力してください。",
        )),
        Err(PasskeyRefreshError::SignIn(error)) => AskForPasskeyResult::Refused(refused(ctx, error)?),
    })
}

fn entered_or_refused(
    ctx: &Context<'_>,
    outcome: Result<app::staff::Entered, app::staff::SignInError>,
) -> Result<PasskeySignInResult> {
    let url = request(ctx)?.public_url();
    // Answered once, whatever became of it.
    ctx.append_http_header(SET_COOKIE, cookie::take_away(url, Cookie::Passkey));
    match outcome {
        Ok(entered) => {
            let session = cookie::hand_over(url, Cookie::Session, &entered.token);
            ctx.append_http_header(SET_COOKIE, session);
            Ok(PasskeySignInResult::Session(Session::from(&entered.session)))
        }
        Err(error) => Ok(PasskeySignInResult::Refused(refused(ctx, error)?)),
    }
}

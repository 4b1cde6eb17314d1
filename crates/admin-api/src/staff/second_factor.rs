//! The second factor: the step after the password, setting it up, and proving once more who one is.

use app::staff::{CompleteSignInError, RefreshSessionError, SecondFactorError, ShownOnce, SignInError};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Union};
use axum::http::header::SET_COOKIE;

use super::sessions::{owner, whole_owner};
use super::types::{PasskeyNeeded, Session, SignInRefused, passkey_needed};
use crate::context::request;
use crate::fault;
use crate::http::cookie::{self, Cookie};
use crate::input::InvalidInput;

/// The outcome of the step after the password.
#[derive(Union)]
pub enum CompleteSignInResult {
    /// Signed in.
    Session(Session),
    /// Not signed in; another code can be tried.
    Refused(SignInRefused),
    /// Not signed in; the password has to be typed again.
    Over(SignInOver),
}

/// No right password waits for a code in this browser: it was typed too long ago, too many codes were wrong, or the account
/// changed. It has to be typed again.
#[derive(SimpleObject)]
pub struct SignInOver {
    /// Codes that are looked at for one right password.
    pub tries: u32,
}

const OVER: SignInOver = SignInOver { tries: 5 };

/// The outcome of proving once more who one is.
#[derive(Union)]
pub enum RefreshSessionResult {
    /// The session is fresh, under another token.
    Session(Session),
    /// The password or the code is wrong; nothing changed.
    Refused(SignInRefused),
    /// The password is right, and a passkey is asked for: `beginPasskeyRefresh`.
    Passkey(PasskeyNeeded),
}

/// Proves who one is; `code` is needed when the account has an authenticator.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The password.
    pub password: String,
    /// Of the authenticator, or a recovery code.
    pub code: Option<String>,
}

/// The outcome of beginning to set an authenticator up.
#[derive(Union)]
pub enum BeginTotpResult {
    /// Shown this once.
    Begun(TotpBegun),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
}

/// A secret for an authenticator. It is used from the code on that `confirmTotp` gets.
#[derive(SimpleObject)]
pub struct TotpBegun {
    /// For typing: base32.
    pub secret: String,
    /// For a QR code: `otpauth://totp/…`.
    pub url: String,
}

/// `refreshSession` first: the session is older than five minutes.
#[derive(SimpleObject)]
pub struct FreshSignInNeeded {
    /// For people, in Japanese.
    pub message: String,
}

/// The outcome of what makes recovery codes.
#[derive(Union)]
pub enum RecoveryCodesResult {
    /// Shown this once.
    Made(RecoveryCodes),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
}

/// Each is good once, instead of a code of the authenticator. Those before are good no more.
#[derive(SimpleObject)]
pub struct RecoveryCodes {
    /// Ten of them.
    pub codes: Vec<String>,
}

/// The outcome of removing the authenticator.
#[derive(Union)]
pub enum RemoveTotpResult {
    /// The password alone is enough again.
    Removed(TotpRemoved),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
}

/// The password alone is enough again.
#[derive(SimpleObject)]
pub struct TotpRemoved {
    /// As it is now.
    pub second_factor: super::types::SecondFactor,
}

/// Mutations of the second factor.
#[derive(Default)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Ends signing in that a right password began in this browser: `code` is of the authenticator, or a recovery code.
    async fn complete_sign_in(&self, ctx: &Context<'_>, code: String) -> Result<CompleteSignInResult> {
        let request = request(ctx)?;
        let Some(half) = request.half_token() else {
            return Ok(CompleteSignInResult::Over(OVER));
        };
        let outcome = request
            .app()
            .complete_sign_in(request.place(), half, &code, request.token())
            .await;
        let url = request.public_url();
        match outcome {
            Ok(entered) => {
                ctx.append_http_header(SET_COOKIE, cookie::take_away(url, Cookie::HalfSession));
                let session = cookie::hand_over(url, Cookie::Session, &entered.token);
                ctx.append_http_header(SET_COOKIE, session);
                Ok(CompleteSignInResult::Session(Session::from(&entered.session)))
            }
            Err(CompleteSignInError::Over) => {
                ctx.append_http_header(SET_COOKIE, cookie::take_away(url, Cookie::HalfSession));
                Ok(CompleteSignInResult::Over(OVER))
            }
            Err(CompleteSignInError::SignIn(error)) => refused(ctx, error).map(CompleteSignInResult::Refused),
        }
    }

    /// Makes the session fresh, which something dangerous asks for, and gives it another token.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        input: RefreshSessionInput,
    ) -> Result<RefreshSessionResult> {
        let request = request(ctx)?;
        let (signed_in, token) = owner(request)?;
        let code = input.code.as_deref();
        let outcome = request
            .app()
            .refresh_session(signed_in, token, input.password, code, request.request_id())
            .await;
        match outcome {
            Ok(entered) => {
                let session = cookie::hand_over(request.public_url(), Cookie::Session, &entered.token);
                ctx.append_http_header(SET_COOKIE, session);
                Ok(RefreshSessionResult::Session(Session::from(&entered.session)))
            }
            Err(RefreshSessionError::PasskeyNeeded) => Ok(RefreshSessionResult::Passkey(passkey_needed())),
            Err(RefreshSessionError::SignIn(error)) => refused(ctx, error).map(RefreshSessionResult::Refused),
        }
    }

    /// Begins to set an authenticator up; one that is used goes on until the new one is confirmed.
    async fn begin_totp(&self, ctx: &Context<'_>) -> Result<BeginTotpResult> {
        let request = request(ctx)?;
        let (signed_in, _) = owner(request)?;
        match request.app().begin_totp(signed_in).await {
            Ok(begun) => Ok(BeginTotpResult::Begun(TotpBegun {
                secret: begun.secret.reveal().to_owned(),
                url: begun.url.reveal().to_owned(),
            })),
            Err(SecondFactorError::NotFresh) => Ok(BeginTotpResult::NotFresh(not_fresh())),
            Err(error) => Err(fault::internal(request.request_id(), &error)),
        }
    }

    /// Uses the authenticator from now on; answers its recovery codes once. All other sessions of the account end.
    async fn confirm_totp(&self, ctx: &Context<'_>, code: String) -> Result<RecoveryCodesResult> {
        let request = request(ctx)?;
        let (signed_in, token) = owner(request)?;
        let made = request
            .app()
            .confirm_totp(signed_in, token, &code, request.request_id())
            .await;
        recovery_codes(ctx, made)
    }

    /// Makes ten new recovery codes, and answers them once.
    async fn make_recovery_codes(&self, ctx: &Context<'_>) -> Result<RecoveryCodesResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let made = request
            .app()
            .make_recovery_codes(signed_in, request.request_id())
            .await;
        recovery_codes(ctx, made)
    }

    /// Removes the authenticator and its recovery codes. All other sessions of the account end.
    async fn remove_totp(&self, ctx: &Context<'_>) -> Result<RemoveTotpResult> {
        let request = request(ctx)?;
        let (signed_in, token) = whole_owner(request)?;
        let removed = request.app().remove_totp(signed_in, token, request.request_id());
        match removed.await {
            Ok(()) => Ok(RemoveTotpResult::Removed(TotpRemoved {
                second_factor: super::types::SecondFactor::None,
            })),
            Err(error) => Ok(match problem(ctx, error)? {
                Problem::NotFresh(needed) => RemoveTotpResult::NotFresh(needed),
                Problem::Invalid(invalid) => RemoveTotpResult::Invalid(invalid),
            }),
        }
    }
}

pub(super) fn refused(ctx: &Context<'_>, error: SignInError) -> Result<SignInRefused> {
    match error {
        SignInError::Refused => Ok(SignInRefused {
            retry_after_seconds: None,
        }),
        SignInError::Delayed { seconds } => Ok(SignInRefused {
            retry_after_seconds: Some(seconds),
        }),
        SignInError::Internal(error) => Err(fault::internal(request(ctx)?.request_id(), &*error)),
    }
}

fn recovery_codes(
    ctx: &Context<'_>,
    made: Result<Vec<ShownOnce>, SecondFactorError>,
) -> Result<RecoveryCodesResult> {
    match made {
        Ok(codes) => {
            let codes = codes.iter().map(|code| code.reveal().to_owned()).collect();
            Ok(RecoveryCodesResult::Made(RecoveryCodes { codes }))
        }
        Err(error) => Ok(match problem(ctx, error)? {
            Problem::NotFresh(needed) => RecoveryCodesResult::NotFresh(needed),
            Problem::Invalid(invalid) => RecoveryCodesResult::Invalid(invalid),
        }),
    }
}

/// What stands in the way that is no fault.
enum Problem {
    NotFresh(FreshSignInNeeded),
    Invalid(InvalidInput),
}

fn problem(ctx: &Context<'_>, error: SecondFactorError) -> Result<Problem> {
    let (code, message) = match error {
        SecondFactorError::NotFresh => return Ok(Problem::NotFresh(not_fresh())),
        SecondFactorError::Internal(error) => {
            return Err(fault::internal(request(ctx)?.request_id(), &error));
        }
        SecondFactorError::WrongCode => (
            "wrong_code",
            "コードが違います。アプリに表示されている6桁の数字を入力してください。端末の時刻も確認してください。",
        ),
        SecondFactorError::NothingToConfirm => (
            "nothing_to_confirm",
            "設定の途中で時間が過ぎたか、別の画面で設定されました。設定を最初からやり直してください。",
        ),
        SecondFactorError::NoTotp => ("no_totp", "確認コードのアプリは設定されていません。"),
    };
    Ok(Problem::Invalid(InvalidInput::one("code", code, message)))
}

pub(crate) fn not_fresh() -> FreshSignInNeeded {
    FreshSignInNeeded {
        message: "この操作の前に、もう一度パスワードを入力してください。".to_owned(),
    }
}

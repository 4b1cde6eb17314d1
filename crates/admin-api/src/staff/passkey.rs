//! One's own passkeys: seeing, adding, renaming and removing them.

use app::staff::{Asked, NoPasskeys, OwnPasskey as Own, PasskeyError};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject, Union};
use axum::http::header::SET_COOKIE;
use uuid::Uuid;

use super::second_factor::{FreshSignInNeeded, not_fresh};
use super::sessions::{owner, whole_owner};
use crate::context::request;
use crate::fault;
use crate::http::cookie::{self, Cookie};
use crate::input::InvalidInput;
use crate::scalars::DateTime;

/// Whether there are passkeys at this address, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PasskeysHere {
    /// There are.
    Available,
    /// The address is made of numbers, and browsers keep passkeys by name.
    NumericAddress,
    /// The address is not https, and not this machine.
    NotEncrypted,
    /// There is no address for them.
    NoAddress,
}

impl From<Option<NoPasskeys>> for PasskeysHere {
    fn from(why: Option<NoPasskeys>) -> Self {
        match why {
            None => Self::Available,
            Some(NoPasskeys::NumericAddress) => Self::NumericAddress,
            Some(NoPasskeys::NotEncrypted) => Self::NotEncrypted,
            Some(NoPasskeys::NoAddress) => Self::NoAddress,
        }
    }
}

/// How one can sign in here.
#[derive(SimpleObject)]
pub struct SignInWays {
    /// By a passkey.
    pub passkeys: PasskeysHere,
    /// By an identity provider: what people call it. Null: there is none.
    pub provider: Option<String>,
}

/// A passkey of whoever asks.
#[derive(SimpleObject)]
pub struct OwnPasskey {
    /// By which it is renamed and removed; it opens nothing.
    pub id: ID,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime,
    /// When it was last used.
    pub last_used_at: Option<DateTime>,
    /// Whether a copy of it was noticed: it opens nothing any more.
    pub is_suspected: bool,
}

impl From<Own> for OwnPasskey {
    fn from(own: Own) -> Self {
        Self {
            id: ID(own.id.to_string()),
            name: own.name,
            created_at: DateTime(own.created_at),
            last_used_at: own.last_used_at.map(DateTime),
            is_suspected: own.is_suspected,
        }
    }
}

/// What the browser is to be asked: `navigator.credentials` takes it. The answer counts with the cookie that came along, once,
/// within five minutes.
#[derive(SimpleObject)]
pub struct PasskeyAsked {
    /// `PublicKeyCredentialCreationOptions` or `PublicKeyCredentialRequestOptions`, as JSON.
    pub options: String,
}

/// The outcome of beginning to add a passkey.
#[derive(Union)]
pub enum BeginPasskeyResult {
    /// To be asked.
    Asked(PasskeyAsked),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
}

/// A passkey to be kept.
#[derive(InputObject)]
pub struct AddPasskeyInput {
    /// What the browser answered, as JSON.
    pub credential: String,
    /// What its owner calls it: 40 characters at most.
    pub name: String,
}

/// The outcome of a change of one's passkeys.
#[derive(Union)]
pub enum PasskeysResult {
    /// Changed.
    Changed(PasskeysChanged),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
}

/// All of one's passkeys, as they are now.
#[derive(SimpleObject)]
pub struct PasskeysChanged {
    /// The oldest first.
    pub passkeys: Vec<OwnPasskey>,
}

/// Queries about passkeys.
#[derive(Default)]
pub struct PasskeyQuery;

#[Object]
impl PasskeyQuery {
    /// How one can sign in here: for the page where one does.
    async fn sign_in_ways(&self, ctx: &Context<'_>) -> Result<SignInWays> {
        let request = request(ctx)?;
        Ok(SignInWays {
            passkeys: request.app().no_passkeys().into(),
            provider: request.app().provider_label().map(str::to_owned),
        })
    }

    /// One's own passkeys, the oldest first, twenty at most.
    #[graphql(complexity = "5 * child_complexity")]
    async fn own_passkeys(&self, ctx: &Context<'_>) -> Result<Vec<OwnPasskey>> {
        let request = request(ctx)?;
        let (signed_in, _) = owner(request)?;
        let own = request.app().own_passkeys(signed_in.staff.id).await;
        let own = own.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(own.into_iter().map(Into::into).collect())
    }
}

/// Mutations of one's own passkeys.
#[derive(Default)]
pub struct PasskeyMutation;

#[Object]
impl PasskeyMutation {
    /// Begins to add a passkey: says what the browser is to be asked. Open also to whoever must set a second factor up: it is one.
    async fn begin_passkey(&self, ctx: &Context<'_>) -> Result<BeginPasskeyResult> {
        let request = request(ctx)?;
        let (signed_in, _) = owner(request)?;
        match request.app().begin_passkey(signed_in).await {
            Ok(asked) => Ok(BeginPasskeyResult::Asked(hand_over(ctx, asked)?)),
            Err(error) => Ok(match problem(ctx, error)? {
                Problem::NotFresh(needed) => BeginPasskeyResult::NotFresh(needed),
                Problem::Invalid(invalid) => BeginPasskeyResult::Invalid(invalid),
            }),
        }
    }

    /// Keeps what the browser answered as a passkey. The session counts as one that it opened.
    async fn add_passkey(&self, ctx: &Context<'_>, input: AddPasskeyInput) -> Result<PasskeysResult> {
        let request = request(ctx)?;
        let (signed_in, token) = owner(request)?;
        let asked = request.passkey_token();
        let added = request
            .app()
            .add_passkey(
                signed_in,
                token,
                asked,
                &input.credential,
                &input.name,
                request.request_id(),
            )
            .await;
        changed(ctx, added)
    }

    /// Gives a passkey another name.
    async fn rename_passkey(&self, ctx: &Context<'_>, id: ID, name: String) -> Result<PasskeysResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let renamed = match id.parse::<Uuid>() {
            Ok(id) => request.app().rename_passkey(signed_in.staff.id, id, &name).await,
            Err(_) => Err(PasskeyError::Unknown),
        };
        changed(ctx, renamed)
    }

    /// Removes a passkey: it opens nothing any more.
    async fn remove_passkey(&self, ctx: &Context<'_>, id: ID) -> Result<PasskeysResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let removed = match id.parse::<Uuid>() {
            Ok(id) => {
                request
                    .app()
                    .remove_passkey(signed_in, id, request.request_id())
                    .await
            }
            Err(_) => Err(PasskeyError::Unknown),
        };
        changed(ctx, removed)
    }
}

/// Sends the token along as a cookie.
pub(super) fn hand_over(ctx: &Context<'_>, asked: Asked) -> Result<PasskeyAsked> {
    let token = cookie::hand_over(request(ctx)?.public_url(), Cookie::Passkey, asked.token.reveal());
    ctx.append_http_header(SET_COOKIE, token);
    Ok(PasskeyAsked {
        options: asked.options,
    })
}

fn changed(ctx: &Context<'_>, done: Result<Vec<Own>, PasskeyError>) -> Result<PasskeysResult> {
    match done {
        Ok(passkeys) => Ok(PasskeysResult::Changed(PasskeysChanged {
            passkeys: passkeys.into_iter().map(Into::into).collect(),
        })),
        Err(error) => Ok(match problem(ctx, error)? {
            Problem::NotFresh(needed) => PasskeysResult::NotFresh(needed),
            Problem::Invalid(invalid) => PasskeysResult::Invalid(invalid),
        }),
    }
}

/// What stands in the way that is no fault.
enum Problem {
    NotFresh(FreshSignInNeeded),
    Invalid(InvalidInput),
}

fn problem(ctx: &Context<'_>, error: PasskeyError) -> Result<Problem> {
    let (field, code, message) = match error {
        PasskeyError::NotFresh => return Ok(Problem::NotFresh(not_fresh())),
        PasskeyError::Internal(error) => {
            return Err(fault::internal(request(ctx)?.request_id(), &error));
        }
        PasskeyError::NotHere(_) => return Ok(Problem::Invalid(not_here())),
        PasskeyError::TooMany => (
            "credential",
            "passkey_too_many",
            "パスキーは20個までです。使っていないものを削除してから追加してください。",
        ),
        PasskeyError::BadName => (
            "name",
            "passkey_name",
            "名前は1文字以上40文字以内の1行で入力してください。",
        ),
        PasskeyError::NothingAsked => (
            "credential",
            "passkey_not_asked",
            "追加の途中で時間が過ぎました。最初からやり直してください。",
        ),
        PasskeyError::NotAccepted => (
            "credential",
            "passkey_not_accepted",
            "この端末のパスキーは受け付けられませんでした。指紋、顔、PINなどで本人を確認できる端末を使ってください。",
        ),
        PasskeyError::Known => (
            "credential",
            "passkey_known",
            "このパスキーは、すでに登録されています。",
        ),
        PasskeyError::Unknown => (
            "id",
            "passkey_unknown",
            "このパスキーは、すでに削除されています。画面を開き直してください。",
        ),
        PasskeyError::Changed => (
            "credential",
            "passkey_changed",
            "同時に別の変更がありました。画面を開き直して、もう一度操作してください。",
        ),
    };
    Ok(Problem::Invalid(InvalidInput::one(field, code, message)))
}

pub(super) fn not_here() -> InvalidInput {
    InvalidInput::one(
        "credential",
        "passkey_not_here",
        "このアドレスではパスキーを使えません。https:// で始まるホスト名のアドレスで開いてください。",
    )
}

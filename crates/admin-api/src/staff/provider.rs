//! Signing in by the identity provider: being sent there, and who it can vouch for.

use app::staff::{SendError, Sent, UnlinkError};
use async_graphql::{Context, Object, Result, SimpleObject, Union};
use axum::http::header::SET_COOKIE;

use super::second_factor::{FreshSignInNeeded, not_fresh, refused};
use super::sessions::whole_owner;
use super::types::SignInRefused;
use crate::context::request;
use crate::fault;
use crate::http::cookie::{self, Cookie};
use crate::input::InvalidInput;
use crate::scalars::DateTime;

/// That the identity provider can vouch for whoever asks.
#[derive(SimpleObject)]
pub struct OwnIdentity {
    /// Since when.
    pub linked_at: DateTime,
    /// When it did last.
    pub last_used_at: Option<DateTime>,
}

/// Where the browser is to go. What it brings back counts with the cookie that came along, once, within ten minutes.
#[derive(SimpleObject)]
pub struct SentToProvider {
    /// An address of the provider.
    pub url: String,
}

/// The outcome of wanting to go to the provider.
#[derive(Union)]
pub enum SendToProviderResult {
    /// To be sent.
    Sent(SentToProvider),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// A delay holds.
    Refused(SignInRefused),
    /// There is no provider, or it does not answer, or it can vouch for them already.
    Invalid(InvalidInput),
}

/// The outcome of letting the provider vouch no more.
#[derive(Union)]
pub enum UnlinkProviderResult {
    /// It can no more.
    Unlinked(ProviderUnlinked),
    /// They have to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It could not.
    Invalid(InvalidInput),
}

/// The provider can vouch for them no more.
#[derive(SimpleObject)]
pub struct ProviderUnlinked {
    /// What people call it.
    pub provider: Option<String>,
}

/// Queries about the identity provider.
#[derive(Default)]
pub struct ProviderQuery;

#[Object]
impl ProviderQuery {
    /// Whether the identity provider can vouch for whoever asks; null: it cannot.
    async fn own_identity(&self, ctx: &Context<'_>) -> Result<Option<OwnIdentity>> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let own = request.app().own_identity(signed_in.staff.id).await;
        let own = own.map_err(|error| fault::internal(request.request_id(), &error))?;
        Ok(own.map(|own| OwnIdentity {
            linked_at: DateTime(own.linked_at),
            last_used_at: own.last_used_at.map(DateTime),
        }))
    }
}

/// Mutations of the identity provider.
#[derive(Default)]
pub struct ProviderMutation;

#[Object]
impl ProviderMutation {
    /// Sends the browser to the identity provider, to sign in.
    async fn begin_provider_sign_in(&self, ctx: &Context<'_>) -> Result<SendToProviderResult> {
        let request = request(ctx)?;
        let sent = request
            .app()
            .begin_provider_sign_in(request.place(), request.request_id())
            .await;
        sent_or_not(ctx, sent)
    }

    /// Sends the browser of somebody with a one-time link to the identity provider, so that they join by it.
    async fn begin_provider_invitation(
        &self,
        ctx: &Context<'_>,
        token: String,
    ) -> Result<SendToProviderResult> {
        let request = request(ctx)?;
        let sent = request
            .app()
            .begin_provider_invitation(request.place(), &token, request.request_id())
            .await;
        sent_or_not(ctx, sent)
    }

    /// Sends the browser to the identity provider, so that it can vouch for whoever is signed in from then on.
    async fn begin_provider_link(&self, ctx: &Context<'_>) -> Result<SendToProviderResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let sent = request
            .app()
            .begin_provider_link(signed_in, request.request_id())
            .await;
        sent_or_not(ctx, sent)
    }

    /// Lets the identity provider vouch for whoever is signed in no more.
    async fn unlink_provider(&self, ctx: &Context<'_>) -> Result<UnlinkProviderResult> {
        let request = request(ctx)?;
        let (signed_in, _) = whole_owner(request)?;
        let app = request.app();
        match app.unlink_provider(signed_in, request.request_id()).await {
            Ok(()) => Ok(UnlinkProviderResult::Unlinked(ProviderUnlinked {
                provider: app.provider_label().map(str::to_owned),
            })),
            Err(UnlinkError::NotFresh) => Ok(UnlinkProviderResult::NotFresh(not_fresh())),
            Err(UnlinkError::NotLinked) => Ok(UnlinkProviderResult::Invalid(invalid(
                "provider_not_linked",
                "シングルサインオンとの結び付きは、すでに解除されています。画面を開き直してください。",
            ))),
            Err(UnlinkError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

fn sent_or_not(ctx: &Context<'_>, sent: Result<Sent, SendError>) -> Result<SendToProviderResult> {
    let (code, message) = match sent {
        Ok(sent) => {
            let url = request(ctx)?.public_url();
            let token = cookie::hand_over(url, Cookie::Provider, sent.token.reveal());
            ctx.append_http_header(SET_COOKIE, token);
            return Ok(SendToProviderResult::Sent(SentToProvider { url: sent.url }));
        }
        Err(SendError::NotFresh) => return Ok(SendToProviderResult::NotFresh(not_fresh())),
        Err(SendError::SignIn(error)) => return Ok(SendToProviderResult::Refused(refused(ctx, error)?)),
        Err(SendError::NoProvider) => (
            "no_provider",
            "シングルサインオンは設定されていません。ログイン名とパスワードでログインしてください。",
        ),
        Err(SendError::Fault(_)) => (
            "provider_unreachable",
            "シングルサインオンのサービスから応答がありません。しばらくしてから試すか、ほかの方法でログインしてください。",
        ),
        Err(SendError::NoInvitation) => (
            "invitation_refused",
            "このリンクは使えません。使用済みか、期限が切れています。新しいリンクの発行を管理者に依頼してください。",
        ),
        Err(SendError::Linked) => (
            "provider_linked",
            "このアカウントは、すでに結び付けられています。別の利用者にするときは、先に解除してください。",
        ),
    };
    Ok(SendToProviderResult::Invalid(invalid(code, message)))
}

fn invalid(code: &str, message: &str) -> InvalidInput {
    InvalidInput::one("provider", code, message)
}

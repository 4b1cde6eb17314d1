//! `GET /graphql/socket`: the console hears what happens as it happens, over one WebSocket, in the protocol that calls itself
//! `graphql-transport-ws`.
//!
//! Nothing but subscriptions is served on it, so that every read and every change goes the way of the POST; what is sent are ids and
//! counts, and the console reads again what it shows. It belongs to a session and ends with it. The handler is ours for the reasons of
//! the other one: the library's runs mutations on a socket, and asks for no origin.

mod conversation;
mod protocol;
mod registry;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::staff::SessionKey;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::graphql::{CROSS_SITE, Refusal, place, refuse_other_than, session, with_request_id};
use super::{bearer, limits, origin};
use crate::AdminApi;
use crate::fault::Code;
use conversation::{Asker, Conversation};
use registry::Full;
pub use registry::Sockets;

/// Where sockets are opened.
pub const SOCKET_PATH: &str = "/graphql/socket";
/// What the protocol calls itself.
const PROTOCOL: &str = "graphql-transport-ws";
/// The longest that opening one may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a socket for a session.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    with_request_id(&api, TIMEOUT, |request_id| {
        open(&api, peer.ip(), request_id, request)
    })
    .await
}

/// Refuses every other method.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    refuse_other_than(&api, "GET", "a socket is opened by GET only").await
}

async fn open(
    api: &Arc<AdminApi>,
    peer: IpAddr,
    request_id: Uuid,
    request: Request,
) -> Result<Response, Refusal> {
    let (mut parts, _) = request.into_parts();
    if !origin::is_own_socket(&parts.headers, &api.public_url) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, Code::CrossSite, CROSS_SITE));
    }
    if bearer::is_meant(&parts.headers) {
        let text = "a token opens no socket";
        return Err(Refusal::new(StatusCode::FORBIDDEN, Code::Forbidden, text));
    }
    let signed_in = session(api, &parts.headers, request_id).await?;
    let (token, signed_in) = signed_in.ok_or_else(Refusal::not_signed_in)?;
    if signed_in.must_set_up {
        return Err(Refusal::must_set_up());
    }
    let bad = |text: &str| Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, text);
    let place = place(api, peer, &parts.headers);
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = upgrade.map_err(|_| bad("this address takes WebSockets only"))?;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(limits::QUERY_BODY_BYTES)
        .max_frame_size(limits::QUERY_BODY_BYTES);
    if upgrade.selected_protocol().is_none() {
        return Err(bad("the protocol of a socket is graphql-transport-ws"));
    }
    let slot = api
        .sockets
        .take(&api.app, SessionKey::of(&token), &signed_in.staff.roles)
        .map_err(|full| {
            let text = match full {
                Full::Session => "this session has as many sockets as it may have",
                Full::Process => "there are as many sockets as there may be",
            };
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, text)
        })?;
    let asker = Asker {
        api: Arc::clone(api),
        token,
        signed_in,
        place,
    };
    Ok(upgrade.on_upgrade(move |socket| Conversation::new(socket, slot, asker).run()))
}

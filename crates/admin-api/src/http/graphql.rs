//! `POST /graphql`: our own extractor, because the library's takes batches, other methods, other content types and
//! bodies of any size, which with a session cookie opens every mutation to foreign pages.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use app::security::{self, Asked};
use app::staff::{Place, SignedIn};
use app::{Forbidden, OpContext};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use async_graphql::{Request as Query, Response as Answer, ServerError, Value, Variables};
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, UPGRADE, USER_AGENT, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::staff::{Actor, SecurityKind, StaffId};
use futures::FutureExt as _;
use serde::Deserialize;
use uuid::Uuid;

use super::bearer;
use super::cookie::{self, Cookie};
use super::limits::{self, QueryRefused};
use super::origin;
use crate::fault::{Code, log_chain, permission_name};
use crate::{AdminApi, RequestContext};

/// The longest that one request may take, from its first byte to its answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What a foreign page is told.
pub(super) const CROSS_SITE: &str = "requests are taken from the console's own pages only";
/// What the console sends along with what it asks by itself while nobody is in front of it.
const AWAY: HeaderName = HeaderName::from_static("x-sengen-away");
/// Bytes of an operation's name that the record of reads keeps.
const OPERATION_NAME: usize = 64;

/// One operation; a list of operations is refused by the type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    query: String,
    #[serde(default)]
    #[serde(rename = "operationName")]
    name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default, rename = "extensions")]
    _extensions: Option<serde_json::Value>,
}

/// Serves one GraphQL operation.
pub async fn serve(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    with_request_id(&api, TIMEOUT, |request_id| {
        handle(&api, peer.ip(), request_id, request)
    })
    .await
}

/// Refuses every other method: what a foreign page can make a browser send by a link or a form.
pub async fn refuse_method(State(api): State<Arc<AdminApi>>) -> Response {
    refuse_other_than(&api, "POST", "operations are taken by POST only").await
}

/// Refuses a method where there is another one.
pub(super) async fn refuse_other_than(api: &AdminApi, method: &'static str, text: &'static str) -> Response {
    let refused = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, text);
    let mut response = with_request_id(api, TIMEOUT, |_| std::future::ready(Err(refused))).await;
    let methods = HeaderValue::from_static(method);
    response.headers_mut().insert(ALLOW, methods);
    response
}

/// Answers under a fresh request id, which stands in the header and in every fault.
pub(super) async fn with_request_id<F: Future<Output = Result<Response, Refusal>>>(
    api: &AdminApi,
    longest: Duration,
    answer: impl FnOnce(Uuid) -> F,
) -> Response {
    let request_id = match api.app.new_id() {
        Ok(id) => id,
        Err(error) => {
            log_chain(Uuid::nil(), &error);
            return refuse(Uuid::nil(), &Refusal::internal());
        }
    };
    // A panic is a fault of ours like any other: it ends this request and nothing else.
    let answered = AssertUnwindSafe(tokio::time::timeout(longest, answer(request_id)))
        .catch_unwind()
        .await;
    let mut response = match answered {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(refusal))) => refuse(request_id, &refusal),
        Ok(Err(_)) => {
            tracing::warn!(%request_id, "request {request_id} timed out");
            refuse(request_id, &Refusal::timeout())
        }
        Err(_) => {
            tracing::error!(%request_id, "request {request_id} failed: a panic, see standard error");
            refuse(request_id, &Refusal::internal())
        }
    };
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Why there is no answer.
pub(super) struct Refusal {
    status: StatusCode,
    code: Code,
    message: String,
    /// Whole seconds until it can be tried again.
    retry_after: Option<u64>,
    /// What the code leaves open; stable.
    reason: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
            reason: None,
        }
    }

    /// The same, saying what its code leaves open.
    pub(super) fn because(self, reason: &'static str) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }

    pub(super) fn bad_token() -> Self {
        let text = "the token is not good: it is unknown, over or taken back";
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, text)
    }

    pub(super) fn too_many(wait: Duration, text: &str) -> Self {
        Self {
            retry_after: Some(wait.as_secs() + 1),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, text)
        }
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Internal,
            "something went wrong on our side",
        )
    }

    /// The same as a fault within an answer.
    pub(super) fn into_error(self, request_id: Uuid) -> ServerError {
        let mut error = ServerError::new(self.message, None);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", self.code.as_str());
        if let Some(reason) = self.reason {
            extensions.set("reason", reason);
        }
        mark(request_id, &mut error);
        error
    }

    pub(super) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, "sign in first")
    }

    pub(super) fn must_set_up() -> Self {
        let text = "set up a second factor first";
        Self::new(StatusCode::FORBIDDEN, Code::SecondFactorRequired, text)
    }

    fn timeout() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            Code::Timeout,
            "the answer took too long; try a narrower question",
        )
    }
}

impl From<QueryRefused> for Refusal {
    fn from(refused: QueryRefused) -> Self {
        let code = match refused {
            QueryRefused::Subscription | QueryRefused::NoSubscription | QueryRefused::Operation => {
                Code::BadRequest
            }
            _ => Code::TooComplex,
        };
        Self::new(StatusCode::BAD_REQUEST, code, refused.to_string())
    }
}

async fn handle(
    api: &Arc<AdminApi>,
    peer: IpAddr,
    request_id: Uuid,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let is_program = bearer::is_meant(&parts.headers);
    if is_program {
        check_json(&parts.headers)?;
    } else {
        check(api, &parts.headers)?;
    }
    let (query, only_reads) = read_query(body, is_program).await?;
    let place = place(api, peer, &parts.headers);
    let mut asked = Asked {
        address: place.address,
        request_id,
        actor: None,
    };
    let context = if is_program {
        let bearer = bearer::bearer(api, &parts.headers, request_id);
        let bearer = security::asked(asked.clone(), bearer).await?;
        let purpose = purpose("token", query.operation_name.as_deref());
        RequestContext::of_token(api, bearer, place, request_id, purpose)
    } else {
        let session = session(api, &parts.headers, request_id).await?;
        let half_token = cookie::token(&parts.headers, &api.public_url, Cookie::HalfSession);
        let passkey_token = cookie::token(&parts.headers, &api.public_url, Cookie::Passkey);
        let provider_token = cookie::token(&parts.headers, &api.public_url, Cookie::Provider);
        let purpose = purpose("console", query.operation_name.as_deref());
        RequestContext::new(api, session, place, request_id, purpose)
            .with_half_token(half_token)
            .with_passkey_token(passkey_token)
            .with_provider_token(provider_token)
    };
    asked.actor = context.actor().cloned();
    let context = Arc::new(context);
    let query = query
        .data(Arc::clone(&context))
        .data(crate::loaders::Loaders::new(&api.app));
    security::asked(asked, execute(api, query, only_reads, &context)).await
}

async fn execute(
    api: &AdminApi,
    query: Query,
    only_reads: bool,
    context: &RequestContext,
) -> Result<Response, Refusal> {
    let request_id = context.request_id();
    // What was changed is answered in any case, and the answer may show what is there instead: a change takes one before it is made.
    if !only_reads && let Some(Actor::Staff(id)) = context.actor() {
        take_personal(api, *id, NonZeroU32::MIN).await?;
    }
    let answer = api.schema.execute(query).await;
    note_refused(api, context, &answer).await;
    if only_reads && let Some((id, records)) = context.reader_of_personal() {
        take_personal(api, id, records).await?;
    }
    // Nobody sees personal data before it is on record who saw it.
    context.record_reads().await.map_err(|error| {
        log_chain(request_id, &error);
        Refusal::internal()
    })?;
    Ok(respond(request_id, answer))
}

pub(super) async fn take_personal(api: &AdminApi, id: StaffId, records: NonZeroU32) -> Result<(), Refusal> {
    held_back(api, api.account_rates.take_personal(id, records), "personal", id).await
}

/// What somebody wanted and has no right to is on record.
async fn note_refused(api: &AdminApi, context: &RequestContext, answer: &Answer) {
    let Some(actor) = context.actor() else { return };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Enum(name) => Some(name.to_string()),
        _ => None,
    };
    for extensions in answer.errors.iter().filter_map(|error| error.extensions.as_ref()) {
        let code = extensions.get("code").and_then(text);
        if code.as_deref() == Some(Code::Forbidden.as_str()) {
            let permission = extensions.get("permission").and_then(text).unwrap_or_default();
            api.app
                .note_held_back(SecurityKind::AccessRefused, &permission, actor)
                .await;
        }
    }
}

/// Refuses what somebody has no right to, and puts it on record.
pub(super) async fn no_right(api: &AdminApi, op: &OpContext, refused: Forbidden) -> Refusal {
    let right = permission_name(refused.permission);
    api.app
        .note_held_back(SecurityKind::AccessRefused, right, op.actor())
        .await;
    let text = "your account lacks the right for this";
    Refusal::new(StatusCode::FORBIDDEN, Code::Forbidden, text)
}

/// Refuses what is too much for one account, and puts it on record.
pub(super) async fn held_back(
    api: &AdminApi,
    taken: Result<(), Duration>,
    what: &str,
    id: StaffId,
) -> Result<(), Refusal> {
    let Err(wait) = taken else { return Ok(()) };
    api.app
        .note_held_back(SecurityKind::Throttled, what, &Actor::Staff(id))
        .await;
    let text = "too many requests with this account; wait and try again";
    Err(Refusal::too_many(wait, text))
}

/// The signed-in caller of a file, with what they sent. What leaves in a file is out of reach, so they have just proved who they are.
pub(super) async fn caller(
    api: &Arc<AdminApi>,
    request_id: Uuid,
    request: Request,
    peer: IpAddr,
    purpose: &'static str,
) -> Result<(OpContext, Asked, Body), Refusal> {
    let (parts, body) = request.into_parts();
    check(api, &parts.headers)?;
    let (op, asked) = signed_in(api, request_id, &parts.headers, peer, purpose).await?;
    if !op.is_fresh() {
        let text = "prove once more who you are first: refreshSession";
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            Code::FreshSignInRequired,
            text,
        ));
    }
    Ok((op, asked, body))
}

/// Whoever is signed in, and has set up all that the office asks for.
pub(super) async fn signed_in(
    api: &AdminApi,
    request_id: Uuid,
    headers: &HeaderMap,
    peer: IpAddr,
    purpose: &'static str,
) -> Result<(OpContext, Asked), Refusal> {
    let Some((_, signed_in)) = session(api, headers, request_id).await? else {
        return Err(Refusal::not_signed_in());
    };
    if signed_in.must_set_up {
        return Err(Refusal::must_set_up());
    }
    let actor = Actor::Staff(signed_in.staff.id);
    let op = api.app.context(actor, signed_in.staff.roles, request_id, purpose);
    let op = op.with_fresh_until(signed_in.fresh_until);
    let asked = Asked {
        address: api.trusted_proxies.client(peer, headers),
        request_id,
        actor: Some(op.actor().clone()),
    };
    Ok((op, asked))
}

/// Refuses what does not come from a page of ours.
pub(super) fn check_own_page(api: &AdminApi, headers: &HeaderMap) -> Result<(), Refusal> {
    if origin::is_same_origin(headers, &api.public_url) {
        Ok(())
    } else {
        Err(Refusal::new(StatusCode::FORBIDDEN, Code::CrossSite, CROSS_SITE))
    }
}

pub(super) fn check(api: &AdminApi, headers: &HeaderMap) -> Result<(), Refusal> {
    check_own_page(api, headers)?;
    check_json(headers)
}

fn check_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if is_json(headers) {
        return Ok(());
    }
    let text = "the content type must be application/json";
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::UnsupportedMediaType,
        text,
    ))
}

/// Where a request comes from.
pub(super) fn place(api: &AdminApi, peer: IpAddr, headers: &HeaderMap) -> Place {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    Place {
        address: api.trusted_proxies.client(peer, headers),
        user_agent: user_agent.map(str::to_owned),
    }
}

/// Whether a page asks by itself, with nobody in front of it, or opens its socket: that is no use of a session. Whoever leaves the header
/// out has the session for as long as anybody else.
fn is_left_alone(headers: &HeaderMap) -> bool {
    headers.contains_key(AWAY) || headers.contains_key(UPGRADE)
}

/// The cookie's token and whom it belongs to, when it is good.
pub(super) async fn session(
    api: &AdminApi,
    headers: &HeaderMap,
    request_id: Uuid,
) -> Result<Option<(String, SignedIn)>, Refusal> {
    let Some(token) = cookie::token(headers, &api.public_url, Cookie::Session) else {
        return Ok(None);
    };
    let session = if is_left_alone(headers) {
        api.app.session_left_alone(token).await
    } else {
        api.app.session(token).await
    };
    let session = session.map_err(|error| {
        log_chain(request_id, &error);
        Refusal::internal()
    })?;
    Ok(session.map(|session| (token.to_owned(), session)))
}

/// What the record of reads says: the console or a token, and which of its questions it was.
pub(super) fn purpose(whose: &'static str, operation: Option<&str>) -> Cow<'static, str> {
    match operation {
        Some(name) if name.len() <= OPERATION_NAME => Cow::Owned(format!("{whose}:{name}")),
        _ => Cow::Borrowed(whose),
    }
}

/// Exactly `application/json`, with `charset=utf-8` at most.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(kind) = kind.to_str() else { return false };
    let mut parts = kind.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8"))
}

/// The operation, and whether it only reads. `only_reads`: it has to.
async fn read_query(body: Body, only_reads: bool) -> Result<(Query, bool), Refusal> {
    let too_large = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Code::TooLarge,
            "the request is larger than allowed",
        )
    };
    let bad = |message: &str| Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, message);
    let bytes = to_bytes(body, limits::MUTATION_BODY_BYTES)
        .await
        .map_err(|_| too_large())?;
    let body: Operation = serde_json::from_slice(&bytes)
        .map_err(|_| bad("the body must be one JSON object with query, operationName and variables"))?;
    let mut is_query = false;
    let query = body.check(|kind| {
        is_query = kind == OperationType::Query;
        match kind {
            OperationType::Subscription => Err(QueryRefused::Subscription.into()),
            OperationType::Query if bytes.len() > limits::QUERY_BODY_BYTES => Err(too_large()),
            OperationType::Mutation if only_reads => {
                let text = "a token only reads";
                Err(Refusal::new(StatusCode::FORBIDDEN, Code::Forbidden, text))
            }
            OperationType::Query | OperationType::Mutation => Ok(()),
        }
    })?;
    Ok((query, is_query))
}

impl Operation {
    /// The operation with all its limits looked at, once it may be of its kind.
    pub(super) fn check(
        self,
        may: impl FnOnce(OperationType) -> Result<(), Refusal>,
    ) -> Result<Query, Refusal> {
        limits::check_text(&self.query)?;
        let document = parse_query(&self.query)
            .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, Code::Validation, unreadable(&error)))?;
        let name = self.name.filter(|name| !name.is_empty());
        let operation = limits::operation(&document, name.as_deref())?;
        may(operation.ty)?;
        limits::check_operation(&document, operation)?;
        let variables = serde_json::Value::Object(self.variables.unwrap_or_default());
        let mut query = Query::new(self.query).variables(Variables::from_json(variables));
        if let Some(name) = name {
            query = query.operation_name(name);
        }
        query.set_parsed_query(document);
        Ok(query)
    }
}
/// Where the text could not be read, without quoting it: people send faults on, and a query may hold what they looked for.
fn unreadable(error: &async_graphql::parser::Error) -> String {
    match error.positions().next() {
        Some(at) => format!(
            "the query cannot be read at line {}, column {}",
            at.line, at.column
        ),
        None => "the query cannot be read".to_owned(),
    }
}

/// The library's sentences up to the value that was sent: see [`unreadable`].
fn without_values(message: &str) -> &str {
    [", found ", " does not contain the value ", ", unknown field "]
        .iter()
        .filter_map(|before| message.find(before))
        .min()
        .map_or(message, |end| &message[..end])
}

fn respond(request_id: Uuid, mut answer: Answer) -> Response {
    for error in &mut answer.errors {
        mark(request_id, error);
    }
    // The library leaves a field that failed out of its object, also one that is never null, and keeps what stands beside it.
    // A whole answer or none: a reader that trusts the schema would fall over the rest.
    if !answer.errors.is_empty() {
        answer.data = Value::Null;
    }
    let headers = std::mem::take(&mut answer.http_headers);
    let mut response = axum::Json(answer).into_response();
    // Each name stands at the first of its values only: two cookies are one name.
    let mut last = None;
    for (name, value) in headers {
        last = name.or(last);
        if let Some(name) = &last {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Every fault carries a code and the request id; what the library refuses itself gets its code here.
pub(super) fn mark(request_id: Uuid, error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        error.message.truncate(without_values(&error.message).len());
        let limit = [
            "too complex",
            "too deep",
            "nested too deep",
            "number of directives",
            "recursion depth",
        ]
        .iter()
        .any(|text| error.message.contains(text));
        let code = if limit { Code::TooComplex } else { Code::Validation };
        extensions.set("code", code.as_str());
    }
    extensions.set("requestId", Value::from(request_id.to_string()));
}

fn refuse(request_id: Uuid, refusal: &Refusal) -> Response {
    let mut extensions =
        serde_json::json!({ "code": refusal.code.as_str(), "requestId": request_id.to_string() });
    if let Some(reason) = refusal.reason {
        extensions["reason"] = reason.into();
    }
    let body = serde_json::json!({
        "data": null,
        "errors": [{ "message": refusal.message, "extensions": extensions }],
    });
    let mut response = (refusal.status, axum::Json(body)).into_response();
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if refusal.status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    response
}

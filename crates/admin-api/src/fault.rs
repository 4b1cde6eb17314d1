//! Faults: what went wrong with the request or with us, as a stable code and one outside sentence.
//! Expected outcomes (a conflict, a refused field) are payload data instead.

use async_graphql::{Error, ErrorExtensions as _};
use uuid::Uuid;

/// Stable codes of `extensions.code`; `docs/errors.md` says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// The person lacks the right.
    Forbidden,
    /// The office asks for a second factor, and the account has none yet: nothing but setting one up is open.
    SecondFactorRequired,
    /// What was asked for needs a session whose owner has just proved who they are.
    FreshSignInRequired,
    /// The request came from a page that is not ours.
    CrossSite,
    /// The body is not JSON of the expected form, or not exactly one operation.
    BadRequest,
    /// Operations are taken by POST only.
    MethodNotAllowed,
    /// The body is no `application/json`.
    UnsupportedMediaType,
    /// The body is larger than allowed.
    TooLarge,
    /// The token asked too often.
    RateLimited,
    /// The query costs more than allowed.
    TooComplex,
    /// The query does not fit the schema.
    Validation,
    /// The answer took too long.
    Timeout,
    /// A fault of ours; the log holds the chain under the request id.
    Internal,
}

impl Code {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::SecondFactorRequired => "SECOND_FACTOR_REQUIRED",
            Self::FreshSignInRequired => "FRESH_SIGN_IN_REQUIRED",
            Self::CrossSite => "CROSS_SITE",
            Self::BadRequest => "BAD_REQUEST",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::TooLarge => "TOO_LARGE",
            Self::RateLimited => "RATE_LIMITED",
            Self::TooComplex => "TOO_COMPLEX",
            Self::Validation => "VALIDATION",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A resolver's fault with its code.
pub fn fault(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// Nobody is signed in.
pub fn unauthenticated() -> Error {
    fault(Code::Unauthenticated, "sign in first")
}

/// The person has to set a second factor up before anything else.
pub fn second_factor_required() -> Error {
    fault(
        Code::SecondFactorRequired,
        "this office asks for a second factor; set one up first",
    )
}

/// The person lacks a right.
pub fn forbidden(refused: app::Forbidden) -> Error {
    let name = permission_name(refused.permission);
    fault(Code::Forbidden, "your account lacks the right for this")
        .extend_with(|_, extensions| extensions.set("permission", name))
}

/// A right as the schema names it.
pub fn permission_name(permission: domain::staff::Permission) -> &'static str {
    let right = crate::staff::types::Permission::from(permission);
    <crate::staff::types::Permission as async_graphql::resolver_utils::EnumType>::items()
        .iter()
        .find(|item| item.value == right)
        .map_or("", |item| item.name)
}

/// A fault of ours: the chain goes to the log under the request id, the outside reads one sentence.
pub fn internal(request_id: Uuid, error: &(dyn std::error::Error + 'static)) -> Error {
    log_chain(request_id, error);
    if app::timed_out(error) {
        return fault(Code::Timeout, "the answer took too long; narrow the question");
    }
    fault(
        Code::Internal,
        "something went wrong on our side; nothing was changed",
    )
}

/// Writes an error and its causes to the log, once.
pub fn log_chain(request_id: Uuid, error: &(dyn std::error::Error + 'static)) {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain.push_str(": ");
        chain.push_str(&inner.to_string());
        cause = inner.source();
    }
    tracing::error!(%request_id, error = chain, "request {request_id} failed");
}

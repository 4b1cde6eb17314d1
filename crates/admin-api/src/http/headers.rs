//! Response headers that every answer carries, errors and assets included.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// What the answers of one listener carry.
#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    policy: HeaderValue,
    https: bool,
}

impl SecurityHeaders {
    /// `style_hashes`: CSP sources (`'sha256-…'`) of the style elements that the component library injects.
    pub fn new(https: bool, style_hashes: &[String]) -> Self {
        let mut styles = String::from("'self'");
        for hash in style_hashes {
            styles.push(' ');
            styles.push_str(hash);
        }
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; connect-src 'self'; \
             font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types default"
        );
        // Hashes come from our own build; one that is no header text is left out with the whole list.
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        Self { policy, https }
    }
}

/// Adds the headers; what a handler set itself (caching of assets) stays.
pub async fn add(State(headers): State<SecurityHeaders>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let map = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
        (HeaderName::from_static("x-xss-protection"), "0"),
    ];
    for (name, value) in fixed {
        map.insert(name, HeaderValue::from_static(value));
    }
    // The HTML of a mail stands in a frame of our own.
    map.entry(X_FRAME_OPTIONS)
        .or_insert(HeaderValue::from_static("DENY"));
    // A file that somebody sent has a stricter one.
    map.entry(CONTENT_SECURITY_POLICY).or_insert(headers.policy);
    if headers.https {
        map.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if !map.contains_key(CACHE_CONTROL) {
        map.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

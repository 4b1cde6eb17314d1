//! The cookies of the session and of the step before it: opaque, out of reach of scripts, and bound to the host when the
//! connection is encrypted.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use super::origin::PublicUrl;

/// Which of the cookies. They have names of their own, so that what waits for a code can never be taken for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The session.
    Session,
    /// A right password that waits for a code.
    HalfSession,
    /// What the browser was asked to sign by a passkey.
    Passkey,
    /// That the browser was sent to the identity provider.
    Provider,
}

/// `__Host-` pins a cookie to this host over https; browsers refuse the prefix on plain http.
const fn name(public_url: &PublicUrl, cookie: Cookie) -> &'static str {
    match (cookie, public_url.is_https()) {
        (Cookie::Session, true) => "__Host-sengen",
        (Cookie::Session, false) => "sengen",
        (Cookie::HalfSession, true) => "__Host-sengen-half",
        (Cookie::HalfSession, false) => "sengen-half",
        (Cookie::Passkey, true) => "__Host-sengen-passkey",
        (Cookie::Passkey, false) => "sengen-passkey",
        (Cookie::Provider, true) => "__Host-sengen-sso",
        (Cookie::Provider, false) => "sengen-sso",
    }
}

const fn secure(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() { "; Secure" } else { "" }
}

/// The `Set-Cookie` value that hands over a token. Without a lifetime: the server's limits decide.
pub fn hand_over(public_url: &PublicUrl, cookie: Cookie, token: &str) -> String {
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax{}",
        name(public_url, cookie),
        secure(public_url)
    )
}

/// The `Set-Cookie` value that takes a cookie away.
pub fn take_away(public_url: &PublicUrl, cookie: Cookie) -> String {
    format!(
        "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
        name(public_url, cookie),
        secure(public_url)
    )
}

/// The token of a request. None when there is none, or more than one: then somebody planted one.
pub fn token<'a>(headers: &'a HeaderMap, public_url: &PublicUrl, cookie: Cookie) -> Option<&'a str> {
    let wanted = name(public_url, cookie);
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == wanted)
        .map(|(_, value)| value);
    let first = found.next()?;
    if found.next().is_some() || first.is_empty() {
        None
    } else {
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_over_https_is_secure_and_bound_to_the_host() {
        let https = PublicUrl::parse("https://sengen.example.jp").expect("an address");
        assert_eq!(
            hand_over(&https, Cookie::Session, "abc"),
            "__Host-sengen=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let http = PublicUrl::parse("http://localhost:8080").expect("an address");
        assert_eq!(
            hand_over(&http, Cookie::Session, "abc"),
            "sengen=abc; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn two_session_cookies_count_as_none() {
        let http = PublicUrl::parse("http://localhost:8080").expect("an address");
        let read = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.append(COOKIE, line.parse().expect("a header value"));
            token(&headers, &http, Cookie::Session).map(str::to_owned)
        };
        assert_eq!(read("a=b; sengen=abc; c=d"), Some("abc".to_owned()));
        assert_eq!(read("sengen=abc; sengen=def"), None);
        assert_eq!(read("sengen="), None);
        assert_eq!(read("sengen-half=abc"), None, "half a session is none");
    }
}

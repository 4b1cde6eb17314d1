//! `/.well-known/security.txt` (RFC 9116): whom somebody tells who found a weakness. Without a configured contact there is
//! none, because a file without a reader is worse than no file.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::origin::PublicUrl;
use crate::AdminApi;

/// For how long a reader may believe what it read. The RFC wants less than a year.
const GOOD_FOR: TimeDelta = TimeDelta::days(180);

/// Where reports of weaknesses go: a `mailto:` or `https:` address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact(String);

/// The configured contact cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a security contact is mailto:NAME@HOST or https://HOST/PATH, not {0:?}")]
pub struct BadContact(pub String);

impl SecurityContact {
    /// Reads `mailto:NAME@HOST` or `https://HOST…`. It becomes a line of a file, so it holds nothing but visible ASCII.
    pub fn parse(text: &str) -> Result<Self, BadContact> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let mail = text
            .strip_prefix("mailto:")
            .and_then(|address| address.split_once('@'))
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        let page = text
            .strip_prefix("https://")
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        if visible && (mail || page) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadContact(text.to_owned()))
        }
    }
}

/// Answers the file, or 404 when nobody was named.
pub async fn serve(State(api): State<Arc<AdminApi>>) -> Response {
    let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    match &api.security_contact {
        Some(contact) => (plain, text(contact, &api.public_url, api.app.now())).into_response(),
        None => (StatusCode::NOT_FOUND, plain, "not found\n").into_response(),
    }
}

fn text(contact: &SecurityContact, public_url: &PublicUrl, now: DateTime<Utc>) -> String {
    let SecurityContact(contact) = contact;
    let expires = (now + GOOD_FOR).to_rfc3339_opts(SecondsFormat::Secs, true);
    let origin = public_url.origin();
    format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: ja, en\nCanonical: {origin}/.well-known/security.txt\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_the_contact_and_a_day_half_a_year_on() {
        let contact = SecurityContact::parse("mailto:security@example.jp").expect("a contact");
        let url = PublicUrl::parse("https://sengen.example.jp").expect("an address");
        let now = "2026-11-27T01:02:03Z".parse().expect("an instant");
        assert_eq!(
            text(&contact, &url, now),
            "Contact: mailto:security@example.jp\nExpires: 2027-05-26T01:02:03Z\nPreferred-Languages: ja, en\n\
             Canonical: https://sengen.example.jp/.well-known/security.txt\n"
        );
    }

    #[test]
    fn a_contact_that_nobody_could_use_or_that_would_add_lines_is_refused() {
        for text in [
            "",
            "security@example.jp",
            "mailto:",
            "mailto:@example.jp",
            "mailto:security@",
            "http://example.jp/report",
            "https://",
            "https:///report",
            "https://example.jp/a b",
            "mailto:security@example.jp\nContact: mailto:other@example.com",
            "mailto:窓口@example.jp",
        ] {
            let refused = SecurityContact::parse(text).expect_err("a refusal");
            assert_eq!(refused, BadContact(text.to_owned()));
        }
        assert!(SecurityContact::parse("https://example.jp/report").is_ok());
    }
}

//! Whether something is an address on the web. Only its shape: whether anybody answers there is another question.

use super::plain;

/// Whether it is `http://` or `https://` with a host, in whatever width it was typed.
pub fn is_web_address(typed: &str) -> bool {
    let typed = plain::trim(typed);
    // A dash in a path may be any dash; only the beginning is looked at in folded form.
    if typed.chars().any(plain::is_empty_mark) {
        return false;
    }
    let folded = plain::compact(typed).to_lowercase();
    let Some(rest) = folded
        .strip_prefix("https://")
        .or_else(|| folded.strip_prefix("http://"))
    else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    host.contains('.') && host.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_on_the_web_have_a_scheme_and_a_host() {
        for typed in [
            "https://example.jp/9/policy",
            "HTTP://Example.jp",
            " ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ／ ",
            "https://みほん.example.jp:8443/a?b#c",
        ] {
            assert!(is_web_address(typed), "{typed}");
        }
        for typed in [
            "",
            "弊社受付に掲示",
            "example.jp/policy",
            "www.example.jp",
            "https://",
            "https://localhost",
            "ftp://example.jp",
            "https://example.jp を参照",
            "https://.jp",
        ] {
            assert!(!is_web_address(typed), "{typed}");
        }
    }
}

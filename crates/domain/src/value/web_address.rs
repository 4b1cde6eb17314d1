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

/// The address as it is asked for: what was typed, without what stands around it, and in half width where its beginning was typed in full.
/// `None`: it is none.
pub fn web_address(typed: &str) -> Option<String> {
    if !is_web_address(typed) {
        return None;
    }
    let trimmed = plain::trim(typed);
    let lower = trimmed.to_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        Some(trimmed.to_owned())
    } else {
        Some(plain::compact(trimmed))
    }
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

    #[test]
    fn an_address_is_asked_for_as_it_was_typed_and_in_half_width_where_it_begins_in_full() {
        for (typed, asked) in [
            (" https://example.jp/ａ ", "https://example.jp/ａ"),
            ("HTTP://Example.jp/", "HTTP://Example.jp/"),
            ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ／", "https://example.jp/"),
        ] {
            assert_eq!(web_address(typed).as_deref(), Some(asked));
        }
        assert_eq!(web_address("弊社受付に掲示"), None);
    }
}

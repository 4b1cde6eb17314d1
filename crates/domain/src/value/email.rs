//! Mail addresses, those of old carriers included, whose dots RFC 5321 does not know.

use unicode_normalization::UnicodeNormalization as _;

use super::plain;

/// What a mail address reads as.
#[derive(Clone, PartialEq, Eq)]
pub enum EmailReading {
    /// An address; the domain in lower case.
    Ok(String),
    /// An address with dots where RFC 5321 has none: kept as typed, half width. Mail to it may well arrive.
    NotRfc(String),
    /// Nothing that mail can be sent to: no `@`, two of them, nothing before or after it, or space inside.
    Unreadable,
}

/// The longest address that RFC 5321 lets pass, in bytes.
const LONGEST: usize = 254;

/// Reads an address: white space around it off, full width to half width, domain in lower case.
pub fn read_email(typed: &str) -> EmailReading {
    let folded: String = plain::trim(typed).nfkc().collect();
    let address = plain::trim(&folded);
    let Some((local, domain)) = address.rsplit_once('@') else {
        return EmailReading::Unreadable;
    };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let unusable = local.is_empty()
        || domain.is_empty()
        || address.len() > LONGEST
        || address.chars().any(plain::is_empty_mark)
        || (!quoted && local.contains(['@', ',', ';', '<', '>', '"']))
        || domain.contains([',', ';', '<', '>', '"']);
    if unusable {
        return EmailReading::Unreadable;
    }
    let normal = format!("{local}@{}", domain.to_lowercase());
    if has_stray_dot(domain) || (!quoted && has_stray_dot(local)) {
        EmailReading::NotRfc(normal)
    } else {
        EmailReading::Ok(normal)
    }
}

/// A dot at an edge or two in a row.
fn has_stray_dot(part: &str) -> bool {
    part.split('.').any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(typed: &str) -> Option<String> {
        match read_email(typed) {
            EmailReading::Ok(address) => Some(address),
            _ => None,
        }
    }

    #[test]
    fn addresses_are_trimmed_and_folded_and_their_domain_is_lowered() {
        assert_eq!(
            ok(" info16@example.jp\u{3000}").as_deref(),
            Some("info16@example.jp")
        );
        assert_eq!(ok("info２＠example．jp").as_deref(), Some("info2@example.jp"));
        assert_eq!(ok("Hanako.M@Example.JP").as_deref(), Some("Hanako.M@example.jp"));
        assert_eq!(ok("\"a..b\"@example.jp").as_deref(), Some("\"a..b\"@example.jp"));
    }

    #[test]
    fn stray_dots_are_kept_and_marked() {
        for typed in [
            "taro..1.@docomo.example.jp",
            ".a@example.jp",
            "a.@example.jp",
            "a@example..jp",
        ] {
            assert!(
                read_email(typed) == EmailReading::NotRfc(typed.to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_cannot_be_sent_to_is_unreadable() {
        for typed in [
            "",
            "info.example.jp",
            "なし",
            "@example.jp",
            "info@",
            "a@b@example.jp",
            "a b@example.jp",
            "a@x.jp;b@x.jp",
        ] {
            assert!(read_email(typed) == EmailReading::Unreadable, "{typed}");
        }
        assert!(read_email(&format!("{}@example.jp", "a".repeat(250))) == EmailReading::Unreadable);
    }
}

//! Addresses that mail is sent to. What a person typed is kept; what goes on the wire is made from it.
//!
//! Carriers once gave out addresses with dots where RFC 5321 has none (`a..b@…`, `a.@…`). They still receive mail when the
//! part before the `@` stands in quotes.

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use crate::Personal;
use crate::value::{EmailReading, plain, read_email};

/// The most that is looked at, in bytes: every address is far shorter, also with full-width letters.
const LONGEST_TYPED: usize = 1024;
/// The longest address and the longest part before the `@` that RFC 5321 lets pass, in bytes.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// One address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Personal<Parts>);

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    typed: String,
    /// Before the `@`, without quotes.
    local: String,
    /// After the `@`, in lower case and as DNS has it.
    domain: String,
}

/// Why nothing can be sent to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    /// No `@`, two of them, nothing before or after it, or space inside.
    #[error("this is no mail address")]
    Unreadable,
    /// Longer than mail can carry.
    #[error("the mail address is too long")]
    TooLong,
    /// A letter before the `@` that mail cannot carry to every server.
    #[error("the mail address has a letter before the @ that is not ASCII")]
    NotAscii,
    /// After the `@` stands no name that DNS can hold.
    #[error("what stands after the @ is no domain")]
    Domain,
}

impl AddressProblem {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "address_unreadable",
            Self::TooLong => "address_too_long",
            Self::NotAscii => "address_not_ascii",
            Self::Domain => "address_domain",
        }
    }

    /// One sentence for the person who typed it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Unreadable => "メールアドレスの形になっていません。",
            Self::TooLong => "メールアドレスが長すぎます。",
            Self::NotAscii => "メールアドレスの@より前は半角の英数字と記号で入力してください。",
            Self::Domain => "メールアドレスの@より後ろが正しくありません。",
        }
    }
}

impl Address {
    /// Reads what a person typed: any width, white space around it, an address of an old carrier.
    pub fn parse(typed: &str) -> Result<Self, AddressProblem> {
        if typed.len() > LONGEST_TYPED {
            return Err(AddressProblem::TooLong);
        }
        let (EmailReading::Ok(normal) | EmailReading::NotRfc(normal)) = read_email(typed) else {
            return Err(AddressProblem::Unreadable);
        };
        let (local, domain) = normal.rsplit_once('@').ok_or(AddressProblem::Unreadable)?;
        let local = without_quotes(local).ok_or(AddressProblem::Unreadable)?;
        if !local.chars().all(|c| c.is_ascii_graphic()) {
            return Err(AddressProblem::NotAscii);
        }
        let domain = domain_name(domain).ok_or(AddressProblem::Domain)?;
        let on_the_wire = quoted_where_needed(&local).len();
        if on_the_wire > LONGEST_LOCAL || on_the_wire + 1 + domain.len() > LONGEST {
            return Err(AddressProblem::TooLong);
        }
        let typed = plain::trim(typed).to_owned();
        Ok(Self(Personal::new(Parts { typed, local, domain })))
    }

    /// What the person typed, without white space around it: to be shown and kept.
    pub fn typed(&self) -> &str {
        &self.0.reveal().typed
    }

    /// As SMTP and headers take it: quotes where the part before the `@` needs them, the domain in ASCII.
    pub fn wire_form(&self) -> Personal<String> {
        let Parts { local, domain, .. } = self.0.reveal();
        Personal::new(format!("{}@{domain}", quoted_where_needed(local)))
    }

    /// The same for all ways of writing one mailbox: compare by it, never send to it. Capitals do not count, as no provider
    /// tells them apart and an opt-out must not miss for one.
    pub fn key(&self) -> Personal<String> {
        let Parts { local, domain, .. } = self.0.reveal();
        Personal::new(format!("{}@{domain}", local.to_ascii_lowercase()))
    }

    /// The domain in lower case and ASCII: whose servers receive it, and so whose pace counts.
    pub fn domain(&self) -> &str {
        &self.0.reveal().domain
    }
}

/// What stands between quotes, or the text itself where there are none; `None` for quotes that do not fit together.
fn without_quotes(local: &str) -> Option<String> {
    let Some(rest) = local.strip_prefix('"') else {
        return Some(local.to_owned());
    };
    let inside = rest.strip_suffix('"')?;
    let mut plain = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(characters.next()?),
            '"' => return None,
            other => plain.push(other),
        }
    }
    (!plain.is_empty()).then_some(plain)
}

fn quoted_where_needed(local: &str) -> String {
    let is_dot_atom = local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext));
    if is_dot_atom {
        return local.to_owned();
    }
    let escaped = local.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// What RFC 5322 lets stand outside quotes.
const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

/// A domain as DNS has it: lower case, ASCII, at least two labels, not an address of the network.
pub(super) fn domain_name(domain: &str) -> Option<String> {
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Verify,
        )
        .ok()?;
    let (_, last) = ascii.rsplit_once('.')?;
    let is_number = last.bytes().all(|b| b.is_ascii_digit());
    (!is_number).then(|| ascii.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(typed: &str) -> Result<String, AddressProblem> {
        Address::parse(typed).map(|address| address.wire_form().into_revealed())
    }

    #[test]
    fn wrong_dots_of_old_carriers_are_quoted_on_the_wire_and_kept_as_typed() {
        for (typed, on_the_wire) in [
            ("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            ("a.@docomo.ne.jp", "\"a.\"@docomo.ne.jp"),
            (".a@ezweb.ne.jp", "\".a\"@ezweb.ne.jp"),
            ("\"a..b\"@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            ("\"taro\"@example.jp", "taro@example.jp"),
            ("a(b)@example.jp", "\"a(b)\"@example.jp"),
            ("a\\b@example.jp", "\"a\\\\b\"@example.jp"),
            ("o'hara+1@example.jp", "o'hara+1@example.jp"),
        ] {
            assert_eq!(wire(typed).as_deref(), Ok(on_the_wire), "{typed}");
            assert_eq!(Address::parse(typed).unwrap().typed(), typed);
        }
    }

    #[test]
    fn domains_are_ascii_in_lower_case_and_full_width_is_read() {
        assert_eq!(wire("Taro@Example.JP").as_deref(), Ok("Taro@example.jp"));
        assert_eq!(
            wire(" ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ ").as_deref(),
            Ok("taro@example.jp")
        );
        let japanese = Address::parse("info@日本語.jp").unwrap();
        assert_eq!(japanese.domain(), "xn--wgv71a119e.jp");
        assert_eq!(japanese.typed(), "info@日本語.jp");
    }

    #[test]
    fn all_ways_of_writing_one_mailbox_have_one_key() {
        let key = |typed| Address::parse(typed).unwrap().key();
        assert_eq!(key("Taro@Example.jp"), key("taro@example.JP"));
        assert_eq!(key("\"a..b\"@docomo.ne.jp"), key("a..b@docomo.ne.jp"));
        assert_eq!(key("info@日本語.jp"), key("info@xn--wgv71a119e.jp"));
        assert_ne!(key("taro.1@example.jp"), key("taro1@example.jp"));
    }

    #[test]
    fn what_no_server_takes_is_refused_with_its_reason() {
        let long_local = format!("{}@example.jp", "a".repeat(65));
        let long_when_quoted = format!("{}.@example.jp", "a".repeat(62));
        for (typed, problem) in [
            ("なし", AddressProblem::Unreadable),
            ("a b@example.jp", AddressProblem::Unreadable),
            ("taro@example.jp\r\nBcc: x@example.jp", AddressProblem::Unreadable),
            ("\"a\"b\"@example.jp", AddressProblem::Unreadable),
            ("\"a\\\"@example.jp", AddressProblem::Unreadable),
            ("太郎@example.jp", AddressProblem::NotAscii),
            ("taro@gmail", AddressProblem::Domain),
            ("taro@example..jp", AddressProblem::Domain),
            ("taro@[192.0.2.1]", AddressProblem::Domain),
            ("taro@192.0.2.1", AddressProblem::Domain),
            ("taro@-x.example.jp", AddressProblem::Domain),
            ("taro@ex_ample.jp", AddressProblem::Domain),
            (&long_local, AddressProblem::TooLong),
            (&long_when_quoted, AddressProblem::TooLong),
        ] {
            assert_eq!(wire(typed), Err(problem), "{typed:?}");
        }
        assert_eq!(wire(&"a".repeat(10_000_000)), Err(AddressProblem::TooLong));
    }

    #[test]
    fn an_address_is_not_shown_by_accident() {
        let address = Address::parse("taro@example.jp").unwrap();
        assert_eq!(format!("{address:?}"), "Address(Personal(…))");
    }
}

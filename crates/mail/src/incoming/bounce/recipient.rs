//! Which address a report in words is about.

use std::collections::HashSet;

use super::super::header::Header;
use super::super::mailbox;
use super::vocabulary::LABELS;

/// How an address stands in a report; the first is the surest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Labelled,
    InBrackets,
    AloneInItsLine,
    Anywhere,
}

/// The address that a report names, none of those that it is from or to, nor of those that the message was from (`original`).
pub(super) fn in_words(header: &Header<'_>, original: Option<&Header<'_>>, report: &str) -> Option<String> {
    const OWN: &[&str] = &[
        "from",
        "to",
        "cc",
        "delivered-to",
        "x-original-to",
        "reply-to",
        "sender",
    ];
    const SENT_BY: &[&str] = &["from", "reply-to", "sender", "return-path"];
    let mut own: HashSet<String> = addresses(header, OWN).collect();
    if let Some(original) = original {
        own.extend(addresses(original, SENT_BY));
    }
    let mut best: Option<(Place, &str)> = None;
    for line in report.lines().filter(|line| !is_about_something_else(line)) {
        for (place, address) in named(line) {
            let is_better = best.is_none_or(|(before, _)| place < before);
            if is_better && !own.contains(&address.to_ascii_lowercase()) {
                best = Some((place, address));
            }
        }
    }
    best.map(|(_, address)| address.to_owned())
}

/// The one address that a message was to.
pub(super) fn of_original(original: &Header<'_>) -> Option<String> {
    let mut to = original.all("to").flat_map(|it| mailbox::read(&it));
    let first = to.next()?;
    to.next().is_none().then_some(first.address)
}

/// The address that stands in the one that the report went to, as in `bounce+taro=example.jp@office.example`.
pub(super) fn of_envelope(header: &Header<'_>) -> Option<String> {
    addresses(header, &["to", "delivered-to", "x-original-to"]).find_map(|address| {
        let (local, _) = address.rsplit_once('@')?;
        let (_, detail) = local.split_once(['+', '-'])?;
        let (local, domain) = detail.rsplit_once('=')?;
        let address = format!("{local}@{domain}");
        is_address(&address).then_some(address)
    })
}

/// The id of the message, where the address that the report went to was made for it, as `bounces+ID@office.example`.
pub(super) fn id_of_envelope(header: &Header<'_>) -> Option<String> {
    addresses(header, &["to", "delivered-to", "x-original-to", "envelope-to"]).find_map(|address| {
        let (local, domain) = address.rsplit_once('@')?;
        let (_, id) = local.split_once('+')?;
        let is_part =
            |part: &str, length| part.len() == length && part.bytes().all(|it| it.is_ascii_hexdigit());
        let lengths = [8, 4, 4, 4, 12];
        let is_id = id.split('-').count() == lengths.len()
            && id.split('-').zip(lengths).all(|(part, it)| is_part(part, it));
        is_id.then(|| format!("{id}@{domain}"))
    })
}

fn addresses(header: &Header<'_>, names: &[&str]) -> impl Iterator<Item = String> {
    names
        .iter()
        .flat_map(|name| header.all(name).collect::<Vec<_>>())
        .flat_map(|value| mailbox::read(&value))
        .map(|it| it.address.to_ascii_lowercase())
}

/// Lines of a header that stand in a report and have other addresses, or what looks like one.
fn is_about_something_else(line: &str) -> bool {
    const FIELDS: &[&str] = &[
        "message-id",
        "in-reply-to",
        "references",
        "from",
        "sender",
        "reply-to",
        "return-path",
        "received",
    ];
    let line = line.trim_start_matches(['>', ' ', '|', '\t']);
    line.split_once(':')
        .is_some_and(|(name, _)| FIELDS.iter().any(|it| name.trim().eq_ignore_ascii_case(it)))
}

fn named(line: &str) -> impl Iterator<Item = (Place, &str)> {
    let is_part = |it: char| {
        it.is_ascii_graphic() && !matches!(it, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '[' | ']')
    };
    let alone = line.trim().trim_end_matches(':');
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + line.get(at..)?.find(is_part)?;
        let run = line.get(begin..)?;
        let length = run.find(|it| !is_part(it)).unwrap_or(run.len());
        at = begin + length;
        Some((line.get(..begin)?, run.get(..length)?))
    })
    .filter_map(move |(before, run)| {
        // Quotes around a local part belong to it.
        let address = run.trim_matches(['\'', '.', '`']);
        let address = match address.strip_suffix('"') {
            Some(quoted) => quoted.trim_start_matches('"'),
            None => address,
        };
        if !is_address(address) || is_from(before) || is_of_a_daemon(address) {
            return None;
        }
        Some((place(before, run == alone), address))
    })
}

/// As in `after MAIL FROM:<...>`, `a message from ...` and `message id <...>`.
fn is_from(before: &str) -> bool {
    let before = before.trim_end_matches(['<', ' ', ':', '"']);
    let length = before
        .bytes()
        .rev()
        .take_while(|it| it.is_ascii_alphabetic() || *it == b'-')
        .count();
    let word = before.get(before.len() - length..).unwrap_or_default();
    ["from", "sender", "id", "message-id"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it))
}

fn is_of_a_daemon(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    ["postmaster", "mailer-daemon", "abuse"]
        .iter()
        .any(|it| local.eq_ignore_ascii_case(it))
}

fn place(before: &str, is_alone: bool) -> Place {
    const LABEL_MAX: usize = 40;
    let before = before.trim_end_matches([' ', '\u{3000}', '\t']);
    let is_in_brackets = before.ends_with('<');
    let before = before.trim_end_matches(['<', ' ']);
    let label: Vec<char> = before.chars().rev().take(LABEL_MAX).collect();
    let label: String = label.into_iter().rev().flat_map(char::to_lowercase).collect();
    if LABELS.iter().any(|it| label.ends_with(it)) || label.trim_start() == "to:" {
        Place::Labelled
    } else if is_in_brackets {
        Place::InBrackets
    } else if is_alone {
        Place::AloneInItsLine
    } else {
        Place::Anywhere
    }
}

fn is_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && domain
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-'))
    })
}

/// Without the quotes that an address with dots of its own needs only on its way.
pub(super) fn unquoted(address: String) -> String {
    let plain = address.rsplit_once('@').and_then(|(local, domain)| {
        let inside = local.strip_prefix('"')?.strip_suffix('"')?;
        let is_plain = inside
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(it));
        (is_plain && !inside.is_empty()).then(|| format!("{inside}@{domain}"))
    });
    plain.unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_report(report: &str) -> Option<String> {
        let header = b"From: postmaster@mx.example\r\nTo: bounce@office.example\r\n\r\n";
        let original = b"From: desk@office.example\r\nTo: taro@example.jp\r\n\r\n";
        in_words(&Header::read(header).0, Some(&Header::read(original).0), report)
    }

    #[test]
    fn the_address_that_is_labelled_counts_before_others() {
        for (report, address) in [
            (
                "write to help@mx.example\nRecipient: <taro@example.jp>",
                "taro@example.jp",
            ),
            (
                "Message-ID: <a@b.example>\n<taro@example.jp>: no",
                "taro@example.jp",
            ),
            (
                "after MAIL FROM:<x@y.example>: taro@example.jp",
                "taro@example.jp",
            ),
            ("from x@y.example\n  taro@example.jp\n", "taro@example.jp"),
            ("desk@office.example to taro@example.jp.", "taro@example.jp"),
            (
                "宛先：taro..5.@carrier.example.jp 宛",
                "taro..5.@carrier.example.jp",
            ),
            ("'taro@example.jp'", "taro@example.jp"),
            ("\"taro@example.jp\"", "taro@example.jp"),
            (
                "<\"taro..5.\"@carrier.example.jp>",
                "\"taro..5.\"@carrier.example.jp",
            ),
        ] {
            assert_eq!(in_report(report).as_deref(), Some(address), "{report}");
        }
        assert_eq!(
            in_report("bounce@office.example @ a@ @b <> POSTMASTER@x.example"),
            None
        );
    }

    #[test]
    fn the_address_is_in_the_envelope_of_its_report() {
        let read = |to: &str| of_envelope(&Header::read(format!("To: {to}\r\n\r\n").as_bytes()).0);
        assert_eq!(
            read("bounce+a-b=example.jp@office.example").as_deref(),
            Some("a-b@example.jp")
        );
        assert_eq!(
            read("bounce-a=example.jp@office.example").as_deref(),
            Some("a@example.jp")
        );
        assert_eq!(read("bounce+17@office.example"), None);
    }

    #[test]
    fn quotes_are_only_for_the_way() {
        let plain = |text: &str| unquoted(text.to_owned());
        assert_eq!(plain("\"taro..5.\"@c.example"), "taro..5.@c.example");
        assert_eq!(plain("\"a b\"@c.example"), "\"a b\"@c.example");
        assert_eq!(plain("\"\"@c.example"), "\"\"@c.example");
    }
}

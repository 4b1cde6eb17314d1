//! Whether a report means that there is no such address. In doubt it does not: whoever is wrongly taken off a list hears nothing more.

use super::BounceKind;
use super::vocabulary::{ADDRESSES, HOLLOW, NO_SUCH_ADDRESS, NOT_THERE, PASSES, REFUSES};

/// Judges a failure by its code, the words beside it, and the address that it is about.
pub(super) fn failure(status: Option<&str>, words: &str, address: Option<&str>) -> BounceKind {
    let folded = HOLLOW.iter().fold(folded(words), |text, it| text.replace(it, ""));
    let says = |list: &[&str]| list.iter().any(|it| folded.contains(it));
    let no_such_address = says(NO_SUCH_ADDRESS) || says_that_an_address_is_not_there(&folded);
    let is_hard = match class(status) {
        // An address that a carrier gave out against the standard is there, whatever a relay says of its dots.
        Some((5, 1, 3)) if address.is_some_and(has_odd_dots) => false,
        // Some servers give the code of an unknown address to a mailbox that is full.
        Some((5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1) | (5, 4, 4)) => no_such_address || !says(PASSES),
        // A sender who is not there, and all that is about the message or passes.
        Some((5, 1, 7 | 8) | (5, 2, 2..) | (5, 3, 1..)) => false,
        Some((5, ..)) | None => no_such_address && !says(PASSES),
        Some(_) => false,
    };
    if is_hard && !says(REFUSES) && !is_an_answer_to_the_sender(words) {
        BounceKind::Hard
    } else {
        BounceKind::Soft
    }
}

/// Whether it is an address, of all things in the same clause, that is not there.
fn says_that_an_address_is_not_there(folded: &str) -> bool {
    // Of a clause without an end, so many characters are looked at.
    const NEAR: usize = 120;
    NOT_THERE.iter().any(|words| {
        folded.match_indices(words).any(|(at, _)| {
            let before = folded.get(..at).unwrap_or_default();
            let near = before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
            let before = before.get(near..).unwrap_or_default();
            let clause = before
                .rsplit(['.', ':', ';', '。', '：'])
                .next()
                .unwrap_or_default();
            ADDRESSES.iter().any(|it| clause.contains(it))
        })
    })
}

/// In a transcript (`>>>` and `<<<`, `-->` and `<--`): whether the server refused the one who sends, and not the one who is written to.
fn is_an_answer_to_the_sender(words: &str) -> bool {
    let mut is_asked = false;
    for line in words.lines() {
        let small = line.to_ascii_lowercase();
        if let Some((_, answer)) = small.rsplit_once("<<<").or_else(|| small.rsplit_once("<-")) {
            let answer = answer.trim_start_matches(['-', ' ']);
            if is_asked && answer.starts_with(['4', '5']) {
                return true;
            }
        } else if small.contains(">>>") || small.contains("->") {
            is_asked = small.contains("mail from");
        }
    }
    false
}

fn has_odd_dots(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let local = local.trim_matches('"');
    local.contains("..") || local.starts_with('.') || local.ends_with('.')
}

/// Words as they are compared: in small letters, on one line, without numbers and the names of hosts, which may contain any word,
/// and with an `@` for every address.
pub(super) fn folded(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut run = String::new();
    for character in words.chars().flat_map(char::to_lowercase).chain([' ']) {
        let character = if character == '’' { '\'' } else { character };
        if character.is_ascii_graphic() && !is_between(character) {
            run.push(character);
            continue;
        }
        if run.len() > 1 && run.contains('@') {
            out.push('@');
        } else if !is_name_or_number(&run) {
            out.push_str(&run);
        }
        run.clear();
        if !character.is_whitespace() {
            // Japanese has no blanks: one before a character was only where the line broke.
            if !character.is_ascii()
                && out.ends_with(' ')
                && before_blank(&out).is_some_and(|it| !it.is_ascii())
            {
                out.pop();
            }
            out.push(character);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

fn before_blank(text: &str) -> Option<char> {
    text.chars().rev().nth(1)
}

const fn is_between(character: char) -> bool {
    matches!(
        character,
        '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"'
    )
}

fn is_name_or_number(run: &str) -> bool {
    let bare = run.trim_matches(['.', '\'', '#', '?', '!']);
    let is_number = !bare.is_empty()
        && bare
            .chars()
            .all(|it| it.is_ascii_digit() || matches!(it, '.' | '-'));
    let is_host = bare.rsplit_once('.').is_some_and(|(_, last)| {
        last.len() > 1
            && last.chars().all(|it| it.is_ascii_alphabetic())
            && bare
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-'))
    });
    is_number || is_host || bare.contains(['=', '?']) || run.starts_with("//")
}

/// Class, subject and detail of a code.
pub(super) fn class(status: Option<&str>) -> Option<(u16, u16, u16)> {
    let mut numbers = status?.trim().split('.').map(|it| it.parse::<u16>().ok());
    match (numbers.next()??, numbers.next()??, numbers.next()??) {
        (class @ (2 | 4 | 5), subject @ 0..=7, detail @ 0..=999) if numbers.next().is_none() => {
            Some((class, subject, detail))
        }
        _ => None,
    }
}

/// The first code in some words that says more than its class, else the first one.
pub(super) fn code_in(words: &str) -> Option<String> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.';
    let mut at = 0;
    let mut codes: Vec<&str> = Vec::new();
    for run in words.split(|it: char| !is_part(it)) {
        let code = run.trim_matches('.');
        let is_code = class(Some(code)).is_some_and(|(class, ..)| class != 2);
        if is_code && !is_a_version(words.get(..at).unwrap_or_default()) {
            codes.push(code);
        }
        at += run.len();
        at += words
            .get(at..)
            .and_then(|it| it.chars().next())
            .map_or(0, char::len_utf8);
    }
    let telling = codes.iter().find(|it| !it.ends_with(".0.0"));
    telling.or(codes.first()).map(|it| (*it).to_owned())
}

/// Whether a number of three parts follows the name of a program. `before`: all that stands before the number.
fn is_a_version(before: &str) -> bool {
    const NO_PROGRAMS: &[&str] = &["status", "code", "error", "dsn", "smtp", "esmtp", "said"];
    let word_end = before.trim_end_matches([' ', '/', '\t']);
    let length = word_end.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let word = word_end.get(word_end.len() - length..).unwrap_or_default();
    !word.is_empty() && !NO_PROGRAMS.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// The class of the first answer of an SMTP server in some words (`550`, `452`), as a code without details.
pub(super) fn answer_in(words: &str) -> Option<String> {
    const SAID_BY: &[&str] = &[
        "said",
        "error",
        "code",
        "status",
        "with",
        "smtp",
        "コード",
        "エラー",
        "応答",
    ];
    // Where a line begins or something is said: elsewhere it is a number of something else.
    let is_said = |before: &str| {
        let before = before.trim_end_matches([' ', '\t']);
        before.is_empty()
            || before.ends_with(['\n', ':', '：', ';', '<', '>', '#', '(', '"', '\''])
            || before.ends_with("<-")
            || before.ends_with("<--")
            || SAID_BY.iter().any(|it| {
                let from = before.len().saturating_sub(it.len());
                before
                    .get(from..)
                    .is_some_and(|word| word.eq_ignore_ascii_case(it))
            })
    };
    let (_, answer, _) =
        numbers(words).find(|(before, number, after)| is_answer(before, number, after) && is_said(before))?;
    Some(format!("{}.0.0", answer.get(..1)?))
}

/// Runs of digits, with what stands before and behind them.
fn numbers(words: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = words.get(at..)?;
        let begin = at + rest.find(|it: char| it.is_ascii_digit())?;
        let run = words.get(begin..)?;
        let length = run.find(|it: char| !it.is_ascii_digit()).unwrap_or(run.len());
        at = begin + length;
        Some((words.get(..begin)?, words.get(begin..at)?, words.get(at..)?))
    })
}

fn is_answer(before: &str, number: &str, after: &str) -> bool {
    let is_of_a_server = number.len() == 3
        && matches!(
            number.as_bytes(),
            [b'4', b'2' | b'3' | b'5' | b'7', _] | [b'5', b'0' | b'1' | b'3' | b'4' | b'5' | b'7', _]
        );
    // Not in a word, an address, a sum, a telephone number; nor `〒550-0001`.
    let is_alone = !before
        .ends_with(|it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '@' | '-' | ',' | '〒'));
    let is_postal = after
        .strip_prefix('-')
        .is_some_and(|it| it.bytes().take_while(u8::is_ascii_digit).count() == 4);
    let goes_on = after.is_empty()
        || after
            .starts_with(|it: char| it.is_whitespace() || matches!(it, '-' | ':' | ';' | ')' | '"' | '\''));
    is_of_a_server && is_alone && goes_on && !is_postal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_there_is_not_is_hard() {
        for (status, words, kind) in [
            (Some("5.1.1"), "", BounceKind::Hard),
            (Some("5.1.2"), "", BounceKind::Hard),
            (Some("5.4.4"), "", BounceKind::Hard),
            (Some("5.1.10"), "RecipientNotFound", BounceKind::Hard),
            (Some("5.1.1"), "mailbox full", BounceKind::Soft),
            (Some("5.2.2"), "user unknown or mailbox full", BounceKind::Soft),
            (Some("5.7.1"), "blocked by policy", BounceKind::Soft),
            (Some("5.7.1"), "550 5.7.1 User unknown", BounceKind::Hard),
            (
                Some("5.0.0"),
                "550 Unknown user taro@example.jp",
                BounceKind::Hard,
            ),
            (Some("5.0.0"), "554 rejected", BounceKind::Soft),
            (Some("5.1.8"), "sender address rejected", BounceKind::Soft),
            (
                Some("5.1.8"),
                "Domain of sender address does not exist",
                BounceKind::Soft,
            ),
            (
                Some("5.1.0"),
                "Sender address rejected: User unknown",
                BounceKind::Soft,
            ),
            (Some("5.1.0"), "Address rejected", BounceKind::Soft),
            (Some("5.1.4"), "", BounceKind::Soft),
            (Some("5.1.1"), "Too many invalid recipients", BounceKind::Soft),
            (Some("5.1.1"), "Greylisted", BounceKind::Soft),
            (
                Some("5.2.1"),
                "is receiving mail at a rate that",
                BounceKind::Soft,
            ),
            (None, "SPF: a record for this does not exist", BounceKind::Soft),
            (None, "DNS record does not exist", BounceKind::Soft),
            (None, "<x@y.example> does not exist", BounceKind::Hard),
            (Some("5.3.0"), "No such user here", BounceKind::Hard),
            (
                Some("5.0.0"),
                "550-5.0.0 user does not\r\n 550 5.0.0 exist",
                BounceKind::Hard,
            ),
            (None, ">>> MAIL From:<x>\n<<< 550 unknown user", BounceKind::Soft),
            (
                None,
                ">>> MAIL From:<x>\n<<< 250 ok\n>>> RCPT To:<y>\n<<< 550 unknown user",
                BounceKind::Hard,
            ),
            (None, "アドレスが存\n在しません", BounceKind::Hard),
            (Some("4.4.1"), "user unknown", BounceKind::Soft),
            (None, "送信先メールアドレスが見つかりません", BounceKind::Hard),
            (None, "メールボックスの容量が一杯です", BounceKind::Soft),
            (None, "?", BounceKind::Soft),
        ] {
            assert_eq!(failure(status, words, None), kind, "{status:?} {words}");
        }
    }

    #[test]
    fn dots_that_a_carrier_gave_out_say_nothing() {
        let kind = |address| failure(Some("5.1.3"), "bad address syntax", Some(address));
        assert_eq!(kind("taro..5.@carrier.example.jp"), BounceKind::Soft);
        assert_eq!(kind("\"taro..5\"@carrier.example.jp"), BounceKind::Soft);
        assert_eq!(kind("taro@-.example.jp"), BounceKind::Hard);
    }

    #[test]
    fn names_and_numbers_are_no_words() {
        for (words, plain) in [
            ("User unknown", "user unknown "),
            ("550 5.1.1 <no.such.user@spam.example>: x", " <@>: x "),
            ("host mx.blocked.example[192.0.2.1] said:", "host [] said: "),
            ("host mx.example:25 x", "host : x "),
            ("see https://x.example/?p=NoSuchUser", "see https: "),
            ("couldn’t  be\n found.", "couldn't be found. "),
            (
                "アドレスが\n  見つかりません (x)",
                "アドレスが見つかりません (x) ",
            ),
        ] {
            assert_eq!(folded(words), plain, "{words}");
        }
    }

    #[test]
    fn codes_are_found_in_words() {
        for (words, code) in [
            ("550 5.1.1 User unknown", Some("5.1.1")),
            ("smtp; 550-5.1.1 <a@b.example>: x", Some("5.1.1")),
            ("(#5.1.1)", Some("5.1.1")),
            ("5.0.0 said: 5.2.2 full", Some("5.2.2")),
            ("from 192.0.2.1 at 10.5.3.2", None),
            ("2.0.0 ok", None),
            ("Gateway 5.6.1, Mailer/4.7.2, Exim 4.94.2", None),
            ("status 5.1.1, error 5.1.2", Some("5.1.1")),
        ] {
            assert_eq!(code_in(words).as_deref(), code, "{words}");
        }
        assert_eq!(answer_in("host said: 550 Unknown user").as_deref(), Some("5.0.0"));
        for none in [
            "room 550a, 5500 yen",
            "〒550-0001 大阪市",
            "tel 03-5551-555",
            "1,550 bytes",
        ] {
            assert_eq!(answer_in(none), None, "{none}");
        }
        // What is said comes before what only looks like it.
        assert_eq!(
            answer_in("room 501\nhost said: 450-4 later").as_deref(),
            Some("4.0.0")
        );
    }
}

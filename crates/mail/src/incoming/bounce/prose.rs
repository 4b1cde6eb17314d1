//! Reports in words: of qmail and Exim, of old servers, and of Japanese carriers, which write for people.

use super::super::header::Header;
use super::super::{ids, kind, mailbox};
use super::server::{Sender, sender};
use super::vocabulary::{BEGINNINGS, COPIES, DELAYS, FIELDS_OF_A_COPY, SUBJECTS};
use super::{Bounce, BounceKind, judge, recipient};

/// Reads a report in words; `None`: the message is none. `original`: the header of the message that came back.
pub(super) fn read(header: &Header<'_>, original: Option<&Header<'_>>, text: &str) -> Option<Bounce> {
    let failed = header
        .get("x-failed-recipients")
        .and_then(|it| mailbox::read(&it).into_iter().next())
        .map(|it| it.address);
    let sender = sender(header);
    let report = without_copy(text);
    let status = judge::code_in(report).or_else(|| judge::answer_in(report));
    let is_known = failed.is_some() || sender == Sender::Server;
    if !is_known && sender == Sender::Person || failed.is_none() && !is_a_report(header, report) {
        return None;
    }
    let recipient = failed.or_else(|| recipient::in_words(header, original, report));
    // Any program may say such words; a report has a code, or at least a subject and an address.
    let says_enough = recipient.is_some() && says_so_in_its_subject(header) && !is_auto_replied(header);
    if !is_known && status.is_none() && !says_enough {
        return None;
    }
    // Who only says that an address is not used any more may be a person's program, which speaks of another one.
    let is_delay = is_delay(header, report);
    let may_be_hard = (is_known || status.is_some()) && !is_delay;
    let kind = if may_be_hard {
        judge::failure(status.as_deref(), report, recipient.as_deref())
    } else {
        BounceKind::Soft
    };
    Some(Bounce {
        kind,
        is_delay,
        recipient,
        status,
        original_message_id: None,
    })
}

/// The id of the message that came back in the text.
pub(super) fn message_id(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim_start_matches(['>', ' ', '|', '\t']);
        let (name, value) = line.split_once(':')?;
        if !name.trim().eq_ignore_ascii_case("message-id") {
            return None;
        }
        ids(value).into_iter().next()
    })
}

/// What the server says, without the message that came back with it.
pub(super) fn without_copy(text: &str) -> &str {
    // By lines, because places in a text whose case was folded are not places in it.
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let small = line.to_lowercase();
        let is_copy = COPIES.iter().any(|it| small.contains(it))
            || FIELDS_OF_A_COPY.iter().any(|it| small.starts_with(it));
        if at > 0 && is_copy {
            break;
        }
        at += line.len();
    }
    text.get(..at).unwrap_or(text)
}

fn is_a_report(header: &Header<'_>, report: &str) -> bool {
    const SEEN_MAX: usize = 1_000;
    // Somebody's program answers, and somebody answers or passes on what a server said.
    if kind::is_an_answer_of_a_program(header) || is_an_answer(header) {
        return false;
    }
    let has_subject = says_so_in_its_subject(header) || says_delay_in_its_subject(header);
    let beginning: String = report
        .lines()
        .filter(|line| !line.starts_with('>'))
        .flat_map(|line| line.chars().chain(['\n']))
        .take(SEEN_MAX)
        .flat_map(char::to_lowercase)
        .collect();
    has_subject || !is_auto_replied(header) && BEGINNINGS.iter().any(|it| beginning.contains(it))
}

/// Servers say it of their reports, and programs that answer for somebody.
fn is_auto_replied(header: &Header<'_>) -> bool {
    let submitted = header.get("auto-submitted").unwrap_or_default();
    submitted.to_ascii_lowercase().starts_with("auto-replied")
}

fn says_so_in_its_subject(header: &Header<'_>) -> bool {
    let subject = header.text("subject").unwrap_or_default().to_lowercase();
    SUBJECTS.iter().any(|it| subject.contains(it))
}

/// People say such words as well.
fn says_delay_in_its_subject(header: &Header<'_>) -> bool {
    let subject = header.text("subject").unwrap_or_default().to_lowercase();
    DELAYS.iter().any(|it| subject.contains(it)) || is_delay_of_a_message(&subject)
}

/// As Exim writes it: `Warning: message 1abcde-000001-AB delayed 24 hours`.
fn is_delay_of_a_message(subject: &str) -> bool {
    subject.starts_with("warning: message") && subject.contains("delayed")
}

fn is_delay(header: &Header<'_>, report: &str) -> bool {
    let folded = judge::folded(report);
    says_delay_in_its_subject(header) || DELAYS.iter().any(|it| folded.contains(it))
}

/// Whether a message answers another one or passes it on, by its subject. Some servers keep the subject of what came back.
fn is_an_answer(header: &Header<'_>) -> bool {
    const BEGINNINGS: &[&str] = &[
        "re:",
        "re：",
        "fw:",
        "fwd:",
        "fw：",
        "fwd：",
        "転送:",
        "転送：",
        "返信:",
        "返信：",
    ];
    let subject = header.text("subject").unwrap_or_default().to_lowercase();
    let is_of_a_server = sender(header) == Sender::Server && header.has("return-path");
    !is_of_a_server && BEGINNINGS.iter().any(|it| subject.starts_with(it))
}

//! Reports in words: of qmail and Exim, of old servers, and of Japanese carriers, which write for people.

use super::super::header::Header;
use super::super::{ids, mailbox};
use super::{Bounce, BounceKind, judge};

/// Subjects of reports, in small letters.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "returned mail",
    "returned to sender",
    "failure notice",
    "delivery status",
    "delivery fail",
    "delivery report",
    "delivery notification",
    "delivery problem",
    "delivery error",
    "mail delivery",
    "mail system error",
    "mail error",
    "mailer error",
    "non-delivery",
    "nondelivery",
    "not delivered",
    "could not be delivered",
    "couldn't be delivered",
    "could not send",
    "delayed mail",
    "配信不能",
    "配信エラー",
    "配送不能",
    "配送エラー",
    "配達不能",
    "未配達",
    "送信エラー",
    "送信できません",
    "送信失敗",
    "エラーメール",
    "届きませんでした",
    "届けられません",
    "お届けできません",
];

/// How a report begins in its text, where its subject says nothing.
const BEGINNINGS: &[&str] = &[
    "this is the qmail-send program",
    "this message was created automatically by mail delivery software",
    "i'm sorry to have to inform you that your message could not",
    "the following message to",
    "your message could not be delivered",
    "your message was not delivered",
    "the following addresses had permanent fatal errors",
    "each of the following recipients was rejected",
    "エラーのため送信できませんでした",
    "送信できませんでした",
    "配信できませんでした",
    "お届けできませんでした",
    "届けることができませんでした",
];

/// Words for a message that is still on its way.
const DELAYS: &[&str] = &[
    "still being retried",
    "will continue to try",
    "will be retried",
    "could not send message for past",
    "delayed mail",
    "has been delayed",
    "is delayed",
    "warning message only",
    "you do not need to resend",
    "(delay)",
    "(delayed)",
    "再送を試みます",
    "遅延",
];

/// Where the copy of the message begins that came back.
const COPIES: &[&str] = &[
    "below this line is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "original message follows",
    "unsent message follows",
    "unsent message below",
    "----- original message",
    "-----original message",
    "--- original message",
    "the original message was received",
    "message header follows",
    "元のメッセージ",
    "送信されたメッセージ",
];

/// Reads a report in words; `None`: the message is none.
pub(super) fn read(header: &Header<'_>, text: &str) -> Option<Bounce> {
    let failed = header.get("x-failed-recipients");
    if failed.is_none() && !(is_of_a_server(header) && is_a_report(header, text)) {
        return None;
    }
    let (report, _) = without_copy(text);
    let small = report.to_lowercase();
    let is_delay = DELAYS.iter().any(|it| small.contains(it))
        || header.text("subject").is_some_and(|subject| {
            let subject = subject.to_lowercase();
            DELAYS.iter().any(|it| subject.contains(it))
        });
    let status = judge::code_in(report).or_else(|| judge::answer_in(report));
    let kind = if is_delay {
        BounceKind::Soft
    } else {
        judge::failure(status.as_deref(), report)
    };
    Some(Bounce {
        kind,
        recipient: failed
            .and_then(|it| mailbox::read(&it).into_iter().next())
            .map(|it| it.address)
            .or_else(|| recipient(header, report)),
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

fn is_of_a_server(header: &Header<'_>) -> bool {
    const NAMES: &[&str] = &[
        "mailer-daemon",
        "mailerdaemon",
        "mail-daemon",
        "maildaemon",
        "postmaster",
        "mail.administrator",
        "mdaemon",
        "mail_system",
        "mailsystem",
        "bounce",
    ];
    if header.get("return-path").is_some_and(|path| path.trim() == "<>") {
        return true;
    }
    let from = header.get("from").unwrap_or_default();
    let sender = mailbox::read(&from).into_iter().next();
    sender.is_some_and(|sender| {
        let local = sender
            .address
            .split('@')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        NAMES
            .iter()
            .any(|it| local == *it || local.starts_with(&format!("{it}+")))
    })
}

fn is_a_report(header: &Header<'_>, text: &str) -> bool {
    const SEEN_MAX: usize = 1_000;
    let subject = header.text("subject").unwrap_or_default().to_lowercase();
    let beginning: String = text.chars().take(SEEN_MAX).collect::<String>().to_lowercase();
    // An answer of somebody whose server has no name for itself is still an answer.
    let is_automatic = header
        .get("auto-submitted")
        .is_some_and(|it| it.to_ascii_lowercase().starts_with("auto-replied"))
        && !SUBJECTS.iter().any(|it| subject.contains(it));
    !is_automatic
        && (SUBJECTS.iter().any(|it| subject.contains(it))
            || BEGINNINGS.iter().any(|it| beginning.contains(it))
            || DELAYS.iter().any(|it| subject.contains(it)))
}

/// What the server says, and the message that came back with it.
fn without_copy(text: &str) -> (&str, &str) {
    // By lines, because places in a text whose case was folded are not places in it.
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let small = line.to_lowercase();
        if at > 0 && COPIES.iter().any(|it| small.contains(it)) {
            return text.split_at(at);
        }
        at += line.len();
    }
    (text, "")
}

/// The address that a report names: in brackets before bare, and none of those that the report itself is from or to.
fn recipient(header: &Header<'_>, report: &str) -> Option<String> {
    let own: Vec<String> = ["from", "to", "cc", "delivered-to", "reply-to", "sender"]
        .into_iter()
        .flat_map(|name| header.all(name).collect::<Vec<_>>())
        .flat_map(|value| mailbox::read(&value))
        .map(|it| it.address.to_ascii_lowercase())
        .collect();
    let is_another = |address: &String| !own.contains(&address.to_ascii_lowercase());
    bracketed(report)
        .find(is_another)
        .or_else(|| bare(report).find(is_another))
}

fn bracketed(text: &str) -> impl Iterator<Item = String> {
    text.split('<').skip(1).filter_map(|part| {
        let (address, _) = part.split_once('>')?;
        is_address(address).then(|| address.to_owned())
    })
}

fn bare(text: &str) -> impl Iterator<Item = String> {
    let is_part = |it: char| {
        it.is_ascii_graphic() && !matches!(it, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '[' | ']')
    };
    text.split(move |it: char| !is_part(it))
        .map(|it| it.trim_matches(['"', '\'', '.']))
        .filter(|it| is_address(it))
        .map(str::to_owned)
}

fn is_address(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !text.contains(char::is_whitespace)
            && domain
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-'))
    })
}

//! The corpus: raw mails as Japanese senders shape them, and what a reader must make of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mail::incoming::{BounceKind, MailKind, ReadLimits, Reading, read};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    kind: MailKindName,
    subject: Option<String>,
    sender: Option<String>,
    text_contains: Option<String>,
    text_equals: Option<String>,
    attachments: Option<Vec<String>>,
    attachments_count: Option<usize>,
    #[serde(default)]
    html_must_not_contain: Vec<String>,
    #[serde(default)]
    must_not_be_answered: bool,
    bounce: Option<String>,
    recipient: Option<String>,
    status: Option<String>,
    original_message_id: Option<String>,
    // What becomes of it is for the desk.
    #[serde(rename = "thread_of")]
    _thread_of: Option<String>,
    #[serde(rename = "suggest_thread_of")]
    _suggest_thread_of: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum MailKindName {
    Human,
    AutoReply,
    List,
    Bounce,
    Unreadable,
}

fn named(kind: MailKind) -> MailKindName {
    match kind {
        MailKind::Human => MailKindName::Human,
        MailKind::AutoReply => MailKindName::AutoReply,
        MailKind::List => MailKindName::List,
        MailKind::Bounce => MailKindName::Bounce,
        MailKind::Unreadable => MailKindName::Unreadable,
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn reading(name: &str) -> Reading {
    let raw = std::fs::read(folder().join(format!("{name}.eml"))).expect("a mail of the corpus");
    read(&raw, &ReadLimits::default())
}

#[test]
fn each_mail_of_the_corpus_is_understood_as_its_expectation_says() {
    let expected = std::fs::read(folder().join("expected.json")).expect("the expectations");
    let expected: BTreeMap<String, Expected> = serde_json::from_slice(&expected).expect("their shape");
    assert_eq!(expected.len(), 22);
    for (name, expected) in expected {
        let read = reading(&name);
        assert_eq!(named(read.kind), expected.kind, "{name}");
        if let Some(subject) = expected.subject {
            assert_eq!(read.subject, subject, "{name}");
        }
        if let Some(sender) = expected.sender {
            assert_eq!(
                read.sender.as_ref().map(|it| it.address.as_str()),
                Some(sender.as_str()),
                "{name}"
            );
        }
        if let Some(part) = expected.text_contains {
            assert!(read.text.contains(&part), "{name}: {}", read.text);
        }
        if let Some(text) = expected.text_equals {
            assert_eq!(read.text, text, "{name}");
        }
        for part in expected.html_must_not_contain {
            let html = read.html.clone().expect("an HTML body");
            assert!(!html.contains(&part), "{name}: {html}");
            assert!(!read.text.contains(&part), "{name}: {}", read.text);
        }
        let names: Vec<String> = read.attachments.iter().filter_map(|it| it.name.clone()).collect();
        if let Some(expected) = expected.attachments {
            assert_eq!(names, expected, "{name}");
        }
        if let Some(count) = expected.attachments_count {
            assert_eq!(read.attachments.len(), count, "{name}");
        }
        if expected.must_not_be_answered {
            assert!(!read.may_be_answered, "{name}");
        }
        let bounce = read.bounce.as_ref();
        let kind = bounce.map(|it| match it.kind {
            BounceKind::Hard => "hard",
            BounceKind::Soft => "soft",
        });
        assert_eq!(kind, expected.bounce.as_deref(), "{name}");
        if let Some(bounce) = bounce {
            assert_eq!(bounce.recipient, expected.recipient, "{name}");
            if expected.status.is_some() {
                assert_eq!(bounce.status, expected.status, "{name}");
            }
            if expected.original_message_id.is_some() {
                assert_eq!(bounce.original_message_id, expected.original_message_id, "{name}");
            }
        }
    }
}

#[test]
fn persons_may_be_answered_and_what_they_answer_is_known() {
    for name in ["01-utf8-base64", "10-auto-submitted-no", "20-empty-body"] {
        assert!(reading(name).may_be_answered, "{name}");
    }
    let reply = reading("15-reply-in-thread");
    assert_eq!(reply.answers, ["reply-1@office.example", "m02@example.jp"]);
    assert_eq!(reply.message_id.as_deref(), Some("m15@example.jp"));
    assert_eq!(
        reply.date.map(|it| it.to_rfc3339()).as_deref(),
        Some("2026-05-12T07:58:03+00:00")
    );
}

#[test]
fn t35_a_name_with_line_breaks_is_one_line() {
    let sender = reading("18-crlf-in-display-name").sender.expect("a sender");
    assert_eq!(sender.address, "yamada@example.jp");
    assert!(!sender.name.contains(['\r', '\n']), "{}", sender.name);
    assert!(!reading("19-bidi-and-zero-width").subject.contains('\u{202e}'));
}

#[test]
fn how_the_text_was_read_is_said() {
    let read = reading("03-iso2022jp-no-charset");
    assert_eq!(
        (read.charset.used.as_str(), read.charset.declared),
        ("ISO-2022-JP", None)
    );
    let read = reading("05-shift-jis");
    assert_eq!(
        (read.charset.used.as_str(), read.charset.declared.as_deref()),
        ("Shift_JIS", Some("Shift_JIS"))
    );
}

#[test]
fn t37_what_is_cut_or_damaged_is_read_as_far_as_it_goes_and_never_fails() {
    let limits = ReadLimits::default();
    let files = std::fs::read_dir(folder()).expect("the corpus");
    for file in files.map(|file| file.expect("an entry").path()) {
        let raw = std::fs::read(&file).expect("a file");
        for length in (0..raw.len()).step_by(7) {
            read(&raw[..length], &limits);
        }
        for (at, byte) in (0..raw.len())
            .step_by(5)
            .zip([0, 0xff, b'\n', b'"', b'=', 0x1b, b'-'].iter().cycle())
        {
            let mut damaged = raw.clone();
            damaged[at] = *byte;
            read(&damaged, &limits);
        }
    }
}

#[test]
fn a_person_may_choose_the_charset_and_an_unknown_one_changes_nothing() {
    let raw = std::fs::read(folder().join("05-shift-jis.eml")).expect("a mail of the corpus");
    let limits = ReadLimits::default();
    let chosen = mail::incoming::read_as(&raw, &limits, Some("euc-jp"));
    assert_eq!(chosen.charset.used, "EUC-JP");
    assert_ne!(chosen.text, reading("05-shift-jis").text);
    assert_eq!(
        mail::incoming::read_as(&raw, &limits, Some("no such")),
        reading("05-shift-jis")
    );
}

#[test]
fn a_report_to_the_address_of_a_message_is_about_that_message() {
    let raw = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.jp\r\n\
               To: bounces+01A204F3-0000-7000-8000-000000000012@office.example\r\nSubject: failure notice\r\n\r\n\
               Hi. This is the qmail-send program at mx.example.jp.\r\n\r\n<hanako@example.jp>:\r\n\
               Sorry, no mailbox here by that name. (#5.1.1)\r\n";
    let bounce = read(raw.as_bytes(), &ReadLimits::default())
        .bounce
        .expect("a report");
    let named = "01a204f3-0000-7000-8000-000000000012@office.example";
    assert_eq!(bounce.original_message_id.as_deref(), Some(named));
    assert_eq!(
        (bounce.kind, bounce.recipient.as_deref()),
        (BounceKind::Hard, Some("hanako@example.jp"))
    );
}

#[test]
fn t37_parts_that_lie_deep_under_one_boundary_are_read_as_deep_as_others() {
    let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    let raw = format!("From: a@example.jp\r\n{}\r\ntext\r\n--b--\r\n", head.repeat(990));
    let read = read(raw.as_bytes(), &ReadLimits::default());
    assert_eq!(read.kind, MailKind::Human);
}

#[test]
fn html_with_its_pictures_beside_a_text_is_another_form_of_it_and_behind_a_text_it_goes_on() {
    let mail = |outer: &str, inner: &str| {
        format!(
            "From: t@example.jp\r\nContent-Type: multipart/{outer}; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\none\r\n\
             --x\r\nContent-Type: multipart/{inner}; boundary=y\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<p>two</p>\r\n\
             --y\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n--y--\r\n--x--\r\n"
        )
    };
    for (outer, inner, text) in [
        ("alternative", "related", "one"),
        ("alternative", "mixed", "one"),
        ("mixed", "related", "one\n\ntwo"),
    ] {
        let read = read(mail(outer, inner).as_bytes(), &ReadLimits::default());
        assert_eq!(read.text, text, "{outer} with {inner}");
        assert!(read.html.is_some_and(|html| html.contains("two")));
        assert_eq!(read.attachments.len(), 1);
    }
}

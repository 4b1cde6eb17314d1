//! What arrives, read by a program that we did not write.

use domain::mailing::{Draft, DraftInput, MessageId, Recipient};
use mail::{Folder, Sender, build};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use test_support::python_reads;
use uuid::Uuid;

use crate::server::{Server, built, input, message, queued_at, sender, string};

fn with_end(text: &str) -> String {
    if text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

/// Whatever it says, it is clean on the wire.
fn is_clean(row: &Value) {
    assert_eq!(row["defects"], json!([]), "{row}");
    assert_eq!(row["ascii"], true, "{row}");
    assert_eq!(row["clean_lines"], true, "{row}");
    assert!(row["longest_line"].as_u64() <= Some(998), "{row}");
}

#[tokio::test]
async fn a_message_arrives_as_it_was_written_with_all_its_headers() {
    let server = Server::start(&[]);
    let office = Sender {
        reply_to: Some(domain::mailing::Address::parse("desk@example.jp").unwrap()),
        return_path: Some(domain::mailing::Address::parse("bounces@example.jp").unwrap()),
        ..sender("office@example.jp")
    };
    let sent = built(
        &office,
        &DraftInput {
            name: Some("見本 花子"),
            subject: "髙﨑①㈱ さまの宣言について",
            text: "髙﨑①㈱ さま\n\n本文です。",
            ..input("hanako@example.jp")
        },
    );
    server.pool().send(&sent).await;
    let received = server.received();
    let row = &received[0];
    is_clean(row);
    assert_eq!(string(&row["bytes"]).as_bytes(), sent.bytes(), "byte for byte");
    assert_eq!(row["sender"], "bounces@example.jp");
    assert_eq!(row["recipients"], json!(["hanako@example.jp"]));
    assert_eq!(
        row["headers"],
        json!([
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Reply-To",
            "Auto-Submitted",
            "Content-Transfer-Encoding"
        ])
    );
    assert_eq!(row["subject"], "髙﨑①㈱ さまの宣言について");
    assert_eq!(row["from"], json!(["宣言事務局", "office@example.jp"]));
    assert_eq!(row["to"], json!(["見本 花子", "hanako@example.jp"]));
    assert_eq!(row["reply_to"], json!(["", "desk@example.jp"]));
    assert_eq!(row["message_id"], sent.id().to_string());
    assert_eq!(row["date"], "2024-10-04T00:00:07+00:00");
    assert_eq!(row["auto_submitted"], "auto-generated");
    assert_eq!(
        (&row["type"], &row["charset"]),
        (&json!("text/plain"), &json!("utf-8"))
    );
    assert_eq!(string(&row["text"]), "髙﨑①㈱ さま\n\n本文です。\n");
}

#[tokio::test]
async fn a_message_of_a_person_is_not_marked_and_answers_go_where_it_says() {
    let server = Server::start(&[]);
    let sent = built(
        &sender("office@example.jp"),
        &DraftInput {
            auto: false,
            reply_to: Some("case-7@example.jp"),
            ..input("hanako@example.jp")
        },
    );
    server.pool().send(&sent).await;
    let received = server.received();
    assert_eq!(received[0]["auto_submitted"], Value::Null);
    assert_eq!(received[0]["reply_to"], json!(["", "case-7@example.jp"]));
    assert_eq!(received[0]["sender"], "office@example.jp");
}

#[tokio::test]
async fn addresses_with_wrong_dots_go_in_quotes_and_domains_in_ascii() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for (typed, on_the_wire) in [
        ("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
        ("a.@docomo.ne.jp", "\"a.\"@docomo.ne.jp"),
        (".a@ezweb.ne.jp", "\".a\"@ezweb.ne.jp"),
        ("\"a..b\"@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
        ("a\\b@example.jp", "\"a\\\\b\"@example.jp"),
        ("ｉｎｆｏ＠日本語．jp", "info@xn--wgv71a119e.jp"),
    ] {
        let lettre: Result<lettre::Address, _> = on_the_wire.parse();
        assert_eq!(
            lettre.map(|address| address.to_string()).as_deref(),
            Ok(on_the_wire)
        );
        let named = built(
            &sender("office@example.jp"),
            &DraftInput {
                name: Some("見本 花子"),
                ..input(typed)
            },
        );
        for sent in [message(typed), named] {
            pool.send(&sent).await;
            let asked = server.commands().into_iter().rfind(|row| row["name"] == "RCPT");
            assert_eq!(asked.unwrap()["argument"], format!("TO:<{on_the_wire}>"));
            let received = server.received();
            let row = received.last().unwrap();
            is_clean(row);
            assert_eq!(row["to"][1], on_the_wire);
        }
    }
}

const SUBJECTS: [&str; 12] = [
    "髙﨑①㈱",
    "Re: 二つ  の  空白",
    "two  spaces   in ASCII",
    "=?utf-8?q?=0D=0ABcc:_x@example.jp?=",
    "a =?utf-8?b?44GC?= あ",
    "件名：「宣言」★★ <b>",
    "\u{1F363} 𠮷野家 葛\u{E0100}城",
    "a: b; c, d \"e\" (f) \\ g",
    "１",
    "\u{a0}\u{2003}x\u{2003}",
    "ab ".trim_ascii(),
    "\u{1F468}\u{1F3FD}",
];
const NAMES: [&str; 10] = [
    "見本 花子",
    "O'Hara, Taro",
    "\"quoted\" \\ name",
    "=?utf-8?q?=0D=0ABcc:_x?=",
    "a  b",
    "(株) みほん <x@example.jp>",
    "株式会社\u{3000}みほん製作所",
    "Taro",
    "Taro Mihon",
    "Zoë \"Z\" み",
];
const TEXTS: [&str; 8] = [
    ".\n..\n.a\n",
    "no end",
    "\n\n\nFrom here\n\n",
    "trailing spaces   \nand\ttabs\t\n",
    "日本語だけの一行が続きます。",
    "= equals = and =3D\n",
    "ASCII only\n",
    "\u{1F363}𠮷\n",
];

#[tokio::test]
async fn subjects_names_and_texts_of_all_kinds_read_as_they_were_written() {
    let server = Server::start(&[]);
    let pool = server.pool();
    let longest = ["あ".repeat(200), "a".repeat(200), "ab ".repeat(66) + "ab"];
    let longest_names = ["あ".repeat(100), "a".repeat(100), "ab ".repeat(33) + "a"];
    let long_texts = [
        "a".repeat(10_000),
        "あ".repeat(10_000),
        "\n".repeat(1000) + ".",
        "長い本文。\n".repeat(16_000),
    ];
    let subjects = SUBJECTS.into_iter().chain(longest.iter().map(String::as_str));
    let names = NAMES.into_iter().chain(longest_names.iter().map(String::as_str));
    let texts = TEXTS.into_iter().chain(long_texts.iter().map(String::as_str));
    let office = "office@example.jp";
    let inputs: Vec<_> = subjects
        .map(|subject| DraftInput {
            subject,
            ..input(office)
        })
        .chain(names.map(|name| DraftInput {
            name: Some(name),
            ..input(office)
        }))
        .chain(texts.map(|text| DraftInput {
            text,
            ..input(office)
        }))
        .collect();
    for input in &inputs {
        pool.send(&built(&sender(office), input)).await;
    }
    let received = server.received();
    assert_eq!(received.len(), inputs.len());
    for (row, input) in received.iter().zip(&inputs) {
        is_clean(row);
        assert_eq!(row["subject"], input.subject);
        assert_eq!(row["to"], json!([input.name.unwrap_or(""), office]));
        assert_eq!(string(&row["text"]), with_end(input.text));
    }
}

/// Any text that passes the door is built, written and read as it was typed.
#[test]
fn t35_a_thousand_random_messages_are_built_and_read_as_they_were_typed() {
    let temporary = tempfile::TempDir::new().unwrap();
    let folder = Folder::open(temporary.path()).unwrap();
    let mut runner = TestRunner::default();
    let parts = ["\\PC{1,60}", "\\PC{0,30}", "(\\PC{0,90}\n){1,5}"]
        .map(|pattern| string_regex(pattern).expect("a pattern"));
    let (mut typed, mut files) = (Vec::new(), Vec::new());
    while typed.len() < 1000 {
        let [subject, name, text] = parts.new_tree(&mut runner).expect("texts").current();
        let input = DraftInput {
            subject: &subject,
            name: Some(&name),
            text: &text,
            ..input("a..b@docomo.ne.jp")
        };
        let Ok(draft) = Draft::new(&input) else {
            continue;
        };
        let row = Uuid::from_u128(typed.len() as u128);
        let id = MessageId::new(row, "mail.example.jp").unwrap();
        let message = build(&draft, &sender("office@example.jp"), &id, queued_at()).unwrap();
        // Not sent there: a thousand syncs take their time.
        std::fs::write(folder.file_of(&message), message.bytes()).unwrap();
        files.push(folder.file_of(&message));
        typed.push(draft);
    }
    for (row, draft) in python_reads(&files).iter().zip(&typed) {
        is_clean(row);
        assert_eq!(row["subject"], draft.subject());
        let name = draft.to().name().unwrap_or("");
        assert_eq!(row["to"], json!([name, "\"a..b\"@docomo.ne.jp"]), "{name:?}");
        assert_eq!(string(&row["text"]), draft.text());
    }
}

/// lettre alone takes many seconds for it.
#[test]
fn a_text_of_line_ends_only_is_built_at_once() {
    let text = format!("x{}", "\n".repeat((256 << 10) - 1));
    let start = std::time::Instant::now();
    let message = built(
        &sender("office@example.jp"),
        &DraftInput {
            text: &text,
            ..input("hanako@example.jp")
        },
    );
    assert!(message.bytes().len() > 2 * text.len());
    assert!(
        start.elapsed() < std::time::Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_message_is_not_shown_by_accident() {
    let message = message("hanako@example.jp");
    let shown = format!("{message:?}");
    assert!(shown.starts_with("Message(<00000000-"), "{shown}");
    assert!(!shown.contains("hanako"), "{shown}");
    assert_eq!(message.recipient_domain(), "example.jp");
    let who = Recipient::parse("hanako@example.jp", Some("見本 花子")).unwrap();
    assert!(!format!("{who:?}").contains("hanako"));
}

#[test]
fn an_answer_names_what_it_answers_and_an_automatic_one_says_so() {
    let references = [
        "first@example.jp".to_owned(),
        format!("{}@example.jp", "x".repeat(300)),
    ];
    let answer = built(
        &sender("office@example.jp"),
        &DraftInput {
            references: &references,
            ..input("hanako@example.jp")
        },
    );
    let text = String::from_utf8(answer.bytes().to_vec()).expect("ASCII or UTF-8");
    let (header, _) = text.split_once("\r\n\r\n").expect("a header");
    let nearest = format!("<{}>", references[1]);
    assert!(
        header.contains(&format!("In-Reply-To: {nearest}\r\n")),
        "{header}"
    );
    assert!(
        header.contains(&format!("References: <first@example.jp>\r\n {nearest}\r\n")),
        "{header}"
    );
    assert!(header.contains("Auto-Submitted: auto-replied"), "{header}");
    let reading = mail::incoming::read(answer.bytes(), &mail::incoming::ReadLimits::default());
    assert_eq!(reading.answers, [references[1].clone(), references[0].clone()]);
    assert_eq!(reading.kind, mail::incoming::MailKind::AutoReply);
}

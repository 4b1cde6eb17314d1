//! Reports of mail servers as they are really shaped, and mail that only looks like one: what a reader must make of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mail::incoming::{Bounce, BounceKind, MailKind, ReadLimits, Reading, read};
use serde::Deserialize;

/// Of a bounce, all is compared: a recipient that is not expected must not be found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    kind: String,
    bounce: Option<String>,
    recipient: Option<String>,
    status: Option<String>,
    original_message_id: Option<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bounces")
}

fn cases() -> BTreeMap<String, (Expected, Vec<u8>)> {
    let expected = std::fs::read(folder().join("expected.json")).expect("the expectations");
    let expected: BTreeMap<String, Expected> = serde_json::from_slice(&expected).expect("their shape");
    let with_mail = |(name, expected): (String, Expected)| {
        let raw = std::fs::read(folder().join(format!("{name}.eml"))).expect("a mail of the corpus");
        (name, (expected, raw))
    };
    expected.into_iter().map(with_mail).collect()
}

fn reading(raw: &[u8]) -> Reading {
    read(raw, &ReadLimits::default())
}

const fn kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Human => "human",
        MailKind::AutoReply => "auto_reply",
        MailKind::List => "list",
        MailKind::Bounce => "bounce",
        MailKind::Unreadable => "unreadable",
    }
}

fn severity(bounce: &Bounce) -> &'static str {
    match bounce.kind {
        BounceKind::Hard => "hard",
        BounceKind::Soft => "soft",
    }
}

/// What was read otherwise than expected, one sentence for each.
fn differences(expected: &Expected, read: &Reading) -> Vec<String> {
    let bounce = read.bounce.as_ref();
    let of = |field: fn(&Bounce) -> Option<&str>| bounce.and_then(field);
    [
        ("kind", Some(kind(read.kind)), Some(expected.kind.as_str())),
        ("bounce", bounce.map(severity), expected.bounce.as_deref()),
        (
            "recipient",
            of(|it| it.recipient.as_deref()),
            expected.recipient.as_deref(),
        ),
        (
            "status",
            of(|it| it.status.as_deref()),
            expected.status.as_deref(),
        ),
        (
            "original_message_id",
            of(|it| it.original_message_id.as_deref()),
            expected.original_message_id.as_deref(),
        ),
    ]
    .into_iter()
    .filter(|(_, read, expected)| read != expected)
    .map(|(field, read, expected)| format!("{field} is {read:?}, not {expected:?}"))
    .collect()
}

#[test]
fn t29_every_report_is_understood_and_nothing_else_is_one() {
    let cases = cases();
    assert!(cases.len() >= 70, "{}", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, (expected, raw))| {
            let differences = differences(expected, &reading(raw));
            (!differences.is_empty()).then(|| format!("{name}: {}", differences.join("; ")))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} are read wrongly:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn t29_every_mail_of_the_corpus_is_expected() {
    let expected = cases();
    for file in std::fs::read_dir(folder()).expect("the corpus") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|it| it == "eml") {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            assert!(expected.contains_key(&name), "{name}");
        }
    }
}

#[test]
fn t29_no_address_is_given_up_that_is_there() {
    let wrong: Vec<String> = cases()
        .into_iter()
        .filter(|(_, (expected, raw))| {
            let is_hard = reading(raw).bounce.is_some_and(|it| it.kind == BounceKind::Hard);
            is_hard && expected.bounce.as_deref() != Some("hard")
        })
        .map(|(name, _)| name)
        .collect();
    assert_eq!(wrong, [""; 0], "hard, and must not be");
}

#[test]
fn t29_what_was_cut_or_damaged_is_read_without_a_panic() {
    const STEP: usize = 97;
    for ((expected, raw), seed) in cases().into_values().zip(1_usize..) {
        for length in (0..raw.len()).step_by(STEP) {
            let cut = reading(raw.get(..length).expect("a prefix"));
            let is_hard = cut.bounce.is_some_and(|it| it.kind == BounceKind::Hard);
            // Without its end, too, what a person or their program wrote is no report.
            assert!(
                !is_hard || expected.bounce.is_some(),
                "case {seed} cut at {length}"
            );
        }
        // Damage that is the same in every run: each variant has other bits turned at other places.
        for variant in 0..8_usize {
            let mut damaged = raw.clone();
            let step = 13 + 31 * variant + seed % 7;
            for byte in damaged.iter_mut().skip(variant * 5 + seed % 11).step_by(step) {
                *byte ^= 1 << (variant % 8);
            }
            reading(&damaged);
        }
    }
}

#[test]
fn a_report_that_repeats_itself_for_two_megabytes_is_read_as_well() {
    const HEADER: &str =
        "From: MAILER-DAEMON@mx.example\r\nTo: bounce@office.example\r\nSubject: Undelivered Mail\r\n\r\n";
    for words in [
        "does not exist ",
        "<bounce@office.example> ",
        "5.1.1 ",
        "550 ",
        "@",
        "  ",
        "a",
        "存在しません",
    ] {
        let raw = format!("{HEADER}{}", words.repeat((2 << 20) / words.len()));
        assert_eq!(reading(raw.as_bytes()).kind, MailKind::Bounce, "{words}");
    }
}

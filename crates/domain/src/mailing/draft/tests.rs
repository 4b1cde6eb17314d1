//! What may stand in a message and what may not.

use proptest::prelude::*;

use super::super::addresses::Addresses;
use super::*;

fn input<'a>() -> DraftInput<'a> {
    DraftInput {
        sender: "office",
        to: "hanako@example.jp",
        name: Some("見本 花子"),
        subject: "更新のお知らせ",
        text: "本文です。\n",
        class: Class::Administrative,
        auto: true,
        reply_to: None,
        references: &[],
    }
}

fn problem(input: &DraftInput<'_>) -> (DraftField, &'static str) {
    let problem = Draft::new(input).expect_err("it must be refused");
    (problem.field, problem.code())
}

#[test]
fn a_message_as_the_office_writes_it_passes() {
    let draft = Draft::new(&DraftInput {
        subject: "\u{3000}髙﨑①㈱ さま ",
        name: Some("  "),
        text: "一行目\r\n二行目\r三行目\n\t引用\u{200B}\u{202E}",
        ..input()
    })
    .unwrap();
    assert_eq!(draft.subject(), "髙﨑①㈱ さま");
    assert_eq!(draft.to().name(), None);
    assert_eq!(draft.text(), "一行目\n二行目\n三行目\n\t引用\u{200B}\u{202E}");
    assert_eq!(draft.sender().as_str(), "office");
}

#[test]
fn each_part_that_is_wrong_is_named() {
    use DraftField::{Address, Name, ReplyTo, Sender, Subject, Text};
    fn with<'a>(change: impl FnOnce(&mut DraftInput<'a>)) -> (DraftField, &'static str) {
        let mut changed = input();
        change(&mut changed);
        problem(&changed)
    }
    let long = "あ".repeat(201);
    let long_text = "a".repeat((256 << 10) + 1);
    assert_eq!(with(|input| input.sender = "Office"), (Sender, "sender_key"));
    assert_eq!(with(|input| input.sender = ""), (Sender, "sender_key"));
    let two = "a@example.jp, b@example.jp";
    assert_eq!(with(|input| input.to = two), (Address, "address_unreadable"));
    assert_eq!(
        with(|input| input.to = "太郎@example.jp"),
        (Address, "address_not_ascii")
    );
    assert_eq!(with(|input| input.name = Some(&long[..303])), (Name, "too_long"));
    assert_eq!(
        with(|input| input.name = Some("花子\u{200b}")),
        (Name, "invisible_character")
    );
    assert_eq!(with(|input| input.subject = &long), (Subject, "too_long"));
    assert_eq!(with(|input| input.subject = " \u{3000}"), (Subject, "empty"));
    assert_eq!(with(|input| input.subject = "件名\n"), (Subject, "line_break"));
    assert_eq!(with(|input| input.text = &long_text), (Text, "too_long"));
    assert_eq!(with(|input| input.text = " \n"), (Text, "empty"));
    assert_eq!(with(|input| input.text = "a\0b"), (Text, "control_character"));
    assert_eq!(
        with(|input| input.text = "a\u{1b}[2J"),
        (Text, "control_character")
    );
    assert_eq!(
        with(|input| input.reply_to = Some("なし")),
        (ReplyTo, "address_unreadable")
    );

    let mut longest = input();
    (longest.subject, longest.name) = (&long[..600], Some(&long[..300]));
    longest.text = &long_text[..256 << 10];
    assert!(Draft::new(&longest).is_ok());
}

#[test]
fn a_refusal_is_a_sentence_and_repeats_nothing() {
    let refused = Draft::new(&DraftInput {
        subject: "秘密\u{202E}",
        ..input()
    })
    .unwrap_err();
    assert_eq!(refused.to_string(), "subject: direction mark U+202E");
    assert_eq!(
        refused.japanese(),
        "文字の向きを変える文字（U+202E）は使えません。"
    );
}

#[test]
fn a_message_is_not_shown_by_accident() {
    let shown = format!("{:?}", Draft::new(&input()).unwrap());
    for secret in ["hanako", "花子", "更新", "本文"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn classes_read_back_and_only_what_is_not_needed_can_be_refused() {
    for class in Class::ALL {
        assert_eq!(class.as_str().parse(), Ok(class));
    }
    assert!("bulk".parse::<Class>().is_err());
    let refusable: Vec<_> = Class::ALL
        .into_iter()
        .filter(|c| c.can_be_opted_out_of())
        .collect();
    assert_eq!(refusable, [Class::Promotional, Class::Optional]);
}

/// What no display name and no subject may hold.
fn never() -> impl Strategy<Value = char> {
    prop_oneof![
        proptest::char::range('\0', '\u{1f}'),
        proptest::char::range('\u{7f}', '\u{9f}'),
        proptest::sample::select(vec!['\u{2028}', '\u{2029}', '\u{200e}', '\u{200f}', '\u{61c}']),
        proptest::char::range('\u{202a}', '\u{202e}'),
        proptest::char::range('\u{2066}', '\u{2069}'),
    ]
}

/// A text with such a character somewhere.
fn spoilt() -> impl Strategy<Value = String> {
    ("[a-z漢字 ]{0,20}", never(), "[a-z漢字 ]{0,20}")
        .prop_map(|(before, c, after)| format!("{before}{c}{after}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn t35_what_breaks_a_header_is_refused_in_every_part_and_the_part_is_named(bad in spoilt()) {
        for (input, field) in [
            (DraftInput { sender: &bad, ..input() }, DraftField::Sender),
            (DraftInput { name: Some(&bad), ..input() }, DraftField::Name),
            (DraftInput { subject: &bad, ..input() }, DraftField::Subject),
            (DraftInput { to: &format!("x{bad}@example.jp"), ..input() }, DraftField::Address),
            (DraftInput { to: &format!("x@a{bad}a.example.jp"), ..input() }, DraftField::Address),
            (DraftInput { reply_to: Some(&format!("x{bad}x@example.jp")), ..input() }, DraftField::ReplyTo),
        ] {
            prop_assert_eq!(problem(&input).0, field);
        }
    }

    #[test]
    fn t35_any_text_is_taken_or_refused_and_nothing_panics(parts in any::<[String; 4]>()) {
        let [to, name, subject, text] = &parts;
        if let Ok(draft) = Draft::new(&DraftInput { to, name: Some(name), subject, text, ..input() }) {
            prop_assert!(draft.check().is_ok());
            prop_assert!(!draft.text().contains('\r'));
        }
        prop_assert!(Addresses::parse(&parts.concat(), 10).is_ok());
    }
}

#[test]
fn whoever_looks_at_what_was_sent_sees_no_token_of_a_one_time_link() {
    let token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ-_01234";
    let text = format!("開いてください。\nhttps://example.jp/password#{token}\n番号は #12 です。");
    let shown = Draft::new(&DraftInput {
        text: &text,
        ..input()
    })
    .expect("a draft")
    .without_tokens();
    assert_eq!(
        shown.text(),
        "開いてください。\nhttps://example.jp/password#…\n番号は #12 です。"
    );
}

#[test]
fn what_a_message_answers_is_what_a_header_can_carry_once_each_and_not_too_much() {
    let with = |references: &[String]| {
        let draft = Draft::new(&DraftInput {
            references,
            ..input()
        });
        draft.expect("it passes").references().to_vec()
    };
    let given = [
        "a@example.jp",
        "b>\r\nBcc: x",
        "<c@example.jp>",
        "",
        "é@example.jp",
        "d@example.jp",
        "a@example.jp",
    ];
    assert_eq!(with(&given.map(str::to_owned)), ["d@example.jp", "a@example.jp"]);
    let many: Vec<String> = (0..100).map(|n| format!("{n}@example.jp")).collect();
    let kept = with(&many);
    assert_eq!(kept.len(), 30);
    assert_eq!(
        (kept[0].as_str(), kept[29].as_str()),
        ("0@example.jp", "99@example.jp")
    );
}

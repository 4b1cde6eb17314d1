//! What folds together, what stays apart, and where a hit lies in the original.

use proptest::prelude::*;

use super::*;

fn together(spellings: &[&str]) {
    let first = fold(spellings[0]);
    for spelling in spellings {
        assert_eq!(fold(spelling), first, "{spelling}");
    }
}

#[test]
fn spellings_of_one_name_fold_together() {
    together(&[
        "株式会社みほん製作所",
        "㈱みほん製作所",
        "（株）ミホン製作所",
        "(株) みほん 製作所",
        "(株)ﾐﾎﾝ製作所",
        "株式会社　みほん製作所",
    ]);
    together(&["髙橋", "高橋", "高槗"]);
    together(&["山﨑", "山崎"]);
    together(&["渡邉", "渡邊", "渡辺"]);
    together(&["齋藤", "斎藤", "齊藤", "斉藤"]);
    together(&["柳澤", "柳沢", "栁澤"]);
    together(&["德島", "徳嶋", "徳嶌"]);
    together(&[
        "サーバー",
        "ｻｰﾊﾞｰ",
        "サ－バ－",
        "さーばー",
        "サ―バ‐",
        "サ-バ—",
        "サ−バ─",
        "サ〜バ～",
    ]);
    together(&[
        "ガギグ",
        "ｶﾞｷﾞｸﾞ",
        "がぎぐ",
        "か\u{3099}き\u{3099}く\u{3099}",
        "か゛ぎク゛",
    ]);
    together(&["キヤノン", "キャノン", "ｷﾔﾉﾝ"]);
    together(&["ウヰスキー", "ウイスキー", "ウィスキー"]);
    together(&["ABC123", "ａｂｃ１２３", "Abc１23", "a b\tc\u{3000}1 2 3"]);
    together(&["葛\u{E0100}城", "葛城", "葛\u{FE00}城"]);
    together(&["神田", "\u{FA19}田"]);
    together(&["A\u{200B}B", "ab", "\u{FEFF}ab\u{202E}"]);
}

#[test]
fn different_names_stay_apart() {
    for (one, other) in [
        ("畑中", "畠中"),
        ("ハハ", "パパ"),
        ("株式会社あ", "有限会社あ"),
        ("サーバ", "サーバー"),
        ("一", "ー"),
    ] {
        assert_ne!(fold(one), fold(other), "{one} {other}");
    }
}

#[test]
fn a_hit_is_told_in_utf16_units_of_the_original() {
    let found = |original: &str, needle: &str| find(original, &fold(needle));
    assert_eq!(found("㈱みほん製作所", "ﾐﾎﾝ"), Some(1..4));
    assert_eq!(found("㈱みほん製作所", "株式"), Some(0..1));
    assert_eq!(found("㈱みほん製作所", "(株)みほん"), Some(0..4));
    assert_eq!(found("𠮷田 商店", "吉田商店"), Some(0..6));
    assert_eq!(found("ｶﾞﾗｽ", "ラス"), Some(2..4));
    assert_eq!(found("ｶﾞﾗｽ", "ガ"), Some(0..2));
    assert_eq!(found("髙\u{E0100}木", "高木"), Some(0..4));
    assert_eq!(found("みほん", "見本"), None);
    assert_eq!(found("みほん", " "), None);
}

#[test]
fn ten_thousand_characters_are_no_trouble() {
    assert_eq!(fold(&"㈱ｶﾞ".repeat(5_000)).chars().count(), 25_000);
}

/// Text as registers hold it: more kana, marks and brackets than chance would bring.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ぁ-ゖァ-ヾｦ-ﾟ゛゜\u{3099}\u{309A}()（）株有社一特npo法人㈱㈲ーｰ~a-zA-ZＡ-Ｚ０-９ \u{3000}髙﨑邉\u{E0100}\u{FE00}´¨¯]{0,24}",
    ]
}

proptest! {
    #[test]
    fn folding_twice_gives_the_same(text in names()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn the_map_runs_forward_and_stays_inside(text in names()) {
        let (folded, map) = fold_with_map(&text);
        prop_assert_eq!(folded.chars().count(), map.len());
        let end = text.encode_utf16().count();
        prop_assert!(map.iter().all(|part| part.start < part.end && part.end <= end));
        prop_assert!(map.is_sorted_by(|a, b| a.start <= b.start && a.end <= b.end));
    }

    #[test]
    fn every_text_finds_itself(text in names()) {
        let folded = fold(&text);
        if !folded.is_empty() {
            prop_assert!(find(&text, &folded).is_some());
        }
    }

    #[test]
    fn no_reader_panics(text in names()) {
        for field in crate::declaration::Field::ALL {
            let _ = crate::value::normal_form(*field, &text);
        }
    }
}

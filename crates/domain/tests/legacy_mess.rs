//! Registers with other mess than the given one: the rules, row by row.

use domain::{
    declaration::{Field, FlagCode},
    legacy_register::{
        Columns, Earlier, HEADINGS, LegacyRow, RefusalCode, RowReading, Verdict, Warning, judge,
    },
    value::EntityType,
};

/// A company with nothing doubtful about it, with other cells in the named columns.
fn cells(entries: &[(&str, &str)]) -> Vec<String> {
    let usual = [
        ("自己宣言ID", "47000000002"),
        ("宣言日", "2018/01/24"),
        ("区分", "法人"),
        ("法人番号", "7999901000001"),
        ("事業者名", "株式会社みほん"),
        ("業種", "E"),
        ("従業員数", "8"),
        ("取組段階", "★"),
        ("メール", "info@example.jp"),
        ("公表同意", "同意"),
        ("状態", "有効"),
    ];
    assert!(
        entries.iter().all(|(column, _)| HEADINGS.contains(column)),
        "the columns are known"
    );
    let cell = |heading| {
        entries
            .iter()
            .chain(&usual)
            .find(|(column, _)| *column == heading)
            .map_or("", |(_, typed)| typed)
    };
    HEADINGS.map(|heading| cell(heading).to_owned()).to_vec()
}

fn columns() -> Columns {
    Columns::read(&HEADINGS).expect("the headings")
}

fn read(entries: &[(&str, &str)]) -> RowReading {
    columns().read_row(&cells(entries))
}

#[track_caller]
fn accepted(entries: &[(&str, &str)]) -> (LegacyRow, Vec<Warning>) {
    match read(entries) {
        RowReading::Accepted(row, warnings) => (*row, warnings),
        RowReading::Refused(refusal) => panic!("{entries:?}: {}", refusal.code.code()),
    }
}

#[track_caller]
fn refused(entries: &[(&str, &str)]) -> RefusalCode {
    match read(entries) {
        RowReading::Refused(refusal) => refusal.code,
        RowReading::Accepted(..) => panic!("{entries:?} is accepted"),
    }
}

#[track_caller]
fn warned(entries: &[(&str, &str)]) -> Vec<FlagCode> {
    accepted(entries).1.iter().map(|warning| warning.flag).collect()
}

#[test]
fn a_clean_row_gives_no_warning() {
    assert!(warned(&[]).is_empty());
}

#[test]
fn the_heading_may_stand_in_any_order_and_width_behind_a_byte_order_mark() {
    let mut headings: Vec<String> = HEADINGS
        .iter()
        .rev()
        .map(|heading| format!(" {heading}\u{3000}"))
        .collect();
    headings[0].insert(0, '\u{FEFF}');
    headings[28] = "自己宣言ＩＤ".to_owned();
    let columns = Columns::read(&headings).expect("the headings");
    let mut row = cells(&[]);
    row.reverse();
    let RowReading::Accepted(reversed, _) = columns.read_row(&row) else {
        panic!("it is accepted")
    };
    assert_eq!(
        reversed.fingerprint_bytes(),
        accepted(&[]).0.fingerprint_bytes(),
        "the order of columns is no content"
    );
}

#[test]
fn other_headings_are_refused_and_named() {
    let mut headings = HEADINGS.map(str::to_owned).to_vec();
    headings[3] = "マイナンバー".to_owned();
    headings[28] = "状態".to_owned();
    let error = Columns::read(&headings).expect_err("it is no register");
    assert_eq!(error.missing, ["法人番号", "備考"]);
    assert_eq!(error.unknown, ["マイナンバー"]);
    assert_eq!(error.repeated, ["状態"]);
    assert!(Columns::read::<&str>(&[]).is_err());
}

#[test]
fn a_row_is_refused_for_the_first_of_its_faults() {
    let all = [
        ("自己宣言ID", ""),
        ("事業者名", " \u{3000}"),
        ("宣言日", "不明"),
        ("取組段階", "★★★"),
    ];
    let expected = [
        RefusalCode::DeclarationNoMissing,
        RefusalCode::NameMissing,
        RefusalCode::DeclaredOnUnreadable,
        RefusalCode::StarUnknown,
    ];
    for (from, code) in expected.into_iter().enumerate() {
        assert_eq!(refused(&all[from..]), code);
    }
    let mut short = cells(&all);
    short.pop();
    let mut long = cells(&[]);
    long.push(String::new());
    for row in [short, long] {
        let RowReading::Refused(refusal) = columns().read_row(&row) else {
            panic!("it is ragged")
        };
        assert_eq!((refusal.code, refusal.column), (RefusalCode::RaggedRow, None));
        assert_eq!(refusal.found.reveal(), &row.len().to_string());
    }
}

#[test]
fn a_refusal_names_its_column_and_what_stands_there() {
    let RowReading::Refused(refusal) = read(&[("宣言日", "平成31年5月1日")]) else {
        panic!("the era had ended")
    };
    assert_eq!(refusal.column, Some("宣言日"));
    assert_eq!(refusal.found.reveal(), "平成31年5月1日");
    assert!(
        !format!("{refusal:?}").contains("平成"),
        "what was found is not printed by accident"
    );
}

#[test]
fn numbers_fold_and_other_shapes_are_refused() {
    for typed in [
        "４７０００００００02",
        "470-0000-0002",
        "470‐0000‐0002",
        " 47000000002\u{3000}",
        "\u{FEFF}47000000002",
        "4700ー0000－002",
        "47000000002\0",
    ] {
        assert_eq!(
            accepted(&[("自己宣言ID", typed)]).0.number().as_str(),
            "47000000002",
            "{typed:?}"
        );
    }
    for typed in [
        "4700000000",
        "470000000021",
        "37000000002",
        "4.7E+10",
        "ID47000000002",
        "4700000000O",
    ] {
        assert_eq!(
            refused(&[("自己宣言ID", typed)]),
            RefusalCode::DeclarationNoShape,
            "{typed}"
        );
    }
    for typed in [" ", "\u{3000}", "\0", "\u{FEFF}"] {
        assert_eq!(
            refused(&[("自己宣言ID", typed)]),
            RefusalCode::DeclarationNoMissing,
            "{typed:?}"
        );
    }
}

#[test]
fn dates_of_nine_years() {
    for (typed, iso) in [
        ("平31.4.30", "2019-04-30"),
        ("R元.5.1", "2019-05-01"),
        ("令和元年５月１日", "2019-05-01"),
        ("２０１９年５月１日", "2019-05-01"),
        ("2019/05/01 00:00:00", "2019-05-01"),
        ("二〇一九年五月一日", "2019-05-01"),
        ("2020.2.29", "2020-02-29"),
    ] {
        assert_eq!(
            accepted(&[("宣言日", typed)]).0.declared_on().to_string(),
            iso,
            "{typed}"
        );
    }
    for typed in [
        "",
        "平成31年5月1日",
        "令和元年4月30日",
        "2019/2/29",
        "2019年13月1日",
        "19/05/01",
        "43586",
        "昭和65年1月1日",
    ] {
        assert_eq!(
            refused(&[("宣言日", typed)]),
            RefusalCode::DeclaredOnUnreadable,
            "{typed}"
        );
    }
}

#[test]
fn corporate_numbers_warn_by_what_is_wrong() {
    for typed in [
        "T7999901000001",
        "Ｔ７９９９９０１０００００１",
        "7999-9010-00001",
        " 7999901000001 ",
    ] {
        assert!(warned(&[("法人番号", typed)]).is_empty(), "{typed}");
    }
    assert_eq!(warned(&[("法人番号", "")]), [FlagCode::CorporateNumberMissing]);
    assert_eq!(
        warned(&[("法人番号", "\u{3000}")]),
        [FlagCode::CorporateNumberMissing]
    );
    assert_eq!(
        warned(&[("法人番号", "799990100001")]),
        [FlagCode::CorporateNumberLength]
    );
    assert_eq!(
        warned(&[("法人番号", "申請中")]),
        [FlagCode::CorporateNumberLength]
    );
    assert_eq!(
        warned(&[("法人番号", "8999901000001")]),
        [FlagCode::CorporateNumberCheckDigit]
    );
    assert_eq!(
        warned(&[("区分", "その他団体"), ("法人番号", "")]),
        [FlagCode::CorporateNumberMissing]
    );
    assert!(warned(&[("区分", "個人事業主"), ("法人番号", "")]).is_empty());
}

#[test]
fn the_other_warnings() {
    assert_eq!(warned(&[("業種", "その他")]), [FlagCode::IndustryUnknown]);
    assert_eq!(warned(&[("業種", "")]), [FlagCode::IndustryUnknown]);
    assert_eq!(warned(&[("従業員数", "")]), [FlagCode::EmployeesMissing]);
    assert!(warned(&[("従業員数", "0")]).is_empty());
    assert_eq!(
        warned(&[("従業員数", "20～30人")]),
        [FlagCode::EmployeesUnreadable]
    );
    assert!(
        warned(&[("基本方針URL", "弊社受付に掲示")]).is_empty(),
        "one star needs no policy"
    );
    assert_eq!(warned(&[("取組段階", "二つ星")]), [FlagCode::PolicyMissing]);
    assert_eq!(
        warned(&[("取組段階", "２"), ("基本方針URL", "弊社受付に掲示")]),
        [FlagCode::PolicyNotUrl]
    );
    assert!(warned(&[("取組段階", "★★"), ("基本方針URL", "https://example.jp/policy")]).is_empty());
    assert_eq!(warned(&[("メール", " ")]), [FlagCode::EmailMissing]);
    assert_eq!(
        warned(&[("メール", "info.example.jp")]),
        [FlagCode::EmailUnreadable]
    );
    assert_eq!(
        warned(&[("メール", "taro..1.@docomo.example.jp")]),
        [FlagCode::EmailNotRfc]
    );
    assert!(warned(&[("メール", "ｉｎｆｏ＠ＥＸＡＭＰＬＥ．ｊｐ")]).is_empty());
    assert_eq!(warned(&[("状態", "廃業")]), [FlagCode::StoppedDateMissing]);
    assert_eq!(
        warned(&[("状態", "廃業"), ("停止日", "2020/2/30")]),
        [FlagCode::StoppedDateMissing]
    );
    assert!(warned(&[("状態", "廃業"), ("停止日", "R2.3.1")]).is_empty());
}

#[test]
fn a_name_that_hides_or_turns_text_is_kept_as_typed_with_a_warning() {
    for name in [
        "みほん\u{202E}商会",
        "みほん\u{2066}商会",
        "みほん\u{7}商会",
        "みほん\u{E0041}商会",
    ] {
        for column in ["事業者名", "フリガナ", "屋号", "代表者名", "担当者名"] {
            let (row, warnings) = accepted(&[(column, name)]);
            let warning = warnings
                .iter()
                .find(|warning| warning.flag == FlagCode::NameCharacters)
                .unwrap_or_else(|| panic!("{column}: {name:?}"));
            assert_eq!(warning.column, column);
            assert_eq!(warning.found.reveal(), name);
            assert!(row.flags().contains(&FlagCode::NameCharacters));
        }
    }
    for name in [
        "みほん\t商会",
        "みほん\n商会",
        "葛\u{E0100}城商会",
        "みほん\u{3000}商会",
    ] {
        assert!(warned(&[("事業者名", name)]).is_empty(), "{name:?}");
    }
    let row = accepted(&[("事業者名", "みほん\u{202E}商会")]).0;
    assert_eq!(row.typed(Field::Name), "みほん\u{202E}商会");
}

#[test]
fn a_warning_names_its_column_and_what_stands_there() {
    let (_, warnings) = accepted(&[("従業員数", "多数")]);
    assert_eq!(
        (warnings[0].column, warnings[0].found.reveal().as_str()),
        ("従業員数", "多数")
    );
    let (_, warnings) = accepted(&[("状態", "停止"), ("停止日", "春頃")]);
    assert_eq!(
        (warnings[0].column, warnings[0].found.reveal().as_str()),
        ("停止日", "春頃")
    );
}

#[test]
fn where_the_kind_is_not_said_the_row_lets_conclude_it() {
    let kind = |entries: &[(&str, &str)]| accepted(entries).0.entity_type();
    assert_eq!(
        kind(&[("区分", ""), ("事業者名", "㈲みほん"), ("法人番号", "")]),
        EntityType::Corporation
    );
    assert_eq!(
        kind(&[("区分", "?"), ("事業者名", "ＮＰＯ法人みほん"), ("法人番号", "")]),
        EntityType::OtherBody
    );
    assert_eq!(
        kind(&[("区分", ""), ("事業者名", "みほん")]),
        EntityType::Corporation
    );
    assert_eq!(
        kind(&[("区分", ""), ("事業者名", "見本 太郎"), ("法人番号", "")]),
        EntityType::SoleTrader
    );
}

#[test]
fn everything_is_kept_as_typed_but_for_nul() {
    let (row, _) = accepted(&[
        ("事業者名", "\u{3000}㈱みほん\0 "),
        ("備考", "=1+1\r\n\t\"引用\""),
    ]);
    assert_eq!(row.typed(Field::Name), "\u{3000}㈱みほん ");
    assert_eq!(row.value(Field::Name), Some("㈱みほん"));
    assert_eq!(row.typed(Field::Remarks), "=1+1\r\n\t\"引用\"");
}

#[test]
fn rows_accepted_before_decide_between_repeat_conflict_and_duplicate() {
    let (live, _) = accepted(&[]);
    let (stopped, _) = accepted(&[("状態", "廃業"), ("停止日", "2020-01-01")]);
    assert_eq!(judge(&live, Earlier::Never, false), Verdict::Accept(None));
    assert_eq!(judge(&live, Earlier::SameRow, true), Verdict::IdenticalRepeat);
    assert!(
        matches!(judge(&live, Earlier::OtherContent, false), Verdict::Refuse(refusal) if refusal.code == RefusalCode::DeclarationNoConflict)
    );
    assert!(
        matches!(judge(&live, Earlier::Never, true), Verdict::Accept(Some(warning)) if warning.flag == FlagCode::CorporateNumberDuplicate)
    );
    assert_eq!(
        judge(&stopped, Earlier::Never, true),
        Verdict::Accept(None),
        "what is stopped is nobody's second live one"
    );
}

#[test]
fn rows_that_differ_in_any_cell_have_different_fingerprints() {
    let bytes = |entries: &[(&str, &str)]| accepted(entries).0.fingerprint_bytes().clone();
    assert_eq!(bytes(&[]), bytes(&[]));
    assert_ne!(bytes(&[]), bytes(&[("備考", " ")]));
    assert_ne!(
        bytes(&[("番地", "ab"), ("建物", "c")]),
        bytes(&[("番地", "a"), ("建物", "bc")])
    );
}

#[test]
fn every_code_says_a_sentence_in_both_languages() {
    let words = RefusalCode::ALL
        .iter()
        .map(|code| code.words())
        .chain(FlagCode::ALL.iter().map(|code| code.words()));
    for words in words {
        assert!(
            words.japanese.ends_with('。') && words.english.ends_with('.'),
            "{words:?}"
        );
    }
}

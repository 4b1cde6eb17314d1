//! Persons and what is kept about them in Japanese, for sheets and letters.

use domain::declaration::Role;

/// Somebody in a record.
pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Representative => "代表者",
        Role::Contact => "担当者",
        Role::SoleTrader => "個人事業主",
        Role::Remarks => "備考・メモ",
    }
}

/// What was shown, by its code in the record of reads; a code of another version as it is.
pub(crate) fn part_word(part: &str) -> &str {
    match part {
        "sole_trader_name" => "個人事業主の氏名",
        "premises" => "個人事業主の住所",
        "representative" => role_word(Role::Representative),
        "contact" => role_word(Role::Contact),
        "free_text" => role_word(Role::Remarks),
        "mail" => "メール",
        "case" => "案件の内容",
        "import" => "取り込みのファイル",
        "bulk_change" => "一括変更の理由・メモ",
        "export" => "書き出しの用途・検索した言葉",
        "inquiry" => "問い合わせ",
        "account" => "職員アカウント",
        other => other,
    }
}

//! 公表同意: yes or no in the spellings of old registers.

use super::plain;

/// Whether the declarer agreed; `None` when it cannot be told, which must count as no.
pub fn read_consent(typed: &str) -> Option<bool> {
    match plain::compact(typed).to_lowercase().as_str() {
        "同意" | "同意する" | "同意します" | "同意済" | "同意あり" | "○" | "〇" | "◯" | "◎" | "1" | "yes"
        | "y" | "true" | "可" | "はい" | "有" | "あり" | "する" | "公表" | "公開" | "レ" | "✓" | "✔"
        | "☑" => Some(true),
        "同意しない" | "同意しません" | "同意なし" | "不同意" | "×" | "✕" | "x" | "✗" | "0" | "no" | "n"
        | "false" | "不可" | "否" | "いいえ" | "無" | "なし" | "しない" | "非公表" | "非公開" | "☐" => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_is_read_in_its_spellings_and_never_guessed() {
        for typed in ["同意", "○", "〇", "1", "１", "YES"] {
            assert_eq!(read_consent(typed), Some(true), "{typed}");
        }
        for typed in ["同意しない", "×", "0", "非公表"] {
            assert_eq!(read_consent(typed), Some(false), "{typed}");
        }
        for typed in ["", "?", "未確認", "2"] {
            assert_eq!(read_consent(typed), None, "{typed}");
        }
    }
}

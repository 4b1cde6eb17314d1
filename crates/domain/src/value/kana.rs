//! フリガナ: full-width katakana, whatever it was typed in.

use unicode_normalization::UnicodeNormalization as _;

use super::plain;

/// Full-width katakana from half width and hiragana; spaces inside become one full-width space.
/// `None` when something in it is no reading, such as a Chinese character.
pub fn normal_kana(typed: &str) -> Option<String> {
    let mut normal = String::with_capacity(typed.len());
    let mut gap = false;
    for c in plain::trim(typed).nfkc() {
        if plain::is_empty_mark(c) {
            gap = true;
            continue;
        }
        if gap && !normal.is_empty() {
            normal.push('\u{3000}');
        }
        gap = false;
        normal.push(match to_katakana(c) {
            dash if plain::is_dash(dash) => 'ー',
            kana @ ('ァ'..='ヺ' | '・' | 'ヽ' | 'ヾ') => kana,
            // Names such as Ａ＆Ｂ keep their letters and signs.
            sign if sign.is_ascii_graphic() => sign,
            _ => return None,
        });
    }
    (!normal.is_empty()).then_some(normal)
}

/// Hiragana to katakana; every other character as it is.
pub const fn to_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => match char::from_u32(c as u32 + 0x60) {
            Some(kana) => kana,
            None => c,
        },
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_and_hiragana_become_full_width_katakana() {
        assert_eq!(normal_kana("ｵｰｼｬﾝｼｶｲｲﾝ"), Some("オーシャンシカイイン".to_owned()));
        assert_eq!(normal_kana("ｶﾞｷﾞﾊﾟ"), Some("ガギパ".to_owned()));
        assert_eq!(
            normal_kana("みほん\u{3000} せいさくしょ"),
            Some("ミホン\u{3000}セイサクショ".to_owned())
        );
        assert_eq!(normal_kana("サ－バ−"), Some("サーバー".to_owned()));
        assert_eq!(normal_kana("エー＆ビー２１"), Some("エー&ビー21".to_owned()));
    }

    #[test]
    fn what_is_no_reading_is_not_read() {
        assert_eq!(normal_kana("見本製作所"), None);
        assert_eq!(normal_kana("  "), None);
    }
}

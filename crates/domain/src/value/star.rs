//! 取組段階 and the text that was pledged.

use super::plain;
use crate::wire::wire_enum;

wire_enum! {
    /// How far a declarer says to have come. Only these two can be declared.
    Star {
        /// 一つ星.
        One = "one",
        /// 二つ星.
        Two = "two",
    }
}

wire_enum! {
    /// Which text was pledged. The sixth rule (back up) came in 2026.
    PledgeVersion {
        /// 5か条.
        FiveRules = "five_rules",
        /// 6か条.
        SixRules = "six_rules",
    }
}

impl Star {
    /// Reads a star in the spellings of old registers; `None` for everything else, three stars included.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed).to_lowercase().replace('☆', "★");
        let drawn = folded.chars().filter(|c| *c == '★').count();
        let core: String = folded.chars().filter(|c| !"★()[]「」【】".contains(*c)).collect();
        let written = if core.is_empty() {
            None
        } else {
            Some(Self::parse_words(&core)?)
        };
        match (drawn, written) {
            (1, None | Some(Self::One)) | (0, Some(Self::One)) => Some(Self::One),
            // ★2 and 二つ星(★★) both say two; ★1★2, 一つ星★★ and the like say nothing.
            (2, None) | (0..=2, Some(Self::Two)) => Some(Self::Two),
            _ => None,
        }
    }

    fn parse_words(core: &str) -> Option<Self> {
        let count = core
            .trim_start_matches('星')
            .trim_start_matches(['×', 'x', '*'])
            .trim_end_matches("stars")
            .trim_end_matches("star")
            .trim_end_matches("ぼし")
            .trim_end_matches("ほし")
            .trim_end_matches("ボシ")
            .trim_end_matches("ホシ")
            .trim_end_matches("boshi")
            .trim_end_matches('星')
            .trim_end_matches("tsu")
            .trim_end_matches(['つ', 'ツ', 'っ', 'ッ', '個']);
        match count {
            "1" | "一" | "ひと" | "ヒト" | "壱" | "one" | "hito" | "i" => Some(Self::One),
            "2" | "二" | "ふた" | "フタ" | "弐" | "two" | "futa" | "ii" => Some(Self::Two),
            _ => None,
        }
    }
}

impl PledgeVersion {
    /// Reads `5か条`, `六箇条`, `5kajo-2019` and their like.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed).to_lowercase();
        if let Some(version) = Self::from_code(&folded) {
            return Some(version);
        }
        match folded
            .strip_suffix("条")
            .map(|rest| rest.trim_end_matches(['か', 'ヶ', 'ヵ', 'カ', 'ケ', '箇', 'ヵ']))
        {
            Some("5" | "五") => Some(Self::FiveRules),
            Some("6" | "六") => Some(Self::SixRules),
            _ if folded.starts_with("5kajo") => Some(Self::FiveRules),
            _ if folded.starts_with("6kajo") => Some(Self::SixRules),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_in_every_spelling() {
        for typed in [
            "★",
            "１",
            "1",
            "ひとつ星",
            "一つ星",
            "一ツ星",
            "1つ星",
            "★1",
            "★（一つ星）",
            "☆",
            " ★\u{3000}",
            "One Star",
            "ヒトツ星",
            "星1",
            "一つ星（★）",
            "①",
            "Ⅰ",
            "ﾋﾄﾂﾎﾞｼ",
            "hitotsuboshi",
        ] {
            assert_eq!(Star::parse(typed), Some(Star::One), "{typed}");
        }
    }

    #[test]
    fn two_stars_in_every_spelling() {
        for typed in [
            "★★",
            "２",
            "2",
            "ふたつ星",
            "二つ星",
            "★★二つ星",
            "★2",
            "２つ星",
            "two stars",
            "★ ★",
            "ふたつぼし",
            "二つ星（★★）",
            "二つ星★★",
            "★×2",
            "②",
            "Ⅱ",
            "futatsuboshi",
        ] {
            assert_eq!(Star::parse(typed), Some(Star::Two), "{typed}");
        }
    }

    #[test]
    fn nothing_else_is_a_star() {
        for typed in [
            "",
            " ",
            "★★★",
            "三つ星",
            "3",
            "0",
            "★3",
            "★★1",
            "一つ星★★",
            "★1★2",
            "二つ星（★★★）",
            "12",
            "なし",
            "つ星",
            "星",
        ] {
            assert_eq!(Star::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn pledges_in_their_spellings() {
        for typed in ["5か条", "５ヶ条", "五箇条", "5kajo-2019", "five_rules"] {
            assert_eq!(
                PledgeVersion::parse(typed),
                Some(PledgeVersion::FiveRules),
                "{typed}"
            );
        }
        assert_eq!(PledgeVersion::parse("6か条"), Some(PledgeVersion::SixRules));
        assert_eq!(PledgeVersion::parse("7か条"), None);
    }
}

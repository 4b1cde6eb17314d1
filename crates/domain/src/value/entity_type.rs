//! 区分: what kind of declarer.

use super::plain;
use crate::wire::wire_enum;

wire_enum! {
    /// What kind of declarer.
    EntityType {
        /// 法人.
        Corporation = "corporation",
        /// 個人事業主.
        SoleTrader = "sole_trader",
        /// その他団体.
        OtherBody = "other_body",
    }
}

impl EntityType {
    /// Reads the kind; `None` when it is none of the known words.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed);
        match folded.as_str() {
            "法人" | "会社" | "企業" => Some(Self::Corporation),
            "個人事業主" | "個人事業者" | "個人事業" | "個人" | "自営業" => {
                Some(Self::SoleTrader)
            }
            "その他団体" | "その他の団体" | "その他" | "団体" => Some(Self::OtherBody),
            _ => Self::from_code(&folded.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_with_spaces_and_codes() {
        assert_eq!(EntityType::parse(" 法人\u{3000}"), Some(EntityType::Corporation));
        assert_eq!(EntityType::parse("個人 事業主"), Some(EntityType::SoleTrader));
        assert_eq!(EntityType::parse("その他団体"), Some(EntityType::OtherBody));
        assert_eq!(EntityType::parse("OTHER_BODY"), Some(EntityType::OtherBody));
        assert_eq!(EntityType::parse("不明"), None);
    }
}

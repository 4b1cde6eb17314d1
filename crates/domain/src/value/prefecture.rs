//! 都道府県 as JIS X 0401 numbers them.

use super::plain;

/// One of the 47 prefectures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefecture(u8);

/// In the order of JIS X 0401, which is their code minus one.
const NAMES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// Their codes as text, so that a code can be borrowed for ever.
const CODES: [&str; 47] = [
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34",
    "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47",
];

impl Prefecture {
    /// All of them, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..47).map(Self)
    }

    /// The one with that code of two digits.
    pub fn from_code(code: &str) -> Option<Self> {
        let index = CODES.iter().position(|known| *known == code)?;
        u8::try_from(index).ok().map(Self)
    }

    /// Reads a name, with 都, 府 or 県 or without, or a code.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed);
        Self::all().find(|prefecture| {
            let name = prefecture.name();
            folded == name || folded == prefecture.short_name() || folded == prefecture.code()
        })
    }

    /// Two digits.
    pub const fn code(self) -> &'static str {
        CODES[self.0 as usize]
    }

    /// The full name, for example 東京都.
    pub const fn name(self) -> &'static str {
        NAMES[self.0 as usize]
    }

    fn short_name(self) -> &'static str {
        // 道 belongs to the name of 北海道; 京都府 without 府 is 京都, of which nothing more may be cut.
        self.name()
            .strip_suffix(['都', '府', '県'])
            .unwrap_or(self.name())
    }
}

impl serde::Serialize for Prefecture {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Prefecture {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom("no prefecture has the code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_read_by_name_by_short_name_and_by_code() {
        assert_eq!(Prefecture::all().count(), 47);
        for prefecture in Prefecture::all() {
            for typed in [prefecture.name(), prefecture.short_name(), prefecture.code()] {
                assert_eq!(Prefecture::parse(typed), Some(prefecture), "{typed}");
            }
        }
        assert_eq!(Prefecture::parse("東京").map(Prefecture::code), Some("13"));
        assert_eq!(Prefecture::parse("京都").map(Prefecture::name), Some("京都府"));
        assert_eq!(
            Prefecture::parse(" 沖縄\u{3000}県").map(Prefecture::code),
            Some("47")
        );
    }

    #[test]
    fn others_are_not_read() {
        for typed in ["", "北海", "満州", "48", "1", "海外"] {
            assert_eq!(Prefecture::parse(typed), None, "{typed}");
        }
    }
}

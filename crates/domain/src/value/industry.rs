//! 業種: the divisions A to T of the Japan Standard Industrial Classification (2023).

use std::sync::LazyLock;

use super::plain;

/// A division of JSIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry(u8);

/// In the order of their letters.
const NAMES: [&str; 20] = [
    "農業，林業",
    "漁業",
    "鉱業，採石業，砂利採取業",
    "建設業",
    "製造業",
    "電気・ガス・熱供給・水道業",
    "情報通信業",
    "運輸業，郵便業",
    "卸売業，小売業",
    "金融業，保険業",
    "不動産業，物品賃貸業",
    "学術研究，専門・技術サービス業",
    "宿泊業，飲食サービス業",
    "生活関連サービス業，娯楽業",
    "教育，学習支援業",
    "医療，福祉",
    "複合サービス事業",
    "サービス業（他に分類されないもの）",
    "公務（他に分類されるものを除く）",
    "分類不能の産業",
];

/// The names as they are compared.
static BARE_NAMES: LazyLock<[String; 20]> =
    LazyLock::new(|| NAMES.map(|name| without_marks(&plain::compact(name))));

impl Industry {
    /// All of them, in the order of their letters.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..20).map(Self)
    }

    /// The division of that upper-case letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::all().find(|industry| industry.letter() == letter)
    }

    /// Reads a letter (`E`), a letter with the name (`E 製造業`) or the name, with commas of any width.
    /// `None` for everything else, and for a letter with the name of another division.
    pub fn parse(typed: &str) -> Option<Self> {
        let bare = without_marks(&plain::compact(typed));
        if let Some(industry) = Self::by_bare_name(&bare) {
            return Some(industry);
        }
        let mut rest = bare.chars();
        let industry = Self::from_letter(rest.next()?.to_ascii_uppercase())?;
        let name = rest.as_str();
        (name.is_empty() || Self::by_bare_name(name) == Some(industry)).then_some(industry)
    }

    fn by_bare_name(bare: &str) -> Option<Self> {
        Self::all().find(|industry| BARE_NAMES[usize::from(industry.0)] == bare)
    }

    /// `A` to `T`.
    pub fn letter(self) -> char {
        char::from(b'A' + self.0)
    }

    /// The official name.
    pub const fn name(self) -> &'static str {
        NAMES[self.0 as usize]
    }
}

/// Without the marks that people put or leave out: commas, dots, brackets.
fn without_marks(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(
                c,
                ',' | '、' | '，' | '.' | '。' | '・' | '(' | ')' | ':' | '-' | '_' | '/'
            )
        })
        .collect()
}

impl serde::Serialize for Industry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_char(self.letter())
    }
}

impl<'de> serde::Deserialize<'de> for Industry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let letter = char::deserialize(deserializer)?;
        Self::from_letter(letter).ok_or_else(|| serde::de::Error::custom("no division has the letter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_division_is_read_by_letter_by_name_and_by_both() {
        for industry in Industry::all() {
            let (letter, name) = (industry.letter(), industry.name());
            let half = name.replace('，', ",");
            for typed in [
                letter.to_string(),
                name.to_owned(),
                half,
                format!("{letter} {name}"),
                format!("{letter}：{name}"),
            ] {
                assert_eq!(Industry::parse(&typed), Some(industry), "{typed}");
            }
        }
        assert_eq!(
            Industry::parse("ｅ\u{3000}製造業").map(Industry::letter),
            Some('E')
        );
        assert_eq!(Industry::parse("卸売業、小売業").map(Industry::letter), Some('I'));
    }

    #[test]
    fn others_are_unknown() {
        for typed in ["", "その他", "U", "EE", "E 建設業", "サービス業", "製造"] {
            assert_eq!(Industry::parse(typed), None, "{typed}");
        }
    }
}

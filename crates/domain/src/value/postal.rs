//! Postal codes and telephone numbers.

use super::plain;

/// 郵便番号: seven digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalCode(String);

impl PostalCode {
    /// Reads seven digits, grouped or not, with or without 〒.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::ungrouped(typed);
        let digits = folded.trim_start_matches(['〒', '〶']);
        plain::is_digits(digits, 7).then(|| Self(digits.to_owned()))
    }

    /// The seven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 電話: ten or eleven digits beginning with 0. Personal: has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Reads a Japanese number, grouped as people like, with `+81` for the leading 0.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::ungrouped(typed);
        let folded = folded
            .strip_prefix("TEL")
            .unwrap_or(&folded)
            .trim_start_matches([':', '.']);
        let bare: String = folded.chars().filter(|c| !matches!(c, '(' | ')' | '.')).collect();
        let national = match bare.strip_prefix("+81") {
            Some(rest) => format!("0{}", rest.trim_start_matches('0')),
            None => bare,
        };
        let readable =
            national.starts_with('0') && (plain::is_digits(&national, 10) || plain::is_digits(&national, 11));
        readable.then_some(Self(national))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postal_codes_with_and_without_marks() {
        for typed in ["100-0000", "１０００００0", "〒100−0000", " 100 0000"] {
            assert_eq!(
                PostalCode::parse(typed).map(|c| c.as_str().to_owned()),
                Some("1000000".to_owned()),
                "{typed}"
            );
        }
        assert_eq!(PostalCode::parse("100-000"), None);
    }

    #[test]
    fn telephone_numbers_with_and_without_groups() {
        for typed in [
            "03-0000-0000",
            "０３（００００）００００",
            "+81-3-0000-0000",
            "TEL:03.0000.0000",
        ] {
            assert_eq!(
                Phone::parse(typed).map(|p| p.as_str().to_owned()),
                Some("0300000000".to_owned()),
                "{typed}"
            );
        }
        assert!(Phone::parse("0000").is_none());
        assert!(Phone::parse("内線12").is_none());
    }
}

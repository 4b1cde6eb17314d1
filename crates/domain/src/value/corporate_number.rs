//! 法人番号: 13 digits, the first of which checks the other twelve.

use std::{fmt, str::FromStr};

use super::plain;

/// A corporate number whose check digit is right. Public by nature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorporateNumber(String);

/// Why a text is no corporate number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorporateNumberError {
    /// Nothing there.
    #[error("no corporate number given")]
    Missing,
    /// Not 13 digits.
    #[error("not 13 digits")]
    Length,
    /// The first digit does not fit the other twelve.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl CorporateNumber {
    /// Reads a number as people type it: full width, grouped, with the `T` of an invoice registration before it.
    pub fn parse(typed: &str) -> Result<Self, CorporateNumberError> {
        if plain::is_blank(typed) {
            return Err(CorporateNumberError::Missing);
        }
        let folded = plain::ungrouped(typed);
        let digits = folded.strip_prefix(['T', 't']).unwrap_or(&folded);
        if !plain::is_digits(digits, 13) {
            return Err(CorporateNumberError::Length);
        }
        if digits.as_bytes()[0] != check_digit(&digits.as_bytes()[1..]) {
            return Err(CorporateNumberError::CheckDigit);
        }
        Ok(Self(digits.to_owned()))
    }

    /// The thirteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The check digit of a base of twelve ASCII digits, as an ASCII digit: 9 − (Σ Pn·Qn mod 9), n counted from the
/// right, Qn = 1 for odd n and 2 for even n.
fn check_digit(base: &[u8]) -> u8 {
    let sum: u32 = base
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| u32::from(digit - b'0') * if i % 2 == 0 { 1 } else { 2 })
        .sum();
    b'9' - u8::try_from(sum % 9).expect("a remainder of nine fits a byte")
}

impl fmt::Display for CorporateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CorporateNumber {
    type Err = CorporateNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass() {
        for number in [
            "7999901000001",
            "6999901000002",
            "6999903000017",
            "1999905123456",
            "1999902987654",
        ] {
            assert_eq!(
                CorporateNumber::parse(number).map(|n| n.to_string()),
                Ok(number.to_owned())
            );
        }
    }

    #[test]
    fn a_leading_t_full_width_digits_and_groups_are_dropped() {
        for typed in [
            "T7999901000001",
            "ｔ７９９９９０１０００００１",
            "7999-9010-00001",
            " Ｔ 7 9999 0100 0001",
        ] {
            assert_eq!(
                CorporateNumber::parse(typed).map(|n| n.to_string()),
                Ok("7999901000001".to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn length_and_check_digit_are_told_apart() {
        assert_eq!(CorporateNumber::parse(""), Err(CorporateNumberError::Missing));
        assert_eq!(
            CorporateNumber::parse("799990100000"),
            Err(CorporateNumberError::Length)
        );
        assert_eq!(CorporateNumber::parse("なし"), Err(CorporateNumberError::Length));
        assert_eq!(
            CorporateNumber::parse("TT7999901000001"),
            Err(CorporateNumberError::Length)
        );
        assert_eq!(
            CorporateNumber::parse("8999901000001"),
            Err(CorporateNumberError::CheckDigit)
        );
        assert_eq!(
            CorporateNumber::parse("0999901000001"),
            Err(CorporateNumberError::CheckDigit)
        );
    }
}

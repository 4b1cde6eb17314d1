//! 自己宣言ID: 11 digits, the first of which is the generation of the system. Looked up, never computed.

use std::fmt;

use super::plain;

/// The number of a declaration: 11 digits that begin with 4 (old system) or 5. It is a text, not a number:
/// no check digit is known, so none is assumed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeclarationNo(String);

/// Why a text is no declaration number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeclarationNoError {
    /// Nothing there.
    #[error("no declaration number given")]
    Missing,
    /// Not 11 digits beginning with 4 or 5.
    #[error("not 11 digits that begin with 4 or 5")]
    Shape,
}

impl DeclarationNo {
    /// Reads a number as people type it: full width, grouped by hyphens or spaces of any kind.
    pub fn parse(typed: &str) -> Result<Self, DeclarationNoError> {
        if plain::is_blank(typed) {
            return Err(DeclarationNoError::Missing);
        }
        let digits = plain::ungrouped(typed);
        if plain::is_digits(&digits, 11) && (digits.starts_with('4') || digits.starts_with('5')) {
            Ok(Self(digits))
        } else {
            Err(DeclarationNoError::Shape)
        }
    }

    /// A number of the new system, from its ten last digits; `None` for more of them.
    pub fn of_serial(serial: u64) -> Option<Self> {
        (serial < Self::SERIALS).then(|| Self(format!("5{serial:010}")))
    }

    /// How many numbers the new system has.
    pub const SERIALS: u64 = 10_000_000_000;

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeclarationNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_one_number() {
        for typed in [
            "59990000017",
            "５９９９００００017",
            "599-9000-0017",
            " 5999 0000 017 ",
            "599ー9000−0017",
        ] {
            assert_eq!(
                DeclarationNo::parse(typed).map(|n| n.to_string()),
                Ok("59990000017".to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        assert_eq!(
            DeclarationNo::parse(" \u{3000}"),
            Err(DeclarationNoError::Missing)
        );
        for typed in [
            "-",
            "399900000017",
            "39990000017",
            "5999000001",
            "599900000170",
            "4.7E+10",
            "四七〇",
            "ID",
        ] {
            assert_eq!(
                DeclarationNo::parse(typed),
                Err(DeclarationNoError::Shape),
                "{typed}"
            );
        }
    }
}

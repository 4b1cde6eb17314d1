//! What becomes of firings that were due while nothing ran.

use std::{fmt, str::FromStr};

use super::is_number;

/// What becomes of missed firings. As text: `skip`, `once`, `all:N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misfire {
    /// They do not fire.
    Skip,
    /// One firing makes up for all of them.
    Once,
    /// They fire, the newest so many.
    All {
        /// How many at most: 1 to 10,000.
        at_most: u32,
    },
}

/// Why a text or a number is no such policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MisfireError {
    /// It names no policy.
    #[error("{0:?} is no policy for missed firings; write skip, once or all:N, such as all:100")]
    Unknown(String),
    /// Too few or too many are to fire.
    #[error("all:{at_most} is out of range; write a number from 1 to {max}", max = Misfire::MOST)]
    OutOfRange {
        /// The number given; the largest there is when it was larger still.
        at_most: u32,
    },
}

impl Misfire {
    /// The most missed firings that may fire.
    pub const MOST: u32 = 10_000;

    /// Checks the number of [`Misfire::All`].
    pub(super) fn check(self) -> Result<Self, MisfireError> {
        match self {
            Self::All { at_most } if !(1..=Self::MOST).contains(&at_most) => {
                Err(MisfireError::OutOfRange { at_most })
            }
            _ => Ok(self),
        }
    }
}

impl fmt::Display for Misfire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skip => f.write_str("skip"),
            Self::Once => f.write_str("once"),
            Self::All { at_most } => write!(f, "all:{at_most}"),
        }
    }
}

impl FromStr for Misfire {
    type Err = MisfireError;

    fn from_str(text: &str) -> Result<Self, MisfireError> {
        match text.split_once(':') {
            None if text == "skip" => Ok(Self::Skip),
            None if text == "once" => Ok(Self::Once),
            Some(("all", number)) if is_number(number) => {
                let at_most = number.parse().unwrap_or(u32::MAX);
                Self::All { at_most }.check()
            }
            _ => Err(MisfireError::Unknown(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_reads_back_as_it_is_written() {
        for (text, policy) in [
            ("skip", Misfire::Skip),
            ("once", Misfire::Once),
            ("all:1", Misfire::All { at_most: 1 }),
            ("all:10000", Misfire::All { at_most: 10_000 }),
        ] {
            assert_eq!(text.parse(), Ok(policy));
            assert_eq!(policy.to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_a_policy() {
        for text in [
            "", "all", "all:", "all:-1", "all:+1", "all:x", "Skip", "once:1", "skip:",
        ] {
            assert_eq!(
                text.parse::<Misfire>(),
                Err(MisfireError::Unknown(text.to_owned())),
                "{text}"
            );
        }
        for (text, at_most) in [("all:0", 0), ("all:10001", 10_001), ("all:99999999999", u32::MAX)] {
            assert_eq!(
                text.parse::<Misfire>(),
                Err(MisfireError::OutOfRange { at_most }),
                "{text}"
            );
        }
    }
}

//! The languages that the office writes to others in.

use chrono::{Datelike as _, NaiveDate};

use crate::wire::wire_enum;

wire_enum! {
    /// In which language a text is.
    Language {
        /// Japanese.
        Ja = "ja",
        /// English.
        En = "en",
    }
}

impl Language {
    /// A day as people write it.
    pub fn day(self, day: NaiveDate) -> String {
        match self {
            Self::Ja => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
            Self::En => day.format("%-d %B %Y").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_without_noughts() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
        assert_eq!(Language::Ja.day(day), "2026年4月1日");
        assert_eq!(Language::En.day(day), "1 April 2026");
    }
}

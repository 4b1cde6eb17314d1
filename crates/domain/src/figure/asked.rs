//! For which days figures are given.

use chrono::{Months, NaiveDate};

/// The day on which the programme began.
pub const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2017, 4, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// As far ahead as a stop can be planned: beyond that nothing is known that is not known of its last day.
const MONTHS_AHEAD: Months = Months::new(24);

/// Why there are no figures for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AsOfError {
    /// The programme had not begun.
    #[error("the programme began on {FIRST_DAY}")]
    BeforeTheProgramme,
    /// Nobody plans so far ahead.
    #[error("figures are given for days until {latest}")]
    TooFarAhead {
        /// The last day.
        latest: NaiveDate,
    },
}

/// The last day for which there are figures.
pub fn latest_day(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(MONTHS_AHEAD).unwrap_or(today)
}

/// The day that figures are asked for; without one, today.
pub fn read_as_of(asked: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, AsOfError> {
    let day = asked.unwrap_or(today);
    let latest = latest_day(today);
    if day < FIRST_DAY {
        return Err(AsOfError::BeforeTheProgramme);
    }
    if day > latest {
        return Err(AsOfError::TooFarAhead { latest });
    }
    Ok(day)
}

/// Whether figures for a day are plans: what is recorded until now, and the stops that are planned until then.
pub fn is_planned(day: NaiveDate, today: NaiveDate) -> bool {
    day > today
}

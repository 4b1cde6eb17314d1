//! The part of the configuration that is about requests of data subjects and incidents.

use app::CaseRules;
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasesLayer {
    /// See [`CaseRules::moves_last_day`].
    pub moves_last_day: Option<bool>,
    /// See [`CaseRules::reportable_persons`].
    pub reportable_persons: Option<u32>,
    /// See [`CaseRules::keep_years`].
    pub keep_years: Option<u32>,
}

impl CasesLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            moves_last_day: self.moves_last_day.or(below.moves_last_day),
            reportable_persons: self.reportable_persons.or(below.reportable_persons),
            keep_years: self.keep_years.or(below.keep_years),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_CASES_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        match key {
            "MOVES_LAST_DAY" => {
                self.moves_last_day = Some(match value {
                    "true" => true,
                    "false" => false,
                    _ => return Err(bad("cases.moves_last_day", value, "true or false")),
                });
            }
            "REPORTABLE_PERSONS" => {
                let number = value.parse();
                self.reportable_persons = Some(number.map_err(|_| bad(PERSONS, value, PERSONS_EXPECTED))?);
            }
            "KEEP_YEARS" => {
                let number = value.parse();
                self.keep_years = Some(number.map_err(|_| bad(YEARS, value, YEARS_EXPECTED))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The rules, with what is missing as it is shipped.
    pub fn read(self) -> Result<CaseRules, ConfigError> {
        let shipped = CaseRules::default();
        let persons = self.reportable_persons.unwrap_or(shipped.reportable_persons);
        if !(1..=1_000_000).contains(&persons) {
            return Err(bad(PERSONS, &persons.to_string(), PERSONS_EXPECTED));
        }
        let keep_years = self.keep_years.unwrap_or(shipped.keep_years);
        if !(1..=30).contains(&keep_years) {
            return Err(bad(YEARS, &keep_years.to_string(), YEARS_EXPECTED));
        }
        Ok(CaseRules {
            moves_last_day: self.moves_last_day.unwrap_or(shipped.moves_last_day),
            reportable_persons: persons,
            keep_years,
        })
    }
}

const YEARS: &str = "cases.keep_years";
const YEARS_EXPECTED: &str = "a number from 1 to 30";
const PERSONS: &str = "cases.reportable_persons";
const PERSONS_EXPECTED: &str = "a number from 1 to 1000000";

fn bad(key: &'static str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_owned(),
        expected,
    }
}

//! The part of the configuration that is about files that leave with a view of the register.

use app::export::ExportRules;
use serde::Deserialize;

use super::ConfigError;

/// More records than this are in no register.
const MOST: u64 = 10_000_000;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportLayer {
    /// See [`ExportRules::approval_above`].
    pub approval_above: Option<u64>,
    /// See [`ExportRules::personal_approval_above`].
    pub personal_approval_above: Option<u64>,
}

impl ExportLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            approval_above: self.approval_above.or(below.approval_above),
            personal_approval_above: self.personal_approval_above.or(below.personal_approval_above),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_EXPORT_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        let (place, key) = match key {
            "APPROVAL_ABOVE" => (&mut self.approval_above, APPROVAL),
            "PERSONAL_APPROVAL_ABOVE" => (&mut self.personal_approval_above, PERSONAL),
            _ => return Ok(false),
        };
        let number = value.parse();
        *place = Some(number.map_err(|_| bad(key, value))?);
        Ok(true)
    }

    /// The rules, with what is missing as it is shipped.
    pub fn read(self) -> Result<ExportRules, ConfigError> {
        let shipped = ExportRules::default();
        let read = |key, number: Option<u64>, shipped| match number {
            Some(number) if number > MOST => Err(bad(key, &number.to_string())),
            number => Ok(number.unwrap_or(shipped)),
        };
        Ok(ExportRules {
            approval_above: read(APPROVAL, self.approval_above, shipped.approval_above)?,
            personal_approval_above: read(
                PERSONAL,
                self.personal_approval_above,
                shipped.personal_approval_above,
            )?,
        })
    }
}

const APPROVAL: &str = "export.approval_above";
const PERSONAL: &str = "export.personal_approval_above";

fn bad(key: &'static str, value: &str) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_owned(),
        expected: "a number from 0 to 10000000",
    }
}

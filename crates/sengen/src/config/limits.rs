//! The part of the configuration that is about how much one account may read and take away.

use std::num::NonZeroU32;

use admin_api::AccountLimits;
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsLayer {
    /// See [`AccountLimits::personal_per_second`].
    pub personal_per_second: Option<u32>,
    /// See [`AccountLimits::personal_burst`].
    pub personal_burst: Option<u32>,
    /// See [`AccountLimits::exports_per_hour`].
    pub exports_per_hour: Option<u32>,
    /// See [`AccountLimits::uploads_per_hour`].
    pub uploads_per_hour: Option<u32>,
}

impl LimitsLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            personal_per_second: self.personal_per_second.or(below.personal_per_second),
            personal_burst: self.personal_burst.or(below.personal_burst),
            exports_per_hour: self.exports_per_hour.or(below.exports_per_hour),
            uploads_per_hour: self.uploads_per_hour.or(below.uploads_per_hour),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_LIMITS_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        let (place, name) = match key {
            "PERSONAL_PER_SECOND" => (&mut self.personal_per_second, "limits.personal_per_second"),
            "PERSONAL_BURST" => (&mut self.personal_burst, "limits.personal_burst"),
            "EXPORTS_PER_HOUR" => (&mut self.exports_per_hour, "limits.exports_per_hour"),
            "UPLOADS_PER_HOUR" => (&mut self.uploads_per_hour, "limits.uploads_per_hour"),
            _ => return Ok(false),
        };
        *place = Some(value.parse().map_err(|_| bad(name, value))?);
        Ok(true)
    }

    /// The limits, with what is missing as it is shipped.
    pub fn read(self) -> Result<AccountLimits, ConfigError> {
        let shipped = AccountLimits::default();
        let read = |value: Option<u32>, name, shipped: NonZeroU32| match value {
            None => Ok(shipped),
            Some(number) => NonZeroU32::new(number)
                .filter(|number| number.get() <= MOST)
                .ok_or_else(|| bad(name, &number.to_string())),
        };
        Ok(AccountLimits {
            personal_per_second: read(
                self.personal_per_second,
                "limits.personal_per_second",
                shipped.personal_per_second,
            )?,
            personal_burst: read(
                self.personal_burst,
                "limits.personal_burst",
                shipped.personal_burst,
            )?,
            exports_per_hour: read(
                self.exports_per_hour,
                "limits.exports_per_hour",
                shipped.exports_per_hour,
            )?,
            uploads_per_hour: read(
                self.uploads_per_hour,
                "limits.uploads_per_hour",
                shipped.uploads_per_hour,
            )?,
        })
    }
}

const MOST: u32 = 1_000_000;

fn bad(key: &'static str, value: &str) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_owned(),
        expected: "a number from 1 to 1000000",
    }
}

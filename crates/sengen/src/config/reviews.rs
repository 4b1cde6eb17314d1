//! The part of the configuration that is about what has to be reviewed.

use domain::review::ReviewRules;
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[expect(clippy::struct_field_names, reason = "the keys as they stand in the file")]
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewsLayer {
    /// See [`ReviewRules::proxy_address`].
    pub proxy_address: Option<u32>,
    /// See [`ReviewRules::proxy_domain`].
    pub proxy_domain: Option<u32>,
    /// See [`ReviewRules::proxy_days`].
    pub proxy_days: Option<u32>,
}

const ADDRESS: (&str, &str) = ("reviews.proxy_address", "a number from 2 to 1000");
const DOMAIN: (&str, &str) = ("reviews.proxy_domain", "a number from 2 to 1000");
const DAYS: (&str, &str) = ("reviews.proxy_days", "a number of days from 1 to 3650");

impl ReviewsLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            proxy_address: self.proxy_address.or(below.proxy_address),
            proxy_domain: self.proxy_domain.or(below.proxy_domain),
            proxy_days: self.proxy_days.or(below.proxy_days),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_REVIEWS_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        let number = |of| value.parse().map(Some).map_err(|_| bad(of, value));
        match key {
            "PROXY_ADDRESS" => self.proxy_address = number(ADDRESS)?,
            "PROXY_DOMAIN" => self.proxy_domain = number(DOMAIN)?,
            "PROXY_DAYS" => self.proxy_days = number(DAYS)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The rules, with what is missing as it is shipped.
    pub fn read(self) -> Result<ReviewRules, ConfigError> {
        let shipped = ReviewRules::default();
        Ok(ReviewRules {
            proxy_address: within(
                self.proxy_address.unwrap_or(shipped.proxy_address),
                2..=1_000,
                ADDRESS,
            )?,
            proxy_domain: within(
                self.proxy_domain.unwrap_or(shipped.proxy_domain),
                2..=1_000,
                DOMAIN,
            )?,
            proxy_days: within(self.proxy_days.unwrap_or(shipped.proxy_days), 1..=3_650, DAYS)?,
        })
    }
}

fn within(
    number: u32,
    range: std::ops::RangeInclusive<u32>,
    of: (&'static str, &'static str),
) -> Result<u32, ConfigError> {
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(bad(of, &number.to_string()))
    }
}

fn bad((key, expected): (&'static str, &'static str), value: &str) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_owned(),
        expected,
    }
}

//! The part of the configuration that is about how members of staff come in.

use std::path::PathBuf;

use app::staff::{RefusedPasswords, StaffPolicy};
use serde::Deserialize;

use super::ConfigError;

/// One layer of the settings under `[staff]`; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffLayer {
    /// Whoever has no second factor can do nothing but set one up.
    pub require_second_factor: Option<bool>,
    /// A file with passwords that are refused beside the common ones, one a line.
    pub refused_passwords: Option<PathBuf>,
}

impl StaffLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            require_second_factor: self.require_second_factor.or(below.require_second_factor),
            refused_passwords: self.refused_passwords.or(below.refused_passwords),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_STAFF_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: String) -> Result<bool, ConfigError> {
        match key {
            "REQUIRE_SECOND_FACTOR" => {
                self.require_second_factor = Some(match value.as_str() {
                    "true" => true,
                    "false" => false,
                    _ => {
                        return Err(ConfigError::BadValue {
                            key: "staff.require_second_factor",
                            value,
                            expected: "true or false",
                        });
                    }
                });
            }
            "REFUSED_PASSWORDS" => self.refused_passwords = Some(value.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Looks at all of it; the list is read.
    pub fn read(self) -> Result<StaffPolicy, ConfigError> {
        let refused = self.refused_passwords.map(|path| {
            let value = path.display().to_string();
            RefusedPasswords::read(path).map_err(|_| ConfigError::BadValue {
                key: "staff.refused_passwords",
                value,
                expected: "a file of UTF-8 text that this user can read, one password a line, at most 64 MiB",
            })
        });
        Ok(StaffPolicy {
            require_second_factor: self.require_second_factor.unwrap_or(false),
            refused_passwords: refused.transpose()?.unwrap_or_default(),
        })
    }
}

//! The part of the configuration that is about changes of many declarations.

use app::bulk_change::{BulkRules, SELECTION_MAX};
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkLayer {
    /// See [`BulkRules::approval_above`].
    pub approval_above: Option<u32>,
    /// See [`BulkRules::import_approval_above`].
    pub import_approval_above: Option<u32>,
}

impl BulkLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            approval_above: self.approval_above.or(below.approval_above),
            import_approval_above: self.import_approval_above.or(below.import_approval_above),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_BULK_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        match key {
            "APPROVAL_ABOVE" => {
                let number = value.parse();
                self.approval_above = Some(number.map_err(|_| bad(value))?);
            }
            "IMPORT_APPROVAL_ABOVE" => {
                let number = value.parse();
                self.import_approval_above = Some(number.map_err(|_| bad_import(value))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The rules, with what is missing as it is shipped.
    pub fn read(self) -> Result<BulkRules, ConfigError> {
        let approval_above = self.approval_above.unwrap_or(BulkRules::default().approval_above);
        if approval_above as usize > SELECTION_MAX {
            return Err(bad(&approval_above.to_string()));
        }
        Ok(BulkRules {
            approval_above,
            import_approval_above: self
                .import_approval_above
                .unwrap_or(BulkRules::default().import_approval_above),
        })
    }
}

fn bad_import(value: &str) -> ConfigError {
    ConfigError::BadValue {
        key: "bulk.import_approval_above",
        value: value.to_owned(),
        expected: "a number, 0 or more",
    }
}

fn bad(value: &str) -> ConfigError {
    ConfigError::BadValue {
        key: "bulk.approval_above",
        value: value.to_owned(),
        expected: "a number from 0 to 50000",
    }
}

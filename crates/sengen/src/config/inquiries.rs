//! The part of the configuration that is about inquiries.

use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiriesLayer {
    /// See [`InquiryConfig::acknowledge`].
    pub acknowledge: Option<bool>,
}

/// What is configured for inquiries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InquiryConfig {
    /// Whether the receipt of what people write is acknowledged by itself.
    pub acknowledge: bool,
}

impl InquiriesLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            acknowledge: self.acknowledge.or(below.acknowledge),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_INQUIRIES_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        match key {
            "ACKNOWLEDGE" => {
                self.acknowledge = Some(match value {
                    "true" => true,
                    "false" => false,
                    _ => {
                        return Err(ConfigError::BadValue {
                            key: "inquiries.acknowledge",
                            value: value.to_owned(),
                            expected: "true or false",
                        });
                    }
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The settings, with what is missing as it is shipped.
    pub fn read(self) -> InquiryConfig {
        InquiryConfig {
            acknowledge: self.acknowledge.unwrap_or_default(),
        }
    }
}

//! The part of the configuration that is about inquiries.

use scheduler::ClamdAddress;
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiriesLayer {
    /// See [`InquiryConfig::acknowledge`].
    pub acknowledge: Option<bool>,
    /// See [`InquiryConfig::four_eyes`].
    pub four_eyes: Option<bool>,
    /// See [`InquiryConfig::clamd`].
    pub clamd: Option<String>,
}

/// What is configured for inquiries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InquiryConfig {
    /// Whether the receipt of what people write is acknowledged by itself.
    pub acknowledge: bool,
    /// Whether an answer goes only when a colleague has agreed with it.
    pub four_eyes: bool,
    /// Where clamd listens, which looks into files before they are handed out.
    pub clamd: Option<ClamdAddress>,
}

impl InquiriesLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            acknowledge: self.acknowledge.or(below.acknowledge),
            four_eyes: self.four_eyes.or(below.four_eyes),
            clamd: self.clamd.or(below.clamd),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_INQUIRIES_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        match key {
            "ACKNOWLEDGE" => self.acknowledge = Some(read_bool("inquiries.acknowledge", value)?),
            "FOUR_EYES" => self.four_eyes = Some(read_bool("inquiries.four_eyes", value)?),
            "CLAMD" => self.clamd = Some(value.to_owned()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The settings, with what is missing as it is shipped.
    pub fn read(self) -> Result<InquiryConfig, ConfigError> {
        let clamd = self.clamd.filter(|it| !it.is_empty());
        let clamd = clamd.map(|value| {
            ClamdAddress::parse(&value).ok_or(ConfigError::BadValue {
                key: "inquiries.clamd",
                value,
                expected: "unix:/path/of/clamd.ctl or host:port",
            })
        });
        Ok(InquiryConfig {
            acknowledge: self.acknowledge.unwrap_or_default(),
            four_eyes: self.four_eyes.unwrap_or_default(),
            clamd: clamd.transpose()?,
        })
    }
}

fn read_bool(key: &'static str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ConfigError::BadValue {
            key,
            value: value.to_owned(),
            expected: "true or false",
        }),
    }
}

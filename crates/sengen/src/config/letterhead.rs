//! The part of the configuration that says who the office is, on the letters that it sends.

use app::privacy_request::Letterhead;
use domain::text::{Lines, check};
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterheadLayer {
    /// See [`Letterhead::name`].
    pub name: Option<String>,
    /// See [`Letterhead::address`].
    pub address: Option<String>,
    /// See [`Letterhead::contact`].
    pub contact: Option<String>,
}

impl LetterheadLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            name: self.name.or(below.name),
            address: self.address.or(below.address),
            contact: self.contact.or(below.contact),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_OFFICE_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: String) -> bool {
        match key {
            "NAME" => self.name = Some(value),
            "ADDRESS" => self.address = Some(value),
            "CONTACT" => self.contact = Some(value),
            _ => return false,
        }
        true
    }

    /// The head of letters.
    pub fn read(self) -> Result<Letterhead, ConfigError> {
        let several = "up to 300 characters, in one or several lines";
        Ok(Letterhead {
            name: read(
                "office.name",
                self.name,
                (100, Lines::One),
                "up to 100 characters in one line",
            )?,
            address: read("office.address", self.address, (300, Lines::Many), several)?,
            contact: read("office.contact", self.contact, (300, Lines::Many), several)?,
        })
    }
}

fn read(
    key: &'static str,
    value: Option<String>,
    (most, lines): (usize, Lines),
    expected: &'static str,
) -> Result<Option<String>, ConfigError> {
    let Some(value) = value else { return Ok(None) };
    match check(value.trim(), most, lines) {
        Ok(()) => Ok(Some(value.trim().to_owned())),
        Err(_) => Err(ConfigError::BadValue { key, value, expected }),
    }
}

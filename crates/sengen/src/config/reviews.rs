//! The part of the configuration that is about what has to be reviewed.

use domain::review::ReviewRules;
use ipnet::IpNet;
use pages::Reach;
use serde::Deserialize;

use super::ConfigError;

/// One layer of it; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewsLayer {
    /// See [`ReviewRules::proxy_address`].
    pub proxy_address: Option<u32>,
    /// See [`ReviewRules::proxy_domain`].
    pub proxy_domain: Option<u32>,
    /// See [`ReviewRules::proxy_days`].
    pub proxy_days: Option<u32>,
    /// Whether the pages of policies are asked for.
    pub ask_pages: Option<bool>,
    /// See [`Reach::networks`].
    pub page_networks: Option<Vec<String>>,
    /// See [`Reach::ports`].
    pub page_ports: Option<Vec<u16>>,
}

const ADDRESS: (&str, &str) = ("reviews.proxy_address", "a number from 2 to 1000");
const DOMAIN: (&str, &str) = ("reviews.proxy_domain", "a number from 2 to 1000");
const ASK: (&str, &str) = ("reviews.ask_pages", "true or false");
const NETWORKS: (&str, &str) = (
    "reviews.page_networks",
    "networks such as 10.1.0.0/16, in the environment with commas between them",
);
const PORTS: (&str, &str) = (
    "reviews.page_ports",
    "port numbers, in the environment with commas between them",
);
const DAYS: (&str, &str) = ("reviews.proxy_days", "a number of days from 1 to 3650");

impl ReviewsLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            proxy_address: self.proxy_address.or(below.proxy_address),
            proxy_domain: self.proxy_domain.or(below.proxy_domain),
            proxy_days: self.proxy_days.or(below.proxy_days),
            ask_pages: self.ask_pages.or(below.ask_pages),
            page_networks: self.page_networks.or(below.page_networks),
            page_ports: self.page_ports.or(below.page_ports),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_REVIEWS_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, ConfigError> {
        let number = |of| value.parse().map(Some).map_err(|_| bad(of, value));
        match key {
            "PROXY_ADDRESS" => self.proxy_address = number(ADDRESS)?,
            "PROXY_DOMAIN" => self.proxy_domain = number(DOMAIN)?,
            "PROXY_DAYS" => self.proxy_days = number(DAYS)?,
            "ASK_PAGES" => self.ask_pages = Some(value.parse().map_err(|_| bad(ASK, value))?),
            "PAGE_NETWORKS" => self.page_networks = Some(value.split(',').map(str::to_owned).collect()),
            "PAGE_PORTS" => {
                let ports = value.split(',').map(|port| port.trim().parse());
                let ports: Result<Vec<u16>, _> = ports.collect();
                self.page_ports = Some(ports.map_err(|_| bad(PORTS, value))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The rules, with what is missing as it is shipped.
    pub fn read(&self) -> Result<ReviewRules, ConfigError> {
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

    /// What may be reached to see whether the pages of policies answer; none: they are not asked for.
    pub fn read_pages(&self) -> Result<Option<Reach>, ConfigError> {
        let networks = self.page_networks.iter().flatten().map(|text| {
            let network = text.trim().parse::<IpNet>();
            network.map_err(|_| bad(NETWORKS, text))
        });
        let reach = Reach {
            networks: networks.collect::<Result<_, _>>()?,
            ports: self.page_ports.clone().unwrap_or_default(),
        };
        Ok(self.ask_pages.unwrap_or(true).then_some(reach))
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

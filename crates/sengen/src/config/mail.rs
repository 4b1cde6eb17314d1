//! The part of the configuration that is about mail going out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::mailing::{Address, Recipient, SenderKey};
use mail::imap::Account;
use mail::{Credentials, Rate, Rates, Relay, Sender, Tls};
use serde::Deserialize;

use super::mailbox::{self, MailboxLayer};
use super::{ConfigError, rate};

/// The key of the usual sender.
pub const OFFICE: &str = "office";

/// Each of them gets a mail of its own every night.
const OPERATORS_MAX: usize = 100;

/// From whom mail is where nobody has said so: it stays in a folder then.
const NOBODY: &str = "office@sengen.invalid";

/// How mail goes out.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The relay; none means that each message becomes a file in a folder.
    pub relay: Option<Relay>,
    /// The folder of those files.
    pub folder: PathBuf,
    /// Conversations with the relay at one time.
    pub connections: usize,
    /// From whom mail can be, by the keys that messages name, the usual one first.
    pub senders: Vec<(String, Sender)>,
    /// How fast mail may go.
    pub paces: Paces,
    /// What stands behind the @ of a Message-ID.
    pub domain: String,
    /// Who is told what the office does by itself.
    pub operators: Vec<Address>,
    /// Mailboxes on other servers from which mail is brought, by their names.
    pub mailboxes: Vec<(String, Account)>,
}

impl MailConfig {
    /// The sender of a key.
    pub fn sender(&self, key: &str) -> Option<&Sender> {
        let found = self.senders.iter().find(|(known, _)| known == key);
        found.map(|(_, sender)| sender)
    }
}

/// How fast mail may go; none means no limit.
#[derive(Debug, Clone, Default)]
pub struct Paces {
    /// To the relay as a whole.
    pub relay: Option<Rate>,
    /// To each domain that receives it.
    pub each_domain: Option<Rate>,
    /// To some domains, instead of that.
    pub domains: Vec<(String, Rate)>,
}

impl Paces {
    /// Paces of which nothing is used up.
    pub fn rates(&self) -> Rates {
        let rates = Rates::new(self.relay, self.each_domain);
        let named = self.domains.iter();
        named.fold(rates, |rates, (domain, rate)| rates.with_domain(domain, *rate))
    }
}

/// A further sender under `[mail.senders.KEY]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderLayer {
    /// The address that its mail is from.
    pub from: String,
    /// The name beside it.
    pub from_name: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Where the relays of others send what they cannot deliver.
    pub return_path: Option<String>,
}

/// One layer of the settings under `[mail]`; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailLayer {
    /// `HOST:PORT`.
    pub relay: Option<String>,
    /// `required`, `implicit`, `opportunistic` or `none`.
    pub tls: Option<String>,
    /// Lets mail go in clear text over a network.
    pub allow_clear_text: Option<bool>,
    /// The name to sign in with.
    pub user: Option<String>,
    /// The file with the password.
    pub password_file: Option<PathBuf>,
    /// A file with certificates that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name that we give ourselves.
    pub hello: Option<String>,
    /// See [`MailConfig::connections`].
    pub connections: Option<usize>,
    /// The address that mail is from.
    pub from: Option<String>,
    /// The name beside it.
    pub from_name: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Where the relays of others send what they cannot deliver.
    pub return_path: Option<String>,
    /// Further senders by their keys.
    pub senders: Option<BTreeMap<String, SenderLayer>>,
    /// See [`Paces::relay`].
    pub rate: Option<String>,
    /// See [`Paces::each_domain`].
    pub domain_rate: Option<String>,
    /// See [`Paces::domains`].
    pub domain_rates: Option<BTreeMap<String, String>>,
    /// See [`MailConfig::folder`].
    pub folder: Option<PathBuf>,
    /// See [`MailConfig::operators`].
    pub operators: Option<Vec<String>>,
    /// See [`MailConfig::mailboxes`].
    pub mailboxes: Option<BTreeMap<String, MailboxLayer>>,
}

impl MailLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        Self {
            relay: self.relay.or(below.relay),
            tls: self.tls.or(below.tls),
            allow_clear_text: self.allow_clear_text.or(below.allow_clear_text),
            user: self.user.or(below.user),
            password_file: self.password_file.or(below.password_file),
            ca_file: self.ca_file.or(below.ca_file),
            hello: self.hello.or(below.hello),
            connections: self.connections.or(below.connections),
            from: self.from.or(below.from),
            from_name: self.from_name.or(below.from_name),
            reply_to: self.reply_to.or(below.reply_to),
            return_path: self.return_path.or(below.return_path),
            senders: self.senders.or(below.senders),
            rate: self.rate.or(below.rate),
            domain_rate: self.domain_rate.or(below.domain_rate),
            domain_rates: self.domain_rates.or(below.domain_rates),
            folder: self.folder.or(below.folder),
            operators: self.operators.or(below.operators),
            mailboxes: self.mailboxes.or(below.mailboxes),
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_MAIL_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: String) -> Result<bool, ConfigError> {
        match key {
            "RELAY" => self.relay = Some(value),
            "TLS" => self.tls = Some(value),
            "ALLOW_CLEAR_TEXT" => {
                self.allow_clear_text = Some(match value.as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(bad("mail.allow_clear_text", value, "true or false")),
                });
            }
            "USER" => self.user = Some(value),
            "PASSWORD_FILE" => self.password_file = Some(value.into()),
            "CA_FILE" => self.ca_file = Some(value.into()),
            "HELLO" => self.hello = Some(value),
            "CONNECTIONS" => {
                let number = value.parse();
                self.connections =
                    Some(number.map_err(|_| bad("mail.connections", value, "a number from 1 to 100"))?);
            }
            "FROM" => self.from = Some(value),
            "FROM_NAME" => self.from_name = Some(value),
            "REPLY_TO" => self.reply_to = Some(value),
            "RETURN_PATH" => self.return_path = Some(value),
            "RATE" => self.rate = Some(value),
            "DOMAIN_RATE" => self.domain_rate = Some(value),
            "FOLDER" => self.folder = Some(value.into()),
            "OPERATORS" => {
                self.operators = Some(value.split(',').map(|one| one.trim().to_owned()).collect());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Looks at all of it; files are read.
    pub fn read(self, data_dir: &Path) -> Result<MailConfig, ConfigError> {
        let connections = self.connections.unwrap_or(8);
        if !(1..=100).contains(&connections) {
            return Err(bad(
                "mail.connections",
                connections.to_string(),
                "a number from 1 to 100",
            ));
        }
        if self.relay.is_some() && self.from.is_none() {
            let expected = "the office's own address when there is a mail.relay";
            return Err(bad("mail.from", String::new(), expected));
        }
        let senders = self.read_senders()?;
        let operators = self.operators.as_deref().unwrap_or_default();
        if operators.len() > OPERATORS_MAX {
            let found = format!("{} addresses", operators.len());
            return Err(bad(
                "mail.operators",
                found,
                "at most 100 addresses; use a list address for more",
            ));
        }
        let operators = operators.iter().map(|text| address("mail.operators", text));
        Ok(MailConfig {
            folder: self.folder.clone().unwrap_or_else(|| data_dir.join("mail")),
            connections,
            domain: senders
                .first()
                .map(|(_, office)| office.from.address().domain().to_owned())
                .unwrap_or_default(),
            paces: self.read_paces()?,
            operators: operators.collect::<Result<_, _>>()?,
            mailboxes: mailbox::read(self.mailboxes.as_ref())?,
            relay: self.relay_settings()?,
            senders,
        })
    }

    fn read_senders(&self) -> Result<Vec<(String, Sender)>, ConfigError> {
        let office = sender(
            ["mail.from", "mail.reply_to", "mail.return_path"],
            &SenderLayer {
                from: self.from.clone().unwrap_or_else(|| NOBODY.to_owned()),
                from_name: self.from_name.clone(),
                reply_to: self.reply_to.clone(),
                return_path: self.return_path.clone(),
            },
        )?;
        let mut senders = vec![(OFFICE.to_owned(), office)];
        for (key, layer) in self.senders.iter().flatten() {
            if key == OFFICE || key.parse::<SenderKey>().is_err() {
                let expected =
                    "named by small letters, digits and hyphens, and not office, which mail.from is";
                return Err(bad("mail.senders", key.clone(), expected));
            }
            let keys = [
                "mail.senders.*.from",
                "mail.senders.*.reply_to",
                "mail.senders.*.return_path",
            ];
            senders.push((key.clone(), sender(keys, layer)?));
        }
        Ok(senders)
    }

    fn read_paces(&self) -> Result<Paces, ConfigError> {
        let read =
            |key, text: &String| rate::parse(text).ok_or_else(|| bad(key, text.clone(), rate::EXPECTED));
        let mut domains = Vec::new();
        for (domain, text) in self.domain_rates.iter().flatten() {
            // As addresses have it: small letters, and without characters beyond ASCII.
            let known = address("mail.domain_rates", &format!("a@{domain}"))?;
            domains.push((known.domain().to_owned(), read("mail.domain_rates", text)?));
        }
        let relay = self.rate.as_ref().map(|text| read("mail.rate", text));
        let each_domain = self
            .domain_rate
            .as_ref()
            .map(|text| read("mail.domain_rate", text));
        Ok(Paces {
            relay: relay.transpose()?,
            each_domain: each_domain.transpose()?,
            domains,
        })
    }

    fn relay_settings(&self) -> Result<Option<Relay>, ConfigError> {
        let Some(text) = &self.relay else {
            return Ok(None);
        };
        let expected = "HOST:PORT, such as smtp.example.jp:587";
        let parts = text
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = parts.ok_or_else(|| bad("mail.relay", text.clone(), expected))?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let mut relay = Relay::new(
            host,
            port,
            self.hello.clone().unwrap_or_else(|| "localhost".to_owned()),
        );
        relay.tls = self.encryption()?;
        relay.clear_text_allowed = self.allow_clear_text.unwrap_or(false);
        relay.extra_roots = self
            .ca_file
            .as_deref()
            .map(|file| content("mail.ca_file", file))
            .transpose()?;
        relay.credentials = match (&self.user, &self.password_file) {
            (None, None) => None,
            (Some(user), Some(file)) => {
                let content = content("mail.password_file", file)?;
                let read = Credentials::from_file_content(user, &content);
                let expected = "a file with one line, the password";
                Some(read.map_err(|_| bad("mail.password_file", file.display().to_string(), expected))?)
            }
            _ => {
                let expected = "given together with mail.password_file, or both left out";
                return Err(bad("mail.user", self.user.clone().unwrap_or_default(), expected));
            }
        };
        Ok(Some(relay))
    }

    fn encryption(&self) -> Result<Tls, ConfigError> {
        match self.tls.as_deref() {
            None | Some("required") => Ok(Tls::Required),
            Some("implicit") => Ok(Tls::Implicit),
            Some("opportunistic") => Ok(Tls::Opportunistic),
            Some("none") => Ok(Tls::None),
            Some(other) => {
                let expected = "required, implicit, opportunistic or none";
                Err(bad("mail.tls", other.to_owned(), expected))
            }
        }
    }
}

/// `keys` are those of the addresses, for what is said when one is none.
fn sender(keys: [&'static str; 3], layer: &SenderLayer) -> Result<Sender, ConfigError> {
    let from = Recipient::parse(&layer.from, layer.from_name.as_deref()).map_err(|_| {
        let expected = "an address such as office@example.jp, and its from_name one line";
        bad(keys[0], layer.from.clone(), expected)
    })?;
    let reply_to = layer.reply_to.as_deref().map(|text| address(keys[1], text));
    let return_path = layer.return_path.as_deref().map(|text| address(keys[2], text));
    Ok(Sender {
        from,
        reply_to: reply_to.transpose()?,
        return_path: return_path.transpose()?,
    })
}

fn address(key: &'static str, text: &str) -> Result<Address, ConfigError> {
    Address::parse(text).map_err(|_| bad(key, text.to_owned(), "an address such as office@example.jp"))
}

pub(super) fn content(key: &'static str, file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|_| {
        bad(
            key,
            file.display().to_string(),
            "a file of text that this user can read",
        )
    })
}

pub(super) const fn bad(key: &'static str, value: String, expected: &'static str) -> ConfigError {
    ConfigError::BadValue { key, value, expected }
}

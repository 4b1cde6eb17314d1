//! The part of the configuration that is about mail going out.

use std::path::{Path, PathBuf};

use domain::mailing::{Address, Recipient};
use mail::{Credentials, Relay, Sender, Tls};
use serde::Deserialize;

use super::ConfigError;

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
    /// From whom mail is.
    pub sender: Sender,
    /// What stands behind the @ of a Message-ID.
    pub domain: String,
    /// Who is told what the office does by itself.
    pub operators: Vec<Address>,
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
    /// See [`MailConfig::folder`].
    pub folder: Option<PathBuf>,
    /// See [`MailConfig::operators`].
    pub operators: Option<Vec<String>>,
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
            folder: self.folder.or(below.folder),
            operators: self.operators.or(below.operators),
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
        let from = self.from.as_deref().unwrap_or(NOBODY);
        let sender = Recipient::parse(from, self.from_name.as_deref()).map_err(|_| {
            let expected = "an address such as office@example.jp, and mail.from_name one line";
            bad("mail.from", from.to_owned(), expected)
        })?;
        let reply_to = self
            .reply_to
            .as_deref()
            .map(|text| address("mail.reply_to", text));
        let operators = self.operators.as_deref().unwrap_or_default().iter();
        let operators = operators.map(|text| address("mail.operators", text));
        Ok(MailConfig {
            folder: self.folder.clone().unwrap_or_else(|| data_dir.join("mail")),
            connections,
            domain: sender.address().domain().to_owned(),
            operators: operators.collect::<Result<_, _>>()?,
            relay: self.relay_settings()?,
            sender: Sender {
                from: sender,
                reply_to: reply_to.transpose()?,
                return_path: None,
            },
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

fn address(key: &'static str, text: &str) -> Result<Address, ConfigError> {
    Address::parse(text).map_err(|_| bad(key, text.to_owned(), "an address such as office@example.jp"))
}

fn content(key: &'static str, file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|_| {
        bad(
            key,
            file.display().to_string(),
            "a file of text that this user can read",
        )
    })
}

const fn bad(key: &'static str, value: String, expected: &'static str) -> ConfigError {
    ConfigError::BadValue { key, value, expected }
}

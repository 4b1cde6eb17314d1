//! Configuration: `sengen.toml`, overridden by `SENGEN_…` environment variables, overridden by the command line.
//! This crate is the only reader of either. An unknown key is an error that names file and line.

mod bulk;
mod cases;
mod export;
mod inquiries;
mod letterhead;
mod limits;
mod mail;
mod mailbox;
mod rate;
mod reviews;
mod sign_in;
mod staff;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use admin_api::{AccountLimits, PublicUrl, SecurityContact, TrustedProxies};
use app::CaseRules;
use app::bulk_change::BulkRules;
use app::export::ExportRules;
use app::privacy_request::Letterhead;
use app::staff::StaffPolicy;
use domain::review::ReviewRules;
use pages::Reach;
use serde::Deserialize;

pub use self::bulk::BulkLayer;
pub use self::cases::CasesLayer;
pub use self::export::ExportLayer;
pub use self::inquiries::{InquiriesLayer, InquiryConfig};
pub use self::letterhead::LetterheadLayer;
pub use self::limits::LimitsLayer;
pub use self::mail::{MailConfig, MailLayer, OFFICE};
pub use self::reviews::ReviewsLayer;
pub use self::sign_in::{ProviderConfig, SignInLayer};
pub use self::staff::StaffLayer;

/// What `sengen` runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of everything that Sengen keeps on this machine.
    pub data_dir: PathBuf,
    /// Where the console listens.
    pub listen: std::net::SocketAddr,
    /// Where programs of other offices ask; none: nowhere.
    pub public_listen: Option<std::net::SocketAddr>,
    /// The address that people type; none means `http://localhost` with the port that is listened on.
    pub public_url: Option<PublicUrl>,
    /// Where everybody reaches the public listener; none: no link to it is shown.
    pub public_site_url: Option<PublicUrl>,
    /// The proxies in front of us that may say where a request comes from; none by default.
    pub trusted_proxies: TrustedProxies,
    /// Whom `security.txt` names; none means that there is no such file.
    pub security_contact: Option<SecurityContact>,
    /// `postgres://…`; none means SQLite in the data folder.
    pub database_url: Option<String>,
    /// The file with the key-encryption key.
    pub key_file: PathBuf,
    /// Go on with a database engine that nobody has tested.
    pub allow_untested_engine: bool,
    /// Where the keys of persons are; none means beside the database.
    pub keys_url: Option<String>,
    /// After how many days the copies of a backup are to be destroyed.
    pub backup_days: u32,
    /// The file with the key that signs the log.
    pub signing_key_file: PathBuf,
    /// The file that keeps the last signed head outside the database.
    pub head_file: PathBuf,
    /// The name of a log that is made; none means one that nobody else has.
    pub log_origin: Option<String>,
    /// How mail goes out.
    pub mail: MailConfig,
    /// How much one account may read and take away.
    pub limits: AccountLimits,
    /// How members of staff come in.
    pub staff: StaffPolicy,
    /// The identity provider; none by default.
    pub provider: Option<ProviderConfig>,
    /// The rules for changes of many declarations.
    pub bulk: BulkRules,
    /// What counts as suspicious.
    pub reviews: ReviewRules,
    /// What may be reached to see whether the pages of policies answer; none: they are not asked for.
    pub pages: Option<Reach>,
    /// The rules for files that leave with a view of the register.
    pub export: ExportRules,
    /// The rules for requests of data subjects and incidents.
    pub cases: CaseRules,
    /// What is configured for inquiries.
    pub inquiries: InquiryConfig,
    /// Who the office is, on its letters.
    pub office: Letterhead,
}

/// One layer of settings; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// See [`Config::data_dir`].
    pub data_dir: Option<PathBuf>,
    /// See [`Config::listen`].
    pub listen: Option<String>,
    /// See [`Config::public_listen`].
    pub public_listen: Option<String>,
    /// See [`Config::public_url`].
    pub public_url: Option<String>,
    /// See [`Config::public_site_url`].
    pub public_site_url: Option<String>,
    /// See [`Config::trusted_proxies`].
    pub trusted_proxies: Option<Vec<String>>,
    /// See [`Config::security_contact`].
    pub security_contact: Option<String>,
    /// See [`Config::database_url`].
    pub database_url: Option<String>,
    /// See [`Config::key_file`].
    pub key_file: Option<PathBuf>,
    /// See [`Config::allow_untested_engine`].
    pub allow_untested_engine: Option<bool>,
    /// See [`Config::keys_url`].
    pub keys_url: Option<String>,
    /// See [`Config::backup_days`].
    pub backup_days: Option<u32>,
    /// See [`Config::signing_key_file`].
    pub signing_key_file: Option<PathBuf>,
    /// See [`Config::head_file`].
    pub head_file: Option<PathBuf>,
    /// See [`Config::log_origin`].
    pub log_origin: Option<String>,
    /// See [`Config::mail`].
    #[serde(default)]
    pub mail: MailLayer,
    /// See [`Config::staff`].
    #[serde(default)]
    pub staff: StaffLayer,
    /// See [`Config::provider`].
    #[serde(default)]
    pub sign_in: SignInLayer,
    /// See [`Config::bulk`].
    #[serde(default)]
    pub bulk: BulkLayer,
    /// See [`Config::reviews`].
    #[serde(default)]
    pub reviews: ReviewsLayer,
    /// See [`Config::export`].
    #[serde(default)]
    pub export: ExportLayer,
    /// See [`Config::cases`].
    #[serde(default)]
    pub cases: CasesLayer,
    /// See [`Config::inquiries`].
    #[serde(default)]
    pub inquiries: InquiriesLayer,
    /// See [`Config::limits`].
    #[serde(default)]
    pub limits: LimitsLayer,
    /// See [`Config::office`].
    #[serde(default)]
    pub office: LetterheadLayer,
}

/// A setting that cannot be used, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named on the command line cannot be read.
    #[error("cannot read the configuration {path}: {source}; name an existing file with --config")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is far larger than any configuration.
    #[error("the configuration {path} is larger than 1 MiB; name the right file with --config")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is no TOML, or holds a key that Sengen does not know.
    #[error(
        "{path} line {line}: {}; see deploy/sengen.toml.example for the keys",
        shortened(message)
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A variable that begins with `SENGEN_` and that Sengen does not know.
    #[error("the environment variable {0} is not known; unset it or correct its name")]
    UnknownVariable(String),
    /// A variable of ours that is no text.
    #[error("the value of the environment variable {0} is not UTF-8 text; set it anew")]
    NotText(String),
    /// A value that cannot be used.
    #[error("{key} is {:?}, but must be {expected}", shortened(value))]
    BadValue {
        /// The key as in the file.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is possible.
        expected: &'static str,
    },
}

/// The most that a configuration may have: every one that somebody wrote is far smaller.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The most characters of a wrong value that a refusal repeats.
const SHOWN_MAX: usize = 200;
/// The file that is read when none is named and it exists.
const DEFAULT_FILE: &str = "sengen.toml";
/// A quarter of a year: long enough to notice what went wrong, short enough to keep what was said to a forgotten person.
const BACKUP_DAYS: u32 = 90;
const ENVIRONMENT_PREFIX: &str = "SENGEN_";
/// The test suite's own variables.
const TEST_PREFIX: &str = "SENGEN_TEST_";

/// The variables of the environment that are ours. Those of others may hold any bytes.
pub fn environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, ConfigError> {
    let ours = variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    ours.filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX))
        .map(|(name, value)| match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(ConfigError::NotText(name)),
        })
        .collect()
}

impl Config {
    /// Reads file and environment and lays the command line on top.
    pub fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        command_line: Layer,
    ) -> Result<Self, ConfigError> {
        let from_file = match file {
            Some(path) => read_file(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read_file(Path::new(DEFAULT_FILE))?,
            None => Layer::default(),
        };
        let layer = command_line.over(read_environment(environment)?).over(from_file);
        Self::from_layer(layer)
    }

    fn from_layer(layer: Layer) -> Result<Self, ConfigError> {
        let data_dir = layer.data_dir.unwrap_or_else(|| PathBuf::from("data"));
        let listen = layer.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: std::net::SocketAddr = listen.parse().map_err(|_| ConfigError::BadValue {
            key: "listen",
            value: listen,
            expected: "an address with a port, such as 127.0.0.1:8080",
        })?;
        let public_listen = layer.public_listen.map(|text| {
            text.parse().map_err(|_| ConfigError::BadValue {
                key: "public_listen",
                value: text,
                expected: "an address with a port, such as 127.0.0.1:8081, or left out for none",
            })
        });
        let public_listen = public_listen.transpose()?;
        let public_url = read_url("public_url", layer.public_url)?;
        let public_site_url = read_url("public_site_url", layer.public_site_url)?;
        let trusted_proxies = TrustedProxies::parse(&layer.trusted_proxies.unwrap_or_default());
        let trusted_proxies = trusted_proxies.map_err(|error| ConfigError::BadValue {
            key: "trusted_proxies",
            value: error.0,
            expected: "addresses or networks, such as 127.0.0.1 or 10.1.2.0/24",
        })?;
        let security_contact = layer.security_contact.as_deref().map(SecurityContact::parse);
        let security_contact = security_contact
            .transpose()
            .map_err(|error| ConfigError::BadValue {
                key: "security_contact",
                value: error.0,
                expected: "mailto:NAME@HOST or https://HOST/PATH",
            })?;
        if let Some(url) = &layer.database_url
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(ConfigError::BadValue {
                key: "database_url",
                value: "(hidden)".to_owned(),
                expected: "postgres://USER@HOST/DATABASE, or left out for SQLite in the data folder",
            });
        }
        if let Some(url) = &layer.keys_url
            && !["postgres://", "postgresql://", "sqlite:"]
                .iter()
                .any(|start| url.starts_with(start))
        {
            return Err(ConfigError::BadValue {
                key: "keys_url",
                value: "(hidden)".to_owned(),
                expected: "sqlite:PATH or postgres://USER@HOST/DATABASE, or left out for the place beside the database",
            });
        }
        let key_file = layer
            .key_file
            .unwrap_or_else(|| data_dir.join("key-encryption.key"));
        // Beside the other key: who took care of where that one lies has taken care of this one.
        let signing_key_file = layer
            .signing_key_file
            .unwrap_or_else(|| key_file.with_file_name("log-signing.key"));
        let head_file = layer.head_file.unwrap_or_else(|| data_dir.join("signed-head"));
        let mail = layer.mail.read(&data_dir)?;
        let staff = layer.staff.read()?;
        let provider = layer.sign_in.read()?;
        Ok(Self {
            mail,
            staff,
            provider,
            bulk: layer.bulk.read()?,
            reviews: layer.reviews.read()?,
            pages: layer.reviews.read_pages()?,
            export: layer.export.read()?,
            cases: layer.cases.read()?,
            inquiries: layer.inquiries.read()?,
            limits: layer.limits.read()?,
            office: layer.office.read()?,
            data_dir,
            listen,
            public_listen,
            public_url,
            public_site_url,
            trusted_proxies,
            security_contact,
            database_url: layer.database_url,
            key_file,
            allow_untested_engine: layer.allow_untested_engine.unwrap_or(false),
            keys_url: layer.keys_url,
            backup_days: days(layer.backup_days.unwrap_or(BACKUP_DAYS))?,
            signing_key_file,
            head_file,
            log_origin: layer.log_origin,
        })
    }
}

/// Longer than a century is a mistake, and shorter than a day no backup.
fn days(days: u32) -> Result<u32, ConfigError> {
    if (1..=36_525).contains(&days) {
        return Ok(days);
    }
    Err(ConfigError::BadValue {
        key: "backup_days",
        value: days.to_string(),
        expected: "a number of days from 1 to 36525",
    })
}

/// The address of a whole site.
fn read_url(key: &'static str, text: Option<String>) -> Result<Option<PublicUrl>, ConfigError> {
    text.map(|text| {
        PublicUrl::parse(&text).map_err(|_| ConfigError::BadValue {
            key,
            value: text,
            expected: "http://HOST or https://HOST, with a port if needed and without a path",
        })
    })
    .transpose()
}

impl Config {
    /// The address that people type when this port is listened on.
    pub fn public_url(&self, port: u16) -> PublicUrl {
        self.public_url
            .clone()
            .unwrap_or_else(|| PublicUrl::localhost(port))
    }
}

impl Layer {
    fn over(self, below: Self) -> Self {
        Self {
            data_dir: self.data_dir.or(below.data_dir),
            listen: self.listen.or(below.listen),
            public_listen: self.public_listen.or(below.public_listen),
            public_url: self.public_url.or(below.public_url),
            public_site_url: self.public_site_url.or(below.public_site_url),
            trusted_proxies: self.trusted_proxies.or(below.trusted_proxies),
            security_contact: self.security_contact.or(below.security_contact),
            database_url: self.database_url.or(below.database_url),
            key_file: self.key_file.or(below.key_file),
            allow_untested_engine: self.allow_untested_engine.or(below.allow_untested_engine),
            keys_url: self.keys_url.or(below.keys_url),
            backup_days: self.backup_days.or(below.backup_days),
            signing_key_file: self.signing_key_file.or(below.signing_key_file),
            head_file: self.head_file.or(below.head_file),
            log_origin: self.log_origin.or(below.log_origin),
            mail: self.mail.over(below.mail),
            staff: self.staff.over(below.staff),
            sign_in: self.sign_in.over(below.sign_in),
            bulk: self.bulk.over(below.bulk),
            reviews: self.reviews.over(below.reviews),
            export: self.export.over(below.export),
            cases: self.cases.over(below.cases),
            inquiries: self.inquiries.over(below.inquiries),
            limits: self.limits.over(below.limits),
            office: self.office.over(below.office),
        }
    }
}

fn read_file(path: &Path) -> Result<Layer, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bounded = file.take(FILE_BYTES_MAX + 1);
    let read = bounded.read_to_string(&mut text);
    // Asked first: what is cut off may be within a character.
    if bounded.limit() == 0 {
        return Err(ConfigError::TooLarge {
            path: path.to_owned(),
        });
    }
    read.map_err(unreadable)?;
    toml::from_str(&text).map_err(|error| ConfigError::Malformed {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| {
            text[..span.start.min(text.len())].matches('\n').count() + 1
        }),
        message: error.message().replace('\n', " "),
    })
}

fn read_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    for (name, value) in variables {
        let Some(key) = name.strip_prefix(ENVIRONMENT_PREFIX) else {
            continue;
        };
        if name.starts_with(TEST_PREFIX) {
            continue;
        }
        match key {
            "DATA_DIR" => layer.data_dir = Some(value.into()),
            "LISTEN" => layer.listen = Some(value),
            "PUBLIC_LISTEN" => layer.public_listen = Some(value),
            "PUBLIC_URL" => layer.public_url = Some(value),
            "PUBLIC_SITE_URL" => layer.public_site_url = Some(value),
            "TRUSTED_PROXIES" => {
                layer.trusted_proxies = Some(value.split(',').map(str::to_owned).collect());
            }
            "SECURITY_CONTACT" => layer.security_contact = Some(value),
            "DATABASE_URL" => layer.database_url = Some(value),
            "KEY_FILE" => layer.key_file = Some(value.into()),
            "ALLOW_UNTESTED_ENGINE" => layer.allow_untested_engine = Some(yes_or_no(value)?),
            "KEYS_URL" => layer.keys_url = Some(value),
            "BACKUP_DAYS" => {
                let days = value.parse().map_err(|_| ConfigError::BadValue {
                    key: "backup_days",
                    value,
                    expected: "a number of days from 1 to 36525",
                });
                layer.backup_days = Some(days?);
            }
            "SIGNING_KEY_FILE" => layer.signing_key_file = Some(value.into()),
            "HEAD_FILE" => layer.head_file = Some(value.into()),
            "LOG_ORIGIN" => layer.log_origin = Some(value),
            // Read by clap, and by the log's filter.
            "CONFIG" | "LOG" => {}
            _ => {
                let is_known = if let Some(key) = key.strip_prefix("MAIL_") {
                    layer.mail.set(key, value)?
                } else if let Some(key) = key.strip_prefix("STAFF_") {
                    layer.staff.set(key, value)?
                } else if let Some(key) = key.strip_prefix("SIGN_IN_OIDC_") {
                    layer.sign_in.set(key, value)
                } else if let Some(key) = key.strip_prefix("BULK_") {
                    layer.bulk.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("REVIEWS_") {
                    layer.reviews.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("EXPORT_") {
                    layer.export.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("CASES_") {
                    layer.cases.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("INQUIRIES_") {
                    layer.inquiries.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("LIMITS_") {
                    layer.limits.set(key, &value)?
                } else if let Some(key) = key.strip_prefix("OFFICE_") {
                    layer.office.set(key, value)
                } else {
                    false
                };
                if !is_known {
                    return Err(ConfigError::UnknownVariable(name));
                }
            }
        }
    }
    Ok(layer)
}

/// A value for a sentence: one of a megabyte would bury the sentence.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(SHOWN_MAX) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}

fn yes_or_no(value: String) -> Result<bool, ConfigError> {
    match value.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ConfigError::BadValue {
            key: "allow_untested_engine",
            value,
            expected: "true or false",
        }),
    }
}

//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Layer;

/// Sengen, the back office of a self-declaration programme.
#[derive(Debug, Parser)]
#[command(name = "sengen", version, propagate_version = true)]
pub struct Cli {
    /// Settings for every command.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings that override the configuration file and the environment.
#[derive(Debug, Args)]
pub struct Settings {
    /// Configuration file [default: sengen.toml when it exists]
    #[arg(long, global = true, value_name = "FILE", env = "SENGEN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Folder of everything that Sengen keeps on this machine [default: data]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// postgres://… [default: SQLite in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// File with the key that wraps all other keys [default: key-encryption.key in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the console.
    Serve(ServeArgs),
    /// Take over records from a file.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Fill an empty register with a made-up office of nine years.
    Sample(SampleArgs),
    /// Bring the database to this version's schema.
    Migrate,
    /// Build a projection anew from the log.
    Rebuild(RebuildArgs),
    /// Check the log: positions, hashes, tags, receipts.
    Verify(VerifyArgs),
    /// Manage accounts of staff.
    #[command(subcommand)]
    Staff(StaffCommand),
}

/// Settings of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The address that people type [default: http://localhost:PORT]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, with commas between them [default: none]
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
}

/// What to import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Take over an old register (CSV).
    Declarations(ImportDeclarationsArgs),
}

/// Settings of `import declarations`.
#[derive(Debug, Args)]
pub struct ImportDeclarationsArgs {
    /// The CSV file.
    pub file: PathBuf,
    /// Say what would happen and write nothing to the register.
    #[arg(long)]
    pub dry_run: bool,
    /// Encoding of the file [default: detected]
    #[arg(long, value_enum)]
    pub encoding: Option<EncodingName>,
    /// Write a line for each refused row and each warning into this CSV file.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Print the summary as JSON and nothing else on standard output.
    #[arg(long)]
    pub json: bool,
}

/// An encoding by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum EncodingName {
    /// UTF-8.
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// Code page 932: `Shift_JIS` as Windows writes it.
    #[value(name = "cp932", aliases = ["shift_jis", "sjis", "windows-31j"])]
    Cp932,
}

/// Settings of `sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// How many declarations.
    #[arg(long, default_value_t = 2_000)]
    pub declarations: u32,
    /// The same seed makes the same office.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Settings of `rebuild`.
#[derive(Debug, Args)]
pub struct RebuildArgs {
    /// Which projection.
    #[arg(value_enum)]
    pub projection: ProjectionName,
}

/// A projection by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ProjectionName {
    /// The list and search of declarations.
    Declarations,
}

/// Settings of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Accounts of staff.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Print a one-time link that makes an account.
    Invite(InviteArgs),
}

/// Settings of `staff invite`.
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// administrator, registrar or viewer.
    #[arg(long)]
    pub role: String,
    /// The address that people type [default: as configured]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

impl Cli {
    /// The settings of the command line as the topmost layer of the configuration.
    pub fn layer(&self) -> Layer {
        let (listen, public_url, trusted_proxies) = match &self.command {
            Command::Serve(serve) => (
                serve.listen.clone(),
                serve.public_url.clone(),
                serve.trusted_proxies.clone(),
            ),
            Command::Staff(StaffCommand::Invite(invite)) => (None, invite.public_url.clone(), None),
            _ => (None, None, None),
        };
        Layer {
            data_dir: self.settings.data_dir.clone(),
            listen,
            public_url,
            trusted_proxies,
            database_url: self.settings.database_url.clone(),
            key_file: self.settings.key_file.clone(),
        }
    }
}

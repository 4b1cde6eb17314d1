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
    /// Go on with a database engine that was never tested, or an old one, at your own risk
    #[arg(long, global = true)]
    pub allow_untested_engine: bool,
    /// sqlite:PATH or postgres://… of the keys of persons [default: keys.db beside SQLite, or a schema of the database]
    #[arg(long, global = true, value_name = "URL")]
    pub keys_url: Option<String>,
    /// File with the key that signs the log [default: log-signing.key beside the key file]
    #[arg(long, global = true, value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// File that keeps the last signed head of the log outside the database [default: signed-head in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub head_file: Option<PathBuf>,
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
    /// Check the log against its hashes, tags, receipts, tree and signed heads; or check a proof, without a database.
    Verify(VerifyArgs),
    /// Prove that an event is in the log, or that the log only grew.
    Proof(ProofArgs),
    /// Go on with a log that the signed head kept outside does not fit: a restored older copy, another history.
    AcceptRollback(AcceptRollbackArgs),
    /// Manage accounts of staff.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Forget a person in one role of a declaration, for ever.
    Forget(ForgetArgs),
    /// Look after the keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Send mail, and look at mail that came in.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Copy the register into an empty database of either engine, and compare.
    Copy(CopyArgs),
    /// Write the register into one file, also while it is served; or list the backups that were made.
    Backup(BackupArgs),
    /// Make the register of a backup, in an empty database or folder.
    Restore(RestoreArgs),
}

/// Settings of `forget`.
#[derive(Debug, Args)]
pub struct ForgetArgs {
    /// Number of the declaration, 11 digits.
    #[arg(long, value_name = "NUMBER", required_unless_present = "scrub")]
    pub declaration: Option<String>,
    /// In which role.
    #[arg(long, value_enum, required_unless_present = "scrub")]
    pub person: Option<PersonRole>,
    /// Why. It stays: do not name the person.
    #[arg(long, value_name = "TEXT", required_unless_present = "scrub")]
    pub reason: Option<String>,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
    /// Forget nobody, but clear the database files of those who were forgotten before. On PostgreSQL lists wait meanwhile.
    #[arg(long, conflicts_with_all = ["declaration", "person", "reason"])]
    pub scrub: bool,
}

/// In which role somebody stands in a declaration.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PersonRole {
    /// Who represents the declarer.
    Representative,
    /// The contact person.
    Contact,
    /// A sole trader: name, address, and what was put in as a corporate number.
    Trader,
    /// Whoever is named in free text: remarks, notes, reasons.
    Remarks,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Wrap all keys by another key-encryption key, while the server runs.
    Rotate(RotateArgs),
}

/// Settings of `keys rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// File with the new key of 32 bytes; made when it is missing.
    #[arg(long, value_name = "FILE")]
    pub new_key_file: PathBuf,
}

/// What to do with mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a message to an address, by way of the ledger, and say what became of it.
    Test(MailTestArgs),
    /// Say how a raw message is understood. Nothing is kept, and no database is needed.
    Read(MailReadArgs),
    /// Take messages from files: .eml, or .mbox with several.
    Import(MailImportArgs),
    /// Take one message from standard input, as a mail server of this machine hands it over.
    Deliver,
}

/// Settings of `mail import`.
#[derive(Debug, Args)]
pub struct MailImportArgs {
    /// A file, or a folder with files that end in .eml or .mbox.
    pub path: PathBuf,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `mail read`.
#[derive(Debug, Args)]
pub struct MailReadArgs {
    /// The raw message, as a file (.eml).
    pub file: PathBuf,
    /// Read its text with this charset, whatever the message says.
    #[arg(long, value_name = "NAME")]
    pub charset: Option<String>,
    /// Print all of it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `mail test`.
#[derive(Debug, Args)]
pub struct MailTestArgs {
    /// Whom to.
    pub address: String,
    /// How long to wait for an answer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
}

/// Settings of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Address on which programs of other offices ask [default: none]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub public_listen: Option<String>,
    /// The address that people type [default: http://localhost:PORT]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, with commas between them [default: none]
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// Whom /.well-known/security.txt names, mailto: or https: [default: none, and no such file]
    #[arg(long, value_name = "ADDRESS")]
    pub security_contact: Option<String>,
}

/// What to import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Take over an old register (CSV).
    Declarations(ImportDeclarationsArgs),
    /// Take over deadlines of subsidies (CSV or iCalendar), all of them or none.
    Deadlines(ImportDeadlinesArgs),
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

/// Settings of `import deadlines`.
#[derive(Debug, Args)]
pub struct ImportDeadlinesArgs {
    /// The CSV or iCalendar file: up to 16 MiB and 10,000 deadlines.
    pub file: PathBuf,
    /// Say what would happen and write nothing to the register.
    #[arg(long)]
    pub dry_run: bool,
    /// Encoding of the file [default: detected]
    #[arg(long, value_enum)]
    pub encoding: Option<EncodingName>,
    /// Where the deadlines are announced, for rows that do not say.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
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
    /// Build nothing; drop the old rows that the last rebuild kept.
    #[arg(long)]
    pub drop_old: bool,
    /// What declarations may take in memory, in MiB; the log is read again for those that find no room.
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    pub memory: usize,
}

/// A projection by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ProjectionName {
    /// The list and search of declarations.
    Declarations,
    /// The figures of every day.
    Figures,
    /// The tiles of the tree over the log.
    Tree,
}

/// Settings of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
    /// Check this proof instead of the log; no database is needed.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub proof: Option<PathBuf>,
    /// The log's verifier key, NAME+ID+KEY [default: that of the signing key here]
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
}

/// Settings of `proof`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct ProofArgs {
    /// Prove that the event at this position is in the log (C2SP tlog-proof).
    #[arg(long, value_name = "N", group = "what")]
    pub position: Option<i64>,
    /// Prove that the log of B events begins with that of A events.
    #[arg(long, num_args = 2, value_names = ["A", "B"], group = "what")]
    pub consistency: Option<Vec<u64>>,
    /// Print the key that others check proofs with.
    #[arg(long, group = "what")]
    pub verifier_key: bool,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Settings of `accept-rollback`.
#[derive(Debug, Args)]
pub struct AcceptRollbackArgs {
    /// The number of events of the signed head, as the refusal named it: a later rollback is not accepted with it.
    pub signed: u64,
}

/// Settings of `copy`.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// Where the register is: `sqlite:PATH` or `postgres://…`
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// Where it is to be: an empty database, or a SQLite file that does not exist
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `backup`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["to", "list"]))]
pub struct BackupArgs {
    /// The file to make; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Leave the wrapped keys out; the keyring then needs a backup of its own.
    #[arg(long, requires = "to")]
    pub without_keys: bool,
    /// After how many days its copies are to be destroyed [default: 90, or as configured]
    #[arg(long, value_name = "DAYS", requires = "to", value_parser = clap::value_parser!(u32).range(1..=36_525))]
    pub expires: Option<u32>,
    /// List the backups that were made, with the day on which they expire.
    #[arg(long)]
    pub list: bool,
    /// Print the summary or the list as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The file that `backup` made.
    pub file: PathBuf,
    /// Look through the file and make nothing.
    #[arg(long)]
    pub check: bool,
    /// Keep the keyring that is in place, so that whoever was forgotten since stays forgotten.
    #[arg(long, conflicts_with = "check")]
    pub keep_keys: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Accounts of staff.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Print a one-time link that makes an account.
    Invite(InviteArgs),
    /// Print a one-time link by which somebody chooses another password.
    PasswordLink(PasswordLinkArgs),
    /// Take away authenticator, recovery codes and passkeys of somebody who lost them.
    ResetSecondFactor(AccountArgs),
}

/// Settings of `staff password-link`.
#[derive(Debug, Args)]
pub struct PasswordLinkArgs {
    /// What they type to sign in.
    pub login: String,
    /// The address that people type [default: as configured]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

/// Whose account.
#[derive(Debug, Args)]
pub struct AccountArgs {
    /// What they type to sign in.
    pub login: String,
}

/// Settings of `staff invite`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("person").required(true).args(["new_person", "same_person_as"]))]
pub struct InviteArgs {
    /// The link is for somebody who has no account here. Two accounts of one person never agree to each other's requests, and a
    /// printed link has no address by which anybody would see it, so say whose it is.
    #[arg(long)]
    pub new_person: bool,
    /// The link is for somebody who has this account, too.
    #[arg(long, value_name = "LOGIN")]
    pub same_person_as: Option<String>,
    /// administrator, registrar, support, operator, approver, auditor or viewer; may be given several times.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<String>,
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
            Command::Staff(StaffCommand::PasswordLink(link)) => (None, link.public_url.clone(), None),
            _ => (None, None, None),
        };
        Layer {
            data_dir: self.settings.data_dir.clone(),
            listen,
            public_listen: match &self.command {
                Command::Serve(serve) => serve.public_listen.clone(),
                _ => None,
            },
            public_url,
            public_site_url: None,
            trusted_proxies,
            security_contact: match &self.command {
                Command::Serve(serve) => serve.security_contact.clone(),
                _ => None,
            },
            database_url: self.settings.database_url.clone(),
            key_file: self.settings.key_file.clone(),
            allow_untested_engine: self.settings.allow_untested_engine.then_some(true),
            keys_url: self.settings.keys_url.clone(),
            backup_days: match &self.command {
                Command::Backup(backup) => backup.expires,
                _ => None,
            },
            signing_key_file: self.settings.signing_key_file.clone(),
            head_file: self.settings.head_file.clone(),
            log_origin: None,
            staff: crate::config::StaffLayer::default(),
            bulk: crate::config::BulkLayer::default(),
            reviews: crate::config::ReviewsLayer::default(),
            export: crate::config::ExportLayer::default(),
            cases: crate::config::CasesLayer::default(),
            inquiries: crate::config::InquiriesLayer::default(),
            limits: crate::config::LimitsLayer::default(),
            office: crate::config::LetterheadLayer::default(),
            mail: crate::config::MailLayer::default(),
            sign_in: crate::config::SignInLayer::default(),
        }
    }
}

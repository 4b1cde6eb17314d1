//! What moves: rows, some at a time, in the order of [`Member`].

use event_store::transfer::{StoredEvent, StoredKey, StoredReceipt, StoredSecret};
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::transfer::Table;

/// Rows on the move.
#[derive(Debug)]
pub(super) enum Item {
    Events(Vec<StoredEvent>),
    Receipts(Vec<StoredReceipt>),
    Rows(Table, Vec<String>),
    Secrets(Vec<StoredSecret>),
    Keys(Vec<StoredKey>),
}

/// A kind of rows, in the order in which they move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    Events,
    Receipts,
    Rows(Table),
    Secrets,
    Keys,
}

const SECRETS: &str = "keys/keyring_secret";
const KEYS: &str = "keys/subject_key";
const TABLES: [&str; 24] = [
    "tables/credential",
    "tables/invitation",
    "tables/read_record",
    "tables/backup",
    "tables/checkpoint_note",
    "tables/job",
    "tables/mail",
    "tables/mail_attempt",
    "tables/totp",
    "tables/recovery_code",
    "tables/passkey",
    "tables/identity",
    "tables/attachment",
    "tables/attachment_chunk",
    "tables/bulk_change_row",
    "tables/import_mapping",
    "tables/list_view",
    "tables/list_view_default",
    "tables/review",
    "tables/review_declaration",
    "tables/policy_page",
    "tables/incoming_mail",
    "tables/incoming_mail_chunk",
    "tables/mailbox",
];

impl Member {
    /// All kinds; with those of the keyring or without.
    pub(super) fn all(with_keys: bool) -> impl Iterator<Item = Self> {
        let keys = [Self::Secrets, Self::Keys];
        [Self::Events, Self::Receipts]
            .into_iter()
            .chain(Table::ALL.map(Self::Rows))
            .chain(keys.into_iter().filter(move |_| with_keys))
    }

    /// Its name in summaries and archives.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Receipts => "receipts",
            Self::Rows(Table::Credential) => TABLES[0],
            Self::Rows(Table::Invitation) => TABLES[1],
            Self::Rows(Table::ReadRecord) => TABLES[2],
            Self::Rows(Table::Backup) => TABLES[3],
            Self::Rows(Table::CheckpointNote) => TABLES[4],
            Self::Rows(Table::Job) => TABLES[5],
            Self::Rows(Table::Mail) => TABLES[6],
            Self::Rows(Table::MailAttempt) => TABLES[7],
            Self::Rows(Table::Totp) => TABLES[8],
            Self::Rows(Table::RecoveryCode) => TABLES[9],
            Self::Rows(Table::Passkey) => TABLES[10],
            Self::Rows(Table::Identity) => TABLES[11],
            Self::Rows(Table::Attachment) => TABLES[12],
            Self::Rows(Table::AttachmentChunk) => TABLES[13],
            Self::Rows(Table::BulkChangeRow) => TABLES[14],
            Self::Rows(Table::ImportMapping) => TABLES[15],
            Self::Rows(Table::ListView) => TABLES[16],
            Self::Rows(Table::Review) => TABLES[18],
            Self::Rows(Table::ReviewDeclaration) => TABLES[19],
            Self::Rows(Table::PolicyPage) => TABLES[20],
            Self::Rows(Table::IncomingMail) => TABLES[21],
            Self::Rows(Table::IncomingMailChunk) => TABLES[22],
            Self::Rows(Table::Mailbox) => TABLES[23],
            Self::Rows(Table::ListViewDefault) => TABLES[17],
            Self::Secrets => SECRETS,
            Self::Keys => KEYS,
        }
    }

    /// The kind of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::all(true).find(|member| member.name() == name)
    }

    /// The rows in these lines of JSON.
    pub(super) fn parse(self, lines: &str) -> Result<Item, serde_json::Error> {
        Ok(match self {
            Self::Events => Item::Events(parse(lines)?),
            Self::Receipts => Item::Receipts(parse(lines)?),
            Self::Rows(table) => Item::Rows(table, lines.lines().map(str::to_owned).collect()),
            Self::Secrets => Item::Secrets(parse(lines)?),
            Self::Keys => Item::Keys(parse(lines)?),
        })
    }
}

impl Item {
    /// Which kind of rows.
    pub(super) fn member(&self) -> Member {
        match self {
            Self::Events(_) => Member::Events,
            Self::Receipts(_) => Member::Receipts,
            Self::Rows(table, _) => Member::Rows(*table),
            Self::Secrets(_) => Member::Secrets,
            Self::Keys(_) => Member::Keys,
        }
    }

    /// How many.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Events(rows) => rows.len(),
            Self::Receipts(rows) => rows.len(),
            Self::Rows(_, rows) => rows.len(),
            Self::Secrets(rows) => rows.len(),
            Self::Keys(rows) => rows.len(),
        }
    }

    /// The rows as lines of JSON: the one form in which they are hashed and archived.
    pub(super) fn lines(&self) -> Vec<u8> {
        match self {
            Self::Events(rows) => lines(rows),
            Self::Receipts(rows) => lines(rows),
            Self::Secrets(rows) => lines(rows),
            Self::Keys(rows) => lines(rows),
            Self::Rows(_, rows) => {
                let mut text = Vec::with_capacity(rows.iter().map(|row| row.len() + 1).sum());
                for row in rows {
                    text.extend_from_slice(row.as_bytes());
                    text.push(b'\n');
                }
                text
            }
        }
    }
}

fn parse<R: DeserializeOwned>(lines: &str) -> Result<Vec<R>, serde_json::Error> {
    lines.lines().map(serde_json::from_str).collect()
}

fn lines<R: Serialize>(rows: &[R]) -> Vec<u8> {
    let mut text = Vec::with_capacity(rows.len() * 512);
    for row in rows {
        serde_json::to_writer(&mut text, row).expect("a row of texts and numbers is JSON");
        text.push(b'\n');
    }
    text
}

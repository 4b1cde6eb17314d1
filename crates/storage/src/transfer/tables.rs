//! The operational tables, each with its statements.

use event_store::{Connection, DatabaseError, Engine, Sql, each_engine};
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::FromRow;
use uuid::Uuid;

use super::attachment::{Attachment, AttachmentChunk};
use super::bulk_change::BulkChangeRow;
pub(super) use super::hexadecimal;
use super::import::ImportMapping;
use super::incoming_mail::{IncomingMail, IncomingMailChunk, Mailbox};
use super::list_view::{ListView, ListViewDefault};
use super::mail::{Mail, MailAttempt};
use super::review::{PolicyPage, Review, ReviewDeclaration};
use super::sign_in::{Identity, Passkey, RecoveryCode, Totp};
use crate::sql::EngineRow;

/// Operational tables that are left behind, and why.
///
/// Sessions: everybody signs in again, because one cookie must not open two registers. Delays of sign-in count failures of
/// minutes. An attempt at signing in is minutes old, and bound to a browser, as is what a browser was asked to
/// sign, and that it was sent to a provider. A link to another password, or to another address, opens one register, not its
/// copy too. What happened to ways in belongs to where it happened. When a token was last used is told anew by its next use. A lease ends
/// within a minute, and an open page when it is left. When suspicions were looked for last is told by the next search. A backup would
/// keep files that leave for years, and those that were sent for imports: whoever sent one has it. Projections are computed anew.
pub const STAYS: [&str; 16] = [
    "session",
    "sign_in_delay",
    "sign_in_attempt",
    "password_link",
    "mail_link",
    "security_record",
    "passkey_ceremony",
    "identity_attempt",
    "lease",
    "api_token_use",
    "viewer",
    "review_search",
    "import_file",
    "import_chunk",
    "import_row",
    "export_piece",
];

/// An operational table that moves with the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Password hashes.
    Credential,
    /// One-time links, by their hashes.
    Invitation,
    /// Who saw whose data, in its order: on SQLite in a file of its own.
    ReadRecord,
    /// Which backups were made.
    Backup,
    /// Every head of the tree that was signed.
    CheckpointNote,
    /// Jobs, wherever they stand.
    Job,
    /// Messages, wherever they stand.
    Mail,
    /// Every attempt at one.
    MailAttempt,
    /// Secrets of authenticators, sealed.
    Totp,
    /// Recovery codes, by their hashes.
    RecoveryCode,
    /// Public keys of passkeys.
    Passkey,
    /// For whom the identity provider can vouch, by hashes.
    Identity,
    /// Files that belong to changes, sealed.
    Attachment,
    /// Their bytes.
    AttachmentChunk,
    /// The records of bulk changes, and what became of each.
    BulkChangeRow,
    /// How files of imports are read.
    ImportMapping,
    /// Saved views of the list.
    ListView,
    /// With which the list begins, for each person.
    ListViewDefault,
    /// Suspicions, open and decided.
    Review,
    /// The declarations that they are about.
    ReviewDeclaration,
    /// What is known of the pages of policies.
    PolicyPage,
    /// Mail that came in.
    IncomingMail,
    /// Its bytes, sealed.
    IncomingMailChunk,
    /// How far mailboxes were read.
    Mailbox,
}

/// Why rows could not be put into a table.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// A row is not one of this table.
    #[error("a row of table {table} cannot be read")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The database does not answer or refused a row.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Table {
    /// All of them, in the order in which they move.
    pub const ALL: [Self; 24] = [
        Self::Credential,
        Self::Invitation,
        Self::ReadRecord,
        Self::Backup,
        Self::CheckpointNote,
        Self::Job,
        Self::Mail,
        Self::MailAttempt,
        Self::Totp,
        Self::RecoveryCode,
        Self::Passkey,
        Self::Identity,
        Self::Attachment,
        Self::AttachmentChunk,
        Self::BulkChangeRow,
        Self::ImportMapping,
        Self::ListView,
        Self::ListViewDefault,
        Self::Review,
        Self::ReviewDeclaration,
        Self::PolicyPage,
        Self::IncomingMail,
        Self::IncomingMailChunk,
        Self::Mailbox,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Invitation => "invitation",
            Self::ReadRecord => "read_record",
            Self::Backup => "backup",
            Self::CheckpointNote => "checkpoint_note",
            Self::Job => "job",
            Self::Mail => "mail",
            Self::MailAttempt => "mail_attempt",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::Identity => "identity",
            Self::Attachment => "attachment",
            Self::AttachmentChunk => "attachment_chunk",
            Self::BulkChangeRow => "bulk_change_row",
            Self::ImportMapping => "import_mapping",
            Self::ListView => "list_view",
            Self::ListViewDefault => "list_view_default",
            Self::Review => "review",
            Self::ReviewDeclaration => "review_declaration",
            Self::PolicyPage => "policy_page",
            Self::IncomingMail => "incoming_mail",
            Self::IncomingMailChunk => "incoming_mail_chunk",
            Self::Mailbox => "mailbox",
        }
    }

    /// The table of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The columns that move.
    pub fn columns(self) -> Vec<String> {
        match self {
            Self::Credential => fields::<Credential>(),
            Self::Invitation => fields::<Invitation>(),
            Self::ReadRecord => fields::<ReadRecord>(),
            Self::Backup => fields::<Backup>(),
            Self::CheckpointNote => fields::<CheckpointNote>(),
            Self::Job => fields::<Job>(),
            Self::Mail => fields::<Mail>(),
            Self::MailAttempt => fields::<MailAttempt>(),
            Self::Totp => fields::<Totp>(),
            Self::RecoveryCode => fields::<RecoveryCode>(),
            Self::Passkey => fields::<Passkey>(),
            Self::Identity => fields::<Identity>(),
            Self::Attachment => fields::<Attachment>(),
            Self::AttachmentChunk => fields::<AttachmentChunk>(),
            Self::BulkChangeRow => fields::<BulkChangeRow>(),
            Self::ImportMapping => fields::<ImportMapping>(),
            Self::ListView => fields::<ListView>(),
            Self::ListViewDefault => fields::<ListViewDefault>(),
            Self::Review => fields::<Review>(),
            Self::ReviewDeclaration => fields::<ReviewDeclaration>(),
            Self::PolicyPage => fields::<PolicyPage>(),
            Self::IncomingMail => fields::<IncomingMail>(),
            Self::IncomingMailChunk => fields::<IncomingMailChunk>(),
            Self::Mailbox => fields::<Mailbox>(),
        }
    }

    /// Reads all rows in order, each as one line of JSON, and hands them on some at a time.
    pub async fn read<E: From<DatabaseError>>(
        self,
        connection: &mut Connection,
        take: impl AsyncFnMut(Vec<String>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Credential => read::<Credential, E>(connection, take).await,
            Self::Invitation => read::<Invitation, E>(connection, take).await,
            Self::ReadRecord => read::<ReadRecord, E>(connection, take).await,
            Self::Backup => read::<Backup, E>(connection, take).await,
            Self::CheckpointNote => read::<CheckpointNote, E>(connection, take).await,
            Self::Job => read::<Job, E>(connection, take).await,
            Self::Mail => read::<Mail, E>(connection, take).await,
            Self::MailAttempt => read::<MailAttempt, E>(connection, take).await,
            Self::Totp => read::<Totp, E>(connection, take).await,
            Self::RecoveryCode => read::<RecoveryCode, E>(connection, take).await,
            Self::Passkey => read::<Passkey, E>(connection, take).await,
            Self::Identity => read::<Identity, E>(connection, take).await,
            Self::Attachment => read::<Attachment, E>(connection, take).await,
            Self::AttachmentChunk => read::<AttachmentChunk, E>(connection, take).await,
            Self::BulkChangeRow => read::<BulkChangeRow, E>(connection, take).await,
            Self::ImportMapping => read::<ImportMapping, E>(connection, take).await,
            Self::ListView => read::<ListView, E>(connection, take).await,
            Self::ListViewDefault => read::<ListViewDefault, E>(connection, take).await,
            Self::Review => read::<Review, E>(connection, take).await,
            Self::ReviewDeclaration => read::<ReviewDeclaration, E>(connection, take).await,
            Self::PolicyPage => read::<PolicyPage, E>(connection, take).await,
            Self::IncomingMail => read::<IncomingMail, E>(connection, take).await,
            Self::IncomingMailChunk => read::<IncomingMailChunk, E>(connection, take).await,
            Self::Mailbox => read::<Mailbox, E>(connection, take).await,
        }
    }

    /// Puts rows into the table as they are.
    pub async fn put(self, connection: &mut Connection, lines: &[String]) -> Result<(), PutError> {
        match self {
            Self::Credential => put::<Credential>(connection, lines).await,
            Self::Invitation => put::<Invitation>(connection, lines).await,
            Self::ReadRecord => {
                put::<ReadRecord>(connection, lines).await?;
                go_on_counting(connection).await
            }
            Self::Backup => put::<Backup>(connection, lines).await,
            Self::CheckpointNote => put::<CheckpointNote>(connection, lines).await,
            Self::Job => put::<Job>(connection, lines).await,
            Self::Mail => put::<Mail>(connection, lines).await,
            Self::MailAttempt => put::<MailAttempt>(connection, lines).await,
            Self::Totp => put::<Totp>(connection, lines).await,
            Self::RecoveryCode => put::<RecoveryCode>(connection, lines).await,
            Self::Passkey => put::<Passkey>(connection, lines).await,
            Self::Identity => put::<Identity>(connection, lines).await,
            Self::Attachment => put::<Attachment>(connection, lines).await,
            Self::AttachmentChunk => put::<AttachmentChunk>(connection, lines).await,
            Self::BulkChangeRow => put::<BulkChangeRow>(connection, lines).await,
            Self::ImportMapping => put::<ImportMapping>(connection, lines).await,
            Self::ListView => put::<ListView>(connection, lines).await,
            Self::ListViewDefault => put::<ListViewDefault>(connection, lines).await,
            Self::Review => put::<Review>(connection, lines).await,
            Self::ReviewDeclaration => put::<ReviewDeclaration>(connection, lines).await,
            Self::PolicyPage => put::<PolicyPage>(connection, lines).await,
            Self::IncomingMail => put::<IncomingMail>(connection, lines).await,
            Self::IncomingMailChunk => put::<IncomingMailChunk>(connection, lines).await,
            Self::Mailbox => put::<Mailbox>(connection, lines).await,
        }
    }

    /// Whether it has no rows.
    pub async fn is_empty(self, connection: &mut Connection) -> Result<bool, DatabaseError> {
        let text = match self {
            Self::Credential => Credential::IS_EMPTY,
            Self::Invitation => Invitation::IS_EMPTY,
            Self::ReadRecord => ReadRecord::IS_EMPTY,
            Self::Backup => Backup::IS_EMPTY,
            Self::CheckpointNote => CheckpointNote::IS_EMPTY,
            Self::Job => Job::IS_EMPTY,
            Self::Mail => Mail::IS_EMPTY,
            Self::MailAttempt => MailAttempt::IS_EMPTY,
            Self::Totp => Totp::IS_EMPTY,
            Self::RecoveryCode => RecoveryCode::IS_EMPTY,
            Self::Passkey => Passkey::IS_EMPTY,
            Self::Identity => Identity::IS_EMPTY,
            Self::Attachment => Attachment::IS_EMPTY,
            Self::AttachmentChunk => AttachmentChunk::IS_EMPTY,
            Self::BulkChangeRow => BulkChangeRow::IS_EMPTY,
            Self::ImportMapping => ImportMapping::IS_EMPTY,
            Self::ListView => ListView::IS_EMPTY,
            Self::ListViewDefault => ListViewDefault::IS_EMPTY,
            Self::Review => Review::IS_EMPTY,
            Self::ReviewDeclaration => ReviewDeclaration::IS_EMPTY,
            Self::PolicyPage => PolicyPage::IS_EMPTY,
            Self::IncomingMail => IncomingMail::IS_EMPTY,
            Self::IncomingMailChunk => IncomingMailChunk::IS_EMPTY,
            Self::Mailbox => Mailbox::IS_EMPTY,
        };
        Ok(each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?)
    }
}

/// A row of a table that moves.
pub(super) trait Row: EngineRow + Serialize + DeserializeOwned {
    const TABLE: &'static str;
    /// Rows that are handed on at once.
    const BATCH: usize = 1_000;
    const READ: Sql;
    /// $1 is an array of such rows in JSON.
    const PUT: Sql;
    const IS_EMPTY: &'static str;
}

async fn read<R: Row, E: From<DatabaseError>>(
    connection: &mut Connection,
    mut take: impl AsyncFnMut(Vec<String>) -> Result<(), E>,
) -> Result<(), E> {
    let text = R::READ.on(connection);
    let mut lines = Vec::new();
    let database = |error: sqlx::Error| E::from(DatabaseError::from(error));
    each_engine!(connection, c => {
        let mut rows = sqlx::query_as::<_, R>(text).fetch(c);
        while let Some(row) = rows.try_next().await.map_err(database)? {
            lines.push(serde_json::to_string(&row).expect("a row of texts and numbers is JSON"));
            if lines.len() == R::BATCH {
                take(std::mem::take(&mut lines)).await?;
            }
        }
    });
    take(lines).await
}

async fn put<R: Row>(connection: &mut Connection, lines: &[String]) -> Result<(), PutError> {
    let unreadable = |source| PutError::Unreadable {
        table: R::TABLE,
        source,
    };
    let rows = lines.iter().map(|line| serde_json::from_str::<R>(line));
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let json = serde_json::to_string(&rows).map_err(unreadable)?;
    let text = R::PUT.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))
        .map_err(DatabaseError::from)?;
    Ok(())
}

/// PostgreSQL does not count on from numbers that it was given.
const COUNT_ON: &str =
    "SELECT setval(pg_get_serial_sequence('read_record', 'seq'), max(seq)) FROM read_record";

async fn go_on_counting(connection: &mut Connection) -> Result<(), PutError> {
    if connection.engine() == Engine::Postgres {
        each_engine!(connection, c => sqlx::query(COUNT_ON).execute(c).await.map(drop))
            .map_err(DatabaseError::from)?;
    }
    Ok(())
}

/// The names of a row's fields, from the JSON of an empty one.
fn fields<R: Row + Default>() -> Vec<String> {
    match serde_json::to_value(R::default()) {
        Ok(serde_json::Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Credential {
    staff_id: Uuid,
    password_hash: String,
    changed_at: i64,
}

impl Row for Credential {
    const TABLE: &'static str = "credential";
    const READ: Sql =
        Sql::same("SELECT staff_id, password_hash, changed_at FROM credential ORDER BY staff_id");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO credential (staff_id, password_hash, changed_at) \
                 SELECT unhex(value ->> 'staff_id', '-'), value ->> 'password_hash', value ->> 'changed_at' \
                 FROM json_each($1)",
        postgres: "INSERT INTO credential (staff_id, password_hash, changed_at) \
                   SELECT staff_id, password_hash, changed_at FROM json_populate_recordset(NULL::credential, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM credential)";
}

// What older backups do not have is not there.
#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invitation {
    #[serde(with = "hexadecimal")]
    token_hash: Vec<u8>,
    role: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    #[serde(default)]
    staff_id: Option<Uuid>,
    #[serde(default)]
    invited_by: Option<String>,
    #[serde(default)]
    revoked_at: Option<i64>,
    #[serde(default)]
    same_as: Option<Uuid>,
}

impl Row for Invitation {
    const TABLE: &'static str = "invitation";
    const READ: Sql = Sql::same(
        "SELECT token_hash, role, created_at, expires_at, used_at, staff_id, invited_by, revoked_at, same_as FROM invitation \
         ORDER BY token_hash",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO invitation (token_hash, role, created_at, expires_at, used_at, staff_id, invited_by, revoked_at, \
                 same_as) \
                 SELECT unhex(value ->> 'token_hash'), value ->> 'role', value ->> 'created_at', \
                 value ->> 'expires_at', value ->> 'used_at', unhex(value ->> 'staff_id', '-'), value ->> 'invited_by', \
                 value ->> 'revoked_at', unhex(value ->> 'same_as', '-') FROM json_each($1)",
        postgres: "INSERT INTO invitation (token_hash, role, created_at, expires_at, used_at, staff_id, invited_by, revoked_at, \
                 same_as) \
                   SELECT decode(value ->> 'token_hash', 'hex'), value ->> 'role', \
                   CAST(value ->> 'created_at' AS BIGINT), CAST(value ->> 'expires_at' AS BIGINT), \
                   CAST(value ->> 'used_at' AS BIGINT), CAST(value ->> 'staff_id' AS UUID), value ->> 'invited_by', \
                   CAST(value ->> 'revoked_at' AS BIGINT), CAST(value ->> 'same_as' AS UUID) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM invitation)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadRecord {
    seq: i64,
    at: i64,
    actor: String,
    #[serde(with = "hexadecimal")]
    declaration_ids: Vec<u8>,
    field_class: String,
    purpose: String,
    request_id: String,
}

impl Row for ReadRecord {
    const TABLE: &'static str = "read_record";
    const READ: Sql = Sql::same(
        "SELECT seq, at, actor, declaration_ids, field_class, purpose, request_id FROM read_record ORDER BY seq",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO read_record (seq, at, actor, declaration_ids, field_class, purpose, request_id) \
                 SELECT value ->> 'seq', value ->> 'at', value ->> 'actor', unhex(value ->> 'declaration_ids'), \
                 value ->> 'field_class', value ->> 'purpose', value ->> 'request_id' FROM json_each($1)",
        postgres: "INSERT INTO read_record (seq, at, actor, declaration_ids, field_class, purpose, request_id) \
                   OVERRIDING SYSTEM VALUE \
                   SELECT CAST(value ->> 'seq' AS BIGINT), CAST(value ->> 'at' AS BIGINT), value ->> 'actor', \
                   decode(value ->> 'declaration_ids', 'hex'), value ->> 'field_class', value ->> 'purpose', \
                   value ->> 'request_id' FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM read_record)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    id: Uuid,
    made_at: i64,
    position: i64,
    path: String,
    bytes: i64,
    sha256: String,
    with_keys: i64,
    expires_at: i64,
}

impl Row for Backup {
    const TABLE: &'static str = "backup";
    const READ: Sql = Sql::same(
        "SELECT id, made_at, position, path, bytes, sha256, with_keys, expires_at FROM backup ORDER BY made_at, id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO backup (id, made_at, position, path, bytes, sha256, with_keys, expires_at) \
                 SELECT unhex(value ->> 'id', '-'), value ->> 'made_at', value ->> 'position', value ->> 'path', \
                 value ->> 'bytes', value ->> 'sha256', value ->> 'with_keys', value ->> 'expires_at' \
                 FROM json_each($1)",
        postgres: "INSERT INTO backup (id, made_at, position, path, bytes, sha256, with_keys, expires_at) \
                   SELECT id, made_at, position, path, bytes, sha256, with_keys, expires_at \
                   FROM json_populate_recordset(NULL::backup, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM backup)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointNote {
    size: i64,
    note: String,
    signed_at: i64,
}

impl Row for CheckpointNote {
    const TABLE: &'static str = "checkpoint_note";
    const READ: Sql = Sql::same("SELECT size, note, signed_at FROM checkpoint_note ORDER BY size");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO checkpoint_note (size, note, signed_at) \
                 SELECT value ->> 'size', value ->> 'note', value ->> 'signed_at' FROM json_each($1)",
        postgres: "INSERT INTO checkpoint_note (size, note, signed_at) \
                   SELECT size, note, signed_at \
                   FROM json_populate_recordset(NULL::checkpoint_note, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM checkpoint_note)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Job {
    id: Uuid,
    command: String,
    schedule_id: Option<Uuid>,
    due_at: Option<i64>,
    late: i64,
    requested_by: String,
    created_at: i64,
    state: String,
    run_at: i64,
    attempt: i64,
    term: i64,
    lease_until: Option<i64>,
    node: Option<String>,
    progress_done: i64,
    progress_total: i64,
    cancel_requested: i64,
    error: Option<String>,
    finished_at: Option<i64>,
}

impl Row for Job {
    const TABLE: &'static str = "job";
    const READ: Sql = Sql::same(
        "SELECT id, command, schedule_id, due_at, late, requested_by, created_at, state, run_at, attempt, term, lease_until, \
         node, progress_done, progress_total, cancel_requested, error, finished_at FROM job ORDER BY created_at, id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO job (id, command, schedule_id, due_at, late, requested_by, created_at, state, run_at, attempt, \
                 term, lease_until, node, progress_done, progress_total, cancel_requested, error, finished_at) \
                 SELECT unhex(value ->> 'id', '-'), value ->> 'command', unhex(value ->> 'schedule_id', '-'), \
                 value ->> 'due_at', value ->> 'late', value ->> 'requested_by', value ->> 'created_at', \
                 value ->> 'state', value ->> 'run_at', value ->> 'attempt', value ->> 'term', value ->> 'lease_until', \
                 value ->> 'node', value ->> 'progress_done', value ->> 'progress_total', value ->> 'cancel_requested', \
                 value ->> 'error', value ->> 'finished_at' FROM json_each($1)",
        postgres: "INSERT INTO job SELECT * FROM json_populate_recordset(NULL::job, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM job)";
}

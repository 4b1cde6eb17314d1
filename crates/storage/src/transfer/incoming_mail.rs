//! Rows of mail that came in, and how far mailboxes were read.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::{Row, hexadecimal};

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncomingMail {
    id: Uuid,
    #[serde(with = "hexadecimal")]
    content_hash: Vec<u8>,
    source: String,
    taken_at: i64,
    size: i64,
    is_whole: i64,
    #[serde(with = "hexadecimal")]
    sealed_sha256: Vec<u8>,
    state: String,
    kind: Option<String>,
    read_at: Option<i64>,
    mail_id: Option<Uuid>,
}

impl Row for IncomingMail {
    const TABLE: &'static str = "incoming_mail";
    const READ: Sql = Sql::same(
        "SELECT id, content_hash, source, taken_at, size, is_whole, sealed_sha256, state, kind, read_at, mail_id \
         FROM incoming_mail ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO incoming_mail (id, content_hash, source, taken_at, size, is_whole, sealed_sha256, state, kind, \
                 read_at, mail_id) SELECT unhex(value ->> 'id', '-'), unhex(value ->> 'content_hash'), value ->> 'source', \
                 value ->> 'taken_at', value ->> 'size', value ->> 'is_whole', unhex(value ->> 'sealed_sha256'), \
                 value ->> 'state', value ->> 'kind', value ->> 'read_at', unhex(value ->> 'mail_id', '-') FROM json_each($1)",
        postgres: "INSERT INTO incoming_mail (id, content_hash, source, taken_at, size, is_whole, sealed_sha256, state, kind, \
                   read_at, mail_id) SELECT CAST(value ->> 'id' AS UUID), decode(value ->> 'content_hash', 'hex'), \
                   value ->> 'source', CAST(value ->> 'taken_at' AS BIGINT), CAST(value ->> 'size' AS BIGINT), \
                   CAST(value ->> 'is_whole' AS BIGINT), decode(value ->> 'sealed_sha256', 'hex'), value ->> 'state', \
                   value ->> 'kind', CAST(value ->> 'read_at' AS BIGINT), CAST(value ->> 'mail_id' AS UUID) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM incoming_mail)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncomingMailChunk {
    incoming_mail_id: Uuid,
    seq: i64,
    #[serde(with = "hexadecimal")]
    bytes: Vec<u8>,
}

impl Row for IncomingMailChunk {
    const TABLE: &'static str = "incoming_mail_chunk";
    // Half a megabyte each as text.
    const BATCH: usize = 16;
    const READ: Sql = Sql::same(
        "SELECT incoming_mail_id, seq, bytes FROM incoming_mail_chunk ORDER BY incoming_mail_id, seq",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO incoming_mail_chunk (incoming_mail_id, seq, bytes) \
                 SELECT unhex(value ->> 'incoming_mail_id', '-'), value ->> 'seq', unhex(value ->> 'bytes') FROM json_each($1)",
        postgres: "INSERT INTO incoming_mail_chunk (incoming_mail_id, seq, bytes) \
                   SELECT CAST(value ->> 'incoming_mail_id' AS UUID), CAST(value ->> 'seq' AS BIGINT), \
                   decode(value ->> 'bytes', 'hex') FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM incoming_mail_chunk)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mailbox {
    name: String,
    uid_validity: i64,
    last_uid: i64,
}

impl Row for Mailbox {
    const TABLE: &'static str = "mailbox";
    const READ: Sql = Sql::same("SELECT name, uid_validity, last_uid FROM mailbox ORDER BY name");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO mailbox (name, uid_validity, last_uid) \
                 SELECT value ->> 'name', value ->> 'uid_validity', value ->> 'last_uid' FROM json_each($1)",
        postgres: "INSERT INTO mailbox (name, uid_validity, last_uid) SELECT value ->> 'name', \
                   CAST(value ->> 'uid_validity' AS BIGINT), CAST(value ->> 'last_uid' AS BIGINT) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM mailbox)";
}

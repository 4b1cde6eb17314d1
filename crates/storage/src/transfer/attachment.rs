//! Rows of files that belong to changes.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::{Row, hexadecimal};

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attachment {
    id: Uuid,
    declaration_id: Uuid,
    subject_id: Uuid,
    uploaded_by: String,
    uploaded_at: i64,
    kind: String,
    size: i64,
    #[serde(with = "hexadecimal")]
    sealed_sha256: Vec<u8>,
    #[serde(with = "hexadecimal")]
    label: Vec<u8>,
    attached: i64,
}

impl Row for Attachment {
    const TABLE: &'static str = "attachment";
    const READ: Sql = Sql::same(
        "SELECT id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, label, attached \
         FROM attachment ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO attachment (id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, \
                 label, attached) SELECT unhex(value ->> 'id', '-'), unhex(value ->> 'declaration_id', '-'), \
                 unhex(value ->> 'subject_id', '-'), value ->> 'uploaded_by', value ->> 'uploaded_at', value ->> 'kind', \
                 value ->> 'size', unhex(value ->> 'sealed_sha256'), unhex(value ->> 'label'), value ->> 'attached' \
                 FROM json_each($1)",
        postgres: "INSERT INTO attachment (id, declaration_id, subject_id, uploaded_by, uploaded_at, kind, size, sealed_sha256, \
                   label, attached) SELECT CAST(value ->> 'id' AS UUID), CAST(value ->> 'declaration_id' AS UUID), \
                   CAST(value ->> 'subject_id' AS UUID), value ->> 'uploaded_by', CAST(value ->> 'uploaded_at' AS BIGINT), \
                   value ->> 'kind', CAST(value ->> 'size' AS BIGINT), decode(value ->> 'sealed_sha256', 'hex'), \
                   decode(value ->> 'label', 'hex'), CAST(value ->> 'attached' AS BIGINT) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM attachment)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentChunk {
    attachment_id: Uuid,
    seq: i64,
    #[serde(with = "hexadecimal")]
    bytes: Vec<u8>,
}

impl Row for AttachmentChunk {
    const TABLE: &'static str = "attachment_chunk";
    // Half a megabyte each as text.
    const BATCH: usize = 16;
    const READ: Sql =
        Sql::same("SELECT attachment_id, seq, bytes FROM attachment_chunk ORDER BY attachment_id, seq");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO attachment_chunk (attachment_id, seq, bytes) \
                 SELECT unhex(value ->> 'attachment_id', '-'), value ->> 'seq', unhex(value ->> 'bytes') FROM json_each($1)",
        postgres: "INSERT INTO attachment_chunk (attachment_id, seq, bytes) \
                   SELECT CAST(value ->> 'attachment_id' AS UUID), CAST(value ->> 'seq' AS BIGINT), \
                   decode(value ->> 'bytes', 'hex') FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM attachment_chunk)";
}

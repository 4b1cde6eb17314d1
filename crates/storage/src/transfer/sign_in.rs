//! Rows of what people prove who they are with, beside passwords.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::{Row, hexadecimal};

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Totp {
    staff_id: Uuid,
    pending: i64,
    subject_id: Uuid,
    #[serde(with = "hexadecimal")]
    sealed: Vec<u8>,
    last_step: i64,
    made_at: i64,
}

impl Row for Totp {
    const TABLE: &'static str = "totp";
    const READ: Sql = Sql::same(
        "SELECT staff_id, pending, subject_id, sealed, last_step, made_at FROM totp ORDER BY staff_id, pending",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO totp (staff_id, pending, subject_id, sealed, last_step, made_at) \
                 SELECT unhex(value ->> 'staff_id', '-'), value ->> 'pending', unhex(value ->> 'subject_id', '-'), \
                 unhex(value ->> 'sealed'), value ->> 'last_step', value ->> 'made_at' FROM json_each($1)",
        postgres: "INSERT INTO totp (staff_id, pending, subject_id, sealed, last_step, made_at) \
                   SELECT CAST(value ->> 'staff_id' AS UUID), CAST(value ->> 'pending' AS BIGINT), \
                   CAST(value ->> 'subject_id' AS UUID), decode(value ->> 'sealed', 'hex'), \
                   CAST(value ->> 'last_step' AS BIGINT), CAST(value ->> 'made_at' AS BIGINT) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM totp)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecoveryCode {
    #[serde(with = "hexadecimal")]
    code_hash: Vec<u8>,
    staff_id: Uuid,
    made_at: i64,
    used_at: Option<i64>,
}

impl Row for RecoveryCode {
    const TABLE: &'static str = "recovery_code";
    const READ: Sql =
        Sql::same("SELECT code_hash, staff_id, made_at, used_at FROM recovery_code ORDER BY code_hash");
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO recovery_code (code_hash, staff_id, made_at, used_at) \
                 SELECT unhex(value ->> 'code_hash'), unhex(value ->> 'staff_id', '-'), value ->> 'made_at', \
                 value ->> 'used_at' FROM json_each($1)",
        postgres: "INSERT INTO recovery_code (code_hash, staff_id, made_at, used_at) \
                   SELECT decode(value ->> 'code_hash', 'hex'), CAST(value ->> 'staff_id' AS UUID), \
                   CAST(value ->> 'made_at' AS BIGINT), CAST(value ->> 'used_at' AS BIGINT) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM recovery_code)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Passkey {
    id: Uuid,
    staff_id: Uuid,
    #[serde(with = "hexadecimal")]
    credential_id: Vec<u8>,
    credential: String,
    counter: i64,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
    suspected_at: Option<i64>,
}

impl Row for Passkey {
    const TABLE: &'static str = "passkey";
    const READ: Sql = Sql::same(
        "SELECT id, staff_id, credential_id, credential, counter, name, created_at, last_used_at, suspected_at FROM passkey \
         ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO passkey (id, staff_id, credential_id, credential, counter, name, created_at, last_used_at, \
                 suspected_at) SELECT unhex(value ->> 'id', '-'), unhex(value ->> 'staff_id', '-'), \
                 unhex(value ->> 'credential_id'), value ->> 'credential', value ->> 'counter', value ->> 'name', \
                 value ->> 'created_at', value ->> 'last_used_at', value ->> 'suspected_at' FROM json_each($1)",
        postgres: "INSERT INTO passkey (id, staff_id, credential_id, credential, counter, name, created_at, last_used_at, \
                   suspected_at) SELECT CAST(value ->> 'id' AS UUID), CAST(value ->> 'staff_id' AS UUID), \
                   decode(value ->> 'credential_id', 'hex'), value ->> 'credential', CAST(value ->> 'counter' AS BIGINT), \
                   value ->> 'name', CAST(value ->> 'created_at' AS BIGINT), CAST(value ->> 'last_used_at' AS BIGINT), \
                   CAST(value ->> 'suspected_at' AS BIGINT) FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM passkey)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    #[serde(with = "hexadecimal")]
    subject_hash: Vec<u8>,
    staff_id: Uuid,
    linked_at: i64,
    last_used_at: Option<i64>,
}

impl Row for Identity {
    const TABLE: &'static str = "identity";
    const READ: Sql = Sql::same(
        "SELECT subject_hash, staff_id, linked_at, last_used_at FROM identity ORDER BY subject_hash",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO identity (subject_hash, staff_id, linked_at, last_used_at) \
                 SELECT unhex(value ->> 'subject_hash'), unhex(value ->> 'staff_id', '-'), value ->> 'linked_at', \
                 value ->> 'last_used_at' FROM json_each($1)",
        postgres: "INSERT INTO identity (subject_hash, staff_id, linked_at, last_used_at) \
                   SELECT decode(value ->> 'subject_hash', 'hex'), CAST(value ->> 'staff_id' AS UUID), \
                   CAST(value ->> 'linked_at' AS BIGINT), CAST(value ->> 'last_used_at' AS BIGINT) \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM identity)";
}

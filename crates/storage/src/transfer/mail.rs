//! Messages, and every attempt at one.

use event_store::Sql;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::tables::{Row, hexadecimal};

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mail {
    id: Uuid,
    position: i64,
    class: String,
    sender: String,
    #[serde(with = "hexadecimal")]
    recipient_hash: Vec<u8>,
    #[serde(with = "hexadecimal")]
    domain_hash: Vec<u8>,
    organization_id: Option<Uuid>,
    declaration_id: Option<Uuid>,
    queued_at: i64,
    not_after: Option<i64>,
    state: String,
    changed_at: i64,
    next_try_at: i64,
    attempt: i64,
    judged: i64,
    term: i64,
    lease_until: Option<i64>,
    node: Option<String>,
    outcome: Option<String>,
    reply: Option<String>,
}

impl Row for Mail {
    const TABLE: &'static str = "mail";
    const READ: Sql = Sql::same(
        "SELECT id, position, class, sender, recipient_hash, domain_hash, organization_id, declaration_id, queued_at, \
         not_after, state, changed_at, next_try_at, attempt, judged, term, lease_until, node, outcome, reply FROM mail \
         ORDER BY id",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, \
                 declaration_id, queued_at, not_after, state, changed_at, next_try_at, attempt, judged, term, lease_until, \
                 node, outcome, reply) SELECT unhex(value ->> 'id', '-'), value ->> 'position', value ->> 'class', \
                 value ->> 'sender', unhex(value ->> 'recipient_hash'), unhex(value ->> 'domain_hash'), \
                 unhex(value ->> 'organization_id', '-'), unhex(value ->> 'declaration_id', '-'), value ->> 'queued_at', \
                 value ->> 'not_after', value ->> 'state', value ->> 'changed_at', value ->> 'next_try_at', \
                 value ->> 'attempt', value ->> 'judged', value ->> 'term', value ->> 'lease_until', value ->> 'node', \
                 value ->> 'outcome', value ->> 'reply' FROM json_each($1)",
        postgres: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, \
                   declaration_id, queued_at, not_after, state, changed_at, next_try_at, attempt, judged, term, lease_until, \
                   node, outcome, reply) SELECT CAST(value ->> 'id' AS UUID), CAST(value ->> 'position' AS BIGINT), \
                   value ->> 'class', value ->> 'sender', decode(value ->> 'recipient_hash', 'hex'), \
                   decode(value ->> 'domain_hash', 'hex'), CAST(value ->> 'organization_id' AS UUID), \
                   CAST(value ->> 'declaration_id' AS UUID), CAST(value ->> 'queued_at' AS BIGINT), \
                   CAST(value ->> 'not_after' AS BIGINT), value ->> 'state', CAST(value ->> 'changed_at' AS BIGINT), \
                   CAST(value ->> 'next_try_at' AS BIGINT), CAST(value ->> 'attempt' AS BIGINT), \
                   CAST(value ->> 'judged' AS BIGINT), CAST(value ->> 'term' AS BIGINT), \
                   CAST(value ->> 'lease_until' AS BIGINT), value ->> 'node', value ->> 'outcome', value ->> 'reply' \
                   FROM json_array_elements(CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM mail)";
}

#[derive(Default, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailAttempt {
    mail_id: Uuid,
    attempt: i64,
    began_at: i64,
    ended_at: i64,
    outcome: String,
    reply: String,
    node: String,
}

impl Row for MailAttempt {
    const TABLE: &'static str = "mail_attempt";
    const READ: Sql = Sql::same(
        "SELECT mail_id, attempt, began_at, ended_at, outcome, reply, node FROM mail_attempt ORDER BY mail_id, attempt",
    );
    const PUT: Sql = Sql {
        sqlite: "INSERT INTO mail_attempt (mail_id, attempt, began_at, ended_at, outcome, reply, node) \
                 SELECT unhex(value ->> 'mail_id', '-'), value ->> 'attempt', value ->> 'began_at', value ->> 'ended_at', \
                 value ->> 'outcome', value ->> 'reply', value ->> 'node' FROM json_each($1)",
        postgres: "INSERT INTO mail_attempt (mail_id, attempt, began_at, ended_at, outcome, reply, node) \
                   SELECT mail_id, attempt, began_at, ended_at, outcome, reply, node \
                   FROM json_populate_recordset(NULL::mail_attempt, CAST($1 AS json))",
    };
    const IS_EMPTY: &'static str = "SELECT NOT EXISTS (SELECT 1 FROM mail_attempt)";
}

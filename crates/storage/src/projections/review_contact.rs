//! Which contacts are the same, by keyed hashes: brought up to the log by each search for suspicions. Contacts are sealed, and a list
//! never opens them; here each is opened once when it has changed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::DeclarationId;
use event_store::{Database, EventStore, Position, Sql, each_engine};
use futures::TryStreamExt as _;
use uuid::Uuid;

use crate::codec;
use crate::log::LoadError;
use crate::projections::checkpoint::{self, Checkpoint};
use crate::sealed::text;
use crate::sql::StorageError;

/// The name of the checkpoint.
const NAME: &str = "review_contacts";
/// Raise it when what is hashed changes: all contacts are then looked at anew.
const VERSION: i64 = 1;

/// The events that say something else about who is written to.
const ABOUT_CONTACTS: [&str; 8] = [
    "declaration.registered",
    "declaration.made",
    "declaration.corrected",
    "declaration.contact_changed",
    "declaration.absorbed",
    "declaration.handed_over",
    "declaration.undone",
    "declaration.person_forgotten",
];

/// The keyed hashes of the contact of a declaration, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactHashes {
    /// Of which.
    pub declaration_id: DeclarationId,
    /// Of the address, as the ledger of mail has it.
    pub address: Option<String>,
    /// Of the telephone number.
    pub phone: Option<String>,
    /// Of the domain; none under which anybody gets an address.
    pub domain: Option<String>,
}

/// Up to where contacts were looked at, and whose have changed since.
#[derive(Debug)]
pub struct Stale {
    /// Whose.
    pub declarations: Vec<DeclarationId>,
    to: Position,
    at: Checkpoint,
}

const PUT: Sql = Sql {
    sqlite: "INSERT INTO review_contact (declaration_id, address, phone, domain) \
             SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3) FROM json_each($1) \
             WHERE true ON CONFLICT (declaration_id) DO UPDATE SET \
             address = excluded.address, phone = excluded.phone, domain = excluded.domain",
    postgres: "INSERT INTO review_contact (declaration_id, address, phone, domain) \
               SELECT CAST(value ->> 0 AS UUID), decode(value ->> 1, 'hex'), decode(value ->> 2, 'hex'), \
               decode(value ->> 3, 'hex') FROM json_array_elements(CAST($1 AS json)) \
               ON CONFLICT (declaration_id) DO UPDATE SET \
               address = excluded.address, phone = excluded.phone, domain = excluded.domain",
};

const BY_ADDRESS: Sql = Sql {
    sqlite: "SELECT declaration_id FROM review_contact WHERE address = unhex($1) ORDER BY declaration_id LIMIT $2",
    postgres: "SELECT declaration_id FROM review_contact WHERE address = decode($1, 'hex') \
               ORDER BY declaration_id LIMIT $2",
};

/// The statement that looks for an address: for tests of plans.
pub const LOOKS: [(&str, Sql); 1] = [("of an address", BY_ADDRESS)];

/// Whose contacts have changed since they were looked at last.
pub async fn stale(store: &EventStore) -> Result<Stale, LoadError> {
    let database = store.database();
    let at = load(database).await?;
    let from = if at.version == VERSION {
        at.position
    } else {
        Position::START
    };
    let to = store
        .head()
        .await
        .map_err(|error| LoadError::Read(error.into()))?;
    let mut pages = std::pin::pin!(store.read_sealed(from, Some(to)));
    let mut ids = BTreeSet::new();
    while let Some(page) = pages.try_next().await? {
        let about = page
            .iter()
            .filter(|event| ABOUT_CONTACTS.contains(&event.event_type.as_str()));
        for event in about {
            let id = text(event).declaration_id();
            ids.insert(id.map_err(|source| LoadError::Decode {
                position: event.position,
                source,
            })?);
        }
    }
    Ok(Stale {
        declarations: ids.into_iter().collect(),
        to,
        at,
    })
}

/// How many events were written since contacts were looked at last.
pub async fn behind(store: &EventStore) -> Result<i64, LoadError> {
    let at = load(store.database()).await?;
    let head = store.head().await;
    let head = head.map_err(|error| LoadError::Read(error.into()))?;
    let known = if at.version == VERSION {
        at.position.get()
    } else {
        0
    };
    Ok(head.get() - known)
}

/// The declarations whose contact had an address when it was looked at last, by the keyed hash of it, hexadecimal; in the order of their ids.
pub async fn by_address(
    database: &Database,
    hash: &str,
    limit: u32,
) -> Result<Vec<DeclarationId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_ADDRESS.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(hash).bind(i64::from(limit)).fetch_all(c).await
    })?;
    Ok(ids.into_iter().map(DeclarationId::new).collect())
}

async fn load(database: &Database) -> Result<Checkpoint, LoadError> {
    let mut connection = database
        .acquire_read()
        .await
        .map_err(|error| LoadError::Read(error.into()))?;
    checkpoint::load(&mut connection, NAME)
        .await
        .map_err(|error| match error {
            StorageError::Database(error) => LoadError::Read(error.into()),
            StorageError::Corrupt(error) => LoadError::Read(event_store::ReadError::Damaged {
                position: Position::START,
                reason: error.to_string(),
            }),
        })
}

/// A row in the order in which the statement reads it.
type Written<'a> = (String, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// Writes the hashes of some contacts.
pub async fn put(database: &Database, hashes: &[ContactHashes]) -> Result<(), StorageError> {
    let rows: Vec<Written<'_>> = hashes
        .iter()
        .map(|it| {
            let id = it.declaration_id.uuid().simple().to_string();
            (
                id,
                it.address.as_deref(),
                it.phone.as_deref(),
                it.domain.as_deref(),
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let mut tx = database.begin_write().await?;
    let text = PUT.on(&tx);
    each_engine!(tx, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(tx.commit().await?)
}

/// Says that all of these were looked at. Another process that did the same meanwhile has said so already.
pub async fn finish(database: &Database, stale: &Stale, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    checkpoint::ensure(&mut tx, NAME, VERSION, now).await?;
    let lead = Checkpoint {
        version: VERSION,
        ..stale.at.clone()
    };
    checkpoint::advance(&mut tx, NAME, &lead, stale.to, now).await?;
    Ok(tx.commit().await?)
}

/// Whether events of this type say something about who is written to: for a test that knows them all.
pub fn is_about_contacts(event_type: &str) -> bool {
    codec::is_declaration_event(event_type) && ABOUT_CONTACTS.contains(&event_type)
}

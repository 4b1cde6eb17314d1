//! A database that gives its rows, in one snapshot of it.

use event_store::transfer::{LogHead, read};
use event_store::{Connection, Database, Position};
use storage::read_record;
use storage::transfer::Table;
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use super::item::Item;
use super::{Step, Tell, TransferError};

/// Rows of a page.
const PAGE: u32 = 1_000;

/// Where the keys are.
pub(super) enum Keys<'c> {
    /// They are not given.
    Left,
    /// In the same database.
    Here,
    /// In a database of their own.
    Beside(&'c mut Connection),
}

/// The connections that a register is read from, each in a snapshot.
pub(super) struct Snapshots<'c> {
    pub(super) log: &'c mut Connection,
    /// Where the records of reads are in a database of their own.
    pub(super) reads: Option<&'c mut Connection>,
    pub(super) keys: Keys<'c>,
}

/// The databases beside a register, open for reading.
pub(super) struct Beside {
    reads: Option<Database>,
    keys: Database,
}

impl Beside {
    pub(super) async fn open(register: &Database, keys_url: Option<&str>) -> Result<Self, TransferError> {
        let reads = read_record::open_beside(register).await?;
        Ok(Self {
            reads: matches!(reads, Database::Sqlite(_)).then_some(reads),
            keys: read::keys_of(register, keys_url).await?,
        })
    }

    /// Snapshots of the records of reads, where they are apart, and of the keys.
    pub(super) async fn begin(&self) -> Result<(Option<Connection>, Connection), TransferError> {
        let reads = match &self.reads {
            Some(reads) => Some(reads.begin_snapshot().await?),
            None => None,
        };
        Ok((reads, self.keys.begin_snapshot().await?))
    }

    pub(super) async fn close(&self) {
        if let Some(reads) = &self.reads {
            reads.close().await;
        }
        if matches!(self.keys, Database::Sqlite(_)) {
            self.keys.close().await;
        }
    }
}

/// Gives all rows, and `None` after the last: without it they are not all. It ends early, without an error, when nobody takes them any more: whoever took them knows why.
pub(super) async fn send(
    from: Snapshots<'_>,
    head: &LogHead,
    to: Sender<Option<Item>>,
    step: Step,
    tell: Tell<'_>,
) -> Result<(), TransferError> {
    let Snapshots { log, mut reads, keys } = from;
    let mut after = Position::START;
    loop {
        let events = read::events(log, after, PAGE).await?;
        let Some(last) = events.last() else { break };
        after = last.position();
        if to.send(Some(Item::Events(events))).await.is_err() {
            return Ok(());
        }
        tell(step, after.get().unsigned_abs(), head.position.unsigned_abs());
    }
    if !send_receipts(log, head, &to).await? {
        return Ok(());
    }
    for table in Table::ALL {
        let connection = match (table, &mut reads) {
            (Table::ReadRecord, Some(reads)) => &mut **reads,
            _ => &mut *log,
        };
        // Nobody may take them any more; then the rest of this table is read for nothing.
        table
            .read::<TransferError>(connection, async |rows| {
                to.send(Some(Item::Rows(table, rows))).await.ok();
                Ok(())
            })
            .await?;
    }
    match keys {
        Keys::Left => {}
        Keys::Here => send_keys(log, &to).await?,
        Keys::Beside(keys) => send_keys(keys, &to).await?,
    }
    to.send(None).await.ok();
    Ok(())
}

async fn send_receipts(
    log: &mut Connection,
    head: &LogHead,
    to: &Sender<Option<Item>>,
) -> Result<bool, TransferError> {
    let mut after = Position::START;
    let mut sent = 0;
    while after.get() < head.position {
        let receipts = read::receipts(log, after, PAGE).await?;
        sent += receipts.len() as u64;
        if to.send(Some(Item::Receipts(receipts))).await.is_err() {
            return Ok(false);
        }
        after = Position::new(after.get() + i64::from(PAGE));
    }
    let found = read::receipt_count(log).await?;
    if found != sent {
        return Err(TransferError::Receipts {
            found,
            expected: sent,
        });
    }
    Ok(true)
}

async fn send_keys(keys: &mut Connection, to: &Sender<Option<Item>>) -> Result<(), TransferError> {
    let secrets = read::secrets(keys).await?;
    if to.send(Some(Item::Secrets(secrets))).await.is_err() {
        return Ok(());
    }
    let mut from = Some(Uuid::nil());
    while let Some(begin) = from {
        let (page, next) = read::keys(keys, begin, PAGE).await?;
        from = next;
        if to.send(Some(Item::Keys(page))).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

//! A database that gives its rows, in one snapshot of it.

use event_store::transfer::{LogHead, read};
use event_store::{Connection, Position};
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

/// Gives all rows, and `None` after the last: without it they are not all. It ends early, without an error, when nobody takes them any more: whoever took them knows why.
pub(super) async fn send(
    log: &mut Connection,
    keys: Keys<'_>,
    head: &LogHead,
    to: Sender<Option<Item>>,
    step: Step,
    tell: Tell<'_>,
) -> Result<(), TransferError> {
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
        // Nobody may take them any more; then the rest of this table is read for nothing.
        table
            .read::<TransferError>(log, async |rows| {
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

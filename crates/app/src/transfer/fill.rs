//! An empty database that takes the rows of a register: in one transaction, read back before it is kept.

use std::path::Path;

use event_store::transfer::{Loader, LogHead, read};
use event_store::{Connection, Database, KeyEncryptionKey, Position};
use storage::backup::{self, Backup};
use storage::transfer::{Table, is_projected, project};
use tokio::sync::mpsc::{Receiver, channel};

use super::item::Item;
use super::place::Place;
use super::source::{self, Keys};
use super::summary::{Summary, Summing};
use super::{Step, Tell, TransferError};

/// Items that wait between whoever gives and whoever takes.
pub(super) const WAITING: usize = 2;
/// Events that are projected at once.
const PAGE: u32 = 2_000;

/// Where a register is to be made.
#[derive(Debug, Clone)]
pub struct TargetOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Keep the keyring that is in place there, and take none.
    pub keep_keys: bool,
    /// What wraps the keys of the register.
    pub kek: KeyEncryptionKey,
}

/// What is to come.
pub(super) struct Expected<'e> {
    pub head: &'e LogHead,
    /// What it must be, where that is known beforehand.
    pub summary: Option<&'e Summary>,
    /// The archive that it comes from, which then is on the list of backups.
    pub backup: Option<&'e Backup>,
}

/// An open and empty target.
pub(super) struct Target {
    database: Database,
    /// The keyring's database where it is another one.
    keys: Option<Database>,
    place: Option<Place>,
    keep_keys: bool,
    kek: KeyEncryptionKey,
}

impl Target {
    pub(super) async fn open(options: &TargetOptions) -> Result<Self, TransferError> {
        let keep_keys = options.keep_keys;
        let (database, keys, place) = match options.url.strip_prefix("sqlite:") {
            Some(path) => {
                let place = Place::take(Path::new(path.trim_start_matches("//")), keep_keys)?;
                let database = Database::open_to_fill(&place.filled()).await?;
                let keys = read::keys_in(&place.keys()).await?;
                (database, Some(keys), Some(place))
            }
            None => {
                let database = Database::open(&options.url).await?;
                read::keys_beside(&database).await?;
                (database, None, None)
            }
        };
        database.migrate().await?;
        Ok(Self {
            database,
            keys,
            place,
            keep_keys,
            kek: options.kek.clone(),
        })
    }

    /// Takes all rows, reads them back, projects what must not be behind, and keeps it; or leaves nothing.
    pub(super) async fn fill(
        self,
        expected: &Expected<'_>,
        mut items: Receiver<Option<Item>>,
        tell: Tell<'_>,
    ) -> Result<Summary, TransferError> {
        let filled = self.fill_open(expected, &mut items, tell).await;
        drop(items);
        if let Some(keys) = &self.keys {
            keys.close().await;
        }
        self.database.close().await;
        let summary = filled?;
        self.place.map_or(Ok(()), Place::settle)?;
        Ok(summary)
    }

    async fn fill_open(
        &self,
        expected: &Expected<'_>,
        items: &mut Receiver<Option<Item>>,
        tell: Tell<'_>,
    ) -> Result<Summary, TransferError> {
        let head = expected.head;
        let mut loader =
            Loader::begin(&self.database, self.keys.as_ref(), self.keep_keys, head.clone()).await?;
        for table in Table::ALL {
            if !table.is_empty(loader.connections().0).await? {
                return Err(TransferError::TargetNotEmpty { table: table.name() });
            }
        }
        let given = self.take_all(&mut loader, items, head).await?;
        if let Some(promised) = expected.summary
            && let Some(what) = self.kept(promised).difference(&given)
        {
            return Err(TransferError::Differs { what });
        }
        match loader.opens(&self.kek).await? {
            Some(true) => {}
            Some(false) => return Err(TransferError::WrongKey),
            None if self.keep_keys => return Err(TransferError::NoKeys),
            None => return Err(TransferError::NoKeyring),
        }
        let found = self.read_back(&mut loader, head, tell).await?;
        if let Some(what) = given.difference(&found) {
            return Err(TransferError::Differs { what });
        }
        self.project(&mut loader, head, tell).await?;
        if let Some(backup) = expected.backup {
            backup::add_on(loader.connections().0, backup).await?;
        }
        loader.commit().await?;
        Ok(found)
    }

    async fn take_all(
        &self,
        loader: &mut Loader,
        items: &mut Receiver<Option<Item>>,
        head: &LogHead,
    ) -> Result<Summary, TransferError> {
        let mut summing = Summing::new(head, !self.keep_keys);
        loop {
            match items.recv().await {
                Some(Some(item)) => {
                    if self.keep_keys && matches!(item, Item::Keys(_) | Item::Secrets(_)) {
                        continue;
                    }
                    summing.item(&item)?;
                    take(loader, &item).await?;
                }
                Some(None) => break,
                // Whoever gives the rows has failed and says why.
                None => return Err(TransferError::CutShort),
            }
        }
        loader.finish().await?;
        Ok(summing.finish()?)
    }

    fn kept(&self, summary: &Summary) -> Summary {
        let summary = summary.clone();
        if self.keep_keys {
            summary.without_keys()
        } else {
            summary
        }
    }

    async fn read_back(
        &self,
        loader: &mut Loader,
        head: &LogHead,
        tell: Tell<'_>,
    ) -> Result<Summary, TransferError> {
        let (log, beside) = loader.connections();
        let stored = read::head(log).await?.ok_or(TransferError::SourceEmpty)?;
        let keys = match beside {
            _ if self.keep_keys => Keys::Left,
            Some(keys) => Keys::Beside(keys),
            None => Keys::Here,
        };
        let with_keys = !self.keep_keys;
        let summing = Summing::new(&stored, with_keys);
        summarise(log, keys, head, summing, tell).await
    }

    async fn project(
        &self,
        loader: &mut Loader,
        head: &LogHead,
        tell: Tell<'_>,
    ) -> Result<(), TransferError> {
        let mut after = Position::START;
        loop {
            let (events, reached) = loader.opened(after, PAGE, is_projected, &self.kek).await?;
            let Some(reached) = reached else { return Ok(()) };
            project(loader.connections().0, &events)
                .await
                .map_err(|error| TransferError::Project(error.to_string()))?;
            after = reached;
            tell(
                Step::Projecting,
                after.get().unsigned_abs(),
                head.position.unsigned_abs(),
            );
        }
    }
}

async fn summarise(
    log: &mut Connection,
    keys: Keys<'_>,
    head: &LogHead,
    mut summing: Summing,
    tell: Tell<'_>,
) -> Result<Summary, TransferError> {
    let (to, mut items) = channel(WAITING);
    let sent = source::send(log, keys, head, to, Step::Comparing, tell);
    let summed = async {
        while let Some(Some(item)) = items.recv().await {
            summing.item(&item)?;
        }
        drop(items);
        Ok::<_, TransferError>(())
    };
    let (sent, summed) = tokio::join!(sent, summed);
    summed.and(sent)?;
    Ok(summing.finish()?)
}

async fn take(loader: &mut Loader, item: &Item) -> Result<(), TransferError> {
    match item {
        Item::Events(rows) => loader.events(rows).await?,
        Item::Receipts(rows) => loader.receipts(rows).await?,
        Item::Rows(table, rows) => table.put(loader.connections().0, rows).await?,
        Item::Secrets(rows) => loader.secrets(rows).await?,
        Item::Keys(rows) => loader.keys(rows).await?,
    }
    Ok(())
}

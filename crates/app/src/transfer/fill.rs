//! An empty database that takes the rows of a register: in one transaction, read back before it is kept.

use std::path::Path;

use event_store::transfer::{Loader, LogHead, read};
use event_store::{Connection, Database, KeyEncryptionKeys, Position, WriteTx};
use storage::backup::{self, Backup};
use storage::mail;
use storage::read_record;
use storage::transfer::{Table, is_projected, project};
use tokio::sync::mpsc::{Receiver, channel};

use super::item::Item;
use super::place::{Place, PlaceKeys};
use super::source::{self, Keys, Snapshots};
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
    /// Keep a keyring that is in place already, and take none.
    pub kept_keys: Option<KeptKeys>,
    /// What wraps the keys of the register.
    pub encryption_keys: KeyEncryptionKeys,
}

/// A keyring that is in place already.
#[derive(Debug, Clone)]
pub struct KeptKeys {
    /// Where it is, unless it is beside the register.
    pub url: Option<String>,
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
    /// The databases of the records of reads and of the keyring, where they are others.
    reads: Option<Database>,
    keys: Option<Database>,
    place: Option<Place>,
    keep_keys: bool,
    encryption_keys: KeyEncryptionKeys,
}

/// What is being filled.
struct Filling {
    loader: Loader,
    reads: Option<WriteTx>,
}

impl Filling {
    fn of(&mut self, table: Table) -> &mut Connection {
        match (table, &mut self.reads) {
            (Table::ReadRecord, Some(reads)) => reads,
            _ => self.loader.connections().0,
        }
    }

    /// The records of reads first: without the log there is no register that they could be missing from.
    async fn commit(self) -> Result<(), TransferError> {
        if let Some(reads) = self.reads {
            reads.commit().await?;
        }
        Ok(self.loader.commit().await?)
    }
}

impl Target {
    pub(super) async fn open(options: &TargetOptions) -> Result<Self, TransferError> {
        let elsewhere = options.kept_keys.as_ref().and_then(|kept| kept.url.as_deref());
        let target = if let Some(path) = options.url.strip_prefix("sqlite:") {
            let kept = match (&options.kept_keys, elsewhere) {
                (None, _) => PlaceKeys::Made,
                (Some(_), None) => PlaceKeys::Kept,
                (Some(_), Some(_)) => PlaceKeys::Elsewhere,
            };
            let place = Place::take(Path::new(path.trim_start_matches("//")), kept)?;
            let database = Database::open_to_fill(&place.filled()).await?;
            let keys = match elsewhere {
                Some(_) => read::keys_of(&database, elsewhere).await?,
                None => read::keys_in(&place.keys()).await?,
            };
            Self {
                reads: Some(read_record::open_to_fill(&place.reads()).await?),
                keys: Some(keys),
                place: Some(place),
                ..Self::over(database, options)
            }
        } else {
            let database = Database::open(&options.url).await?;
            let keys = read::keys_of(&database, elsewhere).await?;
            read_record::open_beside(&database).await?;
            Self {
                keys: elsewhere.map(|_| keys),
                ..Self::over(database, options)
            }
        };
        target.database.migrate().await?;
        Ok(target)
    }

    fn over(database: Database, options: &TargetOptions) -> Self {
        Self {
            database,
            reads: None,
            keys: None,
            place: None,
            keep_keys: options.kept_keys.is_some(),
            encryption_keys: options.encryption_keys.clone(),
        }
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
        for beside in self.reads.iter().chain(&self.keys) {
            beside.close().await;
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
        let mut filling = self.begin(head).await?;
        let given = self.take_all(&mut filling, items, head).await?;
        if let Some(promised) = expected.summary
            && let Some(what) = self.kept(promised).difference(&given)
        {
            return Err(TransferError::Differs { what });
        }
        match filling.loader.opens(&self.encryption_keys).await? {
            Some(true) => {}
            Some(false) => return Err(TransferError::WrongKey),
            None if self.keep_keys => return Err(TransferError::NoKeys),
            None => return Err(TransferError::NoKeyring),
        }
        let found = self.read_back(&mut filling, head, tell).await?;
        if let Some(what) = given.difference(&found) {
            return Err(TransferError::Differs { what });
        }
        self.project(&mut filling.loader, head, tell).await?;
        if let Some(backup) = expected.backup {
            backup::add_on(filling.of(Table::Backup), backup).await?;
            mail::doubt_restored(filling.of(Table::Mail), backup.made_at).await?;
        }
        filling.commit().await?;
        Ok(found)
    }

    async fn begin(&self, head: &LogHead) -> Result<Filling, TransferError> {
        let loader = Loader::begin(&self.database, self.keys.as_ref(), self.keep_keys, head.clone()).await?;
        let reads = match &self.reads {
            Some(reads) => Some(reads.begin_write().await?),
            None => None,
        };
        let mut filling = Filling { loader, reads };
        for table in Table::ALL {
            if !table.is_empty(filling.of(table)).await? {
                return Err(TransferError::TargetNotEmpty { table: table.name() });
            }
        }
        Ok(filling)
    }

    async fn take_all(
        &self,
        filling: &mut Filling,
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
                    take(filling, &item).await?;
                }
                Some(None) => break,
                // Whoever gives the rows has failed and says why.
                None => return Err(TransferError::CutShort),
            }
        }
        filling.loader.finish().await?;
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
        filling: &mut Filling,
        head: &LogHead,
        tell: Tell<'_>,
    ) -> Result<Summary, TransferError> {
        let (log, beside) = filling.loader.connections();
        let stored = read::head(log).await?.ok_or(TransferError::SourceEmpty)?;
        let keys = match beside {
            _ if self.keep_keys => Keys::Left,
            Some(keys) => Keys::Beside(keys),
            None => Keys::Here,
        };
        let from = Snapshots {
            log,
            reads: filling.reads.as_deref_mut(),
            keys,
        };
        summarise(from, head, Summing::new(&stored, !self.keep_keys), tell).await
    }

    async fn project(
        &self,
        loader: &mut Loader,
        head: &LogHead,
        tell: Tell<'_>,
    ) -> Result<(), TransferError> {
        let mut after = Position::START;
        loop {
            let (events, reached) = loader
                .opened(after, PAGE, is_projected, &self.encryption_keys)
                .await?;
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
    from: Snapshots<'_>,
    head: &LogHead,
    mut summing: Summing,
    tell: Tell<'_>,
) -> Result<Summary, TransferError> {
    let (to, mut items) = channel(WAITING);
    let sent = source::send(from, head, to, Step::Comparing, tell);
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

async fn take(filling: &mut Filling, item: &Item) -> Result<(), TransferError> {
    let loader = &mut filling.loader;
    match item {
        Item::Events(rows) => loader.events(rows).await?,
        Item::Receipts(rows) => loader.receipts(rows).await?,
        Item::Rows(table, rows) => table.put(filling.of(*table), rows).await?,
        Item::Secrets(rows) => loader.secrets(rows).await?,
        Item::Keys(rows) => loader.keys(rows).await?,
    }
    Ok(())
}

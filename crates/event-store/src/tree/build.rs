//! Building the tree from the log, signing its heads, and taking proofs out of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::TreeError;
use super::checkpoint::{Checkpoint, TreeHead};
use super::hash::{self, Hash, Range, includes};
use super::head_file::HeadFile;
use super::key::LogSigningKey;
use super::note::VerifierKey;
use super::proof::{ConsistencyProof, InclusionProof};
use super::rows::{self, NoteRow};
use super::tile::{Edge, Tiles};
use crate::database::Engine;
use crate::query::Position;
use crate::read::ReadError;
use crate::store::EventStore;

/// A builder that was overtaken looks again after so long.
const OVERTAKEN: Duration = Duration::from_millis(50);

/// The clock that the tree is given.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What a tree is opened with.
pub struct LogTreeOptions {
    /// The log that it is over.
    pub store: EventStore,
    /// What signs its heads.
    pub key: LogSigningKey,
    /// Where the last head is kept outside the database; none in tests only.
    pub head_file: Option<HeadFile>,
    /// The time of signing, which is filed beside a note and is no evidence.
    pub now: Now,
}

/// The tree over a log. Cloning shares it.
#[derive(Clone)]
pub struct LogTree {
    store: EventStore,
    key: Arc<LogSigningKey>,
    head_file: Option<HeadFile>,
    now: Now,
}

/// How the log compares with a head that was kept outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// It begins with exactly those events.
    Continues,
    /// It has fewer events: it is an older copy.
    Shorter {
        /// How many it has.
        head: u64,
    },
    /// It has as many or more, and not the same ones.
    Other,
}

impl LogTree {
    /// The tree over a log. Before it is written to, [`LogTree::refuse_other_key`] is due.
    pub fn new(options: LogTreeOptions) -> Self {
        let LogTreeOptions {
            store,
            key,
            head_file,
            now,
        } = options;
        Self {
            store,
            key: Arc::new(key),
            head_file,
            now,
        }
    }

    /// Fails when the key is not the one that the last head was signed with.
    pub async fn refuse_other_key(&self) -> Result<(), TreeError> {
        self.latest().await.map(drop)
    }

    /// Whether a head of the log in this database was ever signed: then its key exists, and a missing one is lost.
    pub async fn was_signed(database: &crate::Database) -> Result<bool, crate::DatabaseError> {
        let mut connection = database.acquire_read().await?;
        Ok(rows::latest_note(&mut connection).await?.is_some())
    }

    /// The log.
    pub fn store(&self) -> &EventStore {
        &self.store
    }

    /// Where the last head is kept outside the database.
    pub fn head_file(&self) -> Option<&HeadFile> {
        self.head_file.as_ref()
    }

    /// What others check signatures with.
    pub fn verifier_key(&self) -> VerifierKey {
        self.key.verifier(self.store.origin())
    }

    /// How many events the tree has.
    pub async fn size(&self) -> Result<u64, TreeError> {
        let mut connection = self.store.database().acquire_read().await?;
        Ok(rows::size(&mut connection).await?)
    }

    /// Brings the tree up to a position, or to the end of the log when that comes first. `progress` hears its size.
    ///
    /// Memory holds one page of leaves and the tiles over them, whatever is missing.
    pub async fn build(&self, to: Position, mut progress: impl FnMut(u64)) -> Result<u64, TreeError> {
        let to = to.min(self.store.head().await?).get().unsigned_abs();
        let page = match self.store.database().engine() {
            // On SQLite everybody else waits for the transaction that writes the tiles of a page.
            Engine::Sqlite => 16_384,
            Engine::Postgres => 65_536,
        };
        let mut edge = self.edge().await?;
        while edge.size() < to {
            let until = (edge.size() + page).min(to);
            if !self.add(&mut edge, until).await? {
                // Another builder is at work. What it has done need not be done again.
                tokio::time::sleep(OVERTAKEN).await;
                edge = self.edge().await?;
            }
            progress(edge.size());
        }
        Ok(edge.size())
    }

    async fn edge(&self) -> Result<Edge, TreeError> {
        let mut connection = self.store.database().acquire_read().await?;
        let size = rows::size(&mut connection).await?;
        let wanted = Edge::partial_tiles(size);
        let tiles = rows::tiles(&mut connection, wanted.iter().map(|(id, _)| *id)).await?;
        if let Some(edge) = Edge::of(size, &tiles) {
            return Ok(edge);
        }
        let short = wanted
            .into_iter()
            .find(|(id, width)| tiles.get(*id).is_none_or(|hashes| hashes.len() < *width));
        Err(short.map_or(TreeError::Contradicts { size }, |(id, _)| TreeError::damaged(id)))
    }

    /// Adds the leaves up to a size; `false` when another builder was faster.
    async fn add(&self, edge: &mut Edge, to: u64) -> Result<bool, TreeError> {
        let from = edge.size();
        let mut reader = self.store.database().acquire_read().await?;
        let leaves = rows::leaves(&mut reader, from, to).await?;
        drop(reader);
        let mut tiles = Vec::new();
        for leaf in leaves {
            edge.push(leaf, |tile| tiles.push(tile));
        }
        tiles.extend(edge.take_partial());
        let mut tx = self.store.database().begin_write().await?;
        if !rows::advance(&mut tx, from, to, self.micros()).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        rows::put_tiles(&mut tx, &tiles).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn micros(&self) -> i64 {
        (self.now)().timestamp_micros()
    }

    /// Throws the tiles away and builds them again from the log, for tiles that were damaged. Signs nothing.
    pub async fn rebuild(&self, progress: impl FnMut(u64)) -> Result<u64, TreeError> {
        let size = self.size().await?;
        let mut tx = self.store.database().begin_write().await?;
        if rows::advance(&mut tx, size, 0, self.micros()).await? {
            rows::clear_tiles(&mut tx).await?;
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        let size = self.build(Position::new(i64::MAX), progress).await?;
        if let Some(last) = self.latest().await? {
            self.refuse_contradiction(&last).await?;
        }
        Ok(size)
    }

    /// The newest signed head.
    pub async fn latest(&self) -> Result<Option<Checkpoint>, TreeError> {
        let mut connection = self.store.database().acquire_read().await?;
        let row = rows::latest_note(&mut connection).await?;
        drop(connection);
        row.map(|row| self.checkpoint(&row)).transpose()
    }

    fn checkpoint(&self, (size, note): &NoteRow) -> Result<Checkpoint, TreeError> {
        Checkpoint::open(note, &self.verifier_key()).map_err(|reason| TreeError::OtherKey {
            size: size.unsigned_abs(),
            reason,
        })
    }

    /// Builds the tree to the end of the log and signs its head; none for an empty log. Nothing new, nothing signed.
    pub async fn sign(&self) -> Result<Option<Checkpoint>, TreeError> {
        let size = self.build(Position::new(i64::MAX), |_| {}).await?;
        if size == 0 {
            return Ok(None);
        }
        let checkpoint = match self.latest().await? {
            // Another process has signed so much or more already.
            Some(last) if last.head.size >= size => last,
            last => {
                if let Some(last) = last {
                    self.refuse_contradiction(&last).await?;
                }
                let checkpoint = self.signed_at(size).await?;
                let mut tx = self.store.database().begin_write().await?;
                rows::put_note(&mut tx, &checkpoint, self.micros()).await?;
                tx.commit().await?;
                checkpoint
            }
        };
        self.keep_outside(&checkpoint).await;
        Ok(Some(checkpoint))
    }

    /// The head at a size, signed.
    async fn signed_at(&self, size: u64) -> Result<Checkpoint, TreeError> {
        let origin = self.store.origin().to_owned();
        let root = self.root_at(size).await?;
        Ok(TreeHead { origin, size, root }.sign(&self.key))
    }

    /// A log must never sign two heads of which neither begins with the other.
    async fn refuse_contradiction(&self, last: &Checkpoint) -> Result<(), TreeError> {
        let size = last.head.size;
        if self.size().await? < size || self.root_at(size).await? != last.head.root {
            return Err(TreeError::Contradicts { size });
        }
        Ok(())
    }

    /// A head that cannot be kept outside is no reason not to sign: the next one may be.
    async fn keep_outside(&self, checkpoint: &Checkpoint) {
        let Some(file) = self.head_file.clone() else {
            return;
        };
        let checkpoint = checkpoint.clone();
        let kept = tokio::task::spawn_blocking(move || file.keep(&checkpoint)).await;
        match kept {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(error = %error, "the signed head could not be kept outside the database");
            }
            Err(error) => {
                tracing::error!(error = %error, "the signed head could not be kept outside the database");
            }
        }
    }

    /// The root that the tree had at a size that it has reached.
    pub async fn root_at(&self, size: u64) -> Result<Hash, TreeError> {
        let hashes = self.hashes(&[hash::range(0, size)]).await?;
        Ok(hashes[0])
    }

    async fn hashes(&self, ranges: &[Range]) -> Result<Vec<Hash>, TreeError> {
        let wanted = Tiles::wanted(ranges);
        let mut connection = self.store.database().acquire_read().await?;
        let tiles = rows::tiles(&mut connection, wanted.iter().copied()).await?;
        drop(connection);
        ranges
            .iter()
            .map(|range| {
                tiles.hash(range).ok_or_else(|| {
                    let missing = Tiles::wanted(std::slice::from_ref(range))
                        .into_iter()
                        .find(|id| tiles.get(*id).is_none())
                        .or(wanted.last().copied());
                    missing.map_or(TreeError::Contradicts { size: 0 }, TreeError::damaged)
                })
            })
            .collect()
    }

    /// Proves that the event at a position is in the log, under the newest head, or under one signed now.
    pub async fn prove_inclusion(&self, position: Position) -> Result<InclusionProof, TreeError> {
        let number = position.get().unsigned_abs();
        let index = number.checked_sub(1);
        let head = self.store.head().await?.get().unsigned_abs();
        let Some(index) = index.filter(|_| number <= head) else {
            return Err(TreeError::Beyond { head });
        };
        let checkpoint = match self.latest().await? {
            Some(last) if last.head.size >= number => last,
            _ => self.sign().await?.ok_or(TreeError::Beyond { head })?,
        };
        let entry = self.store.entry(position).await.map_err(|error| match error {
            ReadError::Database(error) => TreeError::Database(error),
            _ => TreeError::Leaf { position: number },
        })?;
        let signed = &checkpoint.head;
        let path = self.hashes(&hash::inclusion(index, signed.size)).await?;
        // What is given out was checked: a proof that fails elsewhere would accuse the wrong side.
        if !includes(&signed.root, signed.size, index, &hash::leaf_hash(&entry), &path) {
            return Err(TreeError::Leaf { position: number });
        }
        Ok(InclusionProof {
            entry,
            index,
            path,
            checkpoint,
        })
    }

    /// Proves that the log of `new` events begins with that of `old`; without `new` it is the newest head.
    pub async fn prove_consistency(&self, old: u64, new: Option<u64>) -> Result<ConsistencyProof, TreeError> {
        let head = self.store.head().await?.get().unsigned_abs();
        let newest = match self.latest().await? {
            Some(last) if last.head.size >= new.unwrap_or(head) => last,
            _ => self.sign().await?.ok_or(TreeError::Beyond { head })?,
        };
        self.refuse_contradiction(&newest).await?;
        let size = new.unwrap_or(newest.head.size);
        if old == 0 || old > size || size > newest.head.size {
            return Err(TreeError::Beyond { head });
        }
        let checkpoint = self.checkpoint_of(size).await?;
        let path = self.hashes(&hash::consistency(old, size)).await?;
        Ok(ConsistencyProof {
            old_size: old,
            old_root: self.root_at(old).await?,
            path,
            checkpoint,
        })
    }

    /// The head over exactly so many events: the one that was signed, or else one signed for this proof.
    async fn checkpoint_of(&self, size: u64) -> Result<Checkpoint, TreeError> {
        let mut connection = self.store.database().acquire_read().await?;
        let row = rows::note_of(&mut connection, size).await?;
        drop(connection);
        match row {
            Some(row) => self.checkpoint(&row),
            None => self.signed_at(size).await,
        }
    }

    /// Compares the log with a head that was kept outside; builds as much of the tree as that needs.
    pub async fn compare(&self, outside: &TreeHead) -> Result<Outside, TreeError> {
        let head = self.store.head().await?.get().unsigned_abs();
        if head < outside.size {
            return Ok(Outside::Shorter { head });
        }
        let position = Position::new(i64::try_from(outside.size).unwrap_or(i64::MAX));
        self.build(position, |_| {}).await?;
        if self.root_at(outside.size).await? == outside.root {
            Ok(Outside::Continues)
        } else {
            Ok(Outside::Other)
        }
    }
}

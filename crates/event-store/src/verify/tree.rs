//! The tree against the events: leaves one by one, tiles among themselves, signed heads.
//!
//! Where an event is missing or changed, the stored leaf stands in for it, so that one change is found once and not again
//! in everything above it. Where tiles are missing, what the events give stands in for them.

use std::collections::VecDeque;

use super::{BreachKind, Breaches, VerifyOptions};
use crate::database::Connection;
use crate::query::Position;
use crate::read::{self, ReadError};
use crate::tree::{self, Checkpoint, Edge, Hash, Tile, TileId, TreeHead, VerifierKey, WIDTH};

/// Stored heads that are read at a time.
const NOTES: i64 = 1_000;
/// Leaves that are looked at a time, also where their events are missing.
const CHUNK: i64 = 4_096;

/// A leaf as an event gives it.
#[derive(Clone, Copy)]
pub(super) struct Leaf {
    pub(super) position: i64,
    pub(super) hash: Hash,
    /// Whether it is also the stored one; another one has been reported.
    pub(super) is_stored: bool,
}

/// What the tree said before the walk, and how far it was compared.
pub(super) struct TreeWalk<'o> {
    origin: &'o str,
    key: Option<&'o VerifierKey>,
    outside: Option<&'o TreeHead>,
    /// Leaves of the stored tree, as far as they are walked.
    pub(super) size: u64,
    /// Grows with the walk, when it began at the start of the log.
    edge: Option<Edge>,
    notes: VecDeque<(i64, String)>,
    /// The size of the last note that was read.
    read_to: i64,
    pub(super) heads: u64,
    pub(super) signed: u64,
    fits: u64,
    /// After the first head that does not fit, none will.
    is_broken: bool,
}

impl<'o> TreeWalk<'o> {
    pub(super) async fn begin(
        connection: &mut Connection,
        origin: &'o str,
        options: VerifyOptions<'o>,
        to: Position,
    ) -> Result<Self, ReadError> {
        let is_from_start = options.from <= Position::START.next();
        let size = tree::size(connection).await?;
        Ok(Self {
            origin,
            key: options.key,
            outside: options.outside,
            size: size.min(to.get().unsigned_abs()),
            edge: is_from_start.then(Edge::default),
            notes: VecDeque::new(),
            read_to: 0,
            heads: 0,
            signed: 0,
            fits: 0,
            is_broken: false,
        })
    }

    /// Takes the positions `after + 1..=to`. `leaves` are those of the events that are there, in order.
    pub(super) async fn page(
        &mut self,
        connection: &mut Connection,
        (after, to): (i64, i64),
        leaves: &[Leaf],
        breaches: &mut Breaches,
    ) -> Result<(), ReadError> {
        let mut from = after;
        while from < to {
            let until = to.min(from + CHUNK);
            let here = leaves.partition_point(|leaf| leaf.position <= from)
                ..leaves.partition_point(|leaf| leaf.position <= until);
            self.chunk(connection, (from, until), &leaves[here], breaches)
                .await?;
            from = until;
        }
        Ok(())
    }

    async fn chunk(
        &mut self,
        connection: &mut Connection,
        (after, to): (i64, i64),
        leaves: &[Leaf],
        breaches: &mut Breaches,
    ) -> Result<(), ReadError> {
        let stored = self.stored(connection, after, to, breaches).await?;
        let mut leaves = leaves.iter().peekable();
        let mut full = Vec::new();
        for position in after + 1..=to {
            let index = position.unsigned_abs() - 1;
            let here = leaves.next_if(|leaf| leaf.position == position);
            let there = stored
                .get(tile_of(index))
                .and_then(|hashes| hashes.get(place_in_tile(index)));
            let there = there.filter(|_| index < self.size).copied();
            if let (Some(here), Some(there)) = (here, there)
                && here.is_stored
                && here.hash != there
            {
                breaches.add(position, BreachKind::NotInTree);
            }
            let Some(edge) = &mut self.edge else {
                continue;
            };
            let Some(leaf) = there.or(here.map(|here| here.hash)) else {
                // Neither the event nor its leaf is there: nothing above can be computed any more.
                self.edge = None;
                continue;
            };
            edge.push(leaf, |tile| full.push(tile));
            if index + 1 == self.size {
                full.extend(edge.partial());
            }
            self.heads_at(connection, index + 1, breaches).await?;
        }
        self.compare(connection, full, breaches).await
    }

    /// The stored leaves of these positions.
    async fn stored(
        &self,
        connection: &mut Connection,
        after: i64,
        to: i64,
        breaches: &mut Breaches,
    ) -> Result<tree::Tiles, ReadError> {
        let (from, to) = (after.unsigned_abs(), to.unsigned_abs().min(self.size));
        let wanted = (from < to).then(|| tile_of(from).index..=tile_of(to - 1).index);
        let ids: Vec<_> = wanted
            .into_iter()
            .flatten()
            .map(|index| TileId { level: 0, index })
            .collect();
        let tiles = tree::tiles(connection, ids.iter().copied()).await?;
        for id in ids {
            let first = id.index * WIDTH as u64;
            let width = (self.size - first).min(WIDTH as u64);
            if tiles.get(id).is_none_or(|hashes| (hashes.len() as u64) < width) {
                self.damaged(id, breaches);
            }
        }
        Ok(tiles)
    }

    /// Compares what the leaves give with the stored tiles above them.
    async fn compare(
        &self,
        connection: &mut Connection,
        tiles: Vec<Tile>,
        breaches: &mut Breaches,
    ) -> Result<(), ReadError> {
        let above: Vec<_> = tiles
            .into_iter()
            .filter(|tile| tile.id.level > 0 && end(tile) <= self.size)
            .collect();
        let stored = tree::tiles(connection, above.iter().map(|tile| tile.id)).await?;
        for tile in above {
            let found = stored
                .get(tile.id)
                .and_then(|hashes| hashes.get(..tile.hashes.len()));
            if found != Some(tile.hashes.as_slice()) {
                self.damaged(tile.id, breaches);
            }
        }
        Ok(())
    }

    fn damaged(&self, id: TileId, breaches: &mut Breaches) {
        let leaves = 1_u64 << (8 * (id.level + 1));
        let first = id.index * leaves;
        let through = position((first + leaves).min(self.size));
        let (level, index) = (id.level, id.index);
        breaches.add(
            position(first + 1).get(),
            BreachKind::Tile {
                level,
                index,
                through,
            },
        );
    }

    /// Compares the heads that were signed at a size, and the one kept outside, with what the leaves give.
    async fn heads_at(
        &mut self,
        connection: &mut Connection,
        size: u64,
        breaches: &mut Breaches,
    ) -> Result<(), ReadError> {
        if self.notes.is_empty() && self.read_to < i64::MAX {
            let page = tree::notes(connection, self.read_to, NOTES).await?;
            // The last page was read: what is signed from now on is beyond what is walked.
            self.read_to = page.last().map_or(i64::MAX, |(size, _)| *size);
            self.notes = page.into();
        }
        let Some(edge) = &self.edge else {
            return Ok(());
        };
        let at = position(size).get();
        while self.notes.front().is_some_and(|(of, _)| *of <= at) {
            let Some((of, note)) = self.notes.pop_front() else {
                break;
            };
            self.heads += 1;
            self.signed = of.unsigned_abs();
            match self.open(of, &note) {
                Err(reason) => breaches.add(of, BreachKind::Note(reason)),
                Ok(head) if self.is_broken || head.root == edge.root() => {
                    if !self.is_broken {
                        self.fits = size;
                    }
                }
                Ok(_) => {
                    self.is_broken = true;
                    let fits = position(self.fits);
                    breaches.add(at, BreachKind::Head { fits });
                }
            }
        }
        if let Some(outside) = self.outside.filter(|outside| outside.size == size)
            && outside.root != edge.root()
        {
            breaches.add(at, BreachKind::Outside);
        }
        Ok(())
    }

    fn open(&self, size: i64, note: &str) -> Result<TreeHead, tree::NoteError> {
        let checkpoint = match self.key {
            Some(key) => Checkpoint::open(note, key),
            None => Checkpoint::unchecked(note),
        }?;
        let head = checkpoint.head;
        let is_filed_right = head.origin == self.origin && head.size == size.unsigned_abs();
        is_filed_right.then_some(head).ok_or(tree::NoteError::Malformed)
    }

    /// After the last page of a walk to the head: nothing may be signed, or in the tree, that the log does not have.
    pub(super) async fn end(
        &self,
        connection: &mut Connection,
        breaches: &mut Breaches,
    ) -> Result<(), ReadError> {
        let in_tree = tree::size(connection).await?;
        let signed = tree::latest_note(connection)
            .await?
            .map_or(0, |(size, _)| size.unsigned_abs());
        let outside = self.outside.map_or(0, |outside| outside.size);
        let known = in_tree.max(signed).max(outside);
        // Asked for last: others may be appending.
        let head = read::head(connection).await?;
        if known > head.get().unsigned_abs() {
            breaches.add(head.next().get(), BreachKind::CutOff { had: position(known) });
        }
        Ok(())
    }
}

fn tile_of(index: u64) -> TileId {
    TileId {
        level: 0,
        index: index / WIDTH as u64,
    }
}

fn place_in_tile(index: u64) -> usize {
    usize::try_from(index % WIDTH as u64).expect("below 256")
}

/// How many leaves a tree must have for this tile.
fn end(tile: &Tile) -> u64 {
    let each = 1_u64 << (8 * tile.id.level);
    (tile.id.index * WIDTH as u64 + tile.hashes.len() as u64) * each
}

fn position(size: u64) -> Position {
    Position::new(i64::try_from(size).unwrap_or(i64::MAX))
}

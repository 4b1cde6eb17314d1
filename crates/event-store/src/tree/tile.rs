//! Tiles of C2SP tlog-tiles: 256 hashes of one height, so that a tree of millions is a few thousand rows.
//!
//! A tile of level `l` holds hashes of complete subtrees of `256^l` leaves. A partial tile is the beginning of the full
//! one, so one row holds all partial tiles that ever were: cut it to the width asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::hash::{Hash, Range, Subtree, fold, node_hash, range};

/// Hashes of a full tile.
pub(crate) const WIDTH: usize = 256;
/// Heights between the hashes of one level and the next.
const STEP: u8 = 8;
/// More levels than a log can have positions for.
const LEVELS: u8 = 8;

/// Where a tile stands: level, then index from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TileId {
    pub level: u8,
    pub index: u64,
}

/// A tile: at most [`WIDTH`] hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tile {
    pub id: TileId,
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// The bytes as they are stored and served.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.hashes.as_flattened()
    }

    /// The tile of these bytes; `None` when their number is not that of 1 to 256 hashes.
    pub(crate) fn of_bytes(id: TileId, bytes: &[u8]) -> Option<Self> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && (1..=WIDTH).contains(&hashes.len());
        fits.then(|| Self {
            id,
            hashes: hashes.to_vec(),
        })
    }
}

/// The tiles on the right edge of a tree, which the next leaf changes; what a tree grows from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
    /// Levels that have got a hash since the partial tiles were last taken.
    touched: BTreeSet<u8>,
}

impl Edge {
    /// The partial tiles of a tree of this size; a level whose last tile is full has none.
    pub(crate) fn partial_tiles(size: u64) -> Vec<(TileId, usize)> {
        (0..LEVELS)
            .map(|level| {
                let count = size >> (STEP * level);
                let width = usize::try_from(count % WIDTH as u64).expect("below 256");
                let index = count / WIDTH as u64;
                (TileId { level, index }, width)
            })
            .filter(|(_, width)| *width > 0)
            .collect()
    }

    /// The edge of a tree of this size from its partial tiles; `None` when one is missing or too short.
    pub(crate) fn of(size: u64, tiles: &Tiles) -> Option<Self> {
        let mut levels = vec![Vec::new(); usize::from(LEVELS)];
        for (id, width) in Self::partial_tiles(size) {
            levels[usize::from(id.level)] = tiles.get(id)?.get(..width)?.to_vec();
        }
        Some(Self {
            size,
            levels,
            touched: BTreeSet::new(),
        })
    }

    /// How many leaves the tree has.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; `full` gets every tile that it completes.
    pub(crate) fn push(&mut self, leaf: Hash, mut full: impl FnMut(Tile)) {
        self.levels.resize(usize::from(LEVELS), Vec::new());
        self.size += 1;
        let mut hash = leaf;
        for level in 0..LEVELS {
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            if hashes.len() < WIDTH {
                self.touched.insert(level);
                return;
            }
            let hashes = std::mem::take(hashes);
            self.touched.remove(&level);
            hash = complete(&hashes);
            let index = (self.size >> (STEP * (level + 1))) - 1;
            let id = TileId { level, index };
            full(Tile { id, hashes });
        }
    }

    /// The partial tiles that have changed since they were last taken.
    pub(crate) fn take_partial(&mut self) -> Vec<Tile> {
        let touched = std::mem::take(&mut self.touched);
        let mut tiles = self.partial();
        tiles.retain(|tile| touched.contains(&tile.id.level));
        tiles
    }

    /// All partial tiles as they are now.
    pub(crate) fn partial(&self) -> Vec<Tile> {
        Self::partial_tiles(self.size)
            .into_iter()
            .map(|(id, _)| Tile {
                id,
                hashes: self.levels[usize::from(id.level)].clone(),
            })
            .collect()
    }

    /// The root of the tree as it is now.
    pub(crate) fn root(&self) -> Hash {
        let mut subtrees = Vec::new();
        for hashes in self.levels.iter().rev() {
            let mut at = 0;
            for subtree in range(0, hashes.len() as u64) {
                let next = at + (1 << subtree.height);
                subtrees.push(complete(&hashes[at..next]));
                at = next;
            }
        }
        fold(subtrees.into_iter())
    }
}

/// The root over a power of two of hashes.
fn complete(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    row[0]
}

/// Tiles at hand, by place.
#[derive(Debug, Default)]
pub(crate) struct Tiles(BTreeMap<TileId, Vec<Hash>>);

impl Tiles {
    /// Tiles that hold the hashes that these ranges are made of.
    pub(crate) fn wanted(ranges: &[Range]) -> BTreeSet<TileId> {
        ranges.iter().flatten().map(|subtree| place(*subtree).0).collect()
    }

    pub(crate) fn insert(&mut self, tile: Tile) {
        self.0.insert(tile.id, tile.hashes);
    }

    pub(crate) fn get(&self, id: TileId) -> Option<&[Hash]> {
        self.0.get(&id).map(Vec::as_slice)
    }

    /// The hash of a range; `None` when a tile is not here or too short.
    pub(crate) fn hash(&self, range: &[Subtree]) -> Option<Hash> {
        let subtrees: Option<Vec<_>> = range
            .iter()
            .map(|subtree| {
                let (id, places) = place(*subtree);
                self.get(id)?.get(places).map(complete)
            })
            .collect();
        Some(fold(subtrees?.into_iter()))
    }
}

/// The tile that a subtree's hash comes from, and the places in it.
fn place(subtree: Subtree) -> (TileId, std::ops::Range<usize>) {
    let level = subtree.height / STEP;
    let height = subtree.height % STEP;
    let first = subtree.index << height;
    let id = TileId {
        level,
        index: first / WIDTH as u64,
    };
    let from = usize::try_from(first % WIDTH as u64).expect("below 256");
    (id, from..from + (1 << height))
}

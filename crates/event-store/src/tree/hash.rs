//! Hashes of the tree as RFC 6962 §2.1 has them, and which subtrees a root or a proof is made of. No I/O.

use sha2::{Digest, Sha256};

/// A SHA-256 hash of the tree.
pub type Hash = [u8; 32];

/// The hash of a leaf: `SHA-256(0x00 ‖ entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(entry);
    hasher.finalize().into()
}

/// The hash over two subtrees: `SHA-256(0x01 ‖ left ‖ right)`.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The root of the tree without leaves.
pub(crate) fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// A complete subtree: the leaves from `index · 2^height` on, `2^height` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subtree {
    pub height: u8,
    pub index: u64,
}

/// The complete subtrees whose hashes give the hash of a range of leaves, from the left; one by one smaller.
///
/// A range of a proof begins at a multiple of the largest of them.
pub(crate) type Range = Vec<Subtree>;

/// The range of the leaves `from..to`.
pub(crate) fn range(from: u64, to: u64) -> Range {
    let mut subtrees = Vec::new();
    let mut at = from;
    while at < to {
        let height = (to - at).ilog2();
        subtrees.push(Subtree {
            height: u8::try_from(height).expect("at most 63"),
            index: at >> height,
        });
        at += 1 << height;
    }
    subtrees
}

/// The hash of a range from those of its subtrees; of the empty range the root of the empty tree.
pub(crate) fn fold(subtrees: impl DoubleEndedIterator<Item = Hash>) -> Hash {
    subtrees
        .rev()
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or_else(empty_root)
}

/// What an inclusion proof of the leaf `index` in the tree of `size` leaves consists of, from the leaf to the root.
/// The index must be smaller than the size.
pub(crate) fn inclusion(index: u64, size: u64) -> Vec<Range> {
    // From the root down: the side that the leaf is not on.
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(range(middle, to));
            to = middle;
        } else {
            path.push(range(from, middle));
            from = middle;
        }
    }
    path.reverse();
    path
}

/// What a consistency proof from the tree of `old` leaves to that of `new` consists of. `0 < old <= new`.
pub(crate) fn consistency(old: u64, new: u64) -> Vec<Range> {
    let (mut from, mut to) = (0, new);
    let mut path = Vec::new();
    // Whether the part that is looked at is a whole tree of `old`, which then is known to who checks.
    let mut known = true;
    while old < to {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(range(middle, to));
            to = middle;
        } else {
            path.push(range(from, middle));
            from = middle;
            known = false;
        }
    }
    if !known {
        path.push(range(from, to));
    }
    path.reverse();
    path
}

/// The largest power of two below a number of at least two.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Whether a path leads from a leaf at `index` to the root of the tree of `size` leaves (RFC 9162 §2.1.3.2).
pub fn includes(root: &Hash, size: u64, index: u64, leaf: &Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.2). Every tree begins with the empty one.
pub fn extends(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    let ((old, old_root), (new, new_root)) = (old, new);
    if old == 0 || old > new {
        return old == 0 && path.is_empty() && *old_root == empty_root();
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    let mut rest = path.iter();
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    // A power of two: the old root itself is where the path begins.
    let first = if node == 0 { Some(old_root) } else { rest.next() };
    let Some(first) = first else {
        return false;
    };
    let (mut of_old, mut of_new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            of_old = node_hash(sibling, &of_old);
            of_new = node_hash(sibling, &of_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(&of_new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}

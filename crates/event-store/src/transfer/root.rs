//! The Merkle root over leaf hashes (RFC 6962 §2.1), while they pass by.

use sha2::{Digest, Sha256};

/// Computes the root of a growing tree; it holds one hash for each bit of the number of leaves.
#[derive(Clone, Debug, Default)]
pub struct TreeRoot {
    leaves: u64,
    /// Roots of full trees, the largest first.
    full: Vec<[u8; 32]>,
}

impl TreeRoot {
    /// Adds the next leaf hash.
    pub fn push(&mut self, leaf_hash: [u8; 32]) {
        let mut hash = leaf_hash;
        // Each trailing one of the count is a full tree of that size on the right edge: it gets its sister now.
        for _ in 0..self.leaves.trailing_ones() {
            let left = self.full.pop().expect("a full tree for each one in the count");
            hash = node(&left, &hash);
        }
        self.full.push(hash);
        self.leaves += 1;
    }

    /// The root of the leaves so far; of none it is the hash of nothing.
    pub fn root(&self) -> [u8; 32] {
        let mut trees = self.full.iter().rev();
        let Some(last) = trees.next() else {
            return Sha256::digest([]).into();
        };
        trees.fold(*last, |right, left| node(left, &right))
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    use super::*;

    #[test]
    fn the_root_is_that_of_a_published_crate_for_every_size() {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut ours = TreeRoot::default();
        assert_eq!(ours.root().as_slice(), theirs.root().as_bytes().as_slice());
        for leaf in 0..300_u32 {
            let entry = leaf.to_be_bytes();
            theirs.push(entry.to_vec());
            ours.push(Sha256::digest([[0].as_slice(), &entry].concat()).into());
            assert_eq!(
                ours.root().as_slice(),
                theirs.root().as_bytes().as_slice(),
                "{leaf}"
            );
        }
    }
}

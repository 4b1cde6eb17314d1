//! The tree against others: an independent implementation in another language (tests/vectors/tree.py) and the published
//! crates `tlog_tiles` and `signed_note`.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tlog;

use super::hash::{consistency, fold, inclusion, node_hash, range};
use super::tile::{Edge, Tile, TileId, Tiles};
use super::*;

const VECTORS: &str = include_str!("../../tests/vectors/tree.json");
const LEAVES: u64 = 66_000;

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("tree.json is JSON")
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value[field].as_array().expect(field)
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().expect(field)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().expect(field)
}

fn unhex(text: &str) -> Hash {
    hex::decode(text).expect("hex").try_into().expect("32 bytes")
}

fn hashes(value: &Value) -> Vec<Hash> {
    let list = value["path"].as_array().expect("a path");
    list.iter().filter_map(Value::as_str).map(unhex).collect()
}

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

/// Our tiles over all leaves, and the hashes that the published crate stores.
struct Grown {
    tiles: Tiles,
    theirs: Theirs,
}

struct Theirs(Vec<tlog::Hash>);

impl tlog::HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).expect("small")])
            .collect())
    }
}

static GROWN: LazyLock<Grown> = LazyLock::new(|| {
    let mut edge = Edge::default();
    let mut tiles = Tiles::default();
    let mut theirs = Theirs(Vec::new());
    for number in 0..LEAVES {
        edge.push(leaf(number), |tile| tiles.insert(tile));
        let more = tlog::stored_hashes_for_record_hash(number, tlog::Hash(leaf(number)), &theirs);
        theirs.0.extend(more.expect("hashes"));
    }
    for tile in edge.take_partial() {
        tiles.insert(tile);
    }
    Grown { tiles, theirs }
});

fn root(size: u64) -> Hash {
    if size == 0 {
        return Edge::default().root();
    }
    GROWN.tiles.hash(&range(0, size)).expect("the tiles are there")
}

fn path(ranges: &[super::hash::Range]) -> Vec<Hash> {
    let path: Option<Vec<_>> = ranges.iter().map(|range| GROWN.tiles.hash(range)).collect();
    path.expect("the tiles are there")
}

fn their_hashes(path: &[Hash]) -> Vec<tlog::Hash> {
    path.iter().map(|hash| tlog::Hash(*hash)).collect()
}

#[test]
fn roots_and_proofs_are_those_of_the_independent_implementation() {
    let vectors = vectors();
    for vector in list(&vectors, "roots") {
        let size = number(vector, "size");
        let expected = unhex(text(vector, "root"));
        assert_eq!(root(size), expected, "size {size}");
        assert_eq!(GROWN.tiles.hash(&range(0, size)), Some(expected), "size {size}");
    }
    for vector in list(&vectors, "inclusion") {
        let (index, size) = (number(vector, "index"), number(vector, "size"));
        let path = path(&inclusion(index, size));
        assert_eq!(path, hashes(vector), "{index} in {size}");
        assert!(includes(&root(size), size, index, &leaf(index), &path));
    }
    for vector in list(&vectors, "consistency") {
        let (old, new) = (number(vector, "old"), number(vector, "new"));
        let path = path(&consistency(old, new));
        assert_eq!(path, hashes(vector), "{old} to {new}");
        assert!(extends((old, &root(old)), (new, &root(new)), &path));
    }
}

#[test]
fn t65_checkpoint_and_proof_are_those_of_the_independent_implementation_byte_for_byte() {
    let vectors = vectors();
    let origin = text(&vectors, "origin");
    let key = LogSigningKey::from_bytes(&unhex(text(&vectors, "key")));
    assert_eq!(key.verifier(origin).to_string(), text(&vectors, "verifier_key"));
    let entries: Vec<Vec<u8>> = list(&vectors, "entries")
        .iter()
        .filter_map(|entry| hex::decode(entry.as_str()?).ok())
        .collect();
    let mut edge = Edge::default();
    for entry in &entries {
        edge.push(leaf_hash(entry), |_| {});
    }
    let head = TreeHead {
        origin: origin.to_owned(),
        size: edge.size(),
        root: edge.root(),
    };
    let checkpoint = head.sign(&key);
    assert_eq!(checkpoint.note, text(&vectors, "checkpoint"));
    let mut tiles = Tiles::default();
    edge.partial().into_iter().for_each(|tile| tiles.insert(tile));
    let path: Option<Vec<_>> = inclusion(4, 7).iter().map(|range| tiles.hash(range)).collect();
    let proof = InclusionProof {
        entry: entries[4].clone(),
        index: 4,
        path: path.expect("the tiles are there"),
        checkpoint,
    };
    assert_eq!(proof.text(), text(&vectors, "proof_of_5"));
}

#[test]
fn t65_a_proof_with_any_bit_changed_is_refused() {
    let vectors = vectors();
    let key: VerifierKey = text(&vectors, "verifier_key").parse().expect("a key");
    let good = text(&vectors, "proof_of_5");
    let proven = Proof::parse(good).expect("a proof").verify(&key).expect("true");
    let Proven::Event(entry) = proven else {
        panic!("{proven:?}");
    };
    assert_eq!(
        (entry.position, entry.event_type.as_str()),
        (5, "declaration.registered")
    );
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let outcome = Proof::parse(&changed).and_then(|proof| proof.verify(&key));
            assert!(outcome.is_err(), "byte {at} bit {bit}");
        }
    }
    for cut in 0..good.len() {
        if good.is_char_boundary(cut) {
            let outcome = Proof::parse(&good[..cut]).and_then(|proof| proof.verify(&key));
            assert!(outcome.is_err(), "cut at {cut}");
        }
    }
}

#[test]
fn the_published_note_crate_takes_our_checkpoint_and_refuses_a_changed_one() {
    let key = LogSigningKey::from_bytes(&[5; 32]);
    let head = TreeHead {
        origin: "register.example.jp".to_owned(),
        size: 9,
        root: root(9),
    };
    let checkpoint = head.sign(&key);
    let vkey = key.verifier("register.example.jp").to_string();
    let known = || VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey).expect("a key"))]);
    let note = Note::from_bytes(checkpoint.note.as_bytes()).expect("a note");
    let (verified, others) = note.verify(&known()).expect("signed");
    assert_eq!((verified.len(), others.len()), (1, 0));
    let parsed = tlog_tiles::Checkpoint::from_bytes(note.text()).expect("a checkpoint");
    assert_eq!((parsed.origin(), parsed.size()), ("register.example.jp", 9));
    assert_eq!(parsed.hash().0, root(9));
    let changed = checkpoint.note.replace("\n9\n", "\n8\n");
    let note = Note::from_bytes(changed.as_bytes()).expect("a note");
    assert!(note.verify(&known()).is_err());
}

#[test]
fn every_size_up_to_600_has_the_root_of_the_published_crate() {
    for size in 0..600 {
        let theirs = tlog::tree_hash(size, &GROWN.theirs).expect("a root");
        assert_eq!(root(size), theirs.0, "size {size}");
    }
}

#[test]
fn tiles_have_the_widths_of_the_specification() {
    let widths = |size| -> Vec<(u8, u64, usize)> {
        let tiles = Edge::partial_tiles(size);
        tiles
            .into_iter()
            .map(|(id, width)| (id.level, id.index, width))
            .collect()
    };
    assert_eq!(widths(70_000), [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    assert_eq!(widths(256), [(1, 0, 1)]);
    assert_eq!(widths(0), []);
    let id = TileId { level: 0, index: 0 };
    assert_eq!(Tile::of_bytes(id, &[0; 33]), None);
    assert_eq!(Tile::of_bytes(id, &[]), None);
    assert_eq!(Tile::of_bytes(id, &[0; 8_224]), None);
    assert_eq!(
        Tile::of_bytes(id, &[0; 64]).map(|tile| tile.hashes.len()),
        Some(2)
    );
}

#[test]
fn a_tree_goes_on_from_its_stored_edge_as_if_it_had_never_stopped() {
    let mut whole = Edge::default();
    let mut tiles = Tiles::default();
    let mut size = 0;
    for step in [1, 254, 1, 1, 255, 300, 65_000] {
        let mut edge = Edge::of(size, &tiles).expect("the edge is stored");
        for number in size..size + step {
            edge.push(leaf(number), |tile| tiles.insert(tile));
            whole.push(leaf(number), |_| {});
        }
        edge.take_partial()
            .into_iter()
            .for_each(|tile| tiles.insert(tile));
        size += step;
        assert_eq!((edge.size(), edge.root()), (size, whole.root()));
        assert_eq!(edge.root(), root(size));
    }
    assert!(
        Edge::of(size + 1, &tiles).is_none(),
        "a tile is too short for more leaves"
    );
}

#[test]
fn the_empty_tree_and_impossible_sizes_prove_nothing() {
    let empty = root(0);
    assert_eq!(fold(std::iter::empty()), empty);
    assert!(extends((0, &empty), (5, &root(5)), &[]));
    assert!(!extends((0, &root(1)), (5, &root(5)), &[]));
    assert!(!extends((6, &root(6)), (5, &root(5)), &[]));
    assert!(!extends((3, &root(3)), (5, &root(5)), &[]));
    assert!(!includes(&root(1), 1, 1, &leaf(1), &[]));
    assert!(!includes(&empty, 0, 0, &empty, &[]));
    assert!(includes(&leaf(0), 1, 0, &leaf(0), &[]));
    assert_eq!(node_hash(&leaf(0), &leaf(1)), root(2));
}

/// One bit of one of these hashes changed.
fn flipped(hashes: &[Hash], which: usize, bit: usize) -> Vec<Hash> {
    let mut changed = hashes.to_vec();
    let at = which % changed.len();
    changed[at][bit / 8 % 32] ^= 1 << (bit % 8);
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_proof_of_inclusion_holds_there_and_here_and_none_with_a_flipped_bit(
        size in 1..=LEAVES, at in any::<u64>(), which in any::<usize>(), bit in 0..256_usize,
    ) {
        let index = at % size;
        let path = path(&inclusion(index, size));
        let theirs = tlog::prove_record(size, index, &GROWN.theirs).expect("their proof");
        prop_assert_eq!(their_hashes(&path), theirs.clone());
        let checked = tlog::check_record(&theirs, size, tlog::Hash(root(size)), index, tlog::Hash(leaf(index)));
        prop_assert!(checked.is_ok());
        prop_assert!(includes(&root(size), size, index, &leaf(index), &path));
        let all = [&[root(size), leaf(index)], path.as_slice()].concat();
        let bad = flipped(&all, which, bit);
        prop_assert!(!includes(&bad[0], size, index, &bad[1], &bad[2..]));
        prop_assert!(!includes(&root(size), size, index, &leaf(index), &all), "too long a path");
        if let Some((_, short)) = path.split_last() {
            prop_assert!(!includes(&root(size), size, index, &leaf(index), short));
        }
    }

    #[test]
    fn every_proof_of_consistency_holds_there_and_here_and_none_with_a_flipped_bit(
        new in 1..=LEAVES, at in any::<u64>(), which in any::<usize>(), bit in 0..256_usize,
    ) {
        let old = at % new + 1;
        let path = path(&consistency(old, new));
        let theirs = tlog::prove_tree(new, old, &GROWN.theirs).expect("their proof");
        prop_assert_eq!(their_hashes(&path), theirs.clone());
        let checked = tlog::check_tree(&theirs, new, tlog::Hash(root(new)), old, tlog::Hash(root(old)));
        prop_assert!(checked.is_ok());
        prop_assert!(extends((old, &root(old)), (new, &root(new)), &path));
        let all = [&[root(old), root(new)], path.as_slice()].concat();
        let bad = flipped(&all, which, bit);
        prop_assert!(!extends((old, &bad[0]), (new, &bad[1]), &bad[2..]));
        if old < new {
            prop_assert!(!extends((old, &root(old)), (new, &root(new)), &all), "too long a path");
        }
    }

    #[test]
    fn whatever_is_read_as_a_proof_never_panics(text in "\\PC*", cut in any::<usize>()) {
        prop_assert!(Proof::parse(&text).is_err());
        let vectors = vectors();
        let good = super::tests::text(&vectors, "proof_of_5");
        let mut at = cut % good.len();
        while !good.is_char_boundary(at) {
            at -= 1;
        }
        let _ = Proof::parse(&format!("{}{text}{}", &good[..at], &good[at..]));
    }
}

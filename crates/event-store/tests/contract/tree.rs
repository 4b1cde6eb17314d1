//! The tree over the log: built like a projection, signed, proved from, and compared with a head from outside.

use std::sync::Arc;

use event_store::{
    EventStore, HeadFile, Keeper, LogSigningKey, LogTree, LogTreeOptions, Outside, Position, Proof, Proven,
    TreeError, VerifyOptions, extends,
};
use test_support::{FixedClock, TestDatabase, on_both_engines};

use crate::common::{add, append, assert_clean, by_hand, command, event, tag};

on_both_engines!(
    a_tree_over_thousands_of_events_proves_every_event_and_every_growth,
    two_builders_at_once_build_one_tree,
    the_keeper_signs_what_is_appended_and_once_more_at_its_end,
    nothing_new_signs_nothing_and_every_note_that_was_given_out_is_kept,
    a_key_other_than_that_of_the_last_head_is_refused,
    a_tree_that_was_damaged_is_built_again_and_is_the_same,
    a_head_is_not_signed_over_a_log_that_was_changed,
    t10_an_older_copy_and_another_history_are_told_from_a_log_that_goes_on,
);

pub async fn open_tree(store: &EventStore, key: u8) -> Result<LogTree, TreeError> {
    let clock = FixedClock::default();
    let tree = LogTree::new(LogTreeOptions {
        store: store.clone(),
        key: LogSigningKey::from_bytes(&[key; 32]),
        head_file: None,
        now: Arc::new(move || clock.now()),
    });
    tree.refuse_other_key().await?;
    Ok(tree)
}

pub async fn tree_of(store: &EventStore) -> LogTree {
    open_tree(store, 1).await.expect("the tree opens")
}

async fn grow(store: &EventStore, events: u64) {
    let events = (0..events)
        .map(|n| event("thing.made", &[tag("thing", n)]))
        .collect();
    append(store, command(events)).await;
}

async fn a_tree_over_thousands_of_events_proves_every_event_and_every_growth(db: TestDatabase) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    assert_eq!(tree.sign().await.expect("nothing"), None);
    let mut sizes = Vec::new();
    for more in [1, 2, 253, 1, 1_000, 1_700] {
        grow(&store, more).await;
        let checkpoint = tree.sign().await.expect("signed").expect("a head");
        sizes.push(checkpoint.head.size);
    }
    assert_eq!(sizes, [1, 3, 256, 257, 1_257, 2_957]);
    assert_clean(&store).await;
    let key = tree.verifier_key();
    for position in [1, 2, 256, 257, 1_024, 2_957] {
        let proof = tree
            .prove_inclusion(Position::new(position))
            .await
            .expect("a proof");
        let text = proof.text();
        let proven = Proof::parse(&text).expect("a proof").verify(&key).expect("true");
        let Proven::Event(entry) = proven else {
            panic!("{proven:?}");
        };
        assert_eq!(
            (entry.position, entry.event_type.as_str()),
            (position, "thing.made")
        );
    }
    for old in sizes {
        let proof = tree.prove_consistency(old, None).await.expect("a proof");
        let proven = Proof::parse(&proof.text()).expect("a proof").verify(&key);
        assert_eq!(proven, Ok(Proven::Growth));
        assert_eq!(proof.checkpoint.head.size, 2_957);
    }
    // Between two sizes of which neither was signed.
    let proof = tree.prove_consistency(100, Some(2_000)).await.expect("a proof");
    let head = &proof.checkpoint.head;
    assert!(extends((100, &proof.old_root), (2_000, &head.root), &proof.path));
    for (old, new) in [(0, None), (5, Some(4)), (1, Some(2_958))] {
        let refused = tree.prove_consistency(old, new).await;
        assert!(
            matches!(refused, Err(TreeError::Beyond { head: 2_957 })),
            "{refused:?}"
        );
    }
    for position in [0, 2_958] {
        let refused = tree.prove_inclusion(Position::new(position)).await;
        assert!(
            matches!(refused, Err(TreeError::Beyond { head: 2_957 })),
            "{refused:?}"
        );
    }
}

async fn two_builders_at_once_build_one_tree(db: TestDatabase) {
    let store = db.open_store().await;
    for _ in 0..4 {
        grow(&store, 10_000).await;
    }
    let (one, two) = (tree_of(&store).await, tree_of(&store).await);
    let (first, second) = tokio::join!(one.sign(), two.sign());
    assert_eq!(first.expect("signed"), second.expect("signed"));
    assert_eq!(one.size().await.expect("a size"), 40_000);
    assert_clean(&store).await;
}

async fn the_keeper_signs_what_is_appended_and_once_more_at_its_end(db: TestDatabase) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let store = db.open_store().await;
    let clock = FixedClock::default();
    let file = HeadFile::at(folder.path().join("signed-head"));
    let tree = LogTree::new(LogTreeOptions {
        store: store.clone(),
        key: LogSigningKey::from_bytes(&[1; 32]),
        head_file: Some(file.clone()),
        now: Arc::new(move || clock.now()),
    });
    let keeper = Keeper::start(tree.clone());
    let last = add(&store, "thing.made", &[tag("thing", 1)]).await;
    keeper.stop().await;
    let signed = tree.latest().await.expect("read").expect("a head");
    assert_eq!(signed.head.size, last.get().unsigned_abs());
    let kept = file.read(&tree.verifier_key()).expect("read");
    assert_eq!(kept, Some(signed));
}

async fn nothing_new_signs_nothing_and_every_note_that_was_given_out_is_kept(db: TestDatabase) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    add(&store, "thing.made", &[]).await;
    let first = tree.sign().await.expect("signed");
    assert_eq!(tree.sign().await.expect("not again"), first);
    add(&store, "thing.made", &[]).await;
    tree.sign().await.expect("signed");
    for statements in [
        &["DELETE FROM checkpoint_note WHERE size = 1"],
        &["UPDATE checkpoint_note SET note = 'x'"],
    ] {
        let error = by_hand(&store, statements)
            .await
            .expect_err("refused")
            .to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    let report = store
        .verify(Position::START, Position::new(9))
        .await
        .expect("walked");
    assert_eq!((report.heads, report.signed, report.in_tree), (2, 2, 2));
}

async fn a_key_other_than_that_of_the_last_head_is_refused(db: TestDatabase) {
    let store = db.open_store().await;
    add(&store, "thing.made", &[]).await;
    assert!(!LogTree::was_signed(db.database()).await.expect("asked"));
    tree_of(&store).await.sign().await.expect("signed");
    assert!(LogTree::was_signed(db.database()).await.expect("asked"));
    let refused = open_tree(&store, 2).await.map(|_| ()).expect_err("another key");
    assert!(
        matches!(refused, TreeError::OtherKey { size: 1, .. }),
        "{refused:?}"
    );
    tree_of(&store).await;
}

async fn a_tree_that_was_damaged_is_built_again_and_is_the_same(db: TestDatabase) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    grow(&store, 600).await;
    let root = tree.sign().await.expect("signed").expect("a head").head.root;
    by_hand(&store, &["DELETE FROM tile WHERE level = 0"])
        .await
        .expect("removed");
    let refused = tree.prove_inclusion(Position::new(3)).await;
    assert!(
        matches!(refused, Err(TreeError::Tile { level: 0, .. })),
        "{refused:?}"
    );
    assert_eq!(tree.rebuild(|_| {}).await.expect("built"), 600);
    assert_eq!(tree.root_at(600).await.expect("a root"), root);
    assert_clean(&store).await;
}

async fn a_head_is_not_signed_over_a_log_that_was_changed(db: TestDatabase) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    grow(&store, 3).await;
    tree.sign().await.expect("signed");
    crate::tamper::disarm(&store).await;
    crate::tamper::forge(&store, 2).await;
    // Who can change the log can have the tree built again, too.
    let refused = tree.rebuild(|_| {}).await.expect_err("not the signed one");
    assert!(
        matches!(refused, TreeError::Contradicts { size: 3 }),
        "{refused:?}"
    );
    add(&store, "thing.made", &[]).await;
    let refused = tree.sign().await.expect_err("not signed");
    assert!(
        matches!(refused, TreeError::Contradicts { size: 3 }),
        "{refused:?}"
    );
    assert_eq!(tree.latest().await.expect("read").expect("a head").head.size, 3);
}

async fn t10_an_older_copy_and_another_history_are_told_from_a_log_that_goes_on(db: TestDatabase) {
    let store = db.open_store().await;
    let tree = tree_of(&store).await;
    grow(&store, 300).await;
    let outside = tree.sign().await.expect("signed").expect("a head").head;
    grow(&store, 5).await;
    assert_eq!(
        tree.compare(&outside).await.expect("compared"),
        Outside::Continues
    );
    let (mut larger, mut other) = (outside.clone(), outside.clone());
    larger.size = 306;
    assert_eq!(
        tree.compare(&larger).await.expect("compared"),
        Outside::Shorter { head: 305 }
    );
    other.root[7] ^= 1;
    assert_eq!(tree.compare(&other).await.expect("compared"), Outside::Other);
    for (head, code) in [
        (&outside, None),
        (&larger, Some("cut_off")),
        (&other, Some("outside")),
    ] {
        let options = VerifyOptions {
            outside: Some(head),
            ..VerifyOptions::everything()
        };
        let report = store.verify_with(options, |_| {}).await.expect("walked");
        assert_eq!(report.first().map(|breach| breach.kind.code()), code);
    }
}

//! Forgetting: a destroyed key redacts, breaks no proof, and never comes back.

use event_store::{AppendError, InvalidAppend, KeyEncryptionKey, Keyring, KeyringError, PartBody};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, assert_clean, command, event, everything, part};

on_both_engines!(
    a_forgotten_person_reads_as_redacted_and_every_proof_still_holds,
    a_forgotten_person_never_gets_a_key_again,
    keys_and_the_keyed_hash_survive_a_restart_and_another_kek_is_refused,
    thousands_of_keys_are_made_at_once,
    two_nodes_that_make_the_same_keys_at_once_have_the_same_ones,
    nothing_personal_is_in_the_clear_in_the_log,
);

async fn a_forgotten_person_reads_as_redacted_and_every_proof_still_holds(db: TestDatabase) {
    let store = db.open_store().await;
    let mut one = event("thing.made", &[]);
    one.personal = vec![part("contact", 1, json!("山田")), part("owner", 2, json!("佐藤"))];
    append(&store, command(vec![one])).await;
    let before = everything(&store).await.remove(0);
    let yamada = before.personal[0].subject;
    store.keyring().destroy(yamada).await.expect("destroyed");
    // Also for a process that never had the key in its memory.
    for store in [store, db.open_store().await] {
        let after = everything(&store).await.remove(0);
        assert_eq!(
            after.part("contact").map(|part| &part.body),
            Some(&PartBody::Redacted)
        );
        assert_eq!(
            after.part("owner").map(|part| &part.body),
            Some(&PartBody::Open(json!("佐藤")))
        );
        assert_eq!(after.leaf_hash, before.leaf_hash);
        assert_clean(&store).await;
    }
}

async fn a_forgotten_person_never_gets_a_key_again(db: TestDatabase) {
    let store = db.open_store().await;
    let known = part("contact", 1, json!("山田"));
    let never_seen = part("contact", 2, json!("佐藤"));
    store.keyring().ensure(&[known.subject]).await.expect("made");
    for personal in [known, never_seen] {
        let subject = personal.subject;
        for _ in 0..2 {
            store
                .keyring()
                .destroy(subject)
                .await
                .expect("destroyed, also twice");
        }
        match store.keyring().ensure(&[subject]).await {
            Err(KeyringError::Destroyed(found)) => assert_eq!(found, subject),
            other => panic!("{other:?}"),
        }
        let mut one = event("thing.made", &[]);
        one.personal = vec![personal];
        match store.append(command(vec![one])).await {
            Err(AppendError::Invalid(InvalidAppend::SubjectForgotten(found))) => assert_eq!(found, subject),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.head().await.expect("read").get(), 0);
}

async fn keys_and_the_keyed_hash_survive_a_restart_and_another_kek_is_refused(db: TestDatabase) {
    let first = db.keyring().await;
    let hash = first.keyed_hash("a", b"bytes");
    assert_ne!(
        hash,
        first.keyed_hash("b", b"bytes"),
        "each label has its own hashes"
    );
    assert_eq!(hash, db.keyring().await.keyed_hash("a", b"bytes"));
    let stranger = Keyring::open_beside(db.database(), KeyEncryptionKey::from_bytes([8; 32])).await;
    assert!(matches!(stranger, Err(KeyringError::WrongKek)), "{stranger:?}");
}

async fn thousands_of_keys_are_made_at_once(db: TestDatabase) {
    let keyring = db.keyring().await;
    let subjects: Vec<_> = (0..6_000).map(|n| part("", n, json!(0)).subject).collect();
    keyring.ensure(&subjects[..4_000]).await.expect("made");
    let doubled = [&subjects[..], &subjects[..]].concat();
    keyring.ensure(&doubled).await.expect("made once each");
    let other = db.keyring().await;
    let (one, two) = tokio::join!(keyring.ensure(&subjects), other.ensure(&subjects));
    one.and(two).expect("both have them");
}

async fn two_nodes_that_make_the_same_keys_at_once_have_the_same_ones(db: TestDatabase) {
    const PERSONS: u128 = 50;
    let nodes = [db.open_store().await, db.open_store().await];
    for round in 0..10 {
        let persons = round * PERSONS..(round + 1) * PERSONS;
        let subjects: Vec<_> = persons.clone().map(|n| part("", n, json!(0)).subject).collect();
        // Some are there before.
        let (before, _) = subjects.split_at(subjects.len() / 3);
        nodes[1].keyring().ensure(before).await.expect("some are made");
        let (one, two) = tokio::join!(
            nodes[0].keyring().ensure(&subjects),
            nodes[1].keyring().ensure(&subjects)
        );
        one.and(two).expect("both have them");
        // Sealed by either, opened by the other.
        for n in persons {
            let mut one = event("thing.made", &[]);
            one.personal = vec![part("contact", n, json!(n.to_string()))];
            append(&nodes[usize::from(n % 2 == 0)], command(vec![one])).await;
        }
    }
    for node in &nodes {
        for (n, event) in everything(node).await.iter().enumerate() {
            assert_eq!(event.personal[0].body, PartBody::Open(json!(n.to_string())));
        }
    }
}

async fn nothing_personal_is_in_the_clear_in_the_log(db: TestDatabase) {
    const CANARY: &str = "canary-9b1f2c";
    let store = db.open_store().await;
    let mut one = event("thing.made", &[]);
    one.personal = vec![part("contact", 1, json!({"name": CANARY}))];
    let mut whole = command(vec![one]);
    whole.reason = Some(part("reason", 1, json!(CANARY)));
    append(&store, whole.clone()).await;
    // The answer to a retry needs no plaintext either: the request hash is keyed.
    assert!(!format!("{whole:?}").contains(CANARY), "not in debug output");
    assert!(
        !format!("{:?}", everything(&store).await).contains(CANARY),
        "not in debug output"
    );
    if let Some(folder) = db.folder() {
        for file in std::fs::read_dir(folder).expect("the folder") {
            let path = file.expect("a file").path();
            let bytes = std::fs::read(&path).expect("its bytes");
            let found = bytes
                .windows(CANARY.len())
                .any(|window| window == CANARY.as_bytes());
            assert!(!found, "in {}", path.display());
        }
    } else {
        let mut reader = store.database().acquire_read().await.expect("a connection");
        let rows: Vec<String> = event_store::each_engine!(reader, c => {
            sqlx::query_scalar("SELECT data || actor || tags || CAST(personal AS TEXT) FROM event").fetch_all(c).await
        })
        .expect("read");
        assert!(!rows.concat().contains(CANARY) && !rows.concat().contains("63616e617279"));
    }
}

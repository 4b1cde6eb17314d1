//! Forgetting: a destroyed key redacts, breaks no proof, and never comes back.

use std::time::Instant;

use event_store::{
    AppendError, EventStore, InvalidAppend, KeyEncryptionKey, KeyEncryptionKeys, Keyring, KeyringError,
    OpenOptions, PartBody, SubjectId, UnsealError, stage_next_key,
};
use serde_json::json;
use test_support::{TEST_ORIGIN, TestDatabase, on_both_engines, size, tell};
use tokio::sync::watch;

use crate::common::{append, assert_clean, command, event, everything, part};

on_both_engines!(
    a_forgotten_person_reads_as_redacted_and_every_proof_still_holds,
    a_forgotten_person_never_gets_a_key_again,
    keys_and_the_keyed_hash_survive_a_restart_and_another_kek_is_refused,
    t56_what_is_sealed_opens_in_its_place_alone_and_not_after_its_owner_was_forgotten,
    thousands_of_keys_are_made_at_once,
    two_nodes_that_make_the_same_keys_at_once_have_the_same_ones,
    nothing_personal_is_in_the_clear_in_the_log,
    a_key_destroyed_elsewhere_is_dropped_on_hearing_of_it,
    t55_a_destroyed_key_is_in_no_file_of_the_keyring,
    t56_a_rotation_leaves_nothing_under_the_old_key_and_everything_readable,
    t56_a_rotation_goes_on_where_it_was_and_destroyed_keys_stay_destroyed,
    t56_nothing_opens_without_the_key_encryption_key,
    t56_a_registers_keys_are_rotated_within_an_hour_while_it_is_written,
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

async fn t56_what_is_sealed_opens_in_its_place_alone_and_not_after_its_owner_was_forgotten(db: TestDatabase) {
    let keyring = db.keyring().await;
    let (mine, other) = (
        SubjectId(uuid::Uuid::from_u128(1)),
        SubjectId(uuid::Uuid::from_u128(2)),
    );
    keyring.ensure(&[other]).await.expect("made");
    let sealed = keyring.seal(mine, "totp:1", b"secret").await.expect("sealed");
    assert!(!sealed.windows(6).any(|window| window == b"secret"));
    assert_ne!(
        sealed,
        keyring.seal(mine, "totp:1", b"secret").await.expect("sealed")
    );
    // Also in a process that has the key from the database.
    let opened = db.keyring().await.unseal(mine, "totp:1", &sealed).await;
    assert_eq!(opened.expect("opened").as_slice(), b"secret");
    let elsewhere = keyring.unseal(mine, "totp:2", &sealed).await;
    assert!(matches!(elsewhere, Err(UnsealError::Damaged(_))), "{elsewhere:?}");
    let whose = keyring.unseal(other, "totp:1", &sealed).await;
    assert!(matches!(whose, Err(UnsealError::KeyGone(_))), "{whose:?}");
    for end in [0, 1, 17, 41, sealed.len() - 1] {
        let cut = keyring.unseal(mine, "totp:1", &sealed[..end]).await;
        assert!(matches!(cut, Err(UnsealError::Damaged(_))), "{end}: {cut:?}");
    }
    keyring.destroy(mine).await.expect("destroyed");
    let gone = keyring.unseal(mine, "totp:1", &sealed).await;
    assert!(matches!(gone, Err(UnsealError::KeyGone(_))), "{gone:?}");
    let again = keyring.seal(mine, "totp:1", b"secret").await;
    assert!(matches!(again, Err(KeyringError::Destroyed(_))), "{again:?}");
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

async fn a_key_destroyed_elsewhere_is_dropped_on_hearing_of_it(db: TestDatabase) {
    let (one, other) = (db.open_store().await, db.open_store().await);
    let mut made = event("thing.made", &[]);
    made.personal = vec![part("contact", 1, json!("山田"))];
    append(&one, command(vec![made])).await;
    let subject = everything(&other).await[0].personal[0].subject;
    one.keyring().destroy(subject).await.expect("destroyed");
    let known = other
        .keyring()
        .destroy_all(&[subject, subject])
        .await
        .expect("heard of");
    assert_eq!(known, 0, "it was destroyed already");
    assert_eq!(everything(&other).await[0].personal[0].body, PartBody::Redacted);
}

/// Whether the files of the keyring hold these bytes.
async fn in_keyring(db: &TestDatabase, bytes: &[u8]) -> bool {
    if let Some(folder) = db.folder() {
        let files = std::fs::read_dir(folder).expect("the folder");
        let paths = files.map(|file| file.expect("a file").path());
        return paths
            .filter(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("keys.db"))
            })
            .any(|path| {
                let content = std::fs::read(path).expect("its bytes");
                content.windows(bytes.len()).any(|window| window == bytes)
            });
    }
    let event_store::Database::Postgres(postgres) = db.database() else {
        return false;
    };
    sqlx::query("CHECKPOINT")
        .execute(postgres.pool())
        .await
        .expect("to the disk");
    sqlx::query_scalar(
        "SELECT position($1 IN pg_read_binary_file(pg_relation_filepath('sengen_keys.subject_key'))) > 0",
    )
    .bind(bytes)
    .fetch_one(postgres.pool())
    .await
    .expect("read")
}

/// The wrapped key of the only subject.
async fn wrapped(db: &TestDatabase) -> Vec<u8> {
    if let Some(folder) = db.folder() {
        let path = folder.join("keys.db");
        let keys = event_store::Database::open(&format!("sqlite:{}", path.display()))
            .await
            .expect("the keys");
        let mut reader = keys.acquire_read().await.expect("a connection");
        let event_store::EngineMut::Sqlite(c) = reader.engine_mut() else {
            panic!("SQLite");
        };
        let key = sqlx::query_scalar("SELECT wrapped FROM subject_key")
            .fetch_one(c)
            .await
            .expect("a key");
        drop(reader);
        keys.close().await;
        return key;
    }
    let event_store::Database::Postgres(postgres) = db.database() else {
        panic!("PostgreSQL");
    };
    let key = sqlx::query_scalar("SELECT wrapped FROM sengen_keys.subject_key");
    key.fetch_one(postgres.pool()).await.expect("a key")
}

async fn t55_a_destroyed_key_is_in_no_file_of_the_keyring(db: TestDatabase) {
    let keyring = db.keyring().await;
    let subject = part("", 1, json!(0)).subject;
    keyring.ensure(&[subject]).await.expect("made");
    let key = wrapped(&db).await;
    assert!(in_keyring(&db, &key).await, "the search looks where the keys are");
    assert_eq!(keyring.destroy_all(&[subject]).await.expect("destroyed"), 1);
    assert!(keyring.scrub().await.expect("cleared"), "nobody reads");
    assert!(!in_keyring(&db, &key).await);
}

async fn store_under(db: &TestDatabase, keys: impl Into<KeyEncryptionKeys>) -> EventStore {
    let keyring = Keyring::open_beside(db.database(), keys)
        .await
        .expect("the keyring opens");
    let options = OpenOptions {
        database: db.database().clone(),
        keyring,
        origin: TEST_ORIGIN.to_owned(),
        inline: Vec::new(),
    };
    EventStore::open(options).await.expect("the store opens")
}

async fn t56_a_rotation_leaves_nothing_under_the_old_key_and_everything_readable(db: TestDatabase) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("kek");
    let keys = || KeyEncryptionKeys::load_or_create(&file).expect("the key file");
    // Three processes: one that rotates, one that has used a key, one that has used none.
    let (rotating, used, fresh) = (
        store_under(&db, keys()).await,
        store_under(&db, keys()).await,
        store_under(&db, keys()).await,
    );
    let hash = used.keyring().keyed_hash("a", b"bytes");
    let mut made = event("thing.made", &[]);
    made.personal = vec![part("contact", 1, json!("山田"))];
    append(&used, command(vec![made])).await;
    let many: Vec<_> = (10..5_010).map(|n| part("", n, json!(0)).subject).collect();
    used.keyring().ensure(&many).await.expect("made");

    let new = KeyEncryptionKey::from_bytes([9; 32]);
    stage_next_key(&file, &new).expect("where everybody finds it");
    let mut told = Vec::new();
    let done = rotating
        .keyring()
        .rotate(&new, |done| told.push(done))
        .await
        .expect("rotated");
    assert_eq!((done, told), (5_001, vec![2_000, 4_000, 5_001]));
    assert_eq!(rotating.keyring().not_wrapped_by(&new).await.expect("counted"), 0);
    for (store, next) in [(&used, 6_000), (&fresh, 6_001)] {
        assert_eq!(
            everything(store).await[0].personal[0].body,
            PartBody::Open(json!("山田"))
        );
        // What is made from now on is wrapped by the new key, although this process began with the old one.
        let next = part("", next, json!(0)).subject;
        store.keyring().ensure(&[next]).await.expect("made");
    }
    assert_eq!(rotating.keyring().not_wrapped_by(&new).await.expect("counted"), 0);
    let reopened = store_under(&db, new).await;
    assert_eq!(
        everything(&reopened).await[0].personal[0].body,
        PartBody::Open(json!("山田"))
    );
    assert_eq!(
        reopened.keyring().keyed_hash("a", b"bytes"),
        hash,
        "the secret of hashes is the same"
    );
    assert_clean(&reopened).await;
}

async fn t56_a_rotation_goes_on_where_it_was_and_destroyed_keys_stay_destroyed(db: TestDatabase) {
    let keyring = db.keyring().await;
    let subjects: Vec<_> = (0..4_500).map(|n| part("", n, json!(0)).subject).collect();
    keyring.ensure(&subjects).await.expect("made");
    let new = KeyEncryptionKey::from_bytes([9; 32]);
    // Ended in the middle: the future is dropped after the first batch.
    let (sender, first) = tokio::sync::oneshot::channel();
    let mut sender = Some(sender);
    let rotation = keyring.rotate(&new, |_| {
        if let Some(sender) = sender.take() {
            sender.send(()).expect("somebody waits");
        }
    });
    tokio::select! {
        biased;
        _ = first => {}
        done = rotation => panic!("it ended first: {done:?}"),
    }
    let left = keyring.not_wrapped_by(&new).await.expect("counted");
    assert!(0 < left && left < 4_500, "{left}");
    keyring.destroy(subjects[4_400]).await.expect("destroyed");
    keyring.rotate(&new, |_| {}).await.expect("it goes on");
    assert_eq!(keyring.not_wrapped_by(&new).await.expect("counted"), 0);
    let again = Keyring::open_beside(db.database(), new).await.expect("opened");
    assert!(
        matches!(again.ensure(&subjects).await, Err(KeyringError::Destroyed(found)) if found == subjects[4_400])
    );
    let others: Vec<_> = subjects
        .iter()
        .copied()
        .filter(|it| *it != subjects[4_400])
        .collect();
    again.ensure(&others).await.expect("all others are there");
}

async fn t56_nothing_opens_without_the_key_encryption_key(db: TestDatabase) {
    const CANARY: &str = "canary-4d7e";
    let store = db.open_store().await;
    let mut made = event("thing.made", &[]);
    made.personal = vec![part("contact", 1, json!(CANARY))];
    append(&store, command(vec![made])).await;
    let thief = Keyring::open_beside(db.database(), KeyEncryptionKey::from_bytes([1; 32])).await;
    assert!(matches!(thief, Err(KeyringError::WrongKek)), "{thief:?}");
    // A thief who brings a keyring of their own beside the stolen log reads nothing either.
    let folder = tempfile::TempDir::new().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("own.db").display());
    let own = Keyring::open(&url, KeyEncryptionKey::from_bytes([1; 32]))
        .await
        .expect("opened");
    let options = OpenOptions {
        database: db.database().clone(),
        keyring: own,
        origin: TEST_ORIGIN.to_owned(),
        inline: Vec::new(),
    };
    let stolen = EventStore::open(options).await.expect("the log opens");
    let read = everything(&stolen).await;
    assert_eq!(read[0].personal[0].body, PartBody::Redacted);
    assert!(!in_keyring(&db, CANARY.as_bytes()).await);
}

/// Of a million keys in the full form: a register of 400,000 declarations has up to that many.
async fn t56_a_registers_keys_are_rotated_within_an_hour_while_it_is_written(db: TestDatabase) {
    let test = format!("rotating keys, {:?}", db.database().engine());
    let store = db.open_store().await;
    let count = u128::from(size(3_000, 1_000_000));
    for chunk in (1..=count).collect::<Vec<_>>().chunks(5_000) {
        let subjects: Vec<_> = chunk.iter().map(|n| part("", *n, json!(0)).subject).collect();
        store.keyring().ensure(&subjects).await.expect("made");
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writer = tokio::spawn(write_until(store.clone(), stopped, count));
    let new = KeyEncryptionKey::from_bytes([9; 32]);
    let mut told = 0;
    let began = Instant::now();
    let done = store
        .keyring()
        .rotate(&new, |so_far| told = so_far)
        .await
        .expect("rotated");
    let rotated = began.elapsed();
    stop.send(true).expect("it writes");
    let written = writer.await.expect("no panic");
    assert!(
        u128::from(done) >= count && told == done,
        "{done} rotated, {told} told"
    );
    assert!(written > 0, "nobody could write meanwhile");
    assert!(rotated.as_secs() < 3_600, "{rotated:?}");
    assert_eq!(store.keyring().not_wrapped_by(&new).await.expect("counted"), 0);
    assert!(store.keyring().scrub().await.expect("cleared"));
    tell(
        &test,
        &format!(
            "{done} keys in {:.1} s while {written} commands were taken, files cleared after {:.1} s",
            rotated.as_secs_f64(),
            began.elapsed().as_secs_f64()
        ),
    );
}

/// Appends about one new person after the other; at least one.
async fn write_until(store: EventStore, stopped: watch::Receiver<bool>, after: u128) -> u128 {
    let mut written = 0;
    loop {
        written += 1;
        let mut one = event("thing.made", &[]);
        one.personal = vec![part("contact", after + written, json!("山田"))];
        append(&store, command(vec![one])).await;
        if *stopped.borrow() {
            return written;
        }
    }
}

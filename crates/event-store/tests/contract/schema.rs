//! The schema: append-only by triggers, the same on both engines, migrated once, refused when newer.

use event_store::{MigrateError, each_engine};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, by_hand, command, event, tag};

on_both_engines!(
    changing_or_deleting_rows_of_the_log_is_refused_by_the_database,
    a_database_of_a_newer_binary_is_refused_untouched,
    migrating_again_changes_nothing,
);

async fn changing_or_deleting_rows_of_the_log_is_refused_by_the_database(db: TestDatabase) {
    const REFUSED: [&[&str]; 9] = [
        &["UPDATE event SET actor = 'x'"],
        &["DELETE FROM event"],
        &["UPDATE event_tag SET event_type = 'x'"],
        &["DELETE FROM event_tag WHERE position = 1"],
        &["UPDATE command_receipt SET last_position = 9"],
        &["DELETE FROM command_receipt"],
        &["UPDATE log_head SET position = 0"],
        &["UPDATE log_head SET origin = 'x'"],
        &["DELETE FROM log_head"],
    ];
    let store = db.open_store().await;
    append(&store, command(vec![event("thing.made", &[tag("thing", "a")])])).await;
    for statements in REFUSED {
        let error = by_hand(&store, statements)
            .await
            .expect_err(statements[0])
            .to_string();
        assert!(
            error.contains("append-only") || error.contains("only grows"),
            "{statements:?}: {error}"
        );
    }
    let more: &[&[&str]] = match store.database().engine() {
        event_store::Engine::Sqlite => &[&["REPLACE INTO event SELECT * FROM event"]],
        event_store::Engine::Postgres => &[
            &["TRUNCATE event"],
            &["TRUNCATE event_tag"],
            &["TRUNCATE command_receipt"],
            &["TRUNCATE log_head"],
        ],
    };
    for statements in more {
        let error = by_hand(&store, statements)
            .await
            .expect_err(statements[0])
            .to_string();
        assert!(error.contains("append-only"), "{statements:?}: {error}");
    }
    crate::common::assert_clean(&store).await;
}

/// Everything that the database holds, schema and rows: the bytes of SQLite's files, and PostgreSQL's own text of all of it.
async fn everything_stored(db: &TestDatabase) -> Vec<(String, Vec<u8>)> {
    if let Some(folder) = db.folder() {
        let files = std::fs::read_dir(folder).expect("the folder");
        let mut files: Vec<_> = files
            .map(|file| file.expect("a file"))
            // Of readers and writers that are there, not of what is stored.
            .filter(|file| !file.file_name().to_string_lossy().ends_with("-shm"))
            .map(|file| {
                let name = file.file_name().into_string().expect("a plain name");
                (name, std::fs::read(file.path()).expect("its bytes"))
            })
            .collect();
        files.sort();
        return files;
    }
    let mut reader = db.database().acquire_read().await.expect("a connection");
    let whole = "SELECT database_to_xml_and_xmlschema(true, false, '')::text";
    let text: String = each_engine!(reader, c => sqlx::query_scalar(whole).fetch_one(c).await).expect("read");
    assert!(text.contains("99990101000000"), "the rows are in it");
    vec![("database".to_owned(), text.into_bytes())]
}

async fn a_database_of_a_newer_binary_is_refused_untouched(db: TestDatabase) {
    let store = db.open_store().await;
    append(&store, command(vec![event("thing.made", &[tag("thing", "a")])])).await;
    let mut tx = db.database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => {
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (99990101000000, 'later', true, $1, 0)",
        )
        .bind(vec![0_u8])
        .execute(c)
        .await
        .map(|_| ())
    })
    .expect("inserted");
    tx.commit().await.expect("committed");
    let before = everything_stored(&db).await;
    let refused = db.database().migrate().await;
    assert!(everything_stored(&db).await == before, "something was written");
    match refused {
        Err(
            error @ MigrateError::SchemaIsNewer {
                found: 99_990_101_000_000,
                ..
            },
        ) => {
            assert!(
                error.to_string().contains("newer version of the program"),
                "{error}"
            );
        }
        other => panic!("{other:?}"),
    }
}

async fn migrating_again_changes_nothing(db: TestDatabase) {
    db.database().migrate().await.expect("again");
    drop(db.open_store().await);
    db.database().migrate().await.expect("and again");
}

async fn two_processes_migrate_at_once(db: TestDatabase) {
    let other = db.open_again(event_store::DatabaseOptions::default()).await;
    let (one, two, three) = tokio::join!(db.database().migrate(), other.migrate(), db.database().migrate());
    one.and(two).and(three).expect("all of them");
    drop(db.open_store().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_migrate_a_new_sqlite_file_at_once() {
    two_processes_migrate_at_once(TestDatabase::sqlite_empty().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_migrate_a_new_postgres_database_at_once() {
    two_processes_migrate_at_once(TestDatabase::postgres_empty().await).await;
}

/// The table of the lock is itself made by whoever comes first, and `IF NOT EXISTS` does not keep two from making it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_make_the_lock_of_the_migrations_at_once_none_fails() {
    let db = TestDatabase::postgres_empty().await;
    db.database().migrate().await.expect("the schema");
    for round in 0..50 {
        let mut tx = db.database().begin_write().await.expect("begun");
        each_engine!(tx, c => {
            sqlx::query("DROP TABLE migration_lock").execute(c).await.map(|_| ())
        })
        .expect("dropped");
        tx.commit().await.expect("committed");
        let all = (0..8).map(|_| db.database().migrate());
        for one in futures::future::join_all(all).await {
            one.unwrap_or_else(|error| panic!("in round {round}: {error:?}"));
        }
    }
}

#[test]
fn both_engines_have_the_same_migrations_and_each_says_why() {
    for folder in ["", "keys/", "reads/"] {
        let files = |engine: &str| {
            let path = format!("{}/../../migrations/{folder}{engine}", env!("CARGO_MANIFEST_DIR"));
            let mut names: Vec<_> = std::fs::read_dir(&path)
                .expect("the folder")
                .map(|file| {
                    let file = file.expect("a file");
                    let text = std::fs::read_to_string(file.path()).expect("its text");
                    assert!(
                        text.starts_with("-- "),
                        "{} does not open with why",
                        file.path().display()
                    );
                    file.file_name().into_string().expect("a plain name")
                })
                .collect();
            names.sort();
            names
        };
        assert_eq!(files("sqlite"), files("postgres"));
        assert!(!files("sqlite").is_empty());
    }
}

/// The bytes of a row, as they are on disk, that a reader in twenty years will find.
#[derive(sqlx::FromRow)]
struct Stored {
    event_id: uuid::Uuid,
    tags: String,
    recorded_at: i64,
    effective_at: String,
    data: String,
    leaf_hash: Vec<u8>,
}

async fn stored(db: TestDatabase) -> String {
    let store = db.open_store().await;
    let mut one = event("thing.made", &[tag("thing", "b"), tag("place", "a")]);
    one.id = uuid::Uuid::from_u128(1);
    one.data =
        json!({"b": 1.50, "a": "髙橋㈱ \"x\" \u{7f}\n", "€": [null, false, -0.0, 1e21, {"z": 1, "y": 2}]});
    let mut whole = command(vec![one]);
    whole.command_id = uuid::Uuid::from_u128(2);
    whole.correlation_id = uuid::Uuid::from_u128(3);
    append(&store, whole).await;
    let mut reader = store.database().acquire_read().await.expect("a connection");
    let row: Stored = each_engine!(reader, c => {
        sqlx::query_as("SELECT event_id, tags, recorded_at, effective_at, data, leaf_hash FROM event").fetch_one(c).await
    })
    .expect("read");
    let hash = hex::encode(&row.leaf_hash);
    format!(
        "{}\n{}\n{}\n{}\n{}\n{hash}",
        row.event_id, row.tags, row.recorded_at, row.effective_at, row.data
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_has_the_same_golden_bytes_on_both_engines() {
    let golden = include_str!("golden/row.txt");
    assert_eq!(stored(TestDatabase::sqlite().await).await, golden.trim_end());
    assert_eq!(stored(TestDatabase::postgres().await).await, golden.trim_end());
}

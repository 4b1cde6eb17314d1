//! Two processes on one database: they share one order, and a busy SQLite file says so.

use std::time::{Duration, Instant};

use event_store::{
    AppendError, Database, DatabaseError, DatabaseOptions, EventStore, OpenError, OpenOptions, Position,
};
use test_support::{TEST_ORIGIN, TestDatabase, on_both_engines};

use crate::common::{
    add, append, assert_clean, assert_no_deadlocks, command, conflict, event, tag, unchanged,
};

on_both_engines!(
    two_processes_append_to_one_gapless_log,
    a_guard_sees_what_another_process_appended,
    a_log_of_another_origin_is_refused,
    writers_of_one_process_take_turns_with_the_log,
);

async fn second_process(db: &TestDatabase, options: DatabaseOptions) -> EventStore {
    let database = db.open_again(options).await;
    db.open_store_over(database, Vec::new()).await
}

async fn two_processes_append_to_one_gapless_log(db: TestDatabase) {
    written_by_two_processes(&db, 16, 20).await;
}

/// Rows are inserted before it is their turn: whoever has the lock meanwhile must never wait for them, and they for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_processes_that_write_at_once_never_wait_for_each_other() {
    let db = TestDatabase::postgres().await;
    let stores = written_by_two_processes(&db, 64, 50).await;
    assert_no_deadlocks(&db, &stores).await;
}

async fn written_by_two_processes(db: &TestDatabase, writers: usize, each: usize) -> [EventStore; 2] {
    let stores = [
        db.open_store().await,
        second_process(db, DatabaseOptions::default()).await,
    ];
    let tasks = (0..writers).map(|n| {
        let store = stores[n % 2].clone();
        tokio::spawn(async move {
            for _ in 0..each {
                add(&store, "thing.made", &[tag("writer", n)]).await;
            }
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.expect("no panic");
    }
    let head = stores[0].head().await.expect("read").get();
    assert_eq!(usize::try_from(head).expect("positive"), writers * each);
    assert_clean(&stores[1]).await;
    stores
}

async fn a_guard_sees_what_another_process_appended(db: TestDatabase) {
    let (here, there) = (
        db.open_store().await,
        second_process(&db, DatabaseOptions::default()).await,
    );
    let a = tag("thing", "a");
    let seen = add(&here, "thing.made", std::slice::from_ref(&a)).await;
    let theirs = add(&there, "thing.moved", std::slice::from_ref(&a)).await;
    let mut mine = command(vec![event("thing.moved", std::slice::from_ref(&a))]);
    mine.guards = vec![unchanged(&a, seen)];
    assert_eq!(conflict(here.append(mine).await).found[0].position, theirs);
}

async fn a_log_of_another_origin_is_refused(db: TestDatabase) {
    drop(db.open_store().await);
    let keyring = db.keyring().await;
    let other = OpenOptions {
        database: db.database().clone(),
        keyring,
        origin: "other.example.jp".to_owned(),
        inline: Vec::new(),
    };
    match EventStore::open(other).await.err() {
        Some(OpenError::OtherOrigin { found, wanted }) => {
            assert_eq!(
                (found.as_str(), wanted.as_str()),
                (TEST_ORIGIN, "other.example.jp")
            );
        }
        other => panic!("{other:?}"),
    }
}

async fn writers_of_one_process_take_turns_with_the_log(db: TestDatabase) {
    let store = db.open_store().await;
    crate::common::by_hand(
        &store,
        &[
            "CREATE TABLE counter (n BIGINT)",
            "INSERT INTO counter VALUES (0)",
        ],
    )
    .await
    .expect("made");
    let writers = (0..10).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                crate::common::by_hand(&store, &["UPDATE counter SET n = n + 1"])
                    .await
                    .expect("counted");
                append(&store, command(vec![event("thing.made", &[])])).await;
            }
        })
    });
    for writer in futures::future::join_all(writers).await {
        writer.expect("no panic");
    }
    let mut reader = store.database().acquire_read().await.expect("a connection");
    let counted: i64 = event_store::each_engine!(reader, c => {
        sqlx::query_scalar("SELECT n FROM counter").fetch_one(c).await
    })
    .expect("read");
    assert_eq!(counted, 100);
    assert_clean(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_that_another_process_keeps_writing_to_is_busy_and_free_again_later() {
    let db = TestDatabase::sqlite().await;
    let impatient = DatabaseOptions {
        busy_timeout: Duration::from_millis(20),
        busy_tries: 2,
        ..DatabaseOptions::default()
    };
    let store = second_process(&db, impatient).await;
    let held = db
        .database()
        .begin_write()
        .await
        .expect("the other process writes");
    let one = command(vec![event("thing.made", &[])]);
    match store.append(one.clone()).await {
        Err(AppendError::Unavailable(error)) => {
            assert!(matches!(*error, DatabaseError::Busy), "{error:?}");
            assert!(error.to_string().contains("another process"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(store.head().await.expect("reading goes on"), Position::START);
    held.rollback().await.expect("it ends");
    append(&store, one).await;
}

#[tokio::test]
async fn on_postgres_a_reader_is_cut_off_after_its_time_and_a_writer_is_not() {
    let db = TestDatabase::postgres().await;
    let limited = DatabaseOptions {
        read_timeout: Some(Duration::from_millis(100)),
        ..DatabaseOptions::default()
    };
    let database = db.open_again(limited).await;
    let mut reader = database.acquire_read().await.expect("a connection");
    let cut = event_store::each_engine!(reader, c => {
        sqlx::query("SELECT pg_sleep(60)").execute(c).await.map(|_| ())
    });
    let code = cut
        .expect_err("cut off")
        .into_database_error()
        .and_then(|error| error.code().map(String::from));
    assert_eq!(code.as_deref(), Some("57014"));
    let limit = "SHOW statement_timeout";
    let read: String = event_store::each_engine!(reader, c => sqlx::query_scalar(limit).fetch_one(c).await)
        .expect("the connection is still good");
    assert_eq!(read, "100ms");
    let mut writer = database.begin_write().await.expect("a transaction");
    let written: String =
        event_store::each_engine!(writer, c => sqlx::query_scalar(limit).fetch_one(c).await).expect("read");
    assert_eq!(written, "0");
}

/// Millions of rows take minutes, also beside readers who are cut off after seconds.
#[tokio::test]
async fn on_postgres_upkeep_is_not_cut_off_with_the_readers() {
    let db = TestDatabase::postgres().await;
    let database = limited(&db).await;
    let lock = "LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE";
    let upkeep = {
        let database = database.clone();
        async move { database.vacuum(&[event_store::table_to_scrub!("event")]).await }
    };
    outlasts_readers(&database, lock, upkeep)
        .await
        .expect("upkeep comes to its end");
}

/// An update of the program may make indexes of millions of rows.
#[tokio::test]
async fn on_postgres_a_migration_is_not_cut_off_with_the_readers() {
    let db = TestDatabase::postgres().await;
    let database = limited(&db).await;
    let lock = "SELECT only_row FROM migration_lock FOR UPDATE";
    let migration = {
        let database = database.clone();
        async move { database.migrate().await }
    };
    outlasts_readers(&database, lock, migration)
        .await
        .expect("a migration comes to its end");
}

async fn limited(db: &TestDatabase) -> event_store::Database {
    let limited = DatabaseOptions {
        read_timeout: Some(Duration::from_millis(100)),
        ..DatabaseOptions::default()
    };
    db.open_again(limited).await
}

/// What work answers that has to wait for a lock until a reader that began after it was cut off.
async fn outlasts_readers<T: Send + 'static>(
    database: &event_store::Database,
    lock: &'static str,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut holder = database.begin_write().await.expect("a transaction");
    event_store::each_engine!(holder, c => sqlx::query(lock).execute(c).await.map(drop)).expect("locked");
    let work = tokio::spawn(work);
    let mut reader = database.acquire_read().await.expect("a connection");
    let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())";
    while !event_store::each_engine!(reader, c => sqlx::query_scalar::<_, bool>(waits).fetch_one(c).await)
        .expect("read")
    {
        tokio::task::yield_now().await;
    }
    let cut = event_store::each_engine!(reader, c => {
        sqlx::query("SELECT pg_sleep(60)").execute(c).await.map(|_| ())
    });
    cut.expect_err("cut off");
    assert!(!work.is_finished(), "it still waits for its turn");
    holder.rollback().await.expect("it ends");
    work.await.expect("no panic")
}

/// Counts for ever, and says nothing.
const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0";

async fn endless(connection: &mut event_store::Connection) -> Result<(), sqlx::Error> {
    event_store::each_engine!(connection, c => sqlx::query(ENDLESS).execute(c).await.map(drop))
}

#[tokio::test]
async fn on_sqlite_each_statement_of_a_reader_is_cut_off_after_its_time() {
    let db = TestDatabase::sqlite().await;
    let limited = DatabaseOptions {
        read_timeout: Some(Duration::from_millis(100)),
        ..DatabaseOptions::default()
    };
    let database = db.open_again(limited).await;
    let mut reader = database.acquire_read().await.expect("a connection");
    for _ in 0..2 {
        let begun = Instant::now();
        let cut = endless(&mut reader).await.expect_err("cut off");
        assert!(event_store::timed_out(&cut), "{cut:?}");
        // The second statement has as long as the first: what the first took is not counted against it.
        assert!(
            begun.elapsed() >= Duration::from_millis(100),
            "{:?}",
            begun.elapsed()
        );
    }
    let one: i64 = event_store::each_engine!(reader, c => sqlx::query_scalar("SELECT 1").fetch_one(c).await)
        .expect("the connection is still good");
    assert_eq!(one, 1);
}

/// A rebuild that a server does by itself compares all rows in one transaction.
#[tokio::test]
async fn on_sqlite_a_long_read_is_not_cut_off_and_the_next_reader_of_its_connection_is() {
    const LONG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000000) SELECT COUNT(*) FROM n";
    let db = TestDatabase::sqlite().await;
    let limit = Duration::from_millis(50);
    let limited = DatabaseOptions {
        connections: 1,
        read_timeout: Some(limit),
        ..DatabaseOptions::default()
    };
    let database = db.open_again(limited).await;
    let mut walk = database.acquire_long_read().await.expect("a connection");
    let begun = Instant::now();
    let counted: i64 = event_store::each_engine!(walk, c => sqlx::query_scalar(LONG).fetch_one(c).await)
        .expect("it comes to its end");
    assert_eq!(counted, 5_000_000);
    assert!(begun.elapsed() > limit, "it was long: {:?}", begun.elapsed());
    drop(walk);
    let mut reader = database.acquire_read().await.expect("the same connection");
    let cut = endless(&mut reader).await.expect_err("cut off");
    assert!(event_store::timed_out(&cut), "{cut:?}");
}

/// The request has ended, so that nobody waits for the answer any more; the connection must not wait for it either.
#[tokio::test]
async fn on_sqlite_a_statement_ends_with_the_reader_that_asked_for_it() {
    let db = TestDatabase::sqlite().await;
    let limited = DatabaseOptions {
        connections: 1,
        // So long that only the end of the reader can be what ends the statement.
        read_timeout: Some(Duration::from_mins(10)),
        ..DatabaseOptions::default()
    };
    let database = db.open_again(limited).await;
    for _ in 0..3 {
        let mut reader = database.acquire_read().await.expect("a connection");
        let given_up = tokio::time::timeout(Duration::from_millis(50), endless(&mut reader)).await;
        assert!(given_up.is_err(), "{given_up:?}");
    }
    let mut reader = database.acquire_read().await.expect("the only connection, again");
    let one: i64 = event_store::each_engine!(reader, c => sqlx::query_scalar("SELECT 1").fetch_one(c).await)
        .expect("it answers");
    assert_eq!(one, 1);
}

#[tokio::test]
async fn a_reader_of_a_sqlite_file_cannot_write() {
    let db = TestDatabase::sqlite().await;
    let mut reader = db.database().acquire_read().await.expect("a connection");
    let refused = event_store::each_engine!(reader, c => {
        sqlx::query("INSERT INTO log_head VALUES (1, 'x', 0, 0)").execute(c).await.map(|_| ())
    });
    assert!(refused.expect_err("refused").to_string().contains("readonly"));
}

#[tokio::test]
async fn an_address_that_is_not_one_is_refused_in_words() {
    for (url, words) in [
        ("mysql://localhost/x", "sqlite: or postgres://"),
        ("sqlite:/nonexistent-folder/x.db", "/nonexistent-folder/x.db"),
        ("postgres://host:notaport/x", "cannot be read"),
    ] {
        let error = Database::open(url).await.expect_err("refused").to_string();
        assert!(error.contains(words), "{url}: {error}");
    }
}

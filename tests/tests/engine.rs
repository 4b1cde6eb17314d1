//! A database engine that cannot be trusted is refused by the binary with a table, one sentence and its exit code.

use test_support::{Disguise, TestDatabase};
use tests::{Engine, Office};

const ENGINE: i32 = 7;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t66_an_engine_that_only_speaks_the_protocol_is_refused_with_a_table_and_taken_when_allowed() {
    let db = TestDatabase::postgres_empty().await;
    let (_disguise, url) = Disguise::before_url(db.url(), "PostgreSQL 1", "CockroachDB ").await;
    // Its own database is embedded; the address is given by hand.
    let office = Office::new(Engine::Sqlite).await;
    let refused = office.run(&["migrate", "--database-url", &url]);
    assert_eq!(refused.code, ENGINE, "{refused:?}");
    for words in [
        "durable commits",
        "the server is CockroachDB",
        "--allow-untested-engine",
    ] {
        assert!(
            refused.stderr.contains(words),
            "{words:?} is missing in {}",
            refused.stderr
        );
    }
    office
        .run(&["migrate", "--database-url", &url, "--allow-untested-engine"])
        .ok();
}

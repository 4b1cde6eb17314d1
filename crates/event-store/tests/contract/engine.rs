//! What the database engine is and can: found out when it is opened, and refused where the register cannot be kept.

use event_store::{Database, DatabaseError, DatabaseOptions};
use test_support::{Disguise, TestDatabase, on_both_engines};

on_both_engines!(t66_an_open_database_tells_what_it_can,);

async fn t66_an_open_database_tells_what_it_can(db: TestDatabase) {
    let capabilities = db.database().capabilities();
    let names: Vec<_> = capabilities.rows.iter().map(|row| row.name).collect();
    for needed in [
        "durable commits",
        "isolation of appends",
        "notifications",
        "encoding",
    ] {
        assert!(names.contains(&needed), "{needed} is missing in {names:?}");
    }
    // The cluster of a test run may be one that gives up durability; nothing else is to be warned about.
    for warning in capabilities.warnings() {
        let known = ["fsync is off", "full_page_writes is off"];
        assert!(known.iter().any(|known| warning.contains(known)), "{warning}");
    }
}

#[tokio::test]
async fn t66_a_server_that_is_no_postgres_is_refused_with_its_table_until_it_is_allowed() {
    let db = TestDatabase::postgres().await;
    let (_disguise, url) = Disguise::before_url(db.url(), "PostgreSQL 1", "CockroachDB ").await;
    match Database::open(&url).await {
        Err(error @ DatabaseError::UntestedEngine { .. }) => {
            assert!(error.to_string().contains("CockroachDB"), "{error}");
            let DatabaseError::UntestedEngine { capabilities, .. } = error else {
                return;
            };
            assert!(
                capabilities.to_string().contains("durable commits"),
                "{capabilities}"
            );
        }
        other => panic!("{other:?}"),
    }
    let options = DatabaseOptions {
        allow_untested_engine: true,
        ..DatabaseOptions::default()
    };
    let database = Database::open_with(&url, options).await.expect("it is allowed");
    let capabilities = database.capabilities();
    assert!(capabilities.engine.ends_with("(untested)"), "{capabilities}");
    assert!(
        capabilities
            .warnings()
            .any(|warning| warning.contains("CockroachDB")),
        "{capabilities}"
    );
}

#[tokio::test]
async fn t66_a_server_that_takes_no_writes_is_refused_even_if_untested_engines_are_allowed() {
    let db = TestDatabase::postgres().await;
    let url = format!("{}?options=-c%20default_transaction_read_only%3Don", db.url());
    let options = DatabaseOptions {
        allow_untested_engine: true,
        ..DatabaseOptions::default()
    };
    match Database::open_with(&url, options).await {
        Err(error @ DatabaseError::ReadOnly { .. }) => {
            assert!(error.to_string().contains("read-only"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

//! A look behind the binary: statements on its database, for what no command shows and no clock of ours moves.

use event_store::{Database, each_engine};

/// Runs a statement that changes rows; says how many.
pub async fn execute(database: &Database, sql: &'static str) -> u64 {
    let mut tx = database.begin_write().await.expect("a transaction");
    let rows = each_engine!(tx, c => sqlx::query(sql).execute(c).await.map(|done| done.rows_affected()));
    tx.commit().await.expect("the transaction commits");
    rows.expect("the statement runs")
}

/// The first column of a query, as whole numbers.
pub async fn numbers(database: &Database, sql: &'static str) -> Vec<i64> {
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => sqlx::query_scalar::<_, i64>(sql).fetch_all(c).await)
        .expect("the query runs")
}

/// The first column of a query, as text.
pub async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => sqlx::query_scalar::<_, String>(sql).fetch_all(c).await)
        .expect("the query runs")
}

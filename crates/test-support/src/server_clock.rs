//! The clock of a PostgreSQL database, moved by a test.

use chrono::{DateTime, Utc};
use event_store::{Database, each_engine};

use crate::TestDatabase;

/// A function of the same name that is found before PostgreSQL's own.
const TAKE_OVER: [&str; 3] = [
    "CREATE TABLE public.movable_clock (at TIMESTAMPTZ NOT NULL)",
    "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
     'SELECT coalesce((SELECT max(at) FROM public.movable_clock), pg_catalog.clock_timestamp())'",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$",
];

/// What the database's clock says to connections that are made after it was taken over.
#[derive(Debug)]
pub struct ServerClock(Database);

impl ServerClock {
    /// Takes the clock of a PostgreSQL database over. It goes on as before until it is set.
    pub async fn take_over(db: &TestDatabase) -> Self {
        let clock = Self(db.database().clone());
        for text in TAKE_OVER {
            clock.run(text, None).await;
        }
        clock
    }

    /// It stands still at this time.
    pub async fn set(&self, at: DateTime<Utc>) {
        self.let_go().await;
        let text = "INSERT INTO public.movable_clock \
                    VALUES (timestamptz 'epoch' + $1 * interval '1 microsecond')";
        self.run(text, Some(at.timestamp_micros())).await;
    }

    /// It goes right again.
    pub async fn let_go(&self) {
        self.run("DELETE FROM public.movable_clock", None).await;
    }

    async fn run(&self, text: &'static str, value: Option<i64>) {
        let mut tx = self.0.begin_write().await.expect("a transaction");
        let done = each_engine!(tx, c => {
            let query = sqlx::query(text);
            let query = match value {
                Some(value) => query.bind(value),
                None => query,
            };
            query.execute(c).await.map(drop)
        });
        done.expect("PostgreSQL takes it");
        tx.commit().await.expect("a commit");
    }
}

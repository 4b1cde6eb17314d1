//! Test harness: a fresh database per test on both engines, a store on it, clocks that tests move, a proxy that loses
//! connections to the database, a mail server that fails, and one with mailboxes.
//!
//! For `[dev-dependencies]` only, and only from files under `tests/` (a unit test inside a crate would see that
//! crate twice).
//!
//! ```ignore
//! test_support::on_both_engines!(what_is_appended_is_read_back);
//!
//! async fn what_is_appended_is_read_back(db: TestDatabase) {
//!     let store = db.open_store().await;
//! }
//! ```

#![expect(
    clippy::missing_panics_doc,
    reason = "a harness panics when the premises of a test fail"
)]

mod clock;
mod cluster;
mod database;
mod disguise;
mod dovecot;
mod proxy;
mod server_clock;
mod small_disk;
mod smtp;
mod torture;

pub use clock::FixedClock;
pub use cluster::Cluster;
pub use database::{TEST_ORIGIN, TestDatabase};
pub use disguise::Disguise;
pub use dovecot::Dovecot;
pub use proxy::{ProxyMode, TcpProxy};
pub use server_clock::ServerClock;
pub use small_disk::SmallDisk;
pub use smtp::{SmtpServer, Tallied, python_reads};
pub use torture::{Dice, size, tell};

/// Makes a `#[tokio::test]` per engine of each named `async fn(TestDatabase)`.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::TestDatabase::sqlite().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::TestDatabase::postgres().await).await;
                }
            )+
        }
    };
}

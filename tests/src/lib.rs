//! The harness of the end-to-end tests: the real binary in a folder of its own, on either engine, a client that
//! speaks to it as the console does, and registers to import.

mod client;
mod console;
pub mod database;
mod exporting;
mod following;
mod import_desk;
mod inquiry_desk;
mod inside;
mod job_desk;
mod mailbox;
mod office;
mod register;
mod socket;

pub use client::{Answer, Client, PASSWORD};
pub use console::{Correction, LIST_OF_NUMBERS};
pub use exporting::export_of;
pub use following::Following;
pub use import_desk::{ImportDesk, corporations};
pub use inquiry_desk::arrived;
pub use inside::{Inside, Reply};
pub use job_desk::JobDesk;
pub use mailbox::{mailed, token_behind};
pub use office::{
    Engine, Office, Outcome, Server, Start, binary, data_file, free_address, job_ended, served,
};
pub use register::{Row, canary_trader, corporate_number, given_register, given_rows, register};
pub use socket::{Heard, Socket};

/// Makes a `#[tokio::test]` per engine of each named `async fn(Engine)`.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::Engine::Sqlite).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::Engine::Postgres).await;
                }
            )+
        }
    };
}

/// A moment so many days from now, as the API takes it: a date that is written down is over one day.
#[expect(clippy::disallowed_methods, reason = "the binary has the time of day")]
pub fn in_days(days: i64) -> String {
    let moment = chrono::Utc::now() + chrono::TimeDelta::days(days);
    moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

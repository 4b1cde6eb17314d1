//! The harness of the end-to-end tests: the real binary in a folder of its own, on either engine, and a client that
//! speaks to it as the console does.

mod client;
mod office;

pub use client::{Answer, Client};
pub use office::{Engine, Office, Outcome, Server, data_file};

//! What every conversation with a mail server begins with: a connection, and encryption with somebody who can prove who they are.

mod tcp;
mod tls;

use std::io;
use std::time::Duration;

use tokio::time::timeout;

pub(crate) use tcp::{ConnectError, connect};
pub use tls::TrustError;
pub(crate) use tls::{Encryption, HandshakeError, encryption};

async fn in_time<T>(patience: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match timeout(patience, work).await {
        Ok(done) => done,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

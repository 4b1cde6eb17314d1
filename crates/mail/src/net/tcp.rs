//! From a name to a connection.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::in_time;

/// So many addresses of one server are tried.
const ADDRESSES: usize = 4;

/// Why there is no connection.
pub(crate) enum ConnectError {
    /// The name has no address.
    NotFound(io::Error),
    /// None of its addresses answers.
    Unreachable(io::Error),
    /// It is where we must not talk to.
    Forbidden,
}

/// The first of its addresses that answers. Finding them may take as long as `patience`, and so may each of them.
pub(crate) async fn connect(
    (host, port): (&str, u16),
    patience: Duration,
    may_talk_to: impl Fn(SocketAddr) -> bool,
) -> Result<TcpStream, ConnectError> {
    let lookup = tokio::net::lookup_host((host, port));
    let addresses = in_time(patience, lookup).await.map_err(ConnectError::NotFound)?;
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses.take(ADDRESSES) {
        if !may_talk_to(address) {
            return Err(ConnectError::Forbidden);
        }
        // Without Nagle's pause, or each message would wait 40 ms for an acknowledgement of its first half.
        let connecting = async {
            let tcp = TcpStream::connect(address).await?;
            tcp.set_nodelay(true)?;
            Ok(tcp)
        };
        match in_time(patience, connecting).await {
            Ok(tcp) => return Ok(tcp),
            Err(error) => last = error,
        }
    }
    Err(ConnectError::Unreachable(last))
}

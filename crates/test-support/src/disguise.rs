//! A server that calls itself by another name: what it answers passes through here and is changed on the way.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Stands in front of a server until it is dropped.
#[derive(Debug)]
pub struct Disguise {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Disguise {
    /// Before the server at this host and port: it says `instead` wherever it would say `said`, of the same length.
    pub async fn before(server: &str, said: &'static str, instead: &'static str) -> Self {
        assert_eq!(
            said.len(),
            instead.len(),
            "the lengths of messages must stay right"
        );
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let server = server.to_owned();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if let Ok(server) = TcpStream::connect(&server).await {
                    tokio::spawn(carry(client, server, said, instead));
                }
            }
        });
        Self { address, accepting }
    }

    /// Before the server of this database address; answers the address by way of the disguise as well.
    pub async fn before_url(url: &str, said: &'static str, instead: &'static str) -> (Self, String) {
        let (before, rest) = url.split_once('@').expect("postgres://user@host:port/database");
        let (server, database) = rest.split_once('/').expect("postgres://user@host:port/database");
        let disguise = Self::before(server, said, instead).await;
        let url = format!("{before}@{}/{database}", disguise.address);
        (disguise, url)
    }
}

impl Drop for Disguise {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, said: &str, instead: &str) {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let answers = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
            // A short answer comes in one piece; the one about the version is short.
            let mut answer = buffer[..length].to_vec();
            let found: Vec<_> = answer
                .windows(said.len())
                .enumerate()
                .filter(|(_, window)| *window == said.as_bytes())
                .map(|(at, _)| at)
                .collect();
            for at in found {
                answer[at..at + said.len()].copy_from_slice(instead.as_bytes());
            }
            if to_client.write_all(&answer).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = answers => {}
        _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
    }
}

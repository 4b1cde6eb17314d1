//! A TCP proxy between a test and its database that loses connections at a chosen moment.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What the proxy does to the bytes that it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyMode {
    /// Everything passes.
    Pass,
    /// After so many bytes towards the server, of all connections together, the connection that carried the last one
    /// is cut.
    CutAfter(usize),
    /// A connection that is about to carry this text to the server is cut: the server never hears it.
    CutBefore(&'static str),
    /// This text reaches the server and the server answers it, but the connection is cut before the answer arrives.
    CutAnswer(&'static str),
    /// This text reaches the server, but then nothing passes on this connection any more, and it stays open.
    SilentAfter(&'static str),
    /// Connections stay open and nothing passes any more, in neither direction; those that lost a byte stay so.
    HalfOpen,
    /// Connections that are there pass; new ones are closed at once.
    Refuse,
}

/// Stands in front of a server. A cut happens once: then the mode that was named for afterwards holds.
#[derive(Debug)]
pub struct TcpProxy {
    url: String,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    modes: Mutex<Modes>,
    cuts: AtomicUsize,
}

#[derive(Debug)]
struct Modes {
    now: ProxyMode,
    after_the_cut: ProxyMode,
}

/// What becomes of bytes on their way to the server.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Pass,
    /// They pass; the answer does not.
    LastHeard,
    /// They pass; nothing does after them.
    LastPassed,
    Cut,
    Lost,
}

impl TcpProxy {
    /// A proxy on a free port before the server of this address (`postgres://user@host:port/database`).
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let (server, url) = with_host(url, address);
        let state = Arc::new(State {
            modes: Mutex::new(Modes {
                now: ProxyMode::Pass,
                after_the_cut: ProxyMode::Pass,
            }),
            cuts: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, server, Arc::clone(&state)));
        Self {
            url,
            state,
            accepting,
        }
    }

    /// The address of the server by way of this proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on; after a cut everything passes.
    pub fn set(&self, mode: ProxyMode) {
        self.set_until_cut(mode, ProxyMode::Pass);
    }

    /// From now on, and what after the cut.
    pub fn set_until_cut(&self, mode: ProxyMode, after_the_cut: ProxyMode) {
        *self.state.lock() = Modes {
            now: mode,
            after_the_cut,
        };
    }

    /// How many connections were cut or fell silent.
    pub fn cuts(&self) -> usize {
        self.state.cuts.load(Ordering::SeqCst)
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl State {
    fn lock(&self) -> std::sync::MutexGuard<'_, Modes> {
        self.modes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `heard`: what the connection carries now, the last `new` bytes, with so much before it that a text across two
    /// reads is whole.
    fn towards_server(&self, heard: &[u8], new: usize) -> Fate {
        let mut modes = self.lock();
        match &mut modes.now {
            ProxyMode::HalfOpen => Fate::Lost,
            ProxyMode::CutAfter(left) if *left > new => {
                *left -= new;
                Fate::Pass
            }
            ProxyMode::CutAfter(_) => self.cut(modes),
            ProxyMode::CutBefore(text) if is_new_in(heard, new, text) => self.cut(modes),
            ProxyMode::CutAnswer(text) if is_new_in(heard, new, text) => {
                modes.now = modes.after_the_cut.clone();
                Fate::LastHeard
            }
            ProxyMode::SilentAfter(text) if is_new_in(heard, new, text) => {
                modes.now = modes.after_the_cut.clone();
                self.cuts.fetch_add(1, Ordering::SeqCst);
                Fate::LastPassed
            }
            ProxyMode::Pass
            | ProxyMode::Refuse
            | ProxyMode::CutBefore(_)
            | ProxyMode::CutAnswer(_)
            | ProxyMode::SilentAfter(_) => Fate::Pass,
        }
    }

    fn cut(&self, mut modes: std::sync::MutexGuard<'_, Modes>) -> Fate {
        modes.now = modes.after_the_cut.clone();
        self.cuts.fetch_add(1, Ordering::SeqCst);
        Fate::Cut
    }

    fn is(&self, mode: &ProxyMode) -> bool {
        self.lock().now == *mode
    }
}

/// The connections end with this task.
async fn accept(listener: TcpListener, server: String, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        if state.is(&ProxyMode::Refuse) {
            continue;
        }
        if let Ok(server) = TcpStream::connect(&server).await {
            connections.spawn(carry(client, server, Arc::clone(&state)));
        }
    }
}

/// Carries bytes until one side closes or the connection is cut; dropping both streams is the cut.
async fn carry(mut client: TcpStream, mut server: TcpStream, state: Arc<State>) {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut heard: Vec<u8> = Vec::new();
    let (mut last_heard, mut dead) = (false, false);
    loop {
        tokio::select! {
            read = from_client.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                heard.extend_from_slice(&up[..length]);
                let fate = if dead { Fate::Lost } else { state.towards_server(&heard, length) };
                match fate {
                    Fate::Pass | Fate::LastPassed => {}
                    Fate::LastHeard => last_heard = true,
                    Fate::Cut => return,
                    Fate::Lost => dead = true,
                }
                if !dead && to_server.write_all(&up[..length]).await.is_err() {
                    return;
                }
                dead = dead || fate == Fate::LastPassed;
                heard.drain(..heard.len().saturating_sub(LONGEST_TEXT));
            }
            read = from_server.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                if last_heard {
                    state.cuts.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                dead = dead || state.is(&ProxyMode::HalfOpen);
                if !dead && to_client.write_all(&down[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The longest text that is found when it lies across two reads.
const LONGEST_TEXT: usize = 64;

/// Whether the text ends within the last `new` bytes: one that was carried before is not found again.
fn is_new_in(heard: &[u8], new: usize, text: &str) -> bool {
    let from = (heard.len() - new).saturating_sub(text.len() - 1);
    heard[from..]
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Host and port of an address, and the address with another host and port.
fn with_host(url: &str, address: SocketAddr) -> (String, String) {
    let (scheme, rest) = url.split_once("://").expect("scheme://host:port/database");
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = authority
        .rsplit_once('@')
        .map_or((String::new(), authority), |(user, host)| {
            (format!("{user}@"), host)
        });
    (host.to_owned(), format!("{scheme}://{user}{address}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reading, mut writing) = stream.split();
                    tokio::io::copy(&mut reading, &mut writing).await
                });
            }
        });
        format!("echo://someone@{address}/x")
    }

    async fn connect(proxy: &TcpProxy) -> TcpStream {
        let address = proxy
            .url()
            .trim_start_matches("echo://someone@")
            .trim_end_matches("/x");
        TcpStream::connect(address).await.expect("the proxy listens")
    }

    /// What comes back for this, or nothing when the connection was cut.
    async fn ask(stream: &mut TcpStream, text: &str) -> Option<String> {
        stream.write_all(text.as_bytes()).await.ok()?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer).await.ok()?;
        String::from_utf8(answer).ok()
    }

    #[tokio::test]
    async fn bytes_pass_until_the_text_that_cuts_and_after_it_on_a_new_connection() {
        let proxy = TcpProxy::before(&echo().await).await;
        for mode in [
            ProxyMode::CutBefore("COMMIT"),
            ProxyMode::CutAnswer("COMMIT"),
            ProxyMode::CutAfter(10),
        ] {
            let before = proxy.cuts();
            proxy.set(mode);
            let mut stream = connect(&proxy).await;
            assert_eq!(ask(&mut stream, "SELECT").await.as_deref(), Some("SELECT"));
            assert_eq!(ask(&mut stream, "xCOMMITx").await, None);
            assert_eq!(proxy.cuts(), before + 1);
            let mut again = connect(&proxy).await;
            assert_eq!(ask(&mut again, "COMMIT").await.as_deref(), Some("COMMIT"));
        }
    }

    #[tokio::test]
    async fn a_text_across_two_reads_is_found() {
        let proxy = TcpProxy::before(&echo().await).await;
        proxy.set(ProxyMode::CutBefore("COMMIT"));
        let mut stream = connect(&proxy).await;
        assert_eq!(ask(&mut stream, "xCOM").await.as_deref(), Some("xCOM"));
        assert_eq!(ask(&mut stream, "MIT").await, None);
    }

    #[tokio::test]
    async fn a_half_open_connection_stays_open_and_silent() {
        let proxy = TcpProxy::before(&echo().await).await;
        let mut stream = connect(&proxy).await;
        assert_eq!(ask(&mut stream, "a").await.as_deref(), Some("a"));
        proxy.set(ProxyMode::HalfOpen);
        stream.write_all(b"b").await.expect("it is open");
        let mut byte = [0];
        let silence = std::time::Duration::from_millis(50);
        assert!(
            tokio::time::timeout(silence, stream.read(&mut byte))
                .await
                .is_err()
        );
        proxy.set(ProxyMode::Pass);
        let mut again = connect(&proxy).await;
        assert_eq!(ask(&mut again, "c").await.as_deref(), Some("c"));
        assert!(
            tokio::time::timeout(silence, ask(&mut stream, "d"))
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn refused_connections_end_at_once() {
        let proxy = TcpProxy::before(&echo().await).await;
        proxy.set(ProxyMode::Refuse);
        let mut stream = connect(&proxy).await;
        assert_eq!(ask(&mut stream, "a").await, None);
    }
}

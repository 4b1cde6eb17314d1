//! Asks the `clamd` of `ClamAV` about files before somebody gets them.

use std::path::PathBuf;
use std::time::Duration;

use app::inquiry::{FileScanner, ScanFault};
use clamav_client::tokio::{Socket, Tcp, scan_buffer};
use event_store::BoxFuture;

/// The longest that a scan takes: whoever wants the file waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that are sent at a time.
const CHUNK: usize = 64 * 1024;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamdAddress {
    /// A socket in the file system.
    Socket(PathBuf),
    /// `host:port`.
    Tcp(String),
}

impl ClamdAddress {
    /// Reads `unix:/run/clamav/clamd.ctl` or `host:port`; none: it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Socket(path.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        let is_address = !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0);
        is_address.then(|| Self::Tcp(text.to_owned()))
    }
}

/// Asks clamd.
#[derive(Debug, Clone)]
pub struct VirusScanner {
    address: ClamdAddress,
    patience: Duration,
}

impl VirusScanner {
    /// One that asks there.
    pub const fn new(address: ClamdAddress) -> Self {
        Self {
            address,
            patience: PATIENCE,
        }
    }

    /// The same, waiting so long for an answer.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

impl FileScanner for VirusScanner {
    fn scan<'f>(&'f self, bytes: &'f [u8]) -> BoxFuture<'f, Result<Option<String>, ScanFault>> {
        Box::pin(async move {
            let asked = async {
                match &self.address {
                    ClamdAddress::Socket(socket_path) => {
                        scan_buffer(bytes, Socket { socket_path }, Some(CHUNK)).await
                    }
                    ClamdAddress::Tcp(host_address) => {
                        scan_buffer(bytes, Tcp { host_address }, Some(CHUNK)).await
                    }
                }
            };
            let answer = tokio::time::timeout(self.patience, asked).await;
            let answer = answer.map_err(|_| ScanFault("it took too long".to_owned()))?;
            verdict(&answer.map_err(|error| ScanFault(error.to_string()))?)
        })
    }
}

/// What clamd says: `stream: OK`, `stream: Eicar-Test-Signature FOUND`, or something else, which is no leave to hand the file out.
fn verdict(answer: &[u8]) -> Result<Option<String>, ScanFault> {
    let text = String::from_utf8_lossy(answer);
    let said = text.trim_end_matches(['\0', '\n', '\r']);
    let said = said.strip_prefix("stream: ").unwrap_or(said);
    if said == "OK" {
        return Ok(None);
    }
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Some(name.to_owned())),
        None => Err(ScanFault(said.chars().take(200).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_ok_lets_a_file_go() {
        assert_eq!(verdict(b"stream: OK\0").expect("clean"), None);
        assert_eq!(
            verdict(b"stream: Eicar-Test-Signature FOUND\0")
                .expect("infected")
                .as_deref(),
            Some("Eicar-Test-Signature")
        );
        for other in [
            &b""[..],
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: OK, or not\0",
            b"\xff",
        ] {
            verdict(other).expect_err("no answer");
        }
    }

    #[test]
    fn an_address_is_a_socket_or_a_host_with_its_port() {
        assert_eq!(
            ClamdAddress::parse("unix:/run/clamav/clamd.ctl"),
            Some(ClamdAddress::Socket("/run/clamav/clamd.ctl".into()))
        );
        assert_eq!(
            ClamdAddress::parse("localhost:3310"),
            Some(ClamdAddress::Tcp("localhost:3310".to_owned()))
        );
        for wrong in [
            "",
            "unix:",
            "unix:clamd",
            "localhost",
            ":3310",
            "localhost:0",
            "localhost:x",
        ] {
            assert_eq!(ClamdAddress::parse(wrong), None, "{wrong}");
        }
    }
}

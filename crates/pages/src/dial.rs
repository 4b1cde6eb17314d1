//! From a host and a port to a connection. A name is resolved once; every address that comes of it is looked at, and the connection goes to
//! one of just these: what the name says a moment later makes no difference.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use domain::review::ReviewRule;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, Error, RootCertStore};
use url::Host;

use crate::reach::Reach;

/// So many addresses of one host are tried.
const ADDRESSES: usize = 4;
/// One that does not take the connection must not use up the time for the others.
const CONNECT: Duration = Duration::from_secs(3);

/// What knows the addresses of names.
pub trait Resolve: std::fmt::Debug + Send + Sync {
    /// The addresses of a name.
    fn resolve<'f>(&'f self, name: &'f str) -> BoxFuture<'f, io::Result<Vec<IpAddr>>>;
}

/// The resolver of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'f>(&'f self, name: &'f str) -> BoxFuture<'f, io::Result<Vec<IpAddr>>> {
        async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        }
        .boxed()
    }
}

/// There is no certificate by which a server could prove who it is.
#[derive(Debug, thiserror::Error)]
#[error("this machine trusts no certificates; install its package of root certificates (ca-certificates)")]
pub struct NoRoots;

/// Whose certificates are trusted.
#[derive(Clone)]
pub struct Trust(TlsConnector);

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trust")
    }
}

impl Trust {
    /// Those that this machine trusts.
    pub fn system() -> Result<Self, NoRoots> {
        let mut roots = RootCertStore::empty();
        // A certificate that cannot be read is one that vouches for nobody.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::roots(roots)
    }

    /// Those that these have signed.
    pub fn roots(roots: RootCertStore) -> Result<Self, NoRoots> {
        if roots.is_empty() {
            return Err(NoRoots);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the ciphers of both versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

/// What connects.
#[derive(Debug, Clone)]
pub(crate) struct Dialer {
    pub resolver: Arc<dyn Resolve>,
    pub reach: Reach,
    pub trust: Trust,
}

impl Dialer {
    /// A connection to a host, if it may be reached.
    pub async fn connect(&self, host: &Host<&str>, port: u16) -> Result<TcpStream, ReviewRule> {
        let addresses = match host {
            Host::Domain(name) => self.resolver.resolve(name).await,
            Host::Ipv4(address) => Ok(vec![IpAddr::V4(*address)]),
            Host::Ipv6(address) => Ok(vec![IpAddr::V6(*address)]),
        };
        let addresses = addresses.map_err(|_| ReviewRule::PageUnreachable)?;
        let addresses: Vec<SocketAddr> = addresses
            .into_iter()
            .map(|address| SocketAddr::new(address, port))
            .collect();
        // A name that is half public leads where it wants by chance.
        if addresses.iter().any(|address| !self.reach.allows(*address)) {
            return Err(ReviewRule::PageNotAsked);
        }
        for address in addresses.into_iter().take(ADDRESSES) {
            if let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect(address)).await {
                return Ok(stream);
            }
        }
        Err(ReviewRule::PageUnreachable)
    }

    /// The same with encryption, by a server that proves to be this host.
    pub async fn encrypt(
        &self,
        stream: TcpStream,
        host: &Host<&str>,
    ) -> Result<TlsStream<TcpStream>, ReviewRule> {
        let name = match host {
            Host::Domain(name) => ServerName::try_from((*name).to_owned()),
            Host::Ipv4(address) => Ok(ServerName::from(IpAddr::V4(*address))),
            Host::Ipv6(address) => Ok(ServerName::from(IpAddr::V6(*address))),
        };
        let name = name.map_err(|_| ReviewRule::PageNotAsked)?;
        let connected = self.trust.0.connect(name, stream).await;
        connected.map_err(|error| {
            let source = error.get_ref().and_then(|it| it.downcast_ref::<Error>());
            match source {
                Some(Error::InvalidCertificate(_) | Error::NoCertificatesPresented) => {
                    ReviewRule::PageNotTrusted
                }
                _ => ReviewRule::PageUnreachable,
            }
        })
    }
}

//! Whom we trust: the system's root certificates, and those that the operator adds.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::in_time;

/// What makes an encrypted stream of a plain one, for one server.
#[derive(Clone)]
pub(crate) struct Encryption {
    connector: TlsConnector,
    name: ServerName<'static>,
}

/// Why nobody can be trusted with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The host is no name that a certificate can be made out for.
    #[error("the mail server's host {host} is no name that a certificate can be made out for: correct it")]
    Host {
        /// The server.
        host: String,
    },
    /// The extra certificates cannot be read.
    #[error("the extra certificates for the mail server cannot be read ({reason}): they must be in PEM")]
    ExtraRoots {
        /// What is wrong.
        reason: String,
    },
    /// The system trusts nobody.
    #[error(
        "this machine has no root certificates, so no mail server could be trusted: install the package ca-certificates"
    )]
    NoRoots,
    /// The TLS library refuses its settings.
    #[error("encryption cannot be set up ({reason}): report this")]
    Setup {
        /// What it says.
        reason: String,
    },
}

/// Why a stream was not encrypted.
pub(crate) enum HandshakeError {
    /// The certificate is not one that we trust.
    NotTrusted(io::Error),
    /// What came is no TLS, or none that we speak.
    NotTls(io::Error),
    /// Nothing came.
    Silent,
    /// The connection ended.
    Broken,
}

/// Reads the certificates, which takes some milliseconds: once for each server.
pub(crate) fn encryption(host: &str, extra_roots: Option<&str>) -> Result<Encryption, TrustError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| TrustError::Host {
        host: host.to_owned(),
    })?;
    let mut roots = RootCertStore::empty();
    // A certificate that cannot be read is one that vouches for nobody.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in extra_roots.map_or(Ok(Vec::new()), read_pem)? {
        roots.add(certificate).map_err(|error| TrustError::ExtraRoots {
            reason: error.to_string(),
        })?;
    }
    if roots.is_empty() {
        return Err(TrustError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| TrustError::Setup {
            reason: error.to_string(),
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Encryption {
        connector: TlsConnector::from(Arc::new(config)),
        name,
    })
}

fn read_pem(pem: &str) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let wrong = |reason: String| TrustError::ExtraRoots { reason };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong("there is none".to_owned()));
    }
    Ok(certificates)
}

impl Encryption {
    /// Shakes hands.
    pub async fn over<S>(&self, stream: S, patience: Duration) -> Result<TlsStream<S>, HandshakeError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let handshake = self.connector.connect(self.name.clone(), stream);
        in_time(patience, handshake).await.map_err(why)
    }
}

fn why(error: io::Error) -> HandshakeError {
    let said = error.get_ref().and_then(|source| source.downcast_ref());
    match error.kind() {
        io::ErrorKind::TimedOut => HandshakeError::Silent,
        // rustls reports what it does not like as data that it cannot take.
        io::ErrorKind::InvalidData => match said {
            Some(rustls::Error::InvalidCertificate(_)) => HandshakeError::NotTrusted(error),
            _ => HandshakeError::NotTls(error),
        },
        _ => HandshakeError::Broken,
    }
}

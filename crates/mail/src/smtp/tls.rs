//! Whom we trust: the system's root certificates, and those that the operator adds.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{Relay, RelayError};

/// What makes an encrypted stream of a plain one, for one relay.
#[derive(Clone)]
pub(super) struct Encryption {
    pub connector: TlsConnector,
    pub name: ServerName<'static>,
}

/// Reads the certificates, which takes some milliseconds: once for each relay.
pub(super) fn encryption(relay: &Relay) -> Result<Encryption, RelayError> {
    let name = ServerName::try_from(relay.host.clone()).map_err(|_| RelayError::Host {
        host: relay.host.clone(),
    })?;
    let mut roots = RootCertStore::empty();
    // A certificate that cannot be read is one that vouches for nobody.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in extra_roots(relay)? {
        roots.add(certificate).map_err(|error| RelayError::ExtraRoots {
            reason: error.to_string(),
        })?;
    }
    if roots.is_empty() {
        return Err(RelayError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| RelayError::Setup {
            reason: error.to_string(),
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Encryption {
        connector: TlsConnector::from(Arc::new(config)),
        name,
    })
}

fn extra_roots(relay: &Relay) -> Result<Vec<CertificateDer<'static>>, RelayError> {
    let Some(pem) = &relay.extra_roots else {
        return Ok(Vec::new());
    };
    let wrong = |reason: String| RelayError::ExtraRoots { reason };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong("there is none".to_owned()));
    }
    Ok(certificates)
}

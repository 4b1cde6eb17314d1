//! Certificates for the server: good ones of an authority of our own, and bad ones of each kind.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

static AUTHORITY: AtomicU32 = AtomicU32::new(1);

/// What the server shows, and whom the relay's settings trust.
pub struct Certificate {
    _folder: TempDir,
    chain: PathBuf,
    key: PathBuf,
    /// The authority's own certificate, in PEM.
    pub authority: String,
}

impl Certificate {
    /// For `localhost`, of a known authority.
    pub fn good() -> Self {
        Self::made("localhost", (2000, 2999))
    }

    /// For somebody else.
    pub fn for_another_name() -> Self {
        Self::made("mail.example.com", (2000, 2999))
    }

    /// No longer good.
    pub fn expired() -> Self {
        Self::made("localhost", (2000, 2020))
    }

    /// Not yet good.
    pub fn of_the_future() -> Self {
        Self::made("localhost", (2900, 2999))
    }

    /// The options of the server that shows it.
    pub fn options(&self) -> [&str; 4] {
        let chain = self.chain.to_str().expect("UTF-8");
        let key = self.key.to_str().expect("UTF-8");
        ["--certificate", chain, "--key", key]
    }

    fn made(name: &str, (from, to): (i32, i32)) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("no name");
        // No two authorities have one name, or the wrong one would be tried and found wanting.
        let number = AUTHORITY.fetch_add(1, Ordering::Relaxed);
        authority
            .distinguished_name
            .push(DnType::CommonName, format!("authority {number}"));
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(authority, key).expect("a certificate");

        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &authority).expect("a certificate");

        let folder = TempDir::new().expect("a temporary folder");
        let written = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("it can be written");
            path
        };
        Self {
            chain: written("certificate.pem", certificate.pem()),
            key: written("key.pem", key.serialize_pem()),
            authority: authority.pem(),
            _folder: folder,
        }
    }
}

//! For which address passkeys are. A browser keeps them by the name of a host, so an address of numbers has none; and it offers them
//! over an encrypted connection only, or to its own machine.

use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What devices show beside the name of the host.
const NAME: &str = "Sengen";

/// Who passkeys are made for.
pub struct RelyingParty {
    pub(super) webauthn: Webauthn,
}

impl std::fmt::Debug for RelyingParty {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RelyingParty(…)")
    }
}

/// Why there are no passkeys at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPasskeys {
    /// It is made of numbers, and passkeys are kept by name.
    NumericAddress,
    /// It is not encrypted, and not this machine.
    NotEncrypted,
    /// There are no pages, or their address is unusable.
    NoAddress,
}

impl RelyingParty {
    /// Passkeys for pages at `scheme://host[:port]`.
    pub(super) fn at(origin: &str) -> Result<Self, NoPasskeys> {
        let origin = Url::parse(origin).map_err(|_| NoPasskeys::NoAddress)?;
        let host = match origin.host() {
            Some(Host::Domain(host)) => host.to_owned(),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(NoPasskeys::NumericAddress),
            None => return Err(NoPasskeys::NoAddress),
        };
        let is_here = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !is_here {
            return Err(NoPasskeys::NotEncrypted);
        }
        let built = WebauthnBuilder::new(&host, &origin).map(|builder| builder.rp_name(NAME));
        let webauthn = built.and_then(WebauthnBuilder::build);
        Ok(Self {
            webauthn: webauthn.map_err(|_| NoPasskeys::NoAddress)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_a_name_over_an_encrypted_connection_or_for_this_machine() {
        for (origin, expected) in [
            ("https://sengen.example.jp", None),
            ("https://sengen.example.jp:8443", None),
            ("http://localhost:8080", None),
            ("http://127.0.0.1:8080", Some(NoPasskeys::NumericAddress)),
            ("https://[2001:db8::1]", Some(NoPasskeys::NumericAddress)),
            ("http://sengen.example.jp", Some(NoPasskeys::NotEncrypted)),
            ("sengen", Some(NoPasskeys::NoAddress)),
        ] {
            assert_eq!(RelyingParty::at(origin).err(), expected, "{origin}");
        }
    }
}

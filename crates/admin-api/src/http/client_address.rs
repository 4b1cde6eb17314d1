//! Where a request comes from: the peer of the connection, or what the proxies in front of us say. Only proxies that the
//! operator has named are believed; whoever else sends the header could be anybody by it.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// Each proxy adds the address that it was asked from at the end. `Forwarded` is not read: a proxy that writes only one of
/// the two passes the other one on as anybody sent it.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The networks whose hosts are believed when they say who asked them. None by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

/// A configured network cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a trusted proxy is an address or a network such as 127.0.0.1 or 10.1.2.0/24, not {0:?}")]
pub struct BadProxy(pub String);

impl TrustedProxies {
    /// Reads addresses (`127.0.0.1`, `::1`) and networks (`10.1.2.0/24`).
    pub fn parse<T: AsRef<str>>(networks: &[T]) -> Result<Self, BadProxy> {
        let read = |text: &T| {
            let text = text.as_ref().trim();
            let network = text.parse::<IpNet>().ok();
            let network = network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
            network.ok_or_else(|| BadProxy(text.to_owned()))
        };
        networks.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who asked: the last address of the header that is none of our proxies, when the peer is one of them. A header that
    /// cannot be read so far says nothing, and the peer it is.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for entry in entries {
            match address(entry.trim()) {
                Some(address) if self.trust(address) => {}
                Some(address) => return address,
                None => return peer,
            }
        }
        peer
    }
}

/// `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let address: Option<IpAddr> = text.parse().ok().or_else(with_port).or_else(bracketed);
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().expect("a header value"));
        }
        let proxies = TrustedProxies::parse(proxies).expect("networks");
        let peer = peer.parse().expect("an address");
        proxies.client(peer, &headers).to_string()
    }

    #[test]
    fn a_peer_that_is_not_trusted_says_nothing_about_who_it_is() {
        assert_eq!(client(&[], "127.0.0.1", &["192.0.2.1"]), "127.0.0.1");
        assert_eq!(
            client(&["10.0.0.0/8"], "203.0.113.7", &["192.0.2.1"]),
            "203.0.113.7"
        );
    }

    #[test]
    fn of_a_trusted_peer_the_last_address_that_is_no_proxy_counts_whatever_its_client_sent() {
        let proxies = ["127.0.0.1/32", "::1", "10.0.0.0/8"];
        let cases: [(&str, &[&str], &str); 9] = [
            ("127.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            ("::1", &["192.0.2.1"], "192.0.2.1"),
            ("::ffff:127.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", &["1.1.1.1, 192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", &["1.1.1.1", "192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", &["192.0.2.1, 10.1.2.3"], "192.0.2.1"),
            ("127.0.0.1", &["nonsense, 192.0.2.1:4711 ,10.1.2.3"], "192.0.2.1"),
            ("127.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("127.0.0.1", &["::ffff:192.0.2.1"], "192.0.2.1"),
        ];
        for (peer, lines, expected) in cases {
            assert_eq!(client(&proxies, peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_read_leaves_the_peer() {
        let cases: [&[&str]; 6] = [
            &[],
            &[""],
            &["unknown"],
            &["192.0.2.1, _hidden"],
            &["192.0.2.1", "\u{80}"],
            // Nobody but proxies.
            &["127.0.0.1"],
        ];
        for lines in cases {
            assert_eq!(
                client(&["127.0.0.1"], "127.0.0.1", lines),
                "127.0.0.1",
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_network_that_is_none_is_refused() {
        for text in ["localhost", "10.0.0.0/33", "", "*"] {
            assert_eq!(
                TrustedProxies::parse(&[text]).expect_err("a refusal"),
                BadProxy(text.to_owned())
            );
        }
    }
}

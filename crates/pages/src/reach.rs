//! Which addresses may be connected to: those of the public Internet, at the ports of the web; and what the office names beside them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Ports of the web.
const WEB: [u16; 2] = [80, 443];

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

/// What is nobody's on the Internet (IANA's registry of special-purpose addresses).
const NOT_PUBLIC_4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),       // this network, unspecified
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // between a carrier and its customers
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local, and the data of cloud machines about themselves
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocols
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 31, 196, 0, 24), // reverse names of private addresses
    v4(192, 88, 99, 0, 24),  // relays of 6to4
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarking
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, broadcast
];

/// Everything public of IPv6 is within this.
const GLOBAL_6: Ipv6Net = v6(0x2000, 0, 3);
/// Within it, what is nobody's, or an address of IPv4 in disguise.
const NOT_PUBLIC_6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),      // protocols: Teredo, benchmarking, ORCHID
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0, 16),      // 6to4
    v6(0x3fff, 0, 20),      // documentation
];
/// An address of IPv4 behind a translator (NAT64): where a network has only IPv6, every address of IPv4 looks so.
const TRANSLATED: Ipv6Net = v6(0x64, 0xff9b, 96);

/// The address of IPv4 that an address stands for, if it does.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(address) = address else {
        return address;
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return mapped.into();
    }
    if TRANSLATED.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return Ipv4Addr::new(a, b, c, d).into();
    }
    address.into()
}

/// Whether an address is somebody's on the public Internet.
pub fn is_public(address: IpAddr) -> bool {
    match unwrapped(address) {
        IpAddr::V4(address) => !NOT_PUBLIC_4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_6.contains(&address) && !NOT_PUBLIC_6.iter().any(|net| net.contains(&address))
        }
    }
}

/// What may be reached beside the public web. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Networks that are not public, and yet may be asked.
    pub networks: Vec<IpNet>,
    /// Other ports than those of the web, in these networks only.
    pub ports: Vec<u16>,
}

impl Reach {
    /// Whether this may be connected to.
    pub fn allows(&self, address: SocketAddr) -> bool {
        let ip = unwrapped(address.ip());
        let is_named = self.networks.iter().any(|net| net.contains(&ip));
        let is_web = WEB.contains(&address.port());
        (is_web && is_public(ip)) || (is_named && (is_web || self.ports.contains(&address.port())))
    }

    /// Whether there is any address at which this port may be connected to.
    pub fn allows_port(&self, port: u16) -> bool {
        WEB.contains(&port) || self.ports.contains(&port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn t39_nothing_that_is_not_public_is_reached_in_whatever_form_it_is_written() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.31.196.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            // Compatible, mapped, translated, 6to4, Teredo.
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456:789a::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(!is_public(ip(text)), "{text}");
            assert!(!Reach::default().allows(SocketAddr::new(ip(text), 443)), "{text}");
        }
    }

    #[test]
    fn the_neighbours_of_what_is_not_public_are() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2400:cb00::1",
            "2606:4700::1",
            "3ffe:ffff::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(ip(text)), "{text}");
        }
    }

    #[test]
    fn only_the_ports_of_the_web_are_reached() {
        let reach = Reach::default();
        for (port, allowed) in [
            (80, true),
            (443, true),
            (22, false),
            (25, false),
            (6379, false),
            (8080, false),
        ] {
            assert_eq!(
                reach.allows(SocketAddr::new(ip("1.1.1.1"), port)),
                allowed,
                "{port}"
            );
        }
    }

    #[test]
    fn what_the_office_names_is_reached_and_its_ports_nowhere_else() {
        let reach = Reach {
            networks: vec!["10.1.0.0/16".parse().expect("a network")],
            ports: vec![8080],
        };
        let at = |text, port| reach.allows(SocketAddr::new(ip(text), port));
        assert!(at("10.1.2.3", 80) && at("10.1.2.3", 8080) && at("::ffff:10.1.2.3", 443));
        assert!(!at("10.1.2.3", 22), "a port that is not named");
        assert!(!at("10.2.0.1", 80), "another network");
        assert!(
            !at("1.1.1.1", 8080),
            "the port of the named network on the Internet"
        );
    }
}

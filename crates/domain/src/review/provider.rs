//! Domains under which anybody gets an address: that many organisations share one of them says nothing.

/// Public providers of mail, and carriers. Subdomains of them count, too.
const PROVIDERS: [&str; 46] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "yahoo.co.jp",
    "ymail.ne.jp",
    "yahoo.com",
    "yahoo.ne.jp",
    "aol.com",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "rakumail.jp",
    "uqmobile.jp",
    "nifty.com",
    "biglobe.ne.jp",
    "ocn.ne.jp",
    "so-net.ne.jp",
    "plala.or.jp",
    "dion.ne.jp",
    "hi-net.ne.jp",
    "infoseek.jp",
    "excite.co.jp",
    "goo.jp",
    "eonet.ne.jp",
    "jcom.home.ne.jp",
    "jcom.zaq.ne.jp",
    "odn.ne.jp",
    "asahi-net.or.jp",
    "wakwak.com",
    "sakura.ne.jp",
    "xserver.jp",
    "gmx.com",
    "proton.me",
];

/// Whether anybody can have an address under this domain (lower case, ASCII).
pub fn is_anybodys(domain: &str) -> bool {
    PROVIDERS.iter().any(|provider| {
        domain == *provider
            || domain
                .strip_suffix(provider)
                .is_some_and(|rest| rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_known_with_their_subdomains_and_others_are_not() {
        for known in ["gmail.com", "k7.dion.ne.jp"] {
            assert!(is_anybodys(known), "{known}");
        }
        for other in ["example.jp", "notgmail.com", "gmail.com.example.jp"] {
            assert!(!is_anybodys(other), "{other}");
        }
    }
}

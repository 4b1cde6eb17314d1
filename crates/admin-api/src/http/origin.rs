//! Whether a request comes from our own pages: Fetch Metadata first, the exact origin as fallback.
//! A cookie rides along with requests of foreign pages, so nothing is served to those.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// The address that people type, as configured.
#[derive(Debug, Clone)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

/// The configured address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("public_url must be http://HOST or https://HOST with an optional port and no path, not {0:?}")]
pub struct BadPublicUrl(pub String);

impl PublicUrl {
    /// Reads `scheme://host[:port]`; a trailing slash is dropped.
    pub fn parse(text: &str) -> Result<Self, BadPublicUrl> {
        let bad = || BadPublicUrl(text.to_owned());
        let uri: axum::http::Uri = text.parse().map_err(|_| bad())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad());
        };
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(bad()),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(bad());
        }
        Ok(Self {
            origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()),
            https,
        })
    }

    /// This machine, for somebody who tries Sengen out.
    pub fn localhost(port: u16) -> Self {
        Self {
            origin: format!("http://localhost:{port}"),
            https: false,
        }
    }

    /// `scheme://host[:port]`, as a browser writes it into `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Decides `Secure`, the `__Host-` prefix and HSTS.
    pub const fn is_https(&self) -> bool {
        self.https
    }
}

/// True when the request was made by a page of ours.
pub fn is_same_origin(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    match (sites.next(), sites.next()) {
        (Some(site), None) => site.as_bytes() == b"same-origin",
        (Some(_), Some(_)) => false,
        (None, _) => {
            let mut origins = headers.get_all(ORIGIN).iter();
            matches!(
                (origins.next(), origins.next()),
                (Some(origin), None) if origin.as_bytes() == public_url.origin().as_bytes()
            )
        }
    }
}

/// True when a page of ours asks for a socket. A socket is bound by no rule of the browser about origins, so `Origin` has to be there and
/// ours, whatever Fetch Metadata says, which some browsers leave out here.
pub fn is_own_socket(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let is_ours = matches!(
        (origins.next(), origins.next()),
        (Some(origin), None) if origin.as_bytes() == public_url.origin().as_bytes()
    );
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let is_same = match (sites.next(), sites.next()) {
        (Some(site), None) => site.as_bytes() == b"same-origin",
        (Some(_), Some(_)) => false,
        (None, _) => true,
    };
    is_ours && is_same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, value.parse().expect("a header value"));
        }
        map
    }

    #[test]
    fn t42_only_our_own_pages_pass() {
        let url = PublicUrl::parse("http://localhost:8080/").expect("an address");
        let cases: [(&[(&str, &str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://localhost:8080"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "none")], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (&[("origin", "http://localhost:8080")], true),
            (&[("origin", "http://localhost:8081")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for (pairs, expected) in cases {
            let pairs: Vec<_> = pairs.to_vec();
            assert_eq!(is_same_origin(&headers(&pairs), &url), expected, "{pairs:?}");
        }
    }

    #[test]
    fn t42_a_socket_is_opened_by_our_own_pages_alone() {
        let url = PublicUrl::parse("https://sengen.example.jp").expect("an address");
        let ours = ("origin", "https://sengen.example.jp");
        let cases: [(&[(&'static str, &'static str)], bool); 11] = [
            (&[ours], true),
            (&[ours, ("sec-fetch-site", "same-origin")], true),
            (&[ours, ("sec-fetch-site", "same-site")], false),
            (&[ours, ("sec-fetch-site", "cross-site")], false),
            (&[ours, ("sec-fetch-site", "none")], false),
            (
                &[
                    ours,
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (&[ours, ours], false),
            (&[("origin", "http://sengen.example.jp")], false),
            (&[("origin", "https://sengen.example.jp:444")], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "same-origin")], false),
        ];
        for (pairs, expected) in cases {
            assert_eq!(is_own_socket(&headers(pairs), &url), expected, "{pairs:?}");
        }
    }

    #[test]
    fn an_address_with_a_path_or_another_scheme_is_refused() {
        for text in [
            "ftp://x",
            "localhost:8080",
            "http://x/y",
            "http://a@x",
            "http://x?y",
            "",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
        assert!(PublicUrl::parse("https://sengen.example.jp").is_ok_and(|url| url.is_https()));
    }
}

//! The console's files, carried by the binary: known assets first, the page itself for every other address.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../../admin-ui/dist"]
#[allow_missing = true]
struct Files;

const PAGE: &str = "index.html";
const STYLE_HASHES: &str = "csp-style-hashes.json";

const NO_BUILD: &str = "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
<link rel=\"icon\" href=\"data:,\"><title>画面がまだ作られていません — Sengen</title><main><h1>画面がまだ作られていません</h1><p>このプログラムは画面を含めずに作られました。<code>make build</code> を実行してから、もう一度起動してください。</p>\
<p lang=\"en\">This program was built without its console. Run <code>make build</code>, then start it again.</p></main></html>";

/// The CSP sources of the style elements that the console's component library injects.
pub fn style_hashes() -> Vec<String> {
    let hashes: Option<Vec<String>> =
        Files::get(STYLE_HASHES).and_then(|file| serde_json::from_slice(&file.data).ok());
    hashes
        .unwrap_or_default()
        .iter()
        .map(|hash| format!("'{hash}'"))
        .collect()
}

/// Serves an asset by its path, the page for an address of the console, 404 for the rest.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let plain = !path.is_empty() && path != PAGE && path != STYLE_HASHES && !is_variant(path);
    if plain && let Some(file) = Files::get(path) {
        return asset(path, file, &headers);
    }
    if wants_page(path, &headers) {
        return match Files::get(PAGE) {
            Some(file) => asset(PAGE, file, &headers),
            None => no_build(),
        };
    }
    (
        StatusCode::NOT_FOUND,
        [(CONTENT_TYPE, "text/plain; charset=utf-8")],
        "not found\n",
    )
        .into_response()
}

/// Compressed variants are chosen by the request's headers, not asked for by name.
fn is_variant(path: &str) -> bool {
    [".br", ".gz"].iter().any(|ending| path.ends_with(ending))
}

/// An address of the console is asked for by a browser as a page. The first page is there for everybody, also for who only
/// looks whether the server is.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let html = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let reserved = ["graphql", "api", "assets"].iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    path.is_empty() || (html && !reserved)
}

fn no_build() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
        ],
        NO_BUILD,
    )
        .into_response()
}

fn asset(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get_all(IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|text| {
            text.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == etag)
        })
    });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, data) = best_variant(path, file.data, headers);
        let mut response = Response::new(body(data));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let map = response.headers_mut();
    map.insert(VARY, HeaderValue::from_static("accept-encoding"));
    map.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        map.insert(ETAG, etag);
    }
    response
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The smallest variant that the browser takes.
fn best_variant(
    path: &str,
    plain: Cow<'static, [u8]>,
    headers: &HeaderMap,
) -> (Option<&'static str>, Cow<'static, [u8]>) {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        let takes = accepted.split(',').any(|part| {
            let mut part = part.split(';').map(str::trim);
            part.next() == Some(encoding) && part.all(|weight| weight != "q=0")
        });
        if takes && let Some(file) = Files::get(&format!("{path}{ending}")) {
            return (Some(encoding), file.data);
        }
    }
    (None, plain)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_build_the_page_says_in_both_languages_how_to_make_one() {
        let response = no_build();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        for sentence in [
            "<code>make build</code> を実行してから",
            "Run <code>make build</code>",
        ] {
            assert!(NO_BUILD.contains(sentence), "{sentence}");
        }
    }
}

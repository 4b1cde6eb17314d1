//! The headers of every answer of the real binary: what protects the browser, and which request it was.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tests::{Answer, Client, Engine, Office, Server, Start, served};

/// Every header of an answer, without those that belong to its one body.
fn fixed_headers(answer: &Answer) -> Vec<String> {
    let own = [
        "date",
        "content-length",
        "x-request-id",
        "etag",
        "content-encoding",
    ];
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("a header of text")))
        .collect();
    lines.sort();
    lines
}

/// What every answer carries; the style hashes are those of the console's build.
fn expected_headers(https: bool) -> Vec<String> {
    let mut lines = vec![
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "permissions-policy: camera=(), geolocation=(), microphone=(), payment=()",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
        "x-xss-protection: 0",
    ];
    if https {
        lines.push("strict-transport-security: max-age=31536000; includeSubDomains");
    }
    let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
    lines.push(String::from(
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'HASHES; img-src 'self' data:; \
         connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default",
    ));
    lines
}

/// Takes the style hashes out of a policy: they change with every build of the console.
fn without_hashes(line: &str) -> String {
    let Some((before, rest)) = line.split_once("style-src 'self'") else {
        return line.to_owned();
    };
    let (hashes, after) = rest.split_once(';').expect("more directives");
    for hash in hashes.split_whitespace() {
        assert!(hash.starts_with("'sha256-"), "only hashes beside 'self': {hash}");
    }
    format!("{before}style-src 'self'HASHES;{after}")
}

/// The paths of the console's page and its assets, when the binary was built with them.
async fn console_paths(client: &Client) -> Vec<(String, &'static str)> {
    let page = Client::send(client.path(Method::GET, "/").header("accept", "text/html")).await;
    if page.status == StatusCode::SERVICE_UNAVAILABLE {
        return vec![("/".to_owned(), "no-store")];
    }
    let html = page.body.as_str().expect("a page");
    let assets = html.split('"').filter(|part| part.starts_with("/assets/"));
    let mut paths: Vec<(String, &'static str)> = assets
        .map(|path| (path.to_owned(), "public, max-age=31536000, immutable"))
        .collect();
    assert!(!paths.is_empty(), "the page names assets: {html}");
    paths.push(("/".to_owned(), "no-cache"));
    paths.push(("/declarations?state=ACTIVE".to_owned(), "no-cache"));
    paths
}

/// Requests that are answered with what must not be kept.
fn not_to_be_kept(client: &Client) -> Vec<(&'static str, RequestBuilder, &'static str)> {
    vec![
        (
            "data",
            client.operation("{ session { expiresAt } }", &Value::Null),
            "no-store",
        ),
        (
            "a refused query",
            client.operation("{ nothing }", &Value::Null),
            "no-store",
        ),
        ("a batch", client.post("[]"), "no-store"),
        ("a foreign page", client.bare(Method::POST).body("{}"), "no-store"),
        ("another method", client.bare(Method::GET), "no-store"),
        (
            "a socket for a foreign page",
            client
                .path(Method::GET, "/graphql/socket")
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .header("sec-websocket-protocol", "graphql-transport-ws"),
            "no-store",
        ),
        (
            "another method for the socket",
            client.path(Method::POST, "/graphql/socket"),
            "no-store",
        ),
        (
            "a refused export",
            client.path(Method::POST, "/exports/exposure.csv"),
            "no-store",
        ),
        (
            "a refused upload",
            client.path(Method::POST, "/uploads"),
            "no-store",
        ),
        (
            "a refused attachment",
            client.path(Method::GET, "/attachments/x"),
            "no-store",
        ),
        (
            "another method elsewhere",
            client.path(Method::POST, "/"),
            "no-store",
        ),
        (
            "whether it can work",
            client.path(Method::GET, "/readyz"),
            "no-store",
        ),
        ("whether it lives", client.path(Method::GET, "/livez"), "no-store"),
        (
            "a method that a health check does not know",
            client.path(Method::DELETE, "/readyz"),
            "no-store",
        ),
        (
            "whom to tell of a weakness",
            client.path(Method::GET, "/.well-known/security.txt"),
            "no-store",
        ),
        ("a diagnostic method", client.path(Method::TRACE, "/"), "no-store"),
        (
            "an unknown path",
            client.path(Method::GET, "/nowhere.txt"),
            "no-store",
        ),
        (
            "an unknown asset",
            client.path(Method::GET, "/assets/none.js"),
            "no-store",
        ),
        (
            "a path out of the folder",
            client.path(Method::GET, "/assets/%2e%2e/%2e%2e/etc/passwd"),
            "no-store",
        ),
        (
            "a path that is no text",
            client.path(Method::GET, "/%ff%fe"),
            "no-store",
        ),
    ]
}

async fn every_answer_carries_the_header_set(server: &Server, client: &Client, https: bool) {
    let mut requests = not_to_be_kept(client);
    for (path, caching) in console_paths(client).await {
        requests.push((
            "the console",
            client.path(Method::GET, &path).header("accept", "text/html"),
            caching,
        ));
    }
    for (name, request, caching) in requests {
        let answer = Client::send(request).await;
        let content = ["content-type", "allow", "vary", "cache-control", "set-cookie"];
        let found: Vec<String> = fixed_headers(&answer)
            .iter()
            .filter(|line| !content.iter().any(|name| line.starts_with(&format!("{name}:"))))
            .map(|line| without_hashes(line))
            .collect();
        let mut expected = expected_headers(https);
        expected.sort();
        assert_eq!(found, expected, "{name} at {}", server.address());
        assert_eq!(answer.header("cache-control"), caching, "{name}");
        if !answer.body.to_string().is_empty()
            && answer
                .headers
                .get("content-length")
                .is_none_or(|length| length != "0")
        {
            assert!(answer.headers.contains_key("content-type"), "{name}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn t46_every_answer_carries_the_header_set() {
    let (_office, server, client) = served("47000000002").await;
    every_answer_carries_the_header_set(&server, &client, false).await;
}

#[tokio::test]
async fn t46_coming_back_from_a_provider_carries_the_header_set_and_leads_on_without_repeating_anything() {
    let (_office, server, _client) = served("47000000002").await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let path = "/sso/callback?code=planted&state=planted&error=planted";
    let request = http.get(format!("{}{path}", server.address()));
    let answer = Client::send(request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?sso=over");
    assert_eq!(answer.header("cache-control"), "no-store");
    let taken = "sengen-sso=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0";
    assert_eq!(answer.header("set-cookie"), taken);
    assert!(!format!("{answer:?}").contains("planted"), "{answer:?}");
    let content = ["cache-control", "set-cookie", "location"];
    let found: Vec<String> = fixed_headers(&answer)
        .iter()
        .filter(|line| !content.iter().any(|name| line.starts_with(&format!("{name}:"))))
        .map(|line| without_hashes(line))
        .collect();
    let mut expected = expected_headers(false);
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn t46_over_https_every_answer_also_asks_for_https_for_a_year() {
    let office = Office::new(Engine::Sqlite).await;
    let listen = tests::free_address();
    let url = "https://sengen.example.jp";
    let server = office.serve_with(&Start {
        listen: Some(&listen),
        public_url: Some(url),
        log: None,
        ..Start::default()
    });
    let client = Client::without_cookies(server.address(), url);
    every_answer_carries_the_header_set(&server, &client, true).await;
}

#[tokio::test]
async fn t46_security_txt_names_who_was_configured_until_a_day_within_a_year_and_is_not_there_without() {
    let office = Office::new(Engine::Sqlite).await;
    let path = "/.well-known/security.txt";
    let server = office.serve();
    let client = server.client();
    let none = Client::send(client.path(Method::GET, path)).await;
    assert_eq!(
        (none.status, none.body),
        (StatusCode::NOT_FOUND, "not found\n".into())
    );
    drop(server);

    std::fs::write(
        office.folder().join("sengen.toml"),
        "security_contact = \"mailto:security@example.jp\"\n",
    )
    .expect("the settings");
    let server = office.serve();
    let answer = Client::send(server.client().path(Method::GET, path)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.body.as_str().expect("text");
    let fields: std::collections::BTreeMap<&str, &str> =
        text.lines().filter_map(|line| line.split_once(": ")).collect();
    assert_eq!(fields["Contact"], "mailto:security@example.jp");
    let expires: chrono::DateTime<chrono::Utc> = fields["Expires"].parse().expect("an instant of RFC 3339");
    // The answer's own date, so that the test needs no clock.
    let date = chrono::DateTime::parse_from_rfc2822(answer.header("date")).expect("a date");
    let ahead = expires - date.to_utc();
    assert!((170..366).contains(&ahead.num_days()), "{text}");
}

#[tokio::test]
async fn every_answer_of_the_api_names_its_request() {
    let (_office, server, client) = served("47000000002").await;
    let mut seen = std::collections::BTreeSet::new();
    for request in [
        client.operation("{ session { expiresAt } }", &Value::Null),
        client.operation("{ nothing }", &Value::Null),
        client.post("[]"),
        client.post("x".repeat(300_000)),
        client.bare(Method::POST).body("{}"),
        client.bare(Method::GET),
        server
            .client()
            .operation("{ declarations(first: 1) { __typename } }", &Value::Null),
    ] {
        let answer = Client::send(request.header("x-request-id", "planted")).await;
        let id = answer.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok(), "{answer:?}");
        for error in answer.body["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["requestId"], id, "{answer:?}");
            assert!(error["extensions"]["code"].is_string(), "{answer:?}");
        }
        assert!(seen.insert(id), "each request has an id of its own");
    }
}

#[tokio::test]
async fn the_first_page_is_there_for_who_only_looks_whether_the_server_is() {
    let office = Office::new(Engine::Sqlite).await;
    let server = office.serve();
    let client = server.client();
    let first = Client::send(client.path(Method::GET, "/").header("accept", "*/*")).await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(
        first.headers["content-type"]
            .to_str()
            .is_ok_and(|kind| kind.starts_with("text/html"))
    );
    let nothing = Client::send(client.path(Method::GET, "/nothing").header("accept", "*/*")).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

//! A client that speaks to the console's API as the console does.

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The password of every account in tests.
const PASSWORD: &str = "correct horse battery staple";

/// A browser without its pages: cookies, our origin, JSON.
pub struct Client {
    http: reqwest::Client,
    address: String,
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
}

impl Answer {
    /// The data at a path such as `/declarations/nodes/0`.
    #[track_caller]
    pub fn at(&self, path: &str) -> &Value {
        self.body
            .pointer(&format!("/data{path}"))
            .unwrap_or_else(|| panic!("nothing at {path} in {:#}", self.body))
    }

    /// The code of the first fault.
    pub fn fault(&self) -> Option<&str> {
        self.body
            .pointer("/errors/0/extensions/code")
            .and_then(Value::as_str)
    }
}

impl Client {
    /// A client without a session.
    pub fn new(address: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .build()
            .expect("a client");
        Self {
            http,
            address: address.to_owned(),
        }
    }

    /// The server's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A bare request to the API, for tests that send what the console never would.
    pub fn bare(&self, method: reqwest::Method) -> RequestBuilder {
        self.http.request(method, format!("{}/graphql", self.address))
    }

    /// A bare GET of any path.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.address))
    }

    /// One operation.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables });
        let request = self
            .bare(reqwest::Method::POST)
            .header(ORIGIN, &self.address)
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        Self::send(request).await
    }

    /// Sends a request and reads its answer as JSON.
    pub async fn send(request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, body }
    }

    /// Makes an account from a one-time link and signs in.
    pub async fn accept_invitation(&self, token: &str, login: &str) {
        let query =
            "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }";
        let input = json!({ "token": token, "login": login, "name": "見本 花子", "password": PASSWORD });
        let answer = self.graphql(query, json!({ "input": input })).await;
        assert_eq!(answer.at("/acceptInvitation/__typename"), "Session", "{answer:?}");
    }

    /// Signs in with an account that exists.
    pub async fn sign_in(&self, login: &str) -> Answer {
        self.sign_in_with(login, PASSWORD).await
    }

    /// Signs in with any password.
    pub async fn sign_in_with(&self, login: &str, password: &str) -> Answer {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { __typename ... on SignInRefused { retryAfterSeconds } } }";
        self.graphql(
            query,
            json!({ "input": { "login": login, "password": password } }),
        )
        .await
    }
}

//! A client that speaks to the console's API as the console does.

use reqwest::header::{CONTENT_TYPE, HeaderMap, ORIGIN};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// The password of every account in tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// A browser without its pages: cookies, our origin, JSON.
pub struct Client {
    http: reqwest::Client,
    address: String,
    origin: String,
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
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

    /// Path and code of each problem under a field of the data.
    #[track_caller]
    pub fn problems(&self, field: &str) -> Vec<(String, String)> {
        let problems = self.at(&format!("/{field}/problems"));
        let text = |problem: &Value, key: &str| problem[key].as_str().expect("a text").to_owned();
        let problems = problems.as_array().expect("a list").iter();
        problems
            .map(|problem| (text(problem, "field"), text(problem, "code")))
            .collect()
    }

    /// A header that must be there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.get_all(name).iter();
        let value = found.next().unwrap_or_else(|| panic!("no {name} in {self:?}"));
        assert!(found.next().is_none(), "{name} twice in {self:?}");
        value.to_str().expect("a header of text")
    }
}

impl Client {
    /// A client without a session.
    pub fn new(address: &str) -> Self {
        Self::of(address, address, true)
    }

    /// A client that keeps no cookies and says that it comes from `origin`.
    pub fn without_cookies(address: &str, origin: &str) -> Self {
        Self::of(address, origin, false)
    }

    fn of(address: &str, origin: &str, cookies: bool) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(cookies)
            .build()
            .expect("a client");
        Self {
            http,
            address: address.to_owned(),
            origin: origin.to_owned(),
        }
    }

    /// The server's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A bare request to the API, for tests that send what the console never would.
    pub fn bare(&self, method: Method) -> RequestBuilder {
        self.http.request(method, format!("{}/graphql", self.address))
    }

    /// A bare request for any path.
    pub fn path(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.address))
    }

    /// A text as it stands in an address.
    pub fn escaped(text: &str) -> String {
        text.bytes().fold(String::new(), |mut escaped, byte| {
            use std::fmt::Write as _;
            write!(escaped, "%{byte:02X}").expect("a string takes text");
            escaped
        })
    }

    /// A request of the console with any text as its body.
    pub fn post(&self, body: impl Into<String>) -> RequestBuilder {
        self.bare(Method::POST)
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/json")
            .body(body.into())
    }

    /// One operation.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        Self::send(self.operation(query, &variables)).await
    }

    /// One operation that is not sent yet, for a test that adds headers.
    pub fn operation(&self, query: &str, variables: &Value) -> RequestBuilder {
        self.post(json!({ "query": query, "variables": variables }).to_string())
    }

    /// Sends a request and reads its answer as JSON.
    pub async fn send(request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let headers = response.headers().clone();
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status,
            headers,
            body,
        }
    }

    /// A file on its way to a change of a declaration, or to the declaration that a command will make, that is not sent yet.
    pub fn upload(&self, of: (&str, &str), name: &str, bytes: impl Into<Vec<u8>>) -> RequestBuilder {
        self.path(Method::POST, &format!("/uploads?{}={}", of.0, of.1))
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("x-file-name", Self::escaped(name))
            .body(bytes.into())
    }

    /// A register on its way to be imported, that is not sent yet.
    pub fn upload_import(&self, name: &str, bytes: impl Into<reqwest::Body>) -> RequestBuilder {
        let command = uuid::Uuid::new_v4();
        self.path(Method::POST, &format!("/uploads/imports?command={command}"))
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("x-file-name", Self::escaped(name))
            .body(bytes)
    }

    /// A request for a file of a change that is not sent yet.
    pub fn attachment(&self, id: &str) -> RequestBuilder {
        self.path(Method::GET, &format!("/attachments/{id}"))
            .header("sec-fetch-site", "same-origin")
    }

    /// A request for a file, such as `exposure.csv`, that is not sent yet.
    pub fn export(&self, file: &str, question: &Value) -> RequestBuilder {
        self.path(Method::POST, &format!("/exports/{file}"))
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/json")
            .body(question.to_string())
    }

    /// Makes an account from a one-time link and signs in.
    pub async fn accept_invitation(&self, token: &str, login: &str) {
        let answer = self.try_invitation(token, login, PASSWORD).await;
        assert_eq!(answer.at("/acceptInvitation/__typename"), "Session", "{answer:?}");
    }

    /// Tries to make an account from a one-time link.
    pub async fn try_invitation(&self, token: &str, login: &str, password: &str) -> Answer {
        let query = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename \
                     ... on InvalidInput { problems { field code message } } ... on InvitationRefused { message } } }";
        let input = json!({ "token": token, "login": login, "name": "見本 花子", "password": password });
        self.graphql(query, json!({ "input": input })).await
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

    /// Signs in, and the cookie `NAME=TOKEN` of the session that began.
    pub async fn cookie_of(&self, login: &str) -> String {
        let answer = self.sign_in(login).await;
        let line = answer.header("set-cookie");
        line.split(';').next().expect("a cookie").to_owned()
    }

    /// The login of whoever is signed in.
    pub async fn signed_in(&self) -> Option<String> {
        let answer = self.graphql("{ session { staff { login } } }", Value::Null).await;
        let login = answer.at("/session").pointer("/staff/login");
        login.and_then(Value::as_str).map(str::to_owned)
    }
}

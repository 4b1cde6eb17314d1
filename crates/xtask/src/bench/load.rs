//! The load generator: a fixed mix of requests over a fixed number of connections that are kept alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use reqwest::Client;
use reqwest::header::HeaderMap;

use crate::bench::samples::Samples;
use crate::{Failure, Outcome};

/// Every p95 is measured at this many connections.
pub const CONNECTIONS: usize = 8;

/// What is sent: each body is a POST of JSON; the bodies are taken in turn.
pub struct Load {
    /// The endpoint.
    pub url: String,
    /// Cookie, origin and whatever else the server asks for.
    pub headers: HeaderMap,
    /// JSON texts, at least one.
    pub bodies: Vec<String>,
}

impl Load {
    /// Sends `requests` requests over [`CONNECTIONS`] connections; answers the latency of each in milliseconds, to the
    /// last byte of the answer.
    ///
    /// # Errors
    /// The first answer that is not 200 or holds GraphQL errors: a fast refusal is no result.
    pub fn run(self, requests: usize) -> Outcome<Samples> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("no runtime: {error}")))?;
        runtime.block_on(self.send(requests))
    }

    async fn send(self, requests: usize) -> Outcome<Samples> {
        if self.bodies.is_empty() {
            return Err(Failure::new("the load has no requests"));
        }
        let load = Arc::new(self);
        let next = Arc::new(AtomicUsize::new(0));
        let mut connections = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            connections.spawn(connection(Arc::clone(&load), Arc::clone(&next), requests));
        }
        let mut all = Samples::new();
        while let Some(samples) = connections.join_next().await {
            all.extend(&samples.map_err(|error| Failure::new(format!("a connection was lost: {error}")))??);
        }
        Ok(all)
    }
}

/// One client has one connection: it sends the next request when the answer to the last one is complete.
async fn connection(load: Arc<Load>, next: Arc<AtomicUsize>, requests: usize) -> Outcome<Samples> {
    let client = Client::builder()
        .default_headers(load.headers.clone())
        .pool_max_idle_per_host(1)
        .no_proxy()
        .build()
        .map_err(|error| Failure::new(format!("no HTTP client: {error}")))?;
    let mut samples = Samples::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            return Ok(samples);
        }
        let body = load.bodies[number % load.bodies.len()].clone();
        let start = Instant::now();
        answer(&client, &load.url, body).await?;
        samples.add_millis(start.elapsed());
    }
}

async fn answer(client: &Client, url: &str, body: String) -> Outcome<()> {
    let failed = |error: reqwest::Error| Failure::new(format!("a request failed: {error}"));
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .body(body.clone());
    let response = request.send().await.map_err(failed)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes);
    // The search of the standard library is compiled for speed, also in this program, which is not: a loop of our own took
    // a tenth of the machine from the server that is measured.
    if status.as_u16() == 200 && !text.contains("\"errors\":") {
        return Ok(());
    }
    let text: String = text.chars().take(300).collect();
    Err(Failure::new(format!(
        "the server answered {status}: {text}\nto {body}"
    )))
}

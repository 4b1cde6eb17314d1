//! Requests to the provider: without redirects, with limits on time and size.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{HttpRequest, HttpResponse};
use tokio_rustls::rustls::crypto::ring;

/// Somebody waits in front of a page.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Far more than any document of a provider has.
const MAXIMUM_BYTES: usize = 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It took too long.
    #[error("the provider did not answer within {} seconds", TIMEOUT.as_secs())]
    Timeout,
    /// Nobody is there, or nobody whom we trust.
    #[error("the provider cannot be reached")]
    Connect(#[source] hyper_util::client::legacy::Error),
    /// The answer broke off, or is far too large.
    #[error("the answer of the provider cannot be read")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A client of one provider.
#[derive(Clone)]
pub struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Http {
    /// Trusts whom this machine trusts.
    pub fn new() -> Result<Self, std::io::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// The same as the library takes it.
    pub fn sender(
        &self,
    ) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> + Send + Sync + use<>
    {
        let http = self.clone();
        move |request| {
            let http = http.clone();
            async move { http.send(request).await }.boxed()
        }
    }

    /// Sends a request, and reads its answer as a whole.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        tokio::time::timeout(TIMEOUT, self.send_now(request))
            .await
            .map_err(|_| HttpError::Timeout)?
    }

    async fn send_now(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let response = self.0.request(request).await.map_err(HttpError::Connect)?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAXIMUM_BYTES).collect().await;
        let body = body.map_err(HttpError::Body)?.to_bytes();
        Ok(HttpResponse::from_parts(parts, body.to_vec()))
    }
}

//! Asking for a page: a GET of which little is read, redirects that are followed by hand within one site, and what counts as an answer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::review::AskPages;
use domain::review::{PageAnswer, ReviewRule};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, ACCEPT_LANGUAGE, CONNECTION, HOST, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Position, Url};

use crate::dial::{Dialer, NoRoots, Resolve, SystemResolver, Trust};
use crate::reach::Reach;

/// For the whole of it, all redirects included.
const PATIENCE: Duration = Duration::from_secs(10);
/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// What is read of an answer at most, its headers included.
const BYTES_MAX: usize = 64 * 1024;
/// Who asks: no office by name, since the page is none of the office's.
const AGENT: &str = "Mozilla/5.0 (compatible; Sengen policy page check; asks once a week whether a declared policy can be read)";

/// Asks for pages.
#[derive(Debug, Clone)]
pub struct Pages {
    dialer: Dialer,
    patience: Duration,
}

/// What a server said.
enum Said {
    /// This, and something of a page where the status promises one.
    Status(StatusCode),
    /// To look elsewhere.
    Elsewhere(StatusCode, String),
}

/// What is wrong, and with which status it was said.
type Wrong = (ReviewRule, Option<StatusCode>);

const fn wrong(rule: ReviewRule) -> Wrong {
    (rule, None)
}

impl Pages {
    /// By this machine's resolver, trusting whom this machine trusts.
    pub fn system(reach: Reach) -> Result<Self, NoRoots> {
        Ok(Self::new(reach, Arc::new(SystemResolver), Trust::system()?))
    }

    /// By another resolver, trusting others.
    pub fn new(reach: Reach, resolver: Arc<dyn Resolve>, trust: Trust) -> Self {
        Self {
            dialer: Dialer {
                resolver,
                reach,
                trust,
            },
            patience: PATIENCE,
        }
    }

    /// With another time limit.
    #[must_use]
    pub const fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn follow(&self, address: &str) -> Result<StatusCode, Wrong> {
        let mut url = Url::parse(address).map_err(|_| wrong(ReviewRule::PageNotAsked))?;
        let begun_at = site(&url).to_owned();
        let mut last = None;
        for _ in 0..=REDIRECTS {
            self.check(&url).map_err(|rule| (rule, last))?;
            match self
                .get(&url)
                .await
                .map_err(|(rule, status)| (rule, status.or(last)))?
            {
                Said::Status(status) if status.is_success() => return Ok(status),
                Said::Status(status @ (StatusCode::NOT_FOUND | StatusCode::GONE)) => {
                    return Err((ReviewRule::PageGone, Some(status)));
                }
                Said::Status(status) => return Err((ReviewRule::PageFails, Some(status))),
                Said::Elsewhere(status, location) => {
                    last = Some(status);
                    url = url.join(&location).map_err(|_| (ReviewRule::PageFails, last))?;
                    if site(&url) != begun_at {
                        return Err((self.away(&url), last));
                    }
                }
            }
        }
        Err((ReviewRule::PageLeadsAway, last))
    }

    /// What is wrong with being led to another site. Nobody there is asked.
    fn away(&self, url: &Url) -> ReviewRule {
        let is_name = is_web(url) && matches!(url.host(), Some(url::Host::Domain(_)));
        // To a number inside, or to no page at all: that it is none that we ask says more.
        match self.check(url) {
            Err(rule) if !is_name => rule,
            _ => ReviewRule::PageLeadsAway,
        }
    }

    /// What can be seen of an address before anybody is asked.
    fn check(&self, url: &Url) -> Result<(), ReviewRule> {
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        let port = url.port_or_known_default().unwrap_or(0);
        let address: Option<IpAddr> = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        let reach = &self.dialer.reach;
        let is_reached = address.is_none_or(|it| reach.allows(SocketAddr::new(it, port)));
        if is_web(url) && !has_credentials && reach.allows_port(port) && is_reached {
            Ok(())
        } else {
            Err(ReviewRule::PageNotAsked)
        }
    }

    /// Asks one server once.
    async fn get(&self, url: &Url) -> Result<Said, Wrong> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(wrong(ReviewRule::PageNotAsked));
        };
        let stream = self.dialer.connect(&host, port).await.map_err(wrong)?;
        if url.scheme() == "https" {
            let stream = self.dialer.encrypt(stream, &host).await.map_err(wrong)?;
            exchange(stream, url).await
        } else {
            exchange(stream, url).await
        }
    }
}

impl AskPages for Pages {
    fn ask<'f>(&'f self, address: &'f str) -> BoxFuture<'f, PageAnswer> {
        async move {
            let (wrong, status) = match timeout(self.patience, self.follow(address)).await {
                Ok(Ok(status)) => (None, Some(status)),
                Ok(Err((rule, status))) => (Some(rule), status),
                Err(_) => (Some(ReviewRule::PageSilent), None),
            };
            PageAnswer {
                wrong,
                status: status.map(|status| status.as_u16()),
            }
        }
        .boxed()
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// What must be the same after a redirect: the host, with www. or without.
fn site(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// One request and what comes back. The connection ends with it.
async fn exchange<S>(stream: S, url: &Url) -> Result<Said, Wrong>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let failed = |_| wrong(ReviewRule::PageFails);
    let shaken = http1::Builder::new()
        .max_buf_size(BYTES_MAX)
        .handshake(TokioIo::new(stream))
        .await;
    let (mut sender, connection) = shaken.map_err(failed)?;
    // Whatever ends this ends the connection, too.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let request = request(url).ok_or(wrong(ReviewRule::PageNotAsked))?;
    let response = sender.send_request(request).await.map_err(failed)?;
    let status = response.status();
    if let Some(location) = elsewhere(&response) {
        return Ok(Said::Elsewhere(status, location));
    }
    if status.is_success() && !has_begun(response).await {
        return Err((ReviewRule::PageFails, Some(status)));
    }
    Ok(Said::Status(status))
}

fn request(url: &Url) -> Option<Request<Empty<Bytes>>> {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "text/html, application/pdf;q=0.9, */*;q=0.5")
        .header(ACCEPT_LANGUAGE, "ja, en;q=0.5")
        .header(CONNECTION, "close")
        .body(Empty::new())
        .ok()
}

fn elsewhere(response: &Response<Incoming>) -> Option<String> {
    let leads = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).filter(|_| leads)?;
    // Some servers write it in UTF-8, which no header may hold.
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// Whether something of the page came. No more of it is read: the connection's buffer is the most that comes.
async fn has_begun(response: Response<Incoming>) -> bool {
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) if frame.data_ref().is_some_and(|data| !data.is_empty()) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    // An empty page that was promised so.
    true
}

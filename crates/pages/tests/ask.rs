//! What counts as an answer, what does not, and where nobody is asked: against servers of our own that do what no server should.

#[path = "../../mail/tests/smtp/certificates.rs"]
mod certificates;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::review::AskPages as _;
use certificates::Certificate;
use domain::review::{PageAnswer, ReviewRule};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use pages::{Pages, Reach, Resolve, Trust};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

const HERE: &str = "127.0.0.1";

/// A server that does one thing with each connection.
struct Server {
    port: u16,
    connections: Arc<AtomicU64>,
}

impl Server {
    async fn start<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let connections = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Self { port, connections }
    }

    /// Says always the same.
    async fn saying(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::start(move |stream| say(stream, text.clone())).await
    }

    fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads a request up to its end.
async fn heard(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => text.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(text).expect("ASCII")
}

async fn say(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: String) {
    heard(&mut stream).await;
    // The other end may have had enough.
    let _gone = stream.write_all(text.as_bytes()).await;
    let _gone = stream.shutdown().await;
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn page() -> String {
    answer("200 OK", "content-type: text/html\r\n", "<h1>基本方針</h1>")
}

fn redirect(to: &str) -> String {
    answer("302 Found", &format!("location: {to}\r\n"), "")
}

/// Names as a test has them, and how often each was asked for.
#[derive(Debug, Default)]
struct Names {
    known: HashMap<String, Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    /// One answer after the other; the last one again and again.
    fn with(mut self, name: &str, answers: &[&[&str]]) -> Self {
        let parse = |text: &&str| -> IpAddr { text.parse().expect("an address") };
        let answers = answers.iter().map(|one| one.iter().map(parse).collect());
        self.known.insert(name.to_owned(), answers.collect());
        self
    }

    fn here(names: &[&str]) -> Self {
        names
            .iter()
            .fold(Self::default(), |it, name| it.with(name, &[&[HERE]]))
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

impl Resolve for Names {
    fn resolve<'f>(&'f self, name: &'f str) -> BoxFuture<'f, io::Result<Vec<IpAddr>>> {
        let mut asked = self.asked.lock().expect("no panic");
        let before = asked.iter().filter(|it| *it == name).count();
        asked.push(name.to_owned());
        let found = self.known.get(name).map(|answers| {
            let answer = answers.get(before).or(answers.last());
            answer.cloned().unwrap_or_default()
        });
        async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) }.boxed()
    }
}

/// May be asked at this machine, at these ports.
fn reach(ports: &[u16]) -> Reach {
    Reach {
        networks: vec!["127.0.0.0/8".parse().expect("a network")],
        ports: ports.to_vec(),
    }
}

fn trust(authority: &str) -> Trust {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        roots.add(certificate.expect("a certificate")).expect("a root");
    }
    Trust::roots(roots).expect("roots")
}

fn pages(reach: Reach, names: Names) -> (Pages, Arc<Names>) {
    let names = Arc::new(names);
    let nobody = trust(&Certificate::good().authority);
    let resolver: Arc<dyn Resolve> = names.clone();
    (Pages::new(reach, resolver, nobody), names)
}

async fn asked(server: &Server) -> PageAnswer {
    let (pages, _) = pages(reach(&[server.port]), Names::here(&["shop.example.jp"]));
    pages
        .ask(&format!("http://shop.example.jp:{}/policy?v=1#top", server.port))
        .await
}

const fn wrong(rule: ReviewRule, status: Option<u16>) -> PageAnswer {
    PageAnswer {
        wrong: Some(rule),
        status,
    }
}

const FINE: PageAnswer = PageAnswer {
    wrong: None,
    status: Some(200),
};

#[tokio::test]
async fn a_page_that_is_there_answers_and_is_asked_with_nothing_that_tells_of_us() {
    let (sender, mut requests) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |mut stream| {
        let sender = sender.clone();
        async move {
            sender.send(heard(&mut stream).await).expect("the test listens");
            let _gone = stream.write_all(page().as_bytes()).await;
        }
    })
    .await;
    assert_eq!(asked(&server).await, FINE);
    let request = requests.recv().await.expect("a request").to_lowercase();
    assert!(request.starts_with("get /policy?v=1 http/1.1\r\n"), "{request}");
    let names: Vec<&str> = request
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':').map(|(name, _)| name))
        .collect();
    assert_eq!(
        names,
        ["host", "user-agent", "accept", "accept-language", "connection"]
    );
    assert!(
        request.contains(&format!("host: shop.example.jp:{}\r\n", server.port)),
        "{request}"
    );
}

#[tokio::test]
async fn what_a_server_says_is_told_apart() {
    for (status, expected) in [
        ("404 Not Found", wrong(ReviewRule::PageGone, Some(404))),
        ("410 Gone", wrong(ReviewRule::PageGone, Some(410))),
        ("403 Forbidden", wrong(ReviewRule::PageFails, Some(403))),
        ("500 Oh", wrong(ReviewRule::PageFails, Some(500))),
        ("503 Busy", wrong(ReviewRule::PageFails, Some(503))),
        ("304 Not Modified", wrong(ReviewRule::PageFails, Some(304))),
        // A redirect to nowhere.
        ("302 Found", wrong(ReviewRule::PageFails, Some(302))),
    ] {
        let server = Server::saying(answer(status, "", "")).await;
        assert_eq!(asked(&server).await, expected, "{status}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_an_error_of_the_server() {
    for said in [
        "",
        "220 mail.example.jp ESMTP\r\n",
        "\0\u{1}\u{2}",
        "HTTP/1.1 200",
    ] {
        let server = Server::saying(said).await;
        assert_eq!(
            asked(&server).await,
            wrong(ReviewRule::PageFails, None),
            "{said:?}"
        );
    }
    // It breaks off before anything of the page came.
    let server = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n").await;
    assert_eq!(asked(&server).await, wrong(ReviewRule::PageFails, Some(200)));
}

#[tokio::test]
async fn nobody_there_is_told_from_nobody_who_says_anything() {
    let (pages, _) = pages(reach(&[1]), Names::here(&["shop.example.jp"]));
    // Nobody listens at port 1.
    let refused = pages.ask("http://shop.example.jp:1/").await;
    assert_eq!(refused, wrong(ReviewRule::PageUnreachable, None));
    let unknown = pages.ask("http://unknown.example.jp/").await;
    assert_eq!(unknown, wrong(ReviewRule::PageUnreachable, None));
    for said in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"] {
        let server = Server::start(move |mut stream| async move {
            heard(&mut stream).await;
            stream.write_all(said.as_bytes()).await.expect("it is taken");
            std::future::pending::<()>().await;
        })
        .await;
        let (pages, _) = crate::pages(reach(&[server.port]), Names::default());
        let silent = pages
            .within(Duration::from_millis(200))
            .ask(&format!("http://{HERE}:{}/", server.port))
            .await;
        assert_eq!(silent, wrong(ReviewRule::PageSilent, None), "{said:?}");
    }
}

/// A server that sends the same without end; how much it got rid of.
async fn endless(
    head: &'static str,
    again: &'static [u8],
) -> (Server, tokio::sync::mpsc::UnboundedReceiver<u64>) {
    let (sender, sent) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |mut stream| {
        let sender = sender.clone();
        async move {
            heard(&mut stream).await;
            let mut total = 0;
            let mut outcome = stream.write_all(head.as_bytes()).await;
            while outcome.is_ok() {
                outcome = stream.write_all(again).await;
                total += again.len() as u64;
            }
            sender.send(total).expect("the test listens");
        }
    })
    .await;
    (server, sent)
}

static BLOCK: [u8; 65_536] = [b'x'; 65_536];
/// What the system takes for us before we close is not in our hands.
const SYSTEM_TAKES: u64 = 16 * 1024 * 1024;

#[tokio::test]
async fn a_page_without_end_and_one_of_50_mb_are_there_and_hardly_anything_of_them_is_read() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n",
    ] {
        let (server, mut sent) = endless(head, &BLOCK).await;
        assert_eq!(asked(&server).await, FINE, "{head}");
        let sent = sent.recv().await.expect("it ends when we close");
        assert!(sent < SYSTEM_TAKES, "{sent}");
    }
}

#[tokio::test]
async fn headers_without_end_are_no_answer() {
    let (server, mut sent) = endless("HTTP/1.1 200 OK\r\n", &[b'x'; 1_000]).await;
    assert_eq!(asked(&server).await, wrong(ReviewRule::PageFails, None));
    let sent = sent.recv().await.expect("it ends when we close");
    assert!(sent < SYSTEM_TAKES, "{sent}");
}

#[tokio::test]
async fn a_redirect_within_the_site_is_followed_with_www_and_without_and_five_times_at_most() {
    let target = Server::saying(page()).await;
    let to = format!("http://www.shop.example.jp:{}/new", target.port);
    let first = Server::saying(redirect(&to)).await;
    let names = Names::here(&["shop.example.jp", "www.shop.example.jp"]);
    let (pages, names) = pages(reach(&[first.port, target.port]), names);
    let answered = pages
        .ask(&format!("http://shop.example.jp:{}/", first.port))
        .await;
    assert_eq!(answered, FINE);
    assert_eq!(names.asked(), ["shop.example.jp", "www.shop.example.jp"]);

    let circle = Server::saying(redirect("/again")).await;
    assert_eq!(asked(&circle).await, wrong(ReviewRule::PageLeadsAway, Some(302)));
    assert_eq!(circle.connections(), 6);
}

#[tokio::test]
async fn t39_a_redirect_to_an_address_inside_or_to_no_page_is_not_followed() {
    let inside = Server::saying(page()).await;
    for to in [
        format!("http://127.0.0.2:{}/", inside.port),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::1]/".to_owned(),
        "http://[::ffff:169.254.169.254]/".to_owned(),
        "http://2852039166/".to_owned(),
        "http://0x7f.2/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://shop.example.jp/".to_owned(),
        "gopher://shop.example.jp:6379/".to_owned(),
        "http://shop.example.jp:6379/".to_owned(),
        format!("http://me:secret@shop.example.jp:{}/", inside.port),
    ] {
        let first = Server::saying(redirect(&to)).await;
        let narrow = Reach {
            networks: vec!["127.0.0.1/32".parse().expect("a network")],
            ports: vec![first.port, inside.port],
        };
        let (pages, names) = pages(narrow, Names::here(&["shop.example.jp"]));
        let answered = pages
            .ask(&format!("http://shop.example.jp:{}/", first.port))
            .await;
        assert_eq!(answered, wrong(ReviewRule::PageNotAsked, Some(302)), "{to}");
        assert_eq!(names.asked(), ["shop.example.jp"], "{to}");
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_another_site_is_not_followed_whatever_it_is() {
    let other = Server::saying(page()).await;
    for to in [
        format!("http://other.example.jp:{}/", other.port),
        "https://parked.example.com/".to_owned(),
        "//evil.example.jp/".to_owned(),
        "http://localhost/".to_owned(),
        // Not of the site that it begins or ends with.
        "http://shop.example.jp.example.com/".to_owned(),
        "http://myshop.example.jp/".to_owned(),
    ] {
        let first = Server::saying(redirect(&to)).await;
        let (pages, names) = pages(
            reach(&[first.port, other.port]),
            Names::here(&["shop.example.jp", "other.example.jp"]),
        );
        let answered = pages
            .ask(&format!("http://shop.example.jp:{}/", first.port))
            .await;
        assert_eq!(answered, wrong(ReviewRule::PageLeadsAway, Some(302)), "{to}");
        assert_eq!(names.asked(), ["shop.example.jp"], "{to}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn t39_a_name_that_leads_inside_is_not_asked_whichever_of_its_addresses_does() {
    let server = Server::saying(page()).await;
    for inside in [
        &["10.0.0.1"][..],
        &["169.254.169.254"],
        &["::1"],
        &["fd00::1"],
        &["::ffff:192.168.0.1"],
        &[HERE, "10.0.0.1"],
    ] {
        let names = Names::default().with("shop.example.jp", &[inside]);
        let (pages, _) = pages(reach(&[server.port]), names);
        let answered = pages
            .ask(&format!("http://shop.example.jp:{}/", server.port))
            .await;
        assert_eq!(answered, wrong(ReviewRule::PageNotAsked, None), "{inside:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn t39_what_was_looked_at_is_what_is_connected_to_and_each_redirect_is_looked_at_anew() {
    let server = Server::saying(page()).await;
    // Another answer a moment later makes no difference: there is no second question.
    let names = Names::default().with("shop.example.jp", &[&[HERE], &["10.0.0.1"]]);
    let (pages, names) = pages(reach(&[server.port]), names);
    let address = format!("http://shop.example.jp:{}/", server.port);
    assert_eq!(pages.ask(&address).await, FINE);
    assert_eq!(names.asked().len(), 1);
    // After a redirect the name is looked at again, and leads inside.
    let first = Server::saying(redirect("/there")).await;
    let names = Names::default().with("shop.example.jp", &[&[HERE], &["10.0.0.1"]]);
    let (pages, names) = crate::pages(reach(&[first.port]), names);
    let address = format!("http://shop.example.jp:{}/", first.port);
    let answered = pages.ask(&address).await;
    assert_eq!(answered, wrong(ReviewRule::PageNotAsked, Some(302)));
    assert_eq!((names.asked().len(), first.connections()), (2, 1));
}

#[tokio::test]
async fn t39_an_address_that_is_none_of_the_public_web_is_asked_of_nobody() {
    let (pages, names) = pages(Reach::default(), Names::here(&["shop.example.jp"]));
    for address in [
        "",
        "shop.example.jp",
        "ftp://shop.example.jp/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://shop.example.jp:22/",
        "http://shop.example.jp:8080/",
        "http://user@shop.example.jp/",
        "http://:secret@shop.example.jp/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://１２７.０.０.１/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::a00:1]/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
    ] {
        let answered = pages.ask(address).await;
        assert_eq!(answered, wrong(ReviewRule::PageNotAsked, None), "{address}");
    }
    assert_eq!(names.asked(), Vec::<String>::new());
}

/// A server that shows this certificate.
async fn encrypted(certificate: &Certificate) -> Server {
    let [_, chain, _, key] = certificate.options();
    let chain = CertificateDer::pem_file_iter(chain).expect("a file");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                say(stream, page()).await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_server_that_does_not_prove_who_it_is_is_not_trusted() {
    let good = Certificate::good();
    let ask = async |server: &Server, authority: &str| {
        let names = Arc::new(Names::here(&["localhost"]));
        let pages = Pages::new(reach(&[server.port]), names, trust(authority));
        pages.ask(&format!("https://localhost:{}/", server.port)).await
    };
    let server = encrypted(&good).await;
    assert_eq!(ask(&server, &good.authority).await, FINE);
    // It is the host's, and nobody whom we know says so.
    let stranger = Certificate::good().authority;
    assert_eq!(
        ask(&server, &stranger).await,
        wrong(ReviewRule::PageNotTrusted, None)
    );
    for bad in [
        Certificate::for_another_name(),
        Certificate::expired(),
        Certificate::of_the_future(),
    ] {
        let server = encrypted(&bad).await;
        assert_eq!(
            ask(&server, &bad.authority).await,
            wrong(ReviewRule::PageNotTrusted, None)
        );
    }
    // No encryption where it was promised.
    let clear = Server::start(|mut stream| async move {
        stream
            .write_all(b"220 mail.example.jp ESMTP\r\n")
            .await
            .expect("it is taken");
        let _gone = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    assert_eq!(
        ask(&clear, &good.authority).await,
        wrong(ReviewRule::PageUnreachable, None)
    );
}

#[tokio::test]
async fn from_http_to_https_of_one_site_is_followed() {
    let certificate = Certificate::good();
    let target = encrypted(&certificate).await;
    let first = Server::saying(redirect(&format!("https://localhost:{}/", target.port))).await;
    let names = Arc::new(Names::here(&["localhost"]));
    let pages = Pages::new(
        reach(&[first.port, target.port]),
        names,
        trust(&certificate.authority),
    );
    let answered = pages.ask(&format!("http://localhost:{}/", first.port)).await;
    assert_eq!(answered, FINE);
}

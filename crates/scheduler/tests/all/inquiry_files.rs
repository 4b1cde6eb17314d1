//! What came with a message: files that leave, files that do not, and HTML.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::Guarded;
use app::inquiry::{EntryWords, FileScanner, InquiryFileError};
use domain::IncomingMailId;
use domain::inquiry::Hazard;
use domain::staff::{Actor, Role, StaffId};
use mail::incoming::ReadLimits;
use scheduler::{ClamdAddress, RawReader, VirusScanner};
use test_support::{FixedClock, TestDatabase};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::inquiries::{look_at, read_all, take};
use crate::support::{node, someone};

test_support::on_both_engines!(
    a_file_leaves_as_it_came_and_a_program_does_not,
    html_is_shown_without_what_runs_or_loads,
    while_a_scanner_is_there_nothing_leaves_without_its_word,
);

/// A message with three files, one of them a program that says it is a paper.
const RAW: &str = "From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: files\r\nMessage-ID: <1@example.jp>\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
    --c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain words\r\n\
    --c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <p onclick=\"x()\">rich <b>words</b></p><script>alert(1)</script><img src=\"https://tracker.example/x.gif\">\r\n\
    --c--\r\n\
    --b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK\r\n\
    --b\r\nContent-Type: application/pdf; name=\"b.pdf\"\r\nContent-Disposition: attachment; filename=\"b.pdf\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n\
    --b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"../../etc/c.exe\"\r\n\r\nx\r\n\
    --b--\r\n";

/// An office that can read raw mail again, and its message.
async fn office(db: &TestDatabase, change: impl FnOnce(App) -> App) -> (Arc<App>, IncomingMailId) {
    let app = node(db, &FixedClock::default()).await;
    let app = Arc::into_inner(app).expect("nobody else has it");
    let reader = RawReader::new(ReadLimits::default());
    let app = Arc::new(change(app.with_mail_contents(Arc::new(reader))));
    let message = take(&app, RAW.as_bytes()).await;
    read_all(&app).await;
    (app, message)
}

async fn a_file_leaves_as_it_came_and_a_program_does_not(db: TestDatabase) {
    let (app, message) = office(&db, |app| app).await;
    let detail = look_at(&app, message).await;
    let Some(EntryWords::Message(Some(Guarded::Open(words)))) = detail.entries.first().map(|it| &it.words)
    else {
        panic!("a message that can be read");
    };
    let hazards: Vec<Option<Hazard>> = words.files.iter().map(|file| file.hazard).collect();
    assert_eq!(hazards, [None, Some(Hazard::Program), Some(Hazard::Program)]);
    let file = app
        .inquiry_file(&someone(&app), message, 0)
        .await
        .expect("the file");
    assert_eq!(
        (file.name.as_str(), &file.bytes[..]),
        ("a.pdf", &b"%PDF-1.7\n"[..])
    );
    for index in [1, 2] {
        let kept = app.inquiry_file(&someone(&app), message, index).await.err();
        assert!(
            matches!(kept, Some(InquiryFileError::Quarantined(Hazard::Program))),
            "{index}: {kept:?}"
        );
    }
    let missing = app.inquiry_file(&someone(&app), message, 3).await.err();
    assert!(matches!(missing, Some(InquiryFileError::NotFound)), "{missing:?}");
    let other = IncomingMailId::new(Uuid::now_v7());
    let missing = app.inquiry_file(&someone(&app), other, 0).await.err();
    assert!(matches!(missing, Some(InquiryFileError::NotFound)), "{missing:?}");
    // Whoever may not see persons gets nothing that they sent.
    let viewer = Actor::Staff(StaffId(Uuid::from_u128(3)));
    let viewer = app.context(viewer, vec![Role::Viewer], Uuid::now_v7(), "test");
    let refused = app.inquiry_file(&viewer, message, 0).await.err();
    assert!(
        matches!(refused, Some(InquiryFileError::Forbidden(_))),
        "{refused:?}"
    );
    // Taking it is a read of the inquiry.
    let taker = someone(&app);
    app.inquiry_file(&taker, message, 0).await.expect("the file");
    assert_eq!(taker.records_read(), 1);
}

async fn html_is_shown_without_what_runs_or_loads(db: TestDatabase) {
    let (app, message) = office(&db, |app| app).await;
    let html = app.inquiry_html(&someone(&app), message).await.expect("HTML");
    let html = html.reveal();
    assert!(html.contains("rich <b>words</b>"), "{html}");
    for bad in ["onclick", "script", "tracker", "img"] {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
    let plain =
        b"From: b@example.jp\r\nMessage-ID: <2@example.jp>\r\nContent-Type: text/plain\r\n\r\nwords\r\n";
    let plain = take(&app, plain).await;
    read_all(&app).await;
    let missing = app.inquiry_html(&someone(&app), plain).await.err();
    assert!(matches!(missing, Some(InquiryFileError::NotFound)), "{missing:?}");
}

/// A clamd that says this of everything; none: nothing at all.
async fn clamd(answer: Option<&'static str>) -> Arc<dyn FileScanner> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(answer) = answer else {
                // Held open, and silent.
                std::mem::forget(stream);
                continue;
            };
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.expect("a command");
            assert_eq!(&command, b"zINSTREAM\0");
            loop {
                let length = stream.read_u32().await.expect("a length");
                if length == 0 {
                    break;
                }
                let mut chunk = vec![0; length as usize];
                stream.read_exact(&mut chunk).await.expect("a chunk");
            }
            stream.write_all(answer.as_bytes()).await.expect("an answer");
        }
    });
    let address = ClamdAddress::parse(&address).expect("an address");
    Arc::new(VirusScanner::new(address).with_patience(Duration::from_millis(300)))
}

async fn while_a_scanner_is_there_nothing_leaves_without_its_word(db: TestDatabase) {
    let clean = clamd(Some("stream: OK\0")).await;
    let (app, message) = office(&db, |app| app.with_file_scanner(clean)).await;
    app.inquiry_file(&someone(&app), message, 0).await.expect("clean");
    let app = Arc::into_inner(app).expect("nobody else has it");
    let app = app.with_file_scanner(clamd(Some("stream: Win.Test FOUND\0")).await);
    let infected = app.inquiry_file(&someone(&app), message, 0).await.err();
    assert!(
        matches!(&infected, Some(InquiryFileError::Infected(name)) if name == "Win.Test"),
        "{infected:?}"
    );
    for silent in [
        clamd(None).await,
        clamd(Some("INSTREAM size limit exceeded. ERROR\0")).await,
        clamd(Some("")).await,
        Arc::new(VirusScanner::new(
            ClamdAddress::parse("unix:/nowhere/clamd.ctl").expect("an address"),
        )),
    ] {
        let app = node(&db, &FixedClock::default()).await;
        let app = Arc::into_inner(app).expect("nobody else has it");
        let app = app
            .with_mail_contents(Arc::new(RawReader::new(ReadLimits::default())))
            .with_file_scanner(silent);
        let kept = app.inquiry_file(&someone(&app), message, 0).await.err();
        assert!(matches!(kept, Some(InquiryFileError::Scanner(_))), "{kept:?}");
    }
}

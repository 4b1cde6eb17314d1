//! Mail out of a mailbox on a real server: brought once, from where it was left, and whatever happens to the server.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::incoming_mail::MailboxCursor;
use domain::mailing::State;
use event_store::{Sql, each_engine};
use mail::Credentials;
use mail::imap::{Account, Mailbox, Tls};
use mail::incoming::ReadLimits;
use scheduler::{MailReader, Pauses, Postman};
use test_support::{Dovecot, FixedClock, TestDatabase};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::mail::{sent, state};
use crate::support::node;

test_support::on_both_engines!(
    what_lies_in_a_mailbox_and_what_comes_is_brought_once,
    a_report_in_a_mailbox_reaches_the_ledger,
    whoever_comes_back_goes_on_where_the_other_stopped_also_when_the_server_was_away,
);

const USER: &str = "hanako";
const PAUSES: Pauses = Pauses {
    poll: Duration::from_secs(5),
    first: Duration::from_millis(50),
    longest: Duration::from_millis(200),
};

struct Attended {
    taken: Arc<Notify>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Attended {
    fn begin(app: &Arc<App>, dovecot: &Dovecot) -> Self {
        let credentials = Credentials::from_file_content(USER, Dovecot::PASSWORD).expect("a password");
        let account = Account {
            port: dovecot.port,
            tls: Tls::None,
            ..Account::new("127.0.0.1", credentials)
        };
        let mailbox = Mailbox::new(account).expect("good settings");
        let (taken, stop) = (Arc::new(Notify::new()), CancellationToken::new());
        let postman = Postman::new(
            Arc::clone(app),
            "inquiries".to_owned(),
            mailbox,
            PAUSES,
            Arc::clone(&taken),
        );
        let task = tokio::spawn(postman.run(stop.clone()));
        Self { taken, stop, task }
    }

    /// Until so many messages are kept. The test's own time limit is the only one.
    async fn until(&self, app: &App, count: i64) {
        while kept(app).await < count {
            self.taken.notified().await;
        }
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("no panic");
    }
}

async fn kept(app: &App) -> i64 {
    const COUNT: Sql = Sql::same("SELECT count(*) FROM incoming_mail");
    let mut connection = app.store().database().acquire_read().await.expect("a connection");
    let text = COUNT.on(&connection);
    each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await).expect("a count")
}

async fn cursor(app: &App) -> MailboxCursor {
    let cursor = app.mailbox_cursor("inquiries").await.expect("an answer");
    cursor.expect("a cursor")
}

fn message(number: u32) -> Vec<u8> {
    format!("From: taro@example.jp\r\nSubject: {number}\r\n\r\n\x1b$BK\\J8\x1b(B\r\n").into_bytes()
}

async fn what_lies_in_a_mailbox_and_what_comes_is_brought_once(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let dovecot = Dovecot::start();
    for number in 0..3 {
        dovecot.deliver(USER, "INBOX", &message(number));
    }
    let attended = Attended::begin(&app, &dovecot);
    attended.until(&app, 3).await;
    dovecot.deliver(USER, "INBOX", &message(3));
    attended.until(&app, 4).await;
    // The same once more, by another way: it is brought, and known.
    dovecot.deliver(USER, "INBOX", &message(3));
    dovecot.deliver(USER, "INBOX", &message(4));
    attended.until(&app, 5).await;
    attended.end().await;
    assert_eq!(kept(&app).await, 5);
    assert_eq!(cursor(&app).await.last_uid, 6);
    let reader = MailReader::new(Arc::clone(&app), ReadLimits::default());
    let counts: Vec<_> = reader.read_all().await.expect("read").into_iter().collect();
    assert_eq!(counts, [("human", 5)]);
}

async fn a_report_in_a_mailbox_reaches_the_ledger(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let dovecot = Dovecot::start();
    let id: Uuid = sent(&app, "a@example.com").await;
    let report = crate::incoming_mail::report(&id.to_string(), "failed", "5.1.1");
    let attended = Attended::begin(&app, &dovecot);
    let reader = MailReader::new(Arc::clone(&app), ReadLimits::default());
    dovecot.deliver(USER, "INBOX", report.as_bytes());
    attended.until(&app, 1).await;
    reader.read_all().await.expect("read");
    attended.end().await;
    assert_eq!(state(&app, id).await, State::Bounced);
}

async fn whoever_comes_back_goes_on_where_the_other_stopped_also_when_the_server_was_away(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let mut dovecot = Dovecot::start();
    dovecot.deliver(USER, "INBOX", &message(0));
    let attended = Attended::begin(&app, &dovecot);
    attended.until(&app, 1).await;
    dovecot.kill();
    dovecot.start_again();
    dovecot.deliver(USER, "INBOX", &message(1));
    attended.until(&app, 2).await;
    attended.end().await;
    dovecot.deliver(USER, "INBOX", &message(2));
    let attended = Attended::begin(&app, &dovecot);
    attended.until(&app, 3).await;
    attended.end().await;
    assert_eq!(cursor(&app).await.last_uid, 3);
}

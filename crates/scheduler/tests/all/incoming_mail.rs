//! Mail that comes in: kept once and whole, read, and what it reports about ours written down.

use app::App;
use app::incoming_mail::{MailSource, RawMail, TakenMail};
use domain::mailing::State;
use event_store::{Sql, each_engine};
use mail::incoming::ReadLimits;
use scheduler::MailReader;
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

use crate::mail::{queue, sent, state};
use crate::support::{count, node};

test_support::on_both_engines!(
    the_same_message_is_kept_once_however_often_it_is_handed_over,
    each_message_is_read_once_and_what_cannot_be_read_is_kept,
    a_report_that_names_a_message_of_ours_counts_for_it_once,
    a_report_in_the_prose_of_a_carrier_counts_for_the_newest_message_to_that_address,
    a_report_about_a_message_of_others_counts_for_none,
    a_report_that_cannot_be_written_down_holds_no_other_message_up,
    a_late_message_is_late_and_no_failure,
    what_was_taken_is_sealed_and_a_changed_row_is_seen,
);

async fn take(app: &App, mails: &[&str]) -> Vec<TakenMail> {
    let mails: Vec<RawMail> = mails
        .iter()
        .map(|it| RawMail::whole(it.as_bytes().to_vec()))
        .collect();
    app.take_mail(&MailSource::File, &mails).await.expect("taken")
}

async fn read_all(app: &std::sync::Arc<App>) -> Vec<(&'static str, u64)> {
    let reader = MailReader::new(std::sync::Arc::clone(app), ReadLimits::default());
    reader.read_all().await.expect("read").into_iter().collect()
}

fn human(subject: &str) -> String {
    format!("From: taro@example.jp\r\nSubject: {subject}\r\n\r\n本文\r\n")
}

/// As a server reports it.
pub fn report(original: &str, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n\
         --d\r\n\r\nsorry\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
         Final-Recipient: rfc822; a@example.com\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
         --d\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}@office.example>\r\n\r\n--d--\r\n"
    )
}

async fn the_same_message_is_kept_once_however_often_it_is_handed_over(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let (one, other) = (human("1"), human("2"));
    let first = take(&app, &[&one, &other, &one]).await;
    assert_eq!(
        first.iter().map(|it| it.is_new).collect::<Vec<_>>(),
        [true, true, false]
    );
    assert_eq!(first[0].id, first[2].id);
    let again = take(&app, &[&other, &one]).await;
    assert!(again.iter().all(|it| !it.is_new));
    assert_eq!([again[0].id, again[1].id], [first[1].id, first[0].id]);
    assert_eq!(read_all(&app).await, [("human", 2)]);
}

async fn each_message_is_read_once_and_what_cannot_be_read_is_kept(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let reply = "From: x@example.jp\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n";
    let list = "From: x@example.jp\r\nList-Id: <l.example>\r\n\r\nx\r\n";
    take(&app, &[&human("1"), reply, list, "no mail at all"]).await;
    let beginning = RawMail {
        bytes: human("large").into_bytes(),
        size: 1 << 40,
    };
    app.take_mail(&MailSource::Pipe, &[beginning])
        .await
        .expect("taken");
    let counts = read_all(&app).await;
    assert_eq!(
        counts,
        [("auto_reply", 1), ("human", 1), ("list", 1), ("unreadable", 2)]
    );
    assert_eq!(read_all(&app).await, []);
}

async fn a_report_that_names_a_message_of_ours_counts_for_it_once(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = sent(&app, "a@example.com").await;
    let other = sent(&app, "a@example.com").await;
    take(&app, &[&report(&id.to_string(), "failed", "5.1.1")]).await;
    assert_eq!(read_all(&app).await, [("bounce", 1)]);
    assert_eq!(state(&app, id).await, State::Bounced);
    assert_eq!(state(&app, other).await, State::Accepted);
    assert_eq!(count(&app, "mail.came_back").await, 1);
    assert_eq!(
        count(&app, "mail.suppressed").await,
        1,
        "there is no such mailbox"
    );
    // The process dies after it wrote the report down, and before it wrote down that the message was read.
    let again = "UPDATE incoming_mail SET state = 'waiting'";
    let mut tx = app.store().database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => sqlx::query(again).execute(c).await.map(drop)).expect("as it was");
    tx.commit().await.expect("a commit");
    assert_eq!(read_all(&app).await, [("bounce", 1)]);
    assert_eq!(count(&app, "mail.came_back").await, 1);
}

async fn a_report_in_the_prose_of_a_carrier_counts_for_the_newest_message_to_that_address(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let older = sent(&app, "taro..5.@carrier.example.jp").await;
    let newest = sent(&app, "taro..5.@carrier.example.jp").await;
    let waits = queue(&app, "taro..5.@carrier.example.jp").await;
    let prose = "Return-Path: <>\r\nFrom: Mail Administrator<Postmaster@carrier.example.jp>\r\n\
                 Subject: Mail System Error - Returned Mail\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 送信先メールアドレスが見つかりません: <taro..5.@carrier.example.jp>\r\n";
    take(&app, &[prose]).await;
    read_all(&app).await;
    assert_eq!(state(&app, newest).await, State::Bounced);
    assert_eq!(state(&app, older).await, State::Accepted);
    assert_eq!(state(&app, waits).await, State::Queued, "it has not been sent");
    // Anybody who knows the address could have written it, so it counts as one of three.
    assert_eq!(count(&app, "mail.suppressed").await, 0);
}

async fn a_report_about_a_message_of_others_counts_for_none(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let strange = report(&Uuid::now_v7().to_string(), "failed", "5.1.1");
    take(&app, &[&strange, &report("CAF=x", "failed", "5.1.1")]).await;
    assert_eq!(read_all(&app).await, [("bounce", 2)]);
    assert_eq!(count(&app, "mail.came_back").await, 0);
}

async fn a_report_that_cannot_be_written_down_holds_no_other_message_up(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = sent(&app, "a@example.com").await;
    take(&app, &[&report(&id.to_string(), "failed", "5.1.1"), &human("1")]).await;
    let execute = async |text: &'static str| {
        let mut tx = app.store().database().begin_write().await.expect("a transaction");
        each_engine!(tx, c => sqlx::query(text).execute(c).await.map(drop)).expect("done");
        tx.commit().await.expect("a commit");
    };
    // Whoever is not there any more gets nothing more, and where that is written is out of reach.
    execute("ALTER TABLE suppression RENAME TO out_of_reach").await;
    assert_eq!(read_all(&app).await, [("human", 1)]);
    assert_eq!(state(&app, id).await, State::Accepted);
    execute("ALTER TABLE out_of_reach RENAME TO suppression").await;
    assert_eq!(read_all(&app).await, [("bounce", 1)]);
    assert_eq!(state(&app, id).await, State::Bounced);
}

async fn a_late_message_is_late_and_no_failure(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = sent(&app, "a@example.com").await;
    take(&app, &[&report(&id.to_string(), "delayed", "4.4.1")]).await;
    read_all(&app).await;
    assert_eq!(count(&app, "mail.came_back").await, 1);
    assert_eq!(state(&app, id).await, State::Accepted);
}

async fn what_was_taken_is_sealed_and_a_changed_row_is_seen(db: TestDatabase) {
    const BYTES: Sql = Sql::same("SELECT bytes FROM incoming_mail_chunk");
    const DAMAGE: Sql = Sql::same("UPDATE incoming_mail_chunk SET bytes = $2 WHERE incoming_mail_id = $1");
    let app = node(&db, &FixedClock::default()).await;
    let taken = take(&app, &[&human("canary-subject"), &human("other")]).await;
    let database = app.store().database();
    let mut connection = database.acquire_read().await.expect("a connection");
    let text = BYTES.on(&connection);
    let stored: Vec<Vec<u8>> =
        each_engine!(connection, c => sqlx::query_scalar(text).fetch_all(c).await).expect("rows");
    assert!(
        stored
            .iter()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("canary"))
    );
    let damage = DAMAGE.on(&connection);
    drop(connection);
    let mut tx = database.begin_write().await.expect("a transaction");
    let bytes = vec![1_u8, 2, 3];
    each_engine!(tx, c => sqlx::query(damage).bind(taken[1].id).bind(bytes).execute(c).await.map(drop))
        .expect("damaged");
    tx.commit().await.expect("a commit");
    assert_eq!(read_all(&app).await, [("damaged", 1), ("human", 1)]);
    assert_eq!(read_all(&app).await, [], "it is said once");
}

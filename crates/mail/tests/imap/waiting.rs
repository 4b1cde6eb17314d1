//! New mail wakes whoever waits for it. No test sleeps: mail is delivered when the server was seen to listen.

use std::time::Duration;

use mail::imap::{Account, Failure, Patience, Woken};
use test_support::Dovecot;

use crate::script::{Script, again, end, hear, opened, say};
use crate::server::{USER, account, all, bytes, message, open, patience};

/// Longer than any test waits.
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn mail_wakes_whoever_waits() {
    let server = Dovecot::start();
    let mut session = open(account(server.port, USER)).await;
    // Nobody looked yet, so whatever there is counts.
    assert_eq!(session.wait(LONG).await.unwrap(), Woken::News);
    let mut cursor = all(&mut session, None).await.cursor;
    for number in 0..3 {
        // Whether before or after the server listens: it is told.
        let (woken, ()) = tokio::join!(session.wait(LONG), async {
            server.deliver(USER, "INBOX", &message(number));
        });
        assert_eq!(woken.unwrap(), Woken::News);
        let batch = all(&mut session, Some(cursor)).await;
        cursor = batch.cursor;
        assert_eq!(bytes(batch), [message(number)]);
    }
}

#[tokio::test]
async fn mail_that_came_between_looking_and_waiting_is_not_waited_past() {
    let server = Dovecot::start();
    let mut session = open(account(server.port, USER)).await;
    all(&mut session, None).await;
    server.deliver(USER, "INBOX", &message(1));
    assert_eq!(session.wait(LONG).await.unwrap(), Woken::News);
}

#[tokio::test]
async fn nothing_new_is_nothing_and_the_conversation_goes_on() {
    let server = Dovecot::start();
    let account = Account {
        patience: Patience {
            idle: Duration::from_millis(100),
            ..patience()
        },
        ..account(server.port, USER)
    };
    let mut session = open(account).await;
    let cursor = all(&mut session, None).await.cursor;
    // Renewed some times on the way.
    assert_eq!(
        session.wait(Duration::from_millis(350)).await.unwrap(),
        Woken::Nothing
    );
    // What somebody else does to messages is no news.
    server.deliver(USER, "INBOX", &message(1));
    assert_eq!(session.wait(LONG).await.unwrap(), Woken::News);
    let cursor = all(&mut session, Some(cursor)).await.cursor;
    server.say(
        USER,
        &["SELECT INBOX", "STORE 1 +FLAGS (\\Seen \\Deleted)", "EXPUNGE"],
    );
    assert_eq!(
        session.wait(Duration::from_millis(350)).await.unwrap(),
        Woken::Nothing
    );
    assert!(all(&mut session, Some(cursor)).await.messages.is_empty());
}

#[tokio::test]
async fn a_server_that_cannot_tell_says_so_at_once() {
    let without = Script::start(&[opened("IMAP4rev1", 0), again(0)].concat());
    let refusing = vec![hear("IDLE"), say("TAG NO\r\n")];
    let refusing = Script::start(&[opened("IMAP4rev1 IDLE", 0), again(0), refusing].concat());
    for script in [without, refusing] {
        let mut session = open(account(script.port, USER)).await;
        all(&mut session, None).await;
        assert_eq!(session.wait(LONG).await.unwrap(), Woken::Poll);
        assert_eq!(session.wait(LONG).await.unwrap(), Woken::Poll);
    }
}

#[tokio::test]
async fn a_number_that_a_server_repeats_is_no_news_and_a_larger_one_is() {
    let told = vec![
        hear("IDLE"),
        say("+ idling\r\n* OK Still here\r\n* 0 EXISTS\r\n* 0 RECENT\r\n* 1 EXISTS\r\n"),
        hear("DONE"),
        say("TAG OK\r\n"),
        end(),
    ];
    let script = Script::start(&[opened("IMAP4rev1 IDLE", 0), again(0), told].concat());
    let mut session = open(account(script.port, USER)).await;
    all(&mut session, None).await;
    assert_eq!(session.wait(LONG).await.unwrap(), Woken::News);
}

#[tokio::test]
async fn a_wait_that_was_given_up_ends_the_session_instead_of_mixing_up_answers() {
    let server = Dovecot::start();
    let mut session = open(account(server.port, USER)).await;
    all(&mut session, None).await;
    assert!(
        tokio::time::timeout(Duration::from_millis(200), session.wait(LONG))
            .await
            .is_err()
    );
    let failure = session.newer_than(None, 1).await.unwrap_err();
    assert!(matches!(failure, Failure::Closed { .. }), "{failure:?}");
}

//! Servers and folders that go away, and come back.

use std::time::Duration;

use mail::imap::{Account, Failure, Phase};
use test_support::Dovecot;

use crate::server::{USER, account, all, bytes, message, open, try_open};

const LONG: Duration = Duration::from_mins(1);

fn in_folder(server: &Dovecot, folder: &str) -> Account {
    Account {
        folder: folder.to_owned(),
        ..account(server.port, USER)
    }
}

#[tokio::test]
async fn a_server_that_is_killed_breaks_off_and_what_it_kept_comes_when_it_is_back() {
    let mut server = Dovecot::start();
    server.deliver(USER, "INBOX", &message(0));
    let mut session = open(account(server.port, USER)).await;
    let cursor = all(&mut session, None).await.cursor;
    server.kill();
    let failure = session.newer_than(Some(cursor), 1).await.unwrap_err();
    assert!(
        matches!(
            failure,
            Failure::Closed {
                phase: Phase::Folder,
                ..
            }
        ),
        "{failure:?}"
    );
    assert!(!failure.needs_a_person());
    // And it stays so.
    let failure = session.wait(LONG).await.unwrap_err();
    assert!(matches!(failure, Failure::Closed { .. }), "{failure:?}");
    let failure = try_open(account(server.port, USER)).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");

    server.deliver(USER, "INBOX", &message(1));
    server.start_again();
    let mut session = open(account(server.port, USER)).await;
    assert_eq!(bytes(all(&mut session, Some(cursor)).await), [message(1)]);
}

#[tokio::test]
async fn a_server_that_is_killed_wakes_whoever_waits() {
    let mut server = Dovecot::start();
    let mut session = open(account(server.port, USER)).await;
    all(&mut session, None).await;
    let killed = tokio::task::spawn_blocking(move || server.kill());
    let failure = session.wait(LONG).await.unwrap_err();
    assert!(
        matches!(
            failure,
            Failure::Closed {
                phase: Phase::Wait,
                ..
            }
        ),
        "{failure:?}"
    );
    killed.await.unwrap();
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let server = Dovecot::start();
    let failure = try_open(in_folder(&server, "お問い合わせ")).await.unwrap_err();
    assert!(matches!(failure, Failure::NoSuchFolder { .. }), "{failure:?}");
    assert!(
        failure
            .to_string()
            .contains("has no folder お問い合わせ for our user"),
        "{failure}"
    );
    assert!(failure.needs_a_person());
}

#[tokio::test]
async fn a_folder_that_is_deleted_or_renamed_while_it_is_open_is_missed() {
    let server = Dovecot::start();
    for (folder, command) in [("work", "DELETE work"), ("other", "RENAME other third")] {
        server.say(USER, &[&format!("CREATE {folder}")]);
        server.deliver(USER, folder, &message(1));
        let mut session = open(in_folder(&server, folder)).await;
        let cursor = all(&mut session, None).await.cursor;
        server.say(USER, &[command]);
        let failure = match session.newer_than(Some(cursor), 1).await.unwrap_err() {
            // A server may hang up first; whoever comes again sees it.
            Failure::Closed { .. } | Failure::SentAway { .. } => {
                try_open(in_folder(&server, folder)).await.unwrap_err()
            }
            failure => failure,
        };
        assert!(matches!(failure, Failure::NoSuchFolder { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_deleted_while_somebody_waits_for_mail_is_missed() {
    let server = Dovecot::start();
    server.say(USER, &["CREATE work"]);
    let mut session = open(in_folder(&server, "work")).await;
    all(&mut session, None).await;
    let (woken, ()) = tokio::join!(session.wait(Duration::from_secs(5)), async {
        server.say(USER, &["DELETE work"]);
    });
    // Whether it is told while it waits is the server's choice; with the next question it is clear.
    let failure = match woken {
        Ok(_) => session.newer_than(None, 1).await.unwrap_err(),
        Err(failure) => failure,
    };
    let failure = match failure {
        Failure::Closed { .. } | Failure::SentAway { .. } => {
            try_open(in_folder(&server, "work")).await.unwrap_err()
        }
        failure => failure,
    };
    assert!(matches!(failure, Failure::NoSuchFolder { .. }), "{failure:?}");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let nowhere = Account {
        host: "imap.invalid".to_owned(),
        clear_text_allowed: true,
        ..account(143, USER)
    };
    let failure = try_open(nowhere).await.unwrap_err();
    assert!(matches!(failure, Failure::NotFound { .. }), "{failure:?}");
}

//! A conversation is used for many messages, and for no more than it should.

use std::time::Duration;

use domain::mailing::Outcome;
use mail::{Limits, Pool};

use crate::server::{Server, message, message_from};

async fn send(pool: &Pool, count: usize) {
    for _ in 0..count {
        let outcome = pool.send(&message("hanako@example.jp")).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
}

fn limited(server: &Server, limits: Limits) -> Pool {
    Pool::new(server.relay(), limits).expect("the settings are good")
}

#[tokio::test]
async fn one_after_the_other_they_go_through_one_conversation_without_resets() {
    let server = Server::start(&[]);
    let pool = server.pool();
    send(&pool, 20).await;
    assert_eq!(server.sessions(), 1);
    assert!(!server.command_names().iter().any(|name| name == "RSET"));
    pool.rest().await;
    assert_eq!(server.command_names().last().map(String::as_str), Some("QUIT"));
    send(&pool, 1).await;
    assert_eq!(server.sessions(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t31_many_at_once_share_the_conversations_and_each_reads_its_own() {
    const MESSAGES: usize = 200;
    let server = Server::start(&[]);
    let pool = std::sync::Arc::new(limited(
        &server,
        Limits {
            connections: 3,
            ..Limits::default()
        },
    ));
    let sending: Vec<_> = (0..MESSAGES)
        .map(|number| {
            let pool = std::sync::Arc::clone(&pool);
            tokio::spawn(async move {
                let to = format!("n{number}@example.jp");
                let text = format!("{to} さま\n");
                let input = domain::mailing::DraftInput {
                    text: &text,
                    ..crate::server::input(&to)
                };
                let message = crate::server::built(&crate::server::sender("office@example.jp"), &input);
                pool.send(&message).await
            })
        })
        .collect();
    for task in sending {
        let outcome = task.await.expect("no panic");
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
    assert!((1..=3).contains(&server.sessions()));
    let mut readers: Vec<_> = server
        .received()
        .iter()
        .map(|row| {
            let to = row["recipients"][0].as_str().expect("one recipient").to_owned();
            assert_eq!(row["recipients"].as_array().map(Vec::len), Some(1));
            assert_eq!(row["text"].as_str(), Some(format!("{to} さま\n").as_str()));
            to
        })
        .collect();
    readers.sort();
    readers.dedup();
    assert_eq!(readers.len(), MESSAGES);
}

#[tokio::test]
async fn a_conversation_ends_after_so_many_messages_so_old_or_so_long_idle() {
    for (limits, sessions) in [
        (
            Limits {
                messages: 5,
                ..Limits::default()
            },
            2,
        ),
        (
            Limits {
                age: Duration::ZERO,
                ..Limits::default()
            },
            10,
        ),
        (
            Limits {
                idle: Duration::ZERO,
                ..Limits::default()
            },
            10,
        ),
    ] {
        let server = Server::start(&[]);
        let pool = limited(&server, limits);
        send(&pool, 10).await;
        pool.rest().await;
        assert_eq!(server.sessions(), sessions, "{limits:?}");
        let quits = server
            .command_names()
            .iter()
            .filter(|name| *name == "QUIT")
            .count();
        assert_eq!(quits, sessions, "{limits:?}");
    }
}

#[tokio::test]
async fn a_conversation_that_the_relay_closed_meanwhile_is_replaced() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for (number, from) in ["mail-421x1@example.jp", "mail-dropx1@example.jp"]
        .into_iter()
        .enumerate()
    {
        send(&pool, 1).await;
        assert_eq!(server.sessions(), number + 1);
        let outcome = pool.send(&message_from(from)).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{from}: {outcome:?}");
        assert_eq!(server.sessions(), number + 2);
    }
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_relay_that_closes_every_conversation_is_not_tried_for_ever() {
    let server = Server::start(&[]);
    let pool = server.pool();
    send(&pool, 1).await;
    let outcome = pool.send(&message_from("mail-421@example.jp")).await;
    assert!(matches!(outcome, Outcome::ConnectionFailed { .. }), "{outcome:?}");
    assert_eq!(server.sessions(), 2);
}

#[tokio::test]
async fn what_is_given_up_half_way_leaves_no_conversation_behind() {
    let server = Server::start(&[]);
    let pool = limited(
        &server,
        Limits {
            connections: 1,
            ..Limits::default()
        },
    );
    let mute = message("rcpt-mute@example.jp");
    let given_up = tokio::time::timeout(Duration::from_millis(300), pool.send(&mute)).await;
    assert!(given_up.is_err());
    send(&pool, 2).await;
    assert_eq!(server.received().len(), 2);
}

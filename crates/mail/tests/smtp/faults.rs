//! What becomes of a message wherever the conversation fails.

use std::time::{Duration, Instant};

use domain::mailing::{Attempt, Cause, Decision, Ending, Outcome, Policy, Reply, State, Step, after, decide};
use mail::{Message, Patience, Pool, Relay};

use crate::server::{Server, built, input, message, message_from, pool, sender, string};

/// Long enough for a busy machine, short enough for a test that sees it pass.
const SHORT: Duration = Duration::from_secs(2);
/// Shorter than the patience with any step that is not meant to fail.
const SOON: Duration = Duration::from_secs(15);

fn state_after(outcome: &Outcome) -> State {
    let now = crate::server::queued_at();
    let attempt = Attempt {
        judged_before: 0,
        queued_at: now,
        not_after: None,
        now,
    };
    let next = after(State::Claimed, &attempt, outcome, &Policy::default(), 0);
    next.expect("it was claimed").state
}

fn failure(outcome: &Outcome) -> (&str, Option<&Reply>) {
    match outcome {
        Outcome::ConnectionFailed { why, reply } => (why.text(), reply.as_ref()),
        other => panic!("{other:?}"),
    }
}

fn is_in_doubt(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::InDoubt { .. })
}

#[tokio::test]
async fn t27_a_refusal_is_a_bounce_and_the_conversation_goes_on() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for (to, step, code) in [
        ("rcpt-550@example.jp", Step::Recipient, 550),
        ("data-554@example.jp", Step::Data, 554),
        ("dot-554@example.jp", Step::Message, 554),
    ] {
        let outcome = pool.send(&message(to)).await;
        let Outcome::Refused { reply } = &outcome else {
            panic!("{to}: {outcome:?}");
        };
        assert_eq!((reply.step, reply.code), (step, code));
        assert_eq!(
            reply.enhanced.map(|code| code.to_string()).as_deref(),
            Some("5.1.1")
        );
        assert_eq!(
            reply.text.reveal(),
            &format!("5.1.1 <{to}>: as the test wants it")
        );
        assert_eq!(state_after(&outcome), State::Bounced);
        let outcome = pool.send(&message("hanako@example.jp")).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
    assert_eq!(server.received().len(), 3);
    assert_eq!(server.sessions(), 1);
    // A refusal before the message leaves something to be taken back, one after it does not.
    let resets = server
        .command_names()
        .iter()
        .filter(|name| *name == "RSET")
        .count();
    assert_eq!(resets, 2);
}

#[tokio::test]
async fn t27_a_recipient_who_is_put_off_is_tried_again() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for (to, step) in [
        ("rcpt-450@example.jp", Step::Recipient),
        ("data-451@example.jp", Step::Data),
        ("dot-451@example.jp", Step::Message),
    ] {
        let outcome = pool.send(&message(to)).await;
        let Outcome::Deferred {
            cause: Cause::Reply(reply),
            retry_in: None,
        } = &outcome
        else {
            panic!("{to}: {outcome:?}");
        };
        assert_eq!(reply.step, step);
        assert_eq!(state_after(&outcome), State::Deferred);
    }
    assert!(server.received().is_empty());
    assert_eq!(server.sessions(), 1);
}

#[tokio::test]
async fn t27_a_recipient_who_is_put_off_for_four_days_has_it_on_the_fifth() {
    let server = Server::start(&[]);
    let pool = server.pool();
    let message = message("rcpt-451x36@example.jp");
    let queued_at = message.date();
    let mut attempt = Attempt {
        judged_before: 0,
        queued_at,
        not_after: None,
        now: queued_at,
    };
    loop {
        let outcome = pool.send(&message).await;
        let next = after(State::Claimed, &attempt, &outcome, &Policy::default(), 0).expect("claimed");
        let Some(at) = next.next_try_at else {
            assert_eq!((next.state, next.judged), (State::Accepted, 37));
            break;
        };
        attempt.now = at;
        attempt.judged_before = next.judged;
    }
    assert_eq!((attempt.now - queued_at).num_hours(), 93);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn t27_a_relay_that_closes_costs_the_message_nothing_and_is_not_used_further() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for number in 0..3 {
        let message = match number {
            0 => message_from("mail-421@example.jp"),
            1 => message("rcpt-421@example.jp"),
            _ => message("dot-421@example.jp"),
        };
        let outcome = pool.send(&message).await;
        let (why, reply) = failure(&outcome);
        assert_eq!(reply.map(|reply| reply.code), Some(421));
        assert!(why.contains("sends us away (421 4.2.0 to "), "{why}");
        assert!(!why.contains('@'), "{why}");
        assert_eq!(server.sessions(), number + 1);
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_sender_who_is_refused_bounces_nobody() {
    let server = Server::start(&[]);
    let pool = server.pool();
    let outcome = pool.send(&message_from("mail-550@example.jp")).await;
    assert!(matches!(&outcome, Outcome::Refused { reply } if reply.step == Step::Sender));
    assert_eq!(state_after(&outcome), State::Deferred);
    let outcome = pool.send(&message("hanako@example.jp")).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(server.sessions(), 1);
}

/// A server that took the message and one that lost it look alike from here.
#[tokio::test]
async fn t25_a_lost_answer_to_the_final_dot_is_a_doubt_and_nothing_is_sent_twice() {
    const TIMES: usize = 250;
    let server = Server::start(&[]);
    let pool = server.pool();
    for (to, received) in [("dot-drop@example.jp", TIMES), ("dot-lose@example.jp", TIMES)] {
        for _ in 0..TIMES {
            let outcome = pool.send(&message(to)).await;
            assert!(is_in_doubt(&outcome), "{outcome:?}");
            assert_eq!(state_after(&outcome), State::InDoubt);
        }
        assert_eq!(server.received().len(), received);
    }
    let commands = server.command_names();
    assert_eq!(commands.iter().filter(|name| *name == "DATA").count(), 2 * TIMES);
}

#[tokio::test]
async fn t25_what_a_person_lets_be_sent_again_has_the_same_id_and_is_not_lost() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for name in ["dot-dropx1", "dot-losex1"] {
        let message = message(&format!("{name}@example.jp"));
        let outcome = pool.send(&message).await;
        assert_eq!(
            decide(state_after(&outcome), Decision::SendAgain),
            Ok(State::Queued)
        );
        assert_eq!(state_after(&pool.send(&message).await), State::Accepted);
    }
    let ids: Vec<_> = server
        .received()
        .iter()
        .map(|row| row["message_id"].clone())
        .collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1], "what was taken twice can be told by its id");
    assert_ne!(ids[1], ids[2]);
}

#[tokio::test]
async fn t26_an_answer_to_the_final_dot_is_waited_for_longer_than_any_other() {
    let server = Server::start(&[]);
    let mut relay = server.relay();
    relay.patience.command = Duration::from_secs(4);
    relay.patience.body = Duration::from_secs(4);
    // It answers after five seconds.
    let outcome = pool(relay).send(&message("dot-slow@example.jp")).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(server.received().len(), 1);
    assert!(Patience::default().answer > Duration::from_mins(9));
}

async fn sent_with(pool: &Pool, message: &Message) -> (Outcome, Duration) {
    let start = Instant::now();
    let outcome = pool.send(message).await;
    (outcome, start.elapsed())
}

#[tokio::test]
async fn a_relay_that_falls_silent_is_given_up_at_every_step_and_only_after_the_dot_in_doubt() {
    let server = Server::start(&[]);
    let mut relay = server.relay();
    relay.patience.command = SHORT;
    let commands = pool(relay);
    let mut relay = server.relay();
    relay.patience.answer = SHORT;
    let answers = pool(relay);
    let at_mail = message_from("mail-mute@example.jp");
    let at_rcpt = message("rcpt-mute@example.jp");
    let at_data = message("data-mute@example.jp");
    let at_dot = message("dot-mute@example.jp");
    let (mail, rcpt, data, dot) = tokio::join!(
        sent_with(&commands, &at_mail),
        sent_with(&commands, &at_rcpt),
        sent_with(&commands, &at_data),
        sent_with(&answers, &at_dot),
    );
    for ((outcome, took), step) in [(mail, "MAIL"), (rcpt, "RCPT"), (data, "DATA")] {
        let (why, reply) = failure(&outcome);
        assert!(why.contains(&format!("was silent at {step} for 2 s")), "{why}");
        assert!(reply.is_none());
        assert!((SHORT..SOON).contains(&took), "{took:?}");
    }
    let (outcome, took) = dot;
    assert!(is_in_doubt(&outcome), "{outcome:?}");
    assert!((SHORT..SOON).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_message_that_was_not_read_to_its_end_is_not_in_doubt() {
    let server = Server::start(&["--small-window"]);
    let mut relay = server.relay();
    relay.patience.body = SHORT;
    let pool = pool(relay);
    let text = "長い本文です。\n".repeat(11_000);
    for to in ["body-mute@example.jp", "body-drop@example.jp"] {
        let long = built(
            &sender("office@example.jp"),
            &domain::mailing::DraftInput {
                text: &text,
                ..input(to)
            },
        );
        let outcome = pool.send(&long).await;
        let (why, _) = failure(&outcome);
        assert!(why.contains("the message"), "{why}");
        assert_eq!(state_after(&outcome), State::Deferred);
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_relay_that_does_not_greet_or_sends_us_away_is_a_failed_connection() {
    let silent = "was silent at the greeting for 2 s";
    for (options, said) in [
        (&["--at-connect", "close"][..], "broke off at the greeting"),
        (&["--at-connect", "mute"], silent),
        (&["--mute-hello"], silent),
        (
            &["--at-connect", "554"],
            "sends us away (554 5.7.0 to the greeting)",
        ),
        (
            &["--at-connect", "421"],
            "sends us away (421 4.7.0 to the greeting)",
        ),
    ] {
        let server = Server::start(options);
        let mut relay = server.relay();
        if said == silent {
            relay.patience.greeting = SHORT;
        }
        let (outcome, took) = sent_with(&pool(relay), &message("hanako@example.jp")).await;
        let (why, _) = failure(&outcome);
        assert!(why.contains(said), "{options:?}: {why}");
        assert!(took < SOON, "{options:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_named_with_what_to_look_at() {
    let gone = {
        let server = Server::start(&[]);
        server.relay()
    };
    let port = gone.port;
    let outcome = pool(gone).send(&message("hanako@example.jp")).await;
    let (why, _) = failure(&outcome);
    let said = format!("the mail relay 127.0.0.1:{port} cannot be connected to");
    assert!(why.starts_with(&said), "{why}");

    let mut relay = Relay::new("relay.invalid", 25, "office.example.jp");
    relay.patience.connect = Duration::from_secs(5);
    let outcome = pool(relay).send(&message("hanako@example.jp")).await;
    let (why, _) = failure(&outcome);
    assert!(
        why.starts_with("the mail relay relay.invalid:25 was not found"),
        "{why}"
    );
}

#[tokio::test]
async fn an_answer_that_is_none_is_no_answer() {
    let server = Server::start(&[]);
    let pool = server.pool();
    for to in [
        "rcpt-noise@example.jp",
        "rcpt-flood@example.jp",
        "data-250@example.jp",
    ] {
        let (outcome, took) = sent_with(&pool, &message(to)).await;
        let (why, _) = failure(&outcome);
        assert!(why.contains("gave an answer that is none"), "{to}: {why}");
        assert!(took < SOON, "{took:?}");
    }
    for to in [
        "dot-noise@example.jp",
        "dot-flood@example.jp",
        "dot-354@example.jp",
    ] {
        let (outcome, took) = sent_with(&pool, &message(to)).await;
        assert!(is_in_doubt(&outcome), "{to}: {outcome:?}");
        assert!(took < SOON, "{took:?}");
    }
    assert_eq!(server.sessions(), 6, "none of them is talked to again");
}

#[tokio::test]
async fn an_answer_in_shift_jis_is_an_answer() {
    let server = Server::start(&[]);
    let outcome = server.pool().send(&message("dot-sjis@example.jp")).await;
    let Outcome::Accepted { reply: Some(reply) } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reply.to_string(), "250 2.0.0 to the message");
    assert_eq!(string(&server.received()[0]["sender"]), "office@example.jp");
}

#[tokio::test]
async fn a_message_ends_as_refused_only_where_the_relay_refused_it() {
    let server = Server::start(&[]);
    let now = crate::server::queued_at();
    let attempt = Attempt {
        judged_before: 0,
        queued_at: now,
        not_after: Some(now),
        now,
    };
    for (to, ending) in [
        ("rcpt-550@example.jp", Some(Ending::Refused)),
        ("rcpt-450@example.jp", Some(Ending::TooLate)),
        ("hanako@example.jp", None),
    ] {
        let outcome = server.pool().send(&message(to)).await;
        let next = after(State::Claimed, &attempt, &outcome, &Policy::default(), 0).expect("claimed");
        assert_eq!(next.ending, ending, "{to}");
    }
}

//! Mail from the ledger to a relay that fails in every way: nothing lost, nothing twice, and where nobody can know, a person
//! decides.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::mail::Turn;
use chrono::TimeDelta;
use domain::mailing::State;
use domain::mailing::event::Verdict;
use mail::{Limits, Patience, Pool, Relay, Tls, Transport};
use test_support::{FixedClock, SmtpServer, TestDatabase, size, tell};
use uuid::Uuid;

use crate::certificates::Certificate;
use crate::mail::{LEASE, Sending, detail, queue, start_over, state, until};
use crate::support::{count, node, someone};

test_support::on_both_engines!(
    t25_what_may_have_been_taken_waits_for_a_person_and_is_sent_twice_only_when_they_say_so,
    t26_an_answer_that_comes_late_is_waited_for_and_nobody_else_sends_the_message,
    t27_a_reader_who_is_put_off_for_four_days_has_the_message_once_on_the_fifth,
    t27_a_refusal_is_a_bounce_and_its_address_gets_no_more_mail,
    t27_a_relay_that_sends_us_away_in_the_middle_costs_no_message,
    t27_where_encryption_fails_the_message_waits_with_a_sentence_and_nothing_goes_in_clear,
    t27_a_relay_that_stalls_or_talks_nonsense_loses_nothing_and_gets_nothing_twice,
);

fn relay(port: u16) -> Relay {
    Relay {
        tls: Tls::None,
        ..Relay::new("127.0.0.1", port, "office.example.jp")
    }
}

/// Waits for no step longer than this.
const fn at_most(each: Duration) -> Patience {
    Patience {
        connect: each,
        greeting: each,
        command: each,
        body: each,
        answer: each,
        quit: each,
    }
}

fn sending(app: &Arc<App>, relay: Relay, lease: TimeDelta) -> Sending {
    let pool = Pool::new(relay, Limits::default()).expect("the settings are good");
    start_over(app, Transport::Smtp(Box::new(pool)), lease)
}

/// Waits until no message is under way, and says where each stands.
async fn settled(app: &App, ids: &[Uuid]) -> Vec<State> {
    let mut states = Vec::new();
    for &id in ids {
        loop {
            let found = detail(app, id).await;
            if !matches!(found.mail.state, State::Queued | State::Claimed) {
                states.push(found.mail.state);
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    states
}

/// How often the server took each message, by its id in the ledger.
fn taken(server: &SmtpServer) -> HashMap<Uuid, usize> {
    let mut taken = HashMap::new();
    for row in server.received() {
        let id = row["message_id"].as_str().expect("an id");
        let row = id
            .trim_start_matches('<')
            .split('@')
            .next()
            .expect("its first half");
        *taken.entry(row.parse().expect("of the ledger")).or_default() += 1;
    }
    taken
}

async fn t25_what_may_have_been_taken_waits_for_a_person_and_is_sent_twice_only_when_they_say_so(
    db: TestDatabase,
) {
    let app = node(&db, &FixedClock::default()).await;
    let server = SmtpServer::start(&[]);
    let each = usize::try_from(size(6, 250)).expect("few");
    let (mut kept, mut lost) = (Vec::new(), Vec::new());
    for _ in 0..each {
        kept.push(queue(&app, &format!("dot-dropx{each}@example.jp")).await);
        lost.push(queue(&app, &format!("dot-losex{each}@example.jp")).await);
    }
    let sending = sending(&app, relay(server.port), LEASE);
    for ids in [&kept, &lost] {
        assert!(
            settled(&app, ids)
                .await
                .iter()
                .all(|&state| state == State::InDoubt)
        );
    }
    let first = taken(&server);
    assert_eq!(first.len(), each);
    assert!(
        kept.iter().all(|id| first.get(id) == Some(&1)),
        "the server kept these"
    );

    // One half is taken for sent, and the other sent again, whatever the server has.
    let op = someone(&app);
    let mut again = Vec::new();
    for (number, &id) in kept.iter().chain(&lost).enumerate() {
        let verdict = if number % 2 == 0 {
            again.push(id);
            Verdict::SendAgain
        } else {
            Verdict::TreatAsSent
        };
        app.decide_mail(&op, Uuid::now_v7(), id, verdict)
            .await
            .expect("decided");
    }
    for &id in kept.iter().chain(&lost) {
        until(&app, id, State::Accepted).await;
    }
    sending.stop().await;
    let second = taken(&server);
    for id in kept.iter().chain(&lost) {
        let times = first.get(id).copied().unwrap_or_default() + usize::from(again.contains(id));
        assert_eq!(second.get(id).copied().unwrap_or_default(), times);
        assert_eq!(
            detail(&app, *id).await.attempts.len(),
            1 + usize::from(again.contains(id))
        );
    }
    assert_eq!(count(&app, "mail.decided").await, 2 * each);
}

async fn t26_an_answer_that_comes_late_is_waited_for_and_nobody_else_sends_the_message(db: TestDatabase) {
    let clock = FixedClock::default();
    let (app, other) = (node(&db, &clock).await, node(&db, &clock).await);
    // Nine minutes in the full form. It is longer than the claim holds by itself, and than any other answer may take.
    let seconds = size(5, 540);
    let (delay, almost) = (Duration::from_secs(seconds), Duration::from_secs(seconds - 1));
    let server = SmtpServer::start(&["--slow", &delay.as_secs().to_string()]);
    let id = queue(&app, "dot-slow@example.jp").await;
    let patience = Patience {
        answer: Patience::default().answer,
        ..at_most(almost)
    };
    let slow = Relay {
        patience,
        ..relay(server.port)
    };
    let lease = delay.mul_f32(0.6).min(Duration::from_mins(1));
    let sending = sending(&app, slow, TimeDelta::from_std(lease).expect("short"));
    let (began, mut shown) = (Instant::now(), Duration::ZERO);
    while state(&app, id).await != State::Accepted {
        let step = began.elapsed().saturating_sub(shown);
        shown += step;
        clock.advance(TimeDelta::from_std(step).expect("short"));
        let turn = Turn {
            node: "other",
            settled: &[],
            lease: LEASE,
            limit: 10,
            repeatable: false,
            renew: &[],
        };
        // Nothing is queued any more once the first has claimed it.
        if !matches!(state(&app, id).await, State::Queued) {
            assert!(other.mail_turn(&turn).await.expect("a turn").is_empty());
        }
        assert_ne!(state(&app, id).await, State::InDoubt);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sending.stop().await;
    assert!(shown > almost, "{shown:?}");
    assert_eq!(
        (server.received().len(), detail(&app, id).await.attempts.len()),
        (1, 1)
    );
    tell("t26", &format!("answered after {} s, sent once", delay.as_secs()));
}

async fn t27_a_reader_who_is_put_off_for_four_days_has_the_message_once_on_the_fifth(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let server = SmtpServer::start(&[]);
    let began = clock.now();
    let id = queue(&app, "rcpt-451x36@example.jp").await;
    let sending = sending(&app, relay(server.port), LEASE);
    for attempt in 1..=36 {
        let put_off = loop {
            let found = detail(&app, id).await.mail;
            if (found.attempt, found.state) == (attempt, State::Deferred) {
                break found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert_eq!(put_off.reply.as_deref(), Some("451 4.2.0 to RCPT"));
        clock.advance(put_off.next_try_at - clock.now());
    }
    until(&app, id, State::Accepted).await;
    sending.stop().await;
    let days = (clock.now() - began).num_days();
    assert!((3..5).contains(&days), "{}", clock.now() - began);
    assert_eq!(
        (server.received().len(), detail(&app, id).await.attempts.len()),
        (1, 37)
    );
}

async fn t27_a_refusal_is_a_bounce_and_its_address_gets_no_more_mail(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let server = SmtpServer::start(&[]);
    let sending = sending(&app, relay(server.port), LEASE);
    let (refused, good) = (
        queue(&app, "rcpt-550@example.jp").await,
        queue(&app, "hanako@example.jp").await,
    );
    assert_eq!(
        settled(&app, &[refused, good]).await,
        [State::Bounced, State::Accepted]
    );
    assert_eq!(detail(&app, refused).await.attempts.len(), 1);
    let again = queue(&app, "rcpt-550@example.jp").await;
    assert_eq!(settled(&app, &[again]).await, [State::Suppressed]);
    sending.stop().await;
    assert_eq!(count(&app, "mail.came_back").await, 1);
    assert_eq!(count(&app, "mail.suppressed").await, 1);
    let recipients = server
        .command_names()
        .iter()
        .filter(|name| *name == "RCPT")
        .count();
    assert_eq!(recipients, 2, "the third message was never tried");
}

async fn t27_a_relay_that_sends_us_away_in_the_middle_costs_no_message(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let server = SmtpServer::start(&[]);
    let mut ids = Vec::new();
    for number in 0..24 {
        let to = match number % 6 {
            2 => "rcpt-421x3@example.jp".to_owned(),
            4 => "dot-421x3@example.jp".to_owned(),
            _ => format!("reader{number}@example.jp"),
        };
        ids.push(queue(&app, &to).await);
    }
    let sending = sending(&app, relay(server.port), LEASE);
    let states = settled(&app, &ids).await;
    assert_eq!(
        states.iter().filter(|&&state| state == State::Deferred).count(),
        6
    );
    clock.advance(TimeDelta::hours(1));
    for &id in &ids {
        until(&app, id, State::Accepted).await;
    }
    sending.stop().await;
    let taken = taken(&server);
    assert!(ids.iter().all(|id| taken.get(id) == Some(&1)), "{taken:?}");
}

async fn t27_where_encryption_fails_the_message_waits_with_a_sentence_and_nothing_goes_in_clear(
    db: TestDatabase,
) {
    let app = node(&db, &FixedClock::default()).await;
    for (certificate, strip, said) in [
        (
            Certificate::good(),
            true,
            "offers no encryption, so nothing was sent",
        ),
        (Certificate::expired(), false, "cannot be trusted"),
        (Certificate::of_the_future(), false, "cannot be trusted"),
        (Certificate::for_another_name(), false, "cannot be trusted"),
    ] {
        let mut options = certificate.options().to_vec();
        if strip {
            options.extend(["--strip", "STARTTLS"]);
        }
        let server = SmtpServer::start(&options);
        let id = queue(&app, "hanako@example.jp").await;
        let relay = Relay {
            host: "localhost".to_owned(),
            tls: Tls::Required,
            extra_roots: Some(certificate.authority.clone()),
            ..relay(server.port)
        };
        let sending = sending(&app, relay, LEASE);
        until(&app, id, State::Deferred).await;
        sending.stop().await;
        let why = detail(&app, id).await.mail.reply.expect("a sentence");
        assert!(why.contains(said), "{why}");
        assert!(server.received().is_empty());
        let names = server.command_names();
        assert!(
            names.iter().all(|name| name == "EHLO" || name == "STARTTLS"),
            "{names:?}"
        );
        let op = someone(&app);
        app.decide_mail(&op, Uuid::now_v7(), id, Verdict::Cancel)
            .await
            .expect("cancelled");
    }
}

async fn t27_a_relay_that_stalls_or_talks_nonsense_loses_nothing_and_gets_nothing_twice(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    for at_connect in ["mute", "close", "554", "421"] {
        let server = SmtpServer::start(&["--at-connect", at_connect]);
        let id = queue(&app, "hanako@example.jp").await;
        let impatient = Relay {
            patience: at_most(Duration::from_secs(1)),
            ..relay(server.port)
        };
        let sending = sending(&app, impatient, LEASE);
        until(&app, id, State::Deferred).await;
        sending.stop().await;
        let op = someone(&app);
        app.decide_mail(&op, Uuid::now_v7(), id, Verdict::Cancel)
            .await
            .expect("cancelled");
    }
    let server = SmtpServer::start(&[]);
    let (mut waiting, mut doubtful) = (Vec::new(), Vec::new());
    for step in ["rcpt", "data"] {
        for what in ["mute", "drop", "noise", "flood"] {
            waiting.push(queue(&app, &format!("{step}-{what}x1@example.jp")).await);
        }
    }
    for what in ["mute", "drop", "lose", "noise", "flood"] {
        doubtful.push(queue(&app, &format!("dot-{what}x1@example.jp")).await);
    }
    let impatient = Relay {
        patience: at_most(Duration::from_secs(2)),
        ..relay(server.port)
    };
    let began = Instant::now();
    let sending = sending(&app, impatient, LEASE);
    let states = settled(&app, &waiting).await;
    assert!(states.iter().all(|&state| state == State::Deferred), "{states:?}");
    let states = settled(&app, &doubtful).await;
    assert!(states.iter().all(|&state| state == State::InDoubt), "{states:?}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    clock.advance(TimeDelta::hours(4));
    for &id in &waiting {
        until(&app, id, State::Accepted).await;
    }
    sending.stop().await;
    let taken = taken(&server);
    assert!(waiting.iter().all(|id| taken.get(id) == Some(&1)), "{taken:?}");
    for &id in &doubtful {
        assert!(taken.get(&id).is_none_or(|&times| times == 1), "{taken:?}");
        assert_eq!(state(&app, id).await, State::InDoubt, "no hour decides that");
    }
}

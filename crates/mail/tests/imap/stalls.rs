//! A server that stalls anywhere is waited for as long as the settings say, and what came before is kept.

use std::time::{Duration, Instant};

use mail::imap::{Account, Content, Failure, Patience, Phase, Tls};

use crate::certificates::Certificate;
use crate::script::{Script, Step, again, end, hear, listed, opened, say, sized, trickle};
use crate::server::{USER, account, all, message, open, patience, try_open};

/// Long enough for a busy machine, short enough for a test that sees it pass.
const SHORT: Duration = Duration::from_secs(2);
/// Shorter than the patience with any step that is not meant to fail.
const SOON: Duration = Duration::from_secs(30);
const CAN: &str = "IMAP4rev1 IDLE";

fn hasty(script: &Script) -> Account {
    Account {
        patience: Patience {
            greeting: SHORT,
            command: SHORT,
            ..patience()
        },
        ..account(script.port, USER)
    }
}

/// The steps of a session up to the one that hears this, and then nothing.
fn up_to(steps: &[Step], word: &str) -> Vec<Step> {
    let heard = |step: &Step| matches!(step, Step::Hear(wanted) if *wanted == word);
    let at = steps.iter().position(heard).expect("it is heard");
    steps[..=at].to_vec()
}

fn stalled_at(failure: &Failure) -> Phase {
    match failure {
        Failure::Stalled { phase, .. } => *phase,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn silence_on_the_way_to_the_folder_has_an_end() {
    let all = opened(CAN, 0);
    for (steps, phase) in [
        (vec![], Phase::Greeting),
        (vec![say("* OK hel")], Phase::Greeting),
        (up_to(&all, "CAPABILITY"), Phase::Greeting),
        (up_to(&all, "LOGIN"), Phase::SignIn),
        (up_to(&all, "EXAMINE"), Phase::Folder),
        (
            [up_to(&all, "EXAMINE"), vec![say("* 3 EXISTS\r\n* OK [UIDVAL")]].concat(),
            Phase::Folder,
        ),
    ] {
        let script = Script::start(&steps);
        let begun = Instant::now();
        let failure = try_open(hasty(&script)).await.unwrap_err();
        assert_eq!(stalled_at(&failure), phase);
        assert!(begun.elapsed() < SOON);
        assert!(
            failure
                .to_string()
                .contains(&format!("too slow at {phase}, for 2 s")),
            "{failure}"
        );
        // It hangs up, so that the other side sees it.
        script.heard().await;
    }
}

#[tokio::test]
async fn silence_during_the_handshake_has_an_end() {
    let starting = [
        say("* OK hello\r\n"),
        hear("CAPABILITY"),
        say("* CAPABILITY STARTTLS\r\nTAG OK\r\n"),
        hear("STARTTLS"),
        say("TAG OK\r\n"),
    ];
    for (tls, steps) in [
        (Tls::Implicit, &[][..]),
        (Tls::StartTls, &starting),
        (Tls::StartTls, &starting[..4]),
    ] {
        let script = Script::start(steps);
        let account = Account {
            host: "localhost".to_owned(),
            tls,
            extra_roots: Some(Certificate::good().authority),
            ..hasty(&script)
        };
        let failure = try_open(account).await.unwrap_err();
        assert_eq!(stalled_at(&failure), Phase::Encryption);
    }
}

#[tokio::test]
async fn silence_during_the_list_or_the_first_message_has_an_end() {
    let list = listed(1);
    let size = sized(1, 40);
    let half = vec![say("* 1 FETCH (UID 1 BODY[] {40}\r\nSubject: half")];
    for (more, phase) in [
        (up_to(&list, "UID FETCH * (UID)"), Phase::List),
        (up_to(&list, "UID FETCH 1:"), Phase::List),
        ([&list[..], &size[..1]].concat(), Phase::Message(1)),
        ([list.clone(), size.clone()].concat(), Phase::Message(1)),
        ([list.clone(), size, half].concat(), Phase::Message(1)),
    ] {
        let script = Script::start(&[opened(CAN, 1), more].concat());
        let mut session = open(hasty(&script)).await;
        let failure = session.newer_than(None, 10).await.unwrap_err();
        assert_eq!(stalled_at(&failure), phase);
        assert!(!failure.to_string().contains("Subject"));
    }
}

#[tokio::test]
async fn what_came_before_a_stall_or_an_end_is_kept_and_the_failure_comes_next() {
    let body = message(1);
    let given = say([
        format!("* 1 FETCH (UID 1 BODY[] {{{}}}\r\n", body.len()).as_bytes(),
        &body,
        b")\r\nTAG OK\r\n",
    ]
    .concat());
    let before = [
        opened(CAN, 2),
        listed(2),
        sized(1, body.len()),
        vec![given],
        sized(2, 40),
    ]
    .concat();
    let ending = [&before[..], &[say("* 2 FETCH (UID 2 BODY[] {40}\r\nha"), end()]].concat();
    for (steps, is_stall) in [(before, true), (ending, false)] {
        let script = Script::start(&steps);
        let mut session = open(hasty(&script)).await;
        let batch = session.newer_than(None, 10).await.unwrap();
        assert_eq!(batch.messages.len(), 1);
        assert_eq!(batch.messages[0].content, Content::Whole(body.clone()));
        assert_eq!((batch.cursor.last_uid, batch.has_more), (1, true));
        let failure = session.newer_than(Some(batch.cursor), 10).await.unwrap_err();
        assert_eq!(
            matches!(
                failure,
                Failure::Stalled {
                    phase: Phase::Message(2),
                    ..
                }
            ),
            is_stall,
            "{failure:?}"
        );
        assert_eq!(
            matches!(
                failure,
                Failure::Closed {
                    phase: Phase::Message(2),
                    ..
                }
            ),
            !is_stall,
            "{failure:?}"
        );
        let failure = session.newer_than(Some(batch.cursor), 10).await.unwrap_err();
        assert!(matches!(failure, Failure::Closed { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn a_message_that_trickles_in_is_waited_for_by_its_length_and_not_for_ever() {
    let before = [opened(CAN, 1), listed(1), sized(1, 4000)].concat();
    let announced = say("* 1 FETCH (UID 1 BODY[] {4000}\r\n");
    let dripping = [
        &before[..],
        &[announced, trickle("x", Duration::from_millis(200))],
    ]
    .concat();
    let script = Script::start(&dripping);
    let mut account = hasty(&script);
    // Two seconds for this one, and two for the command.
    account.patience.slowest = 2000;
    let mut session = open(account).await;
    let begun = Instant::now();
    let failure = session.newer_than(None, 10).await.unwrap_err();
    assert_eq!(stalled_at(&failure), Phase::Message(1));
    assert!(begun.elapsed() >= SHORT * 2 && begun.elapsed() < SOON);
}

#[tokio::test]
async fn a_server_that_says_something_all_the_time_and_never_answers_is_given_up() {
    let busy = trickle("* OK Still here\r\n", Duration::from_millis(100));
    let script = Script::start(&[up_to(&opened(CAN, 0), "EXAMINE"), vec![busy]].concat());
    let failure = try_open(hasty(&script)).await.unwrap_err();
    assert_eq!(stalled_at(&failure), Phase::Folder);
}

#[tokio::test]
async fn silence_around_waiting_has_an_end() {
    for steps in [
        vec![hear("IDLE")],
        vec![hear("IDLE"), say("+ idling\r\n"), hear("DONE")],
        vec![hear("IDLE"), say("+ idling\r\n* 1 EX")],
    ] {
        let script = Script::start(&[opened(CAN, 0), again(0), steps].concat());
        let mut session = open(hasty(&script)).await;
        all(&mut session, None).await;
        let failure = session.wait(SHORT).await.unwrap_err();
        assert_eq!(stalled_at(&failure), Phase::Wait);
    }
}

#[tokio::test]
async fn good_bye_is_not_waited_for() {
    let script = Script::start(&opened(CAN, 0));
    let mut account = hasty(&script);
    account.patience.logout = SHORT;
    let session = open(account).await;
    session.close().await;
    assert!(script.heard().await.ends_with("LOGOUT\r\n"));
}

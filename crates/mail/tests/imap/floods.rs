//! A server that sends more than it should, or something else, costs little time and little memory.

use std::time::{Duration, Instant};

use mail::imap::{Account, Caps, Content, Failure, Phase};

use crate::script::{Script, Step, again, flood, hear, listed, opened, say, sized};
use crate::server::{USER, account, all, message, open, try_open};

const CAN: &str = "IMAP4rev1 IDLE";
/// Far below what is sent or announced, far above what a conversation needs.
const MEMORY: u64 = 80 << 20;
/// Shorter than the patience with any step.
const SOON: Duration = Duration::from_secs(50);

/// The most memory that this process ever had. Each test has a process of its own.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let mut lines = status.lines();
    let peak = lines
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("Linux tells it");
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes << 10
}

/// Does something that ends in `TooMuch`, soon and with little memory.
async fn too_much(phase: Phase, work: impl Future<Output = Result<(), Failure>>) {
    let (before, begun) = (peak(), Instant::now());
    let failure = work.await.expect_err("it is too much");
    assert!(
        matches!(failure, Failure::TooMuch { phase: at, .. } if at == phase),
        "{failure:?}"
    );
    assert!(begun.elapsed() < SOON);
    assert!(peak() - before < MEMORY, "{} MiB", (peak() - before) >> 20);
}

fn up_to_the_folder() -> Vec<Step> {
    let steps = opened(CAN, 1);
    steps[..steps.len() - 1].to_vec()
}

async fn opening(steps: Vec<Step>, phase: Phase) {
    let script = Script::start(&steps);
    too_much(phase, async {
        try_open(account(script.port, USER)).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn an_endless_line_is_not_read_to_its_end() {
    opening(vec![say("* OK "), flood(&"a".repeat(1 << 16))], Phase::Greeting).await;
    let flags = vec![say("* FLAGS ("), flood(&"\\Seen ".repeat(1 << 12))];
    opening([up_to_the_folder(), flags].concat(), Phase::Folder).await;
}

#[tokio::test]
async fn a_literal_where_none_belongs_is_not_read() {
    for announced in ["{10000000000}", "{400000000}", "{99999999999999999999999}"] {
        let steps = vec![
            say(format!("* LIST () \"/\" {announced}\r\n")),
            flood(&"a".repeat(1 << 16)),
        ];
        opening([up_to_the_folder(), steps].concat(), Phase::Folder).await;
    }
    // Many small ones in one answer are a large one.
    let many = flood(&format!("{{60000}}\r\n{}", "a".repeat(60_000)));
    opening(
        [up_to_the_folder(), vec![say("* LIST "), many]].concat(),
        Phase::Folder,
    )
    .await;
}

#[tokio::test]
async fn a_flood_of_answers_that_nobody_asked_for_is_not_read_to_its_end() {
    for line in ["* 1 EXISTS\r\n", "a99 OK done\r\n"] {
        opening(
            [up_to_the_folder(), vec![flood(&line.repeat(1000))]].concat(),
            Phase::Folder,
        )
        .await;
    }
}

#[tokio::test]
async fn a_flood_instead_of_a_list_is_not_read_to_its_end_and_not_kept() {
    let line = "* 1 FETCH (UID 1)\r\n".repeat(1000);
    let script = Script::start(
        &[
            opened(CAN, 1),
            again(1),
            vec![hear("UID FETCH * (UID)"), flood(&line)],
        ]
        .concat(),
    );
    let mut session = open(account(script.port, USER)).await;
    too_much(Phase::List, async {
        session.newer_than(None, 10).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn a_flood_while_waiting_is_not_read_to_its_end() {
    let line = "* OK Still here\r\n".repeat(1000);
    let steps = vec![hear("IDLE"), say("+ idling\r\n"), flood(&line)];
    let script = Script::start(&[opened(CAN, 0), again(0), steps].concat());
    let mut session = open(account(script.port, USER)).await;
    all(&mut session, None).await;
    too_much(Phase::Wait, async { session.wait(SOON).await.map(drop) }).await;
}

/// One that is larger than its server had said: reported with its beginning, so that it does not stand in the way for ever.
#[tokio::test]
async fn a_message_that_is_larger_than_was_said_is_reported_and_not_read() {
    let before = peak();
    let begun = format!("* 1 FETCH (UID 1 BODY[] {{10000000000}}\r\n{}", "Subject: x\r\n");
    let steps = vec![say(begun), flood(&"a".repeat(1 << 16))];
    let script = Script::start(&[opened(CAN, 2), listed(2), sized(1, 40), steps].concat());
    let mut session = open(account(script.port, USER)).await;
    let batch = session.newer_than(None, 10).await.unwrap();
    let Content::TooLarge { size, beginning } = &batch.messages[0].content else {
        panic!("{batch:?}");
    };
    assert_eq!((*size, beginning.len()), (10_000_000_000, 256 << 10));
    assert!(beginning.starts_with(b"Subject: x\r\naaa"));
    assert_eq!(
        (batch.messages.len(), batch.cursor.last_uid, batch.has_more),
        (1, 1, true)
    );
    let failure = session.newer_than(Some(batch.cursor), 10).await.unwrap_err();
    assert!(matches!(failure, Failure::Closed { .. }), "{failure:?}");
    assert!(peak() - before < MEMORY);
}

#[tokio::test]
async fn a_message_as_large_as_is_allowed_takes_the_memory_that_it_needs() {
    let size = 40 << 20;
    let body = [&message(1)[..], &vec![b'x'; size - message(1).len()]].concat();
    let given = [
        format!("* 1 FETCH (UID 1 BODY[] {{{size}}}\r\n").as_bytes(),
        &body,
        b")\r\nTAG OK\r\n",
    ]
    .concat();
    let steps = vec![say(given)];
    let script = Script::start(&[opened(CAN, 1), listed(1), sized(1, size), steps].concat());
    let account = Account {
        caps: Caps {
            message: size,
            ..Caps::default()
        },
        ..account(script.port, USER)
    };
    let mut session = open(account).await;
    let batch = session.newer_than(None, 10).await.unwrap();
    assert!(batch.messages[0].content == Content::Whole(body));
}

#[tokio::test]
async fn more_numbers_than_were_asked_for_are_neither_kept_nor_fetched() {
    let lines: Vec<_> = (1..=50_000)
        .rev()
        .map(|uid| format!("* {uid} FETCH (UID {uid})\r\n"))
        .collect();
    let lines = lines.concat();
    let list = vec![
        hear("UID FETCH * (UID)"),
        say("* 50000 FETCH (UID 50000)\r\nTAG OK\r\n"),
        hear("UID FETCH 1:100 "),
        say(format!("{lines}TAG OK\r\n")),
    ];
    let given = "* 1 FETCH (UID 1 BODY[] \"one\")\r\n* 9 FETCH (UID 9 BODY[] \"nine\")\r\nTAG OK\r\n";
    let list = [list, sized(1, 3), vec![say(given)], sized(2, 3)].concat();
    let list = [list, vec![say("* 2 FETCH (BODY[] {3}\r\ntwo)\r\nTAG OK\r\n")]].concat();
    let script = Script::start(&[opened(CAN, 50_000), again(50_000), list].concat());
    let mut session = open(account(script.port, USER)).await;
    let batch = session.newer_than(None, 2).await.unwrap();
    let contents: Vec<_> = batch.messages.iter().map(|it| &it.content).collect();
    assert_eq!(
        contents,
        [&Content::Whole(b"one".to_vec()), &Content::Whole(b"two".to_vec())]
    );
    assert!(batch.has_more);
}

/// Passing over a message that is not understood would lose it.
#[tokio::test]
async fn a_list_that_is_not_understood_is_no_empty_list() {
    for line in [
        "* 1 FETCH (UID\r\n",
        "* 1 FETCH (RFC822.SIZE 40)\r\n",
        "* 1 FETCH UID 1\r\n",
        "",
    ] {
        let list = vec![hear("UID FETCH * (UID)"), say(format!("{line}TAG OK\r\n"))];
        let script = Script::start(&[opened(CAN, 1), again(1), list].concat());
        let mut session = open(account(script.port, USER)).await;
        let failure = session.newer_than(None, 2).await.unwrap_err();
        assert!(
            matches!(
                failure,
                Failure::Unexpected {
                    phase: Phase::List,
                    ..
                }
            ),
            "{line}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_imap_server_is_not_talked_to() {
    for (said, phase) in [
        ("220 mail.example.jp ESMTP\r\n", Phase::Greeting),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", Phase::Greeting),
        ("* NO\r\n", Phase::Greeting),
        ("\r\n", Phase::Greeting),
    ] {
        let script = Script::start(&[say(said)]);
        let failure = try_open(account(script.port, USER)).await.unwrap_err();
        assert!(
            matches!(failure, Failure::Unexpected { phase: at, .. } if at == phase),
            "{failure:?}"
        );
        assert_eq!(script.heard().await, "");
    }
}

/// For now, or for good: then the others do not wait for it.
#[tokio::test]
async fn a_message_that_the_server_refuses_is_reported_and_does_not_stop_the_others() {
    let given = vec![say("* 1 FETCH (UID 1 BODY[] \"one\")\r\nTAG OK\r\n")];
    let begun = [opened(CAN, 2), listed(2), sized(1, 3), given].concat();
    let is_there = [
        again(2),
        vec![hear("UID FETCH 2 (UID)"), say("* 2 FETCH (UID 2)\r\nTAG OK\r\n")],
    ]
    .concat();
    let is_gone = [again(2), vec![hear("UID FETCH 2 (UID)"), say("TAG OK\r\n")]].concat();
    let refuse = |text: &str| vec![say(text)];
    let for_now = [sized(2, 3), refuse("TAG NO [UNAVAILABLE]\r\n")].concat();
    let withheld = [sized(2, 3), refuse("TAG NO [SERVERBUG]\r\n"), is_there.clone()].concat();
    let silent = [
        sized(2, 3),
        refuse("* 2 FETCH (UID 2 BODY[] NIL)\r\nTAG OK\r\n"),
        is_there.clone(),
    ]
    .concat();
    let gone = [sized(2, 3), refuse("TAG OK\r\n"), is_gone.clone()].concat();
    let no_size = [vec![hear("RFC822.SIZE"), say("TAG NO\r\n")], is_there].concat();
    for (steps, withheld, last_uid) in [
        (withheld, true, 2),
        (silent, true, 2),
        (no_size, true, 2),
        (gone, false, 2),
        (for_now, false, 1),
    ] {
        let script = Script::start(&[begun.clone(), steps].concat());
        let mut session = open(account(script.port, USER)).await;
        let batch = session.newer_than(None, 10).await.unwrap();
        let contents: Vec<_> = batch.messages.iter().map(|it| &it.content).collect();
        let one = Content::Whole(b"one".to_vec());
        assert_eq!(contents, [&one, &Content::Withheld][..=usize::from(withheld)]);
        assert_eq!(batch.cursor.last_uid, last_uid);
        if last_uid == 1 {
            let failure = session.newer_than(Some(batch.cursor), 10).await.unwrap_err();
            assert!(matches!(failure, Failure::SentAway { .. }), "{failure:?}");
            assert_eq!(failure.message(), Some(2));
        }
    }
}

/// What a server says may hold anything; its known codes tell what is wrong.
#[tokio::test]
async fn a_server_that_sends_us_away_is_quoted_by_its_code_only() {
    let steps = opened(CAN, 1);
    let folder = steps[..steps.len() - 1].to_vec();
    for (steps, wanted) in [
        (
            vec![say("* BYE [UNAVAILABLE] hanako@example.jp\r\n")],
            "at the greeting (UNAVAILABLE)",
        ),
        (
            [&steps[..4], &[say("TAG NO [UNAVAILABLE] hanako@example.jp\r\n")]].concat(),
            "at signing in (UNAVAILABLE)",
        ),
        (
            [&steps[..4], &[say("TAG NO [HANAKO] hanako@example.jp\r\n")]].concat(),
            "refuses our user or password:",
        ),
        (
            [&folder[..], &[say("TAG NO [INUSE] hanako@example.jp\r\n")]].concat(),
            "at opening the folder (INUSE)",
        ),
        (
            [&folder[..], &[say("TAG NO [NOPERM] hanako@example.jp\r\n")]].concat(),
            "no folder INBOX for our user (NOPERM)",
        ),
        (
            [&folder[..], &[say("TAG OK hanako@example.jp\r\n")]].concat(),
            "an answer at opening the folder that is none",
        ),
    ] {
        let script = Script::start(&steps);
        let failure = try_open(account(script.port, USER)).await.unwrap_err();
        let said = format!("{failure} {failure:?}");
        assert!(failure.to_string().contains(wanted), "{failure}");
        assert!(!said.to_lowercase().contains("hanako"), "{said}");
    }
}

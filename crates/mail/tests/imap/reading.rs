//! What lies in a mailbox comes, byte for byte, once.

use std::path::Path;

use mail::imap::{Account, Caps, Content, Cursor};
use test_support::Dovecot;

use crate::server::{MANY, USER, account, all, bytes, message, open};

/// Mail as Japanese senders write it, with the line ends that a server sends.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(folder).expect("the corpus");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "eml"));
    files.sort();
    let raw = files.iter().map(|path| std::fs::read(path).expect("a message"));
    raw.map(|raw| with_line_ends(&raw))
        // No message for a server: an IMAP server stands something else in for its zero bytes.
        .filter(|raw| !raw.contains(&0))
        .collect()
}

fn with_line_ends(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in raw {
        if *byte == b'\n' && text.last() != Some(&b'\r') {
            text.push(b'\r');
        }
        text.push(*byte);
    }
    text
}

#[tokio::test]
async fn mail_comes_byte_for_byte_as_it_was_delivered() {
    let server = Dovecot::start();
    let mut delivered = corpus();
    assert!(delivered.len() > 15);
    // Each byte but zero, in lines; text that looks like the protocol; a line without an end.
    let all_bytes: Vec<u8> = (1..=255).flat_map(|byte| [byte, b'\r', b'\n']).collect();
    delivered.push([b"Subject: =?\r\n\r\n", with_line_ends(&all_bytes).as_slice()].concat());
    delivered.push(b"Subject: x\r\n\r\n* 1 FETCH (BODY[] {5}\r\na1 OK\r\n)\r\n+ {3}".to_vec());
    // 二 in Shift_JIS ends as a bracket does, 表 as an escape.
    delivered.push(b"Subject: \x93\xf1\x95\x5c\r\n\r\n\x93\xf1\x95\x5c\x1b$B@k8@\x1b(B\r\n".to_vec());
    delivered.push([b"Subject: large\r\n\r\n", "日本語\r\n".repeat(300_000).as_bytes()].concat());
    for message in &delivered {
        server.deliver(USER, "INBOX", message);
    }
    let mut session = open(account(server.port, USER)).await;
    let batch = all(&mut session, None).await;
    assert!(!batch.has_more && !batch.starts_over);
    let came = bytes(batch);
    assert_eq!(came.len(), delivered.len());
    for (came, delivered) in came.iter().zip(&delivered) {
        assert!(came == delivered, "{}", String::from_utf8_lossy(delivered));
    }
}

#[tokio::test]
async fn with_a_cursor_nothing_comes_twice_and_nothing_is_changed() {
    let server = Dovecot::start();
    let mut session = open(account(server.port, USER)).await;
    let empty = all(&mut session, None).await;
    assert_eq!((empty.messages.len(), empty.cursor.last_uid), (0, 0));

    for number in 0..3 {
        server.deliver(USER, "INBOX", &message(number));
    }
    let first = all(&mut session, Some(empty.cursor)).await;
    let cursor = first.cursor;
    assert_eq!(bytes(first), [message(0), message(1), message(2)]);
    // A range up to the newest would hold the newest again.
    let none = all(&mut session, Some(cursor)).await;
    assert_eq!(
        (none.messages.len(), none.cursor, none.has_more),
        (0, cursor, false)
    );
    server.deliver(USER, "INBOX", &message(3));
    let next = all(&mut session, Some(cursor)).await;
    let later = next.cursor;
    assert_eq!(bytes(next), [message(3)]);
    session.close().await;

    // The cursor is as good in another conversation, and so is none.
    let mut session = open(account(server.port, USER)).await;
    assert_eq!(bytes(all(&mut session, Some(cursor)).await), [message(3)]);
    assert!(all(&mut session, Some(later)).await.messages.is_empty());
    assert_eq!(all(&mut session, None).await.messages.len(), 4);

    let flags = server.say(USER, &["SELECT INBOX", "FETCH 1:* (FLAGS)"]);
    let of_messages: Vec<_> = flags.iter().filter(|line| line.contains("FETCH")).collect();
    assert_eq!(of_messages.len(), 4);
    // Not even that they are no longer new to everybody.
    assert!(
        of_messages.iter().all(|line| line.contains("(\\Recent)")),
        "{of_messages:?}"
    );
}

#[tokio::test]
async fn messages_come_in_batches_the_oldest_first() {
    let server = Dovecot::start();
    for number in 0..7 {
        server.deliver(USER, "INBOX", &message(number));
    }
    let mut session = open(account(server.port, USER)).await;
    let (mut came, mut sizes, mut cursor) = (Vec::new(), Vec::new(), None);
    loop {
        let batch = session.newer_than(cursor, 3).await.unwrap();
        (cursor, sizes) = (Some(batch.cursor), [sizes, vec![batch.messages.len()]].concat());
        let has_more = batch.has_more;
        came.extend(bytes(batch));
        if !has_more {
            break;
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(came, (0..7).map(message).collect::<Vec<_>>());

    // By bytes: one more is begun as long as there is room.
    let small = Account {
        caps: Caps {
            batch: message(0).len() + 1,
            ..Caps::default()
        },
        ..account(server.port, USER)
    };
    let batch = all(&mut open(small).await, None).await;
    assert_eq!((batch.messages.len(), batch.has_more), (2, true));
}

#[tokio::test]
async fn gaps_between_messages_are_crossed_however_large() {
    let server = Dovecot::start();
    server.deliver(USER, "INBOX", &message(0));
    let mut session = open(account(server.port, USER)).await;
    let first = all(&mut session, None).await;
    // Dovecot keeps the next number in the first line of this file: as if millions had come and gone.
    let list = server.maildir(USER, "INBOX").join("dovecot-uidlist");
    let text = std::fs::read_to_string(&list).unwrap();
    let (head, rest) = text.split_once('\n').unwrap();
    let head: Vec<_> = head
        .split(' ')
        .map(|word| {
            if word.starts_with('N') {
                "N4000000000"
            } else {
                word
            }
        })
        .collect();
    std::fs::write(&list, format!("{}\n{rest}", head.join(" "))).unwrap();
    server.deliver(USER, "INBOX", &message(1));
    server.deliver(USER, "INBOX", &message(2));
    let next = session.newer_than(Some(first.cursor), 1).await.unwrap();
    assert_eq!((next.cursor.last_uid, next.has_more), (4_000_000_000, true));
    assert_eq!(bytes(next), [message(1)]);
}

#[tokio::test]
async fn what_is_too_large_is_reported_with_its_beginning_and_the_next_one_comes() {
    let server = Dovecot::start();
    let large = [&message(1)[..], "0123456789\r\n".repeat(50_000).as_bytes()].concat();
    for message in [&message(0), &large, &message(2)] {
        server.deliver(USER, "INBOX", message);
    }
    let account = Account {
        caps: Caps {
            message: 500_000,
            ..Caps::default()
        },
        ..account(server.port, USER)
    };
    let mut session = open(account).await;
    let batch = all(&mut session, None).await;
    let [first, second, third] = &batch.messages[..] else {
        panic!("{batch:?}");
    };
    assert_eq!(first.content, Content::Whole(message(0)));
    assert_eq!(third.content, Content::Whole(message(2)));
    let Content::TooLarge { size, beginning } = &second.content else {
        panic!("{second:?}");
    };
    assert_eq!((*size, beginning.len()), (large.len() as u64, 256 << 10));
    assert!(large.starts_with(beginning));
    assert!(!format!("{batch:?}").contains("Subject"));
}

#[tokio::test]
async fn several_mailboxes_and_folders_with_japanese_names_are_read_side_by_side() {
    let server = Dovecot::start();
    let other = Dovecot::USERS[1];
    server.deliver(USER, "INBOX", &message(1));
    server.deliver(USER, "&ZeVnLIqe-", &message(2));
    server.deliver(other, "INBOX", &message(3));
    let in_folder = |user, folder: &str| Account {
        folder: folder.to_owned(),
        ..account(server.port, user)
    };
    let (mut inbox, mut japanese, mut office) = tokio::join!(
        open(in_folder(USER, "inbox")),
        open(in_folder(USER, "日本語")),
        open(in_folder(other, "INBOX")),
    );
    let came = tokio::join!(
        all(&mut inbox, None),
        all(&mut japanese, None),
        all(&mut office, None)
    );
    assert_eq!(bytes(came.0), [message(1)]);
    assert_eq!(bytes(came.1), [message(2)]);
    assert_eq!(bytes(came.2), [message(3)]);
}

#[tokio::test]
async fn a_folder_that_is_made_again_is_read_from_its_beginning() {
    let server = Dovecot::start();
    server.say(USER, &["CREATE work"]);
    server.deliver(USER, "work", &message(1));
    server.deliver(USER, "work", &message(2));
    let account = Account {
        folder: "work".to_owned(),
        ..account(server.port, USER)
    };
    let mut session = open(account.clone()).await;
    let before = all(&mut session, None).await;
    assert_eq!(before.messages.len(), 2);
    server.say(USER, &["DELETE work", "CREATE work"]);
    server.deliver(USER, "work", &message(3));

    let mut session = open(account).await;
    let after = all(&mut session, Some(before.cursor)).await;
    assert!(after.starts_over);
    assert_ne!(after.cursor.uid_validity, before.cursor.uid_validity);
    let cursor = after.cursor;
    assert_eq!(bytes(after), [message(3)]);
    assert!(!all(&mut session, Some(cursor)).await.starts_over);
}

#[tokio::test]
async fn what_somebody_deletes_meanwhile_is_passed_over() {
    let server = Dovecot::start();
    for number in 0..3 {
        server.deliver(USER, "INBOX", &message(number));
    }
    let mut session = open(account(server.port, USER)).await;
    server.say(USER, &["SELECT INBOX", "STORE 2 +FLAGS (\\Deleted)", "EXPUNGE"]);
    let batch = session.newer_than(None, MANY).await.unwrap();
    assert_eq!(batch.cursor.last_uid, 3);
    assert_eq!(bytes(batch), [message(0), message(2)]);
    server.say(USER, &["SELECT INBOX", "STORE 1:* +FLAGS (\\Deleted)", "EXPUNGE"]);
    let cursor = Cursor {
        uid_validity: 1,
        last_uid: 0,
    };
    assert!(all(&mut session, Some(cursor)).await.messages.is_empty());
}

/// Dovecot hangs up over a message whose file it cannot read: each time, and nobody would get any further.
#[tokio::test]
async fn a_message_over_which_the_server_hangs_up_is_named_and_can_be_passed_over() {
    let server = Dovecot::start();
    for number in 0..3 {
        server.deliver(USER, "INBOX", &message(number));
    }
    let mut session = open(account(server.port, USER)).await;
    let files = ["cur", "new"].map(|part| server.maildir(USER, "INBOX").join(part));
    let mut files: Vec<_> = files
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o000);
    std::fs::set_permissions(&files[1], rights).unwrap();

    let batch = all(&mut session, None).await;
    let mut cursor = batch.cursor;
    assert!(batch.has_more);
    assert_eq!(bytes(batch), [message(0)]);
    // It is said with the next call, and again whenever somebody begins there.
    let failure = session.newer_than(Some(cursor), MANY).await.unwrap_err();
    assert_eq!(failure.message(), Some(2), "{failure:?}");
    assert!(
        failure.to_string().contains("at the message with UID 2"),
        "{failure}"
    );
    let mut session = open(account(server.port, USER)).await;
    let failure = session.newer_than(Some(cursor), MANY).await.unwrap_err();
    assert_eq!(failure.message(), Some(2), "{failure:?}");
    cursor.last_uid = 2;
    let mut session = open(account(server.port, USER)).await;
    assert_eq!(bytes(all(&mut session, Some(cursor)).await), [message(2)]);
}

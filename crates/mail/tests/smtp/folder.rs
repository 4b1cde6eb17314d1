//! Mail into a folder.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use domain::mailing::{Cause, Outcome};
use mail::{Folder, Message, Transport};
use tempfile::TempDir;
use test_support::{SmallDisk, python_reads};

use crate::server::{built, input, message, sender};

fn open(folder: &Path) -> (Folder, Transport) {
    let folder = Folder::open(folder).expect("a folder");
    (folder.clone(), Transport::Folder(folder))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Deferred {
            cause: Cause::Here(why),
            retry_in: Some(_),
        } => why.text(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_message_is_one_file_for_its_owner_only_and_the_same_message_again_is_the_same_file() {
    let temporary = TempDir::new().unwrap();
    let (folder, transport) = open(&temporary.path().join("outbox"));
    let message = message("a..b@docomo.ne.jp");
    for _ in 0..3 {
        let outcome = transport.send(&message).await;
        assert_eq!(outcome, Outcome::Accepted { reply: None });
    }
    let file = folder.file_of(&message);
    assert_eq!(files(folder.path()), std::slice::from_ref(&file));
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("20241004T000007Z-00000000-0000-0000-"), "{name}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read(&file).unwrap(), message.bytes());
    let read = python_reads(&[file]);
    assert_eq!(read[0]["to"][1], "\"a..b\"@docomo.ne.jp");
    assert_eq!(read[0]["message_id"], message.id().to_string());
}

#[tokio::test]
async fn a_folder_that_is_gone_puts_the_message_off_and_is_not_made_again() {
    let temporary = TempDir::new().unwrap();
    let (folder, transport) = open(&temporary.path().join("outbox"));
    let message = message("hanako@example.jp");
    std::fs::remove_dir(folder.path()).unwrap();
    let outcome = transport.send(&message).await;
    let said = format!("the folder for outgoing mail {} is gone", folder.path().display());
    assert!(why(&outcome).starts_with(&said), "{outcome:?}");
    assert!(!folder.path().exists());
    std::fs::create_dir(folder.path()).unwrap();
    assert_eq!(transport.send(&message).await, Outcome::Accepted { reply: None });
}

#[tokio::test]
async fn a_folder_that_is_none_is_refused_with_what_to_do() {
    let temporary = TempDir::new().unwrap();
    let file = temporary.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = Folder::open(file.join("outbox")).unwrap_err().to_string();
    assert!(
        refused.contains("cannot be made") && refused.contains("make it"),
        "{refused}"
    );
    // What stands in the place of the file of a message.
    let (folder, transport) = open(temporary.path());
    let message = message("hanako@example.jp");
    std::fs::create_dir_all(folder.file_of(&message).join("in the way")).unwrap();
    let outcome = transport.send(&message).await;
    assert!(why(&outcome).contains("cannot be written to"), "{outcome:?}");
}

/// A long text, which fits on no small disk.
fn long_message() -> Message {
    let text = "長い本文です。\n".repeat(11_000);
    let input = domain::mailing::DraftInput {
        text: &text,
        ..input("hanako@example.jp")
    };
    built(&sender("office@example.jp"), &input)
}

#[tokio::test]
async fn t33_a_full_disk_puts_the_message_off_and_leaves_nothing_half() {
    let Some(disk) = SmallDisk::mount("64k") else {
        // Only root may mount; elsewhere the two tests above make the calls fail.
        return;
    };
    let (folder, transport) = open(disk.path());
    let message = long_message();
    let outcome = transport.send(&message).await;
    assert!(why(&outcome).contains("is full: free some space"), "{outcome:?}");
    assert_eq!(files(folder.path()), [] as [PathBuf; 0]);
    let short = crate::server::message("hanako@example.jp");
    assert_eq!(transport.send(&short).await, Outcome::Accepted { reply: None });
}

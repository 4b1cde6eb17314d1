//! Mail into a folder on a disk that is full: it waits in the ledger with a sentence for the operator, and goes out once there is
//! space.

use chrono::TimeDelta;
use domain::mailing::State;
use domain::reason::{Reason, ReasonCode};
use test_support::{FixedClock, SmallDisk, TestDatabase};

use crate::mail::{detail, files, queue, start, until};
use crate::support::node;

test_support::on_both_engines!(t33_mail_waits_while_the_disk_of_its_folder_is_full_and_leaves_no_half_file);

async fn t33_mail_waits_while_the_disk_of_its_folder_is_full_and_leaves_no_half_file(db: TestDatabase) {
    let Some(disk) = SmallDisk::mount("64k") else {
        // Only root may mount; elsewhere a test of the transport makes its calls fail.
        return;
    };
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let outbox = disk.path().join("outbox");
    std::fs::create_dir(&outbox).expect("a folder");
    disk.fill();
    let ids = [
        queue(&app, "hanako@example.jp").await,
        queue(&app, "taro@example.jp").await,
    ];
    let sending = start(&app, &outbox);
    for round in 1..=3 {
        for id in ids {
            until(&app, id, State::Deferred).await;
            let found = detail(&app, id).await;
            let why = found.mail.reply.expect("a sentence");
            let why = Reason::read(&why);
            assert_eq!(why.code(), Some(ReasonCode::FolderUnwritable));
            assert!(why.text().contains("is full: free some space"), "{why}");
            assert_eq!(found.attempts.len(), round);
        }
        assert_eq!(
            std::fs::read_dir(&outbox).expect("the folder").count(),
            0,
            "nothing half"
        );
        if round < 3 {
            clock.advance(TimeDelta::hours(1));
            for id in ids {
                while detail(&app, id).await.attempts.len() == round {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
            }
        }
    }
    disk.free();
    clock.advance(TimeDelta::hours(4));
    for id in ids {
        until(&app, id, State::Accepted).await;
    }
    sending.stop().await;
    let written = files(&outbox);
    assert_eq!(written.len(), 2);
    for id in ids {
        let id = format!("Message-ID: <{id}@mail.example.jp>");
        assert_eq!(written.iter().filter(|text| text.contains(&id)).count(), 1);
    }
}

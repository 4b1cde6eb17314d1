//! The connection to PostgreSQL is lost in the middle of a sender's turn: what it claimed goes out once, and nothing waits for the
//! end of the process.

use domain::mailing::State;
use event_store::{Database, DatabaseOptions};
use test_support::{FixedClock, ProxyMode, TcpProxy, TestDatabase};

use crate::mail::{detail, files, queue, start, until};
use crate::support::{node, node_over};

/// The message as PostgreSQL's protocol has it.
const COMMIT: &str = "COMMIT\0";
/// How the name of a test's sender begins, which the one statement of its turn carries.
const TURN: &str = "test 0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_whose_turn_loses_its_connection_goes_out_once() {
    let db = TestDatabase::postgres().await;
    let clock = FixedClock::default();
    let office = node(&db, &clock).await;
    let proxy = TcpProxy::before(db.url()).await;
    let database = Database::open_with(proxy.url(), DatabaseOptions::default()).await;
    let behind = node_over(&db, database.expect("the database opens"), &clock).await;
    let outbox = tempfile::tempdir().expect("a folder");
    let mut sent = 0;
    for cut in [
        ProxyMode::CutAnswer(COMMIT),
        ProxyMode::CutBefore(COMMIT),
        ProxyMode::CutAnswer(TURN),
        ProxyMode::CutBefore(TURN),
    ] {
        // The first turn of all, which claims; and one after it, which also says what became of some.
        for first in [true, false] {
            let mut ids = Vec::new();
            for number in 0..11 {
                ids.push(queue(&office, &format!("reader-{number}@example.jp")).await);
            }
            let cuts = proxy.cuts();
            if first {
                proxy.set(cut.clone());
            }
            let sending = start(&behind, outbox.path());
            if !first {
                until(&office, ids[0], State::Accepted).await;
                proxy.set(cut.clone());
            }
            for id in ids {
                until(&office, id, State::Accepted).await;
                assert_eq!(detail(&office, id).await.attempts.len(), 1, "{cut:?}");
                sent += 1;
            }
            while proxy.cuts() == cuts {
                tokio::task::yield_now().await;
            }
            sending.stop().await;
            assert_eq!(files(outbox.path()).len(), sent, "{cut:?}");
        }
    }
}

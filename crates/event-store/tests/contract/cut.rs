//! The connection to PostgreSQL is lost while an append commits: the receipt decides, and every command is taken once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use event_store::{
    Append, AppendError, Appended, BoxFuture, Connection, Database, DatabaseOptions, EventStore, InlineError,
    InlineEvent, InlineProjector, Position,
};
use test_support::{ProxyMode, TcpProxy, TestDatabase, size, tell};

use crate::common::{assert_clean, command, conflict, event, everything, tag, unchanged};

/// A projector that has nothing to do: with one, an append is a transaction of several statements, and its last is COMMIT.
struct Idle;

impl InlineProjector for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn project<'f>(
        &'f self,
        _connection: &'f mut Connection,
        _events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A store whose connections go by way of the proxy, with the database behind it.
async fn behind_a_proxy(options: DatabaseOptions) -> (TestDatabase, TcpProxy, EventStore) {
    behind_a_proxy_with(options, vec![Arc::new(Idle)]).await
}

async fn behind_a_proxy_with(
    options: DatabaseOptions,
    inline: Vec<Arc<dyn InlineProjector>>,
) -> (TestDatabase, TcpProxy, EventStore) {
    let db = TestDatabase::postgres().await;
    let proxy = TcpProxy::before(db.url()).await;
    let database = Database::open_with(proxy.url(), options).await;
    let database = database.expect("the database opens");
    let store = db.open_store_over(database, inline).await;
    (db, proxy, store)
}

/// Waits no longer than so many milliseconds for the database.
fn impatient(milliseconds: u64) -> DatabaseOptions {
    DatabaseOptions {
        acquire_timeout: Duration::from_millis(milliseconds),
        ..DatabaseOptions::default()
    }
}

/// The message as PostgreSQL's protocol has it; without its end, `READ COMMITTED` would be one, too.
const COMMIT: &str = "COMMIT\0";
/// How often each kind of cut is tried.
fn cuts() -> i64 {
    i64::try_from(size(10, 500)).expect("few")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_a_command_whose_connection_is_cut_at_its_commit_is_taken_once_and_gets_its_receipt() {
    let through = behind_a_proxy(DatabaseOptions::default()).await;
    taken_once("connection cut at COMMIT", through, COMMIT).await;
}

/// Without a projector the statement that writes commits as well. What it carries tells it from others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_a_command_whose_connection_is_cut_at_its_only_statement_is_taken_once_and_gets_its_receipt() {
    let through = behind_a_proxy_with(DatabaseOptions::default(), Vec::new()).await;
    taken_once("connection cut at the one statement", through, "thing.moved").await;
}

async fn taken_once(test: &str, (db, proxy, store): (TestDatabase, TcpProxy, EventStore), at: &'static str) {
    // The first append of a store takes several statements in any case.
    let first = store
        .append(command(vec![event("thing.made", &[])]))
        .await
        .expect("taken");
    let mut expected = first.receipt().last.get();
    for kind in [ProxyMode::CutAnswer(at), ProxyMode::CutBefore(at)] {
        for _ in 0..cuts() {
            let cuts = proxy.cuts();
            proxy.set(kind.clone());
            let one = command(vec![event("thing.made", &[]), event("thing.moved", &[])]);
            let taken = store.append(one.clone()).await.expect("taken");
            let Appended::New(receipt) = taken else {
                panic!("{kind:?}: the caller asked once, and got {taken:?}");
            };
            assert_eq!(proxy.cuts(), cuts + 1, "{kind:?}");
            assert_eq!(
                (receipt.first.get(), receipt.last.get()),
                (expected + 1, expected + 2)
            );
            expected += 2;
            assert_eq!(
                store.append(one).await.expect("taken"),
                Appended::Earlier(receipt)
            );
        }
    }
    assert_eq!(expected, 1 + cuts() * 4);
    // Asked past the proxy, as somebody else would.
    let beside = db.open_store().await;
    assert_eq!(beside.head().await.expect("read"), Position::new(expected));
    assert_clean(&beside).await;
    tell(
        test,
        &format!(
            "{} cuts before the server heard it, {} before its answer arrived; each asked for again: 0 lost, 0 twice",
            cuts(),
            cuts()
        ),
    );
}

/// A firewall that forgot the connection, or a server that lost its network: nobody says that the connection is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_falls_silent_while_committing_holds_the_log_no_longer_than_its_time() {
    // The only statement, COMMIT, and the write of a store's first append, after which the server waits for a COMMIT.
    for (inline, at, first) in [
        (vec![], "thing.moved", true),
        (vec![Arc::new(Idle) as _], COMMIT, true),
        (vec![], "thing.moved", false),
    ] {
        let (db, proxy, store) = behind_a_proxy_with(impatient(500), inline).await;
        if first {
            let made = store.append(command(vec![event("thing.made", &[])])).await;
            assert!(matches!(made, Ok(Appended::New(_))), "{made:?}");
        }
        proxy.set(ProxyMode::SilentAfter(at));
        let commands = ["thing.moved", "thing.made"].map(|what| command(vec![event(what, &[])]));
        let [one, other] = commands.map(|command| store.append(command));
        let (one, other) = tokio::join!(one, other);
        for taken in [one, other] {
            assert!(matches!(taken, Ok(Appended::New(_))), "{at}: {taken:?}");
        }
        assert_eq!(proxy.cuts(), 1, "{at}: it did fall silent");
        let expected = if first { 3 } else { 2 };
        let beside = db.open_store().await;
        assert_eq!(beside.head().await.expect("read"), Position::new(expected));
        assert_clean(&beside).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_fall_silent_one_after_the_other_leave_room_for_the_next() {
    let (_db, proxy, store) = behind_a_proxy(impatient(500)).await;
    // More than are under way at a time.
    for silent in 1..=4 {
        proxy.set(ProxyMode::SilentAfter(COMMIT));
        let taken = store.append(command(vec![event("thing.made", &[])])).await;
        assert!(matches!(taken, Ok(Appended::New(_))), "{silent}: {taken:?}");
        assert_eq!(proxy.cuts(), silent, "it did fall silent");
    }
    assert_eq!(everything(&store).await.len(), 4);
    assert_clean(&store).await;
}

/// Stands still, once, until the server has taken the log away from somebody who holds it in silence: a machine that was put
/// to sleep.
struct Asleep {
    beside: Database,
    has_slept: AtomicBool,
}

/// Whether somebody stands still in a transaction.
const HELD: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity
                                   WHERE datname = current_database() AND state = 'idle in transaction')";

impl InlineProjector for Asleep {
    fn name(&self) -> &'static str {
        "asleep"
    }

    fn project<'f>(
        &'f self,
        _connection: &'f mut Connection,
        _events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(async {
            while !self.has_slept.load(Ordering::SeqCst) {
                let mut looking = self.beside.acquire_read().await?;
                let held: bool =
                    event_store::each_engine!(looking, c => sqlx::query_scalar(HELD).fetch_one(c).await)?;
                self.has_slept.store(!held, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(())
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stood_still_while_it_held_the_log_is_taken_once_when_it_goes_on() {
    let db = TestDatabase::postgres().await;
    let asleep = Arc::new(Asleep {
        beside: db.database().clone(),
        has_slept: AtomicBool::new(false),
    });
    let store = db.open_store_with(vec![asleep]).await;
    let taken = store.append(command(vec![event("thing.made", &[])])).await;
    assert!(matches!(taken, Ok(Appended::New(_))), "{taken:?}");
    assert_eq!(everything(&store).await.len(), 1);
    assert_clean(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_in_a_batch_whose_commit_is_not_answered_winners_get_receipts_and_losers_their_conflict() {
    let (db, proxy, store) = behind_a_proxy(DatabaseOptions::default()).await;
    let one = tag("thing", "a");
    for round in 0..cuts() {
        let seen = store.head().await.expect("read");
        // The first command is a batch of its own, the others are the next: both lose the answer to their commit.
        proxy.set_until_cut(ProxyMode::CutAnswer(COMMIT), ProxyMode::CutAnswer(COMMIT));
        let commands = (0..20).map(|n| {
            let tags = if n % 2 == 0 { vec![one.clone()] } else { Vec::new() };
            let mut command = command(vec![event("thing.moved", &tags)]);
            if n % 2 == 0 {
                command.guards = vec![unchanged(&one, seen)];
            }
            let store = store.clone();
            async move { (n, store.append(command).await) }
        });
        let mut winners = 0;
        for (n, answer) in futures::future::join_all(commands).await {
            match answer {
                Ok(Appended::New(_)) => winners += 1,
                answer => {
                    assert_eq!(n % 2, 0, "a command without a guard loses to nobody: {answer:?}");
                    conflict(answer);
                }
            }
        }
        assert_eq!(winners, 11, "round {round}");
    }
    let beside = db.open_store().await;
    let positions: Vec<_> = everything(&beside)
        .await
        .iter()
        .map(|event| event.position.get())
        .collect();
    assert_eq!(positions, (1..=cuts() * 11).collect::<Vec<_>>());
    assert_clean(&beside).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_while_the_database_stays_away_the_outcome_is_unknown_and_the_same_id_finds_out() {
    let (db, proxy, store) = behind_a_proxy(impatient(1_000)).await;
    proxy.set_until_cut(ProxyMode::CutAnswer(COMMIT), ProxyMode::Refuse);
    let one = command(vec![event("thing.made", &[])]);
    match store.append(one.clone()).await {
        Err(AppendError::OutcomeUnknown { command_id }) => assert_eq!(command_id, one.command_id),
        other => panic!("{other:?}"),
    }
    proxy.set(ProxyMode::Pass);
    let again = store.append(one).await.expect("the database is back");
    assert!(matches!(again, Appended::Earlier(_)), "{again:?}");
    let beside = db.open_store().await;
    assert_eq!(beside.head().await.expect("read"), again.receipt().last);
    assert_clean(&beside).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_that_meets_nothing_unexpected_is_one_statement_and_another_takes_a_transaction() {
    let (_db, proxy, store) = behind_a_proxy_with(DatabaseOptions::default(), Vec::new()).await;
    let one = tag("thing", "a");
    let seen = store
        .append(command(vec![event("thing.made", &[])]))
        .await
        .expect("taken");
    // Whoever begins a transaction loses the connection.
    proxy.set(ProxyMode::CutBefore("BEGIN"));
    let mut guarded = command(vec![event("thing.moved", std::slice::from_ref(&one))]);
    guarded.guards = vec![unchanged(&one, seen.receipt().last)];
    store.append(guarded.clone()).await.expect("taken");
    assert_eq!(proxy.cuts(), 0, "it began a transaction");
    let late = Append {
        command_id: uuid::Uuid::now_v7(),
        events: vec![event("thing.moved", std::slice::from_ref(&one))],
        ..guarded
    };
    conflict(store.append(late).await);
    assert_eq!(proxy.cuts(), 1, "a conflict is told from a look under the lock");
}

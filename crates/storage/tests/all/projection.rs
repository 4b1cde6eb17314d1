//! Keeping up with the log: the fence, waiting, poison, rebuilding.

use std::time::Duration;

use crate::support::{Office, PATIENCE, Sample, register, request};
use domain::declaration::Field;
use event_store::{DatabaseOptions, Position};
use storage::Storage;
use storage::declaration::{Filter, ListRequest, Search, SearchScope};
use storage::projection::{Caught, Duty, rebuild};
use test_support::TestDatabase;
use uuid::Uuid;

test_support::on_both_engines!(
    two_nodes_apply_every_event_once,
    a_node_takes_over_from_one_that_is_gone,
    a_leader_that_ends_in_order_leaves_the_lead_free,
    waiting_ends_at_the_position_or_says_how_far_it_is,
    a_poison_event_stops_the_projection_for_all_to_see,
    a_rebuild_gives_the_same_rows_and_readers_see_them_all_the_time,
    a_rebuild_mends_rows_that_somebody_changed,
    a_row_has_all_of_its_declaration_wherever_the_log_is_cut_into_pieces,
);

async fn two_nodes_apply_every_event_once(db: TestDatabase) {
    let office = Office::open(&db).await;
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    let takeover = Duration::from_millis(1);
    for _ in 0..8 {
        office.append(&register(60)).await;
        // Each start raises the fence under the other's feet, in the middle of its batches.
        office.storage.declarations_projection().stop().await;
        other.declarations_projection().stop().await;
        office
            .storage
            .declarations_projection()
            .start_with(&office.store, office.now(), takeover);
        other
            .declarations_projection()
            .start_with(&office.store, office.now(), takeover);
    }
    let head = office.store.head().await.expect("the log answers");
    assert_eq!(
        office
            .storage
            .declarations_projection()
            .wait_for(head, PATIENCE)
            .await,
        Caught::Up
    );
    assert_eq!(
        other.declarations_projection().wait_for(head, PATIENCE).await,
        Caught::Up
    );
    let page = office.list(&request(1, Filter::default())).await;
    assert_eq!((page.total.count(), page.position), (480, head));
    let report = rebuild(&office.store, &*office.now(), |_, _| {})
        .await
        .expect("a rebuild");
    assert!(report.is_same(), "{report:?}");
}

async fn a_node_takes_over_from_one_that_is_gone(db: TestDatabase) {
    let office = Office::open(&db).await;
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    office.append(&register(20)).await;
    office.project().await;
    // The first loses the lead to the second and stands by.
    other.declarations_projection().start(&office.store, office.now());
    let mut leading = other.declarations_projection().progress();
    let leading = leading.wait_for(|it| it.duty == Duty::Leading);
    tokio::time::timeout(PATIENCE, leading)
        .await
        .expect("in time")
        .expect("it runs");
    // It notices when there is something to apply.
    let mut progress = office.storage.declarations_projection().progress();
    let standing_by = progress.wait_for(|it| it.duty == Duty::StandingBy);
    office.append(&register(5)).await;
    tokio::time::timeout(PATIENCE, standing_by)
        .await
        .expect("in time")
        .expect("it runs");
    other.declarations_projection().stop().await;
    let head = office.append(&register(5)).await;
    assert_eq!(
        office
            .storage
            .declarations_projection()
            .wait_for(head, PATIENCE)
            .await,
        Caught::Up
    );
}

async fn a_leader_that_ends_in_order_leaves_the_lead_free(db: TestDatabase) {
    let office = Office::open(&db).await;
    let projection = office.storage.declarations_projection();
    let is_free = async || projection.checkpoint().await.expect("an answer").is_free;
    assert!(is_free().await, "nobody has led yet");
    office.append(&register(3)).await;
    office.project().await;
    assert!(!is_free().await, "somebody leads");
    projection.stop().await;
    assert!(is_free().await, "the leader ended in order");
}

async fn waiting_ends_at_the_position_or_says_how_far_it_is(db: TestDatabase) {
    let office = Office::open(&db).await;
    let first = office.append(&register(3)).await;
    office.project().await;
    let projection = office.storage.declarations_projection();
    let beyond = Position::new(first.get() + 1);
    assert_eq!(
        projection.wait_for(beyond, Duration::from_millis(50)).await,
        Caught::Behind(first)
    );
    let (waited, ()) = tokio::join!(projection.wait_for(beyond, PATIENCE), async {
        office
            .append(&[Sample::corporation(99, "青空").registered()])
            .await;
    });
    assert_eq!(waited, Caught::Up);
    // A process that does not project itself, such as a command beside the server, asks the checkpoint.
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    assert_eq!(
        other.declarations_projection().wait_for(beyond, PATIENCE).await,
        Caught::Up
    );
}

async fn a_poison_event_stops_the_projection_for_all_to_see(db: TestDatabase) {
    let office = Office::open(&db).await;
    let good = office.append(&register(3)).await;
    office.project().await;
    let at = office.append_stranger(Uuid::now_v7()).await;
    let projection = office.storage.declarations_projection();
    assert_eq!(projection.wait_for(at, PATIENCE).await, Caught::Behind(good));
    let checkpoint = projection.checkpoint().await.expect("an answer");
    assert_eq!(checkpoint.position, good);
    let error = checkpoint.error.expect("it has stopped");
    assert!(error.contains(&format!("position {at}")), "{error}");
    // It still serves what it has, and another process hears of the stop at once.
    assert_eq!(office.list(&request(10, Filter::default())).await.rows.len(), 3);
    let other = Storage::open(db.open_again(DatabaseOptions::default()).await)
        .await
        .expect("read records open");
    assert_eq!(
        other.declarations_projection().wait_for(at, PATIENCE).await,
        Caught::Behind(good)
    );
}

async fn a_rebuild_gives_the_same_rows_and_readers_see_them_all_the_time(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(100)).await;
    office.project().await;
    let before = office.list(&request(200, Filter::default())).await;
    for round in 1..=2 {
        let now = office.now();
        let rebuilding = rebuild(&office.store, &*now, |_, _| {});
        let reading = async {
            for _ in 0..20 {
                assert_eq!(
                    office.list(&request(200, Filter::default())).await.rows.len(),
                    100
                );
            }
        };
        let (report, ()) = tokio::join!(rebuilding, reading);
        let report = report.expect("a rebuild");
        assert!(
            report.is_same() && report.rows == 100,
            "round {round}: {report:?}"
        );
    }
    let after = office.list(&request(200, Filter::default())).await;
    assert_eq!((after.rows, after.facets), (before.rows, before.facets));
    assert_eq!(
        office.found("つばさ", SearchScope::Public).await.len().min(10),
        10
    );
    // The projection goes on with the new tables.
    office
        .append(&[Sample::corporation(5_000, "新星").registered()])
        .await;
    office.project().await;
    assert_eq!(office.found("新星", SearchScope::Public).await, ["40000005000"]);
}

async fn a_rebuild_mends_rows_that_somebody_changed(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::corporation(1, "青空");
    office
        .append(&[sample.registered(), sample.corrected(Field::Name, "大空")])
        .await;
    office.project().await;
    let mut tx = db.database().begin_write().await.expect("a transaction");
    event_store::each_engine!(tx, c => {
        sqlx::query("UPDATE declaration SET name = 'x'").execute(c).await.map(drop)
    })
    .expect("an update");
    tx.commit().await.expect("a commit");
    let report = rebuild(&office.store, &*office.now(), |_, _| {})
        .await
        .expect("a rebuild");
    assert!(!report.is_same());
    assert_eq!(office.found("大空", SearchScope::Public).await, ["40000000001"]);
}

/// A declaration that has only its first event in a piece of the log is folded with that piece; its next event may come with
/// the next piece, in the same batch. Beginnings and corrections lie so that any cut has such ones on both sides.
async fn a_row_has_all_of_its_declaration_wherever_the_log_is_cut_into_pieces(db: TestDatabase) {
    const ROUNDS: u64 = 44;
    const EACH: u64 = 30;
    let office = Office::open(&db).await;
    for round in 0..ROUNDS {
        let samples: Vec<Sample> = (round * EACH..(round + 1) * EACH)
            .map(|n| Sample::corporation(n, "青空"))
            .collect();
        let begun = samples.iter().map(Sample::registered);
        let corrected = samples.iter().map(|it| it.corrected(Field::Name, "大空"));
        office.append(&begun.chain(corrected).collect::<Vec<_>>()).await;
    }
    office.project().await;
    let request = |text| ListRequest {
        search: Search::parse(text, SearchScope::Public).expect("a short text"),
        ..request(1, Filter::default())
    };
    assert_eq!(office.list(&request("大空")).await.total.count(), ROUNDS * EACH);
    assert_eq!(office.list(&request("青空")).await.total.count(), 0);
    let report = rebuild(&office.store, &*office.now(), |_, _| {})
        .await
        .expect("a rebuild");
    assert!(report.is_same(), "{report:?}");
}

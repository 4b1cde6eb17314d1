//! Who has which record open: others than oneself, of this record, and only while their pages say so.

use chrono::TimeDelta;
use storage::Storage;
use storage::viewer::{self, Viewer};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    others_are_whoever_has_the_record_open_and_not_oneself,
    a_page_that_says_nothing_more_is_over_and_its_row_goes,
);

fn page(record_id: Uuid, staff_id: Uuid) -> Viewer {
    Viewer {
        id: Uuid::now_v7(),
        record_id,
        staff_id,
    }
}

async fn others_are_whoever_has_the_record_open_and_not_oneself(db: TestDatabase) {
    let storage = Storage::open(db.database().clone()).await.expect("an office");
    let (recorder, now) = (storage.read_recorder(), FixedClock::default().now());
    let [record, elsewhere] = [Uuid::now_v7(), Uuid::now_v7()];
    let [one, two, three] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    let mine = page(record, one);
    let pages = [
        mine,
        page(record, one),
        page(record, two),
        page(record, two),
        page(elsewhere, three),
    ];
    for seen in pages {
        viewer::see(recorder, seen, now).await.expect("seen");
    }
    let since = now - TimeDelta::seconds(25);
    assert_eq!(
        viewer::others(recorder, mine, since).await.expect("others"),
        [two]
    );
    viewer::leave(recorder, pages[2].id).await.expect("left");
    assert_eq!(
        viewer::others(recorder, mine, since).await.expect("others"),
        [two],
        "their other page"
    );
    viewer::leave(recorder, pages[3].id).await.expect("left");
    assert!(
        viewer::others(recorder, mine, since)
            .await
            .expect("others")
            .is_empty()
    );
}

async fn a_page_that_says_nothing_more_is_over_and_its_row_goes(db: TestDatabase) {
    let storage = Storage::open(db.database().clone()).await.expect("an office");
    let (recorder, now) = (storage.read_recorder(), FixedClock::default().now());
    let record = Uuid::now_v7();
    let [mine, theirs] = [page(record, Uuid::now_v7()), page(record, Uuid::now_v7())];
    viewer::see(recorder, theirs, now).await.expect("seen");
    let later = now + TimeDelta::seconds(30);
    assert!(
        viewer::others(recorder, mine, now)
            .await
            .expect("others")
            .is_empty()
    );
    viewer::see(recorder, theirs, later)
        .await
        .expect("seen once more, in the same row");
    assert_eq!(
        viewer::others(recorder, mine, now).await.expect("others").len(),
        1
    );
    assert_eq!(viewer::clean(recorder, later).await.expect("cleaned"), 0);
    let gone = viewer::clean(recorder, later + TimeDelta::seconds(1)).await;
    assert_eq!(gone.expect("cleaned"), 1);
}

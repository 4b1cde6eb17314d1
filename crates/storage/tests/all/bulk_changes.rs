//! The records of bulk changes: chosen, tried out, done.

use domain::bulk_change::{Difference, Outcome};
use domain::{BulkChangeId, DeclarationId};
use event_store::Position;
use storage::bulk_change_row::{self as rows, Chosen, Judged, Pass};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::Office;

test_support::on_both_engines!(
    records_are_kept_in_their_order_and_judged_twice,
    what_an_earlier_try_chose_is_gone,
);

fn chosen(count: u128) -> Vec<Chosen> {
    (1..=count)
        .map(|number| Chosen {
            declaration_id: DeclarationId::new(Uuid::from_u128(number)),
            version: Position::new(7),
        })
        .collect()
}

fn judged(ordinal: u32, outcome: Outcome) -> Judged {
    Judged {
        ordinal,
        outcome,
        code: (outcome == Outcome::Refused).then(|| "not_live".to_owned()),
        message: (outcome == Outcome::Refused).then(|| "有効ではありません。".to_owned()),
        differences: vec![Difference {
            what: "city".to_owned(),
            before: None,
            after: Some("新みほん市".to_owned()),
        }],
    }
}

async fn records_are_kept_in_their_order_and_judged_twice(db: TestDatabase) {
    let _office = Office::open(&db).await;
    let (database, id) = (db.database(), BulkChangeId::new(Uuid::from_u128(1)));
    // More than are written in one transaction.
    rows::freeze(database, id, &chosen(1_203))
        .await
        .expect("they are kept");
    let first = rows::open(database, id, Pass::Trial, 0, 2).await.expect("rows");
    let ordinals: Vec<u32> = first.iter().map(|row| row.ordinal).collect();
    assert_eq!(ordinals, [1, 2]);
    assert_eq!(first[1].version, Position::new(7));
    let trial = [judged(1, Outcome::Changed), judged(2, Outcome::Refused)];
    rows::judge(database, id, Pass::Trial, &trial)
        .await
        .expect("they are judged");
    let next = rows::open(database, id, Pass::Trial, 0, 1).await.expect("rows");
    assert_eq!(next[0].ordinal, 3, "what is known is not open");
    let open = rows::open(database, id, Pass::Run, 0, 1).await.expect("rows");
    assert_eq!((open[0].ordinal, open[0].trial), (1, Some(Outcome::Changed)));
    rows::judge(database, id, Pass::Run, &[judged(1, Outcome::Changed)])
        .await
        .expect("it is judged");
    let mut counts = rows::counts(database, id, Pass::Trial).await.expect("counts");
    counts.sort_unstable();
    assert_eq!(
        counts,
        [
            (None, 1_201),
            (Some(Outcome::Changed), 1),
            (Some(Outcome::Refused), 1)
        ]
    );
    let refused = Some((Pass::Trial, Outcome::Refused));
    let page = rows::page(database, id, refused, 0, 10).await.expect("rows");
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].code.as_deref(), Some("not_live"));
    assert_eq!(page[0].differences[0].after.as_deref(), Some("新みほん市"));
    let of_run = rows::page(database, id, Some((Pass::Run, Outcome::Changed)), 0, 10).await;
    assert_eq!(of_run.expect("rows").len(), 1);
    let all = rows::page(database, id, None, 1_200, 10).await.expect("rows");
    assert_eq!(all.len(), 3);
}

async fn what_an_earlier_try_chose_is_gone(db: TestDatabase) {
    let _office = Office::open(&db).await;
    let (database, id) = (db.database(), BulkChangeId::new(Uuid::from_u128(2)));
    rows::freeze(database, id, &chosen(5))
        .await
        .expect("they are kept");
    rows::freeze(database, id, &chosen(2))
        .await
        .expect("they are kept");
    let page = rows::page(database, id, None, 0, 10).await.expect("rows");
    assert_eq!(page.len(), 2);
}

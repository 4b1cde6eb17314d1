//! Walking through the register as it was at one moment, and the pieces of files that leave.

use domain::ExportId;
use storage::declaration::{
    Declarations, Filter, Limits, ListRequest, STRIDE, Search, SearchScope, Sort, Walk,
};
use storage::export_piece::{self, Of};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, Sample, day, numbers, register};

test_support::on_both_engines!(
    a_walk_sees_every_row_once_in_its_order_as_it_was_when_it_began,
    a_walk_through_what_a_condition_leaves_is_the_list_of_all_its_pages,
    pieces_of_an_attempt_are_kept_apart_and_go_when_the_next_one_begins,
);

async fn walked(mut walk: Walk) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let (rows, _) = walk.next().await.expect("a page");
        if rows.is_empty() {
            return found;
        }
        assert!(rows.len() <= STRIDE as usize);
        found.extend(numbers(&rows));
    }
}

fn by_number(filter: Filter) -> ListRequest {
    ListRequest {
        filter,
        sort: Sort::NumberAsc,
        ..ListRequest::default()
    }
}

async fn a_walk_sees_every_row_once_in_its_order_as_it_was_when_it_began(db: TestDatabase) {
    let office = Office::open(&db).await;
    let count = u64::from(STRIDE) + 3;
    for some in register(count).chunks(500) {
        office.append(some).await;
    }
    office.project().await;
    let declarations = office.storage.declarations();
    let mut walk = declarations
        .walk(by_number(Filter::default()))
        .await
        .expect("a walk");
    let (first, total) = walk.next().await.expect("a page");
    assert_eq!((first.len(), total), (STRIDE as usize, count));
    let before = walk.position();
    // Others go on.
    office
        .append(&[Sample::corporation(90_000, "株式会社あとから").registered()])
        .await;
    office.project().await;
    let (last, _) = walk.next().await.expect("a page");
    assert_eq!(last.len(), 3);
    assert!(walk.next().await.expect("the end").0.is_empty());
    let found = [numbers(&first), numbers(&last)].concat();
    assert!(found.is_sorted(), "in the order of the numbers");
    assert_eq!(walk.position(), before);
    drop(walk);
    let after = walked(
        declarations
            .walk(by_number(Filter::default()))
            .await
            .expect("a walk"),
    )
    .await;
    assert_eq!(after.len(), found.len() + 1);
}

async fn a_walk_through_what_a_condition_leaves_is_the_list_of_all_its_pages(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(120)).await;
    office.project().await;
    let spans = Filter {
        declared_from: Some(day("2018-01-10")),
        declared_to: Some(day("2018-03-15")),
        ..Filter::default()
    };
    let search = Search::parse("つばさ", SearchScope::Public).expect("it is short");
    let usual = Declarations::new(db.database().clone());
    // By every way in which rows are found.
    let low = Declarations::with_limits(db.database().clone(), Limits { gather: 2, exact: 3 });
    for declarations in [usual, low] {
        for (filter, search) in [
            (Filter::default(), None),
            (spans.clone(), None),
            (Filter::default(), search.clone()),
            (spans.clone(), search.clone()),
        ] {
            let request = ListRequest {
                search,
                ..by_number(filter)
            };
            let page = ListRequest {
                first: 200,
                ..request.clone()
            };
            let listed = declarations.list(&page).await.expect("a page");
            assert!(!listed.rows.is_empty() && !listed.has_next_page);
            let walk = declarations.walk(request).await.expect("a walk");
            assert_eq!(walked(walk).await, numbers(&listed.rows));
        }
    }
}

async fn pieces_of_an_attempt_are_kept_apart_and_go_when_the_next_one_begins(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.storage.database();
    let id = ExportId::new(Uuid::from_u128(1));
    let of = |term| Of {
        export_id: id,
        term,
        part: "file",
    };
    for seq in 0..45 {
        export_piece::add(database, of(1), seq, b"sealed")
            .await
            .expect("kept");
    }
    export_piece::add(database, of(2), 0, b"anew")
        .await
        .expect("kept");
    assert_eq!(export_piece::count(database, of(1)).await.expect("a count"), 45);
    export_piece::remove_up_to(database, id, 1)
        .await
        .expect("removed");
    assert_eq!(export_piece::count(database, of(1)).await.expect("a count"), 0);
    let piece = export_piece::find(database, of(2), 0).await.expect("an answer");
    assert_eq!(piece.as_deref(), Some(b"anew".as_slice()));
    // None of them belongs to an export that has ended.
    assert_eq!(export_piece::remove_ended(database).await.expect("removed"), 0);
}

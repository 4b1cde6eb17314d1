//! Saved views: whose they are, under which names, and with which the list begins.

use chrono::{DateTime, Utc};
use storage::list_view::{self, Outcome, Saved, ViewedList};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    private_views_are_seen_by_their_owner_alone_and_shared_ones_by_all,
    a_name_is_taken_once_among_the_shared_and_once_for_each_owner,
    a_view_is_saved_anew_by_whoever_has_seen_its_newest_revision,
    the_list_begins_with_one_view_until_that_is_deleted,
    each_list_has_its_own_names_views_and_beginning,
);

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

fn view(id: u128, name: &str, is_shared: bool) -> Saved {
    Saved {
        id: Uuid::from_u128(id),
        list: ViewedList::Declarations,
        is_shared,
        name: name.to_owned(),
        name_key: name.to_lowercase(),
        question: "state=ACTIVE".to_owned(),
    }
}

async fn add(db: &TestDatabase, owner: Uuid, saved: &Saved) -> Outcome {
    list_view::add(db.database(), owner, saved, now())
        .await
        .expect("it answers")
}

async fn names(db: &TestDatabase, staff: Uuid) -> Vec<String> {
    names_of(db, staff, ViewedList::Declarations).await
}

async fn names_of(db: &TestDatabase, staff: Uuid, list: ViewedList) -> Vec<String> {
    let seen = list_view::seen_by(db.database(), staff, list)
        .await
        .expect("they are read");
    seen.into_iter()
        .map(|view| format!("{}{}", view.name, if view.is_default { "*" } else { "" }))
        .collect()
}

async fn private_views_are_seen_by_their_owner_alone_and_shared_ones_by_all(db: TestDatabase) {
    for (owner, saved) in [
        (ONE, view(11, "b", false)),
        (ONE, view(12, "c", true)),
        (OTHER, view(13, "a", false)),
    ] {
        assert_eq!(add(&db, owner, &saved).await, Outcome::Done);
    }
    assert_eq!(names(&db, ONE).await, ["c", "b"]);
    assert_eq!(names(&db, OTHER).await, ["c", "a"]);
    let seen = list_view::seen_by(db.database(), ONE, ViewedList::Declarations)
        .await
        .expect("they are read");
    assert_eq!(
        (seen[0].owner_id, seen[0].is_shared, seen[0].revision),
        (ONE, true, 1)
    );
    assert_eq!(
        (seen[1].question.as_str(), seen[1].changed_at),
        ("state=ACTIVE", now())
    );
}

async fn a_name_is_taken_once_among_the_shared_and_once_for_each_owner(db: TestDatabase) {
    for (owner, saved, outcome) in [
        (ONE, view(11, "A", false), Outcome::Done),
        (ONE, view(12, "a", false), Outcome::NameTaken),
        (OTHER, view(13, "a", false), Outcome::Done),
        (ONE, view(14, "a", true), Outcome::Done),
        (OTHER, view(15, "A", true), Outcome::NameTaken),
        // The id is taken, too.
        (ONE, view(11, "z", false), Outcome::NameTaken),
    ] {
        assert_eq!(add(&db, owner, &saved).await, outcome, "{saved:?}");
    }
    let shared = Saved {
        is_shared: true,
        ..view(11, "A", false)
    };
    let changed = list_view::change(db.database(), 1, &shared, now()).await;
    assert_eq!(changed.expect("it answers"), Outcome::NameTaken);
    assert_eq!(names(&db, ONE).await, ["a", "A"], "nothing was changed");
}

async fn a_view_is_saved_anew_by_whoever_has_seen_its_newest_revision(db: TestDatabase) {
    add(&db, ONE, &view(11, "a", false)).await;
    let change = async |revision, name: &str| {
        list_view::change(db.database(), revision, &view(11, name, true), now())
            .await
            .expect("it answers")
    };
    assert_eq!(change(1, "b").await, Outcome::Done);
    assert_eq!(change(1, "c").await, Outcome::Gone, "somebody was faster");
    assert_eq!(change(2, "d").await, Outcome::Done);
    assert_eq!(names(&db, OTHER).await, ["d"], "it is shared now");
}

async fn the_list_begins_with_one_view_until_that_is_deleted(db: TestDatabase) {
    add(&db, ONE, &view(11, "a", false)).await;
    add(&db, ONE, &view(12, "b", true)).await;
    let begin = async |staff, id: Option<u128>| {
        list_view::set_default(
            db.database(),
            staff,
            ViewedList::Declarations,
            id.map(Uuid::from_u128),
        )
        .await
        .expect("it is kept");
    };
    begin(ONE, Some(11)).await;
    begin(ONE, Some(12)).await;
    begin(OTHER, Some(12)).await;
    assert_eq!(names(&db, ONE).await, ["b*", "a"]);
    begin(ONE, None).await;
    assert_eq!(names(&db, ONE).await, ["b", "a"]);
    assert_eq!(names(&db, OTHER).await, ["b*"]);
    list_view::remove(db.database(), Uuid::from_u128(12))
        .await
        .expect("it goes");
    assert_eq!(names(&db, OTHER).await, [""; 0]);
    add(&db, ONE, &view(12, "b", true)).await;
    assert_eq!(
        names(&db, OTHER).await,
        ["b"],
        "another one of that id begins nothing"
    );
}

async fn each_list_has_its_own_names_views_and_beginning(db: TestDatabase) {
    let of_desk = |id, name| Saved {
        list: ViewedList::Inquiries,
        ..view(id, name, true)
    };
    add(&db, ONE, &view(11, "a", true)).await;
    assert_eq!(add(&db, ONE, &of_desk(12, "a")).await, Outcome::Done);
    assert_eq!(add(&db, OTHER, &of_desk(13, "a")).await, Outcome::NameTaken);
    let begin = async |list, id: Option<u128>| {
        list_view::set_default(db.database(), ONE, list, id.map(Uuid::from_u128))
            .await
            .expect("it is kept");
    };
    begin(ViewedList::Declarations, Some(11)).await;
    begin(ViewedList::Inquiries, Some(12)).await;
    assert_eq!(names_of(&db, ONE, ViewedList::Inquiries).await, ["a*"]);
    begin(ViewedList::Inquiries, None).await;
    assert_eq!(names_of(&db, ONE, ViewedList::Inquiries).await, ["a"]);
    assert_eq!(names(&db, ONE).await, ["a*"], "the other list begins as before");
    // It stays a view of the list that it was saved for.
    let moved = list_view::change(db.database(), 1, &of_desk(11, "b"), now()).await;
    assert_eq!(moved.expect("it answers"), Outcome::Gone);
}

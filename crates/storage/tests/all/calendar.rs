//! The calendar's tables: written in the transaction of the event, and every query on them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{
    CalendarEvent, DayKind, Deadline, DeadlineId, Hours, OfficeDay, TimeOfDay, TypedDeadline,
};
use event_store::{Append, NewEvent, Position, Tag};
use storage::calendar::{self, CursorError, DeadlinePage, DeadlineScope};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, day};

test_support::on_both_engines!(
    own_days_are_there_with_their_event_and_stay_known_when_they_are_cleared,
    hours_are_as_by_default_until_they_are_set,
    deadlines_come_change_and_go,
    deadlines_are_listed_page_by_page_in_both_directions,
    a_log_that_was_loaded_fills_the_same_tables,
    an_event_of_the_calendar_that_nobody_understands_is_refused,
);

fn new_event(event: &CalendarEvent) -> NewEvent {
    let encoded = event.encode();
    NewEvent {
        id: Uuid::now_v7(),
        event_type: encoded.event_type.to_owned(),
        schema_version: encoded.schema_version,
        tags: vec![Tag::new(encoded.tag.0, encoded.tag.1).expect("a tag")],
        effective_at: day("2026-11-26"),
        data: encoded.data,
        personal: Vec::new(),
    }
}

fn append_of(office: &Office, events: Vec<NewEvent>) -> Append {
    Append {
        command_id: Uuid::now_v7(),
        actor: "system:test".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events,
        guards: Vec::new(),
        recorded_at: office.clock.now(),
    }
}

/// Appends as one command; says where the last one stands.
async fn append(office: &Office, events: &[CalendarEvent]) -> Position {
    let append = append_of(office, events.iter().map(new_event).collect());
    let appended = office.store.append(append).await.expect("the append is taken");
    appended.receipt().last
}

fn own(kind: DayKind, name: &str) -> OfficeDay {
    OfficeDay {
        kind,
        name: name.to_owned(),
    }
}

fn set(date: &str, kind: DayKind, name: &str) -> CalendarEvent {
    CalendarEvent::DaySet {
        date: day(date),
        day: own(kind, name),
    }
}

fn deadline(n: u128, date: &str, time: &str) -> Deadline {
    let typed = TypedDeadline {
        day: date.to_owned(),
        time: time.to_owned(),
        name: format!("みほん補助金 第{n}回"),
        source: "https://example.jp/hojo".to_owned(),
        note: "電子申請のみ".to_owned(),
    };
    typed.read(DeadlineId(Uuid::from_u128(n))).expect("a deadline")
}

fn hours(opens: &str, closes: &str) -> Hours {
    let time = |text: &str| TimeOfDay::parse(text).expect("a time");
    Hours::new(time(opens), time(closes)).expect("hours")
}

async fn own_days_are_there_with_their_event_and_stay_known_when_they_are_cleared(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = db.database();
    assert_eq!(
        calendar::newest(database).await.expect("an answer"),
        Position::START
    );
    assert_eq!(
        calendar::day(database, day("2026-12-28"))
            .await
            .expect("an answer"),
        None
    );
    let first = append(
        &office,
        &[
            set("2026-12-28", DayKind::Closed, "館内点検"),
            set("2026-12-29", DayKind::Open, "臨時の窓口"),
        ],
    )
    .await;
    assert_eq!(calendar::newest(database).await.expect("an answer"), first);
    let found = calendar::day(database, day("2026-12-28"))
        .await
        .expect("an answer")
        .expect("a day");
    assert_eq!(found.own, Some(own(DayKind::Closed, "館内点検")));
    assert_eq!(found.version.next(), first);
    assert_eq!(
        (found.changed_at, found.changed_by.as_str()),
        (office.clock.now(), "system:test")
    );

    // Within one batch the last one stands.
    let cleared = CalendarEvent::DayCleared {
        date: day("2026-12-28"),
    };
    let last = append(
        &office,
        &[set("2026-12-28", DayKind::Open, "点検は中止"), cleared],
    )
    .await;
    let found = calendar::day(database, day("2026-12-28"))
        .await
        .expect("an answer")
        .expect("still known");
    assert_eq!((found.own, found.version), (None, last));
    let dates =
        |rows: Vec<calendar::DayRow>| -> Vec<NaiveDate> { rows.into_iter().map(|row| row.date).collect() };
    let all = calendar::all_days(database).await.expect("an answer");
    assert_eq!(dates(all), [day("2026-12-29")]);
    let between = async |from: &str, to: &str| {
        dates(
            calendar::days_between(database, day(from), day(to))
                .await
                .expect("an answer"),
        )
    };
    assert_eq!(
        between("2026-12-01", "2026-12-31").await,
        [day("2026-12-28"), day("2026-12-29")]
    );
    assert_eq!(between("2026-12-29", "2026-12-29").await, [day("2026-12-29")]);
    assert!(between("2027-01-01", "2027-01-31").await.is_empty());
}

async fn hours_are_as_by_default_until_they_are_set(db: TestDatabase) {
    let office = Office::open(&db).await;
    append(&office, &[set("2026-12-28", DayKind::Closed, "館内点検")]).await;
    let found = calendar::hours(db.database()).await.expect("an answer");
    assert_eq!(found, calendar::HoursRow::default());
    let event = CalendarEvent::HoursSet {
        hours: hours("9:00", "24:00"),
        closed_at_year_end: false,
    };
    let version = append(&office, &[event]).await;
    append(&office, &[set("2026-12-28", DayKind::Open, "臨時の窓口")]).await;
    let found = calendar::hours(db.database()).await.expect("an answer");
    assert_eq!(
        (found.hours, found.closed_at_year_end, found.version),
        (hours("9:00", "24:00"), false, version)
    );
    assert_eq!(
        found.changed,
        Some((office.clock.now(), "system:test".to_owned()))
    );
}

async fn deadlines_come_change_and_go(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = db.database();
    let (one, two) = (
        deadline(1, "2026-12-25", "17:00"),
        deadline(2, "2026-12-31", "24:00"),
    );
    append(
        &office,
        &[
            CalendarEvent::DeadlineAdded(one.clone()),
            CalendarEvent::DeadlineAdded(two.clone()),
        ],
    )
    .await;
    let found = calendar::deadline(database, one.id)
        .await
        .expect("an answer")
        .expect("a deadline");
    assert_eq!((&found.deadline, found.changed_at), (&one, office.clock.now()));

    let later = Deadline {
        day: day("2027-01-08"),
        ..one.clone()
    };
    let version = append(&office, &[CalendarEvent::DeadlineChanged(later.clone())]).await;
    let found = calendar::deadline(database, one.id)
        .await
        .expect("an answer")
        .expect("a deadline");
    assert_eq!((found.deadline, found.version), (later.clone(), version));

    // The end of the year belongs to the old one.
    let on = async |first: &str, last: &str| {
        let found = calendar::deadlines_between(database, [day(first), day(last)], 10)
            .await
            .expect("an answer");
        found.into_iter().map(|row| row.deadline.id).collect::<Vec<_>>()
    };
    assert_eq!(on("2026-12-01", "2026-12-31").await, [two.id]);
    assert_eq!(on("2027-01-01", "2027-01-31").await, [one.id]);
    let midnight = DateTime::parse_from_rfc3339("2027-01-01T00:00:00+09:00")
        .expect("an instant")
        .with_timezone(&Utc);
    let from = calendar::deadlines_from(database, midnight, 10)
        .await
        .expect("an answer");
    assert_eq!(from.len(), 1, "24:00 is over at midnight");
    let named = calendar::deadlines_named(database, &[two.name.clone(), "'; --".to_owned()])
        .await
        .expect("an answer");
    assert_eq!(
        named.iter().map(|row| row.deadline.id).collect::<Vec<_>>(),
        [two.id]
    );

    let removed = CalendarEvent::DeadlineRemoved { id: one.id };
    let last = append(&office, &[CalendarEvent::DeadlineChanged(one.clone()), removed]).await;
    assert_eq!(
        calendar::deadline(database, one.id).await.expect("an answer"),
        None
    );
    assert_eq!(calendar::newest(database).await.expect("an answer"), last);
}

async fn deadlines_are_listed_page_by_page_in_both_directions(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = db.database();
    // Two at the same moment, in the order of their ids.
    let days = [
        "2026-11-20",
        "2026-11-25",
        "2026-12-01",
        "2026-12-01",
        "2026-12-02",
        "2026-12-03",
    ];
    let events: Vec<_> = (1..)
        .zip(days)
        .map(|(n, day)| CalendarEvent::DeadlineAdded(deadline(n, day, "17:00")))
        .collect();
    append(&office, &events).await;
    let now = "2026-11-26T00:00:00Z".parse().expect("an instant");
    let page = async |scope, first, after: Option<&str>| {
        let page = calendar::deadlines_page(database, scope, now, first, after)
            .await
            .expect("an answer");
        page.map(|DeadlinePage { rows, next, total }| {
            let ids: Vec<u128> = rows.iter().map(|row| row.deadline.id.0.as_u128()).collect();
            (ids, next, total)
        })
    };
    let (ids, next, total) = page(DeadlineScope::Upcoming, 1, None).await.expect("a page");
    assert_eq!((ids, total), (vec![3], 4));
    let (ids, next, _) = page(DeadlineScope::Upcoming, 2, next.as_deref())
        .await
        .expect("a page");
    assert_eq!(ids, [4, 5]);
    let (ids, next, _) = page(DeadlineScope::Upcoming, 2, next.as_deref())
        .await
        .expect("a page");
    assert_eq!((ids, next), (vec![6], None));
    let (ids, next, total) = page(DeadlineScope::Past, 1, None).await.expect("a page");
    assert_eq!((ids, total), (vec![2], 2));
    let (ids, next, _) = page(DeadlineScope::Past, 1, next.as_deref())
        .await
        .expect("a page");
    assert_eq!((ids, next), (vec![1], None));
    for cursor in [
        "",
        "x",
        "1",
        "1.x",
        "99999999999999999999.00000000000000000000000000000000",
    ] {
        assert_eq!(
            page(DeadlineScope::Upcoming, 1, Some(cursor)).await,
            Err(CursorError),
            "{cursor}"
        );
    }
}

async fn a_log_that_was_loaded_fills_the_same_tables(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = db.database();
    let (one, two) = (
        deadline(1, "2026-12-25", "17:00"),
        deadline(2, "2026-12-31", "24:00"),
    );
    let hours = CalendarEvent::HoursSet {
        hours: hours("10:00", "16:00"),
        closed_at_year_end: false,
    };
    append(
        &office,
        &[
            set("2026-12-28", DayKind::Closed, "館内点検"),
            CalendarEvent::DeadlineAdded(one),
            hours,
        ],
    )
    .await;
    append(
        &office,
        &[
            CalendarEvent::DayCleared {
                date: day("2026-12-28"),
            },
            CalendarEvent::DeadlineAdded(two.clone()),
        ],
    )
    .await;
    append(
        &office,
        &[
            CalendarEvent::DeadlineRemoved { id: two.id },
            set("2026-12-30", DayKind::Open, "臨時の窓口"),
        ],
    )
    .await;
    let everything = async || {
        let days = calendar::days_between(database, day("2026-01-01"), day("2026-12-31"))
            .await
            .expect("days");
        let deadlines = calendar::deadlines_from(database, DateTime::<Utc>::UNIX_EPOCH, 100).await;
        let hours = calendar::hours(database).await.expect("hours");
        let newest = calendar::newest(database).await.expect("a position");
        (days, deadlines.expect("deadlines"), hours, newest)
    };
    let before = everything().await;
    assert_eq!((before.0.len(), before.1.len()), (2, 1));

    let log = office
        .store
        .read(&event_store::Query::all(), Position::START, 100)
        .await
        .expect("the log");
    assert!(
        log.iter()
            .all(|event| storage::transfer::is_projected(&event.event_type))
    );
    let mut tx = database.begin_write().await.expect("a transaction");
    for sql in [
        "DELETE FROM calendar_day",
        "DELETE FROM calendar_hours",
        "DELETE FROM deadline",
    ] {
        event_store::each_engine!(tx, c => sqlx::query(sql).execute(c).await.map(drop)).expect("emptied");
    }
    // In pages, as a loaded log is read.
    for page in log.chunks(2) {
        storage::transfer::project(&mut tx, page)
            .await
            .expect("projected");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(everything().await, before);
}

async fn an_event_of_the_calendar_that_nobody_understands_is_refused(db: TestDatabase) {
    let office = Office::open(&db).await;
    let mut stranger = new_event(&set("2026-12-28", DayKind::Closed, "館内点検"));
    "calendar.day_painted".clone_into(&mut stranger.event_type);
    assert!(
        office
            .store
            .append(append_of(&office, vec![stranger]))
            .await
            .is_err()
    );
    assert_eq!(
        calendar::newest(db.database()).await.expect("an answer"),
        Position::START
    );
}

//! Given what happened, when somebody wants something, then this happens or it is refused.

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::incident::IncidentStatus;
use crate::staff::{Actor, StaffId};

const THRESHOLD: u32 = 1_000;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+09:00").parse().expect("an instant")
}

fn clock(office: &OfficeDays) -> Clock<'_> {
    Clock {
        now: at("2026-12-10T12:00"),
        office,
        moves: false,
    }
}

fn id() -> IncidentId {
    IncidentId::new(Uuid::from_u128(9))
}

fn opened(categories: &[Category]) -> IncidentEvent {
    open(
        id(),
        at("2026-11-27T23:30"),
        categories.to_vec(),
        clock(&OfficeDays::default()),
    )
    .expect("it opens")
}

fn given(categories: &[Category], events: &[IncidentEvent]) -> Incident {
    let by = Actor::Staff(StaffId(Uuid::from_u128(1)));
    let all: Vec<_> = std::iter::once(opened(categories))
        .chain(events.iter().cloned())
        .collect();
    Incident::of(all.iter().map(|event| (event, &by, DateTime::UNIX_EPOCH))).expect("an incident")
}

fn counted(persons: u32) -> IncidentEvent {
    count_persons(&given(&[], &[]), persons, None, clock(&OfficeDays::default())).expect("counted")
}

fn written(items: &[ReportItem]) -> IncidentEvent {
    write_report(&given(&[], &[]), items).expect("written")
}

fn reported(stage: ReportStage) -> IncidentEvent {
    IncidentEvent::Reported {
        incident_id: id(),
        stage,
        on: day("2026-12-01"),
    }
}

#[test]
fn t57_the_day_of_awareness_in_japan_is_the_first_day_of_both_clocks() {
    let plain = given(&[], &[]);
    assert_eq!(plain.opened.first_due_on, day("2026-12-01"));
    assert_eq!(plain.final_due_on, day("2026-12-26"));
    let wrongful = given(&[Category::Wrongful, Category::Wrongful], &[]);
    assert_eq!(wrongful.final_due_on, day("2027-01-25"));
    assert_eq!(wrongful.categories, [Category::Wrongful]);
    let office = OfficeDays::default();
    let moving = Clock {
        moves: true,
        ..clock(&office)
    };
    let moved = open(id(), at("2026-11-27T23:30"), vec![], moving);
    let Ok(IncidentEvent::Opened(moved)) = moved else {
        panic!("{moved:?}")
    };
    assert_eq!(
        moved.first_due_on,
        day("2026-12-01"),
        "the first report never moves"
    );
    assert_eq!(moved.final_due_on, day("2026-12-28"), "the 26th is a Saturday");
    let early = open(id(), at("2026-12-10T12:01"), vec![], clock(&office));
    assert_eq!(early, Err(IncidentRefusal::InFuture));
}

#[test]
fn t45_a_mistyped_year_is_refused_and_the_log_never_sees_a_number_that_it_cannot_hold() {
    let office = OfficeDays::default();
    for mistyped in ["0288-10-24T15:24", "2016-11-01T00:00"] {
        let refused = open(id(), at(mistyped), Vec::new(), clock(&office));
        assert_eq!(refused, Err(IncidentRefusal::TooLongAgo), "{mistyped}");
    }
    let scope = Scope {
        from: at("0202-11-01T00:00"),
        to: at("2026-11-01T00:00"),
        account: StaffId(Uuid::from_u128(2)),
    };
    let counted = count_persons(&given(&[], &[]), 1, Some(scope), clock(&office));
    assert_eq!(counted, Err(IncidentRefusal::TooLongAgo));
}

#[test]
fn t57_whether_somebody_meant_harm_moves_the_final_report() {
    let office = OfficeDays::default();
    let plain = given(&[Category::Financial], &[]);
    let classified = classify(&plain, vec![Category::Wrongful], clock(&office)).expect("classified");
    let wrongful = given(&[Category::Financial], &[classified]);
    assert_eq!(wrongful.final_due_on, day("2027-01-25"));
    let back = classify(&wrongful, vec![], clock(&office)).expect("classified");
    assert!(
        matches!(back, IncidentEvent::Classified { final_due_on, .. } if final_due_on == day("2026-12-26"))
    );
    let same = classify(&wrongful, vec![Category::Wrongful], clock(&office));
    assert_eq!(same, Err(IncidentRefusal::NoChange));
}

#[test]
fn t57_more_persons_than_the_threshold_or_one_of_the_kinds_must_be_reported() {
    let cases: [(&[Category], Option<u32>, bool); 5] = [
        (&[], None, false),
        (&[], Some(1_000), false),
        (&[], Some(1_001), true),
        (&[Category::Sensitive], Some(1), true),
        (&[Category::ManyPersons], None, true),
    ];
    for (categories, persons, must) in cases {
        let events: Vec<_> = persons.map(counted).into_iter().collect();
        let incident = given(categories, &events);
        assert_eq!(
            incident.must_be_reported(THRESHOLD),
            must,
            "{categories:?} {persons:?}"
        );
    }
    assert!(
        given(&[], &[counted(101)]).must_be_reported(100),
        "an office of the public sector"
    );
}

#[test]
fn what_is_due_next_is_the_first_report_then_the_final_one() {
    let next =
        |categories: &[Category], events: &[IncidentEvent]| given(categories, events).next_due(THRESHOLD);
    assert_eq!(
        next(&[], &[]),
        Some((ReportStage::First, day("2026-12-01"))),
        "nobody has judged it"
    );
    assert_eq!(next(&[], &[counted(3)]), None, "it need not be reported");
    let first = reported(ReportStage::First);
    let due = Some((ReportStage::Final, day("2026-12-26")));
    assert_eq!(next(&[Category::Sensitive], std::slice::from_ref(&first)), due);
    assert_eq!(
        next(&[Category::Sensitive], &[first, reported(ReportStage::Final)]),
        None
    );
}

#[test]
fn t57_a_final_report_has_all_nine_items() {
    let office = OfficeDays::default();
    let report =
        |incident: &Incident, stage| record_report(incident, stage, day("2026-12-01"), clock(&office));
    let empty = given(&[], &[]);
    assert_eq!(
        report(&empty, ReportStage::First),
        Err(IncidentRefusal::NothingWritten)
    );
    let some = given(&[], &[written(&[ReportItem::Cause, ReportItem::Outline])]);
    assert_eq!(
        some.filled,
        [ReportItem::Outline, ReportItem::Cause],
        "in the order of the law"
    );
    assert!(report(&some, ReportStage::First).is_ok());
    assert_eq!(
        report(&some, ReportStage::Final),
        Err(IncidentRefusal::Incomplete)
    );
    let all = given(&[], &[written(ReportItem::ALL)]);
    assert_eq!(ReportItem::ALL.len(), 9);
    assert!(report(&all, ReportStage::Final).is_ok());
    let sent = given(&[], &[written(ReportItem::ALL), reported(ReportStage::Final)]);
    for stage in [ReportStage::First, ReportStage::Final] {
        assert_eq!(report(&sent, stage), Err(IncidentRefusal::AlreadyReported));
    }
    assert_eq!(sent.status(), IncidentStatus::FinalReported);
}

#[test]
fn reports_and_notices_are_of_days_between_the_awareness_and_today() {
    let office = OfficeDays::default();
    let all = given(&[], &[written(ReportItem::ALL)]);
    for (on, refusal) in [
        ("2026-11-26", IncidentRefusal::TooEarly),
        ("2026-12-11", IncidentRefusal::InFuture),
    ] {
        assert_eq!(
            record_report(&all, ReportStage::First, day(on), clock(&office)),
            Err(refusal)
        );
        assert_eq!(notify_persons(&all, 3, day(on), clock(&office)), Err(refusal));
    }
    assert!(notify_persons(&all, 3, day("2026-11-27"), clock(&office)).is_ok());
    let nobody = notify_persons(&all, 0, day("2026-12-01"), clock(&office));
    assert_eq!(nobody, Err(IncidentRefusal::NoPersons));
}

#[test]
fn a_scope_is_a_time_that_has_begun() {
    let office = OfficeDays::default();
    let incident = given(&[], &[]);
    let scope = |from: &str, to: &str| Scope {
        account: StaffId(Uuid::from_u128(2)),
        from: at(from),
        to: at(to),
    };
    let count = |scope| count_persons(&incident, 4, Some(scope), clock(&office));
    assert!(count(scope("2026-11-01T00:00", "2026-11-27T00:00")).is_ok());
    let backwards = count(scope("2026-11-27T00:00", "2026-11-27T00:00"));
    assert_eq!(backwards, Err(IncidentRefusal::EmptyTime));
    let later = count(Scope {
        from: clock(&office).now + TimeDelta::seconds(1),
        to: clock(&office).now + TimeDelta::seconds(2),
        ..scope("2026-11-01T00:00", "2026-11-02T00:00")
    });
    assert_eq!(later, Err(IncidentRefusal::InFuture));
}

#[test]
fn an_incident_ends_when_it_was_reported_or_need_not_be() {
    assert_eq!(
        close(&given(&[], &[]), THRESHOLD),
        Err(IncidentRefusal::NotCounted)
    );
    let must = given(&[Category::Wrongful], &[counted(1)]);
    assert_eq!(close(&must, THRESHOLD), Err(IncidentRefusal::NotReported));
    let closed = close(&given(&[], &[counted(3)]), THRESHOLD).expect("closed");
    let over = given(&[], &[counted(3), closed]);
    assert_eq!(over.status(), IncidentStatus::Closed);
    let office = OfficeDays::default();
    let refused = [
        classify(&over, vec![Category::Wrongful], clock(&office)),
        count_persons(&over, 4, None, clock(&office)),
        write_report(&over, &[]),
        record_report(&over, ReportStage::First, day("2026-12-01"), clock(&office)),
        notify_persons(&over, 3, day("2026-12-01"), clock(&office)),
        close(&over, THRESHOLD),
    ];
    for outcome in refused {
        assert_eq!(outcome, Err(IncidentRefusal::Closed));
    }
    assert_eq!(note(&over), IncidentEvent::Noted { incident_id: id() });
}

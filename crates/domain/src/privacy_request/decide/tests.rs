//! Given what happened, when somebody wants something, then this happens or it is refused.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::privacy_request::PrivacyRequestStatus;
use crate::staff::Actor;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn id() -> PrivacyRequestId {
    PrivacyRequestId::new(Uuid::from_u128(9))
}

fn record(number: u128) -> DeclarationId {
    DeclarationId::new(Uuid::from_u128(number))
}

fn on(today: &str, office: &OfficeDays, run: impl FnOnce(Within<'_>) -> Decided) -> Decided {
    run(Within {
        today: day(today),
        office,
        moves: false,
    })
}

fn opened() -> PrivacyRequestEvent {
    on("2026-11-27", &OfficeDays::default(), |within| {
        let kind = PrivacyRequestKind::Disclosure;
        open(
            id(),
            kind,
            Channel::Mail,
            day("2026-11-25"),
            vec![record(2), record(1), record(2)],
            within,
        )
    })
    .expect("it opens")
}

fn given(events: &[PrivacyRequestEvent]) -> PrivacyRequest {
    let by = Actor::Staff(StaffId(Uuid::from_u128(1)));
    let all: Vec<_> = std::iter::once(opened()).chain(events.iter().cloned()).collect();
    PrivacyRequest::of(all.iter().map(|event| (event, &by, NOW))).expect("a request")
}

fn checked(is_confirmed: bool) -> PrivacyRequestEvent {
    check_identity(&given(&[]), IdentityMethod::Document, is_confirmed).expect("checked")
}

fn decided(outcome: Outcome) -> PrivacyRequestEvent {
    PrivacyRequestEvent::Decided {
        request_id: id(),
        outcome,
    }
}

fn answered() -> PrivacyRequestEvent {
    PrivacyRequestEvent::Answered {
        request_id: id(),
        on: day("2026-12-01"),
        channel: Channel::Post,
    }
}

fn disclosed(declaration_id: Option<DeclarationId>) -> Measure {
    Measure {
        kind: PrivacyRequestKind::Disclosure.into(),
        declaration_id,
        version: None,
        approval_id: None,
        person: None,
    }
}

#[test]
fn a_request_has_thirty_days_from_the_day_after_it_came_in() {
    let request = given(&[]);
    assert_eq!(request.due_on, day("2026-12-25"));
    assert_eq!(request.declarations, [record(1), record(2)]);
    assert_eq!(request.status(), PrivacyRequestStatus::Open);
    let office = OfficeDays::default();
    let future = on("2026-11-24", &office, |within| {
        open(
            id(),
            PrivacyRequestKind::Erasure,
            Channel::Mail,
            day("2026-11-25"),
            vec![],
            within,
        )
    });
    assert_eq!(future, Err(PrivacyRequestRefusal::InFuture));
    let many = on("2026-11-27", &office, |within| {
        let all = (0..51).map(record).collect();
        open(
            id(),
            PrivacyRequestKind::Erasure,
            Channel::Mail,
            day("2026-11-25"),
            all,
            within,
        )
    });
    assert_eq!(many, Err(PrivacyRequestRefusal::TooManyRecords));
    let moving = Within {
        today: day("2026-11-27"),
        office: &office,
        moves: true,
    };
    let moved = open(
        id(),
        PrivacyRequestKind::Erasure,
        Channel::Mail,
        day("2026-11-27"),
        vec![],
        moving,
    );
    let Ok(PrivacyRequestEvent::Opened(moved)) = moved else {
        panic!("{moved:?}")
    };
    assert_eq!(moved.due_on, day("2026-12-28"), "the 27th is a Sunday");
}

#[test]
fn the_days_in_which_something_is_missing_do_not_count() {
    let office = OfficeDays::default();
    let paused = on("2026-12-01", &office, |within| {
        pause(&given(&[]), day("2026-12-01"), within)
    });
    let paused = paused.expect("paused");
    let waiting = given(std::slice::from_ref(&paused));
    assert_eq!(waiting.status(), PrivacyRequestStatus::Paused);
    let again = on("2026-12-02", &office, |within| {
        pause(&waiting, day("2026-12-02"), within)
    });
    assert_eq!(again, Err(PrivacyRequestRefusal::Paused));
    assert_eq!(
        extend(&waiting, day("2027-01-10")),
        Err(PrivacyRequestRefusal::Paused)
    );
    let early = on("2026-12-10", &office, |within| {
        resume(&waiting, day("2026-11-30"), within)
    });
    assert_eq!(early, Err(PrivacyRequestRefusal::TooEarly));
    let resumed = on("2026-12-10", &office, |within| {
        resume(&waiting, day("2026-12-08"), within)
    });
    let going_on = given(&[paused, resumed.expect("resumed")]);
    assert_eq!(going_on.due_on, day("2027-01-01"), "seven days later");
    assert_eq!(going_on.status(), PrivacyRequestStatus::Open);
    let twice = on("2026-12-10", &office, |within| {
        resume(&going_on, day("2026-12-09"), within)
    });
    assert_eq!(twice, Err(PrivacyRequestRefusal::NotPaused));
    let before = on("2026-12-10", &office, |within| {
        pause(&given(&[]), day("2026-11-24"), within)
    });
    assert_eq!(before, Err(PrivacyRequestRefusal::TooEarly));
}

#[test]
fn it_can_take_longer_by_thirty_days_each_time_until_it_is_decided() {
    let once = extend(&given(&[]), day("2027-01-24")).expect("extended");
    let longer = given(std::slice::from_ref(&once));
    assert_eq!((longer.due_on, longer.extensions), (day("2027-01-24"), 1));
    let twice = extend(&longer, day("2027-02-23")).expect("extended");
    assert_eq!(given(&[once, twice]).extensions, 2);
    for late in ["2026-12-25", "2026-12-01", "2027-01-25"] {
        assert_eq!(
            extend(&given(&[]), day(late)),
            Err(PrivacyRequestRefusal::NotLater),
            "{late}"
        );
    }
    let over = given(&[decided(Outcome::Refused)]);
    assert_eq!(
        extend(&over, day("2027-01-10")),
        Err(PrivacyRequestRefusal::Decided)
    );
}

#[test]
fn nothing_is_given_to_somebody_who_is_not_proved() {
    for request in [
        given(&[]),
        given(&[checked(false)]),
        given(&[checked(true), checked(false)]),
    ] {
        for outcome in [Outcome::Granted, Outcome::Partly] {
            assert_eq!(
                decide(&request, outcome, &Standings::new()),
                Err(PrivacyRequestRefusal::NotIdentified)
            );
        }
        assert!(
            decide(&request, Outcome::Refused, &Standings::new()).is_ok(),
            "a refusal gives nothing"
        );
    }
    assert!(decide(&given(&[checked(true)]), Outcome::Granted, &Standings::new()).is_ok());
    // Doubts that come later stop what is still to be done.
    let doubted = given(&[checked(true), decided(Outcome::Granted), checked(false)]);
    assert_eq!(
        record_measure(&doubted, disclosed(None)),
        Err(PrivacyRequestRefusal::NotIdentified)
    );
}

#[test]
fn only_what_was_granted_is_done_and_only_in_the_records_of_the_request() {
    let granted = given(&[checked(true), decided(Outcome::Partly)]);
    assert!(record_measure(&granted, disclosed(Some(record(1)))).is_ok());
    let other = record_measure(&granted, disclosed(Some(record(3))));
    assert_eq!(other, Err(PrivacyRequestRefusal::OtherRecord));
    let early = record_measure(&given(&[checked(true)]), disclosed(None));
    assert_eq!(early, Err(PrivacyRequestRefusal::NotDecided));
    let refused = given(&[decided(Outcome::Refused)]);
    assert_eq!(
        record_measure(&refused, disclosed(None)),
        Err(PrivacyRequestRefusal::NothingGranted)
    );
    let done = record_measure(&granted, disclosed(None)).expect("done");
    let done = given(&[checked(true), decided(Outcome::Granted), done]);
    assert_eq!(
        decide(&done, Outcome::Refused, &Standings::new()),
        Err(PrivacyRequestRefusal::AlreadyDone)
    );
}

#[test]
fn a_case_ends_when_the_answer_went_out_and_what_was_granted_is_done() {
    let office = OfficeDays::default();
    let early = on("2026-12-01", &office, |within| {
        answer(&given(&[]), day("2026-12-01"), Channel::Post, within)
    });
    assert_eq!(early, Err(PrivacyRequestRefusal::NotDecided));
    let granted = [checked(true), decided(Outcome::Granted)];
    let silent = close(&given(&granted), Closing::Answered, &Standings::new());
    assert_eq!(silent, Err(PrivacyRequestRefusal::NotAnswered));
    let told = [granted.as_slice(), &[answered()]].concat();
    assert_eq!(
        close(&given(&told), Closing::Answered, &Standings::new()),
        Err(PrivacyRequestRefusal::NothingDone)
    );
    assert_eq!(given(&told).status(), PrivacyRequestStatus::Answered);
    let done = record_measure(&given(&told), disclosed(None)).expect("done");
    let all = [told.as_slice(), &[done]].concat();
    let closed = close(&given(&all), Closing::Answered, &Standings::new()).expect("closed");
    let over = given(&[all.as_slice(), &[closed]].concat());
    assert_eq!(over.status(), PrivacyRequestStatus::Closed);
    let refused = given(&[decided(Outcome::Refused), answered()]);
    assert!(
        close(&refused, Closing::Answered, &Standings::new()).is_ok(),
        "nothing was to be done"
    );
}

#[test]
fn a_request_can_be_taken_back_at_any_time_and_then_it_is_over() {
    let withdrawn = close(&given(&[]), Closing::Withdrawn, &Standings::new()).expect("withdrawn");
    let over = given(&[withdrawn]);
    let office = OfficeDays::default();
    let refused = [
        concern(&over, vec![record(3)]),
        assign(&over, Some(StaffId(Uuid::from_u128(2)))),
        check_identity(&over, IdentityMethod::Agent, true),
        extend(&over, day("2027-01-10")),
        decide(&over, Outcome::Refused, &Standings::new()),
        record_measure(&over, disclosed(None)),
        on("2026-12-10", &office, |within| {
            pause(&over, day("2026-12-01"), within)
        }),
        on("2026-12-10", &office, |within| {
            answer(&over, day("2026-12-01"), Channel::Mail, within)
        }),
        close(&over, Closing::Withdrawn, &Standings::new()),
    ];
    for outcome in refused {
        assert_eq!(outcome, Err(PrivacyRequestRefusal::Closed));
    }
    assert_eq!(note(&over), Ok(PrivacyRequestEvent::Noted { request_id: id() }));
}

#[test]
fn what_the_person_was_told_stands() {
    let told = given(&[decided(Outcome::Refused), answered()]);
    assert_eq!(
        decide(&told, Outcome::Refused, &Standings::new()),
        Err(PrivacyRequestRefusal::Answered)
    );
    assert_eq!(
        concern(&told, vec![record(3)]),
        Err(PrivacyRequestRefusal::Answered)
    );
    let again = decide(
        &given(&[decided(Outcome::Refused)]),
        Outcome::Refused,
        &Standings::new(),
    );
    assert!(again.is_ok(), "before the answer it can be decided anew");
}

#[test]
fn nothing_is_written_where_nothing_changes() {
    let request = given(&[]);
    let same = concern(&request, vec![record(1), record(2), record(1)]);
    assert_eq!(same, Err(PrivacyRequestRefusal::NoChange));
    assert_eq!(assign(&request, None), Err(PrivacyRequestRefusal::NoChange));
    let me = Some(StaffId(Uuid::from_u128(2)));
    let mine = given(&[assign(&request, me).expect("assigned")]);
    assert_eq!(mine.handler, me);
    assert_eq!(assign(&mine, me), Err(PrivacyRequestRefusal::NoChange));
}

/// A granted request that somebody is erased, with what happened after the decision.
fn to_erase(kind: PrivacyRequestKind, events: &[PrivacyRequestEvent]) -> PrivacyRequest {
    let mut request = given(&[checked(true), decided(Outcome::Granted)]);
    request.opened.kind = kind;
    let by = Actor::Staff(StaffId(Uuid::from_u128(1)));
    for event in events {
        request.apply(event, &by, NOW);
    }
    request
}

#[test]
fn an_erasure_is_asked_for_once_and_again_when_nothing_came_of_it() {
    let [first, second] = [1, 2].map(|id| ApprovalId::new(Uuid::from_u128(id)));
    let target = (record(1), Role::Contact);
    let standing = |standing| Standings::from([(first, standing)]);
    let granted = to_erase(PrivacyRequestKind::Erasure, &[]);
    let asked = request_erasure(&granted, target, first, &Standings::new()).expect("asked for");
    let asked = to_erase(PrivacyRequestKind::Erasure, &[asked]);
    let again = |known| request_erasure(&asked, target, second, &standing(known));
    assert_eq!(again(Standing::Waiting), Err(PrivacyRequestRefusal::ErasureAsked));
    assert_eq!(again(Standing::Done), Err(PrivacyRequestRefusal::ErasureAsked));
    assert!(again(Standing::Over).is_ok());
    let refused = |known| decide(&asked, Outcome::Refused, &standing(known));
    assert_eq!(
        refused(Standing::Waiting),
        Err(PrivacyRequestRefusal::AlreadyDone)
    );
    assert_eq!(refused(Standing::Done), Err(PrivacyRequestRefusal::AlreadyDone));
    assert!(refused(Standing::Over).is_ok(), "nothing came of it");
    let other = request_erasure(
        &asked,
        (record(1), Role::Representative),
        second,
        &standing(Standing::Waiting),
    );
    assert!(other.is_ok(), "another person of the same record");
}

#[test]
fn an_erasure_needs_a_request_that_asks_for_one_and_is_granted() {
    let approval = ApprovalId::new(Uuid::from_u128(1));
    let target = (record(1), Role::Contact);
    let ask =
        |request: &PrivacyRequest, target| request_erasure(request, target, approval, &Standings::new());
    let disclosure = to_erase(PrivacyRequestKind::Disclosure, &[]);
    assert_eq!(ask(&disclosure, target), Err(PrivacyRequestRefusal::NoErasure));
    assert!(ask(&to_erase(PrivacyRequestKind::StopOfUse, &[]), target).is_ok());
    let elsewhere = (record(7), Role::Contact);
    let granted = to_erase(PrivacyRequestKind::Erasure, &[]);
    assert_eq!(ask(&granted, elsewhere), Err(PrivacyRequestRefusal::OtherRecord));
    let mut undecided = given(&[checked(true)]);
    undecided.opened.kind = PrivacyRequestKind::Erasure;
    assert_eq!(ask(&undecided, target), Err(PrivacyRequestRefusal::NotDecided));
}

#[test]
fn a_case_does_not_end_while_an_erasure_waits_or_when_nothing_came_of_it() {
    let approval = ApprovalId::new(Uuid::from_u128(1));
    let granted = to_erase(PrivacyRequestKind::Erasure, &[]);
    let asked = request_erasure(&granted, (record(1), Role::Contact), approval, &Standings::new());
    let answered = to_erase(
        PrivacyRequestKind::Erasure,
        &[asked.expect("asked for"), answered()],
    );
    let end = |standing| {
        close(
            &answered,
            Closing::Answered,
            &Standings::from([(approval, standing)]),
        )
    };
    assert_eq!(end(Standing::Waiting), Err(PrivacyRequestRefusal::ErasureWaits));
    assert_eq!(end(Standing::Over), Err(PrivacyRequestRefusal::NothingDone));
    assert!(end(Standing::Done).is_ok());
}

#[test]
fn a_case_is_forgotten_after_its_time_and_then_nothing_is_written_about_it() {
    let subject = SubjectId::new(Uuid::from_u128(5));
    let until = kept_until(day("2026-11-27"), 3);
    assert_eq!(until, day("2029-11-27"));
    assert_eq!(kept_until(day("2028-02-29"), 3), day("2031-02-28"));
    let open = given(&[]);
    assert_eq!(
        forget(&open, subject, until, day("2040-01-01")),
        None,
        "it is not over"
    );
    let closed = close(&open, Closing::Withdrawn, &Standings::new()).expect("closed");
    let over = given(std::slice::from_ref(&closed));
    assert_eq!(forget(&over, subject, until, until), None, "the last day");
    let forgotten = forget(&over, subject, until, day("2029-11-28")).expect("forgotten");
    let gone = given(&[closed, forgotten]);
    assert_eq!(forget(&gone, subject, until, day("2029-11-28")), None, "once");
    assert_eq!(note(&gone), Err(PrivacyRequestRefusal::Forgotten));
    assert_eq!(gone.status(), PrivacyRequestStatus::Closed);
}

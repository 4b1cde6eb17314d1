//! Decisions of a schedule: given its history, when a command comes, then these events or this refusal.

use chrono::TimeDelta;
use domain::schedule::{
    DefinitionInput, DefinitionProblem, Firing, GRACE, Misfire, Missed, MissedWhy, Schedule, ScheduleEvent,
    decide::{
        ChangeError, DefineError, FireError, PauseError, RemoveError, ResumeError, RunNowError, change,
        define, fire, pause, remove, resume, run_now,
    },
};

use crate::harness::*;

const BEGIN: &str = "2026-11-20T12:00:00Z";

fn beginning() -> ScheduleEvent {
    defined(&input(), BEGIN)
}

fn paused() -> ScheduleEvent {
    ScheduleEvent::Paused {
        schedule_id: schedule_id(),
    }
}

fn resumed(due_after: &str) -> ScheduleEvent {
    ScheduleEvent::Resumed {
        schedule_id: schedule_id(),
        due_after: utc(due_after),
    }
}

fn removed() -> ScheduleEvent {
    ScheduleEvent::Removed {
        schedule_id: schedule_id(),
    }
}

fn changed(input: &DefinitionInput, due_after: &str) -> ScheduleEvent {
    ScheduleEvent::Changed {
        schedule_id: schedule_id(),
        definition: Box::new(read(input)),
        due_after: utc(due_after),
    }
}

fn fired(due: &str, n: u128) -> ScheduleEvent {
    ScheduleEvent::Fired {
        schedule_id: schedule_id(),
        firing: Firing {
            due: utc(due),
            run_at: utc(due),
            late: false,
            makes_up_for: 0,
        },
        job_id: job(n),
        command: "send-reminders".to_owned(),
    }
}

fn at_noon() -> DefinitionInput {
    DefinitionInput {
        expression: "0 12 * * *".to_owned(),
        ..input()
    }
}

/// Fires what is due now, with as many ids as are needed.
fn fire_now(schedule: &Schedule, now: &str) -> Result<Vec<ScheduleEvent>, FireError> {
    let plan = schedule.plan(utc(now), GRACE);
    let jobs: Vec<_> = (1..).map(job).take(plan.fire.len()).collect();
    fire(schedule, &plan, &jobs)
}

#[test]
fn a_schedule_is_defined_and_counts_from_then() {
    let event = define(schedule_id(), &input(), &KNOWN, utc(BEGIN)).expect("a decision");
    assert_eq!(event, beginning());
    let schedule = folded([&event]);
    assert_eq!(schedule.cursor, utc(BEGIN));
    assert_eq!(schedule.next_due(), Some(utc("2026-11-21T00:00:00Z")));
    assert_eq!((schedule.version, schedule.is_active()), (1, true));
}

#[test]
fn a_definition_with_problems_is_refused_with_all_of_them() {
    let bad = DefinitionInput {
        not_after: Some(now()),
        command: "fly".to_owned(),
        ..input()
    };
    let Err(DefineError::Invalid(problems)) = define(schedule_id(), &bad, &KNOWN, now()) else {
        panic!("it is refused");
    };
    let fields: Vec<_> = problems.iter().map(DefinitionProblem::field).collect();
    assert_eq!(fields, ["command", "not_after"]);
    given([beginning()])
        .when(|schedule| change(schedule, &bad, &KNOWN, now()))
        .then_refused(&ChangeError::Invalid(problems));
}

#[test]
fn a_change_is_a_whole_definition_and_counts_from_then() {
    let schedule = given([beginning()])
        .when(|schedule| change(schedule, &at_noon(), &KNOWN, now()))
        .then([changed(&at_noon(), "2026-11-22T00:00:00Z")])
        .schedule();
    assert_eq!(schedule.definition, read(&at_noon()));
    assert_eq!(schedule.cursor, now());
    assert_eq!(schedule.version, 2);
}

#[test]
fn a_change_of_nothing_is_refused() {
    given([beginning()])
        .when(|schedule| change(schedule, &input(), &KNOWN, now()))
        .then_refused(&ChangeError::Unchanged);
}

#[test]
fn what_was_due_during_a_rest_was_not_missed() {
    let schedule = given([beginning(), paused()])
        .when(|schedule| resume(schedule, utc("2026-11-24T12:00:00Z")))
        .then([resumed("2026-11-24T12:00:00Z")])
        .schedule();
    assert!(schedule.plan(utc("2026-11-24T13:00:00Z"), GRACE).is_empty());
    assert_eq!(schedule.next_due(), Some(utc("2026-11-25T00:00:00Z")));
}

#[test]
fn a_schedule_rests_once_and_is_woken_once() {
    given([beginning()]).when(pause).then([paused()]);
    given([beginning(), paused()])
        .when(pause)
        .then_refused(&PauseError::AlreadyPaused);
    given([beginning()])
        .when(|schedule| resume(schedule, now()))
        .then_refused(&ResumeError::NotPaused);
}

#[test]
fn nothing_happens_to_a_schedule_that_was_removed() {
    given([beginning()]).when(remove).then([removed()]);
    let gone = || given([beginning(), paused(), removed()]);
    gone().when(remove).then_refused(&RemoveError::AlreadyRemoved);
    gone().when(pause).then_refused(&PauseError::Removed);
    gone()
        .when(|schedule| resume(schedule, now()))
        .then_refused(&ResumeError::Removed);
    gone()
        .when(|schedule| change(schedule, &at_noon(), &KNOWN, now()))
        .then_refused(&ChangeError::Removed);
    gone()
        .when(|schedule| run_now(schedule, job(1), now()))
        .then_refused(&RunNowError::Removed);
    gone()
        .when_all(|schedule| fire_now(schedule, "2026-11-23T00:00:00Z"))
        .then_refused(&FireError::Removed);
}

#[test]
fn what_is_due_fires_with_its_job_and_is_settled() {
    let schedule = given([beginning()])
        .when_all(|schedule| fire_now(schedule, "2026-11-21T00:00:03Z"))
        .then([fired("2026-11-21T00:00:00Z", 1)])
        .schedule();
    assert_eq!(schedule.cursor, utc("2026-11-21T00:00:00Z"));
    assert_eq!(schedule.version, 1, "firing changes no fact");
    assert!(schedule.plan(utc("2026-11-21T00:00:30Z"), GRACE).is_empty());
}

#[test]
fn what_was_missed_is_recorded_before_what_fires() {
    let all = DefinitionInput {
        misfire: Misfire::All { at_most: 1 },
        ..input()
    };
    let missed = Missed {
        count: 2,
        first_due: utc("2026-11-21T00:00:00Z"),
        last_due: utc("2026-11-22T00:00:00Z"),
        why: MissedWhy::Policy,
    };
    let late = Firing {
        due: utc("2026-11-23T00:00:00Z"),
        run_at: utc("2026-11-23T00:00:00Z"),
        late: true,
        makes_up_for: 0,
    };
    let schedule_id = schedule_id();
    let schedule = given([defined(&all, BEGIN)])
        .when_all(|schedule| fire_now(schedule, "2026-11-23T06:00:00Z"))
        .then([
            ScheduleEvent::Missed { schedule_id, missed },
            ScheduleEvent::Fired {
                schedule_id,
                firing: late,
                job_id: job(1),
                command: "send-reminders".to_owned(),
            },
        ])
        .schedule();
    assert_eq!(schedule.cursor, utc("2026-11-23T00:00:00Z"));
}

#[test]
fn nothing_due_is_no_event_and_no_refusal() {
    given([beginning()])
        .when_all(|schedule| fire_now(schedule, "2026-11-20T13:00:00Z"))
        .then([]);
}

#[test]
fn a_schedule_that_rests_or_is_not_enabled_does_not_fire() {
    given([beginning(), paused()])
        .when_all(|schedule| fire_now(schedule, "2026-11-21T00:00:00Z"))
        .then_refused(&FireError::NotActive);
    let off = DefinitionInput {
        enabled: false,
        ..input()
    };
    given([defined(&off, BEGIN)])
        .when_all(|schedule| fire_now(schedule, "2026-11-21T00:00:00Z"))
        .then_refused(&FireError::NotActive);
    assert_eq!(folded(&[beginning(), paused()]).next_due(), None);
}

#[test]
fn a_plan_is_carried_out_once_only() {
    let before = folded([&beginning()]);
    let plan = before.plan(utc("2026-11-21T00:00:03Z"), GRACE);
    given([beginning(), fired("2026-11-21T00:00:00Z", 1)])
        .when_all(|schedule| fire(schedule, &plan, &[job(2)]))
        .then_refused(&FireError::Stale {
            planned: utc(BEGIN),
            settled: utc("2026-11-21T00:00:00Z"),
        });
}

#[test]
fn there_is_one_id_for_each_firing() {
    given([beginning()])
        .when_all(|schedule| {
            let plan = schedule.plan(utc("2026-11-21T00:00:03Z"), GRACE);
            fire(schedule, &plan, &[job(1), job(2)])
        })
        .then_refused(&FireError::JobIds { needed: 1, given: 2 });
}

#[test]
fn a_person_may_run_it_now_even_while_it_rests() {
    let wanted = ScheduleEvent::RunRequested {
        schedule_id: schedule_id(),
        job_id: job(7),
        command: "send-reminders".to_owned(),
    };
    let schedule = given([beginning(), paused()])
        .when(|schedule| run_now(schedule, job(7), now()))
        .then([wanted])
        .schedule();
    assert_eq!(schedule.cursor, utc(BEGIN), "nothing that is due changes by it");
    assert_eq!(schedule.version, 2);
}

#[test]
fn nothing_runs_after_the_end() {
    let not_after = utc("2026-11-23T00:00:00Z");
    let ends = DefinitionInput {
        not_after: Some(not_after),
        ..input()
    };
    let at = |now| given([defined(&ends, BEGIN)]).when(move |schedule| run_now(schedule, job(1), now));
    assert!(at(not_after).schedule().is_active());
    at(not_after + TimeDelta::seconds(1)).then_refused(&RunNowError::Over { not_after });
}

#[test]
fn the_cursor_never_goes_back() {
    let schedule = folded(&[
        beginning(),
        fired("2026-11-23T00:00:00Z", 1),
        changed(&at_noon(), "2026-11-22T00:00:00Z"),
        paused(),
        resumed("2026-11-22T01:00:00Z"),
    ]);
    assert_eq!(schedule.cursor, utc("2026-11-23T00:00:00Z"));
    assert_eq!(schedule.version, 5);
}

#[test]
fn a_history_begins_with_a_definition_and_a_second_one_is_ignored() {
    assert_eq!(Schedule::begin(1, &paused()), None);
    let schedule = folded(&[beginning(), defined(&at_noon(), BEGIN)]);
    assert_eq!(schedule.definition, read(&input()));
}

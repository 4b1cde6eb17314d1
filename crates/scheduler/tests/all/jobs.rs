//! What runs, is tried again, given up, stopped or taken over; and what it does is done once.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::job::{
    Claim, Effects, EndJobError, Job, JobEnd, JobHandler, Progress, Renewed, TouchJobError, VerifyLog,
};
use app::schedule::ChangeSchedule;
use chrono::TimeDelta;
use domain::JobId;
use domain::job::JobState;
use domain::mailing::Address;
use domain::reason::Reason;
use domain::schedule::Misfire;
use event_store::{NewEvent, Tag};
use scheduler::{WorkerOptions, Workers};
use test_support::{FixedClock, TestDatabase};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{Deed, Work, count, define, input, node, someone};

test_support::on_both_engines!(
    a_job_is_run_and_its_end_is_an_event,
    t20_a_job_that_fails_is_tried_again_later_and_at_last_given_up_with_its_reason,
    t20_a_panic_is_a_failed_attempt_whose_words_nobody_reads,
    t20_a_job_that_hangs_is_ended_in_time,
    t21_a_process_that_stops_puts_back_what_it_cannot_finish_and_another_runs_it,
    t21_a_hundred_jobs_that_run_when_a_process_stops_are_run_once_elsewhere,
    t22_what_a_job_does_under_a_claim_that_is_over_is_not_written,
    a_job_that_waits_is_cancelled_at_once_and_one_that_runs_when_it_looks,
    a_job_that_was_given_up_gets_all_its_attempts_again,
    what_no_process_here_knows_is_left_to_others,
    the_walk_through_the_log_tells_the_operators_once,
);

const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A job that waits.
pub async fn wanted(app: &App) -> JobId {
    let defined = define(app, &input("0 9 * * *", Misfire::Skip)).await;
    let change = ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: defined.id,
        expected_version: defined.position.get(),
    };
    let run = app.run_schedule_now(&someone(app), change).await.expect("a run");
    run.job_id.expect("a job")
}

pub async fn job(app: &App, id: JobId) -> Job {
    app.job(&someone(app), id)
        .await
        .expect("an answer")
        .expect("the job")
}

pub struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("it ends in order");
    }
}

pub fn start(app: &Arc<App>, handler: Arc<dyn JobHandler>) -> Running {
    start_with(app, handler, 8)
}

fn start_with(app: &Arc<App>, handler: Arc<dyn JobHandler>, at_once: usize) -> Running {
    let stop = CancellationToken::new();
    let options = WorkerOptions {
        at_once,
        look_every: Duration::from_millis(10),
        renew_every: Duration::from_millis(10),
        drain: Duration::from_millis(50),
        ..WorkerOptions::new("here".to_owned())
    };
    let workers = Workers::new(Arc::clone(app), vec![handler], options);
    let task = tokio::spawn(workers.run(stop.clone()));
    Running { stop, task }
}

/// Waits until a job is as a test wants it; the test's own time limit is the only one.
pub async fn until(app: &App, id: JobId, is: impl Fn(&Job) -> bool) -> Job {
    loop {
        let job = job(app, id).await;
        if is(&job) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn claim(app: &App) -> Job {
    let commands = ["work".to_owned()];
    let claimed = app
        .claim_jobs("here", &commands, LEASE, 10)
        .await
        .expect("an answer");
    let [job] = claimed.as_slice() else {
        panic!("one job: {claimed:?}");
    };
    job.clone()
}

async fn a_job_is_run_and_its_end_is_an_event(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = wanted(&app).await;
    let work = Work::new(Deed::Succeed);
    let running = start(&app, work.clone());
    let done = until(&app, id, |job| job.state == JobState::Done).await;
    running.stop().await;
    assert_eq!((work.begun(), done.attempt), (1, 1));
    assert!(done.finished_at.is_some() && done.error.is_none());
    assert_eq!(count(&app, "job.done").await, 1);
}

async fn t20_a_job_that_fails_is_tried_again_later_and_at_last_given_up_with_its_reason(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let id = wanted(&app).await;
    let work = Work::new(Deed::Fail);
    let running = start(&app, work.clone());
    let failed = until(&app, id, |job| job.error.is_some()).await;
    assert_eq!((failed.state, failed.attempt), (JobState::Ready, 1));
    let pause = failed.run_at - clock.now();
    assert!((8..=12).contains(&pause.num_seconds()), "{pause}");
    for attempt in 2..=3 {
        clock.advance(TimeDelta::seconds(60));
        until(&app, id, |job| {
            job.attempt == attempt && job.state != JobState::Running
        })
        .await;
    }
    running.stop().await;
    let dead = job(&app, id).await;
    assert_eq!((dead.state, dead.attempt, work.begun()), (JobState::Dead, 3, 3));
    assert_eq!(dead.error.as_deref(), Some("the disk is full"));
    assert_eq!(count(&app, "job.given_up").await, 1);
}

async fn t20_a_panic_is_a_failed_attempt_whose_words_nobody_reads(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = wanted(&app).await;
    let running = start(&app, Work::new(Deed::Panic));
    let failed = until(&app, id, |job| job.error.is_some()).await;
    running.stop().await;
    assert_eq!(
        (failed.state, failed.error.as_deref()),
        (JobState::Ready, Some("[panicked] it panicked"))
    );
}

async fn t20_a_job_that_hangs_is_ended_in_time(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = wanted(&app).await;
    let running = start(&app, Work::impatient(Deed::Hang));
    let failed = until(&app, id, |job| job.error.is_some()).await;
    running.stop().await;
    assert_eq!(failed.state, JobState::Ready);
    assert!(failed.error.is_some_and(|error| error.contains("took longer")));
}

async fn t21_a_process_that_stops_puts_back_what_it_cannot_finish_and_another_runs_it(db: TestDatabase) {
    let clock = FixedClock::default();
    let (one, other) = (node(&db, &clock).await, node(&db, &clock).await);
    let id = wanted(&one).await;
    let running = start(&one, Work::new(Deed::Hang));
    until(&one, id, |job| {
        job.state == JobState::Running && job.progress.total == 2
    })
    .await;
    running.stop().await;
    let back = job(&one, id).await;
    assert_eq!(
        (back.state, back.attempt),
        (JobState::Ready, 0),
        "that was no attempt"
    );
    let work = Work::new(Deed::Succeed);
    let running = start(&other, work.clone());
    until(&other, id, |job| job.state == JobState::Done).await;
    running.stop().await;
    assert_eq!(work.begun(), 1);
}

async fn t21_a_hundred_jobs_that_run_when_a_process_stops_are_run_once_elsewhere(db: TestDatabase) {
    const JOBS: usize = 100;
    let clock = FixedClock::default();
    let (one, other) = (node(&db, &clock).await, node(&db, &clock).await);
    let schedule = define(&one, &input("0 9 * * *", Misfire::Skip)).await;
    let mut ids = Vec::new();
    for _ in 0..JOBS {
        let change = ChangeSchedule {
            command_id: Uuid::now_v7(),
            id: schedule.id,
            expected_version: schedule.position.get(),
        };
        let run = one.run_schedule_now(&someone(&one), change).await.expect("a run");
        ids.push(run.job_id.expect("a job"));
    }
    let work = Work::new(Deed::Hang);
    let running = start_with(&one, work.clone(), JOBS);
    for id in &ids {
        until(&one, *id, |job| {
            job.state == JobState::Running && job.progress.total == 2
        })
        .await;
    }
    let stopped = tokio::time::timeout(Duration::from_secs(30), running.stop()).await;
    stopped.expect("it stops within 30 s");
    for id in &ids {
        let back = job(&one, *id).await;
        assert_eq!((back.state, back.attempt), (JobState::Ready, 0));
    }
    let again = Work::new(Deed::Succeed);
    let running = start_with(&other, again.clone(), JOBS);
    for id in &ids {
        until(&other, *id, |job| job.state == JobState::Done).await;
    }
    running.stop().await;
    assert_eq!((work.begun(), again.begun()), (JOBS, JOBS));
}

async fn t22_what_a_job_does_under_a_claim_that_is_over_is_not_written(db: TestDatabase) {
    let clock = FixedClock::default();
    let (old, new) = (node(&db, &clock).await, node(&db, &clock).await);
    let id = wanted(&old).await;
    let stale = claim(&old).await;
    clock.advance(LEASE);
    let taken = claim(&new).await;
    assert!(taken.term > stale.term && taken.id == id);

    let op = someone(&old);
    let effect = || Effects {
        result: Reason::outside("done"),
        events: vec![deed(&old)],
    };
    let written = old.end_job(&op, &stale, JobEnd::Done(effect())).await;
    assert!(matches!(written, Err(EndJobError::Overtaken)), "{written:?}");
    let claim = Claim { id, term: stale.term };
    let renewed = old.renew_job(claim, LEASE, Progress::default()).await;
    assert_eq!(renewed.expect("an answer"), Renewed::Lost);
    assert!(
        !old.retry_job(claim, clock.now(), &Reason::outside("x"))
            .await
            .expect("an answer")
    );
    assert!(!old.give_job_back(claim).await.expect("an answer"));
    assert_eq!(count(&old, "test.deed").await, 0);

    // The new one's end is taken once, also when its answer was lost and it asks again.
    new.end_job(&op, &taken, JobEnd::Done(effect()))
        .await
        .expect("written");
    new.end_job(&op, &taken, JobEnd::Done(effect()))
        .await
        .expect("as before");
    assert_eq!(count(&new, "test.deed").await, 1);
}

fn deed(app: &App) -> NewEvent {
    NewEvent {
        id: app.new_id().expect("an id"),
        event_type: "test.deed".to_owned(),
        schema_version: 1,
        tags: vec![Tag::new("test", "deed").expect("a tag")],
        effective_at: app::day_in_japan(app.now()),
        data: "done".into(),
        personal: Vec::new(),
    }
}

async fn a_job_that_waits_is_cancelled_at_once_and_one_that_runs_when_it_looks(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = someone(&app);
    let waiting = wanted(&app).await;
    app.cancel_job(&op, Uuid::now_v7(), waiting)
        .await
        .expect("cancelled");
    assert_eq!(job(&app, waiting).await.state, JobState::Cancelled);
    let again = app.cancel_job(&op, Uuid::now_v7(), waiting).await;
    assert!(matches!(again, Err(TouchJobError::OtherState)), "{again:?}");

    app.resume_job(&op, Uuid::now_v7(), waiting)
        .await
        .expect("resumed");
    let running = start(&app, Work::new(Deed::UntilStopped));
    until(&app, waiting, |job| job.state == JobState::Running).await;
    app.cancel_job(&op, Uuid::now_v7(), waiting)
        .await
        .expect("asked to stop");
    until(&app, waiting, |job| job.state == JobState::Cancelled).await;
    running.stop().await;
    assert_eq!(count(&app, "job.stopped").await, 1);
}

async fn a_job_that_was_given_up_gets_all_its_attempts_again(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = wanted(&app).await;
    let op = someone(&app);
    let claimed = claim(&app).await;
    let not_yet = app.resume_job(&op, Uuid::now_v7(), id).await;
    assert!(matches!(not_yet, Err(TouchJobError::OtherState)), "{not_yet:?}");
    let given_up = JobEnd::GivenUp(Reason::outside("the disk is full"));
    app.end_job(&op, &claimed, given_up).await.expect("given up");
    app.resume_job(&op, Uuid::now_v7(), id).await.expect("resumed");
    let ready = job(&app, id).await;
    assert_eq!((ready.state, ready.attempt), (JobState::Ready, 0));
    let work = Work::new(Deed::Succeed);
    let running = start(&app, work);
    until(&app, id, |job| job.state == JobState::Done).await;
    running.stop().await;
}

async fn what_no_process_here_knows_is_left_to_others(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let id = wanted(&app).await;
    let others = ["other".to_owned()];
    let claimed = app
        .claim_jobs("here", &others, LEASE, 10)
        .await
        .expect("an answer");
    assert!(claimed.is_empty());
    assert_eq!(job(&app, id).await.state, JobState::Ready);
    let missing = app
        .cancel_job(&someone(&app), Uuid::now_v7(), JobId::new(Uuid::nil()))
        .await;
    assert!(matches!(missing, Err(TouchJobError::NotFound(_))), "{missing:?}");
}

async fn the_walk_through_the_log_tells_the_operators_once(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = someone(&app);
    let mut input = input("30 2 * * *", Misfire::Once);
    VerifyLog::COMMAND.clone_into(&mut input.command);
    let defined = app
        .define_schedule(&op, Uuid::now_v7(), &input, &[VerifyLog::COMMAND])
        .await;
    let defined = defined.expect("a schedule");
    let change = ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: defined.id,
        expected_version: defined.position.get(),
    };
    let run = app.run_schedule_now(&op, change).await.expect("a run");
    let operators =
        ["one@example.jp", "two@example.jp"].map(|text| Address::parse(text).expect("an address"));
    let walk = VerifyLog {
        operators: operators.to_vec(),
        sender: "office".to_owned(),
    };
    let running = start(&app, Arc::new(walk));
    let id = run.job_id.expect("a job");
    until(&app, id, |job| job.state == JobState::Done).await;
    running.stop().await;
    let all = app::mail::ListMails {
        first: 10,
        ..app::mail::ListMails::default()
    };
    let mails = app.mails(&op, &all).await.expect("the ledger").mails;
    assert_eq!(mails.len(), 2);
    let detail = app
        .mail(&op, mails[0].id)
        .await
        .expect("an answer")
        .expect("the message");
    let app::Guarded::Open(draft) = detail.draft else {
        panic!("readable");
    };
    assert_eq!(draft.subject(), "台帳の検証：異常なし（2件）");
    // They were queued in the transaction of the end.
    let head = app.store().head().await.expect("the head");
    let ends = app.store().at(&[mails[0].position, head]).await.expect("both");
    assert_eq!(
        (ends[0].command_id, ends[1].event_type.as_str()),
        (ends[1].command_id, "job.done")
    );
}

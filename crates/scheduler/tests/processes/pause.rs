//! Whoever stands still past its lease finds, when it goes on, that another has taken over: nothing that it writes is taken.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use app::App;
use app::schedule::ChangeSchedule;
use chrono::TimeDelta;
use domain::job::{JobEvent, JobState};
use domain::{JobId, ScheduleId};
use event_store::Engine;
use test_support::{Dice, TestDatabase, on_both_engines, size, tell};
use uuid::Uuid;

use crate::fire::{LEASE, check, clock, define, firings, tenure};
use crate::node::{Node, Options, Role};
use crate::office::{events, office, someone, until};

on_both_engines!(
    t22_a_leader_that_stands_still_past_its_lease_writes_nothing_afterwards,
    t22_a_worker_that_stands_still_past_its_lease_ends_no_job_afterwards,
);

/// Whoever stands still in a transaction holds up what would take over: on PostgreSQL until the server ends it, after five seconds;
/// on SQLite, which is for one process, for as long as it stands still. Then it is not overtaken.
const fn stuck(engine: Engine) -> Duration {
    match engine {
        Engine::Postgres => Duration::from_secs(12),
        Engine::Sqlite => Duration::from_secs(2),
    }
}

const OVERTAKEN: &str = "another process looks after the schedules now";
const TAKEN_OVER: &str = "another process has taken the job over";

async fn t22_a_leader_that_stands_still_past_its_lease_writes_nothing_afterwards(db: TestDatabase) {
    let test = format!("a leader that stands still, {:?}", db.database().engine());
    let (began, mut dice) = (Instant::now(), Dice::new(&test));
    let rounds = size(3, 200);
    let clock = clock();
    let app = office(&db, clock).await;
    let mut schedules = Vec::new();
    for number in 0..4 {
        schedules.push(define(&app, number).await);
    }
    let options = Options {
        url: db.url(),
        clock,
        lease: LEASE,
        // It stands still more often in the middle of an append.
        pause: Duration::from_millis(20),
    };
    let mut nodes: Vec<Node> = (1..=3)
        .map(|n| Node::start(&options, Role::Fire, format!("node {n}")))
        .collect();
    // Where the log ended when it was seen that a tenure was over.
    let mut over: HashMap<Uuid, i64> = HashMap::new();
    let mut still_times: u64 = 0;
    // On SQLite not every one is overtaken, see `stuck`.
    while u64::try_from(over.len()).expect("few") < rounds {
        assert!(still_times < 20 * rounds, "nearly nobody is overtaken");
        still_times += 1;
        until("somebody leads", async || tenure(&app).await.is_some()).await;
        tokio::time::sleep(Duration::from_millis(dice.below(1_000))).await;
        let old = tenure(&app).await.expect("a tenure");
        let still = nodes.iter().find(|node| node.name == old.holder).expect("ours");
        still.signal("-STOP").await;
        let taken = async {
            while tenure(&app).await.as_ref() == Some(&old) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            app.store().head().await.expect("the head")
        };
        let taken = tokio::time::timeout(stuck(db.database().engine()), taken).await;
        if let Ok(head) = taken {
            over.insert(old.token, head.get());
        }
        still.signal("-CONT").await;
    }
    let mut noticed = 0;
    for mut node in nodes.drain(..) {
        noticed += node.said().iter().filter(|line| line.contains(OVERTAKEN)).count();
        node.stop().await;
    }
    let (fired, tenures) = check(&app, &schedules).await;
    for firing in firings(&events(&app).await) {
        let end = over.get(&firing.tenure).copied().unwrap_or(i64::MAX);
        assert!(
            firing.position <= end,
            "a tenure that was over at {end} wrote at {}",
            firing.position
        );
    }
    let overtaken = over.len();
    tell(
        &test,
        &format!(
            "{still_times} times still, {overtaken} times overtaken, {noticed} appends refused, 0 written by a tenure that was over; \
             {tenures} tenures, {fired} firings, each once, {} s",
            began.elapsed().as_secs()
        ),
    );
}

/// A job that waits, now.
async fn wanted(app: &App, schedule: ScheduleId) -> JobId {
    let row = storage::schedule::load(app.store().database(), schedule).await;
    let change = ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: schedule,
        expected_version: row.expect("an answer").expect("a schedule").version,
    };
    let run = app.run_schedule_now(&someone(app), change).await.expect("a run");
    run.job_id.expect("a job")
}

async fn t22_a_worker_that_stands_still_past_its_lease_ends_no_job_afterwards(db: TestDatabase) {
    let test = format!("a worker that stands still, {:?}", db.database().engine());
    let (began, mut dice) = (Instant::now(), Dice::new(&test));
    let rounds = size(3, 200);
    let clock = clock();
    let app = office(&db, clock).await;
    let schedule = define(&app, 0).await;
    let options = Options {
        url: db.url(),
        clock,
        lease: TimeDelta::seconds(30),
        pause: Duration::from_millis(2),
    };
    let mut new = Node::start(&options, Role::Work, "worker 0".to_owned());
    let mut jobs = HashMap::new();
    let mut overtaken = 0;
    for round in 1..=rounds {
        let job = wanted(&app, schedule).await;
        let mut old = std::mem::replace(
            &mut new,
            Node::start(&options, Role::Work, format!("worker {round}")),
        );
        // Either of them may be the first.
        let (first, second) = (format!("began {job} 1"), format!("began {job} 2"));
        tokio::select! {
            _ = old.until(&first) => {}
            _ = new.until(&first) => std::mem::swap(&mut old, &mut new),
        }
        // At any moment between two signs of life, and of one.
        tokio::time::sleep(Duration::from_millis(dice.below(200))).await;
        old.signal("-STOP").await;
        let is_taken = tokio::time::timeout(stuck(db.database().engine()), new.until(&second))
            .await
            .is_ok();
        // It ends the job as soon as it goes on, before or after the other has.
        old.release().await;
        let before = !is_taken || dice.below(2) == 0;
        if before {
            old.signal("-CONT").await;
        }
        new.release().await;
        until("the job has ended", async || {
            let job = app.job(&someone(&app), job).await.expect("an answer");
            job.expect("the job").state == JobState::Done
        })
        .await;
        if !before {
            old.signal("-CONT").await;
        }
        if is_taken {
            old.until(TAKEN_OVER).await;
            jobs.insert(job, new.name.clone());
            overtaken += 1;
            old.stop().await;
        } else {
            // A release may be left over.
            old.kill().await;
            new.kill().await;
            new = Node::start(&options, Role::Work, format!("worker {round}, again"));
        }
    }
    new.stop().await;
    let mut done: HashMap<JobId, usize> = HashMap::new();
    for event in events(&app).await {
        let said = JobEvent::decode(&event.event_type, event.schema_version, &event.data);
        match said {
            Ok(JobEvent::Done(said)) => {
                assert!(said.term == 2 || !jobs.contains_key(&said.job_id), "{said:?}");
                *done.entry(said.job_id).or_default() += 1;
            }
            Ok(said) => panic!("{said:?}"),
            Err(_) if event.event_type == "test.deed" => {
                let taken_over_by = jobs.get(&JobId::new(event.correlation_id));
                let by = event.data["node"].as_str();
                assert!(taken_over_by.is_none_or(|name| by == Some(name)), "{by:?}");
            }
            Err(_) => {}
        }
    }
    assert_eq!(u64::try_from(done.len()).expect("few"), rounds);
    assert!(done.values().all(|&times| times == 1), "each ended once");
    assert!(overtaken > 0, "nobody was ever overtaken");
    tell(
        &test,
        &format!(
            "{rounds} times still, {overtaken} times overtaken, {} jobs ended once each, 0 late ends written, {} s",
            done.len(),
            began.elapsed().as_secs()
        ),
    );
}

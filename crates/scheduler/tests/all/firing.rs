//! What fires, fires once: under every policy, on any number of nodes, whoever stood still.

use app::schedule::{ChangeSchedule, FireError, PastEntry};
use chrono::TimeDelta;
use domain::schedule::Misfire;
use storage::{job, schedule};
use test_support::{FixedClock, TestDatabase, size, tell};
use uuid::Uuid;

use crate::support::{count, define, input, node, someone, tenure};

test_support::on_both_engines!(
    a_firing_its_event_and_its_job_are_written_at_once_and_once,
    t16_five_nodes_that_look_at_the_same_moment_fire_once,
    t17_after_three_days_each_policy_fires_as_often_as_it_says,
    t18_a_clock_that_goes_back_fires_nothing_twice_and_loses_nothing,
    t22_whoever_lost_the_tenure_while_it_stood_still_writes_nothing,
    t23_a_firing_that_is_refused_leaves_no_job,
    what_rests_or_was_removed_does_not_fire_and_what_was_due_meanwhile_is_not_missed,
    of_two_schedules_of_one_name_defined_at_once_one_is,
    a_change_of_what_somebody_else_changed_is_refused_with_what_is_there,
    a_command_that_is_sent_again_has_its_first_result_and_another_under_its_id_is_refused,
);

async fn a_firing_its_event_and_its_job_are_written_at_once_and_once(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let defined = define(&app, &input("* * * * *", Misfire::Once)).await;
    let tenure = tenure(&app).await;
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);

    clock.advance(TimeDelta::seconds(61));
    let fired = app.fire_due(tenure).await.expect("a look");
    assert_eq!(fired.firings, 1);
    assert_eq!(fired.next_at, Some(clock.now() + TimeDelta::seconds(59)));
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);

    let op = someone(&app);
    let history = app
        .schedule_history(&op, defined.id, clock.now(), 10)
        .await
        .expect("a history");
    let [PastEntry::Fired(firing, Some(_))] = history.entries.as_slice() else {
        panic!("one firing: {history:?}");
    };
    assert!(!firing.late && firing.due_at == clock.now() - TimeDelta::seconds(1));
    let job = app
        .job(&op, firing.job_id)
        .await
        .expect("an answer")
        .expect("its job");
    assert_eq!((job.command.as_str(), job.due_at), ("work", Some(firing.due_at)));
    assert_eq!(job.run_at, firing.due_at);
    assert_eq!(count(&app, "schedule.fired").await, 1);
}

async fn t16_five_nodes_that_look_at_the_same_moment_fire_once(db: TestDatabase) {
    let clock = FixedClock::default();
    let mut nodes = Vec::new();
    for _ in 0..5 {
        nodes.push(node(&db, &clock).await);
    }
    define(&nodes[0], &input("* * * * *", Misfire::Once)).await;
    // All under one tenure: what keeps them from firing twice is not the lease.
    let tenure = tenure(&nodes[0]).await;
    let mut fired = 0;
    for _ in 0..20 {
        clock.advance(TimeDelta::seconds(60));
        let looks = nodes.iter().map(|node| {
            let node = std::sync::Arc::clone(node);
            tokio::spawn(async move { node.fire_due(tenure).await.expect("a look").firings })
        });
        for look in looks.collect::<Vec<_>>() {
            fired += look.await.expect("no panic");
        }
    }
    assert_eq!(fired, 20, "each of them was told once");
    assert_eq!(count(&nodes[0], "schedule.fired").await, 20);
    let jobs = job::counts(nodes[0].store().database()).await.expect("an answer");
    assert_eq!(jobs, [(domain::job::JobState::Ready, 20)]);
}

async fn t17_after_three_days_each_policy_fires_as_often_as_it_says(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    // 09:00: daily at 12:00 is missed three times, each minute 4,320 times and the last of them is on time.
    let mut daily = Vec::new();
    for (policy, fires, misses) in [
        (Misfire::Skip, 0, 3),
        (Misfire::Once, 1, 2),
        (Misfire::All { at_most: 2 }, 2, 1),
        (Misfire::All { at_most: 10 }, 3, 0),
    ] {
        let mut input = input("0 12 * * *", policy);
        input.name = format!("daily {policy}");
        daily.push((define(&app, &input).await.id, fires, misses));
    }
    let mut minutely = Vec::new();
    for (policy, fires) in [
        (Misfire::Skip, 1),
        (Misfire::Once, 1),
        (Misfire::All { at_most: 700 }, 701),
    ] {
        let mut input = input("* * * * *", policy);
        input.name = format!("minutely {policy}");
        minutely.push((define(&app, &input).await.id, fires));
    }
    let tenure = tenure(&app).await;
    clock.advance(TimeDelta::days(3) + TimeDelta::seconds(30));
    app.fire_due(tenure).await.expect("a look");
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);

    let database = app.store().database();
    for (id, fires, misses) in daily {
        let firings = schedule::firings(database, id, clock.now(), 10_000)
            .await
            .expect("firings");
        assert_eq!(firings.len(), fires);
        assert!(firings.iter().all(|firing| firing.late));
        let missed = schedule::misses(database, id, clock.now(), 10)
            .await
            .expect("misses");
        assert_eq!(missed.iter().map(|miss| miss.count).sum::<u32>(), misses);
    }
    for (id, fires) in minutely {
        let firings = schedule::firings(database, id, clock.now(), 10_000)
            .await
            .expect("firings");
        assert_eq!(firings.len(), fires);
        assert!(!firings[0].late && firings[1..].iter().all(|firing| firing.late));
        let missed = schedule::misses(database, id, clock.now(), 10)
            .await
            .expect("misses");
        let missed: u32 = missed.iter().map(|miss| miss.count).sum();
        assert_eq!(firings.len() + missed as usize, 4_320, "none is forgotten");
    }
}

async fn t18_a_clock_that_goes_back_fires_nothing_twice_and_loses_nothing(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    define(&app, &input("*/10 * * * *", Misfire::All { at_most: 100 })).await;
    let tenure = tenure(&app).await;
    let begin = clock.now();
    let jumps = [30, -60, 70, -10, 25, 5, -30, 45, 60, -120, 180];
    for minutes in jumps {
        clock.advance(TimeDelta::minutes(minutes));
        app.fire_due(tenure).await.expect("a look");
    }
    let furthest = jumps.iter().scan(0, |at, jump| {
        *at += jump;
        Some(*at)
    });
    let furthest = furthest.max().expect("jumps");
    let fired = count(&app, "schedule.fired").await;
    assert_eq!(
        fired,
        usize::try_from(furthest / 10).expect("a count"),
        "since {begin}"
    );
}

async fn t22_whoever_lost_the_tenure_while_it_stood_still_writes_nothing(db: TestDatabase) {
    let clock = FixedClock::default();
    let (old, new) = (node(&db, &clock).await, node(&db, &clock).await);
    define(&old, &input("* * * * *", Misfire::All { at_most: 100 })).await;
    let until = clock.now() + TimeDelta::seconds(30);
    let lost = old
        .take_schedules("old", clock.now(), until)
        .await
        .expect("an answer");
    let lost = lost.expect("nobody looks");
    let refused = new.take_schedules("new", clock.now(), until).await;
    assert_eq!(refused.expect("an answer"), None, "somebody looks already");

    clock.advance(TimeDelta::seconds(61));
    let later = clock.now() + TimeDelta::seconds(30);
    let taken = new
        .take_schedules("new", clock.now(), later)
        .await
        .expect("an answer");
    let taken = taken.expect("its time is over");
    // It stood still before its append: what it planned is due, and nobody has fired it yet.
    let stale = old.fire_due(lost).await;
    assert!(matches!(stale, Err(FireError::TenureOver)), "{stale:?}");
    assert!(!old.hold_schedules(lost, later).await.expect("an answer"));
    assert_eq!(count(&new, "schedule.fired").await, 0);
    assert_eq!(new.fire_due(taken).await.expect("a look").firings, 1);
    new.release_schedules(taken).await.expect("released");
    assert!(
        old.take_schedules("old", clock.now(), later)
            .await
            .expect("an answer")
            .is_some()
    );
}

async fn t23_a_firing_that_is_refused_leaves_no_job(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    define(&app, &input("* * * * *", Misfire::Once)).await;
    clock.advance(TimeDelta::seconds(61));
    let times = size(20, 10_000);
    for _ in 0..times {
        let refused = app.fire_due(Uuid::now_v7()).await;
        assert!(matches!(refused, Err(FireError::TenureOver)), "{refused:?}");
    }
    let jobs = job::counts(app.store().database()).await.expect("an answer");
    assert!(jobs.is_empty(), "{jobs:?}");
    assert_eq!(count(&app, "schedule.fired").await, 0);
    let test = format!("a firing that is refused, {:?}", db.database().engine());
    tell(&test, &format!("{times} times, 0 jobs, 0 events"));
}

async fn what_rests_or_was_removed_does_not_fire_and_what_was_due_meanwhile_is_not_missed(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let defined = define(&app, &input("* * * * *", Misfire::All { at_most: 100 })).await;
    let (op, tenure) = (someone(&app), tenure(&app).await);
    let at = |version: i64| ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: defined.id,
        expected_version: version,
    };
    let paused = app
        .pause_schedule(&op, at(defined.position.get()))
        .await
        .expect("paused");
    clock.advance(TimeDelta::minutes(10));
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);
    // Out of turn it runs all the same.
    let run = app
        .run_schedule_now(&op, at(paused.position.get()))
        .await
        .expect("it runs");
    assert!(
        app.job(&op, run.job_id.expect("a job"))
            .await
            .expect("an answer")
            .is_some()
    );
    let resumed = app
        .resume_schedule(&op, at(paused.position.get()))
        .await
        .expect("resumed");
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);
    clock.advance(TimeDelta::minutes(2));
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 2);
    app.remove_schedule(&op, at(resumed.position.get()))
        .await
        .expect("removed");
    clock.advance(TimeDelta::minutes(2));
    assert_eq!(app.fire_due(tenure).await.expect("a look").firings, 0);
    assert!(app.schedules(&op).await.expect("a list").is_empty());
    assert_eq!(count(&app, "schedule.missed").await, 0);
}

async fn of_two_schedules_of_one_name_defined_at_once_one_is(db: TestDatabase) {
    use app::schedule::ChangeScheduleError;
    let clock = FixedClock::default();
    let (one, other) = (node(&db, &clock).await, node(&db, &clock).await);
    let wanted = input("0 9 * * 1", Misfire::Skip);
    let both = [one, other].map(|app| {
        let wanted = wanted.clone();
        tokio::spawn(async move {
            app.define_schedule(&someone(&app), Uuid::now_v7(), &wanted, &crate::support::COMMANDS)
                .await
        })
    });
    let mut made = 0;
    for defined in both {
        match defined.await.expect("no panic") {
            Ok(_) => made += 1,
            Err(ChangeScheduleError::NameTaken) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(made, 1);
}

async fn a_change_of_what_somebody_else_changed_is_refused_with_what_is_there(db: TestDatabase) {
    use app::schedule::ChangeScheduleError;
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let defined = define(&app, &input("0 9 * * *", Misfire::Skip)).await;
    let op = someone(&app);
    let seen = |command_id| ChangeSchedule {
        command_id,
        id: defined.id,
        expected_version: defined.position.get(),
    };
    let command = Uuid::now_v7();
    let first = app.pause_schedule(&op, seen(command)).await.expect("paused");
    let again = app
        .pause_schedule(&op, seen(command))
        .await
        .expect("the same answer");
    assert_eq!(first.position, again.position);
    let stale = app.remove_schedule(&op, seen(Uuid::now_v7())).await;
    let Err(ChangeScheduleError::Stale(theirs)) = stale else {
        panic!("refused: {stale:?}");
    };
    assert!(theirs.paused && theirs.version == first.position.get());
}

async fn a_command_that_is_sent_again_has_its_first_result_and_another_under_its_id_is_refused(
    db: TestDatabase,
) {
    use app::schedule::ChangeScheduleError::CommandReused;
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let (op, commands) = (someone(&app), crate::support::COMMANDS);
    let (daily, hourly) = (
        input("0 9 * * *", Misfire::Skip),
        input("0 * * * *", Misfire::Skip),
    );
    let define = Uuid::now_v7();
    let first = app
        .define_schedule(&op, define, &daily, &commands)
        .await
        .expect("defined");
    clock.advance(TimeDelta::minutes(5));
    let again = app
        .define_schedule(&op, define, &daily, &commands)
        .await
        .expect("the same");
    assert_eq!(first, again);
    let other = app.define_schedule(&op, define, &hourly, &commands).await;
    assert!(matches!(other, Err(CommandReused)), "{other:?}");

    let change = ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: first.id,
        expected_version: first.position.get(),
    };
    let run = app.run_schedule_now(&op, change).await.expect("it runs");
    let again = app.run_schedule_now(&op, change).await.expect("the same");
    assert!(run == again && run.job_id.is_some());
    let other = app.pause_schedule(&op, change).await;
    assert!(matches!(other, Err(CommandReused)), "{other:?}");
    let elsewhere = ChangeSchedule {
        id: domain::ScheduleId::new(Uuid::now_v7()),
        ..change
    };
    let other = app.run_schedule_now(&op, elsewhere).await;
    assert!(matches!(other, Err(CommandReused)), "{other:?}");
    assert_eq!(count(&app, "schedule.run_requested").await, 1);
}

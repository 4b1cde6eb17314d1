//! Declaring, retried: the same command makes one declaration, however often and whenever it is sent again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use app::attachment::GivenEvidence;
use app::declaration::{
    Change, ChangeError, Changed, CorrectDeclaration, Made, MakeDeclaration, MakeDeclarationError, UndoChange,
};
use app::{App, Clock, NoRandomness, OpContext, Random, SystemRandom};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Personal;
use domain::declaration::decide::{
    FieldInput, Reinstate, ReinstateError, StopDeclaration, UndoError, Unpublish, Wanted,
};
use domain::declaration::{Field, Origin, StopKind};
use domain::value::{DeclarationNo, EntityType, PledgeVersion, Star};
use event_store::Position;
use test_support::{FixedClock, TestDatabase};
use tests::{corporate_number, database};
use tokio::runtime::Handle;
use uuid::Uuid;

test_support::on_both_engines!(
    a_retry_has_the_first_result_also_on_the_next_day,
    the_same_declaration_sent_twice_at_one_moment_is_made_once,
    another_declaration_under_the_same_command_id_is_refused,
    a_retry_after_a_correction_still_has_the_first_result,
    of_two_declarations_of_one_organisation_made_at_once_one_is_made,
    a_number_is_given_once_whoever_asks,
    a_declarer_declares_anew_from_the_day_of_a_stop_to_come,
    a_retried_change_has_the_first_result_also_on_the_next_day,
    a_stop_is_taken_back_within_ten_minutes_and_not_beside_another_declaration,
    of_many_that_are_declared_at_once_no_two_get_one_number,
    a_number_that_is_drawn_twice_is_drawn_again,
    a_drawn_number_is_the_same_in_every_retry,
    of_two_declarations_of_one_organisation_brought_back_at_once_one_comes_back,
    of_two_that_were_brought_back_before_either_was_written_the_second_is_told_of_the_first,
    of_two_that_get_one_corporate_number_before_either_was_written_the_second_is_flagged,
);

struct Moving(FixedClock);

impl Clock for Moving {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// An office whose clock stands at 09:00.
async fn office(db: &TestDatabase) -> (Arc<App>, FixedClock) {
    office_with(db, Arc::new(SystemRandom)).await
}

async fn office_with(db: &TestDatabase, random: Arc<dyn Random>) -> (Arc<App>, FixedClock) {
    let clock = FixedClock::default();
    let store = db.open_store_with(storage::inline_projectors()).await;
    let app = App::open(store, Arc::new(Moving(clock.clone())), random).await;
    (Arc::new(app.expect("an office")), clock)
}

/// The machine's randomness. Once armed it holds the next two who ask for it until both have: a change asks when it has been
/// judged and not been written yet.
struct Meeting {
    expected: AtomicU32,
    both: Barrier,
}

impl Meeting {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            expected: AtomicU32::new(0),
            both: Barrier::new(2),
        })
    }

    /// Runs both on threads of their own, which the meeting holds.
    async fn of<T: Send + 'static>(
        &self,
        one: impl Future<Output = T> + Send + 'static,
        other: impl Future<Output = T> + Send + 'static,
    ) -> (T, T) {
        self.expected.store(2, Ordering::SeqCst);
        let one = tokio::task::spawn_blocking(move || Handle::current().block_on(one));
        let other = tokio::task::spawn_blocking(move || Handle::current().block_on(other));
        let met = (one.await.expect("one"), other.await.expect("other"));
        assert_eq!(self.expected.load(Ordering::SeqCst), 0, "they met");
        met
    }
}

impl Random for Meeting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let less = |expected: u32| expected.checked_sub(1);
        if self
            .expected
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok()
        {
            self.both.wait();
        }
        SystemRandom.fill(bytes)
    }
}

fn someone(app: &App) -> OpContext {
    app.command_line().expect("a context")
}

fn declaration(number: &str, of: u32) -> MakeDeclaration {
    let corporate = corporate_number(of);
    let fields = [
        (Field::Name, "株式会社みほん製作所"),
        (Field::NameKana, "ミホンセイサクショ"),
        (Field::CorporateNumber, corporate.as_str()),
        (Field::RepresentativeName, "見本 太郎"),
        (Field::PostalCode, "1000000"),
        (Field::Prefecture, "東京都"),
        (Field::City, "みほん市"),
        (Field::Street, "1-2-3"),
        (Field::Industry, "E"),
        (Field::Employees, "8"),
        (Field::CapitalYen, "1,000万円"),
        (Field::ContactName, "見本 花子"),
        (Field::ContactEmail, "hanako@example.jp"),
        (Field::ContactPhone, "03-0000-0000"),
        (Field::PublishConsent, "同意"),
    ];
    MakeDeclaration {
        command_id: Uuid::now_v7(),
        number: Some(DeclarationNo::parse(number).expect("a number")),
        origin: Origin::Public,
        entity_type: EntityType::Corporation,
        star: Star::One,
        pledge: PledgeVersion::SixRules,
        fields: fields
            .map(|(field, typed)| FieldInput {
                field,
                typed: typed.to_owned(),
            })
            .to_vec(),
        reason: None,
        evidence: GivenEvidence::default(),
        inquiry: None,
    }
}

async fn make(app: &App, command: &MakeDeclaration) -> Made {
    let made = app.make_declaration(&someone(app), command.clone()).await;
    made.unwrap_or_else(|error| panic!("{error:?}"))
}

#[track_caller]
fn assert_same(one: &Made, other: &Made) {
    assert_eq!(
        (one.id, &one.number, one.changed),
        (other.id, &other.number, other.changed)
    );
}

async fn stop(app: &App, made: &Made) -> Changed {
    let stop = StopDeclaration {
        kind: StopKind::Closed,
        on: None,
        reason: "廃業の届け出".to_owned(),
    };
    let someone = someone(app);
    let stopped = app.stop_declaration(&someone, change(made, made.changed), stop);
    stopped.await.unwrap_or_else(|error| panic!("{error:?}"))
}

fn change(of: &Made, seen: Changed) -> Change {
    Change {
        command_id: Uuid::now_v7(),
        id: of.id,
        expected_version: seen.version,
        inquiry: None,
    }
}

async fn head(app: &App) -> Position {
    app.store().head().await.expect("read")
}

async fn a_retry_has_the_first_result_also_on_the_next_day(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    let command = declaration("59990000017", 1);
    let first = make(&app, &command).await;
    let end = head(&app).await;
    assert_same(&make(&app, &command).await, &first);
    clock.advance(TimeDelta::days(1));
    assert_same(&make(&app, &command).await, &first);
    assert_eq!(head(&app).await, end);
}

async fn the_same_declaration_sent_twice_at_one_moment_is_made_once(db: TestDatabase) {
    let (app, _) = office(&db).await;
    let command = declaration("59990000017", 1);
    let (one, other) = futures::join!(make(&app, &command), make(&app, &command));
    assert_same(&one, &other);
    assert_eq!(head(&app).await, one.changed.position);
}

async fn another_declaration_under_the_same_command_id_is_refused(db: TestDatabase) {
    let (app, _) = office(&db).await;
    let command = declaration("59990000017", 1);
    let first = make(&app, &command).await;
    let other = MakeDeclaration {
        command_id: command.command_id,
        ..declaration("59990000025", 2)
    };
    let refused = app.make_declaration(&someone(&app), other).await;
    assert!(
        matches!(refused, Err(MakeDeclarationError::CommandReused)),
        "{refused:?}"
    );
    // A command of its own meets the declaration that is there.
    let again = app
        .make_declaration(&someone(&app), declaration("59990000025", 1))
        .await;
    assert!(
        matches!(&again, Err(MakeDeclarationError::AlreadyLive { id, .. }) if *id == first.id),
        "{again:?}"
    );
    assert_eq!(head(&app).await, first.changed.position);
}

async fn a_retry_after_a_correction_still_has_the_first_result(db: TestDatabase) {
    let (app, _) = office(&db).await;
    let command = declaration("59990000017", 1);
    let first = make(&app, &command).await;
    stop(&app, &first).await;
    let end = head(&app).await;
    assert_same(&make(&app, &command).await, &first);
    assert_eq!(head(&app).await, end);
}

/// Often enough that both look before either has written, at least once.
const ROUNDS: u32 = 10;

fn number(n: u32) -> String {
    format!("5{n:010}")
}

async fn of_two_declarations_of_one_organisation_made_at_once_one_is_made(db: TestDatabase) {
    let (app, _) = office(&db).await;
    let someone = someone(&app);
    for round in 0..ROUNDS {
        let one = declaration(&number(2 * round), round);
        let other = declaration(&number(2 * round + 1), round);
        let (one, other) = futures::join!(
            app.make_declaration(&someone, one),
            app.make_declaration(&someone, other)
        );
        let (made, refused) = match (one, other) {
            (Ok(made), Err(refused)) | (Err(refused), Ok(made)) => (made, refused),
            both => panic!("round {round}: {both:?}"),
        };
        assert!(
            matches!(&refused, MakeDeclarationError::AlreadyLive { id, number }
                if *id == made.id && *number == made.number.to_string()),
            "{refused:?}"
        );
    }
}

async fn a_number_is_given_once_whoever_asks(db: TestDatabase) {
    let (app, _) = office(&db).await;
    let made = make(&app, &declaration("59990000017", 1)).await;
    let other = app
        .make_declaration(&someone(&app), declaration("59990000017", 2))
        .await;
    assert!(
        matches!(other, Err(MakeDeclarationError::NumberTaken)),
        "{other:?}"
    );
    assert_eq!(head(&app).await, made.changed.position);
}

/// One organisation for each, and no number given.
fn drawn(of: u32) -> MakeDeclaration {
    MakeDeclaration {
        number: None,
        ..declaration("59990000017", of)
    }
}

async fn of_many_that_are_declared_at_once_no_two_get_one_number(db: TestDatabase) {
    // Few numbers to draw from, so that they meet.
    let (app, _) = office_with(&db, Arc::new(FewNumbers(AtomicU32::new(0))) as _).await;
    let commands: Vec<MakeDeclaration> = (1..=40).map(drawn).collect();
    let made = commands.iter().map(|command| make(&app, command));
    let made = futures::future::join_all(made).await;
    let numbers: BTreeSet<String> = made.iter().map(|made| made.number.to_string()).collect();
    assert_eq!(numbers.len(), made.len());
    assert!(
        numbers
            .iter()
            .all(|number| number.len() == 11 && number.starts_with('5'))
    );
}

/// Draws each number twice before the next one.
struct FewNumbers(AtomicU32);

impl Random for FewNumbers {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if bytes.len() == 8 {
            let next = self.0.fetch_add(1, Ordering::SeqCst) / 2;
            bytes.copy_from_slice(&u64::from(next).to_le_bytes());
            return Ok(());
        }
        SystemRandom.fill(bytes)
    }
}

async fn a_number_that_is_drawn_twice_is_drawn_again(db: TestDatabase) {
    let (app, _) = office_with(&db, Arc::new(FewNumbers(AtomicU32::new(0))) as _).await;
    let first = make(&app, &drawn(1)).await;
    let second = make(&app, &drawn(2)).await;
    assert_eq!(first.number.as_str(), "50000000000");
    assert_eq!(second.number.as_str(), "50000000001");
}

async fn a_drawn_number_is_the_same_in_every_retry(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    let command = drawn(1);
    let (one, other) = futures::join!(make(&app, &command), make(&app, &command));
    assert_same(&one, &other);
    clock.advance(TimeDelta::days(1));
    assert_same(&make(&app, &command).await, &one);
    let other = MakeDeclaration {
        command_id: command.command_id,
        ..drawn(2)
    };
    let refused = app.make_declaration(&someone(&app), other).await;
    assert!(
        matches!(refused, Err(MakeDeclarationError::CommandReused)),
        "{refused:?}"
    );
    assert_eq!(head(&app).await, one.changed.position);
}

async fn of_two_declarations_of_one_organisation_brought_back_at_once_one_comes_back(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    for round in 0..ROUNDS {
        let mut ended = Vec::new();
        for n in [2 * round, 2 * round + 1] {
            let made = make(&app, &declaration(&number(n), round)).await;
            let stopped = stop(&app, &made).await;
            ended.push((made, stopped));
            clock.advance(TimeDelta::days(1));
        }
        let someone = someone(&app);
        let back = || Reinstate {
            on: someone.today(),
            reason: "停止の届け出は誤りだったため".to_owned(),
            live: None,
        };
        let bring_back = |(made, stopped): (Made, Changed)| {
            app.reinstate_declaration(&someone, change(&made, stopped), back())
        };
        let (one, other) = futures::join!(bring_back(ended[0].clone()), bring_back(ended[1].clone()));
        assert!(one.is_ok() != other.is_ok(), "round {round}: {one:?}, {other:?}");
    }
}

async fn of_two_that_were_brought_back_before_either_was_written_the_second_is_told_of_the_first(
    db: TestDatabase,
) {
    let meeting = Meeting::new();
    let (app, clock) = office_with(&db, Arc::clone(&meeting) as _).await;
    let mut ended = Vec::new();
    for n in [1, 2] {
        let made = make(&app, &declaration(&number(n), 1)).await;
        let stopped = stop(&app, &made).await;
        ended.push((made, stopped));
        clock.advance(TimeDelta::days(1));
    }
    let bring_back = |(made, stopped): (Made, Changed)| {
        let (app, someone) = (Arc::clone(&app), someone(&app));
        let back = Reinstate {
            on: someone.today(),
            reason: "停止の届け出は誤りだったため".to_owned(),
            live: None,
        };
        async move {
            app.reinstate_declaration(&someone, change(&made, stopped), back)
                .await
        }
    };
    let end = head(&app).await;
    let (one, other) = meeting
        .of(
            Box::pin(bring_back(ended[0].clone())),
            Box::pin(bring_back(ended[1].clone())),
        )
        .await;
    let (back, refused, live) = match (one, other) {
        (Ok(back), Err(refused)) => (back, refused, ended[0].0.id),
        (Err(refused), Ok(back)) => (back, refused, ended[1].0.id),
        both => panic!("{both:?}"),
    };
    assert!(
        matches!(&refused, ChangeError::Refused(ReinstateError::AlreadyLive(other)) if other.id == live && other.number.len() == 11),
        "{refused:?}"
    );
    assert!(back.position > end);
    assert_eq!(head(&app).await, back.position, "the second wrote nothing");
}

async fn of_two_that_get_one_corporate_number_before_either_was_written_the_second_is_flagged(
    db: TestDatabase,
) {
    let meeting = Meeting::new();
    let (app, _) = office_with(&db, Arc::clone(&meeting) as _).await;
    let mut made = Vec::new();
    for n in [1, 2] {
        made.push(make(&app, &declaration(&number(n), n)).await);
    }
    let renumber = |made: Made| {
        let (app, someone) = (Arc::clone(&app), someone(&app));
        let command = CorrectDeclaration {
            change: change(&made, made.changed),
            fields: vec![FieldInput {
                field: Field::CorporateNumber,
                typed: corporate_number(3),
            }],
            wanted: Wanted::Error,
            reason: "登記簿と照合".to_owned(),
            evidence: GivenEvidence {
                attachments: Vec::new(),
                no_document: Some(Personal::new("登記簿を画面で確認した".to_owned())),
            },
        };
        async move { app.correct_declaration(&someone, command).await }
    };
    let end = head(&app).await;
    let (one, other) = meeting
        .of(
            Box::pin(renumber(made[0].clone())),
            Box::pin(renumber(made[1].clone())),
        )
        .await;
    let (one, other) = (one.expect("corrected"), other.expect("corrected"));
    let flags = "SELECT position FROM event WHERE event_type = 'declaration.flag_raised'";
    let flagged = database::numbers(db.database(), flags).await;
    // The first changed its number and nothing else, on its evidence; the second had seen it, when it was judged once more.
    let last = one.position.max(other.position);
    assert_eq!(one.position.min(other.position), end.next().next());
    assert_eq!(flagged, [last.get() - 1], "{one:?} {other:?}");
}

async fn a_declarer_declares_anew_from_the_day_of_a_stop_to_come(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    let first = make(&app, &declaration("59990000017", 1)).await;
    let op = someone(&app);
    let plan = StopDeclaration {
        kind: StopKind::Closed,
        on: Some(op.today() + TimeDelta::days(10)),
        reason: "廃業の予定".to_owned(),
    };
    let planned = app.stop_declaration(&op, change(&first, first.changed), plan);
    planned.await.unwrap_or_else(|error| panic!("{error:?}"));
    for days in [0, 9] {
        clock.advance(TimeDelta::days(days));
        let again = app
            .make_declaration(&someone(&app), declaration("59990000025", 1))
            .await;
        assert!(
            matches!(again, Err(MakeDeclarationError::AlreadyLive { id, .. }) if id == first.id),
            "{again:?}"
        );
    }
    clock.advance(TimeDelta::days(1));
    make(&app, &declaration("59990000025", 1)).await;
}

async fn a_stop_is_taken_back_within_ten_minutes_and_not_beside_another_declaration(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    let made = make(&app, &declaration("59990000017", 1)).await;
    let stopped = stop(&app, &made).await;
    let undo = |seen: Changed| {
        let undo = UndoChange {
            position: stopped.position,
            reason: None,
        };
        let (app, op, command) = (Arc::clone(&app), someone(&app), change(&made, seen));
        async move { app.undo_change(&op, command, undo).await }
    };
    let other = make(&app, &declaration("59990000025", 1)).await;
    let end = head(&app).await;
    let refused = undo(stopped).await;
    assert!(
        matches!(&refused, Err(ChangeError::Refused(UndoError::AlreadyLive(live))) if live.id == other.id),
        "{refused:?}"
    );
    stop(&app, &other).await;
    clock.advance(TimeDelta::minutes(10));
    let refused = undo(stopped).await;
    assert!(
        matches!(refused, Err(ChangeError::Refused(UndoError::TooLate))),
        "{refused:?}"
    );
    assert!(head(&app).await > end);
    clock.advance(TimeDelta::seconds(-1));
    let op = someone(&app);
    let command = change(&made, stopped);
    let wanted = UndoChange {
        position: stopped.position,
        reason: None,
    };
    let undone = app.undo_change(&op, command.clone(), wanted.clone()).await;
    let undone = undone.unwrap_or_else(|error| panic!("{error:?}"));
    // A retry is judged as its first try was, also when the ten minutes are over.
    clock.advance(TimeDelta::hours(1));
    let again = app.undo_change(&someone(&app), command, wanted).await;
    assert_eq!(again.unwrap_or_else(|error| panic!("{error:?}")), undone);
}

async fn a_retried_change_has_the_first_result_also_on_the_next_day(db: TestDatabase) {
    let (app, clock) = office(&db).await;
    let made = make(&app, &declaration("59990000017", 1)).await;
    let command = change(&made, made.changed);
    let hide = || Unpublish {
        reason: "本人の希望".to_owned(),
    };
    let first = app
        .unpublish_declaration(&someone(&app), command.clone(), hide())
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    clock.advance(TimeDelta::days(1));
    let again = app.unpublish_declaration(&someone(&app), command, hide()).await;
    assert_eq!(again.unwrap_or_else(|error| panic!("{error:?}")), first);
    assert_eq!(head(&app).await, first.position);
}

//! Imports in the console, inside the test's own process, which claims and ends their jobs as it wants: the messy register with its right
//! answers, what cannot be read, stopping, going on, processes that end, rights that are lost, second persons, and the file to correct.

use std::fs;
use std::net::IpAddr;
use std::sync::Arc;

use app::import::{
    CorrectedSheet, DiscardImport, ImportDetail, MapImport, MapImportError, RUN, RunImport, SheetEncoding,
    StartImport, StartImportError, StartImportRefusal, TRY, TouchImport, TryImport, UploadImport,
    UploadImportError, WhichRows,
};
use app::job::{Effects, Job, JobEnd, JobFailure, JobHandler, JobRun};
use app::staff::{AcceptInvitation, ChangeAccount, Place};
use app::{App, Guarded, OpContext, SystemRandom};
use chrono::TimeDelta;
use domain::import::{ImportCounts, Mapping};
use domain::reason::ReasonCode;
use domain::staff::{Actor, Role, StaffId};
use domain::{ImportId, JobId};
use event_store::{Position, Query};
use serde_json::Value;
use test_support::TestDatabase;
use tests::{Inside, PASSWORD, Row, data_file, register};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

test_support::on_both_engines!(
    the_given_register_has_its_right_answers_and_a_second_import_of_it_writes_nothing,
    nothing_is_written_before_it_is_begun_and_twice_begun_is_once,
    t41_what_is_refused_leaves_to_be_corrected_and_comes_back,
    another_order_other_headings_and_missing_columns_are_mapped_by_hand_and_remembered,
    a_long_name_hidden_marks_and_ragged_rows_are_said_at_their_column,
    a_stop_between_two_pieces_leaves_what_is_written_and_it_can_go_on,
    what_a_process_wrote_before_it_ended_is_counted_as_written_and_not_written_again,
    whoever_loses_the_right_meanwhile_ends_it,
    above_the_limit_a_second_person_is_needed,
    what_is_discarded_or_a_week_old_is_destroyed,
);

struct Office {
    app: Arc<App>,
    registrar: StaffId,
}

impl Office {
    async fn open(db: &TestDatabase) -> Self {
        let store = db.open_store_with(storage::inline_projectors()).await;
        let app = Inside::open(store, Arc::new(SystemRandom)).await.app;
        let registrar = member(&app).await;
        Self { app, registrar }
    }

    fn op(&self) -> OpContext {
        let request = self.app.new_id().expect("an id");
        let actor = Actor::Staff(self.registrar);
        self.app.context(actor, vec![Role::Registrar], request, "test")
    }

    async fn upload(&self, bytes: Vec<u8>) -> Result<ImportId, UploadImportError> {
        let upload = UploadImport {
            command_id: Uuid::now_v7(),
            name: "台帳.csv".to_owned(),
            bytes,
            encoding: None,
        };
        self.app.upload_import(&self.op(), upload).await
    }

    async fn detail(&self, id: ImportId) -> ImportDetail {
        let found = self.app.import(&self.op(), id).await.expect("an answer");
        found.expect("the import")
    }

    /// As the console suggests to read it.
    async fn suggested(&self, id: ImportId) -> Mapping {
        match self.detail(id).await.file {
            Some(Guarded::Open(file)) => file.suggested[0].clone(),
            _ => panic!("a file is there"),
        }
    }

    async fn map(&self, id: ImportId, places: Vec<Option<u16>>) -> Result<(), MapImportError> {
        let command = MapImport {
            command_id: Uuid::now_v7(),
            id,
            sheet: 0,
            places,
        };
        self.app.map_import(&self.op(), command).await
    }

    /// Sent, mapped as it is suggested, and tried out.
    async fn tried(&self, bytes: Vec<u8>) -> (ImportId, ImportCounts) {
        let id = self.upload(bytes).await.expect("a file");
        let places = self.suggested(id).await.places();
        self.map(id, places).await.expect("it is mapped");
        (id, self.try_out(id).await)
    }

    async fn try_out(&self, id: ImportId) -> ImportCounts {
        let job = self.claim(TRY).await;
        let effects = run(&self.app, &TryImport, &job).await.expect("a trial");
        assert_eq!(effects.result.code(), Some(ReasonCode::ImportTried));
        self.end(&job, JobEnd::Done(effects)).await;
        self.detail(id).await.import.tried.expect("counts")
    }

    async fn trial(&self, id: ImportId) -> JobId {
        self.detail(id).await.import.reading.expect("a reading").trial_job
    }

    async fn start(&self, id: ImportId) -> Result<(), StartImportError> {
        let command = StartImport {
            command_id: Uuid::now_v7(),
            id,
            trial_job: self.trial(id).await,
            reason: "旧台帳の移行".to_owned(),
        };
        self.app.start_import(&self.op(), command).await
    }

    async fn carry_out(&self, id: ImportId) -> ImportCounts {
        let job = self.claim(RUN).await;
        let effects = run(&self.app, &RunImport, &job).await.expect("a run");
        self.end(&job, JobEnd::Done(effects)).await;
        self.detail(id).await.import.finished.expect("counts")
    }

    /// The one job of a command, for a lease that is over at once: the next claim takes it over.
    async fn claim(&self, command: &str) -> Job {
        let commands = [command.to_owned()];
        let claimed = self
            .app
            .claim_jobs("here", &commands, TimeDelta::zero(), 10)
            .await;
        let claimed = claimed.expect("an answer");
        let [job] = claimed.as_slice() else {
            panic!("one job: {claimed:?}");
        };
        job.clone()
    }

    async fn end(&self, job: &Job, end: JobEnd) {
        let op = self.app.command_line().expect("a context");
        self.app.end_job(&op, job, end).await.expect("it ends");
    }

    async fn touch(&self, id: ImportId, goes_on: bool) {
        let command = TouchImport {
            command_id: Uuid::now_v7(),
            id,
            goes_on,
        };
        let touched = self.app.touch_import(&self.op(), command).await;
        touched.expect("it is touched");
    }

    /// Declarations that are in the register.
    async fn registered(&self) -> usize {
        let events = self
            .app
            .store()
            .read(&Query::all(), Position::START, 100_000)
            .await;
        let events = events.expect("the log").into_iter();
        events
            .filter(|event| event.event_type == "declaration.registered")
            .count()
    }

    async fn found(&self, id: ImportId, which: WhichRows<'_>) -> Vec<(u64, String, Option<String>, String)> {
        let rows = self.app.import_rows(&self.op(), id, which, 0, 1_000).await;
        let rows = rows.expect("rows").into_iter();
        rows.map(|row| match row.found {
            Guarded::Open(found) => (row.row, row.code, row.heading, found),
            _ => panic!("a registrar may read it"),
        })
        .collect()
    }

    async fn corrected(&self, id: ImportId, encoding: SheetEncoding) -> Vec<u8> {
        let sheet = self.app.corrected_sheet(&self.op(), id, encoding).await;
        let mut sheet: CorrectedSheet = sheet.expect("a sheet");
        let mut bytes = Vec::new();
        while let Some(next) = sheet.next(&self.app).await.expect("bytes") {
            bytes.extend(next);
        }
        bytes
    }
}

async fn member(app: &App) -> StaffId {
    let op = app.command_line().expect("a context");
    let invited = app.invite(&op, &[Role::Registrar], None).await.expect("a link");
    let command = AcceptInvitation {
        token: invited.token,
        login: "touroku".to_owned(),
        name: "見本 花子".to_owned(),
        password: PASSWORD.to_owned(),
        place: Place {
            address: IpAddr::from([127, 0, 0, 1]),
            user_agent: None,
        },
    };
    let entered = app.accept_invitation(command).await.expect("an account");
    entered.session.staff.id
}

async fn run(app: &App, handler: &dyn JobHandler, job: &Job) -> Result<Effects, JobFailure> {
    let attempt = JobRun::new(job.clone(), CancellationToken::new());
    handler.run(app, &attempt).await
}

fn rows(count: usize) -> Vec<u8> {
    let rows: Vec<Row> = (1..=count)
        .map(|i| Row::corporation(&format!("47{i:09}")))
        .collect();
    register(&rows).into_bytes()
}

fn expected() -> Value {
    let text = fs::read_to_string(data_file("legacy-register.expected.json")).expect("the right answers");
    serde_json::from_str(&text).expect("JSON")
}

async fn the_given_register_has_its_right_answers_and_a_second_import_of_it_writes_nothing(db: TestDatabase) {
    let office = Office::open(&db).await;
    let bytes = fs::read(data_file("legacy-register.csv")).expect("the given register");
    let (id, tried) = office.tried(bytes.clone()).await;
    let right = expected();
    let number = |name: &str| right[name].as_u64().expect("a number");
    assert_eq!(
        (tried.rows, tried.accepted, tried.repeats, tried.refused),
        (
            number("rows"),
            number("accepted"),
            number("identical_repeats"),
            number("refused")
        )
    );
    let refused = office.found(id, WhichRows::Refused).await;
    let right_rows = right["refused_rows"].as_array().expect("rows");
    assert_eq!(refused.len(), right_rows.len());
    for (row, right) in refused.iter().zip(right_rows) {
        assert_eq!(
            (&Value::from(row.0), row.1.as_str()),
            (&right["row"], right["code"].as_str().expect("a code"))
        );
    }
    for found in office.detail(id).await.found {
        let of = if found.refused {
            "refused_by_code"
        } else {
            "warnings_by_code"
        };
        assert_eq!(Value::from(found.count), right[of][&found.code], "{}", found.code);
    }
    assert_eq!(office.registered().await, 0, "nothing is written by a trial");
    office.start(id).await.expect("it begins");
    let done = office.carry_out(id).await;
    assert_eq!(
        (done.accepted, done.repeats, done.refused),
        (tried.accepted, tried.repeats, tried.refused)
    );
    assert_eq!(office.registered().await as u64, tried.accepted);
    let (_, again) = office.tried(bytes).await;
    assert_eq!(again.accepted, 0);
    assert_eq!(again.repeats, tried.accepted + tried.repeats);
}

async fn nothing_is_written_before_it_is_begun_and_twice_begun_is_once(db: TestDatabase) {
    let office = Office::open(&db).await;
    let id = office.upload(rows(3)).await.expect("a file");
    let places = office.suggested(id).await.places();
    office.map(id, places.clone()).await.expect("it is mapped");
    let early = office.start(id).await;
    assert!(
        matches!(
            early,
            Err(StartImportError::Refused(StartImportRefusal::NotTried))
        ),
        "{early:?}"
    );
    let meanwhile = office.map(id, places).await;
    assert!(
        matches!(meanwhile, Err(MapImportError::OtherState)),
        "{meanwhile:?}"
    );
    office.try_out(id).await;
    let command = |trial_job, reason: &str| StartImport {
        command_id: Uuid::now_v7(),
        id,
        trial_job,
        reason: reason.to_owned(),
    };
    let trial = office.trial(id).await;
    let op = office.op();
    let empty = office.app.start_import(&op, command(trial, " ")).await;
    assert!(matches!(empty, Err(StartImportError::Invalid(_))), "{empty:?}");
    let other = office
        .app
        .start_import(&op, command(JobId::new(Uuid::now_v7()), "x"))
        .await;
    assert!(matches!(other, Err(StartImportError::TriedAnew)), "{other:?}");
    let (one, other) = tokio::join!(
        office.app.start_import(&op, command(trial, "移行")),
        office.app.start_import(&op, command(trial, "移行"))
    );
    one.expect("it begins");
    other.expect("it has begun");
    let done = office.carry_out(id).await;
    assert_eq!((done.rows, done.accepted), (3, 3));
    assert_eq!(office.registered().await, 3);
}

async fn t41_what_is_refused_leaves_to_be_corrected_and_comes_back(db: TestDatabase) {
    let office = Office::open(&db).await;
    let file = register(&[
        Row::corporation("47000000001"),
        Row::corporation("47000000002")
            .with("取組段階", "三つ星")
            .with("事業者名", "=cmd|' /C calc'!A0")
            .with("番地", "＝1+1")
            .with("備考", "𠮷野"),
        Row::corporation("47000000003").with("宣言日", "令和9年13月1日"),
    ]);
    let (id, tried) = office.tried(file.into_bytes()).await;
    assert_eq!((tried.accepted, tried.refused), (1, 2));
    let sheet = office.corrected(id, SheetEncoding::Utf8).await;
    let text = String::from_utf8(sheet).expect("UTF-8");
    assert!(
        text.starts_with("\u{feff}元の行,取り込めない理由,自己宣言ID,"),
        "{text}"
    );
    assert!(text.contains("'=cmd|"), "no formula leaves: {text}");
    assert!(text.contains("'＝1+1"), "{text}");
    assert!(!text.contains("47000000001"), "only refused rows leave");
    let cp932 = office.corrected(id, SheetEncoding::Cp932).await;
    let (decoded, _, broken) = encoding_rs::SHIFT_JIS.decode(&cp932);
    assert!(!broken);
    assert!(
        decoded.contains("〓野") && decoded.contains("〓はShift_JISで書けない文字です"),
        "{decoded}"
    );
    let mended = text
        .replace("三つ星", "二つ星")
        .replace("令和9年13月1日", "令和8年4月1日");
    let (id, tried) = office.tried(mended.into_bytes()).await;
    assert_eq!((tried.accepted, tried.refused), (2, 0));
    office.start(id).await.expect("it begins");
    office.carry_out(id).await;
    let events = office
        .app
        .store()
        .read(&Query::all(), Position::START, 1_000)
        .await;
    let names: Vec<String> = events
        .expect("the log")
        .iter()
        .filter(|event| event.event_type == "declaration.registered")
        .map(|event| event.data.to_string())
        .collect();
    assert!(
        names.iter().any(|data| data.contains("\"=cmd|' /C calc'!A0\"")),
        "as it was typed: {names:?}"
    );
}

async fn another_order_other_headings_and_missing_columns_are_mapped_by_hand_and_remembered(
    db: TestDatabase,
) {
    let office = Office::open(&db).await;
    let file =
        |number: &str| format!("名前,番号,日付,段階,余分\n株式会社見本,{number},2026-04-01,一つ星,x\n");
    let id = office
        .upload(file("47000000001").into_bytes())
        .await
        .expect("a file");
    let suggested = office.suggested(id).await.places();
    assert!(
        suggested.iter().all(Option::is_none),
        "nothing is guessed: {suggested:?}"
    );
    let mut places = vec![None; 29];
    (places[0], places[1], places[4]) = (Some(1), Some(2), Some(2));
    let refused = office.map(id, places.clone()).await;
    let Err(MapImportError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    let said: Vec<_> = problems.iter().map(|it| (it.field.as_str(), it.code)).collect();
    assert_eq!(
        said,
        [
            ("places.1", "column_twice"),
            ("places.4", "column_twice"),
            ("places.17", "column_missing")
        ]
    );
    (places[4], places[17]) = (Some(0), Some(3));
    office.map(id, places.clone()).await.expect("it is mapped");
    assert_eq!(office.try_out(id).await.accepted, 1);
    let next = office
        .upload(file("47000000002").into_bytes())
        .await
        .expect("a file");
    assert_eq!(office.suggested(next).await.places(), places, "it is remembered");
}

async fn a_long_name_hidden_marks_and_ragged_rows_are_said_at_their_column(db: TestDatabase) {
    let office = Office::open(&db).await;
    let long = "長".repeat(10_000);
    let mut file = register(&[
        Row::corporation("47000000001").with("事業者名", &long),
        Row::corporation("47000000002").with("事業者名", "見本\u{202e}商店"),
        Row::corporation("47000000003").with("事業者名", "見\u{200b}本"),
    ]);
    file.push_str("47000000004,2026-04-01\n");
    let (id, tried) = office.tried(file.into_bytes()).await;
    assert_eq!((tried.accepted, tried.refused), (2, 2));
    let refused = office.found(id, WhichRows::Refused).await;
    assert_eq!((refused[0].0, refused[0].1.as_str()), (1, "cell_too_long"));
    assert_eq!(refused[0].2.as_deref(), Some("事業者名"));
    assert_eq!(refused[0].3.chars().count(), 100, "no more than a report shows");
    assert_eq!((refused[1].0, refused[1].1.as_str()), (4, "ragged_row"));
    let marks = office.found(id, WhichRows::Code("name_characters")).await;
    let marks: Vec<_> = marks.iter().map(|it| (it.0, it.2.as_deref())).collect();
    assert_eq!(marks, [(2, Some("事業者名")), (3, Some("事業者名"))]);
}

async fn a_stop_between_two_pieces_leaves_what_is_written_and_it_can_go_on(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (id, _) = office.tried(rows(1_000)).await;
    office.start(id).await.expect("it begins");
    let job = office.claim(RUN).await;
    office.touch(id, false).await;
    let stopped = run(&office.app, &RunImport, &job).await;
    assert!(matches!(stopped, Err(JobFailure::Stopped)), "{stopped:?}");
    office.end(&job, JobEnd::Stopped).await;
    let said = office.detail(id).await.progress.expect("how far it is");
    assert_eq!(
        usize::try_from(said.accepted).ok(),
        Some(office.registered().await),
        "what is said is what is there"
    );
    office.touch(id, true).await;
    let done = office.carry_out(id).await;
    assert_eq!((done.rows, done.accepted, done.repeats), (1_000, 1_000, 0));
    assert_eq!(office.registered().await, 1_000);
}

const LOST: &str = "UPDATE import_file SET rows_done = 400, accepted = 400";

async fn what_a_process_wrote_before_it_ended_is_counted_as_written_and_not_written_again(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (id, _) = office.tried(rows(1_000)).await;
    office.start(id).await.expect("it begins");
    let first = office.claim(RUN).await;
    run(&office.app, &RunImport, &first).await.expect("an attempt");
    // It ended before it could say that it wrote the rows after the first piece.
    tests::database::execute(office.app.store().database(), LOST).await;
    let done = office.carry_out(id).await;
    assert_eq!((done.rows, done.accepted, done.repeats), (1_000, 1_000, 0));
    assert_eq!(office.registered().await, 1_000, "nothing is written twice");
}

async fn whoever_loses_the_right_meanwhile_ends_it(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (id, _) = office.tried(rows(3)).await;
    office.start(id).await.expect("it begins");
    let job = office.claim(RUN).await;
    let op = office.app.command_line().expect("a context");
    let account = office
        .app
        .account(&op, office.registrar)
        .await
        .expect("an answer");
    let change = ChangeAccount {
        command_id: Uuid::now_v7(),
        id: office.registrar,
        expected_version: account.expect("the account").version,
    };
    let changed = office.app.change_roles(&op, change, &[Role::Viewer]).await;
    changed.expect("other roles");
    let ended = run(&office.app, &RunImport, &job).await;
    let Err(JobFailure::Hopeless(why)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(why.code(), Some(ReasonCode::ImportNotAllowed));
    assert_eq!(office.registered().await, 0);
}

async fn above_the_limit_a_second_person_is_needed(db: TestDatabase) {
    let office = Office::open(&db).await;
    let limit = office.app.bulk_rules().import_approval_above as usize;
    let (id, tried) = office.tried(rows(limit + 1)).await;
    assert_eq!(usize::try_from(tried.accepted).ok(), Some(limit + 1));
    let refused = office.start(id).await;
    let Err(StartImportError::NeedsApproval { count, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(usize::try_from(count).ok(), Some(limit + 1));
    assert_eq!(office.registered().await, 0);
}

async fn what_is_discarded_or_a_week_old_is_destroyed(db: TestDatabase) {
    let office = Office::open(&db).await;
    let (id, _) = office.tried(rows(3)).await;
    assert_eq!(
        office.app.clean_imports().await.expect("an answer"),
        0,
        "it is young"
    );
    let command = DiscardImport {
        command_id: Uuid::now_v7(),
        id,
    };
    office
        .app
        .discard_import(&office.op(), command)
        .await
        .expect("it goes");
    office
        .app
        .discard_import(&office.op(), command)
        .await
        .expect("it is gone");
    let detail = office.detail(id).await;
    assert!(detail.import.discarded && detail.file.is_none() && detail.found.is_empty());
    let refused = office.start(id).await;
    assert!(
        matches!(
            refused,
            Err(StartImportError::Refused(StartImportRefusal::Discarded))
        ),
        "{refused:?}"
    );
    let (old, _) = office.tried(rows(2)).await;
    let database = office.app.store().database();
    for statement in [
        "UPDATE import_file SET uploaded_at = 0",
        "UPDATE import SET changed_at = 0",
    ] {
        tests::database::execute(database, statement).await;
    }
    assert_eq!(office.app.clean_imports().await.expect("an answer"), 1);
    assert!(office.detail(old).await.file.is_none());
}

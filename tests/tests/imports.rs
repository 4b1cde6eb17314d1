//! Imports in the console, inside the test's own process, which claims and ends their jobs as it wants: the messy register with its right
//! answers, what cannot be read, stopping, going on, processes that end, rights that are lost, second persons, and the file to correct.

use std::fs;

use app::import::{
    DiscardImport, MapImportError, RUN, RunImport, SheetEncoding, StartImport, StartImportError,
    StartImportRefusal, WhichRows,
};
use app::job::{JobEnd, JobFailure};
use domain::JobId;
use domain::reason::ReasonCode;
use serde_json::Value;
use test_support::TestDatabase;
use tests::{ImportDesk, Row, corporations, data_file, register};
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

fn expected() -> Value {
    let text = fs::read_to_string(data_file("legacy-register.expected.json")).expect("the right answers");
    serde_json::from_str(&text).expect("JSON")
}

async fn the_given_register_has_its_right_answers_and_a_second_import_of_it_writes_nothing(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
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
    let office = ImportDesk::open(&db).await;
    let id = office.upload(corporations(3)).await.expect("a file");
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
    let op = office.desk.op();
    let empty = office.desk.app.start_import(&op, command(trial, " ")).await;
    assert!(matches!(empty, Err(StartImportError::Invalid(_))), "{empty:?}");
    let other = office
        .desk
        .app
        .start_import(&op, command(JobId::new(Uuid::now_v7()), "x"))
        .await;
    assert!(matches!(other, Err(StartImportError::TriedAnew)), "{other:?}");
    let (one, other) = tokio::join!(
        office.desk.app.start_import(&op, command(trial, "移行")),
        office.desk.app.start_import(&op, command(trial, "移行"))
    );
    one.expect("it begins");
    other.expect("it has begun");
    let done = office.carry_out(id).await;
    assert_eq!((done.rows, done.accepted), (3, 3));
    assert_eq!(office.registered().await, 3);
}

async fn t41_what_is_refused_leaves_to_be_corrected_and_comes_back(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
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
    let events = office.desk.events().await;
    let names: Vec<String> = events
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
    let office = ImportDesk::open(&db).await;
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
    let office = ImportDesk::open(&db).await;
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
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(1_000)).await;
    office.start(id).await.expect("it begins");
    let job = office.desk.claim(RUN).await;
    office.touch(id, false).await;
    let stopped = office.desk.run(&RunImport, &job).await;
    assert!(matches!(stopped, Err(JobFailure::Stopped)), "{stopped:?}");
    office.desk.end(&job, JobEnd::Stopped).await;
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
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(1_000)).await;
    office.start(id).await.expect("it begins");
    let first = office.desk.claim(RUN).await;
    office.desk.run(&RunImport, &first).await.expect("an attempt");
    // It ended before it could say that it wrote the rows after the first piece.
    tests::database::execute(office.desk.app.store().database(), LOST).await;
    let done = office.carry_out(id).await;
    assert_eq!((done.rows, done.accepted, done.repeats), (1_000, 1_000, 0));
    assert_eq!(office.registered().await, 1_000, "nothing is written twice");
}

async fn whoever_loses_the_right_meanwhile_ends_it(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(3)).await;
    office.start(id).await.expect("it begins");
    let job = office.desk.claim(RUN).await;
    office.desk.demote().await;
    let ended = office.desk.run(&RunImport, &job).await;
    let Err(JobFailure::Hopeless(why)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(why.code(), Some(ReasonCode::ImportNotAllowed));
    assert_eq!(office.registered().await, 0);
}

async fn above_the_limit_a_second_person_is_needed(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let limit = office.desk.app.bulk_rules().import_approval_above as usize;
    let (id, tried) = office.tried(corporations(limit + 1)).await;
    assert_eq!(usize::try_from(tried.accepted).ok(), Some(limit + 1));
    let refused = office.start(id).await;
    let Err(StartImportError::NeedsApproval { count, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(usize::try_from(count).ok(), Some(limit + 1));
    assert_eq!(office.registered().await, 0);
}

async fn what_is_discarded_or_a_week_old_is_destroyed(db: TestDatabase) {
    let office = ImportDesk::open(&db).await;
    let (id, _) = office.tried(corporations(3)).await;
    assert_eq!(
        office.desk.app.clean_imports().await.expect("an answer"),
        0,
        "it is young"
    );
    let command = DiscardImport {
        command_id: Uuid::now_v7(),
        id,
    };
    office
        .desk
        .app
        .discard_import(&office.desk.op(), command)
        .await
        .expect("it goes");
    office
        .desk
        .app
        .discard_import(&office.desk.op(), command)
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
    let (old, _) = office.tried(corporations(2)).await;
    let database = office.desk.app.store().database();
    for statement in [
        "UPDATE import_file SET uploaded_at = 0",
        "UPDATE import SET changed_at = 0",
    ] {
        tests::database::execute(database, statement).await;
    }
    assert_eq!(office.desk.app.clean_imports().await.expect("an answer"), 1);
    assert!(office.detail(old).await.file.is_none());
}

//! Imports that meet other writers at the same moment: nothing that one did is missed by the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::attachment::GivenEvidence;
use app::declaration::{Change, ChangeError, CorrectDeclaration};
use app::import::{ImportOptions, Source, Summary};
use app::{App, SystemClock, SystemRandom};
use domain::DeclarationId;
use domain::Personal;
use domain::declaration::decide::{FieldInput, Reinstate, ReinstateError, Wanted};
use domain::declaration::{Field, FlagCode, Timeline};
use event_store::Position;
use storage::log::LoggedEvent;
use storage::register_index::{self, Indexed};
use tempfile::TempDir;
use test_support::TestDatabase;
use tests::{Row, corporate_number, register};
use uuid::Uuid;

test_support::on_both_engines!(
    of_two_imports_at_one_moment_the_later_row_of_an_organisation_is_the_duplicate,
    an_import_sees_the_number_that_a_correction_typed_in_a_moment_ago,
    rows_of_one_organisation_that_stand_close_together_are_one_organisation,
    a_dry_run_says_of_a_number_that_a_sole_trader_and_a_company_share_what_the_import_does,
    of_two_declarations_of_a_sole_trader_the_stopped_one_stays_stopped_while_the_other_is_live,
);

const ROWS: u32 = 300;

async fn office(db: &TestDatabase) -> Arc<App> {
    let store = db.open_store_with(storage::inline_projectors()).await;
    let app = App::open(store, Arc::new(SystemClock), Arc::new(SystemRandom)).await;
    Arc::new(app.expect("an office"))
}

fn file(folder: &TempDir, name: &str, rows: &[Row]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, register(rows)).expect("the file");
    path
}

async fn import(app: &App, path: &Path) -> Summary {
    import_with(app, path, ImportOptions::default()).await
}

async fn import_with(app: &App, path: &Path, options: ImportOptions) -> Summary {
    let source = Source::open(path, None).expect("a register");
    let op = app.command_line().expect("a context");
    let name = Source::name(path);
    let imported = app.import_declarations(&op, &source, &name, &options, |_| {});
    imported.await.unwrap_or_else(|error| panic!("{error:?}"))
}

fn rows(generation: u32) -> Vec<Row> {
    let row = |n| Row::corporation(&number(generation, n)).with("法人番号", &corporate_number(n));
    (0..ROWS).map(row).collect()
}

fn number(generation: u32, n: u32) -> String {
    format!("{generation}9999{n:06}")
}

async fn under(app: &App, n: u32) -> Vec<Indexed> {
    let found = register_index::by_corporate_numbers(app.store().database(), &[corporate_number(n)]).await;
    found.expect("a look-up")
}

fn duplicates(summary: &Summary) -> u64 {
    let code = FlagCode::CorporateNumberDuplicate.code();
    summary.warnings_by_code.get(code).copied().unwrap_or_default()
}

async fn of_two_imports_at_one_moment_the_later_row_of_an_organisation_is_the_duplicate(db: TestDatabase) {
    let app = office(&db).await;
    let folder = TempDir::new().expect("a folder");
    let (old, new) = (
        file(&folder, "old.csv", &rows(4)),
        file(&folder, "new.csv", &rows(5)),
    );
    let (old, new) = futures::join!(import(&app, &old), import(&app, &new));
    assert_eq!(old.accepted + new.accepted, u64::from(2 * ROWS));
    assert_eq!(duplicates(&old) + duplicates(&new), u64::from(ROWS));
    let mut flagged = 0;
    for n in 0..ROWS {
        let both = under(&app, n).await;
        assert_eq!(both.len(), 2, "row {n}");
        assert_eq!(both[0].organization_id, both[1].organization_id, "row {n}");
        for indexed in both {
            flagged += u32::from(is_flagged(&app, indexed.declaration_id).await);
        }
    }
    assert_eq!(flagged, ROWS, "what is in the register is what the summaries say");
}

async fn an_import_sees_the_number_that_a_correction_typed_in_a_moment_ago(db: TestDatabase) {
    let app = office(&db).await;
    let folder = TempDir::new().expect("a folder");
    import(&app, &file(&folder, "old.csv", &rows(4))).await;
    for round in 0..10 {
        let typed = corporate_number(ROWS + round);
        let row = Row::corporation(&number(5, round)).with("法人番号", &typed);
        let path = file(&folder, "new.csv", &[row]);
        let mine = under(&app, round).await[0].declaration_id;
        let ((), imported) = futures::join!(type_in(&app, mine, &typed), import(&app, &path));
        assert_eq!(
            duplicates(&imported) + u64::from(is_flagged(&app, mine).await),
            1,
            "round {round}: who came second is told"
        );
    }
}

async fn type_in(app: &App, id: DeclarationId, typed: &str) {
    let history = storage::log::declaration(app.store(), id).await;
    let newest = history.expect("its events").last().map(|event| event.position);
    let op = app.command_line().expect("a context");
    let correction = CorrectDeclaration {
        change: Change {
            command_id: Uuid::now_v7(),
            id,
            expected_version: newest.unwrap_or(Position::START),
            inquiry: None,
        },
        fields: vec![FieldInput {
            field: Field::CorporateNumber,
            typed: typed.to_owned(),
        }],
        wanted: Wanted::Error,
        reason: "届け出の誤記".to_owned(),
        evidence: GivenEvidence {
            attachments: Vec::new(),
            no_document: Some(Personal::new("登記簿を画面で確認した".to_owned())),
        },
    };
    let corrected = app.correct_declaration(&op, correction).await;
    corrected.unwrap_or_else(|error| panic!("{error:?}"));
}

async fn is_flagged(app: &App, id: DeclarationId) -> bool {
    let events = storage::log::declaration(app.store(), id)
        .await
        .expect("its events");
    let timeline = Timeline::new(events.iter().map(LoggedEvent::recorded)).expect("a history");
    let flags = &timeline.current().flags;
    flags.contains(&FlagCode::CorporateNumberDuplicate)
}

async fn rows_of_one_organisation_that_stand_close_together_are_one_organisation(db: TestDatabase) {
    let app = office(&db).await;
    let folder = TempDir::new().expect("a folder");
    // Next to each other, and again in the chunk after: the earlier ones are on their way into the log.
    let row = |n: u32| Row::corporation(&number(4, n)).with("法人番号", &corporate_number(n % ROWS / 2));
    let rows: Vec<_> = (0..4 * ROWS).map(row).collect();
    let summary = import(&app, &file(&folder, "close.csv", &rows)).await;
    assert_eq!(summary.accepted, u64::from(4 * ROWS));
    assert_eq!(duplicates(&summary), u64::from(4 * ROWS - ROWS / 2));
    for n in 0..ROWS / 2 {
        let mut organizations: Vec<_> = under(&app, n).await;
        assert_eq!(organizations.len(), 8);
        organizations.dedup_by_key(|indexed| indexed.organization_id);
        assert_eq!(organizations.len(), 1, "number {n}");
    }
}

/// The number of the sole trader stands in no index, and the company's second row waits for its first.
async fn a_dry_run_says_of_a_number_that_a_sole_trader_and_a_company_share_what_the_import_does(
    db: TestDatabase,
) {
    let app = office(&db).await;
    let folder = TempDir::new().expect("a folder");
    let mut rows = Vec::new();
    for n in 0..ROWS {
        rows.extend([
            Row::sole_trader(&number(4, 3 * n), "見本 太郎", "ミホン タロウ").with("状態", "有効"),
            Row::corporation(&number(4, 3 * n + 1)).with("状態", "廃業"),
            Row::corporation(&number(4, 3 * n + 2)).with("状態", "有効"),
        ]);
        let shared = rows.split_off(rows.len() - 3).into_iter();
        rows.extend(shared.map(|row| row.with("法人番号", &corporate_number(n))));
    }
    let path = file(&folder, "shared.csv", &rows);
    let dry_run = ImportOptions {
        dry_run: true,
        ..ImportOptions::default()
    };
    let dry = import_with(&app, &path, dry_run).await;
    assert_eq!(duplicates(&dry), u64::from(ROWS), "the live companies");
    let real = import(&app, &path).await;
    assert_eq!(real.warnings_by_code, dry.warnings_by_code);
    assert_eq!(real.accepted, dry.accepted);
}

/// A sole trader's number stands in no index: what counts is that both are of one organisation.
async fn of_two_declarations_of_a_sole_trader_the_stopped_one_stays_stopped_while_the_other_is_live(
    db: TestDatabase,
) {
    let app = office(&db).await;
    let folder = TempDir::new().expect("a folder");
    let row = |n| Row::sole_trader(&number(4, n), "見本 太郎", "ミホン タロウ");
    let rows = [
        row(1).with("状態", "廃業").with("停止日", "2024-04-01"),
        row(2).with("状態", "有効"),
    ];
    let rows = rows.map(|row| row.with("法人番号", &corporate_number(1)));
    import(&app, &file(&folder, "old.csv", &rows)).await;
    let found = register_index::by_numbers(app.store().database(), &[number(4, 1), number(4, 2)]).await;
    let mut found = found.expect("a look-up");
    found.sort_by_key(|indexed| indexed.live_until.is_none());
    let [stopped, live] = found.try_into().expect("two declarations");
    assert_eq!(stopped.organization_id, live.organization_id);
    let history = storage::log::declaration(app.store(), stopped.declaration_id).await;
    let newest = history.expect("its events").last().map(|event| event.position);
    let op = app.command_line().expect("a context");
    let change = Change {
        command_id: Uuid::now_v7(),
        id: stopped.declaration_id,
        expected_version: newest.unwrap_or(Position::START),
        inquiry: None,
    };
    let back = Reinstate {
        on: op.today(),
        reason: "停止の届け出は誤りだったため".to_owned(),
        live: None,
    };
    let refused = app.reinstate_declaration(&op, change, back).await;
    assert!(
        matches!(&refused, Err(ChangeError::Refused(ReinstateError::AlreadyLive(other))) if other.id == live.declaration_id),
        "{refused:?}"
    );
}

//! Figures on the real binary: of any day, of planned stops and back-dated corrections, as an answer and as a file; bad questions get a
//! sentence, and counting anew finds nothing.

use chrono::{Months, NaiveDate};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Client, Correction, Engine, Office, Row, Server, database, on_both_engines, register};

on_both_engines!(
    figures_of_any_day_follow_the_register_and_its_corrections,
    a_stop_that_is_planned_counts_from_its_day,
    the_file_has_the_table_of_the_page,
    a_question_that_cannot_be_answered_gets_a_sentence,
    counting_anew_mends_what_was_damaged,
);

const FIGURES: &str = "query($asOf: Date, $by: FigureSplit!, $star: Star, $origin: Provenance, $atLeast: Position) { \
     figures(asOf: $asOf, by: $by, star: $star, origin: $origin, atLeast: $atLeast) { __typename \
     ... on Figures { asOf planned state stopped live { total one two unknown } \
     rows { code name live { total one two unknown } } months { month declared stopped } } \
     ... on InvalidInput { problems { field code message } } } }";

fn number(n: u32) -> String {
    format!("4700000{n:04}")
}

/// Eight declarations of four years in three prefectures, two of them stopped.
fn rows() -> Vec<Row> {
    let row = |n: u32, day: &str, prefecture: &str, star: &str| {
        Row::corporation(&number(n))
            .with("宣言日", day)
            .with("都道府県", prefecture)
            .with("取組段階", star)
    };
    vec![
        row(1, "2018-04-01", "東京都", "1"),
        row(2, "2018-04-20", "東京都", "2"),
        row(3, "2019-05-01", "大阪府", "1"),
        row(4, "2019-05-31", "大阪府", "1")
            .with("状態", "停止")
            .with("停止日", "2020-06-15"),
        row(5, "2020-06-15", "沖縄県", "2"),
        row(6, "2020-06-16", "東京都", "1")
            .with("状態", "停止")
            .with("停止日", "2021-01-31"),
        row(7, "2021-02-28", "東京都", "1").with("業種", "E"),
        row(8, "2021-03-01", "沖縄県", "1").with("従業員数", "1"),
    ]
}

struct Desk {
    office: Office,
    _server: Server,
    administrator: Client,
}

async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    office.import(&register(&rows()));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    administrator.find(&number(1)).await;
    let desk = Desk {
        office,
        _server: server,
        administrator,
    };
    desk.counted().await;
    desk
}

impl Desk {
    /// Figures that hold everything that is in the log by now.
    async fn ask(&self, mut question: Value) -> Answer {
        question["atLeast"] = json!(self.newest().await.to_string());
        let answer = self.administrator.graphql(FIGURES, question).await;
        assert_eq!(answer.fault(), None, "{answer:?}");
        answer
    }

    async fn newest(&self) -> i64 {
        let database = self.office.database().await;
        database::numbers(&database, "SELECT MAX(position) FROM event").await[0]
    }

    async fn counted(&self) {
        let answer = self.ask(json!({ "by": "STAR" })).await;
        assert_eq!(answer.at("/figures/__typename"), "Figures", "{answer:?}");
        assert_eq!(answer.at("/figures/state"), "CURRENT");
    }

    /// Live, ★, ★★ and stopped.
    async fn totals(&self, question: Value) -> [u64; 4] {
        let answer = self.ask(question).await;
        ["live/total", "live/one", "live/two", "stopped"].map(|path| {
            let found = answer.at(&format!("/figures/{path}"));
            found.as_u64().unwrap_or_else(|| panic!("{path} in {answer:?}"))
        })
    }

    async fn on(&self, day: &str) -> [u64; 4] {
        self.totals(json!({ "asOf": day, "by": "PREFECTURE" })).await
    }
}

/// The rows that are not empty, by their codes.
fn split(answer: &Answer) -> Vec<(String, u64)> {
    let rows = answer.at("/figures/rows").as_array().expect("rows");
    let row = |row: &Value| {
        let code = row["code"].as_str().unwrap_or("none").to_owned();
        (code, row["live"]["total"].as_u64().expect("a number"))
    };
    rows.iter().map(row).filter(|(_, count)| *count > 0).collect()
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected
        .iter()
        .map(|(code, count)| ((*code).to_owned(), *count))
        .collect()
}

async fn figures_of_any_day_follow_the_register_and_its_corrections(engine: Engine) {
    let desk = desk(engine).await;
    assert_eq!(desk.on("2018-03-31").await, [0, 0, 0, 0]);
    assert_eq!(desk.on("2018-04-01").await, [1, 1, 0, 0]);
    assert_eq!(desk.on("2019-05-31").await, [4, 3, 1, 0]);
    assert_eq!(desk.on("2020-06-14").await, [4, 3, 1, 0]);
    assert_eq!(
        desk.on("2020-06-15").await,
        [4, 2, 2, 1],
        "one is stopped, another declared"
    );
    assert_eq!(desk.on("2026-04-01").await, [6, 4, 2, 2]);

    let by = async |by: &str| split(&desk.ask(json!({ "asOf": "2026-04-01", "by": by })).await);
    assert_eq!(by("PREFECTURE").await, pairs(&[("13", 3), ("27", 1), ("47", 2)]));
    assert_eq!(by("INDUSTRY").await, pairs(&[("E", 1), ("G", 5)]));
    assert_eq!(by("SIZE_CLASS").await, pairs(&[("MICRO", 2), ("none", 4)]));
    assert_eq!(by("STAR").await, pairs(&[("ONE", 4), ("TWO", 2)]));
    assert_eq!(by("ORIGIN").await, pairs(&[("IMPORT", 6)]));
    let two = json!({ "asOf": "2026-04-01", "by": "PREFECTURE", "star": "TWO", "origin": "IMPORT" });
    assert_eq!(split(&desk.ask(two).await), pairs(&[("13", 1), ("47", 1)]));
    let none = json!({ "asOf": "2026-04-01", "by": "PREFECTURE", "origin": "STAFF" });
    assert_eq!(desk.totals(none).await, [0, 0, 0, 0]);

    let months = desk.ask(json!({ "asOf": "2020-07-01", "by": "MONTH" })).await;
    let months = months.at("/figures/months").as_array().expect("months");
    assert_eq!(months.len(), 28, "from April 2018 without a gap");
    let busy: Vec<_> = months
        .iter()
        .filter(|it| it["declared"] != 0 || it["stopped"] != 0)
        .map(|it| json!([it["month"], it["declared"], it["stopped"]]))
        .collect();
    let expected = [
        json!(["2018-04", 2, 0]),
        json!(["2019-05", 2, 0]),
        json!(["2020-06", 2, 1]),
    ];
    assert_eq!(busy, expected);

    // It moved on a day long ago: the figures of days before stay, those after change.
    let id = desk.administrator.find(&number(3)).await;
    let version = desk.administrator.version(&id).await;
    let moved = Correction::new(&id, &version, "PREFECTURE", "鳥取県")
        .with("kind", "CHANGE")
        .with("since", "2022-01-10");
    let moved = desk.administrator.correct(&moved).await;
    assert_eq!(
        moved.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{moved:?}"
    );
    let on = async |day: &str| split(&desk.ask(json!({ "asOf": day, "by": "PREFECTURE" })).await);
    assert_eq!(on("2022-01-09").await, pairs(&[("13", 3), ("27", 1), ("47", 2)]));
    assert_eq!(on("2022-01-10").await, pairs(&[("13", 3), ("31", 1), ("47", 2)]));
}

async fn a_stop_that_is_planned_counts_from_its_day(engine: Engine) {
    let desk = desk(engine).await;
    let database = desk.office.database().await;
    let micros = database::numbers(&database, "SELECT MAX(recorded_at) FROM event").await[0];
    let today = app::day_in_japan(chrono::DateTime::from_timestamp_micros(micros).expect("an instant"));
    let day = |months| today.checked_add_months(Months::new(months)).expect("a day");
    let id = desk.administrator.find(&number(1)).await;
    let text = "mutation($input: StopDeclarationInput!) { stopDeclaration(input: $input) { __typename } }";
    let input = json!({ "commandId": uuid::Uuid::new_v4(), "declarationId": id, "expectedVersion": desk.administrator.version(&id).await,
        "kind": "CLOSED", "on": day(1).to_string(), "reason": "廃業の届出" });
    let stopped = desk.administrator.graphql(text, json!({ "input": input })).await;
    assert_eq!(
        stopped.at("/stopDeclaration/__typename"),
        "DeclarationChanged",
        "{stopped:?}"
    );
    let on = async |day: NaiveDate| {
        let answer = desk.ask(json!({ "asOf": day.to_string(), "by": "STAR" })).await;
        let live = answer.at("/figures/live/total").as_u64().expect("a number");
        (live, answer.at("/figures/planned").as_bool().expect("a fact"))
    };
    assert_eq!(on(day(0)).await, (6, false));
    assert_eq!(on(day(1).pred_opt().expect("a day")).await, (6, true));
    assert_eq!(on(day(1)).await, (5, true));
    assert_eq!(on(day(24)).await, (5, true));
}

async fn the_file_has_the_table_of_the_page(engine: Engine) {
    let desk = desk(engine).await;
    let text = async |question: Value| {
        let left = Client::send(desk.administrator.export("figures.csv", &question)).await;
        assert_eq!(left.status, StatusCode::OK, "{left:?}");
        left.body.as_str().expect("a text").to_owned()
    };
    let months = text(json!({ "asOf": "2020-07-01", "by": "MONTH", "star": "ONE" })).await;
    let lines: Vec<&str> = months.split("\r\n").collect();
    assert_eq!(lines[0], "\u{feff}基準日,対象,年月,宣言された件数,停止された件数");
    assert_eq!(lines[1], "2020-07-01,★ 一つ星,2018-04,1,0");
    assert!(lines.contains(&"2020-07-01,★ 一つ星,2020-06,1,1"), "{months}");
    let prefectures = text(json!({ "asOf": "2026-04-01", "by": "PREFECTURE" })).await;
    assert!(prefectures.contains("基準日,対象,都道府県,有効な宣言の件数,うち★,うち★★,うち段階不明\r\n"));
    assert!(
        prefectures.contains("2026-04-01,すべて,東京都,3,2,1,0\r\n"),
        "{prefectures}"
    );
    assert_eq!(prefectures.lines().count(), 48);
}

async fn a_question_that_cannot_be_answered_gets_a_sentence(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.administrator;
    for (day, code) in [
        ("2017-03-31", "before_the_programme"),
        ("2199-01-01", "too_far_ahead"),
    ] {
        let refused = me.graphql(FIGURES, json!({ "asOf": day, "by": "MONTH" })).await;
        assert_eq!(
            refused.problems("figures"),
            [("asOf".to_owned(), code.to_owned())]
        );
        let message = refused
            .at("/figures/problems/0/message")
            .as_str()
            .expect("a sentence");
        assert!(
            message.starts_with("基準日は、") && message.ends_with('。'),
            "{message}"
        );
    }
    for question in [
        json!({ "asOf": "2026-02-31", "by": "MONTH" }),
        json!({ "by": "COLOUR" }),
    ] {
        let refused = me.graphql(FIGURES, question).await;
        assert_eq!(refused.fault(), Some("VALIDATION"), "{refused:?}");
    }
    let beyond = json!({ "by": "MONTH", "atLeast": "999999" });
    let waits = me.graphql(FIGURES, beyond).await;
    assert_eq!(waits.at("/figures/__typename"), "NotYet", "{waits:?}");
}

async fn counting_anew_mends_what_was_damaged(engine: Engine) {
    let desk = desk(engine).await;
    let before = desk.on("2026-04-01").await;
    let rebuild = || desk.office.run(&["rebuild", "figures"]).ok().stdout;
    let sound = rebuild();
    assert!(
        sound.starts_with("the figures are right, up to position "),
        "{sound}"
    );
    let database = desk.office.database().await;
    let damage = "UPDATE figure SET amount = amount + 5 WHERE dimension = 1 AND unit = 0";
    assert!(database::execute(&database, damage).await > 0);
    assert_ne!(desk.on("2026-04-01").await, before, "the damage shows");
    let mended = rebuild();
    assert!(
        mended.contains("rows of the figures were wrong and are mended"),
        "{mended}"
    );
    assert_eq!(desk.on("2026-04-01").await, before);
    assert!(rebuild().starts_with("the figures are right"));
}

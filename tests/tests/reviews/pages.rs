//! Pages of policies: asked for by the real binary at a site of the test's own, found after two days, decided, and gone when they answer.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use axum::Router;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use tests::{Engine, Row, database, on_both_engines};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{Desk, correct, decide, desk_with, next, one, queue, touch, two_stars};

on_both_engines!(
    pages_that_do_not_answer_are_found_after_two_days_claimed_decided_and_the_next_one_comes,
    a_page_that_answers_again_and_a_policy_that_is_another_one_close_it_at_once,
    t39_an_address_inside_is_asked_of_nobody_and_said_at_once,
);

impl Desk {
    /// Has the pages that are due asked for, that of a suspicion first, and waits for it.
    async fn ask_pages(&self, review: Option<&str>) {
        let text =
            "mutation($input: AskPagesInput!) { askPages(input: $input) { ... on AskingPages { jobId } } }";
        let input = json!({ "commandId": Uuid::new_v4(), "reviewId": review });
        let begun = self.administrator.graphql(text, json!({ "input": input })).await;
        let job = begun.at("/askPages/jobId").clone();
        assert!(job.is_string(), "{begun:?}");
        self.done(&job).await;
    }

    /// As if a day had gone by since pages were asked for.
    async fn a_day_later(&self) {
        let database = self.office.database().await;
        let sql = "UPDATE policy_page SET asked_at = asked_at - 86400000000, due_at = due_at - 86400000000";
        database::execute(&database, sql).await;
    }
}

/// A site of the test's own: every path is a page, but what begins with /gone unless it was put back.
struct Site {
    port: u16,
    asked: Arc<AtomicUsize>,
    is_back: Arc<AtomicBool>,
}

impl Site {
    async fn open() -> Self {
        let site = Self {
            port: 0,
            asked: Arc::default(),
            is_back: Arc::default(),
        };
        let (asked, is_back) = (Arc::clone(&site.asked), Arc::clone(&site.is_back));
        let router = Router::new().fallback(move |uri: Uri| {
            asked.fetch_add(1, SeqCst);
            let is_gone = uri.path().starts_with("/gone") && !is_back.load(SeqCst);
            std::future::ready(if is_gone {
                (StatusCode::NOT_FOUND, "ありません")
            } else {
                (StatusCode::OK, "基本方針")
            })
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { port, ..site }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The settings of an office whose pages lie here.
    fn settings(&self) -> String {
        format!(
            "[reviews]\npage_networks = [\"127.0.0.1/32\"]\npage_ports = [{}]\n",
            self.port
        )
    }
}

fn with_policy(n: u32, url: &str) -> Row {
    two_stars(n)
        .with("基本方針URL", url)
        .with("基本方針公開日", "2020-04-01")
}

async fn pages_that_do_not_answer_are_found_after_two_days_claimed_decided_and_the_next_one_comes(
    engine: Engine,
) {
    let site = Site::open().await;
    let rows = [
        with_policy(1, &site.url("/gone/1")),
        with_policy(2, &site.url("/gone/2")),
        with_policy(3, &site.url("/policy")),
        with_policy(4, "本社受付に掲示"),
    ];
    let desk = desk_with(engine, &rows, &site.settings()).await;
    let me = &desk.administrator;
    desk.ask_pages(None).await;
    assert_eq!(site.asked.load(SeqCst), 3);
    assert_eq!(desk.list("POLICY_PAGE", "OPEN").await, Vec::<Value>::new());
    desk.a_day_later().await;
    desk.ask_pages(None).await;
    let text = "{ reviewSearch { pages { endedAt asked failing jobId } } }";
    let round = me.graphql(text, Value::Null).await;
    assert_eq!(round.at("/reviewSearch/pages/asked"), 2, "{round:?}");
    assert_eq!(round.at("/reviewSearch/pages/failing"), 2, "{round:?}");
    let found = desk.list("POLICY_PAGE", "OPEN").await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0]["rules"], json!(["PAGE_GONE"]));
    assert_eq!(queue(me, "POLICY_PAGE").await["open"], 2);

    let first = next(me, "POLICY_PAGE", None).await.expect("a suspicion");
    let seen = one(me, &first).await;
    assert_eq!(seen["holds"], true);
    assert_eq!(seen["verdicts"], json!(["ANSWERS", "ASKED", "WITHDRAWN"]));
    let page = &seen["page"];
    assert_eq!(
        (&page["wrong"], &page["status"], &page["failures"]),
        (&json!("PAGE_GONE"), &json!(404), &json!(2)),
        "{page}"
    );
    let address = page["address"].as_str().expect("an address");
    assert!(address.starts_with(&site.url("/gone/")), "{page}");
    let decided = decide(me, &first, "WITHDRAWN", "公開を終えたと電話で確認").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    let declaration = &one(me, &first).await["summary"]["declarations"][0]["id"];
    let text = "query($id: ID!) { declaration(id: $id) { ... on Declaration { star policyUrl { typed } } } }";
    let record = me.graphql(text, json!({ "id": declaration })).await;
    assert_eq!(record.at("/declaration/star"), "ONE", "{record:?}");
    assert_eq!(record.at("/declaration/policyUrl"), &Value::Null);

    let second = next(me, "POLICY_PAGE", Some(&first))
        .await
        .expect("the other one");
    let decided = decide(me, &second, "ANSWERS", "ブラウザーでは表示できる").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    assert_eq!(next(me, "POLICY_PAGE", Some(&second)).await, None);
    // It does not come back, however often it fails.
    desk.a_day_later().await;
    desk.ask_pages(None).await;
    assert_eq!(desk.list("POLICY_PAGE", "OPEN").await, Vec::<Value>::new());
}

async fn a_page_that_answers_again_and_a_policy_that_is_another_one_close_it_at_once(engine: Engine) {
    let site = Site::open().await;
    let rows = [
        with_policy(1, &site.url("/gone/1")),
        with_policy(2, &site.url("/gone/2")),
    ];
    let desk = desk_with(engine, &rows, &site.settings()).await;
    let me = &desk.administrator;
    desk.ask_pages(None).await;
    desk.a_day_later().await;
    desk.ask_pages(None).await;
    let found = desk.list("POLICY_PAGE", "OPEN").await;
    let id = |at: usize| found[at]["id"].as_str().expect("an id");
    let number = |at: usize| found[at]["declarations"][0]["number"].as_str().expect("a number");
    // Another address, of which nothing is known.
    correct(me, number(0), "POLICY_URL", &site.url("/policy")).await;
    assert_eq!(one(me, id(0)).await["holds"], false);
    let over = touch(me, "claimReview", id(0)).await;
    assert_eq!(over["state"], "GONE", "{over}");
    // The same address, which answers when it is asked once more.
    site.is_back.store(true, SeqCst);
    desk.ask_pages(Some(id(1))).await;
    let now = one(me, id(1)).await;
    assert_eq!(
        (&now["holds"], &now["summary"]["state"]),
        (&json!(false), &json!("GONE")),
        "{now}"
    );
    assert_eq!(desk.list("POLICY_PAGE", "OPEN").await, Vec::<Value>::new());
    let text = "mutation($input: AskPagesInput!) { askPages(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "reviewId": Uuid::new_v4() });
    let nothing = me.graphql(text, json!({ "input": input })).await;
    assert_eq!(nothing.at("/askPages/__typename"), "NotFound", "{nothing:?}");
}

async fn t39_an_address_inside_is_asked_of_nobody_and_said_at_once(engine: Engine) {
    let site = Site::open().await;
    // Nothing is named in the settings: the site is one inside.
    let desk = desk_with(engine, &[with_policy(1, &site.url("/policy"))], "").await;
    desk.ask_pages(None).await;
    let found = desk.list("POLICY_PAGE", "OPEN").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["rules"], json!(["PAGE_NOT_ASKED"]));
    assert_eq!(site.asked.load(SeqCst), 0);
}

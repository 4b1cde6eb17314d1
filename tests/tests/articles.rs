//! Articles on the real binary: written, found, published, read by everybody, suggested, and the same after a restart and from another process.

use reqwest::header::{COOKIE, IF_NONE_MATCH};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, Start, free_address, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    an_article_is_written_published_and_read_by_everybody,
    of_two_who_write_an_article_one_sees_what_the_other_wrote,
    articles_are_found_by_words_topic_and_day,
);

const ARTICLE: &str = "id version category state ja { title body revisedAt } en { title body } isEnglishOlder hasUnpublishedChanges \
     reviewedOn reviewDueOn isReviewDue publicUrl";

fn new_article(ja: &str, en: Option<&str>) -> Value {
    json!({ "commandId": Uuid::new_v4(), "category": "LOGO", "ja": { "title": ja, "body": "名刺に使えます。" },
        "en": en.map(|title| json!({ "title": title, "body": "On business cards." })) })
}

fn change_of(article: &Value, ja: &str, en: Option<&str>) -> Value {
    let mut input = new_article(ja, en);
    input["id"] = article["id"].clone();
    input["expectedVersion"] = article["version"].clone();
    input
}

async fn save(client: &Client, input: &Value) -> Answer {
    let text = format!(
        "mutation($input: SaveArticleInput!) {{ done: saveArticle(input: $input) {{ __typename \
         ... on ArticleSaved {{ article {{ {ARTICLE} }} }} ... on ArticleConflict {{ message current {{ {ARTICLE} }} }} \
         ... on InvalidInput {{ problems {{ field code message }} }} }} }}"
    );
    client.graphql(&text, json!({ "input": input })).await
}

async fn change(client: &Client, article: &Value, what: Value) -> Answer {
    let text = format!(
        "mutation($input: ChangeArticleInput!) {{ done: changeArticle(input: $input) {{ __typename \
         ... on ArticleSaved {{ article {{ {ARTICLE} }} }} ... on ArticleConflict {{ current {{ {ARTICLE} }} }} \
         ... on InvalidInput {{ problems {{ field code }} }} ... on NotFound {{ id }} }} }}"
    );
    let input = json!({ "commandId": Uuid::new_v4(), "id": article["id"], "expectedVersion": article["version"], "change": what });
    client.graphql(&text, json!({ "input": input })).await
}

fn article(answer: &Answer) -> Value {
    assert_eq!(answer.at("/done/__typename"), "ArticleSaved", "{answer:?}");
    answer.at("/done/article").clone()
}

async fn page(public: &str, path: &str) -> Answer {
    let outside = Client::without_cookies(public, public);
    Client::send(outside.path(Method::GET, path)).await
}

fn text(answer: &Answer) -> &str {
    answer.body.as_str().unwrap_or_default()
}

async fn an_article_is_written_published_and_read_by_everybody(engine: Engine) {
    let office = Office::new(engine).await;
    let address = free_address();
    let environment = [
        ("SENGEN_PUBLIC_LISTEN", address.as_str()),
        ("SENGEN_PUBLIC_SITE_URL", "https://faq.example.jp"),
    ];
    let start = Start {
        environment: &environment,
        ..Start::default()
    };
    let mut server = office.serve_with(&start);
    let public = format!("http://{address}");
    let administrator = server.administrator().await;
    let support = server.member(&office, "support").await;

    let draft = article(&save(&support, &new_article("ロゴ<の>使い方", Some("Using the logo"))).await);
    assert_eq!(
        (&draft["state"], &draft["publicUrl"]),
        (&json!("DRAFT"), &Value::Null)
    );
    assert_eq!(page(&public, "/faq").await.status, StatusCode::OK);
    let path = format!("/faq/{}", draft["id"].as_str().expect("an id"));
    assert_eq!(
        page(&public, &path).await.status,
        StatusCode::NOT_FOUND,
        "a draft"
    );
    let refused = change(&support, &draft, json!({ "publish": true })).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));

    let published = article(&change(&administrator, &draft, json!({ "publish": true })).await);
    assert_eq!(published["publicUrl"], format!("https://faq.example.jp{path}"));
    let shown = page(&public, &path).await;
    assert!(
        text(&shown).contains("<h1>ロゴ&lt;の&gt;使い方</h1>"),
        "{shown:?}"
    );
    assert!(text(&shown).contains("最終確認日"), "{shown:?}");
    assert_eq!(shown.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(shown.header("cache-control"), "public, max-age=300");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(
        shown
            .header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self'")
    );
    let outside = Client::without_cookies(&public, &public);
    let again = outside
        .path(Method::GET, &path)
        .header(IF_NONE_MATCH, shown.header("etag"))
        .header(COOKIE, "session=x");
    assert_eq!(Client::send(again).await.status, StatusCode::NOT_MODIFIED);

    // What is written after that is seen by nobody until it is published; the translation is older then.
    let changed = article(
        &save(
            &support,
            &change_of(&published, "新しい題", Some("Using the logo")),
        )
        .await,
    );
    assert_eq!(
        (
            &changed["state"],
            &changed["hasUnpublishedChanges"],
            &changed["isEnglishOlder"]
        ),
        (&json!("PUBLISHED"), &json!(true), &json!(true))
    );
    assert!(text(&page(&public, &path).await).contains("ロゴ&lt;の&gt;使い方"));
    let published = article(&change(&administrator, &changed, json!({ "publish": true })).await);
    assert!(text(&page(&public, &format!("/en{path}")).await).contains("role=\"note\""));
    let json = page(&public, "/api/v1/faq").await;
    assert_eq!(
        json.body.pointer("/articles/0/ja/title"),
        Some(&json!("新しい題"))
    );
    assert_eq!(json.body.pointer("/articles/0/en/isOlder"), Some(&json!(true)));

    let suggested = "{ suggestedAnswers(text: \"ﾛｺﾞﾏｰｸを名刺に印刷したい\") { likeness article { id } } }";
    let found = support.graphql(suggested, Value::Null).await;
    assert_eq!(
        found.at("/suggestedAnswers/0/article/id"),
        &published["id"],
        "{found:?}"
    );

    // A process that starts later has read the same.
    drop(server);
    let server = office.serve_with(&start);
    after_a_restart(&server, &public, &published).await;
}

/// The article of a process that has read it from the log, and its end.
async fn after_a_restart(server: &Server, public: &str, published: &Value) {
    let path = format!("/faq/{}", published["id"].as_str().expect("an id"));
    let administrator = {
        let client = server.client();
        client.sign_in("kanri").await;
        client
    };
    let detail = "query($id: ID!) { article(id: $id) { article { version } history { kind by { name } ja { title } en { title } } } }";
    let detail = administrator
        .graphql(detail, json!({ "id": published["id"] }))
        .await;
    assert_eq!(detail.at("/article/article/version"), &published["version"]);
    let kinds: Vec<&Value> = detail
        .at("/article/history")
        .as_array()
        .expect("entries")
        .iter()
        .map(|it| &it["kind"])
        .collect();
    assert_eq!(kinds, ["SAVED", "PUBLISHED", "SAVED", "PUBLISHED"]);
    assert_eq!(detail.at("/article/history/2/ja/title"), "新しい題");
    assert!(text(&page(public, "/faq").await).contains("新しい題"));

    let retired = article(&change(&administrator, published, json!({ "retire": true })).await);
    assert_eq!(
        (&retired["state"], &retired["publicUrl"]),
        (&json!("RETIRED"), &Value::Null)
    );
    let gone = page(public, &path).await;
    assert_eq!(
        (gone.status, gone.header("cache-control")),
        (StatusCode::NOT_FOUND, "no-store")
    );
    assert_eq!(page(public, "/api/v1/faq").await.body, json!({ "articles": [] }));
}

async fn of_two_who_write_an_article_one_sees_what_the_other_wrote(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    let input = new_article("題", None);
    let first = article(&save(&client, &input).await);
    assert_eq!(
        article(&save(&client, &input).await),
        first,
        "the same command again"
    );
    let mut other = input.clone();
    other["ja"]["title"] = json!("別の題");
    let another = save(&client, &other).await;
    assert_eq!(
        another.at("/done/problems/0/code"),
        "command_reused",
        "{another:?}"
    );

    let mine = change_of(&first, "私の題", None);
    let saved = article(&save(&client, &mine).await);
    let theirs = save(&client, &change_of(&first, "ほかの題", None)).await;
    assert_eq!(theirs.at("/done/__typename"), "ArticleConflict", "{theirs:?}");
    assert_eq!(theirs.at("/done/current/ja/title"), "私の題");
    assert_eq!(theirs.at("/done/current/version"), &saved["version"]);
    assert_eq!(
        article(&save(&client, &mine).await),
        saved,
        "a retry after its version moved"
    );
    let stale = change(&client, &first, json!({ "publish": true })).await;
    assert_eq!(stale.at("/done/__typename"), "ArticleConflict", "{stale:?}");

    let mut guarded = change_of(&saved, "一つ星の認定とは", None);
    guarded["reviewDueOn"] = json!("2020-01-01");
    let refused = save(&client, &guarded).await;
    let problems: Vec<(&Value, &Value)> = refused
        .at("/done/problems")
        .as_array()
        .expect("problems")
        .iter()
        .map(|it| (&it["field"], &it["code"]))
        .collect();
    assert_eq!(
        problems,
        [
            (&json!("ja.title"), &json!("guarded_word")),
            (&json!("reviewDueOn"), &json!("in_past"))
        ]
    );
    let nowhere = json!({ "id": Uuid::new_v4(), "version": "1" });
    let missing = change(&client, &nowhere, json!({ "retire": true })).await;
    assert_eq!(missing.at("/done/__typename"), "NotFound", "{missing:?}");
    let bad = change(&client, &saved, json!({ "publish": false })).await;
    assert_eq!(bad.at("/done/problems/0/code"), "shape", "{bad:?}");
    let reviewed = article(&change(&client, &saved, json!({ "reviewed": "2099-01-01" })).await);
    assert_eq!(
        (&reviewed["reviewDueOn"], &reviewed["isReviewDue"]),
        (&json!("2099-01-01"), &json!(false))
    );
    assert!(reviewed["reviewedOn"].is_string());
}

async fn articles_are_found_by_words_topic_and_day(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    for (title, topic) in [
        ("髙橋商店の例", "STAR"),
        ("ロゴの色", "LOGO"),
        ("ロゴの形", "LOGO"),
    ] {
        let mut input = new_article(title, None);
        input["category"] = json!(topic);
        article(&save(&client, &input).await);
    }
    let list = async |filter: Value, first: u32, after: &Value| {
        let text = "query($filter: ArticleFilter, $first: Int!, $after: String) { articles(filter: $filter, first: $first, after: $after) { \
             ... on ArticleConnection { nodes { ja { title } } pageInfo { hasNextPage endCursor } } \
             ... on InvalidInput { problems { field code } } } }";
        let variables = json!({ "filter": filter, "first": first, "after": after });
        client.graphql(text, variables).await
    };
    let titles = |answer: &Answer| -> Vec<String> {
        let nodes = answer.at("/articles/nodes").as_array().expect("a list");
        nodes
            .iter()
            .map(|node| node["ja"]["title"].as_str().expect("a title").to_owned())
            .collect()
    };
    let found = async |filter: Value| titles(&list(filter, 50, &Value::Null).await);
    assert_eq!(found(Value::Null).await, ["髙橋商店の例", "ロゴの色", "ロゴの形"]);
    assert_eq!(
        found(json!({ "search": "高橋" })).await,
        ["髙橋商店の例"],
        "one form of a character finds the other"
    );
    assert_eq!(found(json!({ "search": "ﾛｺﾞ 名刺 形" })).await, ["ロゴの形"]);
    assert_eq!(found(json!({ "category": "LOGO" })).await.len(), 2);
    assert_eq!(found(json!({ "state": "PUBLISHED" })).await.len(), 0);
    assert_eq!(found(json!({ "reviewDue": false })).await.len(), 3);
    assert_eq!(found(json!({ "reviewDue": true })).await.len(), 0);
    let first = list(Value::Null, 2, &Value::Null).await;
    let after = first.at("/articles/pageInfo/endCursor").clone();
    assert_eq!(titles(&first).len(), 2);
    assert_eq!(titles(&list(Value::Null, 2, &after).await), ["ロゴの形"]);
    for (filter, size, after, code) in [
        (Value::Null, 101, Value::Null, "page_size"),
        (Value::Null, 2, json!("x"), "cursor"),
        (json!({ "search": "あ".repeat(201) }), 2, Value::Null, "too_long"),
    ] {
        let refused = list(filter, size, &after).await;
        assert_eq!(refused.at("/articles/problems/0/code"), code, "{refused:?}");
    }
}

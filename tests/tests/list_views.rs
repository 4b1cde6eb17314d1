//! The list as it is asked over HTTP: further conditions, counts beside them, and saved views, which belong to whoever made them.

use serde_json::{Value, json};
use tests::{Client, Engine, Office, Row, Server, on_both_engines, register};

on_both_engines!(
    further_conditions_narrow_the_list_and_are_counted_beside_it,
    t51_a_private_view_is_neither_seen_nor_changed_by_anybody_else,
    a_shared_view_is_kept_by_whoever_may_manage_records,
    views_of_the_desk_are_those_of_whoever_works_there,
);

const SAVE: &str = "mutation($input: SaveListViewInput!) { saveListView(input: $input) { __typename \
     ... on ListViewSaved { id } ... on InvalidInput { problems { field code } } } }";
const VIEWS: &str = "{ listViews { id name question isShared mayChange isDefault revision } }";

async fn office(engine: Engine) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    let rows: Vec<Row> = (1..=6)
        .map(|number| Row::corporation(&format!("4700000000{number}")))
        .collect();
    office.import(&register(&rows));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    administrator.find("47000000001").await;
    (office, server, administrator)
}

async fn member(office: &Office, server: &Server, role: &str) -> Client {
    let client = server.client();
    client
        .accept_invitation(&office.invite(role), &format!("member-{role}"))
        .await;
    client
}

async fn further_conditions_narrow_the_list_and_are_counted_beside_it(engine: Engine) {
    let (_office, _server, client) = office(engine).await;
    let ask = async |filter: Value| {
        let query = "query($filter: DeclarationFilter) { declarations(first: 9, filter: $filter) { __typename \
             ... on DeclarationConnection { nodes { number size pledge provenance published policy contact } \
             total { count kind } facets { provenances { provenance count } pledges { pledge count } estimated } } \
             ... on InvalidInput { problems { field code } } } }";
        let answer = client.graphql(query, json!({ "filter": filter })).await;
        answer.at("/declarations").clone()
    };
    let all = ask(json!({})).await;
    assert_eq!(all["total"], json!({ "count": 6, "kind": "EXACT" }));
    assert_eq!(
        all["facets"]["provenances"],
        json!([{ "provenance": "IMPORT", "count": 6 }])
    );
    assert_eq!(all["facets"]["estimated"], json!([]));
    assert_eq!(all["nodes"][0]["provenance"], "IMPORT");
    for (filter, count) in [
        (json!({ "provenances": ["STAFF"] }), 0),
        (
            json!({ "provenances": ["IMPORT"], "pledges": ["UNKNOWN", "FIVE_RULES", "SIX_RULES"] }),
            6,
        ),
        (
            json!({ "declaredFrom": "2000-01-01", "declaredTo": "2100-12-31", "changedFrom": "2000-01-01" }),
            6,
        ),
        (json!({ "changedTo": "2000-01-01" }), 0),
        (json!({ "city": "どこにもない" }), 0),
        (json!({ "unreachable": true }), 0),
        (json!({ "unreachable": false, "city": "" }), 6),
    ] {
        assert_eq!(ask(filter.clone()).await["total"]["count"], count, "{filter}");
    }
    for (filter, field) in [
        (json!({ "industries": ["Z"] }), "filter.industries"),
        (json!({ "industries": ["EE"] }), "filter.industries"),
        (json!({ "prefectures": ["99"] }), "filter.prefectures"),
        (json!({ "city": "あ".repeat(41) }), "filter.city"),
    ] {
        assert_eq!(
            ask(filter.clone()).await["problems"][0]["field"],
            field,
            "{filter}"
        );
    }
}

fn view(name: &str, is_shared: bool) -> Value {
    let command_id = uuid::Uuid::new_v4();
    json!({ "commandId": command_id, "name": name, "isShared": is_shared, "question": "state=ACTIVE&sort=NUMBER_ASC" })
}

async fn save(client: &Client, input: &Value) -> Value {
    let answer = client.graphql(SAVE, json!({ "input": input })).await;
    answer.at("/saveListView").clone()
}

async fn views(client: &Client) -> Vec<Value> {
    let answer = client.graphql(VIEWS, Value::Null).await;
    answer.at("/listViews").as_array().expect("a list").clone()
}

async fn t51_a_private_view_is_neither_seen_nor_changed_by_anybody_else(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let viewer = member(&office, &server, "viewer").await;
    let input = view("毎朝の確認", false);
    let saved = save(&viewer, &input).await;
    assert_eq!(saved["__typename"], "ListViewSaved", "{saved}");
    assert_eq!(save(&viewer, &input).await, saved, "a retry is one view");
    let id = saved["id"].clone();
    let seen = views(&viewer).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["question"], "state=ACTIVE&sort=NUMBER_ASC");
    assert_eq!(
        (&seen[0]["mayChange"], &seen[0]["isShared"]),
        (&json!(true), &json!(false))
    );

    // Also not by whoever may do everything else.
    assert_eq!(views(&administrator).await, [] as [Value; 0]);
    let mut taken_over = view("とった", false);
    taken_over["id"] = id.clone();
    taken_over["revision"] = json!(1);
    assert_eq!(save(&administrator, &taken_over).await["__typename"], "NotFound");
    for mutation in [
        "mutation($id: ID!) { done: removeListView(id: $id) }",
        "mutation($id: ID!) { done: makeListViewDefault(id: $id) }",
    ] {
        let answer = administrator.graphql(mutation, json!({ "id": id })).await;
        assert_eq!(answer.at("/done"), false, "{mutation}");
    }
    assert_eq!(views(&viewer).await, seen, "nothing happened to it");

    let taken = save(&viewer, &view("毎朝の 確認", false)).await;
    assert_eq!(taken["problems"][0], json!({ "field": "name", "code": "taken" }));
    let mut searched = view("検索", false);
    searched["question"] = json!("q=%E8%A6%8B%E6%9C%AC");
    assert_eq!(save(&viewer, &searched).await["problems"][0]["field"], "question");
    let answer = viewer
        .graphql(
            "mutation($id: ID) { makeListViewDefault(id: $id) }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(answer.at("/makeListViewDefault"), true);
    assert_eq!(views(&viewer).await[0]["isDefault"], true);
}

async fn a_shared_view_is_kept_by_whoever_may_manage_records(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let registrar = member(&office, &server, "registrar").await;
    let viewer = member(&office, &server, "viewer").await;
    let refused = viewer
        .graphql(SAVE, json!({ "input": view("みんなの", true) }))
        .await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
    let saved = save(&registrar, &view("みんなの", true)).await;
    let id = saved["id"].clone();
    for (client, may_change) in [(&viewer, false), (&administrator, true)] {
        let seen = views(client).await;
        assert_eq!((&seen[0]["id"], &seen[0]["mayChange"]), (&id, &json!(may_change)));
    }
    let mut private = view("とった", false);
    private["id"] = id.clone();
    private["revision"] = json!(1);
    for (text, variables) in [
        (SAVE, json!({ "input": private })),
        (
            "mutation($id: ID!) { removeListView(id: $id) }",
            json!({ "id": id }),
        ),
    ] {
        let refused = viewer.graphql(text, variables).await;
        assert_eq!(refused.fault(), Some("FORBIDDEN"), "{refused:?}");
    }
    let mut renamed = view("みんなの表示", true);
    renamed["id"] = id.clone();
    renamed["revision"] = json!(1);
    assert_eq!(
        save(&administrator, &renamed).await["__typename"],
        "ListViewSaved"
    );
    assert_eq!(views(&viewer).await[0]["name"], "みんなの表示");
    let stale = save(&registrar, &renamed).await;
    assert_eq!(stale["problems"][0]["code"], "view_changed");
    let removed = administrator
        .graphql(
            "mutation($id: ID!) { removeListView(id: $id) }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(removed.at("/removeListView"), true);
    assert_eq!(views(&viewer).await, [] as [Value; 0]);
}

async fn views_of_the_desk_are_those_of_whoever_works_there(engine: Engine) {
    const OF_DESK: &str = "{ listViews(list: INQUIRIES) { id name isShared mayChange isDefault } }";
    let (office, server, administrator) = office(engine).await;
    let support = member(&office, &server, "support").await;
    let viewer = member(&office, &server, "viewer").await;
    let auditor = member(&office, &server, "auditor").await;
    let of_desk = |name: &str, is_shared| {
        let mut view = view(name, is_shared);
        view["list"] = json!("INQUIRIES");
        view["question"] = json!("queue=WAITING&tag=LOGO&sort=NEWEST");
        view
    };
    let saved = save(&support, &of_desk("ロゴの返事待ち", true)).await;
    assert_eq!(saved["__typename"], "ListViewSaved", "{saved}");
    let id = saved["id"].clone();
    for (client, may_change) in [(&support, true), (&administrator, true), (&auditor, false)] {
        let seen = client.graphql(OF_DESK, Value::Null).await;
        let expected = json!([{ "id": id, "name": "ロゴの返事待ち", "isShared": true, "mayChange": may_change, "isDefault": false }]);
        assert_eq!(seen.at("/listViews"), &expected);
    }
    assert_eq!(
        views(&support).await,
        [] as [Value; 0],
        "it is none of the register"
    );
    for refused in [
        viewer.graphql(OF_DESK, Value::Null).await,
        viewer
            .graphql(SAVE, json!({ "input": of_desk("見るだけ", false) }))
            .await,
        auditor
            .graphql(SAVE, json!({ "input": of_desk("監査", true) }))
            .await,
    ] {
        assert_eq!(refused.fault(), Some("FORBIDDEN"), "{refused:?}");
    }
    // A view of one list is none of the other, also for whoever names it.
    let mut moved = view("うつした", true);
    moved["id"] = id.clone();
    moved["revision"] = json!(1);
    assert_eq!(save(&administrator, &moved).await["__typename"], "NotFound");
    for (list, done) in [("DECLARATIONS", false), ("INQUIRIES", true)] {
        for mutation in ["makeListViewDefault", "removeListView"] {
            let text = format!("mutation($id: ID!) {{ done: {mutation}(id: $id, list: {list}) }}");
            let answer = support.graphql(&text, json!({ "id": id })).await;
            assert_eq!(answer.at("/done"), done, "{text}");
        }
    }
}

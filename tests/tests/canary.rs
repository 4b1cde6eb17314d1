//! T54: names that stand nowhere else go through every flow that takes text, and are then looked for where no personal data
//! may be: in the log of the server and of every command, all at debug level, and in the faults of the API. What the browser
//! keeps, and its address, are looked at in `tests/browser/canary.test.mjs`. There are no metrics and no traces yet.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Client, Correction, Engine, Office, Outcome, Server, Start, canary_trader, database, on_both_engines,
    register,
};
use uuid::Uuid;

on_both_engines!(t54_canary_names_through_every_flow_are_in_no_log_and_in_no_fault);

const NUMBER: &str = "47000000002";

/// One text for each field that takes one; none of them is a part of anything else.
const CANARIES: [&str; 22] = [
    "金糸雀",
    "カナリア",
    "小鳥長",
    "囀太郎",
    "9998877",
    "羽根町",
    "鳥籠",
    "歌姫",
    "音楽課",
    "tori@example.jp",
    "03-9999-8888",
    "餌を好む",
    "巣を移した",
    "羽を休める",
    "止まり木",
    "kanaria-login",
    "文鳥係",
    "bunchou@example.jp",
    "十姉妹",
    "インコ",
    "鸚哥",
    "九官鳥",
];

/// What may hold no canary, each with where it is from.
#[derive(Default)]
struct Searched(Vec<(String, String)>);

impl Searched {
    fn add(&mut self, what: &str, text: impl Into<String>) {
        self.0.push((what.to_owned(), text.into()));
    }

    /// The log of a command is what it writes to standard error.
    fn command(&mut self, what: &str, outcome: Outcome) {
        assert!(
            outcome.stderr.contains("DEBUG"),
            "{what} logs at debug level: {outcome:?}"
        );
        self.add(what, outcome.stderr);
    }

    /// The faults of an answer, and its headers.
    fn answer(&mut self, what: &str, answer: &tests::Answer) {
        self.add(what, format!("{} {:?}", answer.body["errors"], answer.headers));
        // What is no JSON of ours is searched whole.
        if let Value::String(text) = &answer.body {
            self.add(what, text.clone());
        }
    }

    async fn ask(&mut self, client: &Client, what: &str, query: &str, variables: Value) -> Value {
        let answer = client.graphql(query, variables).await;
        self.answer(what, &answer);
        answer.body
    }

    /// Calls a mutation that takes `input`.
    async fn mutate(&mut self, client: &Client, name: &str, input_type: &str, input: Value) -> Value {
        let query = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ __typename }} }}");
        self.ask(client, name, &query, json!({ "input": input })).await
    }

    #[track_caller]
    fn assert_clean(&self) {
        let mut found = Vec::new();
        for (what, text) in &self.0 {
            for canary in CANARIES {
                let in_address = Client::escaped(canary);
                if text.contains(canary) || text.to_uppercase().contains(&in_address) {
                    let line = text.lines().find(|line| line.contains(canary)).unwrap_or(text);
                    found.push(format!("{what} holds {canary}: {line}"));
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

async fn signed_in(searched: &mut Searched, server: &mut Server) -> Client {
    let client = server.client();
    let token = server.invitation();
    let wrong =
        json!({ "token": "止まり木", "login": "kanaria-login", "name": "文鳥係", "password": "止まり木" });
    searched
        .mutate(&client, "acceptInvitation", "AcceptInvitationInput", wrong)
        .await;
    let account = json!({ "token": token, "login": "kanaria-login", "name": "文鳥係", "password": "止まり木のある鳥籠に住む金糸雀たち" });
    let made = searched
        .mutate(&client, "acceptInvitation", "AcceptInvitationInput", account)
        .await;
    assert_eq!(made["data"]["acceptInvitation"]["__typename"], "Session");
    let wrong = json!({ "login": "kanaria-login", "password": "金糸雀" });
    searched
        .mutate(&server.client(), "signIn", "SignInInput", wrong)
        .await;
    client
}

async fn declarations(searched: &mut Searched, client: &Client) {
    let id = client.find("金糸雀").await;
    let list = "query($search: String) { declarations(first: 9, search: $search) { ... on DeclarationConnection { nodes { id } } } }";
    for search in ["金糸雀", "カナ", "囀太郎\u{0}", &"金糸雀".repeat(300)] {
        searched
            .ask(client, "a search", list, json!({ "search": search }))
            .await;
    }
    for (field, value) in [
        ("STREET", "羽を休める通り"),
        ("CONTACT_EMAIL", "歌姫"),
        ("NAME", "金糸雀\n鳥籠"),
    ] {
        let correction = Correction::new(&id, &client.version(&id).await, field, value)
            .with("reason", "巣を移したとの連絡")
            .with("note", "止まり木は不要");
        searched.answer(field, &client.correct(&correction).await);
    }
    let stale = Correction::new(&id, "1", "STREET", "羽根町0");
    searched.answer("a late correction", &client.correct(&stale).await);
    for reason in ["囀太郎の求め", "止まり木を下りたいとの求め"] {
        let version = client.version(&id).await;
        let input = json!({ "commandId": Uuid::new_v4(), "declarationId": id, "expectedVersion": version, "person": "CONTACT", "reason": reason });
        searched
            .mutate(client, "requestForgetting", "RequestForgettingInput", input)
            .await;
    }
}

async fn mail_and_calendar(searched: &mut Searched, client: &Client) {
    for to in [
        "bunchou@example.jp",
        "文鳥係",
        "bunchou@example.jp\r\nBcc: tori@example.jp",
    ] {
        let input = json!({ "commandId": Uuid::new_v4(), "to": to });
        searched
            .mutate(client, "sendTestMail", "SendTestMailInput", input)
            .await;
        let input = json!({ "commandId": Uuid::new_v4(), "address": to, "until": "" });
        searched
            .mutate(client, "suppressAddress", "SuppressAddressInput", input)
            .await;
    }
    let mails = "query($a: String) { mails(first: 9, filter: { address: $a }) { __typename } suppressions(first: 9, address: $a) { __typename } }";
    searched
        .ask(client, "the ledger", mails, json!({ "a": "bunchou@example.jp" }))
        .await;
    let schedule = json!({ "name": "十姉妹", "expression": "インコ", "zone": "鸚哥", "command": "九官鳥", "misfire": "ONCE",
        "notAfterDate": "", "notAfterTime": "", "jitter": 0, "enabled": true });
    let input = json!({ "commandId": Uuid::new_v4(), "schedule": schedule });
    searched
        .mutate(client, "defineSchedule", "DefineScheduleInput", input)
        .await;
    let import = json!({ "commandId": Uuid::new_v4(), "text": "十姉妹,インコ\n鸚哥,九官鳥\n", "fileName": "鸚哥.csv", "content": "十姉妹" });
    searched
        .mutate(client, "importDeadlines", "ImportDeadlinesInput", import)
        .await;
}

/// Requests of data subjects and incidents, in a few good ways and a few bad ones.
async fn cases(searched: &mut Searched, client: &Client) {
    for (received, number) in [
        ("2026-04-01", NUMBER),
        ("2099-04-01", "金糸雀"),
        ("2026-04-01", ""),
    ] {
        let input = json!({ "commandId": Uuid::new_v4(), "kind": "ERASURE", "channel": "POST", "receivedOn": received,
            "numbers": [number], "name": "文鳥係", "contact": "bunchou@example.jp", "actsFor": "囀太郎", "wanted": "止まり木を下りたい" });
        searched
            .mutate(client, "openPrivacyRequest", "OpenPrivacyRequestInput", input)
            .await;
    }
    let incident = json!({ "commandId": Uuid::new_v4(), "awareAt": "2026-04-01T00:00:00Z", "categories": [], "text": "囀太郎の鳥籠が開いていた" });
    searched
        .mutate(client, "openIncident", "OpenIncidentInput", incident)
        .await;
    let list = "{ unfinishedPrivacyRequests { id } unfinishedIncidents { id } }";
    let open = client.graphql(list, Value::Null).await;
    let id = |at: &str| open.at(at).clone();
    let (request, incident) = (
        id("/unfinishedPrivacyRequests/0/id"),
        id("/unfinishedIncidents/0/id"),
    );
    assert!(request.is_string() && incident.is_string(), "{open:?}");
    let read = "query($r: ID!, $i: ID!) { privacyRequest(id: $r) { version wanted { __typename } } \
                privacyRequestHoldings(id: $r) { gatheredAt records { facts { value } history { note reason changes { old new } } mails { to text } } mails { to text } } \
                 incident(id: $i) { version } incidentDraft(id: $i) { __typename } }";
    let read = searched
        .ask(client, "cases", read, json!({ "r": request, "i": incident }))
        .await;
    for text in ["囀太郎と電話で話した", "囀太郎\u{202e}"] {
        let change = |id: &Value, of: &str| {
            let version = read["data"][of]["version"].clone();
            json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version, "change": { "note": { "text": text } } })
        };
        let input = change(&request, "privacyRequest");
        searched
            .mutate(client, "changePrivacyRequest", "ChangePrivacyRequestInput", input)
            .await;
        let input = change(&incident, "incident");
        searched
            .mutate(client, "changeIncident", "ChangeIncidentInput", input)
            .await;
    }
}

/// Requests that the console never sends, with the canaries wherever a text can be.
async fn malformed(searched: &mut Searched, client: &Client) {
    for (what, query, variables) in [
        ("an unknown field", "{ session { 金糸雀 } }", Value::Null),
        (
            "a text where an id is",
            "query($id: ID!) { declaration(id: $id) { __typename } }",
            json!({ "id": "金糸雀" }),
        ),
        (
            "a text where a word is",
            "query($s: DeclarationSort) { declarations(first: 1, sort: $s) { __typename } }",
            json!({ "s": "金糸雀" }),
        ),
        (
            "a text where a number is",
            "query($n: Int!) { declarations(first: $n) { __typename } }",
            json!({ "n": "金糸雀" }),
        ),
        (
            "a text where a day is",
            "query($d: Date) { declaration(id: \"x\", asOf: $d) { __typename } }",
            json!({ "d": "金糸雀" }),
        ),
        (
            "a text where a position is",
            "query($d: Position) { declarations(first: 1, atLeast: $d) { __typename } }",
            json!({ "d": "金糸雀" }),
        ),
        (
            "a text where an input is",
            "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }",
            json!({ "input": "金糸雀" }),
        ),
        (
            "an unknown key of an input",
            "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }",
            json!({ "input": { "login": "x", "password": "x", "tori@example.jp": "x" } }),
        ),
        (
            "a word in the text of the query",
            "{ declarations(first: 1, sort: tori) { __typename } }",
            Value::Null,
        ),
        (
            "a value in the text of the query",
            "{ declaration(id: 1, asOf: \"金糸雀\") { __typename } }",
            Value::Null,
        ),
        (
            "a query that cannot be read",
            "{ session(login: \"金糸雀\" 歌姫 }",
            Value::Null,
        ),
    ] {
        searched.ask(client, what, query, variables).await;
    }
    let named = json!({ "query": "{ session { expiresAt } }", "operationName": "金糸雀" }).to_string();
    for (what, body) in [
        ("a name of no operation", named),
        ("what is no JSON", "金糸雀".to_owned()),
    ] {
        searched.answer(what, &Client::send(client.post(body)).await);
    }
    let canary = Client::escaped("金糸雀");
    for path in [
        format!("/graphql?query={canary}"),
        format!("/declarations/{canary}?q={canary}"),
        format!("/assets/{canary}"),
    ] {
        searched.answer(
            &path,
            &Client::send(
                client
                    .path(Method::GET, &path)
                    .header("x-canary", "tori@example.jp"),
            )
            .await,
        );
    }
}

async fn t54_canary_names_through_every_flow_are_in_no_log_and_in_no_fault(engine: Engine) {
    let office = Office::new(engine).await;
    let mut searched = Searched::default();
    let broken = canary_trader(NUMBER)
        .with("自己宣言ID", "47000000003")
        .with("宣言日", "インコの日");
    fs::write(
        office.folder().join("register.csv"),
        register(&[canary_trader(NUMBER), broken]),
    )
    .expect("the file");
    for dry in [&["--dry-run"][..], &[]] {
        let words = [&["import", "declarations", "register.csv", "--json"], dry].concat();
        searched.command("the import", office.run_logged(&words));
    }
    let mut server = office.serve_with(&Start {
        log: Some("debug"),
        ..Start::default()
    });
    let client = signed_in(&mut searched, &mut server).await;
    declarations(&mut searched, &client).await;
    mail_and_calendar(&mut searched, &client).await;
    cases(&mut searched, &client).await;
    malformed(&mut searched, &client).await;
    for words in [
        &["mail", "test", "bunchou@example.jp", "--wait", "5"][..],
        &["mail", "test", "文鳥係"],
        &[
            "forget",
            "--declaration",
            NUMBER,
            "--person",
            "representative",
            "--reason",
            "止まり木",
            "--yes",
        ],
        &["verify"],
    ] {
        searched.command(words[0], office.run_logged(words));
    }
    // What the database refuses says why, at length, and the statement has the texts that were bound to it.
    database::execute(
        &office.database().await,
        "ALTER TABLE declaration RENAME TO declaration_lost",
    )
    .await;
    let list = "query($search: String) { declarations(first: 9, search: $search) { __typename } }";
    let answer = searched
        .ask(&client, "a broken database", list, json!({ "search": "金糸雀" }))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
    let log = office.log();
    assert!(log.contains("DEBUG") && log.len() > 1000, "the log is on: {log}");
    searched.add("the server's log", log);
    searched.assert_clean();
}

//! The socket by which the console hears what happens as it happens, on the real binary.

use std::time::{Duration, Instant};

use domain::staff::{Permission, Role, allows};
use reqwest::header::COOKIE;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Client, Engine, Heard, Office, Server, Socket, database, on_both_engines};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

on_both_engines!(
    what_is_asked_for_and_decided_in_one_process_is_heard_in_another,
    a_request_that_lapses_is_heard_without_an_event,
    a_request_that_lapses_is_heard_while_much_else_happens,
    t50_a_socket_is_closed_within_a_second_after_its_session_ends_wherever_it_ends,
    t50_a_socket_is_closed_within_a_second_after_its_owner_is_disabled_or_has_other_roles,
);

const WATCH: &str = "subscription { approvalsChanged { open ids position } }";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// An office with an administrator who is called kanri.
async fn office(engine: Engine) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    (office, server, administrator)
}

/// The cookie of a new session.
async fn cookie(server: &Server, login: &str) -> String {
    Client::without_cookies(server.address(), server.address())
        .cookie_of(login)
        .await
}

async fn account(client: &Client, login: &str) -> (Value, Value) {
    let text = "{ staffAccounts { nodes { id login } } }";
    let answer = client.graphql(text, Value::Null).await;
    let nodes = answer.at("/staffAccounts/nodes").as_array().expect("accounts");
    let found = nodes.iter().find(|node| node["login"] == login);
    let id = found.expect("the account")["id"].clone();
    let text = "query($id: ID!) { staffAccount(id: $id) { version } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    (id, answer.at("/staffAccount/version").clone())
}

/// Asks for another role of somebody, which a second person decides about; the id of the request.
async fn ask(client: &Client, login: &str) -> Value {
    let (id, version) = account(client, login).await;
    let text = "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { ... on ApprovalRequested { id } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version,
        "roles": ["VIEWER", "APPROVER"], "reason": "人事異動のため" });
    let answer = client.graphql(text, json!({ "input": input })).await;
    answer.at("/requestStaffRoles/id").clone()
}

async fn what_is_asked_for_and_decided_in_one_process_is_heard_in_another(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let other = office.serve();
    let approver = server.member(&office, "approver").await;
    server.member(&office, "viewer").await;
    let mut socket = Socket::greeted(other.address(), &cookie(&other, "approver").await).await;
    socket.subscribe("inbox", WATCH).await;
    let first = socket.next("inbox").await;
    assert_eq!(
        (
            &first["approvalsChanged"]["open"],
            &first["approvalsChanged"]["ids"]
        ),
        (&json!(0), &Value::Null)
    );

    let id = ask(&administrator, "viewer").await;
    let heard = socket.next("inbox").await;
    assert_eq!(heard["approvalsChanged"]["open"], 1);
    assert_eq!(heard["approvalsChanged"]["ids"], json!([id]));

    let text = "mutation($input: ApprovalCommandInput!) { rejectRequest(input: $input, reason: \"別の人が適任です\") { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    let answer = approver.graphql(text, json!({ "input": input })).await;
    assert_eq!(answer.at("/rejectRequest/__typename"), "ApprovalDecided");
    let heard = socket.next("inbox").await;
    assert_eq!(heard["approvalsChanged"]["open"], 0);
    assert_eq!(heard["approvalsChanged"]["ids"], json!([id]));

    // One that was ended says nothing more, and its name can be used again.
    socket.say(json!({ "type": "complete", "id": "inbox" })).await;
    socket.subscribe("inbox", WATCH).await;
    assert_eq!(socket.next("inbox").await["approvalsChanged"]["ids"], Value::Null);
}

async fn a_request_that_lapses_is_heard_without_an_event(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    server.member(&office, "viewer").await;
    ask(&administrator, "viewer").await;
    let mut socket = Socket::greeted(server.address(), &cookie(&server, "kanri").await).await;
    lapses_soon(engine, &office).await;
    socket.subscribe("inbox", WATCH).await;
    assert_eq!(socket.next("inbox").await["approvalsChanged"]["open"], 1);
    let heard = socket.next("inbox").await;
    assert_eq!(heard["approvalsChanged"]["open"], 0);
    assert_eq!(heard["approvalsChanged"]["ids"], Value::Null);
}

/// What is open can be decided about for two seconds more.
async fn lapses_soon(engine: Engine, office: &Office) {
    let soon = match engine {
        Engine::Sqlite => {
            "UPDATE approval SET expires_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 2000000"
        }
        Engine::Postgres => {
            "UPDATE approval SET expires_at = CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) + 2000000"
        }
    };
    database::execute(&office.database().await, soon).await;
}

async fn a_request_that_lapses_is_heard_while_much_else_happens(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    server.member(&office, "viewer").await;
    ask(&administrator, "viewer").await;
    let mut socket = Socket::greeted(server.address(), &cookie(&server, "kanri").await).await;
    lapses_soon(engine, &office).await;
    socket.subscribe("inbox", WATCH).await;
    assert_eq!(socket.next("inbox").await["approvalsChanged"]["open"], 1);
    let text = "mutation($input: OpenIncidentInput!) { openIncident(input: $input) { __typename } }";
    let busy = async {
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(20) {
            let input = json!({ "commandId": Uuid::new_v4(), "awareAt": "2026-04-01T01:00:00Z", "categories": [], "text": "誤送信の連絡" });
            let answer = administrator.graphql(text, json!({ "input": input })).await;
            assert_eq!(answer.at("/openIncident/__typename"), "IncidentOpened");
        }
    };
    tokio::select! {
        heard = socket.next("inbox") => assert_eq!(heard["approvalsChanged"]["open"], 0),
        () = busy => panic!("it is never told as long as something else happens"),
    }
}

/// Waits for the end of a socket, whatever is said before it.
async fn end_of(socket: &mut Socket) -> Option<u16> {
    loop {
        if let Heard::Closed(code) = socket.hear().await {
            return code;
        }
    }
}

async fn t50_a_socket_is_closed_within_a_second_after_its_session_ends_wherever_it_ends(engine: Engine) {
    let (office, server, _administrator) = office(engine).await;
    let other = office.serve();
    let mine = cookie(&server, "kanri").await;
    let mut sockets = [
        Socket::greeted(server.address(), &mine).await,
        Socket::greeted(other.address(), &mine).await,
    ];
    for socket in &mut sockets {
        socket.subscribe("inbox", WATCH).await;
        socket.next("inbox").await;
    }
    let kept = cookie(&server, "kanri").await;
    let mut another = Socket::greeted(other.address(), &kept).await;
    let bare = Client::without_cookies(server.address(), server.address());
    let request = bare
        .operation("mutation { signOut }", &Value::Null)
        .header(COOKIE, &mine);
    assert_eq!(Client::send(request).await.at("/signOut"), true);
    let since = Instant::now();
    for socket in &mut sockets {
        assert_eq!(end_of(socket).await, Some(4401));
        assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    }
    let headers = [("origin", server.address()), ("cookie", &mine), PROTOCOL];
    let refused = Socket::ask(server.address(), &headers);
    assert_eq!(refused.await.err().map(|it| it.status().as_u16()), Some(401));
    // Another session of the same account goes on.
    another.subscribe("inbox", WATCH).await;
    another.next("inbox").await;

    // What is only left open does not keep its session alive.
    let database = office.database().await;
    let idle =
        "UPDATE session SET last_seen_at = last_seen_at - 1860000000, expires_at = expires_at - 1860000000";
    database::execute(&database, idle).await;
    assert_eq!(end_of(&mut another).await, Some(4401));
}

async fn t50_a_socket_is_closed_within_a_second_after_its_owner_is_disabled_or_has_other_roles(
    engine: Engine,
) {
    let (office, server, administrator) = office(engine).await;
    server.member(&office, "auditor").await;
    let open = async || {
        let cookie = cookie(&server, "auditor").await;
        let mut socket = Socket::greeted(server.address(), &cookie).await;
        socket.subscribe("inbox", WATCH).await;
        socket.next("inbox").await;
        socket
    };
    let mut socket = open().await;
    let (id, version) = account(&administrator, "auditor").await;
    let text = "mutation($input: AccountCommandInput!) { changeStaffRoles(input: $input, roles: [VIEWER, AUDITOR]) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version });
    let answer = administrator.graphql(text, json!({ "input": input })).await;
    assert_eq!(answer.at("/changeStaffRoles/__typename"), "AccountChanged");
    let since = Instant::now();
    assert_eq!(end_of(&mut socket).await, Some(4403));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());

    let mut socket = open().await;
    let (id, version) = account(&administrator, "auditor").await;
    let text =
        "mutation($input: AccountCommandInput!) { disableStaff(input: $input, reason: LEFT) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version });
    let answer = administrator.graphql(text, json!({ "input": input })).await;
    assert_eq!(answer.at("/disableStaff/__typename"), "AccountChanged");
    let since = Instant::now();
    assert_eq!(end_of(&mut socket).await, Some(4401));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
}

/// The headers, and the status and the code that they are answered with.
type Opening<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test]
async fn t42_a_socket_opens_for_a_session_on_our_own_page_and_for_nothing_else() {
    let (_office, server, _administrator) = office(Engine::Sqlite).await;
    let cookie = cookie(&server, "kanri").await;
    let ours = server.address();
    let evil = "https://evil.example";
    let session = ("cookie", cookie.as_str());
    let cases: [Opening<'_>; 13] = [
        (&[session, PROTOCOL], 403, "CROSS_SITE"),
        (&[session, PROTOCOL, ("origin", evil)], 403, "CROSS_SITE"),
        (&[session, PROTOCOL, ("origin", "null")], 403, "CROSS_SITE"),
        (
            &[session, PROTOCOL, ("origin", ours), ("origin", evil)],
            403,
            "CROSS_SITE",
        ),
        (
            &[session, PROTOCOL, ("sec-fetch-site", "same-origin")],
            403,
            "CROSS_SITE",
        ),
        (&[session, PROTOCOL, ("referer", ours)], 403, "CROSS_SITE"),
        (
            &[
                session,
                PROTOCOL,
                ("origin", ours),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
            "CROSS_SITE",
        ),
        (
            &[
                session,
                PROTOCOL,
                ("origin", ours),
                ("sec-fetch-site", "same-site"),
            ],
            403,
            "CROSS_SITE",
        ),
        (&[PROTOCOL, ("origin", ours)], 401, "UNAUTHENTICATED"),
        (
            &[PROTOCOL, ("origin", ours), ("cookie", "sengen=AAAA")],
            401,
            "UNAUTHENTICATED",
        ),
        (
            &[
                session,
                PROTOCOL,
                ("origin", ours),
                ("authorization", "Bearer sgn_AAAA"),
            ],
            403,
            "FORBIDDEN",
        ),
        (&[session, ("origin", ours)], 400, "BAD_REQUEST"),
        (
            &[
                session,
                ("origin", ours),
                ("sec-websocket-protocol", "graphql-ws"),
            ],
            400,
            "BAD_REQUEST",
        ),
    ];
    for (headers, status, code) in cases {
        let refused = Socket::ask(ours, headers).await.err();
        let refused = refused.unwrap_or_else(|| panic!("opened for {headers:?}"));
        assert_eq!(refused.status().as_u16(), status, "{headers:?}");
        let body: Value = refused
            .body()
            .as_deref()
            .and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default();
        assert_eq!(
            body["errors"][0]["extensions"]["code"], code,
            "{headers:?}: {body}"
        );
    }
    Socket::greeted(ours, &cookie).await;
}

#[tokio::test]
async fn t42_without_a_handshake_and_by_other_methods_the_socket_is_no_way_in() {
    let (_office, server, _administrator) = office(Engine::Sqlite).await;
    let cookie = cookie(&server, "kanri").await;
    let ours = server.address();
    let bare = Client::without_cookies(ours, ours);
    for (method, status) in [
        (Method::GET, StatusCode::BAD_REQUEST),
        (Method::POST, StatusCode::METHOD_NOT_ALLOWED),
        (Method::PUT, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let request = bare.path(method.clone(), "/graphql/socket");
        let request = request
            .header("origin", ours)
            .header(COOKIE, &cookie)
            .header("content-type", "application/json")
            .body(json!({ "query": "mutation { signOut }" }).to_string());
        assert_eq!(Client::send(request).await.status, status, "{method}");
    }
    Socket::greeted(ours, &cookie).await;
}

#[tokio::test]
async fn t42_a_socket_serves_subscriptions_and_nothing_else() {
    let (_office, server, administrator) = office(Engine::Sqlite).await;
    let mut socket = Socket::greeted(server.address(), &cookie(&server, "kanri").await).await;
    for (query, code) in [
        ("{ session { expiresAt } }", "BAD_REQUEST"),
        ("mutation { signOut }", "BAD_REQUEST"),
        (
            "subscription A { approvalsChanged { open } } mutation B { signOut }",
            "BAD_REQUEST",
        ),
        ("subscription { __schema { types { name } } }", "VALIDATION"),
        ("subscription { nothing }", "VALIDATION"),
        ("subscription {", "VALIDATION"),
    ] {
        socket.subscribe("x", query).await;
        assert_eq!(socket.refused("x").await, code, "{query}");
    }
    socket.subscribe("x", WATCH).await;
    socket.next("x").await;
    assert_eq!(administrator.signed_in().await.as_deref(), Some("kanri"));
    // And the POST serves none.
    let answer = administrator.graphql(WATCH, Value::Null).await;
    assert_eq!(answer.fault(), Some("BAD_REQUEST"));
}

#[tokio::test]
async fn t51_every_subscription_answers_each_role_as_the_policy_table_says() {
    let (office, server, _administrator) = office(Engine::Sqlite).await;
    let schema = include_str!("../../admin-ui/schema.graphql");
    let (_, fields) = schema.split_once("type Subscription {").expect("subscriptions");
    let (fields, _) = fields.split_once("\n}").expect("an end");
    let fields = fields.lines().filter_map(|line| {
        let named = line.strip_prefix('\t').or_else(|| line.strip_prefix("  "))?;
        let end = named.find(|letter: char| !letter.is_alphanumeric())?;
        (end > 0).then(|| &named[..end])
    });
    let record = format!(
        "subscription {{ declarationWatched(id: \"{}\", after: \"0\") {{ position }} }}",
        Uuid::new_v4()
    );
    let thread = format!(
        "subscription {{ inquiryWatched(id: \"{}\", shown: \"0\") {{ position }} }}",
        Uuid::new_v4()
    );
    let rules = [
        ("approvalsChanged", WATCH, Permission::ReadApprovals),
        (
            "declarationWatched",
            record.as_str(),
            Permission::ReadDeclarations,
        ),
        (
            "inquiriesMoved",
            "subscription { inquiriesMoved }",
            Permission::ReadInquiries,
        ),
        ("inquiryWatched", thread.as_str(), Permission::ReadInquiries),
    ];
    assert_eq!(
        fields.collect::<Vec<_>>(),
        rules.map(|(name, ..)| name),
        "each has a rule here"
    );
    for role in Role::ALL {
        let login = format!("member-{}", role.as_str());
        let client = server.client();
        client
            .accept_invitation(&office.invite(role.as_str()), &login)
            .await;
        let mut socket = Socket::greeted(server.address(), &cookie(&server, &login).await).await;
        for (name, text, permission) in rules {
            socket.subscribe(name, text).await;
            if allows(role, permission) {
                if name == "inquiriesMoved" {
                    // It says nothing before something has happened; what was asked for after it is answered when it listens.
                    socket.subscribe("probe", &thread).await;
                    socket.next("probe").await;
                    socket.say(json!({ "type": "complete", "id": "probe" })).await;
                    something_is_written(&office, &login);
                }
                socket.next(name).await;
                socket.say(json!({ "type": "complete", "id": name })).await;
            } else {
                assert_eq!(socket.refused(name).await, "FORBIDDEN", "{role:?}");
            }
        }
    }
}

/// A message comes in and begins an inquiry.
fn something_is_written(office: &Office, id: &str) {
    let message = format!(
        "From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: question\r\nMessage-ID: <{id}@example.jp>\r\n\r\nwords\r\n"
    );
    std::fs::write(office.folder().join("question.eml"), message).expect("a file");
    let taken = office.run(&["mail", "import", "question.eml"]);
    assert_eq!(taken.code, 0, "{taken:?}");
}

#[tokio::test]
async fn t44_a_socket_that_breaks_the_protocol_or_its_limits_is_closed() {
    let (_office, server, _administrator) = office(Engine::Sqlite).await;
    let cookie = cookie(&server, "kanri").await;
    let subscribe =
        |id: &str| json!({ "type": "subscribe", "id": id, "payload": { "query": WATCH } }).to_string();
    let greeting = json!({ "type": "connection_init", "payload": { "ignored": true } }).to_string();
    let text = |text: &str| vec![Message::text(text.to_owned())];
    let after_greeting = |more: Vec<Message>| [text(&greeting), more].concat();
    let long_name = subscribe(&"x".repeat(65));
    let large = format!("{}{}", subscribe("x"), " ".repeat(70_000));
    let quick = vec![Message::text(json!({ "type": "pong" }).to_string()); 100];
    let cases = [
        ("what is no JSON", text("x"), Some(4400)),
        ("an unknown message", text(r#"{"type":"start"}"#), Some(4400)),
        (
            "bytes",
            vec![Message::binary(greeting.clone().into_bytes())],
            Some(4400),
        ),
        ("no greeting", text(&subscribe("x")), Some(4401)),
        ("nothing at all", Vec::new(), Some(4408)),
        ("two greetings", after_greeting(text(&greeting)), Some(4429)),
        (
            "a name twice",
            after_greeting([text(&subscribe("x")), text(&subscribe("x"))].concat()),
            Some(4409),
        ),
        ("a long name", after_greeting(text(&long_name)), Some(4400)),
        (
            "a batch",
            after_greeting(text(&format!("[{}]", subscribe("x")))),
            Some(4400),
        ),
        ("a large message", after_greeting(text(&large)), None),
        ("too many messages", after_greeting(quick), Some(4429)),
    ];
    for (name, messages, code) in cases {
        let mut socket = Socket::open(server.address(), &cookie).await;
        for message in messages {
            socket.send(message).await;
        }
        assert_eq!(end_of(&mut socket).await, code, "{name}");
    }

    let mut socket = Socket::greeted(server.address(), &cookie).await;
    let aliases: Vec<String> = (0..40).map(|n| format!("a{n}: open ")).collect();
    let aliases = aliases.concat();
    let heavy = format!("subscription {{ approvalsChanged {{ {aliases} }} }}");
    socket.subscribe("x", &heavy).await;
    assert_eq!(socket.refused("x").await, "TOO_COMPLEX");
    for n in 0..16 {
        let name = format!("s{n}");
        socket.subscribe(&name, WATCH).await;
        socket.next(&name).await;
    }
    socket.subscribe("one more", WATCH).await;
    assert_eq!(socket.refused("one more").await, "RATE_LIMITED");
    socket.say(json!({ "type": "complete", "id": "s0" })).await;
    socket.subscribe("one more", WATCH).await;
    socket.next("one more").await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await.said(), json!({ "type": "pong" }));
}

#[tokio::test]
async fn t44_a_session_has_sixteen_sockets_and_gets_another_when_one_ends() {
    let (_office, server, _administrator) = office(Engine::Sqlite).await;
    let mine = cookie(&server, "kanri").await;
    let mut sockets = Vec::new();
    for _ in 0..16 {
        sockets.push(Socket::greeted(server.address(), &mine).await);
    }
    let headers = [("origin", server.address()), ("cookie", &mine), PROTOCOL];
    let refused = Socket::ask(server.address(), &headers).await.err();
    assert_eq!(refused.map(|it| it.status().as_u16()), Some(429));
    // Another session has its own.
    Socket::greeted(server.address(), &cookie(&server, "kanri").await).await;
    let mut last = sockets.pop().expect("a socket");
    last.send(Message::Close(None)).await;
    end_of(&mut last).await;
    Socket::greeted(server.address(), &mine).await;
}

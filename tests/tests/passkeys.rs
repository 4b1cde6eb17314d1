//! Passkeys on the real binary, with the test as the device: it has the key, signs what is asked, and says what it likes. What a real
//! browser asks of one is in `tests/browser/passkeys.test.mjs`. Stored times are moved in the database.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::header::COOKIE;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::{
    Answer, Client, Engine, Office, PASSWORD, Server, Start, database, free_address, on_both_engines,
};
use uuid::Uuid;

on_both_engines!(
    a_passkey_opens_its_account_and_no_other_and_moves_with_a_backup,
    what_was_asked_is_answered_once_in_time_in_its_browser_for_its_purpose,
    every_way_of_not_being_right_is_refused_in_the_same_words,
    a_session_that_is_not_fresh_adds_and_removes_nothing_until_a_passkey_makes_it_fresh,
    every_change_of_a_passkey_is_an_event_and_a_notice,
    any_process_takes_the_answer_to_what_another_asked,
    t49_where_two_factors_are_asked_for_a_passkey_is_both_and_the_password_alone_opens_nothing,
    t50_an_administrator_takes_the_passkeys_of_a_lost_device_away_and_every_session_ends,
);

const ORIGIN: &str = "https://sengen.example.jp";
const HOST: &str = "sengen.example.jp";
const UP: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;
const STALE: &str = "UPDATE session SET fresh_at = fresh_at - 300000000";
const TOO_LATE: &str = "UPDATE passkey_ceremony SET expires_at = expires_at - 300000000";
const BEGIN: &str = "mutation { asked: beginPasskey { __typename ... on PasskeyAsked { options } } }";
const ADD: &str = "mutation($input: AddPasskeyInput!) { done: addPasskey(input: $input) { __typename \
                   ... on PasskeysChanged { passkeys { id name lastUsedAt isSuspected } } \
                   ... on InvalidInput { problems { field code } } } }";
const REMOVE: &str = "mutation($id: ID!) { done: removePasskey(id: $id) { __typename \
                      ... on InvalidInput { problems { field code } } } }";
const BEGIN_SIGN_IN: &str =
    "mutation { asked: beginPasskeySignIn { __typename ... on PasskeyAsked { options } } }";
const SIGN_IN: &str = "mutation($c: String!) { done: completePasskeySignIn(credential: $c) { __typename \
                       ... on SignInRefused { retryAfterSeconds } } }";
const BEGIN_REFRESH: &str =
    "mutation { asked: beginPasskeyRefresh { __typename ... on PasskeyAsked { options } } }";
const REFRESH: &str = "mutation($c: String!) { done: refreshByPasskey(credential: $c) { __typename } }";

/// A browser that keeps its cookies, also those for an encrypted address.
struct Browser {
    client: Client,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    fn at(server: &Server) -> Self {
        Self {
            client: Client::without_cookies(server.address(), ORIGIN),
            cookies: RefCell::default(),
        }
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.client.operation(query, &variables);
        let answer = Client::send(request.header(COOKIE, cookies.join("; "))).await;
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (pair, attributes) = line.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// What is asked of the device.
    async fn asked(&self, begin: &str) -> Value {
        let answer = self.ask(begin, Value::Null).await;
        let options = answer.at("/asked/options").as_str().expect("options");
        serde_json::from_str(options).expect("JSON")
    }

    async fn signed_in(&self) -> Option<String> {
        let answer = self.ask("{ session { staff { login } } }", Value::Null).await;
        let login = answer.at("/session").pointer("/staff/login");
        login.and_then(Value::as_str).map(str::to_owned)
    }

    async fn done(&self, query: &str, credential: &str) -> Value {
        self.ask(query, json!({ "c": credential }))
            .await
            .at("/done")
            .clone()
    }
}

/// A device with one key.
struct Device {
    key: SigningKey,
    id: Vec<u8>,
    counter: Cell<u32>,
    owner: RefCell<String>,
}

fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn client_data(kind: &str, options: &Value, origin: &str) -> Vec<u8> {
    let challenge = options["challenge"].as_str().expect("a challenge");
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
        .to_string()
        .into_bytes()
}

impl Device {
    fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            id: vec![seed; 20],
            counter: Cell::new(0),
            owner: RefCell::default(),
        }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        self.counter.set(self.counter.get() + 1);
        let mut data = Sha256::digest(HOST).to_vec();
        data.push(flags);
        data.extend(self.counter.get().to_be_bytes());
        data
    }

    /// A new passkey for what is asked, as CBOR and JSON.
    fn register(&self, options: &Value, flags: u8) -> String {
        self.owner
            .replace(options["user"]["id"].as_str().expect("an owner").to_owned());
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        let mut data = self.data(flags | WITH_KEY);
        data.extend([0; 16]);
        data.extend([0, 20]);
        data.extend(&self.id);
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(x);
        data.extend([0x22, 0x58, 32]);
        data.extend(y);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).expect("short"));
        attestation.extend(data);
        self.answer(&json!({
            "attestationObject": base64_url(&attestation),
            "clientDataJSON": base64_url(&client_data("webauthn.create", options, ORIGIN)),
        }))
    }

    fn sign(&self, options: &Value) -> String {
        self.sign_with(options, UP | VERIFIED, ORIGIN)
    }

    fn sign_with(&self, options: &Value, flags: u8, origin: &str) -> String {
        let data = self.data(flags);
        let client_data = client_data("webauthn.get", options, origin);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(&json!({
            "authenticatorData": base64_url(&data),
            "clientDataJSON": base64_url(&client_data),
            "signature": base64_url(signature.to_der().as_bytes()),
            "userHandle": *self.owner.borrow(),
        }))
    }

    fn answer(&self, response: &Value) -> String {
        let id = base64_url(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {} })
            .to_string()
    }
}

async fn served(engine: Engine) -> (Office, Server, Browser) {
    let office = Office::new(engine).await;
    let mut server = serve(&office);
    let token = server.invitation();
    let administrator = Browser::at(&server);
    accept(&administrator, &token, "kanri").await;
    (office, server, administrator)
}

fn serve(office: &Office) -> Server {
    serve_in(office, &[])
}

fn serve_in(office: &Office, environment: &[(&str, &str)]) -> Server {
    office.serve_with(&Start {
        listen: Some(&free_address()),
        public_url: Some(ORIGIN),
        log: None,
        environment,
    })
}

async fn accept(browser: &Browser, token: &str, login: &str) {
    let query = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }";
    let input = json!({ "token": token, "login": login, "name": "見本 花子", "password": PASSWORD });
    let answer = browser.ask(query, json!({ "input": input })).await;
    assert_eq!(answer.at("/acceptInvitation/__typename"), "Session", "{answer:?}");
}

/// What adding a passkey answers.
async fn add(browser: &Browser, device: &Device) -> Value {
    let credential = device.register(&browser.asked(BEGIN).await, UP | VERIFIED);
    let input = json!({ "credential": credential, "name": "鍵" });
    let answer = browser.ask(ADD, json!({ "input": input })).await;
    answer.at("/done").clone()
}

async fn signed_in_by(server: &Server, device: &Device) -> Option<String> {
    let browser = Browser::at(server);
    let credential = device.sign(&browser.asked(BEGIN_SIGN_IN).await);
    browser.done(SIGN_IN, &credential).await;
    browser.signed_in().await
}

fn refused() -> Value {
    json!({ "__typename": "SignInRefused", "retryAfterSeconds": null })
}

async fn a_passkey_opens_its_account_and_no_other_and_moves_with_a_backup(engine: Engine) {
    let (office, server, administrator) = served(engine).await;
    let viewer = Browser::at(&server);
    accept(&viewer, &office.invite("viewer"), "mieko").await;
    let (one, other) = (Device::new(1), Device::new(2));
    assert_eq!(add(&administrator, &one).await["__typename"], "PasskeysChanged");
    assert_eq!(add(&viewer, &other).await["__typename"], "PasskeysChanged");
    let again = add(&viewer, &one).await;
    assert_eq!(again["problems"][0]["code"], "passkey_known", "{again}");
    let begun = administrator.asked(BEGIN).await;
    one.owner
        .replace(begun["user"]["id"].as_str().expect("an owner").to_owned());
    assert_eq!(signed_in_by(&server, &one).await.as_deref(), Some("kanri"));
    assert_eq!(signed_in_by(&server, &other).await.as_deref(), Some("mieko"));
    // A key of one account that says it were of another.
    other.owner.borrow().clone_into(&mut one.owner.borrow_mut());
    assert_eq!(signed_in_by(&server, &one).await, None);
    database::execute(
        &office.database().await,
        "UPDATE staff SET disabled_at = 1 WHERE login = 'mieko'",
    )
    .await;
    assert_eq!(signed_in_by(&server, &other).await, None, "disabled");
    database::execute(&office.database().await, "UPDATE staff SET disabled_at = NULL").await;
    office.run(&["backup", "--to", "one.tar", "--expires", "30"]).ok();
    drop(server);
    let to = Office::new(engine).await;
    to.take_key_of(&office);
    let file = office.folder().join("one.tar");
    to.run(&["restore", file.to_str().expect("a path")]).ok();
    assert_eq!(signed_in_by(&serve(&to), &other).await.as_deref(), Some("mieko"));
}

async fn what_was_asked_is_answered_once_in_time_in_its_browser_for_its_purpose(engine: Engine) {
    let (office, server, owner) = served(engine).await;
    let device = Device::new(1);
    add(&owner, &device).await;
    let browser = Browser::at(&server);
    // Another browser heard the question and the answer.
    let credential = device.sign(&browser.asked(BEGIN_SIGN_IN).await);
    let stranger = Browser::at(&server);
    assert_eq!(stranger.done(SIGN_IN, &credential).await, refused());
    stranger.asked(BEGIN_SIGN_IN).await;
    assert_eq!(stranger.done(SIGN_IN, &credential).await, refused());
    // It counts once, also with the cookie put back.
    let cookies = browser.cookies.borrow().clone();
    assert_eq!(browser.done(SIGN_IN, &credential).await["__typename"], "Session");
    *browser.cookies.borrow_mut() = cookies;
    assert_eq!(browser.done(SIGN_IN, &credential).await, refused());
    // Five minutes.
    let late = device.sign(&browser.asked(BEGIN_SIGN_IN).await);
    database::execute(&office.database().await, TOO_LATE).await;
    assert_eq!(browser.done(SIGN_IN, &late).await, refused());
    // What was asked to sign in makes no session fresh, and the other way round.
    let credential = device.sign(&owner.asked(BEGIN_SIGN_IN).await);
    assert_eq!(
        owner.done(REFRESH, &credential).await["__typename"],
        "SignInRefused"
    );
    let credential = device.sign(&owner.asked(BEGIN_REFRESH).await);
    assert_eq!(owner.done(SIGN_IN, &credential).await, refused());
    // Whoever asked for a passkey of their own adds it to their account only.
    let asked = owner.asked(BEGIN).await;
    let token = owner.cookies.borrow()["__Host-sengen-passkey"].clone();
    let other = Browser::at(&server);
    accept(&other, &office.invite("viewer"), "mieko").await;
    other
        .cookies
        .borrow_mut()
        .insert("__Host-sengen-passkey".to_owned(), token);
    let credential = Device::new(3).register(&asked, UP | VERIFIED);
    let input = json!({ "input": { "credential": credential, "name": "鍵" } });
    let answer = other.ask(ADD, input).await;
    assert_eq!(answer.at("/done/problems/0/code"), "passkey_not_asked");
}

async fn every_way_of_not_being_right_is_refused_in_the_same_words(engine: Engine) {
    let (_office, server, owner) = served(engine).await;
    let (device, unknown) = (Device::new(1), Device::new(2));
    add(&owner, &device).await;
    device.owner.borrow().clone_into(&mut unknown.owner.borrow_mut());
    let browser = Browser::at(&server);
    for what in 0..6 {
        let asked = browser.asked(BEGIN_SIGN_IN).await;
        let credential = match what {
            0 => unknown.sign(&asked),
            1 => device.sign_with(&asked, UP, ORIGIN),
            2 => device.sign_with(&asked, UP | VERIFIED, "https://sengen.example.com"),
            3 => device.sign(&json!({ "challenge": base64_url(&[7; 32]) })),
            4 => "{}".to_owned(),
            _ => {
                let forged = Device {
                    id: device.id.clone(),
                    ..Device::new(9)
                };
                device.owner.borrow().clone_into(&mut forged.owner.borrow_mut());
                forged.counter.set(1_000);
                forged.sign(&asked)
            }
        };
        assert_eq!(browser.done(SIGN_IN, &credential).await, refused(), "{what}");
    }
    assert_eq!(browser.signed_in().await, None);
    // None of it made the passkey suspect: nobody but its owner can sign.
    assert_eq!(signed_in_by(&server, &device).await.as_deref(), Some("kanri"));
    let answer = owner.asked(BEGIN).await;
    let credential = unknown.register(&answer, UP);
    let input = json!({ "input": { "credential": credential, "name": "鍵" } });
    let answer = owner.ask(ADD, input).await;
    assert_eq!(answer.at("/done/problems/0/code"), "passkey_not_accepted");
}

async fn a_session_that_is_not_fresh_adds_and_removes_nothing_until_a_passkey_makes_it_fresh(engine: Engine) {
    let (office, _server, owner) = served(engine).await;
    let device = Device::new(1);
    let added = add(&owner, &device).await;
    let id = added["passkeys"][0]["id"].clone();
    let asked = owner.asked(BEGIN).await;
    database::execute(&office.database().await, STALE).await;
    let begun = owner.ask(BEGIN, Value::Null).await;
    assert_eq!(begun.at("/asked/__typename"), "FreshSignInNeeded");
    let input =
        json!({ "input": { "credential": Device::new(2).register(&asked, UP | VERIFIED), "name": "鍵" } });
    assert_eq!(
        owner.ask(ADD, input).await.at("/done/__typename"),
        "FreshSignInNeeded"
    );
    let remove = json!({ "id": id });
    let removed = owner.ask(REMOVE, remove.clone()).await;
    assert_eq!(removed.at("/done/__typename"), "FreshSignInNeeded");
    let old = owner.cookies.borrow()["__Host-sengen"].clone();
    let credential = device.sign(&owner.asked(BEGIN_REFRESH).await);
    assert_eq!(owner.done(REFRESH, &credential).await["__typename"], "Session");
    assert_ne!(
        owner.cookies.borrow()["__Host-sengen"],
        old,
        "t50: under another token"
    );
    let removed = owner.ask(REMOVE, remove.clone()).await;
    assert_eq!(removed.at("/done/__typename"), "PasskeysChanged");
    let again = owner.ask(REMOVE, remove).await;
    assert_eq!(again.at("/done/problems/0/code"), "passkey_unknown");
    let begun = owner.ask(BEGIN_REFRESH, Value::Null).await;
    assert_eq!(
        begun.at("/asked/__typename"),
        "InvalidInput",
        "there is none left"
    );
}

async fn every_change_of_a_passkey_is_an_event_and_a_notice(engine: Engine) {
    let (office, server, owner) = served(engine).await;
    let database = office.database().await;
    database::execute(&database, "UPDATE staff SET mail = 'kanri@example.jp'").await;
    let (device, other) = (Device::new(1), Device::new(2));
    add(&owner, &device).await;
    let added = add(&owner, &other).await;
    assert_eq!(signed_in_by(&server, &device).await.as_deref(), Some("kanri"));
    // A copy that was made before counts from where it was.
    device.counter.set(0);
    assert_eq!(signed_in_by(&server, &device).await, None);
    device.counter.set(100);
    assert_eq!(signed_in_by(&server, &device).await, None, "not any more");
    let own = owner.ask("{ ownPasskeys { isSuspected } }", Value::Null).await;
    assert_eq!(
        own.at("/ownPasskeys"),
        &json!([{ "isSuspected": true }, { "isSuspected": false }])
    );
    let id = added["passkeys"][1]["id"].clone();
    owner.ask(REMOVE, json!({ "id": id })).await;
    let sql = "SELECT CAST(data AS TEXT) FROM event WHERE event_type IN ('staff.credential_changed', 'staff.signed_in') \
               ORDER BY position";
    let told = database::texts(&database, sql).await.into_iter();
    let told: Vec<String> = told
        .filter_map(|line| {
            let data: Value = serde_json::from_str(&line).expect("JSON");
            let word = data.get("what").or_else(|| data.get("method"))?;
            word.as_str().map(str::to_owned)
        })
        .collect();
    let expected = [
        "invitation",
        "passkey_added",
        "passkey_added",
        "passkey",
        "passkey_suspected",
        "passkey_removed",
    ];
    assert_eq!(told, expected);
    let mails = database::numbers(&database, "SELECT count(*) FROM mail").await;
    assert!(mails[0] >= 4, "two added, one suspected, one removed: {mails:?}");
    let names = database::numbers(
        &database,
        "SELECT count(*) FROM event WHERE CAST(data AS TEXT) LIKE '%鍵%'",
    )
    .await;
    assert_eq!(names, [0], "what its owner calls it is in no event");
}

async fn any_process_takes_the_answer_to_what_another_asked(engine: Engine) {
    let (office, one, owner) = served(engine).await;
    let two = serve(&office);
    let device = Device::new(1);
    add(&owner, &device).await;
    let browser = Browser::at(&one);
    let credential = device.sign(&browser.asked(BEGIN_SIGN_IN).await);
    let elsewhere = Browser::at(&two);
    elsewhere
        .cookies
        .borrow_mut()
        .clone_from(&browser.cookies.borrow());
    // Of two at once one gets in.
    let both = tokio::join!(
        browser.done(SIGN_IN, &credential),
        elsewhere.done(SIGN_IN, &credential)
    );
    let entered = [&both.0, &both.1]
        .iter()
        .filter(|it| it["__typename"] == "Session")
        .count();
    assert_eq!(entered, 1, "{both:?}");
}

const REQUIRED: [(&str, &str); 1] = [("SENGEN_STAFF_REQUIRE_SECOND_FACTOR", "true")];
const LIST: &str = "{ declarations(first: 1) { __typename } }";

/// What the password alone leads to.
async fn by_password(browser: &Browser, password: &str) -> Value {
    let text = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
    let input = json!({ "input": { "login": "kanri", "password": password } });
    let answer = browser.ask(text, input).await;
    answer.at("/signIn/__typename").clone()
}

async fn t49_where_two_factors_are_asked_for_a_passkey_is_both_and_the_password_alone_opens_nothing(
    engine: Engine,
) {
    let office = Office::new(engine).await;
    let mut server = serve_in(&office, &REQUIRED);
    let token = server.invitation();
    let owner = Browser::at(&server);
    accept(&owner, &token, "kanri").await;
    let closed = owner.ask(LIST, Value::Null).await;
    assert_eq!(closed.fault(), Some("SECOND_FACTOR_REQUIRED"));
    let other = Browser::at(&server);
    assert_eq!(
        by_password(&other, PASSWORD).await,
        "Session",
        "there is nothing else yet"
    );
    // A passkey is enough, for the session that added it and none that only a password opened.
    let device = Device::new(1);
    assert_eq!(add(&owner, &device).await["__typename"], "PasskeysChanged");
    assert_eq!(owner.ask(LIST, Value::Null).await.fault(), None);
    assert_eq!(other.signed_in().await, None, "it was opened by less");
    // From now on the right password is told what to use, and a wrong one learns nothing.
    assert_eq!(by_password(&other, "wrong wrong wrong").await, "SignInRefused");
    assert_eq!(by_password(&other, PASSWORD).await, "PasskeyNeeded");
    assert!(
        !other.cookies.borrow().contains_key("__Host-sengen-half"),
        "nothing is half open"
    );
    assert_eq!(other.signed_in().await, None);
    let credential = device.sign(&other.asked(BEGIN_SIGN_IN).await);
    assert_eq!(other.done(SIGN_IN, &credential).await["__typename"], "Session");
    assert_eq!(other.ask(LIST, Value::Null).await.fault(), None);
    let own = other.ask("{ ownSessions { method } }", Value::Null).await;
    assert_eq!(own.at("/ownSessions/0/method"), "PASSKEY");
    // Nor does the password alone make a session fresh.
    database::execute(&office.database().await, STALE).await;
    let refresh = "mutation($p: String!) { refreshSession(input: { password: $p }) { __typename } }";
    let kept = other.ask(refresh, json!({ "p": PASSWORD })).await;
    assert_eq!(kept.at("/refreshSession/__typename"), "PasskeyNeeded");
    let credential = device.sign(&other.asked(BEGIN_REFRESH).await);
    assert_eq!(other.done(REFRESH, &credential).await["__typename"], "Session");
    let accounts = "{ staffAccounts { nodes { hasSecondFactor hasPasskey } } }";
    let accounts = other.ask(accounts, Value::Null).await;
    let both = json!({ "hasSecondFactor": true, "hasPasskey": true });
    assert_eq!(accounts.at("/staffAccounts/nodes/0"), &both);
    // One that may have been copied opens nothing, and the password alone still does not: whoever copied it may have that, too.
    let suspect = "UPDATE passkey SET suspected_at = 1";
    database::execute(&office.database().await, suspect).await;
    assert_eq!(
        by_password(&Browser::at(&server), PASSWORD).await,
        "PasskeyNeeded"
    );
    assert_eq!(
        other
            .done(SIGN_IN, &device.sign(&other.asked(BEGIN_SIGN_IN).await))
            .await["__typename"],
        "SignInRefused"
    );
    // Where nobody asks for two the password is enough, as before.
    database::execute(&office.database().await, "UPDATE passkey SET suspected_at = NULL").await;
    drop(server);
    let server = serve(&office);
    let browser = Browser::at(&server);
    assert_eq!(by_password(&browser, PASSWORD).await, "Session");
    assert_eq!(browser.ask(LIST, Value::Null).await.fault(), None);
    drop(server);
    // A session that the password opened before two were asked for is over.
    let server = serve_in(&office, &REQUIRED);
    let later = Browser::at(&server);
    *later.cookies.borrow_mut() = browser.cookies.borrow().clone();
    assert_eq!(later.signed_in().await, None);
}

async fn t50_an_administrator_takes_the_passkeys_of_a_lost_device_away_and_every_session_ends(
    engine: Engine,
) {
    let (office, server, administrator) = served(engine).await;
    let viewer = Browser::at(&server);
    accept(&viewer, &office.invite("viewer"), "mieko").await;
    let device = Device::new(1);
    assert_eq!(add(&viewer, &device).await["__typename"], "PasskeysChanged");
    let accounts = "{ staffAccounts { nodes { id login hasPasskey } } }";
    let accounts = administrator.ask(accounts, Value::Null).await;
    let nodes = accounts
        .at("/staffAccounts/nodes")
        .as_array()
        .expect("a list")
        .clone();
    let mieko = nodes
        .iter()
        .find(|node| node["login"] == "mieko")
        .expect("an account");
    assert_eq!(mieko["hasPasskey"], true);
    let reset = "mutation($c: ID!, $s: ID!) { resetSecondFactor(commandId: $c, staffId: $s) { __typename \
                 ... on InvalidInput { problems { field code } } } }";
    let command = json!({ "c": Uuid::new_v4(), "s": mieko["id"] });
    let done = administrator.ask(reset, command.clone()).await;
    assert_eq!(
        done.at("/resetSecondFactor/__typename"),
        "SecondFactorReset",
        "{done:?}"
    );
    assert_eq!(viewer.signed_in().await, None, "their sessions ended");
    assert_eq!(
        signed_in_by(&server, &device).await,
        None,
        "the device opens nothing"
    );
    let again = administrator.ask(reset, command).await;
    assert_eq!(
        again.at("/resetSecondFactor/__typename"),
        "SecondFactorReset",
        "the same command"
    );
    let another = json!({ "c": Uuid::new_v4(), "s": mieko["id"] });
    let nothing = administrator.ask(reset, another).await;
    assert_eq!(nothing.problems("resetSecondFactor")[0].1, "no_second_factor");
}

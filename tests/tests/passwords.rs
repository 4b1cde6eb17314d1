//! Passwords on the real binary: choosing another one, one-time links to another one, and what is taken as one.

use std::fs;

use serde_json::{Value, json};
use tests::{
    Answer, Client, Engine, Office, PASSWORD, Server, Start, database, mailed, on_both_engines, token_behind,
};
use uuid::Uuid;

on_both_engines!(
    t50_another_password_ends_all_other_sessions_and_the_old_one_opens_nothing,
    t47_the_password_that_there_is_cannot_be_guessed_by_changing_it,
    a_link_to_another_password_works_once_and_ends_every_session,
    a_new_link_takes_the_one_before_back_and_a_day_ends_it,
    one_command_that_arrives_many_times_at_once_sends_one_link_that_works,
    of_two_uses_of_one_link_at_once_one_sets_the_password,
    t49_whoever_forgot_their_password_gets_the_same_answer_whether_or_not_there_is_an_account,
    somebody_without_an_address_is_told_about_to_administrators,
);

const NEW: &str = "みかんを三つ食べた朝の電車のなか";
const CHANGE: &str = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { __typename \
                      ... on SignInRefused { retryAfterSeconds } ... on InvalidInput { problems { field code } } } }";
const SEND: &str = "mutation($c: ID!, $s: ID!) { sendPasswordLink(commandId: $c, staffId: $s) { __typename \
                    ... on PasswordLinkSent { expiresAt } ... on InvalidInput { problems { field code } } } }";
const ACCEPT: &str = "mutation($input: AcceptPasswordLinkInput!) { acceptPasswordLink(input: $input) { __typename \
                      ... on PasswordSet { login } ... on InvalidInput { problems { field code } } } }";
const ASK: &str = "mutation($login: String!) { requestPasswordLink(login: $login) { __typename \
                   ... on PasswordLinkRequested { hours } ... on SignInRefused { retryAfterSeconds } } }";
const NO_DELAY: &str = "DELETE FROM sign_in_delay";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    /// Has an address.
    hanako: Client,
}

async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let input = json!({ "commandId": Uuid::new_v4(), "mail": "hanako@example.jp", "roles": ["VIEWER"] });
    let text = "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename } }";
    administrator.graphql(text, json!({ "input": input })).await;
    let hanako = server.client();
    let token = tokens(&office, "/invitation#", 1).await.remove(0);
    hanako.accept_invitation(&token, "hanako").await;
    Desk {
        office,
        server,
        administrator,
        hanako,
    }
}

/// The tokens behind the links of the mails that went out, once there are so many.
async fn tokens(office: &Office, link: &str, count: usize) -> Vec<String> {
    let found = mailed(office, "", link, count).await;
    found.iter().map(|mail| token_behind(link, mail)).collect()
}

async fn id_of(administrator: &Client, login: &str) -> Value {
    let query = "{ staffAccounts { nodes { id login } } }";
    let answer = administrator.graphql(query, Value::Null).await;
    let nodes = answer
        .at("/staffAccounts/nodes")
        .as_array()
        .expect("a list")
        .clone();
    let found = nodes.into_iter().find(|node| node["login"] == login);
    found.expect("an account")["id"].clone()
}

impl Desk {
    async fn run(&self, sql: &'static str) {
        database::execute(&self.office.database().await, sql).await;
    }

    async fn send(&self, login: &str) -> Answer {
        let id = id_of(&self.administrator, login).await;
        let variables = json!({ "c": Uuid::new_v4(), "s": id });
        self.administrator.graphql(SEND, variables).await
    }
}

async fn change(client: &Client, current: &str, password: &str) -> Answer {
    let input = json!({ "current": current, "password": password });
    client.graphql(CHANGE, json!({ "input": input })).await
}

async fn accept(client: &Client, token: &str, password: &str) -> Answer {
    let input = json!({ "token": token, "password": password });
    client.graphql(ACCEPT, json!({ "input": input })).await
}

async fn kind(client: &Client, login: &str, password: &str) -> Value {
    let answer = client.sign_in_with(login, password).await;
    answer.at("/signIn/__typename").clone()
}

/// What became of credentials, in the order of the log, with who did it.
async fn told(office: &Office) -> Vec<String> {
    let sql = "SELECT CASE WHEN actor LIKE 'staff:%' THEN 'staff' ELSE actor END || ' ' || CAST(data AS TEXT) FROM event \
               WHERE event_type = 'staff.credential_changed' ORDER BY position";
    let lines = database::texts(&office.database().await, sql).await;
    let word = |line: &String| {
        let what = line
            .split("\"what\":\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let actor = line.split(' ').next().unwrap_or_default();
        format!("{actor} {}", what.unwrap_or_default())
    };
    lines.iter().map(word).collect()
}

async fn t50_another_password_ends_all_other_sessions_and_the_old_one_opens_nothing(engine: Engine) {
    let desk = desk(engine).await;
    let other = desk.server.client();
    other.sign_in("hanako").await;
    let changed = change(&desk.hanako, PASSWORD, NEW).await;
    assert_eq!(changed.at("/changePassword/__typename"), "Session", "{changed:?}");
    assert!(
        changed.headers.contains_key("set-cookie"),
        "the session has another token"
    );
    assert_eq!(desk.hanako.signed_in().await.as_deref(), Some("hanako"));
    assert_eq!(other.signed_in().await, None);
    assert_eq!(kind(&other, "hanako", PASSWORD).await, "SignInRefused");
    assert_eq!(kind(&other, "hanako", NEW).await, "Session");
    assert_eq!(told(&desk.office).await, ["staff password_changed"]);
    mailed(&desk.office, "", "パスワードが変更されました", 1).await;
}

async fn t47_the_password_that_there_is_cannot_be_guessed_by_changing_it(engine: Engine) {
    let desk = desk(engine).await;
    // A new one that cannot be taken says so before the old one is looked at, and counts for nothing.
    for _ in 0..6 {
        let invalid = change(&desk.hanako, "wrong wrong wrong", "みじかい").await;
        let too_short = [("password".to_owned(), "too_short".to_owned())];
        assert_eq!(invalid.problems("changePassword"), too_short);
    }
    for _ in 0..4 {
        let refused = change(&desk.hanako, "wrong wrong wrong", NEW).await;
        let plain = json!({ "__typename": "SignInRefused", "retryAfterSeconds": null });
        assert_eq!(refused.at("/changePassword"), &plain);
    }
    let delayed = change(&desk.hanako, PASSWORD, NEW).await;
    assert!(
        delayed.at("/changePassword/retryAfterSeconds").is_u64(),
        "{delayed:?}"
    );
    desk.run(NO_DELAY).await;
    let same = change(&desk.hanako, PASSWORD, PASSWORD).await;
    let unchanged = [("password".to_owned(), "same_password".to_owned())];
    assert_eq!(same.problems("changePassword"), unchanged);
    assert!(told(&desk.office).await.is_empty());
}

async fn a_link_to_another_password_works_once_and_ends_every_session(engine: Engine) {
    let desk = desk(engine).await;
    let queued = desk.send("hanako").await;
    assert_eq!(
        queued.at("/sendPasswordLink/__typename"),
        "PasswordLinkSent",
        "{queued:?}"
    );
    let token = tokens(&desk.office, "/password#", 1).await.remove(0);
    let anybody = desk.server.client();
    let query = "query($t: String!) { passwordLink(token: $t) { login } }";
    let link = anybody.graphql(query, json!({ "t": token })).await;
    assert_eq!(link.at("/passwordLink/login"), "hanako");
    // What cannot be taken leaves the link good.
    for (password, code) in [
        ("みじかい", "too_short"),
        ("password12345678", "common"),
        ("Hanako to neko no hi", "names"),
    ] {
        let invalid = accept(&anybody, &token, password).await;
        assert_eq!(
            invalid.problems("acceptPasswordLink"),
            [("password".to_owned(), code.to_owned())]
        );
    }
    let set = accept(&anybody, &token, NEW).await;
    let expected = json!({ "__typename": "PasswordSet", "login": "hanako" });
    assert_eq!(set.at("/acceptPasswordLink"), &expected);
    assert_eq!(anybody.signed_in().await, None, "nobody is signed in by a link");
    assert_eq!(desk.hanako.signed_in().await, None, "every session ended");
    let again = accept(&anybody, &token, "雨の日は長靴で歩く三毛猫の親子").await;
    assert_eq!(again.at("/acceptPasswordLink/__typename"), "PasswordLinkRefused");
    assert_eq!(kind(&anybody, "hanako", PASSWORD).await, "SignInRefused");
    assert_eq!(kind(&anybody, "hanako", NEW).await, "Session");
    assert_eq!(
        told(&desk.office).await,
        ["staff password_link_sent", "staff password_reset"]
    );
    mailed(&desk.office, "", "パスワードが決め直されました", 1).await;
    // Whoever may look at mail cannot use what stands there.
    let query = "{ mails(first: 50) { __typename ... on MailConnection { nodes { words { __typename \
                 ... on MailWords { text raw } } } } } }";
    let looked = desk
        .administrator
        .graphql(query, Value::Null)
        .await
        .body
        .to_string();
    assert!(looked.contains("/password#…"), "{looked}");
    assert!(!looked.contains(&token[..20]), "{looked}");
}

async fn a_new_link_takes_the_one_before_back_and_a_day_ends_it(engine: Engine) {
    let desk = desk(engine).await;
    let anybody = desk.server.client();
    let refused = async |token: &str| {
        let answer = accept(&anybody, token, NEW).await;
        answer.at("/acceptPasswordLink/__typename") == "PasswordLinkRefused"
    };
    desk.send("hanako").await;
    let first = tokens(&desk.office, "/password#", 1).await.remove(0);
    desk.send("hanako").await;
    let both = tokens(&desk.office, "/password#", 2).await;
    let second = both
        .into_iter()
        .find(|token| *token != first)
        .expect("another token");
    assert!(refused(&first).await);
    desk.run("UPDATE password_link SET expires_at = expires_at - 86400000000")
        .await;
    assert!(refused(&second).await);
    // Whoever chose another password meanwhile, or was disabled, has no use for an older link.
    let args = ["staff", "password-link", "hanako"];
    let by_hand = desk.office.run(&args).ok().stdout;
    let (_, third) = by_hand.trim().rsplit_once('#').expect("a token");
    change(&desk.hanako, PASSWORD, "雨の日は長靴で歩く三毛猫の親子").await;
    assert!(refused(third).await);
    let by_hand = desk.office.run(&args).ok().stdout;
    let (_, fourth) = by_hand.trim().rsplit_once('#').expect("a token");
    desk.run("UPDATE staff SET disabled_at = 1 WHERE login = 'hanako'")
        .await;
    assert!(refused(fourth).await);
    assert_eq!(
        desk.send("hanako").await.problems("sendPasswordLink")[0].1,
        "account_disabled"
    );
    assert!(refused("").await && refused(&"A".repeat(43)).await);
    assert_ne!(desk.office.run(&["staff", "password-link", "nobody"]).code, 0);
}

async fn one_command_that_arrives_many_times_at_once_sends_one_link_that_works(engine: Engine) {
    let desk = desk(engine).await;
    let id = id_of(&desk.administrator, "hanako").await;
    let variables = json!({ "c": Uuid::new_v4(), "s": id });
    let sends = (0..5).map(|_| desk.administrator.graphql(SEND, variables.clone()));
    for sent in futures::future::join_all(sends).await {
        assert_eq!(
            sent.at("/sendPasswordLink/__typename"),
            "PasswordLinkSent",
            "{sent:?}"
        );
    }
    let queued = "SELECT count(*) FROM mail";
    assert_eq!(
        database::numbers(&desk.office.database().await, queued).await,
        [2],
        "one, and the invitation"
    );
    let token = tokens(&desk.office, "/password#", 1).await.remove(0);
    let set = accept(&desk.server.client(), &token, NEW).await;
    assert_eq!(set.at("/acceptPasswordLink/__typename"), "PasswordSet", "{set:?}");
    // The id stands for that, and for nothing else.
    let other = json!({ "c": variables["c"], "s": id_of(&desk.administrator, "kanri").await });
    let reused = desk.administrator.graphql(SEND, other).await;
    assert_eq!(reused.problems("sendPasswordLink")[0].1, "command_reused");
}

async fn of_two_uses_of_one_link_at_once_one_sets_the_password(engine: Engine) {
    let desk = desk(engine).await;
    desk.send("hanako").await;
    let token = tokens(&desk.office, "/password#", 1).await.remove(0);
    let (one, two) = (desk.server.client(), desk.server.client());
    let other = "雨の日は長靴で歩く三毛猫の親子";
    let answers = tokio::join!(accept(&one, &token, NEW), accept(&two, &token, other));
    let set = |answer: &Answer| answer.at("/acceptPasswordLink/__typename") == "PasswordSet";
    let (first, second) = (set(&answers.0), set(&answers.1));
    assert!(first != second, "{answers:?}");
    let (right, wrong) = if first { (NEW, other) } else { (other, NEW) };
    assert_eq!(kind(&one, "hanako", wrong).await, "SignInRefused");
    assert_eq!(kind(&one, "hanako", right).await, "Session");
}

async fn t49_whoever_forgot_their_password_gets_the_same_answer_whether_or_not_there_is_an_account(
    engine: Engine,
) {
    let desk = desk(engine).await;
    let anybody = desk.server.client();
    let ask = async |login: &str| {
        let answer = anybody.graphql(ASK, json!({ "login": login })).await;
        let cookies = answer.headers.contains_key("set-cookie");
        (answer.status, answer.at("/requestPasswordLink").clone(), cookies)
    };
    for round in 0..2 {
        let known = ask("Hanako ").await;
        assert_eq!(
            known.1,
            json!({ "__typename": "PasswordLinkRequested", "hours": 24 })
        );
        assert_eq!(known, ask("nobody").await, "round {round}");
    }
    // Whoever asks on and on waits, whether or not there is such an account.
    let wait = |answer: &Value| answer["retryAfterSeconds"].as_i64();
    for login in ["hanako", "nobody"] {
        let (_, answer, _) = ask(login).await;
        assert!(matches!(wait(&answer), Some(60..=120)), "{login}: {answer}");
    }
    let found = tokens(&desk.office, "/password#", 2).await;
    let mut works = 0;
    for token in &found {
        let set = accept(&anybody, token, NEW).await;
        works += i32::from(set.at("/acceptPasswordLink/__typename") == "PasswordSet");
    }
    assert_eq!((found.len(), works), (2, 1), "the newest alone");
    assert_eq!(kind(&anybody, "hanako", NEW).await, "Session");
    let by = ["system:sign-in password_link_sent"; 2];
    assert_eq!(told(&desk.office).await[..2], by);
}

async fn somebody_without_an_address_is_told_about_to_administrators(engine: Engine) {
    let desk = desk(engine).await;
    // The first administrator came in by a printed link, and has no address either.
    desk.run("UPDATE staff SET mail = 'kanri@example.jp' WHERE login = 'kanri'")
        .await;
    desk.server.member(&desk.office, "registrar").await;
    let refused = desk.send("registrar").await;
    let no_address = [("staffId".to_owned(), "no_address".to_owned())];
    assert_eq!(refused.problems("sendPasswordLink"), no_address);
    let anybody = desk.server.client();
    let asked = anybody.graphql(ASK, json!({ "login": "registrar" })).await;
    assert_eq!(
        asked.at("/requestPasswordLink/__typename"),
        "PasswordLinkRequested"
    );
    let told = mailed(&desk.office, "", "パスワードを忘れたとの申し出", 1).await;
    assert!(told[0].contains("kanri@example.jp"), "{told:?}");
    assert!(!told[0].contains("/password#"), "{told:?}");
}

#[tokio::test]
async fn a_password_that_many_people_have_is_refused_and_an_office_adds_its_own() {
    let office = Office::new(Engine::Sqlite).await;
    let list = office.folder().join("refused.txt");
    fs::write(&list, "Kasumigaseki ichibanchi no tori\n").expect("the list");
    let environment = [("SENGEN_STAFF_REFUSED_PASSWORDS", "refused.txt")];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let token = server.invitation();
    let client = server.client();
    for (password, code) in [
        ("１２３４５６７８９０１２３４５６", "common"),
        ("PasswordPassword", "common"),
        ("ｋａｓｕｍｉｇａｓｅｋｉ ichibanchi no TORI", "common"),
        ("watashi no sengen da", "names"),
        ("kanri no asa gohan wa", "names"),
        ("見本花子の朝ごはんはたまごやき", "names"),
    ] {
        let answer = client.try_invitation(&token, "kanri", password).await;
        let expected = [("password".to_owned(), code.to_owned())];
        assert_eq!(answer.problems("acceptInvitation"), expected, "{password}");
    }
    // 64 characters and more, of any kind, with spaces and pasted as they are.
    let words = (0..18).map(|number| format!("うみ{number} やま "));
    let long: String = words.collect();
    assert!(long.chars().count() > 128);
    let answer = client.try_invitation(&token, "kanri", &format!("{long}🐦")).await;
    assert_eq!(answer.at("/acceptInvitation/__typename"), "Session", "{answer:?}");
}

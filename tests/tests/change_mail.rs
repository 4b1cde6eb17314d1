//! Another address for notices, on the real binary: asked for with a fresh session, confirmed by its link, told to the one before.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, database, mailed, on_both_engines, token_behind};
use uuid::Uuid;

on_both_engines!(
    another_address_counts_once_its_owner_opened_the_link_that_went_there,
    a_link_counts_for_one_account_once_for_a_day_and_a_new_one_takes_it_back,
    t49_an_address_that_somebody_else_has_gets_the_same_answer,
    t52_whoever_changes_their_address_stays_who_they_are,
    t52_nobody_agrees_by_an_account_under_the_address_of_whoever_gains_by_it,
    t52_what_is_known_of_one_account_counts_for_all_that_hang_together_with_it,
);

const ASK: &str = "mutation($mail: String!) { requestMailChange(mail: $mail) { __typename \
                   ... on MailLinkSent { expiresAt } ... on InvalidInput { problems { field code } } ... on SignInRefused { retryAfterSeconds } } }";
const CONFIRM: &str = "mutation($t: String!) { confirmMailChange(token: $t) { __typename ... on MailChanged { mail } \
                       ... on InvalidInput { problems { field code } } } }";
const NO_DELAY: &str = "DELETE FROM sign_in_delay";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    hanako: Client,
}

async fn invited(
    office: &Office,
    server: &Server,
    administrator: &Client,
    login: &str,
    role: &str,
) -> Client {
    let mail = format!("{login}@example.jp");
    let input = json!({ "commandId": Uuid::new_v4(), "mail": mail, "roles": [role] });
    let text = "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename } }";
    administrator.graphql(text, json!({ "input": input })).await;
    let client = server.client();
    let text = mailed(office, &mail, "/invitation#", 1).await.remove(0);
    client
        .accept_invitation(&token_behind("/invitation#", &text), login)
        .await;
    client
}

async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let hanako = invited(&office, &server, &administrator, "hanako", "VIEWER").await;
    Desk {
        office,
        server,
        administrator,
        hanako,
    }
}

/// The kind of an answer, or the code of its first problem.
fn outcome(answer: &Answer, field: &str) -> Value {
    let result = answer.at(field);
    result
        .pointer("/problems/0/code")
        .unwrap_or(&result["__typename"])
        .clone()
}

async fn ask(client: &Client, mail: &str) -> Value {
    outcome(
        &client.graphql(ASK, json!({ "mail": mail })).await,
        "/requestMailChange",
    )
}

async fn confirm(client: &Client, token: &str) -> Value {
    outcome(
        &client.graphql(CONFIRM, json!({ "t": token })).await,
        "/confirmMailChange",
    )
}

async fn own(client: &Client) -> Value {
    client
        .graphql("{ ownMail }", Value::Null)
        .await
        .at("/ownMail")
        .clone()
}

async fn another_address_counts_once_its_owner_opened_the_link_that_went_there(engine: Engine) {
    let desk = desk(engine).await;
    let database = desk.office.database().await;
    assert_eq!(own(&desk.hanako).await, "hanako@example.jp");
    assert_eq!(ask(&desk.hanako, "hanako@example.jp").await, "same_mail");
    assert_eq!(ask(&desk.hanako, "no address").await, "address_unreadable");
    database::execute(&database, "UPDATE session SET fresh_at = fresh_at - 300000000").await;
    assert_eq!(ask(&desk.hanako, "new@example.jp").await, "FreshSignInNeeded");
    database::execute(&database, "UPDATE session SET fresh_at = fresh_at + 300000000").await;
    assert_eq!(ask(&desk.hanako, "new@example.jp").await, "MailLinkSent");
    let text = mailed(&desk.office, "new@example.jp", "/account/mail#", 1)
        .await
        .remove(0);
    mailed(
        &desk.office,
        "hanako@example.jp",
        "メールアドレスの変更の申し出",
        1,
    )
    .await;
    assert_eq!(
        own(&desk.hanako).await,
        "hanako@example.jp",
        "nothing has changed yet"
    );
    let token = token_behind("/account/mail#", &text);
    // Neither the address nor the token stands where it waits, nor the token where mail is looked at.
    let sql = match engine {
        Engine::Sqlite => "SELECT lower(hex(sealed)) || lower(hex(token_hash)) FROM mail_link",
        Engine::Postgres => "SELECT encode(sealed, 'hex') || encode(token_hash, 'hex') FROM mail_link",
    };
    let waiting = database::texts(&database, sql).await;
    assert_eq!(waiting.len(), 1, "the address waits");
    for typed in ["new@example.jp", &token] {
        assert!(!waiting[0].contains(&hex::encode(typed)), "{typed}");
    }
    let query = "{ mails(first: 50) { ... on MailConnection { nodes { words { ... on MailWords { text raw } } } } } }";
    let looked = desk.administrator.graphql(query, Value::Null).await;
    let looked = looked.body.to_string();
    assert!(looked.contains("/account/mail#…"), "{looked}");
    assert!(!looked.contains(&token[..20]), "{looked}");
    // A link to another password that lies in the old box.
    let forgot = "mutation { requestPasswordLink(login: \"hanako\") { __typename } }";
    desk.server.client().graphql(forgot, Value::Null).await;
    let old = mailed(&desk.office, "hanako@example.jp", "/password#", 1).await;
    let old = token_behind("/password#", &old[0]);
    let nobody = desk.server.client().graphql(CONFIRM, json!({ "t": token })).await;
    assert_eq!(nobody.fault(), Some("UNAUTHENTICATED"), "{nobody:?}");
    assert_eq!(confirm(&desk.hanako, &token).await, "MailChanged");
    assert_eq!(own(&desk.hanako).await, "new@example.jp");
    mailed(
        &desk.office,
        "hanako@example.jp",
        "メールアドレスが変わりました",
        1,
    )
    .await;
    assert_eq!(
        confirm(&desk.hanako, &token).await,
        "mail_link_refused",
        "it is used"
    );
    assert_eq!(
        desk.server
            .client()
            .sign_in("hanako")
            .await
            .at("/signIn/__typename"),
        "Session"
    );
    let query = "{ staffAccounts { nodes { login mail } } }";
    let seen = desk.administrator.graphql(query, Value::Null).await;
    assert!(seen.body.to_string().contains("new@example.jp"), "{seen:?}");
    let waiting = database::numbers(&database, "SELECT count(*) FROM mail_link").await;
    assert_eq!(waiting, [0]);
    let accept = "mutation($t: String!, $p: String!) { acceptPasswordLink(input: { token: $t, password: $p }) { __typename } }";
    let with = json!({ "t": old, "p": "みかんを三つ食べた朝の電車のなか" });
    let refused = desk.server.client().graphql(accept, with).await;
    assert_eq!(
        refused.at("/acceptPasswordLink/__typename"),
        "PasswordLinkRefused",
        "whoever has the old box has no way in"
    );
}

async fn a_link_counts_for_one_account_once_for_a_day_and_a_new_one_takes_it_back(engine: Engine) {
    let desk = desk(engine).await;
    let database = desk.office.database().await;
    let token = async |to: &str, count| {
        let text = mailed(&desk.office, to, "/account/mail#", count).await;
        token_behind("/account/mail#", text.last().expect("a mail"))
    };
    assert_eq!(ask(&desk.hanako, "first@example.jp").await, "MailLinkSent");
    let first = token("first@example.jp", 1).await;
    assert_eq!(
        confirm(&desk.administrator, &first).await,
        "mail_link_refused",
        "it is not theirs"
    );
    assert_eq!(ask(&desk.hanako, "second@example.jp").await, "MailLinkSent");
    let second = token("second@example.jp", 1).await;
    assert_eq!(confirm(&desk.hanako, &first).await, "mail_link_refused");
    database::execute(
        &database,
        "UPDATE mail_link SET expires_at = expires_at - 86400000000",
    )
    .await;
    assert_eq!(
        confirm(&desk.hanako, &second).await,
        "mail_link_refused",
        "too late"
    );
    assert_eq!(own(&desk.hanako).await, "hanako@example.jp");
    // Whoever asks again and again waits.
    let mut last = Value::Null;
    for _ in 0..4 {
        last = ask(&desk.hanako, "third@example.jp").await;
    }
    assert_eq!(last, "SignInRefused");
}

async fn t49_an_address_that_somebody_else_has_gets_the_same_answer(engine: Engine) {
    let desk = desk(engine).await;
    invited(&desk.office, &desk.server, &desk.administrator, "jiro", "VIEWER").await;
    let shape = async |mail: &str| {
        database::execute(&desk.office.database().await, NO_DELAY).await;
        let answer = desk.hanako.graphql(ASK, json!({ "mail": mail })).await;
        let keys = answer.at("/requestMailChange").as_object().expect("an object");
        (
            answer.status,
            keys.keys().cloned().collect::<Vec<_>>(),
            outcome(&answer, "/requestMailChange"),
        )
    };
    assert_eq!(shape("jiro@example.jp").await, shape("nobody@example.jp").await);
}

async fn t52_whoever_changes_their_address_stays_who_they_are(engine: Engine) {
    let desk = desk(engine).await;
    // One person with two accounts under one address, who then gives the second another one.
    let second = invited(
        &desk.office,
        &desk.server,
        &desk.administrator,
        "second",
        "SUPPORT",
    )
    .await;
    set(&desk, HANAKO_ADMINISTERS).await;
    set(&desk, SECOND_APPROVES).await;
    for mail in ["hanako@example.jp", "moved@example.jp"] {
        moves_to(&desk, &second, mail).await;
    }
    let id = asks_for_approver(&desk.hanako, "kanri").await;
    let own = agrees(&second, &id).await;
    assert_eq!(own.problems("approve")[0].1, "own_request", "{own:?}");
}

const HANAKO_ADMINISTERS: &str = "UPDATE staff SET roles = 'administrator' WHERE login = 'hanako'";
const SECOND_APPROVES: &str = "UPDATE staff SET roles = 'approver' WHERE login = 'second'";
const OTHER_APPROVES: &str = "UPDATE staff SET roles = 'approver' WHERE login = 'other'";
const THIRD_DOES_BOTH: &str = "UPDATE staff SET roles = 'administrator approver' WHERE login = 'third'";

async fn set(desk: &Desk, roles: &'static str) {
    database::execute(&desk.office.database().await, roles).await;
}

/// Notices to whoever is signed in go to another address from now on.
async fn moves_to(desk: &Desk, client: &Client, mail: &str) {
    database::execute(&desk.office.database().await, NO_DELAY).await;
    assert_eq!(ask(client, mail).await, "MailLinkSent");
    let text = mailed(&desk.office, mail, "/account/mail#", 1).await.remove(0);
    let confirmed = confirm(client, &token_behind("/account/mail#", &text)).await;
    assert_eq!(confirmed, "MailChanged");
}

async fn account(client: &Client, login: &str) -> Value {
    let query = "{ staffAccounts { nodes { id login } } }";
    let answer = client.graphql(query, Value::Null).await;
    let nodes = answer.at("/staffAccounts/nodes").as_array().expect("a list");
    let found = nodes.iter().find(|node| node["login"] == login);
    found.expect("an account")["id"].clone()
}

/// Somebody asks that an account gets the right to approve.
async fn asks_for_approver(client: &Client, login: &str) -> Value {
    let id = account(client, login).await;
    let detail = "query($id: ID!) { staffAccount(id: $id) { version } }";
    let detail = client.graphql(detail, json!({ "id": id })).await;
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": detail.at("/staffAccount/version"),
        "roles": ["ADMINISTRATOR", "APPROVER"], "reason": "人事異動" });
    let ask = "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { ... on ApprovalRequested { id } } }";
    let asked = client.graphql(ask, json!({ "input": input })).await;
    asked.at("/requestStaffRoles/id").clone()
}

async fn agrees(client: &Client, id: &Value) -> Answer {
    let seen = "query($id: ID!) { approval(id: $id) { contentHash } }";
    let seen = client.graphql(seen, json!({ "id": id })).await;
    let approve = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
                   __typename ... on InvalidInput { problems { field code } } } }";
    let input = json!({ "input": { "commandId": Uuid::new_v4(), "id": id }, "seen": seen.at("/approval/contentHash") });
    client.graphql(approve, input).await
}

/// The account of whoever gains by it is not linked with the one that agrees: only the address tells.
async fn t52_nobody_agrees_by_an_account_under_the_address_of_whoever_gains_by_it(engine: Engine) {
    let desk = desk(engine).await;
    let (office, kanri) = (&desk.office, &desk.administrator);
    let second = invited(office, &desk.server, kanri, "second", "SUPPORT").await;
    set(&desk, SECOND_APPROVES).await;
    for mail in ["hanako@example.jp", "moved@example.jp"] {
        moves_to(&desk, &second, mail).await;
    }
    let id = asks_for_approver(kanri, "hanako").await;
    let gains = agrees(&second, &id).await;
    assert_eq!(gains.problems("approve")[0].1, "beneficiary", "{gains:?}");
    let other = invited(office, &desk.server, kanri, "other", "SUPPORT").await;
    set(&desk, OTHER_APPROVES).await;
    let agreed = agrees(&other, &id).await;
    assert_eq!(agreed.at("/approve/__typename"), "ApprovalDecided", "{agreed:?}");
}

/// Hanako is said to have a second account; a third one has had the address of the second.
async fn t52_what_is_known_of_one_account_counts_for_all_that_hang_together_with_it(engine: Engine) {
    let desk = desk(engine).await;
    let (office, kanri) = (&desk.office, &desk.administrator);
    let _second = invited(office, &desk.server, kanri, "second", "VIEWER").await;
    let third = invited(office, &desk.server, kanri, "third", "VIEWER").await;
    set(&desk, HANAKO_ADMINISTERS).await;
    set(&desk, THIRD_DOES_BOTH).await;
    moves_to(&desk, &third, "second@example.jp").await;
    let link = async |by: &Client, same_as: Value| {
        let text = "mutation($c: ID!, $s: ID!, $o: ID) { linkPerson(commandId: $c, staffId: $s, sameAs: $o) { __typename \
                    ... on InvalidInput { problems { field code } } } }";
        let asked = json!({ "c": Uuid::new_v4(), "s": account(kanri, "second").await, "o": same_as });
        outcome(&by.graphql(text, asked).await, "/linkPerson")
    };
    let id = asks_for_approver(&desk.hanako, "kanri").await;
    assert_eq!(link(kanri, account(kanri, "hanako").await).await, "PersonLinked");
    let own = agrees(&third, &id).await;
    assert_eq!(own.problems("approve")[0].1, "own_request", "{own:?}");
    // Nor do they take away by the third account what is said of the second.
    assert_eq!(link(&third, Value::Null).await, "own_person");
    assert_eq!(
        link(kanri, Value::Null).await,
        "PersonLinked",
        "somebody else may"
    );
    let agreed = agrees(&third, &id).await;
    assert_eq!(agreed.at("/approve/__typename"), "ApprovalDecided", "{agreed:?}");
}

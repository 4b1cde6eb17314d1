//! Looking for an address in the ledger of mail and in the list of those who get none, on the real binary: a comparison with what is kept is
//! a look at it.

use serde_json::{Value, json};
use tests::{Client, Engine, Office, database, on_both_engines};
use uuid::Uuid;

on_both_engines!(t53_whoever_sees_no_address_compares_none_and_a_match_is_on_record,);

const MAILS: &str = "query($a: String!) { mails(filter: { address: $a }, first: 9) { ... on MailConnection { nodes { id } } } }";
const LIST: &str = "query($a: String!) { suppressions(address: $a, first: 9) { ... on SuppressionConnection { nodes { id } } } }";

async fn t53_whoever_sees_no_address_compares_none_and_a_match_is_on_record(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let text = "mutation($input: SendTestMailInput!) { sendTestMail(input: $input) { __typename } }";
    let to = json!({ "commandId": Uuid::new_v4(), "to": "yomu@example.jp" });
    let sent = administrator.graphql(text, json!({ "input": to })).await;
    assert_eq!(sent.at("/sendTestMail/__typename"), "TestMailQueued", "{sent:?}");
    let reads = database::read_records(&office.database().await).await;
    let reads = async || {
        let sql = "SELECT count(*) FROM read_record WHERE field_class = 'mail'";
        database::numbers(&reads, sql).await[0]
    };
    let operator = server.member(&office, "operator").await;
    let auditor = server.member(&office, "auditor").await;
    let ask = async |client: &Client, text: &str| {
        let answer = client.graphql(text, json!({ "a": "yomu@example.jp" })).await;
        answer.fault().map(str::to_owned).ok_or(answer.body)
    };
    let refused = Ok("FORBIDDEN".to_owned());
    assert_eq!(ask(&operator, MAILS).await, refused);
    assert_eq!(ask(&auditor, MAILS).await, refused);
    assert_eq!(ask(&auditor, LIST).await, refused);
    // Whoever puts addresses on the list has to find them there.
    assert!(ask(&operator, LIST).await.is_err());
    let all = "{ mails(first: 9) { ... on MailConnection { nodes { id } } } }";
    let all = operator.graphql(all, Value::Null).await;
    assert_eq!(
        all.at("/mails/nodes").as_array().map(Vec::len),
        Some(1),
        "{all:?}"
    );
    assert_eq!(reads().await, 0);
    let found = administrator
        .graphql(MAILS, json!({ "a": "yomu@example.jp" }))
        .await;
    assert_eq!(
        found.at("/mails/nodes").as_array().map(Vec::len),
        Some(1),
        "{found:?}"
    );
    assert_eq!(reads().await, 1);
    let none = administrator
        .graphql(MAILS, json!({ "a": "hoka@example.jp" }))
        .await;
    assert_eq!(none.at("/mails/nodes"), &json!([]), "{none:?}");
    assert_eq!(reads().await, 1, "of nobody");
}

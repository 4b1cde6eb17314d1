//! Messages that become inquiries.

use serde_json::{Value, json};

use crate::client::Client;
use crate::database;
use crate::office::Office;

/// The inquiry that a message began, once the desk has it: the text of the message has its id.
pub async fn arrived(office: &Office, client: &Client, raw: &str) -> Value {
    let following = office.follow().await;
    let handed = office.run_with_input(&["mail", "deliver"], raw.as_bytes(), &[]);
    assert_eq!(handed.code, 0, "{handed:?}");
    let id = raw
        .split("Message-ID: <")
        .nth(1)
        .and_then(|it| it.split('>').next())
        .expect("an id");
    // As of everything that is in the log: the list follows it.
    let query = "query($atLeast: Position) { inquiries(queue: OPEN, atLeast: $atLeast) { \
         ... on InquiryConnection { nodes { id } } } }";
    let log = office.database().await;
    let known = "query($id: ID!) { inquiry(id: $id) { id version entries { message { id words { __typename \
         ... on InquiryWords { text hasHtml files { index state name } } } } } } }";
    following
        .until(async || {
            let head = database::numbers(&log, "SELECT max(position) FROM event").await[0];
            let listed = client
                .graphql(query, json!({ "atLeast": head.to_string() }))
                .await;
            for node in listed.at("/inquiries/nodes").as_array().into_iter().flatten() {
                let found = client.graphql(known, json!({ "id": node["id"] })).await;
                let words = found.at("/inquiry/entries/0/message/words/text").to_string();
                if words.contains(id) {
                    return Some(found.at("/inquiry").clone());
                }
            }
            None
        })
        .await
}

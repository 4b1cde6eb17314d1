//! The check of each night on the real binary: it looks at files, too, and what it finds is told.

use serde_json::{Value, json};
use tests::{Client, Correction, Engine, Following, Office, Row, database, on_both_engines, register};

on_both_engines!(the_nightly_check_finds_a_document_that_is_gone);

const NUMBER: &str = "47000000001";
const RESULT: &str = "query($id: ID!) { job(id: $id) { state result { reason counts { counted count } } } }";

/// Runs the check, and what came of it.
async fn checked(client: &Client, log: &Following) -> Value {
    let job = client.run_nightly("verify-log").await;
    let done = log.until(async || {
        let found = client.graphql(RESULT, json!({ "id": job })).await;
        (found.at("/job/state") == "DONE").then(|| found.at("/job/result").clone())
    });
    done.await
}

async fn the_nightly_check_finds_a_document_that_is_gone(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&register(&[Row::corporation(NUMBER)]));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find(NUMBER).await;
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n".as_slice();
    let sent = Client::send(client.upload(("declaration", &id), "登記.pdf", pdf)).await;
    let correction = Correction::new(&id, &client.version(&id).await, "NAME", "株式会社見本の新しい名");
    let correction = correction
        .with("noDocument", Value::Null)
        .with("attachments", json!([sent.body["file"]["id"]]));
    let answer = client.correct(&correction).await;
    assert_eq!(
        answer.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{sent:?} {answer:?}"
    );
    let log = office.follow().await;
    assert_eq!(checked(&client, &log).await["reason"], "LOG_INTACT");
    let database = office.database().await;
    let gone = "DELETE FROM attachment_chunk";
    assert_eq!(database::execute(&database, gone).await, 1);
    let found = checked(&client, &log).await;
    assert_eq!(found["reason"], "LOG_BREACHED", "{found}");
    let breaches = json!({ "counted": "BREACHES", "count": 1.0 });
    assert!(
        found["counts"]
            .as_array()
            .is_some_and(|counts| counts.contains(&breaches)),
        "{found}"
    );
}

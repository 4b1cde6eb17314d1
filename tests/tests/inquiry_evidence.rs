//! An inquiry as the evidence of what is changed in the register, on the real binary.

use serde_json::{Value, json};
use tests::{Client, Correction, Engine, Office, Row, Server, arrived, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    what_an_inquiry_asks_for_says_so_in_the_register_and_in_the_thread,
    nothing_rests_on_an_inquiry_that_is_not_there_or_is_spam,
    a_number_is_sent_because_an_inquiry_asks_for_it,
);

const MESSAGE: &str = "From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: change\r\nMessage-ID: <1@c>\r\n\
     Content-Type: text/plain; charset=utf-8\r\n\r\n1@c 名称が変わりました。\r\n";

/// An office with one declaration and an inquiry about it.
struct Desk {
    _office: Office,
    _server: Server,
    client: Client,
    inquiry: String,
    declaration: String,
}

impl Desk {
    async fn new(engine: Engine) -> Self {
        let office = Office::new(engine).await;
        office.import(&register(&[Row::corporation("47000000001")]));
        let mut server = office.serve();
        let client = server.administrator().await;
        let inquiry = arrived(&office, &client, MESSAGE).await;
        Self {
            inquiry: inquiry["id"].as_str().expect("an id").to_owned(),
            declaration: client.find("47000000001").await,
            client,
            _server: server,
            _office: office,
        }
    }
}

/// What happened to the inquiry after it came in: the kind, what was changed, and of which declaration.
async fn told(client: &Client, inquiry: &str) -> Vec<[Value; 3]> {
    let query = "query($id: ID!) { inquiry(id: $id) { entries { kind recordChange declarationId } } }";
    let found = client.graphql(query, json!({ "id": inquiry })).await;
    let entries = found.at("/inquiry/entries").as_array().cloned();
    let rest = entries.into_iter().flatten().skip(1);
    rest.map(|entry| ["kind", "recordChange", "declarationId"].map(|key| entry[key].clone()))
        .collect()
}

/// The inquiries that the history of a declaration names as its evidence.
async fn evidence(client: &Client, declaration: &str) -> Vec<Value> {
    let query = "query($id: ID!) { declaration(id: $id) { ... on Declaration { history { kind evidence { inquiryId } } } } }";
    let found = client.graphql(query, json!({ "id": declaration })).await;
    let history = found.at("/declaration/history").as_array().cloned();
    let given = history.into_iter().flatten();
    given
        .filter(|entry| entry["kind"] == "EVIDENCE_GIVEN")
        .map(|entry| entry["evidence"]["inquiryId"].clone())
        .collect()
}

async fn mark_as_spam(client: &Client, inquiry: &str) {
    let query = "query($id: ID!) { inquiry(id: $id) { version } }";
    let seen = client.graphql(query, json!({ "id": inquiry })).await;
    let spam = "mutation($input: ChangeInquiryInput!) { changeInquiry(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": inquiry,
        "expectedVersion": seen.at("/inquiry/version"), "change": { "spam": true } });
    let marked = client.graphql(spam, json!({ "input": input })).await;
    assert_eq!(
        marked.at("/changeInquiry/__typename"),
        "InquiryChanged",
        "{marked:?}"
    );
}

async fn what_an_inquiry_asks_for_says_so_in_the_register_and_in_the_thread(engine: Engine) {
    let desk = Desk::new(engine).await;
    let (client, inquiry, id) = (&desk.client, desk.inquiry.as_str(), desk.declaration.as_str());

    // A name needs evidence: the inquiry is enough. A retry is the same change.
    let correction = Correction::new(id, &client.version(id).await, "NAME", "株式会社べつの商店")
        .with("noDocument", Value::Null)
        .with("inquiryId", inquiry);
    let first = client.correct(&correction).await;
    assert_eq!(
        first.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{first:?}"
    );
    let again = client.correct(&correction).await;
    assert_eq!(
        again.at("/correctDeclaration"),
        first.at("/correctDeclaration"),
        "{again:?}"
    );
    assert_eq!(evidence(client, id).await, [json!(inquiry)]);
    let changed = |what: &str| [json!("RECORD_CHANGED"), json!(what), json!(id)];
    assert_eq!(told(client, inquiry).await, [changed("CORRECTED")]);

    // So does every other change.
    let note = json!({ "commandId": Uuid::new_v4(), "declarationId": id, "expectedVersion": client.version(id).await,
        "text": "電話でも確認した", "inquiryId": inquiry });
    let noted = client.change("addNote", &note).await;
    assert_eq!(noted.at("/addNote/__typename"), "DeclarationChanged", "{noted:?}");
    assert_eq!(evidence(client, id).await, [json!(inquiry), json!(inquiry)]);
    assert_eq!(
        told(client, inquiry).await,
        [changed("CORRECTED"), changed("NOTE_ADDED")]
    );

    // What a change was about, the inquiry is about.
    let query = "query($id: ID!) { inquiryContext(id: $id) { declarations { isLinked row { number } } } }";
    let context = client.graphql(query, json!({ "id": inquiry })).await;
    assert_eq!(
        context.at("/inquiryContext/declarations/0"),
        &json!({ "isLinked": true, "row": { "number": "47000000001" } })
    );

    // What was done is done, whatever becomes of the inquiry: a retry says the same.
    mark_as_spam(client, inquiry).await;
    let late = client.correct(&correction).await;
    assert_eq!(
        late.at("/correctDeclaration"),
        first.at("/correctDeclaration"),
        "{late:?}"
    );
}

async fn nothing_rests_on_an_inquiry_that_is_not_there_or_is_spam(engine: Engine) {
    let desk = Desk::new(engine).await;
    let (client, inquiry, id) = (&desk.client, desk.inquiry.as_str(), desk.declaration.as_str());
    let version = client.version(id).await;
    let correction =
        |inquiry: &str| Correction::new(id, &version, "CITY", "べつの市").with("inquiryId", inquiry);
    let problem = async |client: &Client, inquiry: &str| {
        let answer = client.correct(&correction(inquiry)).await;
        let of = |key: &str| {
            answer
                .at(&format!("/correctDeclaration/problems/0/{key}"))
                .clone()
        };
        (of("field"), of("code"))
    };
    let missing = (json!("inquiryId"), json!("inquiry_not_found"));
    assert_eq!(problem(client, "none").await, missing);
    assert_eq!(problem(client, &Uuid::now_v7().to_string()).await, missing);

    mark_as_spam(client, inquiry).await;
    assert_eq!(
        problem(client, inquiry).await,
        (json!("inquiryId"), json!("inquiry_spam"))
    );
    assert_eq!(client.version(id).await, version);
    assert_eq!(evidence(client, id).await, [] as [Value; 0]);
}

async fn a_number_is_sent_because_an_inquiry_asks_for_it(engine: Engine) {
    let desk = Desk::new(engine).await;
    let (client, inquiry, id) = (&desk.client, desk.inquiry.as_str(), desk.declaration.as_str());
    let input = json!({ "commandId": Uuid::new_v4(), "declarationId": id, "expectedVersion": client.version(id).await,
        "asked": [{ "field": "NAME", "value": "株式会社見本47000000001" }, { "field": "CONTACT_EMAIL", "value": "info@example.jp" }],
        "checks": ["CALL_BACK"], "inquiryId": inquiry });
    let sent = client.change("lookUpNumber", &input).await;
    assert_eq!(
        sent.at("/lookUpNumber/__typename"),
        "DeclarationChanged",
        "{sent:?}"
    );
    let again = client.change("lookUpNumber", &input).await;
    assert_eq!(again.at("/lookUpNumber"), sent.at("/lookUpNumber"), "{again:?}");
    assert_eq!(evidence(client, id).await, [json!(inquiry)]);
    assert_eq!(
        told(client, inquiry).await,
        [[json!("RECORD_CHANGED"), json!("NUMBER_LOOKED_UP"), json!(id)]]
    );
}

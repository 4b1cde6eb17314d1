//! What stands beside a thread on the real binary: the declarations that it may be about, what was sent, files and HTML.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Engine, Office, Row, arrived, corporate_number, on_both_engines, register};

on_both_engines!(
    a_declaration_is_found_by_its_address_its_numbers_and_its_name,
    what_came_with_a_message_is_saved_and_never_opens_in_a_page_of_ours,
);

const CONTEXT: &str = "query($id: ID!) { inquiryContext(id: $id) { isComplete \
     declarations { isLinked matchedBy row { number } } mails { id } } }";

fn message(id: &str, from: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: office@example.jp\r\nSubject: question\r\nMessage-ID: <{id}>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

async fn found(client: &Client, inquiry: &Value) -> Vec<(String, Vec<String>)> {
    let context = client.graphql(CONTEXT, json!({ "id": inquiry["id"] })).await;
    assert_eq!(context.at("/inquiryContext/isComplete"), true, "{context:?}");
    let declarations = context.at("/inquiryContext/declarations").as_array().cloned();
    let matched = |it: &Value| {
        let by = it["matchedBy"].as_array().into_iter().flatten();
        let by = by.map(|it| it.as_str().unwrap_or_default().to_owned());
        (
            it["row"]["number"].as_str().unwrap_or_default().to_owned(),
            by.collect(),
        )
    };
    declarations.iter().flatten().map(matched).collect()
}

async fn a_declaration_is_found_by_its_address_its_numbers_and_its_name(engine: Engine) {
    let office = Office::new(engine).await;
    let corporate = corporate_number(7);
    office.import(&register(&[
        Row::corporation("47000000001").with("メール", "taro@example.jp"),
        Row::corporation("47000000002").with("法人番号", &corporate),
        Row::corporation("47000000003").with("事業者名", "株式会社みほん商事"),
        Row::sole_trader("47000000004", "見本 四郎", "ミホン シロウ"),
    ]));
    let mut server = office.serve();
    let client = server.administrator().await;
    let owned = |number: &str, by: &[&str]| {
        (
            number.to_owned(),
            by.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(),
        )
    };

    let text = "1@a 宣言番号 ４７０−０００００−００４ の件です。";
    let by_address = arrived(&office, &client, &message("1@a", "Taro <taro@example.jp>", text)).await;
    assert_eq!(
        found(&client, &by_address).await,
        [
            owned("47000000004", &["NUMBER"]),
            owned("47000000001", &["ADDRESS"])
        ]
    );

    let text = format!("2@a 法人番号 T{corporate}\r\n（株）みほん商事　見本");
    let by_numbers = arrived(&office, &client, &message("2@a", "x@example.com", &text)).await;
    assert_eq!(
        found(&client, &by_numbers).await,
        [
            owned("47000000002", &["CORPORATE_NUMBER"]),
            owned("47000000003", &["NAME"])
        ]
    );

    let text = "3@a 電話 090-1234-5678 まで。";
    let nothing = arrived(&office, &client, &message("3@a", "y@example.com", text)).await;
    assert_eq!(found(&client, &nothing).await, []);

    // Whoever may not see persons is told nothing that stands in the text.
    let auditor = server.member(&office, "auditor").await;
    assert_eq!(found(&auditor, &by_numbers).await, []);
}

async fn what_came_with_a_message_is_saved_and_never_opens_in_a_page_of_ours(engine: Engine) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    let raw = "From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: files\r\nMessage-ID: <1@b>\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>1@b <a href=\"https://example.com/\">link</a></p>\
        <script>alert(1)</script>\r\n\
        --b\r\nContent-Type: text/html; name=\"page.html\"\r\nContent-Disposition: attachment; filename=\"page.html\"\r\n\r\n\
        <script>alert(1)</script>\r\n\
        --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a\\\"b.pdf\"\r\n\r\n%PDF-1.7\r\n\
        --b--\r\n";
    let inquiry = arrived(&office, &client, raw).await;
    let message = inquiry["entries"][0]["message"].clone();
    let id = message["id"].as_str().expect("an id");
    assert_eq!(message["words"]["hasHtml"], true, "{message}");
    let states: Vec<&Value> = message["words"]["files"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|file| &file["state"])
        .collect();
    assert_eq!(states, ["QUARANTINED", "AVAILABLE"]);

    let get = async |path: &str| {
        let request = client.path(Method::GET, path);
        let request = request.header("sec-fetch-site", "same-origin");
        request.send().await.expect("an answer")
    };
    let file = get(&format!("/inquiries/files/{id}/1")).await;
    assert_eq!(file.status(), 200);
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    let disposition = file.headers()["content-disposition"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        disposition.starts_with("attachment; filename*=UTF-8''a"),
        "{disposition}"
    );
    assert!(
        file.headers()["content-security-policy"]
            .to_str()
            .is_ok_and(|it| it.contains("sandbox"))
    );
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert!(file.bytes().await.expect("bytes").starts_with(b"%PDF-1.7"));
    let kept = get(&format!("/inquiries/files/{id}/0")).await;
    assert_eq!(kept.status(), 422);
    let kept: Value = kept.json().await.expect("a refusal");
    assert_eq!(
        kept["errors"][0]["extensions"]["reason"], "file_quarantined",
        "{kept}"
    );
    for missing in [format!("{id}/2"), format!("{id}/x"), "x/0".to_owned()] {
        assert_eq!(
            get(&format!("/inquiries/files/{missing}")).await.status(),
            404,
            "{missing}"
        );
    }

    let html = get(&format!("/inquiries/html/{id}")).await;
    assert_eq!(html.status(), 200);
    assert_eq!(html.headers()["x-frame-options"], "SAMEORIGIN");
    let policy = html.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    for part in ["default-src 'none'", "sandbox", "frame-ancestors 'self'"] {
        assert!(policy.contains(part), "{policy}");
    }
    let text = html.text().await.expect("text");
    assert!(text.contains("data-address=\"https://example.com/\""), "{text}");
    for bad in ["<script", "href="] {
        assert!(!text.contains(bad), "{bad}: {text}");
    }

    // Neither from a page of somebody else, nor without the right.
    let foreign = client
        .path(Method::GET, &format!("/inquiries/html/{id}"))
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .expect("an answer");
    assert_eq!(foreign.status(), 403);
    let auditor = server.member(&office, "auditor").await;
    let refused = auditor
        .path(Method::GET, &format!("/inquiries/files/{id}/1"))
        .header("sec-fetch-site", "same-origin");
    assert_eq!(refused.send().await.expect("an answer").status(), 403);
}

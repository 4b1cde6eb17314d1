//! The limits of a request: what is exactly as large as allowed is answered, and one more of it is refused.

use serde_json::{Value, json};
use tests::{Answer, Client, served};

const TOO_COMPLEX: Option<&str> = Some("TOO_COMPLEX");

/// `allowed` is answered without a fault, `refused` not at all.
async fn assert_edge(client: &Client, what: &str, allowed: &str, refused: &str) {
    let answer = client.graphql(allowed, Value::Null).await;
    assert_eq!(answer.fault(), None, "{what}, as many as allowed: {answer:?}");
    assert_too_complex(client, what, refused).await;
}

async fn assert_too_complex(client: &Client, what: &str, query: &str) {
    let answer = client.graphql(query, Value::Null).await;
    assert_eq!(answer.fault(), TOO_COMPLEX, "{what}, one more: {answer:?}");
    assert_eq!(answer.body["data"], Value::Null, "{what}: {answer:?}");
}

fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn t44_of_aliases_root_fields_fields_and_directives_as_many_as_allowed_pass_and_one_more_does_not() {
    let (_office, _server, client) = served("47000000002").await;
    let aliases = |count| {
        format!(
            "{{ session {{ {} }} }}",
            numbered(count, |i| format!("a{i}: expiresAt"))
        )
    };
    assert_edge(&client, "aliases", &aliases(30), &aliases(31)).await;
    // A root field has no alias when it is the only one of its name; without aliases one field may stand there again.
    let roots = |count| {
        format!(
            "{{ {} }}",
            numbered(count, |_| "session { expiresAt }".to_owned())
        )
    };
    assert_edge(&client, "root fields", &roots(10), &roots(11)).await;
    // The field with the selection is one of them.
    let fields = |count: usize| format!("{{ session {{ {} }} }}", "expiresAt ".repeat(count - 1));
    assert_edge(&client, "fields", &fields(1_000), &fields(1_001)).await;
    // The language knows no five different ones, so that five are refused for another reason.
    let directives = |count| {
        format!(
            "{{ session {} {{ expiresAt }} }}",
            "@skip(if: false) ".repeat(count)
        )
    };
    let answer = client.graphql(&directives(5), Value::Null).await;
    assert_eq!(answer.fault(), Some("VALIDATION"), "{answer:?}");
    assert_too_complex(&client, "directives", &directives(6)).await;
}

#[tokio::test]
async fn t44_2_000_tokens_pass_and_2_001_do_not() {
    let (_office, _server, client) = served("47000000002").await;
    // Five tokens around them, eight of each of the former, and one of each of the latter.
    let tokens = |count: usize| {
        let plain = "expiresAt ".repeat(count - 5 - 200 * 8);
        format!(
            "{{ session {{ {} {plain} }} }}",
            "expiresAt @skip(if: false) ".repeat(200)
        )
    };
    assert_edge(&client, "tokens", &tokens(2_000), &tokens(2_001)).await;
}

/// No type of the schema reaches so deep, so that what is allowed is refused for another reason.
#[tokio::test]
async fn t44_depth_12_is_not_too_deep_and_depth_13_is() {
    let (_office, _server, client) = served("47000000002").await;
    let deep = |depth: usize| {
        format!(
            "{}expiresAt {}",
            "{ session ".repeat(depth - 1) + "{ ",
            "}".repeat(depth)
        )
    };
    let answer = client.graphql(&deep(12), Value::Null).await;
    assert_eq!(answer.fault(), Some("VALIDATION"), "{answer:?}");
    assert_too_complex(&client, "depth", &deep(13)).await;
}

#[tokio::test]
async fn t44_selections_nested_32_deep_pass_and_33_deep_do_not() {
    let (_office, _server, client) = served("47000000002").await;
    // A fragment adds to the nesting and not to the depth; the field's own selection is the first.
    let nested = |count: usize| {
        let fragments = "... on Session { ".repeat(count - 1);
        format!(
            "{{ session {{ {fragments} expiresAt {} }} }}",
            "}".repeat(count - 1)
        )
    };
    assert_edge(&client, "nested selections", &nested(32), &nested(33)).await;
    // Of brackets around a value the parser follows 48, the two around the whole included.
    let brackets = |count: usize| {
        let (open, closed) = ("[".repeat(count - 2), "]".repeat(count - 2));
        format!("{{ invitation(token: {open}1{closed}) {{ role }} }}")
    };
    let answer = client.graphql(&brackets(48), Value::Null).await;
    assert_eq!(answer.fault(), Some("VALIDATION"), "{answer:?}");
    assert_too_complex(&client, "brackets", &brackets(49)).await;
}

#[tokio::test]
async fn t44_a_query_that_costs_5_000_passes_and_one_that_costs_5_001_does_not() {
    let (_office, _server, client) = served("47000000002").await;
    // A page of 200 costs 50 times one row, and `nodes` is one field of it: 4,950. The session is one more than its fields.
    let page = format!(
        "... on DeclarationConnection {{ nodes {{ {} }} }}",
        "id ".repeat(98)
    );
    let costing = |cost: usize| {
        let session = "expiresAt ".repeat(cost - 4_950 - 1);
        format!("{{ declarations(first: 200) {{ {page} }} session {{ {session} }} }}")
    };
    assert_edge(&client, "cost", &costing(5_000), &costing(5_001)).await;
    // A variable costs what it stands for.
    let query = costing(5_001)
        .replacen('{', "query($first: Int!) {", 1)
        .replacen("200", "$first", 1);
    let cost = async |first: i32| client.graphql(&query, json!({ "first": first })).await;
    let (allowed, refused) = (cost(199).await, cost(200).await);
    assert_eq!(allowed.fault(), None, "{allowed:?}");
    assert_eq!(refused.fault(), TOO_COMPLEX, "{refused:?}");
}

/// The answer to a body of exactly so many bytes.
async fn sized(client: &Client, operation: &str, bytes: usize) -> Answer {
    let bare = json!({ "query": format!("{operation} #") }).to_string();
    let filled = format!("{operation} #{}", "x".repeat(bytes - bare.len()));
    let body = json!({ "query": filled }).to_string();
    assert_eq!(body.len(), bytes);
    Client::send(client.post(body)).await
}

#[tokio::test]
async fn t44_a_body_of_64_kib_and_of_256_kib_for_a_mutation_passes_and_a_byte_more_does_not() {
    let (_office, server, _) = served("47000000002").await;
    let client = server.client();
    let limits = [
        ("{ prefectures { code } }", 64 * 1024),
        ("mutation { signOut }", 256 * 1024),
    ];
    for (operation, bytes) in limits {
        let allowed = sized(&client, operation, bytes).await;
        assert_eq!(
            (allowed.status.as_u16(), allowed.fault()),
            (200, None),
            "{operation}"
        );
        let refused = sized(&client, operation, bytes + 1).await;
        assert_eq!(
            (refused.status.as_u16(), refused.fault()),
            (413, Some("TOO_LARGE")),
            "{operation}"
        );
    }
}

//! Who may do what, and who sees what, on the real binary: every query and mutation of the schema as nobody and as a
//! viewer, personal data withheld from a viewer on every way to it, and each read of it on record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use domain::staff::{Permission, Role};
use serde_json::{Value, json};
use tests::{
    Client, Correction, Engine, LIST_OF_NUMBERS, Office, Row, Server, Start, canary_trader, database,
    on_both_engines, register,
};

/// The rules of one noun, where they are many.
#[path = "permissions/api_token.rs"]
mod api_token;
#[path = "permissions/approval.rs"]
mod approval;
#[path = "permissions/audit.rs"]
mod audit;
#[path = "permissions/bulk.rs"]
mod bulk;
#[path = "permissions/calendar.rs"]
mod calendar;
#[path = "permissions/cases.rs"]
mod cases;
#[path = "permissions/declaration.rs"]
mod declaration;
#[path = "permissions/export.rs"]
mod export;
#[path = "permissions/fields.rs"]
mod fields;
#[path = "permissions/import.rs"]
mod import;
#[path = "permissions/inquiry.rs"]
mod inquiry;
#[path = "permissions/list_view.rs"]
mod list_view;
#[path = "permissions/operations.rs"]
mod operations;
#[path = "permissions/own.rs"]
mod own;
#[path = "permissions/review.rs"]
mod review;
#[path = "permissions/rules.rs"]
mod rules;
#[path = "permissions/staff.rs"]
mod staff;

use rules::{Gets, Rule, SIGN_IN_FIRST, assert_rule, gets, rule};

on_both_engines!(
    t53_each_read_of_personal_data_is_on_record_and_holds_no_value,
    a_viewer_finds_nobody_by_a_personal_name,
);

const TRADER: &str = "47000000002";
const COMPANY: &str = "47000000003";
const CANARIES: [&str; 14] = [
    "金糸雀",
    "カナリア",
    "小鳥長",
    "囀太郎",
    "9998877",
    "羽根町",
    "鳥籠",
    "歌姫",
    "音楽課",
    "tori@example.jp",
    "03-9999-8888",
    "餌を好む",
    "巣を移した",
    "9999010000027",
];

fn trader() -> Row {
    canary_trader(TRADER)
        .with("屋号", "見本屋")
        // What a sole trader puts there may be a My Number.
        .with("法人番号", "9999010000027")
}

/// Both records, the trader corrected once by the administrator, and a viewer.
async fn office(engine: Engine, log: Option<&str>) -> (Office, Server, Client, Client) {
    let office = Office::new(engine).await;
    office.import(&register(&[trader(), Row::corporation(COMPANY)]));
    let mut server = office.serve_with(&Start {
        log,
        ..Start::default()
    });
    let administrator = server.administrator().await;
    let id = administrator.find(TRADER).await;
    let correction = Correction::new(&id, &administrator.version(&id).await, "STREET", "羽根町9-9")
        .with("reason", "巣を移したとの連絡");
    let corrected = administrator.correct(&correction).await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    let position = corrected.at("/correctDeclaration/position");
    let page = administrator
        .graphql(LIST_OF_NUMBERS, json!({ "first": 1, "atLeast": position }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "DeclarationConnection");
    let viewer = server.member(&office, "viewer").await;
    (office, server, administrator, viewer)
}

/// The fields of a type of the committed schema.
fn fields_of(type_name: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../admin-ui/schema.graphql");
    let document = parse_schema(fs::read_to_string(path).expect("the schema")).expect("a schema");
    let found = document
        .definitions
        .into_iter()
        .find_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) if definition.node.name.node == type_name => {
                Some(definition.node.kind)
            }
            _ => None,
        });
    let Some(TypeKind::Object(object)) = found else {
        panic!("no type {type_name}")
    };
    let fields = object.fields.iter();
    fields.map(|field| field.node.name.node.to_string()).collect()
}

/// Every mutation. A new one needs a row here.
fn mutations(correction: &Correction) -> BTreeMap<&'static str, Rule> {
    let invitation = json!({ "input": { "token": "x", "login": "abc", "name": "abc", "password": "x" } });
    [
        (
            "acceptInvitation",
            rule(
                "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }",
                invitation,
                Gets::Answer,
                None,
            ),
        ),
        (
            "correctDeclaration",
            rule(
                "mutation($input: CorrectDeclarationInput!) { correctDeclaration(input: $input) { __typename } }",
                json!({ "input": correction.input }),
                SIGN_IN_FIRST,
                Permission::CorrectDeclaration,
            ),
        ),
        (
            "makeDeclaration",
            rule(
                "mutation($input: MakeDeclarationInput!) { makeDeclaration(input: $input) { __typename } }",
                json!({ "input": { "commandId": uuid::Uuid::new_v4(), "entityType": "CORPORATION", "star": "ONE",
                    "pledgeVersion": "SIX_RULES", "fields": [], "reason": "" } }),
                SIGN_IN_FIRST,
                Permission::Declare,
            ),
        ),
        (
            "signIn",
            rule(
                "mutation { signIn(input: { login: \"nobody\", password: \"x\" }) { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "signOut",
            rule("mutation { signOut }", Value::Null, Gets::Answer, None),
        ),
    ]
    .into()
}

/// Every query. A new one needs a row here.
fn queries(id: &str) -> BTreeMap<&'static str, Rule> {
    [
        (
            "calendar",
            rule(
                "{ calendar { opening { open } } }",
                Value::Null,
                SIGN_IN_FIRST,
                None,
            ),
        ),
        (
            "consistencyProof",
            rule(
                "{ consistencyProof(from: \"1\") { __typename } }",
                Value::Null,
                SIGN_IN_FIRST,
                None,
            ),
        ),
        (
            "inclusionProof",
            rule(
                "{ inclusionProof(position: \"1\") { __typename } }",
                Value::Null,
                SIGN_IN_FIRST,
                None,
            ),
        ),
        (
            "verifierKey",
            rule("{ verifierKey }", Value::Null, SIGN_IN_FIRST, None),
        ),
        (
            "declaration",
            rule(
                "query($id: ID!) { declaration(id: $id) { __typename } }",
                json!({ "id": id }),
                SIGN_IN_FIRST,
                None,
            ),
        ),
        (
            "declarations",
            rule(
                "{ declarations(first: 1) { __typename } }",
                Value::Null,
                SIGN_IN_FIRST,
                None,
            ),
        ),
        (
            "invitation",
            rule(
                "{ invitation(token: \"x\") { roles } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "prefectures",
            rule("{ prefectures { code name } }", Value::Null, Gets::Answer, None),
        ),
        (
            "industries",
            rule("{ industries { code name } }", Value::Null, Gets::Answer, None),
        ),
        (
            "listViews",
            rule(
                "{ listViews { id name } }",
                Value::Null,
                SIGN_IN_FIRST,
                Permission::ReadDeclarations,
            ),
        ),
        (
            "session",
            rule("{ session { expiresAt } }", Value::Null, Gets::Answer, None),
        ),
    ]
    .into()
}

#[tokio::test]
async fn t51_every_operation_of_the_schema_answers_each_role_as_the_policy_table_says() {
    let (office, server, administrator, _viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(COMPANY).await;
    let correction = Correction::new(&id, &administrator.version(&id).await, "CITY", "よそ市");
    let nobody = server.client();
    let mut members = Vec::new();
    for role in Role::ALL {
        let client = server.client();
        let login = format!("member-{}", role.as_str());
        client
            .accept_invitation(&office.invite(role.as_str()), &login)
            .await;
        members.push((role, client));
    }

    let mut queries = queries(&id);
    queries.extend(bulk::queries());
    queries.extend(import::queries());
    queries.extend(export::queries());
    queries.extend(declaration::queries(&id));
    queries.extend(operations::queries());
    queries.extend(staff::queries());
    queries.extend(approval::queries());
    queries.extend(api_token::queries());
    queries.extend(audit::queries());
    queries.extend(cases::queries());
    queries.extend(inquiry::queries());
    queries.extend(review::queries(&id));
    let named: BTreeSet<String> = queries.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(named, fields_of("Query"), "every query has a rule");
    let mut mutations = mutations(&correction);
    mutations.extend(declaration::mutations(&id));
    mutations.extend(bulk::mutations(&id));
    mutations.extend(import::mutations());
    mutations.extend(export::mutations());
    mutations.extend(list_view::mutations());
    mutations.extend(calendar::mutations());
    mutations.extend(operations::mutations());
    mutations.extend(staff::mutations());
    mutations.extend(approval::mutations());
    mutations.extend(api_token::mutations());
    mutations.extend(cases::mutations());
    mutations.extend(inquiry::mutations());
    mutations.extend(review::mutations());
    let named: BTreeSet<String> = mutations.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(named, fields_of("Mutation"), "every mutation has a rule");
    // Whoever signed out is nobody, and whoever changes what others see comes last.
    let last = mutations.remove("signOut").expect("a rule");
    let rules = queries.iter().chain(&mutations).chain([(&"signOut", &last)]);
    for (name, rule) in rules {
        assert_rule(name, rule, "nobody", &nobody, rule.nobody).await;
        for (role, client) in &members {
            assert_rule(name, rule, role.as_str(), client, gets(*role, rule)).await;
        }
    }
    let database = office.database().await;
    let corrections = "SELECT COUNT(DISTINCT actor) FROM event WHERE event_type = 'declaration.corrected'";
    assert_eq!(
        database::numbers(&database, corrections).await,
        [2],
        "the office's administrator, and whoever of the members was first"
    );
}

#[tokio::test]
async fn t51_a_role_that_is_taken_away_is_gone_with_the_next_request() {
    let (office, _server, administrator, _viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(COMPANY).await;
    let correction = Correction::new(&id, &administrator.version(&id).await, "CITY", "よそ市");
    let database = office.database().await;
    database::execute(
        &database,
        "UPDATE staff SET roles = 'viewer' WHERE login = 'kanri'",
    )
    .await;
    assert_eq!(
        administrator.correct(&correction).await.fault(),
        Some("FORBIDDEN")
    );
}

const PERSONAL: &str = "... on Withheld { permission } ... on Forgotten { subject }";

/// Everything of a declaration that a reader can ask for.
fn whole_record() -> String {
    let text = format!("{{ __typename ... on OpenText {{ text }} {PERSONAL} }}");
    format!(
        "query($id: ID!, $upTo: Position, $asOf: Date) {{ declaration(id: $id, recordedUpTo: $upTo, asOf: $asOf) {{ \
         ... on Declaration {{ \
         id version now asOf existed number star state stop {{ kind on }} declaredOn pledgeVersion entityType published \
         name {{ __typename ... on OrganizationName {{ name kana }} ... on PersonName {{ name kana }} {PERSONAL} }} \
         tradeName {{ typed value }} corporateNumber {{ typed value }} \
         representative {{ __typename ... on Representative {{ title {{ typed }} name {{ typed }} }} {PERSONAL} }} \
         contact {{ __typename ... on Contact {{ name {{ typed }} department {{ typed }} email {{ typed }} \
         phone {{ typed }} }} {PERSONAL} }} \
         premises {{ __typename ... on Premises {{ postalCode {{ typed }} street {{ typed }} building {{ typed }} }} {PERSONAL} }} \
         remarks {{ __typename ... on Remarks {{ text {{ typed }} }} {PERSONAL} }} \
         prefecture {{ code }} prefectureText {{ typed }} city {{ typed }} industry {{ typed }} employees {{ typed }} \
         capitalYen {{ typed }} sizeClass {{ class }} diagnosisScore {{ typed }} policyUrl {{ typed }} flags \
         differsFromToday organizationId others {{ number }} \
         history {{ kind origin position recordedAt effectiveAt actor {{ kind name }} reason {text} note {text} \
         changes {{ field old {text} new {text} }} }} }} }} }}"
    )
}

const WHOLE_LIST: &str = "query($search: String) { declarations(first: 50, search: $search, sort: NUMBER_ASC) { \
     ... on DeclarationConnection { nodes { id number tradeName corporateNumber city \
     name { __typename ... on OrganizationName { name } ... on PersonName { name kana } ... on Withheld { permission } } \
     matched { field text reading start length } } total { count } \
     facets { stars { count } states { count } prefectures { count } flags { count } } } } }";

#[track_caller]
fn assert_no_canary(what: &str, text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{what} holds {canary}: {text}");
    }
}

#[tokio::test]
async fn a_viewer_gets_withheld_for_each_personal_object_in_list_detail_and_history() {
    let (_office, _server, administrator, viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(TRADER).await;
    let open = administrator.graphql(&whole_record(), json!({ "id": id })).await;
    let everything = open.body.to_string();
    for canary in CANARIES {
        let is_number = canary == "9999010000027";
        assert!(
            is_number || everything.contains(canary),
            "{canary} is readable: {everything}"
        );
    }

    for variables in [
        json!({ "id": id }),
        json!({ "id": id, "asOf": "2021-01-01" }),
        json!({ "id": id, "upTo": "1" }),
    ] {
        let closed = viewer.graphql(&whole_record(), variables).await;
        assert_eq!(closed.fault(), None, "{closed:?}");
        assert_no_canary("the detail", &closed.body.to_string());
        for part in ["name", "representative", "contact", "premises", "remarks"] {
            let withheld = json!({ "__typename": "Withheld", "permission": "READ_PERSONAL" });
            assert_eq!(closed.at(&format!("/declaration/{part}")), &withheld, "{part}");
        }
    }
    let closed = viewer.graphql(&whole_record(), json!({ "id": id })).await;
    let entry = closed.at("/declaration/history/1");
    assert_eq!(entry["reason"]["__typename"], "Withheld", "{entry}");
    assert_eq!(entry["changes"][0]["field"], "STREET");
    assert_eq!(entry["changes"][0]["old"]["__typename"], "Withheld");
    assert_eq!(entry["changes"][0]["new"]["__typename"], "Withheld");
    assert_eq!(
        entry["actor"]["name"], "見本 花子",
        "who acted is no secret of the declarer"
    );

    let list = viewer.graphql(WHOLE_LIST, Value::Null).await;
    assert_no_canary("the list", &list.body.to_string());
    assert_eq!(list.at("/declarations/nodes/0/name/__typename"), "Withheld");
    assert_eq!(
        list.at("/declarations/nodes/1/name/__typename"),
        "OrganizationName"
    );
}

#[tokio::test]
async fn a_viewer_reads_the_public_facts_of_a_corporation() {
    let (_office, _server, administrator, viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(COMPANY).await;
    let detail = viewer.graphql(&whole_record(), json!({ "id": id })).await;
    assert_eq!(detail.at("/declaration/name/__typename"), "OrganizationName");
    assert_eq!(detail.at("/declaration/premises/street/typed"), "1-2-3");
    for part in ["representative", "contact", "remarks"] {
        assert_eq!(
            detail.at(&format!("/declaration/{part}/__typename")),
            "Withheld",
            "{part}"
        );
    }
}

async fn a_viewer_finds_nobody_by_a_personal_name(engine: Engine) {
    let (_office, _server, administrator, viewer) = office(engine, None).await;
    let found = async |client: &Client, search: &str| {
        let page = client.graphql(WHOLE_LIST, json!({ "search": search })).await;
        assert_eq!(page.fault(), None, "{page:?}");
        page
    };
    for search in [
        "金糸雀",
        "金糸",
        "カナリア",
        "かなりあ",
        "ｶﾅﾘｱ",
        "ナリ",
        "雀",
        "9999010000027",
        "9999",
        "0027",
    ] {
        let page = found(&viewer, search).await;
        assert_eq!(page.at("/declarations/nodes"), &json!([]), "{search}");
        assert_eq!(page.at("/declarations/total/count"), 0, "{search}");
        assert_no_canary("an empty page", &page.body.to_string());
        for facet in ["stars", "states", "prefectures", "flags"] {
            let counts = page.at(&format!("/declarations/facets/{facet}"));
            assert_eq!(counts, &json!([]), "{facet} while searching {search}");
        }
    }
    for search in ["金糸雀", "カナリア", "かなりあ", "ｶﾅﾘｱ"] {
        let page = found(&administrator, search).await;
        assert_eq!(page.at("/declarations/nodes/0/number"), TRADER, "{search}");
    }
    // A public name still finds the record, and shows nothing else of it.
    let page = found(&viewer, "見本屋").await;
    assert_eq!(page.at("/declarations/nodes/0/number"), TRADER);
    assert_eq!(page.at("/declarations/nodes/0/matched/field"), "TRADE_NAME");
    assert_no_canary("a page", &page.body.to_string());
    let page = found(&viewer, "見本屋 金糸雀").await;
    assert_eq!(
        page.at("/declarations/total/count"),
        0,
        "no guessing beside a public name"
    );
}

/// Declaration number and class of what was read since the rows before, in order.
async fn reads(office: &Office) -> Vec<String> {
    database::reads(&office.database().await).await
}

async fn t53_each_read_of_personal_data_is_on_record_and_holds_no_value(engine: Engine) {
    let (office, _server, administrator, viewer) = office(engine, None).await;
    let id = administrator.find(TRADER).await;
    let before = reads(&office).await.len();
    viewer.graphql(&whole_record(), json!({ "id": id })).await;
    viewer.graphql(WHOLE_LIST, Value::Null).await;
    assert_eq!(reads(&office).await.len(), before, "what is withheld is not read");

    let detail = administrator.graphql(&whole_record(), json!({ "id": id })).await;
    let mut classes = reads(&office).await.split_off(before);
    classes.sort();
    let expected = [
        "contact",
        "free_text",
        "premises",
        "representative",
        "sole_trader_name",
    ];
    let expected: Vec<String> = expected.iter().map(|class| format!("{TRADER} {class}")).collect();
    assert_eq!(classes, expected, "on record when the answer is here");

    let before = reads(&office).await.len();
    administrator.graphql(WHOLE_LIST, Value::Null).await;
    assert_eq!(
        reads(&office).await.split_off(before),
        [format!("{TRADER} sole_trader_name")]
    );
    // Public facts alone leave no record.
    administrator.find(COMPANY).await;
    administrator.version(&id).await;
    assert_eq!(reads(&office).await.len(), before + 1);

    let database = database::read_records(&office.database().await).await;
    let sql = "SELECT DISTINCT actor || ' ' || purpose FROM read_record";
    let whom = database::texts(&database, sql).await;
    let staff_id = administrator
        .graphql("{ session { staff { id } } }", Value::Null)
        .await
        .at("/session/staff/id")
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(whom.len(), 1, "{whom:?}");
    assert!(
        whom[0].contains(&staff_id) && whom[0].ends_with(" console"),
        "{whom:?}"
    );
    let sql = "SELECT actor || field_class || purpose || request_id FROM read_record";
    let rows = database::texts(&database, sql).await.join("\n");
    assert_no_canary("the record of reads", &rows);
    assert!(rows.contains(detail.header("x-request-id")), "{rows}");
}

#[tokio::test]
async fn t53_an_answer_whose_reads_cannot_be_recorded_does_not_leave() {
    let (office, _server, administrator, viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(TRADER).await;
    let database = database::read_records(&office.database().await).await;
    database::execute(&database, "ALTER TABLE read_record RENAME TO read_record_lost").await;
    let answer = administrator.graphql(&whole_record(), json!({ "id": id })).await;
    assert_eq!((answer.status.as_u16(), answer.fault()), (500, Some("INTERNAL")));
    assert_no_canary("the fault", &answer.body.to_string());
    // Whoever sees nothing personal is served.
    let closed = viewer.graphql(&whole_record(), json!({ "id": id })).await;
    assert_eq!(closed.fault(), None);
}

#[tokio::test]
async fn t54_no_personal_data_reaches_the_log() {
    let (office, server, administrator, viewer) = office(Engine::Sqlite, Some("debug")).await;
    let id = administrator.find(TRADER).await;
    administrator.graphql(&whole_record(), json!({ "id": id })).await;
    administrator
        .graphql(WHOLE_LIST, json!({ "search": "金糸雀" }))
        .await;
    viewer.graphql(WHOLE_LIST, json!({ "search": "カナリア" })).await;
    // Refused and faulty requests, too.
    let stale = Correction::new(&id, "1", "STREET", "羽根町0");
    administrator.correct(&stale).await;
    let bad = Correction::new(&id, &administrator.version(&id).await, "CONTACT_EMAIL", "歌姫");
    administrator.correct(&bad).await;
    administrator
        .graphql("{ invitation(token: \"金糸雀\") { nothing } }", Value::Null)
        .await;
    server
        .client()
        .sign_in_with("囀太郎", "餌を好む鳥籠の歌姫であるといえよう")
        .await;
    let database = office.database().await;
    database::execute(&database, "ALTER TABLE declaration RENAME TO declaration_lost").await;
    administrator
        .graphql(WHOLE_LIST, json!({ "search": "金糸雀" }))
        .await;
    let log = office.log();
    assert!(log.len() > 1000, "the log is on: {log}");
    assert_no_canary("the log", &log);
}

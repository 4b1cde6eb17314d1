//! T51 for fields: each has a class, what is personal stands behind a union that can withhold it, what is secret is in no query, and
//! each role gets of its own and of others' exactly what the policy table says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};
use domain::staff::{FieldClass, Role, sees};
use serde_json::{Value, json};
use tests::{Correction, Engine};

use super::{TRADER, WHOLE_LIST, assert_no_canary, office, whole_record};

/// What we hold about somebody is one document; the operation needs the right to read persons, so there is nobody to withhold from.
const BEHIND_A_RIGHT: (&str, &str) = ("Query", "Holdings");

/// The types of the schema: the fields of objects with the types they answer, and the members of unions.
struct Shape {
    fields: BTreeMap<String, BTreeMap<String, String>>,
    members: BTreeMap<String, BTreeSet<String>>,
}

fn base(kind: &Type) -> String {
    match &kind.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

fn shape() -> Shape {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../admin-ui/schema.graphql");
    let text = fs::read_to_string(path).expect("the schema");
    let document = parse_schema(text).expect("it parses");
    let mut shape = Shape {
        fields: BTreeMap::new(),
        members: BTreeMap::new(),
    };
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let name = definition.node.name.node.to_string();
        match definition.node.kind {
            TypeKind::Object(object) => {
                let fields = object.fields.iter();
                let fields =
                    fields.map(|field| (field.node.name.node.to_string(), base(&field.node.ty.node)));
                shape.fields.insert(name, fields.collect());
            }
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| member.node.to_string());
                shape.members.insert(name, members.collect());
            }
            _ => {}
        }
    }
    shape
}

/// Class and fields of each type, as the table has them.
fn table() -> BTreeMap<String, (FieldClass, BTreeSet<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/field-classes.txt");
    let text = fs::read_to_string(path).expect("the table");
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (head, fields) = line.split_once(": ").expect("a type, its class, its fields");
            let (name, class) = head.split_once(' ').expect("a type and its class");
            let class = match class {
                "public" => FieldClass::Public,
                "internal" => FieldClass::Internal,
                "personal" => FieldClass::Personal,
                "secret" => FieldClass::Secret,
                other => panic!("{name} has the class {other}"),
            };
            let fields = fields.split(' ').map(str::to_owned).collect();
            (name.to_owned(), (class, fields))
        })
        .collect()
}

#[test]
fn t51_every_field_of_the_schema_has_a_class() {
    let table = table();
    let mut shape = shape();
    // Their fields are operations, which have rules of their own.
    shape.fields.remove("Query");
    shape.fields.remove("Mutation");
    shape.fields.remove("Subscription");
    for (name, fields) in &shape.fields {
        let (_, known) = table
            .get(name)
            .unwrap_or_else(|| panic!("{name} has no line in tests/data/field-classes.txt"));
        let fields: BTreeSet<String> = fields.keys().cloned().collect();
        assert_eq!(
            &fields, known,
            "the line of {name} in tests/data/field-classes.txt"
        );
    }
    let gone: Vec<_> = table
        .keys()
        .filter(|name| !shape.fields.contains_key(*name))
        .collect();
    assert!(gone.is_empty(), "no types of the schema: {gone:?}");
}

#[test]
fn t51_what_is_personal_stands_behind_a_union_that_can_withhold_it() {
    let (table, shape) = (table(), shape());
    let is_personal = |name: &str| {
        table
            .get(name)
            .is_some_and(|(class, _)| *class == FieldClass::Personal)
    };
    for (holder, fields) in &shape.fields {
        for (field, answer) in fields {
            let behind_a_right = (holder.as_str(), answer.as_str()) == BEHIND_A_RIGHT;
            let allowed = !is_personal(answer) || is_personal(holder) || behind_a_right;
            assert!(
                allowed,
                "{holder}.{field} answers {answer}, which is personal, and cannot withhold it"
            );
        }
    }
    for (union, members) in &shape.members {
        let personal: Vec<_> = members.iter().filter(|member| is_personal(member)).collect();
        let allowed = personal.is_empty() || members.contains("Withheld");
        assert!(allowed, "{union} holds {personal:?} and cannot withhold it");
    }
}

#[test]
fn t51_what_is_secret_is_in_no_query() {
    let (table, shape) = (table(), shape());
    let mut reached = BTreeSet::new();
    let mut open = vec!["Query".to_owned()];
    while let Some(name) = open.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        open.extend(
            shape
                .fields
                .get(&name)
                .into_iter()
                .flat_map(|fields| fields.values().cloned()),
        );
        open.extend(shape.members.get(&name).into_iter().flatten().cloned());
    }
    for (name, (class, _)) in &table {
        if *class == FieldClass::Secret {
            assert!(
                !reached.contains(name),
                "{name} is secret, and a query reaches it"
            );
        }
    }
}

/// Every `__typename` in an answer.
fn names(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::Object(object) => {
            found.extend(
                object
                    .get("__typename")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            object.values().for_each(|value| names(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| names(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn t51_each_role_gets_personal_objects_exactly_when_it_sees_the_class() {
    let (office, server, administrator, _viewer) = office(Engine::Sqlite, None).await;
    let id = administrator.find(TRADER).await;
    let table = table();
    for role in Role::ALL {
        let client = server.client();
        let login = format!("reader-{}", role.as_str());
        client
            .accept_invitation(&office.invite(role.as_str()), &login)
            .await;
        let mut answers = Vec::new();
        answers.push(client.graphql(&whole_record(), json!({ "id": id })).await);
        answers.push(client.graphql(WHOLE_LIST, json!({ "search": null })).await);
        // One's own change is read back by the same rule: whoever may correct sees the reason only with the right.
        let correction = Correction::new(&id, &administrator.version(&id).await, "CITY", "見本市");
        answers.push(
            client
                .correct(&correction.with("reason", "巣を移したとの連絡"))
                .await,
        );
        answers.push(client.graphql(&whole_record(), json!({ "id": id })).await);
        for answer in answers {
            let mut found = BTreeSet::new();
            names(&answer.body, &mut found);
            // The history shows public facts as text, too; what such a text holds is looked at below.
            let personal = found.iter().filter(|name| *name != "OpenText").any(|name| {
                table
                    .get(name)
                    .is_some_and(|(class, _)| *class == FieldClass::Personal)
            });
            if sees(role, FieldClass::Personal) {
                assert!(!found.contains("Withheld"), "{role:?}: {answer:?}");
            } else {
                assert!(!personal, "{role:?}: {found:?}");
                assert_no_canary(role.as_str(), &answer.body.to_string());
            }
        }
    }
}

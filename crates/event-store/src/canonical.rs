//! Canonical JSON (RFC 8785): the same value has the same bytes on every engine and machine.

use serde_json::Value;

/// RFC 8785 writes numbers as IEEE doubles; beyond this whole numbers would change silently.
const LARGEST_WHOLE: u64 = (1 << 53) - 1;

/// The value has a whole number that a double cannot hold exactly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

/// The canonical text of a value.
pub(crate) fn text(value: &Value) -> Result<String, NotCanonical> {
    let written = match form(value)? {
        // What serde_json writes is canonical already, several times faster than by putting members in order.
        Form::Plain => serde_json::to_string(value),
        Form::Any => serde_json_canonicalizer::to_string(value),
    };
    written.map_err(|_| NotCanonical)
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Whole numbers only, and members in order under ASCII names (bytes and UTF-16 sort them alike).
    Plain,
    Any,
}

fn form(value: &Value) -> Result<Form, NotCanonical> {
    let mut form_of_all = Form::Plain;
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) if whole > LARGEST_WHOLE => return Err(NotCanonical),
            (None, Some(whole)) if whole.unsigned_abs() > LARGEST_WHOLE => return Err(NotCanonical),
            (None, None) => form_of_all = Form::Any,
            _ => {}
        },
        Value::Array(items) => {
            for item in items {
                if form(item)? == Form::Any {
                    form_of_all = Form::Any;
                }
            }
        }
        Value::Object(members) => {
            let mut before = "";
            for (name, member) in members {
                if form(member)? == Form::Any || !name.is_ascii() || name.as_str() < before {
                    form_of_all = Form::Any;
                }
                before = name;
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
    Ok(form_of_all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[\\x00-\\x7f\\u{80}-\\u{2ff}\"\\\\/]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-zA-Z_\"\\x01]{0,4}", inner.clone(), 0..5)
                    .prop_map(|map| json!(map)),
                prop::collection::btree_map("[a-z\u{e9}\u{20ac}\u{ff5e}\u{1f600}]{0,3}", inner, 0..5)
                    .prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn the_short_way_writes_what_the_long_way_writes(value in anything()) {
            let long = serde_json_canonicalizer::to_string(&value).expect("any JSON has a canonical form");
            prop_assert_eq!(text(&value), Ok(long));
        }
    }

    #[test]
    fn members_are_sorted_and_japanese_stays_as_it_is() {
        let value = json!({"b": 1.0, "a": "髙橋㈱\n\u{1}", "é": [true, null], "€": 1e21});
        let expected = "{\"a\":\"髙橋㈱\\n\\u0001\",\"b\":1,\"é\":[true,null],\"€\":1e+21}";
        assert_eq!(text(&value).as_deref(), Ok(expected));
    }

    #[test]
    fn a_whole_number_that_doubles_cannot_hold_is_refused_at_any_depth() {
        assert_eq!(
            text(&json!({"n": [9_007_199_254_740_993_u64]})),
            Err(NotCanonical)
        );
        assert_eq!(text(&json!(-9_007_199_254_740_992_i64)), Err(NotCanonical));
        assert_eq!(
            text(&json!(9_007_199_254_740_991_i64)).as_deref(),
            Ok("9007199254740991")
        );
    }
}

//! Canonical JSON (RFC 8785): the same value has the same bytes on every engine and machine.

use serde_json::Value;

/// RFC 8785 writes numbers as IEEE doubles; beyond this whole numbers would change silently.
const LARGEST_WHOLE: u64 = (1 << 53) - 1;

/// The value has a whole number that a double cannot hold exactly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

/// The canonical text of a value.
pub(crate) fn text(value: &Value) -> Result<String, NotCanonical> {
    check(value)?;
    serde_json_canonicalizer::to_string(value).map_err(|_| NotCanonical)
}

fn check(value: &Value) -> Result<(), NotCanonical> {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) if whole > LARGEST_WHOLE => Err(NotCanonical),
            (None, Some(whole)) if whole.unsigned_abs() > LARGEST_WHOLE => Err(NotCanonical),
            _ => Ok(()),
        },
        Value::Array(items) => items.iter().try_for_each(check),
        Value::Object(members) => members.values().try_for_each(check),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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

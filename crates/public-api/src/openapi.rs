//! The description of this API: by hand, as it is short, and compared with what is answered by a test.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};

/// Where it is.
pub const PATH: &str = "/api/v1/openapi.json";
/// Its text.
const TEXT: &str = include_str!("openapi.json");

/// Serves it, to everybody.
pub async fn serve() -> ([(HeaderName, HeaderValue); 1], &'static str) {
    let kind = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, kind)], TEXT)
}

#[cfg(test)]
mod tests {
    use domain::inquiry::InquiryTag;
    use domain::status_check::OutcomeKind;
    use serde_json::Value;

    #[test]
    fn the_description_is_json_and_names_every_outcome() {
        let description: Value = serde_json::from_str(super::TEXT).expect("JSON");
        let outcomes = &description["components"]["schemas"]["Outcome"]["enum"];
        let outcomes: Vec<&str> = outcomes
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let ours: Vec<&str> = OutcomeKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(outcomes, ours);
    }

    #[test]
    fn faq_categories_are_those_that_articles_have() {
        let description: Value = serde_json::from_str(super::TEXT).expect("JSON");
        let article = &description["components"]["schemas"]["FaqArticle"];
        let categories = article["properties"]["category"]["enum"]
            .as_array()
            .expect("a list");
        let categories: Vec<&str> = categories.iter().filter_map(Value::as_str).collect();
        let ours: Vec<&str> = InquiryTag::ALL.iter().map(|tag| tag.code()).collect();
        assert_eq!(categories, ours);
    }
}

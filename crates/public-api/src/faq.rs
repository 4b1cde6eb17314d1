//! `GET /faq`, `/faq/ID`, the same under `/en`, and `GET /api/v1/faq`: the frequently asked questions, for everybody and without a token.
//! Only what was published, kept for five minutes by whoever asks.

mod page;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use app::article::PublicArticle;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::SecondsFormat;
use domain::article::Text;
use domain::{ArticleId, Language};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::PublicApi;
use crate::problem::Problem;
use crate::request::{answered, log_chain};

/// Where programs ask.
pub const API_PATH: &str = "/api/v1/faq";
/// Where the pages' one style sheet is.
pub const STYLE_PATH: &str = "/faq.css";

const HTML: &str = "text/html; charset=utf-8";
/// Caches may keep an answer so long; what was retired is gone everywhere after it.
const KEPT: &str = "public, max-age=300";
/// A page of plain text and one style sheet: no script, no form, no frame, nothing from elsewhere.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The list in Japanese.
pub async fn list_japanese(State(api): State<Arc<PublicApi>>, headers: HeaderMap) -> Response {
    list(&api, &headers, Language::Ja).await
}

/// The list in English.
pub async fn list_english(State(api): State<Arc<PublicApi>>, headers: HeaderMap) -> Response {
    list(&api, &headers, Language::En).await
}

/// One article in Japanese.
pub async fn article_japanese(
    State(api): State<Arc<PublicApi>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    article(&api, &headers, &id, Language::Ja).await
}

/// One article in English.
pub async fn article_english(
    State(api): State<Arc<PublicApi>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    article(&api, &headers, &id, Language::En).await
}

/// The style sheet.
pub async fn serve_style(headers: HeaderMap) -> Response {
    kept(&headers, "text/css; charset=utf-8", page::STYLE.to_owned())
}

/// All of them, for programs.
pub async fn serve_json(State(api): State<Arc<PublicApi>>, headers: HeaderMap) -> Response {
    let (api, headers) = (&api, &headers);
    answered(api, |request_id| async move {
        let articles = published(api, request_id).await?;
        let articles: Vec<Value> = articles.iter().map(entry).collect();
        let body = json!({ "articles": articles }).to_string();
        Ok(kept(headers, "application/json", body))
    })
    .await
}

async fn list(api: &Arc<PublicApi>, headers: &HeaderMap, language: Language) -> Response {
    answered(api, |request_id| async move {
        let articles = published(api, request_id).await?;
        Ok(kept(headers, HTML, page::list(&articles, language)))
    })
    .await
}

async fn article(api: &Arc<PublicApi>, headers: &HeaderMap, id: &str, language: Language) -> Response {
    answered(api, |request_id| async move {
        let found = match id.parse::<ArticleId>() {
            Ok(id) => api.app.public_article(id).await.map_err(|error| {
                log_chain(request_id, &error);
                Problem::internal()
            })?,
            Err(_) => None,
        };
        let page = found.as_ref().and_then(|found| page::article(found, language));
        Ok(match page {
            Some(page) => kept(headers, HTML, page),
            None => missing(language),
        })
    })
    .await
}

async fn published(api: &PublicApi, request_id: Uuid) -> Result<Vec<PublicArticle>, Problem> {
    api.app.public_articles().await.map_err(|error| {
        log_chain(request_id, &error);
        Problem::internal()
    })
}

/// What may be kept, unless whoever asks has it already.
fn kept(headers: &HeaderMap, kind: &'static str, body: String) -> Response {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.into_response()
    };
    describe(&mut response, kind, KEPT);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// A page that says that there is nothing, for people.
fn missing(language: Language) -> Response {
    let mut response = (StatusCode::NOT_FOUND, page::missing(language)).into_response();
    describe(&mut response, HTML, "no-store");
    response
}

fn describe(response: &mut Response, kind: &'static str, kept: &'static str) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, kept),
        (CONTENT_SECURITY_POLICY, POLICY),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn entry(article: &PublicArticle) -> Value {
    let shown = &article.shown;
    let text = |text: &Text, is_older: bool| {
        json!({
            "title": text.words.title,
            "body": text.words.body,
            "revisedAt": text.revised_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "isOlder": is_older,
        })
    };
    json!({
        "id": article.id,
        "category": shown.category,
        "reviewedOn": shown.reviewed_on,
        "ja": text(&shown.ja, false),
        "en": shown.en.as_ref().map(|en| text(en, shown.is_english_older())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faq_pages_are_sent_once_to_whoever_has_them() {
        let first = kept(&HeaderMap::new(), HTML, "a page".to_owned());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers().get(ETAG).expect("a tag").clone();
        for known in [
            tag.clone(),
            HeaderValue::from_str(&format!("\"x\", W/{}", tag.to_str().expect("text"))).expect("a value"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, known);
            let again = kept(&headers, HTML, "a page".to_owned());
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.headers().get(ETAG), Some(&tag));
            let changed = kept(&headers, HTML, "another page".to_owned());
            assert_eq!(changed.status(), StatusCode::OK);
        }
    }
}

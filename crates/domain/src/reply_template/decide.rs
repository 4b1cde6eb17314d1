//! What may happen to a template.

use std::collections::BTreeSet;

use super::event::{Saved, TemplateEvent};
use super::field::unknown_field;
use super::state::ReplyTemplate;
use crate::ids::ReplyTemplateId;
use crate::inquiry::InquiryTag;
use crate::problem::{Problem, Refused, read_text};
use crate::text::Lines;
use crate::value::plain;

/// Characters of a name.
pub const NAME_MAX: usize = 60;
/// Characters of a text.
pub const TEXT_MAX: usize = 10_000;

/// A template as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDraft {
    /// What colleagues call it.
    pub name: String,
    /// For inquiries about these.
    pub tags: BTreeSet<InquiryTag>,
    /// In Japanese.
    pub ja: String,
    /// In English, where there is one.
    pub en: Option<String>,
}

/// A template is written, or written anew. `current`: as it stands; none: it is a new one.
pub fn save(
    current: Option<&ReplyTemplate>,
    template_id: ReplyTemplateId,
    draft: &TemplateDraft,
) -> Result<TemplateEvent, Refused> {
    let mut problems = Vec::new();
    let name = read_text(&mut problems, "name", &draft.name, (NAME_MAX, Lines::One));
    let mut read = |field, typed: &str| {
        let text = read_text(&mut problems, field, typed, (TEXT_MAX, Lines::Many));
        problems.extend(unknown_field(&text).map(|unknown| {
            let text =
                format!("「{unknown}」という差し込み項目はありません。一覧にある項目を使ってください。");
            Problem::new(field, "unknown_merge_field", text)
        }));
        text
    };
    let ja = read("ja", &draft.ja);
    let en = draft.en.as_deref().filter(|typed| !plain::is_blank(typed));
    let en = en.map(|typed| read("en", typed));
    if !problems.is_empty() {
        return Err(Refused(problems));
    }
    let saved = Saved {
        template_id,
        name,
        tags: draft.tags.iter().copied().collect(),
        ja,
        en,
    };
    // Saved as it is, an English text that was older is said to be right.
    let is_as_before = current.is_some_and(|current| {
        !current.is_english_older
            && current.name == saved.name
            && current.tags == draft.tags
            && current.ja == saved.ja
            && current.en == saved.en
    });
    if is_as_before {
        let text = "変更がありません。内容を変えてから保存してください。";
        return Err(Problem::nothing_changes(text).into());
    }
    Ok(TemplateEvent::Saved(saved))
}

/// A template is not offered any more, or is again.
pub fn retire(current: &ReplyTemplate, retire: bool) -> Result<TemplateEvent, Refused> {
    let template_id = current.id;
    match (current.is_retired, retire) {
        (false, true) => Ok(TemplateEvent::Retired { template_id }),
        (true, false) => Ok(TemplateEvent::BroughtBack { template_id }),
        (true, true) => Err(Problem::nothing_changes("このテンプレートはすでに廃止されています。").into()),
        (false, false) => Err(Problem::nothing_changes("このテンプレートは廃止されていません。").into()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn id() -> ReplyTemplateId {
        ReplyTemplateId::new(Uuid::from_u128(1))
    }

    fn draft(ja: &str, en: Option<&str>) -> TemplateDraft {
        TemplateDraft {
            name: "番号の案内".to_owned(),
            tags: BTreeSet::from([InquiryTag::ForgottenNumber]),
            ja: ja.to_owned(),
            en: en.map(str::to_owned),
        }
    }

    /// What is left after each of these was saved.
    fn after(drafts: &[TemplateDraft]) -> ReplyTemplate {
        let mut events = Vec::new();
        for draft in drafts {
            let at = DateTime::UNIX_EPOCH;
            let current = ReplyTemplate::of(events.iter().map(|it| (it, at)));
            events.push(save(current.as_ref(), id(), draft).expect("it can be saved"));
        }
        ReplyTemplate::of(events.iter().map(|it| (it, DateTime::UNIX_EPOCH))).expect("it was saved")
    }

    fn codes(refused: Result<TemplateEvent, Refused>) -> Vec<(&'static str, &'static str)> {
        let problems = refused.expect_err("it is refused").0;
        problems.iter().map(|it| (it.field, it.code)).collect()
    }

    #[test]
    fn given_other_japanese_when_saved_then_the_english_text_is_older_until_it_is_saved_again() {
        let english = Some("Dear {{recipient}}");
        let older = after(&[draft("{{相手}}様", english), draft("{{相手}}さま", english)]);
        assert!(older.is_english_older);
        assert_eq!(older.text(crate::Language::En), None);
        let again = after(&[
            draft("{{相手}}様", english),
            draft("{{相手}}さま", english),
            draft("{{相手}}さま", english),
        ]);
        assert!(!again.is_english_older);
        assert_eq!(again.revision, 3);
    }

    #[test]
    fn given_what_cannot_be_sent_when_saved_then_the_field_says_why() {
        assert_eq!(
            codes(save(None, id(), &draft("{{宛名}}様", None))),
            [("ja", "unknown_merge_field")]
        );
        assert_eq!(
            codes(save(None, id(), &draft("一つ星を取得しました。", Some("{{x}}")))),
            [("ja", "guarded_word"), ("en", "unknown_merge_field")]
        );
        let nameless = TemplateDraft {
            name: " ".to_owned(),
            ..draft("", None)
        };
        assert_eq!(codes(save(None, id(), &nameless)).len(), 2);
    }

    #[test]
    fn given_the_same_words_when_saved_then_nothing_changes() {
        let current = after(&[draft("本文", None)]);
        let saved = save(Some(&current), id(), &draft("本文\n", None));
        assert_eq!(codes(saved), [("form", "nothing_changes")]);
        assert_eq!(codes(retire(&current, false)), [("form", "nothing_changes")]);
        assert!(retire(&current, true).is_ok());
    }
}

//! Which article may answer what somebody wrote, without asking anybody: BM25 over pairs of folded characters (words where letters are
//! Latin), and the words by which people are known to say what they write about (`cues`).
//!
//! How good that is, is measured in `app`'s `sample/faq`: see ADR 51.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::cues::cues;
use super::event::Words;
use crate::fold::fold;
use crate::ids::ArticleId;
use crate::inquiry::InquiryTag;

/// How many articles are named at most.
pub const MOST_LIKE: usize = 3;
/// Characters of a text that are looked at: what somebody wants is said early, and what they quote comes after.
const LOOKED_AT: usize = 2_000;
/// How fast a repeated term counts less (BM25's k1).
const SATURATION: f64 = 1.2;
/// How much a long article is held back (BM25's b): articles are of one kind, so little.
const LENGTH: f64 = 0.4;
/// How much more a title says than a body.
const TITLE: f64 = 3.0;
/// How much more a cue says than a pair of characters.
const CUE: f64 = 3.0;
/// A kanji by itself, beside the pairs that it stands in: 変わる is near 変更.
const KANJI: f64 = 0.5;
/// A pair of hiragana: endings and particles, mostly.
const HIRAGANA: f64 = 0.15;
/// What makes a likeness of 50.
const HALF: f64 = 12.0;
/// What is less is chance.
const LEAST: f64 = 3.0;
/// English words that say nothing.
const EMPTY: &[&str] = &[
    "the", "an", "is", "are", "was", "we", "our", "you", "your", "to", "of", "in", "on", "it", "and", "or",
    "for", "how", "do", "does", "what", "can", "may", "not", "no", "be", "has", "have", "from", "with",
    "that", "this", "by", "my", "me", "please", "there", "where", "if", "at", "as", "when", "will", "its",
    "us", "they",
];

/// An article, and how like it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sought {
    /// Which.
    pub id: ArticleId,
    /// 0 to 100; no probability, but the same everywhere.
    pub likeness: u8,
}

/// Articles, made ready to be compared with what somebody wrote.
#[derive(Debug, Clone, Default)]
pub struct Likeness {
    documents: Vec<Document>,
    /// In how many articles a term stands.
    spread: BTreeMap<String, f64>,
    count: f64,
    mean_length: f64,
}

#[derive(Debug, Clone)]
struct Document {
    id: ArticleId,
    topic: InquiryTag,
    terms: BTreeMap<String, f64>,
    length: f64,
}

impl Likeness {
    /// Over these articles: which, about what, and what each says in its languages.
    pub fn of<'a>(articles: impl IntoIterator<Item = (ArticleId, InquiryTag, Vec<&'a Words>)>) -> Self {
        let mut made = Self::default();
        let mut total = 0.0;
        for (id, topic, words) in articles {
            let mut found: BTreeMap<String, f64> = BTreeMap::new();
            for words in words {
                for (text, weight) in [(&words.title, TITLE), (&words.body, 1.0)] {
                    for (term, says) in terms(text) {
                        *found.entry(term).or_default() += weight * says;
                    }
                }
            }
            for term in found.keys() {
                *made.spread.entry(term.clone()).or_default() += 1.0;
            }
            let length: f64 = found.values().sum();
            total += length;
            made.count += 1.0;
            made.documents.push(Document {
                id,
                topic,
                terms: found,
                length,
            });
        }
        if made.count > 0.0 {
            made.mean_length = total / made.count;
        }
        made
    }

    /// The articles that are most like a text, the likest first; [`MOST_LIKE`] at most, and none that is like it by chance.
    pub fn most_like(&self, text: &str) -> Vec<Sought> {
        let text: String = text.chars().take(LOOKED_AT).collect();
        let mut wanted: BTreeMap<String, f64> = BTreeMap::new();
        for (term, says) in terms(&text) {
            let most = wanted.entry(term).or_default();
            *most = most.max(says);
        }
        let said = Said::of(&text);
        let topics: BTreeSet<InquiryTag> = self.documents.iter().map(|it| it.topic).collect();
        let topics: BTreeMap<InquiryTag, f64> = topics
            .into_iter()
            .map(|topic| (topic, said.about(topic)))
            .collect();
        let mut scored: Vec<(f64, ArticleId)> = self
            .documents
            .iter()
            .map(|it| {
                let about = topics.get(&it.topic).copied().unwrap_or_default();
                (self.score(it, &wanted) + CUE * about, it.id)
            })
            .filter(|(score, _)| *score >= LEAST)
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        scored.truncate(MOST_LIKE);
        scored
            .into_iter()
            .map(|(score, id)| Sought {
                id,
                likeness: percent(score),
            })
            .collect()
    }

    fn score(&self, document: &Document, wanted: &BTreeMap<String, f64>) -> f64 {
        let length = if self.mean_length > 0.0 {
            document.length / self.mean_length
        } else {
            1.0
        };
        let held_back = SATURATION * (1.0 - LENGTH + LENGTH * length);
        let of_term = |(term, says): (&String, &f64)| {
            let there = document.terms.get(term)?;
            let spread = self.spread.get(term).copied().unwrap_or_default();
            let rarity = (1.0 + (self.count - spread + 0.5) / (spread + 0.5)).ln();
            Some(says * rarity * there * (SATURATION + 1.0) / (there + held_back))
        };
        wanted.iter().filter_map(of_term).sum()
    }
}

/// A text as cues are looked for in it.
struct Said {
    folded: String,
    /// Latin words, each after a blank.
    latin: String,
}

impl Said {
    fn of(text: &str) -> Self {
        let plain: String = text.nfkc().collect::<String>().to_lowercase();
        let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
        let latin = words
            .filter(|word| !word.is_empty())
            .fold(String::new(), |line, word| line + " " + word);
        Self {
            folded: fold(text),
            latin,
        }
    }

    /// How surely it says that it is about something.
    fn about(&self, topic: InquiryTag) -> f64 {
        let says = |cue: &str| {
            if cue.is_ascii() {
                self.latin.contains(&format!(" {cue}"))
            } else {
                self.folded.contains(&fold(cue))
            }
        };
        cues(topic)
            .iter()
            .filter(|(cue, _)| says(cue))
            .map(|(_, weight)| weight)
            .sum()
    }
}

fn percent(score: f64) -> u8 {
    let share = 100.0 * score / (score + HALF);
    (0..=100_u8)
        .rev()
        .find(|percent| f64::from(*percent) <= share)
        .unwrap_or(0)
}

/// What a character is for terms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Latin,
    Hiragana,
    Katakana,
    Kanji,
    Other,
}

const fn kind(c: char) -> Kind {
    match c {
        'a'..='z' | '0'..='9' => Kind::Latin,
        '\u{3041}'..='\u{309F}' => Kind::Hiragana,
        '\u{30A0}'..='\u{30FF}' => Kind::Katakana,
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '々' | '★' => Kind::Kanji,
        _ => Kind::Other,
    }
}

/// The terms of a text in order, each with how much it says.
fn terms(text: &str) -> Vec<(String, f64)> {
    let plain: String = text.nfkc().collect::<String>().to_lowercase();
    let mut terms = Vec::new();
    let mut word = String::new();
    let mut before: Option<(String, Kind)> = None;
    for c in plain.chars().chain([' ']) {
        let kind = kind(c);
        if kind == Kind::Latin {
            word.push(c);
            before = None;
            continue;
        }
        if word.len() > 1 && !EMPTY.contains(&word.as_str()) {
            terms.push((stem(&word).to_owned(), 1.0));
        }
        word.clear();
        if kind == Kind::Other {
            before = None;
            continue;
        }
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        if kind == Kind::Kanji {
            terms.push((folded.clone(), KANJI));
        }
        if let Some((first, first_kind)) = before {
            let is_ending = first_kind == Kind::Hiragana && kind == Kind::Hiragana;
            let says = if is_ending { HIRAGANA } else { 1.0 };
            terms.push((first + &folded, says));
        }
        before = Some((folded, kind));
    }
    terms
}

/// An English word without its ending, where enough is left.
fn stem(word: &str) -> &str {
    ["ing", "ed", "es", "s"]
        .into_iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|stem| stem.len() >= 3)
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn words(title: &str, body: &str) -> Words {
        Words {
            title: title.to_owned(),
            body: body.to_owned(),
        }
    }

    fn id(n: u128) -> ArticleId {
        ArticleId::new(Uuid::from_u128(n))
    }

    #[test]
    fn the_article_about_the_same_comes_first_in_both_languages() {
        let logo = words("ロゴマークの使い方", "名刺や封筒に無料で使えます。");
        let logo_en = words("How may we use the logo?", "On business cards and envelopes.");
        let moved = words("登録情報の変更", "所在地はマイページで変更できます。");
        // A word says the more the fewer articles have it.
        let others = [3, 4, 5, 6, 7, 8].map(|n| (id(n), words(&format!("例の題{n}"), "例の本文です。")));
        let others = others
            .iter()
            .map(|(id, words)| (*id, InquiryTag::Stop, vec![words]));
        let these = [
            (id(1), InquiryTag::Logo, vec![&logo, &logo_en]),
            (id(2), InquiryTag::Change, vec![&moved]),
        ];
        let likeness = Likeness::of(these.into_iter().chain(others));
        let first = |text: &str| likeness.most_like(text).first().map(|it| it.id);
        assert_eq!(first("ﾛｺﾞﾏｰｸを名刺に印刷したい"), Some(id(1)));
        assert_eq!(first("Printing the logo on an envelope"), Some(id(1)));
        assert_eq!(first("所在地が変わります"), Some(id(2)));
        // Not a word of it stands in the article.
        assert_eq!(first("先月引っ越しました。移転の届けは？"), Some(id(2)));
    }

    #[test]
    fn what_is_like_nothing_gets_nothing_and_likeness_stays_within_bounds() {
        let logo = words("ロゴマークの使い方", "名刺や封筒に無料で使えます。");
        let likeness = Likeness::of([(id(1), InquiryTag::Logo, vec![&logo])]);
        assert!(likeness.most_like("").is_empty());
        assert!(likeness.most_like("☺☺☺ ???").is_empty());
        let found = likeness.most_like(&"ロゴマークの使い方".repeat(1_000));
        assert!(found.iter().all(|it| it.likeness <= 100), "{found:?}");
        assert!(Likeness::default().most_like("ロゴ").is_empty());
    }

    #[test]
    fn the_same_texts_give_the_same_order() {
        let same = words("同じ題", "同じ本文です。");
        let all = [3, 1, 2, 4].map(|n| (id(n), InquiryTag::Logo, vec![&same]));
        let found = Likeness::of(all).most_like("ロゴの同じ題");
        let ids: Vec<ArticleId> = found.iter().map(|it| it.id).collect();
        assert_eq!(ids, [id(1), id(2), id(3)]);
    }

    #[test]
    fn an_english_word_loses_its_ending() {
        assert_eq!(stem("envelopes"), "envelop");
        assert_eq!(stem("printing"), "print");
        assert_eq!(stem("is"), "is");
    }
}

//! Words that are never said of a declaration: nobody certifies, authenticates or hands out anything by it. Where people write what others
//! read, they are refused; of other things (an account of another service, a second factor) they may be said.

use crate::text::caseless;

/// Certify, authenticate, obtain.
const WORDS: [&str; 3] = ["認定", "認証", "取得"];
/// Compounds that are wrong whatever stands around them.
const COMPOUNDS: [&str; 9] = [
    "認定番号",
    "認定証",
    "認定事業者",
    "認定企業",
    "認定マーク",
    "認定ロゴ",
    "認証マーク",
    "取得企業",
    "取得事業者",
];
/// What a sentence says when it is about a declaration, in the form of [`caseless`].
const DECLARATION: [&str; 7] = ["宣言", "一つ星", "二つ星", "ひとつ星", "ふたつ星", "★", "ロゴ"];
/// What else is authenticated or obtained, so near before the word that it is said of that.
const OTHERS: [&str; 9] = [
    "gビズid",
    "プライム",
    "法人番号",
    "二要素",
    "多要素",
    "二段階",
    "本人",
    "アカウント",
    "印鑑証明",
];
/// What takes the word back, so near behind it.
const NOT: [&str; 6] = [
    "ではあ",
    "ではな",
    "とは異な",
    "とは違",
    "するものでは",
    "されるものでは",
];
/// Characters that are looked at before a word.
const BEFORE: usize = 10;
/// Characters that are looked at behind a word.
const BEHIND: usize = 12;

/// The first guarded word that a text says of a declaration.
pub fn said_of_a_declaration(text: &str) -> Option<&'static str> {
    let text = caseless(text);
    let mut sentences = text.split(['。', '.', '!', '?', '\n', '\r']);
    sentences.find_map(in_sentence)
}

fn in_sentence(sentence: &str) -> Option<&'static str> {
    if let Some(found) = COMPOUNDS.into_iter().find(|word| sentence.contains(word)) {
        return Some(found);
    }
    if !DECLARATION.iter().any(|word| sentence.contains(word)) {
        return None;
    }
    WORDS.into_iter().find(|word| {
        sentence
            .match_indices(word)
            .any(|(at, _)| is_wrong(sentence, at, word))
    })
}

fn is_wrong(sentence: &str, at: usize, word: &str) -> bool {
    let (before, rest) = sentence.split_at(at);
    let behind = &rest[word.len()..];
    let reach = before.chars().count().saturating_sub(BEFORE);
    let before: String = before.chars().skip(reach).collect();
    let behind: String = behind.chars().take(BEHIND).collect();
    let of_others = OTHERS.iter().any(|other| before.contains(other));
    let taken_back = NOT.iter().any(|not| behind.contains(not));
    !of_others && !taken_back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_make_a_certification_of_a_declaration_is_found() {
        for (text, word) in [
            ("一つ星を取得しました。", "取得"),
            ("二つ星の認定には2週間かかります。", "認定"),
            ("宣言の認証を受けた事業者", "認証"),
            ("★★を新しく取得する方法", "取得"),
            ("お手元の認定番号をお知らせください。", "認定番号"),
            ("手続きは次のとおりです。\nロゴマークの取得は無料です。", "取得"),
        ] {
            assert_eq!(said_of_a_declaration(text), Some(word), "{text}");
        }
    }

    #[test]
    fn of_other_things_and_with_a_not_they_may_be_said() {
        for text in [
            "宣言の前に、GビズIDプライムを取得してください。",
            "ＧビズＩＤの取得が済んだら、宣言に進みます。",
            "二要素認証を使うと、宣言の画面にも安全に入れます。",
            "自己宣言は、認定や認証ではありません。",
            "宣言は認証とは異なります。",
            "ISMS認証については、別の機関にお尋ねください。",
            "登録した内容はマイページで確かめられます。",
            "",
        ] {
            assert_eq!(said_of_a_declaration(text), None, "{text}");
        }
    }
}

//! The search fold: one form for all the ways in which a name is written. Applied to what is searched and to what is
//! searched for; what is stored stays as typed.
//!
//! What folds together: full and half width, case, hiragana and katakana, small and large kana, ヰ and イ, every hyphen,
//! dash, wave and long-vowel mark, the forms of incorporation (`incorporation`), variant kanji (`variants`); white
//! space, variation selectors and everything else that is drawn as nothing is left out.
//!
//! Small kana fold into large ones because registered names are read with small and written with large ones (キヤノン,
//! シヤチハタ), and old half-width systems had none: ﾋﾞﾖｳｲﾝ then also finds ビョウイン, which a searcher can live with.

mod incorporation;
mod variants;

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

use crate::value::{plain, to_katakana};

/// A folded character and the part of the original that it stands for, in UTF-16 units.
#[derive(Clone, PartialEq)]
struct Piece {
    folded: char,
    start: usize,
    end: usize,
}

/// The folded form of a text. Folding twice gives the same.
pub fn fold(text: &str) -> String {
    pieces(text).into_iter().map(|piece| piece.folded).collect()
}

/// The folded form, and for each of its characters the part of the original that it stands for, in UTF-16 units.
pub fn fold_with_map(text: &str) -> (String, Vec<Range<usize>>) {
    pieces(text)
        .into_iter()
        .map(|piece| (piece.folded, piece.start..piece.end))
        .unzip()
}

/// Where a text holds a needle that was folded before: the part of the original, in UTF-16 units.
/// An empty needle is nowhere.
pub fn find(original: &str, folded_needle: &str) -> Option<Range<usize>> {
    if folded_needle.is_empty() {
        return None;
    }
    let (folded, map) = fold_with_map(original);
    let at = folded.find(folded_needle)?;
    let first = folded[..at].chars().count();
    let last = first + folded_needle.chars().count() - 1;
    Some(map[first].start..map[last].end)
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut at = 0;
    let mut pieces: Vec<Piece> = text
        .chars()
        .map(|c| {
            let start = at;
            at += c.len_utf16();
            Piece {
                folded: c,
                start,
                end: at,
            }
        })
        .collect();
    // One step can make room for another: NFKC turns ㈱ into (株), a lone sound mark into a space and a mark that then
    // joins the letter before it. Two rounds are usual, the limit only bounds what nobody has seen.
    for _ in 0..8 {
        let next = incorporation::unify(round(&pieces));
        if next == pieces {
            break;
        }
        pieces = next;
    }
    pieces
}

/// One round over all characters: normalise each with the marks that belong to it, then map it.
fn round(pieces: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let marks = pieces[at + 1..]
            .iter()
            .take_while(|piece| joins(piece.folded))
            .count();
        let group = &pieces[at..=at + marks];
        let (start, end) = (group[0].start, group[marks].end);
        let text = group.iter().map(|piece| piece.folded).map(without_width);
        let folded = text.nfkc().flat_map(char::to_lowercase).filter_map(map);
        out.extend(folded.map(|folded| Piece { folded, start, end }));
        at += marks + 1;
    }
    out
}

/// Whether a character belongs to the one before it.
fn joins(c: char) -> bool {
    canonical_combining_class(c) != 0 || matches!(c, '\u{FF9E}' | '\u{FF9F}' | '゛' | '゜') || is_selector(c)
}

/// Variation selectors, with which a font picks the shape of a kanji.
const fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Sound marks that stand alone join like those that do not; macrons are dashes before NFKC takes them apart.
fn without_width(c: char) -> char {
    match c {
        '゛' => '\u{3099}',
        '゜' => '\u{309A}',
        dash if plain::is_dash(dash) => 'ー',
        other => other,
    }
}

/// What one normalised character folds to; `None` when it is left out.
fn map(c: char) -> Option<char> {
    if plain::is_empty_mark(c) || is_selector(c) || matches!(c, '\u{E0000}'..='\u{E007F}') {
        return None;
    }
    if plain::is_dash(c) || matches!(c, '~' | '〜' | '～') {
        return Some('ー');
    }
    Some(match to_katakana(c) {
        'ァ' => 'ア',
        'ィ' | 'ヰ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' | 'ヱ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        kana @ ('ア'..='ヾ') => kana,
        other => variants::base(other),
    })
}

#[cfg(test)]
mod tests;

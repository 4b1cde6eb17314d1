//! Encoded words (RFC 2047) as they are really sent: cut inside a character, with blanks in them, glued to other text, inside quotes.
//!
//! Neighbours of one charset are joined as bytes before they are read, which the standard forbids to need and mailers need.

use super::charset;
use super::transfer;

/// A piece of a header: text, or bytes that say what they are.
enum Piece<'a> {
    Text(&'a str),
    Word(Word<'a>),
}

struct Word<'a> {
    charset: &'a str,
    is_base64: bool,
    content: &'a str,
}

/// Reads all encoded words of a text; what is none stays as it is.
pub(super) fn read(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut run: Vec<Word<'_>> = Vec::new();
    let mut blank = "";
    for piece in pieces(text) {
        match piece {
            // Blanks between encoded words are not part of the text.
            Piece::Text(between) if !run.is_empty() && between.trim().is_empty() => blank = between,
            Piece::Text(between) => {
                flush(&mut run, &mut read);
                read.push_str(std::mem::take(&mut blank));
                read.push_str(between);
            }
            Piece::Word(word) => {
                blank = "";
                if run
                    .last()
                    .is_some_and(|last| !last.charset.eq_ignore_ascii_case(word.charset))
                {
                    flush(&mut run, &mut read);
                }
                run.push(word);
            }
        }
    }
    flush(&mut run, &mut read);
    read.push_str(blank);
    read
}

/// Reads neighbours of one charset as one.
fn flush(run: &mut Vec<Word<'_>>, read: &mut String) {
    let Some(charset) = run.first().map(|word| word.charset) else {
        return;
    };
    let mut bytes = Vec::new();
    // Base64 that was cut between its groups of four goes on in the next word.
    let mut open = String::new();
    for word in run.iter() {
        if word.is_base64 {
            open.push_str(word.content);
            if word.content.ends_with('=') || open.trim_end().len().is_multiple_of(4) {
                bytes.extend(transfer::base64(std::mem::take(&mut open).as_bytes()));
            }
        } else {
            bytes.extend(transfer::base64(std::mem::take(&mut open).as_bytes()));
            bytes.extend(transfer::quoted(word.content.as_bytes(), transfer::In::Word));
        }
    }
    bytes.extend(transfer::base64(open.as_bytes()));
    read.push_str(&charset::decode(&bytes, Some(charset)).text);
    run.clear();
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest.get(from..).and_then(|it| it.find("=?")).map(|at| at + from) {
        match rest.get(at..).and_then(word) {
            Some((word, length)) => {
                let before = rest.get(..at).unwrap_or_default();
                if !before.is_empty() {
                    pieces.push(Piece::Text(before));
                }
                pieces.push(Piece::Word(word));
                rest = rest.get(at + length..).unwrap_or_default();
                from = 0;
            }
            None => from = at + 2,
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The encoded word at the beginning of the text, and how long it is.
fn word(text: &str) -> Option<(Word<'_>, usize)> {
    let inside = text.strip_prefix("=?")?;
    let (charset, rest) = inside.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let is_base64 = match encoding {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    let is_charset = (1..=60).contains(&charset.len()) && charset.chars().all(|it| it.is_ascii_graphic());
    // A question mark that was not encoded: the word ends at the first one that an equals sign follows.
    let length = rest.find("?=")?;
    let content = rest.get(..length)?;
    is_charset.then_some((
        Word {
            charset,
            is_base64,
            content,
        },
        2 + charset.len() + 1 + 1 + 1 + length + 2,
    ))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn b(bytes: &[u8]) -> String {
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    #[test]
    fn a_character_that_was_cut_between_two_words_is_whole() {
        let (first, second) = "基本方針".as_bytes().split_at(4);
        let text = format!("Re: =?UTF-8?B?{}?= =?utf-8?B?{}?= end", b(first), b(second));
        assert_eq!(read(&text), "Re: 基本方針 end");
        let jis = b"\x1b$B3NG'\x1b(B";
        let (first, second) = jis.split_at(4);
        let text = format!("=?ISO-2022-JP?B?{}?=  =?ISO-2022-JP?B?{}?=", b(first), b(second));
        assert_eq!(read(&text), "確認");
    }

    #[test]
    fn base64_that_was_cut_between_its_groups_is_whole() {
        let all = b("確認のお願い".as_bytes());
        let (first, second) = all.split_at(6);
        assert_eq!(
            read(&format!("=?UTF-8?B?{first}?= =?UTF-8?B?{second}?=")),
            "確認のお願い"
        );
    }

    #[test]
    fn each_word_keeps_its_own_charset_and_way() {
        let text = format!("=?UTF-8?Q?=E7=A2=BA_1?= =?Shift_JIS?B?{}?=", b(b"\x94F"));
        assert_eq!(read(&text), "確 1認");
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        for text in [
            "=?",
            "a =?b? c",
            "=?UTF-8?X?a?=",
            "1 =? 2 ?=",
            "=?UTF-8?B?",
            "",
            "  ",
        ] {
            assert_eq!(read(text), text);
        }
        assert_eq!(read("\"=?UTF-8?Q?a_b?=\"<x>"), "\"a b\"<x>");
        assert_eq!(read("a =?UTF-8?Q?b c?= "), "a b c ");
    }
}

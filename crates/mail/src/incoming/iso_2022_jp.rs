//! ISO-2022-JP with what mailers write in it beside the standard: rows of NEC, half-width kana (by `ESC ( I`, by shifts, and as bare
//! bytes), JIS X 0212, a line or a text that ends without switching back.
//!
//! It is turned into EUC-JP, of which it is another form, and a library reads that.

use encoding_rs::EUC_JP;

const ESC: u8 = 0x1b;
/// Shift out and shift in: to kana and back.
const SO: u8 = 0x0e;
const SI: u8 = 0x0f;

#[derive(Clone, Copy, PartialEq)]
enum Set {
    Ascii,
    Kana,
    /// JIS X 0208.
    Kanji,
    /// JIS X 0212.
    More,
}

/// Whether bytes switch between sets of characters.
pub(super) fn switches(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == ESC)
        .any(|(at, _)| {
            bytes
                .get(at..)
                .and_then(sequence)
                .is_some_and(|(set, _)| set != Set::Ascii)
        })
}

/// Reads the text, and says whether something in it could not be read.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    let (euc, is_broken) = to_euc(bytes);
    let (text, has_errors) = EUC_JP.decode_without_bom_handling(&euc);
    (text.into_owned(), has_errors || is_broken)
}

/// The set that an escape sequence switches to, and how many bytes it has.
fn sequence(bytes: &[u8]) -> Option<(Set, usize)> {
    Some(match bytes {
        [ESC, b'(', b'B' | b'J' | b'H', ..] => (Set::Ascii, 3),
        [ESC, b'(', b'I', ..] => (Set::Kana, 3),
        // The last one announces the next one.
        [ESC, b'$', b'@' | b'B', ..] | [ESC, b'&', b'@', ..] => (Set::Kanji, 3),
        [ESC, b'$', b'(', b'@' | b'B' | b'O' | b'Q', ..] => (Set::Kanji, 4),
        [ESC, b'$', b'(', b'D' | b'P', ..] => (Set::More, 4),
        _ => return None,
    })
}

fn to_euc(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut euc = Vec::with_capacity(bytes.len() * 3 / 2);
    let (mut set, mut at, mut is_broken) = (Set::Ascii, 0, false);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            ESC => match bytes.get(at - 1..).and_then(sequence) {
                Some((next, length)) => {
                    set = next;
                    at += length - 1;
                }
                None => is_broken = true,
            },
            SO => set = Set::Kana,
            SI => set = Set::Ascii,
            // Each line begins in ASCII, whether or not the one before went back.
            b'\r' | b'\n' => {
                set = Set::Ascii;
                euc.push(byte);
            }
            0xa1..=0xdf if set == Set::Ascii => euc.extend([0x8e, byte]),
            0x80.. => {
                is_broken |= set == Set::Ascii;
                at += pair(&mut euc, set, byte & 0x7f, bytes.get(at).map(|it| it & 0x7f));
            }
            0x21..=0x7e if set == Set::Kana => euc.extend([0x8e, byte | 0x80]),
            0x21..=0x7e if set != Set::Ascii => at += pair(&mut euc, set, byte, bytes.get(at).copied()),
            _ => euc.push(byte),
        }
    }
    (euc, is_broken)
}

/// Adds a character of two bytes, and says whether the second was used.
fn pair(euc: &mut Vec<u8>, set: Set, first: u8, second: Option<u8>) -> usize {
    let second = second.filter(|it| (0x21..=0x7e).contains(it));
    match (set, second) {
        (Set::Kanji, Some(second)) => euc.extend([first | 0x80, second | 0x80]),
        (Set::More, Some(second)) => euc.extend([0x8f, first | 0x80, second | 0x80]),
        // Not a character: it reads as an error.
        _ => {
            euc.push(0xff);
            return 0;
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sets_are_read() {
        for (bytes, text) in [
            (&b"\x1b$B3NG'\x1b(B ok"[..], "確認 ok"),
            (b"\x1b$@3NG'\x1b(J ok", "確認 ok"),
            (b"\x1b$B-j$_$[$s-!MM\x1b(B", "㈱みほん①様"),
            (b"\x1b(I=D\x1b(B", "ｽﾄ"),
            (b"\x0e=D\x0f ok", "ｽﾄ ok"),
            (b"\xbd\xc4 ok", "ｽﾄ ok"),
            (b"\x1b&@\x1b$B3NG'\x1b(B", "確認"),
            (b"\x1b$(B3NG'\x1b(B", "確認"),
            (b"\x1b$(D\x30\x21\x1b(B", "丂"),
        ] {
            assert_eq!(decode(bytes), (text.to_owned(), false), "{bytes:x?}");
        }
    }

    #[test]
    fn a_line_that_does_not_switch_back_harms_no_other() {
        let (text, _) = decode(b"\x1b$B3NG'\r\nnext line\x1b$B3NG'");
        assert_eq!(text, "確認\r\nnext line確認");
    }

    #[test]
    fn a_character_that_was_cut_is_seen() {
        let (text, is_broken) = decode(b"\x1b$B3N\x47");
        assert!(is_broken && text.starts_with('確'), "{text}");
        assert!(!switches(b"plain \x1b[0m text"));
        assert!(switches(b"x \x1b$B3N"));
    }
}

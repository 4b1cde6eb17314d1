//! Which characters CP932 has. What `encoding_rs` calls `Shift_JIS` is CP932 (windows-31j) with the extensions of NEC and IBM; but it writes a
//! yen sign and an overline as the ASCII that stands in their place, and for some signs only the wide form is in the table that Windows uses.

use std::borrow::Cow;

use encoding_rs::SHIFT_JIS;

use super::Why;

/// Stands where a character cannot be written.
pub(super) const GETA: char = '〓';

/// The sign that Windows has in the place of this one: it looks the same.
const fn on_windows(c: char) -> char {
    match c {
        '〜' => '～',
        '−' => '－',
        '‖' => '∥',
        '—' => '―',
        '¢' => '￠',
        '£' => '￡',
        '¬' => '￢',
        '¦' => '￤',
        '¥' => '￥',
        '‾' => '￣',
        '\u{a0}' => ' ',
        other => other,
    }
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn has(c: char) -> bool {
    let mut buffer = [0; 4];
    let (.., is_missing) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
    // Of private use: every machine draws another shape there.
    !is_missing && !matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// The text as it can be written, and what of it cannot.
pub(super) fn writable(text: &str, mut unwritten: impl FnMut(Why)) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        let wide = on_windows(c);
        if has(wide) {
            written.push(wide);
        } else if is_variation_selector(c) {
            unwritten(Why::NoVariant(c));
        } else {
            unwritten(Why::NoSuchCharacter(c));
            written.push(GETA);
        }
    }
    Cow::Owned(written)
}

/// The bytes of a text that holds only what can be written.
pub(super) fn encode(text: &str) -> Cow<'_, [u8]> {
    let (bytes, ..) = SHIFT_JIS.encode(text);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (String, Vec<Why>) {
        let mut unwritten = Vec::new();
        let written = writable(text, |why| unwritten.push(why)).into_owned();
        (written, unwritten)
    }

    #[test]
    fn signs_that_windows_has_only_wide_and_the_extensions_of_nec_and_ibm_are_written_as_windows_writes_them()
    {
        let table: [(&str, &[u8]); 26] = [
            ("〜", b"\x81\x60"),
            ("～", b"\x81\x60"),
            ("−", b"\x81\x7c"),
            ("－", b"\x81\x7c"),
            ("‖", b"\x81\x61"),
            ("∥", b"\x81\x61"),
            ("—", b"\x81\x5c"),
            ("―", b"\x81\x5c"),
            ("¢", b"\x81\x91"),
            ("£", b"\x81\x92"),
            ("¬", b"\x81\xca"),
            ("¦", b"\xfa\x55"),
            ("¥", b"\x81\x8f"),
            ("‾", b"\x81\x50"),
            ("①", b"\x87\x40"),
            ("№", b"\x87\x82"),
            ("㈱", b"\x87\x8a"),
            ("∵", b"\x81\xe6"),
            ("髙", b"\xfb\xfc"),
            ("﨑", b"\xfa\xb1"),
            ("ⅰ", b"\xfa\x40"),
            ("ｱ", b"\xb1"),
            ("表", b"\x95\x5c"),
            ("〓", b"\x81\xac"),
            ("\\", b"\\"),
            ("\u{a0}", b" "),
        ];
        for (text, bytes) in table {
            let (written, unwritten) = written(text);
            assert_eq!(&*encode(&written), bytes, "{text}");
            assert!(unwritten.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cp932_has_not_becomes_a_mark_and_is_told() {
        for c in [
            '𠮷', '鷗', '💴', '\u{200b}', '\u{e000}', '\u{feff}', 'é', '\u{3099}',
        ] {
            let (written, unwritten) = written(&format!("株{c}式"));
            assert_eq!(written, "株〓式", "{c:?}");
            assert_eq!(unwritten, [Why::NoSuchCharacter(c)]);
        }
        let (written, unwritten) = written("葛\u{e0100}飾");
        assert_eq!(written, "葛飾");
        assert_eq!(unwritten, [Why::NoVariant('\u{e0100}')]);
    }
}

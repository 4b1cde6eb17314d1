//! Header fields as they stand in the bytes, unfolded.

use super::charset;
use super::encoded_word;

/// The fields of a header, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Header<'a> {
    fields: Vec<Field<'a>>,
}

#[derive(Debug, Clone)]
struct Field<'a> {
    name: &'a [u8],
    /// With its line breaks.
    value: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads the fields at the beginning of these bytes, up to the first empty line, and says where the body begins.
    pub(super) fn read(raw: &'a [u8]) -> (Self, usize) {
        let mut header = Self::default();
        let mut at = 0;
        let mut started: Option<(usize, usize, usize)> = None;
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            let begin = at;
            at += line.len();
            if line.trim_ascii().is_empty() {
                break;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                continue;
            }
            header.close(raw, started.take(), begin);
            match name_of(line) {
                Some(length) => started = Some((begin, begin + length, begin + length + 1)),
                // Mail that was handed over by a pipe begins with an envelope in mbox's manner.
                None if begin == 0 && line.starts_with(b"From ") => {}
                // No field: the body begins without an empty line.
                None if line.iter().any(|byte| *byte != b'>') && header.fields.is_empty() => {
                    return (header, begin);
                }
                None => {}
            }
        }
        header.close(raw, started, at);
        (header, at)
    }

    fn close(&mut self, raw: &'a [u8], field: Option<(usize, usize, usize)>, end: usize) {
        if let Some((from, colon, value)) = field {
            self.fields.push(Field {
                name: raw.get(from..colon).unwrap_or_default().trim_ascii(),
                value: raw.get(value..end).unwrap_or_default(),
            });
        }
    }

    /// Whether there is no field at all.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn raw(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let name = name.as_bytes().to_vec();
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(&name))
            .map(|field| field.value)
    }

    /// The first field of that name, unfolded, without its encoded words being read.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.raw(name).next().map(unfolded)
    }

    /// All fields of that name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = String> {
        self.raw(name).map(unfolded)
    }

    /// Whether there is such a field, whatever it says.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).next().is_some()
    }

    /// The first field of that name as people read it: on one line, encoded words read, nothing in it that cannot be seen.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| shown(&encoded_word::read(&value)))
    }
}

/// How long the name of a field is that this line begins with.
fn name_of(line: &[u8]) -> Option<usize> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    is_name.then_some(colon)
}

/// One line, in Unicode: headers that were never encoded are read by their bytes.
fn unfolded(value: &[u8]) -> String {
    let text = charset::decode(value, None).text;
    let mut line = String::with_capacity(text.len());
    for part in text.split(['\r', '\n']).filter(|part| !part.is_empty()) {
        // A line that goes on keeps the one white space that it begins with.
        line.push_str(part);
    }
    line.trim().to_owned()
}

/// Without what breaks a line, turns it around or is not seen; one line, without white space around it.
pub(super) fn shown(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{200b}'
            | '\u{200c}'
            | '\u{2060}'
            | '\u{feff}'
            | '\u{ad}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{61c}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{e0000}'..='\u{e007f}' => {}
            '\u{2028}' | '\u{2029}' => line.push(' '),
            it if it.is_control() => line.push(' '),
            it => line.push(it),
        }
    }
    // Runs of ASCII blanks become one; the ideographic space, which people write on purpose, stays.
    let words: Vec<&str> = line.split([' ', '\t']).filter(|part| !part.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_unfolded_and_its_name_is_found_in_any_case() {
        let raw = b"SUBJECT: one\r\n two\r\nX-Y : z\r\n\r\nbody";
        let (header, body) = Header::read(raw);
        assert_eq!(header.get("subject").as_deref(), Some("one two"));
        assert_eq!(header.get("x-y").as_deref(), Some("z"));
        assert_eq!(raw.get(body..), Some(&b"body"[..]));
    }

    #[test]
    fn headers_of_raw_bytes_are_read_by_their_bytes() {
        for raw in [
            &b"Subject: \x8am\x94F\r\n\r\n"[..],
            b"Subject: \x1b$B3NG'\x1b(B\r\n\r\n",
            b"Subject: \xb3\xce\xc7\xa7\r\n\r\n",
            "Subject: 確認\r\n\r\n".as_bytes(),
        ] {
            let (header, _) = Header::read(raw);
            assert_eq!(header.text("subject").as_deref(), Some("確認"), "{raw:x?}");
        }
    }

    #[test]
    fn t35_what_breaks_or_turns_a_line_is_not_shown() {
        assert_eq!(shown("山田\r\nBcc: x\0\u{2028}y"), "山田 Bcc: x y");
        assert_eq!(shown("\u{202e}末\u{200b}尾\u{202c}　確認"), "末尾　確認");
    }

    #[test]
    fn bytes_without_a_field_are_no_header() {
        for raw in [
            &b"\xff\xfe\x00\x01 not a mail at all \x1b$B"[..],
            b"",
            b"\r\n\r\nx",
        ] {
            assert!(Header::read(raw).0.is_empty(), "{raw:x?}");
        }
        let (header, _) = Header::read(b"From a@example.jp Mon May 12\r\nSubject: x\r\n\r\n");
        assert_eq!(header.text("subject").as_deref(), Some("x"));
    }
}

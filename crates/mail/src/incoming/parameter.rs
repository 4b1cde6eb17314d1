//! A value with parameters, as Content-Type and Content-Disposition have it: plain, in pieces and percent-encoded (RFC 2231), and as
//! encoded words, which the standards forbid there and mailers send.

use super::{charset, encoded_word};

/// A value and its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Value {
    /// In small letters.
    pub(super) name: String,
    /// Names in small letters, as they were written.
    parameters: Vec<(String, String)>,
}

impl Value {
    pub(super) fn read(text: &str) -> Self {
        let mut parts = split(text).into_iter();
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
        });
        Self {
            name,
            parameters: parameters.collect(),
        }
    }

    /// What stands before and behind the slash.
    pub(super) fn type_pair(&self) -> (&str, &str) {
        let (kind, subtype) = self.name.split_once('/').unwrap_or((&self.name, ""));
        (kind.trim(), subtype.trim())
    }

    /// A parameter as it was written, without its quotes.
    pub(super) fn plain(&self, name: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|(it, _)| it == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// A parameter as people read it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.extended(name)
            .or_else(|| self.plain(name).map(encoded_word::read))
            .filter(|it| !it.is_empty())
    }

    /// In the manner of RFC 2231: `name*=`, or `name*0*=`, `name*1=` and so on.
    fn extended(&self, name: &str) -> Option<String> {
        const PIECES_MAX: usize = 100;
        let mut bytes = Vec::new();
        let mut charset = None;
        let mut take = |value: &str, is_encoded: bool, is_first: bool| {
            let mut value = value;
            if is_encoded && is_first {
                let mut parts = value.splitn(3, '\'');
                if let (Some(named), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                    charset = Some(named.to_owned());
                    value = rest;
                }
            }
            if is_encoded {
                bytes.extend(percent(value));
            } else {
                bytes.extend(value.bytes());
            }
        };
        if let Some(whole) = self.plain(&format!("{name}*")) {
            take(whole, true, true);
        } else {
            for number in 0..PIECES_MAX {
                if let Some(piece) = self.plain(&format!("{name}*{number}*")) {
                    take(piece, true, number == 0);
                } else if let Some(piece) = self.plain(&format!("{name}*{number}")) {
                    take(piece, false, number == 0);
                } else {
                    break;
                }
            }
        }
        if bytes.is_empty() {
            return None;
        }
        let text = charset::decode(&bytes, charset.as_deref()).text;
        // Some put encoded words into pieces.
        Some(encoded_word::read(&text))
    }
}

/// The parts between semicolons that are in no quotes.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in text.chars() {
        match character {
            '"' if !is_escaped => is_quoted = !is_quoted,
            ';' if !is_quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

/// Without quotes around it, and without the backslashes that stand before quotes. Others are part of names that Windows gave.
fn unquoted(value: &str) -> String {
    let Some(inside) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    inside.replace("\\\"", "\"").replace("\\\\", "\\")
}

fn percent(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte == b'%'
            && let [high, low, behind @ ..] = tail
            && let Ok(pair) = std::str::from_utf8(&[*high, *low])
            && let Ok(value) = u8::from_str_radix(pair, 16)
        {
            bytes.push(value);
            rest = behind;
        } else {
            bytes.push(*byte);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filename(text: &str) -> Option<String> {
        Value::read(text).text("filename")
    }

    #[test]
    fn names_of_files_are_read_in_every_way_that_they_are_sent() {
        for text in [
            "attachment; filename=\"変更届.pdf\"",
            "attachment; filename=\"=?UTF-8?B?5aSJ5pu05bGKLnBkZg==?=\"",
            "attachment; filename==?UTF-8?B?5aSJ5pu05bGKLnBkZg==?=",
            "attachment; filename*=UTF-8''%E5%A4%89%E6%9B%B4%E5%B1%8A.pdf",
            "attachment; filename*=utf-8'ja'%e5%a4%89%e6%9b%b4%e5%b1%8a.pdf; filename=x.pdf",
            "attachment; filename*0*=UTF-8''%E5%A4%89%E6; filename*1*=%9B%B4%E5%B1%8A; filename*2=.pdf",
            "attachment; FileName*1*=%B1%8A.pdf; filename*0*=UTF-8''%E5%A4%89%E6%9B%B4%E5",
            "attachment; filename*=ISO-2022-JP''%1B%24BJQ99FO%1B%28B.pdf",
            "attachment; filename*=Shift_JIS''%95%CF%8DX%93%CD.pdf",
        ] {
            assert_eq!(filename(text).as_deref(), Some("変更届.pdf"), "{text}");
        }
    }

    #[test]
    fn quotes_hold_semicolons_and_other_quotes() {
        let value = Value::read("Text/Plain; name=\"a;b\\\"c\\\\d\"; charset=x");
        assert_eq!(value.type_pair(), ("text", "plain"));
        assert_eq!(value.plain("name"), Some("a;b\"c\\d"));
        assert_eq!(value.plain("charset"), Some("x"));
        assert_eq!(filename("attachment; filename=\"\""), None);
        assert_eq!(filename("attachment; filename=\"open"), Some("open".to_owned()));
    }
}

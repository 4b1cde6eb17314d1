//! Who a message is from and to.

use super::encoded_word;
use super::header::shown;

/// Somebody's address, with the name that was written beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name, on one line, without what cannot be seen; may be empty.
    pub name: String,
    /// The address as it was written.
    pub address: String,
}

/// The addresses in a header field, groups taken apart. What is no address is left out.
pub(super) fn read(text: &str) -> Vec<Correspondent> {
    const MOST: usize = 1_000;
    split(text)
        .into_iter()
        .filter_map(Entry::correspondent)
        .take(MOST)
        .collect()
}

/// One entry, sorted by where its characters stood.
#[derive(Default)]
struct Entry {
    /// Outside of everything, and in quotes.
    words: String,
    /// Between angle brackets; the last pair counts.
    angle: Option<String>,
    comment: String,
}

impl Entry {
    fn correspondent(self) -> Option<Correspondent> {
        let address = self.angle.as_ref().unwrap_or(&self.words);
        if address.contains("=?") {
            // Some mailers encode the whole field, address and all.
            let read = encoded_word::read(address);
            return split(&read).into_iter().find_map(Self::written);
        }
        self.written()
    }

    fn written(self) -> Option<Correspondent> {
        let (name, address) = match self.angle {
            Some(address) => (self.words, address),
            None => (self.comment, self.words),
        };
        let address: String = address
            .chars()
            .filter(|it| !it.is_whitespace() && !it.is_control())
            .collect();
        let at = address.rfind('@')?;
        let is_address = at > 0 && at + 1 < address.len();
        is_address.then(|| Correspondent {
            name: shown(&encoded_word::read(name.trim())),
            address,
        })
    }
}

fn split(text: &str) -> Vec<Entry> {
    let mut entries = vec![Entry::default()];
    let (mut is_quoted, mut is_escaped, mut comments) = (false, false, 0_usize);
    let mut in_angle = false;
    for character in text.chars() {
        let Some(entry) = entries.last_mut() else { break };
        let was_escaped = std::mem::take(&mut is_escaped);
        let plain = !was_escaped && !is_quoted && comments == 0;
        match character {
            '\\' if !was_escaped && (is_quoted || comments > 0) => is_escaped = true,
            '"' if !was_escaped && comments == 0 && !in_angle => is_quoted = !is_quoted,
            '(' if !was_escaped && !is_quoted => comments += 1,
            ')' if !was_escaped && !is_quoted && comments > 0 => comments -= 1,
            '<' if plain => {
                in_angle = true;
                entry.angle = Some(String::new());
            }
            '>' if plain && in_angle => in_angle = false,
            ',' | ';' if plain && !in_angle => entries.push(Entry::default()),
            // The name of a group.
            ':' if plain && !in_angle => entry.words.clear(),
            it if comments > 0 => entry.comment.push(it),
            it => match &mut entry.angle {
                Some(address) if in_angle => address.push(it),
                _ => entry.words.push(it),
            },
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, String) {
        let all = read(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        (all[0].name.clone(), all[0].address.clone())
    }

    #[test]
    fn names_and_addresses_are_told_apart() {
        for (text, name, address) in [
            ("taro@example.jp", "", "taro@example.jp"),
            ("<taro@example.jp>", "", "taro@example.jp"),
            ("見本 太郎 <taro@example.jp>", "見本 太郎", "taro@example.jp"),
            (
                "\"見本, (太郎)\" <taro@example.jp>",
                "見本, (太郎)",
                "taro@example.jp",
            ),
            (
                "=?UTF-8?B?6KaL5pys?= <taro@example.jp>",
                "見本",
                "taro@example.jp",
            ),
            (
                "\"=?UTF-8?Q?=E5=B1=B1=E7=94=B0=0D=0ABcc=3A_x=40evil.example?=\" <y@example.jp>",
                "山田 Bcc: x@evil.example",
                "y@example.jp",
            ),
            (
                "MAILER-DAEMON@mx.example.jp (Mail Delivery System)",
                "Mail Delivery System",
                "MAILER-DAEMON@mx.example.jp",
            ),
            (
                "Mail Administrator<Postmaster@carrier.example.jp>",
                "Mail Administrator",
                "Postmaster@carrier.example.jp",
            ),
            (
                "=?UTF-8?B?6KaL5pysIDx0YXJvQGV4YW1wbGUuanA+?=",
                "見本",
                "taro@example.jp",
            ),
            ("=?UTF-8?Q?taro=40example.jp?=", "", "taro@example.jp"),
            ("taro..5.@carrier.example.jp", "", "taro..5.@carrier.example.jp"),
            (
                "<\"taro..5.\"@carrier.example.jp>",
                "",
                "\"taro..5.\"@carrier.example.jp",
            ),
            (
                "taro@example.jp <hanako@example.jp>",
                "taro@example.jp",
                "hanako@example.jp",
            ),
        ] {
            assert_eq!(one(text), (name.to_owned(), address.to_owned()), "{text}");
        }
    }

    #[test]
    fn lists_and_groups_are_taken_apart() {
        let all = read("a@example.jp, \"x, y\" <b@example.jp>; members: c@example.jp, d@example.jp;");
        let addresses: Vec<&str> = all.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(
            addresses,
            ["a@example.jp", "b@example.jp", "c@example.jp", "d@example.jp"]
        );
        for text in ["", "undisclosed-recipients:;", "<>", "nobody", "@", "a@"] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}

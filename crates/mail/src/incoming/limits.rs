//! What a message may cost. Checked on the bytes, before anything takes them apart.

use std::collections::HashSet;

/// Most of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes of the whole message.
    pub size: usize,
    /// Bytes of the header of the message, and of each part.
    pub header: usize,
    /// Header fields of the message.
    pub fields: usize,
    /// Parts, at all depths.
    pub parts: usize,
    /// How deep parts and enclosed messages lie inside each other.
    pub depth: usize,
    /// Bytes of a body of text that are read; the rest is in the raw message.
    pub text: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            size: 50 << 20,
            header: 1 << 20,
            fields: 2_000,
            parts: 1_000,
            depth: 60,
            text: 2 << 20,
        }
    }
}

/// A message that is not taken apart, and what it has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More bytes than [`ReadLimits::size`].
    #[error("the message has {size} bytes; {most} are read at most")]
    Size {
        /// How many.
        size: usize,
        /// How many at most.
        most: usize,
    },
    /// A header longer than [`ReadLimits::header`].
    #[error("the header has more than {most} bytes")]
    Header {
        /// How many at most.
        most: usize,
    },
    /// More fields than [`ReadLimits::fields`].
    #[error("the header has more than {most} fields")]
    Fields {
        /// How many at most.
        most: usize,
    },
    /// More parts than [`ReadLimits::parts`].
    #[error("the message has more than {most} parts")]
    Parts {
        /// How many at most.
        most: usize,
    },
    /// Deeper than [`ReadLimits::depth`].
    #[error("the parts of the message lie more than {most} deep")]
    Depth {
        /// How many at most.
        most: usize,
    },
}

impl ReadLimits {
    /// Looks through the bytes once, in the order of what is cheapest to see.
    pub fn check(&self, raw: &[u8]) -> Result<(), TooMuch> {
        if raw.len() > self.size {
            return Err(TooMuch::Size {
                size: raw.len(),
                most: self.size,
            });
        }
        self.check_header(raw)?;
        self.check_parts(raw)
    }

    fn check_header(&self, raw: &[u8]) -> Result<(), TooMuch> {
        let mut length = 0;
        let mut fields = 0;
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if matches!(line, b"\n" | b"\r\n") {
                break;
            }
            length += line.len();
            fields += usize::from(!line.starts_with(b" ") && !line.starts_with(b"\t"));
            if length > self.header {
                return Err(TooMuch::Header { most: self.header });
            }
            if fields > self.fields {
                return Err(TooMuch::Fields { most: self.fields });
            }
        }
        Ok(())
    }

    /// Whoever nests parts has to name a boundary for each level, or to enclose messages; whoever has many repeats one.
    fn check_parts(&self, raw: &[u8]) -> Result<(), TooMuch> {
        let most = self.depth;
        let mut boundaries: HashSet<&[u8]> = HashSet::new();
        let mut enclosed = 0;
        for line in lines(raw) {
            if let Some(boundary) = boundary(line) {
                boundaries.insert(boundary);
            }
            enclosed += usize::from(encloses_a_message(line));
            if boundaries.len() > most || enclosed > most {
                return Err(TooMuch::Depth { most });
            }
        }
        let mut parts = 0;
        for line in lines(raw).filter_map(|line| line.strip_prefix(b"--")) {
            let name = line.trim_ascii_end();
            let is_part = boundaries.contains(name);
            parts += usize::from(is_part);
            if parts > self.parts {
                return Err(TooMuch::Parts { most: self.parts });
            }
        }
        Ok(())
    }
}

fn lines(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    raw.split(|byte| *byte == b'\n')
}

/// The boundary that a line of a header names.
fn boundary(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"boundary";
    // In the text of a message such words are rare, and lines of base64 have none.
    let at = find(line, NAME)?;
    let value = line.get(at + NAME.len()..)?.trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii();
    let value = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|byte| *byte == b'"').next()?,
        None => value.split(|byte| matches!(byte, b';' | b' ' | b'\t')).next()?,
    };
    (!value.is_empty()).then_some(value)
}

fn encloses_a_message(line: &[u8]) -> bool {
    const TYPE: &[u8] = b"message/";
    find(line, TYPE).is_some_and(|at| {
        let subtype = line.get(at + TYPE.len()..).unwrap_or_default();
        [&b"rfc822"[..], b"global"].iter().any(|it| {
            subtype
                .get(..it.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(it))
        })
    })
}

/// Where the word, written in small letters, begins.
fn find(line: &[u8], word: &[u8]) -> Option<usize> {
    line.windows(word.len())
        .position(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &[u8]) -> Result<(), TooMuch> {
        ReadLimits::default().check(raw)
    }

    #[test]
    fn t37_parts_that_lie_ten_thousand_deep_are_refused() {
        let part =
            |level| format!("Content-Type: multipart/mixed;\r\n boundary=b{level}\r\n\r\n--b{level}\r\n");
        let raw: String = (0..10_000).map(part).collect();
        assert_eq!(check(raw.as_bytes()), Err(TooMuch::Depth { most: 60 }));
    }

    #[test]
    fn t37_messages_that_enclose_each_other_are_refused() {
        let raw = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
        assert_eq!(check(raw.as_bytes()), Err(TooMuch::Depth { most: 60 }));
    }

    #[test]
    fn t37_a_hundred_thousand_parts_are_refused() {
        let head = "Content-Type: multipart/mixed; boundary=\"b 1\"; charset=x\r\n\r\n";
        let raw = format!("{head}{}", "--b 1\r\n\r\nx\r\n".repeat(100_000));
        assert_eq!(check(raw.as_bytes()), Err(TooMuch::Parts { most: 1_000 }));
    }

    #[test]
    fn t37_a_header_of_ten_megabytes_or_of_very_many_fields_is_refused() {
        let long = format!("Subject: {}\r\n\r\n", "x".repeat(10 << 20));
        assert_eq!(check(long.as_bytes()), Err(TooMuch::Header { most: 1 << 20 }));
        let many = "X: y\r\n".repeat(3_000);
        assert_eq!(check(many.as_bytes()), Err(TooMuch::Fields { most: 2_000 }));
    }

    #[test]
    fn a_text_of_many_lines_with_hyphens_is_no_message_of_many_parts() {
        let raw = format!("Subject: x\r\n\r\n{}", "--------\r\n-- \r\n".repeat(5_000));
        assert_eq!(check(raw.as_bytes()), Ok(()));
    }
}

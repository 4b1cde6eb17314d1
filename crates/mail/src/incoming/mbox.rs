//! Messages in one file, one behind the other (RFC 4155), as mail programs export them.
//!
//! Read line by line, with no more of a message in memory than is read of one: a library for this keeps each whole.

use std::io::{self, BufRead, Read as _};

/// A message of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MboxMessage {
    /// Its bytes, or their beginning, when there are more than are read.
    pub bytes: Vec<u8>,
    /// How many it has.
    pub size: u64,
}

/// The messages of a file.
#[derive(Debug)]
pub struct Mbox<R> {
    file: R,
    /// Bytes of a message that are kept.
    most: usize,
    has_begun: bool,
}

/// Whether a file that begins so is one of messages.
pub fn is_mbox(beginning: &[u8]) -> bool {
    beginning.starts_with(b"From ")
}

impl<R: BufRead> Mbox<R> {
    /// Messages of which at most so many bytes are kept.
    pub fn new(file: R, most: usize) -> Self {
        Self {
            file,
            most,
            has_begun: false,
        }
    }

    fn next_message(&mut self) -> io::Result<Option<MboxMessage>> {
        let mut message = MboxMessage {
            bytes: Vec::new(),
            size: 0,
        };
        let mut after_empty = true;
        let mut line = Vec::new();
        let mut goes_on = false;
        loop {
            line.clear();
            let longest = u64::try_from(self.most).unwrap_or(u64::MAX).max(1);
            if self.file.by_ref().take(longest).read_until(b'\n', &mut line)? == 0 {
                let is_message = self.has_begun && message.size > 0;
                self.has_begun = false;
                return Ok(is_message.then_some(message));
            }
            // The rest of a line that was too long to be read at once begins nothing.
            let begins = !std::mem::replace(&mut goes_on, !line.ends_with(b"\n"));
            if begins && after_empty && is_mbox(&line) {
                if std::mem::replace(&mut self.has_begun, true) && message.size > 0 {
                    return Ok(Some(message));
                }
                continue;
            }
            after_empty = begins && line.trim_ascii().is_empty();
            self.keep(&mut message, &line, begins);
        }
    }

    fn keep(&self, message: &mut MboxMessage, line: &[u8], begins: bool) {
        // A line of the text that begins like a message was quoted by one more mark.
        let quoted = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = begins && quoted > 0 && line.get(quoted..).is_some_and(is_mbox);
        let line = line.get(usize::from(is_quoted)..).unwrap_or_default();
        message.size += u64::try_from(line.len()).unwrap_or(0);
        let room = self.most.saturating_sub(message.bytes.len());
        message.bytes.extend_from_slice(line.get(..room).unwrap_or(line));
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = io::Result<MboxMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_message().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, most: usize) -> Vec<(String, u64)> {
        Mbox::new(file.as_bytes(), most)
            .map(|message| {
                let message = message.unwrap();
                (String::from_utf8(message.bytes).unwrap(), message.size)
            })
            .collect()
    }

    #[test]
    fn messages_are_told_apart_and_quoted_lines_are_as_they_were() {
        let file = "From a@example.jp Mon\nSubject: 1\n\nFrom here on\n>From there\n>>From x\n\nFrom b@example.jp Tue\nSubject: 2\n\nend\n";
        assert!(is_mbox(file.as_bytes()));
        let messages = read(file, 1_000);
        assert_eq!(messages.len(), 3, "{messages:?}");
        let file = "From a Mon\nSubject: 1\n\ntext\nFrom here on\n>From there\n>>From x\n\nFrom b Tue\nSubject: 2\n\nend\n";
        let messages = read(file, 1_000);
        assert_eq!(
            messages[0].0,
            "Subject: 1\n\ntext\nFrom here on\nFrom there\n>From x\n\n"
        );
        assert_eq!(messages[1].0, "Subject: 2\n\nend\n");
        assert_eq!(messages.len(), 2);
    }

    #[test]
    fn of_a_large_message_the_beginning_is_kept_and_the_next_one_is_found() {
        let file = format!(
            "From a Mon\nSubject: 1\n\n{}\n\nFrom b Tue\nSubject: 2\n\nend\n",
            "x".repeat(5_000)
        );
        let messages = read(&file, 100);
        assert_eq!(messages.len(), 2);
        assert_eq!((messages[0].0.len(), messages[0].1), (100, 5_014));
        assert_eq!(messages[1].0, "Subject: 2\n\nend\n");
    }

    #[test]
    fn a_file_without_messages_has_none() {
        for file in ["", "\n\n", "From a Mon\n", "no mailbox\n"] {
            assert_eq!(read(file, 100), [], "{file:?}");
        }
    }
}

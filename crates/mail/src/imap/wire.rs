//! What comes from the server, in whole answers, never more than allowed and never later than allowed.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::time::{Instant, timeout_at};

/// An answer without its literals is not longer, in bytes.
const LONGEST_TEXT: usize = 64 << 10;
/// So much is read at a time: the most that TLS encrypts in one piece.
const PIECE: usize = 16 << 10;

/// A stream, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// What the answers to one command may cost.
pub(super) struct Allowance {
    /// When all of it must be here. A literal that is announced puts it off.
    pub deadline: Instant,
    /// How long nothing at all may come.
    pub silence: Duration,
    /// What a literal puts off the deadline by: it may come as slowly as this, in bytes a second.
    pub slowest: u32,
    /// How many bytes may come.
    pub bytes: u64,
    /// How many of them in the literals of one answer.
    pub literals: usize,
    /// How many of a literal that is longer.
    pub beginning: usize,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It was waited for as long as is allowed.
    Silent,
    /// The connection is no more.
    Closed,
    /// It is longer than is allowed.
    TooMuch,
    /// A literal of this length is longer than is allowed. Nothing behind its beginning was read.
    Literal { length: u64, beginning: Vec<u8> },
}

impl From<io::Error> for Trouble {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// One answer: its text, in which `{length}` stands for each literal, and the literals.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    pub text: Vec<u8>,
    pub literals: Vec<Vec<u8>>,
}

impl Raw {
    /// The length of the literal that the text from `start` on ends with. Words for people may end as if one followed.
    fn literal_ahead(&self, start: usize) -> Result<Option<u64>, Trouble> {
        let Some(untagged) = self.text.strip_prefix(b"* ") else {
            return Ok(None);
        };
        let line = self.text.get(start..).unwrap_or_default();
        let word = untagged.split(|byte| *byte == b' ').next().unwrap_or_default();
        let is_for_people = [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
            .iter()
            .any(|status| word.eq_ignore_ascii_case(status));
        let length = line.strip_suffix(b"}").and_then(|text| {
            let opened = text.iter().rposition(|byte| *byte == b'{')?;
            let digits = text.get(opened + 1..)?;
            let digits = digits.strip_suffix(b"+").unwrap_or(digits);
            (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(digits)
        });
        match length {
            Some(digits) if !is_for_people => {
                let length = std::str::from_utf8(digits).ok().and_then(|it| it.parse().ok());
                length.map(Some).ok_or(Trouble::TooMuch)
            }
            _ => Ok(None),
        }
    }
}

/// One connection.
pub(super) struct Wire(BufReader<Box<dyn Stream>>);

impl Wire {
    pub fn new(stream: impl Stream) -> Self {
        Self(BufReader::with_capacity(PIECE, Box::new(stream)))
    }

    /// The stream itself, unless something was read ahead, which would count as encrypted when it is not.
    pub fn into_inner(self) -> Option<Box<dyn Stream>> {
        self.0.buffer().is_empty().then(|| self.0.into_inner())
    }

    /// Says something.
    pub async fn write(&mut self, text: &[u8], deadline: Instant) -> Result<(), Trouble> {
        let writing = async {
            self.0.write_all(text).await?;
            self.0.flush().await
        };
        Ok(timeout_at(deadline, writing)
            .await
            .map_err(|_| Trouble::Silent)??)
    }

    /// Waits until there is something to read; whether there is.
    pub async fn has_more(&mut self, deadline: Instant) -> Result<bool, Trouble> {
        match timeout_at(deadline, self.0.fill_buf()).await {
            Err(_) => Ok(false),
            Ok(piece) => match piece? {
                [] => Err(Trouble::Closed),
                _ => Ok(true),
            },
        }
    }

    /// The next answer.
    pub async fn read(&mut self, allowance: &mut Allowance) -> Result<Raw, Trouble> {
        let mut raw = Raw::default();
        loop {
            let start = raw.text.len();
            self.line(&mut raw.text, allowance).await?;
            let Some(length) = raw.literal_ahead(start)? else {
                return Ok(raw);
            };
            let held: usize = raw.literals.iter().map(Vec::len).sum();
            let room = allowance.literals.saturating_sub(held);
            let Some(wanted) = usize::try_from(length).ok().filter(|wanted| *wanted <= room) else {
                let beginning = self.literal(allowance.beginning, allowance).await?;
                return Err(Trouble::Literal { length, beginning });
            };
            let longer = Duration::from_secs(length / u64::from(allowance.slowest.max(1)));
            allowance.deadline += longer;
            raw.literals.push(self.literal(wanted, allowance).await?);
        }
    }

    /// Up to the end of the line, which is not kept.
    async fn line(&mut self, text: &mut Vec<u8>, allowance: &mut Allowance) -> Result<(), Trouble> {
        loop {
            let piece = self.piece(allowance).await?;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let line = piece.get(..end.unwrap_or(piece.len())).unwrap_or_default();
            if text.len() + line.len() > LONGEST_TEXT {
                return Err(Trouble::TooMuch);
            }
            text.extend_from_slice(line);
            let taken = line.len() + usize::from(end.is_some());
            self.take(taken, allowance)?;
            if end.is_some() {
                if text.last() == Some(&b'\r') {
                    text.pop();
                }
                return Ok(());
            }
        }
    }

    /// Memory is taken as the bytes come, not as they are announced.
    async fn literal(&mut self, length: usize, allowance: &mut Allowance) -> Result<Vec<u8>, Trouble> {
        let mut literal = Vec::new();
        while literal.len() < length {
            let left = length - literal.len();
            let piece = self.piece(allowance).await?;
            let piece = piece.get(..left).unwrap_or(piece);
            if literal.capacity() - literal.len() < piece.len() {
                literal.reserve_exact(left.min(literal.len().max(PIECE)));
            }
            literal.extend_from_slice(piece);
            let taken = piece.len();
            self.take(taken, allowance)?;
        }
        Ok(literal)
    }

    async fn piece(&mut self, allowance: &Allowance) -> Result<&[u8], Trouble> {
        let until = allowance.deadline.min(Instant::now() + allowance.silence);
        match timeout_at(until, self.0.fill_buf()).await {
            Err(_) => Err(Trouble::Silent),
            Ok(piece) => match piece? {
                [] => Err(Trouble::Closed),
                piece => Ok(piece),
            },
        }
    }

    fn take(&mut self, bytes: usize, allowance: &mut Allowance) -> Result<(), Trouble> {
        self.0.consume(bytes);
        let left = allowance.bytes.checked_sub(bytes as u64);
        allowance.bytes = left.ok_or(Trouble::TooMuch)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance() -> Allowance {
        Allowance {
            deadline: Instant::now() + Duration::from_secs(20),
            silence: Duration::from_secs(20),
            slowest: 1000,
            bytes: 1 << 20,
            literals: 100,
            beginning: 3,
        }
    }

    fn too_long(length: u64) -> Trouble {
        Trouble::Literal {
            length,
            beginning: b"abc".to_vec(),
        }
    }

    async fn read(said: &[u8]) -> Result<Raw, Trouble> {
        let mut stream = tokio_test_stream(said);
        stream.read(&mut allowance()).await
    }

    fn tokio_test_stream(said: &[u8]) -> Wire {
        Wire::new(tokio::io::join(io::Cursor::new(said.to_vec()), tokio::io::sink()))
    }

    fn raw(text: &str, literals: &[&[u8]]) -> Raw {
        Raw {
            text: text.as_bytes().to_vec(),
            literals: literals.iter().map(|it| it.to_vec()).collect(),
        }
    }

    #[tokio::test]
    async fn an_answer_is_a_line_with_its_literals() {
        for (said, text, literals) in [
            ("* OK hello\r\n* more", "* OK hello", &[][..]),
            ("a1 OK\n", "a1 OK", &[]),
            (
                "* 1 FETCH (BODY[] {3}\r\na\nb UID 1)\r\n",
                "* 1 FETCH (BODY[] {3} UID 1)",
                &[&b"a\nb"[..]],
            ),
            ("* LIST {0}\r\n {2+}\r\nab\r\n", "* LIST {0} {2+}", &[b"", b"ab"]),
            // What is said to people may look like anything.
            ("* OK look {5}\r\n", "* OK look {5}", &[]),
            ("* bye {5}\r\n", "* bye {5}", &[]),
            ("a1 NO {5}\r\n", "a1 NO {5}", &[]),
            ("+ {5}\r\n", "+ {5}", &[]),
            ("* 1 FETCH {x}\r\n", "* 1 FETCH {x}", &[]),
            ("* 1 FETCH }\r\n", "* 1 FETCH }", &[]),
        ] {
            assert_eq!(read(said.as_bytes()).await, Ok(raw(text, literals)), "{said:?}");
        }
    }

    #[tokio::test]
    async fn what_is_too_long_is_not_read_and_what_ends_is_no_answer() {
        for (said, trouble) in [
            ("* 1 FETCH {101}\r\nabcd", too_long(101)),
            ("* 1 FETCH {101}\r\nab", Trouble::Closed),
            ("* 1 FETCH {60}\r\n", Trouble::Closed),
            ("* 1 FETCH {10000000000}\r\nabc", too_long(10_000_000_000)),
            ("* 1 FETCH {99999999999999999999}\r\n", Trouble::TooMuch),
            ("* OK", Trouble::Closed),
            ("", Trouble::Closed),
        ] {
            assert_eq!(read(said.as_bytes()).await, Err(trouble), "{said:?}");
        }
        let two = format!("* 1 FETCH {{60}}\r\n{} {{60}}\r\nabc", "a".repeat(60));
        assert_eq!(read(two.as_bytes()).await, Err(too_long(60)));
        let endless = "* OK ".to_owned() + &"a".repeat(LONGEST_TEXT);
        assert_eq!(read(endless.as_bytes()).await, Err(Trouble::TooMuch));
    }

    #[tokio::test]
    async fn all_answers_to_a_command_together_have_a_measure_too() {
        let mut wire = tokio_test_stream(&b"* 1 EXISTS\r\n".repeat(100));
        let mut allowance = allowance();
        allowance.bytes = 50;
        let mut read = 0;
        let trouble = loop {
            match wire.read(&mut allowance).await {
                Ok(_) => read += 1,
                Err(trouble) => break trouble,
            }
        };
        assert_eq!((read, trouble), (4, Trouble::TooMuch));
    }
}

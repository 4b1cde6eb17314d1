//! The values in an answer: atoms, strings, literals, lists. Only as much of them as is asked for.

use super::wire::Raw;

/// A place in an answer.
pub(super) struct Values<'r> {
    text: &'r [u8],
    literals: std::vec::IntoIter<Vec<u8>>,
}

/// One value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'r> {
    /// `NIL`, a number, a flag.
    Atom(&'r [u8]),
    /// A string of either kind.
    Bytes(Vec<u8>),
    /// A list of values, which nobody asked for.
    List,
}

impl<'r> Values<'r> {
    /// What follows `prefix` in an answer.
    pub fn behind(raw: &'r mut Raw, prefix: usize) -> Self {
        Self {
            text: raw.text.get(prefix..).unwrap_or_default(),
            literals: std::mem::take(&mut raw.literals).into_iter(),
        }
    }

    /// Takes one byte if it is this.
    pub fn take(&mut self, wanted: u8) -> bool {
        match self.text.split_first() {
            Some((first, rest)) if *first == wanted => {
                self.text = rest;
                true
            }
            _ => false,
        }
    }

    pub fn skip_spaces(&mut self) {
        while self.take(b' ') {}
    }

    /// The name of what comes next; brackets may hold spaces.
    pub fn name(&mut self) -> &'r [u8] {
        let mut depth = 0_usize;
        self.up_to(|byte| {
            match byte {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(byte, b' ' | b'(' | b')')
        })
    }

    /// The next value; `None`: there is none, or it does not end.
    pub fn value(&mut self) -> Option<Value<'r>> {
        match self.text.first()? {
            b'"' => self.quoted().map(Value::Bytes),
            b'{' => self.literal().map(Value::Bytes),
            b'(' => self.list(),
            _ => Some(Value::Atom(self.up_to(|byte| matches!(byte, b' ' | b'(' | b')')))),
        }
    }

    fn quoted(&mut self) -> Option<Vec<u8>> {
        self.take(b'"');
        let mut bytes = Vec::new();
        loop {
            let (first, rest) = self.text.split_first()?;
            self.text = rest;
            match first {
                b'"' => return Some(bytes),
                b'\\' => {
                    let (escaped, rest) = self.text.split_first()?;
                    self.text = rest;
                    bytes.push(*escaped);
                }
                other => bytes.push(*other),
            }
        }
    }

    fn literal(&mut self) -> Option<Vec<u8>> {
        self.up_to(|byte| byte == b'}');
        if self.take(b'}') {
            self.literals.next()
        } else {
            None
        }
    }

    /// Counts instead of going down: a list can be deeper than a stack.
    fn list(&mut self) -> Option<Value<'r>> {
        let mut depth = 0_usize;
        loop {
            match self.text.first()? {
                b'(' => {
                    depth += 1;
                    self.take(b'(');
                }
                b')' => {
                    depth -= 1;
                    self.take(b')');
                }
                b'"' => {
                    self.quoted()?;
                }
                b'{' => {
                    self.literal()?;
                }
                other => {
                    self.take(*other);
                }
            }
            if depth == 0 {
                return Some(Value::List);
            }
        }
    }

    fn up_to(&mut self, is_end: impl FnMut(u8) -> bool) -> &'r [u8] {
        let mut is_end = is_end;
        let end = self.text.iter().position(|byte| is_end(*byte));
        let (before, behind) = self.text.split_at(end.unwrap_or(self.text.len()));
        self.text = behind;
        before
    }
}

//! Personal data as a type: what is inside cannot be printed, logged or serialised by accident.

use std::fmt;

/// Something about a person. It has no `Display` and no `Serialize`, and its `Debug` hides the content:
/// whoever needs the content says so with [`Personal::reveal`], which a reader of the code can search for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps what is personal.
    pub const fn new(content: T) -> Self {
        Self(content)
    }

    /// The content, for sealing, for showing to somebody who may see it, or for deciding.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The content, given away.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// What can be read of something sealed: its content, or that its person was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readable<T> {
    /// The key is there.
    Open(T),
    /// The key was destroyed; nobody can read it any more.
    Forgotten,
}

impl<T> Readable<T> {
    /// The content, unless it is forgotten.
    pub const fn open(&self) -> Option<&T> {
        match self {
            Self::Open(content) => Some(content),
            Self::Forgotten => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_personal_data_shows_nothing_of_it() {
        let text = format!("{:?}", Readable::Open(Personal::new("見本 太郎")));
        assert_eq!(text, "Open(Personal(…))");
    }
}

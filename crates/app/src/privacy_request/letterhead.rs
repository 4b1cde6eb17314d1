//! Who the office is, on the letters that it sends.

use crate::App;

/// As the head of a letter has it; what is not configured is typed for each letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// Its name.
    pub name: Option<String>,
    /// Where it is; may have several lines.
    pub address: Option<String>,
    /// How it is reached; may have several lines.
    pub contact: Option<String>,
}

impl Letterhead {
    /// All of it in lines; empty: the office has said nothing of itself.
    pub fn lines(&self) -> String {
        let lines = [&self.name, &self.address, &self.contact];
        let lines: Vec<&str> = lines.into_iter().filter_map(|line| line.as_deref()).collect();
        lines.join("\n")
    }
}

impl App {
    /// What stands below an answer: who the office is, and how it is reached; may be empty.
    pub fn reply_signature(&self) -> String {
        self.letterhead.lines()
    }

    /// The same office under this head.
    #[must_use]
    pub fn with_letterhead(mut self, letterhead: Letterhead) -> Self {
        self.letterhead = letterhead;
        self
    }

    /// Who the office is.
    pub const fn letterhead(&self) -> &Letterhead {
        &self.letterhead
    }
}

//! Guards as rows for the database: each asks for one newest event by an index probe.

use crate::query::{Guard, QueryItem};

/// One question about one guard of a batch. Exactly one of three kinds: by tag, by type, or any event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Probe {
    /// Which command and guard of the batch asks.
    pub asker: (usize, usize),
    pub after: i64,
    /// The tag to look up, or empty.
    pub tag: String,
    /// Further tags that the event must carry.
    pub more: Vec<String>,
    /// With a tag: the types that count, each between spaces, or empty for all. Without a tag: one type, or empty.
    pub types: String,
}

/// The questions of a guard.
pub(super) fn of_guard(command: usize, number: usize, guard: &Guard) -> Vec<Probe> {
    let mut probes = Vec::with_capacity(guard.query.items.len());
    for item in &guard.query.items {
        let new = |tag: String, more: Vec<String>, types: String| Probe {
            asker: (command, number),
            after: guard.after.get(),
            tag,
            more,
            types,
        };
        match item.tags.split_first() {
            Some((tag, more)) => {
                let mut more: Vec<_> = more.iter().map(|tag| tag.as_str().to_owned()).collect();
                more.sort_unstable();
                more.dedup();
                probes.push(new(tag.as_str().to_owned(), more, spaced(item)));
            }
            None if item.types.is_empty() => probes.push(new(String::new(), Vec::new(), String::new())),
            None => {
                probes.extend(
                    item.types
                        .iter()
                        .map(|name| new(String::new(), Vec::new(), name.clone())),
                );
            }
        }
    }
    probes
}

/// The types of an item, each between spaces (no type holds one), so that a text search finds whole names only.
pub(crate) fn spaced(item: &QueryItem) -> String {
    if item.types.is_empty() {
        String::new()
    } else {
        format!(" {} ", item.types.join(" "))
    }
}

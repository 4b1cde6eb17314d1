//! What an office mailed: the files that its server writes where no relay is configured.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use test_support::python_reads;

use crate::Office;

/// The mails to an address with such words, in the order in which they went out, once there are so many. An empty address: to anybody.
pub async fn mailed(office: &Office, to: &str, words: &str, count: usize) -> Vec<String> {
    let folder = office.folder().join("data/mail");
    loop {
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        let files = files.map(|file| file.path());
        let is_whole = |path: &PathBuf| path.extension().is_some_and(|end| end == "eml");
        let mut files: Vec<PathBuf> = files.filter(is_whole).collect();
        files.sort();
        let read = if files.is_empty() {
            Vec::new()
        } else {
            python_reads(&files)
        };
        let found = read.iter().map(Value::to_string);
        let found: Vec<String> = found
            .filter(|mail| mail.contains(to) && mail.contains(words))
            .collect();
        if found.len() >= count {
            return found;
        }
        tokio::task::yield_now().await;
    }
}

/// The token behind a link in a mail.
pub fn token_behind(link: &str, mail: &str) -> String {
    let (_, rest) = mail.split_once(link).expect("a link");
    rest.chars().take(43).collect()
}

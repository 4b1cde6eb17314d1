//! Passwords that people choose most often, and what is made of them: whoever guesses begins with these.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use flate2::read::GzDecoder;

/// See `data/README.md` for where it comes from.
const PACKED: &[u8] = include_bytes!("../../data/common-passwords.txt.gz");

/// Folded, sorted, one a line. An empty list would refuse too little, which a test sees.
static COMMON: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    match GzDecoder::new(PACKED).read_to_string(&mut text) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
});

/// Its lines.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| COMMON.lines().collect());

/// The most pieces that a password may be made of and still be as good as one of the list.
const PIECES: usize = 2;
/// A run of less is no piece: `aab` or `123` stands in many a good password.
const RUN: usize = 3;
/// The largest list that an office may add.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// An office's own list, folded.
#[derive(Clone, Default)]
pub struct RefusedPasswords(Arc<HashSet<String>>);

impl std::fmt::Debug for RefusedPasswords {
    // One of them may be somebody's.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RefusedPasswords({})", self.0.len())
    }
}

/// Why a list cannot be used. It never repeats what is in it.
#[derive(Debug, thiserror::Error)]
pub enum RefusedPasswordsError {
    /// The file cannot be read.
    #[error("cannot read the list of refused passwords {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is far larger than such a list.
    #[error("the list of refused passwords {path} is larger than 64 MiB")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is no text.
    #[error("the list of refused passwords {path} is not UTF-8 text")]
    NotText {
        /// The file.
        path: PathBuf,
    },
}

impl RefusedPasswords {
    /// Reads a list with one password a line.
    pub fn read(path: PathBuf) -> Result<Self, RefusedPasswordsError> {
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(source) => return Err(RefusedPasswordsError::Unreadable { path, source }),
        };
        let mut bytes = Vec::new();
        let mut bounded = file.take(FILE_BYTES_MAX + 1);
        if let Err(source) = bounded.read_to_end(&mut bytes) {
            return Err(RefusedPasswordsError::Unreadable { path, source });
        }
        if bounded.limit() == 0 {
            return Err(RefusedPasswordsError::TooLarge { path });
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self::of(text.lines())),
            Err(_) => Err(RefusedPasswordsError::NotText { path }),
        }
    }

    /// These, as they were typed.
    pub fn of<'a>(passwords: impl IntoIterator<Item = &'a str>) -> Self {
        let folded = passwords
            .into_iter()
            .map(|line| domain::text::caseless(line.trim()));
        Self(Arc::new(folded.filter(|line| !line.is_empty()).collect()))
    }

    /// Whether a folded password is on the list.
    pub(super) fn has(&self, folded: &str) -> bool {
        self.0.contains(folded)
    }
}

/// Whether a folded password is one that many people have, or is made of such: twice the same, two of the list, runs.
pub(super) fn is_common(folded: &str) -> bool {
    let characters: Vec<char> = folded.chars().collect();
    is_listed(folded) || is_repeated(&characters) || pieces(&characters) <= PIECES
}

fn is_listed(folded: &str) -> bool {
    LINES.binary_search(&folded).is_ok()
}

/// Whether it is one part of at most its half, over and over.
fn is_repeated(characters: &[char]) -> bool {
    (1..=characters.len() / 2).any(|length| {
        let (part, rest) = characters.split_at(length);
        rest.chunks(length).all(|chunk| part.starts_with(chunk))
    })
}

/// Of how few pieces it is made, each of the list or a run; `usize::MAX` when it is not made of such.
fn pieces(characters: &[char]) -> usize {
    let mut fewest = vec![usize::MAX; characters.len() + 1];
    fewest[0] = 0;
    for start in 0..characters.len() {
        let before = fewest[start];
        // More than that is not looked at any further.
        if before >= PIECES {
            continue;
        }
        for end in start + RUN..=characters.len() {
            let piece = &characters[start..end];
            if is_run(piece) || is_listed(&piece.iter().collect::<String>()) {
                fewest[end] = fewest[end].min(before + 1);
            }
        }
    }
    fewest[characters.len()]
}

/// Whether each character is the one before, or one above it, or one below it, all the way: `aaaa`, `2345`, `dcba`, `7890`.
fn is_run(piece: &[char]) -> bool {
    let steps = piece.windows(2).map(|pair| match (pair[0], pair[1]) {
        ('9', '0') => 1,
        ('0', '9') => -1,
        (a, b) => i64::from(u32::from(b)) - i64::from(u32::from(a)),
    });
    let mut steps = steps.peekable();
    let Some(first) = steps.peek().copied() else {
        return false;
    };
    (-1..=1).contains(&first) && steps.all(|step| step == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(typed: &str) -> bool {
        is_common(&domain::text::caseless(typed))
    }

    #[test]
    fn the_list_is_whole_folded_and_sorted() {
        assert_eq!(LINES.len(), 93_530);
        assert!(LINES.is_sorted(), "a search by halves needs the order of bytes");
        let unfolded = LINES.iter().find(|line| domain::text::caseless(line) != **line);
        assert_eq!(unfolded, None);
    }

    #[test]
    fn what_many_people_have_is_refused_in_any_width_and_case_and_also_when_it_is_stretched() {
        for typed in [
            "あああああああああああああああ",
            "1234567890987654321",
            "PASSWORD",
            "ｐａｓｓｗｏｒｄ",
            "passwordpassword",
            "passwordPasswordpass",
            "password12345678",
            "qwertyuiop1234567890",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrst",
            "98765432109876543210",
            "Summer2020Summer2020",
            "sakurasakurasakura",
            "iloveyouprincess",
        ] {
            assert!(common(typed), "{typed}");
        }
    }

    #[test]
    fn a_sentence_of_ones_own_is_not() {
        for typed in [
            "correct horse battery staple",
            "ながい合言葉です 春夏秋冬 1234",
            "みかんを三つ食べた朝のこと",
            "kumo no ue ni neko",
            "x7Rk-92vQ-mmPz-44aW",
        ] {
            assert!(!common(typed), "{typed}");
        }
    }

    #[test]
    fn an_office_adds_a_list_that_is_folded_and_a_bad_file_is_told_without_its_words() {
        let own = RefusedPasswords::of(["  Kasumigaseki Ichibanchi 1 ", "", "ﾆﾎﾝﾊﾞｼ ﾉ ﾀﾇｷ"]);
        assert!(own.has(&domain::text::caseless("kasumigaseki ichibanchi 1")));
        assert!(own.has(&domain::text::caseless("ニホンバシ ノ タヌキ")));
        assert!(!own.has(""));
        let missing = RefusedPasswords::read("nowhere/list.txt".into()).expect_err("no such file");
        assert_eq!(
            missing.to_string(),
            "cannot read the list of refused passwords nowhere/list.txt"
        );
    }
}

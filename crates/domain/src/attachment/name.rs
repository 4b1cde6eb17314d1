//! What a file is called. A name is shown and given back, and never used as a path.

use super::AttachmentKind;
use crate::text::{self, Lines, TextProblem};

/// The most characters of a name.
const LONGEST: usize = 200;

/// A name as it came with a file: its last part, whatever the system that it comes from has between parts.
pub fn read_name(given: &str) -> Result<String, TextProblem> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    text::check(last, LONGEST, Lines::One)?;
    if last.chars().all(|c| c == '.') {
        return Err(TextProblem::Empty);
    }
    Ok(last.to_owned())
}

/// The name under which a file is given back: with an ending of its kind, so that no system opens it as something else.
pub fn download_name(name: &str, kind: AttachmentKind) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let endings = kind.endings();
    if ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
        name.to_owned()
    } else {
        format!("{name}.{}", endings[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path_of_any_system() {
        for given in ["登記.pdf", "C:\\書類\\登記.pdf", "../../登記.pdf", " 登記.pdf "] {
            assert_eq!(read_name(given).as_deref(), Ok("登記.pdf"), "{given}");
        }
        for given in ["", "..", "/", "a/"] {
            assert!(read_name(given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_name_that_hides_something_is_refused() {
        for given in ["a\u{202e}fdp.exe", "a\u{200b}.pdf", "a\n.pdf"] {
            assert!(read_name(given).is_err(), "{given:?}");
        }
        assert_eq!(
            read_name(&"長".repeat(201)),
            Err(TextProblem::TooLong { max: 200 })
        );
    }

    #[test]
    fn a_file_is_given_back_with_an_ending_of_its_kind() {
        assert_eq!(download_name("登記.PDF", AttachmentKind::Pdf), "登記.PDF");
        assert_eq!(download_name("page.html", AttachmentKind::Text), "page.html.txt");
        assert_eq!(download_name("表.csv", AttachmentKind::Text), "表.csv");
        assert_eq!(download_name("登記", AttachmentKind::Png), "登記.png");
    }
}

//! What does not stand in a file as it stands in the register: row, column and character, as a sheet of its own.

use super::csv_file::{in_full, writer};
use super::{Unwritten, Why};
use crate::Internal;

const HEADINGS: [&str; 6] = ["行", "自己宣言ID", "列", "文字", "コードポイント", "書き出した形"];
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A report that grows.
#[derive(Debug, Default)]
pub(in crate::export) struct Report {
    /// Lines so far.
    pub(in crate::export) count: u64,
}

impl Report {
    /// The bytes of these lines; none where there are none.
    pub(in crate::export) fn write(&mut self, unwritten: &[Unwritten]) -> Result<Vec<u8>, Internal> {
        if unwritten.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = writer();
        let is_begun = self.count > 0;
        if !is_begun {
            writer.write_record(HEADINGS).map_err(Internal::new)?;
        }
        for it in unwritten {
            let (character, written) = match it.why {
                Why::NoSuchCharacter(c) => (Some(c), "〓に置き換えました"),
                Why::NoVariant(c) => (Some(c), "字形の指定を省きました"),
                Why::TooLong => (None, "長すぎるため、先頭の32,767文字だけを書き出しました"),
            };
            writer
                .write_record([
                    &*it.row.to_string(),
                    &*it.number,
                    it.column.heading(),
                    &character
                        .filter(|c| is_seen(*c))
                        .map(String::from)
                        .unwrap_or_default(),
                    &character
                        .map(|c| format!("U+{:04X}", u32::from(c)))
                        .unwrap_or_default(),
                    written,
                ])
                .map_err(Internal::new)?;
        }
        self.count += unwritten.len() as u64;
        let bytes = in_full(writer)?;
        Ok(if is_begun { bytes } else { [BOM, &bytes].concat() })
    }
}

/// Whether a cell with nothing but this character shows anything, and nothing else than it.
fn is_seen(c: char) -> bool {
    domain::text::check(&c.to_string(), 1, domain::text::Lines::One).is_ok()
}

#[cfg(test)]
mod tests {
    use domain::export::Column;

    use super::*;

    #[test]
    fn a_report_names_row_column_and_character_and_shows_what_can_be_seen() {
        let of = |row, why| Unwritten {
            row,
            number: "59990000017".to_owned(),
            column: Column::Name,
            why,
        };
        let mut report = Report::default();
        assert!(report.write(&[]).expect("nothing").is_empty());
        let first = report.write(&[of(2, Why::NoSuchCharacter('𠮷'))]).expect("lines");
        let second = report
            .write(&[of(7, Why::NoSuchCharacter('\u{202e}')), of(9, Why::TooLong)])
            .expect("lines");
        let text = String::from_utf8([first, second].concat()).expect("it is UTF-8");
        assert_eq!(
            text,
            "\u{feff}行,自己宣言ID,列,文字,コードポイント,書き出した形\r\n\
             2,59990000017,事業者名,𠮷,U+20BB7,〓に置き換えました\r\n\
             7,59990000017,事業者名,,U+202E,〓に置き換えました\r\n\
             9,59990000017,事業者名,,,\"長すぎるため、先頭の32,767文字だけを書き出しました\"\r\n"
        );
        assert_eq!(report.count, 3);
    }
}

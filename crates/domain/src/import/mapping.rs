//! Which column of a file is which column of a register.

use crate::fold::fold;
use crate::legacy_register::{Columns, HEADINGS};

/// Heading of the column that a file of refused rows has beside those of its rows: which row of the first file it was.
pub const CORRECTED_ROW: &str = "元の行";
/// The same: why it was refused.
pub const CORRECTED_REASON: &str = "取り込めない理由";

/// Columns without which no row could be taken over.
const REQUIRED: [usize; 4] = [0, 1, 4, 17];

/// For each column of a register, in the order of [`HEADINGS`], which column of the file, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    places: [Option<u16>; HEADINGS.len()],
}

/// What is wrong with one column of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MappingProblem {
    /// The file has to have it.
    #[error("column {0} is needed")]
    Missing(&'static str),
    /// Another column of the register has the same column of the file.
    #[error("column {0} has a column of the file that another one has, too")]
    Twice(&'static str),
    /// The file has no such column.
    #[error("column {0} has a column that the file does not have")]
    NoSuch(&'static str),
}

impl MappingProblem {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "column_missing",
            Self::Twice(_) => "column_twice",
            Self::NoSuch(_) => "column_unknown",
        }
    }

    /// Which column of a register.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Missing(heading) | Self::Twice(heading) | Self::NoSuch(heading) => heading,
        }
    }

    /// One sentence for whoever chose.
    pub fn japanese(self) -> String {
        let heading = self.heading();
        match self {
            Self::Missing(_) => format!("「{heading}」にあたるファイルの列を選んでください。"),
            Self::Twice(_) => {
                format!("「{heading}」に選んだ列は、ほかの項目にも選ばれています。別の列を選んでください。")
            }
            Self::NoSuch(_) => format!("「{heading}」に選んだ列はファイルにありません。選び直してください。"),
        }
    }
}

impl Mapping {
    /// As it is stored; none: it is of another number of columns.
    pub fn of(places: &[Option<u16>]) -> Option<Self> {
        let places = places.try_into().ok()?;
        Some(Self { places })
    }

    /// By the names of the columns alone: width, white space and order do not matter. Where two columns of the file have the same name it
    /// is left open which one is meant.
    pub fn by_name<S: AsRef<str>>(headings: &[S]) -> Self {
        let folded: Vec<String> = headings.iter().map(|it| fold(it.as_ref())).collect();
        let places = HEADINGS.map(|heading| {
            let name = fold(heading);
            let mut found = folded.iter().enumerate().filter(|(_, it)| **it == name);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => u16::try_from(place).ok(),
                _ => None,
            }
        });
        Self { places }
    }

    /// As it is stored.
    pub fn places(&self) -> Vec<Option<u16>> {
        self.places.to_vec()
    }

    /// Whether a register cannot be read without this column.
    pub fn is_required(column: usize) -> bool {
        REQUIRED.contains(&column)
    }

    /// What is wrong with it for a file of so many columns, at each column of the register.
    pub fn problems(&self, width: usize) -> Vec<MappingProblem> {
        let mut problems = Vec::new();
        for (column, heading) in HEADINGS.iter().enumerate() {
            match self.places[column] {
                None if Self::is_required(column) => problems.push(MappingProblem::Missing(heading)),
                None => {}
                Some(place) if usize::from(place) >= width => problems.push(MappingProblem::NoSuch(heading)),
                place => {
                    let times = self.places.iter().filter(|other| **other == place).count();
                    if times > 1 {
                        problems.push(MappingProblem::Twice(heading));
                    }
                }
            }
        }
        problems
    }

    /// The columns of a file of so many.
    pub fn columns(&self, width: usize) -> Columns {
        Columns::placed(self.places.map(|place| place.map(usize::from)), width)
    }
}

/// What files with the same headings have in common, whatever their width and white space.
pub fn fold_headings<S: AsRef<str>>(headings: &[S]) -> String {
    let folded: Vec<String> = headings.iter().map(|it| fold(it.as_ref())).collect();
    folded.join("\u{1f}")
}

/// Whether a file is one of refused rows that we gave out: its cells that look like formulas carry an apostrophe.
pub fn is_corrected<S: AsRef<str>>(headings: &[S]) -> bool {
    let has = |name: &str| headings.iter().any(|it| fold(it.as_ref()) == fold(name));
    has(CORRECTED_ROW) && has(CORRECTED_REASON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_whatever_their_width_and_order_and_what_is_unknown_is_left_out() {
        let mut headings: Vec<String> = HEADINGS.iter().map(|it| (*it).to_owned()).collect();
        headings.reverse();
        headings[28] = " 自己宣言ＩＤ\u{3000}".to_owned();
        headings.push(CORRECTED_REASON.to_owned());
        let mapping = Mapping::by_name(&headings);
        assert_eq!(mapping.places()[0], Some(28));
        assert_eq!(mapping.places()[28], Some(0));
        assert!(mapping.problems(headings.len()).is_empty());
    }

    #[test]
    fn what_is_missing_chosen_twice_or_not_there_is_said_at_its_column() {
        let mapping = Mapping::by_name(&["自己宣言ID", "宣言日", "事業者名", "事業者名"]);
        assert_eq!(
            mapping.problems(4),
            [
                MappingProblem::Missing("事業者名"),
                MappingProblem::Missing("取組段階")
            ]
        );
        let mut places = vec![None; HEADINGS.len()];
        (places[0], places[1], places[4], places[17]) = (Some(0), Some(1), Some(1), Some(9));
        let mapping = Mapping::of(&places).expect("as many columns");
        assert_eq!(
            mapping.problems(4),
            [
                MappingProblem::Twice("宣言日"),
                MappingProblem::Twice("事業者名"),
                MappingProblem::NoSuch("取組段階"),
            ]
        );
        assert!(Mapping::of(&places[1..]).is_none());
    }

    #[test]
    fn files_with_the_same_headings_have_one_key_and_others_another_one() {
        assert_eq!(
            fold_headings(&["法人番号 ", "ＩＤ"]),
            fold_headings(&["法人番号", "ID"])
        );
        assert_ne!(
            fold_headings(&["法人番号", "ID"]),
            fold_headings(&["ID", "法人番号"])
        );
    }
}

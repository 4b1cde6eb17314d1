//! Which column of a sheet holds what: guessed by its heading, else by what stands in it. A person corrects the guess.

use crate::value::{DeclarationNo, parse_date, plain};
use crate::wire::wire_enum;

wire_enum! {
    /// What a column holds. The code is the name of the cell.
    Column {
        /// 自己宣言ID.
        Number = "number",
        /// 法人番号.
        CorporateNumber = "corporateNumber",
        /// 事業者名.
        Name = "name",
        /// The day that is asked about.
        Date = "date",
    }
}

/// Parts of headings that say what a column holds, in full or in small letters. Corporate numbers first: theirs hold the word for number.
const WORDS: [(Column, &[&str]); 4] = [
    (Column::CorporateNumber, &["法人番号", "corporate"]),
    (
        Column::Date,
        &["日付", "基準日", "時点", "確認日", "照会日", "申請日"],
    ),
    (
        Column::Number,
        &["自己宣言id", "自己宣言番号", "宣言id", "宣言番号", "declaration"],
    ),
    (
        Column::Name,
        &["者名", "名称", "会社名", "法人名", "企業名", "商号", "屋号"],
    ),
];
/// Parts of headings that may say it, where no other column says so in particular: a sheet has numbers and names of many kinds.
const VAGUE_WORDS: [(Column, &[&str]); 3] = [
    (Column::Date, &["date", "day"]),
    (Column::Number, &["自己宣言", "number", "番号", "id"]),
    (Column::Name, &["申請者", "氏名", "name"]),
];
/// Parts of headings of columns that no question is about.
const OTHERS: [&str; 12] = [
    "電話",
    "tel",
    "fax",
    "郵便",
    "フリガナ",
    "ふりがな",
    "カナ",
    "代表者",
    "担当",
    "メール",
    "mail",
    "住所",
];
/// Rows that are looked at.
const LOOKED_AT: usize = 50;
/// Characters of a heading.
const HEADING_MAX: usize = 40;

/// Which columns hold what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns {
    /// The first row holds headings.
    pub has_headings: bool,
    places: [Option<usize>; 4],
}

impl Columns {
    /// The column that holds something, 0-based.
    pub const fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    const fn set(&mut self, column: Column, place: usize) {
        self.places[column as usize] = Some(place);
    }

    /// The columns whose headings have these words, the first of each kind.
    fn name_by(&mut self, headings: &[String], words: &[(Column, &[&str])]) {
        for (place, cell) in headings.iter().enumerate() {
            let column = heading(cell, words).filter(|column| self.place(*column).is_none());
            if let Some(column) = column.filter(|_| !self.is_taken(place)) {
                self.set(column, place);
            }
        }
    }

    fn is_taken(&self, place: usize) -> bool {
        self.places.contains(&Some(place))
    }
}

/// Guesses. `rows`: all of them, a row of headings included.
pub fn guess(rows: &[Vec<String>]) -> Columns {
    let mut columns = Columns::default();
    let Some(first) = rows.first() else {
        return columns;
    };
    let is_heading = |cell: &String| {
        heading(cell, &WORDS)
            .or_else(|| heading(cell, &VAGUE_WORDS))
            .is_some()
    };
    let is_value =
        |cell: &String| by_content([cell.as_str()].into_iter()).is_some_and(|it| it != Column::Name);
    if first.iter().any(is_heading) && !first.iter().any(is_value) {
        columns.has_headings = true;
        columns.name_by(first, &WORDS);
        columns.name_by(first, &VAGUE_WORDS);
    }
    let data = &rows[usize::from(columns.has_headings)..];
    let data = &data[..data.len().min(LOOKED_AT)];
    let width = data.iter().map(Vec::len).max().unwrap_or_default();
    for place in 0..width {
        if columns.is_taken(place) {
            continue;
        }
        let cells = data.iter().filter_map(|row| row.get(place)).map(String::as_str);
        // Under a heading that nobody knows stands some name or some day, such as that of the declaration.
        let is_number = |it: &Column| matches!(it, Column::Number | Column::CorporateNumber);
        let content = by_content(cells).filter(|it| !columns.has_headings || is_number(it));
        if let Some(column) = content.filter(|column| columns.place(*column).is_none()) {
            columns.set(column, place);
        }
    }
    columns
}

fn heading(cell: &str, words: &[(Column, &[&str])]) -> Option<Column> {
    if cell.chars().nth(HEADING_MAX).is_some() {
        return None;
    }
    let folded = plain::compact(cell).to_lowercase();
    if OTHERS.iter().any(|other| folded.contains(other)) {
        return None;
    }
    let holds = |words: &&[&str]| {
        // Two letters are part of many words.
        let is_said = |word: &&str| {
            if *word == "id" {
                folded == "id"
            } else {
                folded.contains(*word)
            }
        };
        words.iter().any(is_said)
    };
    let found = words.iter().find(|(_, words)| holds(words));
    found.map(|(column, _)| *column)
}

/// What most of the cells that hold something are.
fn by_content<'c>(cells: impl Iterator<Item = &'c str>) -> Option<Column> {
    let mut counts = [0_usize; 4];
    let mut all = 0;
    for cell in cells.filter(|cell| !plain::is_blank(cell)) {
        all += 1;
        let digits = plain::ungrouped(cell);
        let digits = digits.strip_prefix(['T', 't']).unwrap_or(&digits);
        if DeclarationNo::parse(cell).is_ok() {
            counts[Column::Number as usize] += 1;
        } else if plain::is_digits(digits, 13) {
            counts[Column::CorporateNumber as usize] += 1;
        } else if parse_date(cell).is_ok() {
            counts[Column::Date as usize] += 1;
        } else if cell.chars().any(char::is_alphabetic) {
            counts[Column::Name as usize] += 1;
        }
    }
    let most = Column::ALL
        .iter()
        .copied()
        .max_by_key(|column| counts[*column as usize])?;
    (counts[most as usize] * 2 > all).then_some(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split(',').map(str::to_owned).collect();
        text.lines().map(row).collect()
    }

    fn places(text: &str) -> (bool, [Option<usize>; 4]) {
        let columns = guess(&rows(text));
        let column = |column| columns.place(column);
        (
            columns.has_headings,
            [
                column(Column::Number),
                column(Column::CorporateNumber),
                column(Column::Name),
                column(Column::Date),
            ],
        )
    }

    #[test]
    fn headings_say_what_columns_hold_in_any_order() {
        assert_eq!(
            places("申請番号（自己宣言ＩＤ）,申請者名称,法人番号,基準日\n1,2,3,4"),
            (true, [Some(0), Some(2), Some(1), Some(3)])
        );
        assert_eq!(
            places("Date,Name,Corporate number,ID\n"),
            (true, [Some(3), Some(2), Some(1), Some(0)])
        );
    }

    #[test]
    fn a_heading_that_says_it_in_particular_goes_before_one_that_may_mean_it() {
        for (headings, expected) in [
            ("受付番号,自己宣言ID,事業者名", [Some(1), None, Some(2), None]),
            (
                "No,代表者氏名,事業者名フリガナ,事業者名,電話番号,宣言番号,法人番号",
                [Some(5), Some(6), Some(3), None],
            ),
            (
                "更新日(day),基準日,自己宣言者名,自己宣言ＩＤ",
                [Some(3), None, Some(2), Some(1)],
            ),
            ("整理番号,氏名", [Some(0), None, Some(1), None]),
        ] {
            assert_eq!(places(headings), (true, expected), "{headings}");
        }
    }

    #[test]
    fn without_headings_what_stands_in_the_cells_says_it() {
        assert_eq!(
            places("株式会社みほん,7999901000001,59990000017,2026-04-01\nみほん商店,,49990000017,R8.4.1"),
            (false, [Some(2), Some(1), Some(0), Some(3)])
        );
        assert_eq!(
            places("59990000017\n59990000025"),
            (false, [Some(0), None, None, None])
        );
    }

    #[test]
    fn under_a_heading_that_nobody_knows_numbers_are_seen_and_neither_names_nor_days_are_guessed() {
        assert_eq!(
            places("整理,備考,事業者名,宣言日\n59990000017,急ぎ,株式会社みほん,2020-04-01"),
            (true, [Some(0), None, Some(2), None])
        );
    }

    #[test]
    fn nothing_is_guessed_of_nothing() {
        assert_eq!(guess(&[]), Columns::default());
        assert_eq!(places("\n"), (false, [None; 4]));
    }
}

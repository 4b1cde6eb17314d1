//! The 29 columns of an old register, in whatever order they stand.

use crate::{declaration::Field, fold::fold};

/// Heading of the state of a declaration.
pub(super) const STATE: &str = "状態";
/// Heading of the day on which it was stopped.
pub(super) const STOPPED_ON: &str = "停止日";

/// The headings, in the order in which the old system exported them.
pub const HEADINGS: [&str; 29] = [
    "自己宣言ID",
    "宣言日",
    "区分",
    "法人番号",
    "事業者名",
    "フリガナ",
    "屋号",
    "代表者役職",
    "代表者名",
    "郵便番号",
    "都道府県",
    "市区町村",
    "番地",
    "建物",
    "業種",
    "従業員数",
    "資本金",
    "取組段階",
    "自社診断点数",
    "基本方針URL",
    "基本方針公開日",
    "担当者名",
    "担当部署",
    "メール",
    "電話",
    "公表同意",
    STATE,
    STOPPED_ON,
    "備考",
];

/// The heading of a field; none for the pledge, which old registers do not hold.
pub(super) const fn heading(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::DeclarationNo => HEADINGS[0],
        Field::DeclaredOn => HEADINGS[1],
        Field::EntityType => HEADINGS[2],
        Field::CorporateNumber => HEADINGS[3],
        Field::Name => HEADINGS[4],
        Field::NameKana => HEADINGS[5],
        Field::TradeName => HEADINGS[6],
        Field::RepresentativeTitle => HEADINGS[7],
        Field::RepresentativeName => HEADINGS[8],
        Field::PostalCode => HEADINGS[9],
        Field::Prefecture => HEADINGS[10],
        Field::City => HEADINGS[11],
        Field::Street => HEADINGS[12],
        Field::Building => HEADINGS[13],
        Field::Industry => HEADINGS[14],
        Field::Employees => HEADINGS[15],
        Field::CapitalYen => HEADINGS[16],
        Field::Star => HEADINGS[17],
        Field::DiagnosisScore => HEADINGS[18],
        Field::PolicyUrl => HEADINGS[19],
        Field::PolicyPublishedOn => HEADINGS[20],
        Field::ContactName => HEADINGS[21],
        Field::ContactDepartment => HEADINGS[22],
        Field::ContactEmail => HEADINGS[23],
        Field::ContactPhone => HEADINGS[24],
        Field::PublishConsent => HEADINGS[25],
        Field::Remarks => HEADINGS[28],
        Field::PledgeVersion => return None,
    })
}

/// Where each column stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// For each heading, in the order of [`HEADINGS`], the index of its cell; none: the file does not have it.
    places: [Option<usize>; 29],
    /// Cells of a row.
    width: usize,
}

/// Why a first row is no heading of such a register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the headings are not those of a register: missing {missing:?}, unknown {unknown:?}, repeated {repeated:?}"
)]
pub struct HeadingError {
    /// Headings that are not there.
    pub missing: Vec<&'static str>,
    /// What stands there instead, as found.
    pub unknown: Vec<String>,
    /// Headings that are there more than once.
    pub repeated: Vec<&'static str>,
}

impl Columns {
    /// Understands a first row. A byte order mark, white space and width do not matter, nor does the order.
    pub fn read<S: AsRef<str>>(cells: &[S]) -> Result<Self, HeadingError> {
        let mut found: [Vec<usize>; 29] = std::array::from_fn(|_| Vec::new());
        let mut unknown = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            let folded = fold(cell.as_ref());
            match HEADINGS.iter().position(|heading| fold(heading) == folded) {
                Some(index) => found[index].push(place),
                None => unknown.push(cell.as_ref().to_owned()),
            }
        }
        let with = |test: fn(usize) -> bool| {
            HEADINGS
                .iter()
                .zip(&found)
                .filter(move |(_, places)| test(places.len()))
                .map(|(heading, _)| *heading)
        };
        let missing: Vec<_> = with(|count| count == 0).collect();
        let repeated: Vec<_> = with(|count| count > 1).collect();
        if missing.is_empty() && unknown.is_empty() && repeated.is_empty() {
            Ok(Self {
                places: found.map(|places| places.first().copied()),
                width: HEADINGS.len(),
            })
        } else {
            Err(HeadingError {
                missing,
                unknown,
                repeated,
            })
        }
    }

    /// Columns of a file of `width` columns, as somebody said where they stand. What the file does not have reads as empty.
    pub fn placed(places: [Option<usize>; 29], width: usize) -> Self {
        Self { places, width }
    }

    /// Cells that a row has.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The cells of a row in the order of [`HEADINGS`]; `None` when the row has more or fewer than the heading.
    pub(super) fn in_order<'a, S: AsRef<str>>(&self, cells: &'a [S]) -> Option<[&'a str; 29]> {
        let cell = |place: Option<usize>| place.and_then(|place| cells.get(place)).map_or("", AsRef::as_ref);
        (cells.len() == self.width).then(|| self.places.map(cell))
    }
}

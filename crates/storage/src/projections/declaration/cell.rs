//! The cell of a declaration: its filter dimensions packed into one number, so that filters, counts and indexes share one column.
//!
//! Bits, from the lowest: state (2), star (2), prefecture (6), flags (one bit for each code, in the order of `FlagCode::ALL`,
//! so a new code goes to the end of that list). A filter is one mask for each dimension. The SQL tests are written as
//! `… <> 0` on purpose: PostgreSQL then expects that nearly every row passes, and never leaves an ordered index scan for it.

use domain::declaration::{DeclarationState, FlagCode};
use domain::value::{Prefecture, Star};
use serde::{Deserialize, Serialize};

use crate::sql::Fragment;

const STAR_SHIFT: u32 = 2;
const PREFECTURE_SHIFT: u32 = 4;
const FLAGS_SHIFT: u32 = 10;

/// The packed filter dimensions of one declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(pub i64);

impl Cell {
    /// Packs the dimensions; an unknown star or prefecture is a value of its own (0).
    pub fn pack(
        state: DeclarationState,
        star: Option<Star>,
        prefecture: Option<Prefecture>,
        flags: &[FlagCode],
    ) -> Self {
        let flags = flags.iter().fold(0, |bits, flag| bits | flag_bit(*flag));
        Self(
            state_number(state)
                | (star_number(star) << STAR_SHIFT)
                | (prefecture_number(prefecture) << PREFECTURE_SHIFT)
                | (flags << FLAGS_SHIFT),
        )
    }

    /// The dimensions as words for the search index of SQLite.
    pub(super) fn words(self) -> Vec<String> {
        let Self(bits) = self;
        let mut words = vec![
            format!("t{}", bits & 3),
            format!("u{}", bits >> STAR_SHIFT & 3),
            format!("v{}", bits >> PREFECTURE_SHIFT & 63),
        ];
        let flags = bits >> FLAGS_SHIFT;
        words.extend(
            (0..63)
                .filter(|bit| flags >> bit & 1 == 1)
                .map(|bit| format!("w{bit}")),
        );
        words
    }

    /// The state; `None` for a number that no state has.
    pub fn state(self) -> Option<DeclarationState> {
        DeclarationState::ALL
            .iter()
            .copied()
            .find(|state| state_number(*state) == self.0 & 3)
    }

    /// The star, if it is known.
    pub fn star(self) -> Option<Star> {
        let number = (self.0 >> STAR_SHIFT) & 3;
        Star::ALL
            .iter()
            .copied()
            .find(|star| star_number(Some(*star)) == number)
    }

    /// The prefecture, if it is known.
    pub fn prefecture(self) -> Option<Prefecture> {
        let number = (self.0 >> PREFECTURE_SHIFT) & 63;
        Prefecture::all().find(|prefecture| prefecture_number(Some(*prefecture)) == number)
    }

    /// The flags, in the order of `FlagCode::ALL`.
    pub fn flags(self) -> impl Iterator<Item = FlagCode> {
        let bits = self.0 >> FLAGS_SHIFT;
        FlagCode::ALL
            .iter()
            .copied()
            .filter(move |flag| bits & flag_bit(*flag) != 0)
    }
}

/// What a list is narrowed to. Values of one dimension are alternatives; dimensions all hold. Empty means: no narrowing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Any of these stars.
    pub stars: Vec<Star>,
    /// Any of these states.
    pub states: Vec<DeclarationState>,
    /// Any of these prefectures.
    pub prefectures: Vec<Prefecture>,
    /// Any of these flags.
    pub flags: Vec<FlagCode>,
}

impl Filter {
    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        self.stars.is_empty()
            && self.states.is_empty()
            && self.prefectures.is_empty()
            && self.flags.is_empty()
    }

    /// The masks that stand for this filter.
    pub(super) fn masks(&self) -> Masks {
        let any_of = |bits: i64| if bits == 0 { -1 } else { bits };
        Masks {
            states: any_of(
                self.states
                    .iter()
                    .fold(0, |mask, state| mask | (1 << state_number(*state))),
            ),
            stars: any_of(
                self.stars
                    .iter()
                    .fold(0, |mask, star| mask | (1 << star_number(Some(*star)))),
            ),
            prefectures: any_of(
                self.prefectures
                    .iter()
                    .fold(0, |mask, it| mask | (1 << prefecture_number(Some(*it)))),
            ),
            flags: self.flags.iter().fold(0, |mask, flag| mask | flag_bit(*flag)),
        }
    }
}

/// One mask for each dimension; −1 (all bits) or, for flags, 0 lets everything through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Masks {
    states: i64,
    stars: i64,
    prefectures: i64,
    flags: i64,
}

impl Masks {
    /// Whether a cell passes.
    pub(super) fn pass(self, cell: Cell) -> bool {
        self.pass_state(cell) && self.pass_star(cell) && self.pass_prefecture(cell) && self.pass_flags(cell)
    }

    pub(super) fn pass_state(self, cell: Cell) -> bool {
        self.states >> (cell.0 & 3) & 1 == 1
    }

    pub(super) fn pass_star(self, cell: Cell) -> bool {
        self.stars >> (cell.0 >> STAR_SHIFT & 3) & 1 == 1
    }

    pub(super) fn pass_prefecture(self, cell: Cell) -> bool {
        self.prefectures >> (cell.0 >> PREFECTURE_SHIFT & 63) & 1 == 1
    }

    pub(super) fn pass_flags(self, cell: Cell) -> bool {
        self.flags == 0 || cell.0 >> FLAGS_SHIFT & self.flags != 0
    }

    /// The masks as numbers, for a cursor.
    pub(super) fn numbers(self) -> [i64; 4] {
        [self.states, self.stars, self.prefectures, self.flags]
    }

    /// For each dimension that is narrowed, the words of the values that pass; see [`Cell::words`].
    pub(super) fn words(self) -> Vec<Vec<String>> {
        let mut dimensions = Vec::new();
        for (mask, everything, letter) in [
            (self.states, -1, 't'),
            (self.stars, -1, 'u'),
            (self.prefectures, -1, 'v'),
            (self.flags, 0, 'w'),
        ] {
            if mask != everything {
                dimensions.push(
                    (0..63)
                        .filter(|bit| mask >> bit & 1 == 1)
                        .map(|bit| format!("{letter}{bit}"))
                        .collect(),
                );
            }
        }
        dimensions
    }

    /// The condition on `d.cell`, beginning with ` AND`; only for the dimensions that are narrowed.
    pub(super) fn condition(self, sql: &mut Fragment) {
        let dimensions = [
            (
                self.states,
                " AND ((CAST(1 AS BIGINT) << CAST(d.cell & 3 AS INTEGER)) & ",
            ),
            (
                self.stars,
                " AND ((CAST(1 AS BIGINT) << CAST((d.cell >> 2) & 3 AS INTEGER)) & ",
            ),
            (
                self.prefectures,
                " AND ((CAST(1 AS BIGINT) << CAST((d.cell >> 4) & 63 AS INTEGER)) & ",
            ),
        ];
        for (mask, test) in dimensions {
            if mask != -1 {
                sql.text(test).bind(mask).text(") <> 0");
            }
        }
        if self.flags != 0 {
            sql.text(" AND ((d.cell >> 10) & ")
                .bind(self.flags)
                .text(") <> 0");
        }
    }
}

fn state_number(state: DeclarationState) -> i64 {
    match state {
        DeclarationState::Active => 0,
        DeclarationState::Stopped => 1,
        DeclarationState::Superseded => 2,
        DeclarationState::Merged => 3,
    }
}

fn star_number(star: Option<Star>) -> i64 {
    match star {
        None => 0,
        Some(Star::One) => 1,
        Some(Star::Two) => 2,
    }
}

/// The code of JIS X 0401 as a number: 1 to 47.
fn prefecture_number(prefecture: Option<Prefecture>) -> i64 {
    prefecture.map_or(0, |prefecture| {
        prefecture.code().parse().expect("a code is two digits")
    })
}

fn flag_bit(flag: FlagCode) -> i64 {
    let index = FlagCode::ALL
        .iter()
        .position(|it| *it == flag)
        .expect("ALL holds every flag");
    1 << index
}

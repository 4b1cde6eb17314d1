//! The cell of a declaration: its filter dimensions packed into one number, so that filters, counts and indexes share one column.
//!
//! Bits, from the lowest: see [`DIMENSIONS`] and [`FLAGS_SHIFT`]. A dimension has one value, 0 where it is unknown; flags have
//! one bit for each code, in the order of `FlagCode::ALL`, so a new code goes to the end of that list. A filter is one mask for
//! each dimension. The SQL tests are written as `… <> 0` on purpose: PostgreSQL then expects that nearly every row passes, and
//! never leaves an ordered index scan for it.

use domain::declaration::{
    ContactState, Declaration, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass,
};
use domain::value::{Industry, PledgeVersion, Prefecture, Star};

use crate::sql::Fragment;

/// What a filter narrows by and a facet counts, in the order of `DIMENSIONS`, flags last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// Where declarations stand.
    State,
    /// The star.
    Star,
    /// The prefecture.
    Prefecture,
    /// 業種.
    Industry,
    /// The size class.
    Size,
    /// The text that was pledged.
    Pledge,
    /// How it came into the register.
    Provenance,
    /// Whether it is shown in the public search.
    Published,
    /// Where the policy can be read.
    Policy,
    /// Whether there is somewhere to write to.
    Contact,
    /// Warning flags.
    Flag,
}

/// How many facets there are.
pub(super) const FACETS: usize = 11;
/// Values of a dimension and bits of the flags are below this.
pub(super) const VALUES: usize = 64;
const SINGLE: usize = FACETS - 1;
const FLAG: usize = Facet::Flag as usize;

impl Facet {
    /// All of them, in order.
    pub const ALL: [Self; FACETS] = [
        Self::State,
        Self::Star,
        Self::Prefecture,
        Self::Industry,
        Self::Size,
        Self::Pledge,
        Self::Provenance,
        Self::Published,
        Self::Policy,
        Self::Contact,
        Self::Flag,
    ];
}

/// A part of a cell that has one value.
struct Dimension {
    shift: u32,
    mask: i64,
    /// The first letter of its words in the search index: none of those that other words begin with.
    letter: char,
    /// The condition on `d.cell`, up to the mask of a filter.
    test: &'static str,
}

macro_rules! dimension {
    ($shift:literal, $mask:literal, $letter:literal) => {
        Dimension {
            shift: $shift,
            mask: $mask,
            letter: $letter,
            test: concat!(
                " AND ((CAST(1 AS BIGINT) << CAST((d.cell >> ",
                $shift,
                ") & ",
                $mask,
                " AS INTEGER)) & "
            ),
        }
    };
}

const DIMENSIONS: [Dimension; SINGLE] = [
    dimension!(0, 3, 't'),
    dimension!(2, 3, 'u'),
    dimension!(4, 63, 'v'),
    dimension!(32, 31, 'i'),
    dimension!(37, 7, 'k'),
    dimension!(40, 3, 'l'),
    dimension!(42, 3, 'o'),
    dimension!(44, 1, 'q'),
    dimension!(45, 3, 'r'),
    dimension!(47, 1, 'y'),
];
const FLAGS_SHIFT: u32 = 10;
/// So many flags have room below the dimensions that came after them.
const FLAGS_MASK: i64 = (1 << 22) - 1;
const FLAGS_LETTER: char = 'w';

/// The packed filter dimensions of one declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(pub i64);

impl Cell {
    /// The cell of a declaration that stands so.
    pub(super) fn of(declaration: &Declaration, state: DeclarationState) -> Self {
        let facts = &declaration.facts;
        let values = [
            state.number(),
            facts.star().number(),
            facts.prefecture().number(),
            declaration.industry().number(),
            declaration.size_class().number(),
            declaration.pledge().number(),
            declaration.provenance().number(),
            declaration.published.number(),
            declaration.policy_state().number(),
            declaration.contact_state().number(),
        ];
        let flags = declaration
            .flags
            .iter()
            .fold(0, |bits, flag| bits | 1 << flag.number());
        let cell = DIMENSIONS
            .iter()
            .zip(values)
            .fold(flags << FLAGS_SHIFT, |cell, (dimension, value)| {
                cell | i64::from(value) << dimension.shift
            });
        Self(cell)
    }

    /// The same in another state.
    pub(super) fn with_state(self, state: DeclarationState) -> Self {
        let Dimension { shift, mask, .. } = DIMENSIONS[Facet::State as usize];
        Self(self.0 & !(mask << shift) | i64::from(state.number()) << shift)
    }

    /// The number of its value in a dimension.
    fn value(self, facet: Facet) -> u32 {
        let Dimension { shift, mask, .. } = DIMENSIONS[facet as usize];
        u32::try_from(self.0 >> shift & mask).unwrap_or(0)
    }

    /// One bit for each flag that is up.
    fn flag_bits(self) -> i64 {
        self.0 >> FLAGS_SHIFT & FLAGS_MASK
    }

    /// The dimensions as words for the search index.
    pub(super) fn words(self) -> Vec<String> {
        let of_dimensions = DIMENSIONS
            .iter()
            .map(|it| format!("{}{}", it.letter, self.0 >> it.shift & it.mask));
        let flags = self.flag_bits();
        let of_flags = (0..VALUES).filter(|bit| flags >> bit & 1 == 1);
        of_dimensions
            .chain(of_flags.map(|bit| format!("{FLAGS_LETTER}{bit}")))
            .collect()
    }

    /// The state; `None` for a number that no state has.
    pub fn state(self) -> Option<DeclarationState> {
        DeclarationState::of_number(self.value(Facet::State))
    }

    /// The star, if it is known.
    pub fn star(self) -> Option<Star> {
        Option::of_number(self.value(Facet::Star)).flatten()
    }

    /// The prefecture, if it is known.
    pub fn prefecture(self) -> Option<Prefecture> {
        Option::of_number(self.value(Facet::Prefecture)).flatten()
    }

    /// 業種, if it is known.
    pub fn industry(self) -> Option<Industry> {
        Option::of_number(self.value(Facet::Industry)).flatten()
    }

    /// The size class.
    pub fn size(self) -> SizeClass {
        SizeClass::of_number(self.value(Facet::Size)).unwrap_or(SizeClass::Unknown)
    }

    /// The text that was pledged, if it is known.
    pub fn pledge(self) -> Option<PledgeVersion> {
        Option::of_number(self.value(Facet::Pledge)).flatten()
    }

    /// How it came into the register.
    pub fn provenance(self) -> Provenance {
        Provenance::of_number(self.value(Facet::Provenance)).unwrap_or(Provenance::Import)
    }

    /// Whether it is shown in the public search.
    pub fn published(self) -> bool {
        self.value(Facet::Published) == 1
    }

    /// Where the policy can be read.
    pub fn policy(self) -> PolicyState {
        PolicyState::of_number(self.value(Facet::Policy)).unwrap_or(PolicyState::None)
    }

    /// Whether there is somewhere to write to.
    pub fn contact(self) -> ContactState {
        ContactState::of_number(self.value(Facet::Contact)).unwrap_or(ContactState::None)
    }

    /// One bit for each flag that is up, in the order of `FlagCode::ALL`.
    pub fn flag_mask(self) -> u32 {
        u32::try_from(self.flag_bits()).unwrap_or(0)
    }

    /// The flags, in the order of `FlagCode::ALL`.
    pub fn flags(self) -> impl Iterator<Item = FlagCode> {
        let bits = self.flag_bits();
        FlagCode::ALL
            .iter()
            .copied()
            .filter(move |flag| bits >> flag.number() & 1 == 1)
    }
}

/// A value of a dimension as a number below [`VALUES`]. Stored: another number means a rebuild.
pub(super) trait Numbered: Sized {
    fn number(self) -> u32;
    fn of_number(number: u32) -> Option<Self>;
}

/// Enums without an unknown value are numbered from 0 in the order of `ALL`, so new values come last.
macro_rules! numbered {
    ($($name:ty),+) => {$(
        impl Numbered for $name {
            fn number(self) -> u32 {
                Self::ALL.iter().zip(0..).find(|(it, _)| **it == self).map_or(0, |(_, number)| number)
            }

            fn of_number(number: u32) -> Option<Self> {
                Self::ALL.get(number as usize).copied()
            }
        }
    )+};
}

/// Those with one are numbered from 1: 0 is unknown.
macro_rules! numbered_or_unknown {
    ($($name:ty),+) => {$(
        impl Numbered for Option<$name> {
            fn number(self) -> u32 {
                let known = self.and_then(|value| {
                    <$name>::ALL.iter().zip(1..).find(|(it, _)| **it == value)
                });
                known.map_or(0, |(_, number)| number)
            }

            fn of_number(number: u32) -> Option<Self> {
                match number.checked_sub(1) {
                    None => Some(None),
                    Some(place) => <$name>::ALL.get(place as usize).copied().map(Some),
                }
            }
        }
    )+};
}

numbered!(
    DeclarationState,
    SizeClass,
    Provenance,
    PolicyState,
    ContactState,
    FlagCode
);
numbered_or_unknown!(Star, PledgeVersion);

impl Numbered for bool {
    fn number(self) -> u32 {
        self.into()
    }

    fn of_number(number: u32) -> Option<Self> {
        Some(number == 1)
    }
}

/// The code of JIS X 0401: 1 to 47.
impl Numbered for Option<Prefecture> {
    fn number(self) -> u32 {
        self.map_or(0, |it| it.code().parse().expect("a code is two digits"))
    }

    fn of_number(number: u32) -> Option<Self> {
        if number == 0 {
            return Some(None);
        }
        Prefecture::all().nth(number as usize - 1).map(Some)
    }
}

/// A is 1.
impl Numbered for Option<Industry> {
    fn number(self) -> u32 {
        self.map_or(0, |it| u32::from(it.letter()) - u32::from('A') + 1)
    }

    fn of_number(number: u32) -> Option<Self> {
        if number == 0 {
            return Some(None);
        }
        Industry::all().nth(number as usize - 1).map(Some)
    }
}

/// One mask for each facet: −1 (all bits) or, for flags, 0 lets everything through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Masks([i64; FACETS]);

impl Masks {
    /// Everything passes.
    pub(super) const ALL: Self = Self([-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0]);

    /// Only these values pass; none: all do.
    pub(super) fn only<T: Numbered>(&mut self, facet: Facet, values: impl IntoIterator<Item = T>) {
        let mask = values.into_iter().fold(0, |mask, it| mask | 1 << it.number());
        if mask != 0 {
            self.0[facet as usize] = mask;
        }
    }

    /// Whether anything is narrowed.
    pub(super) fn are_narrow(self) -> bool {
        self != Self::ALL
    }

    /// Whether this facet is narrowed.
    pub(super) fn narrow(self, facet: Facet) -> bool {
        self.0[facet as usize] != Self::ALL.0[facet as usize]
    }

    /// Whether a cell passes.
    pub(super) fn pass(self, cell: Cell) -> bool {
        Facet::ALL.iter().all(|facet| self.pass_in(*facet, cell))
    }

    /// Whether a cell passes as far as this facet goes.
    fn pass_in(self, facet: Facet, cell: Cell) -> bool {
        let mask = self.0[facet as usize];
        match facet {
            Facet::Flag => mask == 0 || cell.flag_bits() & mask != 0,
            _ => mask >> cell.value(facet) & 1 == 1,
        }
    }

    /// The masks as numbers, for a cursor.
    pub(super) const fn numbers(self) -> [i64; FACETS] {
        self.0
    }

    /// For each dimension that is narrowed, the words of the values that pass; see [`Cell::words`].
    pub(super) fn words(self) -> Vec<Vec<String>> {
        let letters = DIMENSIONS.iter().map(|it| it.letter).chain([FLAGS_LETTER]);
        let narrowed = Facet::ALL
            .into_iter()
            .zip(letters)
            .filter(|(it, _)| self.narrow(*it));
        let words = |(facet, letter): (Facet, char)| -> Vec<String> {
            let mask = self.0[facet as usize];
            let values = (0..VALUES).filter(move |value| mask >> value & 1 == 1);
            values.map(|value| format!("{letter}{value}")).collect()
        };
        narrowed.map(words).collect()
    }

    /// The condition on `d.cell`, beginning with ` AND`; only for the dimensions that are narrowed.
    pub(super) fn condition(self, sql: &mut Fragment) {
        for (facet, dimension) in Facet::ALL.into_iter().zip(&DIMENSIONS) {
            if self.narrow(facet) {
                sql.text(dimension.test)
                    .bind(self.0[facet as usize])
                    .text(") <> 0");
            }
        }
        if self.narrow(Facet::Flag) {
            sql.text(" AND ((d.cell >> 10) & ")
                .bind(self.0[FLAG])
                .text(") <> 0");
        }
    }
}

/// How many of something have each value of each facet.
#[derive(Clone, Debug)]
pub(super) struct Tally([[u64; VALUES]; FACETS]);

impl Default for Tally {
    fn default() -> Self {
        Self([[0; VALUES]; FACETS])
    }
}

impl Tally {
    /// Adds a cell to the facets whose other facets it passes: those are the values that a reader could choose there.
    pub(super) fn add(&mut self, masks: Masks, cell: Cell, count: u64) {
        let mut failed = None;
        for facet in Facet::ALL {
            if masks.narrow(facet) && !masks.pass_in(facet, cell) {
                if failed.is_some() {
                    return;
                }
                failed = Some(facet);
            }
        }
        match failed {
            Some(facet) => self.add_in(facet, cell, count),
            None => Facet::ALL
                .into_iter()
                .for_each(|facet| self.add_in(facet, cell, count)),
        }
    }

    fn add_in(&mut self, facet: Facet, cell: Cell, count: u64) {
        let values = &mut self.0[facet as usize];
        if facet == Facet::Flag {
            let mut bits = cell.flag_bits();
            while bits != 0 {
                values[bits.trailing_zeros() as usize] += count;
                bits &= bits - 1;
            }
        } else {
            values[cell.value(facet) as usize] += count;
        }
    }

    /// Takes this facet from another tally.
    pub(super) fn take(&mut self, facet: Facet, other: &Self) {
        self.0[facet as usize] = other.0[facet as usize];
    }

    /// Everything so many times as often.
    pub(super) fn scale(&mut self, numerator: u64, denominator: u64) {
        let denominator = u128::from(denominator.max(1));
        for count in self.0.iter_mut().flatten() {
            let scaled = (u128::from(*count) * u128::from(numerator) + denominator / 2) / denominator;
            *count = scaled.try_into().unwrap_or(u64::MAX);
        }
    }

    /// The values that anything has, in the order of their numbers, with how many have them.
    pub(super) fn of<T: Numbered>(&self, facet: Facet) -> Vec<(T, u64)> {
        let counted = self.0[facet as usize]
            .iter()
            .zip(0..)
            .filter(|(count, _)| **count > 0);
        counted
            .filter_map(|(count, number)| T::of_number(number).map(|value| (value, *count)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_and_flags_share_no_bit_and_no_letter() {
        let mut taken = FLAGS_MASK << FLAGS_SHIFT;
        let mut letters = String::from("ncpdsx")
            .chars()
            .chain([FLAGS_LETTER])
            .collect::<Vec<_>>();
        for dimension in &DIMENSIONS {
            let bits = dimension.mask << dimension.shift;
            assert_eq!(taken & bits, 0, "{}", dimension.letter);
            assert!(!letters.contains(&dimension.letter), "{}", dimension.letter);
            taken |= bits;
            letters.push(dimension.letter);
        }
        assert!(taken > 0, "PostgreSQL and SQLite count with signed numbers");
        assert!(FlagCode::ALL.len() <= 22, "flags need more bits: move the others");
    }

    #[test]
    fn every_value_has_a_number_of_its_own_that_fits() {
        fn check<T: Numbered + Copy + PartialEq + std::fmt::Debug>(facet: Facet, values: Vec<T>) {
            let most = DIMENSIONS[facet as usize].mask;
            for value in values {
                assert!(i64::from(value.number()) <= most, "{value:?}");
                assert_eq!(T::of_number(value.number()), Some(value));
            }
        }
        check(Facet::State, DeclarationState::ALL.to_vec());
        check(
            Facet::Star,
            [None]
                .into_iter()
                .chain(Star::ALL.iter().copied().map(Some))
                .collect(),
        );
        check(
            Facet::Prefecture,
            [None].into_iter().chain(Prefecture::all().map(Some)).collect(),
        );
        check(
            Facet::Industry,
            [None].into_iter().chain(Industry::all().map(Some)).collect(),
        );
        check(Facet::Size, SizeClass::ALL.to_vec());
        check(
            Facet::Pledge,
            [None]
                .into_iter()
                .chain(PledgeVersion::ALL.iter().copied().map(Some))
                .collect(),
        );
        check(Facet::Provenance, Provenance::ALL.to_vec());
        check(Facet::Published, vec![false, true]);
        check(Facet::Policy, PolicyState::ALL.to_vec());
        check(Facet::Contact, ContactState::ALL.to_vec());
    }
}

//! What is known of the declarations before a row: in the register, and in the file as far as it is not there yet.
//!
//! A dry run keeps all of a file here, so each row takes as little as it can: about 150 bytes.

use std::collections::{HashMap, HashSet};

use domain::OrganizationId;
use domain::legacy_register::{Earlier, LegacyRow, RowReading};
use domain::value::{DeclarationNo, EntityType};
use storage::register_index::Indexed;

use super::take::NumberedRow;

type DeclarationKey = [u8; 11];
type CorporateKey = [u8; 13];

/// What is known of the rows before: in the register, and in this file as far as it is not in the register yet.
#[derive(Default)]
pub(super) struct Before {
    numbers: HashMap<DeclarationKey, Known>,
    /// Whose declarations have a valid corporate number.
    corporate_numbers: HashMap<CorporateKey, Holder>,
    /// The same for the numbers of sole traders, which may be about a person: the index does not hold them, so they are
    /// kept for the whole file.
    sole_traders_numbers: HashMap<CorporateKey, Holder>,
    /// Corporate numbers of rows of this file that may not be in the log yet.
    on_their_way: HashSet<CorporateKey>,
}

/// What stands under a declaration number.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// None when it was not imported.
    pub(super) fingerprint: Option<[u8; 32]>,
    pub(super) holder: Holder,
}

/// Whose declarations stand under a corporate number, and whether one of them is live.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    pub(super) organization: OrganizationId,
    pub(super) live: bool,
}

impl Before {
    /// What a row finds under its declaration number.
    pub(super) fn earlier(&self, number: &DeclarationNo, fingerprint: [u8; 32]) -> (Earlier, Option<Holder>) {
        match self.numbers.get(&key(number.as_str())) {
            None => (Earlier::Never, None),
            Some(known) if known.fingerprint == Some(fingerprint) => (Earlier::SameRow, Some(known.holder)),
            Some(known) => (Earlier::OtherContent, Some(known.holder)),
        }
    }

    /// Who holds the corporate number of a row.
    pub(super) fn holder(&self, row: &LegacyRow) -> Option<Holder> {
        let number = key(row.corporate_number()?.as_str());
        let found = [
            self.corporate_numbers.get(&number),
            self.sole_traders_numbers.get(&number),
        ];
        found.into_iter().flatten().copied().reduce(Holder::and)
    }

    /// Whether an earlier row with the corporate number of this one may not be in the log yet.
    pub(super) fn follows_one_on_its_way(&self, row: &LegacyRow) -> bool {
        let number = row.corporate_number();
        number.is_some_and(|number| self.on_their_way.contains(&key(number.as_str())))
    }

    /// Adds a declaration of the register.
    pub(super) fn add_indexed(&mut self, indexed: &Indexed) {
        let known = self.numbers.entry(key(&indexed.declaration_no));
        known.or_insert_with(|| Known::of(indexed));
    }

    /// Adds who holds a corporate number of the register.
    pub(super) fn add_holder(&mut self, indexed: &Indexed) {
        if let Some(number) = &indexed.corporate_number {
            hold(&mut self.corporate_numbers, key(number), Holder::of(indexed));
        }
    }

    /// Adds a row that was accepted.
    pub(super) fn add_row(&mut self, row: &LegacyRow, known: Known) {
        self.numbers.insert(key(row.number().as_str()), known);
        if row.entity_type() == EntityType::SoleTrader {
            self.hold_for_sole_trader(row, known.holder);
        } else if let Some(number) = row.corporate_number() {
            let number = key(number.as_str());
            hold(&mut self.corporate_numbers, number, known.holder);
            self.on_their_way.insert(number);
        }
    }

    /// Adds the number of a sole trader, which nothing else tells the rows after it.
    pub(super) fn hold_for_sole_trader(&mut self, row: &LegacyRow, holder: Holder) {
        if row.entity_type() == EntityType::SoleTrader
            && let Some(number) = row.corporate_number()
        {
            hold(&mut self.sole_traders_numbers, key(number.as_str()), holder);
        }
    }

    /// Adds what is known of these rows from the chunk that is not in the register yet.
    pub(super) fn include(&mut self, in_flight: &Self, rows: &[NumberedRow]) {
        for row in rows {
            let RowReading::Accepted(row, _) = &row.reading else {
                continue;
            };
            let number = key(row.number().as_str());
            if let Some(known) = in_flight.numbers.get(&number) {
                self.numbers.entry(number).or_insert(*known);
            }
            let Some(number) = row.corporate_number().map(|number| key(number.as_str())) else {
                continue;
            };
            if let Some(holder) = in_flight.corporate_numbers.get(&number) {
                hold(&mut self.corporate_numbers, number, *holder);
            }
            if in_flight.on_their_way.contains(&number) {
                self.on_their_way.insert(number);
            }
        }
    }

    /// Takes out what the index will tell once the chunk is in the log.
    pub(super) fn set_indexed_aside(&mut self) -> Self {
        Self {
            numbers: std::mem::take(&mut self.numbers),
            corporate_numbers: std::mem::take(&mut self.corporate_numbers),
            sole_traders_numbers: HashMap::new(),
            on_their_way: std::mem::take(&mut self.on_their_way),
        }
    }
}

/// The digits of a number, without the two words that a text would need beside them.
fn key<const DIGITS: usize>(number: &str) -> [u8; DIGITS] {
    let mut key = [0; DIGITS];
    for (place, digit) in key.iter_mut().zip(number.bytes()) {
        *place = digit;
    }
    key
}

fn hold(holders: &mut HashMap<CorporateKey, Holder>, number: CorporateKey, holder: Holder) {
    let known = holders.entry(number).or_insert(holder);
    *known = known.and(holder);
}

impl Holder {
    pub(super) const fn of(indexed: &Indexed) -> Self {
        Self {
            organization: indexed.organization_id,
            live: indexed.live,
        }
    }

    /// The first one's organisation; a live declaration counts more than one that has ended.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            organization: self.organization,
            live: self.live || other.live,
        }
    }
}

impl Known {
    fn of(indexed: &Indexed) -> Self {
        let mut bytes = [0; 32];
        let fingerprint = indexed
            .fingerprint
            .as_deref()
            .is_some_and(|text| hex::decode_to_slice(text, &mut bytes).is_ok());
        Self {
            fingerprint: fingerprint.then_some(bytes),
            holder: Holder::of(indexed),
        }
    }
}

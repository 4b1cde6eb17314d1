//! What is known of the declarations before a row, as far as it matters for one chunk: from the register, from the scratch
//! index, and of rows that are still on their way into the log.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::OrganizationId;
use domain::legacy_register::{Earlier, LegacyRow, RowReading};
use domain::value::{DeclarationNo, EntityType};
use storage::register_index::Indexed;

use super::take::NumberedRow;

/// What is known of the rows before.
#[derive(Default)]
pub(super) struct Before {
    numbers: HashMap<String, Known>,
    /// Whose declarations have a valid corporate number.
    corporate_numbers: HashMap<String, Holder>,
    /// The same for the numbers of sole traders, which may be about a person: the register's index does not hold them.
    sole_traders_numbers: HashMap<String, Holder>,
    /// Corporate numbers of rows of this file that may not be in the log yet.
    on_their_way: HashSet<String>,
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
        match self.numbers.get(number.as_str()) {
            None => (Earlier::Never, None),
            Some(known) if known.fingerprint == Some(fingerprint) => (Earlier::SameRow, Some(known.holder)),
            Some(known) => (Earlier::OtherContent, Some(known.holder)),
        }
    }

    /// Who holds the corporate number of a row, whoever that is.
    pub(super) fn holder(&self, row: &LegacyRow) -> Option<Holder> {
        let number = row.corporate_number()?;
        let company = self.corporate_numbers.get(number.as_str()).copied();
        company
            .into_iter()
            .chain(self.sole_trader(row))
            .reduce(Holder::and)
    }

    /// Which sole traders hold the corporate number of a row.
    pub(super) fn sole_trader(&self, row: &LegacyRow) -> Option<Holder> {
        let number = row.corporate_number()?;
        self.sole_traders_numbers.get(number.as_str()).copied()
    }

    /// Whether an earlier row with the corporate number of this one may not be in the log yet.
    pub(super) fn follows_one_on_its_way(&self, row: &LegacyRow) -> bool {
        let number = row.corporate_number();
        number.is_some_and(|number| self.on_their_way.contains(number.as_str()))
    }

    /// Adds a declaration of an index.
    pub(super) fn add_indexed(&mut self, indexed: &Indexed, today: NaiveDate) {
        let known = self.numbers.entry(indexed.declaration_no.clone());
        known.or_insert_with(|| Known::of(indexed, today));
    }

    /// Adds who holds a corporate number.
    pub(super) fn add_holder(&mut self, number: &str, holder: Holder) {
        hold(&mut self.corporate_numbers, number, holder);
    }

    /// Adds a sole trader who holds a corporate number.
    pub(super) fn add_sole_trader(&mut self, number: &str, holder: Holder) {
        hold(&mut self.sole_traders_numbers, number, holder);
    }

    /// Adds a row that was accepted.
    pub(super) fn add_row(&mut self, row: &LegacyRow, known: Known) {
        self.numbers.insert(row.number().as_str().to_owned(), known);
        let Some(number) = row.corporate_number() else {
            return;
        };
        if row.entity_type() == EntityType::SoleTrader {
            self.add_sole_trader(number.as_str(), known.holder);
        } else {
            self.add_holder(number.as_str(), known.holder);
            self.on_their_way.insert(number.as_str().to_owned());
        }
    }

    /// Adds what is known of these rows from the chunk that may not be in the log yet.
    pub(super) fn include(&mut self, in_flight: &Self, rows: &[NumberedRow]) {
        for row in rows {
            let RowReading::Accepted(row, _) = &row.reading else {
                continue;
            };
            let number = row.number().as_str();
            if let Some(known) = in_flight.numbers.get(number) {
                self.numbers.entry(number.to_owned()).or_insert(*known);
            }
            let Some(number) = row.corporate_number() else {
                continue;
            };
            let number = number.as_str();
            if let Some(holder) = in_flight.corporate_numbers.get(number) {
                self.add_holder(number, *holder);
            }
            if in_flight.on_their_way.contains(number) {
                self.on_their_way.insert(number.to_owned());
            }
        }
    }
}

fn hold(holders: &mut HashMap<String, Holder>, number: &str, holder: Holder) {
    let known = holders.entry(number.to_owned()).or_insert(holder);
    *known = known.and(holder);
}

impl Holder {
    pub(super) fn of(indexed: &Indexed, today: NaiveDate) -> Self {
        Self {
            organization: indexed.organization_id,
            live: indexed.live_on(today),
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
    fn of(indexed: &Indexed, today: NaiveDate) -> Self {
        let mut bytes = [0; 32];
        let fingerprint = indexed
            .fingerprint
            .as_deref()
            .is_some_and(|text| hex::decode_to_slice(text, &mut bytes).is_ok());
        Self {
            fingerprint: fingerprint.then_some(bytes),
            holder: Holder::of(indexed, today),
        }
    }
}

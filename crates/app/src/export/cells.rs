//! What stands in the columns of one record, and which persons it tells of.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::{Declaration, Fact, Field, FieldValue, Role};
use domain::export::Column;
use storage::declaration::{DeclarationRow, RowName};

use super::words;
use crate::PersonalPart;
use crate::clock::day_in_japan;

/// What stands in one cell. It cannot be printed: it may be about a person.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Day(NaiveDate),
    Number(i64),
}

/// One line of a file.
pub(super) struct Line {
    /// Which record.
    pub(super) id: DeclarationId,
    /// Its number, for whoever looks for it.
    pub(super) number: String,
    pub(super) cells: Vec<Cell>,
    /// What is about persons in it.
    pub(super) reveals: BTreeSet<PersonalPart>,
}

impl Line {
    /// `record`: the record on the day of the list, where a column needs it. `may_see`: whether the reader may see what is personal.
    pub(super) fn of(
        columns: &[Column],
        row: &DeclarationRow,
        record: Option<&Declaration>,
        may_see: bool,
    ) -> Self {
        let mut reveals = BTreeSet::new();
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            cells.push(match column.from_history() {
                Some(field) => of_record(field, record, may_see, &mut reveals),
                None => of_row(*column, row, may_see, &mut reveals),
            });
        }
        Self {
            id: row.id,
            number: row.number.clone(),
            cells,
            reveals,
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    let text = text.into();
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text)
    }
}

fn or_empty(value: Option<&str>) -> Cell {
    value.map_or(Cell::Empty, text)
}

fn of_row(column: Column, row: &DeclarationRow, may_see: bool, reveals: &mut BTreeSet<PersonalPart>) -> Cell {
    match column {
        Column::Name => name(row, false, may_see, reveals),
        Column::Kana => name(row, true, may_see, reveals),
        Column::Number => text(&*row.number),
        Column::TradeName => or_empty(row.trade_name.as_deref()),
        Column::EntityType => text(words::entity(row.entity_type)),
        Column::CorporateNumber => or_empty(row.corporate_number.as_deref()),
        Column::Star => text(words::star(row.star)),
        Column::State => text(words::state(row.state)),
        Column::DeclaredOn => Cell::Day(row.declared_on),
        Column::StoppedOn => row.stopped_on.map_or(Cell::Empty, Cell::Day),
        Column::Prefecture => or_empty(row.prefecture.map(domain::value::Prefecture::name)),
        Column::City => or_empty(row.city.as_deref()),
        Column::Industry => or_empty(row.industry.map(domain::value::Industry::name)),
        Column::Size => text(words::size(row.size)),
        Column::Pledge => text(words::pledge(row.pledge)),
        Column::Origin => text(words::origin(row.provenance)),
        Column::Published => text(words::published(row.published)),
        Column::Policy => text(words::policy(row.policy)),
        Column::Contact => text(words::contact(row.contact)),
        Column::Flags => {
            let flags: Vec<_> = row.flags.iter().map(|flag| words::flag(*flag)).collect();
            text(flags.join("、"))
        }
        Column::ChangedAt => Cell::Day(day_in_japan(row.changed_at)),
        // The others come from the record.
        _ => Cell::Empty,
    }
}

fn name(row: &DeclarationRow, kana: bool, may_see: bool, reveals: &mut BTreeSet<PersonalPart>) -> Cell {
    match &row.name {
        RowName::Organization { name, .. } if !kana => text(&**name),
        RowName::Organization { kana, .. } => or_empty(kana.as_deref()),
        RowName::Forgotten { .. } => text(words::FORGOTTEN),
        RowName::Person { .. } if !may_see => text(words::SOLE_TRADER),
        RowName::Person {
            name, kana: reading, ..
        } => {
            let shown = if kana { reading.as_ref() } else { Some(name) };
            let Some(shown) = shown else { return Cell::Empty };
            reveals.insert(PersonalPart::SoleTraderName);
            text(shown.reveal().as_str())
        }
    }
}

fn of_record(
    field: Field,
    record: Option<&Declaration>,
    may_see: bool,
    reveals: &mut BTreeSet<PersonalPart>,
) -> Cell {
    match record.and_then(|record| record.facts.get(field)) {
        Some(Fact::Public(value)) => of_value(field, value),
        Some(Fact::Forgotten(_)) => text(words::FORGOTTEN),
        Some(Fact::Personal(subject, value)) if may_see => {
            reveals.insert(part_of(subject.role));
            of_value(field, value.reveal())
        }
        Some(Fact::Personal(..)) | None => Cell::Empty,
    }
}

const fn part_of(role: Role) -> PersonalPart {
    match role {
        Role::Representative => PersonalPart::Representative,
        Role::Contact => PersonalPart::Contact,
        // The name is not among the columns that come from the record.
        Role::SoleTrader => PersonalPart::Premises,
        Role::Remarks => PersonalPart::FreeText,
    }
}

/// Numbers as numbers; digits that are no number, such as a postal code, in their normal form; everything else as it was typed.
fn of_value(field: Field, value: &FieldValue) -> Cell {
    match field {
        Field::Employees | Field::CapitalYen => {
            let number = value.value().and_then(|value| value.parse().ok());
            number.map_or_else(|| text(value.typed()), Cell::Number)
        }
        Field::PostalCode | Field::ContactPhone | Field::ContactEmail => {
            text(value.value().unwrap_or(value.typed()))
        }
        _ => text(value.typed()),
    }
}

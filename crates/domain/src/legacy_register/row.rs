//! One row: what can be said of it alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    columns::{Columns, HEADINGS, STOPPED_ON, heading},
    standing,
};
use crate::{
    declaration::{
        Facts, Field, FieldValue, FlagCode, Standing, Subjects, assess, name_with_hidden_characters,
    },
    fold::fold,
    personal::Personal,
    value::{CorporateNumber, DeclarationNo, DeclarationNoError, EntityType, parse_date, plain},
    wire::wire_enum,
};

wire_enum! {
    /// Why a row is refused.
    RefusalCode {
        /// More or fewer cells than the heading.
        RaggedRow = "ragged_row",
        /// No number.
        DeclarationNoMissing = "declaration_no_missing",
        /// Not 11 digits beginning with 4 or 5.
        DeclarationNoShape = "declaration_no_shape",
        /// The number was accepted before with other content.
        DeclarationNoConflict = "declaration_no_conflict",
        /// No name.
        NameMissing = "name_missing",
        /// No date, or one that the calendar or the era does not have.
        DeclaredOnUnreadable = "declared_on_unreadable",
        /// Neither one star nor two.
        StarUnknown = "star_unknown",
        /// A cell that no column of a register could fill.
        CellTooLong = "cell_too_long",
    }
}

/// What a row reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowReading {
    /// It can be taken over, with these warnings.
    Accepted(Box<LegacyRow>, Vec<Warning>),
    /// It cannot.
    Refused(Refusal),
}

/// Why a row cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// Heading of the column; `None` when it is about the whole row.
    pub column: Option<&'static str>,
    /// What stands there. For the report; it may be about a person.
    pub found: Personal<String>,
}

/// What is doubtful about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub flag: FlagCode,
    /// Heading of the column.
    pub column: &'static str,
    /// What stands there. For the report; it may be about a person.
    pub found: Personal<String>,
}

/// A row that can be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyRow {
    pub(super) number: DeclarationNo,
    declared_on: NaiveDate,
    entity: EntityType,
    values: BTreeMap<Field, FieldValue>,
    standing: Standing,
    flags: Vec<FlagCode>,
    /// The cells in canonical order, each after its length: what a fingerprint is made of.
    bytes: Personal<Vec<u8>>,
}

/// The cells of a row in the order of [`HEADINGS`].
pub(super) struct Cells<'a>(pub(super) [&'a str; 29]);

impl<'a> Cells<'a> {
    fn of(&self, field: Field) -> &'a str {
        heading(field)
            .and_then(|heading| HEADINGS.iter().position(|known| *known == heading))
            .map_or("", |at| self.0[at])
    }

    pub(super) const fn state(&self) -> &'a str {
        self.0[26]
    }

    pub(super) const fn stopped_on(&self) -> &'a str {
        self.0[27]
    }
}

impl Columns {
    /// Reads everything about a row that needs no look-up.
    pub fn read_row<S: AsRef<str>>(&self, cells: &[S]) -> RowReading {
        let Some(cells) = self.in_order(cells).map(Cells) else {
            let found = Personal::new(cells.len().to_string());
            return RowReading::Refused(Refusal {
                code: RefusalCode::RaggedRow,
                column: None,
                found,
            });
        };
        match read(&cells) {
            Ok(row) => {
                let warnings = row.flags.iter().map(|flag| warning(*flag, &cells)).collect();
                RowReading::Accepted(Box::new(row), warnings)
            }
            Err((code, field)) => {
                let mut found = cells.of(field).to_owned();
                if code == RefusalCode::CellTooLong {
                    found = found.chars().take(SHOWN_OF_TOO_LONG).collect();
                }
                let found = Personal::new(found);
                RowReading::Refused(Refusal {
                    code,
                    column: heading(field),
                    found,
                })
            }
        }
    }
}

/// The order of the checks is the order in which a row is refused.
fn read(cells: &Cells<'_>) -> Result<LegacyRow, (RefusalCode, Field)> {
    let number = DeclarationNo::parse(cells.of(Field::DeclarationNo)).map_err(|error| {
        let code = match error {
            DeclarationNoError::Missing => RefusalCode::DeclarationNoMissing,
            DeclarationNoError::Shape => RefusalCode::DeclarationNoShape,
        };
        (code, Field::DeclarationNo)
    })?;
    if plain::is_blank(cells.of(Field::Name)) {
        return Err((RefusalCode::NameMissing, Field::Name));
    }
    let declared_on = parse_date(cells.of(Field::DeclaredOn))
        .map_err(|_| (RefusalCode::DeclaredOnUnreadable, Field::DeclaredOn))?;
    let values: BTreeMap<Field, FieldValue> = Field::ALL
        .iter()
        .filter_map(|field| Some((*field, FieldValue::read(*field, cells.of(*field))?)))
        .collect();
    if values.get(&Field::Star).and_then(FieldValue::value).is_none() {
        return Err((RefusalCode::StarUnknown, Field::Star));
    }
    if let Some(field) = too_long(cells) {
        return Err((RefusalCode::CellTooLong, field));
    }
    let entity = entity_type(cells);
    let standing = standing::read(cells);
    let flags = assess(entity, |field| values.get(&field), standing.stop)
        .into_iter()
        .collect();
    Ok(LegacyRow {
        number,
        declared_on,
        entity,
        values,
        standing,
        flags,
        bytes: Personal::new(bytes(cells)),
    })
}

/// Characters of a cell that is too long, as a report shows it.
const SHOWN_OF_TOO_LONG: usize = 100;
/// Characters of a cell.
const LONGEST: usize = 2_000;
/// Characters of remarks.
const LONGEST_REMARKS: usize = 20_000;

/// The first field with more than anybody would type: a file that was put together wrongly, or that is meant to choke whoever reads it.
fn too_long(cells: &Cells<'_>) -> Option<Field> {
    let is_longer = |field: &&Field| {
        let longest = if **field == Field::Remarks {
            LONGEST_REMARKS
        } else {
            LONGEST
        };
        let cell = cells.of(**field);
        cell.len() > longest && cell.chars().count() > longest
    };
    Field::ALL.iter().find(is_longer).copied()
}

/// What kind of declarer. Where the column does not say, the name and the number do; and where these do not either, it is
/// taken for a sole trader, whose data is sealed: the mistake that harms nobody.
fn entity_type(cells: &Cells<'_>) -> EntityType {
    let said = EntityType::parse(cells.of(Field::EntityType));
    said.unwrap_or_else(|| {
        let name = fold(cells.of(Field::Name));
        let numbered = CorporateNumber::parse(cells.of(Field::CorporateNumber)).is_ok();
        if name.contains("会社") {
            EntityType::Corporation
        } else if name.contains("法人") || name.contains("組合") {
            EntityType::OtherBody
        } else if numbered {
            EntityType::Corporation
        } else {
            EntityType::SoleTrader
        }
    })
}

fn bytes(cells: &Cells<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for cell in cells.0 {
        bytes.extend_from_slice(&(cell.len() as u64).to_le_bytes());
        bytes.extend_from_slice(cell.as_bytes());
    }
    bytes
}

fn warning(flag: FlagCode, cells: &Cells<'_>) -> Warning {
    let field = match flag {
        FlagCode::IndustryUnknown => Field::Industry,
        FlagCode::EmployeesMissing | FlagCode::EmployeesUnreadable => Field::Employees,
        FlagCode::PolicyMissing | FlagCode::PolicyNotUrl => Field::PolicyUrl,
        // The last two are raised by what is decided later, never by a row.
        FlagCode::EmailMissing
        | FlagCode::EmailUnreadable
        | FlagCode::EmailNotRfc
        | FlagCode::ProxySuspected
        | FlagCode::ContactUnreachable => Field::ContactEmail,
        FlagCode::NameCharacters => {
            name_with_hidden_characters(|field| cells.of(field)).unwrap_or(Field::Name)
        }
        FlagCode::StoppedDateMissing => {
            return Warning {
                flag,
                column: STOPPED_ON,
                found: Personal::new(cells.stopped_on().to_owned()),
            };
        }
        FlagCode::CorporateNumberMissing
        | FlagCode::CorporateNumberLength
        | FlagCode::CorporateNumberCheckDigit
        | FlagCode::CorporateNumberDuplicate => Field::CorporateNumber,
    };
    Warning {
        flag,
        column: heading(field).unwrap_or_default(),
        found: Personal::new(cells.of(field).to_owned()),
    }
}

impl LegacyRow {
    /// The declaration number, by which earlier rows are looked up.
    pub const fn number(&self) -> &DeclarationNo {
        &self.number
    }

    /// 宣言日, from which the row holds.
    pub const fn declared_on(&self) -> NaiveDate {
        self.declared_on
    }

    /// 区分, or what the row lets conclude.
    pub const fn entity_type(&self) -> EntityType {
        self.entity
    }

    /// The corporate number, when it is one: by it other declarations of the same declarer are looked up.
    pub fn corporate_number(&self) -> Option<CorporateNumber> {
        self.value(Field::CorporateNumber)?.parse().ok()
    }

    /// The normal form of a field; `None` when it is empty or cannot be read.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.get(&field).and_then(FieldValue::value)
    }

    /// What was typed into a field; empty when nothing was.
    pub fn typed(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", FieldValue::typed)
    }

    /// Whether the old register called it live, as read and as typed.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The warnings of the row alone.
    pub fn flags(&self) -> &[FlagCode] {
        &self.flags
    }

    /// What identifies the row in every field: feed it to a keyed hash for the fingerprint.
    pub const fn fingerprint_bytes(&self) -> &Personal<Vec<u8>> {
        &self.bytes
    }

    /// The facts, with whose key each is sealed.
    pub fn facts(&self, subjects: Subjects) -> Facts {
        let mut facts = Facts::new(self.entity, subjects);
        for (field, value) in &self.values {
            facts.set(*field, Some(value.clone()));
        }
        facts
    }
}

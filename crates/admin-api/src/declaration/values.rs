//! Values of a declaration as the console reads them: public, personal, withheld or forgotten.

use app::{Guarded, OpContext, PersonalPart};
use async_graphql::{ID, SimpleObject, Union};
use domain::declaration::{Declaration, Fact, Field, FieldClass, FieldValue};

use super::enums::{EntityType, SizeClass};
use crate::scalars::Date;
use crate::staff::types::Permission;

/// The reader lacks the right; `permission` names it.
#[derive(SimpleObject)]
pub struct Withheld {
    /// The right that is missing.
    pub permission: Permission,
}

/// The person behind it was forgotten: the key is destroyed.
#[derive(SimpleObject)]
pub struct Forgotten {
    /// Whose key it was.
    pub subject: ID,
}

/// `typed` is what a person typed, byte for byte; `value` its normal form, null when it cannot be read.
#[derive(SimpleObject)]
pub struct FieldText {
    /// Byte for byte.
    pub typed: String,
    /// The normal form.
    pub value: Option<String>,
}

impl From<&FieldValue> for FieldText {
    fn from(value: &FieldValue) -> Self {
        Self {
            typed: value.typed().to_owned(),
            value: value.value().map(str::to_owned),
        }
    }
}

/// The name of a declarer: public for an organisation, personal for a sole trader.
#[derive(Union)]
pub enum NameResult {
    /// An organisation's.
    Organization(OrganizationName),
    /// A sole trader's own.
    Person(PersonName),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// An organisation's name.
#[derive(SimpleObject)]
pub struct OrganizationName {
    /// As typed.
    pub name: String,
    /// Its reading, as typed.
    pub kana: Option<String>,
}

/// A sole trader's own name: personal.
#[derive(SimpleObject)]
pub struct PersonName {
    /// As typed.
    pub name: String,
    /// Its reading, as typed.
    pub kana: Option<String>,
}

/// Who represents the declarer.
#[derive(Union)]
pub enum RepresentativeResult {
    /// Readable.
    Open(Representative),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// Title and name.
#[derive(SimpleObject)]
pub struct Representative {
    /// 役職.
    pub title: Option<FieldText>,
    /// 氏名.
    pub name: Option<FieldText>,
}

/// Whom to write to.
#[derive(Union)]
pub enum ContactResult {
    /// Readable.
    Open(Contact),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// The contact person.
#[derive(SimpleObject)]
pub struct Contact {
    /// 担当者名.
    pub name: Option<FieldText>,
    /// 担当部署.
    pub department: Option<FieldText>,
    /// メール.
    pub email: Option<FieldText>,
    /// 電話.
    pub phone: Option<FieldText>,
}

/// Public for an organisation, personal for a sole trader.
#[derive(Union)]
pub enum PremisesResult {
    /// Readable.
    Open(Premises),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// The address below the city.
#[derive(SimpleObject)]
pub struct Premises {
    /// 郵便番号.
    pub postal_code: Option<FieldText>,
    /// 番地.
    pub street: Option<FieldText>,
    /// 建物.
    pub building: Option<FieldText>,
}

/// Free text of the record.
#[derive(Union)]
pub enum RemarksResult {
    /// Readable.
    Open(Remarks),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// 備考.
#[derive(SimpleObject)]
pub struct Remarks {
    /// As typed.
    pub text: Option<FieldText>,
}

/// A text that may be personal.
#[derive(Union)]
pub enum TextResult {
    /// Readable.
    Open(OpenText),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// A readable text.
#[derive(SimpleObject)]
pub struct OpenText {
    /// The text.
    pub text: String,
}

/// A division of the Japan Standard Industrial Classification.
#[derive(SimpleObject, Clone)]
pub struct Industry {
    /// `A` to `T`.
    pub code: String,
    /// Its Japanese name.
    pub name: String,
}

impl From<domain::value::Industry> for Industry {
    fn from(industry: domain::value::Industry) -> Self {
        Self {
            code: industry.letter().to_string(),
            name: industry.name().to_owned(),
        }
    }
}

/// A prefecture of JIS X 0401.
#[derive(SimpleObject, Clone)]
pub struct Prefecture {
    /// `01` to `47`.
    pub code: String,
    /// Its Japanese name.
    pub name: String,
}

impl From<domain::value::Prefecture> for Prefecture {
    fn from(prefecture: domain::value::Prefecture) -> Self {
        Self {
            code: prefecture.code().to_owned(),
            name: prefecture.name().to_owned(),
        }
    }
}

/// A hint, never a limit: it blocks nothing.
#[derive(SimpleObject)]
pub struct SizeHint {
    /// The class.
    pub class: SizeClass,
    /// Of the rule that computed it.
    pub rule_version: String,
}

/// How a declaration ended; `on` is null when the old register gave no date.
#[derive(SimpleObject)]
pub struct Stop {
    /// In which way.
    pub kind: super::enums::StopKind,
    /// On which day.
    pub on: Option<Date>,
}

impl From<domain::declaration::Stop> for Stop {
    fn from(stop: domain::declaration::Stop) -> Self {
        Self {
            kind: stop.kind.into(),
            on: stop.on.map(Date),
        }
    }
}

macro_rules! from_guarded {
    ($($union:ident of $open:ident),+) => {$(
        impl From<Guarded<$open>> for $union {
            fn from(value: Guarded<$open>) -> Self {
                match value {
                    Guarded::Open(open) => Self::Open(open),
                    Guarded::Withheld(permission) => Self::Withheld(withheld(permission)),
                    Guarded::Forgotten(subject) => Self::Forgotten(forgotten(subject)),
                }
            }
        }
    )+};
}

from_guarded!(
    RepresentativeResult of Representative, ContactResult of Contact, PremisesResult of Premises,
    RemarksResult of Remarks, TextResult of OpenText
);

/// The refusal of a reader without a right.
pub fn withheld(permission: domain::staff::Permission) -> Withheld {
    Withheld {
        permission: permission.into(),
    }
}

/// Free text that no record of reads names, such as why something of many records is done: for whoever may read what is personal.
pub fn free_text(text: impl Into<String>, may_read: bool) -> TextResult {
    if may_read {
        TextResult::Open(OpenText { text: text.into() })
    } else {
        TextResult::Withheld(withheld(domain::staff::Permission::ReadPersonal))
    }
}

/// The mark of somebody forgotten.
pub fn forgotten(subject: uuid::Uuid) -> Forgotten {
    Forgotten {
        subject: ID(subject.to_string()),
    }
}

/// Opens a group of facts for a reader. Forgotten when one of them is; public facts need no right.
fn group<T>(
    op: &OpContext,
    declaration: &Declaration,
    part: PersonalPart,
    fields: &[Field],
    make: impl FnOnce(&dyn Fn(Field) -> Option<FieldText>) -> T,
) -> Guarded<T> {
    let facts = &declaration.facts;
    let get = |field: Field| facts.reveal(field).map(FieldText::from);
    let personal = fields
        .iter()
        .any(|field| matches!(field.class(facts.entity_type()), FieldClass::Personal(_)));
    let lost = fields.iter().find_map(|field| match facts.get(*field) {
        Some(Fact::Forgotten(subject)) => Some(subject.id.uuid()),
        _ => None,
    });
    if !personal {
        return Guarded::Open(make(&get));
    }
    op.reveal(declaration.id, part, || match lost {
        Some(subject) => Guarded::Forgotten(subject),
        None => Guarded::Open(make(&get)),
    })
}

/// The name for a reader.
pub fn name(op: &OpContext, declaration: &Declaration) -> NameResult {
    let sole_trader = EntityType::from(declaration.facts.entity_type()) == EntityType::SoleTrader;
    let opened = group(
        op,
        declaration,
        PersonalPart::SoleTraderName,
        &[Field::Name, Field::NameKana],
        |get| {
            (
                get(Field::Name).map_or_else(String::new, |text| text.typed),
                get(Field::NameKana).map(|text| text.typed),
            )
        },
    );
    match opened {
        Guarded::Open((name, kana)) if sole_trader => NameResult::Person(PersonName { name, kana }),
        Guarded::Open((name, kana)) => NameResult::Organization(OrganizationName { name, kana }),
        Guarded::Withheld(permission) => NameResult::Withheld(withheld(permission)),
        Guarded::Forgotten(subject) => NameResult::Forgotten(forgotten(subject)),
    }
}

/// The representative for a reader.
pub fn representative(op: &OpContext, declaration: &Declaration) -> RepresentativeResult {
    let fields = [Field::RepresentativeTitle, Field::RepresentativeName];
    group(op, declaration, PersonalPart::Representative, &fields, |get| {
        Representative {
            title: get(Field::RepresentativeTitle),
            name: get(Field::RepresentativeName),
        }
    })
    .into()
}

/// The contact person for a reader.
pub fn contact(op: &OpContext, declaration: &Declaration) -> ContactResult {
    group(op, declaration, PersonalPart::Contact, &Field::CONTACT, |get| {
        Contact {
            name: get(Field::ContactName),
            department: get(Field::ContactDepartment),
            email: get(Field::ContactEmail),
            phone: get(Field::ContactPhone),
        }
    })
    .into()
}

/// The address below the city for a reader.
pub fn premises(op: &OpContext, declaration: &Declaration) -> PremisesResult {
    let fields = [Field::PostalCode, Field::Street, Field::Building];
    group(op, declaration, PersonalPart::Premises, &fields, |get| Premises {
        postal_code: get(Field::PostalCode),
        street: get(Field::Street),
        building: get(Field::Building),
    })
    .into()
}

/// The remarks for a reader.
pub fn remarks(op: &OpContext, declaration: &Declaration) -> RemarksResult {
    group(
        op,
        declaration,
        PersonalPart::FreeText,
        &[Field::Remarks],
        |get| Remarks {
            text: get(Field::Remarks),
        },
    )
    .into()
}

/// One fact as text for a reader, as a history and a conflict show it.
pub fn fact_text(op: &OpContext, id: domain::DeclarationId, field: Field, fact: &Fact) -> TextResult {
    match fact {
        Fact::Public(value) => TextResult::Open(OpenText {
            text: value.typed().to_owned(),
        }),
        Fact::Personal(_, value) => op
            .reveal(id, part_of(field), || {
                Guarded::Open(OpenText {
                    text: value.reveal().typed().to_owned(),
                })
            })
            .into(),
        Fact::Forgotten(subject) => op
            .reveal(id, part_of(field), || {
                Guarded::<OpenText>::Forgotten(subject.id.uuid())
            })
            .into(),
    }
}

/// Which part of a record a personal field belongs to, in the record of reads.
fn part_of(field: Field) -> PersonalPart {
    match field {
        Field::RepresentativeTitle | Field::RepresentativeName => PersonalPart::Representative,
        Field::ContactName | Field::ContactDepartment | Field::ContactEmail | Field::ContactPhone => {
            PersonalPart::Contact
        }
        Field::PostalCode | Field::Street | Field::Building => PersonalPart::Premises,
        Field::Remarks => PersonalPart::FreeText,
        _ => PersonalPart::SoleTraderName,
    }
}

//! One declaration as lists show it.

use app::{Guarded, OpContext, PersonalPart};
use async_graphql::{Enum, ID, SimpleObject};
use storage::declaration::{DeclarationRow as Row, MatchedField as Field, RowName};

use super::enums::{
    ContactState, DeclarationState, EntityType, FlagCode, PolicyState, Provenance, SizeClass, Star,
};
use super::filter::Pledge;
use super::values::{Industry, NameResult, OrganizationName, PersonName, Prefecture, forgotten, withheld};
use crate::scalars::{Date, DateTime};

/// One declaration as lists show it.
#[derive(SimpleObject)]
pub struct DeclarationRow {
    id: ID,
    /// 自己宣言ID, digits only.
    number: String,
    star: Option<Star>,
    state: DeclarationState,
    declared_on: Date,
    entity_type: EntityType,
    name: NameResult,
    /// 屋号.
    trade_name: Option<String>,
    /// Digits only where it can be read.
    corporate_number: Option<String>,
    prefecture: Option<Prefecture>,
    city: Option<String>,
    /// 業種, if it can be read.
    industry: Option<Industry>,
    /// The size class by today's rule.
    size: SizeClass,
    pledge: Pledge,
    provenance: Provenance,
    /// Whether it is shown in the public search while it is live.
    published: bool,
    policy: PolicyState,
    contact: ContactState,
    /// Since when it is stopped; null also when nobody knows.
    stopped_on: Option<Date>,
    flags: Vec<FlagCode>,
    /// When the newest change was recorded.
    changed_at: DateTime,
    /// Why a search found this row; null without a search.
    matched: Option<Matched>,
}

/// `text` is what stands in the register, `start` and `length` (UTF-16 units) mark the part that matched, `reading` is
/// the folded form in which both were compared.
#[derive(SimpleObject)]
pub struct Matched {
    field: MatchedField,
    text: String,
    start: usize,
    length: usize,
    reading: String,
}

/// The field in which a search found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum MatchedField {
    /// 事業者名.
    Name,
    /// フリガナ.
    NameKana,
    /// 屋号.
    TradeName,
    /// 自己宣言ID.
    DeclarationNo,
    /// 法人番号.
    CorporateNumber,
}

impl DeclarationRow {
    /// The row for a reader; a sole trader's name needs the right and is noted as read.
    pub fn new(op: &OpContext, row: &Row) -> Self {
        Self {
            id: ID(row.id.to_string()),
            number: row.number.clone(),
            star: row.star.map(Star::from),
            state: row.state.into(),
            declared_on: Date(row.declared_on),
            entity_type: row.entity_type.into(),
            name: name(op, row),
            trade_name: row.trade_name.clone(),
            corporate_number: row.corporate_number.clone(),
            prefecture: row.prefecture.map(Prefecture::from),
            city: row.city.clone(),
            industry: row.industry.map(Industry::from),
            size: row.size.into(),
            pledge: row.pledge.into(),
            provenance: row.provenance.into(),
            published: row.published,
            policy: row.policy.into(),
            contact: row.contact.into(),
            stopped_on: row.stopped_on.map(Date),
            flags: row.flags.iter().map(|flag| (*flag).into()).collect(),
            changed_at: DateTime(row.changed_at),
            matched: row.matched.as_ref().map(Matched::from),
        }
    }
}

fn name(op: &OpContext, row: &Row) -> NameResult {
    let opened = match &row.name {
        RowName::Organization { name, kana } => {
            return NameResult::Organization(OrganizationName {
                name: name.clone(),
                kana: kana.clone(),
            });
        }
        RowName::Person { name, kana, .. } => op.reveal(row.id, PersonalPart::SoleTraderName, || {
            Guarded::Open((name, kana))
        }),
        RowName::Forgotten { subject } => op.reveal(row.id, PersonalPart::SoleTraderName, || {
            Guarded::Forgotten(subject.uuid())
        }),
    };
    match opened {
        Guarded::Open((name, kana)) => NameResult::Person(PersonName {
            name: name.reveal().clone(),
            kana: kana.as_ref().map(|kana| kana.reveal().clone()),
        }),
        Guarded::Withheld(permission) => NameResult::Withheld(withheld(permission)),
        Guarded::Forgotten(subject) => NameResult::Forgotten(forgotten(subject)),
    }
}

impl From<&storage::declaration::Matched> for Matched {
    fn from(matched: &storage::declaration::Matched) -> Self {
        let field = match matched.field {
            Field::Name => MatchedField::Name,
            Field::NameKana => MatchedField::NameKana,
            Field::TradeName => MatchedField::TradeName,
            Field::DeclarationNo => MatchedField::DeclarationNo,
            Field::CorporateNumber => MatchedField::CorporateNumber,
        };
        Self {
            field,
            text: matched.text.clone(),
            start: matched.start,
            length: matched.length,
            reading: matched.reading.clone(),
        }
    }
}

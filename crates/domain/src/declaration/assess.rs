//! Which warnings the facts of a declaration give. The import, a new declaration and a correction all ask here.

use std::collections::BTreeSet;

use super::{event::Stop, facts::FieldValue, field::Field, flag::FlagCode};
use crate::text;
use crate::value::{CorporateNumber, CorporateNumberError, EmailReading, EntityType, read_email};

/// The warnings that the facts alone give. A duplicate needs a look at other declarations and is not among them.
pub fn assess<'a>(
    entity: EntityType,
    read: impl Fn(Field) -> Option<&'a FieldValue>,
    stop: Option<Stop>,
) -> BTreeSet<FlagCode> {
    let typed = |field| read(field).map_or("", FieldValue::typed);
    let flags = [
        corporate_number(entity, typed(Field::CorporateNumber)),
        read(Field::Industry)
            .and_then(FieldValue::value)
            .is_none()
            .then_some(FlagCode::IndustryUnknown),
        employees(read(Field::Employees)),
        policy(read(Field::Star), read(Field::PolicyUrl)),
        email(read(Field::ContactEmail)),
        stop.filter(|stop| stop.on.is_none())
            .map(|_| FlagCode::StoppedDateMissing),
        name_with_hidden_characters(typed).map(|_| FlagCode::NameCharacters),
    ];
    flags.into_iter().flatten().collect()
}

/// The first of the names that holds a character which hides itself or turns the text around it.
pub fn name_with_hidden_characters<'a>(typed: impl Fn(Field) -> &'a str) -> Option<Field> {
    let names = [
        Field::Name,
        Field::NameKana,
        Field::TradeName,
        Field::RepresentativeName,
        Field::ContactName,
    ];
    names.into_iter().find(|field| text::hides(typed(*field)))
}

/// A sole trader has no number, so none is missing.
fn corporate_number(entity: EntityType, typed: &str) -> Option<FlagCode> {
    match CorporateNumber::parse(typed) {
        Ok(_) => None,
        Err(CorporateNumberError::Missing) if entity == EntityType::SoleTrader => None,
        Err(CorporateNumberError::Missing) => Some(FlagCode::CorporateNumberMissing),
        Err(CorporateNumberError::Length) => Some(FlagCode::CorporateNumberLength),
        Err(CorporateNumberError::CheckDigit) => Some(FlagCode::CorporateNumberCheckDigit),
    }
}

fn employees(value: Option<&FieldValue>) -> Option<FlagCode> {
    match value.map(FieldValue::value) {
        None => Some(FlagCode::EmployeesMissing),
        Some(None) => Some(FlagCode::EmployeesUnreadable),
        Some(Some(_)) => None,
    }
}

/// Two stars only: one star needs no policy.
fn policy(star: Option<&FieldValue>, url: Option<&FieldValue>) -> Option<FlagCode> {
    star.filter(|star| star.value() == Some("two"))?;
    match url.and_then(FieldValue::value) {
        None => Some(FlagCode::PolicyMissing),
        Some(url) if crate::value::is_web_address(url) => None,
        Some(_) => Some(FlagCode::PolicyNotUrl),
    }
}

fn email(value: Option<&FieldValue>) -> Option<FlagCode> {
    match value.map(|value| read_email(value.typed())) {
        None => Some(FlagCode::EmailMissing),
        Some(EmailReading::Unreadable) => Some(FlagCode::EmailUnreadable),
        Some(EmailReading::NotRfc(_)) => Some(FlagCode::EmailNotRfc),
        Some(EmailReading::Ok(_)) => None,
    }
}

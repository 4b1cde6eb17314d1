//! Value types: they read what people type. What was typed is kept elsewhere, these are its normal forms.
//!
//! Every reader takes any text and never panics. To add one: a file here, a line in [`normal_form`].

mod amount;
mod corporate_number;
mod date;
mod email;
mod entity_type;
mod industry;
mod kana;
mod number;
pub(crate) mod plain;
mod policy_medium;
mod postal;
mod prefecture;
mod star;
mod web_address;
mod yes_no;

pub use amount::{Employees, Yen};
pub use corporate_number::{CorporateNumber, CorporateNumberError};
pub use date::{DateError, parse_date};
pub use email::{EmailReading, read_email};
pub use entity_type::EntityType;
pub use industry::Industry;
pub use kana::normal_kana;
pub(crate) use kana::to_katakana;
pub use number::{DeclarationNo, DeclarationNoError};
pub use policy_medium::PolicyMedium;
pub use postal::{Phone, PostalCode};
pub use prefecture::Prefecture;
pub use star::{PledgeVersion, Star};
pub use web_address::{is_web_address, web_address};
pub use yes_no::read_consent;

use crate::declaration::Field;

/// The normal form of what was typed into a field; `None` when it cannot be read.
/// Fields with nothing to normalise give the text without the white space around it.
pub fn normal_form(field: Field, typed: &str) -> Option<String> {
    match field {
        Field::DeclarationNo => DeclarationNo::parse(typed)
            .ok()
            .map(|number| number.as_str().to_owned()),
        Field::DeclaredOn | Field::PolicyPublishedOn => parse_date(typed).ok().map(|day| day.to_string()),
        Field::Star => Star::parse(typed).map(|star| star.code().to_owned()),
        Field::PledgeVersion => PledgeVersion::parse(typed).map(|version| version.code().to_owned()),
        Field::EntityType => EntityType::parse(typed).map(|entity| entity.code().to_owned()),
        Field::CorporateNumber => CorporateNumber::parse(typed)
            .ok()
            .map(|number| number.as_str().to_owned()),
        Field::NameKana => normal_kana(typed),
        Field::PostalCode => PostalCode::parse(typed).map(|code| code.as_str().to_owned()),
        Field::Prefecture => Prefecture::parse(typed).map(|prefecture| prefecture.code().to_owned()),
        Field::Industry => Industry::parse(typed).map(|industry| industry.letter().to_string()),
        Field::Employees => Employees::parse(typed).map(|count| count.get().to_string()),
        Field::CapitalYen => Yen::parse(typed).map(|yen| yen.get().to_string()),
        Field::DiagnosisScore => amount::score(typed).map(|score| score.to_string()),
        Field::ContactEmail => match read_email(typed) {
            EmailReading::Ok(address) | EmailReading::NotRfc(address) => Some(address),
            EmailReading::Unreadable => None,
        },
        Field::ContactPhone => Phone::parse(typed).map(|phone| phone.as_str().to_owned()),
        Field::PublishConsent => read_consent(typed).map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        Field::Name
        | Field::TradeName
        | Field::RepresentativeTitle
        | Field::RepresentativeName
        | Field::City
        | Field::Street
        | Field::Building
        | Field::ContactName
        | Field::ContactDepartment
        | Field::PolicyUrl
        | Field::Remarks => Some(plain::trim(typed).to_owned()),
    }
}

//! What a list of declarations is narrowed to.

use async_graphql::{Enum, InputObject};
use domain::declaration::city_key;
use domain::value::{
    Industry as DomainIndustry, PledgeVersion as DomainPledge, Prefecture as DomainPrefecture,
};
use storage::declaration as read;

use super::enums::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass, Star};
use crate::input::InvalidInput;
use crate::scalars::Date;

/// Longest beginning of a city, in characters.
const CITY_MAX: usize = 40;

/// The text that was pledged, or that nobody knows which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Pledge {
    /// 5か条.
    FiveRules,
    /// 6か条.
    SixRules,
    /// Not known.
    Unknown,
}

impl From<Option<DomainPledge>> for Pledge {
    fn from(pledge: Option<DomainPledge>) -> Self {
        match pledge {
            Some(DomainPledge::FiveRules) => Self::FiveRules,
            Some(DomainPledge::SixRules) => Self::SixRules,
            None => Self::Unknown,
        }
    }
}

impl From<Pledge> for Option<DomainPledge> {
    fn from(pledge: Pledge) -> Self {
        match pledge {
            Pledge::FiveRules => Some(DomainPledge::FiveRules),
            Pledge::SixRules => Some(DomainPledge::SixRules),
            Pledge::Unknown => None,
        }
    }
}

/// What a list is narrowed to. Values of one key are alternatives; keys all hold.
#[derive(InputObject, Default)]
pub struct DeclarationFilter {
    /// Any of these stars.
    pub stars: Option<Vec<Star>>,
    /// Any of these states.
    pub states: Option<Vec<DeclarationState>>,
    /// Any of these prefectures, by code.
    pub prefectures: Option<Vec<String>>,
    /// Any of these flags.
    pub flags: Option<Vec<FlagCode>>,
    /// Any of these industries, by letter.
    pub industries: Option<Vec<String>>,
    /// Any of these size classes.
    pub sizes: Option<Vec<SizeClass>>,
    /// Any of these pledges.
    pub pledges: Option<Vec<Pledge>>,
    /// Any of these ways into the register.
    pub provenances: Option<Vec<Provenance>>,
    /// Whether it is shown in the public search.
    pub published: Option<bool>,
    /// Any of these states of the policy.
    pub policies: Option<Vec<PolicyState>>,
    /// Any of these states of the contact.
    pub contacts: Option<Vec<ContactState>>,
    /// True: the newest mail about it went to an address that nothing goes to any more. False narrows nothing.
    pub unreachable: Option<bool>,
    /// How the city begins, in any width.
    pub city: Option<String>,
    /// Declared on this day or later.
    pub declared_from: Option<Date>,
    /// Declared on this day or earlier.
    pub declared_to: Option<Date>,
    /// Changed on this day in Japan or later.
    pub changed_from: Option<Date>,
    /// Changed on this day in Japan or earlier.
    pub changed_to: Option<Date>,
}

impl DeclarationFilter {
    /// The filter as the register is asked.
    pub fn read(self) -> Result<read::Filter, InvalidInput> {
        Ok(read::Filter {
            stars: all(self.stars),
            states: all(self.states),
            prefectures: prefectures(self.prefectures)?,
            flags: all(self.flags),
            industries: industries(self.industries)?,
            sizes: all(self.sizes),
            pledges: all(self.pledges),
            provenances: all(self.provenances),
            published: self.published,
            policies: all(self.policies),
            contacts: all(self.contacts),
            unreachable: self.unreachable.unwrap_or(false),
            city: city(self.city)?,
            declared_from: self.declared_from.map(|day| day.0),
            declared_to: self.declared_to.map(|day| day.0),
            changed_from: self.changed_from.and_then(|day| app::midnight_in_japan(day.0)),
            changed_before: self
                .changed_to
                .and_then(|day| day.0.checked_add_days(chrono::Days::new(1)))
                .and_then(app::midnight_in_japan),
        })
    }
}

fn all<T, U: From<T>>(values: Option<Vec<T>>) -> Vec<U> {
    values.unwrap_or_default().into_iter().map(Into::into).collect()
}

fn prefectures(codes: Option<Vec<String>>) -> Result<Vec<DomainPrefecture>, InvalidInput> {
    let read = |code: String| {
        DomainPrefecture::from_code(&code).ok_or_else(|| {
            InvalidInput::one(
                "filter.prefectures",
                "unknown",
                "都道府県のコードは01から47で指定してください。",
            )
        })
    };
    codes.unwrap_or_default().into_iter().map(read).collect()
}

fn industries(letters: Option<Vec<String>>) -> Result<Vec<DomainIndustry>, InvalidInput> {
    let read = |text: String| {
        let mut letters = text.chars();
        let industry = letters.next().and_then(DomainIndustry::from_letter);
        industry.filter(|_| letters.next().is_none()).ok_or_else(|| {
            InvalidInput::one(
                "filter.industries",
                "unknown",
                "業種は日本標準産業分類の大分類（AからT）で指定してください。",
            )
        })
    };
    letters.unwrap_or_default().into_iter().map(read).collect()
}

fn city(typed: Option<String>) -> Result<Option<String>, InvalidInput> {
    let Some(typed) = typed else { return Ok(None) };
    if typed.chars().count() > CITY_MAX {
        return Err(InvalidInput::one(
            "filter.city",
            "too_long",
            format!("市区町村は{CITY_MAX}文字以内で入力してください。"),
        ));
    }
    let key = city_key(&typed);
    Ok((!key.is_empty()).then_some(key))
}

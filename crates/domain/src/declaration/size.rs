//! The size class of a declarer: a hint for statistics and letters. It is never a limit and blocks nothing.

use super::{facts::Facts, field::Field};
use crate::{value::EntityType, wire::wire_enum};

wire_enum! {
    /// How big a declarer is, by the SME Basic Act.
    SizeClass {
        /// 小規模事業者.
        Micro = "micro",
        /// 中小企業.
        Sme = "sme",
        /// Larger than that.
        Larger = "larger",
        /// Not a company: the Act has no place for it.
        OtherBody = "other_body",
        /// Facts are missing, or the division of industry does not decide.
        Unknown = "unknown",
    }
}

/// A class with the version of the rule that gave it, so that old statistics can be told from new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeHint {
    /// The class.
    pub class: SizeClass,
    /// Which rule gave it.
    pub rule_version: &'static str,
}

/// The rule below. Change it together with the rule.
pub const SIZE_RULE_VERSION: &str = "sme-basic-act-1";

/// Limits of one row of the Act. Capital in yen.
#[derive(PartialEq)]
struct Limits {
    capital: u64,
    staff: u64,
    micro: u64,
}

const OTHER: Limits = Limits {
    capital: 300_000_000,
    staff: 300,
    micro: 20,
};
const WHOLESALE: Limits = Limits {
    capital: 100_000_000,
    staff: 100,
    micro: 5,
};
const SERVICES: Limits = Limits {
    capital: 50_000_000,
    staff: 100,
    micro: 5,
};
const RETAIL: Limits = Limits {
    capital: 50_000_000,
    staff: 50,
    micro: 5,
};

/// The rows that a division may fall under. A division that holds trades of two rows has both, and the class is known
/// only where both agree.
const fn rows(division: char) -> &'static [Limits] {
    match division {
        'G' | 'K' | 'N' => &[SERVICES, OTHER],
        'I' => &[WHOLESALE, RETAIL],
        'L' | 'O' | 'P' | 'Q' | 'R' => &[SERVICES],
        'M' => &[SERVICES, RETAIL],
        _ => &[OTHER],
    }
}

/// The size class by what the register knows.
pub fn size_hint(facts: &Facts) -> SizeHint {
    SizeHint {
        class: class(facts),
        rule_version: SIZE_RULE_VERSION,
    }
}

fn class(facts: &Facts) -> SizeClass {
    let number = |field| facts.value(field).and_then(|value| value.parse::<u64>().ok());
    let division = facts
        .value(Field::Industry)
        .and_then(|value| value.chars().next());
    class_of(
        facts.entity_type(),
        division,
        number(Field::Employees),
        number(Field::CapitalYen),
    )
}

/// The class by what it follows from: kind of entity, division of the industry, staff, capital in yen.
pub(crate) fn class_of(
    entity: EntityType,
    division: Option<char>,
    staff: Option<u64>,
    capital: Option<u64>,
) -> SizeClass {
    if entity == EntityType::OtherBody {
        return SizeClass::OtherBody;
    }
    let (Some(division), Some(staff)) = (division, staff) else {
        return SizeClass::Unknown;
    };
    // A sole trader has no capital: only the staff counts.
    let capital = if entity == EntityType::SoleTrader {
        Some(u64::MAX)
    } else {
        capital
    };
    let mut classes = rows(division)
        .iter()
        .map(|limits| by_limits(limits, staff, capital));
    let first = classes.next().unwrap_or(SizeClass::Unknown);
    if classes.all(|other| other == first) {
        first
    } else {
        SizeClass::Unknown
    }
}

const fn by_limits(limits: &Limits, staff: u64, capital: Option<u64>) -> SizeClass {
    match capital {
        _ if staff <= limits.micro => SizeClass::Micro,
        _ if staff <= limits.staff => SizeClass::Sme,
        Some(capital) if capital <= limits.capital => SizeClass::Sme,
        Some(_) => SizeClass::Larger,
        None => SizeClass::Unknown,
    }
}

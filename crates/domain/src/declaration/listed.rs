//! What lists ask of a declaration beside its fields: normal forms that are filtered by and counted.

use super::{
    event::Origin,
    facts::Fact,
    field::Field,
    size::{SizeClass, size_hint},
    state::Declaration,
};
use crate::{
    fold::fold,
    value::{Industry, PledgeVersion, PolicyMedium},
    wire::wire_enum,
};

wire_enum! {
    /// How a declaration came into the register.
    Provenance {
        /// With an old register that was taken over.
        Import = "import",
        /// Taken from an older system by hand.
        Legacy = "legacy",
        /// From the declarer, on the public side.
        Public = "public",
        /// From staff, for the declarer.
        Staff = "staff",
    }
}

wire_enum! {
    /// Where the policy of a declaration can be read.
    PolicyState {
        /// Nowhere that the register knows of.
        None = "none",
        /// On the web.
        Web = "web",
        /// Elsewhere: posted up, in a pamphlet.
        Elsewhere = "elsewhere",
    }
}

wire_enum! {
    /// Whether a declaration has somewhere to write to.
    ContactState {
        /// A mail address stands there. Whether mail reaches it, and whether it can be read, is another question.
        Address = "address",
        /// None stands there, or whoever it belonged to was forgotten.
        None = "none",
    }
}

/// None: it was taken over with an old register.
impl From<Option<Origin>> for Provenance {
    fn from(origin: Option<Origin>) -> Self {
        match origin {
            None => Self::Import,
            Some(Origin::Legacy) => Self::Legacy,
            Some(Origin::Public) => Self::Public,
            Some(Origin::Staff) => Self::Staff,
        }
    }
}

/// The form in which cities are compared: folded, so that width, spaces and ケ/ヶ do not count.
pub fn city_key(typed: &str) -> String {
    fold(typed)
}

impl Declaration {
    /// How it came into the register.
    pub fn provenance(&self) -> Provenance {
        self.origin.into()
    }

    /// 業種, where it can be read.
    pub fn industry(&self) -> Option<Industry> {
        let letter = self.facts.value(Field::Industry)?.chars().next()?;
        Industry::from_letter(letter)
    }

    /// The text that was pledged, where it is known.
    pub fn pledge(&self) -> Option<PledgeVersion> {
        self.facts
            .value(Field::PledgeVersion)
            .and_then(PledgeVersion::from_code)
    }

    /// The size class of today's rule.
    pub fn size_class(&self) -> SizeClass {
        size_hint(&self.facts).class
    }

    /// Where the policy can be read.
    pub fn policy_state(&self) -> PolicyState {
        match self.facts.value(Field::PolicyUrl).map(PolicyMedium::of) {
            None => PolicyState::None,
            Some(PolicyMedium::Web) => PolicyState::Web,
            Some(_) => PolicyState::Elsewhere,
        }
    }

    /// Whether there is somewhere to write to.
    pub fn contact_state(&self) -> ContactState {
        match self.facts.get(Field::ContactEmail) {
            Some(Fact::Public(_) | Fact::Personal(..)) => ContactState::Address,
            Some(Fact::Forgotten(_)) | None => ContactState::None,
        }
    }

    /// The form in which its city is compared; `None` where none stands.
    pub fn city_key(&self) -> Option<String> {
        let key = city_key(self.facts.public(Field::City)?.typed());
        (!key.is_empty()).then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_the_same_in_every_width() {
        assert_eq!(city_key("龍ヶ崎市"), city_key("龍ケ崎 市"));
        assert_eq!(city_key("みほん市"), city_key("ミホン市"));
        assert_ne!(city_key("みほん市"), city_key("みほん町"));
        assert_eq!(city_key("\u{3000}"), "");
    }
}

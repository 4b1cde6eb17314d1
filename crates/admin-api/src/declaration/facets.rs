//! Counts beside the choices of a filter.

use async_graphql::{Enum, SimpleObject};
use storage::declaration as read;

use super::enums::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass, Star};
use super::filter::Pledge;
use super::values::{Industry, Prefecture};

/// How many records each value of a filter would leave, the other choices kept; values that would leave none are left out. Exact
/// but for the facets that are named as estimated.
#[derive(SimpleObject)]
pub struct Facets {
    stars: Vec<StarCount>,
    states: Vec<StateCount>,
    prefectures: Vec<PrefectureCount>,
    flags: Vec<FlagCount>,
    industries: Vec<IndustryCount>,
    sizes: Vec<SizeCount>,
    pledges: Vec<PledgeCount>,
    provenances: Vec<ProvenanceCount>,
    published: Vec<PublishedCount>,
    policies: Vec<PolicyCount>,
    contacts: Vec<ContactCount>,
    /// Where prefectures are chosen; those with the most records first, 300 at most. With the records of wards of the city.
    cities: Vec<CityCount>,
    /// Those whose counts are estimates.
    estimated: Vec<FacetName>,
}

/// A facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum FacetName {
    /// `states`.
    States,
    /// `stars`.
    Stars,
    /// `prefectures`.
    Prefectures,
    /// `industries`.
    Industries,
    /// `sizes`.
    Sizes,
    /// `pledges`.
    Pledges,
    /// `provenances`.
    Provenances,
    /// `published`.
    Published,
    /// `policies`.
    Policies,
    /// `contacts`.
    Contacts,
    /// `flags`.
    Flags,
    /// `cities`.
    Cities,
}

impl From<read::Facet> for FacetName {
    fn from(facet: read::Facet) -> Self {
        match facet {
            read::Facet::State => Self::States,
            read::Facet::Star => Self::Stars,
            read::Facet::Prefecture => Self::Prefectures,
            read::Facet::Industry => Self::Industries,
            read::Facet::Size => Self::Sizes,
            read::Facet::Pledge => Self::Pledges,
            read::Facet::Provenance => Self::Provenances,
            read::Facet::Published => Self::Published,
            read::Facet::Policy => Self::Policies,
            read::Facet::Contact => Self::Contacts,
            read::Facet::Flag => Self::Flags,
        }
    }
}

/// A type of one value with its count, and how a pair becomes one.
macro_rules! count {
    ($(#[$meta:meta])* $name:ident { $field:ident: $kind:ty }) => {
        $(#[$meta])*
        #[derive(SimpleObject)]
        pub struct $name {
            $field: $kind,
            count: u64,
        }

        impl<T: Into<$kind>> From<(T, u64)> for $name {
            fn from((value, count): (T, u64)) -> Self {
                Self { $field: value.into(), count }
            }
        }
    };
}

count! {
    /// Of a star.
    StarCount { star: Star }
}
count! {
    /// Of a state.
    StateCount { state: DeclarationState }
}
count! {
    /// Of a prefecture.
    PrefectureCount { prefecture: Prefecture }
}
count! {
    /// Of a flag.
    FlagCount { flag: FlagCode }
}
count! {
    /// Of a size class.
    SizeCount { size: SizeClass }
}
count! {
    /// Of a pledge.
    PledgeCount { pledge: Pledge }
}
count! {
    /// Of a way into the register.
    ProvenanceCount { provenance: Provenance }
}
count! {
    /// Of being shown in the public search, or not.
    PublishedCount { published: bool }
}
count! {
    /// Of where the policy can be read.
    PolicyCount { policy: PolicyState }
}
count! {
    /// Of having somewhere to write to, or not.
    ContactCount { contact: ContactState }
}

count! {
    /// Of a city.
    CityCount { city: String }
}

count! {
    /// Of an industry.
    IndustryCount { industry: Industry }
}

impl From<read::Facets> for Facets {
    fn from(facets: read::Facets) -> Self {
        fn all<T, U: From<(T, u64)>>(counts: Vec<(T, u64)>) -> Vec<U> {
            counts.into_iter().map(Into::into).collect()
        }
        let mut estimated: Vec<FacetName> = facets.estimated.into_iter().map(Into::into).collect();
        if facets.cities.is_estimated {
            estimated.push(FacetName::Cities);
        }
        Self {
            stars: all(facets.stars),
            states: all(facets.states),
            prefectures: all(facets.prefectures),
            flags: all(facets.flags),
            industries: all(facets.industries),
            sizes: all(facets.sizes),
            pledges: all(facets.pledges),
            provenances: all(facets.provenances),
            published: all(facets.published),
            policies: all(facets.policies),
            contacts: all(facets.contacts),
            cities: all(facets.cities.counts),
            estimated,
        }
    }
}

//! Finding suspicions: pure rules over all live declarations, as far as these rules look at them. The same rules say whether a suspicion
//! that was found earlier still holds, of its own declarations alone.
//!
//! Names, addresses and telephone numbers are here as numbers that are equal where they are: nobody's name is needed to see that two are
//! the same.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::{ReviewKind, ReviewRule};
use crate::declaration::FlagCode;
use crate::ids::{DeclarationId, OrganizationId};

/// The most declarations that are kept with one suspicion, and named by what is decided about it: an event has so many tags. About how many
/// it is, its weight says.
pub const MEMBERS_MAX: usize = 60;

/// What suspicions depend on that an office decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewRules {
    /// So many organisations with one contact address or telephone number are suspected to have been declared for by somebody else.
    pub proxy_address: u32,
    /// So many with one domain.
    pub proxy_domain: u32,
    /// When they were declared within so many days.
    pub proxy_days: u32,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self {
            proxy_address: 3,
            proxy_domain: 10,
            proxy_days: 90,
        }
    }
}

/// A live declaration, as far as the rules look at it.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that have nothing to do with each other"
)]
pub struct Seen {
    /// Which.
    pub id: DeclarationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// The day of the declaration.
    pub declared_on: NaiveDate,
    /// The corporate number, where it is one.
    pub number: Option<u64>,
    /// Of the folded name.
    pub name: Option<u64>,
    /// Of the prefecture and the folded city.
    pub place: Option<u64>,
    /// Of the contact address, keyed.
    pub address: Option<u64>,
    /// Of the telephone number, keyed.
    pub phone: Option<u64>,
    /// Of the domain of the address, keyed; none under which anybody gets an address.
    pub domain: Option<u64>,
    /// Whether it has two stars.
    pub two_stars: bool,
    /// Whether a policy is on record.
    pub has_policy: bool,
    /// Whether mail to the contact address does not arrive.
    pub bounced: bool,
    /// Whether it was taken over with an old register.
    pub imported: bool,
    /// Warnings that are up: one bit for each, in the order of [`FlagCode::ALL`].
    pub flags: u32,
    /// What is wrong with the page of its policy, and of which address that is.
    pub page: Option<(ReviewRule, u64)>,
}

/// Something that somebody has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// What is suspected.
    pub kind: ReviewKind,
    /// What makes it the same one when it is found again; within its kind.
    pub ground: String,
    /// What matched, the strictest first.
    pub rules: Vec<ReviewRule>,
    /// About how many organisations or declarations it is.
    pub weight: u32,
    /// About which declarations, by their ids; [`MEMBERS_MAX`] at most.
    pub declarations: Vec<DeclarationId>,
}

/// A text as a number: equal where the texts are. Nothing is kept under it.
pub fn digest(text: &str) -> u64 {
    let half = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    half(&Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).as_bytes()[..8])
}

/// All suspicions about these declarations.
pub fn find(seen: &[Seen], rules: ReviewRules) -> Vec<Suspicion> {
    let mut found = duplicates(seen);
    found.extend(proxies(seen, rules));
    found.extend(seen.iter().flat_map(alone));
    found
}

/// Whether a suspicion that was found by these rules still is, looking at its own declarations: those of them that are live.
pub fn still_found(kind: ReviewKind, by: &[ReviewRule], seen: &[Seen], rules: ReviewRules) -> bool {
    find(seen, rules)
        .iter()
        .any(|it| it.kind == kind && it.rules.iter().any(|rule| by.contains(rule)))
}

/// Those that share a key, in the order of days and ids; groups in the order of keys.
fn groups(seen: &[Seen], key: impl Fn(&Seen) -> Option<u64>) -> Vec<(u64, Vec<&Seen>)> {
    let keyed = seen.iter().filter_map(|it| Some((key(it)?, it)));
    let mut keyed: Vec<(u64, &Seen)> = keyed.collect();
    keyed.sort_unstable_by_key(|(key, it)| (*key, it.declared_on, it.id));
    keyed
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|group| group.len() > 1)
        .map(|group| (group[0].0, group.iter().map(|(_, it)| *it).collect()))
        .collect()
}

fn both(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    Some(one?.rotate_left(23) ^ other?)
}

fn duplicates(seen: &[Seen]) -> Vec<Suspicion> {
    let mut found = Found::default();
    for (_, group) in groups(seen, |it| it.number) {
        found.set(ReviewRule::SameNumber, &group);
    }
    for (_, group) in groups(seen, |it| both(it.name, it.place)) {
        if !all_differ_by_number(&group) {
            found.set(ReviewRule::SameNameAndPlace, &group);
        }
    }
    for (_, group) in groups(seen, |it| both(it.name, it.address)) {
        if !all_differ_by_number(&group) {
            found.set(ReviewRule::SameContact, &group);
        }
    }
    found.all
}

/// Two companies of one name are two companies where each has a number of its own.
fn all_differ_by_number(group: &[&Seen]) -> bool {
    let numbers: BTreeSet<u64> = group.iter().filter_map(|it| it.number).collect();
    numbers.len() == group.len()
}

/// Suspected duplicates; a set that several rules find is one suspicion.
#[derive(Default)]
struct Found {
    all: Vec<Suspicion>,
    /// Where in it, by the ground.
    places: HashMap<String, usize>,
}

impl Found {
    fn set(&mut self, rule: ReviewRule, group: &[&Seen]) {
        let ground = ground_of_set(group);
        if let Some(known) = self.places.get(&ground) {
            self.all[*known].rules.push(rule);
            return;
        }
        self.places.insert(ground.clone(), self.all.len());
        self.all.push(Suspicion {
            kind: ReviewKind::Duplicate,
            ground,
            rules: vec![rule],
            weight: count(group.len()),
            declarations: members(group),
        });
    }
}

fn proxies(seen: &[Seen], rules: ReviewRules) -> Vec<Suspicion> {
    let by = [
        (ReviewRule::SharedAddress, rules.proxy_address),
        (ReviewRule::SharedPhone, rules.proxy_address),
        (ReviewRule::SharedDomain, rules.proxy_domain),
    ];
    let mut found: Vec<Suspicion> = Vec::new();
    for (rule, least) in by {
        let key = |it: &Seen| match rule {
            ReviewRule::SharedPhone => it.phone,
            ReviewRule::SharedDomain => it.domain,
            _ => it.address,
        };
        let begin = found.len();
        for (key, group) in groups(seen, key) {
            let close = close_together(&group, rules.proxy_days, least);
            let organizations = organizations_of(&close);
            if organizations < least as usize || close.is_empty() {
                continue;
            }
            let declarations = members(&close);
            let weight = count(organizations);
            let same = |it: &&mut Suspicion| it.weight == weight && it.declarations == declarations;
            if let Some(stricter) = found[..begin].iter_mut().find(same) {
                stricter.rules.push(rule);
                continue;
            }
            found.push(Suspicion {
                kind: ReviewKind::Proxy,
                ground: format!("{}.{key:016x}", rule.code()),
                rules: vec![rule],
                weight,
                declarations,
            });
        }
    }
    found
}

/// Those of a group, which is in the order of days, around which so many organisations declared within so many days.
fn close_together<'a>(group: &[&'a Seen], days: u32, least: u32) -> Vec<&'a Seen> {
    let within = TimeDelta::days(i64::from(days));
    let mut kept = vec![false; group.len()];
    let mut end = 0;
    for begin in 0..group.len() {
        while end < group.len() && group[end].declared_on - group[begin].declared_on <= within {
            end += 1;
        }
        let window = &group[begin..end];
        if window.len() >= least as usize && organizations_of(window) >= least as usize {
            kept[begin..end].fill(true);
        }
    }
    let kept = group.iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(it, _)| *it).collect()
}

fn organizations_of(group: &[&Seen]) -> usize {
    let ids: BTreeSet<OrganizationId> = group.iter().map(|it| it.organization_id).collect();
    ids.len()
}

/// What is suspected of a declaration by itself.
fn alone(it: &Seen) -> Vec<Suspicion> {
    let one = |kind, rule, ground: String| Suspicion {
        kind,
        ground,
        rules: vec![rule],
        weight: 1,
        declarations: vec![it.id],
    };
    let id = it.id.uuid().simple();
    let mut found = Vec::new();
    if it.two_stars && !it.has_policy {
        found.push(one(
            ReviewKind::PolicyMissing,
            ReviewRule::NoPolicy,
            id.to_string(),
        ));
    }
    if let (true, Some(address)) = (it.bounced, it.address) {
        let ground = format!("{id}.{address:016x}");
        found.push(one(
            ReviewKind::ContactBounced,
            ReviewRule::NothingArrives,
            ground,
        ));
    }
    if let Some((rule, page)) = it.page {
        found.push(one(ReviewKind::PolicyPage, rule, format!("{id}.{page:016x}")));
    }
    let warnings = it.flags & warned();
    if it.imported && warnings != 0 {
        let ground = format!("{id}.{warnings:x}");
        found.push(one(ReviewKind::ImportWarning, ReviewRule::Warned, ground));
    }
    found
}

/// Warnings that have a queue of their own, or come from one.
const ELSEWHERE: [FlagCode; 4] = [
    FlagCode::CorporateNumberDuplicate,
    FlagCode::PolicyMissing,
    FlagCode::ProxySuspected,
    FlagCode::ContactUnreachable,
];

/// The bits of the warnings that an import raises and no other queue is about.
fn warned() -> u32 {
    let here = FlagCode::ALL.iter().enumerate();
    here.filter(|(_, flag)| !ELSEWHERE.contains(flag))
        .fold(0, |bits, (bit, _)| bits | 1 << bit)
}

/// By ids, so that days that are corrected make no other set of it.
fn members(group: &[&Seen]) -> Vec<DeclarationId> {
    let mut ids: Vec<DeclarationId> = group.iter().map(|it| it.id).collect();
    ids.sort_unstable();
    ids.truncate(MEMBERS_MAX);
    ids
}

fn ground_of_set(group: &[&Seen]) -> String {
    let mut ids: Vec<Uuid> = group.iter().map(|it| it.id.uuid()).collect();
    ids.sort_unstable();
    let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &bytes).simple().to_string()
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

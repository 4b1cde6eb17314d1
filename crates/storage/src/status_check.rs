//! Thousands of declarations from the log, as they were on a day: by what follows from tags and from what stands in the clear. A name of
//! a person stays sealed until somebody who may see it asks for it.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::declaration::outline::{Outline, Step};
use domain::declaration::{Fact, Field, TAG_CORPORATE_NUMBER, TAG_DECLARATION, TAG_DECLARATION_NO};
use domain::status_check::Record;
use domain::value::{CorporateNumber, DeclarationNo};
use domain::{DeclarationId, Personal, Readable};
use event_store::{EventStore, Opener, Position, SubjectId, Tag};

use crate::codec;
use crate::log::LoadError;
use crate::sealed::{self, Part};

/// Tags that are looked for with one statement: a reader's may take five seconds.
const TAGS_AT_ONCE: usize = 1_000;

/// Which declarations have a number, and which were ever under a corporate number.
#[derive(Debug, Default)]
pub struct Found {
    by_tag: HashMap<String, BTreeSet<DeclarationId>>,
}

impl Found {
    /// Those with this number: one, unless an old register has it twice.
    pub fn by_number(&self, number: &DeclarationNo) -> Vec<DeclarationId> {
        self.of(&tag(TAG_DECLARATION_NO, number.as_str()))
    }

    /// Those that ever were under this corporate number.
    pub fn by_corporate_number(&self, number: &CorporateNumber) -> Vec<DeclarationId> {
        self.of(&tag(TAG_CORPORATE_NUMBER, number.as_str()))
    }

    /// All of them.
    pub fn all(&self) -> BTreeSet<DeclarationId> {
        self.by_tag.values().flatten().copied().collect()
    }

    fn of(&self, tag: &Tag) -> Vec<DeclarationId> {
        self.by_tag
            .get(tag.as_str())
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }
}

/// Looks for declarations by their numbers and by corporate numbers, as far as was recorded up to a position.
pub async fn find(
    store: &EventStore,
    numbers: &BTreeSet<DeclarationNo>,
    corporate_numbers: &BTreeSet<CorporateNumber>,
    to: Position,
) -> Result<Found, LoadError> {
    let of_numbers = numbers.iter().map(|it| tag(TAG_DECLARATION_NO, it.as_str()));
    let of_corporate = corporate_numbers
        .iter()
        .map(|it| tag(TAG_CORPORATE_NUMBER, it.as_str()));
    let wanted: Vec<Tag> = of_numbers.chain(of_corporate).collect();
    let mut found = Found::default();
    for tags in wanted.chunks(TAGS_AT_ONCE) {
        for event in store.outlines_tagged(tags, to).await? {
            let about = event.tags.iter().find(|tag| tag.kind() == TAG_DECLARATION);
            // Ids are written by us.
            let Some(id) = about.and_then(|tag| tag.value().parse().ok()) else {
                continue;
            };
            for tag in &event.tags {
                if matches!(tag.kind(), TAG_DECLARATION_NO | TAG_CORPORATE_NUMBER) {
                    let ids = found.by_tag.entry(tag.as_str().to_owned()).or_default();
                    ids.insert(id);
                }
            }
        }
    }
    Ok(found)
}

/// What happened to some declarations, read once for any number of days.
#[derive(Debug, Default)]
pub struct Histories(HashMap<DeclarationId, Vec<(i64, Step<Part>)>>);

/// Reads what happened to these declarations up to a position.
pub async fn histories(
    store: &EventStore,
    ids: &BTreeSet<DeclarationId>,
    to: Position,
) -> Result<Histories, LoadError> {
    let tags: Vec<Tag> = ids
        .iter()
        .map(|id| tag(TAG_DECLARATION, &id.to_string()))
        .collect();
    let mut histories = Histories::default();
    for tags in tags.chunks(TAGS_AT_ONCE) {
        let events = store.sealed_tagged(tags, to).await?;
        let events = events
            .iter()
            .filter(|event| codec::is_declaration_event(&event.event_type));
        for event in events {
            let step = sealed::step(event)?;
            let history = histories.0.entry(step.declaration_id).or_default();
            history.push((event.position.get(), step));
        }
    }
    Ok(histories)
}

impl Histories {
    /// A declaration as it was on a day, without what is personal; none when there is none.
    pub fn on_day(&self, id: DeclarationId, day: NaiveDate) -> Result<Option<Record>, LoadError> {
        let Some(outline) = self.outline(id, day) else {
            return Ok(None);
        };
        let (declaration, begun_on) = sealed::declaration(id, &outline, None)?;
        Ok(Some(Record {
            declaration,
            begun_on,
        }))
    }

    /// The keys to the names of persons of these declarations.
    pub async fn opener(
        &self,
        store: &EventStore,
        of: &[(DeclarationId, NaiveDate)],
    ) -> Result<Opener, LoadError> {
        let outlines = of.iter().filter_map(|(id, day)| self.outline(*id, *day));
        let subjects: BTreeSet<SubjectId> = outlines
            .flat_map(|outline| {
                let subjects = outline.sealed().map(|part| part.0.subject());
                subjects.collect::<Vec<_>>()
            })
            .collect();
        let subjects: Vec<SubjectId> = subjects.into_iter().collect();
        Ok(store.opener(&subjects).await?)
    }

    /// The name of a sole trader on a day; none where nothing is on record.
    pub fn name_of_person(
        &self,
        opener: &Opener,
        id: DeclarationId,
        day: NaiveDate,
    ) -> Result<Option<Readable<Personal<String>>>, LoadError> {
        let Some(outline) = self.outline(id, day) else {
            return Ok(None);
        };
        let (declaration, _) = sealed::declaration(id, &outline, Some(opener))?;
        Ok(declaration.facts.get(Field::Name).map(|fact| match fact {
            Fact::Personal(_, value) => Readable::Open(Personal::new(value.reveal().typed().to_owned())),
            Fact::Public(value) => Readable::Open(Personal::new(value.typed().to_owned())),
            Fact::Forgotten(_) => Readable::Forgotten,
        }))
    }

    fn outline(&self, id: DeclarationId, day: NaiveDate) -> Option<Outline<Part>> {
        Outline::on_day(self.0.get(&id)?, day)
    }
}

fn tag(kind: &str, value: &str) -> Tag {
    Tag::new(kind, value).expect("ids and digits are values of tags")
}

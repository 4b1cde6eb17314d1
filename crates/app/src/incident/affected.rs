//! Whose data an account may have seen in a time, from the record of reads. The only place that asks it for incidents.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::incident::{Incident, IncidentEvent, Scope};
use domain::staff::{Actor, Permission};
use domain::{DeclarationId, ImportId, IncidentId};
use storage::{import, register_index};
use uuid::Uuid;

use crate::audit::{Exposure, ExposureSheet, SubjectKind};
use crate::{App, Forbidden, Internal, OpContext, PersonalPart};

/// Numbers that are looked up at a time.
const NUMBERS_AT_ONCE: usize = 5_000;
/// Whoever declares or represents, and the contact.
const PERSONS_OF_ROW: u32 = 2;
/// The most rows of a page.
const PAGE_MAX: usize = 50_000;

/// A record whose personal data was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedRow {
    /// What kind of record.
    pub kind: SubjectKind,
    /// Which.
    pub id: Uuid,
    /// The number of the declaration; none: it is no declaration.
    pub number: Option<String>,
    /// Codes of what was read of it.
    pub parts: BTreeSet<String>,
    /// Rows of the file, when what stands in them was read: which ones, the record of reads does not say.
    pub file_rows: u32,
    /// How many answers held it.
    pub reads: u32,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl AffectedRow {
    /// Persons in it: one for each role in which somebody stands there. Free text alone may be about one, and each row of a file names two.
    fn persons(&self) -> u32 {
        if self.file_rows > 0 {
            return self.file_rows.saturating_mul(PERSONS_OF_ROW);
        }
        let roles: BTreeSet<&str> = self
            .parts
            .iter()
            .map(String::as_str)
            .filter(|part| *part != "free_text")
            // Two parts of one person.
            .map(|part| {
                if part == "premises" {
                    "sole_trader_name"
                } else {
                    part
                }
            })
            .collect();
        u32::try_from(roles.len().max(1)).unwrap_or(u32::MAX)
    }
}

/// A page of them.
#[derive(Debug, Clone)]
pub struct AffectedPage {
    /// In the order of their ids.
    pub rows: Vec<AffectedRow>,
    /// How many there are in all.
    pub records: usize,
    /// How many persons there are in all.
    pub persons: u32,
    /// What the next page names as `after`; none: this is the last.
    pub next_after: Option<Uuid>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum AffectedError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such incident.
    #[error("there is no such incident")]
    NotFound,
    /// Nobody has said which account and which time.
    #[error("no account and time are named")]
    NoScope,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The records that the account of an incident may have seen, by id. It holds no personal data: who stands in a record is
    /// looked up there, and that is recorded.
    pub async fn affected(
        &self,
        op: &OpContext,
        id: IncidentId,
        after: Option<Uuid>,
        first: usize,
    ) -> Result<AffectedPage, AffectedError> {
        let scope = self.scope_of(op, id).await?;
        let all = self.seen_in(&scope, id).await?;
        let (records, persons) = (all.len(), count(&all));
        let first = first.clamp(1, PAGE_MAX);
        let from = after.map_or(0, |after| all.partition_point(|row| row.id <= after));
        let mut rows: Vec<AffectedRow> = all.into_iter().skip(from).take(first + 1).collect();
        let has_more = rows.len() > first;
        rows.truncate(first);
        self.name_records(&mut rows).await?;
        Ok(AffectedPage {
            next_after: rows.last().map(|row| row.id).filter(|_| has_more),
            rows,
            records,
            persons,
        })
    }

    /// The same as a sheet, for a file that leaves.
    pub async fn affected_sheet(
        &self,
        op: &OpContext,
        id: IncidentId,
    ) -> Result<ExposureSheet, AffectedError> {
        let scope = self.scope_of(op, id).await?;
        Ok(ExposureSheet::new(self.seen_by_account(&scope, id).await?))
    }

    /// Which account and which time an incident is about.
    async fn scope_of(&self, op: &OpContext, id: IncidentId) -> Result<Scope, AffectedError> {
        op.require(Permission::ReadIncidents)?;
        let history = self.case_history::<IncidentEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let incident = Incident::of(said).ok_or(AffectedError::NotFound)?;
        incident.scope.ok_or(AffectedError::NoScope)
    }

    /// How many persons an account may have seen in a time.
    pub(super) async fn persons_seen(&self, scope: &Scope, id: IncidentId) -> Result<u32, Internal> {
        Ok(count(&self.seen_in(scope, id).await?))
    }

    /// Codes of what an account read in a time.
    pub(super) async fn parts_seen(
        &self,
        scope: &Scope,
        id: IncidentId,
    ) -> Result<BTreeSet<String>, Internal> {
        let found = self.seen_by_account(scope, id).await?;
        Ok(found.seen.into_iter().flat_map(|seen| seen.parts).collect())
    }

    /// Every record that an account read personal data of in a time, by id, without their numbers.
    async fn seen_in(&self, scope: &Scope, id: IncidentId) -> Result<Vec<AffectedRow>, Internal> {
        let found = self.seen_by_account(scope, id).await?;
        let rows = found.seen.into_iter().map(|seen| AffectedRow {
            kind: seen.kind,
            id: seen.id,
            number: None,
            parts: seen.parts,
            file_rows: 0,
            reads: seen.times,
            first_at: seen.first_at,
            last_at: seen.last_at,
        });
        let mut rows: Vec<AffectedRow> = rows.collect();
        rows.sort_unstable_by_key(|row| row.id);
        for row in &mut rows {
            if row.parts.contains(PersonalPart::ImportRows.as_str()) {
                row.file_rows = self.rows_of_file(ImportId::new(row.id)).await?;
            }
        }
        Ok(rows)
    }

    /// At least one: what was read stood in one.
    async fn rows_of_file(&self, id: ImportId) -> Result<u32, Internal> {
        let import = import::load(self.store.database(), id).await;
        let tried = import.map_err(Internal::new)?.and_then(|import| import.tried);
        let rows = tried.map_or(1, |counts| counts.rows.max(1));
        Ok(u32::try_from(rows).unwrap_or(u32::MAX))
    }

    /// What an account read in a time. The incident itself is left out: whoever handles it reads it, and it is nobody's data.
    async fn seen_by_account(&self, scope: &Scope, id: IncidentId) -> Result<Exposure, Internal> {
        let actor = Actor::Staff(scope.account).to_string();
        let mut found = self.seen_by(&actor, &(scope.from..scope.to)).await?;
        found
            .seen
            .retain(|seen| (seen.kind, seen.id) != (SubjectKind::Case, id.uuid()));
        Ok(found)
    }

    async fn name_records(&self, rows: &mut [AffectedRow]) -> Result<(), Internal> {
        for rows in rows.chunks_mut(NUMBERS_AT_ONCE) {
            let ids: Vec<DeclarationId> = rows.iter().map(|row| DeclarationId::new(row.id)).collect();
            let found = register_index::by_ids(self.store.database(), &ids).await;
            let found = found.map_err(Internal::new)?.into_iter();
            let mut numbers: BTreeMap<Uuid, String> = found
                .map(|it| (it.declaration_id.uuid(), it.declaration_no))
                .collect();
            for row in rows {
                row.number = numbers.remove(&row.id);
            }
        }
        Ok(())
    }
}

fn count(rows: &[AffectedRow]) -> u32 {
    rows.iter().map(AffectedRow::persons).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t57_each_role_is_a_person_and_free_text_is_one_only_when_it_is_alone() {
        let counted = |parts: &[&str], file_rows: u32| {
            AffectedRow {
                kind: SubjectKind::Declaration,
                id: Uuid::nil(),
                number: None,
                parts: parts.iter().map(|part| (*part).to_owned()).collect(),
                file_rows,
                reads: 1,
                first_at: DateTime::UNIX_EPOCH,
                last_at: DateTime::UNIX_EPOCH,
            }
            .persons()
        };
        let persons = |parts: &[&str]| counted(parts, 0);
        assert_eq!(persons(&["contact", "representative"]), 2);
        assert_eq!(persons(&["sole_trader_name", "premises"]), 1);
        assert_eq!(persons(&["sole_trader_name", "premises", "free_text"]), 1);
        assert_eq!(persons(&["free_text"]), 1);
        assert_eq!(persons(&["mail"]), 1);
        assert_eq!(persons(&["import"]), 1);
        assert_eq!(counted(&["import_rows"], 600), 1_200);
    }
}

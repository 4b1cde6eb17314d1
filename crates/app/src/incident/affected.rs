//! Whose data an account may have seen in a time, from the record of reads. The only place that asks it for incidents.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::incident::{Incident, IncidentEvent, Scope};
use domain::staff::{Actor, Permission};
use domain::{DeclarationId, IncidentId};
use storage::register_index;
use uuid::Uuid;

use crate::sheet_cell::sheet_cell;
use crate::{App, Forbidden, Internal, OpContext};

/// Numbers that are looked up at a time.
const NUMBERS_AT_ONCE: usize = 5_000;
/// The most rows of a page.
const PAGE_MAX: usize = 50_000;

/// A record whose personal data was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedRow {
    /// Which: a declaration, or a mail, or a case.
    pub id: Uuid,
    /// The number of the declaration; none: it is no declaration.
    pub number: Option<String>,
    /// Codes of what was read of it.
    pub parts: BTreeSet<String>,
    /// How many answers held it.
    pub reads: u32,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl AffectedRow {
    /// Persons in it: one for each role in which somebody stands there. Free text alone may be about one.
    fn persons(&self) -> u32 {
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
        op.require(Permission::ReadIncidents)?;
        let history = self.case_history::<IncidentEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let incident = Incident::of(said).ok_or(AffectedError::NotFound)?;
        let scope = incident.scope.ok_or(AffectedError::NoScope)?;
        let all = self.seen_in(&scope).await?;
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

    /// The same as a page of CSV, with the headings on the first page. A cell that a spreadsheet would take for a formula is
    /// marked as text.
    pub async fn affected_csv(
        &self,
        op: &OpContext,
        id: IncidentId,
        after: Option<Uuid>,
        first: usize,
    ) -> Result<(String, Option<Uuid>), AffectedError> {
        let page = self.affected(op, id, after, first).await?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        let headings = [
            "種類",
            "宣言番号",
            "ID",
            "閲覧された項目",
            "回数",
            "最初の閲覧",
            "最後の閲覧",
        ];
        if after.is_none() {
            writer.write_record(headings).map_err(Internal::new)?;
        }
        for row in &page.rows {
            let parts: Vec<&str> = row.parts.iter().map(String::as_str).collect();
            let kind = match (&row.number, row.parts.contains("mail")) {
                (Some(_), _) => "宣言",
                (None, true) => "メール",
                (None, false) => "その他",
            };
            let cells = [
                kind.to_owned(),
                row.number.clone().unwrap_or_default(),
                row.id.to_string(),
                parts.join(" "),
                row.reads.to_string(),
                crate::time_in_japan(row.first_at),
                crate::time_in_japan(row.last_at),
            ];
            let cells = cells.iter().map(|cell| sheet_cell(cell).into_owned());
            writer.write_record(cells).map_err(Internal::new)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|error| Internal::new(error.into_error()))?;
        let text = String::from_utf8(bytes).map_err(Internal::new)?;
        // So that Excel reads Japanese.
        let text = if after.is_none() {
            format!("\u{feff}{text}")
        } else {
            text
        };
        Ok((text, page.next_after))
    }

    /// How many persons an account may have seen in a time.
    pub(super) async fn persons_seen(&self, scope: &Scope) -> Result<u32, Internal> {
        Ok(count(&self.seen_in(scope).await?))
    }

    /// Codes of what an account read in a time.
    pub(super) async fn parts_seen(&self, scope: &Scope) -> Result<BTreeSet<String>, Internal> {
        let seen = self.seen_in(scope).await?;
        Ok(seen.into_iter().flat_map(|row| row.parts).collect())
    }

    /// Every record that an account read personal data of in a time, by id, without their numbers.
    async fn seen_in(&self, scope: &Scope) -> Result<Vec<AffectedRow>, Internal> {
        let actor = Actor::Staff(scope.account).to_string();
        let found = self.seen_by(&actor, &(scope.from..scope.to)).await?;
        let rows = found.seen.into_iter().map(|seen| AffectedRow {
            id: seen.id,
            number: None,
            parts: seen.parts,
            reads: seen.times,
            first_at: seen.first_at,
            last_at: seen.last_at,
        });
        let mut rows: Vec<AffectedRow> = rows.collect();
        rows.sort_unstable_by_key(|row| row.id);
        Ok(rows)
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
        let persons = |parts: &[&str]| {
            AffectedRow {
                id: Uuid::nil(),
                number: None,
                parts: parts.iter().map(|part| (*part).to_owned()).collect(),
                reads: 1,
                first_at: DateTime::UNIX_EPOCH,
                last_at: DateTime::UNIX_EPOCH,
            }
            .persons()
        };
        assert_eq!(persons(&["contact", "representative"]), 2);
        assert_eq!(persons(&["sole_trader_name", "premises"]), 1);
        assert_eq!(persons(&["sole_trader_name", "premises", "free_text"]), 1);
        assert_eq!(persons(&["free_text"]), 1);
        assert_eq!(persons(&["mail"]), 1);
    }
}

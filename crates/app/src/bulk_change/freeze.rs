//! Choosing the records of a bulk change: from then on it is about these, whatever a list shows later.

use std::collections::{HashMap, HashSet};

use domain::bulk_change::{BulkAction, BulkChangeEvent, Frozen};
use domain::staff::Permission;
use domain::value::DeclarationNo;
use domain::{BulkChangeId, DeclarationId, JobId};
use event_store::{Append, AppendError, Position};
use sha2::{Digest as _, Sha256};
use storage::bulk_change_row::{self as rows, Chosen};
use storage::declaration::{FIRST_MAX, Filter, Sort};
use storage::register_index;
use uuid::Uuid;

use super::{BulkContent, ChosenBy};
use crate::declaration::{List, ListError};
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Records that can be named one by one. More travel as a filter.
pub const IDS_MAX: usize = 500;
/// Records that can be named by a list of their numbers, which comes from a file.
pub const NUMBERS_MAX: usize = 10_000;
/// Numbers that are looked up with one statement.
const NUMBERS_AT_ONCE: usize = 1_000;
/// Numbers that are named in a sentence.
const NAMED_MAX: usize = 5;
/// Characters of each of them: what is no number may be anything.
const NAME_MAX: usize = 30;
/// Histories that are read at once: each may be long.
const HISTORIES_AT_ONCE: usize = 500;
/// Records of one bulk change.
pub const SELECTION_MAX: usize = 50_000;

/// Which records.
#[derive(Clone)]
pub enum Selection {
    /// These, each once however often it is named.
    Ids(Vec<DeclarationId>),
    /// Those with these numbers, as typed; each once however often it is named.
    Numbers(Vec<String>),
    /// All that a list has that is narrowed so.
    Matching {
        /// Narrowing by values.
        filter: Box<Filter>,
        /// Narrowing by words, as typed.
        search: Option<String>,
    },
}

/// Chooses records, and has the change tried out on them.
#[derive(Clone)]
pub struct FreezeBulkChange {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which records.
    pub selection: Selection,
    /// What is to be done to each.
    pub action: BulkAction,
}

/// Why nothing was chosen.
#[derive(Debug, thiserror::Error)]
pub enum FreezeBulkChangeError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed has problems, or there is nothing to choose.
    #[error("what was asked for has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Chooses records, and has the change tried out on them by a job. Nothing of them is changed.
    pub async fn freeze_bulk_change(
        &self,
        op: &OpContext,
        command: FreezeBulkChange,
    ) -> Result<BulkChangeId, FreezeBulkChangeError> {
        op.require(Permission::ChangeMany)?;
        op.require(command.action.kind().permission())?;
        let problems = command.action.problems();
        if !problems.is_empty() {
            let problems = problems.into_iter().map(InputProblem::from).collect();
            return Err(FreezeBulkChangeError::Invalid(problems));
        }
        let chosen_by = match &command.selection {
            Selection::Ids(_) => ChosenBy::Ids,
            Selection::Numbers(_) => ChosenBy::Numbers,
            Selection::Matching { filter, search } => ChosenBy::Filter {
                filter: filter.clone(),
                search: search.clone(),
            },
        };
        let content = BulkContent {
            action: command.action,
            chosen_by,
        };
        // Before looking: what a retry would find may be something else by now.
        let id = bulk_change_id(command.command_id);
        let earlier = self.store.receipt(command.command_id).await;
        if earlier.map_err(Internal::new)?.is_some() {
            return self.frozen_before(id, &content).await;
        }
        let chosen = match command.selection {
            Selection::Ids(ids) => self.chosen(ids).await?,
            Selection::Numbers(numbers) => self.numbered(&numbers).await?,
            Selection::Matching { filter, search } => self.matching(op, &filter, search.as_deref()).await?,
        };
        self.freeze(op, command.command_id, &content, &chosen).await
    }

    /// Writes down which records were chosen, and that they are to be tried out.
    pub(super) async fn freeze(
        &self,
        op: &OpContext,
        command_id: Uuid,
        content: &BulkContent,
        chosen: &[Chosen],
    ) -> Result<BulkChangeId, FreezeBulkChangeError> {
        let id = bulk_change_id(command_id);
        let database = self.store.database();
        rows::freeze(database, id, chosen).await.map_err(Internal::new)?;
        let said = BulkChangeEvent::Frozen(Frozen {
            bulk_change_id: id,
            action: content.action.kind(),
            by_filter: matches!(content.chosen_by, ChosenBy::Filter { .. }),
            count: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
            selection_hash: selection_hash(chosen),
            undoes: match content.action {
                BulkAction::Undo { of, .. } => Some(of),
                _ => None,
            },
            trial_job_id: JobId::new(derived_id(id.uuid(), "trial")),
        });
        let part = self.bulk_content_part(id, content).await?;
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.bulk_event(&said, vec![part])?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(id),
            // The same command was as fast.
            Err(AppendError::CommandReused { .. }) => self.frozen_before(id, content).await,
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    pub(super) async fn frozen_before(
        &self,
        id: BulkChangeId,
        content: &BulkContent,
    ) -> Result<BulkChangeId, FreezeBulkChangeError> {
        if self.bulk_content(id).await?.as_ref() == Some(content) {
            Ok(id)
        } else {
            Err(FreezeBulkChangeError::CommandReused)
        }
    }

    /// Records that were named one by one. One that does not exist is kept: the result says so.
    async fn chosen(&self, ids: Vec<DeclarationId>) -> Result<Vec<Chosen>, FreezeBulkChangeError> {
        let mut known = HashSet::new();
        let ids: Vec<_> = ids.into_iter().filter(|id| known.insert(*id)).collect();
        if ids.is_empty() {
            return Err(nothing("selection"));
        }
        if ids.len() > IDS_MAX {
            let text =
                format!("{IDS_MAX}件を超える宣言は、1件ずつの選択ではなく、絞り込みの条件で選んでください。");
            return Err(invalid("selection.ids", "too_many", text));
        }
        Ok(self.as_they_stand(&ids).await?)
    }

    /// Records that were named by a list of numbers. One that nobody has is said: whoever made the list mends it.
    async fn numbered(&self, typed: &[String]) -> Result<Vec<Chosen>, FreezeBulkChangeError> {
        if typed.is_empty() {
            return Err(nothing("selection"));
        }
        if typed.len() > NUMBERS_MAX {
            let text = "一度に指定できる自己宣言IDは10,000件までです。一覧を分けてください。";
            return Err(invalid("selection.numbers", "numbers_too_many", text));
        }
        let (mut numbers, mut unreadable) = (Vec::new(), Vec::new());
        let mut known = HashSet::new();
        for text in typed {
            match DeclarationNo::parse(text) {
                Ok(number) if known.insert(number.clone()) => numbers.push(number.as_str().to_owned()),
                Ok(_) => {}
                Err(_) => unreadable.push(text.as_str()),
            }
        }
        if !unreadable.is_empty() {
            let text = named(
                &unreadable,
                "は自己宣言IDとして読み取れません。4か5で始まる11桁の番号に直してください。",
            );
            return Err(invalid("selection.numbers", "numbers_unreadable", text));
        }
        let mut by_number = HashMap::new();
        for some in numbers.chunks(NUMBERS_AT_ONCE) {
            let found = register_index::by_numbers(self.store.database(), some).await;
            let found = found.map_err(Internal::new)?;
            by_number.extend(found.into_iter().map(|it| (it.declaration_no, it.declaration_id)));
        }
        let unknown = numbers.iter().filter(|number| !by_number.contains_key(*number));
        let unknown: Vec<&str> = unknown.map(String::as_str).collect();
        if !unknown.is_empty() {
            let text = named(&unknown, "の宣言は登録されていません。一覧から除いてください。");
            return Err(invalid("selection.numbers", "numbers_unknown", text));
        }
        let ids: Vec<_> = numbers
            .iter()
            .filter_map(|number| by_number.get(number))
            .copied()
            .collect();
        Ok(self.as_they_stand(&ids).await?)
    }

    /// Records with the version that they have now.
    async fn as_they_stand(&self, ids: &[DeclarationId]) -> Result<Vec<Chosen>, Internal> {
        let mut chosen = Vec::with_capacity(ids.len());
        for some in ids.chunks(HISTORIES_AT_ONCE) {
            let histories = self.histories(some).await?;
            chosen.extend(some.iter().map(|id| {
                let history = histories.get(id);
                let version = history.map_or(0, |history| history.timeline.current().version);
                Chosen {
                    declaration_id: *id,
                    version: Position::new(version),
                }
            }));
        }
        Ok(chosen)
    }

    /// All records that a list has that is narrowed so, in the order of their numbers.
    pub(super) async fn matching(
        &self,
        op: &OpContext,
        filter: &Filter,
        search: Option<&str>,
    ) -> Result<Vec<Chosen>, FreezeBulkChangeError> {
        let mut chosen = Vec::new();
        let mut after = None;
        loop {
            let list = List {
                filter: filter.clone(),
                search: search.map(str::to_owned),
                sort: Sort::NumberAsc,
                first: FIRST_MAX,
                after,
                at_least: None,
                facets: false,
            };
            let page = self.declarations(op, list).await.map_err(of_list)?;
            chosen.extend(page.rows.iter().map(|row| Chosen {
                declaration_id: row.id,
                version: row.version,
            }));
            if chosen.len() > SELECTION_MAX {
                let text =
                    format!("一度に変更できるのは{SELECTION_MAX}件までです。条件を絞り込んでください。");
                return Err(invalid("selection", "too_many", text));
            }
            if !page.has_next_page {
                break;
            }
            after = page.end_cursor;
        }
        if chosen.is_empty() {
            return Err(nothing("selection"));
        }
        Ok(chosen)
    }
}

/// The id that a bulk change has or will have.
pub(super) fn bulk_change_id(command_id: Uuid) -> BulkChangeId {
    BulkChangeId::new(derived_id(command_id, "bulk change"))
}

/// SHA-256 over the ids, whatever the order.
pub(super) fn selection_hash(chosen: &[Chosen]) -> String {
    let mut ids: Vec<Uuid> = chosen.iter().map(|it| it.declaration_id.uuid()).collect();
    ids.sort_unstable();
    let hash = ids
        .iter()
        .fold(Sha256::new(), |hash, id| hash.chain_update(id.as_bytes()));
    hex::encode(hash.finalize())
}

fn invalid(field: &str, code: &'static str, message: impl Into<String>) -> FreezeBulkChangeError {
    FreezeBulkChangeError::Invalid(vec![InputProblem::new(field, code, message)])
}

fn nothing(field: &str) -> FreezeBulkChangeError {
    let text = "対象の宣言がありません。宣言を選ぶか、条件を変えてください。";
    invalid(field, "empty", text)
}

/// Says something of some numbers, of which the first are named.
fn named(numbers: &[&str], what: &str) -> String {
    let short = |text: &&str| text.chars().take(NAME_MAX).collect::<String>();
    let first: Vec<String> = numbers.iter().take(NAMED_MAX).map(short).collect();
    let first = first.join("、");
    match numbers.len().saturating_sub(NAMED_MAX) {
        0 => format!("{first}{what}"),
        others => format!("{first}（ほか{others}件）{what}"),
    }
}

fn of_list(error: ListError) -> FreezeBulkChangeError {
    match error {
        ListError::Forbidden(refused) => FreezeBulkChangeError::Forbidden(refused),
        ListError::Invalid(problem) => FreezeBulkChangeError::Invalid(vec![problem]),
        ListError::Internal(error) => FreezeBulkChangeError::Internal(error),
        error @ ListError::NotYet(_) => FreezeBulkChangeError::Internal(Internal::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_selection_is_of_the_records_and_not_of_their_order_or_versions() {
        let chosen = |id: u128, version| Chosen {
            declaration_id: DeclarationId::new(Uuid::from_u128(id)),
            version: Position::new(version),
        };
        let one = selection_hash(&[chosen(1, 1), chosen(2, 1)]);
        assert_eq!(one, selection_hash(&[chosen(2, 9), chosen(1, 1)]));
        assert_ne!(one, selection_hash(&[chosen(1, 1), chosen(3, 1)]));
        assert_ne!(one, selection_hash(&[chosen(1, 1)]));
    }

    #[test]
    fn of_many_numbers_the_first_are_named_and_the_others_counted() {
        assert_eq!(named(&["1"], "は。"), "1は。");
        assert_eq!(named(&["1", "2", "3", "4", "5"], "は。"), "1、2、3、4、5は。");
        assert_eq!(
            named(&["1", "2", "3", "4", "5", "6", "7"], "は。"),
            "1、2、3、4、5（ほか2件）は。"
        );
    }
}

//! Reads, the newest first: of anybody or of one account, of any record or of one.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::value::DeclarationNo;
use storage::read_audit::{FoundRead, ReadFilter, ReadPlace};
use storage::register_index;

use super::{AuditError, allowed, forwards};
use crate::{App, InputProblem, Internal, OpContext};

/// Pages of the storage that one answer looks through when they hold nothing: a million reads.
const PAGES: usize = 20;

/// Which reads.
#[derive(Debug, Clone)]
pub struct ReadsQuery {
    /// From when, and until when (that moment not included).
    pub time: Range<DateTime<Utc>>,
    /// Whose, as in the actor of events; none: anybody's.
    pub actor: Option<String>,
    /// Of the declaration with this number; none: any.
    pub declaration: Option<String>,
    /// Where the last page ended.
    pub before: Option<ReadPlace>,
    /// Reads of a page.
    pub first: u32,
}

/// Some reads, the newest first.
#[derive(Debug, Clone, Default)]
pub struct ReadsPage {
    /// They.
    pub reads: Vec<FoundRead>,
    /// Where the next page begins. A page may be empty and yet have a next one: it says how far was looked.
    pub next: Option<ReadPlace>,
}

impl App {
    /// Reads of personal data in a time, the newest first.
    pub async fn reads(&self, op: &OpContext, query: &ReadsQuery) -> Result<ReadsPage, AuditError> {
        allowed(op)?;
        forwards(&query.time)?;
        let id = match &query.declaration {
            Some(number) => Some(self.declaration_of(number).await?),
            None => None,
        };
        let filter = ReadFilter {
            time: query.time.clone(),
            actor: query.actor.clone(),
            id,
        };
        let mut found = ReadsPage {
            reads: Vec::new(),
            next: query.before,
        };
        for _ in 0..PAGES {
            let page = self
                .storage
                .read_recorder()
                .page(&filter, found.next, query.first)
                .await
                .map_err(Internal::new)?;
            found.reads = page.reads;
            found.next = page.next;
            if !found.reads.is_empty() || found.next.is_none() {
                break;
            }
        }
        Ok(found)
    }

    async fn declaration_of(&self, number: &str) -> Result<uuid::Uuid, AuditError> {
        let problem =
            |code, text: &str| AuditError::Invalid(vec![InputProblem::new("declarationNumber", code, text)]);
        let number = DeclarationNo::parse(number.trim())
            .map_err(|_| problem("shape", "自己宣言IDは11桁の数字で入力してください。"))?;
        let found = register_index::by_numbers(self.store.database(), &[number.as_str().to_owned()])
            .await
            .map_err(Internal::new)?;
        let found = found.first().map(|found| found.declaration_id.uuid());
        found.ok_or_else(|| {
            problem(
                "unknown",
                "この自己宣言IDの記録はありません。番号を確かめてください。",
            )
        })
    }
}

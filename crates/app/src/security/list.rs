//! The records for auditors, the newest first.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::staff::{SecurityKind, StaffId};
use storage::security_record::{self, FoundSecurity, SecurityFilter, SecurityPlace};

use crate::audit::{self, AuditError};
use crate::{App, Internal, OpContext};

/// Which records.
#[derive(Debug, Clone)]
pub struct SecurityQuery {
    /// From when, and until when (that moment not included).
    pub time: Range<DateTime<Utc>>,
    /// Of whose account; none: any, and nobody's.
    pub staff_id: Option<StaffId>,
    /// What happened; none: anything.
    pub kind: Option<SecurityKind>,
    /// Where the last page ended.
    pub before: Option<SecurityPlace>,
    /// Records of a page.
    pub first: u32,
}

/// Some records, the newest first.
#[derive(Debug, Clone)]
pub struct SecurityPage {
    /// They.
    pub records: Vec<FoundSecurity>,
    /// Where the next page begins; none: nothing is older.
    pub next: Option<SecurityPlace>,
}

impl App {
    /// What happened to ways in in a time, the newest first.
    pub async fn security_records(
        &self,
        op: &OpContext,
        query: &SecurityQuery,
    ) -> Result<SecurityPage, AuditError> {
        audit::allowed(op)?;
        audit::forwards(&query.time)?;
        let filter = SecurityFilter {
            time: query.time.clone(),
            staff_id: query.staff_id.map(|id| id.0),
            kind: query.kind.map(|kind| kind.code().to_owned()),
        };
        let found =
            security_record::page(self.store.database(), &filter, query.before, query.first + 1).await;
        let mut records = found.map_err(Internal::new)?;
        let more = records.len() > query.first as usize;
        records.truncate(query.first as usize);
        let next = records.last().filter(|_| more).map(|last| last.place);
        Ok(SecurityPage { records, next })
    }
}

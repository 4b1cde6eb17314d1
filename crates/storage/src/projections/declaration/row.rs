//! One declaration as lists show it, and its row.

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass};
use domain::value::{EntityType, Industry, PledgeVersion, Prefecture, Star};
use domain::{DeclarationId, OrganizationId, Personal, SubjectId};
use event_store::Position;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::cell::Cell;
use super::matched::Matched;
use crate::sql::{Columns, CorruptRow};

/// The name under which somebody declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// Of a corporation or another body.
    Organization {
        /// As typed.
        name: String,
        /// As typed.
        kana: Option<String>,
    },
    /// Of a sole trader: show it only to readers with the right, and record that.
    Person {
        /// Whose key seals it.
        subject: SubjectId,
        /// As typed.
        name: Personal<String>,
        /// As typed.
        kana: Option<Personal<String>>,
    },
    /// Of a sole trader who was forgotten.
    Forgotten {
        /// Whose key was destroyed.
        subject: SubjectId,
    },
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationRow {
    /// Its id.
    pub id: DeclarationId,
    /// Dense number in the order of first events.
    pub seq: i64,
    /// 自己宣言ID.
    pub number: String,
    /// The star, if it is known.
    pub star: Option<Star>,
    /// Where it stands.
    pub state: DeclarationState,
    /// Since when it is stopped; `None` also when nobody knows.
    pub stopped_on: Option<NaiveDate>,
    /// The day of the declaration.
    pub declared_on: NaiveDate,
    /// What kind of declarer.
    pub entity_type: EntityType,
    /// Whose declaration.
    pub organization_id: OrganizationId,
    /// The number as read, or as typed when it cannot be read. Never of a sole trader.
    pub corporate_number: Option<String>,
    /// The declarer's name.
    pub name: RowName,
    /// 屋号, as typed.
    pub trade_name: Option<String>,
    /// The prefecture, if it can be read.
    pub prefecture: Option<Prefecture>,
    /// 市区町村, as typed.
    pub city: Option<String>,
    /// 業種, if it can be read.
    pub industry: Option<Industry>,
    /// The size class.
    pub size: SizeClass,
    /// The text that was pledged, if it is known.
    pub pledge: Option<PledgeVersion>,
    /// How it came into the register.
    pub provenance: Provenance,
    /// Whether it is shown in the public search while it is live.
    pub published: bool,
    /// Where the policy can be read.
    pub policy: PolicyState,
    /// Whether there is somewhere to write to.
    pub contact: ContactState,
    /// Warning flags, in the order of `FlagCode::ALL`.
    pub flags: Vec<FlagCode>,
    /// When the newest change was recorded.
    pub changed_at: DateTime<Utc>,
    /// What a change must name as the version that it has seen.
    pub version: Position,
    /// Why a search found this row; `None` without a search.
    pub matched: Option<Matched>,
}

/// The columns of [`Stored`], of the table alias `d`.
macro_rules! stored_columns {
    () => {
        "d.seq, d.id, d.number, d.declared_on, d.cell, d.stopped_on, d.entity_type, d.organization_id, \
         d.corporate_number, d.name, d.kana, d.personal_name, d.personal_kana, d.name_subject, d.trade_name, d.city, \
         d.changed_at, d.version"
    };
}
pub(super) use stored_columns;

/// The same as a text.
pub(super) const COLUMNS: &str = stored_columns!();

/// The row as it is stored.
#[derive(FromRow, Serialize)]
pub(super) struct Stored {
    pub(super) seq: i64,
    id: Uuid,
    number: String,
    declared_on: String,
    cell: i64,
    stopped_on: Option<String>,
    entity_type: String,
    organization_id: Uuid,
    corporate_number: Option<String>,
    name: Option<String>,
    kana: Option<String>,
    personal_name: Option<String>,
    personal_kana: Option<String>,
    name_subject: Option<Uuid>,
    trade_name: Option<String>,
    city: Option<String>,
    changed_at: i64,
    version: i64,
}

impl TryFrom<Stored> for DeclarationRow {
    type Error = CorruptRow;

    fn try_from(stored: Stored) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "declaration",
            id: &stored.id,
        };
        let cell = Cell(stored.cell);
        let name = match (stored.name_subject.map(SubjectId::new), stored.personal_name) {
            (Some(subject), Some(name)) => RowName::Person {
                subject,
                name: Personal::new(name),
                kana: stored.personal_kana.map(Personal::new),
            },
            (Some(subject), None) => RowName::Forgotten { subject },
            (None, _) => RowName::Organization {
                name: stored.name.ok_or_else(|| columns.corrupt("name"))?,
                kana: stored.kana,
            },
        };
        Ok(Self {
            id: DeclarationId::new(stored.id),
            seq: stored.seq,
            star: cell.star(),
            state: cell.state().ok_or_else(|| columns.corrupt("cell"))?,
            stopped_on: stored
                .stopped_on
                .map(|day| columns.day("stopped_on", &day))
                .transpose()?,
            declared_on: columns.day("declared_on", &stored.declared_on)?,
            entity_type: EntityType::from_code(&stored.entity_type)
                .ok_or_else(|| columns.corrupt("entity_type"))?,
            organization_id: OrganizationId::new(stored.organization_id),
            prefecture: cell.prefecture(),
            industry: cell.industry(),
            size: cell.size(),
            pledge: cell.pledge(),
            provenance: cell.provenance(),
            published: cell.published(),
            policy: cell.policy(),
            contact: cell.contact(),
            flags: cell.flags().collect(),
            changed_at: columns.instant("changed_at", stored.changed_at)?,
            version: Position::new(stored.version),
            number: stored.number,
            corporate_number: stored.corporate_number,
            name,
            trade_name: stored.trade_name,
            city: stored.city,
            matched: None,
        })
    }
}

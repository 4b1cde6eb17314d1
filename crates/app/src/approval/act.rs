//! What can be asked for.

use std::collections::{BTreeMap, BTreeSet};

use domain::approval::About;
use domain::bulk_change::BulkKind;
use domain::declaration::decide::MergeSide;
use domain::declaration::{Field, IdentityCheck, Role as PersonRole};
use domain::export::{Column, Format};
use domain::staff::{Actor, Permission, Role, StaffId};
use domain::{BulkChangeId, DeclarationId, ExportId, ImportId, JobId};
use serde::{Deserialize, Serialize};

use crate::OpContext;

/// An act that needs a second person, with its exact content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Act {
    /// Other roles for somebody, among them some that open everything else.
    #[serde(rename = "staff.roles")]
    ChangeRoles {
        /// Whose.
        staff_id: StaffId,
        /// The version of the account that its author saw.
        expected_version: i64,
        /// All roles from then on.
        roles: Vec<String>,
    },
    /// A person is forgotten for ever.
    #[serde(rename = "declaration.forget")]
    ForgetPerson {
        /// In which declaration.
        declaration_id: DeclarationId,
        /// The version of the declaration that its author saw: a new contact must not be forgotten for the old one.
        expected_version: i64,
        /// In which role.
        person: PersonRole,
        /// What the declaration's history says about why. It stays, so it must not name the person.
        reason: String,
    },
    /// Many declarations are changed at once.
    #[serde(rename = "declaration.bulk")]
    ChangeMany {
        /// Which bulk change: its records were chosen, and it was tried out.
        bulk_change_id: BulkChangeId,
        /// What is done to each record.
        action: BulkKind,
        /// Records that would be changed.
        count: u32,
        /// Of the records: of others, nobody agreed to anything.
        selection_hash: String,
    },
    /// Many rows of an old register are taken over.
    #[serde(rename = "declaration.import")]
    Import {
        /// Which import.
        import_id: ImportId,
        /// The trial that was looked at: of another one nobody agreed to anything.
        trial_job: JobId,
        /// Rows that would be taken over.
        count: u64,
        /// Why.
        reason: String,
    },
    /// A file leaves with a view of the register. What the view is narrowed to was written down when it was asked for.
    #[serde(rename = "declaration.export")]
    ExportView {
        /// Which export.
        export_id: ExportId,
        /// What kind of file.
        format: Format,
        /// Which columns, in order.
        columns: Vec<Column>,
        /// Records of the view.
        count: u64,
        /// Whether that is an estimate.
        is_estimated: bool,
    },
    /// Two declarations become one.
    #[serde(rename = "declaration.merge")]
    MergeDeclarations {
        /// The one that goes on.
        survivor: DeclarationId,
        /// The version of it that its author saw.
        survivor_version: i64,
        /// The one that is merged into it.
        merged: DeclarationId,
        /// The version of it that its author saw.
        merged_version: i64,
        /// For each field that differs, whose value stays.
        choices: BTreeMap<Field, MergeSide>,
        /// What the histories of both say about why.
        reason: String,
    },
    /// A forgotten number goes to another address than the registered one.
    #[serde(rename = "declaration.number")]
    SendNumber {
        /// Of which declaration.
        declaration_id: DeclarationId,
        /// The version of it that its author saw.
        expected_version: i64,
        /// What whoever asks said, by field.
        asked: BTreeMap<Field, String>,
        /// How it was made sure who they are.
        checks: BTreeSet<IdentityCheck>,
        /// Where it goes.
        to: String,
    },
}

/// Who agreed to what needs a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Nobody yet.
    None,
    /// Whoever has the machine, or a second person.
    Given,
}

impl Consent {
    /// What whoever acts brings along: whoever has the machine has everything.
    pub(crate) fn of(op: &OpContext) -> Self {
        match op.actor() {
            Actor::System(_) => Self::Given,
            Actor::Staff(_) | Actor::Token(_) | Actor::Declarer => Self::None,
        }
    }
}

impl Act {
    /// A stable code.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ChangeRoles { .. } => "staff.roles",
            Self::ForgetPerson { .. } => "declaration.forget",
            Self::ChangeMany { .. } => "declaration.bulk",
            Self::Import { .. } => "declaration.import",
            Self::ExportView { .. } => "declaration.export",
            Self::MergeDeclarations { .. } => "declaration.merge",
            Self::SendNumber { .. } => "declaration.number",
        }
    }

    /// The right that asking for it needs.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::ChangeRoles { .. } => Permission::ManageStaff,
            Self::ForgetPerson { .. } => Permission::ForgetPerson,
            Self::ChangeMany { .. } => Permission::ChangeMany,
            Self::Import { .. } => Permission::ImportDeclarations,
            Self::ExportView { .. } => Permission::ExportDeclarations,
            Self::MergeDeclarations { .. } => Permission::MergeDeclarations,
            Self::SendNumber { .. } => Permission::LookUpNumber,
        }
    }

    /// Who gains by it.
    pub const fn beneficiary(&self) -> Option<StaffId> {
        match self {
            Self::ChangeRoles { staff_id, .. } => Some(*staff_id),
            Self::ForgetPerson { .. }
            | Self::ChangeMany { .. }
            | Self::Import { .. }
            | Self::ExportView { .. }
            | Self::MergeDeclarations { .. }
            | Self::SendNumber { .. } => None,
        }
    }

    /// What it is about.
    pub const fn about(&self) -> About {
        match self {
            Self::ChangeRoles { staff_id, .. } => About::Staff(*staff_id),
            Self::ForgetPerson { declaration_id, .. } | Self::SendNumber { declaration_id, .. } => {
                About::Declaration(*declaration_id)
            }
            Self::ChangeMany { bulk_change_id, .. } => About::BulkChange(*bulk_change_id),
            Self::Import { import_id, .. } => About::Import(*import_id),
            Self::ExportView { export_id, .. } => About::Export(*export_id),
            Self::MergeDeclarations { survivor, .. } => About::Declaration(*survivor),
        }
    }

    /// Other roles for somebody.
    pub fn change_roles(staff_id: StaffId, expected_version: i64, roles: &[Role]) -> Self {
        Self::ChangeRoles {
            staff_id,
            expected_version,
            roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
        }
    }
}

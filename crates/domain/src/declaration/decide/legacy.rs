//! Taking a row over from an old register.

use super::outcome::Decision;
use crate::{
    declaration::{DeclarationEvent, FlagCode, RegisterSource, Registered, Statement, Subjects},
    ids::{DeclarationId, OrganizationId},
    legacy_register::LegacyRow,
};

/// A row with the ids that the caller made for it.
pub struct RegisterLegacy<'a> {
    /// Of the new declaration.
    pub declaration_id: DeclarationId,
    /// Of the declarer: that of another declaration with the same corporate number, or a new one.
    pub organization_id: OrganizationId,
    /// Of its persons.
    pub subjects: Subjects,
    /// Which register, and the fingerprint of the row.
    pub source: RegisterSource,
    /// The row.
    pub row: &'a LegacyRow,
    /// Whether [`crate::legacy_register::judge`] found another live declaration with the same corporate number.
    pub duplicate: bool,
}

/// Decides the one event that holds the whole row. It is never refused: what is doubtful becomes a flag, and so does a
/// second live declaration of the same declarer. It is published when the declarer agreed and the declaration is live.
pub fn register_legacy(command: &RegisterLegacy<'_>) -> Decision {
    let row = command.row;
    let facts = row.facts(command.subjects);
    let mut flags: std::collections::BTreeSet<FlagCode> = row.flags().iter().copied().collect();
    if command.duplicate {
        flags.insert(FlagCode::CorporateNumberDuplicate);
    }
    let registered = Registered {
        source: command.source.clone(),
        published: facts.publish_consent() && row.standing().stop.is_none(),
        facts,
        standing: row.standing().clone(),
        flags,
    };
    let statement = Statement {
        declaration_id: command.declaration_id,
        organization_id: command.organization_id,
        effective_at: row.declared_on(),
        event: DeclarationEvent::Registered(Box::new(registered)),
    };
    Decision {
        statements: vec![statement],
        reason: None,
    }
}

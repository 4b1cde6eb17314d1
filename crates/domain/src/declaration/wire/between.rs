//! The shapes of what happens between two declarations, or two declarers. Frozen like the rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Empty, Reader, WireChange, change_out, envelope};
use crate::{
    declaration::{
        codec::{DecodeError, Parts},
        event::{Change, DeclarationEvent, HandOverKind, Statement},
    },
    ids::DeclarationId,
};

#[derive(Serialize, Deserialize)]
struct WireReplaced {
    by: DeclarationId,
    corporate_number: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct WireReplaces {
    old: DeclarationId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<WireChange>,
}

#[derive(Serialize, Deserialize)]
struct WireHandedOver {
    kind: HandOverKind,
    changes: Vec<WireChange>,
}

/// The data of these events, and of those whose type says everything.
pub(super) fn out(statement: &Statement, parts: &mut Parts) -> Value {
    let changes = |list: &[Change], parts: &mut Parts| -> Vec<WireChange> {
        list.iter().map(|change| change_out(change, parts)).collect()
    };
    match &statement.event {
        DeclarationEvent::Superseded { by, corporate_number }
        | DeclarationEvent::MergedInto {
            survivor: by,
            corporate_number,
        } => envelope(
            statement,
            &WireReplaced {
                by: *by,
                corporate_number: corporate_number.as_ref().map(ToString::to_string),
            },
        ),
        DeclarationEvent::LinkedToOld { old } => envelope(
            statement,
            &WireReplaces {
                old: *old,
                changes: Vec::new(),
            },
        ),
        DeclarationEvent::Absorbed {
            merged,
            changes: list,
        } => envelope(
            statement,
            &WireReplaces {
                old: *merged,
                changes: changes(list, parts),
            },
        ),
        DeclarationEvent::HandedOver { kind, changes: list } => envelope(
            statement,
            &WireHandedOver {
                kind: *kind,
                changes: changes(list, parts),
            },
        ),
        _ => envelope(statement, &Empty {}),
    }
}

/// Reads one of these events; `None`: it is another one.
pub(super) fn read(reader: &Reader<'_>) -> Option<Result<Statement, DecodeError>> {
    Some(match reader.stored.event_type {
        "declaration.superseded" => reader.read(|body: WireReplaced| {
            Ok(DeclarationEvent::Superseded {
                by: body.by,
                corporate_number: reader.number(body.corporate_number)?,
            })
        }),
        "declaration.linked_to_old" => {
            reader.read(|body: WireReplaces| Ok(DeclarationEvent::LinkedToOld { old: body.old }))
        }
        "declaration.merged_into" => reader.read(|body: WireReplaced| {
            Ok(DeclarationEvent::MergedInto {
                survivor: body.by,
                corporate_number: reader.number(body.corporate_number)?,
            })
        }),
        "declaration.absorbed" => reader.read(|body: WireReplaces| {
            Ok(DeclarationEvent::Absorbed {
                merged: body.old,
                changes: reader.changes(body.changes)?,
            })
        }),
        "declaration.handed_over" => reader.read(|body: WireHandedOver| {
            Ok(DeclarationEvent::HandedOver {
                kind: body.kind,
                changes: reader.changes(body.changes)?,
            })
        }),
        _ => return None,
    })
}

//! The shape of an event that takes another one back: only what the other one was about is there.

use serde::{Deserialize, Serialize};

use super::{Reader, WireChange, change_out};
use crate::declaration::{
    codec::{DecodeError, Parts},
    event::{DeclarationEvent, Liveness, Replacement, Stop, Undone},
    flag::FlagCode,
};
use crate::ids::DeclarationId;

#[derive(Serialize, Deserialize)]
pub(super) struct WireUndone {
    undoes: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<WireChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    liveness: Option<WireStop>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo_allowed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flag: Option<WireFlag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<WireReplaced>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<WireReplaces>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corporate_number: Option<String>,
}

/// No stop: it is live.
#[derive(Serialize, Deserialize)]
struct WireStop {
    stop: Option<Stop>,
}

/// No replacement: nothing had taken its place.
#[derive(Serialize, Deserialize)]
struct WireReplaced {
    by: Option<Replacement>,
}

#[derive(Serialize, Deserialize)]
struct WireReplaces {
    old: DeclarationId,
    still: bool,
}

#[derive(Serialize, Deserialize)]
struct WireFlag {
    flag: FlagCode,
    raised: bool,
}

pub(super) fn out(undone: &Undone, parts: &mut Parts) -> WireUndone {
    WireUndone {
        undoes: undone.undoes,
        changes: undone
            .changes
            .iter()
            .map(|change| change_out(change, parts))
            .collect(),
        liveness: undone.liveness.map(|liveness| WireStop {
            stop: match liveness {
                Liveness::Live => None,
                Liveness::Stopped(stop) => Some(stop),
            },
        }),
        published: undone.published,
        logo_allowed: undone.logo_allowed,
        flag: undone.flag.map(|(flag, raised)| WireFlag { flag, raised }),
        replaced: undone.replaced.map(|by| WireReplaced { by }),
        replaces: undone.replaces.map(|(old, still)| WireReplaces { old, still }),
        corporate_number: undone.corporate_number.as_ref().map(ToString::to_string),
    }
}

impl Reader<'_> {
    pub(super) fn undone(&self, wire: WireUndone) -> Result<DeclarationEvent, DecodeError> {
        Ok(DeclarationEvent::Undone(Box::new(Undone {
            undoes: wire.undoes,
            changes: self.changes(wire.changes)?,
            liveness: wire
                .liveness
                .map(|of| of.stop.map_or(Liveness::Live, Liveness::Stopped)),
            published: wire.published,
            logo_allowed: wire.logo_allowed,
            flag: wire.flag.map(|of| (of.flag, of.raised)),
            replaced: wire.replaced.map(|of| of.by),
            replaces: wire.replaces.map(|of| (of.old, of.still)),
            corporate_number: self.number(wire.corporate_number)?,
        })))
    }
}

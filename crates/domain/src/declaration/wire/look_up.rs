//! The JSON of a number that was told, version 1. Frozen like the rest.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Reader, to_json};
use crate::{
    declaration::{
        DeclarationEvent, DecodeError, Field, IdentityCheck, NumberLookedUp, Role, SentTo, codec::Parts,
    },
    personal::{Personal, Readable},
};

#[derive(Serialize, Deserialize)]
pub(super) struct WireLookedUp {
    asked: BTreeSet<Field>,
    fitting: BTreeSet<Field>,
    checks: BTreeSet<IdentityCheck>,
    sent_to: SentTo,
}

/// The key of what was said within its part.
const ANSWERS: &str = "answers";

pub(super) fn out(looked_up: &NumberLookedUp, parts: &mut Parts) -> WireLookedUp {
    if let Readable::Open(answers) = &looked_up.answers {
        parts.put(looked_up.subject, ANSWERS, to_json(answers.reveal()));
    }
    WireLookedUp {
        asked: looked_up.asked.clone(),
        fitting: looked_up.fitting.clone(),
        checks: looked_up.checks.clone(),
        sent_to: looked_up.sent_to,
    }
}

pub(super) fn read(reader: &Reader<'_>, wire: WireLookedUp) -> Result<DeclarationEvent, DecodeError> {
    let (subject, body) = reader.part(Role::Remarks)?;
    let answers = match body {
        None => Readable::Forgotten,
        Some(body) => {
            let answers = body.get(ANSWERS);
            let answers = answers.ok_or_else(|| reader.shape("the answers are missing"))?;
            Readable::Open(Personal::new(reader.json::<BTreeMap<Field, String>>(answers)?))
        }
    };
    Ok(DeclarationEvent::NumberLookedUp(Box::new(NumberLookedUp {
        subject,
        asked: wire.asked,
        answers,
        fitting: wire.fitting,
        checks: wire.checks,
        sent_to: wire.sent_to,
    })))
}

//! Whether the documents that the log names are there, byte for byte.

use std::collections::HashMap;

use domain::declaration::DeclarationEvent;
use domain::{AttachmentId, DeclarationId};
use event_store::{Position, Query, QueryItem};
use sha2::{Digest as _, Sha256};
use storage::{attachment, register_index};

use crate::{App, FileFault, Internal};

/// Events that are read at a time.
const PAGE: u32 = 200;

/// A document that is not what the log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedAttachment {
    /// Which.
    pub id: AttachmentId,
    /// The event that says that it was attached.
    pub position: Position,
    /// To which declaration.
    pub declaration_id: DeclarationId,
    /// The number of that one.
    pub number: String,
    /// What is wrong.
    pub fault: FileFault,
}

/// What became of all documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachmentReport {
    /// How many were looked at.
    pub checked: u64,
    /// Those that are not what the log says, in the order of the log.
    pub damaged: Vec<DamagedAttachment>,
}

impl App {
    /// Compares the sealed bytes of each document with the hash in its event; no key is needed. What was forgotten is still there, sealed.
    pub(crate) async fn verify_attachments(&self) -> Result<AttachmentReport, Internal> {
        let query = Query {
            items: vec![QueryItem {
                types: vec!["declaration.evidence_given".to_owned()],
                tags: Vec::new(),
            }],
        };
        let mut report = AttachmentReport::default();
        let mut after = Position::START;
        loop {
            let events = self.store.read(&query, after, PAGE).await;
            let events = events.map_err(Internal::new)?;
            let is_last = events.len() < PAGE as usize;
            for event in &events {
                after = event.position;
                // One that cannot be read is told of by the walk through the log.
                let Ok(statement) = storage::codec::statement(event) else {
                    continue;
                };
                let DeclarationEvent::EvidenceGiven(evidence) = statement.event else {
                    continue;
                };
                for file in &evidence.attachments {
                    report.checked += 1;
                    if let Some(fault) = self.fault_of(file.id, &file.sealed_sha256).await? {
                        report.damaged.push(DamagedAttachment {
                            id: file.id,
                            position: event.position,
                            declaration_id: statement.declaration_id,
                            number: String::new(),
                            fault,
                        });
                    }
                }
            }
            if is_last {
                break;
            }
        }
        self.with_numbers(&mut report.damaged).await?;
        Ok(report)
    }

    async fn fault_of(&self, id: AttachmentId, expected: &str) -> Result<Option<FileFault>, Internal> {
        let sealed = attachment::sealed(self.store.database(), id).await;
        let sealed = sealed.map_err(Internal::new)?;
        Ok(if sealed.is_empty() {
            Some(FileFault::Missing)
        } else if hex::encode(Sha256::digest(&sealed)) == expected {
            None
        } else {
            Some(FileFault::Changed)
        })
    }

    async fn with_numbers(&self, damaged: &mut [DamagedAttachment]) -> Result<(), Internal> {
        let ids: Vec<DeclarationId> = damaged.iter().map(|file| file.declaration_id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let known = register_index::by_ids(self.store.database(), &ids).await;
        let known: HashMap<_, _> = known
            .map_err(Internal::new)?
            .into_iter()
            .map(|entry| (entry.declaration_id, entry.declaration_no))
            .collect();
        for file in damaged {
            file.number = known.get(&file.declaration_id).cloned().unwrap_or_default();
        }
        Ok(())
    }
}

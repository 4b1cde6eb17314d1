//! The templates as they stand.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ReplyTemplateId;
use domain::reply_template::{ReplyTemplate, TemplateEvent};
use domain::staff::Permission;
use event_store::{Position, Query, QueryItem};

use crate::case_log::CaseEntry;
use crate::{App, Forbidden, Internal, OpContext};

/// A template, and what the next change of it must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTemplate {
    /// It.
    pub template: ReplyTemplate,
    /// Of its newest event.
    pub version: Position,
}

/// What happened to one, when, and where it stands in the log.
type History = Vec<(TemplateEvent, DateTime<Utc>, Position)>;

/// Why there are no templates to see.
#[derive(Debug, thiserror::Error)]
pub enum ReadTemplatesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The templates in the order of their names; those that are not offered any more only where asked for.
    pub async fn reply_templates(
        &self,
        op: &OpContext,
        with_retired: bool,
    ) -> Result<Vec<KnownTemplate>, ReadTemplatesError> {
        op.require(Permission::ReadInquiries)?;
        let mut templates = self.all_templates().await?;
        templates.retain(|it| with_retired || !it.template.is_retired);
        templates.sort_by(|one, other| {
            let key = |it: &KnownTemplate| (it.template.is_retired, it.template.name.clone(), it.template.id);
            key(one).cmp(&key(other))
        });
        Ok(templates)
    }

    async fn all_templates(&self) -> Result<Vec<KnownTemplate>, Internal> {
        let query = Query {
            items: vec![QueryItem {
                types: TemplateEvent::TYPES.map(str::to_owned).to_vec(),
                tags: Vec::new(),
            }],
        };
        let mut histories: BTreeMap<ReplyTemplateId, History> = BTreeMap::new();
        let events = self.store.read(&query, Position::START, u32::MAX).await;
        for event in events.map_err(Internal::new)? {
            let said = TemplateEvent::decode(&event.event_type, event.schema_version, &event.data);
            let said = said.map_err(Internal::new)?;
            let history = histories.entry(said.template_id()).or_default();
            history.push((said, event.recorded_at, event.position));
        }
        let known = histories.into_values().filter_map(|history| {
            Some(KnownTemplate {
                version: history.last()?.2,
                template: ReplyTemplate::of(history.iter().map(|(event, at, _)| (event, *at)))?,
            })
        });
        Ok(known.collect())
    }

    /// One of them; none: there is no such.
    pub(crate) async fn reply_template(
        &self,
        id: ReplyTemplateId,
    ) -> Result<Option<KnownTemplate>, Internal> {
        Ok(known(&self.case_history(id.uuid()).await?))
    }
}

fn known(history: &[CaseEntry<TemplateEvent>]) -> Option<KnownTemplate> {
    Some(KnownTemplate {
        version: history.last()?.position,
        template: template_of(history)?,
    })
}

/// The template that its events leave.
pub(super) fn template_of(history: &[CaseEntry<TemplateEvent>]) -> Option<ReplyTemplate> {
    ReplyTemplate::of(history.iter().map(|entry| (&entry.event, entry.at)))
}

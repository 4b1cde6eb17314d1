//! A template is not offered any more, or is again.

use domain::reply_template::{TemplateEvent, retire};
use domain::staff::Permission;
use domain::{Refused, ReplyTemplateId};

use super::read::template_of;
use super::{KnownTemplate, WriteTemplateError};
use crate::case_log::{CaseChange, CaseEntry};
use crate::{App, OpContext};

impl App {
    /// Retires a template, or brings it back; answers with it as it is then.
    pub async fn retire_reply_template(
        &self,
        op: &OpContext,
        change: CaseChange,
        is_retired: bool,
    ) -> Result<KnownTemplate, WriteTemplateError> {
        let allowed = op.require(Permission::ManageInquiries)?;
        let written = self.change_case(allowed, op, change, |history: &[CaseEntry<TemplateEvent>]| {
            // What has events was saved first.
            let template = template_of(history).ok_or_else(|| Refused(Vec::new()))?;
            retire(&template, is_retired).map(|event| (event, Vec::new()))
        });
        let written = written.await;
        self.template_written(ReplyTemplateId::new(change.id), written)
            .await
    }
}

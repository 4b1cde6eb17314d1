//! Doing what was agreed to, in the name of whoever asked, once.

use domain::approval::{ApprovalEvent, VoidReason};
use domain::staff::{Actor, Role, StaffId};
use domain::{ApprovalId, DeclarationId, ExportId};
use event_store::{Append, AppendError, Position};
use storage::approval as rows;
use storage::staff;
use uuid::Uuid;

use super::{Act, ApprovalDetail, Consent};
use crate::bulk_change::{StartBulkChange, StartBulkChangeError};
use crate::declaration::{
    Change, ChangeError, ForgetPerson, ForgetPersonError, LookUpNumber, MergeDeclarations, MergeRefused,
    Refusal as _,
};
use crate::export::StartExportError;
use crate::import::{StartImport, StartImportError};
use crate::random::derived_id;
use crate::staff::{ChangeAccount, ChangeAccountError};
use crate::{App, InputProblem, Internal, OpContext};

/// Whether an act could be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trial {
    /// Yes.
    Possible,
    /// What it is about was changed since its author saw it.
    Stale,
    /// No, whoever does it.
    Impossible(Vec<InputProblem>),
}

/// What became of an act.
enum Outcome {
    Done,
    Void(VoidReason),
}

impl App {
    /// Whether an act could be done now by whoever asks for it. Nothing is written.
    pub(super) async fn try_out(&self, op: &OpContext, act: &Act) -> Result<Trial, Internal> {
        match act {
            Act::ChangeRoles {
                staff_id,
                expected_version,
                roles,
            } => {
                let (change, roles) = roles_of(*staff_id, *expected_version, roles, op.request_id())?;
                let tried = self.try_roles(op, change, &roles).await;
                Ok(match tried {
                    Ok(()) => Trial::Possible,
                    Err(ChangeAccountError::Stale(_) | ChangeAccountError::NotFound(_)) => Trial::Stale,
                    Err(ChangeAccountError::Refused(why)) => {
                        Trial::Impossible(vec![InputProblem::new("id", why.code(), why.japanese())])
                    }
                    Err(error) => return Err(Internal::new(error)),
                })
            }
            Act::ForgetPerson {
                declaration_id,
                expected_version,
                person,
                reason,
            } => {
                let change = changing(*declaration_id, *expected_version, op.request_id());
                let command = ForgetPerson {
                    change,
                    role: *person,
                    reason: reason.clone(),
                };
                Ok(match self.try_forgetting(op, &command).await {
                    Ok(()) => Trial::Possible,
                    Err(ForgetPersonError::Stale(_) | ForgetPersonError::NotFound(_)) => Trial::Stale,
                    Err(ForgetPersonError::NothingKept) => Trial::Impossible(vec![nothing_kept()]),
                    Err(ForgetPersonError::Invalid(problems)) => Trial::Impossible(problems),
                    Err(error) => return Err(Internal::new(error)),
                })
            }
            Act::ChangeMany {
                bulk_change_id,
                count,
                ..
            } => Ok(match self.try_bulk_change(op, *bulk_change_id).await {
                Ok(now) if now == *count => Trial::Possible,
                Ok(_)
                | Err(StartBulkChangeError::SelectionChanged { .. } | StartBulkChangeError::NotFound(_)) => {
                    Trial::Stale
                }
                Err(StartBulkChangeError::Refused(why)) => {
                    Trial::Impossible(vec![InputProblem::new("id", why.code(), why.japanese())])
                }
                Err(error) => return Err(Internal::new(error)),
            }),
            Act::Import { .. } => self.try_importing(act).await,
            Act::ExportView { export_id, .. } => self.try_exporting(op, *export_id).await,
            Act::MergeDeclarations { .. } => {
                let Some(command) = merging(act, op.request_id()) else {
                    return Ok(Trial::Stale);
                };
                Ok(match self.try_merging(op, &command).await {
                    Ok(()) => Trial::Possible,
                    Err(ChangeError::Stale(_) | ChangeError::NotFound(_)) => Trial::Stale,
                    Err(ChangeError::Refused(MergeRefused::Refused(refused))) => {
                        Trial::Impossible(refused.problems())
                    }
                    Err(error) => return Err(Internal::new(error)),
                })
            }
            Act::SendNumber { .. } => self.try_sending_number(op, act).await,
        }
    }

    /// Carries out what was agreed to when a process ended before it was done.
    pub async fn finish_approved(&self) -> Result<usize, Internal> {
        let due = rows::due(self.store.database()).await.map_err(Internal::new)?;
        let count = due.len();
        for row in due {
            if let Some(detail) = self.approval_detail(row.id).await? {
                self.carry_out_approval(&detail).await?;
            }
        }
        Ok(count)
    }

    /// Does what a request asks for. A second call finds it done.
    pub(super) async fn carry_out_approval(&self, detail: &ApprovalDetail) -> Result<(), Internal> {
        let id = detail.approval.requested.approval_id;
        let outcome = match (&detail.act, detail.approval.requester()) {
            (Some(act), Some(requester)) => self.act(id, act, requester).await?,
            // The key of its content was destroyed, or nobody asked.
            _ => Outcome::Void(VoidReason::Impossible),
        };
        let said = match outcome {
            Outcome::Done => ApprovalEvent::CarriedOut { approval_id: id },
            Outcome::Void(why) => ApprovalEvent::Voided { approval_id: id, why },
        };
        let append = Append {
            command_id: derived_id(id.uuid(), "approval end"),
            actor: Actor::System("approval".to_owned()).to_string(),
            correlation_id: id.uuid(),
            reason: None,
            events: vec![self.approval_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        match self.store.append(append).await {
            // Another process was as fast, and its event has another id.
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(()),
            Err(error) => Err(Internal::new(error)),
        }
    }

    async fn act(&self, id: ApprovalId, act: &Act, requester: StaffId) -> Result<Outcome, Internal> {
        let Some(op) = self.in_the_name_of(requester, id.uuid(), "approval").await? else {
            return Ok(Outcome::Void(VoidReason::NotAllowed));
        };
        if op.require(act.permission()).is_err() {
            return Ok(Outcome::Void(VoidReason::NotAllowed));
        }
        match act {
            Act::ChangeRoles {
                staff_id,
                expected_version,
                roles,
            } => {
                let (change, roles) = roles_of(*staff_id, *expected_version, roles, id.uuid())?;
                match self.change_roles_with(&op, change, &roles, Consent::Given).await {
                    Ok(_) => Ok(Outcome::Done),
                    Err(ChangeAccountError::Stale(_)) => Ok(Outcome::Void(VoidReason::Changed)),
                    Err(ChangeAccountError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
                    Err(ChangeAccountError::Internal(error)) => Err(error),
                    Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
                }
            }
            Act::ForgetPerson {
                declaration_id,
                expected_version,
                person,
                reason,
            } => {
                let command = ForgetPerson {
                    change: changing(*declaration_id, *expected_version, id.uuid()),
                    role: *person,
                    reason: reason.clone(),
                };
                match self.forget_person_with(&op, command, Consent::Given).await {
                    Ok(_) => Ok(Outcome::Done),
                    Err(ForgetPersonError::Stale(_)) => Ok(Outcome::Void(VoidReason::Changed)),
                    Err(ForgetPersonError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
                    Err(ForgetPersonError::Internal(error)) => Err(error),
                    Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
                }
            }
            Act::ChangeMany { bulk_change_id, .. } => {
                let command = StartBulkChange {
                    command_id: derived_id(id.uuid(), ACT),
                    id: *bulk_change_id,
                };
                match self.start_bulk_change_with(&op, command, Consent::Given).await {
                    Ok(()) => Ok(Outcome::Done),
                    Err(StartBulkChangeError::SelectionChanged { .. }) => {
                        Ok(Outcome::Void(VoidReason::Changed))
                    }
                    Err(StartBulkChangeError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
                    Err(StartBulkChangeError::Internal(error)) => Err(error),
                    Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
                }
            }
            Act::Import { .. } => self.carry_out_import(&op, id, act).await,
            Act::ExportView { export_id, .. } => self.begin_export(&op, id, *export_id).await,
            Act::MergeDeclarations { .. } => {
                let Some(command) = merging(act, id.uuid()) else {
                    return Ok(Outcome::Void(VoidReason::Impossible));
                };
                match self.merge_with(&op, command, Consent::Given).await {
                    Ok(_) => Ok(Outcome::Done),
                    Err(ChangeError::Stale(_)) => Ok(Outcome::Void(VoidReason::Changed)),
                    Err(ChangeError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
                    Err(ChangeError::Internal(error)) => Err(error),
                    Err(error @ ChangeError::Overtaken) => Err(Internal::new(error)),
                    Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
                }
            }
            Act::SendNumber { .. } => self.send_number(&op, id, act).await,
        }
    }

    async fn try_importing(&self, act: &Act) -> Result<Trial, Internal> {
        let Act::Import {
            import_id,
            trial_job,
            count,
            ..
        } = act
        else {
            return Ok(Trial::Stale);
        };
        match self.try_import(*import_id, *trial_job).await {
            Ok(now) if now == *count => Ok(Trial::Possible),
            Ok(_) | Err(StartImportError::TriedAnew | StartImportError::NotFound(_)) => Ok(Trial::Stale),
            Err(StartImportError::Refused(why)) => Ok(Trial::Impossible(vec![InputProblem::new(
                "id",
                why.code(),
                why.japanese(),
            )])),
            Err(error) => Err(Internal::new(error)),
        }
    }

    async fn carry_out_import(&self, op: &OpContext, id: ApprovalId, act: &Act) -> Result<Outcome, Internal> {
        let Act::Import {
            import_id,
            trial_job,
            reason,
            ..
        } = act
        else {
            return Ok(Outcome::Void(VoidReason::Impossible));
        };
        let command = StartImport {
            command_id: derived_id(id.uuid(), ACT),
            id: *import_id,
            trial_job: *trial_job,
            reason: reason.clone(),
        };
        match self.start_import_with(op, command, Consent::Given).await {
            Ok(()) => Ok(Outcome::Done),
            Err(StartImportError::TriedAnew) => Ok(Outcome::Void(VoidReason::Changed)),
            Err(StartImportError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
            Err(StartImportError::Internal(error)) => Err(error),
            Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
        }
    }

    async fn try_exporting(&self, op: &OpContext, export: ExportId) -> Result<Trial, Internal> {
        match self.try_export(op, export).await {
            Ok(()) => Ok(Trial::Possible),
            Err(StartExportError::Changed) => Ok(Trial::Stale),
            Err(StartExportError::Impossible(problems)) => Ok(Trial::Impossible(problems)),
            Err(StartExportError::Internal(error)) => Err(error),
            Err(error @ StartExportError::Forbidden(_)) => Err(Internal::new(error)),
        }
    }

    async fn begin_export(
        &self,
        op: &OpContext,
        id: ApprovalId,
        export: ExportId,
    ) -> Result<Outcome, Internal> {
        let command_id = derived_id(id.uuid(), ACT);
        match self.start_export(op, command_id, export).await {
            Ok(()) => Ok(Outcome::Done),
            Err(StartExportError::Changed) => Ok(Outcome::Void(VoidReason::Changed)),
            Err(StartExportError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
            Err(StartExportError::Impossible(_)) => Ok(Outcome::Void(VoidReason::Impossible)),
            Err(StartExportError::Internal(error)) => Err(error),
        }
    }

    async fn try_sending_number(&self, op: &OpContext, act: &Act) -> Result<Trial, Internal> {
        let Some((change, command)) = sending(act, op.request_id()) else {
            return Ok(Trial::Stale);
        };
        match self.try_looking_up(op, &change, &command).await {
            Ok(()) => Ok(Trial::Possible),
            Err(ChangeError::Stale(_) | ChangeError::NotFound(_)) => Ok(Trial::Stale),
            Err(ChangeError::Refused(refused)) => Ok(Trial::Impossible(refused.problems())),
            Err(error) => Err(Internal::new(error)),
        }
    }

    async fn send_number(&self, op: &OpContext, id: ApprovalId, act: &Act) -> Result<Outcome, Internal> {
        let Some((change, command)) = sending(act, id.uuid()) else {
            return Ok(Outcome::Void(VoidReason::Impossible));
        };
        match self
            .look_up_number_with(op, change, command, Consent::Given)
            .await
        {
            Ok(_) => Ok(Outcome::Done),
            Err(ChangeError::Stale(_)) => Ok(Outcome::Void(VoidReason::Changed)),
            Err(ChangeError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
            Err(ChangeError::Internal(error)) => Err(error),
            Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
        }
    }

    /// Whoever asked, with the roles they have now; none when they cannot sign in any more.
    pub(crate) async fn in_the_name_of(
        &self,
        requester: StaffId,
        request: Uuid,
        purpose: &'static str,
    ) -> Result<Option<OpContext>, Internal> {
        let rows = staff::by_ids(self.store.database(), &[requester.0]).await;
        let row = rows.map_err(Internal::new)?.remove(&requester.0);
        let Some(row) = row.filter(|row| row.disabled_at.is_none()) else {
            return Ok(None);
        };
        let roles = row.roles.iter().filter_map(|role| role.parse().ok()).collect();
        Ok(Some(self.context(
            Actor::Staff(requester),
            roles,
            request,
            purpose,
        )))
    }
}

/// Names the command by which an act is done, so that it is done once.
const ACT: &str = "approval act";

fn changing(id: DeclarationId, expected_version: i64, request: Uuid) -> Change {
    Change {
        command_id: derived_id(request, ACT),
        id,
        expected_version: Position::new(expected_version),
        inquiry: None,
    }
}

/// The number that an act asks to be sent elsewhere; none when it asks for something else.
fn sending(act: &Act, request: Uuid) -> Option<(Change, LookUpNumber)> {
    let Act::SendNumber {
        declaration_id,
        expected_version,
        asked,
        checks,
        to,
    } = act
    else {
        return None;
    };
    let command = LookUpNumber {
        asked: asked.clone(),
        checks: checks.clone(),
        elsewhere: Some(to.clone()),
    };
    Some((changing(*declaration_id, *expected_version, request), command))
}

/// The merge that an act asks for; none when it asks for something else.
fn merging(act: &Act, request: Uuid) -> Option<MergeDeclarations> {
    let Act::MergeDeclarations {
        survivor,
        survivor_version,
        merged,
        merged_version,
        choices,
        reason,
    } = act
    else {
        return None;
    };
    Some(MergeDeclarations {
        survivor: changing(*survivor, *survivor_version, request),
        merged: *merged,
        merged_version: Position::new(*merged_version),
        choices: choices.clone(),
        reason: reason.clone(),
    })
}

/// For people: there is nobody to forget.
fn nothing_kept() -> InputProblem {
    InputProblem::new(
        "person",
        "nothing_kept",
        "この役割の個人情報は、記録がないか、すでに消去されています。",
    )
}

fn roles_of(
    staff_id: StaffId,
    expected_version: i64,
    roles: &[String],
    id: Uuid,
) -> Result<(ChangeAccount, Vec<Role>), Internal> {
    let roles = roles.iter().map(|role| role.parse());
    let change = ChangeAccount {
        command_id: derived_id(id, ACT),
        id: staff_id,
        expected_version: Position::new(expected_version),
    };
    Ok((change, roles.collect::<Result<_, _>>().map_err(Internal::new)?))
}

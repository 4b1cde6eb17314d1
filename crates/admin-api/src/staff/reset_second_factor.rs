//! Taking the second factor of somebody else away, because they lost the authenticator and the codes, or the device with the
//! passkey.

use app::staff::ResetSecondFactorError;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::staff::Permission;

use super::accounts::staff_id;
use super::second_factor::{FreshSignInNeeded, not_fresh};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// The outcome.
#[derive(Union)]
pub enum ResetSecondFactorResult {
    /// It is gone, and so are their sessions.
    Reset(SecondFactorReset),
    /// Whoever asks has to prove who they are first.
    NotFresh(FreshSignInNeeded),
    /// It cannot be done.
    Invalid(InvalidInput),
    /// There is no such account.
    NotFound(NotFound),
}

/// It is gone, and so are their sessions.
#[derive(SimpleObject)]
pub struct SecondFactorReset {
    /// Whose.
    pub staff_id: ID,
}

/// The mutation.
#[derive(Default)]
pub struct ResetSecondFactorMutation;

#[Object]
impl ResetSecondFactorMutation {
    /// Takes authenticator, recovery codes and passkeys of somebody else away and ends their sessions. They sign in by the password
    /// alone, and set one up again.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        command_id: ID,
        staff_id: ID,
    ) -> Result<ResetSecondFactorResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManageStaff).map_err(fault::forbidden)?;
        let command = match read_command_id(&command_id) {
            Ok(command) => command,
            Err(invalid) => return Ok(ResetSecondFactorResult::Invalid(invalid)),
        };
        let not_found = || ResetSecondFactorResult::NotFound(NotFound { id: staff_id.clone() });
        let Some(id) = self::staff_id(&staff_id) else {
            return Ok(not_found());
        };
        let problem = |code, message: &str| {
            Ok(ResetSecondFactorResult::Invalid(InvalidInput::one(
                "staffId", code, message,
            )))
        };
        let done = request
            .app()
            .reset_second_factor(op, request.session(), command, id)
            .await;
        match done {
            Ok(()) => Ok(ResetSecondFactorResult::Reset(SecondFactorReset { staff_id })),
            Err(ResetSecondFactorError::NotFresh) => Ok(ResetSecondFactorResult::NotFresh(not_fresh())),
            Err(ResetSecondFactorError::NotFound(_)) => Ok(not_found()),
            Err(ResetSecondFactorError::Oneself) => problem(
                "own_second_factor",
                "自分自身の確認コードとパスキーは、アカウントの画面で解除してください。",
            ),
            Err(ResetSecondFactorError::NoSecondFactor) => problem(
                "no_second_factor",
                "このアカウントには、確認コードもパスキーも設定されていません。",
            ),
            Err(ResetSecondFactorError::Stale) => problem(
                "credential_stale",
                "同じときに、このアカウントのログイン方法が変更されました。内容を確認して、もう一度操作してください。",
            ),
            Err(ResetSecondFactorError::CommandReused) => {
                Ok(ResetSecondFactorResult::Invalid(InvalidInput::command_reused()))
            }
            Err(ResetSecondFactorError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ResetSecondFactorError::Internal(error)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

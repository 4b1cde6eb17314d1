//! Stopping a bulk change, or going on with one.

use app::bulk_change::{TouchBulkChange, TouchBulkChangeError};
use async_graphql::{Context, Object, Result};
use domain::staff::Permission;

use super::start::{BulkChangeCommandInput, BulkChangeResult, BulkOtherState, not_found, read, touched};
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;

/// The mutations.
#[derive(Default)]
pub struct TouchBulkChangeMutation;

#[Object]
impl TouchBulkChangeMutation {
    /// Stops a bulk change between two records. What was done stays done.
    async fn stop_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: BulkChangeCommandInput,
    ) -> Result<BulkChangeResult> {
        touch(ctx, &input, false).await
    }

    /// Goes on with the records that are left, after it was stopped or given up.
    async fn resume_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: BulkChangeCommandInput,
    ) -> Result<BulkChangeResult> {
        touch(ctx, &input, true).await
    }
}

async fn touch(ctx: &Context<'_>, input: &BulkChangeCommandInput, goes_on: bool) -> Result<BulkChangeResult> {
    let request = request(ctx)?;
    let op = request.operation()?;
    op.require(Permission::ChangeMany).map_err(fault::forbidden)?;
    let (command_id, id) = match read(input) {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let command = TouchBulkChange {
        command_id,
        id,
        goes_on,
    };
    Ok(match request.app().touch_bulk_change(op, command).await {
        Ok(()) => touched(id),
        Err(TouchBulkChangeError::OtherState) => BulkChangeResult::OtherState(BulkOtherState {
            message: OTHER_STATE.to_owned(),
        }),
        Err(TouchBulkChangeError::NotFound(id)) => not_found(id),
        Err(TouchBulkChangeError::CommandReused) => BulkChangeResult::Invalid(InvalidInput::command_reused()),
        Err(TouchBulkChangeError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
        Err(TouchBulkChangeError::Internal(error)) => {
            return Err(fault::internal(request.request_id(), &error));
        }
    })
}

const OTHER_STATE: &str = "この一括変更の状態が変わったため、操作できません。最新の状態を確かめてください。";

//! Beginning a bulk change.

use app::bulk_change::{StartBulkChange, StartBulkChangeError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::BulkChangeId;
use domain::staff::Permission;
use uuid::Uuid;

use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};

/// Which bulk change.
#[derive(InputObject)]
pub struct BulkChangeCommandInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which.
    pub id: ID,
}

/// The outcome of beginning, stopping or going on.
#[derive(Union)]
pub enum BulkChangeResult {
    /// It is done, or under way.
    Touched(BulkChangeTouched),
    /// It changes so many records that a second person has to agree.
    NeedsApproval(BulkNeedsApproval),
    /// The filter leaves other records now: choose again.
    SelectionChanged(BulkSelectionChanged),
    /// It is not in a state for that.
    OtherState(BulkOtherState),
    /// The request has problems, or it cannot be begun as it stands.
    Invalid(InvalidInput),
    /// There is no such bulk change.
    NotFound(NotFound),
}

/// It is done, or under way.
#[derive(SimpleObject)]
pub struct BulkChangeTouched {
    /// Which.
    pub id: ID,
}

/// A second person has to agree: ask by `requestBulkChange`.
#[derive(SimpleObject)]
pub struct BulkNeedsApproval {
    /// Records that would be changed.
    pub count: u32,
    /// So many may be changed without.
    pub limit: u32,
}

/// The filter leaves other records now than those that were chosen and tried out. Nothing was written.
#[derive(SimpleObject)]
pub struct BulkSelectionChanged {
    /// So many.
    pub now: u32,
    /// For people.
    pub message: String,
}

/// It has ended and cannot be stopped, or it has not and cannot go on. Nothing was written.
#[derive(SimpleObject)]
pub struct BulkOtherState {
    /// For people.
    pub message: String,
}

/// The mutation.
#[derive(Default)]
pub struct StartBulkChangeMutation;

#[Object]
impl StartBulkChangeMutation {
    /// Begins a bulk change that was tried out. Begun twice, it is begun once.
    async fn start_bulk_change(
        &self,
        ctx: &Context<'_>,
        input: BulkChangeCommandInput,
    ) -> Result<BulkChangeResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ChangeMany).map_err(fault::forbidden)?;
        let (command_id, id) = match read(&input) {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let command = StartBulkChange { command_id, id };
        Ok(match request.app().start_bulk_change(op, command).await {
            Ok(()) => touched(id),
            Err(StartBulkChangeError::NeedsApproval { count, limit }) => {
                BulkChangeResult::NeedsApproval(BulkNeedsApproval { count, limit })
            }
            Err(StartBulkChangeError::SelectionChanged { now }) => {
                BulkChangeResult::SelectionChanged(BulkSelectionChanged {
                    now,
                    message: CHANGED.to_owned(),
                })
            }
            Err(StartBulkChangeError::Refused(why)) => {
                BulkChangeResult::Invalid(InvalidInput::one("id", why.code(), why.japanese()))
            }
            Err(StartBulkChangeError::NotFound(id)) => not_found(id),
            Err(StartBulkChangeError::CommandReused) => {
                BulkChangeResult::Invalid(InvalidInput::command_reused())
            }
            Err(StartBulkChangeError::Forbidden(refused)) => return Err(fault::forbidden(refused)),
            Err(StartBulkChangeError::Internal(error)) => {
                return Err(fault::internal(request.request_id(), &error));
            }
        })
    }
}

const CHANGED: &str = "対象を確定したあとに、条件に合う宣言が変わりました。一覧から対象を選び直して、もう一度試行してください。";

/// Reads which bulk change is meant.
pub fn read(input: &BulkChangeCommandInput) -> Result<(Uuid, BulkChangeId), BulkChangeResult> {
    let command_id = read_command_id(&input.command_id).map_err(BulkChangeResult::Invalid)?;
    let id = input.id.parse::<BulkChangeId>();
    let id = id.map_err(|_| BulkChangeResult::NotFound(NotFound { id: input.id.clone() }))?;
    Ok((command_id, id))
}

/// It is done, or under way.
pub fn touched(id: BulkChangeId) -> BulkChangeResult {
    BulkChangeResult::Touched(BulkChangeTouched {
        id: ID(id.to_string()),
    })
}

/// There is none.
pub fn not_found(id: BulkChangeId) -> BulkChangeResult {
    BulkChangeResult::NotFound(NotFound {
        id: ID(id.to_string()),
    })
}

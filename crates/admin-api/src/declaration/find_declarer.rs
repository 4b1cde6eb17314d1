//! Looking for the declaration of somebody who asks for its number.

use app::declaration::{FindDeclarerError, FoundBy as By};
use async_graphql::{Context, Enum, Object, Result, SimpleObject, Union};

use super::row::DeclarationRow;
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;

/// How a declaration was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum FoundBy {
    /// As the list finds it.
    Words,
    /// By one whose place it took: an old number leads to the new one.
    Replaced,
    /// By the address that is registered.
    Address,
}

/// A declaration that may be meant.
#[derive(SimpleObject)]
pub struct FoundDeclarer {
    /// It.
    pub declaration: DeclarationRow,
    /// How it was found.
    pub by: FoundBy,
}

/// The declarations that may be meant.
#[derive(SimpleObject)]
pub struct FoundDeclarers {
    /// 20 at most.
    pub nodes: Vec<FoundDeclarer>,
    /// False: so much was written since the last search of the night that contacts which were changed since then are not known yet.
    pub is_complete: bool,
}

/// The outcome of looking for a declaration.
#[derive(Union)]
pub enum FindDeclarerResult {
    /// They.
    Found(FoundDeclarers),
    /// What was typed cannot be looked for.
    Invalid(InvalidInput),
}

/// Looking.
#[derive(Default)]
pub struct FindDeclarerQuery;

#[Object]
impl FindDeclarerQuery {
    /// Declarations of whoever asks for a forgotten number: by words and numbers as the list finds them, also by an old number, or by a mail
    /// address as it is registered. Found by an address, it counts as a read of what is personal.
    #[graphql(complexity = "50 + 20 * child_complexity / 4")]
    async fn find_declarer(&self, ctx: &Context<'_>, text: String) -> Result<FindDeclarerResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        match request.app().find_declarer(op, &text).await {
            Ok(found) => {
                let nodes = found.found.iter().map(|(row, by)| FoundDeclarer {
                    declaration: DeclarationRow::new(op, row),
                    by: match by {
                        By::Words => FoundBy::Words,
                        By::Replaced => FoundBy::Replaced,
                        By::Address => FoundBy::Address,
                    },
                });
                Ok(FindDeclarerResult::Found(FoundDeclarers {
                    nodes: nodes.collect(),
                    is_complete: found.is_complete,
                }))
            }
            Err(FindDeclarerError::Invalid(problem)) => Ok(FindDeclarerResult::Invalid(vec![problem].into())),
            Err(FindDeclarerError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(FindDeclarerError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

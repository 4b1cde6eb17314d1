//! The question for figures.

use app::figure::{FigureError, FigureQuery as Asked};
use async_graphql::{Context, Object, Result};

use super::types::{FigureSplit, FiguresResult};
use crate::context::request;
use crate::declaration::enums::Provenance;
use crate::declaration::enums::Star;
use crate::declaration::list::NotYet;
use crate::fault;
use crate::scalars::{Date, Position};

/// Queries about figures.
#[derive(Default)]
pub struct FigureQuery;

#[Object]
impl FigureQuery {
    /// Numbers of declarations on a day, from 1 April 2017 until two years from now; without `asOf`, today in Japan. `atLeast`: wait until
    /// the change at that position is counted, two seconds at most.
    #[graphql(complexity = "50 + 20 * child_complexity")]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        as_of: Option<Date>,
        #[graphql(default_with = "FigureSplit::Month")] by: FigureSplit,
        star: Option<Star>,
        origin: Option<Provenance>,
        at_least: Option<Position>,
    ) -> Result<FiguresResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let asked = Asked {
            as_of: as_of.map(|date| date.0),
            by: by.into(),
            star: star.map(Into::into),
            origin: origin.map(Into::into),
            at_least: at_least.map(|position| position.0),
        };
        match request.app().figures(op, &asked).await {
            Ok(figures) => Ok(FiguresResult::Figures(figures.into())),
            Err(FigureError::Invalid(problem)) => Ok(FiguresResult::Invalid(vec![problem].into())),
            Err(FigureError::NotYet(position)) => Ok(FiguresResult::NotYet(NotYet {
                position: Position(position),
            })),
            Err(FigureError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(FigureError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

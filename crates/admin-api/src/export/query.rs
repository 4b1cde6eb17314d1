//! What can be asked of exports.

use app::export::ExportsOf;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, Union};
use domain::ExportId;
use domain::staff::Permission;

use super::types::{Export, ExportSummary, refusal};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::fault;
use crate::input::InvalidInput;

/// The most rows of a page.
const PAGE_MAX: u32 = 200;

/// Whose exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ExportOwners {
    /// The reader's own.
    Mine,
    /// Everybody's, for whoever may audit.
    All,
}

/// The outcome of asking for exports.
#[derive(Union)]
pub enum ExportsResult {
    /// A page.
    Page(ExportConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of exports.
#[derive(SimpleObject)]
pub struct ExportConnection {
    /// The newest first.
    pub nodes: Vec<ExportSummary>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// How many records may leave without a second person.
#[derive(SimpleObject)]
pub struct ExportLimits {
    /// Of a file without columns about persons.
    pub approval_above: u64,
    /// Of one with such columns.
    pub personal_approval_above: u64,
}

/// Queries about exports.
#[derive(Default)]
pub struct ExportQuery;

#[Object]
impl ExportQuery {
    /// One export; null when there is none that the reader may see.
    #[graphql(complexity = "20 + child_complexity")]
    async fn export(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Export>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let nobody = ExportId::new(uuid::Uuid::nil());
        let id = id.parse::<ExportId>().unwrap_or(nobody);
        let found = request.app().export(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        Ok(found.map(|detail| Export::new(op, detail)))
    }

    /// Exports, the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn exports(
        &self,
        ctx: &Context<'_>,
        of: ExportOwners,
        first: i32,
        after: Option<String>,
    ) -> Result<ExportsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(ExportsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let before = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(before)) => Some(before),
            Some(None) => return Ok(ExportsResult::Invalid(InvalidInput::cursor())),
        };
        let of = match of {
            ExportOwners::Mine => ExportsOf::Reader,
            ExportOwners::All => ExportsOf::Everybody,
        };
        let page = request.app().exports(op, of, before, first).await;
        let page = page.map_err(|error| refusal(ctx, error))?;
        let end = page.exports.last().map(|(export, _)| {
            let at = export.requested_at.timestamp_micros();
            format!("{at}.{}", export.id.uuid().simple())
        });
        let nodes = page
            .exports
            .into_iter()
            .map(|(export, job)| ExportSummary::new(export, job.as_ref(), op.now()));
        Ok(ExportsResult::Page(ExportConnection {
            nodes: nodes.collect(),
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
        }))
    }

    /// How many records may leave without a second person.
    async fn export_limits(&self, ctx: &Context<'_>) -> Result<ExportLimits> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ExportDeclarations)
            .map_err(fault::forbidden)?;
        let rules = request.app().export_rules();
        Ok(ExportLimits {
            approval_above: rules.approval_above,
            personal_approval_above: rules.personal_approval_above,
        })
    }
}

fn read_cursor(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, ExportId)> {
    let (at, id) = text.split_once('.')?;
    let at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}

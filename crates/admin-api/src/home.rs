//! The home page: what a member of staff has to look at first.

use app::HomeError;
use async_graphql::{Context, Object, Result, SimpleObject};

use crate::context::request;
use crate::fault;
use crate::incident::types::IncidentSummary;
use crate::privacy_request::types::PrivacyRequestSummary;
use crate::scalars::Date;

/// What there is to look at; null: the reader has no right to it.
#[derive(SimpleObject)]
pub struct Home {
    /// Today in Japan, which days left are counted from.
    pub today: Date,
    /// Requests of data subjects that are not over, the nearest last day first; 50 at most.
    pub privacy_requests: Option<Vec<PrivacyRequestSummary>>,
    /// Incidents that are not over; 50 at most.
    pub incidents: Option<Vec<IncidentSummary>>,
    /// Requests that the reader can agree to.
    pub approvals: Option<u64>,
    /// Jobs that were given up.
    pub failed_jobs: Option<u64>,
    /// Mails that wait for a person.
    pub mails_to_decide: Option<u64>,
}

/// The query.
#[derive(Default)]
pub struct HomeQuery;

#[Object]
impl HomeQuery {
    /// What a member of staff has to look at first.
    #[graphql(complexity = "50 * child_complexity")]
    async fn home(&self, ctx: &Context<'_>) -> Result<Home> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let home = request.app().home(op).await.map_err(|error| match error {
            HomeError::Forbidden(refused) => fault::forbidden(refused),
            HomeError::Internal(error) => fault::internal(request.request_id(), &error),
        })?;
        let incident = |row| IncidentSummary::new(request.app(), row);
        Ok(Home {
            today: Date(op.today()),
            privacy_requests: home
                .privacy_requests
                .map(|rows| rows.iter().filter_map(PrivacyRequestSummary::new).collect()),
            incidents: home
                .incidents
                .map(|rows| rows.into_iter().map(incident).collect()),
            approvals: home.approvals,
            failed_jobs: home.failed_jobs,
            mails_to_decide: home.mails_to_decide,
        })
    }
}

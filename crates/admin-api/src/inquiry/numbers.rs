//! How many inquiries came in, were answered and closed, how fast, and how many wait.

use app::inquiry::{InquiryNumbers as Numbers, InquiryNumbersError, Spread as AppSpread};
use async_graphql::{Context, Object, Result, SimpleObject, Union};

use super::types::InquiryTag;
use crate::context::request;
use crate::fault;
use crate::input::InvalidInput;
use crate::privacy_request::types::RequestChannel;
use crate::scalars::Date;

/// The outcome of asking for numbers.
#[derive(Union)]
pub enum InquiryNumbersResult {
    /// Here they are.
    Numbers(InquiryNumbers),
    /// There are none of such days.
    Invalid(InvalidInput),
}

/// Numbers of some days. Neither spam counts nor what became a part of another, both as they are known now.
#[derive(SimpleObject)]
pub struct InquiryNumbers {
    /// Came in.
    pub received: i32,
    /// Were answered for the first time.
    pub answered: i32,
    /// Were closed; one that was closed twice counts twice.
    pub closed: i32,
    /// Came back after they had been closed.
    pub reopened: i32,
    /// Of those that came in in that time and were answered: minutes of business hours to the first answer.
    pub first_reply: Spread,
    /// Of those that came in in that time and are closed: minutes of business hours to that.
    pub resolution: Spread,
    /// So many of 1,000 that were closed in that time were opened again.
    pub reopened_permille: i32,
    /// Of those that came in in that time: answered later than they were due, or not at all though that is over.
    pub breached: i32,
    /// Every day, in order.
    pub by_day: Vec<InquiryDay>,
    /// Every hour of the day, in order.
    pub by_hour: Vec<InquiryHour>,
    /// What they are about, the most first; one that is about two things counts twice.
    pub by_topic: Vec<InquiryTopic>,
    /// The ways they came, the most first.
    pub by_channel: Vec<InquiryChannelCount>,
}

/// Durations in minutes of business hours, by the calendar and the hours as they are now.
#[derive(SimpleObject)]
pub struct Spread {
    /// Of how many.
    pub count: i32,
    /// Half of them took so long or less.
    pub median: Option<i32>,
    /// Nine of ten of them took so long or less.
    pub p90: Option<i32>,
}

/// What is counted of a day in Japan.
#[derive(SimpleObject)]
pub struct InquiryDay {
    /// Which.
    pub day: Date,
    /// Came in.
    pub received: i32,
    /// Were answered for the first time.
    pub answered: i32,
    /// Were closed.
    pub closed: i32,
    /// Open or put off at its end.
    pub backlog: i32,
}

/// What came in in an hour of the day.
#[derive(SimpleObject)]
pub struct InquiryHour {
    /// 0 to 23, in Japan.
    pub hour: i32,
    /// So many.
    pub received: i32,
}

/// What came in about something.
#[derive(SimpleObject)]
pub struct InquiryTopic {
    /// About what; null: nothing was said.
    pub topic: Option<InquiryTag>,
    /// So many.
    pub received: i32,
}

/// What came in in a way.
#[derive(SimpleObject)]
pub struct InquiryChannelCount {
    /// Which.
    pub channel: RequestChannel,
    /// So many.
    pub received: i32,
}

fn count(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl From<AppSpread> for Spread {
    fn from(spread: AppSpread) -> Self {
        Self {
            count: i32::try_from(spread.count).unwrap_or(i32::MAX),
            median: spread.median.map(count),
            p90: spread.p90.map(count),
        }
    }
}

impl From<Numbers> for InquiryNumbers {
    fn from(numbers: Numbers) -> Self {
        let by_hour = (0..).zip(numbers.hours).map(|(hour, received)| InquiryHour {
            hour,
            received: count(received),
        });
        Self {
            received: count(numbers.received),
            answered: count(numbers.answered),
            closed: count(numbers.closed),
            reopened: count(numbers.reopened),
            first_reply: numbers.first_reply.into(),
            resolution: numbers.resolution.into(),
            reopened_permille: count(numbers.reopened_permille),
            breached: count(numbers.breached),
            by_day: numbers
                .days
                .into_iter()
                .map(|it| InquiryDay {
                    day: Date(it.day),
                    received: count(it.received),
                    answered: count(it.answered),
                    closed: count(it.closed),
                    backlog: count(it.backlog),
                })
                .collect(),
            by_hour: by_hour.collect(),
            by_topic: numbers
                .topics
                .into_iter()
                .map(|(topic, received)| InquiryTopic {
                    topic: topic.map(InquiryTag::from),
                    received: count(received),
                })
                .collect(),
            by_channel: numbers
                .channels
                .into_iter()
                .map(|(channel, received)| InquiryChannelCount {
                    channel: channel.into(),
                    received: count(received),
                })
                .collect(),
        }
    }
}

/// The query.
#[derive(Default)]
pub struct InquiryNumbersQuery;

#[Object]
impl InquiryNumbersQuery {
    /// The numbers of the days from one to another, both counted; a year at most.
    #[graphql(complexity = "200 + child_complexity")]
    async fn inquiry_numbers(&self, ctx: &Context<'_>, from: Date, to: Date) -> Result<InquiryNumbersResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        match request.app().inquiry_numbers(op, from.0, to.0).await {
            Ok(numbers) => Ok(InquiryNumbersResult::Numbers(numbers.into())),
            Err(InquiryNumbersError::Invalid(problem)) => {
                Ok(InquiryNumbersResult::Invalid(vec![problem].into()))
            }
            Err(InquiryNumbersError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(InquiryNumbersError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }
}

//! Links an old number to the new one that takes its place.

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::decide::{LinkNumbers as Decide, LinkNumbersError, is_of_old_system, link_numbers};
use domain::declaration::{TAG_CORPORATE_NUMBER, Timeline};
use domain::staff::Permission;
use domain::text::{self, Lines, TextProblem};
use domain::value::{CorporateNumber, DeclarationNo};
use event_store::{Query, QueryItem, Tag};
use storage::register_index;

use super::change::{Change, ChangeError, Changed};
use super::pair::Other;
use crate::{App, Internal, OpContext};

/// The most characters of a number as it is typed.
const LONGEST: usize = 50;

/// Which two, and since when.
#[derive(Debug, Clone)]
pub struct LinkNumbers {
    /// The number of the other declaration, as typed.
    pub other: String,
    /// From which day; today when not given.
    pub on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Why two numbers are not linked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkNumbersRefused {
    /// There is something in it that cannot be seen, or that turns the text around.
    #[error("the number has a character that cannot stand there")]
    Text(TextProblem),
    /// What was typed is no number.
    #[error("this is no declaration number")]
    NoNumber,
    /// No declaration has it.
    #[error("no declaration has this number")]
    UnknownNumber,
    /// The two cannot be linked.
    #[error(transparent)]
    Refused(LinkNumbersError),
}

impl App {
    /// Says that the newer one of two declarations took the older one's place: both are told in their histories.
    pub async fn link_numbers(
        &self,
        op: &OpContext,
        change: Change,
        command: LinkNumbers,
    ) -> Result<Changed, ChangeError<LinkNumbersRefused>> {
        op.require(Permission::LinkNumbers)
            .map_err(ChangeError::Forbidden)?;
        let refuse = |refused| Err(ChangeError::Refused(refused));
        // In a number such a mark may be read over; whoever typed it should know of it.
        match text::check(&command.other, LONGEST, Lines::One) {
            Ok(()) | Err(TextProblem::Empty | TextProblem::TooLong { .. }) => {}
            Err(problem) => return refuse(LinkNumbersRefused::Text(problem)),
        }
        let Ok(number) = DeclarationNo::parse(&command.other) else {
            return refuse(LinkNumbersRefused::NoNumber);
        };
        let found = self.by_number(&number).await.map_err(ChangeError::Internal)?;
        let Some(id) = found else {
            return refuse(LinkNumbersRefused::UnknownNumber);
        };
        let other = Other {
            id,
            expected_version: None,
        };
        let both = [change.id, id];
        let today = op.today();
        self.change_pair(
            op,
            Permission::LinkNumbers,
            (&change, other),
            || self.live_beside_both(both, today),
            |(own, other): (&Timeline, &Timeline), today, number_live_elsewhere| {
                let (old, new) = if is_of_old_system(own.current()) {
                    (own, other)
                } else {
                    (other, own)
                };
                let decide = Decide {
                    on: command.on.unwrap_or(today),
                    reason: command.reason.clone(),
                    number_live_elsewhere,
                };
                link_numbers(old, new, &decide, today).map_err(LinkNumbersRefused::Refused)
            },
        )
        .await
    }

    /// The declaration with a number.
    pub(super) async fn by_number(&self, number: &DeclarationNo) -> Result<Option<DeclarationId>, Internal> {
        let numbers = [number.as_str().to_owned()];
        let found = register_index::by_numbers(self.store.database(), &numbers).await;
        let found = found.map_err(Internal::new)?;
        Ok(found.first().map(|found| found.declaration_id))
    }

    /// Whether a third declaration that is live has the corporate number of one of these two, and what would alter the answer.
    pub(super) async fn live_beside_both(
        &self,
        both: [DeclarationId; 2],
        today: NaiveDate,
    ) -> Result<(Query, bool), Internal> {
        let indexed = register_index::by_ids(self.store.database(), &both).await;
        let indexed = indexed.map_err(Internal::new)?;
        let numbers = indexed
            .iter()
            .filter_map(|entry| entry.corporate_number.as_deref());
        let numbers = numbers.filter_map(|number| CorporateNumber::parse(number).ok());
        let (mut items, mut is_live) = (Vec::new(), false);
        for number in numbers.collect::<Vec<_>>() {
            let tag = Tag::new(TAG_CORPORATE_NUMBER, number.as_str()).map_err(Internal::new)?;
            items.push(QueryItem::tagged(tag));
            let known = self.under(&number).await?;
            is_live |= known
                .iter()
                .any(|other| !both.contains(&other.declaration_id) && other.live_on(today));
        }
        Ok((Query { items }, is_live))
    }
}

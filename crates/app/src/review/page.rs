//! Whether the pages of policies answer. Those that are due are asked for, few at once and never two of one site, and what came back is
//! written down; what is to be suspected follows from it by the rules (`domain/review/page`). See ADR 45.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::declaration::{Facts, Field};
use domain::review::{PageAnswer, PageState, PagesRequested, ReviewEvent, ReviewKind, ReviewRule, digest};
use domain::staff::Permission;
use domain::value::web_address;
use domain::{DeclarationId, JobId, ReviewId};
use event_store::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt as _};
use storage::policy_page as rows;
use storage::review_event;
use storage::review_search::{self, LastSearch, Searched};
use url::Url;
use uuid::Uuid;

use super::claim::TouchReviewError;
use super::search::SearchFailed;
use crate::job::JobRun;
use crate::random::derived_id;
use crate::{App, Forbidden, Internal, OpContext};

/// Pages that are asked for in one run. What is left is due the next night.
const A_RUN: usize = 20_000;
/// Of them of one site: one after the other they must not take the whole night.
const OF_A_SITE: usize = 200;
/// Sites that are asked at once.
const AT_ONCE: usize = 16;
/// Histories that are read at once.
const HISTORIES: usize = 200;
/// Answers that are written at once.
const CHUNK: usize = 100;
/// When so many pages that were fine are all out of reach and nothing at all has answered, it is we who are.
const NO_LINE: usize = 5;
/// So many are waited for before that is said.
const HELD_MAX: usize = 500;

/// Asks for a page of somebody else's site, within limits of its own on time, size and place.
pub trait AskPages: std::fmt::Debug + Send + Sync {
    /// Asks for it once.
    fn ask<'f>(&'f self, address: &'f str) -> BoxFuture<'f, PageAnswer>;
}

/// What a round came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagesAsked {
    /// Pages that were asked for.
    pub asked: u64,
    /// Those of them that did not answer.
    pub failing: u64,
}

/// Why a round ended early.
#[derive(Debug, thiserror::Error)]
pub enum PagesFailed {
    /// It was to stop. What had come back by then is written down.
    #[error("it was stopped")]
    Stopped,
    /// Nothing could be reached, so that nothing is said about any page.
    #[error("none of {0} pages could be reached")]
    NoLine(u64),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<SearchFailed> for PagesFailed {
    fn from(error: SearchFailed) -> Self {
        match error {
            SearchFailed::Stopped => Self::Stopped,
            SearchFailed::Internal(error) => Self::Internal(error),
        }
    }
}

/// Why no page is asked for.
#[derive(Debug, thiserror::Error)]
pub enum AskPagesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such suspicion about a page.
    #[error("there is no suspicion {0} about a page")]
    NotFound(ReviewId),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The page of a declaration's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPage {
    /// Its address, as it is asked for.
    pub address: String,
    /// What is known of it; none: it was not asked for yet.
    pub state: Option<PageState>,
}

/// A page that is to be asked for.
struct Due {
    id: DeclarationId,
    address: String,
    state: PageState,
}

impl App {
    /// Has the pages that are due asked for at once, that of a suspicion before all others; says by which job. While one asks, no other is
    /// begun.
    pub async fn request_pages(
        &self,
        op: &OpContext,
        command_id: Uuid,
        review: Option<ReviewId>,
    ) -> Result<JobId, AskPagesError> {
        op.require(Permission::ReadDeclarations)?;
        let allowed = op.require(ReviewKind::PolicyPage.permission())?;
        if let Some(id) = review {
            let declaration = self.declaration_of_page(id).await?;
            let wanted = rows::want(self.store.database(), declaration).await;
            wanted.map_err(Internal::new)?;
        }
        let job_id = JobId::new(derived_id(command_id, "asking for pages"));
        let said = ReviewEvent::PagesRequested(PagesRequested {
            job_id,
            review_id: review,
        });
        let begun = self.begin_review_job(op, allowed, command_id, review_event::PAGES, (job_id, said));
        begun.await?.ok_or(AskPagesError::CommandReused)
    }

    async fn declaration_of_page(&self, id: ReviewId) -> Result<DeclarationId, AskPagesError> {
        let review = match self.load_review(id).await {
            Ok(review) if review.kind == ReviewKind::PolicyPage => review,
            Err(TouchReviewError::Internal(error)) => return Err(error.into()),
            Ok(_) | Err(_) => return Err(AskPagesError::NotFound(id)),
        };
        let members = storage::review::members(self.store.database(), &[review.id], 1).await;
        let mut members = members.map_err(Internal::new)?;
        let first = members.remove(&id).and_then(|ids| ids.first().copied());
        first.ok_or(AskPagesError::NotFound(id))
    }

    /// The page of a declaration's policy; none: it has none on the web.
    pub(super) async fn policy_page(&self, id: DeclarationId) -> Result<Option<PolicyPage>, Internal> {
        let Some(history) = self.history(id).await? else {
            return Ok(None);
        };
        let Some(address) = address_of(&history.timeline.current().facts) else {
            return Ok(None);
        };
        let known = rows::of(self.store.database(), &[id]).await;
        let state = known.map_err(Internal::new)?.remove(&id);
        Ok(Some(PolicyPage {
            state: state.filter(|state| state.address == digest(&address)),
            address,
        }))
    }

    /// Asks for the pages that are due, writes down what came back, and looks for suspicions.
    pub(crate) async fn ask_pages(
        &self,
        run: &JobRun,
        pages: &dyn AskPages,
    ) -> Result<PagesAsked, PagesFailed> {
        self.wait_for_list_of_now().await?;
        let due = self.due_pages(run).await?;
        let mut round = Round::new(self, due.len());
        let mut answers = answers(by_site(due), pages);
        loop {
            let next = tokio::select! {
                biased;
                () = run.stopping() => {
                    round.write().await?;
                    return Err(PagesFailed::Stopped);
                }
                next = answers.next() => next,
            };
            let Some((id, before, answer)) = next else {
                break;
            };
            round.take(id, before, answer, self.now()).await?;
            run.report(round.asked, round.total);
        }
        drop(answers);
        round.end().await?;
        let asked = PagesAsked {
            asked: round.asked,
            failing: round.failing,
        };
        let noted = LastSearch {
            ended_at: self.now(),
            looked_at: asked.asked,
            found: asked.failing,
        };
        review_search::note(self.store.database(), Searched::Pages, noted)
            .await
            .map_err(Internal::new)?;
        self.search_for_reviews(run).await?;
        Ok(asked)
    }

    /// The pages that are due, those that have waited longest first where there are very many. Their addresses are what the log says now.
    async fn due_pages(&self, run: &JobRun) -> Result<Vec<Due>, PagesFailed> {
        let database = self.store.database();
        let now = self.now();
        let mut waiting: Vec<(DateTime<Utc>, DeclarationId, Option<PageState>)> = Vec::new();
        let mut after = Some(0);
        while let Some(place) = after {
            let (page, next) = rows::on_the_web(database, place).await.map_err(Internal::new)?;
            let due = page.into_iter().filter_map(|it| {
                let at = it.state.map_or(DateTime::UNIX_EPOCH, |state| state.due_at);
                (at <= now).then_some((at, it.id, it.state))
            });
            waiting.extend(due);
            after = next;
        }
        waiting.sort_unstable_by_key(|(at, id, _)| (*at, *id));
        waiting.truncate(A_RUN);
        let mut all = Vec::with_capacity(waiting.len());
        for chunk in waiting.chunks(HISTORIES) {
            if run.is_stopping() {
                return Err(PagesFailed::Stopped);
            }
            all.extend(self.addressed(chunk).await?);
        }
        Ok(all)
    }

    async fn addressed(
        &self,
        waiting: &[(DateTime<Utc>, DeclarationId, Option<PageState>)],
    ) -> Result<Vec<Due>, Internal> {
        let ids: Vec<DeclarationId> = waiting.iter().map(|(_, id, _)| *id).collect();
        let histories = self.histories(&ids).await?;
        let due = waiting.iter().filter_map(|(_, id, known)| {
            let history = histories.get(id)?;
            let address = address_of(&history.timeline.current().facts)?;
            let page = digest(&address);
            let state = known.filter(|state| state.address == page);
            Some(Due {
                id: *id,
                state: state.unwrap_or(PageState::new(page)),
                address,
            })
        });
        let due: Vec<Due> = due.collect();
        let begun: Vec<_> = due.iter().map(|it| (it.id, it.state)).collect();
        rows::begin(self.store.database(), &begun)
            .await
            .map_err(Internal::new)?;
        Ok(due)
    }
}

fn address_of(facts: &Facts) -> Option<String> {
    facts.value(Field::PolicyUrl).and_then(web_address)
}

/// The pages of each site in a row. What is wanted at once comes first; the others in no order that has to do with how they fared, so that
/// those which fail do not come in a row.
fn by_site(due: Vec<Due>) -> Vec<Vec<Due>> {
    let mut sites: HashMap<String, Vec<Due>> = HashMap::new();
    for it in due {
        sites.entry(site_of(&it.address)).or_default().push(it);
    }
    let mut sites: Vec<(bool, u64, Vec<Due>)> = sites
        .into_iter()
        .map(|(site, mut due)| {
            due.truncate(OF_A_SITE);
            let is_wanted = due.iter().any(|it| it.state.due_at < DateTime::UNIX_EPOCH);
            (!is_wanted, digest(&site), due)
        })
        .collect();
    sites.sort_unstable_by_key(|(later, order, _)| (*later, *order));
    sites.into_iter().map(|(_, _, due)| due).collect()
}

/// What must not be asked twice at once.
fn site_of(address: &str) -> String {
    let host = Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| address.to_owned());
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

type Answered = (DeclarationId, PageState, PageAnswer);

/// Asks for them, in each site one after the other, as many sites at once as may be.
fn answers(sites: Vec<Vec<Due>>, pages: &dyn AskPages) -> BoxStream<'_, Answered> {
    let of_site = move |site: Vec<Due>| {
        stream::iter(site)
            .then(move |due| async move { (due.id, due.state, pages.ask(&due.address).await) })
            .boxed()
    };
    stream::iter(sites)
        .map(of_site)
        .flatten_unordered(AT_ONCE)
        .boxed()
}

/// One round of asking. Until something has answered, it may be our own line that is out: so long nothing is written.
struct Round<'a> {
    app: &'a App,
    total: u64,
    asked: u64,
    failing: u64,
    /// Those among the held that were fine before.
    new_failures: usize,
    has_line: bool,
    held: Vec<(DeclarationId, PageState)>,
}

impl<'a> Round<'a> {
    fn new(app: &'a App, total: usize) -> Self {
        Self {
            app,
            total: total as u64,
            asked: 0,
            failing: 0,
            new_failures: 0,
            has_line: false,
            held: Vec::new(),
        }
    }

    async fn take(
        &mut self,
        id: DeclarationId,
        before: PageState,
        answer: PageAnswer,
        now: DateTime<Utc>,
    ) -> Result<(), PagesFailed> {
        self.asked += 1;
        self.failing += u64::from(answer.wrong.is_some());
        match answer.wrong {
            Some(ReviewRule::PageUnreachable | ReviewRule::PageSilent) => {
                self.new_failures += usize::from(before.failures == 0);
            }
            // Nobody was asked.
            Some(ReviewRule::PageNotAsked) => {}
            _ => self.has_line = true,
        }
        self.held.push((id, before.after(answer, now)));
        if self.has_line && self.held.len() >= CHUNK {
            self.write().await?;
        }
        if !self.has_line && self.held.len() >= HELD_MAX {
            self.end().await?;
        }
        Ok(())
    }

    /// Writes what is left, unless all of it says that nothing can be reached from here.
    async fn end(&mut self) -> Result<(), PagesFailed> {
        if !self.has_line && self.new_failures >= NO_LINE {
            return Err(PagesFailed::NoLine(self.asked));
        }
        // So many that failed before do so again: they are believed.
        self.has_line = true;
        self.write().await
    }

    /// Writes what has come back, if it can be believed.
    async fn write(&mut self) -> Result<(), PagesFailed> {
        if !self.has_line {
            return Ok(());
        }
        let database = self.app.store.database();
        for chunk in self.held.chunks(CHUNK) {
            rows::put(database, chunk).await.map_err(Internal::new)?;
        }
        self.held.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(n: u128, address: &str, at: i64) -> Due {
        let due_at = DateTime::from_timestamp_micros(at).expect("an instant");
        Due {
            id: DeclarationId::new(Uuid::from_u128(n)),
            address: address.to_owned(),
            state: PageState {
                due_at,
                ..PageState::new(1)
            },
        }
    }

    #[test]
    fn pages_of_one_site_are_in_one_row_with_www_and_without_and_what_is_wanted_comes_first() {
        let sites = by_site(vec![
            due(1, "https://example.jp/a", 0),
            due(2, "http://WWW.example.jp:80/b", 0),
            due(3, "https://other.example.jp/", 0),
            due(4, "https://wanted.example.jp/", -1_000_000),
        ]);
        let of = |site: &Vec<Due>| site.iter().map(|it| it.id.uuid().as_u128()).collect::<Vec<_>>();
        let all: Vec<Vec<u128>> = sites.iter().map(of).collect();
        assert_eq!(all[0], [4]);
        assert_eq!(all.len(), 3);
        assert!(all.contains(&vec![1, 2]), "{all:?}");
    }

    #[test]
    fn a_site_with_very_many_pages_does_not_take_the_whole_night() {
        let many = (0..300).map(|n| due(n, &format!("https://example.jp/{n}"), 0));
        assert_eq!(by_site(many.collect())[0].len(), OF_A_SITE);
    }
}

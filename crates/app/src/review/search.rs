//! Looking for suspicions: contacts are brought up to the log, all live declarations are read in pages, the rules are applied in memory,
//! and what is different from the last time is written in short transactions. Nobody waits for any of it.

use std::time::Duration;

use chrono::TimeDelta;
use domain::declaration::{Facts, Field};
use domain::mailing::Address;
use domain::review::{ReviewEvent, SCHEMA_VERSION, SearchRequested, TAG_REVIEW, compare, find, is_anybodys};
use domain::staff::Permission;
use domain::{DeclarationId, JobId, ReviewId};
use event_store::{Append, AppendError, NewEvent, Tag};
use storage::review_contact::{self, ContactHashes, Stale};
use storage::review_search::{self, LastSearch, Searched};
use storage::{job, review_event};
use uuid::Uuid;

use crate::job::JobRun;
use crate::random::derived_id;
use crate::{Allowed, App, Forbidden, Internal, OpContext, day_in_japan};

/// Histories that are read at once.
const AT_ONCE: usize = 200;
/// How long the list may take to hold what was recorded before the search began. What comes too late is found by the next one.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a suspicion that is gone can still be looked at.
const GONE_FOR: TimeDelta = TimeDelta::days(90);

/// Why a search found nothing.
#[derive(Debug, thiserror::Error)]
pub enum SearchFailed {
    /// It was to stop.
    #[error("it was stopped")]
    Stopped,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Why nothing is looked for.
#[derive(Debug, thiserror::Error)]
pub enum FindReviewsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Has suspicions looked for at once; says by which job. While one looks, no other is begun.
    pub async fn find_reviews(&self, op: &OpContext, command_id: Uuid) -> Result<JobId, FindReviewsError> {
        let allowed = op.require(Permission::FlagDeclaration)?;
        let job_id = JobId::new(derived_id(command_id, "search for reviews"));
        let said = ReviewEvent::SearchRequested(SearchRequested { job_id });
        let begun = self.begin_review_job(op, allowed, command_id, review_event::SEARCH, (job_id, said));
        begun.await?.ok_or(FindReviewsError::CommandReused)
    }

    /// Has a job begun, by an event; says which: the one that is under way, if one is. None: the command id was used before for something else.
    pub(super) async fn begin_review_job(
        &self,
        op: &OpContext,
        allowed: Allowed,
        command_id: Uuid,
        command: &str,
        (job_id, said): (JobId, ReviewEvent),
    ) -> Result<Option<JobId>, Internal> {
        let under_way = job::under_way(self.store.database(), command).await;
        if let Some(running) = under_way.map_err(Internal::new)? {
            return Ok(Some(running));
        }
        let tag = Tag::new(TAG_REVIEW, job_id).map_err(Internal::new)?;
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.review_event(&said, vec![tag])?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.append(allowed, append).await {
            Ok(_) => Ok(Some(job_id)),
            Err(AppendError::CommandReused { .. }) => Ok(None),
            Err(error) => Err(Internal::new(error)),
        }
    }

    pub(super) fn review_event(&self, said: &ReviewEvent, tags: Vec<Tag>) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: SCHEMA_VERSION,
            tags,
            effective_at: day_in_japan(self.now()),
            data: said.data(),
            personal: Vec::new(),
        })
    }

    /// Looks for suspicions, and writes down what is different from the last time.
    pub(crate) async fn search_for_reviews(&self, run: &JobRun) -> Result<LastSearch, SearchFailed> {
        let began = self.now();
        self.wait_for_list_of_now().await?;
        self.follow_contacts(run).await?;
        let database = self.store.database();
        let mut seen = Vec::new();
        let mut after = Some(0);
        while let Some(place) = after {
            if run.is_stopping() {
                return Err(SearchFailed::Stopped);
            }
            let (page, next) = review_search::seen(database, place)
                .await
                .map_err(Internal::new)?;
            seen.extend(page);
            after = next;
        }
        let looked_at = seen.len() as u64;
        let rules = self.review_rules;
        let found = tokio::task::spawn_blocking(move || find(&seen, rules)).await;
        let found = found.map_err(Internal::new)?;
        let count = found.len() as u64;
        let known = review_search::known(database).await.map_err(Internal::new)?;
        let now = self.now();
        let changes = compare(found, known, now);
        let job = run.job.id.uuid();
        review_search::write(
            database,
            &changes,
            |it| {
                ReviewId::new(derived_id(
                    job,
                    &format!("review {} {}", it.kind.code(), it.ground),
                ))
            },
            began,
            now,
        )
        .await
        .map_err(Internal::new)?;
        let search = LastSearch {
            ended_at: now,
            looked_at,
            found: count,
        };
        review_search::note(database, Searched::Register, search)
            .await
            .map_err(Internal::new)?;
        review_search::clear(database, now - GONE_FOR)
            .await
            .map_err(Internal::new)?;
        Ok(search)
    }

    /// Waits until the list holds what was recorded up to now.
    pub(super) async fn wait_for_list_of_now(&self) -> Result<(), Internal> {
        let head = self.store.head().await.map_err(Internal::new)?;
        self.storage
            .declarations_projection()
            .wait_for(head, PATIENCE)
            .await;
        Ok(())
    }

    /// Brings the hashes of contacts up to the log.
    async fn follow_contacts(&self, run: &JobRun) -> Result<(), SearchFailed> {
        let stale = review_contact::stale(&self.store).await.map_err(Internal::new)?;
        let total = stale.declarations.len() as u64;
        let all = self.hash_contacts(&stale, |done| {
            run.report(done, total);
            !run.is_stopping()
        });
        if all.await? {
            Ok(())
        } else {
            Err(SearchFailed::Stopped)
        }
    }

    /// Looks at contacts that have changed, some hundred at a time; whether it came to its end. `goes_on` hears how many are done.
    pub(crate) async fn hash_contacts(
        &self,
        stale: &Stale,
        goes_on: impl Fn(u64) -> bool,
    ) -> Result<bool, Internal> {
        let database = self.store.database();
        let mut done = 0;
        for ids in stale.declarations.chunks(AT_ONCE) {
            if !goes_on(done) {
                return Ok(false);
            }
            let histories = self.histories(ids).await?;
            let hashes: Vec<ContactHashes> = histories
                .iter()
                .map(|(id, history)| self.contact_hashes(*id, &history.timeline.current().facts))
                .collect();
            review_contact::put(database, &hashes)
                .await
                .map_err(Internal::new)?;
            done += ids.len() as u64;
        }
        goes_on(done);
        review_contact::finish(database, stale, self.now())
            .await
            .map_err(Internal::new)?;
        Ok(true)
    }

    fn contact_hashes(&self, declaration_id: DeclarationId, facts: &Facts) -> ContactHashes {
        let typed = facts.reveal(Field::ContactEmail);
        let address = typed.and_then(|value| Address::parse(value.typed()).ok());
        let own_domain = address.as_ref().is_some_and(|it| !is_anybodys(it.domain()));
        let hash = address.map(|address| self.address_hash(&address));
        let phone = facts.value(Field::ContactPhone);
        let keyring = self.store.keyring();
        ContactHashes {
            declaration_id,
            domain: hash
                .as_ref()
                .filter(|_| own_domain)
                .map(|hash| hash.domain.clone()),
            address: hash.map(|hash| hash.recipient),
            phone: phone.map(|phone| hex::encode(keyring.keyed_hash("review-phone", phone.as_bytes()))),
        }
    }
}

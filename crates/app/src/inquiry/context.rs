//! What the desk shows beside a thread: whom it may be about, and what was sent to whoever wrote.

use std::collections::BTreeSet;

use domain::declaration::DeclarationState;
use domain::inquiry::{Named, named};
use domain::mailing::Address;
use domain::staff::Permission;
use domain::{DeclarationId, InquiryId};
use storage::declaration::{DeclarationRow, RowName};
use storage::mail::{self, Mail, MailFilter};
use storage::register_index;

use super::read::ReadInquiryError;
use super::words::StoredMessage;
use crate::article::{ReadArticlesError, SuggestedArticle};
use crate::declaration::{List, ListError};
use crate::{App, Guarded, Internal, OpContext};

/// Declarations that are shown.
const DECLARATIONS_MAX: usize = 20;
/// Messages that are shown.
const MAILS_MAX: u32 = 10;
/// Addresses that are looked for: in one thread there are one or two.
const ADDRESSES_MAX: usize = 5;
/// Names that are looked for.
const NAMES_MAX: usize = 4;
/// Declarations of one name that are looked at.
const OF_A_NAME: u32 = 5;

/// How a declaration was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InquiryMatch {
    /// Somebody said so.
    Linked,
    /// Its number is in the text.
    Number,
    /// It is registered at the address that wrote.
    Address,
    /// The corporate number is in the text.
    CorporateNumber,
    /// The name of its organisation is in the text.
    Name,
}

/// A declaration that an inquiry may be about.
#[derive(Debug, Clone)]
pub struct MatchedDeclaration {
    /// It.
    pub row: DeclarationRow,
    /// How it was found.
    pub matched_by: BTreeSet<InquiryMatch>,
}

/// What is shown beside a thread.
#[derive(Debug, Clone, Default)]
pub struct InquiryContext {
    /// Whom it may be about, the surest first.
    pub declarations: Vec<MatchedDeclaration>,
    /// Whether none can have been missed of those at which the address is registered.
    pub is_complete: bool,
    /// What was sent to whoever wrote, the newest first; empty for whoever may not see what goes out.
    pub mails: Vec<Mail>,
    /// Articles that may answer the newest message, the likeliest first.
    pub answers: Vec<SuggestedArticle>,
}

impl From<ReadArticlesError> for ReadInquiryError {
    fn from(error: ReadArticlesError) -> Self {
        match error {
            ReadArticlesError::Forbidden(refused) => refused.into(),
            ReadArticlesError::Internal(error) => error.into(),
            error @ ReadArticlesError::Invalid(_) => Internal::new(error).into(),
        }
    }
}

/// What was found so far.
#[derive(Default)]
struct Found(Vec<(DeclarationId, InquiryMatch)>);

impl Found {
    fn add(&mut self, ids: impl IntoIterator<Item = DeclarationId>, by: InquiryMatch) {
        self.0.extend(ids.into_iter().map(|id| (id, by)));
    }
}

impl App {
    /// What belongs beside an inquiry; none when there is none. Whoever may not see persons sees what was linked and no more: the rest is
    /// read from what somebody wrote.
    pub async fn inquiry_context(
        &self,
        op: &OpContext,
        id: InquiryId,
    ) -> Result<Option<InquiryContext>, ReadInquiryError> {
        op.require(Permission::ReadInquiries)?;
        op.require(Permission::ReadDeclarations)?;
        let Some(thread) = self.thread(id).await? else {
            return Ok(None);
        };
        let mut found = Found::default();
        found.add(thread.inquiry.declarations.iter().copied(), InquiryMatch::Linked);
        let words = op.reveal_inquiry(id.uuid(), || {
            Guarded::Open(thread.words().map(|it| it.1).collect::<Vec<_>>())
        });
        let mut context = InquiryContext {
            is_complete: true,
            ..InquiryContext::default()
        };
        if let Guarded::Open(words) = words {
            let addresses = addresses(&words);
            context.is_complete = self.find_by_addresses(op, &addresses, &mut found).await?;
            self.find_by_words(op, &words, &mut found).await?;
            if let Some(newest) = words.last() {
                let question = format!("{}\n{}", newest.subject, newest.text);
                context.answers = self.suggest_articles(op, &question).await?;
            }
            if op.may(Permission::ReadOperations) {
                context.mails = self.sent_to(op, &addresses).await?;
            }
        }
        context.declarations = self.matched(found).await?;
        Ok(Some(context))
    }

    async fn find_by_addresses(
        &self,
        op: &OpContext,
        addresses: &[Address],
        found: &mut Found,
    ) -> Result<bool, Internal> {
        let mut is_complete = true;
        for address in addresses {
            let (rows, is_whole) = self.registered_at(op, address).await?;
            is_complete &= is_whole;
            found.add(rows.into_iter().map(|row| row.id), InquiryMatch::Address);
        }
        Ok(is_complete)
    }

    async fn find_by_words(
        &self,
        op: &OpContext,
        words: &[StoredMessage],
        found: &mut Found,
    ) -> Result<(), Internal> {
        let texts = words
            .iter()
            .map(|it| format!("{}\n{}\n{}", it.name, it.subject, it.text));
        let Named {
            numbers,
            corporate_numbers,
            organizations,
        } = named(&texts.collect::<Vec<_>>().join("\n"));
        let database = self.store.database();
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        if !numbers.is_empty() {
            let by_number = register_index::by_numbers(database, &numbers).await;
            let by_number = by_number.map_err(Internal::new)?;
            found.add(by_number.iter().map(|it| it.declaration_id), InquiryMatch::Number);
        }
        let numbers: Vec<String> = corporate_numbers.iter().map(ToString::to_string).collect();
        if !numbers.is_empty() {
            let by_number = register_index::by_corporate_numbers(database, &numbers).await;
            let by_number = by_number.map_err(Internal::new)?;
            found.add(
                by_number.iter().map(|it| it.declaration_id),
                InquiryMatch::CorporateNumber,
            );
        }
        for name in organizations.iter().take(NAMES_MAX) {
            let of_name = self.of_name(op, name).await?;
            found.add(of_name, InquiryMatch::Name);
        }
        Ok(())
    }

    /// The declarations of organisations that are called so, folded.
    async fn of_name(&self, op: &OpContext, name: &str) -> Result<Vec<DeclarationId>, Internal> {
        let list = List {
            search: Some(name.to_owned()),
            first: OF_A_NAME,
            ..List::default()
        };
        let page = match self.declarations(op, list).await {
            Ok(page) => page,
            // What cannot be looked for is not found.
            Err(ListError::Invalid(_) | ListError::Forbidden(_)) => return Ok(Vec::new()),
            Err(ListError::Internal(error)) => return Err(error),
            Err(error @ ListError::NotYet(_)) => return Err(Internal::new(error)),
        };
        let is_called_so = |row: &DeclarationRow| match &row.name {
            RowName::Organization { name: its, .. } => domain::fold::fold(its) == name,
            RowName::Person { .. } | RowName::Forgotten { .. } => false,
        };
        let rows = page.rows.into_iter().filter(is_called_so);
        Ok(rows.map(|row| row.id).collect())
    }

    /// What was found, each once, the surest first; of equals what is in force first.
    async fn matched(&self, found: Found) -> Result<Vec<MatchedDeclaration>, Internal> {
        let ids: BTreeSet<DeclarationId> = found.0.iter().map(|it| it.0).collect();
        let ids: Vec<DeclarationId> = ids.into_iter().collect();
        let mut rows = self.declaration_rows(&ids).await?;
        let mut matched: Vec<MatchedDeclaration> = Vec::new();
        for (id, by) in found.0 {
            if let Some(known) = matched.iter_mut().find(|it| it.row.id == id) {
                known.matched_by.insert(by);
            } else if let Some(row) = rows.remove(&id) {
                matched.push(MatchedDeclaration {
                    row,
                    matched_by: BTreeSet::from([by]),
                });
            }
        }
        matched.sort_by_key(|it| {
            let is_replaced = matches!(
                it.row.state,
                DeclarationState::Superseded | DeclarationState::Merged
            );
            (it.matched_by.first().copied(), is_replaced)
        });
        matched.truncate(DECLARATIONS_MAX);
        Ok(matched)
    }

    async fn sent_to(&self, op: &OpContext, addresses: &[Address]) -> Result<Vec<Mail>, Internal> {
        let mut mails = Vec::new();
        for address in addresses {
            let filter = MailFilter {
                recipient_hash: Some(self.address_hash(address).recipient),
                ..MailFilter::default()
            };
            let found = mail::list(self.store.database(), &filter, None, MAILS_MAX).await;
            mails.extend(found.map_err(Internal::new)?);
        }
        mails.sort_by_key(|mail| std::cmp::Reverse(mail.position));
        mails.truncate(MAILS_MAX as usize);
        for mail in &mails {
            op.reveal_mail(mail.id, || Guarded::Open(()));
        }
        Ok(mails)
    }
}

/// The addresses that wrote, each once.
fn addresses(words: &[StoredMessage]) -> Vec<Address> {
    let mut addresses: Vec<Address> = Vec::new();
    for words in words {
        if let Ok(address) = Address::parse(&words.address)
            && !addresses.iter().any(|it| it.key() == address.key())
            && addresses.len() < ADDRESSES_MAX
        {
            addresses.push(address);
        }
    }
    addresses
}

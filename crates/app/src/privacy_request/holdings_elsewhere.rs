//! What we hold about a person outside the records of their case: mails to their own addresses, an account when they work here, and
//! requests to a second person that are about them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::SecondsFormat;
use domain::DeclarationId;
use domain::approval::About;
use domain::mailing::Address;
use domain::privacy_request::PrivacyRequest;
use domain::staff::{Permission, StaffId};
use event_store::Position;
use serde::Serialize;
use storage::mail::{self, Mail, MailFilter};
use storage::{approval, staff};
use uuid::Uuid;

use super::holdings::{HeldMail, HeldPart, MAILS_AT_ONCE};
use crate::{App, Internal, OpContext};

/// An account of somebody who works here.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldAccount {
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Where they get mail.
    pub mail: Option<String>,
    /// What they may do, by code.
    pub roles: Vec<String>,
    /// Whether they cannot sign in any more.
    pub is_disabled: bool,
}

/// A request that a second person decides or decided about.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct HeldApproval {
    /// When it was asked for.
    pub at: String,
    /// What kind of act.
    pub kind: String,
    /// What became of it: a code of the inbox.
    pub status: String,
    /// Why it was asked for.
    pub reason: Option<String>,
}

/// Mail addresses of a person, by the one form that they are compared in.
#[derive(Default)]
pub(super) struct Addresses(BTreeMap<String, Address>);

impl Addresses {
    /// An address, or a text that has one in it.
    pub(super) fn add(&mut self, text: &str) {
        let words = text.split(|c: char| c.is_whitespace() || "、，,;；()（）<>「」".contains(c));
        let found = words
            .filter(|word| word.contains('@'))
            .filter_map(|word| Address::parse(word).ok());
        for address in found {
            self.0.insert(address.key().reveal().clone(), address);
        }
    }
}

impl App {
    /// The messages to these addresses that are not among those that are known already, the newest first.
    pub(super) async fn mails_to(
        &self,
        addresses: &Addresses,
        known: &BTreeSet<Uuid>,
    ) -> Result<(Vec<HeldMail>, Vec<Uuid>), Internal> {
        let mut found: BTreeMap<Position, Mail> = BTreeMap::new();
        for address in addresses.0.values() {
            let filter = MailFilter {
                recipient_hash: Some(self.address_hash(address).recipient),
                ..MailFilter::default()
            };
            let mut before = None;
            loop {
                let page = mail::list(self.store.database(), &filter, before, MAILS_AT_ONCE).await;
                let page = page.map_err(Internal::new)?;
                before = page.last().map(|mail| mail.position);
                let is_last = page.len() < MAILS_AT_ONCE as usize;
                let others = page.into_iter().filter(|mail| !known.contains(&mail.id));
                found.extend(others.map(|mail| (mail.position, mail)));
                if is_last {
                    break;
                }
            }
        }
        let mails: Vec<&Mail> = found.values().rev().collect();
        let mut held = Vec::with_capacity(mails.len());
        for some in mails.chunks(MAILS_AT_ONCE as usize) {
            held.extend(self.held_mails_of(some).await?);
        }
        let ids = mails.iter().map(|mail| mail.id).collect();
        Ok((held, ids))
    }

    /// The accounts whose mail goes to one of these addresses, for whoever may see accounts; and which they are.
    pub(super) async fn held_accounts(
        &self,
        op: &OpContext,
        addresses: &Addresses,
    ) -> Result<(HeldPart<HeldAccount>, Vec<StaffId>), Internal> {
        if op.require(Permission::ReadStaff).is_err() {
            return Ok((HeldPart::Withheld(Permission::ReadStaff), Vec::new()));
        }
        let rows = staff::all(self.store.database()).await.map_err(Internal::new)?;
        let is_theirs = |row: &staff::StaffRow| {
            let mail = row.mail.as_deref().and_then(|mail| Address::parse(mail).ok());
            mail.is_some_and(|mail| addresses.0.contains_key(mail.key().reveal()))
        };
        let theirs: Vec<_> = rows.into_iter().filter(is_theirs).collect();
        let ids = theirs.iter().map(|row| StaffId(row.id)).collect();
        let accounts = theirs.into_iter().map(|row| HeldAccount {
            login: row.login,
            name: row.name,
            mail: row.mail,
            roles: row.roles,
            is_disabled: row.disabled_at.is_some(),
        });
        Ok((HeldPart::Open(accounts.collect()), ids))
    }

    /// The requests to a second person that are about the records of a case or these accounts, the newest first, for whoever may see
    /// such requests; and the records of which they say something.
    pub(super) async fn held_approvals(
        &self,
        op: &OpContext,
        request: &PrivacyRequest,
        accounts: &[StaffId],
    ) -> Result<(HeldPart<HeldApproval>, Vec<DeclarationId>), Internal> {
        if op.require(Permission::ReadApprovals).is_err() {
            return Ok((HeldPart::Withheld(Permission::ReadApprovals), Vec::new()));
        }
        let records = request.declarations.iter().map(|id| About::Declaration(*id));
        let accounts = accounts.iter().map(|id| About::Staff(*id));
        let about: Vec<About> = records.chain(accounts).collect();
        let rows = approval::about(self.store.database(), &about).await;
        let (mut held, mut told) = (Vec::new(), Vec::new());
        for row in rows.map_err(Internal::new)? {
            let detail = self.approval_detail(row.id).await?;
            let asked = detail.as_ref().and_then(|detail| detail.history.first());
            let reason = asked.and_then(|entry| entry.reason.clone());
            if let (Some(About::Declaration(id)), Some(_)) = (row.about, &reason) {
                told.push(id);
            }
            held.push(HeldApproval {
                at: row.requested_at.to_rfc3339_opts(SecondsFormat::Secs, true),
                status: row.status_at(op.now()).to_owned(),
                kind: row.kind,
                reason,
            });
        }
        told.sort_unstable();
        told.dedup();
        Ok((HeldPart::Open(held), told))
    }
}

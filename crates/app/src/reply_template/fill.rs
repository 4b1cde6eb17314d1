//! A template filled for an inquiry.

use domain::reply_template::{Filled, MergeField, Values, fill};
use domain::staff::Permission;
use domain::value::Star;
use domain::{DeclarationId, InquiryId, Language, Personal, ReplyTemplateId};
use storage::declaration::{DeclarationRow, RowName};

use crate::inquiry::Thread;
use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext, PersonalPart};

/// A text for one inquiry.
#[derive(Debug, Clone)]
pub struct FilledTemplate {
    /// What was filled.
    pub text: Personal<String>,
    /// The fields without a value, which are in the text still.
    pub missing: Vec<MergeField>,
}

/// Why no template was filled.
#[derive(Debug, thiserror::Error)]
pub enum FillTemplateError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such template, or no such inquiry.
    #[error("there is no such template or inquiry")]
    NotFound,
    /// The template has no text in that language that can be used.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Fills a template for an inquiry; `declaration`: which one it is about, where it is about several.
    pub async fn fill_reply_template(
        &self,
        op: &OpContext,
        id: ReplyTemplateId,
        language: Language,
        (inquiry, declaration): (InquiryId, Option<DeclarationId>),
    ) -> Result<FilledTemplate, FillTemplateError> {
        op.require(Permission::ManageInquiries)?;
        op.require(Permission::ReadPersonal)?;
        let template = self
            .reply_template(id)
            .await?
            .ok_or(FillTemplateError::NotFound)?;
        let thread = self.thread(inquiry).await?.ok_or(FillTemplateError::NotFound)?;
        let text = template.template.text(language).ok_or_else(no_english)?;
        let values = self.merge_values(op, &thread, declaration, language).await?;
        let Filled { text, missing } = fill(text, &values);
        Ok(FilledTemplate {
            text: Personal::new(text),
            missing: missing.into_iter().collect(),
        })
    }

    async fn merge_values(
        &self,
        op: &OpContext,
        thread: &Thread,
        declaration: Option<DeclarationId>,
        language: Language,
    ) -> Result<Values, Internal> {
        let inquiry = &thread.inquiry;
        let mut values = Values::from([(MergeField::Today, language.day(op.today()))]);
        let staff = op.staff_id();
        if let Some(staff) = staff {
            let name = self.staff_names(&[staff]).await?.remove(&staff);
            values.extend(name.map(|name| (MergeField::Staff, name)));
        }
        let mut about = inquiry.declarations.iter().copied();
        let only = about.next().filter(|_| about.next().is_none());
        let row = match declaration.or(only) {
            Some(id) => self.declaration_rows(&[id]).await?.remove(&id),
            None => None,
        };
        let organization = row.as_ref().and_then(|row| name_of(op, row));
        if let Some(row) = &row {
            values.insert(MergeField::Number, row.number.clone());
            values.insert(MergeField::DeclaredOn, language.day(row.declared_on));
            let star = row.star.map(|star| star_in(star, language).to_owned());
            values.extend(star.map(|star| (MergeField::Star, star)));
        }
        let name = op.reveal_inquiry(inquiry.id().uuid(), || {
            Guarded::Open(thread.newest_sender().unwrap_or_default())
        });
        let recipient = match (name, &organization) {
            (Guarded::Open(name), _) if !name.trim().is_empty() => Some(name),
            // Many write without a name.
            (_, Some(organization)) if language == Language::Ja => Some(format!("{organization} ご担当者")),
            (_, organization) => organization.clone(),
        };
        values.extend(recipient.map(|name| (MergeField::Recipient, name)));
        values.extend(organization.map(|name| (MergeField::Organization, name)));
        Ok(values)
    }
}

fn no_english() -> FillTemplateError {
    FillTemplateError::Invalid(InputProblem::new(
        "language",
        "english_older",
        "英語の文面がないか、日本語より古くなっています。テンプレートの英語を確かめて保存してください。",
    ))
}

fn name_of(op: &OpContext, row: &DeclarationRow) -> Option<String> {
    match &row.name {
        RowName::Organization { name, .. } => Some(name.clone()),
        RowName::Person { name, .. } => {
            let name = op.reveal(row.id, PersonalPart::SoleTraderName, || {
                Guarded::Open(name.reveal().clone())
            });
            match name {
                Guarded::Open(name) => Some(name),
                Guarded::Withheld(_) | Guarded::Forgotten(_) => None,
            }
        }
        RowName::Forgotten { .. } => None,
    }
}

const fn star_in(star: Star, language: Language) -> &'static str {
    match (star, language) {
        (Star::One, Language::Ja) => "一つ星",
        (Star::Two, Language::Ja) => "二つ星",
        (Star::One, Language::En) => "one star",
        (Star::Two, Language::En) => "two stars",
    }
}

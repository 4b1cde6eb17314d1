//! The words of a mail: personal, so withheld from whoever lacks the right, and each look is recorded.

use app::Guarded;
use app::mail::Unsendable;
use async_graphql::{Context, ID, Result, SimpleObject, Union};
use domain::mailing::Draft;
use domain::staff::Permission;
use storage::mail::Mail as Stored;

use crate::context::request;
use crate::declaration::values::{Forgotten, Withheld, withheld};
use crate::loaders::Loaders;
use crate::said::Said;
use crate::scalars::Position;

/// To whom a mail is, and what about.
#[derive(Union)]
pub enum MailHeadingResult {
    /// Readable.
    Open(MailHeading),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
    /// Not by this version.
    Unreadable(Unreadable),
}

/// It is kept, but this version cannot read it.
#[derive(SimpleObject)]
pub struct Unreadable {
    /// Where it stands in the log, for whoever is asked to help.
    pub position: Position,
}

/// To whom a mail is, and what about.
#[derive(SimpleObject)]
pub struct MailHeading {
    /// As it was typed.
    pub address: String,
    /// The name beside it.
    pub name: Option<String>,
    /// One line.
    pub subject: String,
}

/// What a mail says.
#[derive(Union)]
pub enum MailWordsResult {
    /// Readable.
    Open(MailWords),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
    /// Not by this version.
    Unreadable(Unreadable),
}

/// What a mail says.
#[derive(SimpleObject)]
pub struct MailWords {
    /// Plain text.
    pub text: String,
    /// As it goes over the wire with the settings of today, headers first; null when it cannot be built.
    pub raw: Option<String>,
    /// Why it cannot be built.
    pub problem: Option<Said>,
    /// The same at every attempt; null when it cannot be built.
    pub message_id: Option<String>,
}

/// To whom it is.
pub async fn heading(ctx: &Context<'_>, mail: &Stored) -> Result<MailHeadingResult> {
    let Some(draft) = draft(ctx, mail).await? else {
        return Ok(MailHeadingResult::Unreadable(unreadable(mail)));
    };
    Ok(match draft {
        Guarded::Open(draft) => MailHeadingResult::Open(MailHeading {
            address: draft.to().address().typed().to_owned(),
            name: draft.to().name().map(str::to_owned),
            subject: draft.subject().to_owned(),
        }),
        Guarded::Withheld(permission) => MailHeadingResult::Withheld(withheld(permission)),
        Guarded::Forgotten(subject) => MailHeadingResult::Forgotten(forgotten(subject)),
    })
}

/// What it says.
pub async fn words(ctx: &Context<'_>, mail: &Stored) -> Result<MailWordsResult> {
    let outbox = &request(ctx)?.operations().outbox;
    let Some(draft) = draft(ctx, mail).await? else {
        return Ok(MailWordsResult::Unreadable(unreadable(mail)));
    };
    Ok(match draft {
        Guarded::Open(draft) => {
            let text = draft.text().to_owned();
            let (rendered, problem) = match outbox.render(&draft, mail.id, mail.queued_at) {
                Ok(rendered) => (Some(rendered), None),
                Err(problem) => (None, Some(Said::from(&problem))),
            };
            let (raw, message_id) = rendered.map(|it| (it.raw, it.message_id)).unzip();
            MailWordsResult::Open(MailWords {
                text,
                raw,
                problem,
                message_id,
            })
        }
        Guarded::Withheld(permission) => MailWordsResult::Withheld(withheld(permission)),
        Guarded::Forgotten(subject) => MailWordsResult::Forgotten(forgotten(subject)),
    })
}

fn unreadable(mail: &Stored) -> Unreadable {
    Unreadable {
        position: Position(mail.position),
    }
}

fn forgotten(subject: uuid::Uuid) -> Forgotten {
    Forgotten {
        subject: ID(subject.to_string()),
    }
}

/// `None`: this version cannot read it.
async fn draft(ctx: &Context<'_>, mail: &Stored) -> Result<Option<Guarded<Draft>>> {
    let op = request(ctx)?.operation()?;
    if !op.may(Permission::ReadPersonal) {
        return Ok(Some(Guarded::Withheld(Permission::ReadPersonal)));
    }
    let draft = match ctx.data::<Loaders>()?.draft(mail.position).await? {
        Some(Ok(draft)) => Guarded::Open(draft),
        Some(Err(Unsendable::Forgotten(subject))) => Guarded::Forgotten(subject),
        Some(Err(Unsendable::Unreadable)) | None => return Ok(None),
    };
    Ok(Some(op.reveal_mail(mail.id, || draft)))
}

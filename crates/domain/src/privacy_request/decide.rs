//! Decisions about a request of a data subject.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use super::event::{
    Channel, Closing, IdentityMethod, Measure, MeasureKind, Opened, Outcome, PrivacyRequestEvent,
    PrivacyRequestKind,
};
use super::state::PrivacyRequest;
use crate::calendar::{OfficeDays, Term, moved};
use crate::declaration::Role;
use crate::ids::{ApprovalId, DeclarationId, PrivacyRequestId, SubjectId};
use crate::staff::StaffId;

/// Days for a decision; the day on which the request comes in is not counted.
pub const TERM_DAYS: u32 = 30;
/// Days by which one extension can make it longer.
pub const EXTENSION_DAYS: u64 = 30;
/// Records that one request can be about.
const MOST_RECORDS: usize = 50;

/// What a term rests on beside the request.
#[derive(Debug, Clone, Copy)]
pub struct Within<'a> {
    /// Today in Japan.
    pub today: NaiveDate,
    /// When the office works.
    pub office: &'a OfficeDays,
    /// Whether a last day on which it does not work moves to the next business day.
    pub moves: bool,
}

/// What became of the requests to a second person that belong to a case.
pub type Standings = BTreeMap<ApprovalId, Standing>;

/// Where a request to a second person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody can still agree, or it is being carried out.
    Waiting,
    /// It is done.
    Done,
    /// Nothing comes of it: nobody agreed in time, or somebody did not, or it could not be done.
    Over,
}

/// Why a request is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrivacyRequestRefusal {
    /// It is over.
    #[error("the case is closed")]
    Closed,
    /// The answer went out: what was decided stands.
    #[error("the answer has gone out")]
    Answered,
    /// Nobody has proved who asked.
    #[error("it is not proved who asked")]
    NotIdentified,
    /// Nobody has decided.
    #[error("nobody has decided yet")]
    NotDecided,
    /// It was decided: the term has ended.
    #[error("it is decided already")]
    Decided,
    /// It was refused: nothing is to be done.
    #[error("it was refused, so nothing is to be done")]
    NothingGranted,
    /// Something was done, or waits for a second person: it cannot be refused any more.
    #[error("something was done for the request, or waits to be")]
    AlreadyDone,
    /// Something was granted and nothing was done.
    #[error("nothing that was granted is done")]
    NothingDone,
    /// No answer went out.
    #[error("no answer has gone out")]
    NotAnswered,
    /// The term stands still.
    #[error("the term stands still")]
    Paused,
    /// The term does not stand still.
    #[error("the term does not stand still")]
    NotPaused,
    /// A day that has not come.
    #[error("the day has not come yet")]
    InFuture,
    /// A day before the one on which it began.
    #[error("the day is before the one on which it began")]
    TooEarly,
    /// The new last day is not later, or too late.
    #[error("the new last day is not within {EXTENSION_DAYS} days after the last day")]
    NotLater,
    /// More records than one request can be about.
    #[error("one request is about at most {MOST_RECORDS} records")]
    TooManyRecords,
    /// Not one of the records of the request.
    #[error("the request is not about that record")]
    OtherRecord,
    /// Nothing would change.
    #[error("nothing would change")]
    NoChange,
    /// It does not ask for an erasure.
    #[error("the request does not ask that something is erased or no longer used")]
    NoErasure,
    /// That person's erasure is asked for or done.
    #[error("the erasure of that person is asked for, or done")]
    ErasureAsked,
    /// A second person has not decided about an erasure.
    #[error("an erasure waits for a second person")]
    ErasureWaits,
    /// Its key is destroyed: nothing can be written about it any more.
    #[error("the case was kept for its time and is forgotten")]
    Forgotten,
}

impl PrivacyRequestRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "case_closed",
            Self::Answered => "answered",
            Self::NotIdentified => "not_identified",
            Self::NotDecided => "not_decided",
            Self::Decided => "decided",
            Self::NothingGranted => "nothing_granted",
            Self::AlreadyDone => "already_done",
            Self::NothingDone => "nothing_done",
            Self::NotAnswered => "not_answered",
            Self::Paused => "term_stands",
            Self::NotPaused => "term_runs",
            Self::InFuture => "in_future",
            Self::TooEarly => "too_early",
            Self::NotLater => "not_later",
            Self::TooManyRecords => "too_many",
            Self::OtherRecord => "other_record",
            Self::NoChange => "no_change",
            Self::NoErasure => "no_erasure",
            Self::ErasureAsked => "erasure_asked",
            Self::ErasureWaits => "erasure_waits",
            Self::Forgotten => "case_forgotten",
        }
    }

    /// The field of the form that it belongs to.
    pub const fn field(self) -> &'static str {
        match self {
            Self::InFuture | Self::TooEarly => "on",
            Self::NotLater => "dueOn",
            Self::TooManyRecords => "numbers",
            Self::OtherRecord => "declarationId",
            Self::ErasureAsked => "person",
            _ => "id",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Closed => "この請求は終了しています。",
            Self::Answered => {
                "回答を送った後は変更できません。必要な場合は、新しい請求として受け付けてください。"
            }
            Self::NotIdentified => "本人確認が済んでいません。先に本人確認の結果を記録してください。",
            Self::NotDecided => "決定がまだ記録されていません。先に決定を記録してください。",
            Self::Decided => "すでに決定しているため、期限は変更できません。",
            Self::NothingGranted => "不開示などの決定をした請求には、措置を記録できません。",
            Self::AlreadyDone => "措置の記録や承認待ちの消去があるため、「応じない」には変えられません。",
            Self::NothingDone => {
                "応じると決定した内容の措置が記録されていません。措置を記録してから終了してください。"
            }
            Self::NotAnswered => {
                "回答がまだ記録されていません。回答を送った日を記録してから終了してください。"
            }
            Self::Paused => "補正を待っている間は、この操作はできません。先に補正の受領を記録してください。",
            Self::NotPaused => "補正を求めた記録がありません。",
            Self::InFuture => "今日以前の日付を入力してください。",
            Self::TooEarly => "受付日（補正を求めた日）以後の日付を入力してください。",
            Self::NotLater => "現在の期限より後で、30日以内の日付を入力してください。",
            Self::TooManyRecords => "1件の請求に含められる宣言は50件までです。",
            Self::OtherRecord => "この請求の対象ではない宣言です。先に対象の宣言に加えてください。",
            Self::NoChange => "変更がありません。",
            Self::NoErasure => "消去または利用停止の請求ではないため、消去は申請できません。",
            Self::ErasureAsked => "この人の消去は、すでに申請されているか、済んでいます。",
            Self::ErasureWaits => {
                "消去の申請が承認を待っています。承認または却下されてから終了してください。"
            }
            Self::Forgotten => "保存期間が過ぎて消去された請求には、何も書き加えられません。",
        }
    }
}

type Decided = Result<PrivacyRequestEvent, PrivacyRequestRefusal>;

/// Somebody asked, on a day that has come.
pub fn open(
    request_id: PrivacyRequestId,
    kind: PrivacyRequestKind,
    channel: Channel,
    received_on: NaiveDate,
    declarations: Vec<DeclarationId>,
    within: Within<'_>,
) -> Decided {
    if received_on > within.today {
        return Err(PrivacyRequestRefusal::InFuture);
    }
    let term = Term {
        days: TERM_DAYS,
        counts_first_day: false,
        moves: within.moves,
    };
    Ok(PrivacyRequestEvent::Opened(Opened {
        request_id,
        kind,
        channel,
        received_on,
        due_on: term.last_day(received_on, within.office),
        declarations: records(declarations)?,
    }))
}

/// It is about these records.
pub fn concern(request: &PrivacyRequest, declarations: Vec<DeclarationId>) -> Decided {
    unanswered(request)?;
    let declarations = records(declarations)?;
    if declarations == request.declarations {
        return Err(PrivacyRequestRefusal::NoChange);
    }
    Ok(PrivacyRequestEvent::Concerned {
        request_id: request.opened.request_id,
        declarations,
    })
}

/// Somebody handles it.
pub fn assign(request: &PrivacyRequest, handler: Option<StaffId>) -> Decided {
    going_on(request)?;
    if handler == request.handler {
        return Err(PrivacyRequestRefusal::NoChange);
    }
    Ok(PrivacyRequestEvent::Assigned {
        request_id: request.opened.request_id,
        handler,
    })
}

/// It was looked at whether the person is who they say. The newest look counts.
pub fn check_identity(request: &PrivacyRequest, method: IdentityMethod, is_confirmed: bool) -> Decided {
    unanswered(request)?;
    Ok(PrivacyRequestEvent::IdentityChecked {
        request_id: request.opened.request_id,
        method,
        is_confirmed,
    })
}

/// Something is missing: the days until it comes in do not count.
pub fn pause(request: &PrivacyRequest, on: NaiveDate, within: Within<'_>) -> Decided {
    undecided(request)?;
    if request.paused_on.is_some() {
        return Err(PrivacyRequestRefusal::Paused);
    }
    has_come(on, request.opened.received_on, within)?;
    Ok(PrivacyRequestEvent::Paused {
        request_id: request.opened.request_id,
        on,
    })
}

/// It came in: the last day is as many days later as it took.
pub fn resume(request: &PrivacyRequest, on: NaiveDate, within: Within<'_>) -> Decided {
    undecided(request)?;
    let since = request.paused_on.ok_or(PrivacyRequestRefusal::NotPaused)?;
    has_come(on, since, within)?;
    let waited = u64::try_from((on - since).num_days()).unwrap_or(0);
    let later = request.due_on.checked_add_days(Days::new(waited));
    let due_on = later.unwrap_or(request.due_on);
    Ok(PrivacyRequestEvent::Resumed {
        request_id: request.opened.request_id,
        on,
        due_on: if within.moves {
            moved(due_on, within.office)
        } else {
            due_on
        },
    })
}

/// It takes longer, by 30 days at most each time.
pub fn extend(request: &PrivacyRequest, due_on: NaiveDate) -> Decided {
    undecided(request)?;
    if request.paused_on.is_some() {
        return Err(PrivacyRequestRefusal::Paused);
    }
    let most = request.due_on.checked_add_days(Days::new(EXTENSION_DAYS));
    if due_on <= request.due_on || most.is_none_or(|most| due_on > most) {
        return Err(PrivacyRequestRefusal::NotLater);
    }
    Ok(PrivacyRequestEvent::Extended {
        request_id: request.opened.request_id,
        due_on,
    })
}

/// It is decided. What gives somebody something needs that it is proved who they are; a refusal does not, but nothing may have been
/// done. An erasure of which nothing came is nothing that was done.
pub fn decide(request: &PrivacyRequest, outcome: Outcome, standings: &Standings) -> Decided {
    unanswered(request)?;
    if outcome != Outcome::Refused {
        if !request.is_identified() {
            return Err(PrivacyRequestRefusal::NotIdentified);
        }
        if request.paused_on.is_some() {
            return Err(PrivacyRequestRefusal::Paused);
        }
    }
    let counts = |measure: &Measure| standing(measure, standings) != Standing::Over;
    if outcome == Outcome::Refused && request.measures.iter().any(counts) {
        return Err(PrivacyRequestRefusal::AlreadyDone);
    }
    Ok(PrivacyRequestEvent::Decided {
        request_id: request.opened.request_id,
        outcome,
    })
}

/// What was granted was done, or a part of it.
pub fn record_measure(request: &PrivacyRequest, measure: Measure) -> Decided {
    going_on(request)?;
    let decision = request
        .decision
        .as_ref()
        .ok_or(PrivacyRequestRefusal::NotDecided)?;
    if decision.outcome == Outcome::Refused {
        return Err(PrivacyRequestRefusal::NothingGranted);
    }
    if !request.is_identified() {
        return Err(PrivacyRequestRefusal::NotIdentified);
    }
    let is_its = |id: &DeclarationId| request.declarations.contains(id);
    if !measure.declaration_id.as_ref().is_none_or(is_its) {
        return Err(PrivacyRequestRefusal::OtherRecord);
    }
    Ok(PrivacyRequestEvent::MeasureRecorded {
        request_id: request.opened.request_id,
        measure,
    })
}

/// That a person is forgotten in a record is asked of a second person. One that came to nothing can be asked for again.
pub fn request_erasure(
    request: &PrivacyRequest,
    (declaration_id, person): (DeclarationId, Role),
    approval_id: ApprovalId,
    standings: &Standings,
) -> Decided {
    if !matches!(
        request.opened.kind,
        PrivacyRequestKind::Erasure | PrivacyRequestKind::StopOfUse
    ) {
        going_on(request)?;
        return Err(PrivacyRequestRefusal::NoErasure);
    }
    let measure = Measure {
        kind: MeasureKind::Erased,
        declaration_id: Some(declaration_id),
        version: None,
        approval_id: Some(approval_id),
        person: Some(person),
    };
    let is_asked = request.measures.iter().any(|earlier| {
        earlier.declaration_id == measure.declaration_id
            && earlier.person == measure.person
            && standing(earlier, standings) != Standing::Over
    });
    let event = record_measure(request, measure)?;
    if is_asked {
        return Err(PrivacyRequestRefusal::ErasureAsked);
    }
    Ok(event)
}

/// What was done by hand is done.
fn standing(measure: &Measure, standings: &Standings) -> Standing {
    let found = measure.approval_id.as_ref().map(|id| standings.get(id));
    found.map_or(Standing::Done, |known| known.copied().unwrap_or(Standing::Over))
}

/// The answer went out.
pub fn answer(request: &PrivacyRequest, on: NaiveDate, channel: Channel, within: Within<'_>) -> Decided {
    unanswered(request)?;
    if request.decision.is_none() {
        return Err(PrivacyRequestRefusal::NotDecided);
    }
    has_come(on, request.opened.received_on, within)?;
    Ok(PrivacyRequestEvent::Answered {
        request_id: request.opened.request_id,
        on,
        channel,
    })
}

/// Somebody writes something down; also when the case is closed, as long as it is kept.
pub const fn note(request: &PrivacyRequest) -> Decided {
    if request.is_forgotten {
        return Err(PrivacyRequestRefusal::Forgotten);
    }
    Ok(PrivacyRequestEvent::Noted {
        request_id: request.opened.request_id,
    })
}

/// The last day on which a case is kept that ended on a day.
pub fn kept_until(closed_on: NaiveDate, years: u32) -> NaiveDate {
    let later = closed_on.checked_add_months(Months::new(years.saturating_mul(12)));
    later.unwrap_or(NaiveDate::MAX)
}

/// The case was kept for its time: who asked, and what was said about them, is forgotten. None: it is not time, or was done.
pub fn forget(
    request: &PrivacyRequest,
    subject: SubjectId,
    kept_until: NaiveDate,
    today: NaiveDate,
) -> Option<PrivacyRequestEvent> {
    let is_due = request.closing.is_some() && !request.is_forgotten && today > kept_until;
    is_due.then_some(PrivacyRequestEvent::Forgotten {
        request_id: request.opened.request_id,
        subject,
    })
}

/// It is over: the answer went out and what was granted is done, or the person does not want it any more.
pub fn close(request: &PrivacyRequest, how: Closing, standings: &Standings) -> Decided {
    going_on(request)?;
    let has_measure = |wanted: Standing| {
        let mut measures = request.measures.iter();
        measures.any(|measure| standing(measure, standings) == wanted)
    };
    if has_measure(Standing::Waiting) {
        return Err(PrivacyRequestRefusal::ErasureWaits);
    }
    if how == Closing::Answered {
        if request.answer.is_none() {
            return Err(PrivacyRequestRefusal::NotAnswered);
        }
        let grants = request
            .decision
            .as_ref()
            .is_some_and(|it| it.outcome != Outcome::Refused);
        if grants && !has_measure(Standing::Done) {
            return Err(PrivacyRequestRefusal::NothingDone);
        }
    }
    Ok(PrivacyRequestEvent::Closed {
        request_id: request.opened.request_id,
        how,
    })
}

/// What kind of measure a request asks for.
impl From<PrivacyRequestKind> for MeasureKind {
    fn from(kind: PrivacyRequestKind) -> Self {
        match kind {
            PrivacyRequestKind::Disclosure => Self::Disclosed,
            PrivacyRequestKind::Correction => Self::Corrected,
            PrivacyRequestKind::StopOfUse => Self::UseStopped,
            PrivacyRequestKind::Erasure => Self::Erased,
        }
    }
}

fn records(mut declarations: Vec<DeclarationId>) -> Result<Vec<DeclarationId>, PrivacyRequestRefusal> {
    declarations.sort_unstable();
    declarations.dedup();
    if declarations.len() > MOST_RECORDS {
        return Err(PrivacyRequestRefusal::TooManyRecords);
    }
    Ok(declarations)
}

const fn going_on(request: &PrivacyRequest) -> Result<(), PrivacyRequestRefusal> {
    if request.closing.is_some() {
        return Err(PrivacyRequestRefusal::Closed);
    }
    Ok(())
}

fn unanswered(request: &PrivacyRequest) -> Result<(), PrivacyRequestRefusal> {
    going_on(request)?;
    if request.answer.is_some() {
        return Err(PrivacyRequestRefusal::Answered);
    }
    Ok(())
}

fn undecided(request: &PrivacyRequest) -> Result<(), PrivacyRequestRefusal> {
    unanswered(request)?;
    if request.decision.is_some() {
        return Err(PrivacyRequestRefusal::Decided);
    }
    Ok(())
}

fn has_come(on: NaiveDate, since: NaiveDate, within: Within<'_>) -> Result<(), PrivacyRequestRefusal> {
    if on > within.today {
        Err(PrivacyRequestRefusal::InFuture)
    } else if on < since {
        Err(PrivacyRequestRefusal::TooEarly)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;

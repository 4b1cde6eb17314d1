//! Every change of a case: who asked is proved, the term moves, somebody decides, something is done, the answer goes out.

use chrono::NaiveDate;
use domain::privacy_request::{
    self as decide, Channel, Closing, IdentityMethod, Measure, MeasureKind, Outcome, PART_TEXT,
    PrivacyRequest, PrivacyRequestEvent, PrivacyRequestRefusal, Standings, Within,
};
use domain::staff::{Permission, Role, StaffId, allows};
use domain::{DeclarationId, Personal};
use event_store::Position;
use serde_json::json;
use storage::staff;
use uuid::Uuid;

use super::open::TEXT_MAX;
use crate::case_log::{CaseChange, CaseEntry, CaseError, Sealed, read_text};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Something that was done, as typed.
#[derive(Debug, Clone)]
pub struct MeasureTyped {
    /// What kind of thing.
    pub kind: MeasureKind,
    /// In which record; none: in none, or in all.
    pub declaration_id: Option<DeclarationId>,
    /// The version that a correction has made of it.
    pub version: Option<i64>,
}

/// What becomes of a case. Texts are free, and sealed.
#[derive(Debug, Clone)]
pub enum PrivacyRequestChange {
    /// It is about the records with these numbers.
    Concern {
        /// As typed.
        numbers: Vec<String>,
    },
    /// Somebody handles it; none: nobody any more.
    Assign {
        /// Who.
        handler: Option<StaffId>,
    },
    /// It was looked at who asked.
    CheckIdentity {
        /// How.
        method: IdentityMethod,
        /// Whether they are who they say.
        is_confirmed: bool,
        /// What was seen.
        text: Personal<String>,
    },
    /// Something is missing, and was asked for.
    Pause {
        /// On which day.
        on: NaiveDate,
        /// What.
        text: Personal<String>,
    },
    /// It came in.
    Resume {
        /// On which day.
        on: NaiveDate,
    },
    /// It takes longer.
    Extend {
        /// The new last day.
        due_on: NaiveDate,
        /// Why; the letter says it.
        text: Personal<String>,
    },
    /// It is decided.
    Decide {
        /// What.
        outcome: Outcome,
        /// Why; the letter says it.
        text: Personal<String>,
    },
    /// Something was done.
    RecordMeasure {
        /// What.
        measure: MeasureTyped,
        /// In words.
        text: Personal<String>,
    },
    /// The answer went out.
    Answer {
        /// On which day.
        on: NaiveDate,
        /// Which way.
        channel: Channel,
    },
    /// Something to remember.
    Note {
        /// What.
        text: Personal<String>,
    },
    /// It is over.
    Close {
        /// How.
        how: Closing,
        /// Why, when there is something to say.
        text: Personal<String>,
    },
}

/// Why a case was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangePrivacyRequestError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such case.
    #[error("there is no such case")]
    NotFound,
    /// Somebody was faster.
    #[error("the case was changed since it was read")]
    Stale,
    /// What was typed has problems, or the case does not stand where that could be done.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<InputProblem> for ChangePrivacyRequestError {
    fn from(problem: InputProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<CaseError<PrivacyRequestRefusal>> for ChangePrivacyRequestError {
    fn from(error: CaseError<PrivacyRequestRefusal>) -> Self {
        match error {
            CaseError::NotFound => Self::NotFound,
            CaseError::Stale => Self::Stale,
            CaseError::CommandReused => InputProblem::command_reused().into(),
            CaseError::Refused(refused) => InputProblem::from(refused).into(),
            CaseError::Internal(error) => error.into(),
        }
    }
}

/// What was looked up before it is decided.
struct Known {
    declarations: Vec<DeclarationId>,
    text: Option<String>,
    standings: Standings,
}

impl App {
    /// Makes one change of a case; answers with its version from then on.
    pub async fn change_privacy_request(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: &PrivacyRequestChange,
    ) -> Result<Position, ChangePrivacyRequestError> {
        let allowed = op.require(Permission::ManagePrivacyRequests)?;
        let mut known = Known {
            declarations: Vec::new(),
            text: text_of(what)?,
            standings: Standings::new(),
        };
        if let PrivacyRequestChange::Concern { numbers } = what {
            known.declarations = self.records_of(numbers).await??;
        }
        if let PrivacyRequestChange::Assign {
            handler: Some(handler),
        } = what
        {
            self.may_handle(*handler).await?;
        }
        if matches!(
            what,
            PrivacyRequestChange::Close { .. } | PrivacyRequestChange::Decide { .. }
        ) {
            known.standings = self.standings_of(change.id).await?;
        }
        let calendar = self.calendar().await?;
        let within = Within {
            today: op.today(),
            office: calendar.days(),
            moves: self.case_rules().moves_last_day,
        };
        let changed = self
            .change_case(allowed, op, change, |history| judge(history, what, known, within))
            .await;
        Ok(changed?)
    }

    /// Only whoever has the right to handle cases is given one.
    async fn may_handle(&self, handler: StaffId) -> Result<(), ChangePrivacyRequestError> {
        let rows = staff::by_ids(self.store.database(), &[handler.0]).await;
        let row = rows.map_err(Internal::new)?.remove(&handler.0);
        let may = row.filter(|row| row.disabled_at.is_none()).is_some_and(|row| {
            let roles = row.roles.iter().filter_map(|role| role.parse::<Role>().ok());
            roles
                .into_iter()
                .any(|role| allows(role, Permission::ManagePrivacyRequests))
        });
        if may {
            return Ok(());
        }
        let text = "この職員は、開示等の請求を担当できません。権限のある職員を選んでください。";
        Err(InputProblem::new("handler", "no_right", text).into())
    }
}

/// The free text of a change; it is required where somebody else reads the reason.
fn text_of(what: &PrivacyRequestChange) -> Result<Option<String>, InputProblem> {
    let (text, is_required) = match what {
        PrivacyRequestChange::Concern { .. }
        | PrivacyRequestChange::Assign { .. }
        | PrivacyRequestChange::Resume { .. }
        | PrivacyRequestChange::Answer { .. } => return Ok(None),
        PrivacyRequestChange::CheckIdentity { text, .. } | PrivacyRequestChange::Close { text, .. } => {
            (text, false)
        }
        PrivacyRequestChange::Pause { text, .. }
        | PrivacyRequestChange::Extend { text, .. }
        | PrivacyRequestChange::RecordMeasure { text, .. }
        | PrivacyRequestChange::Note { text } => (text, true),
        // Whoever is refused something is told why.
        PrivacyRequestChange::Decide { text, outcome } => (text, *outcome != Outcome::Granted),
    };
    read_text("text", text.reveal(), (is_required, TEXT_MAX))
}

fn judge(
    history: &[CaseEntry<PrivacyRequestEvent>],
    what: &PrivacyRequestChange,
    known: Known,
    within: Within<'_>,
) -> Result<(PrivacyRequestEvent, Vec<Sealed>), PrivacyRequestRefusal> {
    let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
    // A case begins with its opening.
    let request = PrivacyRequest::of(said).ok_or(PrivacyRequestRefusal::Closed)?;
    let event = match what {
        PrivacyRequestChange::Concern { .. } => decide::concern(&request, known.declarations)?,
        PrivacyRequestChange::Assign { handler } => decide::assign(&request, *handler)?,
        PrivacyRequestChange::CheckIdentity {
            method, is_confirmed, ..
        } => decide::check_identity(&request, *method, *is_confirmed)?,
        PrivacyRequestChange::Pause { on, .. } => decide::pause(&request, *on, within)?,
        PrivacyRequestChange::Resume { on } => decide::resume(&request, *on, within)?,
        PrivacyRequestChange::Extend { due_on, .. } => decide::extend(&request, *due_on)?,
        PrivacyRequestChange::Decide { outcome, .. } => decide::decide(&request, *outcome, &known.standings)?,
        PrivacyRequestChange::RecordMeasure { measure, .. } => {
            let measure = Measure {
                kind: measure.kind,
                declaration_id: measure.declaration_id,
                version: measure.version,
                approval_id: None,
                person: None,
            };
            decide::record_measure(&request, measure)?
        }
        PrivacyRequestChange::Answer { on, channel } => decide::answer(&request, *on, *channel, within)?,
        PrivacyRequestChange::Note { .. } => decide::note(&request)?,
        PrivacyRequestChange::Close { how, .. } => decide::close(&request, *how, &known.standings)?,
    };
    let sealed = known.text.map(|text| (PART_TEXT, json!(text)));
    Ok((event, sealed.into_iter().collect()))
}

impl CaseChange {
    /// A change of the case with that id.
    pub const fn new(command_id: Uuid, id: Uuid, expected_version: Position) -> Self {
        Self {
            command_id,
            id,
            expected_version,
        }
    }
}

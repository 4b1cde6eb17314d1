//! What happened to ways in, as auditors see it: ids, codes and addresses of the network; never what was typed.

use app::audit::AuditError;
use app::security::SecurityQuery as Question;
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Union};
use domain::staff::Actor as Who;
use storage::read_audit::ReadPlace;
use storage::security_record::{FoundSecurity, SecurityPlace};

use super::query::refusal;
use super::types::{place_text, read_place};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::input::InvalidInput;
use crate::scalars::DateTime;
use crate::staff::accounts::staff_id;

/// Records of a page at most.
const PAGE: u32 = 200;
/// Bytes of a mark: enough to tell a few apart.
const MARK: usize = 4;

mirrored! {
    /// What happened to a way in.
    SecurityKind = domain::staff::SecurityKind {
        /// Somebody signed in; the detail is how.
        SignedIn,
        /// A password was right, and more is asked for.
        HalfSignedIn,
        /// Somebody was not let in; the detail is why.
        SignInRefused,
        /// Whoever is signed in proved once more who they are.
        ProvedAgain,
        /// A try was not looked at, or a request not answered: there were too many.
        Throttled,
        /// Somebody wanted what they have no right to; the detail is the right.
        AccessRefused,
        /// A session was ended before its time.
        SessionEnded,
        /// Somebody may do other things from then on; the detail is what.
        RolesChanged,
        /// Nobody can sign in with an account any more.
        AccountDisabled,
        /// Somebody can again.
        AccountEnabled,
        /// Something by which somebody proves who they are was set, removed or used up.
        CredentialChanged,
        /// Notices, and links to another password, go to another address.
        MailChanged,
        /// It was said, or said no more, that two accounts are of one person.
        PersonLinked,
        /// Personal data left as a file; the detail is which.
        Exported,
    }
}

/// The outcome of asking for records of ways in.
#[derive(Union)]
pub enum SecurityRecordsResult {
    /// They.
    Records(SecurityRecords),
    /// What was asked has problems.
    Invalid(InvalidInput),
}

/// Records of ways in, the newest first.
#[derive(SimpleObject)]
pub struct SecurityRecords {
    /// They.
    pub nodes: Vec<SecurityRecord>,
    /// What the next page names as `before`; null when nothing is older.
    pub next_before: Option<String>,
}

/// Something that happened to a way in.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SecurityRecord {
    /// Where it stands; stable.
    pub id: ID,
    /// When.
    pub at: DateTime,
    /// What; null: an older version cannot tell.
    pub kind: Option<SecurityKind>,
    /// Code of how or why; may be empty.
    pub detail: String,
    /// Whose account; null: nobody's.
    pub staff_id: Option<ID>,
    /// The same for the same tried login or address, where no account is known; it says nothing more.
    pub mark: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// The id that log lines and faults carry.
    pub request_id: Option<String>,
    #[graphql(skip)]
    actor: Option<String>,
}

#[ComplexObject]
impl SecurityRecord {
    /// Who did it, where somebody was signed in.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.actor {
            Some(actor) => actor_of(ctx, actor).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whose account it is, by name.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match self.staff_id.as_ref().and_then(staff_id) {
            Some(id) => actor_of(ctx, &Who::Staff(id).to_string()).await.map(Some),
            None => Ok(None),
        }
    }
}

impl From<FoundSecurity> for SecurityRecord {
    fn from(found: FoundSecurity) -> Self {
        let record = found.record;
        let kind = domain::staff::SecurityKind::of_code(&record.kind);
        Self {
            id: ID(text_of(found.place)),
            at: DateTime(record.at),
            kind: kind.map(Into::into),
            detail: record.detail,
            staff_id: record.staff_id.map(|id| ID(id.to_string())),
            // Of an account there is nothing to tell apart.
            mark: record
                .tried
                .filter(|_| record.staff_id.is_none())
                .map(|hash| mark(&hash)),
            address: record.address,
            request_id: record.request_id.map(|id| id.to_string()),
            actor: record.actor,
        }
    }
}

/// Empty for what is no hash.
fn mark(hash: &[u8]) -> String {
    let first = hash.first_chunk::<MARK>().copied();
    first.map_or_else(String::new, |first| format!("{:08x}", u32::from_be_bytes(first)))
}

fn text_of(SecurityPlace { at, seq }: SecurityPlace) -> String {
    place_text(ReadPlace { at, seq })
}

/// Queries about ways in.
#[derive(Default)]
pub struct SecurityQuery;

#[Object]
impl SecurityQuery {
    /// What happened to ways in in a time, the newest first; 1 to 200 of them. They are kept for 90 days.
    #[graphql(complexity = "first.clamp(1, 200) as usize * child_complexity / 4")]
    #[expect(clippy::too_many_arguments, reason = "each is a field of the question")]
    async fn security_records(
        &self,
        ctx: &Context<'_>,
        since: DateTime,
        until: DateTime,
        staff: Option<ID>,
        kind: Option<SecurityKind>,
        before: Option<String>,
        #[graphql(default = 50)] first: u32,
    ) -> Result<SecurityRecordsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let invalid = |problem| Ok(SecurityRecordsResult::Invalid(problem));
        let before = match before.as_deref().map(read_place) {
            Some(None) => return invalid(InvalidInput::cursor()),
            place => place.flatten(),
        };
        let staff = match staff.as_ref().map(staff_id) {
            Some(None) => {
                let text = "職員の番号の形式が正しくありません。一覧から選んでください。";
                return invalid(InvalidInput::one("staff", "shape", text));
            }
            id => id.flatten(),
        };
        let question = Question {
            time: since.0..until.0,
            staff_id: staff,
            kind: kind.map(Into::into),
            before: before.map(|ReadPlace { at, seq }| SecurityPlace { at, seq }),
            first: first.clamp(1, PAGE),
        };
        match request.app().security_records(op, &question).await {
            Ok(page) => Ok(SecurityRecordsResult::Records(SecurityRecords {
                nodes: page.records.into_iter().map(Into::into).collect(),
                next_before: page.next.map(text_of),
            })),
            Err(AuditError::Invalid(problems)) => invalid(problems.into()),
            Err(error) => Err(refusal(ctx, error)),
        }
    }
}

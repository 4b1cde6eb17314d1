//! Which tokens are given out.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{ApiTokenEvent, Issued, Scope};
use crate::ids::ApiTokenId;

/// Days that a token is good for at most.
pub const LIFETIME_DAYS: i64 = 366;
/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 1..=60;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Made by the caller.
    pub token_id: ApiTokenId,
    /// What it is for, as typed.
    pub name: String,
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// What it shall be good for.
    pub scopes: Vec<Scope>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Why a token is not given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueProblem {
    /// It has no name, or one that is too long.
    #[error("a name has 1 to 60 characters")]
    Name,
    /// It would be good for nothing.
    #[error("a token is good for something")]
    NoScope,
    /// It would be over already.
    #[error("a token ends in the future")]
    Over,
    /// It would be good for too long.
    #[error("a token is good for {LIFETIME_DAYS} days at most")]
    TooLong,
}

impl IssueProblem {
    /// The field that it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NoScope => "scopes",
            Self::Over | Self::TooLong => "expiresAt",
        }
    }

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "length",
            Self::NoScope => "required",
            Self::Over => "past",
            Self::TooLong => "too_late",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Name => "名前を60文字以内で入力してください。",
            Self::NoScope => "読み取れる範囲を1つ以上選んでください。",
            Self::Over => "有効期限は、今より後の日時にしてください。",
            Self::TooLong => "有効期限は、1年以内にしてください。",
        }
    }
}

/// Gives out a token.
pub fn issue(wanted: &Issue, now: DateTime<Utc>) -> Result<ApiTokenEvent, Vec<IssueProblem>> {
    let name = wanted.name.trim();
    let scopes: BTreeSet<Scope> = wanted.scopes.iter().copied().collect();
    let is_name = NAME.contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let problems = [
        (!is_name).then_some(IssueProblem::Name),
        scopes.is_empty().then_some(IssueProblem::NoScope),
        (wanted.expires_at <= now).then_some(IssueProblem::Over),
        (wanted.expires_at > now + TimeDelta::days(LIFETIME_DAYS)).then_some(IssueProblem::TooLong),
    ];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(ApiTokenEvent::Issued(Issued {
        token_id: wanted.token_id,
        name: name.to_owned(),
        token_hash: wanted.token_hash.clone(),
        scopes: scopes.into_iter().collect(),
        expires_at: wanted.expires_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn wanted() -> Issue {
        Issue {
            token_id: ApiTokenId::new(Uuid::from_u128(1)),
            name: " 見本県 ".to_owned(),
            token_hash: "ab".to_owned(),
            scopes: vec![Scope::ReadPersonal, Scope::ReadDeclarations, Scope::ReadPersonal],
            expires_at: NOW + TimeDelta::days(LIFETIME_DAYS),
        }
    }

    #[test]
    fn a_token_is_given_out_with_each_scope_once() {
        match issue(&wanted(), NOW) {
            Ok(ApiTokenEvent::Issued(issued)) => {
                assert_eq!(issued.name, "見本県");
                assert_eq!(issued.scopes, [Scope::ReadDeclarations, Scope::ReadPersonal]);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_has_a_name_a_scope_and_an_end_within_a_year() {
        let refused = |change: &dyn Fn(&mut Issue)| {
            let mut wanted = wanted();
            change(&mut wanted);
            issue(&wanted, NOW).expect_err("it is refused")
        };
        assert_eq!(refused(&|it| it.name = "  ".to_owned()), [IssueProblem::Name]);
        assert_eq!(refused(&|it| it.name = "見".repeat(61)), [IssueProblem::Name]);
        assert_eq!(refused(&|it| it.name = "見\n本".to_owned()), [IssueProblem::Name]);
        assert_eq!(refused(&|it| it.scopes.clear()), [IssueProblem::NoScope]);
        assert_eq!(refused(&|it| it.expires_at = NOW), [IssueProblem::Over]);
        let late = NOW + TimeDelta::days(LIFETIME_DAYS) + TimeDelta::seconds(1);
        assert_eq!(refused(&|it| it.expires_at = late), [IssueProblem::TooLong]);
    }
}

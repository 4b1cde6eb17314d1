//! An account as its events make it, and what may be done to it.

use super::{DisableReason, Role, StaffEvent, StaffId};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub id: StaffId,
    /// What they were given to do, each once, in the order of the policy table.
    pub roles: Vec<Role>,
    /// Why nobody can sign in with it, if so.
    pub disabled: Option<DisableReason>,
    /// Another account of the same person, as somebody said.
    pub same_as: Option<StaffId>,
}

impl Account {
    /// From its events in order; none without the event by which it begins.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a StaffEvent>) -> Option<Self> {
        let mut account = None;
        for event in events {
            match (&mut account, event) {
                (None, StaffEvent::Joined { staff_id, roles }) => {
                    account = Some(Self {
                        id: *staff_id,
                        roles: in_order(roles),
                        disabled: None,
                        same_as: None,
                    });
                }
                (Some(account), event) => account.apply(event),
                (None, _) => {}
            }
        }
        account
    }

    fn apply(&mut self, event: &StaffEvent) {
        match event {
            StaffEvent::RolesChanged { roles, .. } => self.roles = in_order(roles),
            StaffEvent::Disabled { reason, .. } => self.disabled = Some(*reason),
            StaffEvent::Enabled { .. } => self.disabled = None,
            StaffEvent::PersonLinked { same_as, .. } => self.same_as = *same_as,
            StaffEvent::Joined { .. }
            | StaffEvent::MailChanged { .. }
            | StaffEvent::Invited { .. }
            | StaffEvent::InvitationRevoked { .. }
            | StaffEvent::SignedIn { .. }
            | StaffEvent::CredentialChanged { .. } => {}
        }
    }

    /// Of these roles those that they do not have yet and get only when a second person agrees.
    pub fn needing_approval(&self, roles: &[Role]) -> Vec<Role> {
        let new = roles.iter().copied();
        new.filter(|role| role.needs_approval() && !self.roles.contains(role))
            .collect()
    }
}

/// Each once, in the order of the policy table.
pub fn in_order(roles: &[Role]) -> Vec<Role> {
    let given = |role: &Role| roles.contains(role);
    Role::ALL.into_iter().filter(given).collect()
}

/// Who is left to run the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Others {
    /// Administrators who can sign in, without the account that is changed.
    pub administrators: i64,
}

/// Why an account is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefusal {
    /// It would be the same.
    #[error("nothing would change")]
    Unchanged,
    /// An account without a role can do nothing; disable it.
    #[error("at least one role is needed")]
    NoRole,
    /// Nobody could run the office any more.
    #[error("it is the last administrator who can sign in")]
    LastAdministrator,
    /// Nobody does this to themselves.
    #[error("nobody changes their own roles or disables their own account")]
    Oneself,
    /// It is disabled already.
    #[error("the account is disabled already")]
    AlreadyDisabled,
    /// It is not disabled.
    #[error("the account is not disabled")]
    NotDisabled,
    /// An account is not said to be of the same person as itself.
    #[error("it is the same account")]
    SameAccount,
    /// Nobody says of their own accounts that they are somebody else's.
    #[error("nobody says of their own accounts that they are somebody else's")]
    OwnPerson,
}

impl AccountRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::NoRole => "no_role",
            Self::LastAdministrator => "last_administrator",
            Self::Oneself => "oneself",
            Self::AlreadyDisabled => "already_disabled",
            Self::NotDisabled => "not_disabled",
            Self::SameAccount => "same_account",
            Self::OwnPerson => "own_person",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Unchanged => "変更がありません。役割を選び直してください。",
            Self::NoRole => "役割を一つ以上選んでください。使わせない場合は、アカウントを停止してください。",
            Self::LastAdministrator => {
                "ログインできる管理者がいなくなるため、変更できません。先に別の管理者を用意してください。"
            }
            Self::Oneself => "自分自身の役割の変更や停止はできません。別の管理者に依頼してください。",
            Self::AlreadyDisabled => "このアカウントはすでに停止しています。",
            Self::NotDisabled => "このアカウントは停止していません。",
            Self::SameAccount => "別のアカウントを選んでください。",
            Self::OwnPerson => {
                "自分自身のアカウントについては、別の人のものに変えられません。別の管理者に依頼してください。"
            }
        }
    }
}

/// Other roles from now on. Whether a second person must agree is [`Account::needing_approval`].
pub fn change_roles(
    account: &Account,
    by: Option<StaffId>,
    roles: &[Role],
    others: Others,
) -> Result<StaffEvent, AccountRefusal> {
    let roles = in_order(roles);
    if by == Some(account.id) {
        return Err(AccountRefusal::Oneself);
    }
    if roles.is_empty() {
        return Err(AccountRefusal::NoRole);
    }
    if roles == account.roles {
        return Err(AccountRefusal::Unchanged);
    }
    if !roles.contains(&Role::Administrator) {
        not_the_last(account, others)?;
    }
    Ok(StaffEvent::RolesChanged {
        staff_id: account.id,
        roles,
    })
}

/// Nobody can sign in with it any more.
pub fn disable(
    account: &Account,
    by: Option<StaffId>,
    reason: DisableReason,
    others: Others,
) -> Result<StaffEvent, AccountRefusal> {
    if by == Some(account.id) {
        return Err(AccountRefusal::Oneself);
    }
    if account.disabled.is_some() {
        return Err(AccountRefusal::AlreadyDisabled);
    }
    not_the_last(account, others)?;
    Ok(StaffEvent::Disabled {
        staff_id: account.id,
        reason,
    })
}

/// They can sign in again.
pub const fn enable(account: &Account) -> Result<StaffEvent, AccountRefusal> {
    if account.disabled.is_none() {
        return Err(AccountRefusal::NotDisabled);
    }
    Ok(StaffEvent::Enabled { staff_id: account.id })
}

/// Whose account it is beside another one; none: nobody else's of ours. `by_person` is whether whoever says so is the person whose
/// account it is so far, by any of their accounts.
pub fn link_person(
    account: &Account,
    same_as: Option<StaffId>,
    by_person: bool,
) -> Result<StaffEvent, AccountRefusal> {
    if same_as == Some(account.id) {
        return Err(AccountRefusal::SameAccount);
    }
    if same_as == account.same_as {
        return Err(AccountRefusal::Unchanged);
    }
    // What is linked counts against them: they may add to it, and take nothing away.
    if by_person && account.same_as.is_some() {
        return Err(AccountRefusal::OwnPerson);
    }
    Ok(StaffEvent::PersonLinked {
        staff_id: account.id,
        same_as,
    })
}

fn not_the_last(account: &Account, others: Others) -> Result<(), AccountRefusal> {
    let runs_the_office = account.disabled.is_none() && account.roles.contains(&Role::Administrator);
    if runs_the_office && others.administrators == 0 {
        return Err(AccountRefusal::LastAdministrator);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ME: StaffId = StaffId(Uuid::from_u128(1));
    const BOSS: Option<StaffId> = Some(StaffId(Uuid::from_u128(2)));
    const OTHERS: Others = Others { administrators: 1 };
    const NOBODY: Others = Others { administrators: 0 };

    fn given(events: &[StaffEvent]) -> Account {
        let joined = StaffEvent::Joined {
            staff_id: ME,
            roles: vec![Role::Viewer, Role::Administrator, Role::Viewer],
        };
        Account::of([&joined].into_iter().chain(events)).expect("an account")
    }

    fn roles(roles: &[Role]) -> StaffEvent {
        StaffEvent::RolesChanged {
            staff_id: ME,
            roles: roles.to_vec(),
        }
    }

    fn disabled() -> StaffEvent {
        StaffEvent::Disabled {
            staff_id: ME,
            reason: DisableReason::Left,
        }
    }

    #[test]
    fn without_the_event_by_which_it_begins_there_is_no_account() {
        assert_eq!(Account::of(&[disabled()]), None);
    }

    #[test]
    fn roles_are_kept_each_once_in_the_order_of_the_table() {
        assert_eq!(given(&[]).roles, [Role::Administrator, Role::Viewer]);
        let decided = change_roles(
            &given(&[]),
            BOSS,
            &[Role::Viewer, Role::Support, Role::Viewer],
            OTHERS,
        );
        assert_eq!(decided, Ok(roles(&[Role::Support, Role::Viewer])));
    }

    #[test]
    fn nobody_changes_or_disables_themselves() {
        let account = given(&[]);
        let changed = change_roles(&account, Some(ME), &[Role::Viewer], OTHERS);
        assert_eq!(changed, Err(AccountRefusal::Oneself));
        let disabled = disable(&account, Some(ME), DisableReason::Left, OTHERS);
        assert_eq!(disabled, Err(AccountRefusal::Oneself));
    }

    #[test]
    fn the_last_administrator_stays_one_and_can_sign_in() {
        let account = given(&[]);
        let changed = change_roles(&account, BOSS, &[Role::Viewer], NOBODY);
        assert_eq!(changed, Err(AccountRefusal::LastAdministrator));
        let stopped = disable(&account, BOSS, DisableReason::Left, NOBODY);
        assert_eq!(stopped, Err(AccountRefusal::LastAdministrator));
        let more = change_roles(&account, BOSS, &[Role::Administrator, Role::Support], NOBODY);
        assert!(more.is_ok());
        let viewer = given(&[roles(&[Role::Viewer])]);
        assert!(disable(&viewer, BOSS, DisableReason::Left, NOBODY).is_ok());
    }

    #[test]
    fn no_role_and_the_same_roles_are_refused() {
        let account = given(&[]);
        let none = change_roles(&account, BOSS, &[], OTHERS);
        assert_eq!(none, Err(AccountRefusal::NoRole));
        let same = change_roles(&account, BOSS, &[Role::Viewer, Role::Administrator], OTHERS);
        assert_eq!(same, Err(AccountRefusal::Unchanged));
    }

    #[test]
    fn an_account_is_disabled_once_and_enabled_again() {
        let stopped = given(&[disabled()]);
        assert_eq!(stopped.disabled, Some(DisableReason::Left));
        let again = disable(&stopped, BOSS, DisableReason::Left, OTHERS);
        assert_eq!(again, Err(AccountRefusal::AlreadyDisabled));
        let back = enable(&stopped).expect("it is disabled");
        let account = given(&[disabled(), back]);
        assert_eq!(account.disabled, None);
        assert_eq!(enable(&account), Err(AccountRefusal::NotDisabled));
    }

    #[test]
    fn t52_whoever_has_two_accounts_adds_to_what_is_said_of_them_and_takes_nothing_away() {
        let other = StaffId(Uuid::from_u128(3));
        let account = given(&[]);
        let linked = link_person(&account, Some(other), true).expect("anybody may say so");
        let linked = given(&[linked]);
        assert_eq!(linked.same_as, Some(other));
        for same_as in [None, Some(StaffId(Uuid::from_u128(4)))] {
            assert_eq!(
                link_person(&linked, same_as, true),
                Err(AccountRefusal::OwnPerson)
            );
            assert!(link_person(&linked, same_as, false).is_ok());
        }
        assert_eq!(
            link_person(&linked, Some(other), false),
            Err(AccountRefusal::Unchanged)
        );
        assert_eq!(
            link_person(&account, Some(ME), false),
            Err(AccountRefusal::SameAccount)
        );
    }

    #[test]
    fn a_second_person_is_needed_for_roles_that_open_everything_else_and_are_new() {
        let account = given(&[]);
        let wanted = [Role::Administrator, Role::Approver, Role::Registrar];
        assert_eq!(account.needing_approval(&wanted), [Role::Approver]);
        let viewer = given(&[roles(&[Role::Viewer])]);
        assert_eq!(
            viewer.needing_approval(&wanted),
            [Role::Administrator, Role::Approver]
        );
        assert!(viewer.needing_approval(&[Role::Registrar]).is_empty());
    }
}

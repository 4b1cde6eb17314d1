//! Members of staff: their roles, what each role may do, and who an action is ascribed to.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Personal, SubjectId};

/// One member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffId(pub Uuid);

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a person was given to do. A person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the office: everything, and inviting others.
    Administrator,
    /// Keeps the register: reads and corrects it, personal data included.
    Registrar,
    /// Looks things up; sees no personal data.
    Viewer,
}

impl Role {
    /// Every role, in the order of the policy table.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Registrar, Self::Viewer];

    /// The name in events, on the command line and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Registrar => "registrar",
            Self::Viewer => "viewer",
        }
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no role is called {0:?}; there are administrator, registrar and viewer")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// One thing that somebody may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See the register's public facts and its history.
    ReadDeclarations,
    /// See names of persons, contact data and free text. Each such read is recorded.
    ReadPersonal,
    /// Correct a declaration's facts.
    CorrectDeclaration,
    /// Change where a declaration stands: make, step up, stop, reinstate, publish, flag, note.
    ManageDeclaration,
    /// Take over an old register.
    ImportDeclarations,
    /// Invite members of staff.
    InviteStaff,
    /// Forget a person for ever.
    ForgetPerson,
    /// See what runs by itself: schedules, jobs, and which mails go out.
    ReadOperations,
    /// Keep schedules, stop jobs and give them another chance.
    ManageSchedules,
    /// Decide about mails that went out: in doubt, again, not to this address.
    ManageMail,
    /// Keep the calendar: the office's own days and hours, deadlines.
    ManageCalendar,
}

impl Permission {
    /// Every permission, in the order of the policy table.
    pub const ALL: [Self; 11] = [
        Self::ReadDeclarations,
        Self::ReadPersonal,
        Self::CorrectDeclaration,
        Self::ManageDeclaration,
        Self::ImportDeclarations,
        Self::InviteStaff,
        Self::ForgetPerson,
        Self::ReadOperations,
        Self::ManageSchedules,
        Self::ManageMail,
        Self::ManageCalendar,
    ];
}

/// The policy table: what is not listed is denied.
pub const fn allows(role: Role, permission: Permission) -> bool {
    use Permission::{
        CorrectDeclaration, ForgetPerson, ImportDeclarations, InviteStaff, ManageCalendar, ManageDeclaration,
        ManageMail, ManageSchedules, ReadDeclarations, ReadOperations, ReadPersonal,
    };
    match role {
        Role::Administrator => matches!(
            permission,
            ReadDeclarations
                | ReadPersonal
                | CorrectDeclaration
                | ManageDeclaration
                | ImportDeclarations
                | InviteStaff
                | ForgetPerson
                | ReadOperations
                | ManageSchedules
                | ManageMail
                | ManageCalendar
        ),
        Role::Registrar => {
            matches!(
                permission,
                ReadDeclarations
                    | ReadPersonal
                    | CorrectDeclaration
                    | ManageDeclaration
                    | ReadOperations
                    | ManageMail
                    | ManageCalendar
            )
        }
        Role::Viewer => matches!(permission, ReadDeclarations),
    }
}

/// Somebody joined: the account exists from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Who.
    pub staff_id: StaffId,
    /// Whose key seals login and name.
    pub subject: SubjectId,
    /// What they were given to do.
    pub roles: Vec<Role>,
    /// What they type to sign in.
    pub login: Personal<String>,
    /// The name that others see.
    pub name: Personal<String>,
}

impl Joined {
    /// The type in the log.
    pub const EVENT_TYPE: &'static str = "staff.joined";
    /// The schema version that is written today.
    pub const SCHEMA_VERSION: u16 = 1;
    /// Kind of the tag that every event of a member of staff carries.
    pub const TAG: &'static str = "staff";
    /// The name of the sealed part.
    pub const PART: &'static str = "staff";

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        let roles: Vec<&str> = self.roles.iter().map(|role| role.as_str()).collect();
        json!({ "staff_id": self.staff_id.0, "roles": roles })
    }

    /// What is sealed.
    pub fn personal(&self) -> Value {
        json!({ "login": self.login.reveal(), "name": self.name.reveal() })
    }
}

/// Who did something, as the log keeps it: `staff:<uuid>`, `system:<what>` or `declarer`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A signed-in member of staff.
    Staff(StaffId),
    /// A command or job of the system, by name: `import`, `sample`, `command-line`.
    System(String),
    /// The declaring organisation itself.
    Declarer,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::System(name) => write!(f, "system:{name}"),
            Self::Declarer => f.write_str("declarer"),
        }
    }
}

/// The text is not an actor of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no actor")]
pub struct UnknownActor(pub String);

impl FromStr for Actor {
    type Err = UnknownActor;

    fn from_str(text: &str) -> Result<Self, UnknownActor> {
        let unknown = || UnknownActor(text.to_owned());
        match text.split_once(':') {
            Some(("staff", id)) => Uuid::parse_str(id)
                .map(|id| Self::Staff(StaffId(id)))
                .map_err(|_| unknown()),
            Some(("system", name)) if !name.is_empty() => Ok(Self::System(name.to_owned())),
            None if text == "declarer" => Ok(Self::Declarer),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_reads_and_nothing_else() {
        let allowed: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|p| allows(Role::Viewer, *p))
            .collect();
        assert_eq!(allowed, [Permission::ReadDeclarations]);
    }

    #[test]
    fn only_an_administrator_invites_staff_imports_and_forgets() {
        for permission in [
            Permission::InviteStaff,
            Permission::ImportDeclarations,
            Permission::ForgetPerson,
        ] {
            let roles: Vec<_> = Role::ALL
                .into_iter()
                .filter(|role| allows(*role, permission))
                .collect();
            assert_eq!(roles, [Role::Administrator]);
        }
    }

    #[test]
    fn administrators_and_registrars_keep_the_calendar() {
        let may = |role: &Role| allows(*role, Permission::ManageCalendar);
        let roles: Vec<_> = Role::ALL.into_iter().filter(may).collect();
        assert_eq!(roles, [Role::Administrator, Role::Registrar]);
    }

    #[test]
    fn the_stored_shape_of_joined_is_frozen() {
        let joined = Joined {
            staff_id: StaffId(Uuid::from_u128(1)),
            subject: SubjectId::new(Uuid::from_u128(2)),
            roles: vec![Role::Registrar, Role::Viewer],
            login: Personal::new("hanako".to_owned()),
            name: Personal::new("見本 花子".to_owned()),
        };
        let data = r#"{"roles":["registrar","viewer"],"staff_id":"00000000-0000-0000-0000-000000000001"}"#;
        assert_eq!(joined.data().to_string(), data);
        assert_eq!(
            joined.personal().to_string(),
            r#"{"login":"hanako","name":"見本 花子"}"#
        );
    }

    #[test]
    fn actors_and_roles_read_back_as_they_were_written() {
        let actors = [
            Actor::Staff(StaffId(Uuid::from_u128(7))),
            Actor::System("import".to_owned()),
            Actor::Declarer,
        ];
        for actor in actors {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("system:".parse::<Actor>().is_err());
    }
}

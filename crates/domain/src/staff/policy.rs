//! The policy table: which role may do and see what. What is not listed is denied.

use super::Role;

/// One thing that somebody may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See the register's public facts and its history.
    ReadDeclarations,
    /// See names of persons, contact data and free text. Each such read is recorded.
    ReadPersonal,
    /// Correct a declaration's facts.
    CorrectDeclaration,
    /// Declare for an organisation.
    Declare,
    /// Change who is to be written to about a declaration.
    ChangeContact,
    /// Record a self-diagnosis.
    RecordDiagnosis,
    /// Record a basic policy, and that it is there no longer.
    RecordPolicy,
    /// Take a declaration from one star to two, and back.
    ChangeStar,
    /// Stop a declaration, and bring it back.
    StopDeclaration,
    /// Show a declaration in the public search, or no longer.
    PublishDeclaration,
    /// Suspend the right to use the logo, and restore it.
    ManageLogo,
    /// Raise and clear warnings.
    FlagDeclaration,
    /// Write notes.
    WriteNote,
    /// Take a change back. It needs the right to make that change, too.
    UndoChange,
    /// Link an old number to the new one that takes its place.
    LinkNumbers,
    /// Hand a declaration over to whoever succeeds the declarer.
    HandOver,
    /// Ask for two declarations of one organisation to become one, and take that back.
    MergeDeclarations,
    /// Look a forgotten number up and have it sent.
    LookUpNumber,
    /// Change many declarations at once. It needs the right to make that change, too.
    ChangeMany,
    /// Let a view of the register leave as a file. What is personal needs [`Permission::ReadPersonal`], too.
    ExportDeclarations,
    /// Save views of the list for everybody.
    ShareViews,
    /// Take over an old register.
    ImportDeclarations,
    /// See who has an account, and with which roles.
    ReadStaff,
    /// Invite members of staff, change their roles, disable them.
    ManageStaff,
    /// Forget a person for ever.
    ForgetPerson,
    /// See what waits for a second person, and what became of it.
    ReadApprovals,
    /// Be the second person.
    Approve,
    /// Do without a second person, in an emergency.
    BypassApproval,
    /// See who read whose personal data.
    ReadAudit,
    /// Give out tokens by which programs read, and take them back.
    ManageApiTokens,
    /// See what runs by itself: schedules, jobs, and which mails go out.
    ReadOperations,
    /// Keep schedules, stop jobs and give them another chance.
    ManageSchedules,
    /// Decide about mails that went out: in doubt, again, not to this address.
    ManageMail,
    /// Keep the calendar: the office's own days and hours, deadlines.
    ManageCalendar,
    /// See the requests of data subjects and what became of them.
    ReadPrivacyRequests,
    /// Write down that somebody asked.
    OpenPrivacyRequest,
    /// Handle requests of data subjects: identity, decision, measures, answer.
    ManagePrivacyRequests,
    /// See incidents, their clocks and what was reported.
    ReadIncidents,
    /// Handle incidents: open, count, report, close.
    ManageIncidents,
    /// Ask where many declarations stand on a day, by their numbers.
    CheckStatus,
    /// See what was written to the secretariat, and what became of it.
    ReadInquiries,
    /// Work on inquiries: take them, answer them, close them.
    ManageInquiries,
    /// Say which articles everybody can read, and that they are right.
    ManageArticles,
}

impl Permission {
    /// Every permission, in the order of the policy table.
    pub const ALL: [Self; 43] = [
        Self::ReadDeclarations,
        Self::ReadPersonal,
        Self::CorrectDeclaration,
        Self::Declare,
        Self::ChangeContact,
        Self::RecordDiagnosis,
        Self::RecordPolicy,
        Self::ChangeStar,
        Self::StopDeclaration,
        Self::PublishDeclaration,
        Self::ManageLogo,
        Self::FlagDeclaration,
        Self::WriteNote,
        Self::UndoChange,
        Self::LinkNumbers,
        Self::HandOver,
        Self::MergeDeclarations,
        Self::LookUpNumber,
        Self::ChangeMany,
        Self::ExportDeclarations,
        Self::ShareViews,
        Self::ImportDeclarations,
        Self::ReadStaff,
        Self::ManageStaff,
        Self::ForgetPerson,
        Self::ReadApprovals,
        Self::Approve,
        Self::BypassApproval,
        Self::ReadAudit,
        Self::ManageApiTokens,
        Self::ReadOperations,
        Self::ManageSchedules,
        Self::ManageMail,
        Self::ManageCalendar,
        Self::ReadPrivacyRequests,
        Self::OpenPrivacyRequest,
        Self::ManagePrivacyRequests,
        Self::ReadIncidents,
        Self::ManageIncidents,
        Self::CheckStatus,
        Self::ReadInquiries,
        Self::ManageInquiries,
        Self::ManageArticles,
    ];
}

/// How close to a person something is that the system holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldClass {
    /// Anybody could know it.
    Public,
    /// For members of staff: how the register is kept, and who keeps it.
    Internal,
    /// About a person: names, contact data, free text.
    Personal,
    /// Opens something: passwords, keys, tokens. Nobody reads it.
    Secret,
}

impl FieldClass {
    /// Every class, the least close first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Personal, Self::Secret];
}

/// What a role may do, and the classes of what it may see.
struct Rule {
    may: &'static [Permission],
    sees: &'static [FieldClass],
}

const NOTHING_PERSONAL: &[FieldClass] = &[FieldClass::Public, FieldClass::Internal];
const PERSONAL_TOO: &[FieldClass] = &[FieldClass::Public, FieldClass::Internal, FieldClass::Personal];

/// What administrators may do: everything but approve.
const ADMINISTRATOR: &[Permission] = &[
    Permission::ReadDeclarations,
    Permission::ReadPersonal,
    Permission::CorrectDeclaration,
    Permission::Declare,
    Permission::ChangeContact,
    Permission::RecordDiagnosis,
    Permission::RecordPolicy,
    Permission::ChangeStar,
    Permission::StopDeclaration,
    Permission::PublishDeclaration,
    Permission::ManageLogo,
    Permission::FlagDeclaration,
    Permission::WriteNote,
    Permission::UndoChange,
    Permission::LinkNumbers,
    Permission::HandOver,
    Permission::MergeDeclarations,
    Permission::LookUpNumber,
    Permission::ChangeMany,
    Permission::ExportDeclarations,
    Permission::ShareViews,
    Permission::ImportDeclarations,
    Permission::ReadStaff,
    Permission::ManageStaff,
    Permission::ForgetPerson,
    Permission::ReadApprovals,
    Permission::BypassApproval,
    Permission::ReadAudit,
    Permission::ManageApiTokens,
    Permission::ReadOperations,
    Permission::ManageSchedules,
    Permission::ManageMail,
    Permission::ManageCalendar,
    Permission::ReadPrivacyRequests,
    Permission::OpenPrivacyRequest,
    Permission::ManagePrivacyRequests,
    Permission::ReadIncidents,
    Permission::ManageIncidents,
    Permission::CheckStatus,
    Permission::ReadInquiries,
    Permission::ManageInquiries,
    Permission::ManageArticles,
];

/// What those may do who keep the register.
const REGISTRAR: &[Permission] = &[
    Permission::ReadDeclarations,
    Permission::ReadPersonal,
    Permission::CorrectDeclaration,
    Permission::Declare,
    Permission::ChangeContact,
    Permission::RecordDiagnosis,
    Permission::RecordPolicy,
    Permission::ChangeStar,
    Permission::StopDeclaration,
    Permission::PublishDeclaration,
    Permission::ManageLogo,
    Permission::FlagDeclaration,
    Permission::WriteNote,
    Permission::UndoChange,
    Permission::LinkNumbers,
    Permission::HandOver,
    Permission::MergeDeclarations,
    Permission::LookUpNumber,
    Permission::ChangeMany,
    Permission::ExportDeclarations,
    Permission::ShareViews,
    Permission::ImportDeclarations,
    Permission::ReadOperations,
    Permission::ManageMail,
    Permission::ManageCalendar,
    Permission::ReadPrivacyRequests,
    Permission::OpenPrivacyRequest,
    Permission::ManagePrivacyRequests,
    Permission::CheckStatus,
    Permission::ReadInquiries,
    Permission::ManageInquiries,
    Permission::ManageArticles,
];

const fn rule(role: Role) -> Rule {
    use Permission::{
        Approve, ChangeContact, CheckStatus, FlagDeclaration, LookUpNumber, ManageCalendar, ManageInquiries,
        ManageMail, ManageSchedules, OpenPrivacyRequest, ReadApprovals, ReadAudit, ReadDeclarations,
        ReadIncidents, ReadInquiries, ReadOperations, ReadPersonal, ReadPrivacyRequests, ReadStaff,
        UndoChange, WriteNote,
    };
    match role {
        Role::Administrator => Rule {
            may: ADMINISTRATOR,
            sees: PERSONAL_TOO,
        },
        Role::Registrar => Rule {
            may: REGISTRAR,
            sees: PERSONAL_TOO,
        },
        Role::Support => Rule {
            may: &[
                ReadDeclarations,
                ReadPersonal,
                ChangeContact,
                FlagDeclaration,
                WriteNote,
                UndoChange,
                LookUpNumber,
                ReadOperations,
                ReadPrivacyRequests,
                OpenPrivacyRequest,
                CheckStatus,
                ReadInquiries,
                ManageInquiries,
            ],
            sees: PERSONAL_TOO,
        },
        Role::Operator => Rule {
            may: &[
                ReadDeclarations,
                ReadOperations,
                ManageSchedules,
                ManageMail,
                ManageCalendar,
                CheckStatus,
            ],
            sees: NOTHING_PERSONAL,
        },
        Role::Approver => Rule {
            may: &[
                ReadDeclarations,
                ReadPersonal,
                ReadStaff,
                ReadApprovals,
                Approve,
                CheckStatus,
            ],
            sees: PERSONAL_TOO,
        },
        Role::Auditor => Rule {
            may: &[
                ReadDeclarations,
                ReadStaff,
                ReadApprovals,
                ReadAudit,
                ReadOperations,
                ReadOperations,
                ReadPrivacyRequests,
                ReadIncidents,
                CheckStatus,
                ReadInquiries,
            ],
            sees: NOTHING_PERSONAL,
        },
        Role::Viewer => Rule {
            may: &[ReadDeclarations, CheckStatus],
            sees: NOTHING_PERSONAL,
        },
    }
}

/// Whether a role may do something.
pub fn allows(role: Role, permission: Permission) -> bool {
    rule(role).may.contains(&permission)
}

/// Whether a role may see what is of a class.
pub fn sees(role: Role, class: FieldClass) -> bool {
    rule(role).sees.contains(&class)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people read it, so that a change of it is seen as one.
    #[test]
    fn t51_the_policy_table_is_this() {
        let row = |name: String, marked: &dyn Fn(Role) -> bool| {
            let marks: Vec<&str> = Role::ALL
                .into_iter()
                .map(|role| if marked(role) { "x" } else { "." })
                .collect();
            format!("{name} {}\n", marks.concat())
        };
        let permissions = Permission::ALL
            .into_iter()
            .map(|it| row(format!("{it:?}"), &|role| allows(role, it)));
        let classes = FieldClass::ALL
            .into_iter()
            .map(|it| row(format!("{it:?}"), &|role| sees(role, it)));
        let table: String = permissions.chain(classes).collect();
        // Administrator, registrar, support, operator, approver, auditor, viewer.
        let expected = "\
ReadDeclarations xxxxxxx
ReadPersonal xxx.x..
CorrectDeclaration xx.....
Declare xx.....
ChangeContact xxx....
RecordDiagnosis xx.....
RecordPolicy xx.....
ChangeStar xx.....
StopDeclaration xx.....
PublishDeclaration xx.....
ManageLogo xx.....
FlagDeclaration xxx....
WriteNote xxx....
UndoChange xxx....
LinkNumbers xx.....
HandOver xx.....
MergeDeclarations xx.....
LookUpNumber xxx....
ChangeMany xx.....
ExportDeclarations xx.....
ShareViews xx.....
ImportDeclarations xx.....
ReadStaff x...xx.
ManageStaff x......
ForgetPerson x......
ReadApprovals x...xx.
Approve ....x..
BypassApproval x......
ReadAudit x....x.
ManageApiTokens x......
ReadOperations xxxx.x.
ManageSchedules x..x...
ManageMail xx.x...
ManageCalendar xx.x...
ReadPrivacyRequests xxx..x.
OpenPrivacyRequest xxx....
ManagePrivacyRequests xx.....
ReadIncidents x....x.
ManageIncidents x......
CheckStatus xxxxxxx
ReadInquiries xxx..x.
ManageInquiries xxx....
ManageArticles xx.....
Public xxxxxxx
Internal xxxxxxx
Personal xxx.x..
Secret .......
";
        assert_eq!(table, expected);
    }

    #[test]
    fn t51_who_may_read_persons_is_who_sees_the_class() {
        for role in Role::ALL {
            assert_eq!(
                allows(role, Permission::ReadPersonal),
                sees(role, FieldClass::Personal),
                "{role:?}"
            );
        }
    }
}

//! The schema with its limits, and its text.

use async_graphql::{MergedObject, MergedSubscription, Schema};

use crate::api_token::issue::IssueApiTokenMutation;
use crate::api_token::query::ApiTokenQuery;
use crate::api_token::revoke::RevokeApiTokenMutation;
use crate::approval::decide::DecideApprovalMutation;
use crate::approval::query::ApprovalQuery;
use crate::approval::request::RequestApprovalMutation;
use crate::approval::watch::ApprovalSubscription;
use crate::article::change::ChangeArticleMutation;
use crate::article::query::ArticleQuery;
use crate::article::save::SaveArticleMutation;
use crate::audit::query::AuditQuery;
use crate::audit::security::SecurityQuery;
use crate::bulk_change::freeze::FreezeBulkChangeMutation;
use crate::bulk_change::query::BulkChangeQuery;
use crate::bulk_change::start::StartBulkChangeMutation;
use crate::bulk_change::touch::TouchBulkChangeMutation;
use crate::bulk_change::undo::UndoBulkChangeMutation;
use crate::calendar::add_deadline::AddDeadlineMutation;
use crate::calendar::change_deadline::ChangeDeadlineMutation;
use crate::calendar::clear_day::ClearDayMutation;
use crate::calendar::import_deadlines::ImportDeadlinesMutation;
use crate::calendar::query::CalendarQuery;
use crate::calendar::remove_deadline::RemoveDeadlineMutation;
use crate::calendar::set_day::SetDayMutation;
use crate::calendar::set_hours::SetHoursMutation;
use crate::declaration::add_note::AddNoteMutation;
use crate::declaration::change_contact::ChangeContactMutation;
use crate::declaration::clear_flag::ClearFlagMutation;
use crate::declaration::correct::CorrectMutation;
use crate::declaration::detail::DetailQuery;
use crate::declaration::find_declarer::FindDeclarerQuery;
use crate::declaration::hand_over::HandOverMutation;
use crate::declaration::link_numbers::LinkNumbersMutation;
use crate::declaration::list::ListQuery;
use crate::declaration::look_up_number::{LookUpNumberMutation, LookUpNumberQuery};
use crate::declaration::make::MakeMutation;
use crate::declaration::merge::{MergeQuery, UndoMergeMutation};
use crate::declaration::publish::PublishMutation;
use crate::declaration::raise_flag::RaiseFlagMutation;
use crate::declaration::record_diagnosis::RecordDiagnosisMutation;
use crate::declaration::record_policy::RecordPolicyMutation;
use crate::declaration::reinstate::ReinstateMutation;
use crate::declaration::restore_logo::RestoreLogoMutation;
use crate::declaration::step_down::StepDownMutation;
use crate::declaration::step_up::StepUpMutation;
use crate::declaration::stop::StopMutation;
use crate::declaration::suspend_logo::SuspendLogoMutation;
use crate::declaration::undo::UndoMutation;
use crate::declaration::unpublish::UnpublishMutation;
use crate::declaration::watch::DeclarationSubscription;
use crate::declaration::withdraw_policy::WithdrawPolicyMutation;
use crate::export::query::ExportQuery;
use crate::export::request::RequestExportMutation;
use crate::export::touch::TouchExportMutation;
use crate::figure::query::FigureQuery;
use crate::home::HomeQuery;
use crate::http::limits;
use crate::import::discard::DiscardImportMutation;
use crate::import::map::MapImportMutation;
use crate::import::query::ImportQuery;
use crate::import::start::StartImportMutation;
use crate::import::touch::TouchImportMutation;
use crate::incident::change::ChangeIncidentMutation;
use crate::incident::open::OpenIncidentMutation;
use crate::incident::query::IncidentQuery;
use crate::inquiry::bulk::ChangeInquiriesMutation;
use crate::inquiry::change::ChangeInquiryMutation;
use crate::inquiry::charset::{CharsetQuery, ChooseCharsetMutation};
use crate::inquiry::context::InquiryContextQuery;
use crate::inquiry::draft::{ChangeInquiryDraftMutation, DeskSettingsQuery};
use crate::inquiry::merge::MergeInquiriesMutation;
use crate::inquiry::numbers::InquiryNumbersQuery;
use crate::inquiry::query::InquiryQuery;
use crate::inquiry::reply::ReplyToInquiryMutation;
use crate::inquiry::split::SplitInquiryMutation;
use crate::inquiry::watch::InquirySubscription;
use crate::inquiry::withdraw::WithdrawReplyMutation;
use crate::job::cancel::CancelJobMutation;
use crate::job::query::JobQuery;
use crate::job::resume::ResumeJobMutation;
use crate::list_view::make_default::MakeListViewDefaultMutation;
use crate::list_view::query::ListViewQuery;
use crate::list_view::remove::RemoveListViewMutation;
use crate::list_view::save::SaveListViewMutation;
use crate::mail::decide::DecideMailsMutation;
use crate::mail::lift::LiftSuppressionMutation;
use crate::mail::query::MailQuery;
use crate::mail::suppress::SuppressAddressMutation;
use crate::mail::test::SendTestMailMutation;
use crate::privacy_request::change::ChangePrivacyRequestMutation;
use crate::privacy_request::open::OpenPrivacyRequestMutation;
use crate::privacy_request::query::PrivacyRequestQuery;
use crate::proof::ProofQuery;
use crate::reply_template::fill::FilledTemplateQuery;
use crate::reply_template::query::ReplyTemplateQuery;
use crate::reply_template::retire::ChangeReplyTemplateMutation;
use crate::reply_template::save::SaveReplyTemplateMutation;
use crate::review::ask_pages::AskPagesMutation;
use crate::review::claim::ClaimReviewMutation;
use crate::review::decide::DecideReviewMutation;
use crate::review::find::FindReviewsMutation;
use crate::review::query::ReviewQuery;
use crate::schedule::change::ChangeScheduleMutation;
use crate::schedule::define::DefineScheduleMutation;
use crate::schedule::pause::PauseScheduleMutation;
use crate::schedule::query::ScheduleQuery;
use crate::schedule::remove::RemoveScheduleMutation;
use crate::schedule::resume::ResumeScheduleMutation;
use crate::schedule::run_now::RunScheduleNowMutation;
use crate::staff::accept_invitation::AcceptInvitationMutation;
use crate::staff::accounts::AccountsQuery;
use crate::staff::change_account::ChangeAccountMutation;
use crate::staff::invite::InviteStaffMutation;
use crate::staff::mail::{OwnMailMutation, OwnMailQuery};
use crate::staff::passkey::{PasskeyMutation, PasskeyQuery};
use crate::staff::passkey_sign_in::PasskeySignInMutation;
use crate::staff::password::PasswordMutation;
use crate::staff::password_link::{PasswordLinkMutation, PasswordLinkQuery};
use crate::staff::provider::{ProviderMutation, ProviderQuery};
use crate::staff::reset_second_factor::ResetSecondFactorMutation;
use crate::staff::same_person::LinkPersonMutation;
use crate::staff::second_factor::SecondFactorMutation;
use crate::staff::session::SessionQuery;
use crate::staff::sessions::{OwnSessionsMutation, OwnSessionsQuery};
use crate::staff::sign_in::SignInMutation;

/// Every query. By noun, here and below, as the compiler follows one chain of them all only so far.
#[derive(MergedObject, Default)]
pub struct Query(
    StaffQuery,
    OversightQuery,
    RegisterQuery,
    CaseQuery,
    OperationsQuery,
);

/// About what people write to the secretariat.
#[derive(MergedObject, Default)]
pub struct DeskQuery(
    InquiryQuery,
    CharsetQuery,
    InquiryContextQuery,
    DeskSettingsQuery,
    ReplyTemplateQuery,
    FilledTemplateQuery,
    ArticleQuery,
    InquiryNumbersQuery,
);

/// About cases with a term of the law, what people write, and what the office has to look at first.
#[derive(MergedObject, Default)]
pub struct CaseQuery(
    HomeQuery,
    ReviewQuery,
    PrivacyRequestQuery,
    IncidentQuery,
    DeskQuery,
);

/// About staff.
#[derive(MergedObject, Default)]
pub struct StaffQuery(
    SessionQuery,
    OwnSessionsQuery,
    PasskeyQuery,
    ProviderQuery,
    AccountsQuery,
    PasswordLinkQuery,
    OwnMailQuery,
);

/// About what people and programs may do, and did.
#[derive(MergedObject, Default)]
pub struct OversightQuery(ApprovalQuery, AuditQuery, SecurityQuery, ApiTokenQuery);

/// About the register.
#[derive(MergedObject, Default)]
pub struct RegisterQuery(
    ListQuery,
    ListViewQuery,
    DetailQuery,
    MergeQuery,
    FindDeclarerQuery,
    LookUpNumberQuery,
    FigureQuery,
    ProofQuery,
    BulkChangeQuery,
    ImportQuery,
    ExportQuery,
);

/// About what runs by itself.
#[derive(MergedObject, Default)]
pub struct OperationsQuery(CalendarQuery, ScheduleQuery, JobQuery, MailQuery);

/// Every mutation.
#[derive(MergedObject, Default)]
pub struct Mutation(
    AccountMutation,
    CredentialMutation,
    OversightMutation,
    RegisterMutation,
    CaseMutation,
    OperationsMutation,
);

/// Of what people write to the secretariat.
#[derive(MergedObject, Default)]
pub struct DeskMutation(
    ChangeInquiryMutation,
    ReplyToInquiryMutation,
    MergeInquiriesMutation,
    SplitInquiryMutation,
    ChooseCharsetMutation,
    WithdrawReplyMutation,
    ChangeInquiriesMutation,
    ChangeInquiryDraftMutation,
    SaveReplyTemplateMutation,
    ChangeReplyTemplateMutation,
    SaveArticleMutation,
    ChangeArticleMutation,
);

/// Of the register.
#[derive(MergedObject, Default)]
pub struct RegisterMutation(
    FactsMutation,
    StandingMutation,
    SuccessionMutation,
    RemarkMutation,
    BulkMutation,
    ReviewMutation,
    ImportMutation,
    ExportMutation,
    ViewMutation,
);

/// Of what happens between two declarations, or two declarers.
#[derive(MergedObject, Default)]
pub struct SuccessionMutation(LinkNumbersMutation, HandOverMutation, UndoMergeMutation);

/// Of how the register is looked at.
#[derive(MergedObject, Default)]
pub struct ViewMutation(
    SaveListViewMutation,
    RemoveListViewMutation,
    MakeListViewDefaultMutation,
);

/// Of what a declaration says.
#[derive(MergedObject, Default)]
pub struct FactsMutation(
    MakeMutation,
    CorrectMutation,
    ChangeContactMutation,
    RecordDiagnosisMutation,
    RecordPolicyMutation,
    StepUpMutation,
    StepDownMutation,
    WithdrawPolicyMutation,
);

/// Of whether a declaration is live, shown, may use the logo, and of taking changes back.
#[derive(MergedObject, Default)]
pub struct StandingMutation(
    StopMutation,
    ReinstateMutation,
    PublishMutation,
    UnpublishMutation,
    SuspendLogoMutation,
    RestoreLogoMutation,
    UndoMutation,
);

/// Of many declarations at once.
#[derive(MergedObject, Default)]
pub struct BulkMutation(
    FreezeBulkChangeMutation,
    StartBulkChangeMutation,
    TouchBulkChangeMutation,
    UndoBulkChangeMutation,
);

/// Of what somebody has to look at.
#[derive(MergedObject, Default)]
pub struct ReviewMutation(
    AskPagesMutation,
    ClaimReviewMutation,
    DecideReviewMutation,
    FindReviewsMutation,
);

/// Of imports.
#[derive(MergedObject, Default)]
pub struct ImportMutation(
    MapImportMutation,
    StartImportMutation,
    TouchImportMutation,
    DiscardImportMutation,
);

/// Of files that leave with a view of the register.
#[derive(MergedObject, Default)]
pub struct ExportMutation(RequestExportMutation, TouchExportMutation);

/// Of what staff remark on a declaration.
#[derive(MergedObject, Default)]
pub struct RemarkMutation(
    RaiseFlagMutation,
    ClearFlagMutation,
    AddNoteMutation,
    LookUpNumberMutation,
);

/// Of accounts and sessions.
#[derive(MergedObject, Default)]
pub struct AccountMutation(
    SignInMutation,
    AcceptInvitationMutation,
    OwnSessionsMutation,
    InviteStaffMutation,
    ChangeAccountMutation,
    LinkPersonMutation,
);

/// Of that by which people prove who they are.
#[derive(MergedObject, Default)]
pub struct CredentialMutation(
    SecondFactorMutation,
    PasskeyMutation,
    PasskeySignInMutation,
    ProviderMutation,
    PasswordMutation,
    PasswordLinkMutation,
    ResetSecondFactorMutation,
    OwnMailMutation,
);

/// Of cases with a term of the law, and of what people write.
#[derive(MergedObject, Default)]
pub struct CaseMutation(
    OpenPrivacyRequestMutation,
    ChangePrivacyRequestMutation,
    OpenIncidentMutation,
    ChangeIncidentMutation,
    DeskMutation,
);

/// Of what people and programs may do.
#[derive(MergedObject, Default)]
pub struct OversightMutation(ApprovalMutation, ApiTokenMutation);

/// Of what runs by itself.
#[derive(MergedObject, Default)]
pub struct OperationsMutation(CalendarMutation, ScheduleMutation, JobMutation, MailMutation);

/// Of what needs a second person.
#[derive(MergedObject, Default)]
pub struct ApprovalMutation(RequestApprovalMutation, DecideApprovalMutation);

/// Of tokens.
#[derive(MergedObject, Default)]
pub struct ApiTokenMutation(IssueApiTokenMutation, RevokeApiTokenMutation);

/// Of the calendar.
#[derive(MergedObject, Default)]
pub struct CalendarMutation(
    SetDayMutation,
    ClearDayMutation,
    SetHoursMutation,
    AddDeadlineMutation,
    ChangeDeadlineMutation,
    RemoveDeadlineMutation,
    ImportDeadlinesMutation,
);

/// Of schedules.
#[derive(MergedObject, Default)]
pub struct ScheduleMutation(
    DefineScheduleMutation,
    ChangeScheduleMutation,
    PauseScheduleMutation,
    ResumeScheduleMutation,
    RemoveScheduleMutation,
    RunScheduleNowMutation,
);

/// Of jobs.
#[derive(MergedObject, Default)]
pub struct JobMutation(CancelJobMutation, ResumeJobMutation);

/// Of mail.
#[derive(MergedObject, Default)]
pub struct MailMutation(
    DecideMailsMutation,
    SendTestMailMutation,
    SuppressAddressMutation,
    LiftSuppressionMutation,
);

/// Everything that is told as it happens.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ApprovalSubscription, DeclarationSubscription, InquirySubscription);

/// The console's schema.
pub type AdminSchema = Schema<Query, Mutation, Subscription>;

/// The schema as it is served: limited, without introspection and without hints on wrong names.
pub fn build() -> AdminSchema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_depth(limits::DEPTH)
        .limit_recursive_depth(limits::RECURSION)
        .limit_complexity(limits::COMPLEXITY)
        .limit_directives(limits::DIRECTIVES)
        .disable_introspection()
        .disable_suggestions()
        .finish()
}

/// The schema's text, as it stands in `admin-ui/schema.graphql`.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_enum_items()
        .prefer_single_line_descriptions();
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    schema.sdl_with_options(options)
}

//! The schema with its limits, and its text.

use async_graphql::{EmptySubscription, MergedObject, Schema};

use crate::calendar::add_deadline::AddDeadlineMutation;
use crate::calendar::change_deadline::ChangeDeadlineMutation;
use crate::calendar::clear_day::ClearDayMutation;
use crate::calendar::import_deadlines::ImportDeadlinesMutation;
use crate::calendar::query::CalendarQuery;
use crate::calendar::remove_deadline::RemoveDeadlineMutation;
use crate::calendar::set_day::SetDayMutation;
use crate::calendar::set_hours::SetHoursMutation;
use crate::declaration::correct::CorrectMutation;
use crate::declaration::detail::DetailQuery;
use crate::declaration::forget_person::ForgetPersonMutation;
use crate::declaration::list::ListQuery;
use crate::http::limits;
use crate::proof::ProofQuery;
use crate::staff::accept_invitation::AcceptInvitationMutation;
use crate::staff::session::SessionQuery;
use crate::staff::sign_in::SignInMutation;

/// Every query.
#[derive(MergedObject, Default)]
pub struct Query(SessionQuery, ListQuery, DetailQuery, ProofQuery, CalendarQuery);

/// Every mutation.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SignInMutation,
    AcceptInvitationMutation,
    CorrectMutation,
    ForgetPersonMutation,
    SetDayMutation,
    ClearDayMutation,
    SetHoursMutation,
    AddDeadlineMutation,
    ChangeDeadlineMutation,
    RemoveDeadlineMutation,
    ImportDeadlinesMutation,
);

/// The console's schema.
pub type AdminSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema as it is served: limited, without introspection and without hints on wrong names.
pub fn build() -> AdminSchema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
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
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription).finish();
    schema.sdl_with_options(options)
}

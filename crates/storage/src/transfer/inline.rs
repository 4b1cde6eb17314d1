//! What appends write in their own transaction, from a log that was loaded as a whole.

use event_store::{Connection, InlineError, RecordedEvent};

use crate::codec;
use crate::projections::api_token::ApiTokenTable;
use crate::projections::approval::ApprovalTable;
use crate::projections::bulk_change::BulkChangeTable;
use crate::projections::export::ExportTable;
use crate::projections::import::ImportTable;
use crate::projections::incident::IncidentTable;
use crate::projections::inquiry::InquiryMessageTable;
use crate::projections::privacy_request::PrivacyRequestTable;
use crate::projections::{calendar, in_the_clear, mail_event, register_index, schedule, staff};

/// Whether events of this type are projected in the transaction of their append.
pub fn is_projected(event_type: &str) -> bool {
    staff::is_projected(event_type)
        || register_index::is_projected(event_type)
        || schedule::is_projected(event_type)
        || mail_event::is_projected(event_type)
        || calendar::is_projected(event_type)
        || in_the_clear::is_projected::<ApprovalTable>(event_type)
        || in_the_clear::is_projected::<ApiTokenTable>(event_type)
        || in_the_clear::is_projected::<PrivacyRequestTable>(event_type)
        || in_the_clear::is_projected::<IncidentTable>(event_type)
        || in_the_clear::is_projected::<InquiryMessageTable>(event_type)
        || in_the_clear::is_projected::<BulkChangeTable>(event_type)
        || in_the_clear::is_projected::<ImportTable>(event_type)
        || in_the_clear::is_projected::<ExportTable>(event_type)
}

/// Writes what [`inline_projectors`](crate::inline_projectors) would have written, in the order of the log.
pub async fn project(connection: &mut Connection, events: &[RecordedEvent]) -> Result<(), InlineError> {
    let statements = events
        .iter()
        .filter(|event| register_index::is_projected(&event.event_type))
        .map(codec::statement)
        .collect::<Result<Vec<_>, _>>()?;
    register_index::apply(connection, &statements).await?;
    staff::project_recorded(connection, events).await?;
    schedule::project_recorded(connection, events).await?;
    mail_event::project_recorded(connection, events).await?;
    calendar::project_recorded(connection, events).await?;
    in_the_clear::project_recorded::<ApprovalTable>(connection, events).await?;
    in_the_clear::project_recorded::<ApiTokenTable>(connection, events).await?;
    in_the_clear::project_recorded::<PrivacyRequestTable>(connection, events).await?;
    in_the_clear::project_recorded::<IncidentTable>(connection, events).await?;
    in_the_clear::project_recorded::<InquiryMessageTable>(connection, events).await?;
    in_the_clear::project_recorded::<BulkChangeTable>(connection, events).await?;
    in_the_clear::project_recorded::<ImportTable>(connection, events).await?;
    in_the_clear::project_recorded::<ExportTable>(connection, events).await
}

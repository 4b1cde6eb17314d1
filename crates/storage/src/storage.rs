//! All that is read, in one handle.

use std::sync::Arc;

use event_store::{Database, InlineProjector, MigrateError};

use crate::api_token::ApiTokenTable;
use crate::approval::ApprovalTable;
use crate::bulk_change::BulkChangeTable;
use crate::calendar::CalendarProjector;
use crate::declaration::Declarations;
use crate::export::ExportTable;
use crate::figure::{FigureProjection, Figures};
use crate::import::ImportTable;
use crate::incident::IncidentTable;
use crate::inquiry::{InquiryMessageTable, InquiryProjection};
use crate::job_event::JobProjector;
use crate::mail_event::MailProjector;
use crate::privacy_request::PrivacyRequestTable;
use crate::projections::Projection;
use crate::projections::in_the_clear::InTheClear;
use crate::projections::job_maker::JobsOf;
use crate::read_record::ReadRecorder;
use crate::register_index::RegisterIndex;
use crate::review_event::ReviewProjector;
use crate::schedule::ScheduleProjector;
use crate::staff::StaffProjector;

/// The projections and the operational tables of one database. One for each process: it holds counts and the recorder of reads.
#[derive(Debug)]
pub struct Storage {
    database: Database,
    declarations: Declarations,
    projection: Projection,
    figures: Figures,
    figure_projection: FigureProjection,
    inquiry_projection: InquiryProjection,
    read_recorder: ReadRecorder,
}

impl Storage {
    /// On a migrated database, beside which the records of reads are opened. Must be called inside a tokio runtime.
    pub async fn open(database: Database) -> Result<Self, MigrateError> {
        Ok(Self {
            declarations: Declarations::new(database.clone()),
            projection: Projection::new(database.clone()),
            figures: Figures::new(database.clone()),
            figure_projection: FigureProjection::new(database.clone()),
            inquiry_projection: InquiryProjection::new(database.clone()),
            read_recorder: ReadRecorder::open_beside(&database).await?,
            database,
        })
    }

    /// Closes all connections; on SQLite this folds the write-ahead logs into their files.
    pub async fn close(&self) {
        self.read_recorder.close().await;
        self.database.close().await;
    }

    /// The database, for the functions of the operational tables.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// The register as it is now.
    pub const fn declarations(&self) -> &Declarations {
        &self.declarations
    }

    /// What keeps the register up with the log: start it in a server, wait for it after a write.
    pub const fn declarations_projection(&self) -> &Projection {
        &self.projection
    }

    /// The figures of the register.
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// What keeps the figures up with the log.
    pub const fn figures_projection(&self) -> &FigureProjection {
        &self.figure_projection
    }

    /// What keeps the list of inquiries up with the log.
    pub const fn inquiries_projection(&self) -> &InquiryProjection {
        &self.inquiry_projection
    }

    /// Where reads of personal data are recorded before they leave.
    pub const fn read_recorder(&self) -> &ReadRecorder {
        &self.read_recorder
    }
}

/// What must be registered with the log when it is opened.
pub fn inline_projectors() -> Vec<Arc<dyn InlineProjector>> {
    vec![
        Arc::new(RegisterIndex),
        Arc::new(StaffProjector),
        Arc::new(ScheduleProjector),
        Arc::new(JobProjector),
        Arc::new(MailProjector),
        Arc::new(CalendarProjector),
        Arc::new(InTheClear(ApprovalTable)),
        Arc::new(InTheClear(ApiTokenTable)),
        Arc::new(InTheClear(PrivacyRequestTable)),
        Arc::new(InTheClear(IncidentTable)),
        Arc::new(InTheClear(InquiryMessageTable)),
        Arc::new(InTheClear(BulkChangeTable)),
        Arc::new(JobsOf(BulkChangeTable)),
        Arc::new(ReviewProjector),
        Arc::new(InTheClear(ImportTable)),
        Arc::new(JobsOf(ImportTable)),
        Arc::new(InTheClear(ExportTable)),
        Arc::new(JobsOf(ExportTable)),
    ]
}

//! The files that can leave: what the records say of each, and how it is told to a browser.

/// Bytes of a question.
const BODY: usize = 4 * 1024;
/// Bytes of one that holds thousands of rows.
const ROWS_BODY: usize = super::super::status_check::QUESTION_BYTES;
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// A file that can leave.
pub(super) struct File {
    /// What the security record says left.
    pub(super) detail: &'static str,
    /// In the record of reads.
    pub(super) purpose: &'static str,
    pub(super) content_type: &'static str,
    pub(super) disposition: &'static str,
    /// Bytes of the question.
    pub(super) body: usize,
}

/// Whose data an account could have seen.
pub(super) static EXPOSURE: File = File {
    detail: "exposure",
    purpose: "export:exposure",
    content_type: CSV,
    disposition: "attachment; filename=\"exposure.csv\"",
    body: BODY,
};
/// Numbers of declarations on a day.
pub(super) static FIGURES: File = File {
    detail: "figures",
    purpose: "export:figures",
    content_type: CSV,
    disposition: "attachment; filename=\"figures.csv\"",
    body: BODY,
};
/// Numbers of inquiries.
pub(super) static INQUIRY_NUMBERS: File = File {
    detail: "inquiry-numbers",
    purpose: "export:inquiry-numbers",
    content_type: CSV,
    disposition: "attachment; filename=\"inquiry-numbers.csv\"",
    body: BODY,
};
/// Whose data may have been seen in an incident.
pub(super) static INCIDENT: File = File {
    detail: "incident",
    purpose: "export:incident",
    content_type: CSV,
    disposition: "attachment; filename=\"incident.csv\"",
    body: BODY,
};
/// What became of each record of a bulk change.
pub(super) static BULK_CHANGE: File = File {
    detail: "bulk-change",
    purpose: "export:bulk-change",
    content_type: CSV,
    disposition: "attachment; filename=\"bulk-change.csv\"",
    body: BODY,
};
/// The refused rows of an import, to correct and to send again.
pub(super) static IMPORT_ROWS: File = File {
    detail: "import-rows",
    purpose: "export:import-rows",
    content_type: CSV,
    disposition: "attachment; filename=\"import-rows.csv\"",
    body: BODY,
};
/// The same in code page 932.
pub(super) static IMPORT_ROWS_CP932: File = File {
    content_type: "text/csv; charset=shift_jis",
    ..IMPORT_ROWS
};
/// What we hold, for a request of a data subject.
pub(super) static HOLDINGS: File = File {
    detail: "holdings",
    purpose: "export:holdings",
    content_type: "application/json",
    disposition: "attachment; filename=\"holdings.json\"",
    body: BODY,
};

/// Where many declarations stand.
pub(super) static STATUS_CHECK: File = File {
    detail: "status_check",
    purpose: "export:status_check",
    content_type: CSV,
    disposition: "attachment; filename=\"status-check.csv\"",
    body: ROWS_BODY,
};

/// The same as a workbook.
pub(super) static STATUS_CHECK_BOOK: File = File {
    detail: "status_check",
    purpose: "export:status_check",
    content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    disposition: "attachment; filename=\"status-check.xlsx\"",
    body: ROWS_BODY,
};

/// A view of the register, made before; what kind of file it is, its content type says.
pub(super) static DECLARATIONS: File = File {
    detail: "declarations",
    purpose: "export:declarations",
    content_type: CSV,
    disposition: "attachment; filename=\"declarations.csv\"",
    body: BODY,
};

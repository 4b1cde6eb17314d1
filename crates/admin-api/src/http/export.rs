//! `POST /exports/…`: files with what is personal, or about persons, and figures. Every file leaves here, and by one function. The same rules hold
//! as for `POST /graphql`: the console's own pages, JSON, a session; a link or a form of a foreign page gets nothing.

mod file;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::audit::{AuditError, ExposureQuery, ExposureSheet};
use app::bulk_change::{BulkSheet, BulkSheetError};
use app::export::{Ended, ExportFile, TakeExportError};
use app::figure::{FigureError, FigureQuery, SplitBy, figure_sheet};
use app::import::{CorrectedSheet, CorrectedSheetError, SheetEncoding};
use app::incident::AffectedError;
use app::inquiry::{InquiryNumbersError, inquiry_numbers_sheet};
use app::privacy_request::HoldingsError;
use app::security::{self, Note};
use app::status_check::{CheckStatusError, Question, StatusReport};
use app::{App, Forbidden, Internal, OpContext};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::Provenance;
use domain::export::{ExportPart, Format};
use domain::staff::{Actor, SecurityKind, StaffId};
use domain::value::Star;
use domain::{BulkChangeId, ExportId, ImportId, IncidentId, PrivacyRequestId};
use futures::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::graphql::{self, Refusal};
use super::outgoing::while_allowed;
use crate::AdminApi;
use crate::fault::{Code, log_chain};
use file::{
    BULK_CHANGE, CSV, DECLARATIONS, EXPOSURE, FIGURES, File, HOLDINGS, IMPORT_ROWS, IMPORT_ROWS_CP932,
    INCIDENT, INQUIRY_NUMBERS, STATUS_CHECK, STATUS_CHECK_BOOK,
};

/// The longest until the first byte: all reads of an account are gone through before.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Why there is no file.
enum NoFile {
    Forbidden(Forbidden),
    /// The question has a problem, which the sentence names.
    Question(&'static str),
    Fault(Box<dyn std::error::Error + Send + Sync>),
}

/// Which account, and when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfAccount {
    staff: Uuid,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Which figures: the codes of the schema.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDay {
    /// `None`: today.
    #[serde(default, rename = "asOf")]
    as_of: Option<String>,
    by: String,
    #[serde(default)]
    star: Option<String>,
    #[serde(default)]
    origin: Option<String>,
}

impl OfDay {
    fn query(&self) -> Result<FigureQuery, NoFile> {
        let code = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
        Ok(FigureQuery {
            as_of: known(
                self.as_of.as_deref(),
                "asOf must be a day, written YYYY-MM-DD",
                |text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
            )?,
            by: SplitBy::from_code(&self.by).ok_or(NoFile::Question(
                "by must be MONTH, PREFECTURE, INDUSTRY, SIZE_CLASS, STAR or ORIGIN",
            ))?,
            star: known(
                code(&self.star).as_deref(),
                "star must be ONE or TWO",
                Star::from_code,
            )?,
            origin: known(
                code(&self.origin).as_deref(),
                "origin must be IMPORT, LEGACY, PUBLIC or STAFF",
                Provenance::from_code,
            )?,
            at_least: None,
        })
    }
}

/// The numbers of which days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDays {
    from: NaiveDate,
    to: NaiveDate,
}

/// What a text says, if there is one; or the sentence.
fn known<T>(
    text: Option<&str>,
    sentence: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, NoFile> {
    text.map(|text| read(text).ok_or(NoFile::Question(sentence)))
        .transpose()
}

/// Which case, or which bulk change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCase {
    id: Uuid,
}

/// What of which export.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfExport {
    id: Uuid,
    /// `FILE` or `REPORT`.
    part: String,
}

/// Serves a view of the register that was made before, or what could not be written of it.
pub async fn declarations(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave_as(
        &api,
        peer.ip(),
        request,
        &DECLARATIONS,
        async |app, op, of: OfExport| {
            let part = ExportPart::from_code(&of.part.to_lowercase());
            let part = part.ok_or(NoFile::Question("part must be FILE or REPORT"))?;
            let taken = app.take_export(&op, ExportId::new(of.id), part).await;
            let file = taken.map_err(|error| match error {
                TakeExportError::Forbidden(refused) => NoFile::Forbidden(refused),
                TakeExportError::NotFound => NoFile::Question("there is no such file of this account"),
                TakeExportError::NotReady => NoFile::Question("the file is not made yet"),
                TakeExportError::Gone(how) => NoFile::Question(match how {
                    Ended::Discarded => "the file was discarded",
                    Ended::Expired => "the file is kept no longer",
                    Ended::Forgotten => "somebody was forgotten since the file was made: ask for it again",
                }),
                TakeExportError::LeftBehind => NoFile::Question(
                    "the file did not come along when the register was moved: ask for it again",
                ),
                TakeExportError::Internal(error) => NoFile::Fault(error.into()),
            })?;
            let headers = exported_as(&file);
            Ok((pieces(app, file), headers))
        },
    )
    .await
}

/// The type of what was made, and under which name it is saved.
fn exported_as(file: &ExportFile) -> Headers {
    match (file.part(), file.format) {
        (ExportPart::Report, _) => (CSV, "attachment; filename=\"declarations-report.csv\""),
        (ExportPart::File, Format::CsvUtf8) => (CSV, DECLARATIONS.disposition),
        (ExportPart::File, Format::CsvCp932) => ("text/csv; charset=windows-31j", DECLARATIONS.disposition),
        (ExportPart::File, Format::Xlsx) => (
            STATUS_CHECK_BOOK.content_type,
            "attachment; filename=\"declarations.xlsx\"",
        ),
    }
}

fn pieces(app: Arc<App>, file: ExportFile) -> Body {
    let pieces = stream::try_unfold((app, file), |(app, mut file)| async move {
        let piece = file.next(&app).await?;
        Ok::<_, TakeExportError>(piece.map(|piece| (Bytes::copy_from_slice(&piece), (app, file))))
    });
    Body::from_stream(pieces)
}

/// Serves whose data an account could have seen in a time, as a sheet.
pub async fn exposure(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &EXPOSURE,
        async |app, op, of: OfAccount| {
            let query = ExposureQuery {
                time: of.since..of.until,
                actor: Actor::Staff(StaffId(of.staff)).to_string(),
            };
            let found = app.exposure(&op, &query).await.map_err(|error| match error {
                AuditError::Forbidden(refused) => NoFile::Forbidden(refused),
                AuditError::Invalid(_) => NoFile::Question("the end of the time must be after its beginning"),
                AuditError::Internal(error) => NoFile::Fault(error.into()),
            })?;
            Ok(lines(app, ExposureSheet::new(found)))
        },
    )
    .await
}

/// Serves the figures of a day, as a sheet.
pub async fn figures(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(&api, peer.ip(), request, &FIGURES, async |app, op, of: OfDay| {
        let query = of.query()?;
        let figures = app.figures(&op, &query).await.map_err(|error| match error {
            FigureError::Forbidden(refused) => NoFile::Forbidden(refused),
            FigureError::Invalid(_) => {
                NoFile::Question("asOf must be a day from 2017-04-01 until two years from now")
            }
            error @ (FigureError::NotYet(_) | FigureError::Internal(_)) => NoFile::Fault(error.into()),
        })?;
        let sheet = figure_sheet(&query, &figures).map_err(|error| NoFile::Fault(error.into()))?;
        Ok(Body::from(sheet))
    })
    .await
}

/// Serves the numbers of inquiries, as a sheet.
pub async fn inquiry_numbers(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &INQUIRY_NUMBERS,
        async |app, op, of: OfDays| {
            let numbers = app.inquiry_numbers(&op, of.from, of.to).await;
            let numbers = numbers.map_err(|error| match error {
                InquiryNumbersError::Forbidden(refused) => NoFile::Forbidden(refused),
                InquiryNumbersError::Invalid(_) => {
                    NoFile::Question("from and to must be days in order, a year apart at most")
                }
                InquiryNumbersError::Internal(error) => NoFile::Fault(error.into()),
            })?;
            let sheet = inquiry_numbers_sheet(&numbers).map_err(|error| NoFile::Fault(error.into()))?;
            Ok(Body::from(sheet))
        },
    )
    .await
}

/// Serves whose data may have been seen in an incident, as a sheet.
pub async fn incident(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &INCIDENT,
        async |app, op, of: OfCase| {
            let sheet = app.affected_sheet(&op, IncidentId::new(of.id)).await;
            let sheet = sheet.map_err(|error| match error {
                AffectedError::Forbidden(refused) => NoFile::Forbidden(refused),
                AffectedError::NotFound => NoFile::Question("there is no such incident"),
                AffectedError::NoScope => NoFile::Question("nobody has said which account and which time"),
                AffectedError::Internal(error) => NoFile::Fault(error.into()),
            })?;
            Ok(lines(app, sheet))
        },
    )
    .await
}

/// Serves what we hold about the records of a request, as a document to give away.
pub async fn holdings(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &HOLDINGS,
        async |app, op, of: OfCase| {
            let held = app.holdings(&op, PrivacyRequestId::new(of.id)).await;
            let held = held.map_err(|error| match error {
                HoldingsError::Forbidden(refused) => NoFile::Forbidden(refused),
                HoldingsError::NotFound => NoFile::Question("there is no such request"),
                error @ (HoldingsError::NotRecorded(_) | HoldingsError::Internal(_)) => {
                    NoFile::Fault(error.into())
                }
            })?;
            let document = held.json().map_err(|error| NoFile::Fault(error.into()))?;
            Ok(Body::from(document))
        },
    )
    .await
}

/// Serves what became of each record of a bulk change, or would, as a sheet.
pub async fn bulk_change(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &BULK_CHANGE,
        async |app, op, of: OfCase| {
            let sheet = app.bulk_sheet(&op, BulkChangeId::new(of.id)).await;
            let sheet = sheet.map_err(|error| match error {
                BulkSheetError::Forbidden(refused) => NoFile::Forbidden(refused),
                BulkSheetError::NotFound => NoFile::Question("there is no such bulk change"),
                BulkSheetError::Internal(error) => NoFile::Fault(error.into()),
            })?;
            Ok(rows(app, sheet))
        },
    )
    .await
}

/// Serves the refused rows of an import, as a sheet in UTF-8.
pub async fn import_rows(
    state: State<Arc<AdminApi>>,
    peer: ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    refused_rows(state, peer, request, &IMPORT_ROWS, SheetEncoding::Utf8).await
}

/// The same in code page 932.
pub async fn import_rows_cp932(
    state: State<Arc<AdminApi>>,
    peer: ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    refused_rows(state, peer, request, &IMPORT_ROWS_CP932, SheetEncoding::Cp932).await
}

async fn refused_rows(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    file: &'static File,
    encoding: SheetEncoding,
) -> Response {
    leave(&api, peer.ip(), request, file, async |app, op, of: OfCase| {
        let sheet = app.corrected_sheet(&op, ImportId::new(of.id), encoding).await;
        let sheet = sheet.map_err(|error| match error {
            CorrectedSheetError::Forbidden(refused) => NoFile::Forbidden(refused),
            CorrectedSheetError::NotFound => {
                NoFile::Question("there is no such import, or it was not tried out")
            }
            CorrectedSheetError::Gone => {
                NoFile::Question("the file of the import was destroyed; send it again")
            }
            CorrectedSheetError::Internal(error) => NoFile::Fault(error.into()),
        })?;
        // Cells of persons: whose file it was is on record before they leave.
        app.record_reads(&op)
            .await
            .map_err(|error| NoFile::Fault(error.into()))?;
        Ok(corrected(app, sheet))
    })
    .await
}

/// Serves where many declarations stand, as a sheet.
pub async fn status_check(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &STATUS_CHECK,
        async |app, op, question: Question| {
            let report = report(&app, &op, question).await?;
            let sheet = report.csv().map_err(|error| NoFile::Fault(error.into()))?;
            Ok(Body::from(sheet))
        },
    )
    .await
}

/// The same as a workbook.
pub async fn status_check_book(
    State(api): State<Arc<AdminApi>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    leave(
        &api,
        peer.ip(),
        request,
        &STATUS_CHECK_BOOK,
        async |app, op, question: Question| {
            let report = report(&app, &op, question).await?;
            // A hundred thousand cells keep a thread busy for a while.
            let book = tokio::task::spawn_blocking(move || report.xlsx()).await;
            let book = book.map_err(|error| NoFile::Fault(error.into()))?;
            Ok(Body::from(book.map_err(|error| NoFile::Fault(error.into()))?))
        },
    )
    .await
}

async fn report(app: &App, op: &OpContext, question: Question) -> Result<StatusReport, NoFile> {
    app.check_status(op, question.into())
        .await
        .map_err(|error| match error {
            CheckStatusError::Forbidden(refused) => NoFile::Forbidden(refused),
            // The page has asked it before.
            CheckStatusError::Invalid(_) => NoFile::Question("the rows or the date cannot be taken"),
            error @ (CheckStatusError::NotRecorded(_) | CheckStatusError::Internal(_)) => {
                NoFile::Fault(error.into())
            }
        })
}

/// One file to somebody who has just proved who they are, has the right to it and files left; that it left is on record before its first
/// byte. A question that is refused takes none of the files.
async fn leave<Q: DeserializeOwned, F: Future<Output = Result<Body, NoFile>>>(
    api: &Arc<AdminApi>,
    peer: IpAddr,
    request: Request,
    file: &'static File,
    make: impl FnOnce(Arc<App>, Arc<OpContext>, Q) -> F,
) -> Response {
    leave_as(api, peer, request, file, async |app, op, question| {
        let headers = (file.content_type, file.disposition);
        make(app, op, question).await.map(|body| (body, headers))
    })
    .await
}

/// Content type and disposition.
type Headers = (&'static str, &'static str);

/// The same where the file itself says what it is.
async fn leave_as<Q: DeserializeOwned, F: Future<Output = Result<(Body, Headers), NoFile>>>(
    api: &Arc<AdminApi>,
    peer: IpAddr,
    request: Request,
    file: &'static File,
    make: impl FnOnce(Arc<App>, Arc<OpContext>, Q) -> F,
) -> Response {
    graphql::with_request_id(api, TIMEOUT, |request_id| async move {
        let called = graphql::caller(api, request_id, request, peer, file.purpose);
        let (op, asked, body) = called.await?;
        let (op, question) = (Arc::new(op), read(body, file.body).await?);
        security::asked(asked, async {
            let found = make(Arc::clone(&api.app), Arc::clone(&op), question).await;
            let (body, (content_type, disposition)) = match found {
                Ok(found) => found,
                Err(why) => return Err(refused(api, request_id, &op, why).await),
            };
            let body = while_allowed(Arc::clone(&api.app), Arc::clone(&op), body);
            if let Some(id) = op.staff_id() {
                graphql::held_back(api, api.account_rates.take_export(id), "export", id).await?;
            }
            let note = Note {
                kind: SecurityKind::Exported,
                detail: file.detail,
                staff_id: op.staff_id(),
            };
            api.app.note(note).await;
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static(content_type)),
                (CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
            ];
            Ok((headers, body).into_response())
        })
        .await
    })
    .await
}

async fn read<Q: DeserializeOwned>(body: Body, most: usize) -> Result<Q, Refusal> {
    let bytes = to_bytes(body, most).await.map_err(|_| {
        let text = "the request is larger than allowed";
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, text)
    })?;
    serde_json::from_slice(&bytes).map_err(|_| {
        let text = "the body must be one JSON object that says what the file is to be about";
        Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, text)
    })
}

async fn refused(api: &AdminApi, request_id: Uuid, op: &OpContext, why: NoFile) -> Refusal {
    match why {
        NoFile::Forbidden(refused) => graphql::no_right(api, op, refused).await,
        NoFile::Question(text) => Refusal::new(StatusCode::BAD_REQUEST, Code::Validation, text),
        NoFile::Fault(error) => {
            log_chain(request_id, &*error);
            Refusal::internal()
        }
    }
}

fn lines(app: Arc<App>, sheet: ExposureSheet) -> Body {
    let lines = stream::try_unfold((app, sheet), |(app, mut sheet)| async move {
        let bytes = sheet.next(&app).await?;
        Ok::<_, AuditError>(bytes.map(|bytes| (Bytes::from(bytes), (app, sheet))))
    });
    Body::from_stream(lines)
}

fn corrected(app: Arc<App>, sheet: CorrectedSheet) -> Body {
    let lines = stream::try_unfold((app, sheet), |(app, mut sheet)| async move {
        let bytes = sheet.next(&app).await?;
        Ok::<_, Internal>(bytes.map(|bytes| (Bytes::from(bytes), (app, sheet))))
    });
    Body::from_stream(lines)
}

fn rows(app: Arc<App>, sheet: BulkSheet) -> Body {
    let lines = stream::try_unfold((app, sheet), |(app, mut sheet)| async move {
        let bytes = sheet.next(&app).await?;
        Ok::<_, Internal>(bytes.map(|bytes| (Bytes::from(bytes), (app, sheet))))
    });
    Body::from_stream(lines)
}

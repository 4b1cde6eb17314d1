//! The same as a sheet: one line for each record, for whoever has to write to those concerned.

use domain::privacy_request::PrivacyRequestKind;
use domain::{DeclarationId, PrivacyRequestId};
use storage::declaration::{DeclarationRow, RowName};

use super::{AuditError, Exposure, SeenRecord, SubjectKind};
use crate::person_words::part_word;
use crate::sheet_cell::sheet_cell;
use crate::{App, Internal, time_in_japan};

/// Lines that are looked up at once.
const CHUNK: usize = 2_000;
const HEADINGS: [&str; 7] = [
    "種類",
    "自己宣言ID",
    "事業者名",
    "表示された項目",
    "表示された回数",
    "最初の表示",
    "最後の表示",
];
/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Lines of a sheet, some at a time.
#[derive(Debug)]
pub struct ExposureSheet {
    seen: std::vec::IntoIter<SeenRecord>,
    is_begun: bool,
}

impl ExposureSheet {
    /// A sheet about them.
    pub fn new(exposure: Exposure) -> Self {
        Self {
            seen: exposure.seen.into_iter(),
            is_begun: false,
        }
    }

    /// The next bytes of it; none at its end.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<u8>>, AuditError> {
        let chunk: Vec<_> = self.seen.by_ref().take(CHUNK).collect();
        if chunk.is_empty() && self.is_begun {
            return Ok(None);
        }
        let ids: Vec<_> = chunk
            .iter()
            .filter(|seen| seen.kind == SubjectKind::Declaration)
            .map(|seen| DeclarationId::new(seen.id))
            .collect();
        let rows = app.storage.declarations().by_ids(&ids).await;
        let rows = rows.map_err(Internal::new)?;
        let cases = chunk.iter().filter(|seen| seen.kind == SubjectKind::Case);
        let cases: Vec<_> = cases.map(|seen| PrivacyRequestId::new(seen.id)).collect();
        let requests = app.privacy_request_kinds(&cases).await?;
        let mut bytes = Vec::new();
        if !self.is_begun {
            self.is_begun = true;
            bytes.extend_from_slice(BOM);
            write(&mut bytes, HEADINGS.map(str::to_owned))?;
        }
        for seen in &chunk {
            let row = rows.get(&DeclarationId::new(seen.id));
            let request = requests.get(&PrivacyRequestId::new(seen.id));
            write(&mut bytes, line(seen, row, request.copied()))?;
        }
        Ok(Some(bytes))
    }
}

fn write(bytes: &mut Vec<u8>, cells: [String; 7]) -> Result<(), Internal> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(bytes);
    let cells = cells.map(|cell| sheet_cell(&cell).into_owned());
    writer.write_record(cells).map_err(Internal::new)?;
    writer.flush().map_err(Internal::new)
}

fn line(seen: &SeenRecord, row: Option<&DeclarationRow>, request: Option<PrivacyRequestKind>) -> [String; 7] {
    let (kind, number) = match seen.kind {
        SubjectKind::Declaration => ("宣言", row.map(|row| row.number.clone())),
        SubjectKind::Mail => ("メール", None),
        SubjectKind::Case => (request.map_or("漏えい等", request_word), None),
        SubjectKind::Account => ("職員アカウント", None),
        SubjectKind::Import => ("取り込み", None),
        SubjectKind::BulkChange => ("一括変更", None),
        SubjectKind::Export => ("書き出し", None),
        SubjectKind::Inquiry => ("問い合わせ", None),
    };
    let parts: Vec<_> = seen.parts.iter().map(|part| part_word(part)).collect();
    [
        kind.to_owned(),
        number.unwrap_or_else(|| seen.id.to_string()),
        row.map(name).unwrap_or_default(),
        parts.join("、"),
        seen.times.to_string(),
        time_in_japan(seen.first_at),
        time_in_japan(seen.last_at),
    ]
}

const fn request_word(kind: PrivacyRequestKind) -> &'static str {
    match kind {
        PrivacyRequestKind::Disclosure => "開示の請求",
        PrivacyRequestKind::Correction => "訂正の請求",
        PrivacyRequestKind::StopOfUse => "利用停止の請求",
        PrivacyRequestKind::Erasure => "消去の請求",
    }
}

/// The sheet itself shows nothing personal: a sole trader is found by the number.
fn name(row: &DeclarationRow) -> String {
    match &row.name {
        RowName::Organization { name, .. } => name.clone(),
        RowName::Person { .. } => "（個人事業主）".to_owned(),
        RowName::Forgotten { .. } => "（消去済み）".to_owned(),
    }
}

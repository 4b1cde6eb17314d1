//! What became of each record, as a sheet.

use domain::BulkChangeId;
use domain::bulk_change::{Difference, Outcome};
use domain::declaration::{Field, StopKind};
use domain::staff::Permission;
use storage::bulk_change as table;
use storage::bulk_change_row::{self as rows, BulkRow};
use storage::declaration::{DeclarationRow, RowName};

use crate::sheet_cell::sheet_cell;
use crate::{App, Forbidden, Internal, OpContext};

/// Lines that are looked up at once.
const CHUNK: u32 = 2_000;
const HEADINGS: [&str; 8] = [
    "番号",
    "自己宣言ID",
    "事業者名",
    "試行の結果",
    "実行の結果",
    "理由コード",
    "理由",
    "変更の内容",
];
/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum BulkSheetError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such bulk change.
    #[error("there is no such bulk change")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Lines of a sheet, some at a time.
#[derive(Debug)]
pub struct BulkSheet {
    id: BulkChangeId,
    after: u32,
    is_begun: bool,
}

impl App {
    /// What became of each record of a bulk change, or would.
    pub async fn bulk_sheet(&self, op: &OpContext, id: BulkChangeId) -> Result<BulkSheet, BulkSheetError> {
        op.require(Permission::ReadDeclarations)?;
        let found = table::load(self.store.database(), id).await;
        found.map_err(Internal::new)?.ok_or(BulkSheetError::NotFound)?;
        Ok(BulkSheet {
            id,
            after: 0,
            is_begun: false,
        })
    }
}

impl BulkSheet {
    /// The next bytes of it; none at its end.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<u8>>, Internal> {
        let page = rows::page(app.store.database(), self.id, None, self.after, CHUNK).await;
        let page = page.map_err(Internal::new)?;
        if page.is_empty() && self.is_begun {
            return Ok(None);
        }
        let ids: Vec<_> = page.iter().map(|row| row.declaration_id).collect();
        let known = app.storage.declarations().by_ids(&ids).await;
        let known = known.map_err(Internal::new)?;
        let mut bytes = Vec::new();
        if !self.is_begun {
            self.is_begun = true;
            bytes.extend_from_slice(BOM);
            write(&mut bytes, HEADINGS.map(str::to_owned))?;
        }
        for row in &page {
            self.after = row.ordinal;
            write(&mut bytes, line(row, known.get(&row.declaration_id)))?;
        }
        Ok(Some(bytes))
    }
}

fn write(bytes: &mut Vec<u8>, cells: [String; 8]) -> Result<(), Internal> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(bytes);
    let cells = cells.map(|cell| sheet_cell(&cell).into_owned());
    writer.write_record(cells).map_err(Internal::new)?;
    writer.flush().map_err(Internal::new)
}

fn line(row: &BulkRow, known: Option<&DeclarationRow>) -> [String; 8] {
    let number = known.map(|known| known.number.clone());
    let differences: Vec<_> = row.differences.iter().map(difference).collect();
    [
        row.ordinal.to_string(),
        number.unwrap_or_else(|| row.declaration_id.to_string()),
        known.map(name).unwrap_or_default(),
        row.trial.map(word).unwrap_or_default().to_owned(),
        row.outcome.map(word).unwrap_or_default().to_owned(),
        row.code.clone().unwrap_or_default(),
        row.message.clone().unwrap_or_default(),
        differences.join("／"),
    ]
}

/// The sheet itself shows nothing personal: a sole trader is found by the number.
fn name(row: &DeclarationRow) -> String {
    match &row.name {
        RowName::Organization { name, .. } => name.clone(),
        RowName::Person { .. } => "（個人事業主）".to_owned(),
        RowName::Forgotten { .. } => "（消去済み）".to_owned(),
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Changed => "変更",
        Outcome::Unchanged => "変更不要",
        Outcome::Refused => "変更不可",
        Outcome::ChangedSince => "確定後に変更あり",
        Outcome::Gone => "該当なし",
    }
}

fn difference(of: &Difference) -> String {
    let value = |text: Option<&str>| match text {
        None | Some("") => "（空）".to_owned(),
        Some(text) => in_words(&of.what, text),
    };
    let (before, after) = (value(of.before.as_deref()), value(of.after.as_deref()));
    format!("{}：{before}→{after}", heading(&of.what))
}

fn heading(what: &str) -> String {
    if let Some(flag) = what.strip_prefix("flag:") {
        return format!("警告（{flag}）");
    }
    let word = match Field::from_code(what) {
        Some(Field::Prefecture) => "都道府県",
        Some(Field::City) => "市区町村",
        Some(Field::Industry) => "業種",
        Some(Field::Employees) => "従業員数",
        Some(Field::CapitalYen) => "資本金",
        Some(Field::Star) => "取組段階",
        _ => match what {
            "state" => "状態",
            "published" => "公表",
            "logo" => "ロゴマークの使用",
            other => other,
        },
    };
    word.to_owned()
}

fn in_words(what: &str, text: &str) -> String {
    let is_yes = text == "yes";
    let word = match what {
        "published" if is_yes => "公表",
        "published" => "非公表",
        "logo" if is_yes => "可",
        "logo" => "停止中",
        "state" => return state(text),
        _ if what.starts_with("flag:") && is_yes => "あり",
        _ if what.starts_with("flag:") => "なし",
        _ => text,
    };
    word.to_owned()
}

fn state(text: &str) -> String {
    let (kind, day) = text.split_once(' ').unwrap_or((text, ""));
    let word = match StopKind::from_code(kind) {
        None => "有効",
        Some(StopKind::Stopped) => "停止",
        Some(StopKind::Closed) => "廃業",
        Some(StopKind::Withdrawn) => "取下げ",
    };
    if day.is_empty() {
        word.to_owned()
    } else {
        format!("{word}（{day}）")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_reads_as_a_sentence_of_the_office() {
        let of = |what: &str, before: Option<&str>, after: Option<&str>| {
            difference(&Difference {
                what: what.to_owned(),
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            })
        };
        assert_eq!(of("city", Some("甲町"), Some("乙市")), "市区町村：甲町→乙市");
        assert_eq!(of("city", None, Some("乙市")), "市区町村：（空）→乙市");
        assert_eq!(
            of("state", Some("active"), Some("closed 2026-04-01")),
            "状態：有効→廃業（2026-04-01）"
        );
        assert_eq!(
            of("flag:industry_unknown", Some("no"), Some("yes")),
            "警告（industry_unknown）：なし→あり"
        );
    }
}

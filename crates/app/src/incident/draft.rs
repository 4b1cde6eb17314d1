//! The nine items of the report: as somebody wrote them, or prefilled from what is known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::incident::{Category, Incident, ReportItem};
use serde_json::{Map, Value};

use crate::{day_in_japan, time_in_japan};

/// The items of a report; what is missing is empty.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Report(BTreeMap<ReportItem, String>);

impl std::fmt::Debug for Report {
    // What happened may name persons.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Report(…)")
    }
}

impl Report {
    /// From its items.
    pub fn new(items: impl IntoIterator<Item = (ReportItem, String)>) -> Self {
        Self(items.into_iter().collect())
    }

    /// As it is stored; an unknown item is left out.
    pub(super) fn of_stored(stored: &Value) -> Self {
        let items = ReportItem::ALL.iter().filter_map(|item| {
            let text = stored.get(item.code())?.as_str()?;
            Some((*item, text.to_owned()))
        });
        Self(items.collect())
    }

    /// The text of an item; empty where there is none.
    pub fn text(&self, item: ReportItem) -> &str {
        self.0.get(&item).map_or("", String::as_str)
    }

    /// All nine items in the order of the law.
    pub fn iter(&self) -> impl Iterator<Item = (ReportItem, &str)> {
        ReportItem::ALL.iter().map(|item| (*item, self.text(*item)))
    }
}

/// What is known of an incident, put into the nine items. What nobody knows yet says so, for somebody to write.
pub(super) fn prefilled(incident: &Incident, known: Option<&str>, parts: &BTreeSet<String>) -> Report {
    let aware = time_in_japan(incident.opened.aware_at);
    let mut outline =
        format!("{aware}に、個人データの漏えい等が発生し、又は発生したおそれがある事態を把握した。");
    if let Some(known) = known {
        let _ = write!(outline, "\n{known}");
    }
    if let Some(scope) = &incident.scope {
        let (from, to) = (time_in_japan(scope.from), time_in_japan(scope.to));
        let _ = write!(
            outline,
            "\n対象の範囲は、職員アカウント1件が{from}から{to}までの間に閲覧した個人データである。"
        );
    }
    for category in &incident.categories {
        let _ = write!(outline, "\n・{}", category_text(*category));
    }
    let data_items = if parts.is_empty() {
        "（調査中）".to_owned()
    } else {
        let names: BTreeSet<&str> = parts.iter().map(|part| part_text(part)).collect();
        names.into_iter().collect::<Vec<_>>().join("、")
    };
    let persons = match incident.persons {
        Some(persons) if incident.scope.is_some() => {
            format!("{persons}人（閲覧の記録から数えた、閲覧された可能性のある本人の数）")
        }
        Some(persons) => format!("{persons}人"),
        None => "（調査中）".to_owned(),
    };
    let notified: u32 = incident
        .notified
        .iter()
        .map(|it| it.persons)
        .fold(0, u32::saturating_add);
    let response = match incident.notified.last() {
        Some(last) => format!("{notified}人に通知した（最後の通知 {}）。", last.on),
        None => "（未実施。通知の方法を検討中）".to_owned(),
    };
    let reported = incident
        .reports
        .iter()
        .map(|report| format!("{}に{}を提出した。", report.on, stage_text(report.stage)));
    let mut other: Vec<String> = reported.collect();
    other.push(format!(
        "事態を知った日は{}、確報の期限は{}である。",
        day_in_japan(incident.opened.aware_at),
        incident.final_due_on
    ));
    Report::new([
        (ReportItem::Outline, outline),
        (ReportItem::DataItems, data_items),
        (ReportItem::Persons, persons),
        (ReportItem::Cause, "（調査中）".to_owned()),
        (ReportItem::SecondaryDamage, "（調査中）".to_owned()),
        (ReportItem::Response, response),
        (
            ReportItem::Publication,
            "（未実施。公表の要否を検討中）".to_owned(),
        ),
        (ReportItem::Prevention, "（検討中）".to_owned()),
        (ReportItem::Other, other.join("\n")),
    ])
}

const fn stage_text(stage: domain::incident::ReportStage) -> &'static str {
    match stage {
        domain::incident::ReportStage::First => "速報",
        domain::incident::ReportStage::Final => "確報",
    }
}

const fn category_text(category: Category) -> &'static str {
    match category {
        Category::Sensitive => "要配慮個人情報が含まれる。",
        Category::Financial => "不正に利用されることにより財産的被害が生じるおそれがある。",
        Category::Wrongful => "不正の目的をもって行われたおそれがある。",
        Category::ManyPersons => "多数の本人に関わる。",
    }
}

/// What a part of a record holds, in words of the report.
fn part_text(part: &str) -> &'static str {
    match part {
        "sole_trader_name" => "個人事業主の氏名及びフリガナ",
        "premises" => "個人事業主の住所",
        "representative" => "代表者の役職及び氏名",
        "contact" => "担当者の氏名、部署、メールアドレス及び電話番号",
        "mail" => "送信したメールの宛先及び本文",
        "case" => "開示等の請求に関する記録",
        "import" => "取り込みのファイルの名前及び取り込みの理由",
        "import_rows" => "取り込みのファイルに記載された事業者及び担当者の情報",
        "account" => "職員アカウントの氏名、ログイン名及びメールアドレス",
        _ => "備考、メモその他の自由記述",
    }
}

/// The report as plain text, to hand in or to print.
pub fn report_text(report: &Report) -> String {
    let mut text = "個人データの漏えい等に関する報告書（案）\n".to_owned();
    for (index, (item, words)) in report.iter().enumerate() {
        let words = if words.is_empty() {
            "（未記入）"
        } else {
            words
        };
        let _ = write!(text, "\n{} {}\n{words}\n", index + 1, item.japanese());
    }
    text
}

/// The same as JSON: each item by its code, in the order of the law.
pub fn report_json(report: &Report) -> String {
    let items: Map<String, Value> = report
        .iter()
        .map(|(item, text)| (item.code().to_owned(), Value::String(text.to_owned())))
        .collect();
    serde_json::to_string_pretty(&items).expect("texts are JSON")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::IncidentId;
    use domain::incident::{IncidentEvent, Opened};
    use domain::staff::Actor;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn t57_the_draft_has_all_nine_items_and_says_what_nobody_knows_yet() {
        let id = IncidentId::new(Uuid::from_u128(1));
        let day = |text: &str| text.parse().expect("a day");
        let opened = IncidentEvent::Opened(Opened {
            incident_id: id,
            aware_at: DateTime::UNIX_EPOCH,
            categories: vec![Category::Wrongful],
            first_due_on: day("1970-01-05"),
            final_due_on: day("1970-03-01"),
        });
        let by = Actor::System("test".to_owned());
        let incident = Incident::of([(&opened, &by, DateTime::UNIX_EPOCH)]).expect("an incident");
        let parts = BTreeSet::from(["contact".to_owned(), "premises".to_owned()]);
        let report = prefilled(&incident, Some("誤送信の連絡があった。"), &parts);
        let text = report_text(&report);
        for (index, (item, words)) in report.iter().enumerate() {
            assert!(!words.is_empty(), "{item:?}");
            assert!(
                text.contains(&format!("\n{} {}\n", index + 1, item.japanese())),
                "{item:?}"
            );
        }
        assert_eq!(report.iter().count(), 9);
        assert!(
            report
                .text(ReportItem::Outline)
                .contains("誤送信の連絡があった。")
        );
        assert!(report.text(ReportItem::DataItems).contains("担当者の氏名"));
        assert!(report.text(ReportItem::Cause).contains("調査中"));
        let json: Value = serde_json::from_str(&report_json(&report)).expect("JSON");
        assert_eq!(json.as_object().map(Map::len), Some(9));
        assert_eq!(Report::of_stored(&json), report);
        assert_eq!(format!("{report:?}"), "Report(…)");
    }
}

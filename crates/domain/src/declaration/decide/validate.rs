//! What a field takes when a person types it today. Stricter than an import, which takes what is there.

use chrono::NaiveDate;

use super::outcome::Problem;
use crate::{
    declaration::{Facts, Field, FieldValue},
    text::{self, Lines},
    value::{CorporateNumber, CorporateNumberError, EmailReading, EntityType, plain, read_email},
};

/// How many characters a field takes.
const fn longest(field: Field) -> usize {
    match field {
        Field::Name | Field::NameKana => 150,
        Field::TradeName | Field::City | Field::Street | Field::Building | Field::ContactDepartment => 100,
        Field::PolicyUrl => 2_048,
        Field::ContactEmail => 254,
        Field::Remarks => 2_000,
        _ => 50,
    }
}

/// Reads what was typed into a field; nothing typed empties it.
pub(super) fn validate(
    field: Field,
    typed: &str,
    facts: &Facts,
    today: NaiveDate,
) -> Result<Option<FieldValue>, Problem> {
    if typed.is_empty() {
        return match field {
            Field::Name | Field::DeclaredOn => {
                Err(Problem::of(field, "required", "この項目は空にできません。"))
            }
            _ => Ok(None),
        };
    }
    let lines = if field == Field::Remarks {
        Lines::Many
    } else {
        Lines::One
    };
    text::check(typed, longest(field), lines)
        .map_err(|problem| Problem::of(field, problem.code(), problem.japanese()))?;
    let value =
        FieldValue::read(field, typed).ok_or_else(|| Problem::of(field, "empty", "入力してください。"))?;
    check_meaning(field, &value, facts, today)?;
    Ok(Some(value))
}

fn check_meaning(field: Field, value: &FieldValue, facts: &Facts, today: NaiveDate) -> Result<(), Problem> {
    let refuse = |code, message: &str| Err(Problem::of(field, code, message));
    match field {
        Field::Name if value.typed().chars().any(is_half_width_kana) => refuse(
            "half_width_kana",
            "半角カナは使えません。全角で入力してください。",
        ),
        Field::CorporateNumber if facts.entity_type() == EntityType::SoleTrader => refuse(
            "not_for_sole_trader",
            "個人事業主に法人番号はありません。個人番号（マイナンバー）は入力しないでください。",
        ),
        Field::CorporateNumber => match CorporateNumber::parse(value.typed()) {
            Ok(_) => Ok(()),
            Err(CorporateNumberError::CheckDigit) => refuse(
                "corporate_number_check_digit",
                "法人番号の検査用数字が合いません。",
            ),
            Err(_) => refuse(
                "corporate_number_length",
                "法人番号は13桁の数字で入力してください。",
            ),
        },
        Field::DeclaredOn | Field::PolicyPublishedOn => {
            match value.value().and_then(|day| day.parse().ok()) {
                None => refuse(
                    "date_unreadable",
                    "日付として読み取れないか、暦や元号にない日付です。",
                ),
                Some(day) if NaiveDate::gt(&day, &today) => {
                    refuse("in_the_future", "先の日付は入力できません。")
                }
                Some(_) => Ok(()),
            }
        }
        Field::ContactEmail if matches!(read_email(value.typed()), EmailReading::Unreadable) => {
            refuse("email_unreadable", "メールアドレスとして読み取れません。")
        }
        _ if value.value().is_none() => {
            let (code, message) = unreadable(field);
            refuse(code, message)
        }
        _ => Ok(()),
    }
}

/// The code and the sentence for a value that a field cannot read.
const fn unreadable(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::NameKana => (
            "kana_unreadable",
            "フリガナはカタカナかひらがなで入力してください。",
        ),
        Field::PostalCode => (
            "postal_code_unreadable",
            "郵便番号は7桁の数字で入力してください。",
        ),
        Field::Prefecture => ("prefecture_unknown", "都道府県の名前を入力してください。"),
        Field::Industry => (
            "industry_unknown",
            "業種は日本標準産業分類の大分類（A～T）で入力してください。",
        ),
        Field::Employees => ("employees_unreadable", "従業員数は0以上の数で入力してください。"),
        Field::CapitalYen => (
            "capital_unreadable",
            "資本金は金額で入力してください（例：1,000万円）。",
        ),
        Field::DiagnosisScore => (
            "score_unreadable",
            "自社診断の点数は-25から100の数で入力してください。",
        ),
        Field::ContactPhone => (
            "phone_unreadable",
            "電話番号は市外局番から10桁か11桁で入力してください。",
        ),
        Field::PublishConsent => (
            "consent_unreadable",
            "公表への同意は「同意」か「同意しない」で入力してください。",
        ),
        Field::Star => ("star_unknown", "取組段階は一つ星か二つ星です。"),
        Field::PledgeVersion => ("pledge_unknown", "条文は5か条か6か条です。"),
        Field::EntityType => (
            "entity_type_unknown",
            "区分は法人、個人事業主、その他団体のどれかです。",
        ),
        Field::DeclarationNo => ("declaration_no_shape", "自己宣言IDは4か5で始まる11桁の数字です。"),
        _ => ("unreadable", "読み取れません。"),
    }
}

fn is_half_width_kana(c: char) -> bool {
    matches!(c, '\u{FF66}'..='\u{FF9F}')
}

/// Whether two entries of a field are the same to the byte, nothing and white space being the same.
pub(super) fn same_entry(old: Option<&FieldValue>, typed: &str) -> bool {
    match old {
        None => plain::is_blank(typed),
        Some(old) => old.typed() == typed,
    }
}

//! The columns of an export, with their headings in the words of the register, and which of them are about persons.

use std::collections::BTreeSet;

use crate::declaration::{Field, Role};
use crate::wire::wire_enum;

wire_enum! {
    /// A column of an export.
    Column {
        /// 自己宣言ID.
        Number = "number",
        /// 事業者名. A sole trader's is shown to whoever may see it, and is no reason to refuse the column to others.
        Name = "name",
        /// フリガナ; the same.
        Kana = "kana",
        /// 屋号.
        TradeName = "trade_name",
        /// 区分.
        EntityType = "entity_type",
        /// 法人番号.
        CorporateNumber = "corporate_number",
        /// 取組段階.
        Star = "star",
        /// 状態.
        State = "state",
        /// 宣言日.
        DeclaredOn = "declared_on",
        /// 停止日.
        StoppedOn = "stopped_on",
        /// 都道府県.
        Prefecture = "prefecture",
        /// 市区町村.
        City = "city",
        /// 業種.
        Industry = "industry",
        /// 規模の目安.
        Size = "size",
        /// 従業員数.
        Employees = "employees",
        /// 資本金, in yen.
        CapitalYen = "capital_yen",
        /// 誓約.
        Pledge = "pledge",
        /// 登録の経路.
        Origin = "origin",
        /// 公表.
        Published = "published",
        /// 基本方針.
        Policy = "policy",
        /// 基本方針の公開場所.
        PolicyUrl = "policy_url",
        /// 連絡先: whether a mail address stands there.
        Contact = "contact",
        /// 警告.
        Flags = "flags",
        /// 更新.
        ChangedAt = "changed_at",
        /// 郵便番号.
        PostalCode = "postal_code",
        /// 番地.
        Street = "street",
        /// 建物.
        Building = "building",
        /// 代表者役職.
        RepresentativeTitle = "representative_title",
        /// 代表者名.
        RepresentativeName = "representative_name",
        /// 担当者名.
        ContactName = "contact_name",
        /// 担当部署.
        ContactDepartment = "contact_department",
        /// 担当者のメール.
        ContactEmail = "contact_email",
        /// 担当者の電話.
        ContactPhone = "contact_phone",
    }
}

/// Columns of one export at most: each once.
pub const COLUMNS_MAX: usize = Column::ALL.len();

/// Whether a column is about persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnClass {
    /// About organisations. Where a sole trader's name would stand, it depends on who reads.
    Public,
    /// About persons in that role: only for whoever may see what is personal. An address is a sole trader's home.
    Personal(Role),
}

/// Why columns are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsProblem {
    /// None was chosen.
    #[error("no column was chosen")]
    Empty,
    /// One is there twice.
    #[error("the column {} is there twice", .0.code())]
    Repeated(Column),
}

impl ColumnsProblem {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Repeated(_) => "repeated",
        }
    }

    /// One sentence for whoever chose them.
    pub fn japanese(self) -> String {
        match self {
            Self::Empty => "書き出す列を1つ以上選んでください。".to_owned(),
            Self::Repeated(column) => format!(
                "列「{}」が二度指定されています。1つにしてください。",
                column.heading()
            ),
        }
    }
}

/// Whether these can be the columns of an export.
pub fn check_columns(columns: &[Column]) -> Result<(), ColumnsProblem> {
    if columns.is_empty() {
        return Err(ColumnsProblem::Empty);
    }
    let mut seen = BTreeSet::new();
    match columns.iter().find(|column| !seen.insert(**column)) {
        Some(column) => Err(ColumnsProblem::Repeated(*column)),
        None => Ok(()),
    }
}

impl Column {
    /// What stands over it.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Number => "自己宣言ID",
            Self::Name => "事業者名",
            Self::Kana => "フリガナ",
            Self::TradeName => "屋号",
            Self::EntityType => "区分",
            Self::CorporateNumber => "法人番号",
            Self::Star => "取組段階",
            Self::State => "状態",
            Self::DeclaredOn => "宣言日",
            Self::StoppedOn => "停止日",
            Self::Prefecture => "都道府県",
            Self::City => "市区町村",
            Self::Industry => "業種",
            Self::Size => "規模の目安",
            Self::Employees => "従業員数",
            Self::CapitalYen => "資本金（円）",
            Self::Pledge => "誓約",
            Self::Origin => "登録の経路",
            Self::Published => "公表",
            Self::Policy => "基本方針",
            Self::PolicyUrl => "基本方針の公開場所",
            Self::Contact => "連絡先の登録",
            Self::Flags => "警告",
            Self::ChangedAt => "更新日",
            Self::PostalCode => "郵便番号",
            Self::Street => "番地",
            Self::Building => "建物",
            Self::RepresentativeTitle => "代表者役職",
            Self::RepresentativeName => "代表者名",
            Self::ContactName => "担当者名",
            Self::ContactDepartment => "担当部署",
            Self::ContactEmail => "担当者のメール",
            Self::ContactPhone => "担当者の電話",
        }
    }

    /// Whether it is about persons.
    pub const fn class(self) -> ColumnClass {
        match self {
            Self::PostalCode | Self::Street | Self::Building => ColumnClass::Personal(Role::SoleTrader),
            Self::RepresentativeTitle | Self::RepresentativeName => {
                ColumnClass::Personal(Role::Representative)
            }
            Self::ContactName | Self::ContactDepartment | Self::ContactEmail | Self::ContactPhone => {
                ColumnClass::Personal(Role::Contact)
            }
            _ => ColumnClass::Public,
        }
    }

    /// Whether it is only for whoever may see what is personal.
    pub const fn is_personal(self) -> bool {
        matches!(self.class(), ColumnClass::Personal(_))
    }

    /// The field that it shows, where lists do not have it: it is read from the record's history.
    pub const fn from_history(self) -> Option<Field> {
        Some(match self {
            Self::Employees => Field::Employees,
            Self::CapitalYen => Field::CapitalYen,
            Self::PolicyUrl => Field::PolicyUrl,
            Self::PostalCode => Field::PostalCode,
            Self::Street => Field::Street,
            Self::Building => Field::Building,
            Self::RepresentativeTitle => Field::RepresentativeTitle,
            Self::RepresentativeName => Field::RepresentativeName,
            Self::ContactName => Field::ContactName,
            Self::ContactDepartment => Field::ContactDepartment,
            Self::ContactEmail => Field::ContactEmail,
            Self::ContactPhone => Field::ContactPhone,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::FieldClass;
    use crate::value::EntityType;

    #[test]
    fn a_column_of_a_field_that_can_be_about_a_person_is_personal() {
        for column in Column::ALL {
            let Some(field) = column.from_history() else {
                continue;
            };
            let is_ever_personal = EntityType::ALL
                .iter()
                .any(|entity| matches!(field.class(*entity), FieldClass::Personal(_)));
            assert_eq!(column.is_personal(), is_ever_personal, "{column:?}");
        }
    }

    #[test]
    fn no_two_columns_have_the_same_heading() {
        let headings: BTreeSet<_> = Column::ALL.iter().map(|column| column.heading()).collect();
        assert_eq!(headings.len(), Column::ALL.len());
    }

    #[test]
    fn no_column_and_a_column_twice_are_refused() {
        assert_eq!(check_columns(&[]), Err(ColumnsProblem::Empty));
        assert_eq!(
            check_columns(&[Column::Name, Column::City, Column::Name]),
            Err(ColumnsProblem::Repeated(Column::Name))
        );
        assert_eq!(check_columns(Column::ALL), Ok(()));
    }
}

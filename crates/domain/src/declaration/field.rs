//! The fields of a declaration, and which of them are about a person.

use serde::{Deserialize, Serialize};

use crate::{ids::SubjectId, value::EntityType, wire::wire_enum};

wire_enum! {
    /// A field of a declaration. The code is the name in the log, the order that of stored lists: new ones come last.
    Field {
        /// 自己宣言ID, 11 digits.
        DeclarationNo = "declaration_no",
        /// 宣言日.
        DeclaredOn = "declared_on",
        /// 取組段階.
        Star = "star",
        /// Which text was pledged: 5か条 or 6か条.
        PledgeVersion = "pledge_version",
        /// 区分.
        EntityType = "entity_type",
        /// 法人番号.
        CorporateNumber = "corporate_number",
        /// 事業者名; a sole trader's is personal.
        Name = "name",
        /// フリガナ.
        NameKana = "name_kana",
        /// 屋号.
        TradeName = "trade_name",
        /// 代表者役職.
        RepresentativeTitle = "representative_title",
        /// 代表者名.
        RepresentativeName = "representative_name",
        /// 郵便番号.
        PostalCode = "postal_code",
        /// 都道府県.
        Prefecture = "prefecture",
        /// 市区町村.
        City = "city",
        /// 番地.
        Street = "street",
        /// 建物.
        Building = "building",
        /// 業種 (JSIC division).
        Industry = "industry",
        /// 従業員数.
        Employees = "employees",
        /// 資本金, in yen.
        CapitalYen = "capital_yen",
        /// 自社診断点数, 0 to 100.
        DiagnosisScore = "diagnosis_score",
        /// 基本方針URL, or where else the policy is made public.
        PolicyUrl = "policy_url",
        /// 基本方針公開日.
        PolicyPublishedOn = "policy_published_on",
        /// 担当者名.
        ContactName = "contact_name",
        /// 担当部署.
        ContactDepartment = "contact_department",
        /// メール.
        ContactEmail = "contact_email",
        /// 電話.
        ContactPhone = "contact_phone",
        /// 公表同意.
        PublishConsent = "publish_consent",
        /// 備考: free text, so whatever somebody wrote about whomever.
        Remarks = "remarks",
    }
}

wire_enum! {
    /// In which role a person stands in a declaration. Each has a key of its own, so one can be forgotten alone.
    Role {
        /// Title and name of who represents the declarer.
        Representative = "representative",
        /// The contact person.
        Contact = "contact",
        /// A sole trader, who is the organisation: name, address, and whatever was put in as a corporate number.
        SoleTrader = "sole_trader",
        /// Free text of the record: remarks, reasons, notes.
        Remarks = "remarks",
    }
}

/// Whether a field is public or about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldClass {
    /// A fact about an organisation; may stand in the log as it is.
    Public,
    /// About a person in that role; sealed in the log, withheld from readers without the right.
    Personal(Role),
}

impl Field {
    /// The class of this field in a declaration of that entity type (which is never corrected, so a class is for ever).
    ///
    /// A sole trader has no corporate number: what stands in that field may be a My Number, so it is sealed too.
    pub const fn class(self, entity: EntityType) -> FieldClass {
        match self {
            Self::RepresentativeTitle | Self::RepresentativeName => {
                FieldClass::Personal(Role::Representative)
            }
            Self::ContactName | Self::ContactDepartment | Self::ContactEmail | Self::ContactPhone => {
                FieldClass::Personal(Role::Contact)
            }
            Self::Remarks => FieldClass::Personal(Role::Remarks),
            Self::Name
            | Self::NameKana
            | Self::PostalCode
            | Self::Street
            | Self::Building
            | Self::CorporateNumber
                if matches!(entity, EntityType::SoleTrader) =>
            {
                FieldClass::Personal(Role::SoleTrader)
            }
            _ => FieldClass::Public,
        }
    }

    /// The four fields of the contact person.
    pub const CONTACT: [Self; 4] = [
        Self::ContactName,
        Self::ContactDepartment,
        Self::ContactEmail,
        Self::ContactPhone,
    ];
}

/// A person in a role: whose key seals something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// In which role.
    pub role: Role,
    /// The id under which the key is kept.
    pub id: SubjectId,
}

/// The persons of one declaration, one id for each role. Made by the caller together with the declaration's id;
/// a key comes into being only for roles that something is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// See [`Role::Representative`].
    pub representative: SubjectId,
    /// See [`Role::Contact`].
    pub contact: SubjectId,
    /// See [`Role::SoleTrader`].
    pub sole_trader: SubjectId,
    /// See [`Role::Remarks`].
    pub remarks: SubjectId,
}

impl Subjects {
    /// The subject of a role.
    pub const fn of(&self, role: Role) -> Subject {
        let id = match role {
            Role::Representative => self.representative,
            Role::Contact => self.contact,
            Role::SoleTrader => self.sole_trader,
            Role::Remarks => self.remarks,
        };
        Subject { role, id }
    }

    /// The same persons, but another one in a role.
    #[must_use]
    pub const fn with(mut self, role: Role, id: SubjectId) -> Self {
        match role {
            Role::Representative => self.representative = id,
            Role::Contact => self.contact = id,
            Role::SoleTrader => self.sole_trader = id,
            Role::Remarks => self.remarks = id,
        }
        self
    }
}

//! The enums of the schema about declarations, each tied to the domain's.

use async_graphql::Enum;

macro_rules! mirrored {
    ($(#[$meta:meta])* $name:ident = $remote:path { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl From<$remote> for $name {
            fn from(value: $remote) -> Self {
                match value { $(<$remote>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $remote {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => <$remote>::$variant),+ }
            }
        }
    };
}

pub(crate) use mirrored;

mirrored! {
    /// 取組段階.
    Star = domain::value::Star {
        /// ★.
        One,
        /// ★★.
        Two,
    }
}

mirrored! {
    /// Where a declaration stands.
    DeclarationState = domain::declaration::DeclarationState {
        /// 有効.
        Active,
        /// 停止, 廃業 or 取消.
        Stopped,
        /// Replaced by a declaration with a newer number.
        Superseded,
        /// A duplicate that was merged into another declaration.
        Merged,
    }
}

mirrored! {
    /// How a declaration came into the register.
    Provenance = domain::declaration::Provenance {
        /// With an old register that was taken over.
        Import,
        /// Taken from an older system by hand.
        Legacy,
        /// From the declarer.
        Public,
        /// From staff, for the declarer.
        Staff,
    }
}

mirrored! {
    /// Where the policy of a declaration can be read.
    PolicyState = domain::declaration::PolicyState {
        /// Nowhere that the register knows of.
        None,
        /// On the web.
        Web,
        /// Elsewhere.
        Elsewhere,
    }
}

mirrored! {
    /// Whether there is somewhere to write to.
    ContactState = domain::declaration::ContactState {
        /// A mail address stands there, whether or not mail reaches it.
        Address,
        /// None stands there, or whoever it belonged to was forgotten.
        None,
    }
}

mirrored! {
    /// In which way a declaration ended.
    StopKind = domain::declaration::StopKind {
        /// 停止.
        Stopped,
        /// 廃業.
        Closed,
        /// 取消.
        Withdrawn,
    }
}

mirrored! {
    /// How it came about that somebody else stands behind a declaration.
    HandOverKind = domain::declaration::HandOverKind {
        /// 合併.
        Merger,
        /// 承継.
        Succession,
        /// 商号変更.
        Rename,
    }
}

mirrored! {
    /// How it was made sure that somebody who asks is the declarer.
    IdentityCheck = domain::declaration::IdentityCheck {
        /// They told what is registered.
        Answers,
        /// They were called back under the registered telephone number.
        CallBack,
        /// They showed a document.
        Document,
    }
}

mirrored! {
    /// Where a number was sent.
    NumberSentTo = domain::declaration::SentTo {
        /// To the registered address.
        Registered,
        /// To another one: a second person agreed.
        Elsewhere,
    }
}

mirrored! {
    /// Of two declarations that are to become one, whose value stays.
    MergeSide = domain::declaration::decide::MergeSide {
        /// That of the one that goes on.
        Survivor,
        /// That of the one that is merged into it.
        Merged,
    }
}

mirrored! {
    /// Where a policy can be read.
    PolicyMedium = domain::value::PolicyMedium {
        /// On the web.
        Web,
        /// 紙の掲示.
        PaperNotice,
        /// パンフレット.
        Pamphlet,
        /// Elsewhere.
        Other,
    }
}

mirrored! {
    /// One answer of a self-diagnosis. What does not apply counts as DONE.
    DiagnosisAnswer = domain::declaration::Answer {
        /// 実施している.
        Done,
        /// 一部実施している.
        Partly,
        /// 実施していない.
        NotDone,
        /// わからない.
        Unknown,
    }
}

mirrored! {
    /// What a score tells. There is none that a declarer has to reach.
    DiagnosisBand = domain::declaration::DiagnosisBand {
        /// 100.
        Complete,
        /// 70 to 99.
        PartlyMissing,
        /// 50 to 69.
        ClearlyMissing,
        /// Less.
        AccidentProne,
    }
}

mirrored! {
    /// 区分.
    EntityType = domain::value::EntityType {
        /// 法人.
        Corporation,
        /// 個人事業主.
        SoleTrader,
        /// その他団体.
        OtherBody,
    }
}

mirrored! {
    /// Which text was pledged.
    PledgeVersion = domain::value::PledgeVersion {
        /// 5か条.
        FiveRules,
        /// 6か条.
        SixRules,
    }
}

mirrored! {
    /// The size of an organisation as the SME law sees it; a hint.
    SizeClass = domain::declaration::SizeClass {
        /// 小規模企業者.
        Micro,
        /// 中小企業者.
        Sme,
        /// Larger.
        Larger,
        /// No company: the law's table does not apply.
        OtherBody,
        /// Too little is known.
        Unknown,
    }
}

mirrored! {
    /// What is doubtful about a declaration. A flag never stops anything.
    FlagCode = domain::declaration::FlagCode {
        /// No corporate number.
        CorporateNumberMissing,
        /// Not 13 digits.
        CorporateNumberLength,
        /// Wrong check digit.
        CorporateNumberCheckDigit,
        /// Another live declaration has the same number.
        CorporateNumberDuplicate,
        /// Unknown industry.
        IndustryUnknown,
        /// No head count.
        EmployeesMissing,
        /// A head count that is no number.
        EmployeesUnreadable,
        /// Two stars without a policy.
        PolicyMissing,
        /// A policy that is not on the web.
        PolicyNotUrl,
        /// No mail address.
        EmailMissing,
        /// A mail address without @.
        EmailUnreadable,
        /// Dots where RFC 5321 has none.
        EmailNotRfc,
        /// Stopped on an unknown day.
        StoppedDateMissing,
        /// A name with characters that are not shown, or that turn the text around them.
        NameCharacters,
        /// Somebody may have declared for the declarer.
        ProxySuspected,
        /// Mail to the contact does not arrive.
        ContactUnreachable,
    }
}

mirrored! {
    /// A field of a declaration.
    DeclarationField = domain::declaration::Field {
        /// 自己宣言ID.
        DeclarationNo,
        /// 宣言日.
        DeclaredOn,
        /// 取組段階.
        Star,
        /// 条文の版.
        PledgeVersion,
        /// 区分.
        EntityType,
        /// 法人番号.
        CorporateNumber,
        /// 事業者名.
        Name,
        /// フリガナ.
        NameKana,
        /// 屋号.
        TradeName,
        /// 代表者役職.
        RepresentativeTitle,
        /// 代表者名.
        RepresentativeName,
        /// 郵便番号.
        PostalCode,
        /// 都道府県.
        Prefecture,
        /// 市区町村.
        City,
        /// 番地.
        Street,
        /// 建物.
        Building,
        /// 業種.
        Industry,
        /// 従業員数.
        Employees,
        /// 資本金.
        CapitalYen,
        /// 自社診断点数.
        DiagnosisScore,
        /// 基本方針URL.
        PolicyUrl,
        /// 基本方針公開日.
        PolicyPublishedOn,
        /// 担当者名.
        ContactName,
        /// 担当部署.
        ContactDepartment,
        /// メール.
        ContactEmail,
        /// 電話.
        ContactPhone,
        /// 公表同意.
        PublishConsent,
        /// 備考.
        Remarks,
    }
}

/// What kind of entry stands in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum HistoryKind {
    /// Taken over from an old register.
    Registered,
    /// Declared.
    Made,
    /// Corrected.
    Corrected,
    /// Contact data changed.
    ContactChanged,
    /// A self-diagnosis was recorded.
    DiagnosisRecorded,
    /// A policy was recorded.
    PolicyRecorded,
    /// From one star to two.
    SteppedUp,
    /// From two stars to one.
    SteppedDown,
    /// A policy is no longer there.
    PolicyWithdrawn,
    /// The right to use the logo rests.
    LogoSuspended,
    /// It is there again.
    LogoRestored,
    /// An earlier entry was taken back.
    Undone,
    /// No longer live.
    Stopped,
    /// Live again, or a stop that was to come taken back.
    Reinstated,
    /// Shown in the public search.
    Published,
    /// No longer shown there.
    Unpublished,
    /// A person was forgotten.
    PersonForgotten,
    /// A flag was raised.
    FlagRaised,
    /// A flag was cleared.
    FlagCleared,
    /// A note was added.
    NoteAdded,
    /// Evidence was given for the changes of the same command.
    EvidenceGiven,
    /// A declaration with a newer number took its place.
    Superseded,
    /// It took the place of a declaration with an older number.
    LinkedToOld,
    /// It was merged into another declaration.
    MergedInto,
    /// Another declaration was merged into it.
    Absorbed,
    /// Somebody else stands behind it.
    HandedOver,
    /// The declarer was told their forgotten number.
    NumberLookedUp,
}

mirrored! {
    /// In which role a person stands in a declaration.
    PersonRole = domain::declaration::Role {
        /// Who represents the declarer.
        Representative,
        /// The contact person.
        Contact,
        /// A sole trader: name, address, and what was put in as a corporate number.
        SoleTrader,
        /// Whoever is named in free text: remarks, notes, reasons.
        Remarks,
    }
}

/// ERROR: it was always so (誤りの訂正). CHANGE: a fact that changed on a day (事実の変更).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CorrectionKind {
    /// 誤りの訂正.
    Error,
    /// 事実の変更.
    Change,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A member of staff.
    Staff,
    /// A program of another office, with a token.
    Token,
    /// Sengen itself.
    System,
    /// The declaring organisation.
    Declarer,
}

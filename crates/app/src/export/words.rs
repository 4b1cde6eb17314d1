//! What the register keeps as codes, in the words of the console.

use domain::declaration::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass};
use domain::value::{EntityType, PledgeVersion, Star};

/// Stands where a name of a sole trader would, for whoever may not see it.
pub(super) const SOLE_TRADER: &str = "（個人事業主）";
/// Stands where something about somebody who was forgotten was.
pub(super) const FORGOTTEN: &str = "（消去済み）";

pub(super) const fn star(star: Option<Star>) -> &'static str {
    match star {
        Some(Star::One) => "一つ星",
        Some(Star::Two) => "二つ星",
        None => "段階不明",
    }
}

pub(super) const fn state(state: DeclarationState) -> &'static str {
    match state {
        DeclarationState::Active => "有効",
        DeclarationState::Stopped => "停止",
        DeclarationState::Superseded => "切替済み",
        DeclarationState::Merged => "統合済み",
    }
}

pub(super) const fn entity(entity: EntityType) -> &'static str {
    match entity {
        EntityType::Corporation => "法人",
        EntityType::SoleTrader => "個人事業主",
        EntityType::OtherBody => "その他団体",
    }
}

pub(super) const fn size(size: SizeClass) -> &'static str {
    match size {
        SizeClass::Micro => "小規模事業者",
        SizeClass::Sme => "中小企業",
        SizeClass::Larger => "中小企業の範囲を超える規模",
        SizeClass::OtherBody => "対象団体",
        SizeClass::Unknown => "判定できません",
    }
}

pub(super) const fn pledge(pledge: Option<PledgeVersion>) -> &'static str {
    match pledge {
        Some(PledgeVersion::FiveRules) => "5か条",
        Some(PledgeVersion::SixRules) => "6か条",
        None => "不明",
    }
}

pub(super) const fn origin(origin: Provenance) -> &'static str {
    match origin {
        Provenance::Import => "旧台帳の取り込み",
        Provenance::Legacy => "旧システムからの入力",
        Provenance::Public => "事業者の申込み",
        Provenance::Staff => "事務局の入力",
    }
}

pub(super) const fn published(published: bool) -> &'static str {
    if published { "公表" } else { "非公表" }
}

pub(super) const fn policy(policy: PolicyState) -> &'static str {
    match policy {
        PolicyState::None => "登録なし",
        PolicyState::Web => "ウェブで公開",
        PolicyState::Elsewhere => "ウェブ以外で公開",
    }
}

pub(super) const fn contact(contact: ContactState) -> &'static str {
    match contact {
        ContactState::Address => "メールあり",
        ContactState::None => "メールなし",
    }
}

pub(super) const fn flag(flag: FlagCode) -> &'static str {
    match flag {
        FlagCode::CorporateNumberMissing => "法人番号なし",
        FlagCode::CorporateNumberLength => "法人番号の桁数",
        FlagCode::CorporateNumberCheckDigit => "法人番号の検査数字",
        FlagCode::CorporateNumberDuplicate => "重複の疑い",
        FlagCode::IndustryUnknown => "業種不明",
        FlagCode::EmployeesMissing => "従業員数なし",
        FlagCode::EmployeesUnreadable => "従業員数が読めない",
        FlagCode::PolicyMissing => "基本方針なし",
        FlagCode::PolicyNotUrl => "方針がURLでない",
        FlagCode::EmailMissing => "メールなし",
        FlagCode::EmailUnreadable => "メールが読めない",
        FlagCode::EmailNotRfc => "メールの形式",
        FlagCode::StoppedDateMissing => "停止日なし",
        FlagCode::NameCharacters => "名前に見えない文字",
        FlagCode::ProxySuspected => "代理申請の疑い",
        FlagCode::ContactUnreachable => "連絡先に届かない",
    }
}

//! What people wrote to the secretariat in the last days, and what became of it. No answer goes out: a message that waits in the ledger
//! would be sent by whoever sets a relay up.

use chrono::NaiveDate;
use domain::inquiry::{InquiryTag, Resolution};
use domain::reply_template::TemplateDraft;
use domain::staff::Actor;
use domain::{InquiryId, Personal};

use super::office::{Sample, SampleError, refused};
use super::words::{FAMILY, GIVEN, contact_address};
use crate::incoming_mail::{IncomingKind, MailSource, RawBytes, RawMail, WhatItIs};
use crate::inquiry::InquiryChange;
use crate::reply_template::SaveTemplate;
use crate::{CaseChange, Internal};

/// Days before the last one on which mail comes in.
const DAYS: i64 = 12;

/// What it is about, its subject, and what it says; `#` is the number of the declaration.
const MAILS: [(InquiryTag, &str, &str); 12] = [
    (
        InquiryTag::ForgottenNumber,
        "自己宣言IDを忘れてしまいました",
        "補助金の申請に必要ですが、控えが見つかりません。締切が近いため、お教えいただけますか。",
    ),
    (
        InquiryTag::ForgottenNumber,
        "宣言番号の再送のお願い",
        "前の担当者が退職し、番号の載ったメールが残っていません。登録のアドレスへ送っていただけますか。",
    ),
    (
        InquiryTag::OldNumber,
        "古い番号はまだ使えますか",
        "手元の番号は # です。新しい番号を取り直す必要はありますか。",
    ),
    (
        InquiryTag::GbizId,
        "GビズIDでログインできません",
        "ワンタイムパスワードが届かず、マイページに入れません。どこに問い合わせればよいでしょうか。",
    ),
    (
        InquiryTag::Change,
        "本社移転に伴う登録内容の変更",
        "来月、本社を移転します。番号 # の住所を変更したいのですが、手続きを教えてください。",
    ),
    (
        InquiryTag::Change,
        "代表者の変更について",
        "代表者が交代しました。登録を直すには何が必要でしょうか。",
    ),
    (
        InquiryTag::Star,
        "二つ星に進むには",
        "自社診断は終わりました。次に何をすればよいでしょうか。番号は # です。",
    ),
    (
        InquiryTag::Logo,
        "ロゴを名刺に載せてもよいですか",
        "ウェブサイトと名刺の両方に載せたいと考えています。色の変更はできますか。",
    ),
    (
        InquiryTag::Policy,
        "ウェブサイトがない場合の基本方針",
        "自社のサイトがありません。会社案内への掲載でも、公開したことになりますか。",
    ),
    (
        InquiryTag::Stop,
        "廃業のため停止をお願いします",
        "今月末で廃業します。番号 # の宣言を停止してください。",
    ),
    (
        InquiryTag::Proof,
        "宣言していることの証明",
        "取引先から求められました。証明書のようなものはありますか。",
    ),
    (
        InquiryTag::Eligibility,
        "NPO法人も宣言できますか",
        "従業員8人のNPO法人です。対象になるかどうか教えてください。",
    ),
];

/// Templates of answers: name, for what, in Japanese, in English.
const TEMPLATES: [(&str, InquiryTag, &str, Option<&str>); 4] = [
    (
        "宣言番号を登録のアドレスに送った",
        InquiryTag::ForgottenNumber,
        "{{相手}}様\n\nお問い合わせありがとうございます。\n宣言番号は、登録されているメールアドレスにお送りしました。届かない場合は、迷惑メールの\
         フォルダーもご確認ください。\n\n担当：{{担当者}}",
        Some(
            "Dear {{recipient}},\n\nThank you for your message.\nWe have sent your declaration number to the registered mail \
             address. Please also look into your spam folder.\n\n{{staff}}",
        ),
    ),
    (
        "登録内容の変更の手続き",
        InquiryTag::Change,
        "{{相手}}様\n\nお問い合わせありがとうございます。\n{{組織名}}様（宣言番号 {{宣言番号}}）の登録内容は、変更を確認できる書類（登記事項証明書の写しなど）\
         をこのメールにご返信いただければ、事務局で変更します。\n\n担当：{{担当者}}",
        None,
    ),
    (
        "二つ星への進み方",
        InquiryTag::Star,
        "{{相手}}様\n\nお問い合わせありがとうございます。\n現在は{{星}}です（宣言日 {{宣言日}}）。二つ星に進むには、自社診断の実施と、基本方針の公開が\
         必要です。\n\n担当：{{担当者}}",
        None,
    ),
    (
        "GビズIDの窓口の案内",
        InquiryTag::GbizId,
        "{{相手}}様\n\nお問い合わせありがとうございます。\nGビズIDへのログインについては、GビズIDの窓口にお問い合わせください。\n\n担当：{{担当者}}",
        None,
    ),
];

impl Sample<'_> {
    /// Writes the templates of answers.
    pub(super) async fn write_templates(&mut self) -> Result<(), SampleError> {
        for (name, tag, ja, en) in TEMPLATES {
            let op = self.op()?;
            let command = SaveTemplate {
                command_id: self.app.new_id().map_err(Internal::new)?,
                change_of: None,
                draft: TemplateDraft {
                    name: name.to_owned(),
                    tags: [tag].into(),
                    ja: ja.to_owned(),
                    en: en.map(str::to_owned),
                },
            };
            let saved = self.app.save_reply_template(&op, command).await;
            saved.map_err(|error| refused(&error))?;
        }
        Ok(())
    }

    /// What comes in on one of the last days; nothing on days before them, or where nobody can read mail.
    pub(super) async fn hear(&mut self, day: NaiveDate, today: NaiveDate) -> Result<(), SampleError> {
        let ago = (today - day).num_days();
        if !(0..=DAYS).contains(&ago) || self.app.mail_contents.is_none() {
            return Ok(());
        }
        for _ in 0..2 + self.dice.below(3) {
            let mail = self.dice.below(MAILS.len() as u64);
            let mail = usize::try_from(mail).unwrap_or_default();
            self.arrive(&MAILS[mail], ago).await?;
        }
        Ok(())
    }

    async fn arrive(
        &mut self,
        (tag, subject, text): &(InquiryTag, &str, &str),
        ago: i64,
    ) -> Result<(), SampleError> {
        let Some(reader) = self.app.mail_contents.clone() else {
            return Ok(());
        };
        let index = self.dice.below(self.alive.len().max(1) as u64);
        let number = u32::try_from(index).unwrap_or_default();
        let declaration = self.alive.get(usize::try_from(index).unwrap_or_default());
        let declaration = declaration
            .and_then(Option::as_ref)
            .map(|it| it.number.to_string());
        let name = format!("{} {}", self.dice.pick(&FAMILY), self.dice.pick(&GIVEN));
        let text = text.replace('#', declaration.as_deref().unwrap_or("（分かりません）"));
        let id = self.app.new_id().map_err(Internal::new)?;
        let raw = format!(
            "From: {name} <{}>\r\nTo: office@example.jp\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{id}@example.jp>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             お世話になっております。{name}です。\r\n\r\n{text}\r\n\r\nよろしくお願いいたします。\r\n",
            contact_address(number),
            self.app.now().to_rfc2822(),
        );
        let mail = [RawMail::whole(raw.clone().into_bytes())];
        let taken = self.app.take_mail(&MailSource::File, &mail).await?;
        let Some(taken) = taken.first() else {
            return Ok(());
        };
        let bytes = RawBytes {
            bytes: raw.as_bytes(),
            size: raw.len() as u64,
            is_whole: true,
        };
        let read = WhatItIs {
            id: taken.id,
            kind: IncomingKind::Human,
            report: None,
            taken_at: self.app.now(),
            content: reader.read(&bytes, None),
        };
        let request_id = self.app.new_id().map_err(Internal::new)?;
        let actor = Actor::System("mail".to_owned());
        let op = self.app.context(actor, Vec::new(), request_id, "sample");
        self.app.mail_was_read(&op, &[read]).await?;
        self.work_on(taken.id, *tag, ago).await
    }

    /// The older it is, the more has been done with it.
    async fn work_on(&mut self, message: uuid::Uuid, tag: InquiryTag, ago: i64) -> Result<(), SampleError> {
        let named = storage::inquiry::named(self.app.store.database(), &[], &[message]).await;
        let Some(named) = named.map_err(Internal::new)?.into_iter().next() else {
            return Ok(());
        };
        let mut deeds = Vec::new();
        if self.dice.chance(60) {
            deeds.push(InquiryChange::Tag {
                add: vec![tag],
                remove: Vec::new(),
            });
        }
        if self.dice.chance(15) {
            deeds.push(InquiryChange::Note {
                text: Personal::new("電話でも問い合わせがあった。折り返しは午後を希望。".to_owned()),
                mentioned: Vec::new(),
            });
        }
        if ago > 1 && self.dice.chance(80) {
            deeds.push(InquiryChange::Close {
                resolution: self.dice.one(&[Resolution::NoAnswerNeeded, Resolution::Referred]),
            });
        }
        for deed in deeds {
            self.deed(named.inquiry_id, &deed).await?;
        }
        Ok(())
    }

    async fn deed(&mut self, id: InquiryId, deed: &InquiryChange) -> Result<(), SampleError> {
        let op = self.op()?;
        let thread = self.app.thread(id).await?;
        let change = CaseChange::new(
            self.app.new_id().map_err(Internal::new)?,
            id.uuid(),
            thread.map_or(event_store::Position::START, |thread| thread.version()),
        );
        let changed = self.app.change_inquiry(&op, change, deed).await;
        changed.map_err(|error| refused(&error))?;
        Ok(())
    }
}

//! The nightly walk through the log and all files that it names, whose result goes to the operators by mail.

use domain::job::Patience;
use domain::mailing::{Address, Class, Draft, DraftInput};
use domain::reason::Reason;
use event_store::{BoxFuture, Position, VerifyOptions, VerifyReport};

use super::handler::{Effects, JobFailure, JobHandler, JobRun};
use crate::attachment::DamagedAttachment;
use crate::mail::About;
use crate::{App, DamagedFile, FileFault, FileReport, Internal, PassingKind};

/// More sentences help nobody who reads a mail; `sengen verify --json` has all.
const SENTENCES: usize = 10;

/// Checks the log against its hashes, tags, receipts and tree, and files against the log, and tells the operators.
#[derive(Debug, Clone, Default)]
pub struct VerifyLog {
    /// Who is told. Without anybody the result is in the job alone.
    pub operators: Vec<Address>,
    /// The key of the sender that they are told by.
    pub sender: String,
}

impl VerifyLog {
    /// The command, as schedules name it.
    pub const COMMAND: &'static str = "verify-log";
}

impl JobHandler for VerifyLog {
    fn command(&self) -> &'static str {
        Self::COMMAND
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(async move {
            let found = tokio::select! {
                found = look(app, run) => found.map_err(|error| failed(&error))?,
                () = run.stopping() => return Err(JobFailure::Stopped),
            };
            self.tell(app, run, &found).await.map_err(|error| failed(&error))
        })
    }
}

/// What was found in the log, and in the files that it names.
struct Found {
    log: VerifyReport,
    files: FileReport,
}

impl Found {
    const fn in_log(&self) -> u64 {
        self.log.breaches.len() as u64 + self.log.more
    }

    const fn faults(&self) -> u64 {
        self.in_log() + self.files.faults()
    }
}

async fn look(app: &App, run: &JobRun) -> Result<Found, Internal> {
    Ok(Found {
        log: walk(app, run).await?,
        files: app.verify_files().await?,
    })
}

async fn walk(app: &App, run: &JobRun) -> Result<VerifyReport, Internal> {
    let head = app.store().head().await.map_err(Internal::new)?;
    let key = app.tree.as_ref().map(event_store::LogTree::verifier_key);
    let total = head.get().unsigned_abs();
    let options = VerifyOptions {
        key: key.as_ref(),
        ..VerifyOptions::between(Position::START, head)
    };
    app.store()
        .verify_with(options, |position| {
            run.report(position.get().unsigned_abs(), total);
        })
        .await
        .map_err(Internal::new)
}

impl VerifyLog {
    async fn tell(&self, app: &App, run: &JobRun, found: &Found) -> Result<Effects, Internal> {
        let mut effects = Effects {
            result: Reason::verified(found.log.checked, found.faults()),
            events: Vec::new(),
        };
        let (subject, text) = (subject(found.log.checked, found.faults()), text(found));
        for (number, operator) in self.operators.iter().enumerate() {
            let draft = Draft::new(&DraftInput {
                sender: &self.sender,
                to: operator.typed(),
                name: None,
                subject: &subject,
                text: &text,
                class: Class::Administrative,
                auto: true,
                reply_to: None,
                references: &[],
            });
            let draft = draft.map_err(Internal::new)?;
            let person = app.mail_subject(operator.key().reveal()).await?;
            // Of the job, so that an attempt that is made again tells nobody twice.
            let name = format!("operator {number}");
            effects.events.push(app.mail_event(
                run.job.id.uuid(),
                &name,
                person,
                &draft,
                About::default(),
            )?);
        }
        Ok(effects)
    }
}

fn subject(checked: u64, breaches: u64) -> String {
    if breaches == 0 {
        format!("台帳の検証：異常なし（{checked}件）")
    } else {
        format!("【要対応】台帳の検証：異常が{breaches}件あります（{checked}件中）")
    }
}

fn text(found: &Found) -> String {
    let Found { log, files } = found;
    let mut lines = vec![
        format!("台帳の記録{}件を検証しました。", log.checked),
        format!("ハッシュ木に含まれる記録：{}件", log.in_tree),
        format!("署名済みの先頭：{}件（最新は{}件目まで）", log.heads, log.signed),
        format!(
            "添付された書類：{}件、保管中の書き出し・取り込みのファイル：{}件",
            files.documents.checked, files.passing
        ),
        String::new(),
    ];
    if found.faults() == 0 {
        lines.push("異常は見つかりませんでした。".to_owned());
        return lines.join("\n");
    }
    if found.in_log() > 0 {
        lines.push(format!("台帳の異常が{}件見つかりました。", found.in_log()));
        let listed = log.breaches.iter().take(SENTENCES);
        lines.extend(listed.map(|breach| format!("・位置 {}：{breach}", breach.position)));
    }
    if files.faults() > 0 {
        lines.push(format!("ファイルの異常が{}件見つかりました。", files.faults()));
        let documents = files.documents.damaged.iter().map(damaged_document);
        let passing = files.damaged.iter().map(damaged_file);
        lines.extend(documents.chain(passing).take(SENTENCES));
    }
    lines.push(String::new());
    lines.push(
        "サーバーで「sengen verify」を実行して全件を確認し、バックアップからの復元を検討してください。"
            .to_owned(),
    );
    lines.join("\n")
}

fn damaged_document(file: &DamagedAttachment) -> String {
    let (number, position, what) = (&file.number, file.position, fault_word(file.fault));
    format!(
        "・自己宣言ID {number} の書類 {}（位置 {position}）：{what}",
        file.id
    )
}

fn damaged_file(file: &DamagedFile) -> String {
    let kind = match file.kind {
        PassingKind::Export => "書き出し",
        PassingKind::Import => "取り込み",
    };
    format!("・{kind} {} のファイル：{}", file.id, fault_word(file.fault))
}

const fn fault_word(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Missing => "ありません",
        FileFault::Changed => "記録と一致しません",
    }
}

/// No personal data: an error here says which file or event, and nothing of what stands in it.
fn failed(error: &Internal) -> JobFailure {
    JobFailure::Failed(crate::reason_of(error))
}

//! The nightly walk through the log, whose result goes to the operators by mail.

use domain::job::Patience;
use domain::mailing::{Address, Class, Draft, DraftInput};
use domain::reason::Reason;
use event_store::{BoxFuture, Position, VerifyOptions, VerifyReport};

use super::handler::{Effects, JobFailure, JobHandler, JobRun};
use crate::mail::About;
use crate::{App, Internal};

/// More sentences help nobody who reads a mail; `sengen verify --json` has all.
const SENTENCES: usize = 10;

/// Checks the log against its hashes, tags, receipts and tree, and tells the operators.
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
            let report = tokio::select! {
                report = walk(app, run) => report.map_err(|error| failed(&error))?,
                () = run.stopping() => return Err(JobFailure::Stopped),
            };
            self.tell(app, run, &report).await.map_err(|error| failed(&error))
        })
    }
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
    async fn tell(&self, app: &App, run: &JobRun, report: &VerifyReport) -> Result<Effects, Internal> {
        let breaches = report.breaches.len() as u64 + report.more;
        let mut effects = Effects {
            result: Reason::verified(report.checked, breaches),
            events: Vec::new(),
        };
        let (subject, text) = (subject(report.checked, breaches), text(report, breaches));
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

fn text(report: &VerifyReport, breaches: u64) -> String {
    let mut lines = vec![
        format!("台帳の記録{}件を検証しました。", report.checked),
        format!("ハッシュ木に含まれる記録：{}件", report.in_tree),
        format!(
            "署名済みの先頭：{}件（最新は{}件目まで）",
            report.heads, report.signed
        ),
        String::new(),
    ];
    if breaches == 0 {
        lines.push("異常は見つかりませんでした。".to_owned());
    } else {
        lines.push(format!("異常が{breaches}件見つかりました。"));
        let listed = report.breaches.iter().take(SENTENCES);
        lines.extend(listed.map(|breach| format!("・位置 {}：{breach}", breach.position)));
        lines.push(String::new());
        lines.push(
            "サーバーで「sengen verify」を実行して全件を確認し、バックアップからの復元を検討してください。"
                .to_owned(),
        );
    }
    lines.join("\n")
}

/// No personal data: the log is walked without opening anything.
fn failed(error: &Internal) -> JobFailure {
    JobFailure::Failed(crate::reason_of(error))
}

//! `sengen mail`.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::mail::{QueueMailError, test_message};
use domain::mailing::State;
use domain::reason::Reason;
use storage::mail::Mail;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::background;
use crate::cli::MailTestArgs;
use crate::config::{Config, OFFICE};
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Pause between two looks at the message.
const LOOK: Duration = Duration::from_millis(100);

/// What is said when the time is over and the relay has not spoken. The ledger has no reply then.
const SILENT: &str = "the relay did not answer in time and may have taken it; within a minute it is in doubt, and a person \
     decides in the console";

/// Queues a message, sends it from here, and says what became of it.
pub async fn test(config: &Config, args: &MailTestArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let outcome = send(config, &office.app, args).await;
    office.close().await;
    let mail = outcome?;
    let silent = mail.state == State::Claimed && mail.reply.is_none();
    let reply = if silent {
        SILENT.to_owned()
    } else {
        Reason::read(&mail.reply.unwrap_or_default()).to_string()
    };
    match mail.state {
        State::Accepted => {
            output::line(format!("accepted {reply}").trim_end());
            Ok(())
        }
        state => {
            let text = format!(
                "the message is {state}: {reply}; it stays in the ledger under {}",
                mail.id
            );
            Err(Failure::new(Exit::Other, text))
        }
    }
}

async fn send(config: &Config, app: &Arc<App>, args: &MailTestArgs) -> Result<Mail, Failure> {
    let other = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Other, error);
    let transport = background::transport(&config.mail)?;
    output::note(&format!("mail: {}", transport.describe()));
    let op = app.command_line().map_err(|error| other(&error))?;
    let command_id = app.new_id().map_err(|error| other(&error))?;
    let queued = app
        .queue_test_mail(&op, command_id, &test_message(OFFICE, &args.address))
        .await
        .map_err(|error| match error {
            QueueMailError::Refused(problem) => Failure::new(Exit::Usage, problem.to_string()),
            error => other(&error),
        })?;
    let stop = CancellationToken::new();
    let node = format!("command line {command_id}");
    let mailer = background::mailer(app, &config.mail, transport, node);
    let sending = tokio::spawn(mailer.run(stop.clone()));
    let settled = tokio::time::timeout(Duration::from_secs(args.wait), settled(app, queued.id)).await;
    stop.cancel();
    // It fails only when it has panicked, which the log has said.
    let _ = sending.await;
    match settled {
        Ok(mail) => mail,
        Err(_) => look(app, queued.id).await,
    }
}

async fn settled(app: &App, id: Uuid) -> Result<Mail, Failure> {
    loop {
        let mail = look(app, id).await?;
        if !matches!(mail.state, State::Queued | State::Claimed) {
            return Ok(mail);
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn look(app: &App, id: Uuid) -> Result<Mail, Failure> {
    let other = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Other, error);
    let op = app.command_line().map_err(|error| other(&error))?;
    let found = app.mail(&op, id).await.map_err(|error| other(&error))?;
    let gone = || Failure::new(Exit::Other, "the message is not in the ledger any more");
    Ok(found.ok_or_else(gone)?.mail)
}

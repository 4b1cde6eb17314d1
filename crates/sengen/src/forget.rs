//! `sengen forget`.

use std::io::{BufRead as _, IsTerminal as _};
use std::time::Duration;

use app::declaration::{Change, ForgetPerson, ForgetPersonError, ForgetPreview};
use app::{App, EraseError, Erased};
use domain::declaration::Role;
use domain::value::DeclarationNo;
use storage::erasure::Depth;

use crate::cli::{ForgetArgs, PersonRole};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// How often it is tried to clear files that somebody reads.
const TRIES: u32 = 20;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

impl From<PersonRole> for Role {
    fn from(role: PersonRole) -> Self {
        match role {
            PersonRole::Representative => Self::Representative,
            PersonRole::Contact => Self::Contact,
            PersonRole::Trader => Self::SoleTrader,
            PersonRole::Remarks => Self::Remarks,
        }
    }
}

/// Says what it will do, asks, and forgets somebody; or only clears the files.
pub async fn run(config: &Config, args: &ForgetArgs) -> Result<(), Failure> {
    let wanted = match (&args.declaration, args.person, &args.reason) {
        (Some(number), Some(person), Some(reason)) => {
            let read = DeclarationNo::parse(number).map_err(|_| {
                Failure::new(
                    Exit::Usage,
                    format!("{number} is no number of a declaration; it has 11 digits"),
                )
            })?;
            Some((read, Role::from(person), reason.clone()))
        }
        _ => None,
    };
    let office = Office::open(config).await?;
    let outcome = match wanted {
        Some((number, role, reason)) => forget(&office, args, &number, role, reason).await,
        None => Ok(()),
    };
    let cleared = match outcome {
        Ok(()) => clear(&office.app).await.map_err(|error| unfinished(&error)),
        Err(failure) => Err(failure),
    };
    office.close().await;
    tell(cleared?, config.database_url.is_some());
    Ok(())
}

/// Clears the files. A served office has readers, each for a moment: they are waited for.
async fn clear(app: &App) -> Result<Erased, EraseError> {
    for _ in 1..TRIES {
        match app.finish_erasures(Depth::Thorough).await {
            Err(EraseError::FilesInUse) => tokio::time::sleep(PAUSE).await,
            ended => return ended,
        }
    }
    app.finish_erasures(Depth::Thorough).await
}

async fn forget(
    office: &Office,
    args: &ForgetArgs,
    number: &DeclarationNo,
    role: Role,
    reason: String,
) -> Result<(), Failure> {
    let other = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Other, error);
    let op = office.app.command_line().map_err(|error| other(&error))?;
    let preview = office.app.preview_forgetting(&op, number, role).await;
    let preview = preview.map_err(|error| failure(&error))?.ok_or_else(|| {
        let text = format!("there is no declaration {}", number.as_str());
        Failure::new(Exit::Usage, text)
    })?;
    if !preview.is_kept {
        return Err(failure(&ForgetPersonError::NothingKept));
    }
    announce(&preview, number, role);
    if !args.yes {
        confirm(number)?;
    }
    let command = ForgetPerson {
        change: Change {
            command_id: office.app.new_id().map_err(|error| other(&error))?,
            id: preview.id,
            expected_version: preview.version,
            inquiry: None,
        },
        role,
        reason,
    };
    let forgotten = office.app.forget_person(&op, command).await;
    let forgotten = forgotten.map_err(|error| failure(&error))?;
    output::line(&format!(
        "forgotten at position {}: the key is destroyed, lists and search have nothing left",
        forgotten.position
    ));
    Ok(())
}

fn announce(preview: &ForgetPreview, number: &DeclarationNo, role: Role) {
    output::note(&format!(
        "This forgets the {} of declaration {} for ever: in lists, search, exports, views of earlier days and history. \
         The event, its day and its author stay.",
        word(role),
        number.as_str()
    ));
    for other in &preview.also_as {
        output::note(&format!(
            "  the same person also stands there as {}; that stays until it is forgotten too",
            word(*other)
        ));
    }
    if preview.mentions > 0 {
        output::note(&format!(
            "  {} remarks, notes or reasons name the person; they stay until the free text is forgotten (--person remarks)",
            preview.mentions
        ));
    }
}

const fn word(role: Role) -> &'static str {
    match role {
        Role::Representative => "representative",
        Role::Contact => "contact",
        Role::SoleTrader => "sole trader",
        Role::Remarks => "free text (remarks, notes, reasons)",
    }
}

/// Typing the number is what nobody does by accident.
fn confirm(number: &DeclarationNo) -> Result<(), Failure> {
    let refuse = |text: &str| Failure::new(Exit::Usage, text);
    if !std::io::stdin().is_terminal() {
        return Err(refuse("nobody can be asked here; say --yes"));
    }
    output::note("Type the number of the declaration to go on:");
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    if typed.trim() == number.as_str() {
        Ok(())
    } else {
        Err(refuse("that is another number; nobody was forgotten"))
    }
}

fn failure(error: &ForgetPersonError) -> Failure {
    match error {
        ForgetPersonError::Invalid(problems) => {
            let lines: Vec<_> = problems
                .iter()
                .map(|problem| format!("{} ({}): {}", problem.field, problem.code, problem.message))
                .collect();
            Failure::new(Exit::Usage, lines.join("; "))
        }
        ForgetPersonError::NothingKept => Failure::new(
            Exit::Usage,
            "nothing is kept about anybody in that role, or it is forgotten already",
        ),
        ForgetPersonError::Stale(_) => Failure::new(
            Exit::Other,
            "the declaration was changed at this moment; look at it and try again",
        ),
        _ => Failure::from_error(Exit::Other, error),
    }
}

fn unfinished(error: &EraseError) -> Failure {
    let mut failure = Failure::from_error(Exit::Other, error);
    failure
        .message
        .push_str("; the person is forgotten, but the files are not cleared yet: run sengen forget --scrub");
    failure
}

fn tell(erased: Erased, postgres: bool) {
    if erased.keys_destroyed > 0 {
        output::line(&format!(
            "{} keys of persons forgotten earlier had come back, and are destroyed",
            erased.keys_destroyed
        ));
    }
    output::line("the files of the database are cleared");
    let copies = if postgres {
        "the server's write-ahead log and its archive"
    } else {
        "snapshots of the disk"
    };
    output::line(&format!(
        "Not in reach: backups made before now, and {copies}. Backups of the log hold sealed parts only; a backup of the \
         keys from before now, with its key file, still opens them until it expires."
    ));
}

//! The rebuild of the declarations projection, in a process of its own, whose memory is looked at.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::bench::Frame;
use crate::bench::log::figure::Figure;
use crate::bench::log::subject::database;
use crate::bench::log::worker::program;
use crate::bench::office::Engine;
use crate::bench::process::Process;
use crate::{Failure, Outcome, run};

/// Events a second that a rebuild has to apply.
pub const GOAL: f64 = 60_000.0;
/// Events of each declaration, as the baselines had them.
const EACH: usize = 10;
/// How many times longer than the goal a rebuild may take before it is given up.
const PATIENCE: f64 = 20.0;
const QUICK_PATIENCE: f64 = 3.0;
/// Declarations of the largest register whose memory is looked at: all small businesses of the country.
pub const MANY: usize = 3_400_000;
/// MiB that must be free in the temporary folder for that.
const ROOM: f64 = 30_000.0;

/// A log with its lists.
pub struct Rebuild {
    url: String,
    output: PathBuf,
    events: f64,
    patience: Duration,
    peak: f64,
    given_up: bool,
}

impl Rebuild {
    /// The log is one that [`fill`] has filled.
    pub fn new(frame: &Frame, engine: Engine, url: &str, events: usize) -> Self {
        let times = if frame.quick { QUICK_PATIENCE } else { PATIENCE };
        let events = count(events);
        Self {
            url: url.to_owned(),
            output: frame
                .folder
                .path()
                .join(format!("rebuild-{}.json", engine.name())),
            events,
            patience: Duration::from_secs_f64(times * events / GOAL),
            peak: 0.0,
            given_up: false,
        }
    }

    /// Rebuilds once. What takes far too long is ended, counts with the rate that it has not reached, and is not tried again.
    ///
    /// # Errors
    /// When it fails.
    pub fn measure(&mut self) -> Outcome<Option<Figure>> {
        if self.given_up {
            return Ok(None);
        }
        let Some((seconds, peak)) = rebuild(&self.url, &self.output, self.patience)? else {
            self.given_up = true;
            return Ok(Some(Figure::of_rate(self.events / self.patience.as_secs_f64())));
        };
        self.peak = self.peak.max(peak);
        Ok(Some(Figure::of_rate(self.events / seconds)))
    }

    /// Its memory, or that it was given up.
    pub fn remark(&self) -> String {
        if self.given_up {
            return format!(
                ": given up after {:.0} s, so slower than that",
                self.patience.as_secs_f64()
            );
        }
        format!(", peak resident memory {:.0} MiB", self.peak)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

/// Rebuilds; answers seconds, measured by the program itself, and MiB. None when it takes too long.
fn rebuild(url: &str, output: &Path, patience: Duration) -> Outcome<Option<(f64, f64)>> {
    let command = run::program(program("rebuild_speed"), &["rebuild", url]);
    let Some(finished) = Process::start(command, output)?.finish_within(patience)? else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(output)
        .map_err(|error| Failure::new(format!("{}: {error}", output.display())))?;
    if !finished.succeeded {
        return Err(Failure::new(text));
    }
    Ok(Some((seconds(&text)?, finished.peak)))
}

/// Reads `{"seconds"}`.
fn seconds(text: &str) -> Outcome<f64> {
    let answer: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the rebuild printed no figures ({error}): {text}")))?;
    answer["seconds"]
        .as_f64()
        .ok_or_else(|| Failure::new(format!("the rebuild printed no time: {text}")))
}

/// A log of so many events, ten for each declaration.
///
/// # Errors
/// When it cannot be filled.
pub fn fill(url: &str, events: usize) -> Outcome<()> {
    fill_with(url, events / EACH, EACH)
}

fn fill_with(url: &str, declarations: usize, each: usize) -> Outcome<()> {
    let (declarations, each) = (declarations.to_string(), each.to_string());
    let arguments = ["fill", url, &declarations, &each];
    run::captured(run::program(program("rebuild_speed"), &arguments)).map(drop)
}

/// MiB that a rebuild of the largest register takes; none where there is no room for it.
///
/// # Errors
/// When it cannot be filled or rebuilt.
pub fn memory_of_many(frame: &Frame, engine: Engine) -> Outcome<Option<f64>> {
    if !free(frame.folder.path())?.is_some_and(|free| free >= ROOM) {
        return Ok(None);
    }
    let url = database(frame, engine, "many")?;
    fill_with(&url, MANY, 1)?;
    let output = frame.folder.path().join("many.json");
    let measured = rebuild(&url, &output, Duration::MAX)?;
    // The other engine needs the room.
    if let Some(path) = url.strip_prefix("sqlite:") {
        let folder = Path::new(path).parent().unwrap_or(Path::new(path));
        std::fs::remove_dir_all(folder)
            .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    }
    Ok(measured.map(|(_, peak)| peak))
}

/// MiB that are free in a folder.
fn free(folder: &Path) -> Outcome<Option<f64>> {
    let folder = folder.display().to_string();
    let output = run::captured(run::program(
        "df",
        &["--output=avail", "--block-size=1M", &folder],
    ))?;
    Ok(available(&String::from_utf8_lossy(&output)))
}

/// The number in the second line of `df`.
fn available(text: &str) -> Option<f64> {
    text.lines().nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_what_the_program_measured() {
        assert!((seconds("{\"events\":10,\"seconds\":2.5}\n").unwrap() - 2.5).abs() < 1e-9);
        assert!(seconds("{}").is_err());
        assert!(seconds("no such database").is_err());
    }

    #[test]
    fn free_room_is_in_the_second_line() {
        assert_eq!(available(" Avail\n 16000\n"), Some(16_000.0));
        assert_eq!(available(""), None);
    }
}

//! Mail through the ledger into a sink on the same machine: each message claimed before it is sent, and what became of it written
//! down. Beside it the transport alone, which writes nothing down: the ledger's share of that is what it costs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::bench::Frame;
use crate::bench::log::program;
use crate::bench::machine::settle;
use crate::bench::office::Engine;
use crate::bench::report::{Goal, Report};
use crate::bench::samples::Samples;
use crate::{Failure, Outcome, run};

const EXAMPLE: &str = "mail_speed";
/// Messages of one measurement: some seconds.
const MESSAGES: usize = 20_000;
const QUICK_MESSAGES: usize = 2_000;
/// Messages a second.
const GOAL: f64 = 4_000.0;

/// Runs all three round by round.
pub fn run(frame: &Frame) -> Outcome<Report> {
    build()?;
    let count = if frame.quick { QUICK_MESSAGES } else { MESSAGES };
    let sink = Sink::start()?;
    let mut alone = Samples::new();
    let mut ledgers = Engine::ALL.map(|engine| (engine, Samples::new(), Samples::new(), Samples::new()));
    for round in 0..frame.rounds {
        settle();
        let words = ["transport", &sink.port, &count.to_string()];
        let transport = per_second(count, &measured(&words)?, "sent")?;
        alone.add(transport);
        for (engine, sent, queued, share) in &mut ledgers {
            settle();
            let url = match engine {
                Engine::Sqlite => format!(
                    "sqlite:{}",
                    frame.folder.path().join(format!("{round}.db")).display()
                ),
                Engine::Postgres => frame.database(&format!("mail_{round}"))?,
            };
            let figures = measured(&["ledger", &url, &sink.port, &count.to_string()])?;
            let rate = per_second(count, &figures, "sent")?;
            sent.add(rate);
            queued.add(per_second(count, &figures, "queued")?);
            share.add(rate / transport);
        }
    }
    let goals = ledgers.iter().map(|(engine, sent, ..)| {
        let name = format!("messages through the ledger, 8 connections, {}", engine.name());
        Goal::at_least(name, GOAL, sent.median(), "per s")
    });
    let mut notes = vec![format!(
        "the transport alone, 8 connections: {:.0} per s ({:.0}–{:.0})",
        alone.median(),
        alone.percentile(0),
        alone.percentile(100)
    )];
    notes.extend(ledgers.iter().map(|(engine, sent, queued, share)| {
        format!(
            "{}: {:.0}–{:.0} per s, {:.2} of the transport alone; queued with what they follow from, 500 a command: {:.0} per s",
            engine.name(),
            sent.percentile(0),
            sent.percentile(100),
            share.median(),
            queued.median()
        )
    }));
    notes.push(format!(
        "{count} messages of 2 KiB of text a measurement, medians of {} rounds",
        frame.rounds
    ));
    Ok(Report::new(goals.collect(), notes))
}

fn build() -> Outcome<()> {
    let arguments = ["build", "--release", "--workspace", "--example", EXAMPLE];
    if run::hidden(run::cargo(&arguments))?.succeeded {
        return Ok(());
    }
    Err(Failure::new("the measuring program does not compile, see above"))
}

fn measured(words: &[&str]) -> Outcome<Value> {
    let printed = run::captured(run::program(program(EXAMPLE), words))?;
    serde_json::from_slice(&printed)
        .map_err(|error| Failure::new(format!("{EXAMPLE} {}: {error}", words.join(" "))))
}

fn per_second(count: usize, figures: &Value, what: &str) -> Outcome<f64> {
    let seconds = figures[what].as_f64();
    let seconds = seconds.ok_or_else(|| Failure::new(format!("{EXAMPLE} did not say how long it {what}")))?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let count = count as f64;
    Ok(count / seconds)
}

/// The sink, which ends with the bench.
struct Sink {
    child: Child,
    port: String,
}

impl Sink {
    fn start() -> Outcome<Self> {
        let failed = |error: std::io::Error| Failure::new(format!("the sink could not be started: {error}"));
        let mut command = run::program(program(EXAMPLE), &["sink"]);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let mut port = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut port).map_err(failed)?;
        }
        Ok(Self {
            child,
            port: port.trim().to_owned(),
        })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

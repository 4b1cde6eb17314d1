//! The log against the plain way and against others: appends by concurrent callers, batches, reading, rebuilding.
//!
//! Every subject that writes has a database of its own that grows from round to round. A ratio is taken within a round, and
//! the median of the rounds is judged. The plain ways: `pgbench` with one prepared INSERT a transaction, and the same rows
//! through the same driver. What is compared is measured one after the other.

mod figure;
mod peers;
mod pgbench;
mod rebuild;
mod subject;
mod verdict;
mod worker;

use std::time::Instant;

use crate::bench::Frame;
use crate::bench::machine::settle;
use crate::bench::office::Engine;
use crate::bench::report::{Goal, Report};
use crate::{Failure, Outcome, run};

use figure::Figures;
use subject::{Key, Subject, What, database};
use worker::Worker;

pub use worker::program;

/// Where the last table stands.
pub const README: &str = "crates/event-store/README.md";
const SECONDS: f64 = 3.0;
const QUICK_SECONDS: f64 = 0.1;
/// The first use of each subject makes tables and fills caches: it is not counted.
const WARM_UP: f64 = 0.05;
const CLIENTS: [usize; 4] = [1, 8, 32, 128];
const CALLERS: [usize; 5] = [1, 8, 32, 128, 512];
/// Callers of the peers.
const PEER_CALLERS: usize = 32;
/// Events of a batch.
const BATCH: usize = 1_000;
/// Events of the log that is read, and of the log from which the list is rebuilt.
const LOG: usize = 1_000_000;
const QUICK_REGISTER: usize = 100_000;
/// No more is read in the time of a quick measurement.
const QUICK_LOG: usize = 20_000;
/// MiB in which a rebuild stays, however many declarations there are.
const MEMORY: f64 = 1_024.0;

/// Runs all subjects round by round.
pub fn run(frame: &Frame) -> Outcome<Report> {
    worker::build()?;
    let with_peers = !frame.quick && peers::build()?;
    let mut notes = vec![durability(frame)?];
    if !with_peers {
        notes.push(if frame.quick {
            "peers: not part of a quick run".to_owned()
        } else {
            "peers: left out, they cannot be built here".to_owned()
        });
    }
    let start = Instant::now();
    let mut table = Table::new(frame, with_peers)?;
    let filling = start.elapsed();
    let start = Instant::now();
    table.measure(frame)?;
    notes.push(format!(
        "{} rounds in {:.0} s, after {:.0} s of filling and warming up; medians, (lowest–highest) of the rounds",
        frame.rounds,
        start.elapsed().as_secs_f64(),
        filling.as_secs_f64()
    ));
    let mut goals = verdict::goals(&table);
    if !frame.quick {
        for engine in Engine::ALL {
            match rebuild::memory_of_many(frame, engine)? {
                Some(peak) => goals.push(memory_goal(engine, peak)),
                None => notes.push(format!(
                    "memory at {} declarations, {}: not measured, the temporary folder has too little room",
                    rebuild::MANY,
                    engine.name()
                )),
            }
        }
    }
    notes.extend(table.subjects.iter().map(|subject| {
        format!(
            "{}: {}{}",
            subject.key.name(),
            subject.figures.text(),
            subject.remark()
        )
    }));
    Ok(Report::new(goals, notes))
}

fn memory_goal(engine: Engine, peak: f64) -> Goal {
    let name = format!(
        "rebuild of {} declarations, memory, {}",
        rebuild::MANY,
        engine.name()
    );
    Goal::at_most(name, MEMORY, peak, "MiB")
}

/// All subjects, in the order in which each round measures them.
pub struct Table {
    subjects: Vec<Subject>,
    worker: Worker,
}

impl Table {
    fn new(frame: &Frame, with_peers: bool) -> Outcome<Self> {
        let mut table = Self {
            subjects: Vec::new(),
            worker: Worker::start()?,
        };
        for callers in CALLERS {
            if CLIENTS.contains(&callers) {
                table.add(frame, Key(What::Pgbench, Engine::Postgres, callers))?;
            }
            table.add(frame, Key(What::Append, Engine::Postgres, callers))?;
            if with_peers && callers == PEER_CALLERS {
                table.add(frame, Key(What::PostgresEs, Engine::Postgres, callers))?;
                table.add(frame, Key(What::Disintegrate, Engine::Postgres, callers))?;
            }
        }
        table.add(frame, Key(What::PlainAppend, Engine::Sqlite, 1))?;
        for callers in CALLERS {
            table.add(frame, Key(What::Append, Engine::Sqlite, callers))?;
        }
        for engine in Engine::ALL {
            table.add(frame, Key(What::PlainBatch, engine, BATCH))?;
            table.add(frame, Key(What::Batch, engine, BATCH))?;
        }
        table.add_readers(frame)?;
        for subject in table.subjects.iter_mut().filter(|it| it.wants_warmth()) {
            subject.measure(&mut table.worker, WARM_UP)?;
        }
        Ok(table)
    }

    fn add(&mut self, frame: &Frame, key: Key) -> Outcome<()> {
        let Key(what, engine, count) = key;
        let name = format!("{what:?}_{engine:?}_{count}").to_lowercase();
        let url = database(frame, engine, &name)?;
        self.subjects.push(Subject::new(frame, key, &url)?);
        Ok(())
    }

    /// Those that read a log: one for reading it as it is, and one of a register for the list.
    fn add_readers(&mut self, frame: &Frame) -> Outcome<()> {
        let (events, registered) = if frame.quick {
            (QUICK_LOG, QUICK_REGISTER)
        } else {
            (LOG, LOG)
        };
        let mut registers = Vec::new();
        for engine in Engine::ALL {
            let url = database(frame, engine, "read")?;
            self.worker.ask("fill", &url, events, 0.0)?;
            for key in [
                Key(What::History, engine, 1),
                Key(What::Cursor, engine, 1),
                Key(What::Read, engine, 1),
            ] {
                self.subjects.push(Subject::new(frame, key, &url)?);
            }
            registers.push((engine, database(frame, engine, "register")?));
        }
        // Both at once: filling is not measured.
        std::thread::scope(|scope| {
            let filling: Vec<_> = registers
                .iter()
                .map(|(_, url)| scope.spawn(|| rebuild::fill(url, registered)))
                .collect();
            filling.into_iter().try_for_each(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(Failure::new("a log could not be filled")))
            })
        })?;
        for (engine, url) in registers {
            self.subjects
                .push(Subject::new(frame, Key(What::Rebuild, engine, registered), &url)?);
        }
        Ok(())
    }

    fn measure(&mut self, frame: &Frame) -> Outcome<()> {
        let seconds = if frame.quick { QUICK_SECONDS } else { SECONDS };
        for _ in 0..frame.rounds {
            if !frame.quick {
                // What earlier rounds have written is not to be written out while a later one is measured.
                statement(frame, "CHECKPOINT")?;
            }
            for subject in &mut self.subjects {
                if !frame.quick {
                    settle();
                }
                if let Some(figure) = subject.measure(&mut self.worker, seconds)? {
                    subject.figures.add(figure);
                }
            }
        }
        Ok(())
    }

    /// What was measured of a subject; none when it was not part of the run.
    fn find(&self, what: What, engine: Engine, count: usize) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|subject| subject.key == Key(what, engine, count))
    }

    fn figures(&self, what: What, engine: Engine, count: usize) -> &Figures {
        self.find(what, engine, count)
            .map(|subject| &subject.figures)
            .expect("every subject that is judged is part of every run")
    }
}

/// The version of the cluster; fails when it does not keep what it has committed, because then nothing here means anything.
fn durability(frame: &Frame) -> Outcome<String> {
    let version = statement(frame, "SHOW server_version")?;
    for setting in ["SHOW fsync", "SHOW synchronous_commit"] {
        let value = statement(frame, setting)?;
        if value != "on" {
            return Err(Failure::new(format!(
                "{setting} says {value}: the figures would mean nothing"
            )));
        }
    }
    Ok(format!(
        "PostgreSQL {version}, fsync and synchronous_commit on; SQLite in WAL mode, synchronous=FULL"
    ))
}

fn statement(frame: &Frame, text: &str) -> Outcome<String> {
    let arguments = [
        "--quiet",
        "--no-psqlrc",
        "--tuples-only",
        "--no-align",
        "--command",
        text,
        frame.postgres.as_str(),
    ];
    let output = run::captured(run::program(frame.postgres_program("psql")?, &arguments))?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}

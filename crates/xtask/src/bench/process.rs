//! A program under measurement: started, watched from `/proc`, ended.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::machine::{field, kibibytes};
use crate::{Failure, Outcome};

/// A child process that is ended when this is dropped.
pub struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts a program; what it prints goes to `log`.
    ///
    /// # Errors
    /// When the log or the program cannot be opened.
    pub fn start(mut command: Command, log: &Path) -> Outcome<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let failed = |error: std::io::Error| Failure::new(format!("{name} could not be started: {error}"));
        let output = File::create(log).map_err(failed)?;
        let errors = output.try_clone().map_err(failed)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(failed)?;
        Ok(Self { child, name })
    }

    /// The largest resident memory that the process ever had, in MiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn peak_resident(&self) -> Outcome<f64> {
        peak_resident(self.child.id()).ok_or_else(|| Failure::new(format!("{} has ended", self.name)))
    }

    /// CPU time that the process used so far, in seconds.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn cpu_seconds(&self) -> Outcome<f64> {
        cpu_seconds(self.child.id()).ok_or_else(|| Failure::new(format!("{} has ended", self.name)))
    }

    /// Whether it has ended.
    ///
    /// # Errors
    /// When the system refuses to say.
    pub fn has_ended(&mut self) -> Outcome<bool> {
        let status = self.child.try_wait();
        let status = status.map_err(|error| Failure::new(format!("{}: {error}", self.name)))?;
        Ok(status.is_some())
    }

    /// Waits for the end; answers whether the exit code was 0, how long it took from now on, and the largest resident
    /// memory in MiB, looked at every 20 ms (the kernel keeps the peak; only its last growth can be missed).
    ///
    /// # Errors
    /// When the system refuses to wait.
    pub fn finish(self) -> Outcome<Finished> {
        let name = self.name.clone();
        self.finish_within(Duration::MAX)?
            .ok_or_else(|| Failure::new(format!("{name} did not end")))
    }

    /// As [`Process::finish`], but ends the process and answers none when it takes longer than this.
    ///
    /// # Errors
    /// When the system refuses to wait.
    pub fn finish_within(mut self, limit: Duration) -> Outcome<Option<Finished>> {
        let start = Instant::now();
        let mut peak = 0.0_f64;
        while start.elapsed() < limit {
            peak = peak_resident(self.child.id()).unwrap_or(0.0).max(peak);
            let status = self
                .child
                .try_wait()
                .map_err(|error| Failure::new(format!("{}: {error}", self.name)))?;
            if let Some(status) = status {
                return Ok(Some(Finished {
                    succeeded: status.success(),
                    seconds: start.elapsed().as_secs_f64(),
                    peak,
                }));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a process ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit code was 0.
    pub succeeded: bool,
    /// Wall clock.
    pub seconds: f64,
    /// MiB.
    pub peak: f64,
}

impl Finished {
    /// # Errors
    /// When the exit code was not 0.
    pub fn succeed(self) -> Outcome<()> {
        if self.succeeded {
            return Ok(());
        }
        Err(Failure::new(
            "a program under measurement failed: its output is in the folder of the bench",
        ))
    }
}

/// `VmHWM` of a process in MiB; none when it is gone.
#[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^52")]
pub fn peak_resident(pid: u32) -> Option<f64> {
    let text = field(&format!("/proc/{pid}/status"), "VmHWM")?;
    kibibytes(&text).map(|size| size as f64 / 1024.0)
}

/// Clock ticks of `/proc` in a second: Linux has 100 on every machine that Rust runs on.
const TICKS: f64 = 100.0;

/// User and system time of a process in seconds; none when it is gone.
fn cpu_seconds(pid: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold blanks; the times are the 14th and 15th field of the line.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

/// The same of all processes whose command line holds a text.
pub fn cpu_seconds_of(text: &str) -> f64 {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mine = pids.filter(|pid| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ").contains(text)
    });
    mine.filter_map(cpu_seconds).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::program;

    #[test]
    fn a_process_is_timed_and_its_memory_seen() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let finished = Process::start(program("sh", &["-c", "echo done; sleep 0.1"]), &log)
            .unwrap()
            .finish()
            .unwrap();
        assert!(finished.succeeded);
        assert!(finished.seconds > 0.0 && finished.peak > 0.1, "{finished:?}");
        assert_eq!(std::fs::read_to_string(log).unwrap(), "done\n");
    }

    #[test]
    fn a_process_that_takes_too_long_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let start = Instant::now();
        let finished = Process::start(program("sleep", &["60"]), &log)
            .unwrap()
            .finish_within(Duration::from_millis(50))
            .unwrap();
        assert!(finished.is_none());
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

//! Where and when a figure was measured: a figure without it says nothing.

use std::fmt;
use std::fs;
use std::time::Duration;

use serde::Serialize;

use crate::run;

/// The machine and the moment.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// UTC, to the minute.
    pub date: String,
    /// The model's name.
    pub cpu: String,
    /// Those that this process may use.
    pub cores: usize,
    /// MiB.
    pub memory: u64,
    /// The one-minute load before the report: what else ran.
    pub load: String,
}

impl Machine {
    /// What `/proc` says; `?` where it says nothing.
    pub fn here() -> Self {
        let unknown = || "?".to_owned();
        let date = run::captured(run::program("date", &["-u", "+%Y-%m-%d %H:%M UTC"]));
        let date = date
            .ok()
            .and_then(|date| String::from_utf8(date).ok())
            .map(|date| date.trim().to_owned());
        Self {
            date: date.unwrap_or_else(unknown),
            cpu: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory: field("/proc/meminfo", "MemTotal")
                .and_then(|text| kibibytes(&text))
                .unwrap_or(0)
                / 1024,
            load: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|text| text.split(' ').next().map(str::to_owned))
                .unwrap_or_else(unknown),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            date,
            cpu,
            cores,
            memory,
            load,
        } = self;
        write!(f, "{date}, {cores} × {cpu}, {memory} MiB, load {load}")
    }
}

/// Waits, ten seconds at most, until the machine is 85 % idle for half a second, so that what ran before is not measured.
pub fn settle() {
    for _ in 0..20 {
        let before = idle_and_all();
        std::thread::sleep(Duration::from_millis(500));
        let (Some((idle, all)), Some((idle_now, all_now))) = (before, idle_and_all()) else {
            return;
        };
        if (idle_now - idle) * 100 >= (all_now - all) * 85 {
            return;
        }
    }
}

/// Clock ticks of all cores since boot: idle, and in sum.
fn idle_and_all() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<u64> = text
        .lines()
        .next()?
        .split_whitespace()
        .skip(1)
        .filter_map(|tick| tick.parse().ok())
        .collect();
    Some((*ticks.get(3)?, ticks.iter().take(8).sum()))
}

/// The value behind `name:` in a file of `/proc`.
pub(crate) fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let (_, value) = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}

/// `1234 kB` as a number.
pub(crate) fn kibibytes(text: &str) -> Option<u64> {
    text.split(' ').next()?.parse().ok()
}

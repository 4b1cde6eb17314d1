//! `cargo xtask ci`: every check and every test, with one verdict at the end.
//!
//! A step that fails does not stop the ones after it, so that one run tells everything.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::junit::TestCase;
use crate::run::{Shown, cargo, hidden, program, shown};
use crate::{Failure, Outcome, check, junit, repository, run, say, schema};

const SLOWEST: usize = 20;

/// What a step found: the tests it counts, or itself as one check.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    /// A check that this machine lacks the means for.
    not_judged: usize,
}

impl Count {
    const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        not_judged: 0,
    };
    const NOT_JUDGED: Self = Self {
        passed: 0,
        failed: 0,
        not_judged: 1,
    };

    fn of(passed: usize, failed: usize) -> Self {
        Self {
            passed,
            failed,
            not_judged: 0,
        }
    }

    fn verdict(&self) -> &'static str {
        if self.failed > 0 {
            "FAILED"
        } else if self.not_judged > 0 {
            "NOT JUDGED"
        } else {
            "ok"
        }
    }
}

struct Step {
    name: &'static str,
    seconds: f64,
    count: Count,
}

/// Runs all steps and prints the slowest tests, the time of each step and `N passed, N failed`.
pub fn run() -> Outcome<()> {
    if std::env::var_os("SENGEN_TEST_POSTGRES").is_none() {
        return Err(Failure::new(
            "the tests need PostgreSQL: run `make test`, which starts one for them",
        ));
    }
    let mut steps = Steps(Vec::new());
    steps.check("format", || succeeds(cargo(&["fmt", "--all", "--check"])));
    steps.check("rules", check::run);
    steps.check("licences", || {
        succeeds(cargo(&[
            "deny",
            "--log-level",
            "error",
            "check",
            "licenses",
            "bans",
            "sources",
        ]))
    });
    steps.count("systemd unit", systemd_unit);
    steps.check("lints", || {
        succeeds(cargo(&[
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    if has("admin-ui/package.json") {
        for (name, script) in [
            ("console check", "check"),
            ("console build", "build"),
            ("console budget", "budget"),
        ] {
            steps.check(name, || {
                succeeds(program(
                    "npm",
                    &["run", "--silent", "--prefix", "admin-ui", script],
                ))
            });
        }
    }
    steps.check("build", || {
        succeeds(cargo(&["build", "--quiet", "--workspace", "--all-targets"]))
    });
    if schema::exists() {
        steps.check("schema", schema::check_built);
    }
    steps.count("tests", tests);
    steps.count("doc tests", doc_tests);
    steps.check("docs", || {
        let mut command = cargo(&["doc", "--quiet", "--workspace", "--no-deps"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        succeeds(command)
    });
    let browser = browser_tests()?;
    if !browser.is_empty() {
        steps.count("browser tests", || run_browser_tests(&browser));
    }
    steps.verdict()
}

struct Steps(Vec<Step>);

impl Steps {
    /// A step that counts as one check.
    fn check(&mut self, name: &'static str, step: impl FnOnce() -> Outcome<()>) {
        self.count(name, || step().map(|()| Count::PASSED));
    }

    /// A step that counts its own tests.
    fn count(&mut self, name: &'static str, step: impl FnOnce() -> Outcome<Count>) {
        say(format!("== {name}"));
        let start = Instant::now();
        let count = step().unwrap_or_else(|failure| {
            say(failure);
            Count::of(0, 1)
        });
        self.0.push(Step {
            name,
            seconds: start.elapsed().as_secs_f64(),
            count,
        });
    }

    fn verdict(&self) -> Outcome<()> {
        say_slowest();
        say("\nSteps:");
        for Step { name, seconds, count } in &self.0 {
            say(format!("{seconds:8.1} s  {name}: {}", count.verdict()));
        }
        let sum = |of: fn(&Count) -> usize| -> usize { self.0.iter().map(|step| of(&step.count)).sum() };
        let (passed, failed) = (sum(|count| count.passed), sum(|count| count.failed));
        match sum(|count| count.not_judged) {
            0 => say(format!("{passed} passed, {failed} failed")),
            more => say(format!("{passed} passed, {failed} failed, {more} not judged")),
        }
        if failed == 0 {
            Ok(())
        } else {
            Err(Failure::new("cargo xtask ci: failed, see above"))
        }
    }
}

fn has(path: &str) -> bool {
    repository::root().join(path).exists()
}

fn succeeds(command: Command) -> Outcome<()> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    if shown(command)?.succeeded {
        Ok(())
    } else {
        Err(Failure::new(format!("failed: {}", words.join(" "))))
    }
}

/// The unit that we ship is as closed as we say, where systemd is there to judge it.
fn systemd_unit() -> Outcome<Count> {
    if !run::exists("systemd-analyze") {
        say(
            "NOT JUDGED: systemd-analyze is not on this machine; install the package systemd (scripts/setup.sh test)",
        );
        return Ok(Count::NOT_JUDGED);
    }
    succeeds(program("scripts/check-unit.sh", &[])).map(|()| Count::PASSED)
}

/// What cargo-nextest writes.
const REPORT: &str = "target/nextest/default/junit.xml";
/// What Node's own runner writes for the tests in a browser.
const BROWSER_REPORT: &str = "target/browser-tests/junit.xml";

/// Where a report will be; one of an earlier run, which must not be counted, is gone.
fn fresh_report(path: &str) -> Outcome<PathBuf> {
    let report = repository::root().join(path);
    let failed = |error| Failure::new(format!("{}: {error}", report.display()));
    if report.exists() {
        std::fs::remove_file(&report).map_err(failed)?;
    } else if let Some(folder) = report.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    Ok(report)
}

/// The tests of the workspace; those of the real program find it in `SENGEN_TEST_BINARY`.
fn tests() -> Outcome<Count> {
    let report = fresh_report(REPORT)?;
    let mut command = cargo(&[
        "nextest",
        "run",
        "--workspace",
        "--no-fail-fast",
        "--hide-progress-bar",
    ]);
    command.env(
        "SENGEN_TEST_BINARY",
        repository::root().join("target/debug/sengen"),
    );
    let succeeded = shown(command)?.succeeded;
    let report = std::fs::read_to_string(&report).map_err(|_| Failure::new("the tests did not run"))?;
    let cases = junit::read(&report);
    let failed = cases.iter().filter(|case| case.failed).count();
    let count = Count::of(cases.len() - failed, failed);
    if !succeeded && failed == 0 {
        return Err(Failure::new("cargo nextest failed without a failed test"));
    }
    Ok(count)
}

/// Most crates have none and would say so at length: the output is shown when one fails.
fn doc_tests() -> Outcome<Count> {
    let output = hidden(cargo(&["test", "--quiet", "--workspace", "--doc"]))?;
    let count = cargo_test_count(&output);
    if count.failed > 0 {
        output.lines.iter().for_each(say);
    }
    Ok(count)
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; …`, one for each crate.
fn cargo_test_count(output: &Shown) -> Count {
    let mut count = Count::default();
    for line in output
        .lines
        .iter()
        .filter(|line| line.starts_with("test result:"))
    {
        count.passed += number_before(line, " passed");
        count.failed += number_before(line, " failed");
    }
    if !output.succeeded && count.failed == 0 {
        count.failed = 1;
    }
    count
}

fn number_before(line: &str, word: &str) -> usize {
    let before = line.split(word).next().unwrap_or("");
    before
        .rsplit(' ')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn browser_tests() -> Outcome<Vec<String>> {
    let files = repository::files()?.into_iter().map(|file| file.path);
    Ok(files
        .filter(|path| path.starts_with("tests/browser/") && path.ends_with(".test.mjs"))
        .collect())
}

/// Node's own runner; it closes with lines such as `ℹ pass 12`.
fn run_browser_tests(files: &[String]) -> Outcome<Count> {
    let report = format!(
        "--test-reporter-destination={}",
        fresh_report(BROWSER_REPORT)?.display()
    );
    // Two files at a time: while one waits for its browser or its server, the other works.
    let mut arguments = vec!["--test", "--test-concurrency=2"];
    arguments.extend(["--test-reporter=spec", "--test-reporter-destination=stdout"]);
    arguments.extend(["--test-reporter=junit", report.as_str()]);
    arguments.extend(files.iter().map(String::as_str));
    let mut command = program("node", &arguments);
    command.env(
        "SENGEN_TEST_BINARY",
        repository::root().join("target/debug/sengen"),
    );
    let output = shown(command)?;
    let closing = |word: &str| {
        let line = output.lines.iter().rev().find_map(|line| line.split_once(word));
        line.and_then(|(_, number)| number.trim().parse().ok())
            .unwrap_or(0)
    };
    let mut count = Count::of(closing("ℹ pass "), closing("ℹ fail "));
    if !output.succeeded && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// Of all tests, whatever runs them.
fn say_slowest() {
    let cases = |path: &str| {
        let text = std::fs::read_to_string(repository::root().join(path));
        text.map(|text| junit::read(&text)).unwrap_or_default()
    };
    let lines = slowest(cases(REPORT), cases(BROWSER_REPORT));
    say(format!("\nThe {} slowest tests:", lines.len()));
    lines.iter().for_each(say);
}

/// The slowest first, each with where it is.
fn slowest(mut cases: Vec<TestCase>, browser: Vec<TestCase>) -> Vec<String> {
    // Node's runner names no file.
    cases.extend(browser.into_iter().map(|case| TestCase {
        suite: "tests/browser".to_owned(),
        ..case
    }));
    cases.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let shown = cases.iter().take(SLOWEST);
    shown
        .map(|case| format!("{:8.2} s  {} {}", case.seconds, case.suite, case.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_tests_of_all_crates_are_added_up() {
        let lines = [
            "running 2 tests",
            "test result: ok. 2 passed; 0 failed; 0 ignored",
            "test result: FAILED. 1 passed; 3 failed; 0",
        ];
        let count = cargo_test_count(&Shown {
            lines: lines.map(String::from).to_vec(),
            succeeded: false,
        });
        assert_eq!((count.passed, count.failed), (3, 3));
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_counts_as_one() {
        let count = cargo_test_count(&Shown {
            lines: Vec::new(),
            succeeded: false,
        });
        assert_eq!((count.passed, count.failed), (0, 1));
    }

    #[test]
    fn the_slowest_tests_are_of_both_runners_in_one_order_and_no_more_than_asked_for() {
        let case = |name: String, seconds: f64| TestCase {
            suite: "test".into(),
            name,
            seconds,
            failed: false,
        };
        let rust = (0..30).map(|i| case(format!("rust {i}"), f64::from(i))).collect();
        let browser = vec![case("picked".into(), 28.5), case("quick".into(), 0.1)];
        let lines = slowest(rust, browser);
        assert_eq!(lines.len(), SLOWEST);
        assert_eq!(lines[0], "   29.00 s  test rust 29");
        assert_eq!(lines[1], "   28.50 s  tests/browser picked");
        assert_eq!(lines[2], "   28.00 s  test rust 28");
    }

    #[test]
    fn what_could_not_be_judged_is_not_called_ok() {
        assert_eq!(Count::PASSED.verdict(), "ok");
        assert_eq!(Count::NOT_JUDGED.verdict(), "NOT JUDGED");
        assert_eq!(Count::of(3, 1).verdict(), "FAILED");
        // A step without a test, such as documents without examples, has nothing against it.
        assert_eq!(Count::of(0, 0).verdict(), "ok");
    }
}

//! Reads the report that cargo-nextest writes: as much of `JUnit` as the count and the slowest tests need.

/// One test that ran.
#[derive(Debug, PartialEq)]
pub struct TestCase {
    /// Crate and test binary.
    pub suite: String,
    /// Path of the test function.
    pub name: String,
    /// Wall clock.
    pub seconds: f64,
    /// It failed, or could not be run.
    pub failed: bool,
}

/// The tests in the text of a report; what is not a test is passed over.
pub fn read(report: &str) -> Vec<TestCase> {
    report
        .split("<testcase ")
        .skip(1)
        .filter_map(|case| {
            let (attributes, rest) = case.split_once('>')?;
            let inside = if attributes.ends_with('/') {
                ""
            } else {
                rest.split("</testcase>").next().unwrap_or("")
            };
            Some(TestCase {
                suite: attribute(attributes, "classname")?,
                name: attribute(attributes, "name")?,
                seconds: attribute(attributes, "time")?.parse().ok()?,
                failed: inside.contains("<failure") || inside.contains("<error"),
            })
        })
        .collect()
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let start = format!(" {name}=\"");
    // The leading blank keeps `name` from being found inside `classname`.
    let attributes = format!(" {attributes}");
    let value = attributes.split_once(&start)?.1.split_once('"')?.0.to_owned();
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_and_failed_tests_are_told_apart() {
        let report = r#"<testsuites><testsuite name="domain">
            <testcase name="a::b&lt;c&gt;" classname="domain" time="1.250"/>
            <testcase name="d" classname="domain::e" timestamp="2026" time="0.5">
              <failure message="no" type="test failure">at 1 &gt; 0</failure>
            </testcase></testsuite></testsuites>"#;
        let cases = read(report);
        assert_eq!(cases.len(), 2);
        assert_eq!(
            cases[0],
            TestCase {
                suite: "domain".into(),
                name: "a::b<c>".into(),
                seconds: 1.25,
                failed: false
            }
        );
        assert!(cases[1].failed);
    }
}

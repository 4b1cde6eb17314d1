//! Reads the reports that cargo-nextest and Node write: as much of `JUnit` as the count and the slowest tests need.

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
            let (attributes, rest) = split_tag(case)?;
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

/// The attributes of a tag and what follows it. Node leaves `>` in a value as it is.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|character| {
        quoted ^= character == '"';
        character == '>' && !quoted
    })?;
    Some((&text[..end], &text[end + 1..]))
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

    #[test]
    fn a_report_of_node_is_read_with_its_nested_tests_and_odd_names() {
        let report = r#"<testsuites>
            <testsuite name="outer" time="0.05" tests="1">
                <testcase name="inner" time="0.051047" classname="test"/>
            </testsuite>
            <testcase name="a &lt;b> c" time="0.001" classname="test" failure="1 == 2">
                <failure type="testCodeFailure" message="1 == 2">at 1</failure>
            </testcase>
            <!-- pass 1 --></testsuites>"#;
        let cases = read(report);
        let names: Vec<_> = cases
            .iter()
            .map(|case| (case.name.as_str(), case.failed))
            .collect();
        assert_eq!(names, [("inner", false), ("a <b> c", true)]);
    }
}

//! No file past 600 lines, no function past 100.
//!
//! Functions of Rust are counted by clippy (`too-many-lines-threshold`). Those of TypeScript are counted here from a
//! declaration in the first column to the bracket that closes it in the first column, which holds for formatted code.

use crate::repository::SourceFile;

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 100;

/// One sentence per file or function that is too long.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.is(&[".rs", ".ts", ".tsx"]) && !is_generated(file))
    {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            breaches.push(format!(
                "{} has {lines} lines; past {FILE_LINES} it is a design question",
                file.path
            ));
        }
        if file.is(&[".ts", ".tsx"]) {
            breaches.extend(long_functions(file));
        }
    }
    breaches
}

fn is_generated(file: &SourceFile) -> bool {
    file.path.contains("/generated/") || file.text.lines().take(3).any(|line| line.contains("@generated"))
}

fn long_functions(file: &SourceFile) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (index, line) in file.text.lines().enumerate() {
        match open {
            None if starts_function(line) && !line.ends_with(';') => open = Some((index, line)),
            Some((start, declaration)) if line.starts_with(['}', ')']) && !goes_on(line) => {
                let length = index - start + 1;
                if length > FUNCTION_LINES {
                    let name = declaration
                        .split(['(', '=', ':', '<'])
                        .next()
                        .unwrap_or(declaration)
                        .trim();
                    breaches.push(format!(
                        "{}:{} `{name}` has {length} lines; past {FUNCTION_LINES} it is a design question",
                        file.path,
                        start + 1
                    ));
                }
                open = None;
            }
            _ => {}
        }
    }
    breaches
}

/// `) {`, `): Type {`, `}) => {`: the end of the parameters, not of the body.
fn goes_on(line: &str) -> bool {
    line.ends_with('{') || line.ends_with('(') || line.ends_with("=>")
}

fn starts_function(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = line.strip_prefix("default ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.starts_with("function ")
        || line.starts_with("class ")
        || (line.starts_with("const ") && line.contains('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(lines: usize) -> SourceFile {
        let body = "  step();\n".repeat(lines - 4);
        let text =
            format!("export function Page({{\n  id,\n}}: Props) {{\n{body}}}\n\nconst short = () => 1;\n");
        SourceFile {
            path: "a.tsx".into(),
            text,
        }
    }

    #[test]
    fn a_function_of_100_lines_passes() {
        assert_eq!(breaches(&[component(100)]), [""; 0]);
    }

    #[test]
    fn a_function_of_101_lines_is_named_with_its_line() {
        let said = breaches(&[component(101)]);
        assert_eq!(
            said,
            ["a.tsx:1 `export function Page` has 101 lines; past 100 it is a design question"]
        );
    }

    #[test]
    fn a_file_of_601_lines_is_named() {
        let file = SourceFile {
            path: "a.rs".into(),
            text: "\n".repeat(601),
        };
        assert_eq!(
            breaches(&[file]),
            ["a.rs has 601 lines; past 600 it is a design question"]
        );
    }
}

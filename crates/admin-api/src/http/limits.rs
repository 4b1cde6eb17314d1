//! What a query may cost before anything of it runs: checked on the text and on the parsed document, because the
//! library's own limits come after parsing and expand fragments without a bound.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{
    ExecutableDocument, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};

/// Bytes of a request body that carries no long text.
pub const QUERY_BODY_BYTES: usize = 64 * 1024;
/// Bytes of a request body whose operation is a mutation: reasons and notes are long.
pub const MUTATION_BODY_BYTES: usize = 256 * 1024;
/// Lexical tokens of the query text.
pub const TOKENS: usize = 2_000;
/// Brackets open at one time in the query text: the parser recurses on them.
pub const NESTING: usize = 48;
/// Aliases of one operation, fragments expanded.
pub const ALIASES: u64 = 30;
/// Fields at the root of one operation, fragments expanded.
pub const ROOT_FIELDS: u64 = 10;
/// Fields of one operation, fragments expanded.
pub const FIELDS: u64 = 1_000;
/// Depth of one operation.
pub const DEPTH: usize = 12;
/// Recursion of the executor.
pub const RECURSION: usize = 32;
/// Directives on one field.
pub const DIRECTIVES: usize = 5;
/// Cost of one operation: a list costs its `first` times one row.
pub const COMPLEXITY: usize = 5_000;

/// Why a query was refused before it ran.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryRefused {
    /// The text has more lexical tokens than allowed.
    #[error("the query has more than {TOKENS} tokens")]
    Tokens,
    /// The text nests brackets deeper than the parser should follow.
    #[error("the query nests deeper than {NESTING} brackets")]
    Nesting,
    /// Too many aliases once fragments are expanded.
    #[error("the query has more than {ALIASES} aliases")]
    Aliases,
    /// Too many root fields once fragments are expanded.
    #[error("the query has more than {ROOT_FIELDS} root fields")]
    RootFields,
    /// Too many fields once fragments are expanded.
    #[error("the query selects more than {FIELDS} fields")]
    Fields,
    /// A fragment reaches itself.
    #[error("the fragment {0} contains itself")]
    FragmentCycle(String),
    /// Only queries and mutations are served by POST.
    #[error("subscriptions are not served on this path")]
    Subscription,
    /// Only subscriptions are served on a socket.
    #[error("only subscriptions are served on a socket")]
    NoSubscription,
    /// The named operation is not in the document, or several are and none was named.
    #[error("the document does not hold the operation that was asked for")]
    Operation,
}

/// Checks the text alone: cheap, and before the parser sees it.
pub fn check_text(query: &str) -> Result<(), QueryRefused> {
    let mut tokens = 0_usize;
    let mut depth = 0_usize;
    let bytes = query.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        i += match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                i += 1;
                continue;
            }
            b'#' => {
                i += line_length(&bytes[i..]);
                continue;
            }
            b'"' => string_length(&bytes[i..]),
            b'{' | b'(' | b'[' => {
                depth += 1;
                if depth > NESTING {
                    return Err(QueryRefused::Nesting);
                }
                1
            }
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                1
            }
            _ if is_word(byte) => bytes[i..].iter().take_while(|b| is_word(**b)).count(),
            _ => 1,
        };
        tokens += 1;
        if tokens > TOKENS {
            return Err(QueryRefused::Tokens);
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn line_length(rest: &[u8]) -> usize {
    rest.iter()
        .position(|b| *b == b'\n')
        .map_or(rest.len(), |at| at + 1)
}

fn string_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"\"\"\"") {
        return rest[3..]
            .windows(3)
            .position(|w| w == b"\"\"\"")
            .map_or(rest.len(), |at| at + 6);
    }
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            b'\n' => return at,
            _ => {}
        }
    }
    rest.len()
}

/// The operation that will run.
pub fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, QueryRefused> {
    let mut found = document
        .operations
        .iter()
        .filter(|(known, _)| name.is_none_or(|wanted| known.is_some_and(|known| known.as_str() == wanted)));
    let (_, operation) = found.next().ok_or(QueryRefused::Operation)?;
    if found.next().is_some() {
        return Err(QueryRefused::Operation);
    }
    Ok(&operation.node)
}

/// Checks the parsed operation with its fragments expanded, without expanding them: every fragment is measured once.
pub fn check_operation(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), QueryRefused> {
    let mut measure = Measure {
        fragments: &document.fragments,
        known: HashMap::new(),
        open: Vec::new(),
    };
    // Every fragment is measured, also one that nothing uses: the library's validation walks them all.
    for name in document.fragments.keys() {
        measure.fragment(name)?;
    }
    let size = measure.selections(&operation.selection_set.node)?;
    if size.direct > ROOT_FIELDS {
        return Err(QueryRefused::RootFields);
    }
    if size.aliases > ALIASES {
        return Err(QueryRefused::Aliases);
    }
    if size.fields > FIELDS {
        return Err(QueryRefused::Fields);
    }
    Ok(())
}

#[derive(Clone, Copy, Default)]
struct Size {
    direct: u64,
    fields: u64,
    aliases: u64,
}

struct Measure<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    known: HashMap<&'a str, Size>,
    open: Vec<&'a str>,
}

impl<'a> Measure<'a> {
    fn selections(&mut self, set: &'a SelectionSet) -> Result<Size, QueryRefused> {
        let mut total = Size::default();
        for item in &set.items {
            let size = self.selection(&item.node)?;
            total.direct = total.direct.saturating_add(size.direct);
            total.fields = total.fields.saturating_add(size.fields);
            total.aliases = total.aliases.saturating_add(size.aliases);
        }
        Ok(total)
    }

    fn selection(&mut self, selection: &'a Selection) -> Result<Size, QueryRefused> {
        match selection {
            Selection::Field(field) => {
                let inner = self.selections(&field.node.selection_set.node)?;
                Ok(Size {
                    direct: 1,
                    fields: inner.fields.saturating_add(1),
                    aliases: inner
                        .aliases
                        .saturating_add(u64::from(field.node.alias.is_some())),
                })
            }
            Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn fragment(&mut self, name: &'a str) -> Result<Size, QueryRefused> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(QueryRefused::FragmentCycle(name.to_owned()));
        }
        // An unknown fragment is the library's to report, with its place in the text.
        let Some(definition) = self.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.open.push(name);
        let size = self.selections(&definition.node.selection_set.node)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    fn check(query: &str) -> Result<(), QueryRefused> {
        check_text(query)?;
        let document = parse_query(query).expect("the test's query parses");
        check_operation(&document, operation(&document, None)?)
    }

    #[test]
    fn an_ordinary_query_passes() {
        assert_eq!(
            check("query A($f: Int!) { a: session { staff { name } } }"),
            Ok(())
        );
    }

    #[test]
    fn t44_five_thousand_aliases_are_refused() {
        let mut query = String::from("{");
        for i in 0..900 {
            write!(query, " a{i}: x").expect("a string takes text");
        }
        query.push('}');
        assert_eq!(check(&query), Err(QueryRefused::Tokens));
        assert_eq!(
            check(
                "{ s { a:x b:x c:x d:x e:x f:x g:x h:x i:x j:x k:x l:x m:x n:x o:x p:x q:x r:x s:x t:x u:x v:x w:x y:x z:x aa:x bb:x cc:x dd:x ee:x ff:x } }"
            ),
            Err(QueryRefused::Aliases)
        );
    }

    #[test]
    fn t44_fragments_that_double_at_every_step_are_refused_without_expanding_them() {
        let mut query = String::from("{ s { ...f0 } } ");
        for i in 0..60 {
            write!(query, "fragment f{i} on S {{ ...f{} ...f{} }} ", i + 1, i + 1)
                .expect("a string takes text");
        }
        query.push_str("fragment f60 on S { x }");
        assert_eq!(check(&query), Err(QueryRefused::Fields));
    }

    #[test]
    fn t44_a_fragment_cycle_is_refused() {
        let refused = check("{ ...a } fragment a on Q { ...b } fragment b on Q { ...a }");
        assert!(
            matches!(refused, Err(QueryRefused::FragmentCycle(_))),
            "{refused:?}"
        );
    }

    #[test]
    fn t44_depth_of_a_thousand_brackets_is_refused_before_parsing() {
        assert_eq!(check_text(&"{ a".repeat(1000)), Err(QueryRefused::Nesting));
    }

    #[test]
    fn eleven_root_fields_are_refused() {
        assert_eq!(check("{ a b c d e f g h i j k }"), Err(QueryRefused::RootFields));
    }

    #[test]
    fn strings_and_comments_count_as_one_token_or_none() {
        assert_eq!(
            check_text(&format!(
                "{{ a(b: \"{}\") }} # {}",
                "x ".repeat(5000),
                "y ".repeat(5000)
            )),
            Ok(())
        );
    }
}

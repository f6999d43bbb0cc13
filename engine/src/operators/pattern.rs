//! `matches`: regular expressions that end in time linear in the text.

use std::collections::HashMap;
use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::{Input, meta};
use regex_syntax::ast::{self, Ast};

use super::unusable;
use crate::limits::{PATTERN_LENGTH, PATTERN_SIZE};
use crate::ruleset::Test;

/// Patterns, any of which must be found in a text.
#[derive(Debug)]
pub(crate) struct AnyPattern(Box<[Pattern]>);

impl AnyPattern {
    pub(super) fn holds(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| pattern.is_match(text))
    }
}

/// One pattern. Both forms find the same.
#[derive(Clone, Debug)]
enum Pattern {
    /// A small one: an automaton that was made as a whole, which needs nothing but the text to run.
    Automaton(Arc<dense::DFA<Vec<u32>>>),
    /// Any other.
    Regex(Box<meta::Regex>),
}

impl Pattern {
    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Automaton(automaton) => run(automaton, text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Whether an automaton finds its pattern in a text. The library's own search costs as much again: it sees to the match's
/// end, and to modes that [`automaton`] does not ask for.
fn run(automaton: &dense::DFA<Vec<u32>>, text: &str) -> bool {
    // It would fail only in such a mode.
    let Ok(mut state) = automaton.start_state_forward(&Input::new(text)) else { return false };
    for byte in text.bytes() {
        state = automaton.next_state(state, byte);
        if automaton.is_special_state(state) {
            if automaton.is_match_state(state) {
                return true;
            }
            if automaton.is_dead_state(state) {
                return false;
            }
        }
    }
    automaton.is_match_state(automaton.next_eoi_state(state))
}

/// The patterns of documents that are compiled together: equal ones are compiled once.
#[derive(Debug, Default)]
pub(crate) struct Patterns(HashMap<Box<str>, Result<Pattern, String>>);

impl Patterns {
    pub(super) fn compile(&mut self, test: &Test) -> Result<AnyPattern, String> {
        let compile = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => self.get(text).clone(),
            value => Err(unusable(test, value)),
        };
        test.values.iter().map(compile).collect::<Result<_, _>>().map(AnyPattern)
    }

    fn get(&mut self, text: &str) -> &Result<Pattern, String> {
        self.0.entry(text.into()).or_insert_with(|| pattern(text))
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    if text.chars().count() > PATTERN_LENGTH {
        return Err(format!("a regular expression is longer than {PATTERN_LENGTH} characters"));
    }
    let ascii = with_ascii_classes(text)?;
    let config = meta::Config::new()
        .nfa_size_limit(Some(PATTERN_SIZE))
        .hybrid_cache_capacity(PATTERN_SIZE)
        .dfa(false)
        .onepass(false);
    let regex = meta::Builder::new().configure(config).build(&ascii).map_err(|error| {
        match (error.size_limit(), error.syntax_error()) {
            (Some(_), _) => "a regular expression is too large once compiled".to_owned(),
            (None, Some(error)) => error.to_string(),
            (None, None) => error.to_string(),
        }
    })?;
    Ok(automaton(&ascii)
        .map_or_else(|| Pattern::Regex(Box::new(regex)), |small| Pattern::Automaton(Arc::new(small))))
}

/// The most bytes that an automaton of a small pattern may have, and those that making it may need.
const AUTOMATON_SIZE: usize = 40 << 10;

/// The automaton of a pattern, if it is small.
fn automaton(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .accelerate(false)
        .dfa_size_limit(Some(AUTOMATON_SIZE))
        .determinize_size_limit(Some(2 * AUTOMATON_SIZE));
    let nfa = thompson::Config::new().nfa_size_limit(Some(AUTOMATON_SIZE));
    dense::Builder::new().configure(config).thompson(nfa).build(pattern).ok()
}

/// The pattern with `\d`, `\s`, `\w` and `\b` as ASCII has them, as they are in RE2 (but that U+000B is a `\s` here). The
/// library would take all of Unicode, and a hundred times as long to compile them.
fn with_ascii_classes(text: &str) -> Result<String, String> {
    let tree = ast::parse::Parser::new().parse(text).map_err(|error| error.to_string())?;
    let mut ascii = Ascii::default();
    ast::visit(&tree, &mut ascii)?;
    let mut pattern = String::with_capacity(text.len());
    let mut end = 0;
    for (span, class) in ascii.0 {
        pattern.push_str(text.get(end..span.start.offset).unwrap_or_default());
        pattern.push_str(class);
        end = span.end.offset;
    }
    pattern.push_str(text.get(end..).unwrap_or_default());
    Ok(pattern)
}

/// What to replace, in the order of the text.
#[derive(Default)]
struct Ascii(Vec<(ast::Span, &'static str)>);

impl Ascii {
    fn class(&mut self, class: &ast::ClassPerl) {
        use ast::ClassPerlKind::{Digit, Space, Word};
        let ascii = match (&class.kind, class.negated) {
            (Digit, false) => "[0-9]",
            (Digit, true) => "[^0-9]",
            (Space, false) => r"[\t\n\x0b\x0c\r\x20]",
            (Space, true) => r"[^\t\n\x0b\x0c\r\x20]",
            (Word, false) => "[0-9A-Za-z_]",
            (Word, true) => "[^0-9A-Za-z_]",
        };
        self.0.push((class.span, ascii));
    }
}

impl ast::Visitor for &mut Ascii {
    type Output = ();
    type Err = String;

    fn finish(self) -> Result<(), String> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
        match ast {
            Ast::ClassPerl(class) => self.class(class),
            Ast::Assertion(assertion) => match assertion.kind {
                ast::AssertionKind::WordBoundary => self.0.push((assertion.span, r"(?-u:\b)")),
                ast::AssertionKind::StartLine
                | ast::AssertionKind::EndLine
                | ast::AssertionKind::StartText
                | ast::AssertionKind::EndText => {}
                // RE2 has the first of these, whose ASCII form may lie inside a character, and reads the others as text.
                _ => return Err("only `\\b` is supported of the word boundaries".to_owned()),
            },
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), String> {
        match item {
            ast::ClassSetItem::Perl(class) => self.class(class),
            // RE2 reads these brackets, and the operators below, as characters.
            ast::ClassSetItem::Bracketed(_) => {
                return Err(r"brackets inside of brackets need a backslash".to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_binary_op_pre(&mut self, _: &ast::ClassSetBinaryOp) -> Result<(), String> {
        Err("operators inside of brackets are not supported".to_owned())
    }
}

//! `semver_*`: versions by the precedence of Semantic Versioning 2.0.0, part 11.

use std::cmp::Ordering;

/// A version, borrowed from its text. Parts that are missing are 0, and build metadata does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version<'a> {
    parts: [&'a str; 3],
    /// The identifiers of a pre-release with their dots, or none for a release.
    pre: Option<&'a str>,
}

/// A version that owns its text.
#[derive(Debug)]
pub(crate) struct Owned {
    parts: [Box<str>; 3],
    pre: Option<Box<str>>,
}

impl<'a> Version<'a> {
    /// Reads `1`, `v1.2`, `1.2.3-beta.1+build`. None for anything else: a part with a leading zero, an empty
    /// identifier, more than three parts.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (parts, rest) = parts(text)?;
        let (pre, build) = match rest.as_bytes().first() {
            None => return Some(Self { parts, pre: None }),
            Some(b'-') => rest.split_once('+').map_or((rest, None), |(pre, build)| (pre, Some(build))),
            Some(b'+') => ("", rest.get(1..)),
            Some(_) => return None,
        };
        let pre = pre.strip_prefix('-');
        let is_valid = build.is_none_or(|build| build.split('.').all(is_identifier))
            && pre.is_none_or(|pre| {
                pre.split('.').all(|part| is_identifier(part) && (!is_digits(part) || is_number(part)))
            });
        is_valid.then_some(Self { parts, pre })
    }
}

/// One to three numbers between dots, those that are missing 0, and what follows them.
fn parts(text: &str) -> Option<([&str; 3], &str)> {
    let (major, rest) = number(text)?;
    let Some(rest) = rest.strip_prefix('.') else { return Some(([major, "0", "0"], rest)) };
    let (minor, rest) = number(rest)?;
    let Some(rest) = rest.strip_prefix('.') else { return Some(([major, minor, "0"], rest)) };
    let (patch, rest) = number(rest)?;
    Some(([major, minor, patch], rest))
}

/// The number at the start, without a leading zero, and what follows it.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(number, _)| is_number(number))
}

impl Owned {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let Version { parts, pre } = Version::parse(text)?;
        Some(Self { parts: parts.map(Box::from), pre: pre.map(Box::from) })
    }
}

impl PartialEq<Owned> for Version<'_> {
    fn eq(&self, other: &Owned) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd<Owned> for Version<'_> {
    fn partial_cmp(&self, other: &Owned) -> Option<Ordering> {
        let parts = self.parts.iter().zip(&other.parts).map(|(a, b)| compare_numbers(a, b));
        let by_parts = parts.fold(Ordering::Equal, Ordering::then);
        Some(by_parts.then_with(|| match (self.pre, other.pre.as_deref()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => compare_pre(a, b),
        }))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether digits are a number: there are some, and no zero leads.
fn is_number(digits: &str) -> bool {
    !matches!(digits.as_bytes(), [] | [b'0', _, ..])
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Numbers of any length: without leading zeros the longer one is the larger.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Identifier by identifier: numbers by value and below texts, texts by their bytes; who has more is later.
fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let ordering = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (is_digits(a), is_digits(b)) {
                (true, true) => compare_numbers(a, b),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

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
        let core = text.bytes().position(|byte| matches!(byte, b'-' | b'+')).unwrap_or(text.len());
        let (core, rest) = text.split_at_checked(core)?;
        let parts = numbers(core)?;
        let (pre, build) = match rest.strip_prefix('-') {
            Some(rest) => {
                rest.split_once('+').map_or((Some(rest), None), |(pre, build)| (Some(pre), Some(build)))
            }
            None => (None, rest.strip_prefix('+')),
        };
        let is_valid = build.is_none_or(|build| build.split('.').all(is_identifier))
            && pre.is_none_or(|pre| {
                pre.split('.').all(|part| is_identifier(part) && (!is_digits(part) || is_number(part)))
            });
        is_valid.then_some(Self { parts, pre })
    }
}

/// One to three numbers between dots; those that are missing are 0. By bytes, which is several times as fast as to
/// split: rules read a version for each evaluation.
fn numbers(core: &str) -> Option<[&str; 3]> {
    let mut parts = ["0"; 3];
    let (mut part, mut start) = (0, 0);
    for (place, byte) in core.bytes().chain([b'.']).enumerate() {
        if byte.is_ascii_digit() {
            continue;
        }
        let number = core.get(start..place)?;
        if byte != b'.' || number.is_empty() || (number.len() > 1 && number.starts_with('0')) {
            return None;
        }
        *parts.get_mut(part)? = number;
        (part, start) = (part + 1, place + 1);
    }
    Some(parts)
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

fn is_number(text: &str) -> bool {
    is_digits(text) && (text.len() == 1 || !text.starts_with('0'))
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

//! `semver_*`: versions by the precedence of Semantic Versioning 2.0.0, part 11.

use std::cmp::Ordering;

/// A version, with text borrowed or owned. Parts that are missing are 0, and build metadata does not count.
#[derive(Debug)]
pub(crate) struct Version<T> {
    parts: [Part<T>; 3],
    /// The identifiers of a pre-release with their dots, or none for a release.
    pre: Option<T>,
}

/// A number of any length.
#[derive(Clone, Copy, Debug)]
struct Part<T> {
    digits: T,
    /// The number, of up to [`EXACT`] digits.
    value: u64,
}

/// So many digits fit into 64 bits.
const EXACT: usize = 19;
const ZERO: Part<&str> = Part { digits: "0", value: 0 };

impl<'a> Version<&'a str> {
    /// Reads `1`, `v1.2`, `1.2.3-beta.1+build`. None for anything else: a part with a leading zero, an empty
    /// identifier, more than three parts.
    #[inline]
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = [ZERO; 3];
        let mut rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
        for (place, slot) in parts.iter_mut().enumerate() {
            if place > 0 {
                let Some(next) = rest.strip_prefix('.') else { break };
                rest = next;
            }
            (*slot, rest) = part(rest)?;
        }
        let pre = if rest.is_empty() { None } else { pre(rest)? };
        Some(Self { parts, pre })
    }

    pub(super) fn to_owned(&self) -> Version<Box<str>> {
        let part = |part: Part<&str>| Part { digits: part.digits.into(), value: part.value };
        Version { parts: self.parts.map(part), pre: self.pre.map(Into::into) }
    }
}

/// The number at the start, without a leading zero, and what follows it.
#[inline]
fn part(text: &str) -> Option<(Part<&str>, &str)> {
    let mut value = 0_u64;
    let mut end = 0;
    for byte in text.bytes().take_while(u8::is_ascii_digit) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        end += 1;
    }
    let (digits, rest) = text.split_at_checked(end)?;
    is_number(digits).then_some((Part { digits, value }, rest))
}

/// The identifiers of a pre-release in what follows the numbers, if there are some. None where that is neither a
/// pre-release nor build metadata.
fn pre(rest: &str) -> Option<Option<&str>> {
    let (pre, build) = rest.split_once('+').map_or((rest, None), |(pre, build)| (pre, Some(build)));
    let pre = if pre.is_empty() { None } else { Some(pre.strip_prefix('-')?) };
    let is_valid = build.is_none_or(|build| build.split('.').all(is_identifier))
        && pre.is_none_or(|pre| {
            pre.split('.').all(|part| is_identifier(part) && (!is_digits(part) || is_number(part)))
        });
    is_valid.then_some(pre)
}

impl<A: AsRef<str>> Version<A> {
    #[inline]
    fn compare<B: AsRef<str>>(&self, other: &Version<B>) -> Ordering {
        for (a, b) in self.parts.iter().zip(&other.parts) {
            let ordering = a.compare(b);
            if ordering != Ordering::Equal {
                return ordering;
            }
        }
        match (&self.pre, &other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => compare_pre(a.as_ref(), b.as_ref()),
        }
    }
}

impl<A: AsRef<str>> Part<A> {
    #[inline]
    fn compare<B: AsRef<str>>(&self, other: &Part<B>) -> Ordering {
        let (a, b) = (self.digits.as_ref(), other.digits.as_ref());
        if a.len() <= EXACT && b.len() <= EXACT {
            self.value.cmp(&other.value)
        } else {
            compare_numbers(a, b)
        }
    }
}

impl PartialEq<Version<Box<str>>> for Version<&str> {
    fn eq(&self, other: &Version<Box<str>>) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl PartialOrd<Version<Box<str>>> for Version<&str> {
    #[inline]
    fn partial_cmp(&self, other: &Version<Box<str>>) -> Option<Ordering> {
        Some(self.compare(other))
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

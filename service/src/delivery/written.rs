//! What answers about one flag look like on the way to whoever asks: most of it never changes while a revision lasts, so that
//! each is written once.

use std::sync::OnceLock;

use engine::{Detail, Reason};

/// How many are kept of one flag. More have only flags with many rules.
const MOST: usize = 32;

/// The answers about a flag that were given since the revision began: a list that only grows, so that nobody waits to read it.
#[derive(Debug, Default)]
pub(super) struct Written(OnceLock<Box<Answer>>);

#[derive(Debug)]
struct Answer {
    reason: Reason,
    variation: Option<usize>,
    rule: Option<Box<str>>,
    text: Box<[u8]>,
    next: Written,
}

impl Answer {
    fn is_of(&self, detail: &Detail<'_>) -> bool {
        self.reason == detail.reason
            && self.variation == detail.variation_index
            && self.rule.as_deref() == detail.rule
    }
}

impl Written {
    /// The text of an answer; none where as many others are kept as may be. Texts of one flag differ by reason, variation
    /// and rule alone.
    pub(super) fn get(&self, detail: &Detail<'_>, write: impl Fn() -> Vec<u8>) -> Option<&[u8]> {
        let mut place = self;
        for _ in 0..MOST {
            let answer = place.0.get_or_init(|| {
                let (rule, next) = (detail.rule.map(Into::into), Self::default());
                let (reason, variation) = (detail.reason, detail.variation_index);
                Box::new(Answer { reason, variation, rule, text: write().into(), next })
            });
            if answer.is_of(detail) {
                return Some(&answer.text);
            }
            place = &answer.next;
        }
        None
    }
}

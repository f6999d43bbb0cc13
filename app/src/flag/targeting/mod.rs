//! What a flag does in each environment, side by side, and how that is changed.

mod column;
mod condition;
mod draft;
mod guard;
mod overrides;
mod overtaken;
mod prerequisites;
mod review;
mod rules;
mod serve;
mod test;
mod window;
mod words;

pub(super) use column::Column;
pub(crate) use condition::{ConditionTree, grouped};
pub(crate) use guard::Guard;
pub(crate) use test::empty;
pub(crate) use words::condition as said;

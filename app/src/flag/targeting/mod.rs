//! What a flag does in each environment, side by side, and how that is changed.

mod api;
mod around;
mod column;
mod compare;
mod condition;
mod condition_parts;
mod conflict;
mod document;
mod draft;
mod drag;
mod guard;
mod matches;
mod merge;
mod options;
mod overrides;
mod overtaken;
mod parts;
mod prerequisites;
mod promote;
mod review;
mod rules;
mod save_bar;
mod saving;
mod serve;
mod test;
mod window;
mod words;

pub(super) use around::provide;
pub(super) use column::columns;
pub(super) use compare::Comparing;
pub(crate) use condition::ConditionTree;
pub(crate) use condition_parts::{grouped, is_finished};
pub(crate) use guard::Guard;
pub(crate) use parts::part;
pub(crate) use test::empty;
pub(crate) use words::condition as said;

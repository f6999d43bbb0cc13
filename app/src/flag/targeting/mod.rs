//! What a flag does in each environment, side by side, and how that is changed.

mod column;
pub(crate) mod condition;
mod draft;
mod guard;
mod overrides;
mod prerequisites;
mod review;
mod rules;
mod serve;
pub(crate) mod test;
mod window;
pub(crate) mod words;

pub(super) use column::Column;
pub(crate) use guard::Guard;

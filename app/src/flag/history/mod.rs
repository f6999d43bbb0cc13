//! What a flag was in an environment: its versions, who made them, and the way back.

mod address;
mod page;
mod review;
mod row;
mod words;

pub(crate) use page::FlagHistoryPage;
pub(super) use words::who;

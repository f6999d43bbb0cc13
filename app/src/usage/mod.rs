//! How often what was evaluated, and what this node delivers.

mod address;
mod api;
mod controls;
mod delivery;
mod figures;
mod months;
mod page;
pub(crate) mod points;
pub(crate) mod shares;

pub(crate) use controls::Ranges;
pub(crate) use figures::figures;
pub(crate) use page::UsagePage;

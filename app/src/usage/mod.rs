//! How often what was evaluated, and what this node delivers.

mod address;
mod api;
mod controls;
mod delivery;
mod figures;
mod months;
mod page;
mod points;
mod shares;

pub(crate) use page::UsagePage;

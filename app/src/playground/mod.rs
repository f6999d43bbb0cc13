//! What flags serve to any context, and why, now or at another time.

mod address;
mod answer;
mod api;
mod attributes;
mod condition;
mod context;
mod draft;
mod encoding;
mod explanation;
mod form;
mod page;
mod recent;
mod rollout;
mod step;
mod table;
mod words;

pub(crate) use address::address_of;
pub(crate) use page::PlaygroundPage;
pub(crate) use recent::kept;
